//! Logging in by passkey, and every answer that must not be taken.

use crate::bench::{Bench, ORIGIN, Way, address, id};
use base64::Engine as _;
use base64::engine::general_purpose::URL_SAFE_NO_PAD;
use identity::FactorKind;
use serde_json::json;
use testkit::{HandleShown, SoftAuthenticator, UserCheck};

/// A facility where somebody has a passkey.
async fn room() -> (Bench, SoftAuthenticator) {
    let bench = Bench::new().await;
    let sato = bench.person("sato").await;
    let (caller, _) = sato.session(&bench, &Way::bearer()).await;
    let device = bench.passkey(&caller).await;
    (bench, device)
}

#[tokio::test]
async fn a_passkey_alone_gives_a_session() {
    let (mut bench, mut device) = room().await;
    let way = Way::cookie();
    let begun = bench.login_by_passkey(&way, &mut device).await.unwrap();
    assert_eq!((begun.account.id.as_str(), &begun.factors[..]), ("sato", &[FactorKind::Passkey][..]));
    bench.reopen();
    assert_eq!(id(bench.login_by_passkey(&way, &mut device).await), "none", "after a restart");
}

#[tokio::test]
async fn a_challenge_is_answered_once_whatever_comes_of_it() {
    let (bench, mut device) = room().await;
    let way = Way::bearer();
    let challenge = bench.challenge(&way).unwrap();
    let answer = |device: &mut SoftAuthenticator| json!({ "passkey": { "handle": challenge["handle"], "response": device.get(&challenge["options"]) } });
    let first = answer(&mut device);
    assert_eq!(id(bench.login(first.clone(), &way).await), "none");
    assert_eq!(id(bench.login(first, &way).await), "ID-0305", "the response replayed");
    assert_eq!(id(bench.login(answer(&mut device), &way).await), "ID-0305", "the challenge used again");
    let challenge = bench.challenge(&way).unwrap();
    let broken = json!({ "passkey": { "handle": challenge["handle"], "response": {} } });
    assert_eq!(id(bench.login(broken, &way).await), "ID-0302");
    let late = json!({ "passkey": { "handle": challenge["handle"], "response": device.get(&challenge["options"]) } });
    assert_eq!(id(bench.login(late, &way).await), "ID-0305", "after a broken answer");
}

#[tokio::test]
async fn a_response_to_another_challenge_is_refused() {
    let (bench, mut device) = room().await;
    let way = Way::bearer();
    let (one, other) = (bench.challenge(&way).unwrap(), bench.challenge(&way).unwrap());
    let crossed =
        json!({ "passkey": { "handle": one["handle"], "response": device.get(&other["options"]) } });
    assert_eq!(id(bench.login(crossed, &way).await), "ID-0227");
}

#[tokio::test]
async fn a_challenge_is_good_for_five_minutes_and_for_whoever_asked() {
    let (bench, mut device) = room().await;
    let way = Way::bearer();
    let answer = bench.answer(&way, &mut device);
    bench.pass(300);
    assert_eq!(id(bench.login(json!({ "passkey": answer }), &way).await), "ID-0305");
    let answer = bench.answer(&way, &mut device);
    let elsewhere = Way { address: address("198.51.100.7"), ..Way::bearer() };
    assert_eq!(id(bench.login(json!({ "passkey": answer }), &elsewhere).await), "ID-0305");
}

#[tokio::test]
async fn a_challenge_is_gone_after_a_restart() {
    let (mut bench, mut device) = room().await;
    let way = Way::bearer();
    let answer = bench.answer(&way, &mut device);
    bench.reopen();
    assert_eq!(id(bench.login(json!({ "passkey": answer }), &way).await), "ID-0305");
}

