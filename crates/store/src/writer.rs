//! The one writer of a facility: joins waiting batches into one commit of the journal, then answers them all.
//!
//! A commit is one transaction of the database: entries, content, views, the tree's new subtrees and the signed
//! checkpoint. Nobody hears of a change before that transaction is on the disk.

use crate::accesses::Unindexed;
use crate::change::{Batch, Receipt};
use crate::changes::{Changes, Part, Touching};
use crate::codes;
use crate::commit::{self, Errand, Ledger, Surroundings};
use crate::database;
use crate::emergency::EmergencyLog;
use crate::readers::Readers;
use crate::ticket::{Noted, Refused, Ticket};
use crate::work::{Done, Work};
use crate::write_ahead::{self, WriteAhead};
use base::Problem;
use base::limits::{COMMIT_WRITES_MAX, WRITES_WAITING_MAX};
use merkle::Edge;
use rusqlite::{Connection, OptionalExtension};
use std::collections::BTreeMap;
use std::path::PathBuf;
use std::sync::Arc;
use std::sync::atomic::{AtomicBool, AtomicU64, AtomicUsize, Ordering};
use std::thread::JoinHandle;
use std::time::Duration;
use tokio::sync::{mpsc, oneshot};
use tokio::time::Instant;

/// How long a commit is held back for more, when the one before joined as many as [`BUSY_FROM`]. A commit costs as much
/// processor time as the entries of ten reads, and makes readers fill their caches anew the sooner.
const GATHER: Duration = Duration::from_millis(2);
/// Whoever comes alone, or one after the other, waits for nobody.
const BUSY_FROM: usize = 4;

/// What everyone may see of the writer's state.
#[derive(Debug, Default)]
pub(crate) struct State {
    halted: AtomicBool,
    clock_behind: AtomicBool,
    /// The last commit was not made.
    failing: AtomicBool,
    /// As long as this file is there, nothing is written.
    stop: Option<PathBuf>,
    size: AtomicU64,
    work: Work,
    changes: Changes,
}

impl State {
    pub(crate) fn starting_at(size: u64, stop: Option<PathBuf>) -> Self {
        Self { size: AtomicU64::new(size), stop, ..Self::default() }
    }

    pub(crate) fn halted(&self) -> bool {
        self.halted.load(Ordering::SeqCst) || self.stop.as_ref().is_some_and(|stop| stop.exists())
    }

    pub(crate) fn failing(&self) -> bool {
        self.failing.load(Ordering::SeqCst)
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

    pub(crate) fn changes(&self, part: &Part) -> u64 {
        self.changes.of(part)
    }
}

/// What waits for the writer.
enum Waiting {
    /// Something to write.
    Errand(Errand, Option<oneshot::Sender<Answered>>),
    /// The store is closed: nobody waits for what comes after.
    Stop,
}

/// What the writer answers: what it has written, or why it has not, with the ticket for another try. An answer that
/// nobody takes drops the ticket, which hands itself in.
type Answered = Result<Receipt, (Problem, Option<Ticket>)>;

/// The way to the writer. Tickets keep one, so that what they owe can always be handed in.
#[derive(Clone, Debug)]
pub(crate) struct Queue {
    sender: mpsc::UnboundedSender<Waiting>,
    /// Batches of changes that wait.
    waiting: Arc<AtomicUsize>,
}

impl Queue {
    /// Whether both lead to the same writer.
    pub(crate) fn is(&self, other: &Self) -> bool {
        self.sender.same_channel(&other.sender)
    }

    /// How many batches of changes wait.
    pub(crate) fn waiting(&self) -> usize {
        self.waiting.load(Ordering::SeqCst)
    }

    /// Hands in a ticket's note for which nobody waits.
    pub(crate) fn abandon(&self, noted: Box<Noted>) {
        let owed = noted.owed();
        let sent =
            owed.is_ok_and(|owed| self.sender.send(Waiting::Errand(Errand::access(owed), None)).is_ok());
        if !sent {
            tracing::error!("an abandoned request left no entry: the writer has ended");
        }
    }

