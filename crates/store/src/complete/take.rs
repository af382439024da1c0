//! Taking a complete export in: everything is checked while it is built up in a folder beside, which becomes the facility at
//! the very end.

use super::folder::{Reader, Shelf, check_sums, read_manifest, walk};
use super::hand_over::{after, check_successor, facility_of, place, prepared, refuse_existing};
use super::save::OF_WITNESSES;
use super::{
    CHECKPOINTS, DocumentFile, IMPORTS, Imported, Kept, LOG, Manifest, Opening, SALTS, Signed, WITNESSES,
    content_file, is_withheld, wrong,
};
use crate::accesses::{self, Unindexed};
use crate::actor::{Actor, ActorKind};
use crate::change::{Act, Batch, Change, Expected};
use crate::codes;
use crate::commit::{self, Ledger, number};
use crate::database::{self, Use, problem as db};
use crate::entry::{Entry, Succession};
use crate::facility::{self, FacilityKeys};
use crate::open::{DATABASE, World, make_empty, surroundings};
use crate::reindex;
use crate::snapshot::Snapshot;
use crate::ticket::Owed;
use crate::verify::{self, Lineage, Succeeded};
use crate::writer::Standing;
use access::{Access, Action, Decided};
use base::limits::RESOURCE_BYTES_MAX;
use base::{FacilityId, Position, Problem, RecordKey, ResourceId, Time};
use merkle::note::VerifierKey;
use merkle::{Edge, Hash};
use rusqlite::{Connection, params};
use seal::MasterKey;
use std::collections::BTreeMap;
use std::path::Path;

/// Entries in one transaction while the database is built up.
const CHUNK: u64 = 4_096;

/// What is being done, for whoever waits.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Stage {
    /// Files are held against their digests.
    Files,
    /// Entries and contents are checked and taken over.
    Journal,
    /// Views are built.
    Views,
    /// Everything is verified as it now stands.
    Verification,
}

/// What the caller knows better than the store.
pub struct Terms<'a> {
    /// Whether to go on without the signature of the key before.
    pub unsigned: bool,
    /// Whether something that says who may come in ends with the installation before: its type, and its content where that
    /// did not stay behind.
    pub ends: fn(&str, Option<&[u8]>) -> bool,
    /// The types of which that is asked.
    pub types: &'a [&'a str],
    /// Hears how much of a stage is done, and of how much, where that is known.
    pub progress: &'a dyn Fn(Stage, u64, u64),
}

impl std::fmt::Debug for Terms<'_> {
    fn fmt(&self, f: &mut std::fmt::Formatter<'_>) -> std::fmt::Result {
        f.debug_struct("Terms").field("unsigned", &self.unsigned).finish_non_exhaustive()
    }
}

/// What was taken in.
#[derive(Clone, Debug)]
pub struct Taken {
    /// The facility.
    pub facility: FacilityId,
    /// Entries that came with it.
    pub entries: u64,
    /// Contents that came with it.
    pub contents: u64,
    /// The key that signed before.
    pub before: VerifierKey,
    /// The key that signs now.
    pub key: VerifierKey,
    /// Whether the key before has signed that this one takes its place.
    pub signed: bool,
    /// How many of each type have ended with the installation before.
    pub ended: BTreeMap<String, u64>,
    /// The documents of the register that are files.
    pub documents: Vec<DocumentFile>,
}

/// Takes a complete export in as a new facility of a data directory, or nothing at all. The caller holds the directory.
///
/// # Errors
/// The facility is here already; the export is damaged, mixed or not for this installation; or nothing can be written.
pub fn take_in(
    data: &Path,
    from: &Path,
    master: &MasterKey,
    world: &World,
    terms: &Terms<'_>,
) -> Result<Taken, Problem> {
    let manifest = read_manifest(from)?;
    let key = VerifierKey::parse(&manifest.key).ok_or_else(|| wrong(super::MANIFEST, "a malformed key"))?;
    let facility = facility_of(&key)?;
    if facility.as_str() != manifest.facility {
        return Err(wrong(super::MANIFEST, "the key is of another facility"));
    }
    refuse_existing(data, &facility)?;
    let prepared = prepared(data, &key, master)?;
    check_terms(&manifest, prepared.as_ref(), terms)?;
    let mut files = 0;
    check_sums(from, &manifest, &mut || {
        files = u64::saturating_add(files, 1);
        (terms.progress)(Stage::Files, files, 0);
    })?;
    let keys = match prepared {
        Some(keys) => keys,
        None => FacilityKeys::succeeding(&key, &*world.entropy)?,
    };
    // CRASH: until the rename at the end the facility does not exist, and the next attempt starts afresh.
    let staged = data.join("facilities").join(format!(".new-{facility}"));
    make_empty(&staged)?;
    let building = Building { staged: &staged, from, manifest: &manifest, key: &key, world, terms };
    let taken = building.build(keys, master);
    if taken.is_err() {
        // What cannot be removed is emptied by the next attempt.
        drop(std::fs::remove_dir_all(&staged));
    }
    let taken = taken?;
    let folder = facility::folder(data, &facility);
    std::fs::rename(&staged, &folder).map_err(|error| crate::disk::file_problem(&folder, &error))?;
    crate::disk::sync_folder_of(&folder)?;
    drop(std::fs::remove_dir_all(place(data, &facility)));
    Ok(taken)
}

