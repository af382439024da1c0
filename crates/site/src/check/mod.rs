//! A check: everything that can be told of a site, in one order that is the same on every run.

mod facts;
mod run;

pub use facts::{Tallies, Tally, facts, rules_of_facts};
pub use run::Given;

use crate::attack::Attacks;
use crate::connection::Connection;
use crate::model::Coverage;
use crate::rules::{Finding, Text};
use crate::threat::Threat;
use base::Problem;
use serde::Serialize;
use std::collections::BTreeMap;

/// What a check came to.
#[derive(Debug)]
pub struct Check {
    /// The name of the facility; empty where there is no description.
    pub facility: String,
    /// The phase that was checked: `now`, `next`, `target`.
    pub phase: &'static str,
    /// The day that counts, `2026-10-14`.
    pub day: String,
    /// The files that were read, as they were named: the description first, if there is one, then the plans.
    pub sources: Vec<String>,
    /// Whether there is a description.
    pub described: bool,
    /// What is violated or undecided: what weighs most first.
    pub findings: Vec<Finding>,
    /// By topic, how often a rule held.
    pub held: BTreeMap<String, usize>,
    /// Links and flows with the kind of their network.
    pub connections: Vec<Connection>,
    /// Attack paths.
    pub attacks: Attacks,
    /// Threats.
    pub threats: Vec<Threat>,
    /// What the guideline engine takes from it.
    pub facts: Vec<SiteFact>,
    /// What became of the types of resources.
    pub coverage: Coverage,
    /// What the readers want to have said.
    pub warnings: Vec<Problem>,
}

/// A fact for the guideline engine.
#[derive(Clone, Debug, PartialEq, Eq, Serialize)]
pub struct SiteFact {
    /// Its key: `site.network.zones_separated`.
    pub key: String,
    /// What it is; none where it is not known.
    pub value: Option<Value>,
    /// What it rests on.
    pub how: Text,
}

/// The value of a fact.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Serialize)]
#[serde(untagged)]
pub enum Value {
    /// Yes or no.
    Is(bool),
    /// A number.
    Count(u64),
}
