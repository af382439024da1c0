//! All lanes of a facility. What changed is returned, so that the caller can store it.

use super::{CodeTries, Gate, Lane, LaneName};
use crate::AccountId;
use base::{Clock, Time};
use std::collections::{BTreeMap, BTreeSet};

/// The lanes and the tries at one-time codes, by account. There are as many as accounts and their known devices: names
/// that no account has are not asked for here, or an outsider could fill the memory with them.
#[derive(Debug, Default)]
pub struct Lanes {
    lanes: BTreeMap<LaneName, Lane>,
    codes: BTreeMap<AccountId, CodeTries>,
}

impl Lanes {
    /// Takes in lanes as stored before a restart.
    pub fn load(lanes: impl IntoIterator<Item = (LaneName, Lane)>) -> Self {
        Self { lanes: lanes.into_iter().collect(), codes: BTreeMap::new() }
    }

    /// [`Lane::attempt`] in this lane. When it is open, its new state has to be stored before anything is checked.
    /// The clock is read in here, under the caller's lock: an older reading would look like a clock set back.
    pub fn attempt(&mut self, name: &LaneName, clock: &dyn Clock) -> (Gate, Lane) {
        let lane = self.lanes.entry(name.clone()).or_default();
        (lane.attempt(clock.now()), *lane)
    }

    /// [`Lane::succeeded`] in this lane, and its new state.
    pub fn succeeded(&mut self, name: &LaneName) -> Lane {
        let lane = self.lanes.entry(name.clone()).or_default();
        lane.succeeded();
        *lane
    }

    /// [`CodeTries::attempt`] for this account: asked before a one-time code is compared, after the lane was found open.
    pub fn attempt_code(&mut self, account: &AccountId, step: u64) -> bool {
        self.codes.entry(account.clone()).or_default().attempt(step)
    }

    /// What is remembered of a lane.
    pub fn get(&self, name: &LaneName) -> Option<Lane> {
        self.lanes.get(name).copied()
    }

    /// The lanes of an account on which tries went wrong.
    pub fn of_account(&self, account: &AccountId) -> impl Iterator<Item = (&LaneName, &Lane)> {
        self.lanes.iter().filter(move |(name, lane)| name.account == *account && lane.in_a_row() > 0)
    }

    /// The accounts to which a way is closed at this moment. Asking is no try.
    pub fn closed(&self, now: Time) -> BTreeSet<&AccountId> {
        let closed = |lane: &Lane| {
            let mut asked = *lane;
            matches!(asked.attempt(now), Gate::Closed { .. })
        };
        self.lanes.iter().filter(|(_, lane)| closed(lane)).map(|(name, _)| &name.account).collect()
    }

    /// Forgets one lane: a device that is no longer known.
    pub fn forget(&mut self, name: &LaneName) {
        self.lanes.remove(name);
    }

    /// Forgets all lanes of an account: its factors were set anew by somebody in charge.
    pub fn forget_account(&mut self, account: &AccountId) {
        self.lanes.retain(|name, _| name.account != *account);
        self.codes.remove(account);
    }
}
