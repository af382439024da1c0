//! One-time codes between this server and an app that has read its QR code.

use base::{SystemEntropy, Time};
use identity::factor::Refusal;
use identity::factor::totp::Totp;
use testkit::one_time_code;

#[test]
fn an_app_that_read_the_qr_code_shows_codes_that_are_right_once() {
    let totp = Totp::generate(&SystemEntropy).unwrap();
    let url = totp.url("さくら医院", "dr-sato");
    let mut last = None;
    for seconds in [0, 30, 60, 3_600, 86_400] {
        let now = Time::parse("2026-04-01T00:00:00Z").unwrap().plus_seconds(seconds);
        let code = one_time_code(url.reveal(), now);
        let step = totp.accept(&code, now, last).unwrap();
        last = Some(step);
        // After a restart nothing is left but the secret and the step that were stored.
        let restarted = Totp::from_secret(totp.secret().clone()).unwrap();
        assert_eq!(restarted.accept(&code, now, last), Err(Refusal::Used), "{seconds}");
    }
}

#[test]
fn a_code_of_another_account_is_wrong() {
    let (one, other) = (Totp::generate(&SystemEntropy).unwrap(), Totp::generate(&SystemEntropy).unwrap());
    let now = Time::parse("2026-04-01T00:00:00Z").unwrap();
    let code = one_time_code(other.url("a", "b").reveal(), now);
    assert_eq!(one.accept(&code, now, None), Err(Refusal::Wrong));
}
