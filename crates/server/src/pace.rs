//! How slowly bytes may come or go: at a least rate, after a grace that also bounds each pause.

use crate::configuration::Bounds;
use std::time::Duration;
use tokio::time::Instant;

/// Keeps the moment by which more must have come.
#[derive(Clone, Copy, Debug)]
pub(crate) struct Pace {
    grace: Duration,
    per_byte: Duration,
    due: Instant,
}

impl Pace {
    /// Begins now.
    pub(crate) fn begin(bounds: &Bounds, now: Instant) -> Self {
        let rate = bounds.body_bytes_per_second_min.max(1);
        let per_byte = Duration::from_nanos(1_000_000_000 / rate);
        Self { grace: bounds.grace, per_byte, due: later(now, bounds.grace) }
    }

    /// Notes that so many bytes have come. They earn the time in which they must have come, and never more than the
    /// grace in advance: who was fast may not stand still for long.
    pub(crate) fn note(&mut self, bytes: usize, now: Instant) {
        let earned = self.per_byte.saturating_mul(u32::try_from(bytes).unwrap_or(u32::MAX));
        self.due = later(self.due, earned).min(later(now, self.grace));
    }

    /// Gives the time in which so many bytes must have gone, and the grace.
    pub(crate) fn allow(&mut self, bytes: usize, now: Instant) {
        let needed = self.per_byte.saturating_mul(u32::try_from(bytes).unwrap_or(u32::MAX));
        self.due = later(later(now, self.grace), needed);
    }

    /// When more must have come.
    pub(crate) fn due(&self) -> Instant {
        self.due
    }
}

fn later(moment: Instant, by: Duration) -> Instant {
    moment.checked_add(by).unwrap_or(moment)
}

#[cfg(test)]
mod tests {
    use super::*;

    fn begin(now: Instant) -> Pace {
        let bounds =
            Bounds { body_bytes_per_second_min: 1_000, grace: Duration::from_secs(5), ..Bounds::default() };
        Pace::begin(&bounds, now)
    }

    fn seconds(count: u64) -> Duration {
        Duration::from_secs(count)
    }

    #[test]
    fn bytes_earn_their_time_and_no_more_than_the_grace() {
        let start = Instant::now();
        let mut pace = begin(start);
        assert_eq!(pace.due(), start + seconds(5));
        pace.note(1_000_000, start);
        assert_eq!(pace.due(), start + seconds(5), "a fast beginning does not allow a long pause");
        pace.note(2_000, start + seconds(4));
        assert_eq!(pace.due(), start + seconds(7));
    }

    #[test]
    fn a_trickle_is_overdue_in_the_end() {
        let start = Instant::now();
        let mut pace = begin(start);
        let overdue = (1..60).find(|second| {
            let now = start + seconds(*second);
            let late = now > pace.due();
            pace.note(500, now);
            late
        });
        assert_eq!(overdue, Some(10), "at half the rate the grace of five seconds lasts nearly ten");
        let mut pace = begin(start);
        assert!((1..60).all(|second| {
            let now = start + seconds(second);
            let in_time = now <= pace.due();
            pace.note(1_000, now);
            in_time
        }));
    }
}
