//! The report `service-spec` (サービス仕様適合開示書): what this system provides against the guideline for providers, by its own
//! facts and no further, with the draft of an agreement on service levels.

mod levels;

use super::coverage::{self, not_assessed};
use super::words::{caution, edition_name, field, short, tell, verdict_cell};
use super::{Given, Judged};
use crate::paper::{Block, Cell, Column, Field, Paper, References, Row, Section, Table, Tone, appendix};
use base::Problem;
use guideline::{Assessed, Disclosure, Share, Statement};
use std::collections::BTreeMap;

pub(super) fn paper(given: &Given<'_>) -> Result<Paper, Problem> {
    given.engine.catalogue.edition(given.edition)?;
    let references = References::of(given.judged.iter().flat_map(|one| &one.facts));
    let mut sections = Vec::new();
    match given.judged_of(given.edition) {
        Some(judged) => {
            sections.push(summary(given, judged));
            sections.push(coverage::section(given, judged));
            sections.push(provided(given, judged, &references)?);
        }
        None => sections.push(not_assessed(given)),
    }
    sections.push(levels::section(given, &references));
    sections.push(appendix(given.engine, &references, given.language));
    let title = given.say("サービス仕様適合開示書", "Service specification disclosure");
    let subtitle = tell(
        given,
        format!("{} に対する開示とサービスレベル合意書（SLA）案", edition_name(given, given.edition)),
        format!("Disclosure against {}, with a draft service level agreement", given.edition),
    );
    Ok(given.paper("service-spec", title, &subtitle, sections))
}

fn summary(given: &Given<'_>, judged: &Judged) -> Section {
    let mut fields = coverage::fields(given, judged);
    let software = fact_value(given, judged, "runtime.software.version");
    fields.push(field(given.say("ソフトウェアの版", "Version of the software"), software));
    let none = || {
        let none = if given.is_past {
            given.say(
                "なし（過去の時点の言明は作り直せません）",
                "none (those of a past moment cannot be made again)",
            )
        } else {
            given.say("なし（この報告書には渡されていません）", "none (not handed to this report)")
        };
        vec![field(given.say("システムの言明", "Statements of the system"), none)]
    };
    fields.extend(given.own.map_or_else(none, |own| stated(given, own)));
    let scope = given.say(
        "この開示書に書くのは、稼働中のシステムが自らの事実により示すことと、登録された文書・回答に基づく判定だけです。示す事実のないことは「言明なし」「不明」とし、提供するとは述べません。組織としての対応（契約、要員、教育など）は、提供事業者が自ら記入してください。",
        "This disclosure says only what the running system shows by its own facts, and verdicts that rest on registered documents and answers. What no fact shows is \u{201c}not stated\u{201d} or \u{201c}unknown\u{201d}; it is not said to be provided. What the provider does as an organisation (contracts, staff, training) is for the provider to fill in.",
    );
    let form = given.say(
        "公式の様式は総務省・経済産業省のガイドラインに定められています。これはその内容を独自に整理したもので、公式の様式そのものではありません。",
        "The official form is laid down by the guideline of MIC and METI. This is our own arrangement of its content, not the form itself.",
    );
    let mut blocks = vec![Block::Fields(fields), Block::Note(scope.to_owned()), Block::Note(form.to_owned())];
    blocks.extend(caution(given, judged.assessment.verdicts.iter().map(|one| one.requirement.as_str())));
    Section::new(given.say("開示の概要", "Summary"), blocks)
}

fn stated(given: &Given<'_>, own: &Disclosure) -> Vec<Field> {
    let name = own.party.name.of(given.language);
    let count = own.statements.values();
    let (whole, part): (Vec<&Statement>, Vec<&Statement>) =
        count.partition(|one| one.share == Share::Provided);
    vec![
        field(given.say("言明の主体", "Stated by"), format!("{name} [{}]", own.party.id)),
        field(given.say("言明の日付", "Dated"), own.dated.clone()),
        field(
            given.say("言明の件数", "Statements"),
            tell(
                given,
                format!("すべて担う {} 件、一部を担う {} 件", whole.len(), part.len()),
                format!("all of it: {}, part of it: {}", whole.len(), part.len()),
            ),
        ),
    ]
}

