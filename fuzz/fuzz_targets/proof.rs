//! Inclusion and consistency proofs from any bytes.
#![no_main]

libfuzzer_sys::fuzz_target!(|data: &[u8]| merkle::fuzz_proof(data));
