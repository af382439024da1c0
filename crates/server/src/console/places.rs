//! How many listen to news at the same time: of one account, and at one facility.

use base::Problem;
use base::limits::{NEWS_LISTENERS_MAX, NEWS_LISTENERS_PER_ACCOUNT_MAX};
use std::collections::BTreeMap;
use std::sync::{Arc, Mutex, MutexGuard, PoisonError};

/// After how many seconds whoever finds no place may come again.
const AGAIN_SECONDS: u32 = 60;

/// Those who listen, by facility and account.
#[derive(Debug, Default)]
pub(crate) struct Places(Mutex<BTreeMap<String, BTreeMap<String, usize>>>);

/// Counts as somebody who listens until it is dropped.
#[derive(Debug)]
pub(crate) struct Place {
    places: Arc<Places>,
    facility: String,
    account: String,
}

impl Places {
    /// A place for one more of this account.
    ///
    /// # Errors
    /// `CO-0003`: the account, or the facility, has all that it may have.
    pub(super) fn take(self: &Arc<Self>, facility: &str, account: &str) -> Result<Place, Problem> {
        let mut open = self.lock();
        let there = open.entry(facility.to_owned()).or_default();
        let all = there.values().fold(0_usize, |sum, count| sum.saturating_add(*count));
        let own = there.get(account).copied().unwrap_or(0);
        let full = |limit: usize| {
            Err(Problem::new(&console::NEWS_FULL).with("limit", limit).with("seconds", AGAIN_SECONDS))
        };
        if own >= NEWS_LISTENERS_PER_ACCOUNT_MAX {
            return full(NEWS_LISTENERS_PER_ACCOUNT_MAX);
        }
        if all >= NEWS_LISTENERS_MAX {
            return full(NEWS_LISTENERS_MAX);
        }
        there.insert(account.to_owned(), own.saturating_add(1));
        Ok(Place { places: Arc::clone(self), facility: facility.to_owned(), account: account.to_owned() })
    }

    fn lock(&self) -> MutexGuard<'_, BTreeMap<String, BTreeMap<String, usize>>> {
        self.0.lock().unwrap_or_else(PoisonError::into_inner)
    }
}

impl Drop for Place {
    fn drop(&mut self) {
        let mut open = self.places.lock();
        let Some(there) = open.get_mut(&self.facility) else { return };
        match there.get_mut(&self.account) {
            Some(count) if *count > 1 => *count -= 1,
            _ => drop(there.remove(&self.account)),
        }
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    fn id(result: Result<Place, Problem>) -> &'static str {
        result.map_or_else(|problem| problem.code().id, |_| "taken")
    }

    #[test]
    fn an_account_has_so_many_places_and_gets_them_back() {
        let places = Arc::new(Places::default());
        let take = |facility: &str, account: &str| places.take(facility, account);
        let mut held: Vec<Place> =
            (0..NEWS_LISTENERS_PER_ACCOUNT_MAX).map(|_| take("sakura", "hana").unwrap()).collect();
        assert_eq!(id(take("sakura", "hana")), "CO-0003");
        assert_eq!(id(take("sakura", "taro")), "taken", "another account");
        assert_eq!(id(take("tsubaki", "hana")), "taken", "the account of that name elsewhere");
        held.pop();
        held.push(take("sakura", "hana").unwrap());
        assert_eq!(id(take("sakura", "hana")), "CO-0003");
        drop(held);
        assert!(places.lock().values().all(BTreeMap::is_empty), "nothing is kept of those who left");
    }

    #[test]
    fn a_facility_has_so_many_places_whoever_takes_them() {
        let places = Arc::new(Places::default());
        let held: Vec<Place> = (0..NEWS_LISTENERS_MAX)
            .map(|number| places.take("sakura", &format!("a{number}")).unwrap())
            .collect();
        assert_eq!(id(places.take("sakura", "one-more")), "CO-0003");
        assert_eq!(id(places.take("tsubaki", "one-more")), "taken");
        drop(held);
        assert_eq!(id(places.take("sakura", "one-more")), "taken");
    }
}
