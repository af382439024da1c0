//! Passkeys from registration to login, and every way in which an answer must be refused.
#![expect(clippy::unwrap_used, clippy::indexing_slicing, reason = "a test that cannot go on ends here")]

use base::{Entropy, Problem, SystemEntropy, Time};
use identity::factor::passkey::{
    Handle, LoginState, Passkey, Person, RegistrationState, Relying, Used, claim_of,
};
use serde_json::{Value, json};
use testkit::{HandleShown, SoftAuthenticator, UserCheck};

const ORIGIN: &str = "https://akashi.example";

fn relying() -> Relying {
    Relying::new("akashi.example", ORIGIN, "さくら医院").unwrap()
}

fn now() -> Time {
    Time::parse("2026-04-01T00:00:00Z").unwrap()
}

fn handle() -> Handle {
    Handle::generate(&SystemEntropy).unwrap()
}

fn begin(existing: &[Passkey]) -> (Value, RegistrationState) {
    let person = Person { handle: handle(), account: "dr-sato", display_name: "佐藤 医師" };
    relying().begin_registration(person, existing, now()).unwrap()
}

fn register(device: &mut SoftAuthenticator) -> Result<Passkey, Problem> {
    let (options, state) = begin(&[]);
    relying().finish_registration(state, device.create(&options), now())
}

fn registered() -> (SoftAuthenticator, Passkey) {
    let mut device = SoftAuthenticator::new(ORIGIN);
    let passkey = register(&mut device).unwrap();
    (device, passkey)
}

fn login(device: &mut SoftAuthenticator, passkey: &Passkey) -> Result<Used, Problem> {
    let (options, state) = relying().begin_login(now()).unwrap();
    finish(state, device.get(&options), passkey)
}

fn finish(state: LoginState, response: Value, passkey: &Passkey) -> Result<Used, Problem> {
    relying().finish_login(state, response, std::slice::from_ref(passkey), now())
}

fn id<T: std::fmt::Debug>(result: Result<T, Problem>) -> &'static str {
    result.unwrap_err().code().id
}

#[test]
fn somebody_registers_and_logs_in_without_naming_an_account() {
    let (mut device, passkey) = registered();
    let (options, state) = relying().begin_login(now()).unwrap();
    let response = device.get(&options);
    let claim = claim_of(&response).unwrap();
    assert_eq!((claim.handle, &claim.credential), (Some(passkey.handle()), &passkey.id()));
    let used = finish(state, response, &passkey).unwrap();
    assert_eq!((used.credential, used.handle, used.counter), (passkey.id(), passkey.handle(), 2));
}

#[test]
fn a_passkey_is_stored_as_json_and_still_works() {
    let (mut device, passkey) = registered();
    let stored = serde_json::to_string(&passkey).unwrap();
    let passkey: Passkey = serde_json::from_str(&stored).unwrap();
    let used = login(&mut device, &passkey).unwrap();
    let stored = serde_json::to_value(&used.passkey).unwrap();
    assert_eq!(stored["key"]["cred"]["counter"], 2);
    assert!(login(&mut device, &used.passkey).is_ok());
}

#[test]
fn the_options_ask_for_verification_and_a_key_that_can_be_found() {
    let (_, passkey) = registered();
    let (options, _) = begin(std::slice::from_ref(&passkey));
    let asked = &options["publicKey"];
    assert_eq!(asked["authenticatorSelection"]["userVerification"], "required");
    assert_eq!(asked["authenticatorSelection"]["residentKey"], "required");
    assert_eq!(asked["authenticatorSelection"]["requireResidentKey"], true);
    assert_eq!(asked["attestation"], "none");
    assert_eq!(asked["excludeCredentials"][0]["id"], passkey.id().as_str());
    assert_eq!(asked["rp"], json!({"id": "akashi.example", "name": "さくら医院"}));
    assert_eq!((asked["user"]["name"].as_str(), asked["timeout"].as_u64()), (Some("dr-sato"), Some(300_000)));
    let (options, _) = relying().begin_login_for(std::slice::from_ref(&passkey), now()).unwrap();
    assert_eq!(options["publicKey"]["userVerification"], "required");
    assert_eq!(options["publicKey"]["allowCredentials"][0]["id"], passkey.id().as_str());
}

