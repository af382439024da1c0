//! Access entries, read again: who looked at whom (formats, section 9).
//!
//! An index by patient and one by account answer that. They are no part of a read's way: rows are put in in bulk, in a
//! commit that is made anyway, whenever enough entries are behind; what is not in them yet is looked at directly.

use crate::actor::Actor;
use crate::commit::{Ledger, number};
use crate::database::problem as db;
use crate::entry::{Entry, EntryKind};
use crate::search::TimeRange;
use crate::snapshot::{Newest, Snapshot, damaged, limit};
use crate::strict;
use access::{Access, AuditPermit};
use base::limits::JSON_DEPTH_MAX;
use base::{Position, Problem, Time};
use rusqlite::{Connection, OptionalExtension, params};
use serde::Deserialize;
use std::borrow::Cow;
use std::collections::BTreeSet;

/// Entries that may be behind the index: looking at them directly takes milliseconds.
const BEHIND_MOST: i64 = 4_096;
/// Positions read at a time.
const CHUNK: usize = 256;

/// An access entry of the journal.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Accessed {
    /// Where it stands.
    pub position: Position,
    /// When it was written.
    pub time: Time,
    /// Who.
    pub actor: Actor,
    /// What it says.
    pub access: Access,
}

impl Accessed {
    /// When it happened: before it was written, where nothing could be written then.
    pub fn happened(&self) -> Time {
        let noted = self.access.emergency.as_ref().and_then(|noted| Time::parse(&noted.at));
        noted.unwrap_or(self.time)
    }
}

/// Which access entries are meant. Everything that is there must hold.
#[derive(Clone, Copy, Debug, Default)]
pub struct AccessFilter<'a> {
    /// In which this patient is named, by id.
    pub patient: Option<&'a str>,
    /// By this account, or through the device of this account.
    pub account: Option<&'a str>,
    /// Not written before this.
    pub from: Option<Time>,
    /// Written before this.
    pub until: Option<Time>,
    /// Standing before this position: where the page before ended.
    pub before: Option<Position>,
}

/// By which index positions are found.
#[derive(Clone, Copy)]
enum By<'a> {
    Patient(&'a str),
    Account(&'a str),
    /// By none: entry for entry.
    Place,
}

impl AccessFilter<'_> {
    fn fits(&self, one: &Accessed) -> bool {
        let accounts = accounts_of(&one.actor, one.access.who.device.as_deref());
        self.patient.is_none_or(|patient| one.access.patients.iter().any(|named| named == patient))
            && self.account.is_none_or(|account| accounts.contains(account))
    }
}

/// The accounts that an entry is found by.
fn accounts_of<'a>(actor: &'a Actor, device: Option<&'a str>) -> BTreeSet<&'a str> {
    [Some(actor.id.as_str()), device].into_iter().flatten().collect()
}

impl Newest<'_> {
    /// Access entries, newest first, at most `count`, for whoever may ask who did what.
    ///
    /// ```
    /// # use {access::AuditPermit, base::Problem, store::{Accessed, AccessFilter, Newest}};
    /// fn newest(snapshot: &Newest<'_>, permit: &AuditPermit) -> Result<Vec<Accessed>, Problem> {
    ///     snapshot.accesses(permit, &AccessFilter::default(), 10)
    /// }
    /// ```
    ///
    /// A permit for a record does not show them:
    ///
    /// ```compile_fail,E0308
    /// # use {access::Permit, base::Problem, store::{Accessed, AccessFilter, Newest}};
    /// fn newest(snapshot: &Newest<'_>, permit: &Permit) -> Result<Vec<Accessed>, Problem> {
    ///     snapshot.accesses(permit, &AccessFilter::default(), 10)
    /// }
    /// ```
    pub fn accesses(
        &self,
        _permit: &AuditPermit,
        filter: &AccessFilter<'_>,
        count: usize,
    ) -> Result<Vec<Accessed>, Problem> {
        let (from, until) = self.positions(TimeRange { from: filter.from, until: filter.until })?;
        let before = filter.before.map(|before| number(before.0)).transpose()?;
        let mark = indexed(self.connection)?;
        let mut below = before.map_or(until, |before| before.min(until));
        let mut found = Vec::new();
        while found.len() < count && below > from {
            let (by, low) = match (below > mark, filter) {
                (true, _) => (By::Place, mark.max(from)),
                (false, AccessFilter { patient: Some(patient), .. }) => (By::Patient(patient), from),
                (false, AccessFilter { account: Some(account), .. }) => (By::Account(account), from),
                (false, _) => (By::Place, from),
            };
            let places = self.places(by, low, below)?;
            below = if places.len() < CHUNK { low } else { places.last().copied().unwrap_or(low) };
            for place in places {
                let Some(one) = self.accessed(place)? else {
                    self.refuse_missing(place)?;
                    continue;
                };
                if found.len() < count && filter.fits(&one) {
                    found.push(one);
                }
            }
        }
        Ok(found)
    }

    /// The access entry at a position; none when another stands there, or none.
    pub fn access(&self, _permit: &AuditPermit, position: Position) -> Result<Option<Accessed>, Problem> {
        self.accessed(number(position.0)?)
    }
}

