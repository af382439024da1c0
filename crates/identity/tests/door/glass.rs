//! Breaking the glass: who, for how long, and the second person who looks into it.

use crate::bench::{Bench, Way, command, id, ids, text};
use crate::people::Person;
use identity::door::{Caller, Problems};
use identity::kept::BrokenGlass;
use serde_json::{Value, json};
use store::{Actor, ActorKind};

const REASON: &str = "救急搬送、意識なし";

async fn broken(bench: &Bench, caller: &Caller, patient: &str) -> Result<BrokenGlass, Problems> {
    bench.door().break_glass(caller, patient, REASON, None).await
}

/// How long it lasts.
fn seconds(glass: &BrokenGlass) -> i64 {
    (glass.until.microseconds() - glass.from.microseconds()) / 1_000_000
}

fn patients(caller: &Caller) -> Vec<&str> {
    caller.broken.iter().map(|(patient, _)| patient.as_str()).collect()
}

async fn auditor(bench: &Bench, id: &str) -> (Caller, String) {
    bench
        .run(json!({ "command": "account-create", "account": id, "kind": "person", "name": "監査 担当",
            "occupation": "clerk", "duties": ["auditor"] }))
        .await;
    bench.equip(id).await.session(bench, &Way::bearer()).await
}

async fn review(bench: &Bench, by: &Actor, glass: &str, note: &str) -> Result<Value, base::Problem> {
    let given = json!({ "command": "glass-review", "glass": glass, "note": note });
    bench.door().perform(by, command(given).unwrap()).await
}

async fn listed(bench: &Bench) -> Value {
    bench.run(json!({ "command": "glass-list" })).await["glasses"].take()
}

#[tokio::test]
async fn the_glass_is_broken_for_one_patient_in_one_session_until_its_time_is_over() {
    let mut bench = Bench::new().await;
    let sato = bench.person("sato").await;
    let way = Way::bearer();
    let (_, elsewhere) = sato.session(&bench, &way).await;
    let (caller, token) = sato.session(&bench, &way).await;
    assert!(caller.broken.is_empty());
    let glass = bench.door().break_glass(&caller, "42", REASON, Some(20)).await.unwrap();
    assert_eq!(glass.until, glass.from.plus_seconds(20 * 60));
    for _ in 0..2 {
        let again = bench.caller(&way, &token).unwrap();
        assert_eq!(again.broken, [("42".to_owned(), glass.id.clone())]);
        assert_eq!(bench.door().who(&again, way.address).broken, ["42"]);
        assert!(patients(&bench.caller(&way, &elsewhere).unwrap()).is_empty(), "another session");
        bench.reopen();
    }
    bench.pass(20 * 60 - 1);
    assert_eq!(patients(&bench.caller(&way, &token).unwrap()), ["42"]);
    bench.clock.set(glass.until);
    assert!(patients(&bench.caller(&way, &token).unwrap()).is_empty());
}

#[tokio::test]
async fn it_lasts_as_long_as_the_policy_says_and_never_longer_than_the_session() {
    let bench = Bench::new().await;
    let sato = bench.person("sato").await;
    let way = Way::bearer();
    let (caller, _) = sato.session(&bench, &way).await;
    assert_eq!(seconds(&broken(&bench, &caller, "42").await.unwrap()), 3_600);
    assert_eq!(ids(bench.door().break_glass(&caller, "42", REASON, Some(61)).await), ["ID-0041"]);
    bench.set("glass-minutes-max", "10").await;
    assert_eq!(seconds(&broken(&bench, &caller, "42").await.unwrap()), 600);
    bench.set("session-seconds-max", "300").await;
    let (short, token) = sato.session(&bench, &way).await;
    bench.pass(10);
    let glass = broken(&bench, &short, "7").await.unwrap();
    let sessions = bench.door().own_sessions(&short);
    let all = sessions["sessions"].as_array().unwrap();
    let own = all.iter().find(|one| one["session"] == sessions["this"]).unwrap();
    assert_eq!(text(own, "/ends"), glass.until.to_string());
    assert!((285..=290).contains(&seconds(&glass)));
    bench.door().end_own_session(&short, None).await.unwrap();
    assert_eq!(id(bench.caller(&way, &token)), "ID-0303");
    assert_eq!(ids(broken(&bench, &short, "8").await), ["ID-0303"], "the session is over");
}

