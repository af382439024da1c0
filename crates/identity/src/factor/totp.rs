//! One-time codes by an app (TOTP, RFC 6238): HMAC-SHA-1, six digits, steps of 30 seconds, what every app supports.
//!
//! SHA-1 is sound here: the collisions known for it say nothing about HMAC (RFC 6194, section 3.3).

use super::code::{last_six_digits, six_digits};
use super::codes::TOTP_SECRET_WRONG;
use super::{Refusal, random};
use aws_lc_rs::hmac;
use base::{Entropy, Problem, Secret, Time};
use data_encoding::BASE32_NOPAD;
use percent_encoding::{AsciiSet, NON_ALPHANUMERIC, utf8_percent_encode};
use subtle::ConstantTimeEq;

/// Length of a step in seconds (RFC 6238, section 4: the default time step).
const STEP_SECONDS: i64 = 30;
/// How many steps a clock may be off, each way (RFC 6238, section 5.2 recommends one).
const STEPS_OFF_MAX: u64 = 1;
/// Length of a new secret in bytes: that of the hash (RFC 4226, section 4, R6).
const SECRET_BYTES: usize = 20;
/// The longest secret taken, in bytes: a block of SHA-1.
const SECRET_BYTES_MAX: usize = 64;
/// What need not be escaped in a URI (RFC 3986, section 2.3).
const ESCAPED: &AsciiSet = &NON_ALPHANUMERIC.remove(b'-').remove(b'.').remove(b'_').remove(b'~');

/// The secret that an app and this server share.
#[derive(Debug)]
pub struct Totp {
    secret: Secret<Vec<u8>>,
}

impl Totp {
    /// A new secret of 20 random bytes.
    ///
    /// # Errors
    /// `ID-0208` when `entropy` fails.
    pub fn generate(entropy: &dyn Entropy) -> Result<Self, Problem> {
        let bytes = random::<SECRET_BYTES>(entropy)?;
        Ok(Self { secret: Secret::new(bytes.reveal().to_vec()) })
    }

    /// Takes up a secret of 20 to 64 bytes, as it was stored.
    ///
    /// # Errors
    /// `ID-0210` for another length.
    pub fn from_secret(secret: Secret<Vec<u8>>) -> Result<Self, Problem> {
        match secret.reveal().len() {
            SECRET_BYTES..=SECRET_BYTES_MAX => Ok(Self { secret }),
            _ => Err(Problem::new(&TOTP_SECRET_WRONG).log("a stored secret has another length")),
        }
    }

    /// The secret, to be stored encrypted.
    pub fn secret(&self) -> &Secret<Vec<u8>> {
        &self.secret
    }

    /// The secret for typing into an app: base32 (RFC 4648, section 6) without padding, in groups of four.
    pub fn text(&self) -> Secret<String> {
        let plain = Secret::new(BASE32_NOPAD.encode(self.secret.reveal()));
        let mut text = String::with_capacity(plain.reveal().len().saturating_mul(2));
        for (index, char) in plain.reveal().chars().enumerate() {
            if index > 0 && index.is_multiple_of(4) {
                text.push(' ');
            }
            text.push(char);
        }
        Secret::new(text)
    }

    /// The `otpauth` URI that apps read from a QR code (Key URI Format): `issuer` names the facility, `account` the
    /// account. A colon parts the two, so that colons within them become spaces.
    pub fn url(&self, issuer: &str, account: &str) -> Secret<String> {
        let escaped = |text: &str| utf8_percent_encode(&text.replace(':', " "), ESCAPED).to_string();
        let (issuer, account) = (escaped(issuer), escaped(account));
        let secret = Secret::new(BASE32_NOPAD.encode(self.secret.reveal()));
        Secret::new(format!(
            "otpauth://totp/{issuer}:{account}?secret={}&issuer={issuer}&algorithm=SHA1&digits=6&period=30",
            secret.reveal()
        ))
    }

    /// Judges a typed code and returns the step it belongs to. The caller stores that step durably before it lets
    /// anybody in, and hands it back as `last_step`: a step up to that one never counts again, also after a restart and
    /// when the clock has run back (RFC 6238, section 5.2: one use only).
    ///
    /// The code of the present step, the one before and the one after are right; all are compared in constant time.
    ///
    /// # Errors
    /// [`Refusal::Malformed`], [`Refusal::Wrong`], or [`Refusal::Used`] for the code of a step that was used or passed
    /// over.
    pub fn accept(&self, code: &str, now: Time, last_step: Option<u64>) -> Result<u64, Refusal> {
        let typed = six_digits(code).ok_or(Refusal::Malformed)?;
        let present = step_at(now);
        let window = present.saturating_sub(STEPS_OFF_MAX)..=present.saturating_add(STEPS_OFF_MAX);
        let right: Vec<u64> =
            window.filter(|step| bool::from(self.code_of(*step).reveal().ct_eq(&typed))).collect();
        let oldest = *right.first().ok_or(Refusal::Wrong)?;
        // The oldest decides: digits that were also those of a used step have been seen by others.
        if last_step.is_some_and(|last| oldest <= last) { Err(Refusal::Used) } else { Ok(oldest) }
    }

    /// The code of a moment, as an app shows it: for the demo, whose secrets lie beside it.
    pub fn code_at(&self, moment: Time) -> Secret<String> {
        let digits = self.code_of(step_at(moment));
        Secret::new(digits.reveal().iter().copied().map(char::from).collect())
    }

