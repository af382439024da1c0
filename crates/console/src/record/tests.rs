//! Tests of the pages of a patient's record: what is shown, what is said to be missing, that nothing typed becomes markup.

use crate::trial::{Trial, bundle};
use base::Language;
use serde_json::{Value, json};

fn observation(id: &str, day: &str, name: &str, rest: &Value) -> Value {
    let mut whole = json!({
        "resourceType": "Observation", "id": id, "status": "final", "effectiveDateTime": day,
        "category": [{ "coding": [{ "code": "laboratory" }] }],
        "code": { "text": name, "coding": [{ "system": "urn:jlac", "code": name }] },
    });
    let own = whole.as_object_mut().unwrap();
    own.extend(rest.as_object().unwrap().clone());
    whole
}

fn creatinine(id: &str, day: &str, value: f64) -> Value {
    let range = json!([{ "low": { "value": 0.46 }, "high": { "value": 0.79 } }]);
    let value = json!({ "value": value, "unit": "mg/dL" });
    observation(id, day, "クレアチニン", &json!({ "valueQuantity": value, "referenceRange": range }))
}

/// A patient with nothing but these.
fn desk(found: &[(&str, Vec<Value>)]) -> Trial {
    let person = json!({ "resourceType": "Patient", "id": "p1", "name": [{ "text": "山田 花子" }] });
    let mut desk = Trial::new()
        .told("fhir/Patient/p1", person)
        .told("fhir/AllergyIntolerance?patient=p1&clinical-status=active&_count=100", bundle(&[]))
        .told("fhir/Flag?patient=p1&_sort=-_lastUpdated&_count=200", bundle(&[]));
    for (kind, query) in super::gather::WHOLE.iter().chain(super::gather::RESULTS) {
        let own = found.iter().find(|(known, _)| known == kind).map(|(_, all)| all.as_slice());
        desk = desk.told(&format!("fhir/{kind}?patient=p1&{query}"), bundle(own.unwrap_or_default()));
    }
    desk
}

fn page(found: &[(&str, Vec<Value>)], address: &str) -> String {
    let (status, page) = desk(found).look(address, Language::Japanese);
    assert_eq!(status, 200, "{page}");
    page
}

#[test]
fn the_last_creatinine_stands_at_the_top_with_unit_range_and_mark() {
    let results = vec![creatinine("new", "2026-03-01", 1.21), creatinine("old", "2025-03-01", 0.6)];
    let page = page(&[("Observation", results)], "patients/p1");
    let place = |text: &str| page.find(text).unwrap_or_else(|| panic!("{text} in {page}"));
    assert!(place("クレアチニン</th>") < place("病名・問題 "));
    let row = page.split("クレアチニン</th>").nth(1).unwrap().split("</tr>").next().unwrap();
    let latest = row.split("</td>").next().unwrap();
    assert!(latest.contains("1.21") && latest.contains(">H<") && latest.contains("2026-03-01"), "{latest}");
    assert!(row.contains("mg/dL") && row.contains("0.46–0.79"), "{row}");
    assert!(row.contains("/records/Observation/new"));
}

#[test]
fn a_test_is_found_by_its_short_name_and_others_are_not_shown() {
    let others = observation("k", "2026-03-01", "カリウム", &json!({ "valueString": "4.1" }));
    let results = vec![creatinine("c", "2026-03-01", 0.6), others];
    let page = page(&[("Observation", results)], "patients/p1?test=Cre");
    assert!(page.contains("クレアチニン</th>") && !page.contains("カリウム</th>"));
    assert!(page.contains("「Cre」に当てはまる項目だけを表示しています"));
}

#[test]
fn values_of_each_type_are_read_and_missing_ones_are_said_to_be_missing() {
    let day = "2026-03-01";
    let results = vec![
        observation("1", day, "定性", &json!({ "valueCodeableConcept": { "text": "(2+)" } })),
        observation("2", day, "文字", &json!({ "valueString": "溶血" })),
        observation("3", day, "欠測", &json!({ "dataAbsentReason": { "coding": [{ "code": "error" }] } })),
        observation("4", day, "空", &json!({})),
        observation(
            "5",
            day,
            "下限",
            &json!({ "valueQuantity": { "value": 3, "comparator": "<", "unit": "U/L" } }),
        ),
        observation("6", day, "中止", &json!({ "status": "cancelled" })),
        observation("7", day, "暫定", &json!({ "status": "preliminary", "valueInteger": 8 })),
    ];
    let page = page(&[("Observation", results)], "patients/p1/laboratory");
    for text in ["(2+)", "溶血", "値なし（測定エラー）", "値の記載なし", "&#60;3", "検査中止", "下書き"]
    {
        assert!(page.contains(text), "{text} in {page}");
    }
    assert!(!page.contains("<svg"), "one value makes no course");
}

