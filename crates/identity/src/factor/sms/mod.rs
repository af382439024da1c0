//! A code by SMS, through a gateway that the operator configures. Off unless it is configured: [`why_off`] says why.

mod gateway;
mod phone;

pub use gateway::{Gateway, Settings};
pub use phone::Phone;

use super::code::{last_six_digits, six_digits};
use super::{Refusal, random};
use base::{Entropy, Language, Problem, Secret, Time};
use subtle::ConstantTimeEq;

/// How long a code is good, in minutes.
pub const CODE_MINUTES: i64 = 5;
/// How many codes may be tried until a new one must be sent.
pub const TRIES_MAX: u8 = 3;

/// Why this factor is off by default, to stand beside the setting.
///
/// NIST SP 800-63B-4, section 3.1.3.3, restricts authenticators over the telephone network: who offers them must
/// assess the risk, tell the users of it and offer another way.
pub fn why_off(language: Language) -> &'static str {
    match language {
        Language::English => {
            "Codes by SMS are off by default. A code is not bound to a device: whoever has the number moved to a SIM \
             card of their own, or listens in on the telephone network, reads it, and it can be asked for on a false \
             page. NIST SP 800-63B therefore restricts this method. The telephone number is personal data that \
             leaves for the gateway's operator. Offer passkeys or an authenticator app first, and turn SMS on only \
             for those who can use neither."
        }
        Language::Japanese => {
            "SMS によるコードは初期設定では無効です。コードは機器に結び付いていないため、SIM の不正な再発行（SIM \
             スワップ）や電話網の盗聴によって他人に読まれるおそれがあり、偽の画面で入力させて盗むこともできます。\
             このため NIST SP 800-63B はこの方式を制限付きの認証方法としています。また、電話番号は個人情報であり、\
             ゲートウェイの事業者に渡ります。まずパスキーか認証アプリを用意し、どちらも使えない人のためにだけ\
             有効にしてください。"
        }
    }
}

/// The text that goes out. It names nobody, and does not say what the code opens beyond the name of the service.
pub fn message(language: Language, code: &Secret<String>) -> Secret<String> {
    let code = code.reveal();
    Secret::new(match language {
        Language::English => format!(
            "Akashi: your code is {code}. It is good for {CODE_MINUTES} minutes. Tell it to nobody, not even to staff."
        ),
        Language::Japanese => {
            format!(
                "Akashi の確認コード: {code}（{CODE_MINUTES} 分間有効）。職員を含め、誰にも教えないでください。"
            )
        }
    })
}

/// A code that was sent and waits to be typed. It lives in memory only: after a restart a new one must be sent.
#[derive(Debug)]
pub struct Pending {
    code: Secret<[u8; 6]>,
    made: Time,
    tries_left: u8,
}

impl Pending {
    /// A new code of six digits, and what is kept to judge it.
    ///
    /// # Errors
    /// `ID-0208` when `entropy` fails.
    pub fn make(now: Time, entropy: &dyn Entropy) -> Result<(Secret<String>, Self), Problem> {
        // Taken modulo a million, 64 random bits favour no code by more than 1 in 10^13.
        let digits = last_six_digits(u64::from_be_bytes(*random::<8>(entropy)?.reveal()));
        let shown = digits.iter().copied().map(char::from).collect();
        Ok((Secret::new(shown), Self { code: Secret::new(digits), made: now, tries_left: TRIES_MAX }))
    }

    /// Judges a typed code, in constant time. A right code is right once; what is no code at all costs no try. A clock
    /// that has run back to before the code was made ends it, for it can no longer be told how old it is.
    ///
    /// # Errors
    /// Every [`Refusal`] but [`Refusal::Used`]; after [`Refusal::Spent`] and [`Refusal::Expired`] a new code is needed.
    pub fn accept(&mut self, code: &str, now: Time) -> Result<(), Refusal> {
        let good_until = self.made.plus_seconds(CODE_MINUTES.saturating_mul(60));
        if !(self.made..good_until).contains(&now) {
            return Err(Refusal::Expired);
        }
        let tries_left = self.tries_left.checked_sub(1).ok_or(Refusal::Spent)?;
        let typed = six_digits(code).ok_or(Refusal::Malformed)?;
        if bool::from(self.code.reveal().ct_eq(&typed)) {
            self.tries_left = 0;
            return Ok(());
        }
        self.tries_left = tries_left;
        Err(Refusal::Wrong)
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use base::{SeededEntropy, SystemEntropy};

    const START: i64 = 1_800_000_000_000_000;

    fn start() -> Time {
        Time::from_microseconds(START)
    }

    fn wrong(code: &str) -> String {
        code.chars().map(|digit| if digit == '9' { '0' } else { '9' }).collect()
    }

    #[test]
    fn the_code_that_was_sent_is_right_once() {
        let (code, mut pending) = Pending::make(start(), &SystemEntropy).unwrap();
        assert_eq!(pending.accept(code.reveal(), start().plus_seconds(299)), Ok(()));
        assert_eq!(pending.accept(code.reveal(), start().plus_seconds(299)), Err(Refusal::Spent));
    }

    #[test]
    fn after_three_wrong_codes_the_right_one_is_refused_too() {
        let (code, mut pending) = Pending::make(start(), &SystemEntropy).unwrap();
        for _ in 0..3 {
            assert_eq!(pending.accept("not a code", start()), Err(Refusal::Malformed));
            assert_eq!(pending.accept(&wrong(code.reveal()), start()), Err(Refusal::Wrong));
        }
        assert_eq!(pending.accept(code.reveal(), start()), Err(Refusal::Spent));
    }

    #[test]
    fn a_code_ends_after_five_minutes_and_when_the_clock_runs_back() {
        let (code, mut pending) = Pending::make(start(), &SystemEntropy).unwrap();
        assert_eq!(pending.accept(code.reveal(), start().plus_seconds(300)), Err(Refusal::Expired));
        assert_eq!(pending.accept(code.reveal(), start().plus_seconds(-1)), Err(Refusal::Expired));
        assert_eq!(pending.accept(code.reveal(), start()), Ok(()));
    }

    #[test]
    fn codes_have_six_digits_and_differ() {
        let entropy = SeededEntropy::new(5);
        let codes: Vec<String> =
            (0..50).map(|_| Pending::make(start(), &entropy).unwrap().0.reveal().clone()).collect();
        assert!(codes.iter().all(|code| code.len() == 6 && code.bytes().all(|byte| byte.is_ascii_digit())));
        assert!(codes.iter().collect::<std::collections::BTreeSet<_>>().len() > 45);
    }

    #[test]
    fn neither_the_code_nor_the_message_is_printed() {
        let (code, pending) = Pending::make(start(), &SystemEntropy).unwrap();
        let message = message(Language::Japanese, &code);
        assert!(message.reveal().contains(code.reveal().as_str()));
        let printed = format!("{code:?} {pending:?} {message:?}");
        assert!(!printed.contains(code.reveal().as_str()), "{printed}");
    }

    #[test]
    fn a_message_fits_into_one_sms() {
        // 70 characters of UCS-2 or 160 of GSM 7-bit (3GPP TS 23.038).
        let code = Secret::new("123456".to_owned());
        assert!(message(Language::Japanese, &code).reveal().encode_utf16().count() <= 70);
        assert!(message(Language::English, &code).reveal().len() <= 160);
    }

    #[test]
    fn the_reason_for_off_names_the_dangers_in_both_languages() {
        assert!(why_off(Language::English).contains("NIST SP 800-63B"));
        assert!(why_off(Language::Japanese).contains("SIM"));
    }
}
