//! The guard before HTTP/1 requests on any bytes, cut in different ways.
#![no_main]

libfuzzer_sys::fuzz_target!(|data: &[u8]| server::fuzz_framing(data));
