//! That every rule can be judged, and that our own code judges as the expressions do.

use super::*;
use crate::definitions::{Element, ResourceKind, TypeKind, Variant, resource_kinds, table};
use crate::json::parse;
use flate2::read::GzDecoder;
use std::fs::File;
use std::io::Read as _;
use std::path::Path;

fn by_expression(rule: &'static Rule, focus: Focus<'_>, around: &Around<'_>) -> Result<bool, Problem> {
    judges()[rule.number].engine.get_or_init(|| engine::Judge::of(rule)).holds(focus, around)
}

fn focus<'n>(node: &'n Node, kind: &'static Type) -> Focus<'n> {
    Focus { node, members: node.as_object().unwrap_or_default(), kind }
}

fn rule(key: &str) -> &'static Rule {
    definitions::rules().iter().find(|rule| rule.key == key).unwrap()
}

fn kind(name: &str) -> &'static Type {
    table().find(name).unwrap()
}

/// All places of the table where rules stand: the type there, and the rules.
fn places() -> Vec<(&'static Type, &'static [&'static Rule])> {
    let mut names: Vec<&str> = resource_kinds().map(ResourceKind::as_str).collect();
    let mut places: Vec<(&Type, &[&Rule])> = Vec::new();
    let mut seen = HashSet::new();
    while let Some(name) = names.pop() {
        if seen.insert(name) {
            let owner = kind(name);
            places.push((owner, &owner.rules));
            let types = |element: &'static Element| element.variants.iter().filter_map(Variant::kind);
            for element in &owner.elements {
                places.extend(types(element).map(|kind| (kind, element.rules.as_slice())));
                names.extend(types(element).map(|kind| kind.name));
            }
        }
    }
    places
}

#[test]
fn every_rule_stands_somewhere() {
    let found: HashSet<usize> =
        places().iter().flat_map(|(_, rules)| rules.iter().map(|rule| rule.number)).collect();
    let lost: Vec<&str> = definitions::rules()
        .iter()
        .filter(|rule| !found.contains(&rule.number))
        .map(|rule| rule.key)
        .collect();
    assert_eq!(lost, [""; 0]);
}

/// Where there is nothing, an expression may be true, false or neither, but it can be evaluated.
#[test]
fn every_rule_can_be_decided_where_there_is_nothing() {
    let patient = Node::Object(Vec::new());
    let around = Around::of(&patient, kind("Patient"), None);
    for (kind, rules) in places() {
        let node = match kind.kind {
            TypeKind::Text => Node::String("1".to_owned()),
            TypeKind::Number => Node::Number("1".to_owned()),
            TypeKind::Boolean => Node::Bool(true),
            TypeKind::Complex | TypeKind::Resource | TypeKind::AnyResource => Node::Object(Vec::new()),
        };
        for rule in rules {
            let verdict = by_expression(rule, focus(&node, kind), &around);
            assert!(verdict.is_ok(), "{} of {}: {verdict:?}", rule.key, kind.name);
        }
    }
}

/// Invariants of primitives are not judged at their values: a value is content enough.
#[test]
fn the_only_rule_of_primitives_is_that_they_have_content() {
    for (kind, _) in places().iter().filter(|(kind, _)| kind.kind.is_primitive()) {
        let keys: Vec<&str> = kind.rules.iter().map(|rule| rule.key).collect();
        assert_eq!(keys, ["ele-1"], "{}", kind.name);
    }
}

/// Rules judged by our code: key, type, values for which it holds, values for which it does not.
type Case = (&'static str, &'static str, &'static [&'static str], &'static [&'static str]);

