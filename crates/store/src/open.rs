//! A facility's store: made, opened, asked to write and to read.

use crate::accesses::{self, Unindexed};
use crate::actor::{Actor, ActorKind};
use crate::change::Indexer;
use crate::changes::Part;
use crate::codes;
use crate::commit::{self, Ledger, Surroundings};
use crate::database::{self, Use};
use crate::emergency::{self, EmergencyLog};
use crate::entry::{Entry, Succession};
use crate::facility::{self, FacilityKeys};
use crate::inside::Inside;
use crate::readers::{Keep, Readers};
use crate::reindex;
use crate::search::Cursor;
use crate::snapshot::{Newest, Snapshot, damaged};
use crate::verify::{self, Lineage};
use crate::work::Done;
use crate::writer::{Standing, State, Writer};
use base::{Clock, Entropy, FacilityId, Position, Problem, Secret, Time};
use merkle::Edge;
use merkle::checkpoint::Checkpoint;
use merkle::note::VerifierKey;
use rusqlite::Connection;
use seal::{LinkKey, MasterKey};
use std::collections::BTreeMap;
use std::path::{Path, PathBuf};
use std::sync::Arc;

/// What a store takes from the world, and how it derives search rows.
#[derive(Clone, Debug)]
pub struct World {
    /// Time.
    pub clock: Arc<dyn Clock>,
    /// Chance.
    pub entropy: Arc<dyn Entropy>,
    /// Search rows.
    pub indexer: Arc<dyn Indexer>,
}

/// The journal and views of one facility, open.
#[derive(Debug)]
pub struct Store {
    facility: FacilityId,
    lineage: Lineage,
    readers: Arc<Readers>,
    links: LinkKey,
    /// None when the store was opened for reading only.
    writer: Option<Writer>,
    state: Arc<State>,
    /// Where looks are noted while nothing can be written; none when the store was opened for reading only.
    emergency: Option<Arc<EmergencyLog>>,
}

/// A file in a facility's folder: as long as it is there, nothing is written, as if the disk were in doubt. Those who run the
/// system make it to rehearse that, or before they work on the disk.
const STOP: &str = "writing-stopped";

/// Name of the database in a facility's folder.
pub(crate) const DATABASE: &str = "journal.db";

/// Readers at once; further ones wait their turn.
const READERS_MAX: usize = 8;

impl Store {
    /// Makes a new facility in a data directory: keys, database, and the first entry of its journal.
    pub fn create(
        data: &Path,
        facility: &FacilityId,
        master: &MasterKey,
        world: &World,
    ) -> Result<(), Problem> {
        let folder = facility::folder(data, facility);
        if folder.join("facility.json").exists() {
            return Err(Problem::new(&codes::FACILITY_EXISTS).with("facility", facility));
        }
        let staged = data.join("facilities").join(format!(".new-{facility}"));
        make_empty(&staged)?;
        let keys = FacilityKeys::generate(facility.clone(), &*world.entropy)?;
        let connection = database::open(&staged.join(DATABASE), &keys.data_key, Use::Create)?;
        database::create_tables(&connection)?;
        reindex::set_edition(&connection, world.indexer.edition())?;
        let surroundings = surroundings(keys, world);
        begin_journal(&connection, &surroundings)?;
        connection.close().map_err(|(_, error)| database::problem(&error))?;
        surroundings.keys.write(&staged, master, &*world.entropy)?;
        // CRASH: until this rename the facility does not exist, and the next attempt starts afresh. It fails when the
        // folder has content, so that a journal without its keys is never written over.
        std::fs::rename(&staged, &folder).map_err(|error| crate::disk::file_problem(&folder, &error))?;
        crate::disk::sync_folder_of(&folder)
    }

    /// Opens a facility for reading and writing. The newest checkpoint must be that of the tree found.
    pub fn open(
        data: &Path,
        facility: &FacilityId,
        master: &MasterKey,
        world: &World,
    ) -> Result<Self, Problem> {
        Self::open_beside(data, facility, master, world, None)
    }

