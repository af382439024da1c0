//! `GET metadata`: the CapabilityStatement, made from the route table and the definitions (FHIR R4,
//! CapabilityStatement). What stands in it is what is served.

use crate::routes::{Interaction, ROUTES};
use base::Language;
use fhir::definitions::{self, ResourceKind};
use fhir::json::Node;

/// When the set of served interactions last changed.
const CHANGED: &str = "2026-04-01";

/// The statement in JSON, for the FHIR API at `base_url`.
pub(crate) fn statement(base_url: &str, language: Language) -> Vec<u8> {
    let description = match language {
        Language::Japanese => "検証可能なジャーナルを備えた診療記録",
        Language::English => "clinical records with a verifiable journal",
    };
    let statement = object([
        ("resourceType", text("CapabilityStatement")),
        ("status", text("active")),
        ("date", text(CHANGED)),
        ("kind", text("instance")),
        ("software", object([("name", text("Akashi")), ("version", text(env!("CARGO_PKG_VERSION")))])),
        ("implementation", object([("description", text(description)), ("url", text(base_url))])),
        ("fhirVersion", text("4.0.1")),
        ("format", Node::Array(vec![text("json"), text("application/fhir+json")])),
        ("rest", Node::Array(vec![rest(language)])),
    ]);
    let mut json = Vec::new();
    statement.write(&mut json);
    json
}

fn rest(language: Language) -> Node {
    let security = match language {
        Language::Japanese => "TLS 1.3。`Authorization: Bearer` で有効なトークンを送ること。",
        Language::English => "TLS 1.3. Send a valid token as `Authorization: Bearer`.",
    };
    object([
        ("mode", text("server")),
        ("security", object([("description", text(security))])),
        ("resource", Node::Array(definitions::resource_kinds().map(resource).collect())),
        ("interaction", coded(SYSTEM)),
    ])
}

fn resource(kind: ResourceKind) -> Node {
    let mut parameters = vec![parameter("_id", "token"), parameter("_lastUpdated", "date")];
    parameters
        .extend(definitions::search_params(kind).map(|found| parameter(found.code, found.kind.as_str())));
    let proof = object([("name", text("proof")), ("definition", text("urn:akashi:operation:proof"))]);
    object([
        ("type", text(kind.as_str())),
        ("interaction", coded(INSTANCE_AND_TYPE)),
        ("versioning", text("versioned-update")),
        ("readHistory", Node::Bool(true)),
        ("updateCreate", Node::Bool(true)),
        ("conditionalCreate", Node::Bool(false)),
        ("conditionalRead", text("not-match")),
        ("conditionalUpdate", Node::Bool(false)),
        ("conditionalDelete", text("not-supported")),
        ("searchParam", Node::Array(parameters)),
        ("operation", Node::Array(vec![proof])),
    ])
}

fn parameter(name: &str, kind: &str) -> Node {
    object([("name", text(name)), ("type", text(kind))])
}

/// Interactions with one record or one type, by their codes in `TypeRestfulInteraction`.
const INSTANCE_AND_TYPE: &[(Interaction, &str)] = &[
    (Interaction::Read, "read"),
    (Interaction::VersionRead, "vread"),
    (Interaction::Update, "update"),
    (Interaction::Delete, "delete"),
    (Interaction::HistoryRecord, "history-instance"),
    (Interaction::HistoryKind, "history-type"),
    (Interaction::Create, "create"),
    (Interaction::Search, "search-type"),
];

/// Interactions with the whole facility, by their codes in `SystemRestfulInteraction`.
const SYSTEM: &[(Interaction, &str)] = &[
    (Interaction::Bundle, "transaction"),
    (Interaction::Bundle, "batch"),
    (Interaction::HistoryFacility, "history-system"),
];

/// Those of `table` that the route table serves.
fn coded(table: &[(Interaction, &str)]) -> Node {
    let served = |interaction| ROUTES.iter().any(|route| route.interaction == interaction);
    let codes = table.iter().filter(|(interaction, _)| served(*interaction));
    Node::Array(codes.map(|(_, code)| object([("code", text(code))])).collect())
}

fn text(value: &str) -> Node {
    Node::String(value.to_owned())
}

fn object<const N: usize>(members: [(&str, Node); N]) -> Node {
    Node::Object(members.into_iter().map(|(name, value)| (name.to_owned(), value)).collect())
}
