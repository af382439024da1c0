//! The indexes of access entries: by patient, by account and by deed.
//!
//! They are no part of a read's way: rows are put in in bulk, in a commit that is made anyway, whenever enough entries are
//! behind; what is not in them yet is looked at directly.

use super::Deed;
use crate::actor::Actor;
use crate::commit::{Ledger, number};
use crate::database::problem as db;
use access::{Access, AccessWho, Decided, Ended};
use base::Problem;
use rusqlite::{Connection, OptionalExtension, params};
use serde::Deserialize;
use std::borrow::Cow;
use std::collections::BTreeSet;

/// Entries that may be behind the index: looking at them directly takes milliseconds.
const BEHIND_MOST: i64 = 4_096;

/// Entries whose rows are held in memory at a time.
const READ_MOST: i64 = 65_536;

/// The accounts that an entry is found by.
pub(super) fn accounts_of<'a>(actor: &'a Actor, device: Option<&'a str>) -> BTreeSet<&'a str> {
    [Some(actor.id.as_str()), device].into_iter().flatten().collect()
}

/// The rows that an entry has in the indexes: by patient, by account, and by deed.
pub(crate) fn rows<'a>(actor: &'a Actor, access: &'a Access) -> [BTreeSet<Cow<'a, str>>; 3] {
    let borrowed = |names: BTreeSet<&'a str>| names.into_iter().map(Cow::Borrowed).collect();
    let patients = access.patients.iter().map(String::as_str).collect();
    let accounts = accounts_of(actor, access.who.device.as_deref());
    [borrowed(patients), borrowed(accounts), BTreeSet::from([Cow::Owned(Deed::of(access).key())])]
}

/// Accesses before this position are in the indexes.
pub(crate) fn indexed(connection: &Connection) -> Result<i64, Problem> {
    let mark: Option<i64> = connection
        .prepare_cached("SELECT before FROM access_mark WHERE id = 0")
        .and_then(|mut statement| statement.query_row([], |row| row.get(0)).optional())
        .map_err(|error| db(&error))?;
    Ok(mark.unwrap_or(0))
}

/// The names by which an entry is found, each with the number of its index.
#[derive(Debug)]
pub(crate) struct Names(Vec<(usize, String)>);

impl Names {
    pub(crate) fn of(actor: &Actor, access: &Access) -> Self {
        let rows = rows(actor, access).into_iter().enumerate();
        Self(
            rows.flat_map(|(index, names)| names.into_iter().map(move |name| (index, name.into_owned())))
                .collect(),
        )
    }
}

/// Rows that are going into the indexes.
#[derive(Debug, Default)]
struct Rows([Vec<(String, i64)>; 3]);

impl Rows {
    fn add(&mut self, position: i64, Names(names): Names) {
        for (index, name) in names {
            if let Some(rows) = self.0.get_mut(index) {
                rows.push((name, position));
            }
        }
    }
}

/// What is not in the indexes yet, as far as the writer has it in memory. The journal is what counts: after a start, and
/// after a commit that was undone, it is read from there.
#[derive(Debug)]
pub(crate) struct Unindexed(Option<(i64, Rows)>);

impl Unindexed {
    pub(crate) fn unknown() -> Self {
        Self(None)
    }

    /// An entry that was written.
    pub(crate) fn add(&mut self, position: i64, names: Names) {
        if let Some((_, rows)) = &mut self.0 {
            rows.add(position, names);
        }
    }

    /// Everything since the place where the indexes end, if it is all there. From now on they end at `until`.
    fn take(&mut self, indexed: i64, until: i64) -> Option<Rows> {
        let taken = self.0.replace((until, Rows::default()));
        taken.filter(|(since, _)| *since == indexed).map(|(_, rows)| rows)
    }
}

/// Within a commit: brings the indexes up to its end, when they are far enough behind.
pub(crate) fn keep_up(ledger: &mut Ledger<'_>) -> Result<(), Problem> {
    let size = number(ledger.standing.edge.size())?;
    if size.saturating_sub(ledger.standing.indexed) >= BEHIND_MOST {
        let from = ledger.standing.indexed;
        match ledger.standing.unindexed.take(from, size) {
            Some(rows) => put(ledger.connection, rows, size)?,
            None => index(ledger.connection, from, size)?,
        }
        ledger.standing.indexed = size;
    }
    Ok(())
}

/// Of an entry, what the indexes look at.
#[derive(Deserialize)]
struct Acting {
    actor: Actor,
}

