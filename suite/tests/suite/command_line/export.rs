//! `akashi export`: all current records as NDJSON, to be taken in elsewhere.

use super::{ENTRIES_AFTER_INIT, Site, column, mode};
use crate::material::{born, patient, resource};
use fhir::Node;

/// A line without what the server sets: `meta.versionId`, `meta.lastUpdated`, and a meta that then is empty.
fn unstamped(line: &str) -> String {
    let Node::Object(members) = testkit::json(line.as_bytes()) else { panic!("{line}") };
    let mut kept = Vec::new();
    for (name, node) in members {
        match node {
            Node::Object(mut meta) if name == "meta" => {
                meta.retain(|(name, _)| name != "versionId" && name != "lastUpdated");
                if !meta.is_empty() {
                    kept.push((name, Node::Object(meta)));
                }
            }
            node => kept.push((name, node)),
        }
    }
    let mut out = Vec::new();
    Node::Object(kept).write(&mut out);
    String::from_utf8(out).unwrap()
}

fn all_unstamped(lines: &[String]) -> Vec<String> {
    let mut all: Vec<String> = lines.iter().map(|line| unstamped(line)).collect();
    all.sort();
    all
}

/// Records whose JSON is easily changed on the way.
fn delicate() -> Vec<String> {
    let quantity = |id: &str, value: &str| {
        let rest =
            format!(r#""status":"preliminary","code":{{"text":"x"}},"valueQuantity":{{"value":{value}}}"#);
        resource("Observation", &format!(r#""id":"{id}",{rest}"#))
    };
    let mut all: Vec<String> =
        [("1.10", "o1"), ("1e2", "o2"), ("-0.000", "o3"), ("0.1234567890123456789012345678", "o4")]
            .into_iter()
            .map(|(value, id)| quantity(id, value))
            .collect();
    all.extend((0..300).map(|number| born(&format!("p{number:03}"), "1950")));
    all.push(patient(r#""id":"name","name":[{"family":"髙橋","given":["\"さくら\"","𠮷"]}]"#));
    all.push(patient(r#""id":"tag","meta":{"source":"urn:x","tag":[{"code":"t"}]},"active":true"#));
    all.push(patient(
        r#""id":"half","birthDate":"1950","_birthDate":{"extension":[{"url":"urn:y","valueBoolean":false}]}"#,
    ));
    all
}

#[test]
fn an_export_taken_in_elsewhere_gives_the_same_records() {
    let site = Site::sakura();
    let sent = delicate();
    site.write("in.ndjson", sent.join("\n"));
    site.good("import --data data in.ndjson");
    let first = site.exported("out");
    assert_eq!(all_unstamped(&first), all_unstamped(&sent), "no record, no text of a number is changed");
    let other = Site::empty();
    other.good("init --data data --facility ume");
    let folder = site.path("out");
    other.good(&format!("import --data data {}", folder.display()));
    assert_eq!(all_unstamped(&other.exported("out")), all_unstamped(&first));
    let out = other.good("verify --data data").out;
    let journal = other.journal_of("ume");
    assert_eq!(journal.records(), sent.len());
    assert!(out.contains(&format!(" {} contents", journal.size() - 1)), "{out}");
}

#[test]
fn an_export_has_one_file_for_each_type_and_the_current_version_of_each_record_that_is_there() {
    let site = Site::with_tester();
    let (process, client) = site.serve();
    for (id, year) in [("a", "1950"), ("b", "1950"), ("c", "1950"), ("a", "1951")] {
        client.put(&format!("Patient/{id}"), born(id, year));
    }
    client.put("Observation/a", crate::material::observation(r#""id":"a""#)).expect(201);
    client.delete("Patient/b").expect(204);
    client.put("Basic/x", resource("Basic", r#""id":"x","code":{"text":"x"}"#)).expect(201);
    client.delete("Basic/x").expect(204);
    let current = client.get("Patient/a").expect(200).text();
    process.signal("TERM");
    process.wait();
    let out = site.good("export --data data --out out").out;
    let counts: Vec<Vec<&str>> = out.lines().map(|line| line.split_whitespace().collect()).collect();
    assert_eq!(counts, [["1", "Observation.ndjson"], ["2", "Patient.ndjson"]]);
    let mut files: Vec<_> =
        std::fs::read_dir(site.path("out")).unwrap().map(|file| file.unwrap().file_name()).collect();
    files.sort();
    assert_eq!(files, ["Observation.ndjson", "Patient.ndjson"]);
    let text = site.text("out/Patient.ndjson");
    let lines: Vec<String> = text.lines().map(str::to_owned).collect();
    assert_eq!(column(&lines, "id"), ["a", "c"]);
    assert_eq!(lines[0], current, "byte for byte what the API gives");
}

#[test]
fn clinical_content_is_exported_for_the_owner_only() {
    let site = Site::sakura();
    site.write("in.ndjson", born("a", "1950"));
    site.good("import --data data in.ndjson");
    site.good("export --data data --out out");
    assert_eq!(format!("{:o}", mode(&site.path("out/Patient.ndjson"))), "600");
}

#[test]
fn an_export_never_mixes_with_what_is_there() {
    let site = Site::sakura();
    site.write("in.ndjson", born("a", "1950"));
    site.good("import --data data in.ndjson");
    site.write("filled/notes.txt", "x");
    site.write("file", "x");
    for option in ["--out", "--log"] {
        site.refused(&format!("export --data data {option} filled"), "AK-0003", "filled");
        site.refused(&format!("export --data data {option} file"), "ST-0013", "file");
    }
    assert_eq!(std::fs::read_dir(site.path("filled")).unwrap().count(), 1);
    site.exported("deep/new/folder");
    site.refused("export --data data --out deep/new/folder", "AK-0003", "folder");
}

#[test]
fn a_facility_without_records_is_exported_as_nothing() {
    let site = Site::sakura();
    assert_eq!(site.exported("out"), Vec::<String>::new());
    let out = site.good("export --data data --log log").out;
    // With the entries that say so of both exports.
    assert!(out.contains(&format!("entries written: {}", ENTRIES_AFTER_INIT + 2)), "{out}");
    site.good("verify --log log");
}
