//! Numbers of the configuration: request rates, and what a password hash costs.

use crate::codes;
use base::Problem;
use identity::factor::password::Cost;
use identity::session::{Quotas, Rate};
use serde::Deserialize;
use std::num::NonZeroU32;

/// Least memory of a password hash, in KiB, and least passes: what OWASP recommends at least (Password Storage Cheat
/// Sheet).
const MEMORY_KIB_MIN: u32 = 19_456;
const PASSES_MIN: u32 = 2;

/// Requests a minute. At once, what is allowed in ten seconds; of logins in half a minute.
#[derive(Clone, Copy, Debug, Default, Deserialize)]
#[serde(deny_unknown_fields)]
pub(super) struct RatesSection {
    facility: Option<NonZeroU32>,
    account: Option<NonZeroU32>,
    address: Option<NonZeroU32>,
    logins: Option<NonZeroU32>,
}

impl RatesSection {
    pub(super) fn quotas(self) -> Quotas {
        let rate = |asked: Option<NonZeroU32>, usual: Rate, bursts: u32| {
            asked.map_or(usual, |asked| Rate::new(asked.get(), asked.get() / bursts))
        };
        let usual = Quotas::default();
        Quotas {
            facility: rate(self.facility, usual.facility, 6),
            account: rate(self.account, usual.account, 6),
            address: rate(self.address, usual.address, 6),
            logins: rate(self.logins, usual.logins, 2),
        }
    }
}

/// What a password hash costs.
#[derive(Clone, Copy, Debug, Default, Deserialize)]
#[serde(deny_unknown_fields)]
pub(super) struct PasswordSection {
    memory_kib: Option<u32>,
    passes: Option<u32>,
    lanes: Option<u32>,
}

impl PasswordSection {
    pub(super) fn cost(self) -> Cost {
        let usual = Cost::default();
        Cost {
            memory_kib: self.memory_kib.unwrap_or(usual.memory_kib),
            passes: self.passes.unwrap_or(usual.passes),
            lanes: self.lanes.unwrap_or(usual.lanes),
        }
    }

    /// Refuses a hash that is too cheap for whoever guesses.
    pub(super) fn check(self) -> Result<(), Problem> {
        let Cost { memory_kib, passes, .. } = self.cost();
        if memory_kib >= MEMORY_KIB_MIN && passes >= PASSES_MIN {
            return Ok(());
        }
        Err(Problem::new(&codes::PASSWORD_COST_LOW)
            .with("memory_kib", memory_kib)
            .with("passes", passes)
            .with("memory_min", MEMORY_KIB_MIN)
            .with("passes_min", PASSES_MIN)
            .log("the configured password hash is too cheap"))
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_hash_below_the_floor_is_refused_and_one_at_it_is_not() {
        let of = |memory_kib, passes| PasswordSection {
            memory_kib: Some(memory_kib),
            passes: Some(passes),
            lanes: None,
        };
        assert!(PasswordSection::default().check().is_ok());
        assert!(of(MEMORY_KIB_MIN, PASSES_MIN).check().is_ok());
        for (memory_kib, passes) in [(MEMORY_KIB_MIN - 1, 64), (1_000_000, PASSES_MIN - 1)] {
            assert_eq!(of(memory_kib, passes).check().unwrap_err().code().id, "AK-0006");
        }
    }

    #[test]
    fn a_rate_that_is_not_told_is_the_usual_one() {
        let told = RatesSection { logins: NonZeroU32::new(10), ..RatesSection::default() };
        assert_eq!(told.quotas(), Quotas { logins: Rate::new(10, 5), ..Quotas::default() });
    }
}
