//! The one writer of a facility: joins waiting batches into one commit of the journal, then answers them all.
//!
//! A commit is one transaction of the database: entries, content, views, the tree's new subtrees and the signed
//! checkpoint. Nobody hears of a change before that transaction is on the disk.

use crate::change::{Batch, Receipt};
use crate::codes;
use crate::commit::{self, Ledger, Surroundings};
use crate::database;
use crate::work::{Done, Work};
use base::Problem;
use base::limits::{COMMIT_WRITES_MAX, WRITES_WAITING_MAX};
use merkle::Edge;
use rusqlite::Connection;
use std::collections::BTreeMap;
use std::sync::Arc;
use std::sync::atomic::{AtomicBool, AtomicU64, Ordering};
use std::thread::JoinHandle;
use tokio::sync::{mpsc, oneshot};
use tokio::time::Instant;

/// What everyone may see of the writer's state.
#[derive(Debug, Default)]
pub(crate) struct State {
    halted: AtomicBool,
    clock_behind: AtomicBool,
    size: AtomicU64,
    work: Work,
}

impl State {
    pub(crate) fn starting_at(size: u64) -> Self {
        Self { size: AtomicU64::new(size), ..Self::default() }
    }

    pub(crate) fn halted(&self) -> bool {
        self.halted.load(Ordering::SeqCst)
    }

    pub(crate) fn clock_behind(&self) -> bool {
        self.clock_behind.load(Ordering::SeqCst)
    }

    pub(crate) fn size(&self) -> u64 {
        self.size.load(Ordering::SeqCst)
    }

    pub(crate) fn done(&self) -> Done {
        self.work.so_far()
    }
}

struct Waiting {
    batch: Batch,
    answer: oneshot::Sender<Result<Receipt, Problem>>,
}

/// The callers' end of the writer.
#[derive(Debug)]
pub(crate) struct Writer {
    queue: Option<mpsc::Sender<Waiting>>,
    thread: Option<JoinHandle<()>>,
}

impl Writer {
    /// Starts the writer's thread on a connection of its own.
    pub(crate) fn start(
        connection: Connection,
        edge: Edge,
        last_time: i64,
        surroundings: Surroundings,
        state: Arc<State>,
    ) -> Result<Self, Problem> {
        let (queue, waiting) = mpsc::channel(WRITES_WAITING_MAX);
        let mut room = Room { connection, edge, last_time, names: BTreeMap::new(), surroundings, state };
        let thread = std::thread::Builder::new()
            .name("journal-writer".to_owned())
            .spawn(move || room.work(waiting))
            .map_err(|error| Problem::new(&codes::BUSY).log(format!("writer thread: {error}")))?;
        Ok(Self { queue: Some(queue), thread: Some(thread) })
    }

    /// How many batches wait.
    pub(crate) fn waiting(&self) -> usize {
        self.queue.as_ref().map_or(0, |queue| queue.max_capacity().saturating_sub(queue.capacity()))
    }

    /// Hands a batch to the writer and waits until it is durable or refused.
    pub(crate) async fn append(&self, batch: Batch) -> Result<Receipt, Problem> {
        let (answer, answered) = oneshot::channel();
        let queue = self.queue.as_ref().ok_or_else(|| Problem::new(&codes::HALTED).log("writer closed"))?;
        queue.try_send(Waiting { batch, answer }).map_err(|error| match error {
            mpsc::error::TrySendError::Full(_) => Problem::new(&codes::BUSY).log("write queue is full"),
            mpsc::error::TrySendError::Closed(_) => Problem::new(&codes::HALTED).log("writer has ended"),
        })?;
        answered
            .await
            .unwrap_or_else(|_| Err(Problem::new(&codes::HALTED).log("writer ended without an answer")))
    }
}

impl Drop for Writer {
    /// Lets the writer finish what waits, then waits for its end.
    fn drop(&mut self) {
        drop(self.queue.take());
        if let Some(thread) = self.thread.take()
            && thread.join().is_err()
        {
            tracing::error!("the journal writer ended by a panic");
        }
    }
}

/// Says so when the writer's thread ends by a panic: nothing is written any more, and everybody should see it.
struct HaltOnPanic(Arc<State>);

impl Drop for HaltOnPanic {
    fn drop(&mut self) {
        if std::thread::panicking() {
            self.0.halted.store(true, Ordering::SeqCst);
        }
    }
}

/// The writer's thread and what only it holds.
struct Room {
    connection: Connection,
    edge: Edge,
    last_time: i64,
    names: BTreeMap<String, i64>,
    surroundings: Surroundings,
    state: Arc<State>,
}

