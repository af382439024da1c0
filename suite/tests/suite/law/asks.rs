//! A request for each row of the route table, about a record of a type.

use crate::material::{asks, bundle, resource};
use http::Method;
use server::{BodyKind, Interaction, OPERATIONS, Route};
use testkit::{Ask, Client};

/// One type of each group that the law tells apart.
pub(super) const KINDS: [&str; 10] = [
    "Patient",
    "Encounter",
    "Coverage",
    "Practitioner",
    "Medication",
    "Observation",
    "MedicationRequest",
    "Condition",
    "DocumentReference",
    "AuditEvent",
];

/// A small good resource of one of [`KINDS`], about `Patient/p` where it is about a patient.
pub(super) fn small(kind: &str, id: &str) -> String {
    let own = match kind {
        "Encounter" => r#""status":"finished","class":{"code":"AMB"},"subject":{"reference":"Patient/p"}"#,
        "Coverage" => {
            r#""status":"active","beneficiary":{"reference":"Patient/p"},"payor":[{"display":"x"}]"#
        }
        "Observation" => r#""status":"preliminary","code":{"text":"x"},"subject":{"reference":"Patient/p"}"#,
        "MedicationRequest" => {
            r#""status":"active","intent":"order","medicationCodeableConcept":{"text":"x"},"subject":{"reference":"Patient/p"}"#
        }
        "Condition" => r#""subject":{"reference":"Patient/p"}"#,
        "DocumentReference" => {
            r#""status":"current","docStatus":"preliminary","content":[{"attachment":{"title":"x"}}],"subject":{"reference":"Patient/p"}"#
        }
        "AuditEvent" => {
            r#""type":{"code":"rest"},"recorded":"2026-04-01T00:00:00Z","agent":[{"requestor":true}],"source":{"observer":{"display":"x"}}"#
        }
        _ => r#""language":"ja""#,
    };
    let id = if id.is_empty() { String::new() } else { format!(r#""id":"{id}","#) };
    resource(kind, &format!("{id}{own}"))
}

/// Whether a row is about a type of records.
pub(super) fn of_a_type(row: &Route) -> bool {
    use Interaction::{Bundle, SearchFacility, SearchFacilityForm};
    row.path.contains("{type}") || matches!(row.interaction, Bundle | SearchFacility | SearchFacilityForm)
}

/// Whether a row makes sense for a type.
pub(super) fn takes(row: &Route, kind: &str) -> bool {
    match row.interaction {
        Interaction::SearchCompartment | Interaction::SearchCompartmentForm => {
            ["Patient", "Encounter", "Practitioner"].contains(&kind)
        }
        of => OPERATIONS
            .iter()
            .filter(|operation| operation.interactions.contains(&of) && !operation.kinds.is_empty())
            .all(|operation| operation.kinds.contains(&kind)),
    }
}

/// Whether a row changes the record that it is about.
pub(super) fn changes(row: &Route) -> bool {
    use Interaction::{Create, Delete, DeleteOnly, Patch, PatchOnly, Update, UpdateOnly};
    matches!(row.interaction, Create | Update | UpdateOnly | Patch | PatchOnly | Delete | DeleteOnly)
}

/// Whether a row changes the state of the record that it is about, which cannot be taken back.
pub(super) fn settles(row: &Route) -> bool {
    use Interaction::{Amend, Approve, Assign, Cosign, Finalize, Return, Withdraw};
    matches!(row.interaction, Finalize | Amend | Withdraw | Approve | Return | Assign | Cosign)
}

/// What a request of a row is about.
#[derive(Clone, Copy)]
pub(super) struct About<'a> {
    pub(super) facility: &'a str,
    pub(super) kind: &'a str,
    /// The record's id; of an identity row, what stands in its place.
    pub(super) id: &'a str,
}

/// A good request of a row.
pub(super) fn good<'c>(client: &'c Client, row: &Route, about: About<'_>) -> Ask<'c> {
    use Interaction as I;
    let About { kind, id, .. } = about;
    let ask = client.ask(row.method.clone(), &address(row, about));
    let form = |ask: Ask<'c>, text: &str| ask.body("application/x-www-form-urlencoded", text);
    match row.interaction {
        I::Bundle => ask.resource(bundle("batch", &[asks("GET", &format!("{kind}/{id}"))])),
        I::Create | I::Validate => ask.resource(small(kind, "")),
        I::Update | I::UpdateOnly => ask.resource(small(kind, id)),
        I::Patch | I::PatchOnly => ask.body("application/json-patch+json", PATCH),
        I::Amend => ask.resource(amending(kind, id)),
        I::Withdraw | I::Return => ask.resource(parameters(REASON)),
        I::Assign => ask.resource(parameters(&format!("{REASON},{RESPONSIBLE}"))),
        I::Match => ask.resource(parameters(WHO)),
        // A preview, so that each role finds the same.
        I::Merge => ask.resource(pair(id, "m", PREVIEW)),
        I::Unmerge => ask.resource(pair("u", "m", PREVIEW)),
        I::Distinct => ask.resource(pair(id, "m", "")),
        I::SearchForm => form(ask, &format!("_id={id}")),
        I::SearchFacilityForm => form(ask, &format!("_type={kind}&_id={id}")),
        I::SearchCompartmentForm => form(ask, "_count=5"),
        I::ValidateRecord if row.method == Method::POST => ask.resource(small(kind, id)),
        I::Identity(_) if row.body == BodyKind::Form => form(ask, "x=y"),
        // No command and no login takes it: it is looked at after the law.
        I::Identity(_) if row.method == Method::POST => ask.body("application/json", r#"{"command":"x"}"#),
        _ => ask,
    }
}

/// A correction whose status says so.
fn amending(kind: &str, id: &str) -> String {
    let amended = small(kind, id).replace("preliminary", "amended");
    parameters(&format!(r#"{REASON},{{"name":"resource","resource":{amended}}}"#))
}

/// Whether a row is a decision on two patients, which people make.
pub(super) fn unites(row: &Route) -> bool {
    matches!(row.interaction, Interaction::Merge | Interaction::Unmerge | Interaction::Distinct)
}

/// What such a decision is about, beside the record: `Patient/m`, into whom `Patient/u` was merged by this client.
pub(super) fn merged(tester: &Client, person: &Client) {
    for id in ["m", "u"] {
        tester.put(&format!("Patient/{id}"), small("Patient", id)).expect(201);
    }
    person.post("Patient/$merge", pair("u", "m", "")).expect(200);
}

fn pair(source: &str, target: &str, more: &str) -> String {
    let patient = |name: &str, id: &str| {
        format!(r#"{{"name":"{name}","valueReference":{{"reference":"Patient/{id}"}}}}"#)
    };
    parameters(&format!(
        "{},{},{REASON}{more}",
        patient("source-patient", source),
        patient("target-patient", target)
    ))
}

fn parameters(list: &str) -> String {
    resource("Parameters", &format!(r#""parameter":[{list}]"#))
}

const REASON: &str = r#"{"name":"reason","valueString":"x"}"#;
/// Somebody of the role matrix.
const RESPONSIBLE: &str = r#"{"name":"responsible","valueString":"doctor"}"#;
const PREVIEW: &str = r#",{"name":"preview","valueBoolean":true}"#;
const WHO: &str = r#"{"name":"resource","resource":{"resourceType":"Patient","birthDate":"1985-03-12"}}"#;
const PATCH: &str = r#"[{"op":"add","path":"/language","value":"en"}]"#;

fn address(row: &Route, about: About<'_>) -> String {
    use Interaction::{DeleteOnly, PatchOnly, Search, SearchFacility, UpdateOnly};
    let parts = [
        ("{facility}", about.facility),
        ("{type}", about.kind),
        ("{id}", about.id),
        ("{inner}", "Observation"),
        ("{version}", "1"),
        ("{*path}", "checkpoint"),
    ];
    let path = parts.iter().fold(row.path.to_owned(), |path, (name, value)| path.replace(name, value));
    match row.interaction {
        Search | UpdateOnly | PatchOnly | DeleteOnly => format!("{path}?_id={}", about.id),
        SearchFacility => format!("{path}?_type={}&_id={}", about.kind, about.id),
        _ => path,
    }
}
