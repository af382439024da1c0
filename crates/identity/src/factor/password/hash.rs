//! Argon2id (RFC 9106): a password is kept only as a hash that cannot be turned back (guideline item
//! mhlw-6.0/control/14-6), in the PHC string form, which carries its own salt and cost.

use super::folded;
use crate::factor::codes::COST_WRONG;
use crate::factor::random;
use argon2::password_hash::phc::PasswordHash;
use argon2::{Algorithm, Argon2, Params, PasswordHasher, PasswordVerifier, Version};
use base::{Entropy, Problem, Secret};

/// Length of a salt in bytes (RFC 9106, section 3.1: 16 are recommended).
const SALT_BYTES: usize = 16;
/// The most memory one hash may take, in KiB.
const MEMORY_KIB_MAX: u32 = 1024 * 1024;
/// The most passes over the memory.
const PASSES_MAX: u32 = 64;
/// The most lanes.
const LANES_MAX: u32 = 16;

/// What one hash costs: the attacker with a stolen database pays it for every guess.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct Cost {
    /// Memory in KiB.
    pub memory_kib: u32,
    /// Passes over the memory.
    pub passes: u32,
    /// Lanes, computed one after the other.
    pub lanes: u32,
}

impl Default for Cost {
    /// 19 MiB, two passes, one lane: the least that OWASP recommends where several people log in at once (Password
    /// Storage Cheat Sheet).
    fn default() -> Self {
        Self { memory_kib: 19 * 1024, passes: 2, lanes: 1 }
    }
}

impl Cost {
    fn params(self) -> Result<Params, Problem> {
        let wrong = || Problem::new(&COST_WRONG).log("the cost of password hashing is out of bounds");
        if self.memory_kib > MEMORY_KIB_MAX || self.passes > PASSES_MAX || self.lanes > LANES_MAX {
            return Err(wrong());
        }
        Params::new(self.memory_kib, self.passes, self.lanes, None).map_err(|_| wrong())
    }
}

/// What came of comparing a password.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Verdict {
    /// It is the password.
    Right,
    /// It is not.
    Wrong,
}

/// Hashes a password; whether it may be chosen is for [`super::Rules`] to say. Takes as long as `cost` demands: call it
/// where waiting is allowed.
///
/// # Errors
/// `ID-0208` when `entropy` fails, `ID-0209` for a cost out of bounds.
pub fn hash(password: &Secret<String>, cost: &Cost, entropy: &dyn Entropy) -> Result<String, Problem> {
    let hasher = Argon2::new(Algorithm::Argon2id, Version::V0x13, cost.params()?);
    let salt = random::<SALT_BYTES>(entropy)?;
    hasher
        .hash_password_with_salt(folded(password).reveal().as_bytes(), salt.reveal())
        .map(|hash: PasswordHash| hash.to_string())
        .map_err(|error| Problem::new(&COST_WRONG).log(error.to_string()))
}

/// The hash of a random password, to be verified against when there is no such account: the answer takes as long as
/// for a wrong password. Make it once per start, with the cost that accounts have.
///
/// # Errors
/// As [`hash()`].
pub fn stand_in(cost: &Cost, entropy: &dyn Entropy) -> Result<String, Problem> {
    let password = data_encoding::HEXLOWER.encode(random::<32>(entropy)?.reveal());
    hash(&Secret::new(password), cost, entropy)
}

/// Compares a password with a hash, in constant time once the hash is computed. A hash that cannot be read, or whose
/// cost is out of bounds, is nobody's: wrong, and said to the log.
pub fn verify(password: &Secret<String>, phc: &str) -> Verdict {
    let Some(stored) = readable(phc) else {
        tracing::error!("a stored password hash cannot be read; the password must be set anew");
        return Verdict::Wrong;
    };
    let hasher = Argon2::new(Algorithm::Argon2id, Version::V0x13, Params::DEFAULT);
    match hasher.verify_password(folded(password).reveal().as_bytes(), &stored) {
        Ok(()) => Verdict::Right,
        Err(_) => Verdict::Wrong,
    }
}

/// Whether a hash was made by another algorithm or cost than would be used today: then it is made anew at the next
/// login, when the password is at hand.
pub fn needs_rehash(phc: &str, cost: &Cost) -> bool {
    readable(phc).and_then(|stored| cost_of(&stored)) != Some(*cost)
}

/// The salt of a whole hash by argon2id; none of anything else, such as a password in clear.
pub fn salt_of(phc: &str) -> Option<String> {
    readable(phc)?.salt.map(|salt| salt.to_string())
}

/// A whole hash by argon2id of the present version, within the bounds of cost.
fn readable(phc: &str) -> Option<PasswordHash> {
    let stored = PasswordHash::new(phc).ok()?;
    let present = stored.algorithm.as_str() == "argon2id" && stored.version == Some(Version::V0x13.into());
    cost_of(&stored)?.params().ok()?;
    let whole = stored.salt.is_some() && stored.hash.is_some();
    (present && whole).then_some(stored)
}

fn cost_of(stored: &PasswordHash) -> Option<Cost> {
    let params = Params::try_from(stored).ok()?;
    Some(Cost { memory_kib: params.m_cost(), passes: params.t_cost(), lanes: params.p_cost() })
}

#[cfg(test)]
mod tests {
    use super::*;
    use base::{SeededEntropy, SystemEntropy};

    /// Little memory, so that the tests are quick.
    const LIGHT: Cost = Cost { memory_kib: 64, passes: 1, lanes: 1 };

