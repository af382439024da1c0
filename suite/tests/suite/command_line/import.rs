//! `akashi import`: what it takes, what it refuses and how it says so.

use super::{Site, column};
use crate::material::{born, bundle, named, observation, patient, resource, urn, writes};
use std::fs;
use testkit::archive::{gzipped, packed};

/// Patients with these ids, one a line.
fn patients(ids: &[&str]) -> String {
    ids.iter().map(|id| born(id, "1950") + "\n").collect()
}

fn imported(site: &Site, line: &str) -> String {
    let out = site.good(line).out;
    let (_, rest) = out.split_once("resources imported: ").unwrap_or_else(|| panic!("{out}"));
    rest.split_whitespace().next().unwrap().to_owned()
}

#[test]
fn every_form_of_file_is_taken_in() {
    let a_and_b = patients(&["a", "b"]);
    let transaction = bundle(
        "transaction",
        &[writes("PUT", "Patient/a", &born("a", "1950")), writes("PUT", "Patient/b", &born("b", "1950"))],
    );
    let (a, b) = (born("a", "1950"), born("b", "1950"));
    let archive = packed(&[
        ("package/package.json", b"{\"name\":\"x\"}"),
        ("package/.index.json", b"{}"),
        ("package/readme.md", b"no resource"),
        ("package/example/a.json", a.as_bytes()),
        ("package/b.ndjson", b.as_bytes()),
    ]);
    let lines_with_gaps = format!("\n{a}\r\n\n  \r\n{b}");
    for (name, files) in [
        ("lines", &[("in/ab.ndjson", a_and_b.as_bytes())][..]),
        ("lines by another name", &[("in/ab.jsonl", a_and_b.as_bytes())]),
        ("gaps and foreign line ends", &[("in/ab.ndjson", lines_with_gaps.as_bytes())]),
        ("packed lines", &[("in/ab.ndjson.gz", &gzipped(a_and_b.as_bytes())[..])]),
        ("single resources", &[("in/a.json", a.as_bytes()), ("in/b.JSON", b.as_bytes())]),
        ("a Bundle", &[("in/ab.json", transaction.as_bytes())]),
        ("a Bundle on a line", &[("in/ab.ndjson", transaction.as_bytes())]),
        (
            "a folder with other things",
            &[
                ("in/x/a.json", a.as_bytes()),
                ("in/y/z/b.ndjson", b.as_bytes()),
                ("in/notes.txt", b"no resource"),
                ("in/package.json", b"{}"),
            ],
        ),
        ("an archive", &[("in/ab.tgz", &archive[..])]),
        ("an archive by another name", &[("in/ab.tar.gz", &archive[..])]),
    ] {
        let site = Site::sakura();
        for (path, bytes) in files {
            site.write(path, bytes);
        }
        assert_eq!(imported(&site, "import --data data in"), "2", "{name}");
        let records = site.exported("out");
        assert_eq!(column(&records, "id"), ["a", "b"], "{name}");
        assert_eq!(column(&records, "meta.versionId"), ["1", "1"], "{name}");
        site.good("verify --data data");
    }
}

#[test]
fn what_was_taken_in_is_passed_over_wherever_it_lies_now() {
    let site = Site::sakura();
    site.write("first.ndjson", patients(&["a", "b", "c"]));
    assert_eq!(imported(&site, "import --data data first.ndjson"), "3");
    for (name, bytes) in [
        ("again/first.ndjson", patients(&["a", "b", "c"]).into_bytes()),
        ("other-name.ndjson", patients(&["a", "b", "c"]).into_bytes()),
        ("packed.ndjson.gz", gzipped(patients(&["a", "b", "c"]).as_bytes())),
        ("archive.tgz", packed(&[("x/first.ndjson", patients(&["a", "b", "c"]).as_bytes())])),
    ] {
        site.write(name, bytes);
        let out = site.good(&format!("import --data data {name}")).out;
        assert!(
            out.contains("resources imported: 0 ") && out.contains("imported earlier: 3"),
            "{name}: {out}"
        );
    }
    assert_eq!(column(&site.exported("out"), "meta.versionId"), ["1", "1", "1"]);
}

#[test]
fn one_record_in_several_lines_gets_one_version_for_each_of_them_in_their_order() {
    let site = Site::with_tester();
    let lines: String = (1950..1960).map(|year| born("a", &year.to_string()) + "\n").collect();
    site.write("a.ndjson", lines);
    assert_eq!(imported(&site, "import --data data a.ndjson"), "10");
    let records = site.exported("out");
    assert_eq!(column(&records, "meta.versionId"), ["10"]);
    assert_eq!(column(&records, "birthDate"), ["1959"]);
    let (process, client) = site.serve();
    assert_eq!(client.get("Patient/a/_history/3").expect(200).get("birthDate"), "1952");
    process.kill();
}

