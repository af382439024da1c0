//! The encrypted database file of one facility: its tables, how it is opened, what its failures mean.

use crate::{accesses, codes};
use base::Problem;
use rusqlite::config::DbConfig;
use rusqlite::{Connection, ErrorCode, OpenFlags, Transaction, TransactionBehavior};
use seal::DataKey;
use std::path::Path;

/// The format that this program writes: the database's `user_version`.
pub(crate) const FORMAT: i64 = 4;

/// Tables that hold the journal. Rows are only ever added (content may later be disposed of).
const JOURNAL: &str = "
CREATE TABLE entry (position INTEGER PRIMARY KEY, body BLOB NOT NULL) STRICT;
CREATE TABLE content (position INTEGER PRIMARY KEY, salt BLOB NOT NULL, body BLOB NOT NULL) STRICT;
CREATE TABLE subtree (level INTEGER NOT NULL, idx INTEGER NOT NULL, hash BLOB NOT NULL, PRIMARY KEY (level, idx)) STRICT, WITHOUT ROWID;
CREATE TABLE checkpoint (size INTEGER PRIMARY KEY, time INTEGER NOT NULL, note BLOB NOT NULL) STRICT;
CREATE INDEX checkpoint_by_time ON checkpoint (time);
CREATE TABLE import_mark (source TEXT PRIMARY KEY, done INTEGER NOT NULL) STRICT, WITHOUT ROWID;
CREATE TABLE setting (name TEXT PRIMARY KEY, value TEXT NOT NULL) STRICT, WITHOUT ROWID;
";

/// What format 2 adds to format 1.
const SINCE_2: &str = "
CREATE TABLE note (name TEXT PRIMARY KEY, text TEXT NOT NULL) STRICT, WITHOUT ROWID;
";

/// What format 3 adds: who looked at whom, derived from the access entries before the position `access_mark.before`.
const SINCE_3: &str = "
CREATE TABLE access_by_patient (patient TEXT NOT NULL, position INTEGER NOT NULL, PRIMARY KEY (patient, position)) STRICT, WITHOUT ROWID;
CREATE TABLE access_by_account (account TEXT NOT NULL, position INTEGER NOT NULL, PRIMARY KEY (account, position)) STRICT, WITHOUT ROWID;
CREATE TABLE access_mark (id INTEGER PRIMARY KEY CHECK (id = 0), before INTEGER NOT NULL) STRICT;
";

/// What format 4 adds: who did what, derived from the same entries.
const SINCE_4: &str = "
CREATE TABLE access_by_deed (deed TEXT NOT NULL, position INTEGER NOT NULL, PRIMARY KEY (deed, position)) STRICT, WITHOUT ROWID;
";

/// Journals of formats before 3 hold no accesses: there is nothing to go through.
const BEFORE_3: &str = "
INSERT INTO access_mark (id, before) SELECT 0, coalesce(max(position) + 1, 0) FROM entry;
";

/// Tables that are derived from the journal.
const VIEWS: &str = "
CREATE TABLE name (id INTEGER PRIMARY KEY, text TEXT NOT NULL UNIQUE) STRICT;
CREATE TABLE record (key INTEGER PRIMARY KEY, kind INTEGER NOT NULL, id TEXT NOT NULL, version INTEGER NOT NULL, position INTEGER NOT NULL, deleted INTEGER NOT NULL) STRICT;
CREATE UNIQUE INDEX record_by_id ON record (kind, id);
CREATE INDEX record_by_position ON record (kind, position);
CREATE INDEX record_by_kind ON record (kind, key) WHERE deleted = 0;
CREATE TABLE version (position INTEGER PRIMARY KEY, record INTEGER NOT NULL, kind INTEGER NOT NULL, version INTEGER NOT NULL, act INTEGER NOT NULL) STRICT;
CREATE UNIQUE INDEX version_by_record ON version (record, version);
CREATE TABLE version_by_patient (patient BLOB NOT NULL, position INTEGER NOT NULL, PRIMARY KEY (patient, position)) STRICT, WITHOUT ROWID;
CREATE INDEX version_by_kind ON version (kind, position);
CREATE TABLE term (param INTEGER NOT NULL, value BLOB NOT NULL, record INTEGER NOT NULL, PRIMARY KEY (param, value, record)) STRICT, WITHOUT ROWID;
CREATE TABLE term_list (record INTEGER PRIMARY KEY, body BLOB NOT NULL) STRICT;
";

