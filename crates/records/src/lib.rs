//! The use cases, one file per FHIR interaction, behind one door: [`Facility::perform`].
//!
//! A room that changes or shows records gets there through the door and no other way. Content is checked by `fhir`
//! before it reaches the store; conditions are judged by the store's writer, where nothing can come in between.

mod asking;
pub mod audit;
mod behalf;
mod bundle;
mod bundle_entry;
mod call;
mod chart;
pub mod codes;
mod compartment;
mod conditional;
mod console;
mod create;
mod delete;
mod diff;
mod document;
mod door;
mod duplicates;
mod everything;
mod facility;
mod facts;
mod history;
mod import;
mod include;
mod index;
mod kinds;
mod lapse;
mod links;
mod log;
mod look;
pub mod matching;
pub mod observed;
mod page;
mod parameters;
mod past;
mod patch;
mod permits;
mod persons;
mod proof;
mod provenance;
mod proxy;
mod read;
mod reply;
mod same;
mod search;
mod settle;
mod shape;
mod status;
mod ties;
mod trail;
mod transaction;
mod treating;
mod update;
mod validate;
mod vread;
mod write;

pub use asking::refused;
pub use call::{
    Answer, Call, Condition, HistoryScope, Intent, Known, Media, Outcome, Problems, Query, Returned,
    Settling, Stamp, Target, Uniting,
};
pub use chart::{CHART, STYLE as CHART_STYLE};
pub use compartment::COMPARTMENTS;
pub use console::export_permit;
pub use document::DOCUMENT;
pub use duplicates::PATIENTS;
pub use facility::Facility;
pub use import::{Imported, Item};
pub use index::SearchIndex;
pub use lapse::Lapsed;
pub use look::{AUDIT_EVENT, EVERYTHING};
pub use parameters::of_operation as operation_parameters;
pub use past::{AtMoment, Form as AtForm};
pub use reply::outcome_of_write;
pub use trail::Trail;
