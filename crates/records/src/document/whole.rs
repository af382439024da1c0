//! The whole record of a patient as a document: for the patient, an inspection, a court.

use super::Entry;
use super::narrative::Narrative;
use super::references::references;
use super::sections::sections;
use crate::audit::element::{identifier, list, object, reference, text};
use crate::audit::systems;
use crate::chart::{Chart, who};
use crate::facility::{Caller, Facility};
use crate::past;
use access::Action;
use base::limits::INCLUDED_MAX;
use base::{Language, Problem, RecordKey, ResourceId, Time};
use fhir::Node;
use fhir::definitions;
use std::collections::BTreeSet;
use store::{Is, Snapshot};

/// Medical records, as a document (LOINC).
const MEDICAL_RECORDS: (&str, &str, &str) = ("http://loinc.org", "11503-0", "Medical records");

/// The entries: the Composition, every version of every record, the Provenances of their states, and who, where and with
/// what, as far as the records name them.
pub(super) fn document(
    facility: &Facility,
    caller: &Caller<'_>,
    key: &RecordKey,
    at: Option<Time>,
) -> Result<Vec<Entry>, Problem> {
    let whole = past::whole(facility, caller, key, at)?;
    let chart = Chart::new(facility, caller, whole)?;
    let beside = caller.trail.read(facility, |snapshot| beside(snapshot, caller, &chart))?;
    let id = facility.new_id()?;
    let author = caller.asking.practitioner().map(|id| format!("Practitioner/{id}"));
    let author = author.filter(|author| beside.iter().any(|(key, _)| key.to_string() == *author));
    let mut entries = vec![Entry {
        full_url: format!("urn:uuid:{}", id.as_str()),
        resource: written(&composition(&chart, caller, key, (&id, author))?),
    }];
    for record in &chart.whole.records {
        let contents = record.versions.iter().filter_map(|version| version.content.clone());
        entries.extend(contents.map(|content| Entry::of(caller, &record.key, content)));
    }
    entries.extend(beside.into_iter().map(|(key, content)| Entry::of(caller, &key, content)));
    Ok(entries)
}

fn written(node: &Node) -> Vec<u8> {
    let mut out = Vec::new();
    node.write(&mut out);
    out
}

/// The Composition. It is final where somebody answers for everything in it.
fn composition(
    chart: &Chart,
    caller: &Caller<'_>,
    key: &RecordKey,
    (id, author): (&ResourceId, Option<String>),
) -> Result<Node, Problem> {
    let standing = chart.whole.records.iter().filter_map(|record| record.newest()?.state.as_ref());
    let draft = standing.into_iter().any(|state| state.is == Is::Draft);
    let (system, code, display) = MEDICAL_RECORDS;
    let coding = object([
        ("system", Some(text(system))),
        ("code", Some(text(code))),
        ("display", Some(text(display))),
    ]);
    let author = object([
        ("reference", author.map(text)),
        ("identifier", Some(identifier(systems::ACCOUNT, &caller.actor.id))),
    ]);
    let mut summary = Narrative::new(chart.language);
    summary.paragraph(&who(&chart.whole, chart.now, chart.language)?);
    summary.paragraph(&note(chart, draft));
    let narrative =
        object([("status", Some(text("generated"))), ("div", Some(Node::String(summary.finish())))]);
    Ok(object([
        ("resourceType", Some(text("Composition"))),
        ("id", Some(text(id.as_str()))),
        ("text", Some(narrative)),
        ("status", Some(text(if draft { "preliminary" } else { "final" }))),
        ("type", Some(object([("coding", Some(Node::Array(vec![coding])))]))),
        ("subject", Some(reference(&key.to_string()))),
        ("date", Some(text(chart.now.to_string()))),
        ("author", Some(Node::Array(vec![author]))),
        ("title", Some(text("診療記録 / Medical record"))),
        ("custodian", Some(object([("display", Some(text(chart.facility.as_str())))]))),
        ("section", list(sections(chart)?)),
    ]))
}

/// What the document is, and what is not finished in it.
fn note(chart: &Chart, draft: bool) -> String {
    let at = chart.whole.at.unwrap_or(chart.now);
    let at = crate::chart::day(&at.to_string(), chart.language);
    let (what, unfinished) = match chart.language {
        Language::Japanese => (
            format!("{at} の時点の診療記録の全体と履歴（閲覧した人の権限で見られる範囲）。"),
            "確定されていない記録（下書き）を含みます。",
        ),
        Language::English => (
            format!(
                "The whole record as it stood at {at}, with its history, as far as who asked may see it. "
            ),
            "It contains drafts, for which nobody answers yet.",
        ),
    };
    if draft { format!("{what}{unfinished}") } else { what }
}

/// The Provenances that tell of states, and what the records refer to of what belongs to no patient. What is not there, or
/// not to be seen, stays a reference.
fn beside(
    snapshot: &Snapshot<'_>,
    caller: &Caller<'_>,
    chart: &Chart,
) -> Result<Vec<(RecordKey, Vec<u8>)>, Problem> {
    let mut keys: BTreeSet<RecordKey> = BTreeSet::new();
    keys.extend(caller.asking.practitioner().and_then(|id| RecordKey::parse(&format!("Practitioner/{id}"))));
    for record in &chart.whole.records {
        for version in &record.versions {
            let told = version.state.as_ref().and_then(|state| state.provenance.as_deref());
            let told = told.and_then(ResourceId::parse);
            keys.extend(told.map(|id| RecordKey::new("Provenance", id)));
        }
        let content = record.content().unwrap_or_default();
        let named = references(&fhir::json::parse(content)?, caller.base_url, &[]);
        keys.extend(named.into_iter().map(|one| one.key).filter(is_of_nobody));
        if keys.len() > INCLUDED_MAX.saturating_mul(10) {
            let problem = Problem::new(&crate::codes::TOO_MANY_INCLUDED);
            return Err(problem.with("limit", INCLUDED_MAX.saturating_mul(10)));
        }
    }
    for record in &chart.whole.records {
        keys.remove(&record.key);
    }
    let mut found = Vec::new();
    for key in keys {
        let Some(current) = snapshot.current(&key)?.filter(|found| found.content.is_some()) else { continue };
        let Some((permit, facts)) = caller.version(snapshot, Action::READ, &key, &current)? else { continue };
        caller.show(&permit, &facts, Some(current.version.number()));
        if let Some(content) = current.content {
            found.push((key, content.open(&permit)?));
        }
    }
    Ok(found)
}

/// Whether records of a type belong to no patient.
fn is_of_nobody(key: &RecordKey) -> bool {
    let (kind, patient) = (definitions::resource_kind(&key.kind), definitions::resource_kind("Patient"));
    kind.zip(patient)
        .is_some_and(|(kind, patient)| kind != patient && definitions::compartment(patient, kind).is_empty())
}
