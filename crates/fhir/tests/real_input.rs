//! Real input: every Synthea bundle and every JP Core example passes parse and check, and comes back as it was.

#![expect(
    clippy::unwrap_used,
    clippy::panic,
    clippy::print_stderr,
    reason = "a test stops where something is wrong"
)]

use base::{Language, Problem, ResourceId, Time, VersionNumber};
use fhir::{Node, bundle, check, check_at, json};
use flate2::read::GzDecoder;
use std::fs::File;
use std::io::Read as _;
use std::path::PathBuf;

/// Resources in the Synthea bundles, and examples in the JP Core package. None is refused.
const SYNTHEA_RESOURCES: usize = 8_129;
const JP_CORE_EXAMPLES: usize = 76;

fn shared(file: &str) -> Option<PathBuf> {
    let folder = PathBuf::from(env!("CARGO_MANIFEST_DIR")).join("../../../shared");
    if folder.is_dir() {
        return Some(folder.join("fhir").join(file));
    }
    eprintln!("skipped: the folder `shared` beside the workspace is not there");
    None
}

/// The JSON files of a package whose path contains `part`, sorted by path.
fn files(package: &str, part: &str) -> Vec<(String, Vec<u8>)> {
    let Some(path) = shared(package) else { return Vec::new() };
    let mut archive = tar::Archive::new(GzDecoder::new(File::open(path).unwrap()));
    let mut files = Vec::new();
    for entry in archive.entries().unwrap() {
        let mut entry = entry.unwrap();
        let path = entry.path().unwrap().to_string_lossy().into_owned();
        if path.contains(part) && entry.path().unwrap().extension().is_some_and(|kind| kind == "json") {
            let mut bytes = Vec::new();
            entry.read_to_end(&mut bytes).unwrap();
            files.push((path, bytes));
        }
    }
    files.sort();
    files
}

fn written(node: &Node) -> Vec<u8> {
    let mut out = Vec::new();
    node.write(&mut out);
    out
}

/// The number texts of a JSON text, in their order: everything outside strings that looks like a number.
fn numbers(bytes: &[u8]) -> Vec<String> {
    let mut found = Vec::new();
    let (mut text, mut in_string, mut escaped) = (String::new(), false, false);
    for byte in bytes {
        if in_string {
            in_string = escaped || *byte != b'"';
            escaped = !escaped && *byte == b'\\';
        } else if *byte == b'"' {
            in_string = true;
        } else if byte.is_ascii_digit() || (b"+-.eE".contains(byte) && (!text.is_empty() || *byte == b'-')) {
            text.push(char::from(*byte));
        } else if !text.is_empty() {
            found.push(std::mem::take(&mut text));
        }
    }
    found
}

/// Read by another parser, both texts hold equal values; and every number is spelled as before.
fn assert_comes_back(name: &str, before: &[u8], after: &[u8]) {
    let value = |bytes: &[u8]| serde_json::from_slice::<serde_json::Value>(bytes).unwrap();
    assert!(value(before) == value(after), "{name}: another value comes back");
    assert!(numbers(before) == numbers(after), "{name}: another number text comes back");
}

fn shown(problems: &[Problem]) -> String {
    let lines = problems.iter().map(|problem| {
        let place = problem.place().unwrap_or_default();
        format!("{} {place}: {}", problem.code().id, problem.text(Language::English))
    });
    lines.collect::<Vec<_>>().join("\n  ")
}

/// What a store would do with the resource: references replaced by themselves, terms made, bytes written and read.
fn assert_storable(name: &str, node: Node, place: &str) {
    let before = node.clone();
    let mut checked =
        check_at(node, place).unwrap_or_else(|problems| panic!("{name}\n  {}", shown(&problems)));
    checked.rewrite_references(&|old| Some(old.to_owned()));
    assert!(*checked.node() == before, "{name}: replacing references by themselves changed something");
    let id = ResourceId::parse(checked.id().unwrap_or("x")).unwrap();
    let bytes = checked.template(&id).render(VersionNumber::FIRST, Time::from_microseconds(0));
    let stored = check(json::parse(&bytes).unwrap()).unwrap();
    assert!(without_meta(stored.node()) == without_meta(&before), "{name}: another resource is stored");
    assert_eq!(stored.terms(), checked.terms(), "{name}");
}