impl Room {
    fn work(&mut self, mut waiting: mpsc::Receiver<Waiting>) {
        // Dropped before the queue is: whoever finds the queue closed finds the flag set.
        let _halt = HaltOnPanic(Arc::clone(&self.state));
        while let Some(first) = waiting.blocking_recv() {
            let mut writes = first.batch.changes.len();
            let mut group = vec![first];
            while writes < COMMIT_WRITES_MAX
                && let Ok(next) = waiting.try_recv()
            {
                writes = writes.saturating_add(next.batch.changes.len());
                group.push(next);
            }
            self.serve(group);
        }
        // Nothing waits any more: leave a database without a write-ahead log behind, for copies and backups.
        if !self.state.halted()
            && let Err(error) = self.connection.pragma_update(None, "wal_checkpoint", "TRUNCATE")
        {
            tracing::warn!(problem = %database::problem(&error), "the write-ahead log was not folded in");
        }
    }

    fn serve(&mut self, group: Vec<Waiting>) {
        let (batches, answers): (Vec<Batch>, Vec<_>) =
            group.into_iter().map(|waiting| (waiting.batch, waiting.answer)).unzip();
        let outcome = self.commit(batches);
        for (index, answer) in answers.into_iter().enumerate() {
            let result = match &outcome {
                Ok(results) => {
                    results.get(index).cloned().unwrap_or_else(|| Err(Problem::new(&codes::HALTED)))
                }
                Err(problem) => Err(problem.clone()),
            };
            // The caller may have gone away; what it asked for is done all the same.
            if answer.send(result).is_err() {
                tracing::debug!("a caller left before its answer");
            }
        }
    }

    fn commit(&mut self, batches: Vec<Batch>) -> Result<Vec<Result<Receipt, Problem>>, Problem> {
        if self.state.halted() {
            return Err(Problem::new(&codes::HALTED).log("writes are halted"));
        }
        let time = self.surroundings.clock.now();
        if time.microseconds() <= self.last_time {
            return Err(self.refuse_clock(time.microseconds()));
        }
        self.state.clock_behind.store(false, Ordering::SeqCst);
        let before = self.edge.clone();
        let begun = Instant::now();
        match self.write(batches, time) {
            Ok(results) => {
                self.state.work.made(self.edge.size().saturating_sub(before.size()), begun.elapsed());
                self.last_time =
                    if self.edge.size() > before.size() { time.microseconds() } else { self.last_time };
                self.state.size.store(self.edge.size(), Ordering::SeqCst);
                Ok(results)
            }
            Err(problem) => {
                self.edge = before;
                self.names.clear();
                self.state.work.undone();
                Err(self.undo(problem))
            }
        }
    }

    fn write(
        &mut self,
        batches: Vec<Batch>,
        time: base::Time,
    ) -> Result<Vec<Result<Receipt, Problem>>, Problem> {
        self.connection.execute_batch("BEGIN IMMEDIATE").map_err(|error| database::problem(&error))?;
        let mut ledger = Ledger {
            connection: &self.connection,
            edge: &mut self.edge,
            names: &mut self.names,
            surroundings: &self.surroundings,
            time,
        };
        let results = commit::write_all(&mut ledger, batches)?;
        // CRASH: before this line nothing of the group is there after a restart; once it returns, all of it is.
        self.connection.execute_batch("COMMIT").map_err(|error| commit_failed(&error))?;
        Ok(results)
    }

    /// After a failed write: back to the state before, or, when that is not certain, no further.
    fn undo(&self, problem: Problem) -> Problem {
        let rolled_back =
            self.connection.is_autocommit() || self.connection.execute_batch("ROLLBACK").is_ok();
        if rolled_back && problem.code() != &codes::HALTED {
            tracing::error!(%problem, "a commit was undone");
            return problem;
        }
        self.state.halted.store(true, Ordering::SeqCst);
        tracing::error!(%problem, "a commit ended in an unknown state: writes are halted until restart");
        Problem::new(&codes::HALTED).log("writes are halted")
    }

    fn refuse_clock(&self, now: i64) -> Problem {
        let behind_microseconds = self.last_time.saturating_sub(now);
        if !self.state.clock_behind.swap(true, Ordering::SeqCst) {
            tracing::error!(behind_microseconds, "the clock stands still or runs back: signing stops");
        }
        let (seconds, rest) = (behind_microseconds / 1_000_000, behind_microseconds % 1_000_000);
        Problem::new(&codes::CLOCK)
            .with("seconds", format!("{seconds}.{rest:06}"))
            .log("clock behind the journal")
    }
}

/// A COMMIT that fails for want of space was not made. Any other failure, a failed fsync above all, leaves unknown
/// what the disk holds, and trying again would hide it.
fn commit_failed(error: &rusqlite::Error) -> Problem {
    let problem = database::problem(error);
    if problem.code() == &codes::FULL {
        problem
    } else {
        Problem::new(&codes::HALTED).log(problem.to_string())
    }
}
