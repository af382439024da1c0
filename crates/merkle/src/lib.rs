//! The tree: leaves, nodes, tiles, checkpoints, inclusion and consistency proofs. No I/O, no signatures.
//!
//! The hashes are those of RFC 6962, section 2; the texts are C2SP `signed-note`, `tlog-checkpoint`, `tlog-tiles`,
//! `tlog-proof`, `tlog-witness` and `tlog-cosignature`, narrowed as `docs/formats.md` says. Whoever keeps the entries hands hashes in through [`Subtrees`];
//! whoever holds keys checks the signatures that [`note`] hands out.

pub mod checkpoint;
pub mod cosignature;
pub mod note;
pub mod proof;
pub mod tile;

mod decimal;
mod edge;
mod fuzz;
mod hash;
mod peaks;
mod prove;
mod verify;

#[cfg(test)]
mod tests;

pub use edge::{Completed, Edge};
pub use fuzz::{fuzz_checkpoint, fuzz_proof};
pub use hash::{Hash, empty_root, leaf_hash, node_hash};
pub use peaks::{Subtrees, TILE_WIDTH, root_at};
pub use prove::{ProofError, consistency_proof, inclusion_proof};
pub use verify::{Wrong, verify_consistency, verify_inclusion};
