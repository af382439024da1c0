//! Passwords: the rules by which one may be chosen, and the hash by which it is kept.

mod guess;
mod hash;
mod history;
mod pattern;
mod rules;
mod words;

pub use hash::{Cost, Verdict, hash, needs_rehash, salt_of, stand_in, verify};
pub use history::{remembered, was_used};
pub use rules::{Edition, LENGTH_MAX, Rules, SecondFactor};

use base::Secret;
use unicode_normalization::UnicodeNormalization;

/// The form in which a password is judged and hashed: NFKC (NIST SP 800-63B, section on passwords), so that it is the
/// same from every keyboard, full-width or not. More than [`LENGTH_MAX`] characters are cut to one more than that: such
/// a password was never set, so it is wrong whatever follows, and nobody pays for folding megabytes.
fn folded(password: &Secret<String>) -> Secret<String> {
    let longest = LENGTH_MAX.saturating_add(1);
    let folded = password.reveal().chars().take(longest).nfkc().take(longest).collect();
    Secret::new(folded)
}
