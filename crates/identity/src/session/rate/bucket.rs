//! The buckets of one kind, bounded in number.

use governor::nanos::Nanos;
use governor::state::StateStore;
use std::collections::BTreeMap;
use std::fmt;
use std::sync::{Mutex, PoisonError};

/// Most buckets of one kind: a few megabytes.
pub(super) const BUCKETS_MAX: usize = 65_536;

/// When each bucket will be full again, by whom it belongs to.
///
/// An outsider with very many addresses could fill the memory with buckets. Beyond [`BUCKETS_MAX`] the fuller half is
/// dropped, which are those who asked least and have least to lose by it: who asks too much stays bounded. Sorting
/// them costs, over the new buckets that it makes room for, next to nothing each.
pub(super) struct Buckets<K>(Mutex<BTreeMap<K, u64>>);

impl<K> Default for Buckets<K> {
    fn default() -> Self {
        Self(Mutex::new(BTreeMap::new()))
    }
}

impl<K> fmt::Debug for Buckets<K> {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str("Buckets")
    }
}

impl<K: Clone + Ord> StateStore for Buckets<K> {
    type Key = K;

    fn measure_and_replace<T, F, E>(&self, key: &K, decide: F) -> Result<T, E>
    where
        F: Fn(Option<Nanos>) -> Result<(T, Nanos), E>,
    {
        // A panic in between would leave whole entries only.
        let mut buckets = self.0.lock().unwrap_or_else(PoisonError::into_inner);
        let (answer, full_at) = decide(buckets.get(key).copied().map(Nanos::from))?;
        if buckets.len() >= BUCKETS_MAX && !buckets.contains_key(key) {
            drop_fuller_half(&mut buckets);
        }
        buckets.insert(key.clone(), full_at.as_u64());
        Ok(answer)
    }
}

fn drop_fuller_half<K: Ord>(buckets: &mut BTreeMap<K, u64>) {
    let mut moments: Vec<u64> = buckets.values().copied().collect();
    let half = moments.len() / 2;
    let (_, &mut middle, _) = moments.select_nth_unstable(half);
    buckets.retain(|_, full_at| *full_at > middle);
}

#[cfg(test)]
impl<K> Buckets<K> {
    pub(super) fn len(&self) -> usize {
        self.0.lock().unwrap().len()
    }
}
