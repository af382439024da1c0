//! The one writer of a facility: joins waiting batches into one commit of the journal, then answers them all.
//!
//! A commit is one transaction of the database: entries, content, views, the tree's new subtrees and the signed
//! checkpoint. Nobody hears of a change before that transaction is on the disk.

use crate::change::{Batch, Receipt};
use crate::codes;
use crate::commit::{self, Errand, Ledger, Surroundings};
use crate::database;
use crate::ticket::{Noted, Refused, Ticket};
use base::Problem;
use base::limits::{COMMIT_WRITES_MAX, WRITES_WAITING_MAX};
use merkle::Edge;
use rusqlite::Connection;
use std::collections::BTreeMap;
use std::sync::Arc;
use std::sync::atomic::{AtomicBool, AtomicU64, AtomicUsize, Ordering};
use std::thread::JoinHandle;
use tokio::sync::{mpsc, oneshot};

/// What everyone may see of the writer's state.
#[derive(Debug, Default)]
pub(crate) struct State {
    halted: AtomicBool,
    clock_behind: AtomicBool,
    size: AtomicU64,
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
}

/// What waits for the writer.
struct Waiting {
    batch: Batch,
    /// The access entry that is written with the batch.
    noted: Option<Noted>,
    answer: Option<oneshot::Sender<Answered>>,
}

impl Waiting {
    /// What it adds to a commit.
    fn writes(&self) -> usize {
        self.batch.changes.len().saturating_add(usize::from(self.noted.is_some()))
    }
}

/// What the writer answers: what it has written, or why it has not, with the ticket's note for another try.
type Answered = Result<Receipt, (Problem, Option<Noted>)>;

/// The way to the writer. Tickets keep one, so that what they owe can always be handed in.
#[derive(Clone, Debug)]
pub(crate) struct Queue {
    sender: mpsc::UnboundedSender<Waiting>,
    /// Batches of changes that wait.
    waiting: Arc<AtomicUsize>,
}

impl Queue {
    /// Hands in a ticket's note for which nobody waits.
    pub(crate) fn abandon(&self, noted: Noted) {
        let batch = Batch::new(noted.actor.clone(), Vec::new());
        if self.sender.send(Waiting { batch, noted: Some(noted), answer: None }).is_err() {
            tracing::error!("an abandoned request left no entry: the writer has ended");
        }
    }

    /// Hands in and waits until it is durable or refused. What only closes a ticket is always taken: the requests at
    /// work bound it.
    async fn send(&self, batch: Batch, noted: Option<Noted>) -> Answered {
        let writes = !batch.changes.is_empty();
        if writes && self.waiting.fetch_add(1, Ordering::SeqCst) >= WRITES_WAITING_MAX {
            self.waiting.fetch_sub(1, Ordering::SeqCst);
            return Err((Problem::new(&codes::BUSY).log("write queue is full"), noted));
        }
        let (answer, answered) = oneshot::channel();
        let ended = || Problem::new(&codes::HALTED).log("writer has ended");
        if let Err(mpsc::error::SendError(back)) =
            self.sender.send(Waiting { batch, noted, answer: Some(answer) })
        {
            return Err((ended(), back.noted));
        }
        answered.await.unwrap_or_else(|_| Err((ended(), None)))
    }
}

/// The callers' end of the writer.
#[derive(Debug)]
pub(crate) struct Writer {
    queue: Option<Queue>,
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
        let (sender, receiver) = mpsc::unbounded_channel();
        let waiting = Arc::new(AtomicUsize::new(0));
        let queue = Queue { sender, waiting: Arc::clone(&waiting) };
        let names = BTreeMap::new();
        let mut room = Room { connection, edge, last_time, names, surroundings, state, waiting };
        let thread = std::thread::Builder::new()
            .name("journal-writer".to_owned())
            .spawn(move || room.work(receiver))
            .map_err(|error| Problem::new(&codes::BUSY).log(format!("writer thread: {error}")))?;
        Ok(Self { queue: Some(queue), thread: Some(thread) })
    }

    /// The way to the writer.
    pub(crate) fn queue(&self) -> Result<Queue, Problem> {
        self.queue.clone().ok_or_else(|| Problem::new(&codes::HALTED).log("writer closed"))
    }

    /// Hands a batch with its ticket to the writer and waits until both are durable, or the batch is refused.
    pub(crate) async fn append(&self, ticket: Ticket, batch: Batch) -> Result<Receipt, Refused> {
        let queue = match self.queue() {
            Ok(queue) => queue,
            Err(problem) => return Err(Refused { problem, ticket }),
        };
        let mut ticket = ticket;
        let noted = ticket.take();
        match queue.send(batch, noted).await {
            Ok(receipt) => Ok(receipt),
            Err((problem, noted)) => {
                if let Some(noted) = noted {
                    ticket.give_back(noted);
                }
                Err(Refused { problem, ticket })
            }
        }
    }

    /// Hands in a ticket alone.
    pub(crate) async fn close(&self, mut ticket: Ticket, batch: Batch) -> Result<Receipt, Problem> {
        let noted = ticket.take();
        self.queue()?.send(batch, noted).await.map_err(|(problem, _)| problem)
    }

    /// Hands in a batch without a ticket.
    pub(crate) async fn append_alone(&self, batch: Batch) -> Result<Receipt, Problem> {
        self.queue()?.send(batch, None).await.map_err(|(problem, _)| problem)
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
    waiting: Arc<AtomicUsize>,
}

