//! The report as an answer: the FHIR operation `$lookers` of a patient, and JSON for the console.

use super::super::element::{identifier, list, object, reference, text};
use super::super::search::Desk;
use super::super::treating::{Basis, Relation};
use super::super::{AccessFilter, Accessed, systems};
use super::{Looker, OWN_RECORD_DAYS, Report, report};
use crate::call::{Answer, Problems};
use crate::codes;
use crate::page::SHOWN_ELSEWHERE;
use base::{Problem, ResourceId, Time};
use fhir::Node;
use serde_json::{Value, json};

/// Days within which a look that was noted while nothing could be written is entered.
const ENTERED_WITHIN_DAYS: i64 = 31;
/// Entries that are asked of the source at a time.
const BATCH: usize = 512;

/// Entries that a report is made from.
const LOOKED_MAX: usize = 100_000;

/// Where what is known of who treats a patient comes from.
pub trait Charts {
    /// What the `Patient` and the records of the types in [`RELATED`](super::super::RELATED) say, as
    /// [`relations`](super::super::relations) reads them.
    fn relations(&self, patient: &ResourceId) -> Result<Vec<Relation>, Problem>;

    /// The patient and all who were merged into them.
    fn with_merged(&self, patient: &ResourceId) -> Result<Vec<ResourceId>, Problem>;
}

/// The time that is asked about.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq)]
pub struct Span {
    /// First moment; none: from the beginning.
    pub from: Option<Time>,
    /// First moment after; none: until now.
    pub until: Option<Time>,
}

impl Span {
    /// Reads `from` and `until`: dates or dates with time, the last whole day or moment included.
    ///
    /// # Errors
    /// Another parameter, one that stands twice, or something that is no date.
    pub fn read(query: &[(String, String)]) -> Result<Self, Problem> {
        let mut span = Self::default();
        for (name, value) in query.iter().filter(|(name, _)| !SHOWN_ELSEWHERE.contains(&name.as_str())) {
            let wrong = || Problem::new(&codes::LOOKERS_PARAMETER).with("name", name).with("value", value);
            let range = fhir::search::period(value).ok_or_else(wrong)?;
            let (place, moment) = match name.as_str() {
                "from" => (&mut span.from, range.from),
                "until" => (&mut span.until, range.until),
                _ => return Err(wrong()),
            };
            if place.is_some() {
                return Err(wrong());
            }
            *place = moment;
        }
        Ok(span)
    }
}

/// `GET Patient/[id]/$lookers`: the report as the resource `Parameters`.
///
/// # Errors
/// The query asks for something unknown, or there are more accesses than a report is made from.
pub fn lookers(
    desk: &Desk<'_>,
    charts: &dyn Charts,
    patient: &ResourceId,
    query: &[(String, String)],
) -> Result<Answer, Problems> {
    let report = made(desk, charts, patient, Span::read(query)?)?;
    let mut body = Vec::new();
    parameters(patient, &report, desk).write(&mut body);
    Ok(Answer::found(body))
}

/// The report as JSON, with the names of accounts where they are known.
///
/// # Errors
/// There are more accesses than a report is made from.
pub fn json(
    desk: &Desk<'_>,
    charts: &dyn Charts,
    patient: &ResourceId,
    span: Span,
) -> Result<Value, Problem> {
    let report = made(desk, charts, patient, span)?;
    let rows: Vec<Value> = report.iter().map(|looker| row(looker, desk)).collect();
    Ok(json!({ "patient": patient.as_str(), "lookers": rows }))
}

fn made(desk: &Desk<'_>, charts: &dyn Charts, patient: &ResourceId, span: Span) -> Result<Report, Problem> {
    let (mut found, mut relations) = (Vec::new(), Vec::new());
    for one in charts.with_merged(patient)? {
        found.extend(accesses(desk, &one, span)?);
        relations.extend(charts.relations(&one)?);
    }
    // An access may name several of them.
    found.sort_by_key(|one| one.position);
    found.dedup_by_key(|one| one.position);
    Ok(report(&found, &relations, span.from))
}

