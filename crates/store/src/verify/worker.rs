//! What is checked of entries one by one, and of the views as wholes, on several threads.

use super::lineage::Lineage;
use super::order::{Fingerprint, Fingerprints, Last, Summary};
use crate::accesses;
use crate::change::Indexer;
use crate::codes;
use crate::commit::number;
use crate::complete::is_withheld;
use crate::database::{self, problem as db};
use crate::entry::{Entry, EntryKind, Step};
use crate::state::rows;
use crate::term_list::{self, TermList};
use crate::views;
use base::Problem;
use merkle::{Completed, Hash};
use rusqlite::{Connection, Row, params};
use std::collections::HashMap;
use std::sync::atomic::{AtomicUsize, Ordering};
use std::sync::mpsc::SyncSender;

/// Entries in one chunk.
const CHUNK: u64 = 2_048;

/// What all workers share.
pub(crate) struct Task<'a> {
    pub(crate) lineage: &'a Lineage,
    pub(crate) facility: &'a str,
    pub(crate) indexer: &'a dyn Indexer,
    pub(crate) fingerprints: &'a Fingerprints,
    /// Numbers of types and parameters.
    pub(crate) names: &'a HashMap<String, i64>,
    /// Accesses before this position are in their indexes.
    pub(crate) indexed: u64,
    /// How many indexes of accesses there are. Files of earlier formats have fewer.
    pub(crate) indexes: usize,
    /// Whether there is an index of whose record each version belongs to. Files of earlier editions have none.
    pub(crate) by_patient: bool,
}

/// The jobs of one check; each is claimed once.
pub(crate) struct Jobs {
    jobs: Vec<Job>,
    next: AtomicUsize,
}

#[derive(Clone, Copy)]
enum Job {
    Chunk(u64, u64),
    Terms,
    Members,
    Records,
    Accesses,
    Outside(u64),
    Subtrees,
    Structure(&'static str),
}

/// SQLite's own check that tables and their indexes agree. Entries and contents need none: each is looked up by its
/// position and recomputed. Nor does the search index: its rows are all read in order below, lists are looked up one by
/// one. Reading a page also checks its authentication code, so damaged pages show themselves.
const STRUCTURES: [&str; 9] = [
    "PRAGMA integrity_check(record)",
    "PRAGMA integrity_check(version)",
    "PRAGMA integrity_check(name)",
    "PRAGMA integrity_check(checkpoint)",
    "PRAGMA integrity_check(subtree)",
    "PRAGMA integrity_check(import_mark)",
    "PRAGMA integrity_check(setting)",
    "PRAGMA integrity_check(note)",
    "PRAGMA integrity_check(access_mark)",
];

impl Jobs {
    /// For a journal of `size` entries.
    pub(crate) fn over(size: u64) -> Self {
        let mut jobs = vec![Job::Outside(size), Job::Subtrees];
        let chunks = (0..size.div_ceil(CHUNK)).map(|chunk| chunk.saturating_mul(CHUNK));
        jobs.extend(chunks.map(|first| Job::Chunk(first, size.min(first.saturating_add(CHUNK)))));
        // What concerns the views comes last: a wrong entry is to be named before a wrong index.
        jobs.extend([Job::Terms, Job::Members, Job::Records, Job::Accesses]);
        jobs.extend(STRUCTURES.map(Job::Structure));
        Self { jobs, next: AtomicUsize::new(0) }
    }

