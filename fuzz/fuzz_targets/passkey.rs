//! Answers of browsers from any bytes.
#![no_main]

#[path = "../logic/passkey.rs"]
mod passkey;

libfuzzer_sys::fuzz_target!(|data: &[u8]| passkey::passkey(data));