    /// Hands in and waits until it is durable or refused. What only closes a ticket is always taken: the requests at
    /// work bound it.
    async fn send(&self, errand: Errand) -> Answered {
        if errand.changes() && self.waiting.fetch_add(1, Ordering::SeqCst) >= WRITES_WAITING_MAX {
            self.waiting.fetch_sub(1, Ordering::SeqCst);
            let problem = Problem::new(&codes::BUSY).log("write queue is full");
            return Err((problem, errand.noted.map(|noted| Ticket::new(self.clone(), noted))));
        }
        let (answer, answered) = oneshot::channel();
        let ended = || Problem::new(&codes::HALTED).log("writer has ended");
        if self.sender.send(Waiting::Errand(errand, Some(answer))).is_err() {
            return Err((ended(), None));
        }
        answered.await.unwrap_or_else(|_| Err((ended(), None)))
    }
}

/// The callers' end of the writer.
#[derive(Debug)]
pub(crate) struct Writer {
    queue: Queue,
    thread: Option<JoinHandle<()>>,
}

/// Where the journal stands when the writer takes over.
pub(crate) struct Standing {
    pub(crate) edge: Edge,
    /// The time of the last commit.
    pub(crate) last_time: i64,
    /// Accesses before this position are in the index of accesses.
    pub(crate) indexed: i64,
    /// What is going into it next.
    pub(crate) unindexed: Unindexed,
}

impl Writer {
    /// Starts the writer's thread on a connection of its own.
    pub(crate) fn start(
        mut connection: Connection,
        standing: Standing,
        surroundings: Surroundings,
        state: Arc<State>,
        (readers, emergency): (Arc<Readers>, Arc<EmergencyLog>),
    ) -> Result<Self, Problem> {
        let (sender, receiver) = mpsc::unbounded_channel();
        let queue = Queue { sender, waiting: Arc::default() };
        let log = WriteAhead::watch(&mut connection).map_err(|error| database::problem(&error))?;
        let names = BTreeMap::new();
        let queued = queue.clone();
        let mut room =
            Room { connection, standing, names, surroundings, state, readers, log, emergency, queue: queued };
        room.take_in();
        let thread = std::thread::Builder::new()
            .name("journal-writer".to_owned())
            .spawn(move || room.work(receiver))
            .map_err(|error| Problem::new(&codes::BUSY).log(format!("writer thread: {error}")))?;
        Ok(Self { queue, thread: Some(thread) })
    }

    /// The way to the writer.
    pub(crate) fn queue(&self) -> &Queue {
        &self.queue
    }

    /// Hands a batch with its ticket to the writer and waits until both are durable, or the batch is refused.
    pub(crate) async fn append(&self, mut ticket: Ticket, batch: Batch) -> Result<Receipt, Refused> {
        if let Err(problem) = ticket.holds(&self.queue) {
            return Err(Refused { problem, ticket });
        }
        let noted = ticket.take();
        self.queue.send(Errand { batch: Some(Box::new(batch)), noted, owed: None, mark: None }).await.map_err(
            |(problem, ticket)| Refused {
                problem,
                ticket: ticket.unwrap_or_else(|| Ticket::spent(self.queue.clone())),
            },
        )
    }

    /// Hands in a ticket alone.
    pub(crate) async fn close(&self, mut ticket: Ticket) -> Result<Receipt, Problem> {
        ticket.holds(&self.queue)?;
        let owed = ticket.take().map(|noted| noted.owed()).transpose()?;
        self.queue
            .send(Errand { batch: None, noted: None, owed, mark: None })
            .await
            .map_err(|(problem, _)| problem)
    }

