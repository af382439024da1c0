//! The CapabilityStatement lists exactly what is served.

use crate::material::born;
use fhir::Node;
use fhir::definitions;
use server::{Interaction, OPERATIONS, ROUTES};
use std::collections::BTreeSet;
use testkit::{Clinic, at, texts};

/// How FHIR calls an interaction: the codes and whether they stand with each type or with the system.
fn codes(interaction: Interaction) -> (bool, &'static [&'static str]) {
    match interaction {
        Interaction::Read => (true, &["read"]),
        Interaction::VersionRead => (true, &["vread"]),
        Interaction::Update | Interaction::UpdateOnly => (true, &["update"]),
        Interaction::Patch | Interaction::PatchOnly => (true, &["patch"]),
        Interaction::Delete | Interaction::DeleteOnly => (true, &["delete"]),
        Interaction::HistoryRecord => (true, &["history-instance"]),
        Interaction::HistoryKind => (true, &["history-type"]),
        Interaction::Create => (true, &["create"]),
        Interaction::Search
        | Interaction::SearchForm
        | Interaction::SearchCompartment
        | Interaction::SearchCompartmentForm => (true, &["search-type"]),
        Interaction::Bundle => (false, &["batch", "transaction"]),
        Interaction::HistoryFacility => (false, &["history-system"]),
        Interaction::SearchFacility | Interaction::SearchFacilityForm => (false, &["search-system"]),
        Interaction::Everything
        | Interaction::EverythingForm
        | Interaction::Validate
        | Interaction::ValidateRecord
        | Interaction::Health
        | Interaction::Capabilities
        | Interaction::Proof
        | Interaction::Chart
        | Interaction::HistoryDiff
        | Interaction::Document
        | Interaction::Lookers
        | Interaction::Match
        | Interaction::Duplicates
        | Interaction::Merge
        | Interaction::Unmerge
        | Interaction::Distinct
        | Interaction::Finalize
        | Interaction::Amend
        | Interaction::Withdraw
        | Interaction::Approve
        | Interaction::Return
        | Interaction::Assign
        | Interaction::Cosign
        | Interaction::Log
        | Interaction::Identity(_)
        | Interaction::Console(_) => (false, &[]),
    }
}

fn served(of_type: bool) -> BTreeSet<String> {
    let rows = ROUTES.iter().map(|row| codes(row.interaction)).filter(|(each, _)| *each == of_type);
    rows.flat_map(|(_, codes)| codes.iter().map(|code| (*code).to_owned())).collect()
}

#[test]
fn the_statement_lists_exactly_the_interactions_of_the_route_table() {
    let clinic = Clinic::start();
    let reply = clinic.stranger().get("metadata").expect(200);
    let node = reply.node();
    assert_eq!((reply.get("kind"), reply.get("fhirVersion")), ("instance".to_owned(), "4.0.1".to_owned()));
    assert_eq!(reply.get("implementation.url"), clinic.client().base());
    let system: BTreeSet<String> = texts(&node, "rest.0.interaction", "code").into_iter().collect();
    assert_eq!(system, served(false));
    let resources = at(&node, "rest.0.resource").and_then(Node::as_array).unwrap();
    for resource in resources {
        let listed: BTreeSet<String> = texts(resource, "interaction", "code").into_iter().collect();
        if resource.get("type").and_then(Node::as_str) == Some("AuditEvent") {
            // A view of the journal: written by nobody.
            assert_eq!(listed, ["read", "search-type", "vread"].map(str::to_owned).into());
            continue;
        }
        assert_eq!(listed, served(true), "{:?}", resource.get("type").and_then(Node::as_str));
    }
    let types: BTreeSet<&str> =
        resources.iter().filter_map(|one| one.get("type").and_then(Node::as_str)).collect();
    let known: BTreeSet<&str> =
        definitions::resource_kinds().map(definitions::ResourceKind::as_str).collect();
    assert_eq!(types, known);
    assert!(types.len() > 140 && resources.len() == types.len());
}