/// Of its content.
#[derive(Deserialize)]
struct Noted {
    #[serde(default)]
    patients: Vec<String>,
    #[serde(default)]
    who: Through,
    #[serde(default)]
    action: String,
    #[serde(default)]
    decided: Decided,
    status: u16,
    #[serde(default)]
    ended: Ended,
}

#[derive(Default, Deserialize)]
struct Through {
    #[serde(default)]
    device: Option<String>,
}

fn names(entry: &[u8], content: &[u8]) -> serde_json::Result<Names> {
    let (acting, noted): (Acting, Noted) = (serde_json::from_slice(entry)?, serde_json::from_slice(content)?);
    let Noted { patients, who, action, decided, status, ended } = noted;
    let who = AccessWho { device: who.device, ..AccessWho::default() };
    let access = Access { patients, who, action, decided, status, ended, ..Access::default() };
    Ok(Names::of(&acting.actor, &access))
}

/// Puts the accesses from one position to before another into the indexes, and notes how far they go.
pub(crate) fn index(connection: &Connection, from: i64, until: i64) -> Result<(), Problem> {
    put(connection, read(connection, from, until)?, until)
}

/// Puts the accesses before a position into the index by deed alone: files of format 3 lack it.
pub(crate) fn index_deeds(connection: &Connection, until: i64) -> Result<(), Problem> {
    let mut from = 0;
    while from < until {
        let next = until.min(from.saturating_add(READ_MOST));
        let Rows([_, _, deeds]) = read(connection, from, next)?;
        insert(connection, BY_DEED, deeds)?;
        from = next;
    }
    Ok(())
}

fn read(connection: &Connection, from: i64, until: i64) -> Result<Rows, Problem> {
    let mut rows = Rows::default();
    let mut statement = connection
        .prepare_cached(
            "SELECT e.position, e.body, c.body FROM entry e JOIN content c ON c.position = e.position
             WHERE e.position >= ?1 AND e.position < ?2
             AND NOT EXISTS (SELECT 1 FROM version WHERE version.position = e.position) ORDER BY e.position",
        )
        .map_err(|error| db(&error))?;
    let mut found = statement.query(params![from, until]).map_err(|error| db(&error))?;
    while let Some(row) = found.next().map_err(|error| db(&error))? {
        let read =
            || -> rusqlite::Result<(i64, Vec<u8>, Vec<u8>)> { Ok((row.get(0)?, row.get(1)?, row.get(2)?)) };
        let (position, entry, content) = read().map_err(|error| db(&error))?;
        // What cannot be read is found by verification; it must not keep everybody from writing.
        let Ok(names) = names(&entry, &content) else {
            tracing::error!(position, "an access entry cannot be read");
            continue;
        };
        rows.add(position, names);
    }
    Ok(rows)
}

const BY_PATIENT: &str = "INSERT INTO access_by_patient (patient, position) VALUES (?1, ?2)";
const BY_ACCOUNT: &str = "INSERT INTO access_by_account (account, position) VALUES (?1, ?2)";
const BY_DEED: &str = "INSERT INTO access_by_deed (deed, position) VALUES (?1, ?2)";

/// Puts rows into the indexes, and notes that they go up to before `until`.
fn put(connection: &Connection, Rows(rows): Rows, until: i64) -> Result<(), Problem> {
    for (sql, rows) in [BY_PATIENT, BY_ACCOUNT, BY_DEED].into_iter().zip(rows) {
        insert(connection, sql, rows)?;
    }
    connection
        .prepare_cached("INSERT INTO access_mark (id, before) VALUES (0, ?1) ON CONFLICT (id) DO UPDATE SET before = excluded.before")
        .and_then(|mut statement| statement.execute([until]))
        .map_err(|error| db(&error))?;
    Ok(())
}

