//! The report `gaps`: every requirement that is not settled, with what is missing, and what to do, the greatest effect first.

use super::coverage::{self, not_assessed};
use super::measure::{self, Gap, Measure, Measures};
use super::words::{about, caution, grouped, list, short, tell, verdict_cell};
use super::{Given, Judged};
use crate::paper::{Block, Cell, Column, Paper, References, Row, Section, Table, appendix};
use base::Problem;
use guideline::Expression;

pub(super) fn paper(given: &Given<'_>) -> Result<Paper, Problem> {
    given.engine.catalogue.edition(given.edition)?;
    let references = References::of(given.judged.iter().flat_map(|one| &one.facts));
    let mut sections = match given.judged_of(given.edition) {
        Some(judged) => sections(given, judged, &references)?,
        None => vec![not_assessed(given)],
    };
    sections.push(appendix(given.engine, &references, given.language));
    let title = given.say("不足一覧と対策", "Gaps and measures");
    Ok(given.paper("gaps", title, given.say("効果の大きい順", "The greatest effect first"), sections))
}

/// The report without its appendix, for a pack as well.
pub(super) fn sections<'a>(
    given: &Given<'a>,
    judged: &'a Judged,
    references: &References<'_>,
) -> Result<Vec<Section>, Problem> {
    let all = Measures::of(given, judged)?;
    let mut rules = measure::costs_explained(given);
    rules.insert(0, Block::Note(measure::effect_explained(given.language)));
    Ok(vec![
        summary(given, judged, &all),
        coverage::section(given, judged),
        measures(given, judged, &all, references),
        gaps(given, judged, &all, references),
        Section::new(given.say("効果と費用の目安の決め方", "How effect and cost are reckoned"), rules),
    ])
}

fn summary(given: &Given<'_>, judged: &Judged, all: &Measures<'_>) -> Section {
    let (gaps, measures) = (all.gaps.len(), all.measures.len());
    let told = if gaps == 0 {
        given.say("満たされていない要求事項はありません。", "No requirement is left open.").to_owned()
    } else {
        tell(
            given,
            format!(
                "まだ満たされていると確認できない要求事項が {gaps} 件あり、対策は {measures} 件にまとめられます。一つの対策は一度だけ挙げ、それで進む要求事項をすべて並べています。"
            ),
            format!(
                "{gaps} requirements are not known to be met. {measures} measures would close them. Each measure stands once, with all the requirements that it brings forward."
            ),
        )
    };
    let mut blocks = vec![Block::Fields(coverage::fields(given, judged)), Block::Text(told)];
    if judged.facts.is_empty() {
        blocks.push(Block::Text(
            given
                .say(
                    "判定の根拠となる事実がまだ一つもありません。以下は、すべて「分からない」ことの一覧です。",
                    "There is no fact yet to judge by. All that follows is a list of what is not known.",
                )
                .to_owned(),
        ));
    }
    blocks.extend(caution(given, judged.assessment.verdicts.iter().map(|one| one.requirement.as_str())));
    Section::new(given.say("概要", "Summary"), blocks)
}

fn measures(given: &Given<'_>, judged: &Judged, all: &Measures<'_>, references: &References<'_>) -> Section {
    let heading = given.say("対策（効果の大きい順）", "Measures, the greatest effect first");
    if all.measures.is_empty() {
        let none = given.say("対策はありません。", "There is no measure to take.");
        return Section::new(heading, vec![Block::Text(none.to_owned())]);
    }
    let columns = vec![
        Column::new(given.say("番号", "No."), 3),
        Column::new(given.say("対策", "Measure"), 17),
        Column::new(given.say("効果", "Effect"), 3),
        Column::new(given.say("費用の目安", "Cost class"), 6),
        Column::new(given.say("担当", "Who"), 5),
        Column::new(given.say("これだけで満たせる要求事項", "Settles by itself"), 8),
        Column::new(given.say("前に進む要求事項", "Brings forward"), 15),
        Column::new(given.say("ほかの版の関連", "In other editions"), 4),
        Column::new(given.say("進め方", "How"), 18),
        Column::new(given.say("根拠", "Evidence"), 5),
    ];
    let rows = all.measures.iter().enumerate().map(|(place, one)| {
        let cells = measure_cells(given, judged, (place, one), references);
        Row::Cells { key: Some(one.key.clone()), cells }
    });
    let note = given.say(
        "「ほかの版の関連」は、ほかの版（年次チェックリストなど）で同じことを求め、同じ根拠で判定される要求事項の数です（満たされていると分かっているものを除きます）。",
        "\u{201c}In other editions\u{201d} counts requirements of other editions, such as the yearly checklist, that ask for the same and rest on the same evidence, without those known to be settled.",
    );
    let table = Table { name: given.say("対策", "Measures").to_owned(), columns, rows: rows.collect() };
    Section::new(heading, vec![Block::Note(note.to_owned()), Block::Table(table)]).on_new_page().wide()
}

