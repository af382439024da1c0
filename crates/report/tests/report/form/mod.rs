//! Papers: what they say of fixed facts, and that they never say more than the verdicts.

mod compared;
mod facility;
mod json;
mod sheet;
mod trees;
mod verdicts;

use crate::material::now;
use base::{Language, Position, Time};
use guideline::{Engine, Exclusion, Exclusions, Fact, FactOrigin, Facts, Moment, Side, Value};
use report::form::{Form, Given, Judged};
use report::paper::{Block, Cell, Paper, Row, Table};

/// What is known of the clinic of these tests: some of it good, some of it bad, one thing decided not to apply.
pub(crate) fn known(engine: &Engine, at: Time) -> Facts {
    let yes_no = [
        ("person.security_manager_appointed", true),
        ("document.organisation_chart", true),
        ("document.asset_inventory", true),
        ("site.devices.inventory_complete", false),
        ("person.external_media_restricted", false),
        ("runtime.two_factors.required_for_records", true),
        ("document.contact_list", true),
        ("document.provider_contract", true),
        ("document.responsibility_matrix", false),
        ("document.subcontractor_list", true),
        ("person.subcontractors_bound", false),
        ("runtime.records.export_standard", true),
    ];
    let mut facts: Vec<Fact> = yes_no.iter().map(|(key, yes)| seen(key, Value::YesNo(*yes), at)).collect();
    facts.push(seen("runtime.password.minimum_length", Value::Count(13), at));
    let excluded = Exclusion {
        requirement: "mhlw-checklist-2025/facility/2-13".to_owned(),
        reason: "院内に無線LANはなく、回線は閉域のみ".to_owned(),
        decided_by: "院長".to_owned(),
        at: Moment(at.plus_seconds(-86_400)),
        valid_until: Moment(at.plus_seconds(86_400 * 300)),
    };
    let exclusions = Exclusions::gather(&engine.catalogue, [excluded], at).unwrap();
    Facts::gather(&engine.registry, facts, at).unwrap().excluding(exclusions)
}

pub(crate) fn seen(key: &str, value: Value, at: Time) -> Fact {
    let fact = Fact::seen(key, value, at.plus_seconds(-3_600), ("試験で確認", "seen in a test"));
    if fact.origin == FactOrigin::Runtime { fact.at(Position(4_711)) } else { fact }
}

/// An assessment as the journal would hold it.
pub(crate) fn judged(engine: &Engine, edition: &str, side: Option<Side>, facts: &Facts) -> Judged {
    let assessment = engine.assess(edition, side, facts).unwrap();
    let rests = |fact: &&Fact| assessment.verdicts.iter().any(|one| one.decided_by.contains(&fact.key));
    let facts = facts.iter().filter(rests).cloned().collect();
    Judged { assessment, facts, at: Moment(now()), position: Some(42) }
}

/// What is given for a report of one assessment.
pub(crate) fn given<'a>(engine: &'a Engine, judged: &'a [Judged], language: Language) -> Given<'a> {
    Given {
        engine,
        language,
        facility: "あかし内科クリニック",
        edition: &judged[0].assessment.edition,
        side: judged[0].assessment.side,
        program: "0.1.0",
        as_of: now(),
        is_past: false,
        judged,
        history: &[],
        matrix: None,
        own: None,
        risks: None,
        documents: &[],
        targets: &[],
        site: None,
    }
}

/// The report of a form on one edition.
pub(crate) fn paper(
    engine: &Engine,
    form: Form,
    (edition, side): (&str, Option<Side>),
    facts: &Facts,
    language: Language,
) -> Paper {
    let judged = [judged(engine, edition, side, facts)];
    form.paper(&given(engine, &judged, language)).unwrap()
}

/// A table by its name.
pub(crate) fn table<'a>(paper: &'a Paper, begins: &str) -> &'a Table {
    paper.tables().find(|(name, _)| name.starts_with(begins)).unwrap().1
}

/// The cells of the row with a key.
pub(crate) fn row<'a>(table: &'a Table, wanted: &str) -> &'a [Cell] {
    let found = table.rows.iter().find_map(|row| match row {
        Row::Cells { key: Some(key), cells } if key == wanted => Some(cells),
        _ => None,
    });
    found.unwrap()
}

/// All texts of the blocks that are no table.
pub(crate) fn prose(paper: &Paper) -> String {
    let mut all = String::new();
    for block in paper.sections.iter().flat_map(|section| &section.blocks) {
        match block {
            Block::Text(text) | Block::Note(text) => all.push_str(text),
            Block::Points(points) => all.push_str(&points.concat()),
            _ => {}
        }
    }
    all
}
