//! What fuzz targets call: whatever a parser accepts, it must print back byte for byte.

use crate::checkpoint::Checkpoint;
use crate::note::{SignedNote, VerifierKey};
use crate::proof::{ConsistencyProof, InclusionProof};
use crate::tile::{Bundle, Tile};

/// Reads `data` as a signed note, a checkpoint, a verifier key and a tile path, and prints each that was accepted.
///
/// # Panics
/// When something accepted is printed differently: a fault of this crate.
pub fn fuzz_checkpoint(data: &[u8]) {
    let Ok(text) = std::str::from_utf8(data) else { return };
    if let Some(note) = SignedNote::parse(text) {
        assert_eq!(note.to_string(), text, "a note changed");
        same(Checkpoint::parse(&note.text).map(|checkpoint| checkpoint.text()), &note.text);
    }
    same(Checkpoint::parse(text).map(|checkpoint| checkpoint.text()), text);
    same(VerifierKey::parse(text).map(|key| key.to_string()), text);
    same(Tile::parse(text).map(|tile| tile.path()), text);
    same(Bundle::parse(text).map(|bundle| bundle.path()), text);
}

/// Reads `data` as an inclusion proof and as a consistency proof, and prints what was accepted.
///
/// # Panics
/// When something accepted is printed differently: a fault of this crate.
pub fn fuzz_proof(data: &[u8]) {
    let Ok(text) = std::str::from_utf8(data) else { return };
    same(InclusionProof::parse(text).map(|proof| proof.to_string()), text);
    same(ConsistencyProof::parse(text).map(|proof| proof.to_string()), text);
}

fn same(printed: Option<String>, text: &str) {
    assert!(printed.is_none_or(|printed| printed == text), "something accepted was printed differently");
}
