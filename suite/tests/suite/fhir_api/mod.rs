//! Every FHIR interaction over HTTPS: status, header fields, conditions, pages, refusals.

mod batch;
mod capabilities;
mod conditions;
mod facilities;
mod history;
mod language;
mod limits;
mod read;
mod routes;
mod search;
mod transaction;
mod write;