    /// The same, with a folder for the emergency log (formats, section 21) that is better on another disk. Lines that wait
    /// there, or in the facility's own folder, are taken into the journal.
    pub fn open_beside(
        data: &Path,
        facility: &FacilityId,
        master: &MasterKey,
        world: &World,
        beside: Option<&Path>,
    ) -> Result<Self, Problem> {
        let keys = FacilityKeys::read(data, facility, master)?;
        let path = database_path(data, facility);
        let connection = database::open(&path, &keys.data_key, Use::Write)?;
        database::upgrade(&connection, &path)?;
        let (edge, last_time) = load_edge(&connection, &keys.verifier)?;
        refuse_closed(&connection, &keys)?;
        let indexed = database::has_table(&connection, "version_by_patient")?;
        if reindex::edition(&connection)? != world.indexer.edition() || !indexed {
            tracing::info!(facility = %facility, "the rules of the search index have changed: building it again");
            reindex::rebuild(&connection, &*world.indexer, &|_, _| ())?;
        }
        let readers = Arc::new(Readers::open(&path, &keys.data_key, READERS_MAX, Keep::UntilOvertaken)?);
        // By now the write-ahead log is there. SQLite syncs its folder, but does not look at the outcome.
        crate::disk::sync_folder_of(&path)?;
        let stop = facility::folder(data, facility).join(STOP);
        let state = Arc::new(State::starting_at(edge.size(), Some(stop)));
        let lineage = keys.lineage.clone();
        let links = LinkKey::derive(&keys.data_key)?;
        let folders = emergency::folders(data, facility, beside);
        let (clock, entropy) = (Arc::clone(&world.clock), Arc::clone(&world.entropy));
        let log = Arc::new(EmergencyLog::new(&keys, folders, clock, entropy)?);
        let standing = Standing {
            edge,
            last_time,
            indexed: accesses::indexed(&connection)?,
            unindexed: Unindexed::unknown(),
        };
        let writer = Writer::start(
            connection,
            standing,
            surroundings(keys, world),
            Arc::clone(&state),
            (Arc::clone(&readers), Arc::clone(&log)),
        )?;
        let (facility, writer, emergency) = (facility.clone(), Some(writer), Some(log));
        Ok(Self { facility, lineage, readers, links, writer, state, emergency })
    }

    /// Opens a facility for reading only, which may be done while another process writes.
    pub fn open_for_reading(data: &Path, facility: &FacilityId, master: &MasterKey) -> Result<Self, Problem> {
        let keys = FacilityKeys::read(data, facility, master)?;
        let path = database_path(data, facility);
        let readers = Arc::new(Readers::open(&path, &keys.data_key, 1, Keep::Nothing)?);
        let size = readers.with(entries)?;
        let state = Arc::new(State::starting_at(size, None));
        let links = LinkKey::derive(&keys.data_key)?;
        let (facility, lineage) = (facility.clone(), keys.lineage);
        Ok(Self { facility, lineage, readers, links, writer: None, state, emergency: None })
    }

    /// Deletes the views of a facility and builds them again from its journal. Calls `progress` with the entries done and their number.
    /// Returns the number of entries gone through.
    pub fn reindex(
        data: &Path,
        facility: &FacilityId,
        master: &MasterKey,
        indexer: &dyn Indexer,
        progress: &dyn Fn(u64, u64),
    ) -> Result<u64, Problem> {
        let keys = FacilityKeys::read(data, facility, master)?;
        let path = database_path(data, facility);
        let connection = database::open(&path, &keys.data_key, Use::Write)?;
        database::upgrade(&connection, &path)?;
        reindex::rebuild(&connection, indexer, progress)
    }

    /// The facility.
    pub fn facility(&self) -> &FacilityId {
        &self.facility
    }

    /// The key by which its checkpoints are verified.
    pub fn verifier(&self) -> &VerifierKey {
        self.lineage.last()
    }

    /// The keys that signed before, and then the one that signs now.
    pub fn lineage(&self) -> &Lineage {
        &self.lineage
    }