#[test]
fn references_inside_a_transaction_lead_to_the_records_they_became() {
    let site = Site::sakura();
    let observation = observation(&format!(r#""subject":{{"reference":"{}"}}"#, urn(1)));
    site.write(
        "t.json",
        bundle(
            "transaction",
            &[
                named(&urn(1), "POST", "Patient", &patient("")),
                named(&urn(2), "POST", "Observation", &observation),
            ],
        ),
    );
    assert_eq!(imported(&site, "import --data data t.json"), "2");
    let records = site.exported("out");
    let observations: Vec<String> =
        records.iter().filter(|line| line.contains("Observation")).cloned().collect();
    let patients: Vec<String> =
        records.iter().filter(|line| !line.contains("Observation")).cloned().collect();
    let id = &column(&patients, "id")[0];
    assert_eq!(column(&observations, "subject.reference"), [format!("Patient/{id}")]);
}

#[test]
fn the_journal_names_the_source_by_its_digest_and_never_by_its_file() {
    let site = Site::sakura();
    // SHA-256 of the line below begins like this.
    let digest = "478ab850db2dc5ee";
    site.write("Tokugawa-Ieyasu.ndjson", "{\"resourceType\":\"Patient\",\"id\":\"p1\"}\n");
    imported(&site, "import --data data Tokugawa-Ieyasu.ndjson");
    site.good("export --data data --log log");
    let size = site.journal().size();
    let bytes = fs::read(site.path(&format!("log/tile/entries/000.p/{size}"))).unwrap();
    let entries = String::from_utf8_lossy(&bytes);
    assert!(entries.contains(&format!(r#""reason":"import sha256:{digest}""#)), "{entries}");
    assert!(entries.contains(r#""actor":{"kind":"system","id":"import"}"#), "{entries}");
    assert!(!entries.contains("Tokugawa"), "{entries}");
}

/// Lines that are refused: the code, and the place beside the line number.
const REFUSED: &[(&str, &str, &str)] = &[
    ("no JSON", "FH-0001", ""),
    (r#"{"resourceType":"Patient","id":"x","id":"x"}"#, "FH-0004", "Patient.id"),
    (r#"{"resourceType":"Patient","birthDate":["Tokugawa"]}"#, "FH-0014", "Patient.birthDate"),
    (r#"{"resourceType":"Patient","Tokugawa":"x"}"#, "FH-0012", "Patient"),
    (r#"{"resourceType":"Tokugawa"}"#, "FH-0011", ""),
    (r#"{"id":"Tokugawa"}"#, "FH-0010", ""),
    (r#"{"resourceType":"Observation","status":"final"}"#, "FH-0022", "Observation"),
    ("\u{feff}{}", "FH-0003", ""),
];

#[test]
fn a_refused_line_is_told_with_code_and_place_and_without_what_stood_in_it() {
    for (line, code, place) in REFUSED {
        let site = Site::sakura();
        site.write("in.ndjson", format!("{}{line}\n{}", patients(&["a", "b"]), patients(&["c"])));
        let ended = site.refused("import --data data in.ndjson", code, "in.ndjson:3");
        assert!(ended.err.contains(place), "{place}: {ended:?}");
        assert!(ended.out.contains("resources imported: 2 "), "what stood before stays: {ended:?}");
        // Names of members are told; values never are.
        let values =
            ended.err.lines().find(|said| said.contains("Tokugawa") && !line.contains("\"Tokugawa\":"));
        assert!(values.is_none() || *code == "FH-0011", "{values:?}");
        assert_eq!(column(&site.exported("out"), "id"), ["a", "b"]);
        // With the line set right, only what was not taken in yet is new.
        site.write("in.ndjson", patients(&["a", "b", "x", "c"]));
        site.good("import --data data in.ndjson");
        site.good("verify --data data");
    }
}

#[test]
fn with_keep_going_the_good_documents_are_taken_in_and_the_others_listed_at_the_end() {
    let site = Site::sakura();
    let bad: Vec<&str> = REFUSED.iter().map(|(line, ..)| *line).collect();
    let good = patients(&["z"]);
    site.write("in.ndjson", format!("{}\n{good}", bad.join(&format!("\n{}", patients(&["a"])))));
    let ended = site.refused("import --keep-going --data data in.ndjson", "FH-0001", "in.ndjson:1");
    for (index, (_, code, _)) in REFUSED.iter().enumerate() {
        let place = format!("in.ndjson:{}", index * 2 + 1);
        let told = ended.err.lines().any(|line| line.starts_with(code) && line.contains(&place));
        assert!(told, "{code} at {place} is missing: {ended:?}");
    }
    assert!(ended.out.contains(&format!("documents refused: {}", REFUSED.len())), "{ended:?}");
    assert_eq!(column(&site.exported("out"), "id"), ["a", "z"]);
    // The refused ones are not tried again.
    let again = site.good("import --keep-going --data data in.ndjson").out;
    assert!(again.contains("resources imported: 0 "), "{again}");
}

#[test]
fn a_transaction_with_one_wrong_entry_leaves_nothing() {
    let site = Site::sakura();
    let wrong = patient(r#""nonsense":1"#);
    let entries = [writes("PUT", "Patient/a", &born("a", "1950")), writes("POST", "Patient", &wrong)];
    site.write("in.json", bundle("transaction", &entries));
    site.refused("import --data data in.json", "FH-0012", "in.json");
    site.good("verify --data data");
    assert_eq!(site.journal().records(), 0);
}

#[test]
fn a_file_that_cannot_be_read_is_told_by_its_name() {
    let site = Site::sakura();
    site.write("good.ndjson", patients(&["a"]));
    site.write("notes.txt", patients(&["b"]));
    let packed_lines = gzipped(patients(&["c"]).repeat(1000).as_bytes());
    site.write("cut.ndjson.gz", &packed_lines[..packed_lines.len() / 2]);
    site.write("no.ndjson.gz", "not packed");
    site.write("no.tgz", "not packed");
    let archive = packed(&[("a.json", patients(&["d"]).repeat(1000).as_bytes())]);
    site.write("cut.tgz", &archive[..archive.len() / 2]);
    site.write("long.ndjson", vec![b' '; 16 * 1024 * 1024 + 1]);
    site.write("long.json", vec![b' '; 16 * 1024 * 1024 + 1]);
    for name in [
        "missing.ndjson",
        "missing",
        "notes.txt",
        "cut.ndjson.gz",
        "no.ndjson.gz",
        "no.tgz",
        "cut.tgz",
        "long.ndjson",
        "long.json",
    ] {
        let code = if ["missing", "notes.txt"].contains(&name) { "AK-0004" } else { "ST-0013" };
        let ended = site.refused(&format!("import --data data good.ndjson {name}"), code, name);
        assert!(ended.out.contains("resources imported:"), "{ended:?}");
    }
    assert_eq!(column(&site.exported("out"), "id"), ["a"]);
}

#[test]
fn nothing_to_take_in_is_no_mistake() {
    let site = Site::sakura();
    site.write("in/empty.ndjson", "");
    site.write("in/blank.ndjson", "\n\r\n   \n");
    site.write("in/empty.tgz", packed(&[]));
    assert_eq!(imported(&site, "import --data data in"), "0");
}

#[test]
fn nothing_in_an_archive_is_passed_over_in_silence() {
    let site = Site::sakura();
    let lines = gzipped(patients(&["b", "c"]).as_bytes());
    site.write("in.tgz", packed(&[("a.ndjson", patients(&["a"]).as_bytes()), ("more/b.ndjson.gz", &lines)]));
    assert_eq!(imported(&site, "import --data data in.tgz"), "3");
    site.write("nested.tgz", packed(&[("inner.tgz", &packed(&[("d.ndjson", patients(&["d"]).as_bytes())]))]));
    site.refused("import --data data nested.tgz", "AK-0004", "inner.tgz");
}

#[test]
fn deletions_in_a_batch_are_made_and_entries_without_resource_are_refused() {
    let site = Site::sakura();
    site.write("a.ndjson", patients(&["a", "b"]));
    site.good("import --data data a.ndjson");
    let delete = r#"{"request":{"method":"DELETE","url":"Patient/a"}}"#.to_owned();
    site.write("batch.json", bundle("batch", &[delete]));
    site.good("import --data data batch.json");
    assert_eq!(column(&site.exported("out"), "id"), ["b"]);
    site.write("collection.json", r#"{"resourceType":"Bundle","type":"collection","entry":[{"fullUrl":"urn:uuid:53fefa32-fcbb-4ff8-8a92-55ee120877b7"}]}"#);
    site.refused("import --data data collection.json", "FH-0120", "Bundle.entry[0]");
}

#[test]
fn a_document_with_nothing_in_it_is_refused() {
    let site = Site::sakura();
    for (name, text) in [("empty.json", ""), ("blank.json", "\n \n")] {
        site.write(name, text);
        site.refused(&format!("import --data data {name}"), "FH-0001", name);
    }
}

#[test]
fn import_goes_into_the_facility_that_is_named() {
    let site = Site::sakura();
    site.good("init --data data --facility ume");
    site.write("a.ndjson", patients(&["a"]));
    site.refused("import --data data a.ndjson", "ST-0022", "sakura, ume");
    assert_eq!(imported(&site, "import --data data --facility ume a.ndjson"), "1");
    site.good("export --data data --facility sakura --out sakura");
    site.good("export --data data --facility ume --out ume");
    assert_eq!(super::lines(&site.path("sakura")).len(), 0);
    assert_eq!(super::lines(&site.path("ume")).len(), 1);
    // The same source may go into another facility: the marks are the facility's own.
    assert_eq!(imported(&site, "import --data data --facility sakura a.ndjson"), "1");
}

#[test]
fn what_stands_already_is_passed_over_and_counted_as_unchanged() {
    let site = Site::sakura();
    let finished = |value: &str| {
        observation(&format!(r#""id":"o1","subject":{{"reference":"Patient/a"}},"valueString":"{value}""#))
            .replace("preliminary", "final")
    };
    let both = |value: &str| format!("{}\n{}\n", born("a", "1950"), finished(value));
    site.write("first.ndjson", both("1"));
    assert_eq!(imported(&site, "import --data data first.ndjson"), "2");
    let versions = site.journal().records();
    // Another file with the same records: what is final is not refused, since nothing is changed.
    site.write("second.ndjson", format!("{}{}\n", both("1"), born("b", "1960")));
    let out = site.good("import --data data second.ndjson").out;
    assert!(out.contains("resources imported: 1 ") && out.contains("resources unchanged: 2"), "{out}");
    assert_eq!(site.journal().records(), versions + 1);
    // So is what an export of the same facility holds, with its versions and times.
    site.exported("out");
    site.write("spaced.json", born("a", "1950").replace(':', " : "));
    let out = site.good("import --data data out spaced.json").out;
    assert!(out.contains("resources imported: 0 ") && out.contains("resources unchanged: 4"), "{out}");
    assert_eq!(site.journal().records(), versions + 1);
}

#[test]
fn what_is_final_and_would_be_changed_is_refused_by_an_import() {
    let site = Site::sakura();
    let finished = |value: &str| {
        observation(&format!(r#""id":"o1","valueString":"{value}""#)).replace("preliminary", "final")
    };
    site.write("first.json", finished("1"));
    site.good("import --data data first.json");
    let versions = site.journal().records();
    site.write("other.ndjson", format!("{}\n{}\n", born("a", "1950"), finished("2")));
    site.refused("import --data data other.ndjson", "ST-0030", "amended");
    assert_eq!(site.journal().records(), versions, "nothing of the batch");
}

#[test]
fn a_file_that_joins_two_patients_is_refused_with_its_line() {
    let site = Site::sakura();
    let visit = resource(
        "Encounter",
        r#""id":"e1","status":"finished","class":{"code":"AMB"},"subject":{"reference":"Patient/a"}"#,
    );
    let mixed = observation(
        r#""id":"o1","subject":{"reference":"Patient/b"},"encounter":{"reference":"Encounter/e1"}"#,
    );
    let lines = [born("a", "1950"), born("b", "1960"), visit, mixed, born("c", "1970")].join("\n");
    site.write("mixed.ndjson", &lines);
    let ended = site.refused("import --data data mixed.ndjson", "ST-0040", "Observation/o1");
    assert!(ended.err.contains("mixed.ndjson:4"), "{ended:?}");
    assert!(ended.err.contains("Patient/a") && ended.err.contains("Patient/b"), "{ended:?}");
    assert_eq!(site.journal().position("Observation/o1", 1), None);
    site.write("again.ndjson", &lines);
    let ended = site.akashi("import --data data --keep-going again.ndjson").run();
    assert_eq!(ended.code, Some(1), "{ended:?}");
    assert_eq!(site.journal().position("Observation/o1", 1), None);
    assert!(site.journal().position("Patient/c", 1).is_some(), "what joins nobody goes in");
}
