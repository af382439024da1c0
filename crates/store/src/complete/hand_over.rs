//! Handing a journal over: the key that is going to sign it is made where it goes, and named in its last entry where it was.

use crate::accesses::{self, Unindexed};
use crate::actor::{Actor, ActorKind};
use crate::codes;
use crate::commit::{self, Ledger};
use crate::database::{self, Use};
use crate::entry::Succession;
use crate::facility::{self, FacilityKeys};
use crate::open::{self, Store, World, surroundings};
use crate::verify;
use crate::witness::Witness;
use crate::writer::Standing;
use base::{FacilityId, Position, Problem, Time};
use merkle::note::VerifierKey;
use seal::MasterKey;
use std::collections::BTreeMap;
use std::path::{Path, PathBuf};

/// Makes the keys by which this installation is going to continue the journal that `before` signs, and gives the public one.
/// Asked again it gives the same.
///
/// # Errors
/// The key is of no journal, the facility is here already, or the keys cannot be kept.
pub fn prepare(
    data: &Path,
    before: &VerifierKey,
    master: &MasterKey,
    world: &World,
) -> Result<VerifierKey, Problem> {
    let facility = facility_of(before)?;
    refuse_existing(data, &facility)?;
    if let Some(keys) = prepared(data, before, master)? {
        return Ok(keys.verifier);
    }
    let folder = place(data, &facility);
    crate::disk::make_folder(&folder)?;
    let keys = FacilityKeys::succeeding(before, &*world.entropy)?;
    keys.write(&folder, master, &*world.entropy)?;
    Ok(keys.verifier)
}

/// The facility that a key is of.
pub(super) fn facility_of(key: &VerifierKey) -> Result<FacilityId, Problem> {
    let found = verify::facility_of(key).and_then(FacilityId::parse);
    found.ok_or_else(|| {
        Problem::new(&codes::OTHER_ORIGIN).with("key", key).with("origin", "HOST/f/FACILITY/TAG")
    })
}

pub(super) fn refuse_existing(data: &Path, facility: &FacilityId) -> Result<(), Problem> {
    if facility::folder(data, facility).exists() {
        return Err(Problem::new(&codes::FACILITY_EXISTS).with("facility", facility));
    }
    Ok(())
}

/// The keys that were made for continuing the journal of this key; none where nobody made any.
pub(super) fn prepared(
    data: &Path,
    before: &VerifierKey,
    master: &MasterKey,
) -> Result<Option<FacilityKeys>, Problem> {
    let facility = facility_of(before)?;
    let folder = place(data, &facility);
    if !folder.join("facility.json").exists() {
        return Ok(None);
    }
    let keys = FacilityKeys::read_in(&folder, &facility, master)?;
    if keys.verifier.name != before.name {
        let other = Problem::new(&codes::OTHER_ORIGIN).with("key", before);
        return Err(other.with("origin", &keys.verifier.name));
    }
    Ok(Some(keys))
}

/// Where keys wait for their journal. No facility has such a name.
pub(super) fn place(data: &Path, facility: &FacilityId) -> PathBuf {
    data.join("facilities").join(format!(".successor-{facility}"))
}

/// Ends a journal here: its last entry, which this installation signs, names the key that continues it. Nothing is written
/// here any more. The caller holds the data directory, and has entered the export before.
///
/// # Errors
/// The key is of another journal or this one's own, the clock is behind, or the journal has ended already.
pub fn hand_over(
    data: &Path,
    facility: &FacilityId,
    master: &MasterKey,
    world: &World,
    to: &VerifierKey,
) -> Result<(), Problem> {
    let keys = FacilityKeys::read(data, facility, master)?;
    check_successor(&keys.verifier, to)?;
    let connection = database::open(&open::database_path(data, facility), &keys.data_key, Use::Write)?;
    let (edge, last_time) = open::load_edge(&connection, &keys.verifier)?;
    open::refuse_closed(&connection, &keys)?;
    let time = after(world.clock.now(), last_time)?;
    let indexed = accesses::indexed(&connection)?;
    let mut standing = Standing { edge, last_time, indexed, unindexed: Unindexed::unknown() };
    let succession = Succession { from: keys.verifier.to_string(), to: to.to_string() };
    let (mut names, surroundings) = (BTreeMap::new(), surroundings(keys, world));
    let failed = |error: rusqlite::Error| database::problem(&error);
    connection.execute_batch("BEGIN IMMEDIATE").map_err(failed)?;
    let mut ledger = Ledger::new(&connection, &mut standing, &mut names, &surroundings, time);
    commit::write_succession(&mut ledger, Actor::new(ActorKind::System, "console"), succession)?;
    accesses::keep_up(&mut ledger)?;
    commit::seal_commit(&mut ledger)?;
    // CRASH: before this line the journal goes on here; once it returns, it has ended here.
    connection.execute_batch("COMMIT").map_err(failed)
}

/// That a key can take the place of another.
///
/// # Errors
/// ST-0062: it is of another journal, or the same.
pub fn check_successor(own: &VerifierKey, to: &VerifierKey) -> Result<(), Problem> {
    if own.name == to.name && own != to {
        return Ok(());
    }
    Err(Problem::new(&codes::OTHER_ORIGIN).with("key", to).with("origin", &own.name))
}

/// A time for the next commit, which is later than that of the one before.
pub(super) fn after(now: Time, last: i64) -> Result<Time, Problem> {
    if now.microseconds() > last {
        return Ok(now);
    }
    let behind = last.saturating_sub(now.microseconds());
    let seconds = format!("{}.{:06}", behind / 1_000_000, behind % 1_000_000);
    Err(Problem::new(&codes::CLOCK).with("seconds", seconds).log("clock behind the journal"))
}

/// The key to which this journal was handed over, with the entry of the export by which that was done; none while it goes
/// on here. That entry may be older than others may be: nothing can be entered any more.
///
/// # Errors
/// The journal cannot be read.
pub fn handed_over(store: &Store) -> Result<Option<(VerifierKey, Witness)>, Problem> {
    store.look(|snapshot| {
        let Some(key) = open::closed_for(snapshot, store.verifier())? else { return Ok(None) };
        let entry = snapshot.entries()?.saturating_sub(2);
        Ok(Some((key, store.witness_of_handover(snapshot, Position(entry))?)))
    })
}
