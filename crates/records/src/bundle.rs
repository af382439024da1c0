//! `POST [base]`: a batch, each entry for itself, or a transaction, all entries or none.

use crate::bundle_entry::Wish;
use crate::call::{Answer, Media, Outcome, Problems};
use crate::facility::{Caller, Facility};
use crate::reply::{self, quoted};
use crate::write::{self, Planned};
use crate::{codes, delete, history, read, search, vread};
use base::{Problem, RecordKey};
use fhir::{Bundle, BundleKind, Entry};
use futures_util::future::join_all;
use std::collections::BTreeMap;
use store::{Act, Batch, Change, Written};

pub(crate) async fn perform(
    facility: &Facility,
    caller: &Caller<'_>,
    body: &[u8],
) -> Result<Answer, Problems> {
    let bundle = read_bundle(fhir::json::parse(body)?)?;
    let (kind, entries) = match bundle.kind {
        BundleKind::Batch => ("batch-response", batch(facility, caller, bundle.entries).await),
        BundleKind::Transaction => {
            ("transaction-response", transaction(facility, caller, bundle.entries).await?)
        }
        BundleKind::Other(found) => {
            return Err(Problem::new(&codes::BUNDLE_TYPE).with("found", found).at("Bundle.type").into());
        }
    };
    let mut out = format!(r#"{{"resourceType":"Bundle","type":"{kind}""#).into_bytes();
    if !entries.is_empty() {
        out.extend(br#","entry":["#);
        out.extend(entries.join(&b','));
        out.push(b']');
    }
    out.push(b'}');
    Ok(Answer { outcome: Outcome::Found, stamp: None, media: Media::FhirJson, body: out })
}

pub(crate) fn read_bundle(node: fhir::Node) -> Result<Bundle, Problems> {
    fhir::bundle::read(node).map_err(|problems| {
        let mut problems = problems.into_iter();
        match problems.next() {
            Some(first) => Problems::new(first, problems.collect()),
            None => Problem::new(&store::codes::DATABASE).log("a check failed without a problem").into(),
        }
    })
}

/// Entries of a batch know nothing of each other; their writes share commits because they wait together.
async fn batch(facility: &Facility, caller: &Caller<'_>, entries: Vec<Entry>) -> Vec<Vec<u8>> {
    let answers = entries.into_iter().enumerate().map(|(index, entry)| async move {
        let answer = match Wish::read(entry) {
            Ok(wish) => one(facility, caller, wish).await,
            Err(problem) => Err(problem.into()),
        };
        match answer {
            Ok(answer) => response(caller, &answer),
            Err(problems) => failure(caller, &problems.below(&place(index))),
        }
    });
    join_all(answers).await
}

async fn one(facility: &Facility, caller: &Caller<'_>, wish: Wish) -> Result<Answer, Problems> {
    match wish {
        Wish::Create { kind, resource } => {
            let checked = write::of_type(&kind, write::check(resource)?)?;
            let key = RecordKey::new(&kind, facility.new_id()?);
            write::write(facility, caller, write::put(&checked, key, store::Expected::Absent)).await
        }
        Wish::Update { key, resource, condition } => {
            let checked = write::of_type(&key.kind, write::check(resource)?)?;
            write::same_id(&checked, &key)?;
            write::write(facility, caller, write::put(&checked, key, write::expected(condition))).await
        }
        Wish::Delete { key, condition } => delete::perform(facility, caller, key, condition).await,
        reading => look(facility, caller, reading),
    }
}

fn look(facility: &Facility, caller: &Caller<'_>, wish: Wish) -> Result<Answer, Problems> {
    match wish {
        Wish::Read(key) => read::perform(facility, key, None),
        Wish::VersionRead(key, version) => vread::perform(facility, key, version),
        Wish::History(scope, query) => history::perform(facility, caller, &scope, &query),
        Wish::Search(kind, query) => {
            let within = search::Within { kind: &kind, compartment: None, lenient: false };
            search::perform(facility, caller, within, &query)
        }
        Wish::Create { .. } | Wish::Update { .. } | Wish::Delete { .. } => {
            Err(Problem::new(&store::codes::DATABASE).log("a write was taken for a reading").into())
        }
    }
}

async fn transaction(
    facility: &Facility,
    caller: &Caller<'_>,
    entries: Vec<Entry>,
) -> Result<Vec<Vec<u8>>, Problems> {
    let Plan { steps } = Plan::new(facility, entries)?;
    let mut changes = Vec::new();
    let mut waiting = Vec::new();
    for step in steps {
        waiting.push(match step {
            Step::Write(Planned { change, template }) => {
                changes.push(change);
                Pending::Written(template)
            }
            Step::Look(wish) => Pending::Look(wish),
        });
    }
    let mut written = Vec::new().into_iter();
    if !changes.is_empty() {
        let batch =
            Batch { actor: caller.actor.clone(), reason: None, guards: Vec::new(), changes, mark: None };
        written = facility.store().append(batch).await?.written.into_iter();
    }
    waiting
        .into_iter()
        .enumerate()
        .map(|(index, pending)| {
            settle(facility, caller, pending, &mut written).map_err(|problems| problems.below(&place(index)))
        })
        .collect()
}

enum Pending {
    Written(Option<std::sync::Arc<fhir::Template>>),
    Look(Wish),
}

fn settle(
    facility: &Facility,
    caller: &Caller<'_>,
    pending: Pending,
    written: &mut impl Iterator<Item = Written>,
) -> Result<Vec<u8>, Problems> {
    let answer = match pending {
        Pending::Written(template) => reply::from_written(written.next().as_ref(), template.as_deref())?,
        // Readings come after the writes, so that they see them (FHIR R4, transaction processing rules). By then the
        // writes are durable: one that fails is answered for itself, since the whole can no longer be refused.
        Pending::Look(wish) => match look(facility, caller, wish) {
            Ok(answer) => answer,
            Err(problems) => return Ok(failure(caller, &problems)),
        },
    };
    Ok(response(caller, &answer))
}

/// A transaction thought through: ids chosen, references resolved, everything checked.
pub(crate) struct Plan {
    pub(crate) steps: Vec<Step>,
}

pub(crate) enum Step {
    Write(Planned),
    Look(Wish),
}

impl Plan {
    pub(crate) fn new(facility: &Facility, entries: Vec<Entry>) -> Result<Self, Problems> {
        let mut names: BTreeMap<String, String> = BTreeMap::new();
        let mut wishes = Vec::with_capacity(entries.len());
        for (index, entry) in entries.into_iter().enumerate() {
            let here = |problem: Problem| Problems::from(problem).below(&place(index));
            let full_url = entry.full_url.clone();
            let wish = Wish::read(entry).map_err(here)?;
            let key = match &wish {
                Wish::Create { kind, .. } => Some(RecordKey::new(kind, facility.new_id().map_err(here)?)),
                other => other.key().cloned(),
            };
            if let (Some(url), Some(key)) = (full_url, &key)
                && names.insert(url.clone(), key.to_string()).is_some()
            {
                return Err(here(Problem::new(&codes::SAME_FULL_URL).with("url", url)));
            }
            wishes.push((wish, key));
        }
        let steps = wishes.into_iter().enumerate().map(|(index, (wish, key))| {
            step(wish, key, &names).map_err(|problems| problems.below(&place(index)))
        });
        Ok(Self { steps: steps.collect::<Result<_, _>>()? })
    }
}

fn step(wish: Wish, key: Option<RecordKey>, names: &BTreeMap<String, String>) -> Result<Step, Problems> {
    match (wish, key) {
        (Wish::Create { kind, resource }, Some(key)) => {
            let checked = resolved(write::of_type(&kind, write::check(resource)?)?, names)?;
            Ok(Step::Write(write::put(&checked, key, store::Expected::Absent)))
        }
        (Wish::Update { key, resource, condition }, _) => {
            let checked = write::of_type(&key.kind, write::check(resource)?)?;
            write::same_id(&checked, &key)?;
            Ok(Step::Write(write::put(&resolved(checked, names)?, key, write::expected(condition))))
        }
        (Wish::Delete { key, condition }, _) => {
            let change = Change { key, expected: write::expected(condition), act: Act::Delete };
            Ok(Step::Write(Planned { change, template: None }))
        }
        (other, _) => Ok(Step::Look(other)),
    }
}

/// References to entries of the transaction are replaced; one to a `urn:` that is no entry is refused.
fn resolved(mut checked: fhir::Checked, names: &BTreeMap<String, String>) -> Result<fhir::Checked, Problems> {
    checked.rewrite_references(&|old| names.get(old).cloned());
    match checked.references().into_iter().find(|reference| reference.starts_with("urn:")) {
        Some(reference) => Err(Problem::new(&codes::UNRESOLVED).with("reference", reference).into()),
        None => Ok(checked),
    }
}

fn place(index: usize) -> String {
    format!("Bundle.entry[{index}]")
}

fn response(caller: &Caller<'_>, answer: &Answer) -> Vec<u8> {
    let mut out = b"{".to_vec();
    let body = (!answer.body.is_empty() && answer.media == Media::FhirJson).then_some(&answer.body);
    if let Some(stamp) = &answer.stamp {
        out.extend(
            format!(r#""fullUrl":{},"#, quoted(&format!("{}/{}", caller.base_url, stamp.key))).as_bytes(),
        );
    }
    if let Some(body) = body {
        out.extend(br#""resource":"#);
        out.extend(body);
        out.push(b',');
    }
    out.extend(format!(r#""response":{{"status":"{}""#, reply::status(answer.outcome)).as_bytes());
    if let Some(stamp) = &answer.stamp {
        let location = quoted(&format!("{}/{}/_history/{}", caller.base_url, stamp.key, stamp.version));
        out.extend(
            format!(
                r#","location":{location},"etag":"W/\"{}\"","lastModified":"{}""#,
                stamp.version, stamp.time
            )
            .as_bytes(),
        );
    }
    out.extend(b"}}");
    out
}

fn failure(caller: &Caller<'_>, problems: &Problems) -> Vec<u8> {
    let class = problems.all().first().map_or(base::Class::Fault, Problem::class);
    let status = fhir::outcome::status(class);
    let mut out = format!(r#"{{"response":{{"status":"{status}","outcome":"#).into_bytes();
    out.extend(fhir::outcome::operation_outcome(problems.all(), caller.language));
    out.extend(b"}}");
    out
}
