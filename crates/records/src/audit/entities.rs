//! What an access was about: the request, patients, records, the question of a search, and the circumstances.

use super::element::{Coding, coding, list, logical, object, reference, text};
use super::nature::{Nature, Pattern};
use super::{Accessed, systems};
use access::{Access, Touched};
use base::RecordKey;
use base64::Engine;
use base64::engine::general_purpose::STANDARD;
use fhir::Node;

const ENTITY_TYPE: &str = "http://terminology.hl7.org/CodeSystem/audit-entity-type";
const OBJECT_ROLE: &str = "http://terminology.hl7.org/CodeSystem/object-role";
const RESOURCE_TYPES: &str = "http://hl7.org/fhir/resource-types";

const TRANSACTION: Coding = Coding::new(
    "https://profiles.ihe.net/ITI/BALP/CodeSystem/BasicAuditEntityType",
    "XrequestId",
    "transport specific unique identifier where http X-Request-Id is used",
);
const PERSON: Coding = Coding::new(ENTITY_TYPE, "1", "Person");
const SYSTEM_OBJECT: Coding = Coding::new(ENTITY_TYPE, "2", "System Object");
const OTHER: Coding = Coding::new(ENTITY_TYPE, "4", "Other");
const PATIENT: Coding = Coding::new(OBJECT_ROLE, "1", "Patient");
const DOMAIN_RESOURCE: Coding = Coding::new(OBJECT_ROLE, "4", "Domain Resource");
const SECURITY_USER: Coding = Coding::new(OBJECT_ROLE, "11", "Security User Entity");
const JOB: Coding = Coding::new(OBJECT_ROLE, "20", "Job");
const QUERY: Coding = Coding::new(OBJECT_ROLE, "24", "Query");

/// `AuditEvent.entity`: what there is one of comes first, where the others are cut for want of room.
pub(super) fn entities(accessed: &Accessed, nature: &Nature) -> Vec<Node> {
    let access = &accessed.access;
    let mut entities = Vec::new();
    entities.extend((!access.request.is_empty()).then(|| transaction(&access.request)));
    entities.push(circumstances(accessed));
    entities.extend(query(access, nature));
    entities.extend(user(access));
    entities.extend(access.patients.iter().map(|id| patient(id)));
    entities.extend(data(access, nature));
    entities
}

/// The record that the request was about: the one touched, or the one asked for where none was.
pub(super) fn main_record(access: &Access) -> Option<String> {
    let own = |touched: &&Touched| {
        access.target == touched.record || access.target.starts_with(&format!("{}/", touched.record))
    };
    let touched = access.touched.iter().find(own).or_else(|| access.touched.first());
    touched.map(versioned).or_else(|| asked_for(&access.target))
}

/// `Type/id`, or `Type/id/_history/n`, when it reads so.
fn asked_for(target: &str) -> Option<String> {
    let record = target.split_once("/_history/").map_or(target, |(record, _)| record);
    RecordKey::parse(record).map(|_| target.to_owned())
}

fn versioned(touched: &Touched) -> String {
    match touched.version {
        Some(version) => format!("{}/_history/{version}", touched.record),
        None => touched.record.clone(),
    }
}

fn transaction(request: &str) -> Node {
    let named = object([("identifier", Some(object([("value", Some(text(request)))])))]);
    object([("what", Some(named)), ("type", Some(TRANSACTION.node()))])
}

fn patient(id: &str) -> Node {
    object([
        ("what", Some(reference(&format!("Patient/{id}")))),
        ("type", Some(PERSON.node())),
        ("role", Some(PATIENT.node())),
    ])
}

/// The record of the request as BALP's data object, others by their resource type. A search has none of the former: its
/// only object is the question.
fn data(access: &Access, nature: &Nature) -> Vec<Node> {
    let main = (nature.pattern != Some(Pattern::Query)).then(|| main_record(access)).flatten();
    let others = access.touched.iter().map(versioned).filter(|record| main.as_ref() != Some(record));
    let first = main.as_deref().map(|record| record_entity(record, SYSTEM_OBJECT.node()));
    let others = others.map(|record| {
        let kind = record.split_once('/').map_or(record.as_str(), |(kind, _)| kind);
        record_entity(&record, coding(RESOURCE_TYPES, kind))
    });
    first.into_iter().chain(others).collect()
}

fn record_entity(record: &str, kind: Node) -> Node {
    object([("what", Some(reference(record))), ("type", Some(kind)), ("role", Some(DOMAIN_RESOURCE.node()))])
}

/// The question as it was asked, in base64, so that nothing in it can be mistaken for something else.
fn query(access: &Access, nature: &Nature) -> Option<Node> {
    let searches = nature.pattern == Some(Pattern::Query);
    let question = question(access);
    if question.is_empty() || (!searches && access.query.is_none()) {
        return None;
    }
    let kind = if searches { SYSTEM_OBJECT } else { OTHER };
    Some(object([
        ("type", Some(kind.node())),
        ("role", Some(QUERY.node())),
        ("query", Some(text(STANDARD.encode(question)))),
    ]))
}

/// Target and query as they stand in an address.
pub(super) fn question(access: &Access) -> String {
    match access.query.as_deref() {
        Some(query) if !query.is_empty() => format!("{}?{query}", access.target),
        _ => access.target.clone(),
    }
}

/// Whose account a login or a command was about.
fn user(access: &Access) -> Option<Node> {
    let about_account = matches!(access.action.as_str(), "login" | "own")
        || ["account-", "factor-", "session-"].iter().any(|start| access.action.starts_with(start));
    let named = about_account && !access.target.is_empty();
    named.then(|| {
        object([
            ("what", Some(logical(systems::ACCOUNT, &access.target))),
            ("type", Some(SYSTEM_OBJECT.node())),
            ("role", Some(SECURITY_USER.node())),
        ])
    })
}

/// Everything that has no element of its own: the place in the journal, the route, the status, the session, the zone,
/// the factors.
fn circumstances(accessed: &Accessed) -> Node {
    let access = &accessed.access;
    let who = &access.who;
    let number = |number: Option<u32>| number.map(|number| number.to_string());
    let details = [
        ("entry", Some(accessed.position.to_string())),
        ("route", Some(access.route.clone())),
        ("target", Some(access.target.clone())),
        ("part", number(access.part)),
        ("status", Some(access.status.to_string())),
        ("app", who.app.clone()),
        ("device", who.device.clone()),
        ("zone", who.zone.clone()),
        ("factors", Some(who.factors.join(" "))),
        ("break-glass", access.break_glass.clone()),
        ("emergency-log", access.emergency.as_ref().map(|noted| format!("{}/{}", noted.log, noted.line))),
    ];
    let details = details.into_iter().filter_map(|(name, value)| {
        let value = value.filter(|value| !value.is_empty())?;
        Some(object([("type", Some(text(name))), ("valueString", Some(text(value)))]))
    });
    object([
        ("what", who.session.as_deref().map(|session| logical(systems::SESSION, session))),
        ("type", Some(OTHER.node())),
        ("role", Some(JOB.node())),
        ("detail", list(details.collect())),
    ])
}
