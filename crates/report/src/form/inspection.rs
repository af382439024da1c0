//! The report `inspection` (立入検査): everything that an inspector asks for in one paper, with one numbering of evidence.

use super::words::{edition_name, field, side, tell};
use super::{Given, Judged, checklist, coverage, director, documents, gaps, matrix, network, risk};
use crate::paper::{
    Block, Cell, Column, Field, Paper, References, Row, Section, Table, appendix, day, moment,
};
use base::Problem;
use guideline::{Day, Fact};

/// A part of the pack.
struct Part {
    title: (&'static str, &'static str),
    about: (&'static str, &'static str),
    sections: Vec<Section>,
}

pub(super) fn paper(given: &Given<'_>) -> Result<Paper, Problem> {
    given.engine.catalogue.edition(given.edition)?;
    let references = References::of(given.judged.iter().flat_map(|one| &one.facts));
    let parts = parts(given, &references)?;
    let contents: Vec<String> = parts.iter().map(|part| title(given, part)).collect();
    let mut sections = vec![cover(given, contents)];
    for part in parts {
        let about = given.say(part.about.0, part.about.1).to_owned();
        let mut opening = Section::new(title(given, &part), vec![Block::Note(about)]).on_new_page();
        let mut inner: Vec<Section> = part.sections.into_iter().map(Section::deeper).collect();
        // Its first section stands below the title, on the same page.
        if let Some(first) = inner.first_mut() {
            first.on_new_page = false;
            opening.is_wide = first.is_wide;
        }
        sections.push(opening);
        sections.extend(inner);
    }
    sections.push(appendix(given.engine, &references, given.language));
    sections.push(sources(given));
    let name = given.say("立入検査 提出資料", "Papers for an inspection");
    Ok(given.paper("inspection", name, &edition_name(given, given.edition), sections))
}

/// Renderers that number headings number these too.
fn title(given: &Given<'_>, part: &Part) -> String {
    given.say(part.title.0, part.title.1).to_owned()
}

/// The assessment that shows what is missing: that of the guideline itself, where it is given, else that of the checklist.
fn guideline_of<'a>(given: &Given<'a>) -> Option<&'a Judged> {
    given
        .judged
        .iter()
        .find(|one| one.assessment.edition != given.edition)
        .or_else(|| given.judged_of(given.edition))
}

fn parts(given: &Given<'_>, references: &References<'_>) -> Result<Vec<Part>, Problem> {
    let guideline = guideline_of(given);
    let of_guideline = |make: &dyn Fn(&Judged) -> Result<Vec<Section>, Problem>| match guideline {
        Some(judged) => make(judged),
        None => Ok(vec![coverage::not_assessed(given)]),
    };
    Ok(vec![
        Part {
            title: ("院長向けの要約", "Summary for the director"),
            about: ("全体の状況を一枚にまとめたものです。", "The whole on one page."),
            sections: of_guideline(&|judged| director::sections(given, judged))?,
        },
        Part {
            title: ("サイバーセキュリティ対策チェックリスト", "Cybersecurity checklist"),
            about: (
                "記録された判定により記入したチェックリストです。",
                "The checklist, filled in from the kept assessment.",
            ),
            sections: checked(given)?,
        },
        Part {
            title: ("不足一覧と対策", "Gaps and measures"),
            about: (
                "ガイドライン本体に対して満たされていないことと、その対策です。",
                "What is not settled of the guideline itself, and what to do.",
            ),
            sections: of_guideline(&|judged| gaps::sections(given, judged, references))?,
        },
        Part {
            title: ("文書台帳", "Register of documents"),
            about: ("規程・記録・契約などの文書の一覧です。", "Rules, records, contracts."),
            sections: documents::sections(given),
        },
        Part {
            title: ("ネットワーク構成と経路", "Network and paths"),
            about: (
                "構成の検査の結果です。検査した記述とファイルの範囲についてのみ述べます。",
                "What the check of the site came to. It speaks only of what was described and read.",
            ),
            sections: network::sections(given),
        },
        Part {
            title: ("責任分界表", "Matrix of responsibilities"),
            about: ("要求事項ごとの責任の所在です。", "Who answers for what."),
            sections: matrix::sections(given)?,
        },
        Part {
            title: ("リスク登録簿", "Risk register"),
            about: ("リスクの評価・対応・承認の記録です。", "Risks, their treatment and approval."),
            sections: risk::sections(given),
        },
    ])
}