    fn secret(text: &str) -> Secret<String> {
        Secret::new(text.to_owned())
    }

    #[test]
    fn the_password_is_right_and_others_are_wrong() {
        let stored = hash(&secret("青いカバンと3本の鉛筆"), &LIGHT, &SystemEntropy).unwrap();
        assert!(stored.starts_with("$argon2id$v=19$m=64,t=1,p=1$"), "{stored}");
        assert_eq!(verify(&secret("青いカバンと3本の鉛筆"), &stored), Verdict::Right);
        for other in ["", "青いカバンと3本の鉛", "青いカバンと3本の鉛筆 ", "青いカバンと4本の鉛筆"]
        {
            assert_eq!(verify(&secret(other), &stored), Verdict::Wrong, "{other}");
        }
    }

    #[test]
    fn the_same_password_has_another_hash_each_time() {
        let made = || hash(&secret("same"), &LIGHT, &SystemEntropy).unwrap();
        assert_ne!(made(), made());
    }

    #[test]
    fn full_width_characters_and_composed_ones_are_the_same_password() {
        let stored = hash(&secret("Ｋａｂａｎ３ガ"), &LIGHT, &SystemEntropy).unwrap();
        assert_eq!(verify(&secret("Kaban3ｶﾞ"), &stored), Verdict::Right);
        assert_eq!(verify(&secret("Kaban3カ\u{3099}"), &stored), Verdict::Right);
        assert_eq!(verify(&secret("kaban3ガ"), &stored), Verdict::Wrong, "case matters");
    }

    #[test]
    fn all_128_characters_count_and_more_are_wrong() {
        let (long, other) = ("x".repeat(128), format!("{}y", "x".repeat(127)));
        let stored = hash(&secret(&long), &LIGHT, &SystemEntropy).unwrap();
        assert_eq!(verify(&secret(&long), &stored), Verdict::Right);
        assert_eq!(verify(&secret(&other), &stored), Verdict::Wrong);
        assert_eq!(verify(&secret(&"x".repeat(1_000_000)), &stored), Verdict::Wrong);
    }

    #[test]
    fn a_hash_that_cannot_be_read_is_nobodys() {
        let stored = hash(&secret("word"), &LIGHT, &SystemEntropy).unwrap();
        for broken in [
            String::new(),
            "word".to_owned(),
            stored.replace("argon2id", "argon2i"),
            stored.replace("v=19", "v=16"),
            stored.replace("m=64", "m=4000000"),
            stored.replace("t=1", "t=100000"),
            stored.rsplit_once('$').unwrap().0.to_owned(),
        ] {
            assert_eq!(verify(&secret("word"), &broken), Verdict::Wrong, "{broken}");
            assert!(needs_rehash(&broken, &LIGHT), "{broken}");
        }
    }

    #[test]
    fn a_hash_of_another_cost_is_made_anew() {
        let stored = hash(&secret("word"), &LIGHT, &SystemEntropy).unwrap();
        assert!(!needs_rehash(&stored, &LIGHT));
        assert!(needs_rehash(&stored, &Cost::default()));
        assert!(needs_rehash("nonsense", &LIGHT));
        for cost in
            [Cost { passes: 2, ..LIGHT }, Cost { lanes: 2, ..LIGHT }, Cost { memory_kib: 65, ..LIGHT }]
        {
            assert!(needs_rehash(&stored, &cost), "{cost:?}");
        }
    }

    #[test]
    fn the_default_cost_is_what_owasp_recommends_at_least() {
        let stored = hash(&secret("word"), &Cost::default(), &SystemEntropy).unwrap();
        assert!(stored.contains("$m=19456,t=2,p=1$"), "{stored}");
        assert_eq!(verify(&secret("word"), &stored), Verdict::Right);
    }

    #[test]
    fn a_cost_out_of_bounds_is_refused() {
        for cost in [
            Cost { memory_kib: 7, ..LIGHT },
            Cost { memory_kib: MEMORY_KIB_MAX + 1, ..LIGHT },
            Cost { passes: 0, ..LIGHT },
            Cost { passes: PASSES_MAX + 1, ..LIGHT },
            Cost { lanes: 0, ..LIGHT },
            Cost { lanes: LANES_MAX + 1, ..LIGHT },
        ] {
            assert_eq!(
                hash(&secret("word"), &cost, &SystemEntropy).unwrap_err().code().id,
                "ID-0209",
                "{cost:?}"
            );
        }
    }

    #[test]
    fn a_stand_in_has_the_same_cost_and_no_known_password() {
        let stored = stand_in(&LIGHT, &SeededEntropy::new(1)).unwrap();
        assert!(!needs_rehash(&stored, &LIGHT));
        assert_eq!(verify(&secret(""), &stored), Verdict::Wrong);
    }

    #[test]
    fn what_is_no_hash_has_no_salt_and_two_hashes_have_two() {
        let cost = Cost { memory_kib: 8, passes: 1, lanes: 1 };
        let password = || Secret::new("correct horse".to_owned());
        let made = |seed| hash(&password(), &cost, &SeededEntropy::new(seed)).unwrap();
        assert!(salt_of(&made(1)).is_some());
        assert_ne!(salt_of(&made(1)), salt_of(&made(2)));
        let other = made(1).replace("argon2id", "argon2i");
        for stored in ["correct horse", "", "$2b$12$abcdefghijklmnopqrstuv", other.as_str()] {
            assert_eq!(salt_of(stored), None, "{stored}");
        }
    }
}
