//! The task that sends: reads what has come since the mark, sends it, and moves the mark once it counts as taken.
//!
//! Syslog over TLS has no receipts (RFC 5425, section 5). What was sent counts as taken when the connection has stood for
//! some time afterwards, longer than the operating system waits for the other side's confirmations, or when the other
//! side has answered our farewell. After a connection that broke, everything later than the mark is sent again: each
//! message arrives at least once, and says by its entry's place which one it is.

use super::link::{Link, Settings};
use super::message::frame;
use super::standing::Standing;
use crate::codes;
use base::{Position, Problem};
use records::audit::Accessed;
use std::collections::VecDeque;
use std::pin::Pin;
use std::sync::Arc;
use std::time::Duration;
use tokio::sync::watch;
use tokio::task::spawn_blocking;
use tokio::time::{Instant, sleep};

/// Entries that are read and sent at a time.
const BATCH: usize = 64;

/// The mark being kept.
pub type Keeping<'a> = Pin<Box<dyn Future<Output = Result<(), Problem>> + Send + 'a>>;

/// Where a sender's entries come from, and where it keeps its mark.
pub trait Entries: Send + Sync {
    /// At most `count` access entries that stand after a place, in the order of the journal; without one, from the
    /// beginning. May block.
    fn after(&self, place: Option<Position>, count: usize) -> Result<Vec<Accessed>, Problem>;

    /// How many entries of the journal stand after a place. May block.
    fn behind(&self, place: Option<Position>) -> Result<u64, Problem>;

    /// The place of the last entry that counts as taken. May block.
    fn mark(&self) -> Result<Option<Position>, Problem>;

    /// Keeps the mark, so that it outlasts the process.
    fn keep(&self, mark: Position) -> Keeping<'_>;
}

/// How long things may take.
#[derive(Clone, Copy, Debug)]
pub struct Pace {
    /// Between two looks at the journal when there was nothing to send.
    pub idle: Duration,
    /// To connect, and again to shake hands.
    pub connecting: Duration,
    /// To send one batch.
    pub sending: Duration,
    /// After which what was sent counts as taken.
    pub settling: Duration,
    /// For the farewell.
    pub closing: Duration,
    /// The first pause after a failure; each further one is twice as long.
    pub pause_least: Duration,
    /// The longest pause.
    pub pause_most: Duration,
}

impl Default for Pace {
    fn default() -> Self {
        Self {
            idle: Duration::from_secs(1),
            connecting: Duration::from_secs(10),
            sending: Duration::from_secs(30),
            settling: Duration::from_secs(15),
            closing: Duration::from_secs(5),
            pause_least: Duration::from_secs(1),
            pause_most: Duration::from_mins(1),
        }
    }
}

/// Sends the audit trail of one facility.
#[expect(missing_debug_implementations, reason = "where its entries come from has no text of its own")]
pub struct Sender {
    settings: Settings,
    entries: Arc<dyn Entries>,
    /// Base URL of the facility's FHIR API without a slash at the end, by which messages name their source.
    base_url: String,
    pace: Pace,
    standing: Arc<Standing>,
}

impl Sender {
    /// A sender that is not running yet.
    pub fn new(settings: Settings, entries: Arc<dyn Entries>, base_url: &str) -> Self {
        Self {
            settings,
            entries,
            base_url: base_url.to_owned(),
            pace: Pace::default(),
            standing: Arc::new(Standing::default()),
        }
    }

    /// The same at another pace.
    #[must_use]
    pub fn at(self, pace: Pace) -> Self {
        Self { pace, ..self }
    }

    /// How it stands, while it runs and afterwards.
    pub fn standing(&self) -> Arc<Standing> {
        Arc::clone(&self.standing)
    }

    /// Sends until `stop` changes.
    pub async fn run(self, mut stop: watch::Receiver<bool>) {
        let mut pause = self.pace.pause_least;
        loop {
            let sent = self.standing.sent();
            let Err(problem) = self.connected(&mut stop).await else {
                self.standing.stopped();
                return;
            };
            self.standing.failed(&problem);
            tracing::warn!(%problem, "the audit trail does not reach its collector");
            self.fall_behind().await;
            if self.standing.sent() > sent {
                pause = self.pace.pause_least;
            }
            tokio::select! {
                _ = stop.changed() => return,
                () = sleep(pause) => {}
            }
            pause = pause.saturating_mul(2).min(self.pace.pause_most);
        }
    }

