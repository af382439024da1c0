//! Search held against a naive filter: random queries over real and generated resources, each answered twice.
//!
//! The filter knows nothing of how the product searches. It takes the official expression of each parameter, evaluates
//! it on every resource with the FHIRPath engine, and compares what comes out as the text of FHIR R4 says.

mod amount;
mod ask;
mod beside;
mod chance;
mod disturb;
mod draw;
mod fold;
mod gather;
mod implied;
mod moment;
mod naive;
mod odd;
mod order;
mod parameters;
mod question;
mod tally;
mod value;
mod wanted;
mod world;
