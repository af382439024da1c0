//! `GET metadata`: the CapabilityStatement, made from the tables of routes, operations and definitions (FHIR R4,
//! CapabilityStatement). What stands in it is what is served.

use crate::interactions::{Interaction, OPERATIONS};
use crate::oauth::Endpoints;
use crate::routes::ROUTES;
use base::Language;
use fhir::definitions::{self, ResourceKind, SearchKind};
use fhir::json::Node;
use records::COMPARTMENTS;
use std::sync::OnceLock;

/// When the set of served interactions last changed.
const CHANGED: &str = "2026-11-23";

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
        ("format", texts(["json", "application/fhir+json"])),
        ("patchFormat", texts(["application/json-patch+json"])),
    ]);
    let mut rest = with_member(&rest(base_url, language), "resource", resources());
    rest.insert(0, b'[');
    rest.push(b']');
    with_member(&statement, "rest", &rest)
}

/// The list of types. It is long, the same for every caller, and written once.
fn resources() -> &'static [u8] {
    static RESOURCES: OnceLock<Vec<u8>> = OnceLock::new();
    RESOURCES.get_or_init(|| {
        let mut json = Vec::new();
        Node::Array(definitions::resource_kinds().map(resource).collect()).write(&mut json);
        json
    })
}

/// The JSON of an object with one more member, whose JSON is given.
fn with_member(object: &Node, name: &str, value: &[u8]) -> Vec<u8> {
    let mut json = Vec::with_capacity(value.len().saturating_add(1_024));
    object.write(&mut json);
    json.pop();
    json.extend_from_slice(format!(",\"{name}\":").as_bytes());
    json.extend_from_slice(value);
    json.push(b'}');
    json
}

/// Where apps get their tokens (SMART App Launch 2, "Conformance": the extension of version 1, which some still read).
fn oauth(base_url: &str) -> Node {
    let endpoints = Endpoints::of(base_url);
    let part = |name: &str| object([("url", text(name)), ("valueUri", text(&endpoints.at(name)))]);
    let parts = ["authorize", "token", "revoke", "introspect"].map(part);
    let url = "http://fhir-registry.smarthealthit.org/StructureDefinition/oauth-uris";
    Node::Array(vec![object([("url", text(url)), ("extension", Node::Array(parts.into()))])])
}

fn security(base_url: &str, language: Language) -> Node {
    let description = match language {
        Language::Japanese => "TLS 1.3。`Authorization: Bearer` で有効なトークンを送ること。",
        Language::English => "TLS 1.3. Send a valid token as `Authorization: Bearer`.",
    };
    let system = "http://terminology.hl7.org/CodeSystem/restful-security-service";
    let coding = object([("system", text(system)), ("code", text("SMART-on-FHIR"))]);
    let service = object([("coding", Node::Array(vec![coding]))]);
    object([
        ("extension", oauth(base_url)),
        ("service", Node::Array(vec![service])),
        ("description", text(description)),
    ])
}

fn rest(base_url: &str, language: Language) -> Node {
    let compartments =
        COMPARTMENTS.map(|kind| format!("http://hl7.org/fhir/CompartmentDefinition/{}", kind.to_lowercase()));
    object([
        ("mode", text("server")),
        ("security", security(base_url, language)),
        ("interaction", coded(SYSTEM)),
        ("compartment", Node::Array(compartments.iter().map(|canonical| text(canonical)).collect())),
    ])
}

/// What the journal is seen as: read and searched, written by nobody, without versions beyond the first.
fn audit_events(kind: ResourceKind) -> Node {
    object([
        ("type", text(kind.as_str())),
        ("interaction", coded(VIEW)),
        ("versioning", text("no-version")),
        ("readHistory", Node::Bool(false)),
        ("updateCreate", Node::Bool(false)),
        ("conditionalCreate", Node::Bool(false)),
        ("conditionalUpdate", Node::Bool(false)),
        ("conditionalDelete", text("not-supported")),
        ("searchParam", Node::Array(parameters(kind))),
        ("operation", Node::Array(operations(kind))),
    ])
}

