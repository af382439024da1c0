//! Sessions: when they begin, and everything by which they end.

use crate::bench::{Bench, Way, id, ids, of};
use crate::people::{OTHER_PASSWORD, PASSWORD};
use identity::Credential;
use serde_json::json;

const IDLE: i64 = 1_800;

#[tokio::test]
async fn a_step_up_gives_a_new_name_and_token_and_the_old_ones_are_dead_at_once() {
    let mut bench = Bench::new().await;
    let sato = bench.person("sato").await;
    let way = Way::bearer();
    let (caller, old) = sato.session(&bench, &way).await;
    let begun = bench.step_up(&way, &caller, json!({ "totp": sato.code(&bench) })).await.unwrap();
    assert_ne!(begun.token.reveal(), old);
    assert_ne!(Some(&begun.session), caller.session.as_ref());
    for round in 0..2 {
        assert_eq!(id(bench.caller(&way, &old)), "ID-0303", "{round}");
        let caller = bench.caller(&way, begun.token.reveal()).unwrap();
        assert_eq!(caller.session.as_ref(), Some(&begun.session));
        bench.reopen();
    }
    assert_eq!(id(bench.step_up(&way, &caller, json!({ "totp": sato.code(&bench) })).await), "ID-0303");
}

#[tokio::test]
async fn every_login_has_its_own_token_and_one_that_the_client_chose_is_never_taken() {
    let bench = Bench::new().await;
    let sato = bench.person("sato").await;
    let way = Way::cookie();
    let chosen = format!("as1_{}", "A".repeat(43));
    assert_eq!(id(bench.caller(&way, &chosen)), "ID-0303");
    let first = sato.login(&bench, &way).await.unwrap();
    let second = sato.login(&bench, &way).await.unwrap();
    assert!(first.token.reveal() != second.token.reveal() && first.session != second.session);
    assert_eq!(id(bench.caller(&way, &chosen)), "ID-0303", "not after a login either");
}

#[tokio::test]
async fn what_is_no_token_is_refused_and_nothing_is_nobody() {
    let bench = Bench::new().await;
    let way = Way::bearer();
    for text in ["", "x", "as1_", "Bearer", "ak1_short"] {
        assert_eq!(id(bench.identify(&way, Credential::Bearer(text))), "ID-0303", "{text}");
        assert_eq!(id(bench.identify(&way, Credential::Cookie(text))), "ID-0303", "{text}");
    }
    assert!(bench.identify(&way, Credential::None).unwrap().is_none());
}

#[tokio::test]
async fn a_token_travels_only_as_it_was_given_out() {
    let bench = Bench::new().await;
    let sato = bench.person("sato").await;
    let (_, of_cookie) = sato.session(&bench, &Way::cookie()).await;
    let (_, of_bearer) = sato.session(&bench, &Way::bearer()).await;
    let way = Way::bearer();
    assert_eq!(id(bench.identify(&way, Credential::Bearer(&of_cookie))), "ID-0303");
    assert_eq!(id(bench.identify(&way, Credential::Cookie(&of_bearer))), "ID-0303");
    assert_eq!(id(bench.identify(&way, Credential::Cookie(&of_cookie))), "none");
}

#[tokio::test]
async fn a_session_ends_when_it_is_not_used() {
    let bench = Bench::new().await;
    let sato = bench.person("sato").await;
    let operator = bench.operator("ops").await;
    let way = Way::bearer();
    for (person, idle) in [(&sato, IDLE), (&operator, 900)] {
        let (_, token) = person.session(&bench, &way).await;
        for _ in 0..3 {
            bench.pass(idle - 2);
            assert_eq!(id(bench.caller(&way, &token)), "none");
        }
        bench.pass(idle + 1);
        assert_eq!(id(bench.caller(&way, &token)), "ID-0303");
    }
}

#[tokio::test]
async fn what_a_page_asks_by_itself_is_answered_and_keeps_no_session_alive() {
    let bench = Bench::new().await;
    let sato = bench.person("sato").await;
    let (way, alone) = (Way::bearer(), Way::bearer().unattended());
    let (_, token) = sato.session(&bench, &way).await;
    bench.pass(200);
    assert!(bench.caller(&alone, &token).unwrap().fresh);
    bench.pass(200);
    assert!(!bench.caller(&alone, &token).unwrap().fresh, "a factor does not stay fresh by it");
    for _ in 0..3 {
        bench.pass((IDLE - 500) / 3);
        assert_eq!(id(bench.caller(&alone, &token)), "none");
    }
    bench.pass(200);
    assert_eq!(id(bench.caller(&alone, &token)), "ID-0303");
    assert_eq!(id(bench.caller(&way, &token)), "ID-0303", "the session is over for its person too");
}