/// That the export is for this installation, as far as its manifest tells: what it says is checked against the journal later.
fn check_terms(
    manifest: &Manifest,
    prepared: Option<&FacilityKeys>,
    terms: &Terms<'_>,
) -> Result<(), Problem> {
    if terms.unsigned {
        return Ok(());
    }
    let Some(successor) = &manifest.successor else {
        return Err(Problem::new(&codes::NOT_HANDED_OVER).with("facility", &manifest.facility));
    };
    if prepared.is_some_and(|keys| keys.verifier.to_string() == *successor) {
        return Ok(());
    }
    Err(Problem::new(&codes::HANDED_TO_ANOTHER).with("facility", &manifest.facility).with("key", successor))
}

/// A facility in the making.
struct Building<'a> {
    staged: &'a Path,
    from: &'a Path,
    manifest: &'a Manifest,
    key: &'a VerifierKey,
    world: &'a World,
    terms: &'a Terms<'a>,
}

impl Building<'_> {
    fn build(&self, mut keys: FacilityKeys, master: &MasterKey) -> Result<Taken, Problem> {
        let Self { staged, from, manifest, key, world, terms } = self;
        let path = staged.join(DATABASE);
        let connection = database::open(&path, &keys.data_key, Use::Create)?;
        database::create_tables(&connection)?;
        let mut filling = Filling {
            connection: &connection,
            salts: Reader::open(from, SALTS)?,
            shelf: Shelf::of(from),
            edge: Edge::empty(),
            contents: 0,
            manifest,
            progress: terms.progress,
        };
        let journal = filling.fill(from, key)?;
        check_handovers(from, &journal)?;
        let Filling { mut salts, shelf, edge, contents, .. } = filling;
        salts.end()?;
        shelf.end(&["history", "administration"])?;
        let (entries, last_time) = (edge.size(), take_checkpoints(&connection, from)?);
        take_beside(&connection, from)?;
        reindex::rebuild(&connection, &*world.indexer, &|done, of| (terms.progress)(Stage::Views, done, of))?;
        compare_current(&connection, from)?;

        let signed = journal.last() == &keys.verifier;
        if !signed && !terms.unsigned {
            return Err(wrong(LOG, "the last entry does not name the successor that the manifest names"));
        }
        keys.lineage = continued(journal, entries, &keys.verifier)?;
        let succession = keys
            .lineage
            .successions()
            .last()
            .filter(|_| !signed)
            .map(|one| Succession { from: one.from.to_string(), to: one.to.to_string() });
        let indexed = accesses::indexed(&connection)?;
        let standing = Standing { edge, last_time, indexed, unindexed: Unindexed::unknown() };
        let surroundings = surroundings(keys, world);
        let ended = begin_here(&connection, standing, &surroundings, succession, terms)?;
        connection.close().map_err(|(_, error)| db(&error))?;

        let keys = &surroundings.keys;
        self.verify(&path, keys)?;
        keys.write(staged, master, &*world.entropy)?;
        let (facility, key, before) = (keys.facility.clone(), keys.verifier.clone(), (*key).clone());
        let documents = manifest.documents.clone();
        Ok(Taken { facility, entries, contents, before, key, signed, ended, documents })
    }

    /// Everything once more, as it now stands.
    fn verify(&self, path: &Path, keys: &FacilityKeys) -> Result<(), Problem> {
        let options = verify::Options {
            since: Some(&self.manifest.checkpoint),
            progress: &|done, of| (self.terms.progress)(Stage::Verification, done, of),
        };
        verify::verify_folder(path, keys, &*self.world.indexer, &options).map(|_| ())
    }
}

/// That the handovers beside the log are those of its entries. They are made anew here; others may have read them.
fn check_handovers(from: &Path, journal: &Lineage) -> Result<(), Problem> {
    let below = from.join(LOG).join("handover");
    if !below.exists() {
        return Ok(());
    }
    walk(&below, &mut |name| {
        let bytes = crate::disk::read_bytes(&below.join(name))?;
        let report = verify::verify_proof_across(&bytes, journal);
        let position = report.ok().and_then(|report| report.position);
        let named = position.filter(|position| position.to_string() == name);
        if named.is_some_and(|position| journal.successions().iter().any(|one| one.position == position.0)) {
            return Ok(());
        }
        Err(wrong(format!("{LOG}/handover/{name}"), "not the handover of the entry that stands there"))
    })
}

