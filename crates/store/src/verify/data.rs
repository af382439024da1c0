//! Checking a whole data directory: everything is recomputed from the entries and contents on the disk.
//!
//! Workers do what can be done for an entry alone: leaf, digest, stamp, its rows in the views, checkpoint signatures.
//! The caller's thread puts their chunks in order and does what needs all before: the rules of the sequence, the tree,
//! the checkpoints' roots. The first wrong position is named.

use super::order::{Fingerprint, Fingerprints, Order};
use super::worker::{self, Chunk, Done, Jobs, Task};
use super::{Lineage, Report};
use crate::accesses;
use crate::change::Indexer;
use crate::codes;
use crate::database::{self, Use};
use crate::facility::FacilityKeys;
use crate::open::database_path;
use crate::reindex;
use crate::snapshot::Snapshot;
use base::{FacilityId, Problem, Time};
use merkle::checkpoint::Checkpoint;
use merkle::{Completed, Edge};
use rusqlite::Connection;
use seal::MasterKey;
use std::collections::{BTreeMap, HashMap};
use std::path::Path;
use std::sync::mpsc;

/// What else a check is told.
pub struct Options<'a> {
    /// A signed checkpoint of an earlier day that must be a prefix of the journal.
    pub since: Option<&'a str>,
    /// Hears the entries done and their number.
    pub progress: &'a dyn Fn(u64, u64),
}

impl std::fmt::Debug for Options<'_> {
    fn fmt(&self, f: &mut std::fmt::Formatter<'_>) -> std::fmt::Result {
        f.debug_struct("Options").field("since", &self.since).finish_non_exhaustive()
    }
}

/// Checks the journal and views of a facility. It may run while a server has the directory open; what was committed
/// when it started is what it checks.
pub fn verify_data(
    data: &Path,
    facility: &FacilityId,
    master: &MasterKey,
    indexer: &dyn Indexer,
    options: &Options<'_>,
) -> Result<Report, Problem> {
    let keys = FacilityKeys::read(data, facility, master)?;
    verify_folder(&database_path(data, facility), &keys, indexer, options)
}

/// The same of a database that stands elsewhere.
pub(crate) fn verify_folder(
    path: &Path,
    keys: &FacilityKeys,
    indexer: &dyn Indexer,
    options: &Options<'_>,
) -> Result<Report, Problem> {
    let facility = &keys.facility;
    let workers = std::thread::available_parallelism().map_or(2, std::num::NonZero::get).min(8);
    let (size, connections) = same_moment(path, keys, workers)?;
    let older =
        options.since.map(|note| super::older_checkpoint(note, &keys.lineage)).transpose().map_err(wrong)?;
    if let Some(older) = older.as_ref().filter(|older| older.size > size) {
        return Err(wrong(format!("rolled back: {size} entries now, {} were signed earlier", older.size)));
    }
    let fingerprints = Fingerprints::default();
    let names = connections.first().map(names).transpose()?.unwrap_or_default();
    let indexed = connections.first().map(indexed).transpose()?.unwrap_or_default();
    if indexed > size {
        return Err(view("the index of accesses goes beyond the journal"));
    }
    let edition = indexer.edition();
    let by_patient = connections.first().map(|one| by_patient(one, edition)).transpose()?.unwrap_or_default();
    let task = Task {
        lineage: &keys.lineage,
        facility: facility.as_str(),
        indexer,
        fingerprints: &fingerprints,
        names: &names,
        indexed,
        indexes: connections.first().map(database::access_indexes).transpose()?.unwrap_or_default(),
        by_patient,
    };
    let mut walk = Walk::new(older);
    let jobs = Jobs::over(size);
    std::thread::scope(|scope| {
        let (sender, receiver) = mpsc::sync_channel(workers.saturating_mul(4));
        let mut working = Vec::with_capacity(workers);
        for connection in connections {
            let (sender, task, jobs) = (sender.clone(), &task, &jobs);
            working.push(scope.spawn(move || worker::work(&connection, task, jobs, &sender)));
        }
        drop(sender);
        let taken = walk.take_all(&receiver, size, options.progress);
        drop(receiver);
        // A scope alone does not wait for what a thread cleans up at its very end. OpenSSL frees memory there, and does
        // it again when the program ends meanwhile.
        let ended = working.into_iter().map(std::thread::ScopedJoinHandle::join).all(|ended| ended.is_ok());
        let broken = || Problem::new(&codes::DATABASE).log("a thread of the check ended by a panic");
        taken.and(if ended { Ok(()) } else { Err(broken()) })
    })?;
    let (contents, checkpoints) = (walk.contents, walk.checkpoints);
    walk.check_keys(&keys.lineage)?;
    walk.finish(size, &fingerprints)?;
    let key = keys.verifier.clone();
    Ok(Report { entries: size, contents, checkpoints, key, position: None })
}

