//! Accounts: what they must say, and joiners, movers and leavers.

use crate::bench::{Bench, Way, command, id, text};
use identity::door::Caller;
use serde_json::{Value, json};
use std::sync::Arc;
use std::sync::atomic::{AtomicU64, Ordering};

fn person(more: Value) -> Value {
    let mut account = json!({ "command": "account-create", "account": "sato", "kind": "person", "name": "佐藤",
        "occupation": "nurse" });
    for (name, value) in more.as_object().unwrap() {
        account[name] = value.clone();
    }
    account
}

fn order(days: i64) -> Value {
    let from = crate::bench::start();
    let until = from.plus_seconds(days * 86_400);
    json!({ "order": "M-1", "company": "見本保守", "from": from.to_string(), "until": until.to_string() })
}

#[tokio::test]
async fn an_account_says_what_its_kind_must_say() {
    let bench = Bench::new().await;
    let long = "あ".repeat(101);
    let bad = [
        person(json!({ "name": "" })),
        person(json!({ "name": "  " })),
        person(json!({ "name": long })),
        person(json!({ "name": "a\u{0}b" })),
        person(json!({ "name": "a\nb" })),
        person(json!({ "occupation": null })),
        person(json!({ "work_order": order(1) })),
        json!({ "command": "account-create", "account": "t", "kind": "device", "name": "端末", "occupation": "nurse" }),
        json!({ "command": "account-create", "account": "t", "kind": "device", "name": "端末", "duties": ["operator"] }),
        json!({ "command": "account-create", "account": "t", "kind": "service", "name": "会社", "work_order": order(1) }),
        json!({ "command": "account-create", "account": "t", "kind": "service", "name": "会社", "practitioner": "17" }),
        json!({ "command": "account-create", "account": "t", "kind": "device", "name": "端末", "scopes": "system/*.rs" }),
        json!({ "command": "account-create", "account": "t", "kind": "service", "name": "会社",
            "scopes": format!("system/*.rs {}", "system/Patient.rs ".repeat(300)) }),
        person(json!({ "scopes": "system/*.rs" })),
        person(json!({ "practitioner": "Practitioner/17" })),
        person(json!({ "practitioner": "x".repeat(65) })),
        json!({ "command": "account-create", "account": "t", "kind": "maintenance", "name": "保守" }),
        json!({ "command": "account-create", "account": "t", "kind": "maintenance", "name": "保守",
            "work_order": order(1), "duties": ["operator"] }),
    ];
    for account in bad {
        assert_eq!(bench.refused(account.clone()).await, "ID-0011", "{account}");
    }
    for days in [0, -1, 93] {
        let account = json!({ "command": "account-create", "account": "t", "kind": "maintenance", "name": "保守",
            "work_order": order(days) });
        assert_eq!(bench.refused(account).await, "ID-0011", "{days}");
    }
    for part in ["order", "company"] {
        for bad in ["", &"x".repeat(101)] {
            let mut order = order(1);
            order[part] = bad.into();
            let account = json!({ "command": "account-create", "account": "t", "kind": "maintenance",
                "name": "保守", "work_order": order });
            assert_eq!(bench.refused(account).await, "ID-0011", "{part}");
        }
    }
    assert_eq!(bench.refused(person(json!({ "phone": "090" }))).await, "ID-0211");
    assert_eq!(bench.run(json!({ "command": "account-list" })).await["accounts"], json!([]));
}

#[tokio::test]
async fn accounts_at_the_bounds_are_taken() {
    let bench = Bench::new().await;
    bench.run(person(json!({ "name": "あ".repeat(100), "phone": "+81 90 0000 0000" }))).await;
    let order = order(92);
    bench
        .run(json!({ "command": "account-create", "account": "t", "kind": "maintenance", "name": "保守",
            "work_order": order }))
        .await;
}

#[test]
fn a_command_with_what_nobody_knows_is_none() {
    for bad in [
        person(json!({ "account": "Sato" })),
        person(json!({ "account": "../x" })),
        person(json!({ "kind": "robot" })),
        person(json!({ "occupation": "wizard" })),
        person(json!({ "duties": ["king"] })),
        person(json!({ "role": "admin" })),
        json!({ "command": "account-show", "account": "sato", "more": 1 }),
        json!({ "command": "no-such" }),
    ] {
        assert!(command(bad.clone()).is_err(), "{bad}");
    }
}

