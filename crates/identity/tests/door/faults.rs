//! When the journal takes nothing, nothing changes: neither in memory nor after a restart.

use crate::bench::{Bench, Way, id, ids, of, text};
use crate::people::{OTHER_PASSWORD, PASSWORD};
use identity::Credential;
use serde_json::json;

#[tokio::test]
async fn whoever_gets_in_while_the_journal_refuses_is_out_as_soon_as_it_no_longer_does() {
    let mut bench = Bench::new().await;
    let sato = bench.person("sato").await;
    let way = Way::bearer();
    let (caller, _) = sato.session(&bench, &way).await;
    let mut key = bench.passkey(&caller).await;
    bench.journal_refuses(true);
    let at_night = way.clone().in_emergency();
    let by_code = sato.login(&bench, &at_night).await.unwrap();
    let by_key = bench.login_by_passkey(&at_night, &mut key).await.unwrap();
    for begun in [&by_code, &by_key] {
        assert_eq!(id(bench.caller(&way, begun.token.reveal())), "none", "to look at what is proven");
    }
    bench.journal_refuses(false);
    // With the first entry that is written again.
    bench.set("fresh-seconds", "301").await;
    for begun in [&by_code, &by_key] {
        assert_eq!(id(bench.caller(&way, begun.token.reveal())), "ID-0303");
    }
    assert_eq!(bench.door().own_sessions(&caller)["sessions"].as_array().unwrap().len(), 1);
    assert_eq!(id(bench.login_by_passkey(&way, &mut key).await), "none");
    bench.reopen();
    let door = bench.door();
    assert_eq!(door.own_sessions(&caller)["sessions"].as_array().unwrap().len(), 2);
}

#[tokio::test]
async fn a_login_that_was_not_written_ends_no_other_session() {
    let bench = Bench::new().await;
    let sato = bench.person("sato").await;
    let way = Way::bearer();
    let (caller, first) = sato.session(&bench, &way).await;
    let mut key = bench.passkey(&caller).await;
    for _ in 1..base::limits::SESSIONS_PER_ACCOUNT_MAX {
        sato.login(&bench, &way).await.unwrap();
    }
    bench.journal_refuses(true);
    let unwritten = bench.login_by_passkey(&way.clone().in_emergency(), &mut key).await.unwrap();
    bench.journal_refuses(false);
    bench.set("fresh-seconds", "301").await;
    assert_eq!(id(bench.caller(&way, unwritten.token.reveal())), "ID-0303");
    assert_eq!(id(bench.caller(&way, &first)), "none");
    let listed = bench.door().own_sessions(&caller);
    assert_eq!(listed["sessions"].as_array().unwrap().len(), base::limits::SESSIONS_PER_ACCOUNT_MAX);
}

#[tokio::test]
async fn a_login_that_nobody_hears_of_leaves_no_session() {
    let bench = Bench::new().await;
    let sato = bench.person("sato").await;
    let way = Way::bearer();
    let (caller, _) = sato.session(&bench, &way).await;
    let mut key = bench.passkey(&caller).await;
    let sessions = || bench.door().own_sessions(&caller)["sessions"].as_array().unwrap().len();
    bench.journal_refuses(true);
    // Neither the journal nor the emergency log tells of these: their answers will not leave.
    assert_eq!(id(sato.login(&bench, &way).await), "ST-0002");
    assert_eq!(id(bench.login_by_passkey(&way, &mut key).await), "ST-0002");
    assert_eq!(sessions(), 1);
    bench.login_by_passkey(&way.clone().in_emergency(), &mut key).await.unwrap();
    assert_eq!(sessions(), 2);
    bench.journal_refuses(false);
    bench.set("fresh-seconds", "301").await;
    bench.door().tidy_up().await.unwrap();
    assert_eq!(sessions(), 1, "over with the first entry, whether somebody shows it or not");
}

#[tokio::test]
async fn a_session_that_the_journal_never_knew_ends_without_it() {
    let mut bench = Bench::new().await;
    let sato = bench.person("sato").await;
    let way = Way::bearer().in_emergency();
    let told = |bench: &Bench| {
        let about = |entry: &&Vec<u8>| String::from_utf8_lossy(entry).contains("AkashiSession");
        bench.journal("entry").iter().filter(about).count()
    };
    sato.session(&bench, &Way::bearer()).await;
    let before = told(&bench);
    assert!(before > 0, "sessions are told");
    bench.journal_refuses(true);
    let idle = sato.login(&bench, &way).await.unwrap();
    bench.pass(1_801);
    drop(bench.door().tidy_up().await);
    assert_eq!(id(bench.caller(&way, idle.token.reveal())), "ID-0303");
    let left = sato.login(&bench, &way).await.unwrap();
    let caller = bench.caller(&way, left.token.reveal()).unwrap();
    assert_eq!(id(bench.door().sign_out(&caller, true).await), "none");
    assert_eq!(id(bench.caller(&way, left.token.reveal())), "ID-0303");
    bench.journal_refuses(false);
    bench.set("fresh-seconds", "301").await;
    assert_eq!(id(bench.door().tidy_up().await), "none");
    assert_eq!(told(&bench), before + 1, "the first has ended; what never began there does not end there");
    bench.reopen();
}

