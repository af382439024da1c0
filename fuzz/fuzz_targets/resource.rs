//! The resource parser and its check on any bytes.
#![no_main]

libfuzzer_sys::fuzz_target!(|data: &[u8]| fhir::fuzz_logic(data));
