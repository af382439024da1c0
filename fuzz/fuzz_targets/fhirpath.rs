//! The reader of FHIRPath on any bytes, and what it accepts on a resource.
#![no_main]

libfuzzer_sys::fuzz_target!(|data: &[u8]| fhir::fhirpath::fuzz_expression(data));
