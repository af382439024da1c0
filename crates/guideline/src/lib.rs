//! The guideline engine: what is required, what is known, and what follows from it.
//!
//! A [`Catalogue`] holds the requirements of every edition, a [`Registry`] the keys of facts, [`Checks`] the expressions
//! by which facts decide requirements. An [`Assessment`] says of each requirement whether it is met, with the facts that
//! decided. What is not known is never shown as good.

mod assessment;
mod builtin;
mod catalogue;
mod check;
pub mod codes;
mod day;
mod decision;
mod exclusion;
mod fact;
mod own_rules;
mod responsibility;
pub mod risk;
mod source_folder;
mod template;
mod yaml;

pub use assessment::{Assessed, Assessment, Side, Verdict};
pub use builtin::{Engine, disclosures, engine};
pub use catalogue::{
    Actor, Basis, Catalogue, Chapter, Dangling, Dropped, Edition, EvidenceKind, Link, LinkKind, Origin, Part,
    Reported, Requirement, Scenario, TOPICS, Text,
};
pub use check::{Check, Checks, Expression, Known, Outcome};
pub use day::Day;
pub use exclusion::{Exclusion, Exclusions};
pub use fact::{DocumentKind, Fact, FactKey, FactOrigin, Facts, Kind, Moment, Question, Registry, Value};
pub use responsibility::{Answered, Disclosure, Layer, Matrix, MatrixRow, Party, Share, Statement, matrix};
pub use source_folder::SourceFolder;
pub use template::{Heading, Template};
pub use yaml::SourceFile;