#[tokio::test]
async fn whoever_signs_out_while_writing_is_stopped_is_out_and_the_journal_hears_of_it_later() {
    let mut bench = Bench::new().await;
    let sato = bench.person("sato").await;
    let way = Way::bearer();
    let (caller, token) = sato.session(&bench, &way).await;
    bench.journal_refuses(true);
    assert_eq!(id(bench.door().sign_out(&caller, false).await), "ST-0002", "nobody would know of it");
    assert_eq!(id(bench.caller(&way, &token)), "none");
    assert_eq!(id(bench.door().sign_out(&caller, true).await), "none");
    assert_eq!(id(bench.caller(&way, &token)), "ID-0303");
    assert_eq!(id(bench.door().tidy_up().await), "ST-0002", "the end is owed to the journal");
    bench.journal_refuses(false);
    bench.door().tidy_up().await.unwrap();
    bench.reopen();
    assert_eq!(id(bench.caller(&way, &token)), "ID-0303");
}

#[tokio::test]
async fn a_step_up_that_was_not_written_leaves_the_session_as_it_was() {
    let mut bench = Bench::new().await;
    let sato = bench.person("sato").await;
    let way = Way::bearer();
    let (caller, token) = sato.session(&bench, &way).await;
    let mut key = bench.passkey(&caller).await;
    let answer = bench.answer(&way, &mut key);
    bench.journal_refuses(true);
    assert_eq!(id(bench.step_up(&way, &caller, json!({ "passkey": answer })).await), "ST-0002");
    bench.journal_refuses(false);
    for _ in 0..2 {
        assert_eq!(id(bench.caller(&way, &token)), "none");
        assert_eq!(bench.door().own_sessions(&caller)["sessions"].as_array().unwrap().len(), 1);
        bench.reopen();
    }
}

#[tokio::test]
async fn ends_that_were_not_written_are_no_ends() {
    let mut bench = Bench::new().await;
    let sato = bench.person("sato").await;
    bench.device("tablet-1").await;
    let way = Way::bearer().over(&bench.certificate("tablet-1").await);
    bench.verifies().await;
    let (_, elsewhere) = sato.session(&bench, &way).await;
    let (caller, token) = sato.session(&bench, &way).await;
    let listed = bench.run(json!({ "command": "certificate-list" })).await;
    let serial = listed["certificates"][0]["serial"].clone();
    let show = bench.run(json!({ "command": "account-show", "account": "sato" })).await;
    let factor = show["factor_list"][0]["factor"].clone();
    bench.journal_refuses(true);
    for command in [
        json!({ "command": "session-end", "account": "sato" }),
        json!({ "command": "account-disable", "account": "sato", "reason": "x" }),
        json!({ "command": "factor-remove", "account": "sato", "factor": factor }),
        json!({ "command": "certificate-revoke", "certificate": serial, "reason": "lost" }),
    ] {
        assert_eq!(bench.refused(command.clone()).await, "ST-0002", "{command}");
        assert_eq!(id(bench.caller(&way, &token)), "none", "{command}");
        assert_eq!(id(bench.caller(&way, &elsewhere)), "none", "{command}");
    }
    assert_eq!(id(bench.door().end_own_session(&caller, None).await), "ST-0002");
    assert_eq!(id(bench.caller(&way, &token)), "none", "whoever logs out must be able to try again");
    bench.journal_refuses(false);
    assert_eq!(id(bench.door().end_own_session(&caller, None).await), "none");
    bench.reopen();
    assert_eq!(id(bench.caller(&way, &token)), "ID-0303");
    assert_eq!(id(bench.caller(&way, &elsewhere)), "none");
}

