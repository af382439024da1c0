//! Checking and hashing passwords aside from requests: each costs time and memory on purpose, so only a few are checked
//! at a time, and only so many wait.

use crate::codes;
use crate::factor::password::{self, Cost, Verdict};
use base::limits::PASSWORDS_WAITING_MAX;
use base::{Entropy, Problem, Secret};
use std::fmt;
use std::sync::Arc;
use tokio::sync::Semaphore;

/// The bench at which passwords are checked.
pub(crate) struct Passwords {
    cost: Cost,
    /// Hash of a password that nobody has: an unknown account costs the same time.
    stand_in: String,
    at_once: Semaphore,
    waiting: Semaphore,
}

impl fmt::Debug for Passwords {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.debug_struct("Passwords").field("cost", &self.cost).finish_non_exhaustive()
    }
}

impl Passwords {
    pub(crate) fn new(cost: Cost, entropy: &dyn Entropy) -> Result<Self, Problem> {
        let at_once = std::thread::available_parallelism().map_or(1, std::num::NonZero::get);
        Ok(Self {
            cost,
            stand_in: password::stand_in(&cost, entropy)?,
            at_once: Semaphore::new(at_once),
            waiting: Semaphore::new(PASSWORDS_WAITING_MAX),
        })
    }

    /// Checks a password against a hash; without one against that of nobody, which takes as long and is wrong.
    pub(crate) async fn verify(
        &self,
        password: Secret<String>,
        hash: Option<String>,
    ) -> Result<Verdict, Problem> {
        let known = hash.is_some();
        let hash = hash.unwrap_or_else(|| self.stand_in.clone());
        let verdict = self.aside(move || password::verify(&password, &hash)).await?;
        Ok(if known { verdict } else { Verdict::Wrong })
    }

    /// Whether a password is one of those with these hashes.
    pub(crate) async fn was_used(
        &self,
        password: Secret<String>,
        hashes: Vec<String>,
    ) -> Result<bool, Problem> {
        if hashes.is_empty() {
            return Ok(false);
        }
        self.aside(move || password::was_used(&password, &hashes)).await
    }

    /// Hashes a password that was judged before.
    pub(crate) async fn hash(
        &self,
        password: Secret<String>,
        entropy: Arc<dyn Entropy>,
    ) -> Result<String, Problem> {
        let cost = self.cost;
        self.aside(move || password::hash(&password, &cost, &*entropy)).await?
    }

    /// Whether a hash was made at another cost than is asked today.
    pub(crate) fn outdated(&self, hash: &str) -> bool {
        password::needs_rehash(hash, &self.cost)
    }

    async fn aside<T: Send + 'static>(
        &self,
        work: impl FnOnce() -> T + Send + 'static,
    ) -> Result<T, Problem> {
        let busy = || Problem::new(&codes::HASHING_BUSY);
        let _place = self.waiting.try_acquire().map_err(|_| busy())?;
        let _turn = self.at_once.acquire().await.map_err(|_| busy())?;
        tracing::trace!("a password is hashed");
        tokio::task::spawn_blocking(work).await.map_err(|error| busy().log(error.to_string()))
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use base::SeededEntropy;
    use std::sync::mpsc::channel;

    #[tokio::test]
    async fn more_passwords_than_may_wait_are_refused_and_a_free_place_is_taken_again() {
        let cost = Cost { memory_kib: 8, passes: 1, lanes: 1 };
        let bench = Arc::new(Passwords::new(cost, &SeededEntropy::new(1)).unwrap());
        let mut gates = Vec::new();
        let mut checks = Vec::new();
        for _ in 0..PASSWORDS_WAITING_MAX {
            let (gate, opened) = channel::<()>();
            let bench = Arc::clone(&bench);
            checks.push(tokio::spawn(async move { bench.aside(move || opened.recv()).await }));
            gates.push(gate);
        }
        while bench.waiting.available_permits() > 0 {
            tokio::task::yield_now().await;
        }
        let refused = bench.verify(Secret::new("x".to_owned()), None).await;
        assert_eq!(refused.unwrap_err().code().id, codes::HASHING_BUSY.id);
        drop(gates);
        for check in checks {
            check.await.unwrap().unwrap().unwrap_err();
        }
        let verdict = bench.verify(Secret::new("x".to_owned()), None).await;
        assert_eq!(verdict.unwrap(), Verdict::Wrong);
    }
}
