//! Parameters as they come from an address, and the filters or refusals they become.

use super::*;
use crate::definitions::{resource_kind, resource_kinds};

const BASE: &str = "https://akashi.example/f/demo/fhir";

fn search(kind: &str, name: &str, value: &str) -> Result<Filter, Problem> {
    filter(resource_kind(kind).unwrap(), name, value, BASE)
}

fn refusal(kind: &str, name: &str, value: &str) -> &'static str {
    search(kind, name, value).unwrap_err().code().id
}

fn any(kind: &str, name: &str, value: &str) -> Vec<TermMatch> {
    match search(kind, name, value).unwrap() {
        Filter::Terms { any, .. } => any,
        other => panic!("{other:?}"),
    }
}

fn exact(text: &str) -> TermMatch {
    TermMatch::Exact(text.as_bytes().to_vec())
}

fn prefix(text: &str) -> TermMatch {
    TermMatch::Prefix(text.as_bytes().to_vec())
}

#[test]
fn ids_are_alternatives() {
    assert_eq!(search("Patient", "_id", "a,b").unwrap(), Filter::Ids(vec!["a".to_owned(), "b".to_owned()]));
    assert_eq!(refusal("Patient", "_id", "Patient/1"), codes::BAD_ID.id);
}

#[test]
fn a_token_asks_for_code_system_or_both() {
    assert_eq!(any("Patient", "identifier", "12"), [prefix("\u{1}12\0")]);
    assert_eq!(any("Patient", "identifier", "urn:s|12"), [exact("\u{1}12\0urn:s")]);
    assert_eq!(any("Patient", "identifier", "|12"), [exact("\u{1}12\0")]);
    assert_eq!(any("Patient", "identifier", "urn:s|"), [prefix("\u{2}urn:s\0")]);
    assert_eq!(any("Patient", "identifier", "1,urn:s|2"), [prefix("\u{1}1\0"), exact("\u{1}2\0urn:s")]);
}

