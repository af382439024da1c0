//! What the door shows to whoever probes it: it follows what is in force and what the journal holds.

use crate::bench::{Bench, Way};
use crate::people::OTHER_PASSWORD;
use identity::door::{NewPassword, StoredPasswords};
use serde_json::{Value, json};

async fn account(bench: &Bench, id: &str, occupation: &str, duties: Value) {
    bench
        .run(json!({ "command": "account-create", "account": id, "kind": "person", "name": "見本 花子",
            "occupation": occupation, "duties": duties }))
        .await;
}

#[tokio::test]
async fn stored_passwords_are_hashes_and_known_by_who_set_them() {
    let mut bench = Bench::new().await;
    assert_eq!(bench.door().stored_passwords().unwrap(), StoredPasswords::default());
    let sato = bench.person("sato").await;
    let told = bench.door().stored_passwords().unwrap();
    assert_eq!((told.count, told.hashed, told.set_by_owner), (1, 1, 0), "somebody else gave it");
    bench.nurse("suzuki").await;
    bench.join("suzuki").await;
    let told = bench.door().stored_passwords().unwrap();
    assert_eq!((told.count, told.hashed, told.set_by_owner), (2, 2, 1), "one came by invitation");
    let (caller, _) = sato.session(&bench, &Way::bearer()).await;
    let wanted: NewPassword =
        serde_json::from_value(json!({ "old": crate::people::PASSWORD, "new": OTHER_PASSWORD })).unwrap();
    bench.door().set_password(&caller, wanted).await.unwrap();
    bench.reopen();
    let after = bench.door().stored_passwords().unwrap();
    assert_eq!((after.count, after.hashed, after.set_by_owner), (2, 2, 2), "the owner has changed it");
    assert!(after.newest > told.newest);
}

#[tokio::test]
async fn the_rules_that_are_tried_hold_and_leave_nothing_behind() {
    let bench = Bench::new().await;
    let before = bench.commits();
    assert!(bench.door().sets_up_one_time_codes().unwrap());
    assert!(bench.door().law_needs_two());
    assert_eq!(bench.door().paused(), 0);
    assert_eq!(bench.commits(), before, "nothing was written");
}

#[tokio::test]
async fn a_glass_is_told_of_only_while_there_is_somebody_to_tell() {
    let bench = Bench::new().await;
    assert_eq!(bench.door().glass_is_told(), None, "nobody could break it");
    account(&bench, "clerk", "clerk", json!([])).await;
    assert_eq!(bench.door().glass_is_told(), None, "the law lets no clerk break it");
    account(&bench, "sato", "doctor", json!(["executive"])).await;
    assert_eq!(bench.door().glass_is_told(), Some(false), "nobody hears of the executive's own");
    account(&bench, "auditor", "clerk", json!(["auditor"])).await;
    assert_eq!(bench.door().glass_is_told(), Some(true));
    bench.run(json!({ "command": "account-disable", "account": "auditor", "reason": "退職" })).await;
    assert_eq!(bench.door().glass_is_told(), Some(false));
}

#[tokio::test]
async fn a_closed_way_and_the_last_use_are_told_by_account() {
    let bench = Bench::new().await;
    let sato = bench.person("sato").await;
    let wrong = || json!({ "account": "sato", "password": OTHER_PASSWORD, "totp": "000000" });
    for _ in 0..5 {
        bench.login(wrong(), &Way::bearer()).await.unwrap_err();
    }
    assert_eq!(bench.door().paused(), 1);
    assert!(bench.door().uses().iter().all(|(_, last)| last.is_none()), "nobody has come in");
    bench.pass(60);
    sato.session(&bench, &Way::bearer()).await;
    assert_eq!(bench.door().paused(), 0);
    let uses = bench.door().uses();
    let (_, last) = uses.iter().find(|(account, _)| account.id.as_str() == "sato").unwrap();
    assert!(last.is_some_and(|last| last <= bench.now()));
}

#[tokio::test]
async fn former_passwords_are_refused_as_long_as_the_policy_remembers_one_before_the_present() {
    let bench = Bench::new().await;
    assert!(bench.door().refuses_former_passwords().unwrap(), "unless the policy says otherwise");
    let before = bench.commits();
    for (count, refused) in [("0", false), ("1", false), ("2", true), ("24", true)] {
        bench.set("passwords-remembered", count).await;
        assert_eq!(bench.door().refuses_former_passwords().unwrap(), refused, "{count}");
    }
    assert_eq!(bench.commits(), before + 4, "nothing was written but the policy");
}
