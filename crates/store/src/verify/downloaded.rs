//! Checking a log in a folder, as downloaded from the log API or written by `akashi export --log` (formats, section 4).

use super::order::{Fingerprints, Order, Summary};
use super::{Lineage, Report};
use crate::codes;
use crate::entry::Entry;
use base::Problem;
use merkle::checkpoint::Checkpoint;
use merkle::note::{SignedNote, VerifierKey};
use merkle::tile::{Tile, bundles_for, decode_bundle, tiles_for};
use merkle::{Edge, Hash, TILE_WIDTH};
use std::collections::BTreeMap;
use std::io::Read;
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
    let (report, walk) = walk(folder, expected, since, &mut |_, _, _| Ok(()))?;
    drop(walk);
    Ok(report)
}

/// Sees an entry with its position and its bytes. The error says what is wrong with it.
pub(crate) type Look<'a> = dyn FnMut(u64, &Entry<'_>, &[u8]) -> Result<(), String> + 'a;

/// Walks a log and checks it. Each entry is shown to `look`, with its position and its bytes, once it has its place in the
/// tree; whether that tree is the one that was signed is known at the end.
pub(crate) fn walk(
    folder: &Path,
    expected: Option<&VerifierKey>,
    since: Option<&str>,
    look: &mut Look<'_>,
) -> Result<(Report, Lineage), String> {
    let beside = key_beside(folder)?;
    let key = beside.or_else(|| expected.cloned()).ok_or("there is no key")?;
    // Where the key given is an earlier one, handovers must lead from it to the key beside the log.
    let trusted = match expected.filter(|expected| **expected != key) {
        Some(expected) => led_by(folder, expected, &key)?,
        None => Lineage::of(key.clone()),
    };
    let note = String::from_utf8(read(folder, "checkpoint")?).map_err(|_| "the checkpoint is not text")?;
    let checkpoint = super::checkpoint(&note, &key)?;
    if checkpoint.size == 0 {
        return Err("the log is empty: it lacks its first entry".to_owned());
    }
    let older = since.map(|note| older(note, &trusted)).transpose()?;
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
    let mut root_then = None;
    for bundle in bundles_for(checkpoint.size) {
        let leaves = hashes(folder, Tile { level: 0, index: bundle.index, width: bundle.width })?;
        let bytes = read(folder, &bundle.path())?;
        let entries = decode_bundle(&bytes).filter(|entries| entries.len() == usize::from(bundle.width));
        let entries = entries.ok_or_else(|| format!("{} is malformed", bundle.path()))?;
        for (entry, leaf) in entries.into_iter().zip(leaves) {
            walk.take(entry, leaf, look)?;
            if older.as_ref().is_some_and(|older| {
                older.verified && older.size == walk.edge.size() && older.root != walk.edge.root()
            }) {
                return Err(PAST_CHANGED.to_owned());
            }
            if older.as_ref().is_some_and(|older| older.size == walk.edge.size()) {
                root_then = Some(walk.edge.root());
            }
        }
    }
    walk.order.finish()?;
    let lineage = walk.order.lineage(&key)?;
    if !trusted.successions().iter().all(|one| lineage.successions().contains(one)) {
        return Err("the handovers beside the log are not those of its entries".to_owned());
    }
    if !lineage.may_sign(&key, checkpoint.size) {
        return Err("the checkpoint is signed by a key that another key has succeeded".to_owned());
    }
    if let Some((older, note)) = older.zip(since) {
        // The log itself, whose root was signed by its key, says which key signed before.
        super::older_checkpoint(note, &lineage)?;
        if older.size > 0 && root_then.is_some_and(|root| root != older.root) {
            return Err(PAST_CHANGED.to_owned());
        }
    }
    walk.check_tiles(folder, checkpoint.size)?;
    if walk.edge.root() != checkpoint.root {
        return Err("the root is not that of the checkpoint".to_owned());
    }
    let report = Report { entries: checkpoint.size, contents: 0, checkpoints: 1, key, position: None };
    Ok((report, lineage))
}

const PAST_CHANGED: &str = "this log does not continue the earlier checkpoint: its past was changed";