const DROP_VIEWS: &str = "
DROP TABLE IF EXISTS access_mark; DROP TABLE IF EXISTS access_by_deed; DROP TABLE IF EXISTS access_by_account; DROP TABLE IF EXISTS access_by_patient;
DROP TABLE IF EXISTS version_by_patient; DROP TABLE IF EXISTS term_list; DROP TABLE IF EXISTS term; DROP TABLE IF EXISTS version; DROP TABLE IF EXISTS record; DROP TABLE IF EXISTS name;
";

/// How a connection is going to be used.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(crate) enum Use {
    /// A new file: it must not exist yet.
    Create,
    /// The one that writes.
    Write,
    /// One of those that only read.
    Read,
}

/// Opens the file with its key. The file's form is looked at by [`check_format`].
pub(crate) fn open(path: &Path, key: &DataKey, usage: Use) -> Result<Connection, Problem> {
    let access = match usage {
        Use::Create => OpenFlags::SQLITE_OPEN_READ_WRITE | OpenFlags::SQLITE_OPEN_CREATE,
        // A reader also opens for writing: a WAL database cannot be recovered by a read-only connection.
        Use::Write | Use::Read => OpenFlags::SQLITE_OPEN_READ_WRITE,
    };
    if usage != Use::Create && !path.is_file() {
        return Err(Problem::new(&codes::FILE).with("file", path.display()).with("reason", "not there"));
    }
    if usage != Use::Create && length(path)? < PAGE_BYTES {
        // SQLite would take an empty file for a new database and begin to write one.
        return Err(
            Problem::new(&codes::CORRUPT).with("what", format!("{} is empty or cut off", path.display()))
        );
    }
    let opened = Connection::open_with_flags(path, access | OpenFlags::SQLITE_OPEN_NO_MUTEX);
    let connection = opened.map_err(|error| problem(&error))?;
    // What goes wrong is reported by us, in words that say what to do, and nowhere else.
    connection.pragma_update(None, "cipher_log_level", "NONE").map_err(|error| problem(&error))?;
    let key = key.sqlcipher_key();
    connection.pragma_update(None, "key", key.reveal()).map_err(|error| problem(&error))?;
    // SHA-256 has instructions of its own on the processors in use; SQLCipher's default, SHA-512, has not.
    connection
        .pragma_update(None, "cipher_hmac_algorithm", "HMAC_SHA256")
        .map_err(|error| problem(&error))?;
    connection.query_row("SELECT count(*) FROM sqlite_schema", [], |_| Ok(())).map_err(
        |error| match error.sqlite_error_code() {
            Some(ErrorCode::NotADatabase) => {
                Problem::new(&codes::WRONG_KEY).with("file", path.display()).log("the database does not open")
            }
            _ => problem(&error),
        },
    )?;
    configure(&connection, usage).map_err(|error| problem(&error))?;
    Ok(connection)
}

/// Pages in the write-ahead log from which it is folded into the database: 64 MiB.
pub(crate) const WRITE_AHEAD_PAGES: i32 = 16_000;

/// Bytes in a page, and so in the smallest database there can be.
const PAGE_BYTES: u64 = 4_096;

fn length(path: &Path) -> Result<u64, Problem> {
    path.metadata().map(|file| file.len()).map_err(|error| crate::disk::file_problem(path, &error))
}

