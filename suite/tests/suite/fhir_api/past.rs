//! The record of a patient at a past moment: as a page and as a Bundle, with what was deleted, taken back or moved since.

use super::states::{act, member, observation, reason};
use crate::material::{patient, resource};
use http::Method;
use records::SearchIndex;
use serde_json::Value;
use store::Store;
use testkit::{Client, Clinic, Reply};

/// When a version was written.
fn time(reply: &Reply) -> String {
    reply.get("meta.lastUpdated")
}

fn page(client: &Client, path: &str) -> String {
    client.ask(Method::GET, path).field("accept-language", "ja").send().expect(200).text()
}

/// The Bundle at a moment: what it shows, as `Observation/o 1 final deleted`.
fn stood(client: &Client, moment: &str) -> Vec<String> {
    let reply = client.get(&format!("Patient/p/$everything?_at={moment}")).expect(200);
    let node = fhir::json::parse(&reply.body).unwrap();
    let findings = fhir::validate(&node);
    assert!(findings.problems.is_empty(), "{:?}\n{}", findings.problems, reply.text());
    let whole: Value = serde_json::from_slice(&reply.body).unwrap();
    let entries = whole["entry"].as_array().unwrap();
    assert_eq!(whole["total"], entries.len());
    entries.iter().map(entry).collect()
}

fn entry(entry: &Value) -> String {
    let inner = |of: &Value, name: &str| {
        let all = of["extension"].as_array().unwrap().clone();
        all.into_iter().find(|one| one["url"] == name)
    };
    let told = entry["extension"][0].clone();
    let state = inner(&told, "state").map(|state| format!(" {}", state["valueCode"].as_str().unwrap()));
    let since = inner(&told, "since").and_then(|since| inner(&since, "fate"));
    let since = since.map(|fate| format!(" {}", fate["valueCode"].as_str().unwrap()));
    let resource = &entry["resource"];
    format!(
        "{}/{} {}{}{}",
        resource["resourceType"].as_str().unwrap(),
        resource["id"].as_str().unwrap(),
        resource["meta"]["versionId"].as_str().unwrap(),
        state.unwrap_or_default(),
        since.unwrap_or_default()
    )
}

/// A patient whose record changed in every way, and the moments between the changes.
struct Story {
    clinic: Clinic,
    doctor: Client,
    moments: Vec<String>,
}