#[test]
fn a_withdrawn_result_is_no_latest_value_and_is_counted() {
    let mut wrong = creatinine("wrong", "2026-03-02", 9.9);
    wrong.as_object_mut().unwrap().insert("status".to_owned(), json!("entered-in-error"));
    let results = vec![wrong, creatinine("good", "2026-03-01", 0.6)];
    let page = page(&[("Observation", results)], "patients/p1/laboratory");
    assert!(!page.contains("9.9") && page.contains("取り消された 1 件は表に含めていません"), "{page}");
}

#[test]
fn a_course_is_drawn_with_its_range_and_told_in_words() {
    let results = vec![creatinine("b", "2026-03-01", 1.2), creatinine("a", "2025-03-01", 0.6)];
    let page = page(&[("Observation", results)], "patients/p1/laboratory");
    assert_eq!(page.matches("<circle").count(), 2);
    assert!(page.contains("class=\"band\""));
    assert!(page.contains("クレアチニン の推移。最新：クレアチニン 1.2 mg/dL H (2026-03-01)"), "{page}");
    assert!(page.contains("値の一覧"));
}

#[test]
fn blood_pressure_is_one_picture_with_two_lines_the_systolic_first() {
    let pressure = |id: &str, day: &str, high: i32| {
        let part = |code: &str, name: &str, value: i32| json!({ "code": { "text": name, "coding": [{ "code": code }] }, "valueQuantity": { "value": value, "unit": "mmHg" } });
        let parts = [part("8462-4", "拡張期血圧", 75), part("8480-6", "収縮期血圧", high)];
        json!({ "resourceType": "Observation", "id": id, "status": "final", "effectiveDateTime": day,
            "code": { "text": "血圧", "coding": [{ "code": "85354-9" }] }, "component": parts })
    };
    let all = vec![pressure("b", "2026-03-01", 131), pressure("a", "2026-02-01", 128)];
    let page = page(&[("Observation", all)], "patients/p1/vital-signs");
    assert_eq!((page.matches("<svg").count(), page.matches("<polyline").count()), (1, 2));
    assert!(page.find("収縮期血圧</th>").unwrap() < page.find("拡張期血圧</th>").unwrap());
}

#[test]
fn each_record_shows_its_state_and_leads_to_itself() {
    let condition =
        |id: &str, name: &str| json!({ "resourceType": "Condition", "id": id, "code": { "text": name } });
    let found = vec![condition("c1", "高血圧症"), condition("c2", "喘息")];
    let draft = json!({ "resourceType": "Condition", "id": "c1" });
    let of = |word: &str| {
        format!(
            "fhir/?_type=Condition&patient=p1&record-state={word}&_elements=id&_sort=-_lastUpdated&_count=1000"
        )
    };
    let desk = desk(&[("Condition", found)]).told(&of("draft"), bundle(&[draft]));
    let (_, page) = desk.look("patients/p1", Language::Japanese);
    let entry = |name: &str| page.split(name).nth(1).unwrap().split("</li>").next().unwrap().to_owned();
    assert!(entry("高血圧症").contains("下書き"));
    assert!(entry("喘息").contains("状態の記載なし"), "where not all could be looked at nothing is said");
    let desk = desk.told(&of("final"), bundle(&[])).told(&of("amended"), bundle(&[]));
    let (_, whole) = desk.look("patients/p1", Language::Japanese);
    let taken = whole.split("喘息").nth(1).unwrap().split("</li>").next().unwrap();
    assert!(taken.contains("移行データ") && whole.contains("ほかのシステムから取り込んだ"), "{taken}");
    assert!(entry("喘息").contains("経過の記載なし") && entry("喘息").contains("日時の記載なし"));
    assert!(page.contains("/console/records/Condition/c2"));
}

#[test]
fn what_may_not_be_seen_is_not_said_to_be_absent() {
    let person = json!({ "resourceType": "Patient", "id": "p1" });
    let page = Trial::new().told("fhir/Patient/p1", person).look("patients/p1", Language::Japanese).1;
    assert!(page.contains("記録がないという意味ではありません"));
    assert!(!page.contains("記録はありません。"), "{page}");
}

#[test]
fn hostile_text_stays_text() {
    let evil = "\"><script>alert(1)</script>";
    let found = [
        ("Condition", vec![json!({ "resourceType": "Condition", "id": "a", "code": { "text": evil } })]),
        (
            "Observation",
            vec![
                observation("o", "2026-03-01", evil, &json!({ "valueString": evil })),
                creatinine("b", evil, 1.0),
            ],
        ),
    ];
    for address in ["patients/p1", "patients/p1/laboratory"] {
        let typed = format!("{address}?test={}", crate::form::encoded("\"><script>alert(2)</script>"));
        for page in [page(&found, address), page(&found, &typed)] {
            assert!(!page.contains("<script>alert"), "{page}");
            assert!(!page.contains("resourceType"), "no raw FHIR");
        }
    }
}