/// The numbers of types and parameters.
fn names(connection: &Connection) -> Result<HashMap<String, i64>, Problem> {
    connection
        .prepare("SELECT text, id FROM name")
        .and_then(|mut statement| statement.query_map([], |row| Ok((row.get(0)?, row.get(1)?)))?.collect())
        .map_err(|error| database::problem(&error))
}

/// How far the indexes of accesses go. Files of earlier formats have none, and no accesses.
fn indexed(connection: &Connection) -> Result<u64, Problem> {
    if !database::has_table(connection, "access_mark")? {
        return Ok(0);
    }
    u64::try_from(accesses::indexed(connection)?).map_err(|_| view("the mark of the index of accesses"))
}

/// Whether there is an index of whose record each version belongs to. Files of earlier editions have none.
fn by_patient(connection: &Connection, edition: &str) -> Result<bool, Problem> {
    let there = database::has_table(connection, "version_by_patient")?;
    if !there && reindex::edition(connection)? == edition {
        return Err(view("the index of whose record a version belongs to"));
    }
    Ok(there)
}

/// Connections whose read transactions see the same commit, and the number of entries in it.
fn same_moment(path: &Path, keys: &FacilityKeys, count: usize) -> Result<(u64, Vec<Connection>), Problem> {
    let connections =
        (0..count).map(|_| database::open(path, &keys.data_key, Use::Read)).collect::<Result<Vec<_>, _>>()?;
    if let Some(first) = connections.first() {
        database::check_format(first, path)?;
    }
    for _ in 0..100 {
        let mut sizes = Vec::new();
        for connection in &connections {
            connection.execute_batch("BEGIN").map_err(|error| database::problem(&error))?;
            sizes.push(Snapshot::over(connection).entries()?);
        }
        if let Some(size) = sizes.iter().min().filter(|size| Some(*size) == sizes.iter().max()) {
            return Ok((*size, connections));
        }
        for connection in &connections {
            connection.execute_batch("COMMIT").map_err(|error| database::problem(&error))?;
        }
    }
    Err(Problem::new(&codes::BUSY).log("the journal grows too fast for a snapshot on all connections"))
}

/// The walk along the journal, in order.
struct Walk {
    next: u64,
    edge: Edge,
    order: Order,
    older: Option<Checkpoint>,
    completed: Vec<Completed>,
    checkpoints: u64,
    /// The time of the entries since the last checkpoint: a commit has one time, and ends with a checkpoint.
    uncovered: Option<Time>,
    contents: u64,
    current: Fingerprint,
    terms: Fingerprint,
    members: Fingerprint,
    lists: u64,
    accesses: Fingerprint,
    views: Views,
}

/// What the views themselves add up to.
#[derive(Default)]
struct Views {
    current: Fingerprint,
    terms: Fingerprint,
    members: Fingerprint,
    accesses: Fingerprint,
    outside: worker::Outside,
    subtrees: Vec<Completed>,
    faults: Vec<Problem>,
}

impl Walk {
    fn new(older: Option<Checkpoint>) -> Self {
        Self {
            next: 0,
            edge: Edge::empty(),
            order: Order::new(),
            older,
            completed: Vec::new(),
            checkpoints: 0,
            uncovered: None,
            contents: 0,
            current: Fingerprint::default(),
            terms: Fingerprint::default(),
            members: Fingerprint::default(),
            lists: 0,
            accesses: Fingerprint::default(),
            views: Views::default(),
        }
    }

    fn take_all(
        &mut self,
        receiver: &mpsc::Receiver<Result<Done, Problem>>,
        size: u64,
        progress: &dyn Fn(u64, u64),
    ) -> Result<(), Problem> {
        let mut early: BTreeMap<u64, Box<Chunk>> = BTreeMap::new();
        for done in receiver {
            match done? {
                Done::Chunk(chunk) => {
                    early.insert(chunk.first, chunk);
                }
                Done::Terms(sum) => self.views.terms = sum,
                Done::Members(sum) => self.views.members = sum,
                Done::Outside(outside) => self.views.outside = outside,
                Done::Subtrees(rows) => self.views.subtrees = rows,
                Done::Records(sum) => self.views.current = sum,
                Done::Accesses(sum) => self.views.accesses = sum,
                Done::Fault(problem) => self.views.faults.push(problem),
                Done::Sound => {}
            }
            while let Some(chunk) = early.remove(&self.next) {
                self.take(*chunk)?;
                progress(self.next, size);
            }
        }
        Ok(())
    }

