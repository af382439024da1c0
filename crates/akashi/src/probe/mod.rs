//! Probes: what the running system shows about itself. Each looks at what is in force, not at what a file says, and what
//! it cannot see it leaves out, so that it stays unknown.

mod audit;
mod authentication;
mod law;
mod people;
mod storage;
mod transport;

use crate::directory::Opened;
use base::{Clock, SystemClock, Time};
use guideline::{Fact, Value};
use std::net::SocketAddr;
use std::path::Path;

/// What a probe needs to look at.
#[derive(Clone, Copy, Debug)]
pub(crate) struct Sight<'a> {
    /// The facility.
    pub(crate) opened: &'a Opened,
    /// The data directory.
    pub(crate) data: &'a Path,
    /// Where the server listens; none when no server runs.
    pub(crate) address: Option<SocketAddr>,
    /// When it is looked.
    pub(crate) now: Time,
}

/// Everything that can be seen now.
pub(crate) async fn look(opened: &Opened, data: &Path, address: Option<SocketAddr>) -> Vec<Fact> {
    let sight = Sight { opened, data, address, now: SystemClock.now() };
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
    fn fact(&self, key: &str, value: Value, how: &str) -> Fact {
        Fact::seen(key, value, self.now, how)
    }

    fn yes_no(&self, key: &str, yes: bool, how: &str) -> Fact {
        self.fact(key, Value::YesNo(yes), how)
    }

    fn count(&self, key: &str, count: usize, how: &str) -> Fact {
        self.fact(key, Value::Count(i64::try_from(count).unwrap_or(i64::MAX)), how)
    }
}
