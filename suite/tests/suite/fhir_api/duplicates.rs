//! Patients who were registered twice, over HTTP: found, listed, merged, parted again; that nothing is lost, that no way of
//! writing goes round it, and that the law holds for the person.

use crate::material::{asks, bundle, link, resource, versions, writes};
use http::Method;
use serde_json::{Value, json};
use testkit::{Client, Clinic, Member, ROLES, Reply};

/// Somebody of the role matrix; `practitioner` is the id of their record.
fn member(clinic: &Clinic, name: &str, practitioner: Option<&str>) -> Client {
    let role = ROLES.into_iter().find(|role| role.name == name).unwrap();
    let member = Member::join(clinic, "sakura", role, practitioner);
    clinic.pass_seconds(31);
    member.client(clinic, "sakura")
}

const REPRESENTATION: &str = "http://hl7.org/fhir/StructureDefinition/iso21090-EN-representation";

fn name(code: &str, family: &str, given: &str) -> Value {
    json!({ "extension": [{ "url": REPRESENTATION, "valueCode": code }], "family": family, "given": [given] })
}

/// A patient with a name in kanji and kana.
fn person(id: &str, written: (&str, &str), read: (&str, &str), birth: &str, phone: Option<&str>) -> Value {
    let telecom: Vec<Value> =
        phone.map(|value| json!({ "system": "phone", "value": value })).into_iter().collect();
    let mut patient = json!({
        "resourceType": "Patient", "id": id, "active": true, "gender": "female", "birthDate": birth,
        "name": [name("IDE", written.0, written.1), name("SYL", read.0, read.1)],
    });
    if !telecom.is_empty() {
        patient["telecom"] = Value::Array(telecom);
    }
    patient
}

fn put(client: &Client, resource: &Value) -> Reply {
    let key = format!("{}/{}", resource["resourceType"].as_str().unwrap(), resource["id"].as_str().unwrap());
    client.put(&key, resource.to_string())
}

fn value(reply: &Reply) -> Value {
    serde_json::from_slice(&reply.body).unwrap()
}

/// A record without what every version has of its own.
fn content(client: &Client, record: &str) -> Value {
    let mut found = value(&client.get(record).expect(200));
    found.as_object_mut().unwrap().remove("meta");
    found
}

fn operate(client: &Client, operation: &str, parameters: &[Value]) -> Reply {
    let body = json!({ "resourceType": "Parameters", "parameter": parameters });
    client.post(&format!("Patient/${operation}"), body.to_string())
}

fn unite(client: &Client, operation: &str, source: &str, target: &str, more: &[Value]) -> Reply {
    let patient = |name: &str, id: &str| json!({ "name": name, "valueReference": { "reference": format!("Patient/{id}") } });
    let mut all = vec![patient("source-patient", source), patient("target-patient", target)];
    all.extend_from_slice(more);
    operate(client, operation, &all)
}

fn because() -> [Value; 1] {
    [json!({ "name": "reason", "valueString": "受付で本人に確認" })]
}

fn matched(client: &Client, patient: &Value, more: &[Value]) -> Vec<(String, String, String)> {
    let mut all = vec![json!({ "name": "resource", "resource": patient })];
    all.extend_from_slice(more);
    let found = value(&operate(client, "match", &all).expect(200));
    assert_eq!(found["type"], "searchset");
    let entries = found["entry"].as_array().cloned().unwrap_or_default();
    let text = |value: &Value| value.as_str().unwrap_or_default().to_owned();
    let graded = entries.iter().filter(|entry| entry["search"]["mode"] == "match").map(|entry| {
        let extension = &entry["search"]["extension"][0];
        assert_eq!(extension["url"], "http://hl7.org/fhir/StructureDefinition/match-grade");
        (text(&entry["resource"]["id"]), text(&extension["valueCode"]), entry["search"]["score"].to_string())
    });
    graded.collect()
}

fn ids(reply: &Reply) -> Vec<String> {
    let mut found = testkit::texts(&reply.node(), "entry", "resource.id");
    found.sort();
    found
}

