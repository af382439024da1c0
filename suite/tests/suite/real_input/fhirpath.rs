//! The published tests of FHIRPath for R4, every one of them. Those that fail stand in `fhirpath_failing.txt` with the
//! reason: what fails and is not listed fails the test, and so does what is listed and passes.

use base::{Language, Time};
use fhir::Node;
use fhir::fhirpath::{Expression, Item, Scope};
use flate2::read::GzDecoder;
use roxmltree::{Document, Node as Xml};
use std::collections::{BTreeMap, BTreeSet};
use std::fmt::Write;
use std::fs::File;
use std::io::Read;
use std::path::Path;
use testkit::archive;

/// What the archive holds, beside two cases that stand in comments.
const CASES: usize = 935;

const FAILING: &str = include_str!("fhirpath_failing.txt");

/// The files of the archive by their names. Of two files with one name the one higher up is meant.
type Files = BTreeMap<String, Vec<u8>>;

fn files(archive: &Path) -> Files {
    let mut archive = tar::Archive::new(GzDecoder::new(File::open(archive).unwrap()));
    let mut found: BTreeMap<String, (usize, Vec<u8>)> = BTreeMap::new();
    for entry in archive.entries().unwrap() {
        let mut entry = entry.unwrap();
        let path = entry.path().unwrap().into_owned();
        let depth = path.components().count();
        let Some(name) = path.file_name() else { continue };
        let mut bytes = Vec::new();
        entry.read_to_end(&mut bytes).unwrap();
        let name = name.to_string_lossy().into_owned();
        if found.get(&name).is_none_or(|(known, _)| depth < *known) {
            found.insert(name, (depth, bytes));
        }
    }
    found.into_iter().map(|(name, (_, bytes))| (name, bytes)).collect()
}

/// The resource a case works on: the file it names, or where that is missing the same one in JSON.
fn input(name: &str, files: &Files) -> Option<Node> {
    let name = if name.is_empty() { "patient-example.xml" } else { name };
    let (stem, ending) = name.rsplit_once('.')?;
    match files.get(name) {
        Some(bytes) if ending == "xml" => {
            let text = std::str::from_utf8(bytes).unwrap();
            Some(resource(Document::parse(text).unwrap().root_element()))
        }
        Some(bytes) => fhir::json::parse(bytes).ok(),
        None => fhir::json::parse(files.get(&format!("{stem}.json"))?).ok(),
    }
}

/// A resource in XML as JSON, as far as the inputs of the tests need it: by a rule of thumb, not by the definitions.
fn resource(element: Xml<'_, '_>) -> Node {
    let kind = Node::String(element.tag_name().name().to_owned());
    let mut members = vec![("resourceType".to_owned(), kind)];
    members.extend(members_of(element));
    Node::Object(members)
}

fn members_of(element: Xml<'_, '_>) -> Vec<(String, Node)> {
    let text = |text: &str| Node::String(text.to_owned());
    let attributes = element.attributes().filter(|attribute| attribute.name() != "value");
    let mut members: Vec<(String, Node)> =
        attributes.map(|attribute| (attribute.name().to_owned(), text(attribute.value()))).collect();
    let children: Vec<Xml<'_, '_>> = element.children().filter(Xml::is_element).collect();
    let mut met = BTreeSet::new();
    for name in children.iter().map(|child| child.tag_name().name()).filter(|name| met.insert(*name)) {
        let same = || children.iter().filter(|child| child.tag_name().name() == name);
        let one = same().count() == 1 && name != "extension";
        let joined = |mut nodes: Vec<Node>| if one { nodes.remove(0) } else { Node::Array(nodes) };
        members.push((name.to_owned(), joined(same().map(|child| value(element, *child)).collect())));
        let partners: Vec<Node> = same().map(|child| partner(*child)).collect();
        if partners.iter().any(|partner| *partner != Node::Null) {
            members.push((format!("_{name}"), joined(partners)));
        }
    }
    members
}

