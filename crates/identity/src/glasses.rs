//! Broken glass in memory: found by its id, and at every request by the session that it belongs to.

use crate::kept::BrokenGlass;
use crate::session::SessionId;
use base::Time;
use std::collections::{BTreeMap, BTreeSet};

/// Every breaking of the glass.
#[derive(Debug, Default)]
pub(crate) struct Glasses {
    all: BTreeMap<String, BrokenGlass>,
    /// Ids of those that nobody has looked into.
    open: BTreeSet<String>,
    of_session: BTreeMap<SessionId, BTreeSet<String>>,
}

impl Glasses {
    /// Takes over what the journal has.
    pub(crate) fn put(&mut self, glass: BrokenGlass) {
        self.forget(&glass.id);
        self.of_session.entry(glass.session.clone()).or_default().insert(glass.id.clone());
        if glass.reviewed.is_none() {
            self.open.insert(glass.id.clone());
        } else {
            self.open.remove(&glass.id);
        }
        self.all.insert(glass.id.clone(), glass);
    }

    /// A step-up takes a breaking over to another session.
    fn forget(&mut self, id: &str) {
        let Some(old) = self.all.remove(id) else { return };
        if let Some(ids) = self.of_session.get_mut(&old.session) {
            ids.remove(id);
            if ids.is_empty() {
                self.of_session.remove(&old.session);
            }
        }
    }

    /// The one with this id.
    pub(crate) fn get(&self, id: &str) -> Option<&BrokenGlass> {
        self.all.get(id)
    }

    /// All of them.
    pub(crate) fn all(&self) -> impl Iterator<Item = &BrokenGlass> {
        self.all.values()
    }

    /// Those that nobody has looked into.
    pub(crate) fn open(&self) -> impl Iterator<Item = &BrokenGlass> {
        self.open.iter().filter_map(|id| self.all.get(id))
    }

    /// Those of a session whose time runs.
    pub(crate) fn lasting(&self, session: &SessionId, now: Time) -> impl Iterator<Item = &BrokenGlass> {
        let ids = self.of_session.get(session).into_iter().flatten();
        ids.filter_map(|id| self.all.get(id)).filter(move |glass| glass.lasts(now))
    }

    /// Each patient for whom the glass is broken in a session, with the one that lasts longest.
    pub(crate) fn patients(&self, session: &SessionId, now: Time) -> Vec<(String, String)> {
        let mut longest: BTreeMap<&str, &BrokenGlass> = BTreeMap::new();
        for glass in self.lasting(session, now) {
            let kept = longest.entry(&glass.patient).or_insert(glass);
            if kept.until < glass.until {
                *kept = glass;
            }
        }
        longest.iter().map(|(patient, glass)| ((*patient).to_owned(), glass.id.clone())).collect()
    }
}