const CASES: &[Case] = &[
    (
        "ele-1",
        "HumanName",
        &[r#"{"text":"x"}"#, r#"{"id":"x","_text":{"extension":[{"url":"urn:x","valueCode":"y"}]}}"#],
        &[r#"{"id":"x"}"#],
    ),
    (
        "ext-1",
        "Extension",
        &[
            r#"{"url":"urn:x","valueCode":"y"}"#,
            r#"{"url":"urn:x","extension":[{"url":"urn:y","valueCode":"y"}]}"#,
            r#"{"url":"urn:x","_valueCode":{"extension":[{"url":"urn:x","valueCode":"y"}]}}"#,
        ],
        &[
            r#"{"url":"urn:x"}"#,
            r#"{"url":"urn:x","valueCode":"y","extension":[{"url":"urn:y","valueCode":"y"}]}"#,
        ],
    ),
    ("qty-3", "Quantity", &[r#"{"code":"mg","system":"urn:x"}"#, r#"{"value":1}"#], &[r#"{"code":"mg"}"#]),
    (
        "cpt-2",
        "ContactPoint",
        &[r#"{"value":"1","system":"phone"}"#, r#"{"use":"home"}"#],
        &[r#"{"value":"1"}"#],
    ),
    (
        "att-1",
        "Attachment",
        &[r#"{"data":"QQ==","contentType":"a/b"}"#, r#"{"url":"urn:x"}"#],
        &[r#"{"data":"QQ=="}"#],
    ),
    (
        "per-1",
        "Period",
        &[
            r#"{"start":"2026-04-01","end":"2026-04-01"}"#,
            r#"{"start":"2026","end":"2026-01"}"#,
            r#"{"start":"2026-04-01T09:00:00+09:00","end":"2026-04-01T00:00:01Z"}"#,
            r#"{"start":"2026-04-01T09:00:00.5Z","end":"2026-04-01T09:00:00.6Z"}"#,
            r#"{"start":"2026-04-01"}"#,
            r#"{"start":"2026-04-01","end":"2026-04-01T00:00:00+09:00"}"#,
            r#"{"start":"2016-12-31T23:59:60Z","end":"2017-01-01T09:00:01+09:00"}"#,
            r#"{"end":"2026-04-01","_start":{"extension":[{"url":"urn:x","valueCode":"y"}]}}"#,
        ],
        &[
            r#"{"start":"2026-04-02","end":"2026-04-01"}"#,
            r#"{"start":"2026-05","end":"2026-04"}"#,
            r#"{"start":"2026-04-01T09:00:00Z","end":"2026-04-01T09:00:00+09:00"}"#,
            r#"{"start":"2026-04-01T09:00:00.6Z","end":"2026-04-01T09:00:00.5Z"}"#,
            r#"{"start":"2027","end":"2026-04-01T00:00:00Z"}"#,
        ],
    ),
    (
        "dom-2",
        "Patient",
        &[r#"{"resourceType":"Patient","contained":[{"resourceType":"Basic","id":"a"}]}"#],
        &[
            r#"{"resourceType":"Patient","contained":[{"resourceType":"Basic","contained":[{"resourceType":"Basic"}]}]}"#,
        ],
    ),
    (
        "dom-3",
        "Patient",
        &[
            r#"{"resourceType":"Patient"}"#,
            r##"{"resourceType":"Patient","contained":[{"resourceType":"Organization","id":"o"}],"managingOrganization":{"reference":"#o"}}"##,
            r##"{"resourceType":"Patient","contained":[{"resourceType":"Basic","id":"a","subject":{"reference":"#"}}]}"##,
            r##"{"resourceType":"Patient","contained":[{"resourceType":"Basic","id":"a"}],"extension":[{"url":"urn:x","valueCanonical":"#a"}]}"##,
            r##"{"resourceType":"Patient","contained":[{"resourceType":"Basic","id":"a"},{"resourceType":"Basic","id":"b","subject":{"reference":"#a"},"author":{"reference":"#"}}]}"##,
        ],
        &[
            r#"{"resourceType":"Patient","contained":[{"resourceType":"Basic","id":"a"}]}"#,
            r##"{"resourceType":"Patient","contained":[{"resourceType":"Basic","id":"a"}],"managingOrganization":{"display":"#a"}}"##,
            r##"{"resourceType":"Patient","contained":[{"resourceType":"Basic","id":"a"},{"resourceType":"Basic","id":"b"}],"managingOrganization":{"reference":"#a"}}"##,
        ],
    ),
    (
        "dom-4",
        "Patient",
        &[
            r#"{"resourceType":"Patient","meta":{"versionId":"1"},"contained":[{"resourceType":"Basic","meta":{"source":"urn:x"}}]}"#,
        ],
        &[
            r#"{"resourceType":"Patient","contained":[{"resourceType":"Basic","meta":{"versionId":"1"}}]}"#,
            r#"{"resourceType":"Patient","contained":[{"resourceType":"Basic"},{"resourceType":"Basic","meta":{"lastUpdated":"2026-04-01T09:00:00Z"}}]}"#,
        ],
    ),
    (
        "dom-5",
        "Patient",
        &[
            r#"{"resourceType":"Patient","meta":{"security":[{"code":"R"}]},"contained":[{"resourceType":"Basic","meta":{"tag":[{"code":"x"}]}}]}"#,
        ],
        &[
            r#"{"resourceType":"Patient","contained":[{"resourceType":"Basic","meta":{"security":[{"code":"R"}]}}]}"#,
        ],
    ),
    (
        "dom-6",
        "Patient",
        &[
            r#"{"resourceType":"Patient","text":{"status":"generated","div":"<div xmlns='http://www.w3.org/1999/xhtml'>x</div>"}}"#,
        ],
        &[r#"{"resourceType":"Patient"}"#, r#"{"resourceType":"Patient","text":{"status":"generated"}}"#],
    ),
];

#[test]
fn our_code_judges_as_the_expressions_do() {
    for (key, name, good, bad) in CASES {
        let cases = good.iter().map(|text| (text, true)).chain(bad.iter().map(|text| (text, false)));
        for (text, expected) in cases {
            let node = parse(text.as_bytes()).unwrap();
            let around = Around::of(&node, kind(name), None);
            let verdict = by_expression(rule(key), focus(&node, kind(name)), &around);
            assert_eq!(verdict, Ok(expected), "{key} by its expression: {text}");
            let native = native::of(key).unwrap()(focus(&node, kind(name)), &around);
            assert!(native.is_none_or(|native| native == expected), "{key} by our code: {text}");
        }
    }
}

#[test]
fn a_reference_within_leads_to_what_the_root_contains() {
    let text = r##"{"resourceType":"Patient","contained":[{"resourceType":"Basic","id":"a","subject":{"reference":"#b"}}]}"##;
    let node = parse(text.as_bytes()).unwrap();
    let root = Around::of(&node, kind("Patient"), None);
    let inner = node.get("contained").unwrap().as_array().unwrap().first().unwrap();
    let inside = Around::of(inner, kind("Basic"), Some(root.clone()));
    for around in [&root, &inside] {
        for (reference, expected) in
            [("#a", true), ("#b", false), ("#", true), ("Patient/1", true), ("urn:x#b", true)]
        {
            let value = parse(format!(r#"{{"reference":"{reference}"}}"#).as_bytes()).unwrap();
            let native = native::of("ref-1").unwrap()(focus(&value, kind("Reference")), around);
            assert_eq!(native, Some(expected), "{reference}");
            let verdict = by_expression(rule("ref-1"), focus(&value, kind("Reference")), around);
            assert_eq!(verdict, Ok(expected), "{reference}");
        }
    }
}

#[test]
fn every_rule_judged_by_our_code_is_compared() {
    let compared: HashSet<&str> = CASES.iter().map(|case| case.0).chain(["ref-1"]).collect();
    let natives = definitions::rules().iter().map(|rule| rule.key).filter(|key| native::of(key).is_some());
    let missing: Vec<&str> = natives.filter(|key| !compared.contains(key)).collect();
    assert_eq!(missing, ["txt-1", "txt-2"], "narratives are compared in their own tests");
}

/// Compares both judgements of every rule at every value of a resource; adds how many were compared.
fn compare(node: &Node, container: Option<&Around<'_>>, compared: &mut usize) {
    let kind = node.get("resourceType").and_then(Node::as_str).and_then(|name| table().find(name)).unwrap();
    let around = Around::of(node, kind, container.cloned());
    compare_value(node, kind, &around, compared);
}

fn compare_value(node: &Node, kind: &'static Type, around: &Around<'_>, compared: &mut usize) {
    for item in node.as_array().unwrap_or_default() {
        compare_value(item, kind, around, compared);
    }
    let Some(members) = node.as_object() else { return };
    for rule in kind.rules.iter().filter(|_| kind.name != "Element") {
        if let Some(ours) = native::of(rule.key).and_then(|native| native(focus(node, kind), around)) {
            assert_eq!(
                by_expression(rule, focus(node, kind), around),
                Ok(ours),
                "{} of {}",
                rule.key,
                kind.name
            );
            *compared += 1;
        }
    }
    for (name, value) in members {
        match (name.strip_prefix('_'), kind.member(name)) {
            (Some(_), _) => compare_value(value, self::kind("Element"), around, compared),
            (None, Some((.., target))) if target.is_resource() => {
                let container = (name == "contained").then_some(around);
                let one = value.as_object().map(|_| value);
                let resources = value.as_array().unwrap_or_default().iter().chain(one);
                resources.for_each(|resource| compare(resource, container, compared));
            }
            (None, Some((.., target))) => compare_value(value, target, around, compared),
            (None, None) => {}
        }
    }
}

/// The JSON files of a package beside the workspace; none where it is not there.
fn package(path: &str) -> Vec<Node> {
    let path = Path::new(env!("CARGO_MANIFEST_DIR")).join("../..").join(path);
    let Ok(file) = File::open(path) else { return Vec::new() };
    let mut archive = tar::Archive::new(GzDecoder::new(file));
    let mut nodes = Vec::new();
    for entry in archive.entries().unwrap() {
        let mut bytes = Vec::new();
        entry.unwrap().read_to_end(&mut bytes).unwrap();
        nodes.extend(parse(&bytes).ok().filter(|node| node.get("resourceType").is_some()));
    }
    nodes
}

#[test]
fn our_code_judges_real_resources_as_the_expressions_do() {
    for (path, least) in [
        ("../shared/fhir/synthea-r4.tgz", 240_000),
        ("../shared/fhir/jpfhir.jp.core-1.2.0.tgz", 40_000),
        ("target/packages/hl7.fhir.r4.examples-4.0.1.tgz", 900_000),
    ] {
        let nodes = package(path);
        let mut compared = 0;
        for node in &nodes {
            compare(node, None, &mut compared);
        }
        assert!(nodes.is_empty() || compared >= least, "{path}: {compared}");
    }
}
