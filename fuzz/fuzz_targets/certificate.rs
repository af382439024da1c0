//! Certificates, chains, revocation lists and requests from any bytes.
#![no_main]

#[path = "../logic/certificate.rs"]
mod certificate;

libfuzzer_sys::fuzz_target!(|data: &[u8]| certificate::certificate(data));
