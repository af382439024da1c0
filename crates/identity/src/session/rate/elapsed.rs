//! The time that the buckets go by: it never runs back, and no jump of the clock makes it run far ahead.

use base::{Clock, Time};
use governor::clock;
use governor::nanos::Nanos;
use std::sync::{Arc, Mutex, PoisonError};

/// A jump forwards counts as at most this much, in microseconds: an hour, in which every bucket fills up. It also keeps
/// the sum of nanoseconds far from the end of 64 bits.
const STEP_MICROSECONDS_MAX: u64 = 3_600_000_000;

/// How long the buckets have been in use, measured with a clock that may jump. While the clock is set back, it stands
/// still for one reading and then goes on: an address is not shut out for the hour that the clock was set back.
#[derive(Clone, Debug)]
pub(super) struct Elapsed(Arc<Inner>);

#[derive(Debug)]
struct Inner {
    clock: Arc<dyn Clock>,
    /// The last reading, and what had elapsed by then in microseconds.
    seen: Mutex<(Time, u64)>,
}

impl Elapsed {
    pub(super) fn new(clock: Arc<dyn Clock>) -> Self {
        let now = clock.now();
        Self(Arc::new(Inner { clock, seen: Mutex::new((now, 0)) }))
    }
}

impl clock::Clock for Elapsed {
    type Instant = Nanos;

    fn now(&self) -> Nanos {
        // Two plain numbers cannot be left half written.
        let mut seen = self.0.seen.lock().unwrap_or_else(PoisonError::into_inner);
        let reading = self.0.clock.now();
        let step = reading.microseconds().saturating_sub(seen.0.microseconds());
        let step = u64::try_from(step).unwrap_or(0).min(STEP_MICROSECONDS_MAX);
        *seen = (reading, seen.1.saturating_add(step));
        Nanos::from(seen.1.saturating_mul(1_000))
    }
}
