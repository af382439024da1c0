//! The factors by which somebody shows who they are: passwords, one-time codes, recovery codes, codes by SMS, passkeys.
//!
//! Everything here is pure but [`sms::Gateway::send`], which speaks to the gateway that was configured. What must
//! outlive a restart (a hash, the last step used, which recovery codes are spent, the counter of a passkey) is handed
//! to the caller, who stores it before the answer goes out.

pub mod code;
pub mod codes;
pub mod passkey;
pub mod password;
pub mod recovery;
pub mod sms;
pub mod totp;

use base::{Entropy, Problem, Secret};

/// How a typed code is refused. To the person all of these are one answer; the difference is for the audit trail.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Refusal {
    /// It does not look like a code.
    Malformed,
    /// Not the code.
    Wrong,
    /// The code was right, but was used before.
    Used,
    /// The code has run out of time.
    Expired,
    /// Too many tries; a new code is needed.
    Spent,
}

/// `N` random bytes that nobody may know.
fn random<const N: usize>(entropy: &dyn Entropy) -> Result<Secret<[u8; N]>, Problem> {
    let mut bytes = [0; N];
    entropy.fill(&mut bytes).map_err(|error| Problem::new(&codes::NO_ENTROPY).log(error.to_string()))?;
    Ok(Secret::new(bytes))
}
