//! Proof files: any bytes, edits of genuine ones, and genuine signatures over anything.
#![no_main]

#[path = "../logic/proof_file/mod.rs"]
mod proof_file;

libfuzzer_sys::fuzz_target!(|data: &[u8]| proof_file::proof_file(data));
