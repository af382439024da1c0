//! Checking a log in a folder, as downloaded from the log API or written by `akashi export --log` (formats, section 4).

use super::Report;
use super::order::{Fingerprints, Order, Summary};
use crate::codes;
use crate::entry::Entry;
use base::Problem;
use merkle::note::VerifierKey;
use merkle::tile::{Tile, bundles_for, decode_bundle, tiles_for};
use merkle::{Edge, Hash, TILE_WIDTH};
use std::collections::BTreeMap;
use std::path::Path;

/// Checks a downloaded log. When `expected` is given only that key may have signed, otherwise the one in the folder
/// counts as a claim. With `since`, the signed checkpoint of an earlier day must be a prefix of this log.
pub fn verify_log(
    folder: &Path,
    expected: Option<&VerifierKey>,
    since: Option<&str>,
) -> Result<Report, Problem> {
    check(folder, expected, since).map_err(|what| Problem::new(&codes::WRONG).with("what", what))
}

fn check(folder: &Path, expected: Option<&VerifierKey>, since: Option<&str>) -> Result<Report, String> {
    let key = key_of(folder, expected)?;
    let note = String::from_utf8(read(folder, "checkpoint")?).map_err(|_| "the checkpoint is not text")?;
    let checkpoint = super::checkpoint(&note, &key)?;
    if checkpoint.size == 0 {
        return Err("the log is empty: it lacks its first entry".to_owned());
    }
    let older = since.map(|note| super::older_checkpoint(note, &key)).transpose()?;
    if let Some(older) = older.as_ref().filter(|older| older.size > checkpoint.size) {
        return Err(format!(
            "rolled back: {} entries now, {} were signed earlier",
            checkpoint.size, older.size
        ));
    }
    let facility = super::file::facility_of(&key).ok_or("the origin names no facility")?.to_owned();
    let mut walk = Walk {
        facility,
        edge: Edge::empty(),
        order: Order::new(),
        fingerprints: Fingerprints::default(),
        subtrees: BTreeMap::new(),
    };
    for bundle in bundles_for(checkpoint.size) {
        let leaves = hashes(folder, Tile { level: 0, index: bundle.index, width: bundle.width })?;
        let bytes = read(folder, &bundle.path())?;
        let entries = decode_bundle(&bytes).filter(|entries| entries.len() == usize::from(bundle.width));
        let entries = entries.ok_or_else(|| format!("{} is malformed", bundle.path()))?;
        for (entry, leaf) in entries.into_iter().zip(leaves) {
            walk.take(entry, leaf)?;
            if older
                .as_ref()
                .is_some_and(|older| older.size == walk.edge.size() && older.root != walk.edge.root())
            {
                return Err(
                    "this log does not continue the earlier checkpoint: its past was changed".to_owned()
                );
            }
        }
    }
    walk.order.finish()?;
    walk.check_tiles(folder, checkpoint.size)?;
    if walk.edge.root() != checkpoint.root {
        return Err("the root is not that of the checkpoint".to_owned());
    }
    Ok(Report { entries: checkpoint.size, contents: 0, checkpoints: 1, key, position: None })
}

/// The key given, or else the one beside the log; where both are there, they must be the same.
fn key_of(folder: &Path, expected: Option<&VerifierKey>) -> Result<VerifierKey, String> {
    if let Some(expected) = expected.filter(|_| !folder.join("key").exists()) {
        return Ok(expected.clone());
    }
    let text = String::from_utf8(read(folder, "key")?).map_err(|_| "the key is not text")?;
    let key = VerifierKey::parse(text.strip_suffix('\n').unwrap_or(&text))
        .ok_or("the key beside the log is malformed")?;
    match expected {
        Some(expected) if *expected != key => Err("the key beside the log is not the one given".to_owned()),
        _ => Ok(key),
    }
}

struct Walk {
    facility: String,
    edge: Edge,
    order: Order,
    fingerprints: Fingerprints,
    subtrees: BTreeMap<u8, Vec<Hash>>,
}

impl Walk {
    fn take(&mut self, bytes: &[u8], leaf: Hash) -> Result<(), String> {
        let at = |what: String| format!("position {}: {what}", self.edge.size());
        if merkle::leaf_hash(bytes) != leaf {
            return Err(at("the entry is not the one in the tree".to_owned()));
        }
        let entry = Entry::parse(bytes).map_err(at)?;
        let summary = Summary::of(&entry, &self.facility, &self.fingerprints).map_err(at)?;
        self.order.take(&summary).map_err(at)?;
        self.edge.push(leaf);
        for completed in self.edge.take_completed() {
            self.subtrees.entry(completed.level).or_default().push(completed.hash);
        }
        Ok(())
    }

    fn check_tiles(&self, folder: &Path, size: u64) -> Result<(), String> {
        for tile in tiles_for(size).filter(|tile| tile.level > 0) {
            let first = usize::try_from(tile.index.saturating_mul(TILE_WIDTH)).unwrap_or(usize::MAX);
            let computed =
                self.subtrees.get(&tile.level).and_then(|all| all.get(first..)).unwrap_or_default();
            if !hashes(folder, tile)?.iter().eq(computed.iter().take(tile.width.into())) {
                return Err(format!("{} does not hold the roots of the tiles below", tile.path()));
            }
        }
        Ok(())
    }
}

fn hashes(folder: &Path, tile: Tile) -> Result<Vec<Hash>, String> {
    let bytes = read(folder, &tile.path())?;
    let (hashes, rest) = bytes.as_chunks::<32>();
    if hashes.len() != usize::from(tile.width) || !rest.is_empty() {
        return Err(format!("{} has the wrong length", tile.path()));
    }
    Ok(hashes.iter().map(|hash| Hash(*hash)).collect())
}

fn read(folder: &Path, path: &str) -> Result<Vec<u8>, String> {
    std::fs::read(folder.join(path)).map_err(|error| format!("{path}: {error}"))
}
