//! Load for measurements: transaction Bundles sent over several connections at once.

use crate::client::{Ask, Target};
use base::{Clock, SystemClock};
use serde_json::{Value, json};
use std::collections::VecDeque;
use std::sync::{Arc, Mutex};
use tokio::task::JoinSet;

/// What was sent and how long it took.
#[derive(Clone, Debug, Default)]
pub struct Loaded {
    /// Bundles taken.
    pub bundles: u64,
    /// Resources in them.
    pub resources: u64,
    /// From the first request to the last answer, in microseconds.
    pub microseconds: i64,
    /// Time of each Bundle, in microseconds, in rising order.
    pub times: Vec<i64>,
}

/// Sends the first Bundle, which the others refer to, and then the others over so many connections. Only the others
/// are counted.
///
/// # Errors
/// A text when the server refuses a Bundle or cannot be reached.
pub async fn run(target: &Target, bundles: Vec<String>, connections: usize) -> Result<Loaded, String> {
    let mut waiting = VecDeque::from(bundles);
    if let Some(first) = waiting.pop_front() {
        send(target, Arc::new(Mutex::new(VecDeque::from([first])))).await?;
    }
    let waiting = Arc::new(Mutex::new(waiting));
    let begin = SystemClock.now();
    let mut workers = JoinSet::new();
    for _ in 0..connections {
        let (target, waiting) = (target.clone(), Arc::clone(&waiting));
        workers.spawn(async move { send(&target, waiting).await });
    }
    let mut sum = Loaded::default();
    while let Some(ended) = workers.join_next().await {
        let part = ended.map_err(|error| error.to_string())??;
        sum.bundles += part.bundles;
        sum.resources += part.resources;
        sum.times.extend(part.times);
    }
    sum.microseconds = SystemClock.now().microseconds() - begin.microseconds();
    sum.times.sort_unstable();
    Ok(sum)
}

/// Sends Bundles until none waits.
async fn send(target: &Target, waiting: Arc<Mutex<VecDeque<String>>>) -> Result<Loaded, String> {
    let mut client = target.client();
    let mut loaded = Loaded::default();
    loop {
        let next = waiting.lock().map_err(|_| "another connection failed".to_owned())?.pop_front();
        let Some(bundle) = next else { return Ok(loaded) };
        let resources = bundle.matches("\"fullUrl\":").count();
        let begin = SystemClock.now();
        let answer = client.send(&Ask::post("fhir", bundle)).await?;
        loaded.times.push(SystemClock.now().microseconds() - begin.microseconds());
        if answer.status != 200 {
            return Err(format!("status {}: {}", answer.status, String::from_utf8_lossy(&answer.body)));
        }
        loaded.bundles += 1;
        loaded.resources += u64::try_from(resources).unwrap_or(0);
    }
}

impl Loaded {
    /// The time that so many of a hundred Bundles stay within, in microseconds.
    pub fn percentile(&self, percent: usize) -> i64 {
        let rank = (self.times.len() * percent).div_ceil(100);
        self.times.get(rank.saturating_sub(1)).copied().unwrap_or(0)
    }

    /// As JSON: seconds, and percentiles in milliseconds. `entries` is the size of the journal afterwards.
    #[expect(clippy::cast_precision_loss, reason = "times of a measurement, far below 2^52 microseconds")]
    pub fn json(&self, entries: u64) -> Value {
        let milliseconds = |percent| self.percentile(percent) as f64 / 1e3;
        json!({
            "bundles": self.bundles,
            "resources": self.resources,
            "seconds": self.microseconds as f64 / 1e6,
            "p50": milliseconds(50),
            "p95": milliseconds(95),
            "p99": milliseconds(99),
            "entries": entries,
        })
    }
}

/// The size that the journal's checkpoint states.
///
/// # Errors
/// A text when there is no checkpoint to be read.
pub async fn journal_entries(target: &Target) -> Result<u64, String> {
    let answer = target.client().get("log/checkpoint").await?;
    checkpoint_size(&answer.body).ok_or_else(|| "the checkpoint cannot be read".to_owned())
}

/// The second line of a checkpoint (C2SP tlog-checkpoint).
pub fn checkpoint_size(note: &[u8]) -> Option<u64> {
    std::str::from_utf8(note).ok()?.lines().nth(1)?.parse().ok()
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn percentiles_are_those_of_the_nearest_rank() {
        let loaded = Loaded { times: (1..=200).collect(), ..Loaded::default() };
        assert_eq!([50, 95, 99, 100].map(|percent| loaded.percentile(percent)), [100, 190, 198, 200]);
        assert_eq!(Loaded::default().percentile(50), 0);
    }

    #[test]
    fn the_size_stands_on_the_second_line_of_a_checkpoint() {
        assert_eq!(checkpoint_size(b"origin\n42\nroot\n"), Some(42));
        assert_eq!(checkpoint_size(b"origin\n"), None);
    }
}
