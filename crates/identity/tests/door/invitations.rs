//! Invitations: a link by which somebody sets their factors once.

use crate::bench::{Bench, ORIGIN, Way, id, ids, text};
use crate::people::PASSWORD;
use serde_json::{Value, json};
use testkit::{SoftAuthenticator, one_time_code};

fn totp(bench: &Bench, opened: &Value) -> Value {
    let code = one_time_code(text(opened, "/totp/url"), bench.now());
    json!({ "handle": opened["totp"]["handle"], "code": code })
}

#[tokio::test]
async fn opening_tells_what_is_needed_and_uses_nothing_up() {
    let mut bench = Bench::new().await;
    bench.nurse("sato").await;
    let invitation = bench.run(json!({ "command": "account-invite", "account": "sato" })).await;
    let code = text(&invitation, "/code");
    assert_eq!(text(&invitation, "/link"), format!("{ORIGIN}/f/sakura/invitation/{code}"));
    for _ in 0..20 {
        let opened = bench.open_invitation(code).unwrap();
        assert_eq!((text(&opened, "/account"), &opened["factors_needed"]), ("sato", &json!(2)));
        assert!(text(&opened, "/totp/qr").contains("<svg"));
        assert!(opened["passkey"]["options"].is_object());
    }
    bench.reopen();
    let opened = bench.open_invitation(code).unwrap();
    let acceptance = json!({ "code": code, "password": PASSWORD, "totp": totp(&bench, &opened) });
    assert!(ids(bench.accept(acceptance).await).is_empty());
}

#[tokio::test]
async fn too_few_factors_are_refused_and_the_invitation_stays_good() {
    let bench = Bench::new().await;
    bench.nurse("sato").await;
    let code = bench.invited("sato").await;
    let opened = bench.open_invitation(&code).unwrap();
    let only_totp =
        || json!({ "code": code, "totp": { "handle": opened["totp"]["handle"], "code": "000000" } });
    assert_eq!(ids(bench.accept(json!({ "code": code })).await), ["ID-0015"]);
    assert_eq!(ids(bench.accept(json!({ "code": code, "password": PASSWORD })).await), ["ID-0015"]);
    assert_eq!(ids(bench.accept(only_totp()).await), ["ID-0015"]);
    bench.set("factors-needed", "1").await;
    assert_eq!(ids(bench.accept(only_totp()).await), ["ID-0015"], "nobody logs in by a code alone");
    assert!(ids(bench.accept(json!({ "code": code, "password": PASSWORD })).await).is_empty());
}

#[tokio::test]
async fn a_passkey_alone_is_enough() {
    let bench = Bench::new().await;
    bench.nurse("sato").await;
    let code = bench.invited("sato").await;
    let opened = bench.open_invitation(&code).unwrap();
    let mut device = SoftAuthenticator::new(ORIGIN);
    let response = device.create(&opened["passkey"]["options"]);
    let passkey = json!({ "handle": opened["passkey"]["handle"], "response": response, "label": "鍵" });
    let accepted = bench.accept(json!({ "code": code, "passkey": passkey })).await.unwrap();
    assert_eq!(accepted["recovery_codes"].as_array().unwrap().len(), 10);
    assert_eq!(id(bench.login_by_passkey(&Way::bearer(), &mut device).await), "none");
}

#[tokio::test]
async fn a_weak_password_is_told_all_its_faults_and_the_invitation_stays_good() {
    let bench = Bench::new().await;
    bench.nurse("sato").await;
    let code = bench.invited("sato").await;
    let opened = bench.open_invitation(&code).unwrap();
    let shown = totp(&bench, &opened);
    let with = |password: &str| json!({ "code": code, "password": password, "totp": shown });
    let faults = ids(bench.accept(with("sato")).await);
    for fault in ["ID-0201", "ID-0204", "ID-0205", "ID-0206"] {
        assert!(faults.contains(&fault), "{fault}: {faults:?}");
    }
    assert!(ids(bench.accept(with(PASSWORD)).await).is_empty(), "with the same secret");
}

#[tokio::test]
async fn a_wrong_code_sets_nothing_and_the_invitation_stays_good() {
    let bench = Bench::new().await;
    bench.nurse("sato").await;
    let code = bench.invited("sato").await;
    let opened = bench.open_invitation(&code).unwrap();
    let wrong = crate::people::wrong(&one_time_code(text(&opened, "/totp/url"), bench.now()));
    let totp_wrong = json!({ "handle": opened["totp"]["handle"], "code": wrong });
    let acceptance = json!({ "code": code, "password": PASSWORD, "totp": totp_wrong });
    assert_eq!(ids(bench.accept(acceptance).await), ["ID-0016"]);
    let shown = bench.run(json!({ "command": "account-show", "account": "sato" })).await;
    assert_eq!((&shown["factor_list"], &shown["invited"]), (&json!([]), &json!(true)));
    let opened = bench.open_invitation(&code).unwrap();
    let acceptance = json!({ "code": code, "password": PASSWORD, "totp": totp(&bench, &opened) });
    assert!(ids(bench.accept(acceptance).await).is_empty());
}