/// Two registrations of one person, and two others: a twin, somebody of the same name.
fn registered() -> (Clinic, Client) {
    let clinic = Clinic::start();
    let tester = clinic.client();
    let same = ("高橋", "美咲");
    for patient in [
        person("s", ("髙橋", "美咲"), ("ﾀｶﾊｼ", "ﾐｻｷ"), "1985-03-12", Some("03(0000)1234")),
        person("t", same, ("タカハシ", "ミサキ"), "1985-03-12", Some("03-0000-1234")),
        person("twin", ("高橋", "美優"), ("タカハシ", "ミユ"), "1985-03-12", Some("03-0000-1234")),
        person("other", same, ("タカハシ", "ミサキ"), "1961-11-08", None),
    ] {
        put(&tester, &patient).expect(201);
    }
    (clinic, tester)
}

fn observation(id: &str, patient: &str, more: &str) -> String {
    resource(
        "Observation",
        &format!(
            r#""id":"{id}","status":"preliminary","code":{{"text":"Hb"}},"subject":{{"reference":"Patient/{patient}"}}{more}"#
        ),
    )
}

fn encounter(id: &str, patient: &str, more: &str) -> String {
    resource(
        "Encounter",
        &format!(
            r#""id":"{id}","status":"finished","class":{{"code":"AMB"}},"subject":{{"reference":"Patient/{patient}"}}{more}"#
        ),
    )
}

#[test]
fn a_patient_is_found_by_what_is_known_of_them_with_what_agrees_and_what_does_not() {
    let (_clinic, tester) = registered();
    let mut asked = person("x", ("髙橋", "美咲"), ("たかはし", "みさき"), "1985-03-12", Some("0300001234"));
    asked.as_object_mut().unwrap().remove("id");
    let found = matched(&tester, &asked, &[]);
    let graded: Vec<(&str, &str)> =
        found.iter().map(|(id, grade, _)| (id.as_str(), grade.as_str())).collect();
    assert_eq!(graded, [("s", "certain"), ("t", "certain"), ("twin", "possible")]);
    assert!(found[0].2 >= "0.95".to_owned() && found[2].2 < "0.80".to_owned(), "{found:?}");
    let certain = [json!({ "name": "onlyCertainMatches", "valueBoolean": true })];
    assert_eq!(matched(&tester, &asked, &certain), [], "nobody knows which of two it is");
    let one = [json!({ "name": "count", "valueInteger": 1 })];
    assert_eq!(matched(&tester, &asked, &one).len(), 1);
    // A registered patient is no match of themselves.
    asked["id"] = json!("t");
    assert_eq!(matched(&tester, &asked, &certain)[0].0, "s");

    let all = [json!({ "name": "resource", "resource": asked })];
    let answer = value(&operate(&tester, "match", &all).expect(200));
    let entry =
        &answer["entry"].as_array().unwrap().iter().find(|one| one["resource"]["id"] == "twin").unwrap();
    let said = entry["search"].to_string();
    for part in
        ["姓は一致、名が異なる", "the same family name, another given name", "given-name", "生年月日が一致"]
    {
        assert!(said.contains(part), "{part}: {said}");
    }
}

#[test]
fn an_insurance_finds_a_patient_and_alone_makes_nothing_certain() {
    let (_clinic, tester) = registered();
    let coverage = resource(
        "Coverage",
        r#""id":"c","status":"active","beneficiary":{"reference":"Patient/t"},"payor":[{"display":"x"}],
        "identifier":[{"system":"http://jpfhir.jp/fhir/clins/Idsystem/JP_Insurance_memberID","value":"06139999:１２３:4567:01"}]"#,
    );
    tester.put("Coverage/c", coverage).expect(201);
    let asked = |name: &str, given: &str, birth: &str, branch: &str| {
        json!({
            "resourceType": "Patient", "gender": "female", "birthDate": birth,
            "name": [{ "family": name, "given": [given] }],
            "identifier": [{ "system": "http://jpfhir.jp/fhir/clins/Idsystem/JP_Insurance_memberID", "value": format!("06139999:123:4567:{branch}") }],
        })
    };
    let grade = |asked: &Value| -> Option<String> {
        matched(&tester, asked, &[]).into_iter().find(|(id, ..)| id == "t").map(|(_, grade, _)| grade)
    };
    assert_eq!(grade(&asked("高橋", "美咲", "1985-03-12", "01")).as_deref(), Some("certain"));
    assert_eq!(grade(&asked("佐藤", "美咲", "1985-03-13", "01")).as_deref(), Some("probable"));
    assert_eq!(grade(&asked("高橋", "美咲", "1990-07-30", "01")).as_deref(), Some("possible"));
    assert_eq!(grade(&asked("高橋", "美咲", "1985-03-12", "02")).as_deref(), Some("possible"));
    assert_eq!(grade(&asked("高橋", "修", "1955-01-20", "02")), None, "a relative");
}

