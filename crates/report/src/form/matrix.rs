//! The report `matrix` (責任分界表): for each requirement, who answers for it, by the disclosures of all parties.

use super::Given;
use super::words::{caution, edition_name, field, list, short, tell};
use crate::paper::{Block, Cell, Column, Field, Paper, Row, Section, Table, Tone, day};
use base::{Language, Problem};
use guideline::{Answered, Day, Layer, Matrix, MatrixRow, Party, Share, Statement};
use std::collections::BTreeMap;

/// In the order in which they are counted.
const ANSWERED: [Answered; 5] =
    [Answered::Below, Answered::Shared, Answered::Facility, Answered::Unassigned, Answered::Contradicted];

pub(super) fn paper(given: &Given<'_>) -> Result<Paper, Problem> {
    given.engine.catalogue.edition(given.edition)?;
    let (title, subtitle) =
        (given.say("責任分界表", "Matrix of responsibilities"), edition_name(given, given.edition));
    Ok(given.paper("matrix", title, &subtitle, sections(given)?))
}

/// The report, for a pack as well.
pub(super) fn sections(given: &Given<'_>) -> Result<Vec<Section>, Problem> {
    let Some(matrix) = given.matrix else { return Ok(vec![none(given)]) };
    Ok(vec![summary(given, matrix), open(given, matrix)?, table(given, matrix)?])
}

fn none(given: &Given<'_>) -> Section {
    let past = given.say(
        "この報告書は過去の時点のものです。責任分界表は、その時点のものを作り直せないため、含めていません。だれがどこまで責任を負っていたかは、この報告書からは分かりません。その頃に交付した責任分界表は `akashi report list` で確かめてください。",
        "This report tells of a past moment. The matrix as it stood then cannot be made again and is left out; who answered for what is not known from this report. See `akashi report list` for the matrices that were handed out around then.",
    );
    let now = given.say(
        "責任分界表はまだ作れません。だれがどこまで責任を負うかを述べた開示（事業者・クラウド事業者のもの）が登録されていないか、互いに組み合わせられません。`akashi disclosure import` で開示を登録してください。それまでは、すべての要求事項の責任の所在が未確認です。",
        "There is no matrix yet: no disclosure of a provider or cloud operator is registered, or they cannot be put together. Register disclosures with `akashi disclosure import`. Until then it is not known of any requirement who answers for it.",
    );
    let text = if given.is_past { past } else { now };
    Section::new(
        given.say("責任分界表がありません", "There is no matrix"),
        vec![Block::Text(text.to_owned())],
    )
}