/// The keys of the journal, and then this installation's.
fn continued(journal: Lineage, entries: u64, own: &VerifierKey) -> Result<Lineage, Problem> {
    let mut lineage = journal;
    if lineage.last() != own {
        check_successor(lineage.last(), own)?;
        let from = lineage.last().clone();
        let next = Succeeded { position: entries, from, to: own.clone() };
        lineage.push(next).map_err(|what| wrong(LOG, what))?;
    }
    Ok(lineage)
}

/// The journal on its way into the database.
struct Filling<'a> {
    connection: &'a Connection,
    salts: Reader,
    shelf: Shelf,
    edge: Edge,
    contents: u64,
    manifest: &'a Manifest,
    progress: &'a dyn Fn(Stage, u64, u64),
}

impl Filling<'_> {
    /// Walks the log, and takes over each entry with its content. Returns the keys that the journal names.
    fn fill(&mut self, from: &Path, key: &VerifierKey) -> Result<Lineage, Problem> {
        let mut failed = None;
        self.run("BEGIN IMMEDIATE")?;
        let walked = verify::walk_log(&from.join(LOG), Some(key), None, &mut |position, entry, bytes| {
            self.take(position, entry, bytes).map_err(|problem| {
                let what = problem.to_string();
                failed = Some(problem);
                what
            })
        });
        let (report, lineage) = match (walked, failed) {
            (_, Some(problem)) => return Err(problem),
            (Err(what), None) => return Err(wrong(LOG, what)),
            (Ok(walked), None) => walked,
        };
        self.run("COMMIT")?;
        if report.key != *key || report.entries != self.manifest.entries {
            return Err(wrong(LOG, "another key or number of entries than in the manifest"));
        }
        Ok(lineage)
    }

    fn run(&self, sql: &str) -> Result<(), Problem> {
        self.connection.execute_batch(sql).map_err(|error| db(&error))
    }

    fn take(&mut self, position: u64, entry: &Entry<'_>, bytes: &[u8]) -> Result<(), Problem> {
        commit::insert_entry(self.connection, position, bytes)?;
        self.edge.push(merkle::leaf_hash(bytes));
        commit::put_completed(self.connection, &mut self.edge)?;
        self.take_content(position, entry)?;
        if self.edge.size().is_multiple_of(CHUNK) {
            self.run("COMMIT; BEGIN IMMEDIATE")?;
            (self.progress)(Stage::Journal, self.edge.size(), self.manifest.entries);
        }
        Ok(())
    }

    fn take_content(&mut self, position: u64, entry: &Entry<'_>) -> Result<(), Problem> {
        let digest = entry.digest_bytes().map_err(|what| wrong(LOG, what))?;
        let Some(digest) = digest else { return Ok(()) };
        let opening: Option<Opening> = self.salts.json()?;
        let opening = opening.filter(|opening| opening.position == position);
        let opening = opening.ok_or_else(|| {
            wrong(self.salts.place(), format!("it does not open position {position}, which comes next"))
        })?;
        let withheld = is_withheld(&entry.subject.kind);
        let salt = match opening.salt {
            None if withheld => return Ok(()),
            Some(salt) if !withheld => Hash::from_hex(&salt),
            _ => None,
        };
        let salt = salt.ok_or_else(|| wrong(self.salts.place(), "a malformed salt, or one too many"))?;
        let file = self.shelf.file(&content_file(entry.kind, &entry.subject.kind))?;
        let content = file.expect()?;
        if seal::content_digest(&salt.0, &content) != digest {
            return Err(wrong(
                file.place(),
                format!("not what the entry at position {position} was written with"),
            ));
        }
        let of_record = !entry.kind.of_identity() && entry.kind.step().is_some();
        if of_record && content.len() > RESOURCE_BYTES_MAX {
            return Err(wrong(file.place(), "longer than a resource may be"));
        }
        commit::insert_content(self.connection, Position(position), &salt.0, &content)?;
        self.contents = self.contents.saturating_add(1);
        Ok(())
    }
}

/// Every signed checkpoint; gives the time of the newest. Whether they are of this journal shows when it is verified.
fn take_checkpoints(connection: &Connection, from: &Path) -> Result<i64, Problem> {
    let mut file = Reader::open(from, CHECKPOINTS)?;
    let (mut before, mut newest) = (0, 0);
    connection.execute_batch("BEGIN IMMEDIATE").map_err(|error| db(&error))?;
    while let Some(one) = file.json::<Signed>()? {
        let time = Time::parse(&one.time).filter(|time| time.to_string() == one.time);
        let time = time.filter(|_| one.size > before);
        let time = time.ok_or_else(|| wrong(file.place(), "out of order, or a malformed time"))?;
        commit::insert_checkpoint(connection, one.size, time.microseconds(), &one.note)?;
        (before, newest) = (one.size, time.microseconds());
    }
    connection.execute_batch("COMMIT").map_err(|error| db(&error))?;
    Ok(newest)
}

