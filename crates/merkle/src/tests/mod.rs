//! Tests of the tree by claim. `naive` is what they compare with.

mod cosignatures;
mod growth;
mod naive;
mod notes;
mod proofs;
mod tampering;
mod texts;
mod tiles;
mod vectors;