    /// Hands in a batch without a ticket.
    pub(crate) async fn append_alone(&self, batch: Batch) -> Result<Receipt, Problem> {
        let errand = Errand { batch: Some(Box::new(batch)), noted: None, owed: None, mark: None };
        self.queue.send(errand).await.map_err(|(problem, _)| problem)
    }
}

impl Drop for Writer {
    /// Lets the writer finish what waits, then waits for its end. Tickets that are still out do not hold it up.
    fn drop(&mut self) {
        // Refused only when its thread has ended already.
        drop(self.queue.sender.send(Waiting::Stop));
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
    standing: Standing,
    names: BTreeMap<String, i64>,
    surroundings: Surroundings,
    state: Arc<State>,
    readers: Arc<Readers>,
    log: WriteAhead,
    emergency: Arc<EmergencyLog>,
    queue: Queue,
}

impl Room {
    fn work(&mut self, mut waiting: mpsc::UnboundedReceiver<Waiting>) {
        // Dropped before the queue is: whoever finds the queue closed finds the flag set.
        let _halt = HaltOnPanic(Arc::clone(&self.state));
        let (mut stopping, mut joined) = (false, 0);
        while let Some(first) = if stopping { rest(&mut waiting) } else { waiting.blocking_recv() } {
            if joined >= BUSY_FROM && !stopping {
                hold_back();
            }
            let mut group = Vec::new();
            let (mut next, mut writes) = (Some(first), 0_usize);
            while let Some(one) = next {
                match one {
                    Waiting::Errand(errand, answer) => {
                        writes = writes.saturating_add(errand.writes());
                        group.push((errand, answer));
                    }
                    Waiting::Stop => stopping = true,
                }
                next = if writes < COMMIT_WRITES_MAX { waiting.try_recv().ok() } else { None };
            }
            joined = group.len();
            self.serve(group);
            self.log.fold_when_long(&self.connection, &self.readers);
        }
        // Nothing waits any more: leave a database without a write-ahead log behind, for copies and backups.
        if !self.state.halted() {
            write_ahead::fold_whole(&self.connection, &self.readers);
        }
    }

    fn serve(&mut self, group: Vec<(Errand, Option<oneshot::Sender<Answered>>)>) {
        let (mut errands, answers): (Vec<Errand>, Vec<_>) = group.into_iter().unzip();
        for _ in errands.iter().filter(|errand| errand.changes()) {
            self.queue.waiting.fetch_sub(1, Ordering::SeqCst);
        }
        let touching: Vec<Touching> = errands.iter().map(touching).collect();
        self.take_in();
        let outcome = self.commit(&mut errands);
        let results: Vec<Result<Receipt, Problem>> = match outcome {
            Ok(results) => results,
            Err(problem) => errands.iter().map(|_| Err(problem.clone())).collect(),
        };
        for (touched, _) in touching.into_iter().zip(&results).filter(|(_, result)| result.is_ok()) {
            self.state.changes.add(touched);
        }
        for ((errand, answer), result) in errands.into_iter().zip(answers).zip(results) {
            let back = |noted| Ticket::new(self.queue.clone(), noted);
            match (result.map_err(|problem| (problem, errand.noted.map(back))), answer) {
                // The caller may have gone away: what it asked for is done all the same, and a ticket that comes back
                // to nobody is dropped, and so abandoned.
                (result, Some(answer)) => drop(answer.send(result)),
                (Ok(_), None) => {}
                (Err((problem, _)), None) => tracing::error!(%problem, "an abandoned request left no entry"),
            }
        }
    }

    /// Takes the looks that were noted while nothing could be written into the journal, if there are any and it can be
    /// written again. What is in the journal is marked there in the same commit, so that no interruption enters a look twice
    /// or not at all.
    fn take_in(&mut self) {
        if !self.emergency.waits() || self.state.halted() {
            return;
        }
        if let Err(problem) = self.take_in_all() {
            self.emergency.keep_waiting();
            tracing::error!(%problem, "the emergency log was not taken in");
        }
    }