/// An earlier checkpoint, as it was given.
struct Older {
    size: u64,
    root: Hash,
    /// Whether its signature is known to be that of the log's key. If not, it may be that of a key before.
    verified: bool,
}

fn older(note: &str, keys: &Lineage) -> Result<Older, String> {
    match super::older_checkpoint(note, keys) {
        Ok(checkpoint) => Ok(Older { size: checkpoint.size, root: checkpoint.root, verified: true }),
        Err(what) => {
            let name = keys.last().name.clone();
            let parsed = SignedNote::parse(note).ok_or_else(|| what.clone())?;
            let of_another = |one: &merkle::note::Signature| {
                one.name == name && keys.keys().all(|key| key.key_id != one.key_id)
            };
            let checkpoint = Checkpoint::parse(&parsed.text).filter(|one| one.origin == name);
            let checkpoint = checkpoint.filter(|_| parsed.signatures.iter().any(of_another)).ok_or(what)?;
            Ok(Older { size: checkpoint.size, root: checkpoint.root, verified: false })
        }
    }
}

/// The keys that handovers beside the log lead to, from the one given to the one that signs it.
fn led_by(folder: &Path, from: &VerifierKey, to: &VerifierKey) -> Result<Lineage, String> {
    let other = || "the key beside the log is not the one given".to_owned();
    let names = match std::fs::read_dir(folder.join("handover")) {
        Ok(names) => names,
        Err(error) if error.kind() == std::io::ErrorKind::NotFound => return Err(other()),
        Err(error) => return Err(format!("handover: {error}")),
    };
    let mut handovers = Vec::new();
    for name in names.take(HANDOVERS_MAX) {
        let name = name.map_err(|error| format!("handover: {error}"))?.file_name();
        handovers.push(read(folder, &format!("handover/{}", name.to_string_lossy()))?);
    }
    // Those before the key that was given say nothing to whoever trusts that one.
    let mut lineage = Lineage::of(from.clone());
    while lineage.last() != to {
        let next = handovers.iter().find_map(|one| {
            let longer = Lineage::follow(lineage.last().clone(), std::slice::from_ref(one)).ok()?;
            longer.successions().first().cloned()
        });
        lineage.push(next.ok_or_else(other)?)?;
    }
    Ok(lineage)
}

/// More handovers than any journal has.
const HANDOVERS_MAX: usize = 1_000;

/// The key beside the log, if one is there.
fn key_beside(folder: &Path) -> Result<Option<VerifierKey>, String> {
    if !folder.join("key").exists() {
        return Ok(None);
    }
    let text = String::from_utf8(read(folder, "key")?).map_err(|_| "the key is not text")?;
    let key = VerifierKey::parse(text.strip_suffix('\n').unwrap_or(&text));
    Ok(Some(key.ok_or("the key beside the log is malformed")?))
}

struct Walk {
    facility: String,
    edge: Edge,
    order: Order,
    fingerprints: Fingerprints,
    subtrees: BTreeMap<u8, Vec<Hash>>,
}

impl Walk {
    fn take(&mut self, bytes: &[u8], leaf: Hash, look: &mut Look<'_>) -> Result<(), String> {
        let at = |what: String| format!("position {}: {what}", self.edge.size());
        if merkle::leaf_hash(bytes) != leaf {
            return Err(at("the entry is not the one in the tree".to_owned()));
        }
        let entry = Entry::parse(bytes).map_err(at)?;
        let summary = Summary::of(&entry, &self.facility, &self.fingerprints).map_err(at)?;
        self.order.take(&summary).map_err(at)?;
        look(self.edge.size(), &entry, bytes).map_err(at)?;
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
    let failed = |error: std::io::Error| format!("{path}: {error}");
    let file = std::fs::File::open(folder.join(path)).map_err(failed)?;
    let mut bytes = Vec::new();
    file.take(FILE_BYTES_MAX.saturating_add(1)).read_to_end(&mut bytes).map_err(failed)?;
    if bytes.len() > usize::try_from(FILE_BYTES_MAX).unwrap_or(usize::MAX) {
        return Err(format!("{path} is longer than any file of a log"));
    }
    Ok(bytes)
}

/// No file of a log is longer: a handover, or a bundle of the longest entries.
const FILE_BYTES_MAX: u64 = 1 << 25;
