//! The lock-out that grows, as a pure state machine: one [`Lane`] for each way to an account.
//!
//! Tries of strangers and tries from a known device run in lanes of their own, so that an outsider can close only the
//! lane of strangers: whoever sits at a known device still gets in. A passkey passes by no lane at all, since there is
//! nothing to guess. No lane is ever closed for good.
//!
//! A lane is asked with [`Lane::attempt`], which counts the try as failed *before* anything is checked:
//!
//! 1. A hundred tries sent at the same moment are not a hundred guesses.
//! 2. A try that the power failure interrupted is counted.
//!
//! A closed lane checks nothing. So that nobody learns from the answer or its time whether the account exists, was
//! closed or got a wrong password, the caller then verifies against the stand-in hash and gives the one [`refusal`].

mod code_tries;
mod lanes;
mod name;
#[cfg(test)]
mod tests;

pub use code_tries::{CodeTries, STEP_TRIES_MAX};
pub use lanes::Lanes;
pub use name::{Known, LaneName, Way};

use crate::session::codes::{LANE_UNREADABLE, LOGIN_REFUSED};
use base::{Problem, Time};

/// Failures that cost no pause, in a row.
const FREE: u32 = 5;
/// The pauses after the 5th to the 8th failure, in seconds.
const FIRST_PAUSES: [i64; 4] = [60, 120, 240, 480];
/// The pause after each further failure, in seconds.
const PAUSE_SECONDS: i64 = 900;
/// From this many failures on the pause doubles.
const DOUBLING_FROM: u32 = 50;
/// The longest pause, in seconds: a day.
const PAUSE_SECONDS_MAX: i64 = 86_400;
/// A day without a try while the lane is open takes away as many failures as were free.
const FADE_SECONDS: i64 = 86_400;

/// Each try is paid with this many seconds (10 tries an hour) ...
const PRICE_SECONDS: i64 = 360;
/// ... and this much may be owed when a try is made: 10 tries at once. Together at most 20 in any hour, however often a
/// success in between takes the pauses away.
const OWED_SECONDS_MAX: i64 = 9 * PRICE_SECONDS;

/// Whether a try is checked.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Gate {
    /// It is.
    Open,
    /// It is not, before this moment.
    Closed {
        /// When the lane opens.
        until: Time,
    },
}

/// What is remembered of one way to an account. Its text is kept durably, so that a restart opens nothing.
///
/// | failures | pause after it |
/// |---:|---|
/// | 1 to 4 | none |
/// | 5, 6, 7, 8 | 1, 2, 4, 8 minutes |
/// | 9 to 50 | 15 minutes |
/// | 51 to 56 | 30 minutes, 1, 2, 4, 8, 16 hours |
/// | 57 and more | 24 hours |
///
/// Measured with a virtual clock: whoever never stops has 50 tries after 10½ hours and 100 after 44 days; the best that
/// waiting in between can do is 100 tries in 10 days. NIST SP 800-63B allows 100 failures in a row before
/// authentication must get harder.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct Lane {
    /// What the pause follows from; it fades.
    failures: u32,
    /// Tries since the last success; it does not fade.
    in_a_row: u32,
    /// The last try, or where the clock was set back to.
    last: Time,
    /// When all tries are paid.
    paid_at: Time,
}

impl Default for Lane {
    fn default() -> Self {
        let never = Time::from_microseconds(0);
        Self { failures: 0, in_a_row: 0, last: never, paid_at: never }
    }
}

impl Lane {
    /// Whether a try would be checked. Nothing is counted.
    ///
    /// When the clock was set back behind the last try, the pause begins anew at `now`: the lane opens no earlier
    /// than it should, and stays closed for no more than one pause longer.
    pub fn gate(&mut self, now: Time) -> Gate {
        self.follow(now);
        let until = self.free_at();
        if now < until { Gate::Closed { until } } else { Gate::Open }
    }

    /// Asks for a try. When the lane is open, the try counts as failed from now on, and the caller stores the lane, then
    /// checks; a closed lane is not changed by it.
    pub fn attempt(&mut self, now: Time) -> Gate {
        let gate = self.gate(now);
        if gate == Gate::Open {
            self.count(now);
        }
        gate
    }