fn measure_cells(
    given: &Given<'_>,
    judged: &Judged,
    (place, one): (usize, &Measure<'_>),
    references: &References<'_>,
) -> Vec<Cell> {
    let ids = |all: &[&str]| grouped(given, &judged.assessment.edition, all);
    #[expect(clippy::cast_precision_loss, reason = "effects are far below 2^52")]
    let points = one.effect as f64 / 10.0;
    let evidence = match (&one.fact, references.number(&one.key)) {
        (Some(_), Some(number)) => number,
        _ => given.say("不明（事実なし）", "unknown (no fact)").to_owned(),
    };
    vec![
        Cell::plain(measure::named(place)),
        Cell::plain(format!("{}\n{}", one.title(given), one.key)),
        Cell { number: Some(points), ..Cell::plain(one.effect_text()) },
        Cell::plain(format!("{} {}", one.cost.letter(), one.cost.name(given))),
        Cell::plain(one.actor(given).name(given.language)),
        Cell::plain(ids(&one.settles)),
        Cell::plain(ids(&one.forwards)),
        Cell::count(one.related.len()),
        Cell::plain(one.remedy),
        Cell::plain(evidence),
    ]
}

fn gaps(given: &Given<'_>, judged: &Judged, all: &Measures<'_>, references: &References<'_>) -> Section {
    let heading = given.say("満たされていない要求事項", "Requirements that are not settled");
    if all.gaps.is_empty() {
        let none = given.say("ありません。", "There is none.");
        return Section::new(heading, vec![Block::Text(none.to_owned())]);
    }
    let columns = vec![
        Column::new(given.say("要求事項", "Requirement"), 14),
        Column::new(given.say("判定", "Verdict"), 6),
        Column::new(given.say("重み", "Weight"), 3),
        Column::new(given.say("足りないもの", "What is missing"), 24),
        Column::new(given.say("対策番号", "Measures"), 6),
        Column::new(given.say("進め方", "Remedy"), 20),
        Column::new(given.say("根拠（最も古い確認日）", "Evidence (oldest seen)"), 8),
    ];
    let rows = all.gaps.iter().map(|gap| {
        let cells = gap_cells(given, judged, (gap, all), references);
        Row::Cells { key: Some(gap.requirement.id.clone()), cells }
    });
    let note = given.say(
        "並びは、最も効果の大きい対策が関わる順です。◆は年次チェックリストと同じことを求めるもの、◇は見つかった開いた経路に関わるものです。満たし方がいくつかある要求事項は、足りないものが最も少ない満たし方で示しています。",
        "The order is that of the measures that concern them. ◆ marks what the yearly checklist asks too, ◇ what concerns an open path that was found. Where there are several ways to meet a requirement, the one that lacks the fewest is shown.",
    );
    let table = Table { name: given.say("不足", "Gaps").to_owned(), columns, rows: rows.collect() };
    Section::new(heading, vec![Block::Note(note.to_owned()), Block::Table(table)]).on_new_page().wide()
}

fn gap_cells(
    given: &Given<'_>,
    judged: &Judged,
    (gap, all): (&Gap<'_>, &Measures<'_>),
    references: &References<'_>,
) -> Vec<Cell> {
    let edition = &judged.assessment.edition;
    let check = given.engine.checks.of(&given.engine.catalogue, &gap.requirement.id);
    let numbers: Vec<String> = gap.lacking.iter().filter_map(|key| all.number(key)).collect();
    let marks = [(gap.on_checklist, "◆"), (gap.on_open_path, "◇")];
    let marks: String = marks.into_iter().filter(|(on, _)| *on).map(|(_, mark)| mark).collect();
    let name = gap.requirement.name.of(given.language);
    #[expect(clippy::cast_precision_loss, reason = "weights are below ten")]
    let weight = gap.weight as f64;
    let none = given.say("根拠となる事実なし", "no fact to rest on");
    vec![
        Cell::plain(format!("{marks}{} {name}", short(edition, &gap.requirement.id))),
        verdict_cell(given, gap.assessed.verdict),
        Cell { number: Some(weight), ..Cell::plain(gap.weight.to_string()) },
        Cell::plain(missing(given, gap)),
        Cell::plain(list(given, &numbers)),
        Cell::plain(check.map_or("", |check| check.remedy.of(given.language))),
        Cell::plain(references.grounds(gap.assessed, given.language).unwrap_or_else(|| none.to_owned())),
    ]
}

/// What a requirement lacks, one line for each.
fn missing(given: &Given<'_>, gap: &Gap<'_>) -> String {
    let check = given.engine.checks.of(&given.engine.catalogue, &gap.requirement.id);
    let Some(check) = check else {
        return given
            .say("判定式がないため、判定できません。", "Nothing decides it: there is no expression.")
            .to_owned();
    };
    if gap.lacking.is_empty() {
        let stale = given.say(
            "判定の後に判定式が変わりました。判定をやり直してください。",
            "Its expression changed since. Assess again.",
        );
        return stale.to_owned();
    }
    let mut lines: Vec<String> = gap.lacking.iter().map(|key| format!("・{}", about(given, key))).collect();
    let absent = check.not_applicable_when.iter().flat_map(Expression::keys);
    for key in absent.filter(|key| gap.assessed.open.contains(*key)) {
        let asked = about(given, key);
        lines.push(tell(
            given,
            format!("・対象外かどうかが未回答：{asked}"),
            format!("・whether it applies is not answered: {asked}"),
        ));
    }
    lines.join("\n")
}