#[test]
fn every_search_parameter_of_the_statement_can_be_searched() {
    let clinic = Clinic::start();
    let client = clinic.client();
    let node = client.get("metadata").expect(200).node();
    let mut tried = 0;
    for resource in at(&node, "rest.0.resource").and_then(Node::as_array).unwrap() {
        let kind = resource.get("type").and_then(Node::as_str).unwrap();
        let listed: BTreeSet<String> = texts(resource, "searchParam", "name").into_iter().collect();
        for (name, form) in
            texts(resource, "searchParam", "name").iter().zip(texts(resource, "searchParam", "type"))
        {
            if form == "composite" || form == "token" {
                // What parts are compared by, and which tokens are true or false, the statement does not say.
                let values = [
                    "x",
                    "true",
                    "x$x",
                    "x$1",
                    "x$2026",
                    "x$1$1",
                    "Patient/1$x",
                    "x$Patient/1",
                    "Nothing/1$x",
                    "draft",
                    "return",
                ];
                let taken =
                    values.iter().any(|value| client.get(&format!("{kind}?{name}={value}")).status() == 200);
                assert!(taken, "{kind}?{name}");
                tried += 1;
                continue;
            }
            let value = match form.as_str() {
                "date" => "2026",
                "number" | "quantity" => "1",
                "reference" => "https://example.org/fhir/Nothing/1",
                _ => "x",
            };
            client.get(&format!("{kind}?{name}={value}")).expect(200);
            tried += 1;
        }
        let known = definitions::resource_kind(kind).unwrap();
        let defined = definitions::search_params(known).map(|found| found.code.to_owned());
        let expected: BTreeSet<String> =
            defined.chain(["_id".to_owned(), "_lastUpdated".to_owned()]).collect();
        assert_eq!(listed, expected, "{kind}");
    }
    assert!(tried > 2_000, "{tried}");
}

#[test]
fn parameters_that_r4_does_not_have_name_their_definition_and_the_others_do_not() {
    let clinic = Clinic::start();
    let node = clinic.client().get("metadata").expect(200).node();
    let mut named = BTreeSet::new();
    for resource in at(&node, "rest.0.resource").and_then(Node::as_array).unwrap() {
        for param in at(resource, "searchParam").and_then(Node::as_array).unwrap_or_default() {
            let name = param.get("name").and_then(Node::as_str).unwrap();
            let definition = param.get("definition").and_then(Node::as_str);
            let own = definitions::STATE_PARAMS.iter().find(|own| own.code == name).map(|own| own.url);
            assert_eq!(definition, own, "{name}");
            named.extend(definition);
        }
    }
    assert_eq!(named.len(), definitions::STATE_PARAMS.len());
}

#[test]
fn the_statement_is_a_resource_that_can_be_stored() {
    let clinic = Clinic::start();
    let client = clinic.client();
    for language in ["ja", "en"] {
        let ask = client.ask(http::Method::GET, "metadata").field("accept-language", language);
        let statement = ask.send().expect(200);
        assert_eq!(statement.field("content-language"), language);
        client.post("CapabilityStatement", statement.body).expect(201);
    }
}

#[test]
fn every_operation_of_the_statement_answers_at_its_types() {
    let clinic = Clinic::start();
    let client = clinic.client();
    client.put("Patient/p", born("p", "1950")).expect(201);
    let node = client.get("metadata").expect(200).node();
    for resource in at(&node, "rest.0.resource").and_then(Node::as_array).unwrap() {
        let kind = resource.get("type").and_then(Node::as_str).unwrap();
        let listed = texts(resource, "operation", "name");
        for operation in OPERATIONS {
            let offered = operation.kinds.is_empty() || operation.kinds.contains(&kind);
            assert_eq!(
                listed.iter().any(|name| name == operation.name),
                offered,
                "{kind} {}",
                operation.name
            );
        }
    }
    for operation in OPERATIONS {
        let reads = |row: &server::Route| {
            row.method == http::Method::GET && operation.interactions.contains(&row.interaction)
        };
        let of_a_record = ROUTES
            .iter()
            .any(|row| operation.interactions.contains(&row.interaction) && row.path.contains("{id}"));
        let at = if of_a_record { "/p" } else { "" };
        if ROUTES.iter().any(reads) {
            client.get(&format!("Patient{at}/${}", operation.name)).expect(200);
            continue;
        }
        // What changes something is offered at its types, though it takes more than an address.
        for kind in operation.kinds {
            let path = format!("{kind}{at}/${}", operation.name);
            let (_, code) = client.ask(http::Method::POST, &path).send().refusal();
            assert!(["AC-0001", "RC-0067", "FH-0001"].contains(&code.as_str()), "{path}: {code}");
        }
    }
}

#[test]
fn what_the_statement_says_of_conditions_and_patches_is_so() {
    let clinic = Clinic::start();
    let node = clinic.client().get("metadata").expect(200).node();
    assert_eq!(at(&node, "patchFormat.0").and_then(Node::as_str), Some("application/json-patch+json"));
    for resource in at(&node, "rest.0.resource").and_then(Node::as_array).unwrap() {
        let written = resource.get("type").and_then(Node::as_str) != Some("AuditEvent");
        for name in ["conditionalCreate", "conditionalUpdate", "updateCreate", "readHistory"] {
            assert!(resource.get(name) == Some(&Node::Bool(written)), "{name}");
        }
        if !written {
            continue;
        }
        assert_eq!(resource.get("conditionalRead").and_then(Node::as_str), Some("full-support"));
        assert_eq!(resource.get("conditionalDelete").and_then(Node::as_str), Some("single"));
    }
    let compartments = at(&node, "rest.0.compartment").and_then(Node::as_array).unwrap();
    assert_eq!(compartments.len(), 5);
}