#[test]
fn nobody_is_told_who_has_an_account() {
    let (options, _) = relying().begin_login(now()).unwrap();
    assert_eq!(options["publicKey"]["allowCredentials"], json!([]));
    assert_eq!(options["publicKey"]["userVerification"], "required");
    assert_eq!(options.as_object().unwrap().len(), 1, "{options}");
}

#[test]
fn challenges_differ_and_are_long() {
    let challenge =
        || relying().begin_login(now()).unwrap().0["publicKey"]["challenge"].as_str().unwrap().to_owned();
    let (one, other) = (challenge(), challenge());
    assert_ne!(one, other);
    assert!(one.len() >= 43, "{one}");
}

#[test]
fn a_registration_without_verification_is_refused() {
    for (user, expected) in [(UserCheck::Present, "ID-0224"), (UserCheck::Nothing, "ID-0227")] {
        let mut device = SoftAuthenticator::new(ORIGIN);
        device.user = user;
        assert_eq!(id(register(&mut device)), expected, "{user:?}");
    }
}

#[test]
fn a_login_without_verification_is_refused() {
    let (mut device, passkey) = registered();
    device.user = UserCheck::Present;
    assert_eq!(id(login(&mut device, &passkey)), "ID-0224");
    device.user = UserCheck::Nothing;
    assert_eq!(id(login(&mut device, &passkey)), "ID-0227");
}

#[test]
fn another_origin_is_refused() {
    for origin in [
        "https://akashi.example.evil.example",
        "https://www.akashi.example",
        "https://akashi.example:8443",
        "http://akashi.example",
        "https://evil.example",
    ] {
        let (mut device, passkey) = registered();
        device.origin = origin.to_owned();
        assert_eq!(id(login(&mut device, &passkey)), "ID-0223", "{origin}");
        assert_eq!(id(register(&mut device)), "ID-0223", "{origin}");
    }
}

#[test]
fn a_page_within_a_frame_of_another_site_is_refused() {
    let mut device = SoftAuthenticator::new(ORIGIN);
    device.framed = true;
    assert_eq!(id(register(&mut device)), "ID-0223");
}

#[test]
fn another_domain_is_refused() {
    let (mut device, passkey) = registered();
    device.rp_id = Some("example".to_owned());
    assert_eq!(id(login(&mut device, &passkey)), "ID-0227");
    assert_eq!(id(register(&mut device)), "ID-0227");
}

#[test]
fn a_counter_that_does_not_go_forward_is_refused() {
    let (mut device, passkey) = registered();
    device.counter = Some(10);
    let passkey = login(&mut device, &passkey).unwrap().passkey;
    for last in [10, 9, 0] {
        device.counter = Some(last);
        assert_eq!(id(login(&mut device, &passkey)), "ID-0225", "{last}");
    }
    device.counter = None;
    assert_eq!(id(login(&mut device, &passkey)), "ID-0225", "a device that no longer counts");
    device.counter = Some(11);
    assert_eq!(login(&mut device, &passkey).unwrap().counter, 12);
}

#[test]
fn the_counter_is_held_against_what_is_stored_at_the_end() {
    let (mut device, passkey) = registered();
    let (options, state) = relying().begin_login_for(std::slice::from_ref(&passkey), now()).unwrap();
    let slow = device.get(&options);
    let newer = login(&mut device, &passkey).unwrap().passkey;
    assert_eq!(id(finish(state, slow, &newer)), "ID-0225");
}

#[test]
fn a_device_that_never_counts_may_log_in_again_and_again() {
    let mut device = SoftAuthenticator::new(ORIGIN);
    device.counter = None;
    let mut passkey = register(&mut device).unwrap();
    for _ in 0..3 {
        passkey = login(&mut device, &passkey).unwrap().passkey;
    }
}