fn configure(connection: &Connection, usage: Use) -> rusqlite::Result<()> {
    connection.pragma_update_and_check(None, "journal_mode", "WAL", |_| Ok(()))?;
    // Every commit waits for the disk.
    connection.pragma_update(None, "synchronous", "FULL")?;
    connection.pragma_update(None, "temp_store", "MEMORY")?;
    connection.pragma_update(None, "trusted_schema", false)?;
    // Plans do not depend on bound values: without this, SQLite prepares statements anew when a value is bound.
    connection.set_db_config(DbConfig::SQLITE_DBCONFIG_ENABLE_QPSG, true)?;
    connection.busy_timeout(std::time::Duration::from_secs(5))?;
    connection.set_prepared_statement_cache_capacity(64);
    let cache_kibibytes = if usage == Use::Read { 32 * 1024 } else { 128 * 1024 };
    connection.pragma_update(None, "cache_size", -cache_kibibytes)?;
    connection.pragma_update(None, "wal_autocheckpoint", WRITE_AHEAD_PAGES)?;
    if usage == Use::Read {
        connection.pragma_update(None, "query_only", true)?;
    }
    Ok(())
}

/// Makes the tables of a new file.
pub(crate) fn create_tables(connection: &Connection) -> Result<(), Problem> {
    connection
        .execute_batch(&format!("{JOURNAL}{SINCE_2}{SINCE_3}{SINCE_4}{VIEWS}PRAGMA user_version = {FORMAT};"))
        .map_err(|error| problem(&error))
}

/// Drops the views and makes them anew, empty.
pub(crate) fn clear_views(connection: &Connection) -> Result<(), Problem> {
    connection
        .execute_batch(&format!("{DROP_VIEWS}{SINCE_3}{SINCE_4}{VIEWS}"))
        .map_err(|error| problem(&error))
}

/// Refuses a file whose format this program does not know. Those of earlier releases are known.
pub(crate) fn check_format(connection: &Connection, path: &Path) -> Result<(), Problem> {
    let found = format(connection)?;
    if (1..=FORMAT).contains(&found) {
        return Ok(());
    }
    Err(Problem::new(&codes::FORMAT).with("file", path.display()).with("found", found).with("known", FORMAT))
}

/// Brings a file of an earlier release to the format that is written now. Nothing that is there is changed.
pub(crate) fn upgrade(connection: &Connection, path: &Path) -> Result<(), Problem> {
    check_format(connection, path)?;
    let since = match format(connection)? {
        FORMAT => return Ok(()),
        1 => [SINCE_2, SINCE_3, BEFORE_3, SINCE_4].concat(),
        2 => [SINCE_3, BEFORE_3, SINCE_4].concat(),
        _ => SINCE_4.to_owned(),
    };
    // CRASH: one transaction; until it is on the disk the file is of the earlier format.
    let run = |sql: &str| connection.execute_batch(sql).map_err(|error| problem(&error));
    at_once(connection, || {
        run(&since)?;
        accesses::index_deeds(connection, accesses::indexed(connection)?)?;
        run(&format!("PRAGMA user_version = {FORMAT}"))
    })
}

/// Does all of it in one transaction, or nothing. What went wrong is told as it was, also where `SQLite` has already undone
/// the transaction by itself, as on a full disk.
pub(crate) fn at_once<T>(
    connection: &Connection,
    work: impl FnOnce() -> Result<T, Problem>,
) -> Result<T, Problem> {
    let transaction = Transaction::new_unchecked(connection, TransactionBehavior::Immediate);
    let transaction = transaction.map_err(|error| problem(&error))?;
    let done = work()?;
    transaction.commit().map_err(|error| problem(&error))?;
    Ok(done)
}

/// Whether the file has a table.
pub(crate) fn has_table(connection: &Connection, name: &str) -> Result<bool, Problem> {
    connection
        .query_row("SELECT EXISTS (SELECT 1 FROM sqlite_schema WHERE name = ?1)", [name], |row| row.get(0))
        .map_err(|error| problem(&error))
}

fn format(connection: &Connection) -> Result<i64, Problem> {
    connection.pragma_query_value(None, "user_version", |row| row.get(0)).map_err(|error| problem(&error))
}

/// How many indexes of accesses a file of its format has.
pub(crate) fn access_indexes(connection: &Connection) -> Result<usize, Problem> {
    Ok(match format(connection)? {
        ..3 => 0,
        3 => 2,
        _ => 3,
    })
}