    /// Writes a cursor into a link of the search that `about` names. Nobody but this store can read it.
    ///
    /// # Errors
    /// The cipher fails, which it has no reason to.
    pub fn seal_cursor(&self, about: &[u8], cursor: &Cursor) -> Result<String, Problem> {
        self.links.seal(about, &cursor.to_bytes())
    }

    /// Reads a cursor out of a link; none when it was not given out for this search.
    pub fn open_cursor(&self, about: &[u8], text: &str) -> Option<Cursor> {
        Cursor::from_bytes(&self.links.open(about, text)?)
    }

    /// Seals a secret of an account for the journal's content: only this facility's store opens it, and only where
    /// `about` is the same.
    ///
    /// # Errors
    /// The cipher fails, which it has no reason to.
    pub fn seal_secret(&self, about: &str, secret: &[u8]) -> Result<String, Problem> {
        self.links.seal(&of_identity(about), secret)
    }

    /// Opens what [`Self::seal_secret`] sealed; none when it is not of this store or about something else.
    pub fn open_secret(&self, about: &str, sealed: &str) -> Option<Secret<Vec<u8>>> {
        self.links.open(&of_identity(about), sealed).map(Secret::new)
    }

    /// The newest signed checkpoint.
    pub fn checkpoint(&self) -> Result<String, Problem> {
        self.look(|snapshot| Ok(snapshot.newest_checkpoint()?.0))
    }

    /// Until when the journal is known to be whole: the newest signed checkpoint, its signature verified, and the time of its
    /// last entry. No record is looked at for it.
    ///
    /// # Errors
    /// The database cannot be read, or the checkpoint is not one of this journal (ST-0017).
    pub fn signed_until(&self) -> Result<(Checkpoint, Time), Problem> {
        let (note, time) = self.look(|snapshot| snapshot.newest_checkpoint())?;
        let checkpoint = verify::verify_checkpoint_across(&note, &self.lineage)?;
        Ok((checkpoint, Time::from_microseconds(time)))
    }

    /// Entries in the journal that are durable.
    pub fn size(&self) -> u64 {
        self.state.size()
    }

    /// Whether writes are refused: until restart, because an earlier one ended in an unknown state, or as long as those who
    /// run the system say so by a file `writing-stopped` in the facility's folder.
    pub fn halted(&self) -> bool {
        self.state.halted()
    }

    /// Whether signing has stopped because the clock stands still or runs back.
    pub fn clock_behind(&self) -> bool {
        self.state.clock_behind()
    }

    /// Whether the last attempt to write failed.
    pub(crate) fn failing(&self) -> bool {
        self.state.failing()
    }

    /// Where looks are noted while nothing can be written.
    pub(crate) fn emergency_log(&self) -> Result<&Arc<EmergencyLog>, Problem> {
        let reading = || Problem::new(&codes::HALTED).log("the store is open for reading only");
        self.emergency.as_ref().ok_or_else(reading)
    }

    /// What the writer has done since the store was opened.
    pub fn done(&self) -> Done {
        self.state.done()
    }

    /// How often a part of the facility has changed since the store was opened.
    pub fn changes(&self, part: &Part) -> u64 {
        self.state.changes(part)
    }

    /// How many batches of changes wait for the writer.
    pub fn waiting(&self) -> u64 {
        self.writer.as_ref().map_or(0, |writer| u64::try_from(writer.queue().waiting()).unwrap_or(u64::MAX))
    }

    pub(crate) fn writer(&self) -> Result<&Writer, Problem> {
        self.writer
            .as_ref()
            .ok_or_else(|| Problem::new(&codes::HALTED).log("the store is open for reading only"))
    }

