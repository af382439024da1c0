//! A search from any text.
#![no_main]

#[path = "../logic/search.rs"]
mod search;

libfuzzer_sys::fuzz_target!(|data: &[u8]| search::search(data));
