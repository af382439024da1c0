//! Every FHIR interaction over HTTPS: status, header fields, conditions, pages, refusals.

mod batch;
mod capabilities;
mod chart;
mod compartments;
mod conditional;
mod conditions;
mod diff;
mod document;
mod entries;
mod facilities;
mod history;
mod language;
mod limits;
mod mixups;
mod parallel;
mod past;
mod patch;
mod read;
mod routes;
mod search;
mod shapes;
mod states;
mod transaction;
mod validate;
mod write;