#[tokio::test]
async fn factors_that_were_not_written_are_not_set() {
    let mut bench = Bench::new().await;
    bench.set("factors-needed", "1").await;
    let sato = bench.person("sato").await;
    let way = Way::bearer();
    let (_, elsewhere) = sato.session(&bench, &way).await;
    let (caller, _) = sato.session(&bench, &way).await;
    let before = bench.door().own_factors(&caller);
    let code = bench.invited("sato").await;
    bench.journal_refuses(true);
    let change = of(json!({ "old": PASSWORD, "new": OTHER_PASSWORD }));
    assert_eq!(ids(bench.door().set_password(&caller, change).await), ["ST-0002"]);
    assert_eq!(id(bench.door().set_recovery(&caller).await), "ST-0002");
    let totp = before["factors"].as_array().unwrap().iter().find(|one| one["kind"] == "totp").unwrap();
    assert_eq!(id(bench.door().remove_own_factor(&caller, text(totp, "/factor")).await), "ST-0002");
    assert_eq!(ids(bench.accept(json!({ "code": code, "password": OTHER_PASSWORD })).await), ["ST-0002"]);
    bench.journal_refuses(false);
    for _ in 0..2 {
        assert_eq!(bench.door().own_factors(&caller), before);
        assert_eq!(id(bench.caller(&way, &elsewhere)), "none");
        assert_eq!(id(sato.login(&bench, &way).await), "none");
        assert_eq!(id(bench.open_invitation(&code)), "none", "the invitation is still good");
        bench.reopen();
    }
}

#[tokio::test]
async fn commands_that_were_not_written_change_nothing() {
    let mut bench = Bench::new().await;
    bench.nurse("sato").await;
    bench.device("tablet-1").await;
    let certificate = bench.certificate("tablet-1").await;
    let propose = json!({ "command": "law-propose", "text": "", "reason": "見直し" });
    let operator = store::Actor::new(store::ActorKind::Person, "ops");
    bench.door().perform(&operator, of(propose)).await.unwrap();
    let state = async |bench: &Bench| {
        let mut shown = Vec::new();
        for command in ["account-list", "certificate-list", "policy-show", "law-show"] {
            shown.push(bench.run(json!({ "command": command })).await);
        }
        shown.push(bench.run(json!({ "command": "account-show", "account": "tablet-1" })).await);
        shown
    };
    let before = state(&bench).await;
    let generation = bench.door().generation();
    bench.journal_refuses(true);
    let outside = testkit::authority::Authority::new(crate::bench::start());
    for command in [
        json!({ "command": "account-create", "account": "mori", "kind": "person", "name": "森", "occupation": "nurse" }),
        json!({ "command": "account-change", "account": "sato", "name": "別名" }),
        json!({ "command": "account-enable", "account": "sato" }),
        json!({ "command": "account-invite", "account": "sato" }),
        json!({ "command": "account-key", "account": "tablet-1" }),
        json!({ "command": "certificate-issue", "account": "tablet-1" }),
        json!({ "command": "certificate-crl" }),
        json!({ "command": "certificate-trust", "certificates": outside.root(), "without_list": true }),
        json!({ "command": "certificate-distrust", "authority": before[1]["authorities"][0]["authority"] }),
        json!({ "command": "certificate-admit", "account": "tablet-1", "certificate": certificate }),
        json!({ "command": "policy-set", "values": { "factors-needed": "1" } }),
        json!({ "command": "account-unlock", "account": "sato" }),
        json!({ "command": "law-propose", "text": "", "reason": "試験" }),
        json!({ "command": "law-approve", "proposal": before[3]["proposals"][0]["proposal"] }),
        json!({ "command": "law-withdraw", "proposal": before[3]["proposals"][0]["proposal"] }),
    ] {
        assert_eq!(bench.refused(command.clone()).await, "ST-0002", "{command}");
    }
    bench.journal_refuses(false);
    assert_eq!(bench.door().generation(), generation);
    for _ in 0..2 {
        assert_eq!(state(&bench).await, before);
        bench.reopen();
    }
    assert_eq!(id(bench.identify(&Way::bearer(), Credential::None)), "none");
}

#[tokio::test]
async fn an_unlock_that_was_not_written_opens_nothing() {
    let bench = Bench::new().await;
    let sato = bench.person("sato").await;
    for _ in 0..30 {
        let guess = json!({ "account": "sato", "password": OTHER_PASSWORD });
        bench.login(guess, &Way::bearer()).await.unwrap_err();
    }
    bench.journal_refuses(true);
    assert_eq!(bench.refused(json!({ "command": "account-unlock", "account": "sato" })).await, "ST-0002");
    bench.journal_refuses(false);
    assert_eq!(id(sato.login(&bench, &Way::bearer()).await), "ID-0302");
}
