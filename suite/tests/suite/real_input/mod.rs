//! Real records go in through the public API and come back equal.

mod equal;
mod fhirpath;
mod jp_core;
mod synthea;
