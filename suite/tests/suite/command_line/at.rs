//! `akashi at`: a record as it stood at a moment, from the server itself.

use super::{Site, good, mode};
use crate::material::{born, observation};

/// Two versions of a patient with a result that was deleted, and the moments at which they were written.
fn site() -> (Site, [String; 2]) {
    let site = Site::with_tester();
    let (process, client) = site.serve();
    client.put("Patient/p", born("p", "1950-01-01")).expect(201);
    let result = observation(r#""id":"o","subject":{"reference":"Patient/p"},"valueString":"青""#);
    let first = client.put("Observation/o", result).expect(201).get("meta.lastUpdated");
    client.delete("Observation/o").expect(204);
    let second = client.put("Patient/p", born("p", "1951-01-01")).expect(200).get("meta.lastUpdated");
    // The server may run meanwhile.
    let shown = site.good(&format!("at {first} Patient/p --data data --language ja"));
    assert!(shown.out.contains("1950年1月1日") && shown.out.contains("青"), "{shown:?}");
    process.signal("TERM");
    good("serve", process.wait());
    (site, [first, second])
}

#[test]
fn a_past_moment_is_shown_as_text_as_a_page_and_as_a_bundle_and_is_entered() {
    let (site, [first, second]) = site();
    let entries = site.journal().accesses();
    let text = site.good(&format!("--language ja at {first} Patient/p --data data")).out;
    for told in [
        "1950年1月1日",
        "検査結果・観察  Observation/o",
        "青",
        "下書き（未確定）",
        "に削除されました",
        "この後、変更されました",
    ] {
        assert!(text.contains(told), "{told}\n{text}");
    }
    let later = site.good(&format!("--language ja at {second} Patient/p --data data")).out;
    assert!(
        later.contains("1951年1月1日") && later.contains("この版で削除") && !later.contains('青'),
        "{later}"
    );
    let one = site.good(&format!("--language en at {first} Observation/o --data data")).out;
    assert!(one.contains("青") && one.contains("deleted since") && !one.contains("1950"), "{one}");
    site.good(&format!("at {first} Patient/p --html --out chart.html --data data"));
    assert!(site.text("chart.html").contains("<!doctype html>"));
    assert_eq!(format!("{:o}", mode(&site.path("chart.html"))), "600", "it holds clinical content");
    let bundle = site.good(&format!("at {first} Patient/p --json --data data")).out;
    let findings = fhir::validate(&fhir::json::parse(bundle.as_bytes()).unwrap());
    assert!(findings.problems.is_empty(), "{:?}", findings.problems);
    assert!(bundle.contains(r#""url":"fate","valueCode":"deleted""#), "{bundle}");
    assert_eq!(site.journal().accesses(), entries + 5, "each look is entered");
    let audited = site.json("audit list --patient p");
    let newest = &audited["entries"][0];
    assert_eq!((newest["action"].as_str(), newest["account"].as_str()), (Some("export"), Some("console")));
    assert!(newest["target"].as_str().unwrap().starts_with("Patient/p at "), "{newest}");
    site.good("verify --data data");
}

#[test]
fn what_cannot_be_shown_is_told_and_no_file_is_made() {
    let (site, _) = site();
    for (line, code, says) in [
        ("at 1999-01-01T00:00 Patient/p", "RC-0104", "1999-01-01 00:00:00+09:00"),
        ("at 2999-01-01T00:00 Patient/p", "RC-0103", "2999-01-01 00:00:00+09:00"),
        ("at 2020-01-01T00:00 Patient/nobody", "RC-0002", "Patient/nobody"),
        ("at 2020-01-01T00:00 Observation/nobody", "RC-0002", "Observation/nobody"),
        ("at 2020-01-01T00:00 Nonsense/x", "RC-0001", "Nonsense"),
    ] {
        site.refused(&format!("{line} --data data --out past.txt"), code, says);
        assert!(!site.path("past.txt").exists(), "{line}");
    }
    site.write("there.txt", "kept");
    site.refused("at 2020-01-01T00:00 Patient/p --data data --out there.txt", "AK-0010", "there.txt");
    assert_eq!(site.text("there.txt"), "kept");
}
