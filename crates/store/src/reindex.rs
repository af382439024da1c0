//! Rebuilding the views from the journal: they are deleted, and derived again entry by entry.

use crate::accesses;
use crate::change::Indexer;
use crate::codes;
use crate::commit;
use crate::database::{self, problem as db};
use crate::entry::Entry;
use crate::snapshot::Snapshot;
use crate::state::rows;
use crate::views;
use base::{Position, Problem, RecordKey, ResourceId, VersionNumber};
use rusqlite::{Connection, OptionalExtension, params};
use std::collections::BTreeMap;

/// Entries read at a time.
const CHUNK: u64 = 1_024;

/// Deletes the views and builds them again in one transaction: after a crash the old ones are still there.
pub(crate) fn rebuild(
    connection: &Connection,
    indexer: &dyn Indexer,
    progress: &dyn Fn(u64, u64),
) -> Result<u64, Problem> {
    database::at_once(connection, || rebuild_within(connection, indexer, progress))
}

fn rebuild_within(
    connection: &Connection,
    indexer: &dyn Indexer,
    progress: &dyn Fn(u64, u64),
) -> Result<u64, Problem> {
    database::clear_views(connection)?;
    let journal = Snapshot::over(connection);
    let size = journal.entries()?;
    let mut names = BTreeMap::new();
    let mut first = 0;
    while first < size {
        let count = CHUNK.min(size.saturating_sub(first));
        let entries = journal.entries_from(Position(first), usize::try_from(count).unwrap_or(usize::MAX))?;
        for (position, bytes) in (first..).zip(&entries) {
            replay(connection, &mut names, position, bytes)?;
        }
        let until = first.saturating_add(count);
        accesses::index(connection, commit::number(first)?, commit::number(until)?)?;
        first = until;
        progress(first, size);
    }
    index_versions(connection, indexer)?;
    index_current(connection, &mut names, indexer)?;
    set_edition(connection, indexer.edition())?;
    Ok(size)
}

/// Brings the record and version views up to one entry; search rows come at the end, for current versions only.
fn replay(
    connection: &Connection,
    names: &mut BTreeMap<String, i64>,
    position: u64,
    bytes: &[u8],
) -> Result<(), Problem> {
    let damaged =
        |what: String| Problem::new(&codes::CORRUPT).with("what", format!("position {position}: {what}"));
    let entry = Entry::parse(bytes).map_err(damaged)?;
    let Some(version) = entry.subject.version.filter(|_| entry.kind.step().is_some()) else {
        return Ok(());
    };
    let version = VersionNumber::new(version).ok_or_else(|| damaged("version number".to_owned()))?;
    let id = ResourceId::parse(&entry.subject.id).ok_or_else(|| damaged("id".to_owned()))?;
    let key = RecordKey::new(&entry.subject.kind, id);
    let current = views::current(connection, &key)?;
    let place = commit::number(position)?;
    let step = views::Step { key: &key, version, position: place, kind: entry.kind };
    views::record_step(connection, names, &step, current.map(|current| current.record), Vec::new())
}

/// To whose records the versions belong that are no longer current. Those that are come with their search rows.
fn index_versions(connection: &Connection, indexer: &dyn Indexer) -> Result<(), Problem> {
    let mut statement = connection
        .prepare("SELECT v.position, c.body FROM version v JOIN record r ON r.key = v.record JOIN content c ON c.position = v.position WHERE v.act < 4 AND v.position <> r.position ORDER BY v.position")
        .map_err(|error| db(&error))?;
    let mut rows = statement.query([]).map_err(|error| db(&error))?;
    while let Some(row) = rows.next().map_err(|error| db(&error))? {
        let (position, content): (i64, Vec<u8>) =
            row.get(0).and_then(|position| Ok((position, row.get(1)?))).map_err(|error| db(&error))?;
        views::put_members(connection, position, &views::apart(indexer.terms(&content)?).0)?;
    }
    Ok(())
}

fn index_current(
    connection: &Connection,
    names: &mut BTreeMap<String, i64>,
    indexer: &dyn Indexer,
) -> Result<(), Problem> {
    let mut statement = connection
        .prepare("SELECT r.key, r.position, c.body, e.body FROM record r JOIN version v ON v.position = r.position JOIN entry e ON e.position = r.position LEFT JOIN content c ON c.position = r.position WHERE r.deleted = 0 AND v.act < 4 ORDER BY r.key")
        .map_err(|error| db(&error))?;
    let mut rows = statement.query([]).map_err(|error| db(&error))?;
    while let Some(row) = rows.next().map_err(|error| db(&error))? {
        let (record, position, content, entry): (i64, i64, Option<Vec<u8>>, Vec<u8>) = row
            .get(0)
            .and_then(|record| Ok((record, row.get(1)?, row.get(2)?, row.get(3)?)))
            .map_err(|error| db(&error))?;
        let damaged =
            |what: String| Problem::new(&codes::CORRUPT).with("what", format!("position {position}: {what}"));
        let content = content.ok_or_else(|| damaged("the content is missing".to_owned()))?;
        let entry = Entry::parse(&entry).map_err(damaged)?;
        let (members, mut terms) = views::apart(indexer.terms(&content)?);
        terms.extend(rows::of_current(connection, indexer, &entry, record)?);
        views::put_members(connection, position, &members)?;
        views::put_terms(connection, names, record, terms)?;
    }
    Ok(())
}

/// The rules by which the search rows of this file were derived.
pub(crate) fn edition(connection: &Connection) -> Result<String, Problem> {
    let edition: Option<String> = connection
        .query_row("SELECT value FROM setting WHERE name = 'index_edition'", [], |row| row.get(0))
        .optional()
        .map_err(|error| db(&error))?;
    Ok(edition.unwrap_or_default())
}

pub(crate) fn set_edition(connection: &Connection, edition: &str) -> Result<(), Problem> {
    connection
        .execute(
            "INSERT INTO setting (name, value) VALUES ('index_edition', ?1) ON CONFLICT (name) DO UPDATE SET value = excluded.value",
            params![edition],
        )
        .map(|_| ())
        .map_err(|error| db(&error))
}