#[test]
fn candidates_of_the_facility_are_listed_page_by_page_without_those_that_are_two_people() {
    let (clinic, tester) = registered();
    let clerk = member(&clinic, "clerk", None);
    let pairs = |client: &Client, query: &str| -> Vec<String> {
        let (mut found, mut next, mut pages) = (Vec::new(), Some(format!("Patient/$duplicates?{query}")), 0);
        while let Some(address) = next.take() {
            pages += 1;
            assert!(pages < 20, "the pages come to an end");
            for part in
                value(&client.get(&address).expect(200))["parameter"].as_array().unwrap_or(&Vec::new())
            {
                match part["name"].as_str().unwrap() {
                    "next" => next = part["valueUri"].as_str().map(str::to_owned),
                    "pair" => {
                        let patients = part["part"].as_array().unwrap().iter();
                        let ids = patients.filter_map(|one| one["valueReference"]["reference"].as_str());
                        found.push(ids.collect::<Vec<_>>().join(" "));
                    }
                    other => panic!("{other}"),
                }
            }
        }
        found.sort();
        found
    };
    assert_eq!(pairs(&clerk, ""), ["Patient/s Patient/t"]);
    assert_eq!(
        pairs(&clerk, "grade=certain&_count=1"),
        ["Patient/s Patient/t"],
        "a page of one patient each"
    );
    let possible = ["Patient/s Patient/t", "Patient/s Patient/twin", "Patient/t Patient/twin"];
    assert_eq!(pairs(&clerk, "grade=possible"), possible);
    let answer = value(&clerk.get("Patient/$duplicates").expect(200));
    assert!(answer.to_string().contains("1985"), "who they are can be read: {answer}");

    unite(&clerk, "distinct", "twin", "s", &because()).expect(200);
    assert_eq!(pairs(&clerk, "grade=possible"), ["Patient/s Patient/t", "Patient/t Patient/twin"]);
    assert_eq!(pairs(&clerk, "grade=possible&decided=true"), possible);
    let told = tester.get("Provenance?target=Patient/twin").expect(200);
    assert_eq!(told.get("entry.0.resource.activity.coding.0.code"), "distinct");
    unite(&clerk, "merge", "s", "t", &because()).expect(200);
    assert_eq!(pairs(&clerk, ""), Vec::<String>::new());
    for wrong in ["grade=certainly-not", "grade=certain&grade=certain", "colour=red", "_count=0", "_cursor=x"]
    {
        assert_eq!(clerk.get(&format!("Patient/$duplicates?{wrong}")).status(), 400, "{wrong}");
    }
    clinic.verify().unwrap();
}

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
                    json!([{ "other": { "reference": "Patient/elsewhere" }, "type": "seealso" }])
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

#[test]
fn people_who_may_do_it_at_both_merge_and_nobody_else() {
    let (clinic, tester) = registered();
    for who in ["nurse", "pharmacist", "laboratory", "auditor", "operator", "device", "service"] {
        let client = member(&clinic, who, None);
        for operation in ["merge", "unmerge", "distinct"] {
            let refusal = unite(&client, operation, "s", "t", &because()).refusal();
            assert_eq!(refusal, (403, "AC-0001".to_owned()), "{who} {operation}");
        }
    }
    assert_eq!(unite(&tester, "merge", "none", "t", &because()).refusal().0, 403, "the tester is a service");
    let clerk = member(&clinic, "clerk", None);
    assert_eq!(unite(&clerk, "merge", "none", "t", &because()).refusal(), (404, "RC-0002".to_owned()));
    unite(&clerk, "merge", "s", "t", &because()).expect(200);
    unite(&clerk, "unmerge", "s", "t", &because()).expect(200);
    tester.delete("Patient/other").expect(204);
    assert_eq!(unite(&clerk, "merge", "other", "t", &because()).refusal().0, 410);
    clinic.verify().unwrap();
}