#[test]
fn an_old_answer_does_not_fit_a_new_challenge() {
    let mut device = SoftAuthenticator::new(ORIGIN);
    let (options, state) = begin(&[]);
    let registration = device.create(&options);
    let passkey = relying().finish_registration(state, registration.clone(), now()).unwrap();
    let (_, state) = begin(&[]);
    assert_eq!(id(relying().finish_registration(state, registration, now())), "ID-0227");
    device.counter = None;
    let (options, state) = relying().begin_login(now()).unwrap();
    let response = device.get(&options);
    assert!(finish(state, response.clone(), &without_counter(&passkey)).is_ok());
    let (_, state) = relying().begin_login(now()).unwrap();
    assert_eq!(id(finish(state, response, &without_counter(&passkey))), "ID-0227");
}

/// As if the device had never counted, so that only the challenge can refuse.
fn without_counter(passkey: &Passkey) -> Passkey {
    let mut stored = serde_json::to_value(passkey).unwrap();
    stored["key"]["cred"]["counter"] = 0.into();
    serde_json::from_value(stored).unwrap()
}

#[test]
fn what_begins_ends_within_five_minutes() {
    let (mut device, passkey) = registered();
    for (seconds, good) in [(0, true), (299, true), (300, false), (86_400, false), (-1, false)] {
        let at = now().plus_seconds(seconds);
        let (options, state) = relying().begin_login(now()).unwrap();
        let passkeys = [without_counter(&passkey)];
        let used = relying().finish_login(state, device.get(&options), &passkeys, at);
        assert_eq!(
            used.map_err(|problem| problem.code().id).err(),
            (!good).then_some("ID-0222"),
            "{seconds}"
        );
        let (options, state) = begin(&[]);
        let made = relying().finish_registration(state, SoftAuthenticator::new(ORIGIN).create(&options), at);
        assert_eq!(
            made.map_err(|problem| problem.code().id).err(),
            (!good).then_some("ID-0222"),
            "{seconds}"
        );
    }
}

#[test]
fn a_passkey_of_another_account_is_refused() {
    let (mut device, passkey) = registered();
    let (_, other) = registered();
    assert_eq!(id(login(&mut device, &other)), "ID-0226");
    let (options, state) = relying().begin_login(now()).unwrap();
    assert_eq!(id(relying().finish_login(state, device.get(&options), &[], now())), "ID-0226");
    assert!(login(&mut device, &passkey).is_ok());
}

#[test]
fn the_handle_must_be_that_of_the_account() {
    let (mut device, passkey) = registered();
    let mut foreign = vec![0; 16];
    SystemEntropy.fill(&mut foreign).unwrap();
    for handle in [HandleShown::Missing, HandleShown::Other(foreign), HandleShown::Other(Vec::new())] {
        device.handle = handle.clone();
        assert_eq!(id(login(&mut device, &passkey)), "ID-0226", "{handle:?}");
    }
}

#[test]
fn a_key_that_stores_no_accounts_will_do_when_the_account_is_known() {
    let (mut device, passkey) = registered();
    device.handle = HandleShown::Missing;
    let (options, state) = relying().begin_login_for(std::slice::from_ref(&passkey), now()).unwrap();
    let response = device.get(&options);
    assert_eq!(claim_of(&response).unwrap().handle, None);
    assert!(finish(state, response, &passkey).is_ok());
    device.handle = HandleShown::Other(vec![0; 16]);
    let (options, state) = relying().begin_login_for(std::slice::from_ref(&passkey), now()).unwrap();
    assert_eq!(id(finish(state, device.get(&options), &passkey)), "ID-0226");
}