#[tokio::test]
async fn an_id_is_never_used_again() {
    let mut bench = Bench::new().await;
    bench.run(person(json!({}))).await;
    bench.run(json!({ "command": "account-disable", "account": "sato", "reason": "退職" })).await;
    for _ in 0..2 {
        assert_eq!(bench.refused(person(json!({ "name": "別人" }))).await, "ID-0009");
        bench.reopen();
    }
    assert_eq!(bench.refused(json!({ "command": "account-show", "account": "mori" })).await, "ID-0010");
}

#[tokio::test]
async fn two_who_want_one_id_at_once_do_not_both_get_it() {
    let bench = Bench::new().await;
    let (one, other) =
        tokio::join!(bench.try_run(person(json!({}))), bench.try_run(person(json!({ "name": "別人" }))));
    let mut outcomes = [id(one), id(other)];
    outcomes.sort_unstable();
    assert_eq!(outcomes, ["ID-0009", "none"]);
}

#[tokio::test]
async fn a_change_leaves_what_it_does_not_name() {
    let mut bench = Bench::new().await;
    bench.run(person(json!({ "duties": ["auditor"] }))).await;
    bench.run(json!({ "command": "account-change", "account": "sato", "name": "佐藤 花" })).await;
    for _ in 0..2 {
        let shown = bench.run(json!({ "command": "account-show", "account": "sato" })).await;
        assert_eq!((text(&shown, "/name"), text(&shown, "/occupation")), ("佐藤 花", "nurse"));
        assert_eq!(shown["duties"], json!(["auditor"]));
        bench.reopen();
    }
    let change = json!({ "command": "account-change", "account": "sato", "work_order": order(1) });
    assert_eq!(bench.refused(change).await, "ID-0011");
    let change = json!({ "command": "account-change", "account": "nobody", "name": "x" });
    assert_eq!(bench.refused(change).await, "ID-0010");
}

/// A command as somebody gives it over the network.
async fn by(bench: &Bench, caller: &Caller, given: Value) -> &'static str {
    id(bench.door().perform(&caller.actor, command(given).unwrap()).await)
}

#[tokio::test]
async fn the_last_operator_stays_unless_the_console_says_so() {
    let bench = Bench::new().await;
    let operator = bench.operator("ops").await;
    let (caller, _) = operator.session(&bench, &Way::bearer()).await;
    let disable = || json!({ "command": "account-disable", "account": "ops", "reason": "x" });
    let demote = || json!({ "command": "account-change", "account": "ops", "duties": ["auditor"] });
    assert_eq!(by(&bench, &caller, disable()).await, "ID-0026");
    assert_eq!(by(&bench, &caller, demote()).await, "ID-0026");
    // An operator who may not come in is none.
    bench.operator("second").await;
    bench.run(json!({ "command": "account-disable", "account": "second", "reason": "x" })).await;
    assert_eq!(by(&bench, &caller, demote()).await, "ID-0026");
    bench.run(json!({ "command": "account-enable", "account": "second" })).await;
    assert_eq!(by(&bench, &caller, demote()).await, "none");
    bench.run(json!({ "command": "account-disable", "account": "second", "reason": "x" })).await;
}

#[tokio::test]
async fn two_operators_who_disable_each_other_at_once_leave_one() {
    let bench = Bench::new().await;
    let (one, other) = (bench.operator("one").await, bench.operator("other").await);
    let (first, _) = one.session(&bench, &Way::bearer()).await;
    let (second, _) = other.session(&bench, &Way::bearer()).await;
    let disable = |id: &str| json!({ "command": "account-disable", "account": id, "reason": "x" });
    let (a, b) = tokio::join!(by(&bench, &first, disable("other")), by(&bench, &second, disable("one")));
    let mut outcomes = [a, b];
    outcomes.sort_unstable();
    assert_eq!(outcomes, ["ID-0026", "none"]);
}

#[tokio::test]
async fn a_reason_is_a_reason() {
    let bench = Bench::new().await;
    bench.nurse("sato").await;
    for bad in ["", " ", &"x".repeat(201), "a\nb"] {
        let disable = json!({ "command": "account-disable", "account": "sato", "reason": bad });
        assert_eq!(bench.refused(disable).await, "ID-0011");
    }
    let disable = json!({ "command": "account-disable", "account": "sato", "reason": "退職" });
    let shown = bench.run(disable).await;
    assert_eq!((text(&shown, "/state"), text(&shown, "/disabled_because")), ("disabled", "退職"));
}

fn listed(answer: &Value) -> Vec<&str> {
    answer["accounts"].as_array().unwrap().iter().map(|row| row["account"].as_str().unwrap()).collect()
}