fn take_beside(connection: &Connection, from: &Path) -> Result<(), Problem> {
    let insert = |sql: &str, name: &str, value: &dyn rusqlite::ToSql| {
        connection
            .prepare_cached(sql)
            .and_then(|mut statement| statement.execute(params![name, value]))
            .map_err(|error| db(&error))
    };
    let mut file = Reader::open(from, WITNESSES)?;
    while let Some(Kept { name, text }) = file.json()? {
        if !name.starts_with(OF_WITNESSES) {
            return Err(wrong(file.place(), "nothing that a witness said"));
        }
        insert("INSERT OR REPLACE INTO note (name, text) VALUES (?1, ?2)", &name, &text)?;
    }
    let mut file = Reader::open(from, IMPORTS)?;
    while let Some(Imported { source, done }) = file.json()? {
        let done = number(done)?;
        insert("INSERT OR REPLACE INTO import_mark (source, done) VALUES (?1, ?2)", &source, &done)?;
    }
    Ok(())
}

/// That the current records in the export are those of the journal: people read them and nothing else.
fn compare_current(connection: &Connection, from: &Path) -> Result<(), Problem> {
    let (journal, mut shelf, mut after) = (Snapshot::over(connection), Shelf::of(from), 0);
    loop {
        let steps = journal.all(after, usize::try_from(CHUNK).unwrap_or(usize::MAX))?;
        let Some(last) = steps.last() else { return shelf.end(&["current"]) };
        after = last.record;
        for step in steps {
            let Some(content) = step.found.content else { continue };
            let file = shelf.file(&format!("current/{}.ndjson", step.key.kind))?;
            if file.expect()? != content.into_bytes() {
                return Err(wrong(file.place(), "not the current version of the record that stands here"));
            }
        }
    }
}

/// The first commit here: which key signs from now on, what has ended with the installation before, and that this was done.
fn begin_here(
    connection: &Connection,
    mut standing: Standing,
    surroundings: &commit::Surroundings,
    succession: Option<Succession>,
    terms: &Terms<'_>,
) -> Result<BTreeMap<String, u64>, Problem> {
    let time = after(surroundings.clock.now(), standing.last_time)?;
    let actor = Actor::new(ActorKind::System, "import");
    let (endings, ended) = endings(connection, terms)?;
    let mut names = BTreeMap::new();
    connection.execute_batch("BEGIN IMMEDIATE").map_err(|error| db(&error))?;
    let mut ledger = Ledger::new(connection, &mut standing, &mut names, surroundings, time);
    if let Some(succession) = succession {
        commit::write_succession(&mut ledger, actor.clone(), succession)?;
    }
    let reason = Some("taken over from another installation".to_owned());
    commit::write_batch(&mut ledger, Batch { reason, ..Batch::new(actor.clone(), endings) })??;
    let access = Access {
        v: 1,
        request: format!("import-{}", time.microseconds()),
        route: "import".to_owned(),
        action: Action::IMPORT.name().to_owned(),
        target: "complete".to_owned(),
        decided: Decided::Not,
        status: 200,
        ..Access::default()
    };
    commit::write_access(&mut ledger, Owed::new(actor, &access)?)?;
    accesses::keep_up(&mut ledger)?;
    commit::seal_commit(&mut ledger)?;
    connection.execute_batch("COMMIT").map_err(|error| db(&error))?;
    Ok(ended)
}

/// The changes that end what is of no use, or a danger, at another installation.
fn endings(
    connection: &Connection,
    terms: &Terms<'_>,
) -> Result<(Vec<Change>, BTreeMap<String, u64>), Problem> {
    let (mut changes, mut counts) = (Vec::new(), BTreeMap::new());
    for kind in terms.types {
        for step in Snapshot::over(connection).identities(kind)? {
            let content = step.found.content.map(crate::Sealed::into_bytes);
            if !(terms.ends)(kind, content.as_deref()) {
                continue;
            }
            let id = ResourceId::parse(step.key.id.as_str()).ok_or_else(|| wrong(kind, "a malformed id"))?;
            changes.push(Change::of_identity(RecordKey::new(kind, id), Expected::Anything, Act::Delete)?);
            let count: &mut u64 = counts.entry((*kind).to_owned()).or_default();
            *count = count.saturating_add(1);
        }
    }
    Ok((changes, counts))
}
