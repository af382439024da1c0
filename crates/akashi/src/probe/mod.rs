//! Probes: what the running system shows about itself. Each looks at what is in force, not at what a file says, and what
//! it cannot see it leaves out, so that it stays unknown.

mod audit;
mod authentication;
mod clock;
mod handshake;
mod law;
mod maintenance;
mod people;
mod records;
mod software;
mod storage;
mod trail;
mod transport;
mod verification;
mod witnessed;

pub(crate) use verification::{Verified, keep as keep_verified};

use base::{Clock, SystemClock, Time};
use evidence::Look;
use guideline::{Fact, Text, Value};
use identity::Identity;
use std::fmt;
use std::net::{IpAddr, Ipv4Addr, Ipv6Addr, SocketAddr};
use std::path::{Path, PathBuf};
use std::sync::{Arc, OnceLock, Weak};
use store::Store;

/// A facility as probes see it.
#[derive(Debug)]
pub(crate) struct Seen {
    /// Its journal.
    pub(crate) store: Arc<Store>,
    /// Its records.
    pub(crate) records: ::records::Facility,
    /// Its accounts, factors, certificates and sessions.
    pub(crate) identity: Arc<Identity>,
    /// The data directory.
    pub(crate) data: PathBuf,
    /// The running server, once one runs and as long as it does: the server holds what looks at it.
    pub(crate) serving: Weak<OnceLock<Serving>>,
}

/// How the evidence of a facility looks at what runs.
pub(crate) fn looking(seen: Arc<Seen>) -> Look {
    Box::new(move || {
        let seen = Arc::clone(&seen);
        Box::pin(async move { look(&seen).await })
    })
}

/// A server that runs in this process.
#[derive(Clone)]
pub(crate) struct Serving {
    /// Where it listens.
    pub(crate) address: SocketAddr,
    /// Asks its limits of requests so many times, as nobody; true when they said no.
    pub(crate) rates: Arc<dyn Fn(u32) -> bool + Send + Sync>,
}

impl fmt::Debug for Serving {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.debug_struct("Serving").field("address", &self.address).finish_non_exhaustive()
    }
}

impl Serving {
    /// Where it is reached from this machine: one that listens everywhere is reached here.
    fn reachable(&self) -> SocketAddr {
        let ip = match self.address.ip() {
            IpAddr::V4(ip) if ip.is_unspecified() => IpAddr::V4(Ipv4Addr::LOCALHOST),
            IpAddr::V6(ip) if ip.is_unspecified() => IpAddr::V6(Ipv6Addr::LOCALHOST),
            ip => ip,
        };
        SocketAddr::new(ip, self.address.port())
    }
}

/// What a probe needs to look at.
#[derive(Clone, Copy, Debug)]
pub(crate) struct Sight<'a> {
    /// The facility.
    pub(crate) opened: &'a Seen,
    /// The data directory.
    pub(crate) data: &'a Path,
    /// The running server; none when none runs.
    pub(crate) serving: Option<&'a Serving>,
    /// When it is looked.
    pub(crate) now: Time,
}

/// Everything that can be seen now.
async fn look(opened: &Seen) -> Vec<Fact> {
    let serving = opened.serving.upgrade();
    let serving = serving.as_ref().and_then(|serving| serving.get());
    let sight = Sight { opened, data: &opened.data, serving, now: SystemClock.now() };
    let mut facts = transport::look(&sight).await;
    facts.extend(handshake::look(&sight).await);
    facts.extend(people::look(&sight));
    facts.extend(authentication::look(&sight));
    facts.extend(law::look(&sight));
    facts.extend(storage::look(&sight));
    facts.extend(software::look(&sight));
    facts.extend(clock::look(&sight).await);
    facts.extend(records::look(&sight).await);
    facts.extend(trail::look(&sight).await);
    facts.extend(audit::look(&sight).await);
    facts.extend(witnessed::look(&sight));
    facts
}

impl Sight<'_> {
    /// A fact that was just seen.
    fn fact(&self, key: &str, value: Value, how: impl Into<Text>) -> Fact {
        Fact::seen(key, value, self.now, how)
    }

    fn yes_no(&self, key: &str, yes: bool, how: impl Into<Text>) -> Fact {
        self.fact(key, Value::YesNo(yes), how)
    }

    fn count(&self, key: &str, count: usize, how: impl Into<Text>) -> Fact {
        self.fact(key, Value::Count(i64::try_from(count).unwrap_or(i64::MAX)), how)
    }

    /// Whole days since a moment; 0 for one to come.
    fn days_since(&self, moment: Time) -> usize {
        let passed = self.now.microseconds().saturating_sub(moment.microseconds());
        usize::try_from(passed / DAY_MICROSECONDS).unwrap_or(0)
    }
}

/// A day in microseconds.
const DAY_MICROSECONDS: i64 = 86_400_000_000;