#[tokio::test]
async fn accounts_that_nobody_uses_are_listed_and_the_last_use_survives_a_restart() {
    let mut bench = Bench::new().await;
    bench.nurse("idle").await;
    let sato = bench.person("sato").await;
    bench.pass(50 * 86_400);
    sato.login(&bench, &Way::bearer()).await.unwrap();
    bench.door().tidy_up().await.unwrap();
    bench.reopen();
    bench.pass(39 * 86_400 + 86_000);
    let unused = |days: u32| json!({ "command": "account-list", "unused_days": days });
    assert!(listed(&bench.run(unused(90)).await).is_empty());
    bench.pass(1_000);
    assert_eq!(listed(&bench.run(unused(90)).await), ["idle"]);
    assert_eq!(listed(&bench.run(unused(39)).await), ["idle", "sato"]);
    let all = bench.run(json!({ "command": "account-list" })).await;
    assert_eq!(listed(&all), ["idle", "sato"]);
    assert_eq!((&all["accounts"][0]["unused"], &all["accounts"][1]["unused"]), (&json!(true), &json!(false)));
    bench.set("unused-days", "39").await;
    let all = bench.run(json!({ "command": "account-list" })).await;
    assert_eq!(all["accounts"][1]["unused"], true, "by the policy");
}

#[tokio::test]
async fn a_last_use_that_could_not_be_stored_is_stored_later() {
    let mut bench = Bench::new().await;
    let sato = bench.person("sato").await;
    sato.login(&bench, &Way::bearer()).await.unwrap();
    bench.journal_refuses(true);
    assert_eq!(id(bench.door().tidy_up().await), "ST-0002");
    bench.journal_refuses(false);
    bench.door().tidy_up().await.unwrap();
    bench.reopen();
    let shown = bench.run(json!({ "command": "account-show", "account": "sato" })).await;
    assert!(shown["last_used"].is_string());
}

#[tokio::test]
async fn facts_count_what_is_there() {
    let bench = Bench::new().await;
    bench.person("sato").await;
    bench.nurse("bare").await;
    bench.device("tablet-1").await;
    bench.certificate("tablet-1").await;
    let facts = bench.run(json!({ "command": "facts" })).await;
    let value = |name: &str| {
        let facts = facts["facts"].as_array().unwrap();
        facts.iter().find(|fact| fact["name"] == name).unwrap()["value"].clone()
    };
    assert_eq!((value("accounts.people"), value("accounts.devices")), (json!(2), json!(1)));
    assert_eq!(value("accounts.without_two_factors"), 2, "the nurse without factors, the tablet without key");
    assert_eq!((value("certificates.good"), value("certificates.authorities")), (json!(1), json!(1)));
    assert_eq!(value("authentication.factors_needed"), 2);
}

#[tokio::test]
async fn a_certificate_whose_authority_is_gone_is_not_counted_or_shown_as_good() {
    let bench = Bench::new().await;
    bench.device("tablet-1").await;
    bench.certificate("tablet-1").await;
    bench.run(json!({ "command": "account-key", "account": "tablet-1" })).await;
    let told = async || {
        let facts = bench.run(json!({ "command": "facts" })).await;
        let facts = facts["facts"].as_array().unwrap().clone();
        let value = |name: &str| facts.iter().find(|fact| fact["name"] == name).unwrap()["value"].clone();
        let listed = bench.run(json!({ "command": "certificate-list" })).await;
        let state = listed["certificates"][0]["state"].clone();
        (value("certificates.good"), value("accounts.without_two_factors"), state, listed)
    };
    let (good, lacking, state, listed) = told().await;
    assert_eq!((good, lacking, state), (json!(1), json!(0), json!("good")));
    let authority = &listed["authorities"][0]["authority"];
    bench.run(json!({ "command": "certificate-distrust", "authority": authority })).await;
    let (good, lacking, state, _) = told().await;
    assert_eq!((good, lacking, state), (json!(0), json!(1), json!("distrusted")));
}

#[tokio::test]
async fn facts_from_beside_the_door_are_as_they_are_when_asked() {
    let bench = Bench::new().await;
    let waiting = Arc::new(AtomicU64::new(3));
    let told = Arc::clone(&waiting);
    bench.door().ask_beside(move || vec![("beside.waiting", json!(told.load(Ordering::Relaxed)))]);
    for count in [3, 0] {
        waiting.store(count, Ordering::Relaxed);
        let facts = bench.run(json!({ "command": "facts" })).await;
        let facts = facts["facts"].as_array().unwrap();
        let fact = facts.iter().find(|fact| fact["name"] == "beside.waiting").unwrap();
        assert_eq!(fact["value"], json!(count));
    }
}

