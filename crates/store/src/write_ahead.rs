//! The write-ahead log: when the writer folds it into the database, and how it gets the readers out of the way.
//!
//! SQLite begins the log anew only when a write comes while all of it is folded in and nobody reads from it. Readers that
//! keep their transactions would let it grow for ever, so they are asked to end them.

use crate::database::{WRITE_AHEAD_PAGES, problem};
use crate::readers::Readers;
use rusqlite::wal::CheckpointMode;
use rusqlite::{Connection, MAIN_DB};
use std::sync::Arc;
use std::sync::atomic::{AtomicI32, Ordering};

/// Pages after which it is tried again when a reader stood in the way.
const AGAIN_AFTER: i32 = 1_000;

/// How long the log is, as the writer's connection learns with each commit.
#[derive(Debug)]
pub(crate) struct WriteAhead {
    pages: Arc<AtomicI32>,
    /// It is folded in when it is longer than this.
    due: i32,
}

impl WriteAhead {
    /// From now on the connection folds in only when it is told to.
    pub(crate) fn watch(connection: &mut Connection) -> rusqlite::Result<Self> {
        let pages = Arc::new(AtomicI32::new(0));
        let told = Arc::clone(&pages);
        connection.wal_hook(Some(move |_: &mut _, pages| {
            told.store(pages, Ordering::Relaxed);
            Ok(())
        }))?;
        Ok(Self { pages, due: WRITE_AHEAD_PAGES })
    }

    /// Between commits.
    pub(crate) fn fold_when_long(&mut self, connection: &Connection, readers: &Readers) {
        let pages = self.pages.load(Ordering::Relaxed);
        if pages < self.due {
            return;
        }
        // Most of it while others read, the rest while nobody does.
        readers.release();
        let fold = || fold(connection, CheckpointMode::PASSIVE);
        let whole = fold() && readers.pause(fold).unwrap_or(false);
        // The next commit begins the log anew, unless somebody outside reads from it.
        self.due = if whole { WRITE_AHEAD_PAGES } else { pages.saturating_add(AGAIN_AFTER) };
        self.pages.store(0, Ordering::Relaxed);
    }
}

/// When nothing more will be written: leaves no log behind, unless somebody outside reads from it.
pub(crate) fn fold_whole(connection: &Connection, readers: &Readers) {
    let fold = || fold(connection, CheckpointMode::TRUNCATE);
    if !readers.pause(fold).unwrap_or_else(fold) {
        tracing::info!("the write-ahead log stays beside the database: somebody reads from it");
    }
}

/// Whether nothing is left to fold in. What fails is tried again later; nothing that is durable depends on it.
fn fold(connection: &Connection, mode: CheckpointMode) -> bool {
    match connection.wal_checkpoint_v2(Some(MAIN_DB), mode) {
        Ok((pages, folded)) => pages == folded,
        Err(error) => {
            tracing::warn!(problem = %problem(&error), "the write-ahead log was not folded in");
            false
        }
    }
}
