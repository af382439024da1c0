//! Load for measurements: transaction Bundles sent over several connections at once, read while they are sent.

use crate::client::{Answer, Ask, Client, Target};
use base::{Clock, SystemClock};
use serde_json::{Value, json};
use std::sync::Arc;
use tokio::sync::{Mutex, mpsc};
use tokio::task::{JoinSet, spawn_blocking};

/// Bundles that wait to be sent, for each connection: however many there are, only so many are in memory.
const WAITING_PER_CONNECTION: usize = 2;

/// What was sent and how long it took.
#[derive(Clone, Debug, Default)]
pub struct Loaded {
    /// Bundles taken.
    pub bundles: u64,
    /// Resources in them.
    pub resources: u64,
    /// Resources of the first Bundle, which is not counted otherwise.
    pub first_resources: u64,
    /// From the first request to the last answer, in microseconds.
    pub microseconds: i64,
    /// Time of each Bundle, in microseconds, in rising order.
    pub times: Vec<i64>,
}

type Queue = Arc<Mutex<mpsc::Receiver<String>>>;

/// Sends the first Bundle, which the others refer to, and then the others over so many connections. Only the others
/// are counted and timed.
///
/// # Errors
/// A text when a Bundle cannot be read, when the server refuses it or cannot be reached.
pub async fn run<B>(target: &Target, mut bundles: B, connections: usize) -> Result<Loaded, String>
where
    B: Iterator<Item = Result<String, String>> + Send + 'static,
{
    let mut sum = Loaded::default();
    if let Some(first) = bundles.next() {
        let first = first?;
        sum.first_resources = resources_of(&first);
        taken(&mut target.client(), first).await?;
    }
    let begin = SystemClock.now();
    let (sender, waiting) = mpsc::channel(connections.saturating_mul(WAITING_PER_CONNECTION).max(1));
    let waiting: Queue = Arc::new(Mutex::new(waiting));
    let reader = spawn_blocking(move || feed(bundles, &sender));
    let mut workers = JoinSet::new();
    for _ in 0..connections {
        let (target, waiting) = (target.clone(), Arc::clone(&waiting));
        workers.spawn(async move { send(&target, waiting).await });
    }
    // Without workers nobody listens, and the reader ends as well.
    drop(waiting);
    while let Some(ended) = workers.join_next().await {
        let part = ended.map_err(|error| error.to_string())??;
        sum.bundles += part.bundles;
        sum.resources += part.resources;
        sum.times.extend(part.times);
    }
    sum.microseconds = SystemClock.now().microseconds() - begin.microseconds();
    reader.await.map_err(|error| error.to_string())??;
    sum.times.sort_unstable();
    Ok(sum)
}

/// Puts Bundles into the queue as there is room, until there are no more or nobody takes them.
fn feed(
    bundles: impl Iterator<Item = Result<String, String>>,
    queue: &mpsc::Sender<String>,
) -> Result<(), String> {
    for bundle in bundles {
        if queue.blocking_send(bundle?).is_err() {
            break;
        }
    }
    Ok(())
}

/// Sends Bundles until no more come.
async fn send(target: &Target, waiting: Queue) -> Result<Loaded, String> {
    let mut client = target.client();
    let mut loaded = Loaded::default();
    loop {
        let next = waiting.lock().await.recv().await;
        let Some(bundle) = next else { return Ok(loaded) };
        loaded.resources += resources_of(&bundle);
        let begin = SystemClock.now();
        taken(&mut client, bundle).await?;
        loaded.times.push(SystemClock.now().microseconds() - begin.microseconds());
        loaded.bundles += 1;
    }
}

/// Sends a Bundle, which the server must take.
async fn taken(client: &mut Client, bundle: String) -> Result<(), String> {
    let Answer { status, body, .. } = client.send(&Ask::post("fhir", bundle)).await?;
    if status == 200 { Ok(()) } else { Err(format!("status {status}: {}", String::from_utf8_lossy(&body))) }
}

fn resources_of(bundle: &str) -> u64 {
    u64::try_from(bundle.matches("\"fullUrl\":").count()).unwrap_or(0)
}

impl Loaded {
    /// The time that so many of a hundred Bundles stay within, in microseconds.
    pub fn percentile(&self, percent: usize) -> i64 {
        percentile(&self.times, percent)
    }

    /// As JSON: seconds, and percentiles in milliseconds. `stored` counts the resources of all Bundles; `entries` is
    /// the size of the journal afterwards.
    #[expect(clippy::cast_precision_loss, reason = "times of a measurement, far below 2^52 microseconds")]
    pub fn json(&self, entries: u64) -> Value {
        let milliseconds = |percent| self.percentile(percent) as f64 / 1e3;
        json!({
            "bundles": self.bundles,
            "resources": self.resources,
            "stored": self.first_resources.saturating_add(self.resources),
            "seconds": self.microseconds as f64 / 1e6,
            "p50": milliseconds(50),
            "p95": milliseconds(95),
            "p99": milliseconds(99),
            "entries": entries,
        })
    }
}

/// The one of these times, in rising order, that so many of a hundred stay within.
pub(crate) fn percentile(times: &[i64], percent: usize) -> i64 {
    let rank = (times.len() * percent).div_ceil(100);
    times.get(rank.saturating_sub(1)).copied().unwrap_or(0)
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
    fn bundles_are_read_only_as_far_as_they_are_sent() {
        let (sender, mut queue) = mpsc::channel(3);
        let mut read = 0;
        std::thread::scope(|scope| {
            let bundles = std::iter::repeat_with(|| {
                read += 1;
                Ok(String::new())
            });
            let reader = scope.spawn(move || feed(bundles, &sender));
            assert!(queue.blocking_recv().is_some() && queue.blocking_recv().is_some());
            drop(queue);
            assert_eq!(reader.join().unwrap(), Ok(()));
        });
        assert!(read <= 2 + 3 + 1, "{read} were read, 2 were taken");
    }

    #[test]
    fn a_bundle_that_cannot_be_read_ends_the_load_with_its_reason() {
        let (sender, mut queue) = mpsc::channel(3);
        let bundles = [Ok("a".to_owned()), Err("torn".to_owned()), Ok("b".to_owned())];
        assert_eq!(feed(bundles.into_iter(), &sender), Err("torn".to_owned()));
        drop(sender);
        assert_eq!((queue.blocking_recv(), queue.blocking_recv()), (Some("a".to_owned()), None));
    }

    #[test]
    fn the_resources_of_all_bundles_are_in_the_store() {
        let loaded = Loaded { resources: 7, first_resources: 2, ..Loaded::default() };
        let json = loaded.json(9);
        assert_eq!((json["resources"].as_u64(), json["stored"].as_u64()), (Some(7), Some(9)));
        assert_eq!(resources_of(r#"{"entry":[{"fullUrl":"a"},{"fullUrl":"b"}]}"#), 2);
    }

    #[test]
    fn the_size_stands_on_the_second_line_of_a_checkpoint() {
        assert_eq!(checkpoint_size(b"origin\n42\nroot\n"), Some(42));
        assert_eq!(checkpoint_size(b"origin\n"), None);
    }
}
