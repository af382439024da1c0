//! One-time things between two requests: passkey challenges, SMS codes, enrolments. Bounded, so that an outsider who
//! begins and never ends fills no memory.

#[cfg(test)]
mod tests;

use crate::AccountId;
use crate::session::codes::STEP_OVER;
use crate::session::table::CLOCK_STEP_SECONDS;
use crate::session::{Handle, Net, TokenHash};
use base::limits::{PENDING_MAX, PENDING_PER_OWNER_MAX};
use base::{Entropy, Problem, Time};
use std::cmp::Reverse;
use std::collections::BTreeMap;
use std::fmt;

/// For whom something is kept; each has only so many at a time.
#[derive(Clone, Debug, PartialEq, Eq, PartialOrd, Ord)]
pub enum Owner {
    /// Somebody who is logged in, or about to be.
    Account(AccountId),
    /// Somebody who did not say who they are yet.
    Sender(Net),
}

/// How much is kept, and for how long.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct Capacity {
    /// At most so many for one owner; a further one replaces the oldest.
    pub per_owner: usize,
    /// At most so many in all; a further one replaces the oldest of whoever has most.
    pub in_all: usize,
    /// Valid for so long, in seconds.
    pub seconds: u32,
}

impl Default for Capacity {
    /// Five minutes, and the limits of `docs/limits.md`.
    fn default() -> Self {
        Self { per_owner: PENDING_PER_OWNER_MAX, in_all: PENDING_MAX, seconds: 300 }
    }
}

struct Held<T> {
    owner: Owner,
    handle: TokenHash,
    from: Time,
    value: T,
}

/// Things that can be taken once, by a handle that nobody can guess (looked up by its SHA-256, as tokens are).
pub struct Pending<T> {
    capacity: Capacity,
    /// By the order in which they came.
    held: BTreeMap<u64, Held<T>>,
    places: BTreeMap<TokenHash, u64>,
    of_owner: BTreeMap<Owner, Vec<u64>>,
    next: u64,
}

impl<T> fmt::Debug for Pending<T> {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.debug_struct("Pending").field("held", &self.held.len()).finish_non_exhaustive()
    }
}

impl<T> Pending<T> {
    /// An empty table.
    pub fn new(capacity: Capacity) -> Self {
        let (held, places, of_owner) = (BTreeMap::new(), BTreeMap::new(), BTreeMap::new());
        Self { capacity, held, places, of_owner, next: 0 }
    }

    /// Keeps `value`, and returns the handle by which it can be taken. What there is too much of goes, oldest first.
    ///
    /// # Errors
    /// `ID-0306` when `entropy` fails.
    pub fn put(
        &mut self,
        owner: Owner,
        value: T,
        now: Time,
        entropy: &dyn Entropy,
    ) -> Result<Handle, Problem> {
        let handle = Handle::generate(entropy)?;
        self.drop_old(now);
        if self.count(&owner) >= self.capacity.per_owner.max(1) {
            self.drop_oldest_of(&owner);
        }
        if self.held.len() >= self.capacity.in_all.max(1)
            && let Some(greediest) = self.greediest()
        {
            self.drop_oldest_of(&greediest);
        }
        let place = self.next;
        self.next = place.saturating_add(1);
        self.places.insert(handle.hash(), place);
        self.of_owner.entry(owner.clone()).or_default().push(place);
        self.held.insert(place, Held { owner, handle: handle.hash(), from: now, value });
        Ok(handle)
    }

    /// Takes what the handle stands for; it works once. The owner has to be the one it was kept for.
    ///
    /// # Errors
    /// `ID-0305`: unknown, taken, replaced, too old, or kept for somebody else.
    pub fn take(&mut self, handle: &str, owner: &Owner, now: Time) -> Result<T, Problem> {
        let place = Handle::parse(handle).and_then(|handle| self.places.get(&handle.hash()).copied());
        let held = place.and_then(|place| self.remove(place));
        let taken = held.filter(|held| held.owner == *owner && self.is_valid(held.from, now));
        taken.map(|held| held.value).ok_or_else(|| Problem::new(&STEP_OVER))
    }

    /// Looks at what the handle stands for, which stays.
    ///
    /// # Errors
    /// `ID-0305`, as for [`Pending::take`].
    pub fn look(&self, handle: &str, owner: &Owner, now: Time) -> Result<&T, Problem> {
        let place = Handle::parse(handle).and_then(|handle| self.places.get(&handle.hash()));
        let held = place.and_then(|place| self.held.get(place));
        let good = held.filter(|held| held.owner == *owner && self.is_valid(held.from, now));
        good.map(|held| &held.value).ok_or_else(|| Problem::new(&STEP_OVER))
    }

    /// Forgets all that is kept for an owner: an account that was disabled.
    pub fn forget(&mut self, owner: &Owner) {
        for place in self.of_owner.get(owner).cloned().unwrap_or_default() {
            self.remove(place);
        }
    }

    /// How many are kept.
    pub fn len(&self) -> usize {
        self.held.len()
    }

    /// Whether none is kept.
    pub fn is_empty(&self) -> bool {
        self.held.is_empty()
    }

    /// A clock set back by more than a correction makes all that was kept before invalid.
    fn is_valid(&self, from: Time, now: Time) -> bool {
        now.plus_seconds(CLOCK_STEP_SECONDS) >= from
            && now < from.plus_seconds(i64::from(self.capacity.seconds))
    }

    fn drop_old(&mut self, now: Time) {
        while let Some((&place, held)) = self.held.first_key_value()
            && !self.is_valid(held.from, now)
        {
            self.remove(place);
        }
    }

    fn count(&self, owner: &Owner) -> usize {
        self.of_owner.get(owner).map_or(0, Vec::len)
    }

    /// Who has most; of several, whoever has the oldest. A walk over all owners, made only when the table is full.
    fn greediest(&self) -> Option<Owner> {
        let most =
            self.of_owner.iter().max_by_key(|(_, places)| (places.len(), Reverse(places.first().copied())));
        most.map(|(owner, _)| owner.clone())
    }

    fn drop_oldest_of(&mut self, owner: &Owner) {
        let oldest = self.of_owner.get(owner).and_then(|places| places.first()).copied();
        oldest.and_then(|place| self.remove(place));
    }

    fn remove(&mut self, place: u64) -> Option<Held<T>> {
        let held = self.held.remove(&place)?;
        self.places.remove(&held.handle);
        if let Some(places) = self.of_owner.get_mut(&held.owner) {
            places.retain(|&other| other != place);
            if places.is_empty() {
                self.of_owner.remove(&held.owner);
            }
        }
        Some(held)
    }
}
