//! An answer of a browser from any bytes, read as JSON: to a registration and to a login, as it is, and with honest
//! client data put in its place so that the parts behind the challenge are reached.

use base::Time;
use data_encoding::BASE64URL_NOPAD;
use identity::factor::passkey::{Handle, Passkey, Person, Relying, claim_of};
use serde_json::{Value, json};

const ORIGIN: &str = "https://akashi.example";
/// A passkey whose private key nobody has.
const STORED: &str = r#"{"handle":"Iit6gWE7RExd2L2Q7o9xUA","key":{"cred":{
    "cred_id":"pBGc9M-s-i13uqoZGoEEGgPT21MvofYGfa_fBxYfW50",
    "cred":{"type_":"ES256","key":{"EC_EC2":{"curve":"SECP256R1",
        "x":"4DqmH3T7Kpz_aTwRBZ2gQfL2Sx_3qmaose5OJ0g5Vxs","y":"qoEsRZf30oQFz0sMGL-43pJpxi3mcJxfMrtVR7fhV1E"}}},
    "counter":1,"transports":null,"user_verified":true,"backup_eligible":false,"backup_state":false,
    "registration_policy":"required",
    "extensions":{"cred_protect":"Ignored","hmac_create_secret":"NotRequested","appid":"NotRequested",
        "cred_props":{"Unsigned":{"rk":true}}},
    "attestation":{"data":"None","metadata":"None"},"attestation_format":"none"}}}"#;

/// How much of the answer is left as it came.
#[derive(Clone, Copy, PartialEq, Eq)]
enum Put {
    Nothing,
    ClientData,
}

/// Answers a registration and a login with `data`. Without the challenge no answer is accepted; with it a registration
/// may be, and then it was verified, can be stored and is read back; a login never is, for want of the private key.
///
/// # Panics
/// When it is otherwise: that is the finding.
pub(crate) fn passkey(data: &[u8]) {
    let Ok(answer) = serde_json::from_slice::<Value>(data) else { return };
    let relying = Relying::new("akashi.example", ORIGIN, "Akashi").expect("settings");
    let stored: Passkey = serde_json::from_str(STORED).expect("a stored passkey");
    for put in [Put::Nothing, Put::ClientData] {
        registration(&relying, &answer, put);
        login(&relying, &answer, &stored, put);
    }
    if let Some(claim) = claim_of(&answer) {
        assert!(!claim.credential.as_str().contains('='), "an id in another form");
    }
}

fn registration(relying: &Relying, answer: &Value, put: Put) {
    let handle = Handle::parse("AAAAAAAAAAAAAAAAAAAAAA").expect("a handle");
    let person = Person { handle, account: "a", display_name: "a" };
    let (options, state) = relying.begin_registration(person, &[], now()).expect("a beginning");
    let answer = answered(answer, &options, "webauthn.create", put);
    let Ok(made) = relying.finish_registration(state, answer, now()) else { return };
    assert!(put == Put::ClientData, "accepted without the challenge");
    let text = serde_json::to_string(&made).expect("a passkey can be stored");
    assert!(text.contains("\"user_verified\":true"), "accepted without verification");
    let again: Passkey = serde_json::from_str(&text).expect("a stored passkey can be read");
    assert!(again.id() == made.id() && again.handle() == handle, "another passkey than was stored");
}

fn login(relying: &Relying, answer: &Value, stored: &Passkey, put: Put) {
    for known in [false, true] {
        let begun = if known {
            relying.begin_login_for(std::slice::from_ref(stored), now())
        } else {
            relying.begin_login(now())
        };
        let (options, state) = begun.expect("a beginning");
        let mut answer = answered(answer, &options, "webauthn.get", put);
        if put == Put::ClientData && answer.is_object() {
            answer["rawId"] = stored.id().as_str().into();
        }
        let used = relying.finish_login(state, answer, std::slice::from_ref(stored), now());
        assert!(used.is_err(), "accepted without the private key");
    }
}

/// The answer, with client data as an honest browser writes them when these are to be put in.
fn answered(answer: &Value, options: &Value, kind: &str, put: Put) -> Value {
    let mut answer = answer.clone();
    let challenge = options.pointer("/publicKey/challenge").expect("a challenge");
    let client_data = json!({"type": kind, "challenge": challenge, "origin": ORIGIN, "crossOrigin": false});
    if let (Put::ClientData, Some(response)) =
        (put, answer.get_mut("response").and_then(Value::as_object_mut))
    {
        let text = BASE64URL_NOPAD.encode(client_data.to_string().as_bytes());
        response.insert("clientDataJSON".to_owned(), text.into());
    }
    answer
}

fn now() -> Time {
    Time::from_microseconds(1_775_000_000_000_000)
}