#[tokio::test]
async fn a_step_up_takes_it_along() {
    let mut bench = Bench::new().await;
    let sato = bench.person("sato").await;
    let way = Way::bearer();
    let (caller, _) = sato.session(&bench, &way).await;
    broken(&bench, &caller, "42").await.unwrap();
    let begun = bench.step_up(&way, &caller, json!({ "totp": sato.code(&bench) })).await.unwrap();
    for _ in 0..2 {
        let renewed = bench.caller(&way, begun.token.reveal()).unwrap();
        assert_eq!(patients(&renewed), ["42"]);
        bench.reopen();
    }
    assert_eq!(listed(&bench).await.as_array().unwrap().len(), 1);
}

#[tokio::test]
async fn only_people_who_work_here_break_it_and_only_with_a_fresh_factor() {
    let bench = Bench::new().await;
    let sato = bench.person("sato").await;
    let way = Way::bearer();
    let (_, token) = sato.session(&bench, &way).await;
    bench.pass(301);
    let stale = bench.caller(&way, &token).unwrap();
    assert_eq!(ids(broken(&bench, &stale, "42").await), ["ID-0002"]);
    let technician: Person = bench.technician("maint", 3_600).await;
    let (outside, _) = technician.session(&bench, &way).await;
    assert_eq!(ids(broken(&bench, &outside, "42").await), ["ID-0040"]);
    bench.set("machine-factors-needed", "1").await;
    bench
        .run(json!({ "command": "account-create", "account": "svc", "kind": "service", "name": "会社" }))
        .await;
    let key = bench.run(json!({ "command": "account-key", "account": "svc" })).await;
    let machine = bench.caller(&way, text(&key, "/key")).unwrap();
    assert_eq!(ids(broken(&bench, &machine, "42").await), ["ID-0040"]);
    assert_eq!(listed(&bench).await, json!([]));
}

#[tokio::test]
async fn a_reason_says_something_and_everything_wrong_is_told_at_once() {
    let bench = Bench::new().await;
    let (caller, _) = bench.person("sato").await.session(&bench, &Way::bearer()).await;
    let door = bench.door();
    for reason in ["", "至急です", "    至急  ", &"x".repeat(501), "救急搬送\n意識なし"] {
        assert_eq!(ids(door.break_glass(&caller, "42", reason, None).await), ["ID-0041"], "{reason}");
    }
    for patient in ["", "Patient/42", "a b", &"x".repeat(65)] {
        assert_eq!(ids(broken(&bench, &caller, patient).await), ["ID-0041"], "{patient}");
    }
    let all = door.break_glass(&caller, "a b", "", Some(0)).await;
    assert_eq!(ids(all), ["ID-0041"; 3]);
    door.break_glass(&caller, "42", &"あ".repeat(500), Some(1)).await.unwrap();
    door.break_glass(&caller, "42", "意識不明だ", Some(1)).await.unwrap();
}

#[tokio::test]
async fn a_patient_stands_once_with_the_breaking_that_lasts_longest() {
    let bench = Bench::new().await;
    let way = Way::bearer();
    let (caller, token) = bench.person("sato").await.session(&bench, &way).await;
    let door = bench.door();
    let long = door.break_glass(&caller, "42", REASON, Some(30)).await.unwrap();
    let short = door.break_glass(&caller, "42", REASON, Some(10)).await.unwrap();
    assert_ne!(long.id, short.id);
    assert_eq!(bench.caller(&way, &token).unwrap().broken, [("42".to_owned(), long.id)]);
}

#[tokio::test]
async fn a_session_opens_twenty_at_a_time() {
    let bench = Bench::new().await;
    let way = Way::bearer();
    let (caller, token) = bench.person("sato").await.session(&bench, &way).await;
    let door = bench.door();
    for patient in 0..20 {
        door.break_glass(&caller, &patient.to_string(), REASON, Some(1)).await.unwrap();
    }
    assert_eq!(ids(broken(&bench, &caller, "20").await), ["ID-0042"]);
    bench.pass(60);
    let caller = bench.caller(&way, &token).unwrap();
    broken(&bench, &caller, "20").await.unwrap();
}