/// The members in a fixed order, but for those the server sets.
fn without_meta(node: &Node) -> Vec<(String, Node)> {
    let mut members = node.as_object().unwrap().to_vec();
    members.retain(|(name, _)| name != "meta" && name != "id");
    members.sort_by(|left, right| left.0.cmp(&right.0));
    members
}

#[test]
fn every_synthea_bundle_passes_and_comes_back() {
    let mut resources = 0;
    for (name, bytes) in files("synthea-r4.tgz", "") {
        let node = json::parse(&bytes).unwrap_or_else(|problem| panic!("{name} {}", shown(&[problem])));
        assert_comes_back(&name, &bytes, &written(&node));
        let bundle = bundle::read(node).unwrap_or_else(|problems| panic!("{name}\n  {}", shown(&problems)));
        assert_eq!(bundle.kind, bundle::BundleKind::Transaction, "{name}");
        for (index, entry) in bundle.entries.into_iter().enumerate() {
            let place = format!("Bundle.entry[{index}].resource");
            assert_storable(&name, entry.resource.unwrap(), &place);
            resources += 1;
        }
    }
    assert!(shared("").is_none() || resources == SYNTHEA_RESOURCES, "{resources} resources");
}

#[test]
fn every_jp_core_example_passes_and_comes_back() {
    let mut passed = 0;
    for (path, bytes) in files("jpfhir.jp.core-1.2.0.tgz", "package/example/") {
        let name = path.rsplit('/').next().unwrap();
        let node = json::parse(&bytes).unwrap_or_else(|problem| panic!("{name} {}", shown(&[problem])));
        assert_comes_back(name, &bytes, &written(&node));
        assert_storable(name, node, name);
        passed += 1;
    }
    assert!(shared("").is_none() || passed == JP_CORE_EXAMPLES, "{passed} examples");
}

/// Members whose texts tell of the file, or are shown in other words: dates, addresses of code systems, data.
const SHOWN_OTHERWISE: [&str; 17] = [
    "resourceType",
    "id",
    "meta",
    "system",
    "url",
    "div",
    "data",
    "hash",
    "version",
    "type",
    "start",
    "end",
    "use",
    "size",
    "rank",
    "language",
    "reference",
];

/// The texts and numbers that whoever reads the record must find in it; in English, where codes are not put into words.
fn said(node: &Node, found: &mut Vec<String>) {
    match node {
        Node::String(text) if fhir::readable::day(text, Language::English).is_none() => {
            found.push(text.clone());
        }
        Node::Number(number) => found.push(number.clone()),
        Node::Array(items) => items.iter().for_each(|item| said(item, found)),
        Node::Object(members) => {
            let has_unit = node.get("unit").is_some();
            for (name, value) in members {
                // The text of an address or a name, where it has one, is shown in place of its parts; the unit, of its code.
                let covered = name == "code" && has_unit
                    || node.get("text").is_some()
                        && (node.get("line").is_some() || node.get("family").is_some());
                let technical = SHOWN_OTHERWISE.contains(&name.as_str()) && value.as_object().is_none();
                let narrative = value.get("div").is_some();
                if name != "meta" && !narrative && !technical && !covered {
                    said(value, found);
                }
            }
        }
        Node::String(_) | Node::Null | Node::Bool(_) => {}
    }
}

/// How many texts were looked for.
fn assert_readable(name: &str, node: &Node) -> usize {
    let lines = fhir::readable::lines(&written(node), Language::English).unwrap();
    let values: Vec<&str> = lines.iter().filter_map(|line| line.value.as_deref()).collect();
    let (shown, mut texts) = (values.join("\n"), Vec::new());
    said(node, &mut texts);
    for text in &texts {
        assert!(shown.contains(text), "{name}: a text is not shown");
    }
    texts.len()
}

#[test]
fn everything_that_a_real_record_says_stands_in_its_lines() {
    let mut texts = 0_usize;
    for (name, bytes) in files("synthea-r4.tgz", "") {
        let bundle = bundle::read(json::parse(&bytes).unwrap()).unwrap();
        for entry in bundle.entries {
            texts += assert_readable(&name, &entry.resource.unwrap());
        }
    }
    for (path, bytes) in files("jpfhir.jp.core-1.2.0.tgz", "package/example/") {
        texts += assert_readable(&path, &json::parse(&bytes).unwrap());
    }
    assert!(shared("").is_none() || texts > 50_000, "{texts} texts");
}