impl Snapshot<'_> {
    /// Positions of access entries from `low` on and below `below`, downwards.
    fn places(&self, by: By<'_>, low: i64, below: i64) -> Result<Vec<i64>, Problem> {
        let (sql, name) = match by {
            By::Patient(patient) => (
                "SELECT position FROM access_by_patient WHERE patient = ?1 AND position >= ?2 AND position < ?3 ORDER BY position DESC LIMIT ?4",
                patient,
            ),
            By::Account(account) => (
                "SELECT position FROM access_by_account WHERE account = ?1 AND position >= ?2 AND position < ?3 ORDER BY position DESC LIMIT ?4",
                account,
            ),
            // What has no version is an access, or a succession; the first entry is neither.
            By::Place => (
                "SELECT position FROM entry WHERE ?1 = '' AND position >= ?2 AND position < ?3 AND position > 0
                 AND NOT EXISTS (SELECT 1 FROM version WHERE version.position = entry.position) ORDER BY position DESC LIMIT ?4",
                "",
            ),
        };
        self.connection
            .prepare_cached(sql)
            .and_then(|mut statement| {
                statement.query_map(params![name, low, below, limit(CHUNK)], |row| row.get(0))?.collect()
            })
            .map_err(|error| db(&error))
    }

    /// That what stands at a position and is no access is a succession: an access whose content is gone is not passed over.
    fn refuse_missing(&self, place: i64) -> Result<(), Problem> {
        let position = u64::try_from(place).map_err(|_| damaged("a negative position"))?;
        let bytes = self.entry(Position(position))?;
        let entry = Entry::parse(&bytes).map_err(|what| damaged(format!("position {place}: {what}")))?;
        if entry.kind == EntryKind::JournalSuccession {
            return Ok(());
        }
        Err(damaged("an access without an entry"))
    }

    pub(crate) fn accessed(&self, place: i64) -> Result<Option<Accessed>, Problem> {
        let row: Option<(Vec<u8>, Vec<u8>)> = self
            .connection
            .prepare_cached(
                "SELECT e.body, c.body FROM entry e JOIN content c ON c.position = e.position WHERE e.position = ?1",
            )
            .and_then(|mut statement| {
                statement.query_row([place], |row| Ok((row.get(0)?, row.get(1)?))).optional()
            })
            .map_err(|error| db(&error))?;
        let Some((entry, content)) = row else { return Ok(None) };
        let damage = |what: String| damaged(format!("position {place}: {what}"));
        let entry = Entry::parse(&entry).map_err(damage)?;
        if entry.kind != EntryKind::Access {
            return Ok(None);
        }
        let position = Position(u64::try_from(place).map_err(|_| damaged("a negative position"))?);
        let (time, access) = (entry.moment().map_err(damage)?, parse(&content).map_err(damage)?);
        Ok(Some(Accessed { position, time, actor: entry.actor, access }))
    }
}