#[tokio::test]
async fn a_second_person_looks_into_it_once() {
    let mut bench = Bench::new().await;
    let (caller, _) = auditor(&bench, "ono").await;
    let (other, _) = auditor(&bench, "mori").await;
    let glass = broken(&bench, &caller, "42").await.unwrap().id;
    assert_eq!(id(review(&bench, &caller.actor, &glass, "妥当").await), "ID-0037", "never one's own");
    let machine = Actor::new(ActorKind::Service, "verifier");
    assert_eq!(id(review(&bench, &machine, &glass, "妥当").await), "ID-0029");
    for note in ["", " ", "a\nb", &"x".repeat(501)] {
        assert_eq!(id(review(&bench, &other.actor, &glass, note).await), "ID-0041");
    }
    assert_eq!(id(review(&bench, &other.actor, "nothing", "妥当").await), "ID-0043");
    review(&bench, &other.actor, &glass, "妥当").await.unwrap();
    for _ in 0..2 {
        assert_eq!(id(review(&bench, &crate::bench::console(), &glass, "不当").await), "ID-0044");
        let all = listed(&bench).await;
        let reviewed = &all[0]["reviewed"];
        assert_eq!((text(reviewed, "/by"), text(reviewed, "/note")), ("mori", "妥当"));
        bench.reopen();
    }
}

#[tokio::test]
async fn those_nobody_has_looked_into_are_listed_first_and_told_to_those_whose_duty_it_is() {
    let bench = Bench::new().await;
    let way = Way::bearer();
    let (caller, _) = bench.person("sato").await.session(&bench, &way).await;
    let (watch, _) = auditor(&bench, "ono").await;
    let door = bench.door();
    let first = broken(&bench, &caller, "41").await.unwrap();
    bench.pass(1);
    let second = broken(&bench, &caller, "42").await.unwrap();
    bench.pass(1);
    let third = broken(&bench, &caller, "43").await.unwrap();
    review(&bench, &watch.actor, &first.id, "妥当").await.unwrap();
    let all = listed(&bench).await;
    let order: Vec<&str> = all.as_array().unwrap().iter().map(|one| text(one, "/patient")).collect();
    assert_eq!(order, ["42", "43", "41"]);
    assert_eq!((text(&all[0], "/reason"), &all[0]["lasts"]), (REASON, &json!(true)));
    let told = door.notices(&watch);
    assert_eq!(told.iter().map(|one| one.id.clone()).collect::<Vec<_>>(), [second.id.clone(), third.id]);
    assert!(told.iter().all(|one| one.kind == "broken-glass" && one.ja.contains("sato")));
    assert!(told.iter().all(|one| !one.en.contains(REASON) && !one.ja.contains(REASON)));
    assert!(door.notices(&caller).is_empty(), "it is not their duty");
    let own = door.own_glass(&caller);
    assert_eq!(own["glasses"].as_array().unwrap().len(), 3);
    assert_eq!(door.own_glass(&watch)["glasses"], json!([]));
    door.end_own_session(&caller, None).await.unwrap();
    assert_eq!(listed(&bench).await[0]["lasts"], false, "it ended with the session");
}

#[tokio::test]
async fn an_auditors_own_is_told_to_another_one_only() {
    let bench = Bench::new().await;
    let (one, _) = auditor(&bench, "ono").await;
    let (other, _) = auditor(&bench, "mori").await;
    broken(&bench, &one, "42").await.unwrap();
    assert!(bench.door().notices(&one).is_empty());
    assert_eq!(bench.door().notices(&other).len(), 1);
}

#[tokio::test]
async fn a_breaking_that_was_not_written_opens_nothing() {
    let mut bench = Bench::new().await;
    let way = Way::bearer();
    let (caller, token) = bench.person("sato").await.session(&bench, &way).await;
    bench.journal_refuses(true);
    assert_eq!(ids(broken(&bench, &caller, "42").await), ["ST-0002"]);
    bench.journal_refuses(false);
    for _ in 0..2 {
        assert!(patients(&bench.caller(&way, &token).unwrap()).is_empty());
        assert_eq!(listed(&bench).await, json!([]));
        bench.reopen();
    }
}

#[tokio::test]
async fn neither_patient_nor_reason_stands_in_an_entry() {
    let bench = Bench::new().await;
    let (caller, _) = bench.person("sato").await.session(&bench, &Way::bearer()).await;
    broken(&bench, &caller, "patient-of-the-canary").await.unwrap();
    let holds = |rows: &[Vec<u8>], part: &str| {
        rows.iter().any(|row| row.windows(part.len()).any(|window| window == part.as_bytes()))
    };
    let (entries, contents) = (bench.journal("entry"), bench.journal("content"));
    for part in ["patient-of-the-canary", REASON] {
        assert!(!holds(&entries, part) && holds(&contents, part), "{part}");
    }
}
