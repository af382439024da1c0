//! The workshop: test, tidy, crash, bench, fhir-definitions.
fn main() {}