#[test]
fn backslashes_protect_separators() {
    assert_eq!(any("Patient", "identifier", r"a\,b\|c\$d\\"), [prefix("\u{1}a,b|c$d\\\0")]);
    assert_eq!(any("Patient", "identifier", r"a\\,b"), [prefix("\u{1}a\\\0"), prefix("\u{1}b\0")]);
    assert_eq!(refusal("Patient", "identifier", r"a\n"), codes::BAD_ESCAPE.id);
    assert_eq!(refusal("Patient", "identifier", r"a\"), codes::BAD_ESCAPE.id);
}

#[test]
fn a_token_that_says_nothing_is_refused() {
    for value in ["|", "a|b|c", "||"] {
        assert_eq!(refusal("Patient", "identifier", value), codes::BAD_TOKEN.id, "{value}");
    }
    for value in ["", ",", "a,", "a,,b"] {
        assert_eq!(refusal("Patient", "identifier", value), codes::NO_VALUE.id, "{value}");
    }
}

#[test]
fn a_reference_is_asked_for_in_both_spellings() {
    let both = [exact("\u{1}Patient/1"), exact(&format!("\u{2}{BASE}/Patient/1"))];
    for value in [
        "Patient/1",
        "Patient/1/_history/7",
        &format!("{BASE}/Patient/1"),
        &format!("{BASE}/Patient/1/_history/7"),
        "1",
    ] {
        assert_eq!(any("Observation", "patient", value), both, "{value}");
    }
    assert_eq!(any("Observation", "subject:Patient", "1"), both);
    assert_eq!(any("Observation", "subject:Patient", "Patient/1"), both);
}

#[test]
fn an_id_is_tried_with_every_target_type() {
    let found = any("Observation", "subject", "1");
    for kind in ["Device", "Group", "Location", "Patient"] {
        assert!(found.contains(&exact(&format!("\u{1}{kind}/1"))), "{kind}");
    }
    assert_eq!(found.len(), 8);
}

#[test]
fn addresses_elsewhere_are_asked_for_as_they_are() {
    for value in ["urn:uuid:53fefa32-fcbb-4ff8-8a92-55ee120877b7", "https://other.example/Patient/1"] {
        assert_eq!(any("Observation", "subject", value), [exact(&format!("\u{2}{value}"))]);
    }
    assert_eq!(
        any("Observation", "subject", "https://other.example/Patient/1/_history/2"),
        [exact("\u{2}https://other.example/Patient/1")]
    );
}

#[test]
fn what_is_no_reference_for_the_parameter_is_refused() {
    for (name, value) in [
        ("patient", "Group/1"),
        ("subject", "Patient/a b"),
        ("subject", "Nothing/1"),
        ("subject", "#x"),
        ("subject:Patient", "Group/1"),
        ("subject", "Patient?identifier=1"),
    ] {
        assert_eq!(refusal("Observation", name, value), codes::BAD_REFERENCE.id, "{name}={value}");
    }
}

#[test]
fn modifiers_are_refused_by_name() {
    for (name, value) in [
        ("_id:not", "1"),
        ("_lastUpdated:missing", "true"),
        ("identifier:of-type", "a|b|c"),
        ("identifier:not", "1"),
        ("subject:identifier", "urn:s|1"),
        ("subject:missing", "true"),
        ("subject:Practitioner", "1"),
        ("subject:Patient.name", "x"),
        ("subject:", "1"),
    ] {
        let problem = search("Observation", name, value).unwrap_err();
        assert_eq!(problem.code().id, codes::MODIFIER.id, "{name}");
        let modifier = name.split_once(':').unwrap().1;
        assert!(problem.text(base::Language::English).contains(&format!("`:{modifier}`")), "{name}");
        assert_eq!(problem.place(), Some(name));
    }
}

#[test]
fn an_unknown_parameter_is_named_and_the_known_ones_listed() {
    for name in ["name", "subject.name", "_has:Group:member:_id", "", "_text", "Identifier"] {
        let problem = search("Patient", name, "x").unwrap_err();
        assert_eq!(problem.code().id, codes::UNKNOWN_PARAMETER.id, "{name}");
        let text = problem.text(base::Language::English);
        assert!(
            text.contains(&format!("`{name}`"))
                && text.contains("_id, _lastUpdated, general-practitioner, identifier"),
            "{text}"
        );
    }
}

#[test]
fn values_longer_than_a_term_are_refused() {
    let long = |length: usize| "x".repeat(length);
    assert!(search("Patient", "identifier", &long(1022)).is_ok());
    assert_eq!(refusal("Patient", "identifier", &long(1023)), codes::VALUE_TOO_LONG.id);
    assert_eq!(refusal("Observation", "subject", &format!("urn:{}", long(1024))), codes::VALUE_TOO_LONG.id);
}

#[test]
fn the_number_of_alternatives_is_limited() {
    let values = |count: usize| vec!["1"; count].join(",");
    assert!(search("Patient", "_id", &values(SEARCH_TERMS_MAX)).is_ok());
    assert_eq!(refusal("Patient", "_id", &values(SEARCH_TERMS_MAX + 1)), codes::TOO_MANY_VALUES.id);
}

#[test]
fn debug_tells_nothing_of_the_values() {
    let filter = search("Patient", "identifier", "urn:s|secret").unwrap();
    let printed = format!("{filter:?} {:?}", any("Patient", "identifier", "secret"));
    assert!(!printed.contains("secret") && !printed.contains("115"), "{printed}");
}

/// What a query asks for is what a resource is kept under: every served reference parameter, tried with a resource
/// that has nothing but that reference, would need a resource of every type; the encodings are compared instead.
#[test]
fn query_and_term_agree_on_every_target_of_every_parameter() {
    for kind in resource_kinds() {
        for param in search_params(kind).filter(|param| param.kind == SearchKind::Reference) {
            for target in &param.targets {
                let text = format!("{target}/1");
                let kept = crate::terms::Address::parse(&text).unwrap().encoded();
                assert!(
                    any(kind.as_str(), param.code, &text).contains(&TermMatch::Exact(kept)),
                    "{}",
                    param.name
                );
            }
        }
    }
}