    /// Shows what is no record: identities, notes, marks of imports. Contents of records stay sealed without a permit,
    /// and there is no way from here to them.
    pub fn inspect<T, E: From<Problem>>(
        &self,
        look: impl FnOnce(&Inside<'_>) -> Result<T, E>,
    ) -> Result<T, E> {
        self.readers.with(|snapshot| look(&Inside(snapshot)))
    }

    /// For this room: the newest moment, without a ticket.
    pub(crate) fn look<T, E: From<Problem>>(
        &self,
        look: impl FnOnce(&Newest<'_>) -> Result<T, E>,
    ) -> Result<T, E> {
        self.readers.with_newest(look)
    }

    pub(crate) fn readers(&self) -> &Readers {
        &self.readers
    }
}

/// Keeps secrets apart from cursors: no query has this character in it.
fn of_identity(about: &str) -> Vec<u8> {
    ["identity\0", about].concat().into_bytes()
}

fn entries(snapshot: &Snapshot<'_>) -> Result<u64, Problem> {
    snapshot.entries()
}

pub(crate) fn database_path(data: &Path, facility: &FacilityId) -> PathBuf {
    facility::folder(data, facility).join(DATABASE)
}

pub(crate) fn surroundings(keys: FacilityKeys, world: &World) -> Surroundings {
    Surroundings {
        keys,
        clock: Arc::clone(&world.clock),
        entropy: Arc::clone(&world.entropy),
        indexer: Arc::clone(&world.indexer),
    }
}

/// What an interrupted `create` left behind has never been acknowledged to anybody.
pub(crate) fn make_empty(folder: &Path) -> Result<(), Problem> {
    match std::fs::remove_dir_all(folder) {
        Err(error) if error.kind() != std::io::ErrorKind::NotFound => {
            return Err(crate::disk::file_problem(folder, &error));
        }
        _ => {}
    }
    crate::disk::make_folder(folder)
}

/// The key to which a journal was handed over: it has ended here, and its last entry says so. None while it goes on.
pub(crate) fn closed_for(view: &Snapshot<'_>, own: &VerifierKey) -> Result<Option<VerifierKey>, Problem> {
    let Some(last) = view.entries()?.checked_sub(1) else { return Ok(None) };
    let bytes = view.entry(Position(last))?;
    let entry = Entry::parse(&bytes).map_err(damaged)?;
    let keys = entry.succession.as_ref().map(Succession::keys).transpose().map_err(damaged)?;
    Ok(keys.map(|(_, to)| to).filter(|to| to != own))
}

pub(crate) fn refuse_closed(connection: &Connection, keys: &FacilityKeys) -> Result<(), Problem> {
    match closed_for(&Snapshot::over(connection), &keys.verifier)? {
        None => Ok(()),
        Some(to) => Err(Problem::new(&codes::HANDED_OVER).with("facility", &keys.facility).with("key", to)),
    }
}

fn begin_journal(connection: &Connection, surroundings: &Surroundings) -> Result<(), Problem> {
    let db = |error: rusqlite::Error| database::problem(&error);
    connection.execute_batch("BEGIN IMMEDIATE").map_err(db)?;
    let mut standing =
        Standing { edge: Edge::empty(), last_time: 0, indexed: 0, unindexed: Unindexed::unknown() };
    let (mut names, time) = (BTreeMap::new(), surroundings.clock.now());
    let mut ledger = Ledger::new(connection, &mut standing, &mut names, surroundings, time);
    commit::open_journal(&mut ledger, Actor::new(ActorKind::System, "akashi"))?;
    connection.execute_batch("COMMIT").map_err(db)
}

/// The tree's right edge and the time of the last commit; refused when the newest checkpoint is not of this tree.
pub(crate) fn load_edge(connection: &Connection, verifier: &VerifierKey) -> Result<(Edge, i64), Problem> {
    let view = Snapshot::over(connection);
    let size = view.entries()?;
    let edge = Edge::load(size, &view)?;
    let (note, time) = view.newest_checkpoint()?;
    let checkpoint = verify::checkpoint(&note, verifier)
        .map_err(|what| Problem::new(&codes::CORRUPT).with("what", what).log("newest checkpoint"))?;
    if checkpoint.size != size || checkpoint.root != edge.root() {
        return Err(Problem::new(&codes::CORRUPT)
            .with(
                "what",
                format!("{size} entries, but the newest checkpoint is of {} or of others", checkpoint.size),
            )
            .log("newest checkpoint is not of this tree"));
    }
    Ok((edge, time))
}
