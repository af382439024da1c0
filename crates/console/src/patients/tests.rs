//! Tests of finding patients.

use super::*;
use crate::trial::{Trial, bundle};
use base::{Language, Problem};
use serde_json::json;

fn patient(id: &str, name: &str) -> Value {
    json!({ "resourceType": "Patient", "id": id, "name": [{ "text": name }], "birthDate": "1950-04-01" })
}

#[test]
fn a_text_is_looked_for_as_all_that_it_may_mean() {
    let paths = searches("yamada");
    let all = [
        "Patient?identifier=yamada&_count=20",
        "Patient?_id=yamada&_count=20",
        "Patient?name=yamada&_count=20",
        "Patient?name=%E3%83%A4%E3%83%9E%E3%83%80&_count=20",
    ];
    assert_eq!(paths, all);
    assert_eq!(searches("S25.4.1").first().unwrap(), "Patient?birthdate=1950-04-01&_count=20");
    assert_eq!(searches("０００１２").first().unwrap(), "Patient?identifier=00012&_count=20");
    assert!(!searches("00012").iter().any(|path| path.contains("name=")));
    let both = searches("山田 昭和25年4月1日");
    assert_eq!(both, ["Patient?name=%E5%B1%B1%E7%94%B0&birthdate=1950-04-01&_count=20"]);
    assert!(searches("a,b|c").iter().all(|path| !path.contains("=a%2Cb")), "marks of FHIR are escaped");
}

#[test]
fn whoever_is_found_in_two_ways_stands_once_and_hostile_text_is_text() {
    let desk = Trial::new()
        .told("fhir/Patient?identifier=yamada&_count=20", bundle(&[]))
        .told("fhir/Patient?_id=yamada&_count=20", bundle(&[]))
        .told("fhir/Patient?name=yamada&_count=20", bundle(&[patient("p1", "<script>alert(1)</script>")]))
        .told(
            "fhir/Patient?name=ヤマダ&_count=20",
            bundle(&[patient("p1", "<script>alert(1)</script>"), patient("p2", "山田 花子")]),
        );
    let (status, page) = desk.look("patients?q=yamada", Language::Japanese);
    assert_eq!(status, 200);
    assert!(page.contains("2 人見つかりました"), "{page}");
    assert_eq!(page.matches("/patients/p1\"").count(), 1);
    assert!(!page.contains("<script>alert"));
    assert!(!page.contains("検索の一部を実行できませんでした"));
}

#[test]
fn a_search_that_failed_in_part_says_so() {
    let desk = Trial::new().told("fhir/Patient?name=yamada&_count=20", bundle(&[]));
    let (_, page) = desk.look("patients?q=yamada", Language::Japanese);
    assert!(page.contains("検索の一部を実行できませんでした"));
    assert!(page.contains("該当する患者はいません"));
}

#[test]
fn before_a_search_those_stand_whom_the_person_looks_after_and_saw_last() {
    let team = json!({ "resourceType": "CareTeam", "id": "t", "subject": { "reference": "Patient/p1" } });
    let visit = |id: &str, patient: &str| {
        json!({ "resource": { "resourceType": "Encounter", "id": id, "subject": { "reference": format!("Patient/{patient}") } },
                "search": { "mode": "match" } })
    };
    let brought = |patient: Value| json!({ "resource": patient, "search": { "mode": "include" } });
    let who = "Practitioner%2Fdoctor-1";
    let desk = Trial::new()
        .told(
            &format!("fhir/CareTeam?participant={who}&status=active&_include=CareTeam:patient&_count=20"),
            json!({ "entry": [{ "resource": team, "search": { "mode": "match" } }, brought(patient("p1", "担当 一子"))] }),
        )
        .told(&format!("fhir/Patient?general-practitioner={who}&_count=20"), bundle(&[]))
        .told(
            &format!("fhir/Encounter?practitioner={who}&_sort=-date&_include=Encounter:patient&_count=20"),
            json!({ "entry": [visit("e1", "p3"), visit("e2", "p2"), visit("e3", "p3"),
                brought(patient("p2", "二番 二子")), brought(patient("p3", "一番 三子"))] }),
        );
    let (_, page) = desk.look("patients", Language::Japanese);
    let place = |text: &str| page.find(text).unwrap_or_else(|| panic!("{text} in {page}"));
    assert!(place("担当している患者") < place("担当 一子"));
    assert!(place("最近診療した患者") < place("一番 三子"));
    assert!(place("一番 三子") < place("二番 二子"));
    assert_eq!(page.matches("一番 三子").count(), 1);
}

#[test]
fn whoever_looks_after_nobody_sees_those_changed_last() {
    let path = "fhir/Patient?_sort=-_lastUpdated&_count=20";
    let desk = Trial::new().told(path, bundle(&[patient("p1", "山田 花子")]));
    assert!(desk.look("patients", Language::Japanese).1.contains("最近更新された患者"));
    let refused = Trial::new().refuses("GET", path, Problem::new(&crate::codes::PATIENT_UNSEEN));
    assert_eq!(refused.look("patients", Language::Japanese).0, 404);
}
