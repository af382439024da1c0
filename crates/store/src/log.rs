//! The journal in the C2SP `tlog-tiles` layout: for the log API, and as files in a folder.

use crate::codes;
use crate::disk;
use crate::open::Store;
use crate::snapshot::Snapshot;
use crate::ticket::Ticket;
use crate::witness::Witness;
use base::{Position, Problem};
use merkle::tile::{Bundle, Tile, bundles_for, encode_bundle, tiles_for};
use merkle::{Subtrees, TILE_WIDTH};
use std::path::Path;

/// One file of the log.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct LogFile {
    /// Its bytes.
    pub bytes: Vec<u8>,
    /// Whether it is text (a checkpoint, the key) rather than hashes or entries.
    pub text: bool,
    /// Whether it never changes.
    pub immutable: bool,
}

impl Store {
    /// The file at a path below the log's prefix (`checkpoint`, `cosigned`, `key`, `tile/…`, `consistency/<old size>`);
    /// none when there is no such file.
    pub fn log_file(&self, _ticket: &Ticket, path: &str) -> Result<Option<LogFile>, Problem> {
        if let Some(old) = path.strip_prefix("consistency/") {
            let proof = number_of(old).map(|old| self.consistency(old)).transpose()?.flatten();
            return Ok(proof.map(|proof| LogFile {
                bytes: proof.to_string().into_bytes(),
                text: true,
                immutable: false,
            }));
        }
        self.look(|snapshot| match path {
            "checkpoint" => {
                let note = snapshot.newest_with_cosignatures()?;
                Ok(Some(LogFile { bytes: note.into_bytes(), text: true, immutable: false }))
            }
            "cosigned" => {
                let file = |note: String| LogFile { bytes: note.into_bytes(), text: true, immutable: false };
                Ok(snapshot.cosigned()?.map(|cosigned| file(cosigned.note)))
            }
            "key" => {
                let key = format!("{}\n", self.verifier());
                Ok(Some(LogFile { bytes: key.into_bytes(), text: true, immutable: false }))
            }
            _ if path.starts_with("handover/") => {
                let position = path.strip_prefix("handover/").and_then(number_of);
                let found = position.map(|position| self.handover(snapshot, position)).transpose()?.flatten();
                let file = |bytes| LogFile { bytes, text: true, immutable: true };
                Ok(found.map(|proof| proof.to_bytes()).transpose()?.map(file))
            }
            _ => Ok(tile_file(snapshot, path)?.map(|bytes| LogFile { bytes, text: false, immutable: true })),
        })
    }
}

/// A number in its one spelling, as everywhere in the log's addresses.
fn number_of(text: &str) -> Option<u64> {
    text.parse::<u64>().ok().filter(|number| number.to_string() == text)
}

fn tile_file(snapshot: &Snapshot<'_>, path: &str) -> Result<Option<Vec<u8>>, Problem> {
    let size = snapshot.entries()?;
    if let Some(bundle) = Bundle::parse(path) {
        return if fits(bundle.index, bundle.width, size) {
            bundle_bytes(snapshot, bundle).map(Some)
        } else {
            Ok(None)
        };
    }
    let Some(tile) = Tile::parse(path) else { return Ok(None) };
    let below =
        TILE_WIDTH.checked_pow(tile.level.into()).and_then(|span| size.checked_div(span)).unwrap_or(0);
    if fits(tile.index, tile.width, below) { tile_bytes(snapshot, tile).map(Some) } else { Ok(None) }
}

/// Whether `width` hashes from the start of tile `index` are among the first `count`.
fn fits(index: u64, width: u16, count: u64) -> bool {
    index
        .checked_mul(TILE_WIDTH)
        .and_then(|first| first.checked_add(width.into()))
        .is_some_and(|end| end <= count)
}

fn bundle_bytes(snapshot: &Snapshot<'_>, bundle: Bundle) -> Result<Vec<u8>, Problem> {
    let first = bundle.index.saturating_mul(TILE_WIDTH);
    let entries = snapshot.entries_from(Position(first), bundle.width.into())?;
    encode_bundle(entries)
        .ok_or_else(|| Problem::new(&codes::CORRUPT).with("what", "an entry that is too long"))
}

fn tile_bytes(snapshot: &Snapshot<'_>, tile: Tile) -> Result<Vec<u8>, Problem> {
    let first = tile.index.saturating_mul(TILE_WIDTH);
    let hashes = snapshot.hashes(tile.level, first, tile.width.into())?;
    Ok(hashes.iter().flat_map(|hash| hash.0).collect())
}

/// Writes the whole log into a folder, as the journal says is being done, in the layout in which it is served. Returns the number of entries.
pub fn save_log(store: &Store, witness: &Witness, folder: &Path) -> Result<u64, Problem> {
    store.read_witnessed(witness, |snapshot| save_snapshot(store, snapshot, folder))
}

/// The same within a moment that is looked at already.
pub(crate) fn save_snapshot(store: &Store, snapshot: &Snapshot<'_>, folder: &Path) -> Result<u64, Problem> {
    let size = snapshot.entries()?;
    for bundle in bundles_for(size) {
        save(folder, &bundle.path(), &bundle_bytes(snapshot, bundle)?)?;
    }
    for tile in tiles_for(size) {
        save(folder, &tile.path(), &tile_bytes(snapshot, tile)?)?;
    }
    save(folder, "key", format!("{}\n", store.verifier()).as_bytes())?;
    save_handovers(store, snapshot, folder)?;
    if let Some(cosigned) = snapshot.cosigned()? {
        save(folder, "cosigned", cosigned.note.as_bytes())?;
    }
    // The checkpoint comes last: while it is missing, the folder is not a log.
    save(folder, "checkpoint", snapshot.newest_with_cosignatures()?.as_bytes())?;
    Ok(size)
}

/// The proofs by which whoever trusts an earlier key comes to trust the one that signs now.
fn save_handovers(store: &Store, snapshot: &Snapshot<'_>, folder: &Path) -> Result<(), Problem> {
    let last = snapshot.entries()?.checked_sub(1);
    let of_others = store.lineage().successions().iter().map(|one| one.position).chain(last);
    for position in of_others.collect::<std::collections::BTreeSet<_>>() {
        if let Some(proof) = store.handover(snapshot, position)? {
            save(folder, &format!("handover/{position}"), &proof.to_bytes()?)?;
        }
    }
    Ok(())
}

fn save(folder: &Path, path: &str, bytes: &[u8]) -> Result<(), Problem> {
    let file = folder.join(path);
    disk::make_folder(file.parent().unwrap_or(folder))?;
    std::fs::write(&file, bytes).map_err(|error| disk::file_problem(&file, &error))
}