/// All accesses that name the patient, from early enough that what was written before counts; in the order of the
/// journal.
fn accesses(desk: &Desk<'_>, patient: &ResourceId, span: Span) -> Result<Vec<Accessed>, Problem> {
    let from = span.from.map(|from| from.plus_seconds(-OWN_RECORD_DAYS * 86_400));
    // A look while nothing could be written is entered later than it happened.
    let until = span.until.map(|until| until.plus_seconds(ENTERED_WITHIN_DAYS * 86_400));
    let mut filter = AccessFilter { patient: Some(patient.as_str()), from, until, ..AccessFilter::default() };
    let mut found: Vec<Accessed> = Vec::new();
    loop {
        let batch = desk.source.newest(&filter, BATCH)?;
        let ended = batch.len() < BATCH;
        filter.before = batch.last().map(|last| last.position).or(filter.before);
        found.extend(batch);
        if found.len() > LOOKED_MAX {
            return Err(Problem::new(&codes::AUDIT_FAR).with("limit", LOOKED_MAX));
        }
        if ended {
            found.retain(|one| span.until.is_none_or(|until| one.happened() < until));
            found.reverse();
            return Ok(found);
        }
    }
}

fn row(looker: &Looker, desk: &Desk<'_>) -> Value {
    let because: Vec<&str> = looker.because.iter().map(|basis| basis.word()).collect();
    json!({
        "account": looker.account,
        "name": desk.names.name(&looker.account),
        "kind": looker.kind,
        "occupation": looker.occupation,
        "first": looker.first.to_string(),
        "last": looker.last.to_string(),
        "actions": looker.actions,
        "shown": looker.shown,
        "refused": looker.refused,
        "failed": looker.failed,
        "broken_glass": looker.broken_glass,
        "emergency": looker.emergency,
        "treating": looker.treating.word(),
        "not_treating": looker.not_treating,
        "not_known": looker.not_known,
        "because": because,
    })
}

/// The report as the resource `Parameters`: a parameter `looker` for each account, in the order of the report.
fn parameters(patient: &ResourceId, report: &Report, desk: &Desk<'_>) -> Node {
    let to = reference(&format!("Patient/{patient}"));
    let patient = object([("name", Some(text("patient"))), ("valueReference", Some(to))]);
    let lookers = report.iter().map(|looker| part("looker", parts(looker, desk)));
    object([
        ("resourceType", Some(text("Parameters"))),
        ("parameter", list(std::iter::once(patient).chain(lookers).collect())),
    ])
}

fn parts(looker: &Looker, desk: &Desk<'_>) -> Vec<Node> {
    let account = identifier(systems::ACCOUNT, &looker.account);
    let mut parts = vec![value("account", "valueIdentifier", account)];
    parts.extend(desk.names.name(&looker.account).map(|name| value("name", "valueString", text(name))));
    parts.push(code("kind", looker.kind));
    parts.extend(looker.occupation.as_deref().map(|word| code("occupation", word)));
    parts.push(value("first", "valueInstant", text(looker.first.to_string())));
    parts.push(value("last", "valueInstant", text(looker.last.to_string())));
    parts.push(code("treating", looker.treating.word()));
    parts.extend(looker.because.iter().map(|basis: &Basis| code("because", basis.word())));
    let counts = [
        ("not-treating", looker.not_treating),
        ("not-known", looker.not_known),
        ("shown", looker.shown),
        ("refused", looker.refused),
        ("failed", looker.failed),
        ("broken-glass", looker.broken_glass),
    ];
    parts.extend(counts.map(|(name, count)| number(name, count)));
    parts.extend((looker.emergency > 0).then(|| number("emergency", looker.emergency)));
    parts.extend(
        looker
            .actions
            .iter()
            .map(|(action, count)| part("action", vec![code("name", action), number("count", *count)])),
    );
    parts
}

fn part(name: &str, parts: Vec<Node>) -> Node {
    object([("name", Some(text(name))), ("part", list(parts))])
}

fn value(name: &str, member: &str, value: Node) -> Node {
    object([("name", Some(text(name))), (member, Some(value))])
}

fn code(name: &str, word: &str) -> Node {
    value(name, "valueCode", text(word))
}

fn number(name: &str, count: u64) -> Node {
    value(name, "valueUnsignedInt", Node::Number(count.to_string()))
}