    fn take_in_all(&mut self) -> Result<(), Problem> {
        let mark = |name: &str| {
            let sql = "SELECT text FROM note WHERE name = ?1";
            self.connection
                .query_row(sql, [name], |row| row.get(0))
                .optional()
                .map_err(|error| database::problem(&error))
        };
        let mut collected = self.emergency.collect(&self.surroundings.keys.lineage, &mark)?;
        let mut looks = std::mem::take(&mut collected.looks).into_iter().peekable();
        while looks.peek().is_some() {
            let mut errands: Vec<Errand> =
                looks.by_ref().take(COMMIT_WRITES_MAX).map(Errand::of_emergency).collect();
            self.commit(&mut errands)?.into_iter().try_for_each(|result| result.map(|_| ()))?;
        }
        // CRASH: before the files are put away, the marks say that nothing of them is left to enter.
        collected.put_away();
        Ok(())
    }

    fn commit(&mut self, errands: &mut [Errand]) -> Result<Vec<Result<Receipt, Problem>>, Problem> {
        if self.state.halted() {
            return Err(Problem::new(&codes::HALTED).log("writes are halted"));
        }
        let time = self.surroundings.clock.now();
        if time.microseconds() <= self.standing.last_time {
            return Err(self.refuse_clock(time.microseconds()));
        }
        self.state.clock_behind.store(false, Ordering::SeqCst);
        let before = (self.standing.edge.clone(), self.standing.indexed);
        let begun = Instant::now();
        let accesses_only = errands.iter().all(|errand| errand.batch.is_none());
        let outcome = self.write(errands, time);
        if !accesses_only {
            self.readers.overtake();
        }
        match outcome {
            Ok(results) => {
                self.state.failing.store(false, Ordering::SeqCst);
                let size = self.standing.edge.size();
                self.state.work.made(size.saturating_sub(before.0.size()), begun.elapsed());
                if size > before.0.size() {
                    self.standing.last_time = time.microseconds();
                }
                self.state.size.store(size, Ordering::SeqCst);
                Ok(results)
            }
            Err(problem) => {
                (self.standing.edge, self.standing.indexed) = before;
                self.standing.unindexed = Unindexed::unknown();
                self.names.clear();
                self.state.failing.store(true, Ordering::SeqCst);
                self.state.work.undone();
                Err(self.undo(problem))
            }
        }
    }

    fn write(
        &mut self,
        errands: &mut [Errand],
        time: base::Time,
    ) -> Result<Vec<Result<Receipt, Problem>>, Problem> {
        self.run("BEGIN IMMEDIATE").map_err(|error| database::problem(&error))?;
        let mut ledger =
            Ledger::new(&self.connection, &mut self.standing, &mut self.names, &self.surroundings, time);
        let results = commit::write_all(&mut ledger, errands)?;
        // CRASH: before this line nothing of the group is there after a restart; once it returns, all of it is.
        self.run("COMMIT").map_err(|error| commit_failed(&error))?;
        Ok(results)
    }

    fn run(&self, sql: &str) -> rusqlite::Result<usize> {
        self.connection.prepare_cached(sql)?.execute([])
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
        let behind_microseconds = self.standing.last_time.saturating_sub(now);
        if !self.state.clock_behind.swap(true, Ordering::SeqCst) {
            tracing::error!(behind_microseconds, "the clock stands still or runs back: signing stops");
        }
        let (seconds, rest) = (behind_microseconds / 1_000_000, behind_microseconds % 1_000_000);
        Problem::new(&codes::CLOCK)
            .with("seconds", format!("{seconds}.{rest:06}"))
            .log("clock behind the journal")
    }
}

fn touching(errand: &Errand) -> Touching {
    errand.batch.as_deref().map(Touching::of).unwrap_or_default()
}

fn hold_back() {
    let begun = Instant::now();
    // It may wake early.
    while let Some(left) = GATHER.checked_sub(begun.elapsed()).filter(|left| !left.is_zero()) {
        std::thread::park_timeout(left);
    }
}

/// What still waits after the store was closed. Once nothing does, whoever hands something in learns that it is too
/// late.
fn rest(waiting: &mut mpsc::UnboundedReceiver<Waiting>) -> Option<Waiting> {
    waiting.try_recv().ok().or_else(|| {
        waiting.close();
        waiting.try_recv().ok()
    })
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