/// What the door tells of the accounts under a name.
fn told(bench: &Bench, name: &str) -> Value {
    let facts = bench.door().facts();
    facts.iter().find(|fact| fact.name == name).unwrap().value.clone()
}

#[tokio::test]
async fn a_shared_account_has_nothing_that_is_one_persons_and_stays_shared() {
    let mut bench = Bench::new().await;
    for bad in [
        person(json!({ "holding": "shared" })),
        person(json!({ "holding": "shared", "occupation": null, "duties": ["auditor"] })),
        person(json!({ "holding": "shared", "occupation": null, "practitioner": "17" })),
        json!({ "command": "account-create", "account": "t", "kind": "device", "name": "端末", "holding": "shared" }),
        json!({ "command": "account-create", "account": "t", "kind": "maintenance", "name": "保守",
            "work_order": order(1), "holding": "emergency" }),
    ] {
        assert_eq!(bench.refused(bad.clone()).await, "ID-0011", "{bad}");
    }
    bench.run(person(json!({ "holding": "shared", "occupation": null }))).await;
    bench
        .run(json!({ "command": "account-create", "account": "mori", "kind": "person", "name": "森",
            "occupation": "nurse", "duties": ["auditor"], "practitioner": "17" }))
        .await;
    assert_eq!(told(&bench, "accounts.shared"), 1);
    bench.run(json!({ "command": "account-change", "account": "mori", "holding": "shared" })).await;
    for _ in 0..2 {
        let shown = bench.run(json!({ "command": "account-show", "account": "mori" })).await;
        assert_eq!((text(&shown, "/holding"), &shown["duties"]), ("shared", &json!([])));
        assert_eq!((&shown["occupation"], &shown["practitioner"]), (&json!(null), &json!(null)));
        for change in [
            json!({ "holding": "own" }),
            json!({ "holding": "emergency" }),
            json!({ "occupation": "nurse" }),
            json!({ "duties": ["operator"] }),
        ] {
            let mut given = json!({ "command": "account-change", "account": "mori" });
            given.as_object_mut().unwrap().extend(change.as_object().unwrap().clone());
            assert_eq!(bench.refused(given).await, "ID-0011", "{change}");
        }
        assert_eq!(told(&bench, "accounts.shared"), 2);
        assert_eq!(told(&bench, "accounts.people_without_occupation"), 0, "they are nobody's own");
        bench.reopen();
    }
    bench.run(json!({ "command": "account-disable", "account": "mori", "reason": "廃止" })).await;
    assert_eq!(told(&bench, "accounts.shared"), 1);
}

#[tokio::test]
async fn an_emergency_account_is_ready_and_closed_until_somebody_says_why_it_is_opened() {
    let mut bench = Bench::new().await;
    bench.run(person(json!({ "holding": "emergency" }))).await;
    let ready =
        |bench: &Bench| (told(bench, "accounts.emergency"), told(bench, "accounts.emergency_enabled"));
    assert_eq!(ready(&bench), (json!(0), json!(0)), "nobody could log in to it");
    let (sato, _) = bench.join("sato").await;
    bench.reopen();
    assert_eq!(ready(&bench), (json!(1), json!(0)));
    assert_eq!(id(sato.login(&bench, &Way::bearer()).await), "ID-0302", "it is closed");
    let enable = |reason: Value| json!({ "command": "account-enable", "account": "sato", "reason": reason });
    for none in [json!(null), json!(""), json!("a\nb")] {
        assert_eq!(bench.refused(enable(none)).await, "ID-0011");
    }
    bench.run(enable(json!("認証サーバーの障害"))).await;
    let entries = bench.journal("entry");
    let entry = store::Entry::parse(entries.last().unwrap()).unwrap();
    assert_eq!(
        (&*entry.subject.kind, entry.reason.as_deref()),
        ("AkashiAccount", Some("認証サーバーの障害"))
    );
    assert_eq!(ready(&bench), (json!(1), json!(1)));
    bench.pass(60);
    let (caller, token) = sato.session(&bench, &Way::bearer()).await;
    assert_eq!(caller.account.id.as_str(), "sato");
    bench.run(json!({ "command": "account-disable", "account": "sato", "reason": "復旧" })).await;
    assert!(bench.caller(&Way::bearer(), &token).is_err(), "its session is over");
    assert_eq!(ready(&bench), (json!(1), json!(0)));
    let change = json!({ "command": "account-change", "account": "sato", "holding": "shared" });
    assert_eq!(bench.refused(change).await, "ID-0011");
}
