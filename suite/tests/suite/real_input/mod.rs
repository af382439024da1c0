//! Real records go in through the public API and come back equal; one table says how many.

mod equal;
mod fhirpath;
mod jp_core;
mod r4_examples;
mod synthea;
mod table;
mod values;
