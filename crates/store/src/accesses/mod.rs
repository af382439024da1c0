//! Access entries, read again: who looked at whom, and did what (formats, section 9).

mod index;

use crate::actor::Actor;
use crate::commit::number;
use crate::database::problem as db;
use crate::entry::{Entry, EntryKind};
use crate::search::TimeRange;
use crate::snapshot::{Newest, Snapshot, damaged, limit};
use crate::strict;
use access::{Access, AuditPermit};
use base::limits::JSON_DEPTH_MAX;
use base::{Position, Problem, Time};
pub(crate) use index::{Names, Unindexed, index, index_deeds, indexed, keep_up, rows};
use rusqlite::{OptionalExtension, params};
use std::fmt;

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

/// What an access did.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct Deed<'a> {
    /// The action, by its name in the law; empty where the request failed before one was known.
    pub action: &'a str,
    /// Whether it failed, as [`Access::failed`] says.
    pub failed: bool,
}

/// Stands after the name of an action that failed. No action of the law has it in its name.
const FAILED: char = '!';

impl<'a> Deed<'a> {
    /// What an access did.
    pub fn of(access: &'a Access) -> Self {
        Self { action: &access.action, failed: access.failed() }
    }

    /// As the index has it: `delete`, or `delete!`.
    fn key(self) -> String {
        let mark = if self.failed { FAILED.to_string() } else { String::new() };
        format!("{}{mark}", self.action)
    }

    fn from_key(key: &'a str) -> Self {
        let action = key.strip_suffix(FAILED);
        Self { action: action.unwrap_or(key), failed: action.is_some() }
    }
}

/// Which deeds are meant.
#[derive(Clone, Copy)]
pub struct Deeds<'a>(pub &'a dyn Fn(Deed<'_>) -> bool);

impl fmt::Debug for Deeds<'_> {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str("some deeds")
    }
}

/// Which access entries are meant. Everything that is there must hold.
#[derive(Clone, Copy, Debug, Default)]
pub struct AccessFilter<'a> {
    /// In which this patient is named, by id.
    pub patient: Option<&'a str>,
    /// By this account, or through the device of this account.
    pub account: Option<&'a str>,
    /// That did one of these.
    pub deeds: Option<Deeds<'a>>,
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
    /// By a key of the index by deed.
    Deed(&'a str),
    /// By one of these.
    Deeds(&'a [String]),
    /// By none: entry for entry, those that are not in the indexes yet.
    Place,
}

impl AccessFilter<'_> {
    fn fits(&self, one: &Accessed) -> bool {
        let accounts = index::accounts_of(&one.actor, one.access.who.device.as_deref());
        self.patient.is_none_or(|patient| one.access.patients.iter().any(|named| named == patient))
            && self.account.is_none_or(|account| accounts.contains(account))
            && self.deeds.is_none_or(|deeds| deeds.0(Deed::of(&one.access)))
    }
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
        // Every access is in the index by deed; most entries of the journal may be no accesses.
        let deeds = self.deeds(filter.deeds.unwrap_or(Deeds(&|_| true)))?;
        let mut below = before.map_or(until, |before| before.min(until));
        let mut found = Vec::new();
        while found.len() < count && below > from {
            let (by, low) = match filter {
                _ if below > mark => (By::Place, mark.max(from)),
                AccessFilter { patient: Some(patient), .. } => (By::Patient(patient), from),
                AccessFilter { account: Some(account), .. } => (By::Account(account), from),
                _ => (By::Deeds(&deeds), from),
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
    /// Those of the keys that are in the index by deed which are meant. The index is not gone through: each key leads to the
    /// next, and there are some hundred at most.
    fn deeds(&self, meant: Deeds<'_>) -> Result<Vec<String>, Problem> {
        let sql = "WITH RECURSIVE key (deed) AS (SELECT min(deed) FROM access_by_deed
                   UNION ALL SELECT (SELECT min(deed) FROM access_by_deed WHERE deed > key.deed) FROM key WHERE deed IS NOT NULL)
                   SELECT deed FROM key WHERE deed IS NOT NULL";
        let keys: Vec<String> = self
            .connection
            .prepare_cached(sql)
            .and_then(|mut statement| statement.query_map([], |row| row.get(0))?.collect())
            .map_err(|error| db(&error))?;
        Ok(keys.into_iter().filter(|key| meant.0(Deed::from_key(key))).collect())
    }

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
            By::Deeds(deeds) => {
                // The newest of all are among the newest of each.
                let each = |deed: &String| self.places(By::Deed(deed), low, below);
                let all = deeds.iter().map(each).collect::<Result<Vec<_>, _>>()?;
                let mut places: Vec<i64> = all.into_iter().flatten().collect();
                places.sort_unstable_by(|one, other| other.cmp(one));
                places.truncate(CHUNK);
                return Ok(places);
            }
            By::Deed(deed) => (
                "SELECT position FROM access_by_deed WHERE deed = ?1 AND position >= ?2 AND position < ?3 ORDER BY position DESC LIMIT ?4",
                deed,
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