#[test]
fn a_signature_over_anything_else_is_refused() {
    let (mut device, passkey) = registered();
    for member in ["signature", "authenticatorData"] {
        let (options, state) = relying().begin_login(now()).unwrap();
        let mut response = device.get(&options);
        response["response"][member] = device.get(&options)["response"][member].clone();
        assert_eq!(id(finish(state, response, &passkey)), "ID-0227", "{member}");
    }
    let (options, state) = relying().begin_login(now()).unwrap();
    let mut response = device.get(&options);
    device.origin = format!("{ORIGIN}/");
    response["response"]["clientDataJSON"] = device.get(&options)["response"]["clientDataJSON"].clone();
    assert_eq!(
        id(finish(state, response, &passkey)),
        "ID-0227",
        "client data of the same meaning in other bytes"
    );
}

#[test]
fn the_answer_to_a_registration_is_no_login_and_the_other_way_round() {
    let (mut device, passkey) = registered();
    let (options, state) = begin(&[]);
    let assertion = device.get(&relying().begin_login(now()).unwrap().0);
    assert_eq!(id(relying().finish_registration(state, assertion, now())), "ID-0221");
    let attestation = device.create(&options);
    let (_, state) = relying().begin_login(now()).unwrap();
    assert_eq!(id(finish(state, attestation, &passkey)), "ID-0221");
}

#[test]
fn a_passkey_is_registered_once() {
    let mut device = SoftAuthenticator::new(ORIGIN);
    let passkey = register(&mut device).unwrap();
    let (options, state) = begin(std::slice::from_ref(&passkey));
    let mut response = device.create(&options);
    response["rawId"] = passkey.id().as_str().into();
    response["id"] = passkey.id().as_str().into();
    assert_eq!(id(relying().finish_registration(state, response, now())), "ID-0228");
}

#[test]
fn an_answer_that_is_none_is_refused() {
    let (mut device, passkey) = registered();
    let whole = device.get(&relying().begin_login(now()).unwrap().0);
    let mut answers = vec![json!(null), json!([]), json!("x"), json!({}), json!({"id": 1})];
    for member in ["rawId", "response", "type"] {
        let mut cut = whole.clone();
        cut.as_object_mut().unwrap().remove(member);
        answers.push(cut);
    }
    for bad in ["", "AAAA", "あ", "{}"] {
        let mut changed = whole.clone();
        changed["response"]["authenticatorData"] = bad.into();
        answers.push(changed);
    }
    for answer in answers {
        let (_, state) = relying().begin_login(now()).unwrap();
        let code = id(finish(state, answer.clone(), &passkey));
        assert!(["ID-0221", "ID-0227"].contains(&code), "{code} {answer}");
        let (_, state) = begin(&[]);
        assert_eq!(id(relying().finish_registration(state, answer.clone(), now())), "ID-0221", "{answer}");
    }
}

#[test]
fn settings_that_do_not_fit_together_are_refused() {
    for (rp_id, origin, name) in [
        ("akashi.example", "https://other.example", "a"),
        ("www.akashi.example", ORIGIN, "a"),
        ("akashi.example", "http://akashi.example", "a"),
        ("192.0.2.1", "https://192.0.2.1", "a"),
        ("", ORIGIN, "a"),
        ("akashi.example", ORIGIN, ""),
        ("akashi.example", "akashi.example", "a"),
    ] {
        assert_eq!(id(Relying::new(rp_id, origin, name)), "ID-0220", "{rp_id} {origin}");
    }
    for (rp_id, origin) in
        [("akashi.example", "https://ward.akashi.example"), ("localhost", "http://localhost:8080")]
    {
        assert!(Relying::new(rp_id, origin, "a").is_ok(), "{rp_id} {origin}");
    }
}

#[test]
fn an_empty_name_makes_no_passkey() {
    let person = Person { handle: handle(), account: "", display_name: "a" };
    assert_eq!(id(relying().begin_registration(person, &[], now())), "ID-0220");
}

#[test]
fn states_print_nothing_of_the_challenge() {
    let (options, state) = relying().begin_login(now()).unwrap();
    let challenge = options["publicKey"]["challenge"].as_str().unwrap();
    let printed = format!("{state:?} {:?} {:?}", begin(&[]).1, relying());
    assert!(!printed.contains(challenge), "{printed}");
}