/// The sections of the checklist, numbered as the pack is: it sees the facts of all assessments, so that its numbers are those
/// of the one appendix, and its own appendix is left out.
fn checked(given: &Given<'_>) -> Result<Vec<Section>, Problem> {
    let Some(own) = given.judged_of(given.edition) else { return Ok(vec![coverage::not_assessed(given)]) };
    let facts: Vec<Fact> = given.judged.iter().flat_map(|one| one.facts.iter().cloned()).collect();
    let all = [Judged { facts, ..own.clone() }];
    let paper = checklist::paper(&Given { judged: &all, ..*given })?;
    let own_appendix = appendix(given.engine, &References::default(), given.language).heading;
    Ok(paper.sections.into_iter().filter(|section| section.heading != own_appendix).collect())
}

fn cover(given: &Given<'_>, mut contents: Vec<String>) -> Section {
    let mut fields: Vec<Field> = vec![
        field(given.say("施設", "Facility"), given.facility),
        field(given.say("作成の基準日時", "As of"), moment(given.as_of, given.language)),
        field(given.say("対象の版", "Edition"), edition_name(given, given.edition)),
        field(given.say("対象者", "For"), side(given, given.side)),
        field(given.say("作成したソフトウェア", "Made by"), format!("Akashi {}", given.program)),
    ];
    if given.judged.is_empty() {
        let none = given.say("判定の記録がありません", "no assessment is kept");
        fields.push(field(given.say("判定", "Assessments"), none));
    }
    for one in given.judged {
        let day = day(Day::of(one.at.0), given.language);
        let kept = coverage::kept(given, one.position);
        fields.push(field(
            tell(
                given,
                format!("判定 {}", one.assessment.edition),
                format!("Assessment {}", one.assessment.edition),
            ),
            format!("{day}{}{kept}", given.say("、", ", ")),
        ));
    }
    contents.push(given.say("付録：根拠一覧", "Appendix: evidence").to_owned());
    contents.push(given.say("付録：出典一覧", "Appendix: sources").to_owned());
    let note = given.say(
        "この資料は、記録された事実から機械的に作成したものです。分かっていないことは「不明」と書いています。第三者による認証や証明を意味しません。",
        "These papers are made from recorded facts by a program. What is not known is written as unknown. They stand for no certification by anybody.",
    );
    let heading = given.say("表紙と目次", "Cover and contents");
    Section::new(heading, vec![Block::Fields(fields), Block::Note(note.to_owned()), Block::Points(contents)])
}

/// What the pack was made of: entries of the journal, and files with their SHA-256.
fn sources(given: &Given<'_>) -> Section {
    let heading = given.say("付録：出典一覧", "Appendix: sources");
    let columns = vec![
        Column::new(given.say("出典", "Source"), 18),
        Column::new(given.say("ジャーナル位置", "Journal position"), 6),
        Column::new("SHA-256", 24),
    ];
    let mut rows: Vec<Row> = Vec::new();
    let mut add = |what: String, position: Option<u64>, digest: Option<&str>| {
        let cells = vec![
            Cell::plain(what),
            Cell::plain(position.map(|position| position.to_string()).unwrap_or_default()),
            Cell::plain(digest.unwrap_or_default()),
        ];
        rows.push(Row::Cells { key: None, cells });
    };
    for one in given.judged {
        let edition = &one.assessment.edition;
        add(tell(given, format!("判定 {edition}"), format!("assessment {edition}")), one.position, None);
    }
    if let Some(site) = given.site {
        add(given.say("構成の検査", "check of the site").to_owned(), Some(site.position), None);
        for (file, digest) in &site.sources {
            add(
                tell(given, format!("構成のファイル {file}"), format!("file of the site {file}")),
                None,
                Some(digest),
            );
        }
    }
    for one in given.documents {
        let (title, version) = (&one.title, &one.version);
        add(
            tell(
                given,
                format!("文書「{title}」{version}"),
                format!("document \u{201c}{title}\u{201d} {version}"),
            ),
            Some(one.position),
            None,
        );
    }
    if rows.is_empty() {
        let none = given.say(
            "この資料の出典となる記録は、まだありません。",
            "There is no record yet that these papers rest on.",
        );
        return Section::new(heading, vec![Block::Text(none.to_owned())]);
    }
    let note = given.say(
        "ジャーナル位置のエントリーは `akashi verify` で検証できます。事実の出典は根拠一覧にあります。",
        "Entries of the journal can be verified with `akashi verify`. The sources of facts stand in the list of evidence.",
    );
    let name = given.say("出典一覧", "Sources").to_owned();
    Section::new(heading, vec![Block::Note(note.to_owned()), Block::Table(Table { name, columns, rows })])
}