#[tokio::test]
async fn a_session_ends_after_its_longest_time_however_it_is_used() {
    let bench = Bench::new().await;
    bench.set("session-seconds-max", "7200").await;
    let sato = bench.person("sato").await;
    let way = Way::bearer();
    let (_, token) = sato.session(&bench, &way).await;
    for _ in 0..7 {
        bench.pass(1_000);
        assert_eq!(id(bench.caller(&way, &token)), "none");
    }
    bench.pass(201);
    assert_eq!(id(bench.caller(&way, &token)), "ID-0303");
}

#[tokio::test]
async fn a_step_up_does_not_lengthen_a_session() {
    let bench = Bench::new().await;
    let sato = bench.person("sato").await;
    let way = Way::bearer();
    let begun = sato.login(&bench, &way).await.unwrap();
    let caller = bench.caller(&way, begun.token.reveal()).unwrap();
    bench.pass(600);
    let again = bench.step_up(&way, &caller, json!({ "totp": sato.code(&bench) })).await.unwrap();
    assert_eq!(again.ends, begun.ends);
}

#[tokio::test]
async fn a_factor_is_fresh_for_so_long_and_fresh_again_after_a_step_up() {
    let bench = Bench::new().await;
    let sato = bench.person("sato").await;
    let way = Way::bearer();
    let (caller, token) = sato.session(&bench, &way).await;
    assert!(caller.fresh);
    bench.pass(301);
    let caller = bench.caller(&way, &token).unwrap();
    assert!(!caller.fresh);
    let begun = bench.step_up(&way, &caller, json!({ "password": PASSWORD })).await.unwrap();
    assert!(bench.caller(&way, begun.token.reveal()).unwrap().fresh);
}

#[tokio::test]
async fn a_clock_set_back_far_ends_all_sessions_and_a_little_none() {
    let bench = Bench::new().await;
    let sato = bench.person("sato").await;
    let way = Way::bearer();
    let (_, token) = sato.session(&bench, &way).await;
    bench.pass(-4);
    assert_eq!(id(bench.caller(&way, &token)), "none");
    bench.pass(-60);
    assert_eq!(id(bench.caller(&way, &token)), "ID-0303");
    bench.pass(120);
    assert_eq!(id(bench.caller(&way, &token)), "ID-0303", "it does not come back");
}

#[tokio::test]
async fn a_session_that_a_clock_ended_is_not_back_after_a_restart() {
    let mut bench = Bench::new().await;
    let sato = bench.person("sato").await;
    let way = Way::bearer();
    let (_, token) = sato.session(&bench, &way).await;
    bench.pass(-60);
    assert_eq!(id(bench.door().tidy_up().await), "ST-0002", "the journal takes nothing at such a time");
    assert_eq!(id(bench.caller(&way, &token)), "ID-0303");
    bench.pass(120);
    bench.door().tidy_up().await.unwrap();
    bench.reopen();
    assert_eq!(id(bench.caller(&way, &token)), "ID-0303");
}

#[tokio::test]
async fn a_clock_far_ahead_ends_all_sessions() {
    let bench = Bench::new().await;
    let sato = bench.person("sato").await;
    let way = Way::bearer();
    let (_, token) = sato.session(&bench, &way).await;
    bench.pass(10 * 365 * 86_400);
    assert_eq!(id(bench.caller(&way, &token)), "ID-0303");
}

#[tokio::test]
async fn a_restart_ends_no_session_that_is_in_use() {
    let mut bench = Bench::new().await;
    let sato = bench.person("sato").await;
    let way = Way::cookie();
    let (_, token) = sato.session(&bench, &way).await;
    bench.reopen();
    assert_eq!(id(bench.caller(&way, &token)), "none", "right after the login");
    // Two hours of work, longer than it may stay unused.
    for _ in 0..12 {
        bench.pass(600);
        bench.caller(&way, &token).unwrap();
        bench.door().tidy_up().await.unwrap();
    }
    bench.reopen();
    assert_eq!(id(bench.caller(&way, &token)), "none", "after two hours");
    bench.reopen();
    bench.pass(IDLE + 1);
    bench.reopen();
    assert_eq!(id(bench.caller(&way, &token)), "ID-0303", "unused for longer than it may be");
}