    fn take(&mut self, chunk: Chunk) -> Result<(), Problem> {
        let mut checkpoints = chunk.checkpoints.into_iter().peekable();
        let first_wrong = chunk.wrong;
        for (leaf, summary) in chunk.leaves.into_iter().zip(&chunk.summaries) {
            let position = self.next;
            if let Some((first, what)) = first_wrong.as_ref().filter(|(first, _)| *first < position) {
                return Err(at(*first, what));
            }
            self.order.take(summary).map_err(|what| at(position, &what))?;
            if self.uncovered.replace(summary.time).is_some_and(|time| time != summary.time) {
                return Err(at(
                    position.saturating_sub(1),
                    "the checkpoint signed after this entry is missing",
                ));
            }
            self.edge.push(leaf);
            self.completed.extend(self.edge.take_completed());
            self.next = position.saturating_add(1);
            while let Some(checkpoint) = checkpoints.next_if(|checkpoint| checkpoint.size == self.next) {
                if checkpoint.root != self.edge.root() {
                    return Err(at(position, "the checkpoint signed after this entry is of another tree"));
                }
                if checkpoint.time != self.order.time().microseconds() {
                    return Err(at(position, "the checkpoint signed after this entry has another time"));
                }
                self.checkpoints = self.checkpoints.saturating_add(1);
                self.uncovered = None;
            }
            if self.older.as_ref().is_some_and(|old| old.size == self.next && old.root != self.edge.root()) {
                return Err(wrong(
                    "this journal does not continue the earlier checkpoint: its past was changed",
                ));
            }
        }
        if let Some((position, what)) = first_wrong {
            return Err(at(position, &what));
        }
        self.contents = self.contents.saturating_add(chunk.contents);
        self.terms.add(chunk.terms);
        self.members.add(chunk.members);
        self.lists = self.lists.saturating_add(chunk.lists);
        self.current.add(chunk.current);
        self.accesses.add(chunk.accesses);
        self.views
            .faults
            .extend(chunk.view_fault.map(|(position, what)| view(&format!("position {position}: {what}"))));
        Ok(())
    }

    /// That the keys beside the journal are those that it names.
    fn check_keys(&self, lineage: &Lineage) -> Result<(), Problem> {
        let named = self.order.lineage(lineage.last()).map_err(wrong)?;
        if named.successions().starts_with(lineage.successions())
            && named.successions().len().saturating_sub(lineage.successions().len()) <= 1
            && named.keys().next() == lineage.keys().next()
        {
            return Ok(());
        }
        Err(wrong("the keys in facility.json are not those that the journal names"))
    }

    /// What can only be said once all entries have been seen.
    fn finish(self, size: u64, fingerprints: &Fingerprints) -> Result<(), Problem> {
        let outside = self.views.outside;
        if self.next != size {
            return Err(at(self.next, "the entry is missing"));
        }
        self.order.finish().map_err(wrong)?;
        if outside.newest_checkpoint > size {
            return Err(at(size, "the entry is missing, although a checkpoint that covers it was signed"));
        }
        if outside.newest_checkpoint < size {
            return Err(at(outside.newest_checkpoint, "no checkpoint covers the entries from here on"));
        }
        if outside.checkpoints > 0 {
            return Err(wrong("there are checkpoints of trees that never were"));
        }
        if outside.contents > 0 {
            return Err(wrong("there are contents without an entry"));
        }
        let mut completed = self.completed;
        completed.sort_by_key(|one| (one.level, one.index));
        if completed != self.views.subtrees {
            return Err(wrong("the stored subtrees are not those of the entries"));
        }
        if let Some(fault) = self.views.faults.into_iter().next() {
            return Err(fault);
        }
        let newest = self.order.newest(fingerprints);
        if newest != self.current || newest != self.views.current || outside.versions > 0 {
            return Err(view("current records or histories"));
        }
        if self.terms != self.views.terms || self.lists != outside.lists {
            return Err(view("search rows"));
        }
        if self.members != self.views.members {
            return Err(view("the index of whose record a version belongs to"));
        }
        if self.accesses != self.views.accesses {
            return Err(view("the index of accesses"));
        }
        Ok(())
    }
}

fn at(position: u64, what: &str) -> Problem {
    wrong(format!("position {position}: {what}"))
}

fn wrong(what: impl std::fmt::Display) -> Problem {
    let what = what.to_string();
    Problem::new(&codes::WRONG).with("what", &what).log(what)
}

fn view(what: &str) -> Problem {
    Problem::new(&codes::VIEW).with("what", what).log(what.to_owned())
}