/// Inserts rows in their order, so that neighbours meet the same pages.
fn insert(connection: &Connection, sql: &str, mut rows: Vec<(String, i64)>) -> Result<(), Problem> {
    rows.sort_unstable();
    let mut statement = connection.prepare_cached(sql).map_err(|error| db(&error))?;
    for (name, position) in rows {
        statement.execute(params![name, position]).map_err(|error| db(&error))?;
    }
    Ok(())
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::actor::ActorKind;
    use crate::facility::FacilityKeys;
    use crate::{Store, Term, VerifyOptions, World, database, open, verify_data};
    use base::{FacilityId, ManualClock, SeededEntropy, Time};
    use seal::MasterKey;
    use std::path::Path;
    use std::sync::Arc;

    #[derive(Debug)]
    struct Nothing;

    impl crate::Indexer for Nothing {
        fn edition(&self) -> &'static str {
            "nothing-1"
        }

        fn terms(&self, _: &[u8]) -> Result<Vec<Term>, Problem> {
            Ok(Vec::new())
        }
    }

    /// A facility with accesses, 40 in a commit: those of the first commits are in the index.
    fn filled(data: &Path, facility: &FacilityId, master: &MasterKey) {
        let entropy = Arc::new(SeededEntropy::new(1));
        let clock = Arc::new(ManualClock::new(Time::from_microseconds(1), 1));
        let world = World { clock, entropy, indexer: Arc::new(Nothing) };
        Store::create(data, facility, master, &world).unwrap();
        let store = Store::open(data, facility, master, &world).unwrap();
        for number in 0..BEHIND_MOST + 76 {
            let patients = vec![format!("p{}", number % 9)];
            let access = Access { v: 1, patients, ..Access::default() };
            drop(store.ticket(Actor::new(ActorKind::Person, "hana"), access).unwrap());
        }
    }

    #[test]
    fn an_index_of_accesses_that_tells_otherwise_than_the_journal_is_found() {
        let folder = tempfile::tempdir().unwrap();
        let (data, facility) = (folder.path(), FacilityId::parse("sakura").unwrap());
        let master = MasterKey::generate(&SeededEntropy::new(2)).unwrap();
        filled(data, &facility, &master);
        let options = VerifyOptions { since: None, progress: &|_, _| () };
        let verify = || verify_data(data, &facility, &master, &Nothing, &options);
        verify().unwrap();
        let keys = FacilityKeys::read(data, &facility, &master).unwrap();
        let path = open::database_path(data, &facility);
        let connection = database::open(&path, &keys.data_key, database::Use::Write).unwrap();
        let mark = indexed(&connection).unwrap();
        assert!((BEHIND_MOST..=BEHIND_MOST + 77).contains(&mark), "{mark}");
        for change in [
            "DELETE FROM access_by_patient WHERE position = 17",
            "DELETE FROM access_by_account WHERE position = 17",
            "UPDATE access_by_patient SET patient = 'p99' WHERE position = 17",
            "UPDATE access_by_account SET position = 5000 WHERE position = 17",
            "INSERT INTO access_by_patient VALUES ('p99', 17)",
            "INSERT INTO access_by_account SELECT 'taro', position FROM access_by_account WHERE position = 17",
            "DELETE FROM access_by_deed WHERE position = 17",
            "UPDATE access_by_deed SET deed = 'read!' WHERE position = 17",
            "INSERT INTO access_by_deed VALUES ('read', 17)",
            "UPDATE access_mark SET before = before - 1",
            "UPDATE access_mark SET before = 1000000",
            "UPDATE access_mark SET before = -1",
            "DELETE FROM access_mark",
        ] {
            connection.execute_batch(change).unwrap();
            let problem = verify().unwrap_err();
            assert_eq!(problem.code(), &crate::codes::VIEW, "{change}: {problem}");
            Store::reindex(data, &facility, &master, &Nothing, &|_, _| ()).unwrap();
            verify().unwrap();
        }
    }

    #[test]
    fn a_file_of_format_3_is_verified_as_it_is_and_gets_the_index_by_deed_when_it_is_opened() {
        let folder = tempfile::tempdir().unwrap();
        let (data, facility) = (folder.path(), FacilityId::parse("sakura").unwrap());
        let master = MasterKey::generate(&SeededEntropy::new(2)).unwrap();
        filled(data, &facility, &master);
        let options = VerifyOptions { since: None, progress: &|_, _| () };
        let verify = || verify_data(data, &facility, &master, &Nothing, &options);
        let keys = FacilityKeys::read(data, &facility, &master).unwrap();
        let path = open::database_path(data, &facility);
        let connect = || database::open(&path, &keys.data_key, database::Use::Write).unwrap();
        let rows = || -> Vec<(String, i64)> {
            let connection = connect();
            let mut all = connection.prepare("SELECT deed, position FROM access_by_deed").unwrap();
            all.query_map([], |row| Ok((row.get(0)?, row.get(1)?))).unwrap().map(Result::unwrap).collect()
        };
        let before = rows();
        assert!(before.len() > 4_000, "{}", before.len());
        connect().execute_batch("DROP TABLE access_by_deed; PRAGMA user_version = 3").unwrap();
        verify().unwrap();
        database::upgrade(&connect(), &path).unwrap();
        assert_eq!(rows(), before);
        verify().unwrap();
    }
}