fn fact_value(given: &Given<'_>, judged: &Judged, key: &str) -> String {
    let fact = judged.facts.iter().filter(|fact| fact.key == key).max_by_key(|fact| fact.observed);
    fact.map_or_else(|| given.say("不明", "unknown").to_owned(), |fact| super::words::standing(given, fact))
}

fn provided(given: &Given<'_>, judged: &Judged, references: &References<'_>) -> Result<Section, Problem> {
    let columns = vec![
        Column::new(given.say("要求事項", "Requirement"), 14),
        Column::new(given.say("求められること", "What is asked"), 18),
        Column::new(given.say("本システムの担う範囲", "Share of this system"), 6),
        Column::new(given.say("本システムが示すこと", "Shown by this system"), 18),
        Column::new(given.say("利用者側に残ること", "Left to the customer"), 14),
        Column::new(given.say("判定", "Verdict"), 5),
        Column::new(given.say("根拠（最も古い確認日）", "Evidence (oldest seen)"), 8),
    ];
    let edition = given.engine.catalogue.edition(&judged.assessment.edition)?;
    let verdicts: BTreeMap<&str, &Assessed> =
        judged.assessment.verdicts.iter().map(|one| (one.requirement.as_str(), one)).collect();
    let mut rows = Vec::new();
    for chapter in edition.parts.iter().flat_map(|part| &part.chapters) {
        let own: Vec<&Assessed> =
            chapter.requirements.iter().filter_map(|id| verdicts.get(id.as_str()).copied()).collect();
        if own.is_empty() {
            continue;
        }
        rows.push(Row::Heading(format!("{} {}", chapter.number, chapter.title.of(given.language))));
        for one in own {
            rows.push(row(given, one, references)?);
        }
    }
    let name = given.say("適合開示", "Disclosure").to_owned();
    let heading = given.say("要求事項ごとの開示", "Disclosure by requirement");
    Ok(Section::new(heading, vec![Block::Table(Table { name, columns, rows })]).on_new_page().wide())
}

fn row(given: &Given<'_>, one: &Assessed, references: &References<'_>) -> Result<Row, Problem> {
    let requirement = given.engine.catalogue.requirement(&one.requirement)?;
    let said = given.own.and_then(|own| own.statements.get(&one.requirement));
    let nothing = || Cell::of(Tone::Unknown, given.say("言明なし", "not stated"));
    let name = requirement.name.of(given.language);
    let none = given.say("根拠となる事実なし", "no fact to rest on");
    let remains = |said: &Statement| match &said.remains {
        Some(text) => text.of(given.language).to_owned(),
        None => given.say("なし（言明による）", "nothing, by what is said").to_owned(),
    };
    let cells = vec![
        Cell::plain(format!("{} {name}", short(&requirement.edition, &requirement.id))),
        Cell::plain(requirement.summary.of(given.language)),
        said.map_or_else(nothing, |said| Cell::plain(share(given, said.share))),
        said.map_or_else(nothing, |said| Cell::plain(said.provides.of(given.language))),
        said.map_or_else(
            || Cell::of(Tone::Unknown, given.say("未確認", "not known")),
            |said| Cell::plain(remains(said)),
        ),
        verdict_cell(given, one.verdict),
        Cell::plain(references.grounds(one, given.language).unwrap_or_else(|| none.to_owned())),
    ];
    Ok(Row::Cells { key: Some(requirement.id.clone()), cells })
}

fn share<'t>(given: &Given<'t>, share: Share) -> &'t str {
    match share {
        Share::Provided => given.say("すべて", "all of it"),
        Share::Shared => given.say("一部", "part of it"),
        Share::Customer => given.say("手段のみ（利用者が行う）", "the means only"),
    }
}
