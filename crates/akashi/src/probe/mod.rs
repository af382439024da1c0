//! Probes: what the running system shows about itself. Each looks at what is in force, not at what a file says, and what
//! it cannot see it leaves out, so that it stays unknown.

mod audit;
mod authentication;
mod law;
mod people;
mod storage;
mod transport;

use base::{Clock, SystemClock, Time};
use evidence::Look;
use guideline::{Fact, Value};
use identity::Identity;
use std::net::SocketAddr;
use std::path::{Path, PathBuf};
use std::sync::{Arc, OnceLock};
use store::Store;

/// How something was seen, in Japanese and English.
type How = (&'static str, &'static str);

/// A facility as probes see it.
#[derive(Debug)]
pub(crate) struct Seen {
    /// Its journal.
    pub(crate) store: Arc<Store>,
    /// Its records.
    pub(crate) records: records::Facility,
    /// Its accounts, factors, certificates and sessions.
    pub(crate) identity: Arc<Identity>,
    /// The data directory.
    pub(crate) data: PathBuf,
    /// Where it is served, once it is.
    pub(crate) address: Arc<OnceLock<SocketAddr>>,
}

/// How the evidence of a facility looks at what runs.
pub(crate) fn looking(seen: Arc<Seen>) -> Look {
    Box::new(move || {
        let seen = Arc::clone(&seen);
        Box::pin(async move { look(&seen).await })
    })
}

/// What a probe needs to look at.
#[derive(Clone, Copy, Debug)]
pub(crate) struct Sight<'a> {
    /// The facility.
    pub(crate) opened: &'a Seen,
    /// The data directory.
    pub(crate) data: &'a Path,
    /// Where the server listens; none when no server runs.
    pub(crate) address: Option<SocketAddr>,
    /// When it is looked.
    pub(crate) now: Time,
}

/// Everything that can be seen now.
async fn look(opened: &Seen) -> Vec<Fact> {
    let address = opened.address.get().copied();
    let sight = Sight { opened, data: &opened.data, address, now: SystemClock.now() };
    let mut facts = transport::look(&sight).await;
    facts.extend(people::look(&sight));
    facts.extend(authentication::look(&sight));
    facts.extend(law::look(&sight));
    facts.extend(storage::look(&sight));
    facts.extend(audit::look(&sight).await);
    facts
}

impl Sight<'_> {
    /// A fact that was just seen.
    fn fact(&self, key: &str, value: Value, how: How) -> Fact {
        Fact::seen(key, value, self.now, how)
    }

    fn yes_no(&self, key: &str, yes: bool, how: How) -> Fact {
        self.fact(key, Value::YesNo(yes), how)
    }

    fn count(&self, key: &str, count: usize, how: How) -> Fact {
        self.fact(key, Value::Count(i64::try_from(count).unwrap_or(i64::MAX)), how)
    }
}
