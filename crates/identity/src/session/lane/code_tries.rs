//! How often a one-time code (TOTP, RFC 6238) may be guessed while it is valid.

/// Most codes compared for one account within one step of 30 seconds.
pub const STEP_TRIES_MAX: u8 = 3;

/// The tries within the present step. They need no storing: a restart takes longer than it would gain, and the lane,
/// which is stored, counts every login as well.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq)]
pub struct CodeTries {
    step: u64,
    tries: u8,
}

impl CodeTries {
    /// Asks for one comparison within `step` (Unix time divided by 30) and counts it; `false` when there were enough.
    /// A clock that was set back gives no further tries until its next step.
    pub fn attempt(&mut self, step: u64) -> bool {
        if step > self.step {
            self.tries = 0;
        }
        self.step = step;
        let allowed = self.tries < STEP_TRIES_MAX;
        self.tries = self.tries.saturating_add(u8::from(allowed));
        allowed
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn three_codes_a_step_are_compared() {
        let mut tries = CodeTries::default();
        for step in [7, 8, 100] {
            let allowed = (0..1_000).filter(|_| tries.attempt(step)).count();
            assert_eq!(allowed, 3, "{step}");
        }
    }

    #[test]
    fn a_clock_set_back_gives_no_tries_and_takes_none_for_long() {
        let mut tries = CodeTries::default();
        assert!((0..3).all(|_| tries.attempt(1_000)));
        assert!(!tries.attempt(999) && !tries.attempt(10));
        assert!(tries.attempt(11), "the next step of the clock as it is now");
    }
}