#[tokio::test]
async fn a_counter_that_runs_back_is_refused_also_after_a_restart() {
    let (mut bench, mut device) = room().await;
    let way = Way::bearer();
    device.counter = Some(100);
    assert_eq!(id(bench.login_by_passkey(&way, &mut device).await), "none");
    device.counter = Some(50);
    assert_eq!(id(bench.login_by_passkey(&way, &mut device).await), "ID-0225");
    bench.reopen();
    device.counter = Some(50);
    assert_eq!(id(bench.login_by_passkey(&way, &mut device).await), "ID-0225");
    device.counter = Some(200);
    assert_eq!(id(bench.login_by_passkey(&way, &mut device).await), "none");
}

#[tokio::test]
async fn answers_that_are_not_whole_are_refused() {
    type Falsify = fn(&mut SoftAuthenticator);
    let cases: [(&str, Falsify); 6] = [
        ("ID-0224", |device| device.user = UserCheck::Present),
        ("ID-0227", |device| device.user = UserCheck::Nothing),
        ("ID-0223", |device| device.origin = "https://localhost.evil.example".to_owned()),
        ("ID-0223", |device| device.origin = "https://localhost:8444".to_owned()),
        ("ID-0227", |device| device.rp_id = Some("evil.example".to_owned())),
        ("ID-0302", |device| device.handle = HandleShown::Missing),
    ];
    let (bench, mut device) = room().await;
    for (expected, falsify) in cases {
        falsify(&mut device);
        assert_eq!(id(bench.login_by_passkey(&Way::bearer(), &mut device).await), expected);
        device.user = UserCheck::Verified;
        device.origin = ORIGIN.to_owned();
        device.rp_id = None;
        device.handle = HandleShown::Own;
    }
    assert_eq!(id(bench.login_by_passkey(&Way::bearer(), &mut device).await), "none");
}

#[tokio::test]
async fn a_passkey_of_another_server_is_refused() {
    let (bench, _) = room().await;
    let (_, mut stranger) = room().await;
    assert_eq!(id(bench.login_by_passkey(&Way::bearer(), &mut stranger).await), "ID-0302");
}

#[tokio::test]
async fn a_passkey_does_not_open_the_account_of_another() {
    let (bench, mut device) = room().await;
    let mori = bench.person("mori").await;
    let (caller, _) = mori.session(&bench, &Way::bearer()).await;
    let begun = bench.door().begin_passkey(&caller.account).unwrap();
    let other = begun.pointer("/options/publicKey/user/id").unwrap().as_str().unwrap();
    device.handle = HandleShown::Other(URL_SAFE_NO_PAD.decode(other).unwrap());
    assert_ne!(id(bench.login_by_passkey(&Way::bearer(), &mut device).await), "none");
    device.handle = HandleShown::Own;
    let answer = bench.answer(&Way::bearer(), &mut device);
    let stepped = bench.step_up(&Way::bearer(), &caller, json!({ "passkey": answer })).await;
    assert_eq!(id(stepped), "ID-0302", "somebody else's passkey is no step-up");
}

#[tokio::test]
async fn a_passkey_of_a_disabled_account_or_one_that_was_taken_away_is_refused() {
    let (bench, mut device) = room().await;
    bench.run(json!({ "command": "account-disable", "account": "sato", "reason": "休職" })).await;
    assert_eq!(id(bench.login_by_passkey(&Way::bearer(), &mut device).await), "ID-0302");
    bench.run(json!({ "command": "account-enable", "account": "sato" })).await;
    assert_eq!(id(bench.login_by_passkey(&Way::bearer(), &mut device).await), "none");
    let shown = bench.run(json!({ "command": "account-show", "account": "sato" })).await;
    let factors = shown["factor_list"].as_array().unwrap();
    let passkey = factors.iter().find(|one| one["kind"] == "passkey").unwrap();
    bench.run(json!({ "command": "factor-remove", "account": "sato", "factor": passkey["factor"] })).await;
    assert_eq!(id(bench.login_by_passkey(&Way::bearer(), &mut device).await), "ID-0302");
}

#[tokio::test]
async fn without_a_public_address_passkeys_are_not_offered() {
    let mut bench = Bench::new().await;
    bench.settings.base_url = None;
    bench.reopen();
    assert_eq!(id(bench.challenge(&Way::bearer())), "ID-0017");
}
