//! Former passwords: which are remembered, and whether one is chosen again (mhlw-7.0/control/14-n2, jahis-sds-5.0/14-3).
//! The texts say that passwords must not be used again, and not how many are to be remembered: that is the policy's.

use super::{Verdict, verify};
use base::Secret;

/// What is remembered once a password is set, the newest first; `count` of them at most.
pub fn remembered(newest: String, before: &[String], count: u32) -> Vec<String> {
    let count = usize::try_from(count).unwrap_or(usize::MAX);
    std::iter::once(newest).chain(before.iter().cloned()).take(count).collect()
}

/// Whether a password is one of those remembered. Takes as long as checking it against each: call it where waiting is
/// allowed.
pub fn was_used(password: &Secret<String>, hashes: &[String]) -> bool {
    hashes.iter().any(|hash| verify(password, hash) == Verdict::Right)
}

#[cfg(test)]
mod tests {
    use super::super::{Cost, hash};
    use super::*;
    use base::SystemEntropy;

    fn secret(text: &str) -> Secret<String> {
        Secret::new(text.to_owned())
    }

    fn after(passwords: &[&str], count: u32) -> Vec<String> {
        let cost = Cost { memory_kib: 8, passes: 1, lanes: 1 };
        passwords.iter().fold(Vec::new(), |before, password| {
            remembered(hash(&secret(password), &cost, &SystemEntropy).unwrap(), &before, count)
        })
    }

    #[test]
    fn the_last_ones_are_remembered_and_no_more() {
        let hashes = after(&["one", "two", "three"], 2);
        assert_eq!(hashes.len(), 2);
        assert!(was_used(&secret("three"), &hashes) && was_used(&secret("two"), &hashes));
        assert!(!was_used(&secret("one"), &hashes) && !was_used(&secret("four"), &hashes));
        assert!(after(&["one", "two"], 0).is_empty());
    }

    #[test]
    fn a_former_password_is_known_from_every_keyboard() {
        assert!(was_used(&secret("Ｋａｂａｎ３"), &after(&["Kaban3", "other"], 5)));
    }
}
