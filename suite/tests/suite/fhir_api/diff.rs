//! `$history-diff`: what differs between versions, by whom, when and why, for machines and for people.

use super::states::{act, member, observation, reason, with};
use crate::material::{patient, resource};
use http::Method;
use serde_json::Value;
use testkit::{Client, Clinic, Reply};

/// A result that was corrected and then taken back.
fn settled(clinic: &Clinic) -> (Client, Client) {
    let (tester, doctor) = (clinic.client(), member(clinic, "doctor"));
    tester.put("Patient/p", patient(r#""id":"p""#)).expect(201);
    doctor.put("Observation/o", observation("o", "preliminary", "<1>")).expect(201);
    act(&doctor, "Observation/o", "finalize", &[]).expect(200);
    let corrected = observation("o", "amended", "2");
    act(&doctor, "Observation/o", "amend", &[reason("検体の取り違え"), with(&corrected)]).expect(200);
    (tester, doctor)
}

/// The parameters of a name, of the whole or of a step.
fn named<'v>(parameters: &'v Value, name: &str) -> Vec<&'v Value> {
    let all = parameters.get("parameter").or_else(|| parameters.get("part")).and_then(Value::as_array);
    all.into_iter().flatten().filter(|one| one["name"] == name).collect()
}

/// An operation as `replace Observation.status final amended`.
fn operation(parameter: &Value) -> String {
    let part = |name: &str| {
        let value = named(parameter, name).into_iter().next()?.as_object()?;
        value.iter().find(|(member, _)| member.starts_with("value")).map(|(_, value)| value.clone())
    };
    let text = |value: Value| value.as_str().map_or_else(|| value.to_string(), str::to_owned);
    let parts = ["type", "path", "previousValue", "value"].map(|name| part(name).map(text));
    parts.into_iter().flatten().collect::<Vec<_>>().join(" ")
}

fn parameters(reply: &Reply) -> Value {
    let node = fhir::json::parse(&reply.body).unwrap();
    let findings = fhir::validate(&node);
    assert!(findings.problems.is_empty(), "{:?}\n{}", findings.problems, reply.text());
    serde_json::from_slice(&reply.body).unwrap()
}

#[test]
fn the_last_two_versions_are_compared_with_who_when_and_why() {
    let clinic = Clinic::start();
    let (_, doctor) = settled(&clinic);
    let reply = doctor.ask(Method::GET, "Observation/o/$history-diff").field("accept-language", "ja").send();
    let told = parameters(&reply.expect(200));
    let value = |name: &str, member: &str| named(&told, name)[0][member].clone();
    assert_eq!((value("from", "valuePositiveInt"), value("to", "valuePositiveInt")), (2.into(), 3.into()));
    assert_eq!(value("state", "valueCode"), "amended");
    assert_eq!(value("author", "valueIdentifier")["value"], "doctor");
    assert_eq!(value("reason", "valueString"), "検体の取り違え");
    let proof = value("proof", "valueUrl");
    assert!(proof.as_str().unwrap().ends_with("/fhir/Observation/o/_history/3/$proof"), "{proof}");
    let operations: Vec<String> = named(&told, "operation").into_iter().map(operation).collect();
    assert_eq!(operations, ["replace Observation.status final amended", "replace Observation.value <1> 2"]);
    let change = named(&told, "change")[0];
    let said = ["element", "before", "after"].map(|name| named(change, name)[0]["valueString"].clone());
    assert_eq!(said, ["状態", "確定", "訂正済み"]);
    clinic.verify().unwrap();
}

#[test]
fn a_chain_tells_each_step_and_what_was_deleted_and_written_again() {
    let clinic = Clinic::start();
    let client = clinic.client();
    let with_date = |date: &str| patient(&format!(r#""id":"p","birthDate":"{date}""#));
    client.put("Patient/p", with_date("1950-01-01")).expect(201);
    client.put("Patient/p", with_date("1951-01-01")).expect(200);
    client.delete("Patient/p").expect(204);
    client.put("Patient/p", with_date("1952-01-01")).expect(201);
    let told = parameters(&client.get("Patient/p/$history-diff?chain=true").expect(200));
    let steps = named(&told, "step");
    let operations: Vec<String> =
        steps.iter().flat_map(|step| named(step, "operation")).map(operation).collect();
    assert_eq!(
        operations,
        [
            "replace Patient.birthDate 1951-01-01 1952-01-01",
            "delete Patient",
            "replace Patient.birthDate 1950-01-01 1951-01-01"
        ]
    );
    let whole = parameters(&client.get("Patient/p/$history-diff?from=1&to=4").expect(200));
    let operations: Vec<String> = named(&whole, "operation").into_iter().map(operation).collect();
    assert_eq!(operations, ["replace Patient.birthDate 1950-01-01 1952-01-01"]);
    let part = parameters(&client.get("Patient/p/$history-diff?chain=true&to=2").expect(200));
    assert_eq!(named(&part, "step").len(), 1);
}

#[test]
fn people_read_the_differences_on_a_page() {
    let clinic = Clinic::start();
    let (_, doctor) = settled(&clinic);
    let ask = doctor.ask(Method::GET, "Observation/o/$history-diff?chain=true");
    let reply = ask.field("accept", "text/html").field("accept-language", "ja").send().expect(200);
    assert_eq!(reply.field("content-type"), "text/html; charset=utf-8");
    assert!(reply.field("content-security-policy").contains("default-src 'none'; style-src 'sha256-"));
    let page = reply.text();
    for told in [
        "第 2 版からの変更",
        "<strong class=\"state\">訂正・追記（責任者 doctor）</strong>",
        "理由: 検体の取り違え",
        "<del>&#60;1&#62;</del><ins>2</ins>",
        "<del>未確定</del><ins>確定</ins>",
        "記録者 doctor",
    ] {
        assert!(page.contains(told), "{told}\n{page}");
    }
    assert!(!page.contains("<script"));
    let english = doctor.ask(Method::GET, "Observation/o/$history-diff?_format=html");
    assert!(
        english.field("accept-language", "en").send().expect(200).text().contains("Changed since version 2")
    );
}

#[test]
fn what_cannot_be_compared_is_told_and_what_may_not_be_seen_is_not_there() {
    let clinic = Clinic::start();
    let client = clinic.client();
    client.put("Patient/p", resource("Patient", r#""id":"p""#)).expect(201);
    let told = parameters(&client.get("Patient/p/$history-diff").expect(200));
    assert!(named(&told, "operation").is_empty(), "of one version nothing differs: {told}");
    for (path, expected) in [
        ("Patient/p/$history-diff?to=2", (400, "RC-0101")),
        ("Patient/p/$history-diff?from=1&to=1", (400, "RC-0101")),
        ("Patient/p/$history-diff?_since=2026", (400, "RC-0100")),
        ("Patient/nobody/$history-diff", (404, "RC-0002")),
    ] {
        assert_eq!(client.get(path).refusal(), (expected.0, expected.1.to_owned()), "{path}");
    }
    let refused = member(&clinic, "other").get("Patient/p/$history-diff").refusal();
    assert_eq!(refused, (403, "AC-0001".to_owned()));
}