    /// One connection, until it breaks (an error) or is ended because the server stops.
    async fn connected(&self, stop: &mut watch::Receiver<bool>) -> Result<(), Problem> {
        let connecting = Link::open(&self.settings, &self.pace);
        let mut link = tokio::select! {
            _ = stop.changed() => return Ok(()),
            link = connecting => link?,
        };
        self.standing.connected();
        let mut last = self.look(|entries| entries.mark()).await?;
        let mut underway = Underway::default();
        loop {
            let full = self.send(&mut link, &mut last, &mut underway).await?;
            if let Some(mark) = underway.settled(Instant::now(), self.pace.settling) {
                self.entries.keep(mark).await?;
            }
            if full && !*stop.borrow() {
                continue;
            }
            tokio::select! {
                _ = stop.changed() => break,
                problem = link.ended() => return Err(problem),
                () = sleep(self.pace.idle) => {}
            }
        }
        match (link.close(&self.pace).await, underway.last()) {
            (true, Some(mark)) => self.entries.keep(mark).await,
            _ => Ok(()),
        }
    }

    /// Sends the next entries; says whether there may be more at once.
    async fn send(
        &self,
        link: &mut Link,
        last: &mut Option<Position>,
        underway: &mut Underway,
    ) -> Result<bool, Problem> {
        let from = *last;
        let batch = self.look(move |entries| entries.after(from, BATCH)).await?;
        let (Some(first), Some(end)) = (batch.first(), batch.last()) else {
            self.standing.waits(0, None);
            return Ok(false);
        };
        self.standing.waits(self.standing.behind(), Some(first.time));
        let (end, time) = (end.position, end.time);
        let frames: Vec<u8> = batch.iter().flat_map(|accessed| frame(accessed, &self.base_url)).collect();
        link.send(&frames, &self.pace).await?;
        underway.push(Instant::now(), end);
        *last = Some(end);
        let full = batch.len() == BATCH;
        self.standing.count(batch.len());
        if full {
            // The next entry is not older than the last of these.
            let behind = self.look(move |entries| entries.behind(Some(end))).await?;
            self.standing.waits(behind, Some(time));
        } else {
            self.standing.waits(0, None);
        }
        Ok(full)
    }

    /// Counts what waits while there is no connection.
    async fn fall_behind(&self) {
        let looked = self.look(|entries| {
            let mark = entries.mark()?;
            let oldest = entries.after(mark, 1)?;
            Ok((entries.behind(mark)?, oldest.first().map(|accessed| accessed.time)))
        });
        if let Ok((behind, since)) = looked.await {
            self.standing.waits(behind, since);
        }
    }

    /// Looks at the entries, away from the threads that serve requests.
    async fn look<T: Send + 'static>(
        &self,
        look: impl FnOnce(&dyn Entries) -> Result<T, Problem> + Send + 'static,
    ) -> Result<T, Problem> {
        let entries = Arc::clone(&self.entries);
        let looked = spawn_blocking(move || look(&*entries)).await;
        looked.map_err(|error| Problem::new(&codes::COLLECTOR_LOST).log(error.to_string()))?
    }
}

/// What was sent and does not count as taken yet: when, and the place of the last entry.
#[derive(Debug, Default)]
struct Underway(VecDeque<(Instant, Position)>);

impl Underway {
    fn push(&mut self, at: Instant, last: Position) {
        self.0.push_back((at, last));
    }

    /// The last place that counts as taken by now, if any does that did not before.
    fn settled(&mut self, now: Instant, settling: Duration) -> Option<Position> {
        let mut settled = None;
        while let Some((at, place)) = self.0.front().copied()
            && now.saturating_duration_since(at) >= settling
        {
            settled = Some(place);
            self.0.pop_front();
        }
        settled
    }

    fn last(&self) -> Option<Position> {
        self.0.back().map(|(_, place)| *place)
    }
}

#[cfg(test)]
mod tests;
