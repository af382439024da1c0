//! An import that ended between its last step here and what its caller does with a facility that stands.

use super::folder::read_manifest;
use super::hand_over::{facility_of, place};
use super::{MANIFEST, wrong};
use crate::actor::ActorKind;
use crate::entry::{Entry, EntryKind};
use crate::facility;
use crate::open::{Store, World};
use crate::snapshot::damaged;
use crate::verify;
use base::{FacilityId, Position, Problem};
use merkle::note::VerifierKey;
use seal::MasterKey;
use std::path::Path;

/// The facility that came with a complete export and stands here, where nothing was written since it was taken in; none
/// where it is not here, was not taken in here, or has gone on. It is verified, and that it continues the export.
///
/// # Errors
/// The export cannot be read, or what stands here does not continue it.
pub fn interrupted(
    data: &Path,
    from: &Path,
    master: &MasterKey,
    world: &World,
) -> Result<Option<FacilityId>, Problem> {
    let manifest = read_manifest(from)?;
    let key = VerifierKey::parse(&manifest.key).ok_or_else(|| wrong(MANIFEST, "a malformed key"))?;
    let facility = facility_of(&key)?;
    if !facility::folder(data, &facility).exists() {
        return Ok(None);
    }
    let store = Store::open_for_reading(data, &facility, master)?;
    // Where the export was made, the key that signs is still the export's.
    if *store.verifier() == key || store.size() <= manifest.entries || !ends_with_import(&store)? {
        return Ok(None);
    }
    drop(store);
    let options = verify::Options { since: Some(&manifest.checkpoint), progress: &|_, _| () };
    verify::verify_data(data, &facility, master, &*world.indexer, &options)?;
    // CRASH: the folder of prepared keys is the last thing that an import removes; it may have stayed.
    drop(std::fs::remove_dir_all(place(data, &facility)));
    Ok(Some(facility))
}

/// Whether the newest entry is the one by which an import says that it was made.
fn ends_with_import(store: &Store) -> Result<bool, Problem> {
    let newest = store.look(|snapshot| snapshot.entry(Position(store.size().saturating_sub(1))))?;
    let entry = Entry::parse(&newest).map_err(damaged)?;
    let by_import = entry.actor.kind == ActorKind::System && entry.actor.id == "import";
    Ok(by_import && entry.kind == EntryKind::Access)
}