/// Reads the content of an access entry, version 1. The error says what is wrong with it.
pub(crate) fn parse(content: &[u8]) -> Result<Access, String> {
    let access: Access =
        serde_json::from_slice(content).map_err(|_| "the content is not that of an access".to_owned())?;
    // As with entries: what comes out as it went in holds nothing that readers could see differently.
    if serde_json::to_vec(&access).map_err(|_| "the content is not JSON")? != content {
        strict::check(content, JSON_DEPTH_MAX).map_err(|what| format!("the content: {what}"))?;
    }
    if access.v != 1 {
        return Err(format!("the access has format {}, known is 1", access.v));
    }
    Ok(access)
}

/// The rows that an entry has in the indexes: by patient, and by account.
pub(crate) fn rows<'a>(actor: &'a Actor, access: &'a Access) -> (BTreeSet<&'a str>, BTreeSet<&'a str>) {
    (access.patients.iter().map(String::as_str).collect(), accounts_of(actor, access.who.device.as_deref()))
}

/// Accesses before this position are in the indexes.
pub(crate) fn indexed(connection: &Connection) -> Result<i64, Problem> {
    let mark: Option<i64> = connection
        .prepare_cached("SELECT before FROM access_mark WHERE id = 0")
        .and_then(|mut statement| statement.query_row([], |row| row.get(0)).optional())
        .map_err(|error| db(&error))?;
    Ok(mark.unwrap_or(0))
}

/// The names by which an entry is found.
#[derive(Debug)]
pub(crate) struct Names {
    patients: BTreeSet<String>,
    accounts: BTreeSet<String>,
}

impl Names {
    pub(crate) fn of(actor: &Actor, access: &Access) -> Self {
        let (patients, accounts) = rows(actor, access);
        let owned = |names: BTreeSet<&str>| names.into_iter().map(ToOwned::to_owned).collect();
        Self { patients: owned(patients), accounts: owned(accounts) }
    }
}

/// Rows that are going into the indexes.
#[derive(Debug, Default)]
struct Rows {
    patients: Vec<(String, i64)>,
    accounts: Vec<(String, i64)>,
}

impl Rows {
    fn add(&mut self, position: i64, names: Names) {
        self.patients.extend(names.patients.into_iter().map(|patient| (patient, position)));
        self.accounts.extend(names.accounts.into_iter().map(|account| (account, position)));
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
struct Named<'a> {
    #[serde(borrow, default)]
    patients: Vec<Cow<'a, str>>,
    #[serde(borrow, default)]
    who: Through<'a>,
}

#[derive(Default, Deserialize)]
struct Through<'a> {
    #[serde(borrow, default)]
    device: Option<Cow<'a, str>>,
}

fn named<'a>(entry: &[u8], content: &'a [u8]) -> serde_json::Result<(Acting, Named<'a>)> {
    Ok((serde_json::from_slice(entry)?, serde_json::from_slice(content)?))
}

/// Puts the accesses from one position to before another into the indexes, and notes how far they go.
pub(crate) fn index(connection: &Connection, from: i64, until: i64) -> Result<(), Problem> {
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
        let Ok((acting, about)) = named(&entry, &content) else {
            tracing::error!(position, "an access entry cannot be read");
            continue;
        };
        let accounts = accounts_of(&acting.actor, about.who.device.as_deref());
        let patients = about.patients.iter().map(|patient| patient.clone().into_owned()).collect();
        rows.add(
            position,
            Names { patients, accounts: accounts.into_iter().map(ToOwned::to_owned).collect() },
        );
    }
    put(connection, rows, until)
}

/// Puts rows into the indexes, and notes that they go up to before `until`.
fn put(connection: &Connection, rows: Rows, until: i64) -> Result<(), Problem> {
    let Rows { patients, accounts } = rows;
    insert(connection, "INSERT INTO access_by_patient (patient, position) VALUES (?1, ?2)", patients)?;
    insert(connection, "INSERT INTO access_by_account (account, position) VALUES (?1, ?2)", accounts)?;
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
    use base::{FacilityId, ManualClock, SeededEntropy};
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
}