#[test]
fn what_was_restricted_of_one_number_is_restricted_of_the_person_and_no_merge_opens_it() {
    let (clinic, tester) = registered();
    let label = json!({ "security": [{ "system": "http://terminology.hl7.org/CodeSystem/v3-Confidentiality", "code": "R" }] });
    for id in ["d", "e"] {
        tester
            .put(&format!("Practitioner/{id}"), resource("Practitioner", &format!(r#""id":"{id}""#)))
            .expect(201);
    }
    for (id, patient) in [("s", "s"), ("t", "t")] {
        tester.put(&format!("Observation/{id}"), observation(id, patient, "")).expect(201);
    }
    let treats = |practitioner: &str| {
        format!(
            r#","participant":[{{"individual":{{"reference":"Practitioner/{practitioner}"}}}}],"period":{{"start":"2026-01-01"}}"#
        )
    };
    // The one treats both numbers, the other neither.
    tester.put("Encounter/es", encounter("es", "s", &treats("d"))).expect(201);
    tester.put("Encounter/et", encounter("et", "t", &treats("d"))).expect(201);
    let doctor = member(&clinic, "doctor", Some("d"));
    let clerk = member(&clinic, "clerk", Some("e"));
    let mut restricted = content(&tester, "Patient/s");
    restricted["meta"] = label;
    put(&doctor, &restricted).expect(200);

    // Who may not touch the restricted number cannot merge it, and does not learn that there is one.
    assert_eq!(unite(&clerk, "merge", "s", "t", &because()).refusal(), (404, "RC-0002".to_owned()));
    let asked = person("x", ("高橋", "美咲"), ("タカハシ", "ミサキ"), "1985-03-12", Some("03-0000-1234"));
    let seen: Vec<String> = matched(&clerk, &asked, &[]).into_iter().map(|(id, ..)| id).collect();
    assert_eq!(seen, ["t", "twin"]);
    assert!(!clerk.get("Patient/$duplicates").expect(200).text().contains("Patient/s"));
    // Before: the unrestricted number is open to the clerk.
    clerk.get("Patient/t").expect(200);
    unite(&doctor, "merge", "s", "t", &because()).expect(200);
    for record in ["Patient/s", "Patient/t"] {
        assert_eq!(clerk.get(record).status(), 404, "{record} is of a restricted person");
        doctor.get(record).expect(200);
    }
    doctor.get("Observation/s").expect(200);
    doctor.get("Observation/t").expect(200);
    assert_eq!(ids(&doctor.get("Observation?patient=t").expect(200)), ["s", "t"]);
    assert_eq!(unite(&clerk, "unmerge", "s", "t", &because()).refusal().0, 404);
    unite(&doctor, "unmerge", "s", "t", &because()).expect(200);
    clerk.get("Patient/t").expect(200);
    clinic.verify().unwrap();
}

#[test]
fn who_looked_at_either_number_is_told_of_the_person() {
    let (clinic, _tester) = registered();
    let (doctor, nurse) = (member(&clinic, "doctor", None), member(&clinic, "nurse", None));
    nurse.get("Patient/s").expect(200);
    let auditor = member(&clinic, "auditor", None);
    let lookers = || auditor.get("Patient/t/$lookers").expect(200).text();
    assert!(!lookers().contains("nurse"));
    unite(&doctor, "merge", "s", "t", &because()).expect(200);
    assert!(lookers().contains("nurse"));
}

#[test]
fn where_too_many_share_something_it_is_said_that_not_all_were_compared() {
    let (_clinic, tester) = registered();
    let most = base::limits::MATCH_BLOCK_MAX;
    let entries: Vec<String> = (0..=most)
        .map(|number| {
            let patient = resource("Patient", &format!(r#""id":"many{number:03}","birthDate":"2000-01-01""#));
            writes("PUT", &format!("Patient/many{number:03}"), &patient)
        })
        .collect();
    for part in entries.chunks(100) {
        tester.post("", bundle("batch", part)).expect(200);
    }
    let asked = json!({ "resourceType": "Patient", "birthDate": "2000-01-01" });
    let answer =
        operate(&tester, "match", &[json!({ "name": "resource", "resource": asked })]).expect(200).text();
    assert!(answer.contains("RC-0099") && answer.contains("birthDate"), "{answer}");
    let one = json!({ "resourceType": "Patient", "birthDate": "1985-03-12" });
    let answer =
        operate(&tester, "match", &[json!({ "name": "resource", "resource": one })]).expect(200).text();
    assert!(!answer.contains("RC-0099"));
}

#[test]
fn what_is_asked_wrongly_is_refused_by_name() {
    let (clinic, _tester) = registered();
    let clerk = member(&clinic, "clerk", None);
    let reference = |name: &str, to: &str| json!({ "name": name, "valueReference": { "reference": to } });
    let both = || vec![reference("source-patient", "Patient/s"), reference("target-patient", "Patient/t")];
    let with = |more: Value| {
        let mut all = both();
        all.push(more);
        all
    };
    let reason = |text: &str| json!({ "name": "reason", "valueString": text });
    for (operation, parameters, status, code) in [
        ("merge", both(), 400, "RC-0093"),
        ("unmerge", both(), 400, "RC-0093"),
        ("merge", with(reason(" 　")), 400, "RC-0093"),
        ("merge", vec![reason("x")], 400, "RC-0093"),
        ("merge", with(reference("source-patient", "Patient/s")), 400, "RC-0092"),
        ("merge", vec![reference("source-patient", "Group/s")], 400, "RC-0092"),
        ("merge", vec![reference("source-patient", "https://elsewhere/Patient/s")], 400, "RC-0092"),
        ("merge", vec![reference("source-patient", "Patient/../t")], 400, "RC-0092"),
        ("merge", vec![json!({ "name": "source-patient", "valueString": "Patient/s" })], 400, "RC-0092"),
        ("merge", with(json!({ "name": "colour", "valueString": "red" })), 400, "RC-0092"),
        (
            "unmerge",
            with(json!({ "name": "result-patient", "resource": { "resourceType": "Patient" } })),
            400,
            "RC-0092",
        ),
        ("distinct", with(json!({ "name": "preview", "valueBoolean": true })), 400, "RC-0092"),
        ("merge", with(json!({ "name": "preview", "valueString": "perhaps" })), 400, "RC-0092"),
        ("match", vec![], 400, "RC-0090"),
        (
            "match",
            vec![json!({ "name": "resource", "resource": { "resourceType": "Patient" } })],
            422,
            "RC-0091",
        ),
    ] {
        let refusal = operate(&clerk, operation, &parameters).refusal();
        assert_eq!(refusal, (status, code.to_owned()), "{operation} {parameters:?}");
    }
    for operation in ["match", "merge", "unmerge", "distinct"] {
        let reply = clerk.post(&format!("Organization/${operation}"), r#"{"resourceType":"Parameters"}"#);
        assert_eq!(reply.refusal(), (404, "RC-0098".to_owned()), "{operation}");
        assert_eq!(clerk.post(&format!("Patient/${operation}"), "{").status(), 400);
        assert_eq!(clerk.post(&format!("Patient/${operation}"), "").status(), 400);
    }
    assert_eq!(clerk.get("Organization/$duplicates").refusal(), (404, "RC-0098".to_owned()));
    let long = "髙".repeat(5_000);
    let asked = json!({ "resourceType": "Patient", "birthDate": "1985-03-12", "name": [{ "text": long }], "telecom": [{ "system": "phone", "value": long }] });
    assert_eq!(matched(&clerk, &asked, &[]), []);
    assert_eq!(link(&clerk.get("Patient").expect(200), "next"), None);
}
