//! Every FHIR interaction over HTTPS: status, header fields, conditions, pages, refusals.

mod batch;
mod capabilities;
mod chart;
mod compartments;
mod conditional;
mod conditions;
mod duplicates;
mod entries;
mod facilities;
mod history;
mod language;
mod limits;
mod mixups;
mod parallel;
mod patch;
mod proxy;
mod proxy_roles;
mod read;
mod routes;
mod search;
mod shapes;
mod states;
mod transaction;
mod validate;
mod worklists;
mod write;