#[tokio::test]
async fn sessions_that_ended_leave_no_notes() {
    let bench = Bench::new().await;
    let sato = bench.person("sato").await;
    let way = Way::bearer();
    let (caller, token) = sato.session(&bench, &way).await;
    bench.pass(600);
    bench.caller(&way, &token).unwrap();
    bench.door().tidy_up().await.unwrap();
    assert_eq!(bench.notes("session/").len(), 1);
    bench.door().end_own_session(&caller, None).await.unwrap();
    bench.door().tidy_up().await.unwrap();
    assert!(bench.notes("session/").is_empty());
}

/// Ends the session of somebody in one way, and looks for it right after and after a restart.
async fn ends_by(command: impl AsyncFnOnce(&Bench, &str)) {
    let mut bench = Bench::new().await;
    let sato = bench.person("sato").await;
    let way = Way::bearer();
    let (_, token) = sato.session(&bench, &way).await;
    command(&bench, "sato").await;
    for moment in ["at once", "after a restart"] {
        assert_eq!(id(bench.caller(&way, &token)), "ID-0303", "{moment}");
        bench.reopen();
    }
    bench.run(json!({ "command": "account-enable", "account": "sato" })).await;
    assert_eq!(id(bench.caller(&way, &token)), "ID-0303", "it does not come back");
}

#[tokio::test]
async fn disabling_an_account_ends_its_sessions() {
    ends_by(async |bench, account| {
        bench.run(json!({ "command": "account-disable", "account": account, "reason": "退職" })).await;
    })
    .await;
}

#[tokio::test]
async fn taking_a_factor_away_ends_the_sessions() {
    ends_by(async |bench, account| {
        let shown = bench.run(json!({ "command": "account-show", "account": account })).await;
        let factor = &shown["factor_list"][0]["factor"];
        bench.run(json!({ "command": "factor-remove", "account": account, "factor": factor })).await;
    })
    .await;
}

#[tokio::test]
async fn an_operator_ends_sessions_of_an_account_all_or_one() {
    ends_by(async |bench, account| {
        let done = bench.run(json!({ "command": "session-end", "account": account })).await;
        assert_eq!(done["ended"], 1);
    })
    .await;
    ends_by(async |bench, account| {
        let shown = bench.run(json!({ "command": "account-show", "account": account })).await;
        let session = &shown["sessions"][0]["session"];
        bench.run(json!({ "command": "session-end", "account": account, "session": session })).await;
        let again = json!({ "command": "session-end", "account": account, "session": session });
        assert_eq!(bench.refused(again).await, "ID-0304");
    })
    .await;
}

#[tokio::test]
async fn setting_factors_anew_by_invitation_ends_the_sessions() {
    ends_by(async |bench, account| {
        // The same password again.
        bench.set("passwords-remembered", "0").await;
        bench.join(account).await;
    })
    .await;
}

#[tokio::test]
async fn the_end_of_a_work_order_ends_its_sessions() {
    let mut bench = Bench::new().await;
    let technician = bench.technician("m-1", 600).await;
    let way = Way::bearer();
    let (_, token) = technician.session(&bench, &way).await;
    bench.pass(300);
    assert_eq!(id(bench.caller(&way, &token)), "none");
    bench.pass(300);
    assert_eq!(id(bench.caller(&way, &token)), "ID-0303", "before anything is tidied up");
    bench.door().tidy_up().await.unwrap();
    bench.reopen();
    // A longer order does not bring it back.
    let order = json!({ "order": "M-1", "company": "見本保守", "from": bench.now().plus_seconds(-900).to_string(),
        "until": bench.now().plus_seconds(900).to_string() });
    bench.run(json!({ "command": "account-change", "account": "m-1", "work_order": order })).await;
    assert_eq!(id(bench.caller(&way, &token)), "ID-0303");
    assert_eq!(id(technician.login(&bench, &way).await), "none");
}

#[tokio::test]
async fn revoking_a_certificate_ends_the_sessions_that_began_on_it() {
    let mut bench = Bench::new().await;
    let (sato, mori) = (bench.person("sato").await, bench.person("mori").await);
    bench.device("tablet-1").await;
    bench.device("tablet-2").await;
    let one = Way::bearer().over(&bench.certificate("tablet-1").await);
    let other = Way::bearer().over(&bench.certificate("tablet-2").await);
    bench.verifies().await;
    let (_, of_sato) = sato.session(&bench, &one).await;
    let (_, of_mori) = mori.session(&bench, &other).await;
    let listed = bench.run(json!({ "command": "certificate-list", "account": "tablet-1" })).await;
    let serial = &listed["certificates"][0]["serial"];
    bench.run(json!({ "command": "certificate-revoke", "certificate": serial, "reason": "lost" })).await;
    assert_eq!(
        bench.door().own_sessions(&bench.caller(&other, &of_mori).unwrap())["sessions"]
            .as_array()
            .unwrap()
            .len(),
        1
    );
    let shown = bench.run(json!({ "command": "account-show", "account": "sato" })).await;
    assert!(shown["sessions"].as_array().unwrap().is_empty());
    assert_eq!(id(bench.caller(&one, &of_sato)), "ID-0107");
    bench.set("client-certificates", "off").await;
    bench.reopen();
    assert_eq!(id(bench.caller(&Way::bearer(), &of_sato)), "ID-0303", "the session itself is over");
}

