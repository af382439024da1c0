//! What rules on a site look at, and what they answer.

use crate::description::{Place, Site};
use crate::model::Model;
use crate::rules::{Text, Verdict};
use crate::step::Step;
use jiff::civil::Date;

/// What rules look at.
#[derive(Clone, Copy, Debug)]
pub struct Scene<'a> {
    /// The description, of one phase.
    pub site: &'a Site,
    /// It and the plans as a network.
    pub model: &'a Model,
    /// Today in Japan.
    pub today: Date,
}

/// What a rule says of one element of a site.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Judgement {
    /// The id of the rule: `net.open-path-to-records`.
    pub rule: &'static str,
    /// The id of the element, or `facility`.
    pub element: String,
    /// Where it stands in the description.
    pub place: Place,
    /// Whether the rule holds.
    pub verdict: Verdict,
    /// What was seen, in one short line.
    pub seen: Text,
    /// The hops that show it; empty where it is no question of a path.
    pub path: Vec<Step>,
}