impl Story {
    fn told() -> Self {
        let clinic = Clinic::start();
        let doctor = member(&clinic, "doctor");
        let mut moments = Vec::new();
        let tick = || clinic.pass_seconds(60);
        moments.push(time(
            &doctor.put("Patient/p", patient(r#""id":"p","name":[{"text":"山田"}]"#)).expect(201),
        ));
        doctor.put("Patient/q", patient(r#""id":"q","name":[{"text":"別の人"}]"#)).expect(201);
        tick();
        let condition = |of: &str| {
            resource(
                "Condition",
                &format!(r#""id":"c","code":{{"text":"高血圧"}},"subject":{{"reference":"Patient/{of}"}}"#),
            )
        };
        doctor.put("Condition/c", condition("p")).expect(201);
        let own = |text: &str| {
            resource(
                "Condition",
                &format!(r#""id":"d","code":{{"text":"{text}"}},"subject":{{"reference":"Patient/p"}}"#),
            )
        };
        doctor.put("Condition/d", own("風邪")).expect(201);
        moments.push(time(&doctor.put("Observation/o", observation("o", "final", "1")).expect(201)));
        tick();
        act(&doctor, "Observation/o", "withdraw", &[reason("別の患者の検体")]).expect(200);
        doctor.delete("Condition/d").expect(204);
        moments.push(time(&doctor.put("Condition/c", condition("q")).expect(200)));
        tick();
        Self { clinic, doctor, moments }
    }
}

#[test]
fn each_moment_shows_the_versions_that_stood_then_and_what_became_of_them() {
    let story = Story::told();
    let at = |index: usize| stood(&story.doctor, &story.moments[index]);
    assert_eq!(at(0), ["Patient/p 1"]);
    assert_eq!(
        at(1),
        [
            "Patient/p 1",
            "Condition/c 1 draft left",
            "Condition/d 1 draft deleted",
            "Observation/o 1 final withdrawn"
        ]
    );
    assert_eq!(at(2), ["Patient/p 1", "Observation/o 2 withdrawn"]);
    let only = story.doctor.get(&format!("Patient/p/$everything?_at={}&_type=Condition", story.moments[1]));
    assert_eq!(only.expect(200).get("total"), "2");
}

#[test]
fn the_index_of_the_past_is_made_anew_from_the_journal() {
    let mut story = Story::told();
    let before: Vec<Vec<String>> = story.moments.iter().map(|at| stood(&story.doctor, at)).collect();
    story.clinic.close();
    let (facility, master) = (story.clinic.facility().clone(), story.clinic.master());
    Store::reindex(story.clinic.data(), &facility, master, &SearchIndex, &|_, _| ()).unwrap();
    story.clinic.verify().unwrap();
    story.clinic.open();
    let doctor = story.clinic.client();
    let after: Vec<Vec<String>> = story.moments.iter().map(|at| stood(&doctor, at)).collect();
    assert_eq!(after, before);
}

#[test]
fn the_page_of_a_moment_says_which_it_is_and_the_page_of_today_shows_what_is_gone() {
    let story = Story::told();
    let then = page(&story.doctor, &format!("Patient/p/$chart?_at={}", story.moments[1]));
    for told in
        ["この時点の記録", "風邪", "に削除されました", "に取り消されました", "この患者の記録から外れました"]
    {
        assert!(then.contains(told), "{told}\n{then}");
    }
    assert!(!then.contains("別の患者の検体"), "the reason came later");
    let now = page(&story.doctor, "Patient/p/$chart");
    for told in [
        "<strong class=\"state gone\">取消（責任者 doctor）</strong>",
        "理由: 別の患者の検体",
        "<del>確定</del><ins>誤記入（取消）</ins>",
        "<strong>この版で削除</strong>",
        "<strong class=\"state gone\">取消</strong></h3>",
        "<strong class=\"state gone\">削除済み</strong>",
        "この患者の記録から外れました",
        "（うち削除済み 1）",
    ] {
        assert!(now.contains(told), "{told}\n{now}");
    }
    // Whose it is now, is nobody's business here.
    assert!(!now.contains("Patient/q") && !now.contains("この時点の記録"));
    assert!(!page(&story.doctor, "Patient/q/$chart").contains("風邪"));
}

#[test]
fn a_patient_who_was_deleted_is_shown_as_they_were() {
    let clinic = Clinic::start();
    let client = clinic.client();
    let written = time(&client.put("Patient/p", patient(r#""id":"p","name":[{"text":"山田"}]"#)).expect(201));
    clinic.pass_seconds(60);
    client.delete("Patient/p").expect(204);
    assert_eq!(client.get("Patient/p/$chart").refusal().0, 410);
    assert_eq!(stood(&client, &written), ["Patient/p 1 deleted"]);
    assert!(page(&client, &format!("Patient/p/$chart?_at={written}")).contains("山田"));
}

#[test]
fn a_moment_that_is_none_or_has_not_come_or_was_too_early_is_told() {
    let clinic = Clinic::start();
    let client = clinic.client();
    client.put("Patient/p", patient(r#""id":"p""#)).expect(201);
    for (at, expected) in [
        ("2026-04-01", (400, "RC-0102")),
        ("2026-04-01T09:00:00+09:00", (400, "RC-0102")),
        ("2999-01-01T00:00:00Z", (400, "RC-0103")),
        ("1999-01-01T00:00:00%2B09:00", (404, "RC-0104")),
    ] {
        for operation in ["$chart", "$everything", "$document"] {
            let told = client.get(&format!("Patient/p/{operation}?_at={at}")).refusal();
            assert_eq!(told, (expected.0, expected.1.to_owned()), "{operation} {at}");
        }
    }
    let both = client.get("Patient/p/$everything?_at=2026-04-01T00:00Z&_count=1").refusal();
    assert_eq!(both, (400, "RC-0055".to_owned()));
    assert_eq!(client.get("Patient/nobody/$chart?_at=2026-04-01T00:00Z").refusal().0, 404);
}
