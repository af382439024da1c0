//! How many requests a facility, an account or an address may make, and how many logins an address may try.
//!
//! Each is a bucket (GCRA): it holds a burst, and fills up again at an even rate. What is refused is told when to come
//! back, and costs nothing further.

mod bucket;
mod elapsed;
#[cfg(test)]
mod tests;

use crate::AccountId;
use crate::session::Net;
use crate::session::codes::TOO_MANY_REQUESTS;
use base::limits;
use base::{Clock, FacilityId, Problem};
use bucket::Buckets;
use elapsed::Elapsed;
use governor::clock::Clock as _;
use governor::middleware::NoOpMiddleware;
use governor::nanos::Nanos;
use governor::{Quota, RateLimiter};
use serde::{Deserialize, Serialize};
use std::net::IpAddr;
use std::num::NonZeroU32;
use std::sync::Arc;
use std::time::Duration;

/// A rate, as set.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Serialize, Deserialize)]
#[serde(deny_unknown_fields)]
pub struct Rate {
    /// So many in a minute, evenly.
    pub per_minute: NonZeroU32,
    /// So many at once, after a time of quiet; more than an hour's worth counts as an hour's worth.
    pub burst: NonZeroU32,
}

impl Rate {
    /// A rate; 0 counts as 1.
    pub fn new(per_minute: u32, burst: u32) -> Self {
        let at_least_one = |number| NonZeroU32::new(number).unwrap_or(NonZeroU32::MIN);
        Self { per_minute: at_least_one(per_minute), burst: at_least_one(burst) }
    }

    fn quota(self) -> Quota {
        let hour = self.per_minute.saturating_mul(NonZeroU32::MIN.saturating_add(59));
        Quota::per_minute(self.per_minute).allow_burst(self.burst.min(hour))
    }
}

/// The rates that hold.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Serialize, Deserialize)]
#[serde(default, deny_unknown_fields)]
pub struct Quotas {
    /// Requests of one facility.
    pub facility: Rate,
    /// Requests of one account, person or machine.
    pub account: Rate,
    /// Requests of one address, or of one IPv6 /64. A whole hospital may stand behind one.
    pub address: Rate,
    /// Tries to log in from one address, whatever the accounts: the bound on one password tried on many accounts.
    pub logins: Rate,
}

impl Default for Quotas {
    /// The limits of `docs/limits.md`; at once, what is allowed in ten seconds (of logins: in half a minute).
    fn default() -> Self {
        let rate = |per_minute: usize, bursts: u32| {
            let per_minute = u32::try_from(per_minute).unwrap_or(u32::MAX);
            Rate::new(per_minute, per_minute / bursts)
        };
        Self {
            facility: rate(limits::FACILITY_REQUESTS_PER_MINUTE_MAX, 6),
            account: rate(limits::ACCOUNT_REQUESTS_PER_MINUTE_MAX, 6),
            address: rate(limits::ADDRESS_REQUESTS_PER_MINUTE_MAX, 6),
            logins: rate(limits::ADDRESS_LOGINS_PER_MINUTE_MAX, 2),
        }
    }
}

/// What is counted.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Key<'a> {
    /// A request to this facility.
    Facility(&'a FacilityId),
    /// A request of this account.
    Account(&'a FacilityId, &'a AccountId),
    /// A request from this address.
    Address(IpAddr),
    /// A try to log in from this address.
    Login(IpAddr),
}

/// There were too many: when to come back.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct RetryAfter {
    /// The value of `Retry-After`, in seconds: at least 1.
    pub seconds: u64,
}

impl RetryAfter {
    /// The answer to the client (in HTTP 429).
    pub fn problem(self) -> Problem {
        Problem::new(&TOO_MANY_REQUESTS).with("seconds", self.seconds)
    }
}

impl From<Duration> for RetryAfter {
    fn from(wait: Duration) -> Self {
        let begun = u64::from(wait.subsec_nanos() > 0);
        Self { seconds: wait.as_secs().saturating_add(begun).max(1) }
    }
}

type Limiter<K> = RateLimiter<K, Buckets<K>, Elapsed, NoOpMiddleware<Nanos>>;

/// The buckets of all facilities, accounts and addresses. They are not kept over a restart.
#[derive(Debug)]
pub struct Rates {
    facilities: Limiter<FacilityId>,
    accounts: Limiter<(FacilityId, AccountId)>,
    addresses: Limiter<Net>,
    logins: Limiter<Net>,
    elapsed: Elapsed,
}

impl Rates {
    /// Full buckets.
    pub fn new(quotas: &Quotas, clock: Arc<dyn Clock>) -> Self {
        let elapsed = Elapsed::new(clock);
        Self {
            facilities: limiter(quotas.facility, &elapsed),
            accounts: limiter(quotas.account, &elapsed),
            addresses: limiter(quotas.address, &elapsed),
            logins: limiter(quotas.logins, &elapsed),
            elapsed,
        }
    }

    /// Counts one request.
    ///
    /// # Errors
    /// When there were too many; this one is then not counted.
    pub fn check(&self, key: Key<'_>) -> Result<(), RetryAfter> {
        let answer = match key {
            Key::Facility(facility) => self.facilities.check_key(facility),
            Key::Account(facility, account) => self.accounts.check_key(&(facility.clone(), account.clone())),
            Key::Address(address) => self.addresses.check_key(&address.into()),
            Key::Login(address) => self.logins.check_key(&address.into()),
        };
        answer.map_err(|until| until.wait_time_from(self.elapsed.now()).into())
    }
}

fn limiter<K: Clone + Eq + Ord + std::hash::Hash>(rate: Rate, elapsed: &Elapsed) -> Limiter<K> {
    RateLimiter::new(rate.quota(), Buckets::default(), elapsed.clone())
}
