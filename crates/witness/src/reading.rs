//! A log in a folder, in the C2SP `tlog-tiles` layout, read for its tree alone: the hashes of its entries, not what they
//! say.

use crate::codes;
use crate::witness::{Refusal, conflict};
use base::Problem;
use merkle::checkpoint::Head;
use merkle::tile::{Tile, bundles_for};
use merkle::{Edge, Hash};
use std::path::Path;
use store::disk;

/// Checks that the log of this checkpoint begins with the tree of `last`: both roots are computed from the hashes of all
/// entries.
///
/// # Errors
/// WI-0004 when the log is smaller or has another root for as many entries, WI-0005 when it has another past or its
/// hashes are not those of the checkpoint.
pub(crate) fn continues(folder: &Path, last: &Head, head: &Head) -> Result<(), Refusal> {
    if head.size < last.size || (head.size == last.size && head.root != last.root) {
        return Err(conflict(last.size));
    }
    let wrong = || Problem::new(&codes::NOT_CONSISTENT).with("size", last.size);
    let mut edge = Edge::empty();
    for bundle in bundles_for(head.size) {
        let tile = Tile { level: 0, index: bundle.index, width: bundle.width };
        let bytes = disk::read_bytes(&folder.join(tile.path()))?;
        let (hashes, rest) = bytes.as_chunks::<32>();
        if hashes.len() != usize::from(tile.width) || !rest.is_empty() {
            return Err(wrong().log(format!("{} has the wrong length", tile.path())).into());
        }
        for hash in hashes {
            if edge.size() == last.size && edge.root() != last.root {
                return Err(wrong().log("another root at the last size").into());
            }
            edge.push(Hash(*hash));
            drop(edge.take_completed());
        }
    }
    if edge.root() != head.root || (edge.size() == last.size && edge.root() != last.root) {
        return Err(wrong().log("another root than that of the checkpoint").into());
    }
    Ok(())
}
