//! Connections that only read, lent one at a time; the one used last is lent first, since its cache is warm.
//!
//! SQLite empties a connection's cache when it begins a transaction after somebody has written, also when that was
//! nothing but an access entry. So a reader keeps its transaction from one loan to the next, until the writer says that
//! the moment it shows is overtaken. What is kept may lack access entries of the last moments, and nothing else;
//! whoever looks for those asks for the newest moment.

use crate::database::{self, Use, problem};
use crate::snapshot::{Newest, Snapshot};
use base::Problem;
use rusqlite::Connection;
use seal::DataKey;
use std::path::Path;
use std::sync::atomic::{AtomicU64, Ordering};
use std::sync::{Condvar, Mutex, MutexGuard, PoisonError};
use std::time::Duration;

/// How long the writer waits for readers to come back before it folds the write-ahead log in. Longer searches go on, and
/// it tries again later.
const PAUSE_MOST: Duration = Duration::from_millis(50);

/// Whether readers keep their transactions.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(crate) enum Keep {
    /// Somebody tells when what they show is overtaken.
    UntilOvertaken,
    /// Another process writes.
    Nothing,
}

/// The pool.
#[derive(Debug)]
pub(crate) struct Readers {
    pool: Mutex<Pool>,
    returned: Condvar,
    count: usize,
    keep: Keep,
    /// Raised when what readers show is overtaken.
    generation: AtomicU64,
}

#[derive(Debug)]
struct Pool {
    idle: Vec<Reader>,
    /// Nobody is lent a reader.
    paused: bool,
}

#[derive(Debug)]
struct Reader {
    connection: Connection,
    /// The generation that its open transaction is at least of; none when none is kept.
    kept: Option<u64>,
}

impl Readers {
    pub(crate) fn open(path: &Path, key: &DataKey, count: usize, keep: Keep) -> Result<Self, Problem> {
        let reader =
            |_| database::open(path, key, Use::Read).map(|connection| Reader { connection, kept: None });
        let idle = (0..count).map(reader).collect::<Result<Vec<_>, _>>()?;
        if let Some(first) = idle.first() {
            database::check_format(&first.connection, path)?;
        }
        let pool = Mutex::new(Pool { idle, paused: false });
        Ok(Self { pool, returned: Condvar::new(), count, keep, generation: AtomicU64::new(0) })
    }

    /// Shows a moment in which everything stands that was acknowledged before the call, except perhaps access entries.
    /// Waits for a reader to come back when all are out.
    pub(crate) fn with<T, E: From<Problem>>(
        &self,
        look: impl FnOnce(&Snapshot<'_>) -> Result<T, E>,
    ) -> Result<T, E> {
        self.lend().look(false, look)
    }

    /// Shows a moment in which everything stands that was acknowledged before the call.
    pub(crate) fn with_newest<T, E: From<Problem>>(
        &self,
        look: impl FnOnce(&Newest<'_>) -> Result<T, E>,
    ) -> Result<T, E> {
        self.lend().look(true, |snapshot| look(&Newest::of(snapshot)))
    }

    /// What readers show is overtaken. To be said after a commit and before anybody hears of it.
    pub(crate) fn overtake(&self) {
        self.generation.fetch_add(1, Ordering::SeqCst);
    }

    /// Ends what readers keep that are not out; the others end theirs when they come back.
    pub(crate) fn release(&self) {
        self.overtake();
        self.pool().idle.iter_mut().for_each(Reader::release);
    }

    /// Does something while no transaction is open here; none when a reader stays out for long.
    pub(crate) fn pause<T>(&self, work: impl FnOnce() -> T) -> Option<T> {
        self.overtake();
        let mut pool = self.pool();
        pool.paused = true;
        let all_back = |pool: &mut Pool| pool.idle.len() < self.count;
        let waited = self.returned.wait_timeout_while(pool, PAUSE_MOST, all_back);
        (pool, _) = waited.unwrap_or_else(PoisonError::into_inner);
        pool.idle.iter_mut().for_each(Reader::release);
        let done = (pool.idle.len() == self.count).then(work);
        pool.paused = false;
        drop(pool);
        self.returned.notify_all();
        done
    }

    fn pool(&self) -> MutexGuard<'_, Pool> {
        self.pool.lock().unwrap_or_else(PoisonError::into_inner)
    }

    fn lend(&self) -> Lent<'_> {
        let mut pool = self.pool();
        loop {
            if !pool.paused
                && let Some(reader) = pool.idle.pop()
            {
                return Lent { readers: self, reader: Some(reader) };
            }
            pool = self.returned.wait(pool).unwrap_or_else(PoisonError::into_inner);
        }
    }

    fn take_back(&self, mut reader: Reader) {
        let mut pool = self.pool();
        if reader.kept != Some(self.generation.load(Ordering::SeqCst)) {
            reader.release();
        }
        pool.idle.push(reader);
        let paused = pool.paused;
        drop(pool);
        if paused { self.returned.notify_all() } else { self.returned.notify_one() }
    }
}

impl Reader {
    /// All that `look` reads is of one moment.
    fn look<T, E: From<Problem>>(
        &mut self,
        begin: bool,
        generation: u64,
        look: impl FnOnce(&Snapshot<'_>) -> Result<T, E>,
    ) -> Result<T, E> {
        if begin {
            self.release();
            self.run("BEGIN").map_err(|error| problem(&error))?;
        }
        // Not kept when `look` panics.
        self.kept = None;
        let result = look(&Snapshot::over(&self.connection));
        // Some failures end a transaction.
        self.kept = (!self.connection.is_autocommit()).then_some(generation);
        result
    }

    /// Ends its transaction, if there is one.
    fn release(&mut self) {
        self.kept = None;
        if !self.connection.is_autocommit()
            && let Err(error) = self.run("ROLLBACK")
        {
            tracing::error!(problem = %problem(&error), "a reader's transaction does not end");
        }
    }

    fn run(&self, sql: &str) -> rusqlite::Result<usize> {
        self.connection.prepare_cached(sql)?.execute([])
    }
}

/// A reader that is out; it comes back whatever happens.
struct Lent<'a> {
    readers: &'a Readers,
    /// None once it is back.
    reader: Option<Reader>,
}

impl Lent<'_> {
    fn look<T, E: From<Problem>>(
        mut self,
        newest: bool,
        look: impl FnOnce(&Snapshot<'_>) -> Result<T, E>,
    ) -> Result<T, E> {
        // Read before the transaction begins: it shows at least what was overtaken by then.
        let generation = self.readers.generation.load(Ordering::SeqCst);
        let keep = self.readers.keep;
        let Some(reader) = &mut self.reader else {
            return Err(Problem::new(&crate::codes::BUSY).log("a reader was lent twice").into());
        };
        let begin = newest || reader.kept != Some(generation);
        let result = reader.look(begin, generation, look);
        if keep == Keep::Nothing {
            reader.release();
        }
        result
    }
}

impl Drop for Lent<'_> {
    fn drop(&mut self) {
        if let Some(reader) = self.reader.take() {
            self.readers.take_back(reader);
        }
    }
}