fn value(parent: Xml<'_, '_>, element: Xml<'_, '_>) -> Node {
    let (name, around) = (element.tag_name().name(), parent.tag_name().name());
    let is_number = matches!(name, "valueDecimal" | "valueInteger" | "total" | "rank")
        || (name == "value" && (around.ends_with("Quantity") || around.ends_with("Age")));
    let inner = element.first_element_child();
    match (element.attribute("value"), inner) {
        _ if name == "div" => Node::String("<div xmlns=\"http://www.w3.org/1999/xhtml\">x</div>".to_owned()),
        (Some(text @ ("true" | "false")), _) => Node::Bool(text == "true"),
        (Some(text), _) if is_number => Node::Number(text.to_owned()),
        (Some(text), _) => Node::String(text.to_owned()),
        (None, Some(inner)) if inner.tag_name().name().starts_with(char::is_uppercase) => resource(inner),
        (None, _) => Node::Object(members_of(element)),
    }
}

/// What a primitive carries beside its value.
fn partner(element: Xml<'_, '_>) -> Node {
    let members = if element.has_attribute("value") { members_of(element) } else { Vec::new() };
    if members.is_empty() { Node::Null } else { Node::Object(members) }
}

/// Why a case fails; nothing when it passes.
fn failure(case: Xml<'_, '_>, files: &Files) -> Option<String> {
    let named = |name: &'static str| case.children().filter(move |child| child.has_tag_name(name));
    let expression = named("expression").next().unwrap();
    let invalid = expression.has_attribute("invalid");
    let refused = |problem: &base::Problem| (!invalid).then(|| problem.text(Language::English));
    let name = case.attribute("inputfile").unwrap_or_default();
    let Some(node) = input(name, files) else { return Some(format!("{name} is not in the archive")) };
    let focus = Item::resource(&node).unwrap();
    let scope = Scope::new(Time::parse("2026-04-01T00:00:00Z").unwrap()).strict();
    let compiled = match Expression::parse(expression.text().unwrap_or_default()) {
        Ok(compiled) => compiled,
        Err(problem) => return refused(&problem),
    };
    let found = match compiled.evaluate(&scope, &focus) {
        Ok(found) => found,
        Err(problem) => return refused(&problem),
    };
    if invalid {
        return Some("accepted".to_owned());
    }
    let mut wanted: Vec<(String, String)> = named("output").map(expected).collect();
    let mut got: Vec<(String, String)> = match case.attribute("predicate") {
        Some("true") => vec![("boolean".to_owned(), (!found.is_empty()).to_string())],
        _ => found.iter().map(shown).collect(),
    };
    if case.attribute("ordered") == Some("false") {
        wanted.sort();
        got.sort();
    }
    (!same(&wanted, &got)).then(|| format!("{got:?}"))
}

fn same(wanted: &[(String, String)], got: &[(String, String)]) -> bool {
    let same = |((kind, text), (got_kind, got_text)): (&(String, String), &(String, String))| {
        text == got_text && (kind.is_empty() || kind.eq_ignore_ascii_case(got_kind))
    };
    wanted.len() == got.len() && wanted.iter().zip(got).all(same)
}

/// Type and text of an output; dates and times are written as literals.
fn expected(output: Xml<'_, '_>) -> (String, String) {
    let text = output.text().unwrap_or_default();
    let text = text.strip_prefix("@T").or_else(|| text.strip_prefix('@')).unwrap_or(text);
    (output.attribute("type").unwrap_or_default().to_owned(), text.to_owned())
}

fn shown(item: &Item<'_>) -> (String, String) {
    let text = match item {
        Item::Value(value) => value.to_string(),
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
    let Some(path) = archive::shared("../conformance/fhirpath-r4-tests.tgz") else { return };
    let files = files(&path);
    let text = std::str::from_utf8(&files["tests-fhir-r4.xml"]).unwrap();
    let document = Document::parse(text).unwrap();
    let (mut table, mut failing, mut count) = (String::new(), BTreeMap::new(), 0);
    for group in document.descendants().filter(|node| node.has_tag_name("group")) {
        let (mut passed, mut failed) = (0, 0);
        for case in group.descendants().filter(|node| node.has_tag_name("test")) {
            count += 1;
            if let Some(why) = failure(case, &files) {
                failed += 1;
                failing.insert(case.attribute("name").unwrap(), why);
            } else {
                passed += 1;
            }
        }
        writeln!(table, "{:36} {passed:4} {failed:4}", group.attribute("name").unwrap()).unwrap();
    }
    println!("{table}");
    let listed: BTreeSet<&str> = FAILING.lines().filter_map(|line| Some(line.split_once(" # ")?.0)).collect();
    let found: BTreeSet<&str> = failing.keys().copied().collect();
    assert_eq!(count, CASES);
    assert_eq!(found, listed, "{failing:#?}");
}