fn resource(kind: ResourceKind) -> Node {
    if kind.as_str() == records::AUDIT_EVENT {
        return audit_events(kind);
    }
    let mut members = vec![
        ("type", text(kind.as_str())),
        ("interaction", coded(INSTANCE_AND_TYPE)),
        ("versioning", text("versioned-update")),
        ("readHistory", Node::Bool(served(Interaction::HistoryRecord))),
        ("updateCreate", Node::Bool(served(Interaction::Update))),
        ("conditionalCreate", Node::Bool(served(Interaction::Create))),
        ("conditionalRead", text("full-support")),
        ("conditionalUpdate", Node::Bool(served(Interaction::UpdateOnly))),
        ("conditionalDelete", text(if served(Interaction::DeleteOnly) { "single" } else { "not-supported" })),
        ("referencePolicy", texts(["literal", "logical"])),
    ];
    let included = |list: Vec<String>| Node::Array(list.iter().map(|name| text(name)).collect());
    members.extend([
        ("searchInclude", included(includes(kind))),
        ("searchRevInclude", included(reverse_includes(kind))),
        ("searchParam", Node::Array(parameters(kind))),
        ("operation", Node::Array(operations(kind))),
    ]);
    members.retain(|(_, value)| value.as_array() != Some(&[]));
    object(members)
}

/// The search parameters that every type has and that are kept outside the search index, with their types.
pub const OF_ALL_TYPES: [(&str, &str); 2] = [("_id", "token"), ("_lastUpdated", "date")];

fn parameters(kind: ResourceKind) -> Vec<Node> {
    let common = OF_ALL_TYPES.into_iter().map(|(name, kind)| parameter(name, kind));
    let own = definitions::search_params(kind).map(|param| match param.of_state {
        // Not of R4: its definition is named.
        Some(of_state) => object([
            ("name", text(param.code)),
            ("definition", text(of_state.url)),
            ("type", text(param.kind.as_str())),
        ]),
        None => parameter(param.code, param.kind.as_str()),
    });
    common.chain(own).collect()
}

fn parameter(name: &str, kind: &str) -> Node {
    object([("name", text(name)), ("type", text(kind))])
}

/// What `_include` can follow from a type.
fn includes(kind: ResourceKind) -> Vec<String> {
    let mut names: Vec<String> = references(kind).map(|param| format!("{kind}:{}", param.code)).collect();
    if !names.is_empty() {
        names.insert(0, format!("{kind}:*"));
    }
    names
}

/// What `_revinclude` can follow to a type.
fn reverse_includes(target: ResourceKind) -> Vec<String> {
    let sources = definitions::resource_kinds().flat_map(references);
    let leading = sources.filter(|param| param.targets.contains(&target));
    leading.map(|param| format!("{}:{}", param.owner, param.code)).collect()
}

fn references(kind: ResourceKind) -> impl Iterator<Item = &'static definitions::SearchParam> {
    definitions::search_params(kind).filter(|param| param.kind == SearchKind::Reference)
}

fn operations(kind: ResourceKind) -> Vec<Node> {
    let here = OPERATIONS
        .iter()
        .filter(|operation| operation.kinds.is_empty() || operation.kinds.contains(&kind.as_str()));
    let node = |operation: &crate::interactions::Operation| {
        let definition = (operation.definition)(kind.as_str());
        object([("name", text(operation.name)), ("definition", text(&definition))])
    };
    here.map(node).collect()
}

/// Interactions with one record or one type, by their codes in `TypeRestfulInteraction`.
const INSTANCE_AND_TYPE: &[(Interaction, &str)] = &[
    (Interaction::Read, "read"),
    (Interaction::VersionRead, "vread"),
    (Interaction::Update, "update"),
    (Interaction::Patch, "patch"),
    (Interaction::Delete, "delete"),
    (Interaction::HistoryRecord, "history-instance"),
    (Interaction::HistoryKind, "history-type"),
    (Interaction::Create, "create"),
    (Interaction::Search, "search-type"),
];

/// Interactions with what is a view of the journal.
const VIEW: &[(Interaction, &str)] =
    &[(Interaction::Read, "read"), (Interaction::VersionRead, "vread"), (Interaction::Search, "search-type")];

/// Interactions with the whole facility, by their codes in `SystemRestfulInteraction`.
const SYSTEM: &[(Interaction, &str)] = &[
    (Interaction::Bundle, "transaction"),
    (Interaction::Bundle, "batch"),
    (Interaction::HistoryFacility, "history-system"),
    (Interaction::SearchFacility, "search-system"),
];

fn served(interaction: Interaction) -> bool {
    ROUTES.iter().any(|route| route.interaction == interaction)
}

/// Those of `table` that the route table serves.
fn coded(table: &[(Interaction, &str)]) -> Node {
    let codes = table.iter().filter(|(interaction, _)| served(*interaction));
    Node::Array(codes.map(|(_, code)| object([("code", text(code))])).collect())
}

fn text(value: &str) -> Node {
    Node::String(value.to_owned())
}

fn texts<const N: usize>(values: [&str; N]) -> Node {
    Node::Array(values.map(text).into())
}

fn object<'n>(members: impl IntoIterator<Item = (&'n str, Node)>) -> Node {
    Node::Object(members.into_iter().map(|(name, value)| (name.to_owned(), value)).collect())
}
