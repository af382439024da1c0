//! Client certificates: a small CA, issue and revocation, and the judgement on a chain that a client shows.
//!
//! Nothing here reads or writes: keys, certificates and lists come in and go out as bytes, and the time is an argument.

pub mod bundle;
pub mod ca;
pub mod codes;
pub mod crl;
mod name;
pub mod pem;
pub mod pkcs12;
mod request;
pub mod seen;
mod signature;
#[cfg(test)]
mod tests;
pub mod trust;

pub use bundle::Bundle;
pub use ca::{Chosen, Issued, KeyOrder, Made, Order};
pub use seen::{KeyKind, Seen, look};
pub use trust::{Authority, Fault, Judged, Revocation, Trust};

use base::Time;
use std::fmt::Write as _;
use std::time::Duration;

const DAY_SECONDS: i64 = 86_400;

/// Lower-case hexadecimal digits.
fn hex(bytes: &[u8]) -> String {
    bytes.iter().fold(String::with_capacity(bytes.len().saturating_mul(2)), |mut text, byte| {
        // Writing to a String does not fail.
        write!(text, "{byte:02x}").unwrap_or_default();
        text
    })
}

/// A moment of a certificate, in whole seconds, held within the years that `Time` knows.
fn moment(time: x509_parser::time::ASN1Time) -> Time {
    Time::from_microseconds(time.timestamp().saturating_mul(1_000_000))
}

/// Seconds since 1970.
fn since_1970(time: Time) -> Duration {
    Duration::from_secs(time.microseconds().unsigned_abs() / 1_000_000)
}
