//! Notes, checkpoints, verifier keys and tile paths from any bytes.
#![no_main]

libfuzzer_sys::fuzz_target!(|data: &[u8]| merkle::fuzz_checkpoint(data));
