//! Connections that only read, lent one at a time; the one used last is lent first, since its cache is warm.

use crate::database::{self, Use, problem};
use crate::snapshot::Snapshot;
use base::Problem;
use rusqlite::Connection;
use seal::DataKey;
use std::path::Path;
use std::sync::{Condvar, Mutex, PoisonError};

/// The pool.
#[derive(Debug)]
pub(crate) struct Readers {
    idle: Mutex<Vec<Connection>>,
    returned: Condvar,
}

impl Readers {
    pub(crate) fn open(path: &Path, key: &DataKey, count: usize) -> Result<Self, Problem> {
        let idle = (0..count).map(|_| database::open(path, key, Use::Read)).collect::<Result<Vec<_>, _>>()?;
        if let Some(first) = idle.first() {
            database::check_format(first, path)?;
        }
        Ok(Self { idle: Mutex::new(idle), returned: Condvar::new() })
    }

    /// Lends a connection to `look` within one read transaction, waiting for one to come back when all are out.
    pub(crate) fn with<T, E: From<Problem>>(
        &self,
        look: impl FnOnce(&Snapshot<'_>) -> Result<T, E>,
    ) -> Result<T, E> {
        let connection = self.take();
        let result = within_transaction(&connection, look);
        self.idle.lock().unwrap_or_else(PoisonError::into_inner).push(connection);
        self.returned.notify_one();
        result
    }

    fn take(&self) -> Connection {
        let mut idle = self.idle.lock().unwrap_or_else(PoisonError::into_inner);
        loop {
            if let Some(connection) = idle.pop() {
                return connection;
            }
            idle = self.returned.wait(idle).unwrap_or_else(PoisonError::into_inner);
        }
    }
}

/// All that `look` reads is of one moment.
fn within_transaction<T, E: From<Problem>>(
    connection: &Connection,
    look: impl FnOnce(&Snapshot<'_>) -> Result<T, E>,
) -> Result<T, E> {
    let run = |sql: &str| {
        connection
            .prepare_cached(sql)
            .and_then(|mut statement| statement.execute([]))
            .map_err(|error| problem(&error))
    };
    run("BEGIN")?;
    let result = look(&Snapshot::over(connection));
    run("COMMIT")?;
    result
}
