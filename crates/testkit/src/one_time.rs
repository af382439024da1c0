//! An authenticator app: the six digits that stand on its screen.

use aws_lc_rs::hmac;
use base::Time;
use data_encoding::BASE32_NOPAD;

/// The code that an app shows at `moment` after it has read `otpauth`, the text of the QR code (RFC 6238).
pub fn one_time_code(otpauth: &str, moment: Time) -> String {
    let (_, query) = otpauth.split_once('?').unwrap();
    let secret = query.split('&').find_map(|pair| pair.strip_prefix("secret=")).unwrap();
    let key = BASE32_NOPAD.decode(secret.as_bytes()).unwrap();
    let step = u64::try_from(moment.microseconds() / 30_000_000).unwrap();
    let tag = hmac::sign(&hmac::Key::new(hmac::HMAC_SHA1_FOR_LEGACY_USE_ONLY, &key), &step.to_be_bytes());
    let offset = usize::from(tag.as_ref().last().unwrap() & 0x0F);
    let four: [u8; 4] = tag.as_ref().get(offset..offset + 4).unwrap().try_into().unwrap();
    format!("{:06}", (u32::from_be_bytes(four) & 0x7FFF_FFFF) % 1_000_000)
}