/// What a failure of the database means. Its text may quote SQL, never a value.
pub(crate) fn problem(error: &rusqlite::Error) -> Problem {
    let line = match error {
        rusqlite::Error::SqliteFailure(failure, _) => format!("sqlite: {failure}"),
        rusqlite::Error::QueryReturnedNoRows => "a row is missing".to_owned(),
        _ => "the database answered in an unexpected form".to_owned(),
    };
    match error.sqlite_error_code() {
        Some(ErrorCode::DiskFull) => Problem::new(&codes::FULL).log(line),
        Some(ErrorCode::DatabaseCorrupt | ErrorCode::NotADatabase) => {
            Problem::new(&codes::CORRUPT).with("what", "SQLite").log(line)
        }
        _ => Problem::new(&codes::DATABASE).log(line),
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_file_of_an_earlier_format_is_brought_to_the_format_of_today() {
        for (tables, format) in [(JOURNAL.to_owned(), 1), ([JOURNAL, SINCE_2].concat(), 2)] {
            upgrades(&format!("{tables}{VIEWS}PRAGMA user_version = {format};"));
        }
    }

    fn upgrades(tables: &str) {
        let folder = tempfile::tempdir().unwrap();
        let path = folder.path().join("old.db");
        let key = DataKey::from_bytes(&[7; 32]).unwrap();
        let old = open(&path, &key, Use::Create).unwrap();
        old.execute_batch(tables).unwrap();
        old.execute("INSERT INTO entry VALUES (6, x'00')", []).unwrap();
        old.execute("INSERT INTO setting VALUES ('index_edition', 'kept')", []).unwrap();
        check_format(&old, &path).unwrap();
        for _ in 0..2 {
            upgrade(&old, &path).unwrap();
            assert_eq!(format(&old).unwrap(), FORMAT);
        }
        assert_eq!(crate::reindex::edition(&old).unwrap(), "kept");
        old.execute("INSERT INTO note VALUES ('a', 'b')", []).unwrap();
        assert_eq!(accesses::indexed(&old).unwrap(), 7);
    }

    #[test]
    fn what_fails_in_a_transaction_leaves_nothing_and_is_told_as_it_was() {
        let folder = tempfile::tempdir().unwrap();
        let path = folder.path().join("full.db");
        let connection = open(&path, &DataKey::from_bytes(&[7; 32]).unwrap(), Use::Create).unwrap();
        connection.execute_batch("CREATE TABLE kept (a TEXT)").unwrap();
        connection.pragma_update(None, "max_page_count", 8).unwrap();
        let fill = "WITH RECURSIVE n (i) AS (SELECT 1 UNION ALL SELECT i + 1 FROM n WHERE i < 1000)
                    INSERT INTO kept SELECT hex(randomblob(200)) FROM n";
        for undone_already in [false, true] {
            let failed = at_once(&connection, || {
                let full = connection.execute_batch(fill).map_err(|error| problem(&error));
                if undone_already && !connection.is_autocommit() {
                    connection.execute_batch("ROLLBACK").unwrap();
                }
                full
            });
            assert_eq!(failed.unwrap_err().code(), &codes::FULL);
            let left: i64 = connection.query_row("SELECT count(*) FROM kept", [], |row| row.get(0)).unwrap();
            assert_eq!(left, 0);
        }
        at_once(&connection, || Ok(connection.execute("INSERT INTO kept VALUES ('x')", []).unwrap()))
            .unwrap();
    }

    #[test]
    fn a_file_of_a_later_format_is_refused() {
        let folder = tempfile::tempdir().unwrap();
        let path = folder.path().join("new.db");
        let later = open(&path, &DataKey::from_bytes(&[7; 32]).unwrap(), Use::Create).unwrap();
        later.execute_batch(&format!("PRAGMA user_version = {}", FORMAT + 1)).unwrap();
        assert_eq!(upgrade(&later, &path).unwrap_err().code(), &codes::FORMAT);
    }
}