fn answered(given: &Given<'_>, answered: Answered) -> &'static str {
    let (ja, en) = match answered {
        Answered::Below => ("事業者がすべて担う", "the providers, whole"),
        Answered::Shared => ("事業者と医療機関で分担", "shared with the facility"),
        Answered::Facility => ("医療機関が担う", "the facility"),
        Answered::Unassigned => ("担い手なし", "nobody"),
        Answered::Contradicted => ("食い違い", "contradicted"),
    };
    match given.language {
        Language::Japanese => ja,
        Language::English => en,
    }
}

/// What nobody answers for and what does not fit is bad; that somebody says to answer is not yet known to be met.
fn tone(answered: Answered) -> Tone {
    match answered {
        Answered::Below | Answered::Shared | Answered::Facility => Tone::Plain,
        Answered::Unassigned | Answered::Contradicted => Tone::Bad,
    }
}

fn layer(given: &Given<'_>, layer: Layer) -> &'static str {
    let (ja, en) = match layer {
        Layer::Infrastructure => ("基盤", "infrastructure"),
        Layer::Platform => ("プラットフォーム", "platform"),
        Layer::Provider => ("システム", "system"),
    };
    match given.language {
        Language::Japanese => ja,
        Language::English => en,
    }
}

fn share(given: &Given<'_>, share: Share) -> &'static str {
    let (ja, en) = match share {
        Share::Provided => ("すべて担う", "all of it"),
        Share::Shared => ("一部を担う", "part of it"),
        Share::Customer => ("担わない（利用者が行う）", "none (left to the customer)"),
    };
    match given.language {
        Language::Japanese => ja,
        Language::English => en,
    }
}

fn summary(given: &Given<'_>, matrix: &Matrix) -> Section {
    let counts: BTreeMap<Answered, usize> = matrix.counts();
    let mut fields: Vec<Field> = vec![
        field(given.say("対象の版", "Edition"), edition_name(given, &matrix.edition)),
        field(given.say("作成の基準日", "As of"), day(Day::of(given.as_of), given.language)),
    ];
    for party in &matrix.parties {
        let label = tell(
            given,
            format!("当事者（{}）", layer(given, party.layer)),
            format!("Party ({})", layer(given, party.layer)),
        );
        fields.push(field(label, format!("{} [{}]", party.name.of(given.language), party.id)));
    }
    let columns = vec![
        Column::new(given.say("責任の所在", "Who answers"), 14),
        Column::new(given.say("要求事項の件数", "Requirements"), 6),
    ];
    let row = |one: Answered| {
        let count = counts.get(&one).copied().unwrap_or(0);
        let shown = if count > 0 { tone(one) } else { Tone::Plain };
        Row::Cells {
            key: Some(answered(given, one).to_owned()),
            cells: vec![Cell::of(shown, answered(given, one)), Cell::count(count)],
        }
    };
    let rows: Vec<Row> = ANSWERED.into_iter().map(row).collect();
    let expired = matrix.rows.iter().filter(|row| !row.expired.is_empty()).count();
    let note = tell(
        given,
        format!(
            "この表は、登録された開示の言明を組み合わせたものです。言明があることは、要求事項が満たされていることを意味しません。期限切れの言明（{expired} 件の要求事項に関わる）は数えていません。"
        ),
        format!(
            "The matrix puts together what the registered disclosures say. That somebody says to answer does not mean that a requirement is met. Statements that have expired (they concern {expired} requirements) do not count."
        ),
    );
    let name = given.say("責任の所在の件数", "Counts").to_owned();
    let mut blocks =
        vec![Block::Fields(fields), Block::Table(Table { name, columns, rows }), Block::Note(note)];
    blocks.extend(caution(given, matrix.rows.iter().map(|row| row.requirement.as_str())));
    Section::new(given.say("概要", "Summary"), blocks)
}

/// What nobody answers for, what contradicts, what has expired: what is to be talked about first.
fn open(given: &Given<'_>, matrix: &Matrix) -> Result<Section, Problem> {
    let heading = given.say("先に話し合うこと", "What to settle first");
    let mut points = Vec::new();
    for row in &matrix.rows {
        let remarks = remarks(given, matrix, row);
        if !remarks.is_empty() {
            let name = given.engine.catalogue.requirement(&row.requirement)?.name.of(given.language);
            points.push(format!(
                "{} {name}{}{}",
                short(&matrix.edition, &row.requirement),
                given.say("：", ": "),
                list(given, &remarks)
            ));
        }
    }
    let blocks = if points.is_empty() {
        let none = given.say(
            "担い手のない要求事項、食い違い、期限切れの言明は見つかっていません。",
            "No requirement without anybody, no contradiction and no expired statement was found.",
        );
        vec![Block::Text(none.to_owned())]
    } else {
        vec![Block::Points(points)]
    };
    Ok(Section::new(heading, blocks))
}

fn party_name<'m>(given: &Given<'_>, matrix: &'m Matrix, id: &'m str) -> &'m str {
    let party = matrix.parties.iter().find(|party| party.id == id);
    party.map_or(id, |party| party.name.of(given.language))
}

fn remarks(given: &Given<'_>, matrix: &Matrix, row: &MatrixRow) -> Vec<String> {
    let name = |id: &str| party_name(given, matrix, id).to_owned();
    let mut remarks = Vec::new();
    if row.answered == Answered::Unassigned {
        remarks.push(given.say("担い手がいません", "nobody answers for it").to_owned());
    }
    for (who, on) in &row.unfounded {
        let (who, on) = (name(who), name(on));
        remarks.push(tell(
            given,
            format!("{who}は{on}に頼るとしていますが、{on}はこれを担うとしていません"),
            format!("{who} relies on {on}, which does not answer for it"),
        ));
    }
    for id in &row.silent {
        let who = name(id);
        remarks.push(tell(given, format!("{who}の言明がありません"), format!("nothing is known of {who}")));
    }
    for id in &row.expired {
        let who = name(id);
        remarks.push(tell(
            given,
            format!("{who}の言明は期限切れです"),
            format!("the statement of {who} has expired"),
        ));
    }
    remarks
}

fn table(given: &Given<'_>, matrix: &Matrix) -> Result<Section, Problem> {
    let mut columns = vec![
        Column::new(given.say("要求事項", "Requirement"), 12),
        Column::new(given.say("責任の所在", "Who answers"), 6),
    ];
    let name = |party: &Party| Column::new(party.name.of(given.language), 16);
    columns.extend(matrix.parties.iter().map(name));
    columns.push(Column::new(given.say("医療機関に残ること", "Left to the facility"), 14));
    columns.push(Column::new(given.say("注意", "Remarks"), 10));
    let by_id: BTreeMap<&str, &MatrixRow> =
        matrix.rows.iter().map(|row| (row.requirement.as_str(), row)).collect();
    let mut rows = Vec::new();
    for part in &given.engine.catalogue.edition(&matrix.edition)?.parts {
        for chapter in &part.chapters {
            let own: Vec<&MatrixRow> =
                chapter.requirements.iter().filter_map(|id| by_id.get(id.as_str()).copied()).collect();
            if own.is_empty() {
                continue;
            }
            let (part, title) = (part.title.of(given.language), chapter.title.of(given.language));
            rows.push(Row::Heading(format!("{part}　{} {title}", chapter.number)));
            for row in own {
                rows.push(cells(given, matrix, row)?);
            }
        }
    }
    let name = given.say("責任分界表", "Responsibilities").to_owned();
    let heading = given.say("要求事項ごとの責任分界", "Responsibility by requirement");
    Ok(Section::new(heading, vec![Block::Table(Table { name, columns, rows })]).on_new_page().wide())
}

fn cells(given: &Given<'_>, matrix: &Matrix, row: &MatrixRow) -> Result<Row, Problem> {
    let name = given.engine.catalogue.requirement(&row.requirement)?.name.of(given.language);
    let mut cells = vec![
        Cell::plain(format!("{} {name}", short(&matrix.edition, &row.requirement))),
        Cell::of(tone(row.answered), answered(given, row.answered)),
    ];
    for party in &matrix.parties {
        let said = row.says.iter().find(|(id, _)| *id == party.id).map(|(_, said)| said);
        cells.push(match said {
            Some(said) => Cell::plain(stated(given, matrix, said)),
            None if row.expired.contains(&party.id) => {
                Cell::of(Tone::Unknown, given.say("期限切れの言明のみ", "only an expired statement"))
            }
            None => Cell::of(Tone::Unknown, given.say("言明なし", "says nothing")),
        });
    }
    cells.push(Cell::plain(left(given, row)));
    let remarks = remarks(given, matrix, row);
    let shown = if remarks.is_empty() { Tone::Plain } else { Tone::Asked };
    cells.push(Cell::of(shown, remarks.join("\n")));
    Ok(Row::Cells { key: Some(row.requirement.clone()), cells })
}

/// What a party says: its share, what it does, on whom it relies, what shows it, until when.
fn stated(given: &Given<'_>, matrix: &Matrix, said: &Statement) -> String {
    let mut lines =
        vec![bracketed(given, share(given, said.share)), said.provides.of(given.language).to_owned()];
    if let Some(on) = &said.relies_on {
        let on = party_name(given, matrix, on);
        lines.push(tell(given, format!("前提：{on}"), format!("relies on {on}")));
    }
    if !said.evidence.is_empty() {
        let documents: Vec<String> = said.evidence.iter().map(|kind| document(given, kind)).collect();
        let documents = list(given, &documents);
        lines.push(tell(given, format!("文書：{documents}"), format!("documents: {documents}")));
    }
    if let Some(last) = said.valid_until {
        let last = last.to_string();
        lines.push(tell(given, format!("有効期限：{last}"), format!("counts until {last}")));
    }
    lines.join("\n")
}

fn bracketed(given: &Given<'_>, text: &str) -> String {
    tell(given, format!("【{text}】"), format!("[{text}]"))
}

fn document(given: &Given<'_>, kind: &str) -> String {
    let known = given.engine.registry.document(kind);
    known.map_or_else(|| kind.to_owned(), |known| known.name.of(given.language).to_owned())
}

/// What is left to the facility: what the parties say, or all of it.
fn left(given: &Given<'_>, row: &MatrixRow) -> String {
    let said: Vec<&str> = row.remains.iter().map(|text| text.of(given.language)).collect();
    match row.answered {
        _ if !said.is_empty() => said.join("\n"),
        Answered::Below => given.say("なし（言明による）", "nothing, by what is said").to_owned(),
        Answered::Facility => given.say("すべて", "all of it").to_owned(),
        Answered::Shared | Answered::Unassigned | Answered::Contradicted => {
            given.say("未確認", "not known").to_owned()
        }
    }
}