#[tokio::test]
async fn changing_ones_password_ends_ones_other_sessions_only() {
    let mut bench = Bench::new().await;
    let (sato, mori) = (bench.person("sato").await, bench.person("mori").await);
    let way = Way::bearer();
    let (_, elsewhere) = sato.session(&bench, &way).await;
    let (caller, here) = sato.session(&bench, &way).await;
    let (_, of_mori) = mori.session(&bench, &way).await;
    let wanted = of(json!({ "old": PASSWORD, "new": OTHER_PASSWORD }));
    assert!(ids(bench.door().set_password(&caller, wanted).await).is_empty());
    for _ in 0..2 {
        assert_eq!(id(bench.caller(&way, &elsewhere)), "ID-0303");
        assert_eq!(id(bench.caller(&way, &here)), "none");
        assert_eq!(id(bench.caller(&way, &of_mori)), "none");
        bench.reopen();
    }
}

#[tokio::test]
async fn a_session_goes_on_over_the_certificate_with_which_it_began_only() {
    let mut bench = Bench::new().await;
    let sato = bench.person("sato").await;
    bench.device("tablet-1").await;
    bench.device("tablet-2").await;
    let one = Way::bearer().over(&bench.certificate("tablet-1").await);
    let other = Way::bearer().over(&bench.certificate("tablet-2").await);
    let (_, without) = sato.session(&bench, &Way::bearer()).await;
    bench.verifies().await;
    let (_, token) = sato.session(&bench, &one).await;
    for _ in 0..2 {
        assert_eq!(id(bench.caller(&one, &token)), "none");
        assert_eq!(id(bench.caller(&other, &token)), "ID-0006");
        assert_eq!(id(bench.caller(&Way::bearer(), &token)), "ID-0004");
        assert_eq!(id(bench.caller(&one, &without)), "ID-0006", "begun when none was asked for");
        bench.reopen();
    }
    bench.set("client-certificates", "off").await;
    assert_eq!(id(bench.caller(&Way::bearer(), &token)), "ID-0006", "shown without its certificate");
}

#[tokio::test]
async fn the_certificate_of_another_facility_opens_nothing() {
    let (here, there) = (Bench::as_made("sakura"), Bench::as_made("ume"));
    let mut ways = Vec::new();
    for bench in [&here, &there] {
        bench.device("tablet-1").await;
        ways.push(Way::bearer().over(&bench.certificate("tablet-1").await));
    }
    let sato = here.person("sato").await;
    let (_, token) = sato.session(&here, &ways[0]).await;
    assert_eq!(id(here.caller(&ways[1], &token)), "ID-0103");
    assert_eq!(id(sato.login(&here, &ways[1]).await), "ID-0103");
    assert_eq!(id(there.caller(&ways[1], &token)), "ID-0303", "nor does the token of here open there");
    assert_eq!(id(there.caller(&ways[0], &token)), "ID-0103");
    // One that the other facility is made to trust, yet stands for nobody of it.
    let root = here.run(json!({ "command": "certificate-list" })).await;
    assert_eq!(root["authorities"].as_array().unwrap().len(), 1);
}

