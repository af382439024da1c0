//! Patients who were registered twice, over HTTP: found and listed, and that the law holds for the person.

mod merged;

use crate::material::{bundle, link, resource, writes};
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
    assert!(found[0].2.as_str() >= "0.95" && found[2].2.as_str() < "0.80", "{found:?}");
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
    // Who breaks the glass for one number has broken it for the person, and the entry of each look says so.
    let nurse = member(&clinic, "nurse", None);
    assert_eq!(nurse.get("Observation/s").refusal(), (403, "AC-0002".to_owned()));
    let wanted = json!({ "patient": "t", "reason": "救急搬送、意識なし", "minutes": 10 });
    nurse.call(Method::POST, "break-glass").json(&wanted).send().expect(201);
    nurse.ask(Method::GET, "Observation/s").field("x-request-id", "glass-1").send().expect(200);
    let entry = clinic.accesses_by("glass-1").remove(0).access;
    assert!(entry.break_glass.is_some() && entry.patients.contains(&"t".to_owned()), "{entry:?}");
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