    /// HOTP (RFC 4226, section 5.3) with the step as counter.
    fn code_of(&self, step: u64) -> Secret<[u8; 6]> {
        let key = hmac::Key::new(hmac::HMAC_SHA1_FOR_LEGACY_USE_ONLY, self.secret.reveal());
        let tag = hmac::sign(&key, &step.to_be_bytes());
        let offset = tag.as_ref().last().map_or(0, |byte| usize::from(byte & 0x0F));
        let number = tag
            .as_ref()
            .iter()
            .skip(offset)
            .take(4)
            .fold(0, |number: u32, byte| (number << 8) | u32::from(*byte));
        Secret::new(last_six_digits(u64::from(number & 0x7FFF_FFFF)))
    }
}

/// The step that `moment` lies in, counted from 1970.
fn step_at(moment: Time) -> u64 {
    u64::try_from(moment.microseconds().div_euclid(STEP_SECONDS.saturating_mul(1_000_000))).unwrap_or(0)
}

#[cfg(test)]
mod tests {
    use super::*;
    use base::SeededEntropy;

    /// The secret of the vectors of RFC 6238, appendix B.
    fn rfc() -> Totp {
        Totp::from_secret(Secret::new(b"12345678901234567890".to_vec())).unwrap()
    }

    fn at(seconds: i64) -> Time {
        Time::from_microseconds(seconds * 1_000_000)
    }

    fn code(totp: &Totp, step: u64) -> String {
        String::from_utf8(totp.code_of(step).reveal().to_vec()).unwrap()
    }

    #[test]
    fn the_vectors_of_rfc_6238_come_out() {
        // Appendix B shows eight digits; six digits are the last six of them.
        for (seconds, expected) in [
            (59, "94287082"),
            (1_111_111_109, "07081804"),
            (1_111_111_111, "14050471"),
            (1_234_567_890, "89005924"),
            (2_000_000_000, "69279037"),
            (20_000_000_000, "65353130"),
        ] {
            let expected = expected.split_at(2).1;
            assert_eq!(code(&rfc(), step_at(at(seconds))), expected, "{seconds}");
            assert!(rfc().accept(expected, at(seconds), None).is_ok(), "{seconds}");
        }
    }

    #[test]
    fn the_vectors_of_rfc_4226_come_out() {
        let expected =
            ["755224", "287082", "359152", "969429", "338314", "254676", "287922", "162583", "399871"];
        for (step, expected) in expected.into_iter().enumerate() {
            assert_eq!(code(&rfc(), step as u64), expected);
        }
    }

    #[test]
    fn one_step_off_is_right_and_two_are_not() {
        let totp = rfc();
        let code = code(&totp, 100);
        for (seconds, expected) in [
            (2_969, Err(Refusal::Wrong)),
            (2_970, Ok(100)),
            (3_000, Ok(100)),
            (3_029, Ok(100)),
            (3_059, Ok(100)),
            (3_060, Err(Refusal::Wrong)),
        ] {
            assert_eq!(totp.accept(&code, at(seconds), None), expected, "{seconds}");
        }
    }

    #[test]
    fn a_used_step_never_works_again() {
        let totp = rfc();
        let step = totp.accept(&code(&totp, 100), at(3_000), None).unwrap();
        assert_eq!(totp.accept(&code(&totp, 100), at(3_001), Some(step)), Err(Refusal::Used));
        assert_eq!(totp.accept(&code(&totp, 99), at(3_001), Some(step)), Err(Refusal::Used), "passed over");
        assert_eq!(totp.accept(&code(&totp, 101), at(3_030), Some(step)), Ok(101));
    }

    #[test]
    fn a_clock_that_runs_back_brings_no_step_back() {
        let totp = rfc();
        for step in 90..=100 {
            let seconds = i64::try_from(step).unwrap() * 30;
            assert_eq!(totp.accept(&code(&totp, step), at(seconds), Some(100)), Err(Refusal::Used), "{step}");
        }
    }

    #[test]
    fn a_code_may_be_typed_with_spaces_and_full_width_digits() {
        let totp = rfc();
        assert_eq!(totp.accept("２８７ ０８２", at(59), None), Ok(1));
        assert_eq!(totp.accept("28708", at(59), None), Err(Refusal::Malformed));
        assert_eq!(totp.accept("287083", at(59), None), Err(Refusal::Wrong));
    }

    #[test]
    fn the_uri_holds_japanese_names_escaped() {
        let url = rfc().url("さくら医院:本館", "dr-sato");
        assert_eq!(
            url.reveal(),
            "otpauth://totp/%E3%81%95%E3%81%8F%E3%82%89%E5%8C%BB%E9%99%A2%20%E6%9C%AC%E9%A4%A8:dr-sato\
             ?secret=GEZDGNBVGY3TQOJQGEZDGNBVGY3TQOJQ\
             &issuer=%E3%81%95%E3%81%8F%E3%82%89%E5%8C%BB%E9%99%A2%20%E6%9C%AC%E9%A4%A8\
             &algorithm=SHA1&digits=6&period=30"
        );
    }

    #[test]
    fn the_text_for_typing_stands_in_groups() {
        assert_eq!(rfc().text().reveal(), "GEZD GNBV GY3T QOJQ GEZD GNBV GY3T QOJQ");
    }

    #[test]
    fn a_new_secret_is_long_enough_and_hidden() {
        let totp = Totp::generate(&SeededEntropy::new(1)).unwrap();
        assert_eq!(totp.secret().reveal().len(), 20);
        assert_eq!(format!("{totp:?} {:?}", totp.url("a", "b")), "Totp { secret: [hidden] } [hidden]");
    }

    #[test]
    fn a_secret_of_another_length_is_refused() {
        for length in [0, 19, 65] {
            let problem = Totp::from_secret(Secret::new(vec![7; length])).unwrap_err();
            assert_eq!(problem.code().id, "ID-0210", "{length}");
        }
    }
}