    fn claim(&self) -> Option<Job> {
        self.jobs.get(self.next.fetch_add(1, Ordering::SeqCst)).copied()
    }
}

/// What a job found.
pub(crate) enum Done {
    Chunk(Box<Chunk>),
    Terms(Fingerprint),
    Members(Fingerprint),
    Records(Fingerprint),
    Accesses(Fingerprint),
    Outside(Outside),
    Subtrees(Vec<Completed>),
    Fault(Problem),
    Sound,
}

/// A run of entries, each looked at for itself.
#[derive(Default)]
pub(crate) struct Chunk {
    pub(crate) first: u64,
    /// Leaf hashes, up to the first wrong entry.
    pub(crate) leaves: Vec<Hash>,
    pub(crate) summaries: Vec<Summary>,
    pub(crate) checkpoints: Vec<Signed>,
    /// The first wrong entry.
    pub(crate) wrong: Option<(u64, String)>,
    /// The first entry whose views are wrong.
    pub(crate) view_fault: Option<(u64, String)>,
    pub(crate) contents: u64,
    pub(crate) terms: Fingerprint,
    /// Rows in the index of whose record each version belongs to.
    pub(crate) members: Fingerprint,
    /// Records with search rows.
    pub(crate) lists: u64,
    pub(crate) current: Fingerprint,
    /// Rows in the indexes of accesses.
    pub(crate) accesses: Fingerprint,
}

/// A checkpoint whose signature has been verified.
pub(crate) struct Signed {
    pub(crate) size: u64,
    pub(crate) root: Hash,
    pub(crate) time: i64,
}

/// What lies outside the positions that the chunks look at.
#[derive(Clone, Copy, Default)]
pub(crate) struct Outside {
    pub(crate) contents: u64,
    pub(crate) versions: u64,
    pub(crate) lists: u64,
    pub(crate) checkpoints: u64,
    pub(crate) newest_checkpoint: u64,
}

/// Does jobs until none is left or nobody listens any more.
pub(crate) fn work(
    connection: &Connection,
    task: &Task<'_>,
    jobs: &Jobs,
    sender: &SyncSender<Result<Done, Problem>>,
) {
    while let Some(job) = jobs.claim() {
        if sender.send(run(connection, task, job)).is_err() {
            return;
        }
    }
}

fn run(connection: &Connection, task: &Task<'_>, job: Job) -> Result<Done, Problem> {
    match job {
        Job::Chunk(first, end) => {
            chunk(connection, task, first, end).map(|chunk| Done::Chunk(Box::new(chunk)))
        }
        Job::Terms => terms(connection, task).map(Done::Terms),
        Job::Members => member_rows(connection, task).map(Done::Members),
        Job::Records => records(connection, task).map(Done::Records),
        Job::Accesses => access_rows(connection, task).map(Done::Accesses),
        Job::Outside(size) => outside(connection, size).map(Done::Outside),
        Job::Subtrees => subtrees(connection).map(Done::Subtrees),
        Job::Structure(pragma) => sound(connection, pragma),
    }
}

const ENTRIES: &str = "
SELECT e.position, e.body, c.salt, c.body, v.version, v.act, n.text, r.id, r.position, r.key, t.body
FROM entry e LEFT JOIN content c ON c.position = e.position LEFT JOIN version v ON v.position = e.position
LEFT JOIN record r ON r.key = v.record LEFT JOIN name n ON n.id = r.kind AND n.id = v.kind
LEFT JOIN term_list t ON t.record = r.key AND r.position = e.position
WHERE e.position >= ?1 AND e.position < ?2 ORDER BY e.position";

fn chunk(connection: &Connection, task: &Task<'_>, first: u64, end: u64) -> Result<Chunk, Problem> {
    let mut chunk = Chunk { first, ..Chunk::default() };
    let mut statement = connection.prepare_cached(ENTRIES).map_err(|error| db(&error))?;
    let mut rows = statement.query(params![number(first)?, number(end)?]).map_err(|error| db(&error))?;
    let mut position = first;
    while let Some(row) = rows.next().map_err(|error| db(&error))? {
        if row.get::<_, i64>(0).map_err(|error| db(&error))? != number(position)? {
            break;
        }
        if let Err(what) = take_row(&mut chunk, (connection, task), row, position) {
            chunk.wrong = Some((position, what));
            break;
        }
        position = position.saturating_add(1);
    }
    if position < end && chunk.wrong.is_none() {
        chunk.wrong = Some((position, "the entry is missing".to_owned()));
    }
    checkpoints(connection, task, &mut chunk, end)?;
    Ok(chunk)
}

/// One entry: the error says what is wrong with the journal here; what is wrong with the views is noted in the chunk.
fn take_row(
    chunk: &mut Chunk,
    (connection, task): (&Connection, &Task<'_>),
    row: &Row<'_>,
    position: u64,
) -> Result<(), String> {
    let unreadable = |error: rusqlite::Error| format!("unreadable: {}", db(&error));
    let body = row.get_ref(1).map_err(unreadable)?.as_blob().map_err(|_| "the entry is not a blob")?;
    let entry = Entry::parse(body)?;
    let summary = Summary::of(&entry, task.facility, task.fingerprints)?;
    let content =
        row.get_ref(3).map_err(unreadable)?.as_blob_or_null().map_err(|_| "the content is not a blob")?;
    match (entry.digest_bytes()?, content) {
        (None, None) => {}
        (Some(digest), Some(content)) => {
            let salt: [u8; 32] = row.get(2).map_err(unreadable)?;
            if seal::content_digest(&salt, content) != digest {
                return Err("the content is not the one that was written: its digest differs".to_owned());
            }
            match entry.kind {
                EntryKind::Access => take_access(chunk, task, &entry, content, position)?,
                _ => super::file::check_stamp(content, &entry)?,
            }
            chunk.contents = chunk.contents.saturating_add(1);
        }
        // What only the installation before could use was not handed on.
        (Some(_), None) if is_withheld(&entry.subject.kind) && position < handed_on(task.lineage) => {}
        (Some(_), None) => return Err("the content is missing".to_owned()),
        (None, Some(_)) => return Err("there is content where the entry has none".to_owned()),
    }
    let views = match entry.kind.step() {
        Some(_) => take_views(chunk, (connection, task), row, &entry, &summary, position, content),
        // The histories are of records only.
        None => row.get::<_, Option<i64>>(4).map_err(unreadable).and_then(|version| match version {
            Some(_) => Err("it is in a history".to_owned()),
            None => Ok(()),
        }),
    };
    if let Err(what) = views
        && chunk.view_fault.is_none()
    {
        chunk.view_fault = Some((position, what));
    }
    chunk.leaves.push(merkle::leaf_hash(body));
    chunk.summaries.push(summary);
    Ok(())
}

/// Where this installation took the journal over; 0 where it began it.
fn handed_on(lineage: &Lineage) -> u64 {
    lineage.successions().last().map_or(0, |one| one.position)
}

/// The content of an access entry, and its rows in the indexes of accesses as far as those go.
fn take_access(
    chunk: &mut Chunk,
    task: &Task<'_>,
    entry: &Entry<'_>,
    content: &[u8],
    position: u64,
) -> Result<(), String> {
    let access = accesses::parse(content)?;
    if position < task.indexed {
        for (index, names) in accesses::rows(&entry.actor, &access).iter().enumerate().take(task.indexes) {
            for name in names {
                chunk.accesses.add(task.fingerprints.of((index, name.as_ref(), position)));
            }
        }
    }
    Ok(())
}

#[expect(clippy::too_many_arguments, reason = "all of them describe the one row that is looked at")]
fn take_views(
    chunk: &mut Chunk,
    (connection, task): (&Connection, &Task<'_>),
    row: &Row<'_>,
    entry: &Entry<'_>,
    summary: &Summary,
    position: u64,
    content: Option<&[u8]>,
) -> Result<(), String> {
    let read = || -> rusqlite::Result<(i64, i64, i64, i64)> {
        let same_name =
            row.get_ref(6)?.as_str()? == entry.subject.kind && row.get_ref(7)?.as_str()? == entry.subject.id;
        if same_name {
            Ok((row.get(4)?, row.get(5)?, row.get(8)?, row.get(9)?))
        } else {
            Err(rusqlite::Error::QueryReturnedNoRows)
        }
    };
    let (version, act, current, record) = read().map_err(|_| "the version is not in the history")?;
    if u64::try_from(version) != Ok(summary.version) || EntryKind::from_number(act) != Some(entry.kind) {
        return Err("the history tells another version".to_owned());
    }
    let terms = match content.filter(|_| !entry.kind.of_identity()) {
        Some(content) => {
            let terms = task.indexer.terms(content);
            let (members, terms) =
                views::apart(terms.map_err(|problem| format!("its search rows: {problem}"))?);
            take_members(chunk, task, members, position);
            Some(terms)
        }
        None => None,
    };
    if u64::try_from(current) != Ok(position) {
        return Ok(());
    }
    let deleted = entry.kind.step() == Some(Step::Delete);
    let last = Last { version: summary.version, position, deleted };
    chunk.current.add(task.fingerprints.of((&summary.record, &last)));
    if let Some(mut terms) = terms {
        let unmade = |problem: Problem| format!("its search rows: {problem}");
        terms.extend(rows::of_current(connection, task.indexer, entry, record).map_err(unmade)?);
        let number = |name| task.names.get(name).copied().ok_or_else(|| Problem::new(&codes::VIEW));
        let rows = term_list::numbered(terms, number).map_err(|_| "its search rows are missing")?;
        let list = TermList::encode(rows);
        if row.get_ref(10).and_then(|body| Ok(body.as_blob_or_null()?)).ok().flatten().unwrap_or_default()
            != list.bytes()
        {
            return Err("its search rows are others".to_owned());
        }
        chunk.lists = chunk.lists.saturating_add(u64::from(!list.bytes().is_empty()));
        for term in list.rows() {
            let (param, value) = term.map_err(|problem| problem.to_string())?;
            chunk.terms.add(task.fingerprints.of((param, value, record)));
        }
    }
    Ok(())
}

/// The patients to whose records a version belongs, each once.
fn take_members(chunk: &mut Chunk, task: &Task<'_>, mut members: Vec<Vec<u8>>, position: u64) {
    if !task.by_patient {
        return;
    }
    members.sort_unstable();
    members.dedup();
    for patient in members {
        chunk.members.add(task.fingerprints.of((patient.as_slice(), position)));
    }
}

/// The index of whose record each version belongs to, whose rows must stand in their order.
fn member_rows(connection: &Connection, task: &Task<'_>) -> Result<Fingerprint, Problem> {
    let mut total = Fingerprint::default();
    if !task.by_patient {
        return Ok(total);
    }
    let mut statement =
        connection.prepare("SELECT patient, position FROM version_by_patient").map_err(|error| db(&error))?;
    let mut rows = statement.query([]).map_err(|error| db(&error))?;
    let mut before: (Vec<u8>, u64) = (Vec::new(), 0);
    while let Some(row) = rows.next().map_err(|error| db(&error))? {
        let read = || -> rusqlite::Result<(Vec<u8>, u64)> { Ok((row.get(0)?, unsigned(row, 1)?)) };
        let one = read().map_err(|error| db(&error))?;
        if before >= one {
            return Err(Problem::new(&codes::VIEW).with("what", "the order of the index of patients"));
        }
        total.add(task.fingerprints.of((one.0.as_slice(), one.1)));
        before = one;
    }
    Ok(total)
}

fn checkpoints(connection: &Connection, task: &Task<'_>, chunk: &mut Chunk, end: u64) -> Result<(), Problem> {
    let mut statement = connection
        .prepare_cached(
            "SELECT size, time, note FROM checkpoint WHERE size > ?1 AND size <= ?2 ORDER BY size",
        )
        .map_err(|error| db(&error))?;
    let mut rows =
        statement.query(params![number(chunk.first)?, number(end)?]).map_err(|error| db(&error))?;
    while let Some(row) = rows.next().map_err(|error| db(&error))? {
        let (size, time, note): (i64, i64, Vec<u8>) =
            row.get(0).and_then(|size| Ok((size, row.get(1)?, row.get(2)?))).map_err(|error| db(&error))?;
        let size = u64::try_from(size).unwrap_or(0);
        let verified = std::str::from_utf8(&note)
            .map_err(|_| "the checkpoint is not text".to_owned())
            .and_then(|note| task.lineage.checkpoint(note))
            .and_then(|checkpoint| {
                let same = checkpoint.size == size;
                if same { Ok(checkpoint) } else { Err("the checkpoint is of another size".to_owned()) }
            });
        match verified {
            Ok(checkpoint) => chunk.checkpoints.push(Signed { size, root: checkpoint.root, time }),
            Err(what) => {
                let position = size.saturating_sub(1);
                if chunk.wrong.as_ref().is_none_or(|(first, _)| *first > position) {
                    chunk.wrong = Some((position, what));
                }
                return Ok(());
            }
        }
    }
    Ok(())
}

/// All rows of the search index, which must stand in their order: then a row that is looked up is found.
fn terms(connection: &Connection, task: &Task<'_>) -> Result<Fingerprint, Problem> {
    let mut statement =
        connection.prepare("SELECT param, value, record FROM term").map_err(|error| db(&error))?;
    let mut rows = statement.query([]).map_err(|error| db(&error))?;
    let mut total = Fingerprint::default();
    let mut before: (i64, Vec<u8>, i64) = (i64::MIN, Vec::new(), i64::MIN);
    while let Some(row) = rows.next().map_err(|error| db(&error))? {
        let read = || -> rusqlite::Result<_> { Ok((row.get(0)?, row.get_ref(1)?.as_blob()?, row.get(2)?)) };
        let (param, value, record): (i64, &[u8], i64) = read().map_err(|error| db(&error))?;
        if (before.0, before.1.as_slice(), before.2) >= (param, value, record) {
            return Err(Problem::new(&codes::VIEW).with("what", "the order of the search rows"));
        }
        total.add(task.fingerprints.of((param, value, record)));
        before.1.clear();
        before.1.extend_from_slice(value);
        (before.0, before.2) = (param, record);
    }
    Ok(total)
}

/// The indexes of accesses, whose rows must stand in their order too.
fn access_rows(connection: &Connection, task: &Task<'_>) -> Result<Fingerprint, Problem> {
    let mut total = Fingerprint::default();
    let all = [
        "SELECT patient, position FROM access_by_patient",
        "SELECT account, position FROM access_by_account",
        "SELECT deed, position FROM access_by_deed",
    ];
    for (index, sql) in all.into_iter().enumerate().take(task.indexes) {
        let mut statement = connection.prepare(sql).map_err(|error| db(&error))?;
        let mut rows = statement.query([]).map_err(|error| db(&error))?;
        let mut before = (String::new(), 0);
        while let Some(row) = rows.next().map_err(|error| db(&error))? {
            let read = || -> rusqlite::Result<(String, u64)> { Ok((row.get(0)?, unsigned(row, 1)?)) };
            let one = read().map_err(|error| db(&error))?;
            if before >= one {
                return Err(Problem::new(&codes::VIEW).with("what", "the order of the index of accesses"));
            }
            total.add(task.fingerprints.of((index, one.0.as_str(), one.1)));
            before = one;
        }
    }
    Ok(total)
}

fn records(connection: &Connection, task: &Task<'_>) -> Result<Fingerprint, Problem> {
    let sql = "SELECT n.text, r.id, r.version, r.position, r.deleted FROM record r LEFT JOIN name n ON n.id = r.kind";
    sum(connection, sql, |row| {
        let record = task
            .fingerprints
            .of((row.get_ref(0)?.as_str_or_null()?.unwrap_or_default(), row.get_ref(1)?.as_str()?));
        let last = Last { version: unsigned(row, 2)?, position: unsigned(row, 3)?, deleted: row.get(4)? };
        Ok(task.fingerprints.of((&record, &last)))
    })
}

fn sum(
    connection: &Connection,
    sql: &str,
    fingerprint: impl Fn(&Row<'_>) -> rusqlite::Result<Fingerprint>,
) -> Result<Fingerprint, Problem> {
    let mut statement = connection.prepare(sql).map_err(|error| db(&error))?;
    let mut rows = statement.query([]).map_err(|error| db(&error))?;
    let mut total = Fingerprint::default();
    while let Some(row) = rows.next().map_err(|error| db(&error))? {
        total.add(fingerprint(row).map_err(|error| db(&error))?);
    }
    Ok(total)
}

/// Rows outside the journal's positions, looked up by their keys: counting whole tables would read every page again.
fn outside(connection: &Connection, size: u64) -> Result<Outside, Problem> {
    let size = number(size)?;
    let count = |sql: &str| -> Result<u64, Problem> {
        let count: i64 = connection.query_row(sql, [size], |row| row.get(0)).map_err(|error| db(&error))?;
        Ok(u64::try_from(count).unwrap_or(u64::MAX))
    };
    let newest: i64 = connection
        .query_row("SELECT coalesce(max(size), 0) FROM checkpoint", [], |row| row.get(0))
        .map_err(|error| db(&error))?;
    Ok(Outside {
        contents: count("SELECT count(*) FROM content WHERE position < 0 OR position >= ?1")?,
        versions: count("SELECT count(*) FROM version WHERE position < 1 OR position >= ?1")?,
        lists: count("SELECT count(*) FROM term_list WHERE ?1 IS NOT NULL")?,
        checkpoints: count("SELECT count(*) FROM checkpoint WHERE size < 1 OR size > ?1")?,
        newest_checkpoint: u64::try_from(newest).unwrap_or(0),
    })
}

fn subtrees(connection: &Connection) -> Result<Vec<Completed>, Problem> {
    let mut statement = connection
        .prepare("SELECT level, idx, hash FROM subtree ORDER BY level, idx")
        .map_err(|error| db(&error))?;
    let rows = statement
        .query_map([], |row| {
            Ok(Completed { level: row.get(0)?, index: unsigned(row, 1)?, hash: Hash(row.get(2)?) })
        })
        .map_err(|error| db(&error))?;
    rows.collect::<Result<_, _>>().map_err(|error| db(&error))
}

fn unsigned(row: &Row<'_>, column: usize) -> rusqlite::Result<u64> {
    let number: i64 = row.get(column)?;
    u64::try_from(number).map_err(|_| rusqlite::Error::IntegralValueOutOfRange(column, number))
}

/// Runs a check of SQLite that answers with a line per fault, or with `ok` or nothing.
fn sound(connection: &Connection, pragma: &str) -> Result<Done, Problem> {
    // Files of earlier formats have fewer tables.
    let table = pragma.trim_end_matches(')').rsplit('(').next().unwrap_or_default();
    if !database::has_table(connection, table)? {
        return Ok(Done::Sound);
    }
    let mut statement = connection.prepare(pragma).map_err(|error| db(&error))?;
    let mut rows = statement.query([]).map_err(|error| db(&error))?;
    while let Some(row) = rows.next().map_err(|error| db(&error))? {
        let line: String = row.get(0).map_err(|error| db(&error))?;
        if line != "ok" {
            let line = line.split_whitespace().collect::<Vec<_>>().join(" ");
            return Ok(Done::Fault(Problem::new(&codes::CORRUPT).with("what", &line).log(line)));
        }
    }
    Ok(Done::Sound)
}
