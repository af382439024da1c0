//! An access entry as a FHIR AuditEvent (R4), by the patterns of IHE BALP 1.1.3 where one fits.

use super::agents::{agents, host, is_person, itself, purpose};
use super::element::{Coding, list, object, text};
use super::entities::{entities, main_record, question};
use super::nature::{NamesPatient, Nature, Pattern, samples};
use super::outcome;
use super::{Accessed, Deed};
use access::Access;
use fhir::Node;

const APPLICATION_SERVER: Coding =
    Coding::new("http://terminology.hl7.org/CodeSystem/security-source-type", "4", "Application Server");

/// What accounts are called, for those who may know.
pub trait Names {
    /// The name of an account.
    fn name(&self, account: &str) -> Option<String>;
}

/// Nobody has a name.
#[derive(Clone, Copy, Debug, Default)]
pub struct Unnamed;

impl Names for Unnamed {
    fn name(&self, _account: &str) -> Option<String> {
        None
    }
}

/// The AuditEvent of an access entry. `base_url` is that of the facility's FHIR API, without a slash at the end.
pub fn audit_event(accessed: &Accessed, base_url: &str, names: &dyn Names) -> Node {
    let access = &accessed.access;
    let nature = Nature::of(access);
    let time = accessed.time.to_string();
    let outcome = outcome::code(access);
    let [kind, subtype, action, ended] = told_by_deed(access, &nature, outcome);
    let profile = profile(accessed, &nature, outcome).map(|profile| Node::Array(vec![text(profile)]));
    object([
        ("resourceType", Some(text("AuditEvent"))),
        ("id", Some(text(accessed.position.to_string()))),
        (
            "meta",
            Some(object([
                ("versionId", Some(text("1"))),
                ("lastUpdated", Some(text(time.clone()))),
                ("profile", profile),
            ])),
        ),
        kind,
        subtype,
        action,
        // Noted while nothing could be written: it happened then, and was recorded later.
        ("period", access.emergency.as_ref().map(|noted| during(&noted.at))),
        ("recorded", Some(text(time))),
        ended,
        ("outcomeDesc", outcome::described(access).map(text)),
        ("purposeOfEvent", (!is_person(accessed)).then(|| purpose(accessed)).flatten()),
        ("agent", list(agents(accessed, &nature, base_url, names))),
        ("source", Some(source(base_url))),
        ("entity", list(entities(accessed, &nature))),
    ])
}

/// Search parameters of the elements that [`told_by_deed`] makes.
pub(super) const TOLD_BY_DEED: [&str; 4] =
    ["AuditEvent.type", "AuditEvent.subtype", "AuditEvent.action", "AuditEvent.outcome"];

/// The elements that follow from what was done and how it ended: type, subtype, action and outcome.
fn told_by_deed(access: &Access, nature: &Nature, outcome: &str) -> [(&'static str, Option<Node>); 4] {
    [
        ("type", Some(nature.kind.node())),
        ("subtype", list(nature.subtypes(access))),
        ("action", Some(text(nature.action))),
        ("outcome", Some(text(outcome))),
    ]
}

/// Events that have nothing but these elements: one for each way in which they can turn out where this was done.
pub(super) fn sketches(deed: Deed<'_>) -> Vec<Node> {
    let sketch = |access: &Access| {
        let [kind, subtype, action, ended] = told_by_deed(access, &Nature::of(access), outcome::code(access));
        object([("resourceType", Some(text("AuditEvent"))), kind, subtype, action, ended])
    };
    samples(deed).iter().map(sketch).collect()
}

fn during(at: &str) -> Node {
    object([("start", Some(text(at.to_owned()))), ("end", Some(text(at.to_owned())))])
}

/// The profile that the event keeps. All patterns are about what ended well and came over the network; those with a
/// patient have room for one.
fn profile(accessed: &Accessed, nature: &Nature, outcome: &str) -> Option<&'static str> {
    let access = &accessed.access;
    let pattern = nature.pattern.filter(|_| outcome == "0" && access.who.address.is_some())?;
    let whole = match pattern {
        Pattern::Query => !question(access).is_empty(),
        _ => main_record(access).is_some(),
    };
    let names_patient = if access.patients.len() == 1 { NamesPatient::One } else { NamesPatient::NoneOrMany };
    whole.then(|| pattern.profile(names_patient))
}

fn source(base_url: &str) -> Node {
    object([
        ("site", Some(text(host(base_url)))),
        ("observer", Some(itself(base_url))),
        ("type", Some(Node::Array(vec![APPLICATION_SERVER.node()]))),
    ])
}

#[cfg(test)]
mod balp;
#[cfg(test)]
mod tests;
