//! Patients merged and parted again: that nothing is lost, and that no way of writing goes round it.

use super::{because, content, encounter, ids, member, observation, person, put, registered, unite};
use crate::material::{asks, bundle, resource, versions, writes};
use http::Method;
use serde_json::{Value, json};
use testkit::{Client, Clinic};

#[test]
fn a_merged_patient_is_one_person_with_the_other_and_no_record_is_touched() {
    let (clinic, tester) = registered();
    tester.put("Encounter/s", encounter("s", "s", "")).expect(201);
    tester
        .put("Observation/s", observation("s", "s", r#","encounter":{"reference":"Encounter/s"}"#))
        .expect(201);
    tester.put("Observation/t", observation("t", "t", "")).expect(201);
    let tied = observation("tied", "t", r#","encounter":{"reference":"Encounter/s"}"#);
    assert_eq!(tester.put("Observation/tied", &tied).refusal(), (422, "ST-0040".to_owned()));
    // What is final is not touched either.
    member(&clinic, "doctor", None).post("Observation/s/$finalize", "").expect(200);
    let before = (content(&tester, "Observation/s"), content(&tester, "Encounter/s"));
    let clerk = member(&clinic, "clerk", None);

    let done = unite(&clerk, "merge", "s", "t", &because()).expect(200);
    assert_eq!(done.get("parameter.1.resource.id"), "t");
    let (source, target) = (tester.get("Patient/s").expect(200), tester.get("Patient/t").expect(200));
    assert_eq!((source.get("active"), source.get("link.0.type")), ("false".into(), "replaced-by".into()));
    assert_eq!(source.get("link.0.other.reference"), "Patient/t");
    assert_eq!((target.get("active"), target.get("link.0.type")), ("true".into(), "replaces".into()));
    assert_eq!(target.get("link.0.other.reference"), "Patient/s");
    assert_eq!((content(&tester, "Observation/s"), content(&tester, "Encounter/s")), before);
    let told = tester.get("Provenance?target=Patient/s").expect(200);
    assert_eq!(told.get("entry.0.resource.reason.0.text"), "受付で本人に確認");
    assert_eq!(told.get("entry.0.resource.agent.0.who.identifier.value"), "clerk");
    let proof = tester.get("Patient/s/$proof").expect(200).text();
    assert!(!proof.contains("受付"), "no entry says why in words");

    for query in [
        "Observation?patient=t",
        "Observation?patient=Patient/t",
        "Observation?subject=Patient/t",
        "Observation?subject:Patient=t",
        "Observation?subject:Patient._id=t",
        "Patient/t/Observation",
    ] {
        assert_eq!(ids(&tester.get(query).expect(200)), ["s", "t"], "{query}");
    }
    let absolute = format!("Observation?subject={}/Patient/t", tester.base());
    assert_eq!(ids(&tester.get(&absolute).expect(200)), ["s", "t"]);
    assert_eq!(ids(&tester.get("Observation?patient=s").expect(200)), ["s"], "what stands under the number");
    let everything = ids(&tester.get("Patient/t/$everything").expect(200));
    assert!(everything.iter().filter(|id| *id == "s").count() >= 3, "{everything:?}");
    let chart = tester.get("Patient/t/$chart").expect(200).text();
    assert!(chart.contains("Observation/s/") && chart.contains("Observation/t/"), "both are in the chart");
    // Results with the old number come in, and what belongs to one person may be tied together.
    tester.put("Observation/late", observation("late", "s", "")).expect(201);
    tester.put("Observation/tied", &tied).expect(201);
    assert_eq!(ids(&tester.get("Observation?patient=t").expect(200)), ["late", "s", "t", "tied"]);
    clinic.verify().unwrap();
}

#[test]
fn no_other_way_of_writing_merges_parts_or_changes_who_was_merged() {
    let (clinic, tester) = registered();
    let doctor = member(&clinic, "doctor", None);
    let linked = |id: &str, kind: &str| {
        let mut patient = person(id, ("高橋", "美咲"), ("タカハシ", "ミサキ"), "1985-03-12", None);
        patient["link"] = json!([{ "other": { "reference": "Patient/t" }, "type": kind }]);
        patient
    };
    let by_hand = || (409, "ST-0050".to_owned());
    for kind in ["replaced-by", "replaces"] {
        assert_eq!(put(&doctor, &linked("s", kind)).refusal(), by_hand(), "{kind}");
        assert_eq!(put(&doctor, &linked("new", kind)).refusal(), by_hand(), "{kind}");
        assert_eq!(doctor.post("Patient", linked("new", kind).to_string()).refusal(), by_hand());
    }
    put(&doctor, &linked("other", "seealso")).expect(200);
    unite(&doctor, "merge", "s", "t", &because()).expect(200);
    let before = versions(&tester);
    let plain =
        |id: &str| person(id, ("高橋", "美咲"), ("タカハシ", "ミサキ"), "1985-03-12", None).to_string();
    let patch = |record: &str, body: &str| {
        doctor.ask(Method::PATCH, record).body("application/json-patch+json", body).send().refusal()
    };
    let bundled = |entry: String| doctor.post("", bundle("transaction", &[entry])).refusal();
    let away = || (409, "ST-0051".to_owned());
    let unlink = r#"[{"op":"remove","path":"/link"}]"#;
    for (refusal, expected) in [
        (doctor.put("Patient/s", plain("s")).refusal(), away()),
        (put(&doctor, &content(&tester, "Patient/s")).refusal(), away()),
        (patch("Patient/s", unlink), away()),
        (patch("Patient/s", r#"[{"op":"replace","path":"/active","value":true}]"#), away()),
        (doctor.delete("Patient/s").refusal(), away()),
        (bundled(writes("PUT", "Patient/s", &plain("s"))), away()),
        (doctor.put("Patient/t", plain("t")).refusal(), by_hand()),
        (doctor.put("Patient?_id=t", plain("t")).refusal(), by_hand()),
        (patch("Patient/t", unlink), by_hand()),
        (doctor.delete("Patient/t").refusal(), by_hand()),
        (bundled(asks("DELETE", "Patient/t")), by_hand()),
        (bundled(writes("PUT", "Patient/t", &plain("t"))), by_hand()),
    ] {
        assert_eq!(refusal, expected);
    }
    assert_eq!(versions(&tester), before, "nothing was stored");
    let told = doctor.put("Patient/s", plain("s")).message();
    assert!(told.contains("Patient/t"), "whoever registers is told where to: {told}");
    patch_phone(&doctor);
    clinic.verify().unwrap();
}

/// What is known of the person is changed at the one who stays.
fn patch_phone(client: &Client) {
    let body = r#"[{"op":"add","path":"/telecom","value":[{"system":"phone","value":"045-000-0000"}]}]"#;
    client.ask(Method::PATCH, "Patient/t").body("application/json-patch+json", body).send().expect(200);
}

#[test]
fn a_merge_is_undone_as_if_it_had_not_been_unless_records_tie_both() {
    let (clinic, tester) = registered();
    let doctor = member(&clinic, "doctor", None);
    tester.put("Encounter/s", encounter("s", "s", "")).expect(201);
    tester
        .put("Observation/s", observation("s", "s", r#","encounter":{"reference":"Encounter/s"}"#))
        .expect(201);
    let before = (content(&tester, "Patient/s"), content(&tester, "Patient/t"));
    let preview = [json!({ "name": "preview", "valueBoolean": true })];
    let count = versions(&tester);
    let shown = unite(&doctor, "merge", "s", "t", &preview).expect(200);
    assert_eq!(shown.get("parameter.1.resource.link.0.type"), "replaces");
    assert_eq!(shown.get("parameter.2.valueCode"), "certain");
    assert_eq!(versions(&tester), count, "a preview writes nothing");

    unite(&doctor, "merge", "s", "t", &because()).expect(200);
    let undo = || unite(&doctor, "unmerge", "s", "t", &because());
    undo().expect(200);
    assert_eq!((content(&tester, "Patient/s"), content(&tester, "Patient/t")), before);
    assert_eq!(undo().refusal(), (409, "RC-0096".to_owned()));
    let tie = r#","encounter":{"reference":"Encounter/s"}"#;
    assert_eq!(
        tester.put("Observation/x", observation("x", "t", tie)).refusal(),
        (422, "ST-0040".to_owned())
    );

    unite(&doctor, "merge", "s", "t", &because()).expect(200);
    let draft = |patient: &str| observation("x", patient, tie);
    tester.put("Observation/x", draft("t")).expect(201);
    // By way of a specimen that does not say whose it is.
    tester.put("Specimen/n", resource("Specimen", r#""id":"n""#)).expect(201);
    let of_specimen =
        |id: &str, patient: &str| observation(id, patient, r#","specimen":{"reference":"Specimen/n"}"#);
    tester.put("Observation/y", of_specimen("y", "s")).expect(201);
    tester.put("Observation/z", of_specimen("z", "t")).expect(201);
    let refused = undo();
    assert_eq!(refused.refusal(), (409, "ST-0054".to_owned()));
    for named in ["Patient/s", "Patient/t", "Encounter/s - Observation/x", "Observation/y - Observation/z"] {
        assert!(refused.message().contains(named), "{named}: {}", refused.message());
    }
    tester.put("Observation/x", draft("s")).expect(200);
    assert_eq!(undo().refusal(), (409, "ST-0054".to_owned()));
    tester.put("Observation/z", of_specimen("z", "s")).expect(200);
    // What was written of the person since stays.
    patch_phone(&doctor);
    undo().expect(200);
    assert_eq!(content(&tester, "Patient/s"), before.0);
    let after = content(&tester, "Patient/t");
    assert_eq!((&after["telecom"][0]["value"], after.get("link")), (&json!("045-000-0000"), None));
    assert_eq!(ids(&tester.get("Observation?patient=t").expect(200)), Vec::<String>::new());
    assert_eq!(ids(&tester.get("Observation?patient=s").expect(200)), ["s", "x", "y", "z"]);
    clinic.verify().unwrap();
}

#[test]
fn patients_are_merged_one_after_the_other_and_never_in_a_circle() {
    let (clinic, tester) = registered();
    let doctor = member(&clinic, "doctor", None);
    for id in ["s", "t", "other"] {
        tester.put(&format!("Observation/{id}"), observation(id, id, "")).expect(201);
    }
    let merge = |source: &str, target: &str| unite(&doctor, "merge", source, target, &because());
    merge("s", "t").expect(200);
    for (source, target, code) in [
        ("s", "t", "RC-0094"),
        ("t", "s", "RC-0094"),
        ("s", "other", "RC-0095"),
        ("other", "s", "RC-0095"),
        ("t", "t", "RC-0094"),
    ] {
        assert_eq!(merge(source, target).refusal(), (409, code.to_owned()), "{source} {target}");
    }
    merge("t", "other").expect(200);
    assert_eq!(ids(&tester.get("Observation?patient=other").expect(200)), ["other", "s", "t"]);
    let part = |source: &str, target: &str| unite(&doctor, "unmerge", source, target, &because());
    assert_eq!(part("s", "other").refusal(), (409, "RC-0096".to_owned()));
    assert_eq!(part("s", "t").refusal(), (409, "RC-0095".to_owned()), "the later one is undone first");
    part("t", "other").expect(200);
    assert_eq!(ids(&tester.get("Observation?patient=t").expect(200)), ["s", "t"]);
    part("s", "t").expect(200);
    assert_eq!(ids(&tester.get("Observation?patient=t").expect(200)), ["t"]);

    let mut result = content(&tester, "Patient/t");
    result["maritalStatus"] = json!({ "text": "既婚" });
    let with = |result: &Value| {
        let mut more = because().to_vec();
        more.push(json!({ "name": "result-patient", "resource": result }));
        unite(&doctor, "merge", "s", "t", &more)
    };
    let mut foreign = result.clone();
    foreign["id"] = json!("other");
    assert_eq!(with(&foreign).refusal(), (422, "RC-0097".to_owned()));
    with(&result).expect(200);
    assert_eq!(tester.get("Patient/t").expect(200).get("maritalStatus.text"), "既婚");
    part("s", "t").expect(200);
    assert_eq!(content(&tester, "Patient/t").get("maritalStatus"), None, "as it was before");
    clinic.verify().unwrap();
}

#[test]
fn whatever_a_patient_says_merging_and_parting_leaves_it_as_it_was() {
    let clinic = Clinic::start();
    let (tester, doctor) = (clinic.client(), member(&clinic, "doctor", None));
    let sample = sample::Clinic::new(7, sample::Date::new(2026, 4, 1).unwrap());
    let mut ids = Vec::new();
    for number in 0..12 {
        let whole: Value = serde_json::from_str(&sample.patient(number)).unwrap();
        let entries = whole["entry"].as_array().unwrap().iter();
        let mut patient =
            entries.map(|one| one["resource"].clone()).find(|one| one["resourceType"] == "Patient").unwrap();
        let id = format!("p{number}");
        patient["id"] = json!(id);
        match number % 4 {
            1 => drop(patient.as_object_mut().unwrap().remove("active")),
            2 => patient["active"] = json!(false),
            3 => {
                patient["link"] =
                    json!([{ "other": { "reference": "Patient/elsewhere" }, "type": "seealso" }]);
            }
            _ => {}
        }
        put(&tester, &patient).expect(201);
        ids.push(id);
    }
    for (number, source) in ids.iter().enumerate() {
        let target = &ids[(number * 5 + 1) % ids.len()];
        if source == target {
            continue;
        }
        let all =
            || -> Vec<Value> { ids.iter().map(|id| content(&tester, &format!("Patient/{id}"))).collect() };
        let before = all();
        unite(&doctor, "merge", source, target, &because()).expect(200);
        assert_ne!(all(), before);
        unite(&doctor, "unmerge", source, target, &because()).expect(200);
        assert_eq!(all(), before, "{source} {target}");
    }
    clinic.verify().unwrap();
}