#[tokio::test]
async fn somebody_lists_and_ends_their_own_sessions_and_nobody_elses() {
    let bench = Bench::new().await;
    let (sato, mori) = (bench.person("sato").await, bench.person("mori").await);
    let way = Way::bearer();
    let (of_sato, token) = sato.session(&bench, &way).await;
    let (second, second_token) = sato.session(&bench, &way).await;
    let (of_mori, mori_token) = mori.session(&bench, &way).await;
    let listed = bench.door().own_sessions(&of_sato);
    assert_eq!(listed["sessions"].as_array().unwrap().len(), 2);
    assert_eq!(listed["this"], of_sato.session.as_ref().unwrap().as_str());
    assert_eq!(listed["sessions"][0]["agent"], "Browser/1.0");
    assert!(!listed.to_string().contains("as1_"));
    let foreign = of_mori.session.as_ref().unwrap().as_str();
    assert_eq!(id(bench.door().end_own_session(&of_sato, Some(foreign)).await), "ID-0304");
    assert_eq!(id(bench.door().end_own_session(&of_sato, Some("x")).await), "ID-0304");
    assert_eq!(id(bench.caller(&way, &mori_token)), "none");
    let other = second.session.as_ref().unwrap().as_str();
    assert_eq!(id(bench.door().end_own_session(&of_sato, Some(other)).await), "none");
    assert_eq!(id(bench.caller(&way, &second_token)), "ID-0303");
    assert_eq!(id(bench.door().end_own_session(&of_sato, None).await), "none");
    assert_eq!(id(bench.caller(&way, &token)), "ID-0303");
}

#[tokio::test]
async fn of_too_many_sessions_the_one_unused_for_longest_ends() {
    let mut bench = Bench::new().await;
    let sato = bench.person("sato").await;
    let way = Way::bearer();
    let (_, first) = sato.session(&bench, &way).await;
    let (_, second) = sato.session(&bench, &way).await;
    bench.caller(&way, &first).unwrap();
    for _ in 2..=base::limits::SESSIONS_PER_ACCOUNT_MAX {
        sato.login(&bench, &way).await.unwrap();
    }
    for _ in 0..2 {
        assert_eq!(id(bench.caller(&way, &second)), "ID-0303");
        assert_eq!(id(bench.caller(&way, &first)), "none");
        bench.reopen();
    }
}

#[tokio::test]
async fn duties_and_names_change_in_sessions_that_are_open() {
    let bench = Bench::new().await;
    let sato = bench.person("sato").await;
    let way = Way::bearer();
    let (caller, token) = sato.session(&bench, &way).await;
    assert!(!caller.has_duty(&[identity::kept::Duty::Auditor]));
    let change = json!({ "command": "account-change", "account": "sato", "duties": ["auditor"] });
    bench.run(change).await;
    let caller = bench.caller(&way, &token).unwrap();
    assert!(caller.has_duty(&[identity::kept::Duty::Auditor]));
    // With a duty it ends sooner.
    bench.pass(901);
    assert_eq!(id(bench.caller(&way, &token)), "ID-0303");
}

#[tokio::test]
async fn a_request_that_was_under_way_when_the_session_ended_changes_nothing() {
    let bench = Bench::new().await;
    let sato = bench.person("sato").await;
    let way = Way::bearer();
    let (caller, _) = sato.session(&bench, &way).await;
    let begun = bench.door().begin_passkey(&caller.account).unwrap();
    let mut device = testkit::SoftAuthenticator::new(crate::bench::ORIGIN);
    let response = device.create(&begun["options"]);
    let totp = bench.door().begin_totp(&caller.account).unwrap();
    let code = testkit::one_time_code(totp["url"].as_str().unwrap(), bench.now());
    let factor = bench.door().own_factors(&caller)["factors"][0]["factor"].as_str().unwrap().to_owned();
    bench.run(json!({ "command": "session-end", "account": "sato" })).await;
    let size = bench.store().size();
    let door = bench.door();
    let passkey = of(json!({ "handle": begun["handle"], "response": response }));
    assert_eq!(id(door.set_passkey(&caller, passkey).await), "ID-0303");
    let totp = of(json!({ "handle": totp["handle"], "code": code }));
    assert_eq!(id(door.set_totp(&caller, totp).await), "ID-0303");
    assert_eq!(id(door.set_recovery(&caller).await), "ID-0303");
    assert_eq!(id(door.remove_own_factor(&caller, &factor).await), "ID-0303");
    let password = of(json!({ "old": PASSWORD, "new": OTHER_PASSWORD }));
    assert_eq!(ids(door.set_password(&caller, password).await), ["ID-0303"]);
    assert_eq!(bench.store().size(), size);
}

#[tokio::test]
async fn a_request_that_was_under_way_when_the_work_order_ended_changes_nothing() {
    let bench = Bench::new().await;
    let technician = bench.technician("m-1", 600).await;
    let way = Way::bearer();
    let (caller, _) = technician.session(&bench, &way).await;
    bench.pass(600);
    assert_eq!(id(bench.door().set_recovery(&caller).await), "ID-0303");
    let step_up = json!({ "totp": technician.code(&bench) });
    assert_eq!(id(bench.step_up(&way, &caller, step_up).await), "ID-0303");
}
