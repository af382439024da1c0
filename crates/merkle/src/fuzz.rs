//! What fuzz targets call: whatever a parser accepts, it must print back byte for byte.

use crate::checkpoint::{Checkpoint, Head};
use crate::cosignature::{Cosignature, CosignerKey};
use crate::note::{SignedNote, VerifierKey};
use crate::proof::{AddCheckpoint, ConsistencyProof, InclusionProof};
use crate::tile::{Bundle, Tile};

/// Reads `data` as a signed note, a checkpoint, a verifier key and a tile path, and prints each that was accepted.
///
/// # Panics
/// When something accepted is printed differently: a fault of this crate.
pub fn fuzz_checkpoint(data: &[u8]) {
    let Ok(text) = std::str::from_utf8(data) else { return };
    if let Some(note) = SignedNote::parse(text) {
        assert_eq!(note.to_string(), text, "a note changed");
        for line in &note.signatures {
            let key = CosignerKey { name: line.name.clone(), key_id: line.key_id, public: [0; 32] };
            let again = Cosignature::of(line).map(|cosignature| cosignature.line(&key));
            assert!(again.is_none_or(|again| again == *line), "a cosignature changed");
        }
        let ours = Checkpoint::parse(&note.text);
        assert!(
            ours.is_none() || Head::parse(&note.text).is_some(),
            "a witness does not read our checkpoint"
        );
        same(Checkpoint::parse(&note.text).map(|checkpoint| checkpoint.text()), &note.text);
    }
    same(Checkpoint::parse(text).map(|checkpoint| checkpoint.text()), text);
    same(VerifierKey::parse(text).map(|key| key.to_string()), text);
    same(CosignerKey::parse(text).map(|key| key.to_string()), text);
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
    same(
        AddCheckpoint::parse(text).map(|asked| {
            let AddCheckpoint { old, hashes, note, .. } = asked;
            ConsistencyProof { old, hashes, checkpoint: note.to_string() }.to_string()
        }),
        text,
    );
}

fn same(printed: Option<String>, text: &str) {
    assert!(printed.is_none_or(|printed| printed == text), "something accepted was printed differently");
}