#[tokio::test]
async fn what_was_shown_for_one_account_is_not_taken_for_another() {
    let bench = Bench::new().await;
    bench.nurse("sato").await;
    bench.nurse("mori").await;
    let (of_sato, of_mori) = (bench.invited("sato").await, bench.invited("mori").await);
    let opened = bench.open_invitation(&of_mori).unwrap();
    let acceptance = json!({ "code": of_sato, "password": PASSWORD, "totp": totp(&bench, &opened) });
    assert_eq!(ids(bench.accept(acceptance).await), ["ID-0305"]);
}

#[tokio::test]
async fn factors_and_sessions_from_before_end() {
    let mut bench = Bench::new().await;
    // The same password again.
    bench.set("passwords-remembered", "0").await;
    let sato = bench.person("sato").await;
    let way = Way::bearer();
    let (caller, token) = sato.session(&bench, &way).await;
    let mut key = bench.passkey(&caller).await;
    let (again, _) = bench.join("sato").await;
    for _ in 0..2 {
        assert_eq!(id(bench.caller(&way, &token)), "ID-0303");
        assert_eq!(id(sato.login(&bench, &way).await), "ID-0302", "the code of before");
        assert_eq!(id(bench.login_by_passkey(&way, &mut key).await), "ID-0302");
        assert_eq!(id(again.login(&bench, &way).await), "none");
        bench.reopen();
    }
}

#[tokio::test]
async fn accepting_opens_a_lane_that_others_closed() {
    let bench = Bench::new().await;
    // The same password again.
    bench.set("passwords-remembered", "0").await;
    bench.person("sato").await;
    for _ in 0..20 {
        let guess = json!({ "account": "sato", "password": "guess" });
        bench.login(guess, &Way::bearer()).await.unwrap_err();
    }
    let (sato, _) = bench.join("sato").await;
    assert_eq!(id(sato.login(&bench, &Way::bearer()).await), "none");
}

#[tokio::test]
async fn a_newer_invitation_ends_the_older() {
    let mut bench = Bench::new().await;
    bench.nurse("sato").await;
    bench.nurse("mori").await;
    let of_mori = bench.invited("mori").await;
    let (older, newer) = (bench.invited("sato").await, bench.invited("sato").await);
    for _ in 0..2 {
        assert_eq!(id(bench.open_invitation(&older)), "ID-0014");
        assert_eq!(id(bench.open_invitation(&newer)), "none");
        assert_eq!(id(bench.open_invitation(&of_mori)), "none");
        bench.reopen();
    }
}

#[tokio::test]
async fn an_invitation_ends_by_itself_by_disabling_and_is_no_word_that_anybody_finds() {
    let bench = Bench::new().await;
    bench.nurse("sato").await;
    for (hours, seconds) in [(None, 72 * 3_600), (Some(1), 3_600), (Some(336), 336 * 3_600)] {
        let made = bench.run(json!({ "command": "account-invite", "account": "sato", "hours": hours })).await;
        bench.pass(seconds - 2);
        assert_eq!(id(bench.open_invitation(text(&made, "/code"))), "none");
        bench.pass(3);
        assert_eq!(id(bench.open_invitation(text(&made, "/code"))), "ID-0014");
        assert_eq!(
            ids(bench.accept(json!({ "code": made["code"], "password": PASSWORD })).await),
            ["ID-0014"]
        );
    }
    for hours in [0, 337] {
        let invite = json!({ "command": "account-invite", "account": "sato", "hours": hours });
        assert_eq!(bench.refused(invite).await, "ID-0011");
    }
    let code = bench.invited("sato").await;
    bench.run(json!({ "command": "account-disable", "account": "sato", "reason": "退職" })).await;
    bench.run(json!({ "command": "account-enable", "account": "sato" })).await;
    assert_eq!(id(bench.open_invitation(&code)), "ID-0014");
    for bad in ["", "x", "ai1_", &format!("ai1_{}", "A".repeat(43))] {
        assert_eq!(id(bench.open_invitation(bad)), "ID-0014", "{bad}");
    }
}

#[tokio::test]
async fn an_invitation_of_an_account_that_may_not_come_in_is_not_taken() {
    let bench = Bench::new().await;
    bench.technician("m-1", 600).await;
    let code = bench.invited("m-1").await;
    bench.pass(600);
    assert_eq!(id(bench.open_invitation(&code)), "ID-0014");
}