impl Room {
    fn work(&mut self, mut waiting: mpsc::UnboundedReceiver<Waiting>) {
        // Dropped before the queue is: whoever finds the queue closed finds the flag set.
        let _halt = HaltOnPanic(Arc::clone(&self.state));
        while let Some(first) = waiting.blocking_recv() {
            let mut writes = first.writes();
            let mut group = vec![first];
            while writes < COMMIT_WRITES_MAX
                && let Ok(next) = waiting.try_recv()
            {
                writes = writes.saturating_add(next.writes());
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
        let mut answers = Vec::with_capacity(group.len());
        let mut errands = Vec::with_capacity(group.len());
        for Waiting { batch, noted, answer } in group {
            if !batch.changes.is_empty() {
                self.waiting.fetch_sub(1, Ordering::SeqCst);
            }
            // What changes nothing is not refused, and needs no second try.
            let again = noted.as_ref().filter(|_| batch.may_be_refused()).map(Noted::again);
            answers.push((answer, again));
            errands.push(Errand { batch, noted });
        }
        let outcome = self.commit(errands);
        for (index, (answer, noted)) in answers.into_iter().enumerate() {
            let result = match &outcome {
                Ok(results) => {
                    results.get(index).cloned().unwrap_or_else(|| Err(Problem::new(&codes::HALTED)))
                }
                Err(problem) => Err(problem.clone()),
            };
            self.answer(result.map_err(|problem| (problem, noted)), answer);
        }
    }

    /// The caller may have gone away: what it asked for is done all the same, and what was refused leaves an entry.
    fn answer(&mut self, result: Answered, answer: Option<oneshot::Sender<Answered>>) {
        let unheard = match answer {
            Some(answer) => answer.send(result).err(),
            None => Some(result),
        };
        match unheard {
            None | Some(Ok(_)) => {}
            Some(Err((problem, Some(mut noted)))) if !self.state.halted() => {
                noted.access.ended = access::Ended::Abandoned;
                let batch = Batch::new(noted.actor.clone(), Vec::new());
                if self.commit(vec![Errand { batch, noted: Some(noted) }]).is_err() {
                    tracing::error!(%problem, "an abandoned request left no entry");
                }
            }
            Some(Err((problem, _))) => {
                tracing::error!(%problem, "a request that nobody waits for was not entered")
            }
        }
    }

    fn commit(&mut self, errands: Vec<Errand>) -> Result<Vec<Result<Receipt, Problem>>, Problem> {
        if self.state.halted() {
            return Err(Problem::new(&codes::HALTED).log("writes are halted"));
        }
        let time = self.surroundings.clock.now();
        if time.microseconds() <= self.last_time {
            return Err(self.refuse_clock(time.microseconds()));
        }
        self.state.clock_behind.store(false, Ordering::SeqCst);
        let before = self.edge.clone();
        match self.write(errands, time) {
            Ok(results) => {
                self.last_time =
                    if self.edge.size() > before.size() { time.microseconds() } else { self.last_time };
                self.state.size.store(self.edge.size(), Ordering::SeqCst);
                Ok(results)
            }
            Err(problem) => {
                self.edge = before;
                self.names.clear();
                Err(self.undo(problem))
            }
        }
    }

    fn write(
        &mut self,
        errands: Vec<Errand>,
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
        let results = commit::write_all(&mut ledger, errands)?;
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