    fn count(&mut self, now: Time) {
        self.failures = self.faded(now).saturating_add(1);
        self.in_a_row = self.in_a_row.saturating_add(1);
        self.last = now;
        self.paid_at = self.paid_at.max(now).plus_seconds(PRICE_SECONDS);
    }

    /// The try that [`Lane::attempt`] let through was right, all factors included. Earlier failures are forgotten, but
    /// not what they cost of the hour.
    pub fn succeeded(&mut self) {
        self.failures = 0;
        self.in_a_row = 0;
        self.paid_at = self.paid_at.plus_seconds(-PRICE_SECONDS);
    }

    /// From when on the next try is checked.
    pub fn free_at(&self) -> Time {
        let paused = self.last.plus_seconds(pause_seconds(self.failures));
        paused.max(self.paid_at.plus_seconds(-OWED_SECONDS_MAX))
    }

    /// Tries since the last success, faded ones included: what is to be told to the account's owner.
    pub fn in_a_row(&self) -> u32 {
        self.in_a_row
    }

    /// What is left of the failures after a time of quiet.
    fn faded(&self, now: Time) -> u32 {
        let quiet = now.microseconds().saturating_sub(self.free_at().microseconds()).max(0);
        let days = quiet / (FADE_SECONDS * 1_000_000);
        self.failures.saturating_sub(u32::try_from(days).unwrap_or(u32::MAX).saturating_mul(FREE))
    }

    /// Moves along with a clock that was set back behind the last try.
    fn follow(&mut self, now: Time) {
        let back = self.last.microseconds().saturating_sub(now.microseconds());
        if back > 0 {
            self.last = now;
            self.paid_at = self.paid_at.plus_microseconds(-back);
        }
    }

    /// Its text: the edition of the form, failures, tries in a row, and two moments in microseconds since 1970.
    pub fn to_text(self) -> String {
        let Self { failures, in_a_row, last, paid_at } = self;
        format!("1 {failures} {in_a_row} {} {}", last.microseconds(), paid_at.microseconds())
    }

    /// Reads the text of a lane.
    ///
    /// # Errors
    /// `ID-0307` when it is not such a text, or tells of a state that no lane can be in (a pause longer than a day).
    pub fn parse(text: &str) -> Result<Self, Problem> {
        Self::read(text).ok_or_else(|| Problem::new(&LANE_UNREADABLE).log("the text of a lane is malformed"))
    }

    fn read(text: &str) -> Option<Self> {
        let mut words = text.split(' ');
        let edition = words.next()?;
        let mut number = || words.next().filter(|word| plain(word))?.parse::<i64>().ok();
        let failures = u32::try_from(number()?).ok()?;
        let in_a_row = u32::try_from(number()?).ok()?;
        let lane = Self { failures, in_a_row, last: moment(number()?)?, paid_at: moment(number()?)? };
        let possible = failures <= in_a_row && lane.paid_at <= lane.last.plus_seconds(10 * PRICE_SECONDS);
        (edition == "1" && words.next().is_none() && possible).then_some(lane)
    }
}

/// Digits without a leading zero.
fn plain(word: &str) -> bool {
    word.bytes().all(|byte| byte.is_ascii_digit()) && (word == "0" || !word.starts_with('0'))
}

fn moment(microseconds: i64) -> Option<Time> {
    let time = Time::from_microseconds(microseconds);
    (time.microseconds() == microseconds).then_some(time)
}

/// How long a lane is closed after so many failures, in seconds.
fn pause_seconds(failures: u32) -> i64 {
    let Some(paused) = failures.checked_sub(FREE) else {
        return 0;
    };
    let first = usize::try_from(paused).ok().and_then(|index| FIRST_PAUSES.get(index));
    let doublings = failures.saturating_sub(DOUBLING_FROM).min(7);
    first.copied().unwrap_or((PAUSE_SECONDS << doublings).min(PAUSE_SECONDS_MAX))
}

/// The one answer to every login that was not accepted: unknown account, wrong password or code, closed lane.
pub fn refusal() -> Problem {
    Problem::new(&LOGIN_REFUSED)
}