#[test]
fn the_record_of_a_past_moment_says_so_and_marks_what_came_after() {
    let types: Vec<&str> = super::gather::WHOLE.iter().map(|(kind, _)| *kind).collect();
    let at = "2026-11-19T09:00:00+09:00";
    let path = format!("fhir/Patient/p1/$everything?_at={at}&_type={}", types.join(","));
    let told = json!([{ "url": "state", "valueCode": "draft" },
        { "url": "since", "extension": [{ "url": "fate", "valueCode": "withdrawn" }] }]);
    let entry = json!({ "extension": [{ "url": "urn:akashi:version", "extension": told }],
        "resource": { "resourceType": "Condition", "id": "c1", "code": { "text": "喘息" } } });
    let desk = desk(&[]).told(&path, json!({ "resourceType": "Bundle", "entry": [entry] }));
    let (status, page) = desk.look("patients/p1?at=2026-11-19T09:00", Language::Japanese);
    assert_eq!(status, 200, "{page}");
    assert!(page.contains("2026-11-19 09:00 時点の記録を表示しています"));
    let entry = page.split("喘息").nth(1).unwrap().split("</li>").next().unwrap();
    assert!(entry.contains("下書き") && entry.contains("その後に取消"), "{entry}");
    assert!(page.contains("$chart?_at=2026-11-19T09%3A00%3A00%2B09%3A00"));
    assert!(page.contains("/laboratory?at=2026-11-19T09%3A00"));
}

#[test]
fn a_moment_or_day_that_cannot_be_read_is_said_beside_what_was_typed() {
    let desk = desk(&[]);
    let (status, page) = desk.look("patients/p1?at=yesterday", Language::Japanese);
    assert_eq!(status, 422);
    assert!(page.contains("日時を読み取れません") && page.contains("value=\"yesterday\""));
    assert!(
        desk.look("patients/p1/laboratory?from=1.4.", Language::English)
            .1
            .contains("The date cannot be read")
    );
}

#[test]
fn days_and_parts_narrow_the_page() {
    let results = vec![creatinine("new", "2026-03-01", 1.21), creatinine("old", "2025-03-01", 0.63)];
    let found = [("Observation", results)];
    let bounded = page(&found, "patients/p1?until=2025-12-31");
    assert!(bounded.contains("0.63") && !bounded.contains("1.21"));
    let part = page(&found, "patients/p1?part=problems");
    assert!(part.contains("id=\"problems\"") && !part.contains("id=\"allergies\"") && !part.contains("1.21"));
}

#[test]
fn visits_hold_what_was_written_in_them_the_newest_first() {
    let visit = |id: &str, start: &str, why: &str| {
        json!({ "resourceType": "Encounter", "id": id, "status": "finished", "period": { "start": start },
            "reasonCode": [{ "text": why }] })
    };
    let medicine = json!({ "resourceType": "MedicationRequest", "id": "m", "status": "active", "intent": "order",
        "medicationCodeableConcept": { "text": "アムロジピン" }, "authoredOn": "2026-03-01",
        "encounter": { "reference": "Encounter/e2" } });
    let found = [
        ("Encounter", vec![visit("e2", "2026-03-01", "定期受診"), visit("e1", "2025-03-01", "咳")]),
        ("MedicationRequest", vec![medicine]),
    ];
    let page = page(&found, "patients/p1");
    let visits = page.split("id=\"visits\"").nth(1).unwrap();
    let place = |text: &str| visits.find(text).unwrap();
    assert!(place("定期受診") < place("アムロジピン") && place("アムロジピン") < place("咳"));
    assert!(page.contains("用法の記載なし"));
}

#[test]
fn what_may_not_be_seen_is_named_together_and_never_counted_as_none() {
    let closed = Trial::new()
        .told("fhir/Patient/p1", json!({ "resourceType": "Patient", "id": "p1" }))
        .told("fhir/Encounter?patient=p1&_sort=-date&_count=50", bundle(&[]));
    let (status, page) = closed.look("patients/p1", Language::Japanese);
    assert_eq!(status, 200);
    let hidden = page.split("id=\"hidden\"").nth(1).unwrap().split("</section>").next().unwrap();
    for title in ["検体検査", "病名・問題", "アレルギー", "薬", "記録がないという意味ではありません"]
    {
        assert!(hidden.contains(title), "{title}: {hidden}");
    }
    assert!(
        !page.contains("アレルギー <span") && !page.contains("記録はありません。</p>\n</section>"),
        "{page}"
    );
}

#[test]
fn a_report_names_its_results_with_their_values() {
    let found = creatinine("c", "2026-03-01", 1.21);
    let node = fhir::json::parse(found.to_string().as_bytes()).unwrap();
    let said = super::result_in_words(&node, crate::words::Words(Language::Japanese)).unwrap();
    assert_eq!(said, "1.21\u{a0}mg/dL H （基準範囲 0.46–0.79）");
}
