//! Patients who were merged, as they are asked for: by a patient, what stands under those who were merged into them is found
//! as well. By one who was merged away, what stands under that one alone.

use crate::facility::{Caller, Facility};
use base::{Problem, RecordKey};
use std::collections::BTreeSet;
use store::{Alternative, Links, Matching, Snapshot, Span};

/// The record, and of a patient all who were merged into them.
pub(crate) fn with_merged(
    facility: &Facility,
    caller: &Caller<'_>,
    record: &RecordKey,
) -> Result<BTreeSet<RecordKey>, Problem> {
    caller.trail.read(facility, |snapshot| snapshot.with_merged(record))
}

/// The conditions of a search, so that references to a patient are those to whoever was merged into them as well.
pub(crate) fn widened(
    snapshot: &Snapshot<'_>,
    links: &dyn Links,
    all: Vec<Matching>,
) -> Result<Vec<Matching>, Problem> {
    all.into_iter().map(|one| condition(snapshot, links, one, false)).collect()
}

/// `of_patients`: the condition is one on patients that something else refers to.
fn condition(
    snapshot: &Snapshot<'_>,
    links: &dyn Links,
    one: Matching,
    of_patients: bool,
) -> Result<Matching, Problem> {
    let inside = |all: Vec<Matching>, of_patients: bool| -> Result<Vec<Matching>, Problem> {
        all.into_iter().map(|one| condition(snapshot, links, one, of_patients)).collect()
    };
    Ok(match one {
        Matching::Ids(ids) if of_patients => Matching::Ids(ids_with_merged(snapshot, ids)?),
        Matching::Terms { any, negated } => {
            let mut wider = Vec::with_capacity(any.len());
            for alternative in any {
                wider.extend(others(snapshot, links, &alternative)?);
                wider.push(alternative);
            }
            Matching::Terms { any: wider, negated }
        }
        Matching::Leads { params, to } => {
            let to = to.into_iter().map(|(kind, all)| {
                let all = inside(all, kind == "Patient")?;
                Ok((kind, all))
            });
            Matching::Leads { params, to: to.collect::<Result<_, Problem>>()? }
        }
        Matching::LedTo { kind, params, all } => Matching::LedTo { kind, params, all: inside(all, false)? },
        other @ (Matching::Ids(_) | Matching::Updated(_)) => other,
    })
}

fn ids_with_merged(snapshot: &Snapshot<'_>, ids: Vec<String>) -> Result<Vec<String>, Problem> {
    let mut wider = BTreeSet::new();
    for id in ids {
        if let Some(key) = RecordKey::parse(&format!("Patient/{id}")) {
            wider.extend(snapshot.with_merged(&key)?.into_iter().map(|key| key.id.as_str().to_owned()));
        }
        wider.insert(id);
    }
    Ok(wider.into_iter().collect())
}

/// The same alternative for whoever was merged into the patient that it names. What patients themselves refer to (`link`) is
/// asked for as it is.
fn others(
    snapshot: &Snapshot<'_>,
    links: &dyn Links,
    one: &Alternative,
) -> Result<Vec<Alternative>, Problem> {
    let Span::Exact(value) = &one.span else { return Ok(Vec::new()) };
    let named = links.from(value).filter(|key| *key.kind == *"Patient" && !one.param.starts_with("Patient."));
    let Some(patient) = named else { return Ok(Vec::new()) };
    let merged = snapshot.with_merged(&patient)?.into_iter().filter(|other| *other != patient);
    let values = merged.flat_map(|other| links.to(&other));
    Ok(values.map(|value| Alternative { span: Span::Exact(value), ..one.clone() }).collect())
}
