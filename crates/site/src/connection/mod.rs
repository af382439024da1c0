//! Kinds of networks: whether the way between two places is secure (closed) or open in the words of the guideline, how that
//! was derived, and what an open one must have.

mod chains;
pub(crate) mod extent;
pub(crate) mod flows;
mod kind;
mod lines;
pub mod parameters;
pub(crate) mod register;

use crate::description::{Flow, Link, Site};
use crate::model::{Model, Roads};
use crate::rules::{Text, Verdict};
use crate::step::Step;
use chains::Chains;
use flows::{Course, Part, course};
use register::Register;
use serde::Serialize;
use std::collections::BTreeMap;

/// The kind of a network, MHLW 6.0 control chapter 13.
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord, Serialize)]
#[serde(rename_all = "kebab-case")]
pub enum Kind {
    /// Closed: nobody else is on it.
    Secure,
    /// Open: others are.
    Open,
    /// Nobody said.
    Undecided,
}

/// A link, or the way of a flow from one place to another.
#[derive(Clone, Debug, PartialEq, Eq, Serialize)]
pub struct Connection {
    /// The id of the link or flow.
    pub id: String,
    /// From where.
    pub from: String,
    /// To where.
    pub to: String,
    /// Its kind: that of its weakest part.
    pub kind: Kind,
    /// How that was derived, part by part.
    pub derivation: Vec<Text>,
    /// Whether it has what an open network demands (IPsec with admitted parameters, or TLS 1.3 with client certificates);
    /// held where nothing is demanded.
    pub protection: Verdict,
    /// Why.
    pub because: Text,
    /// The hops of a flow; empty for a link.
    pub steps: Vec<Step>,
}

/// Classes each link and each flow of a description, in its order.
pub fn classify(model: &Model, site: &Site) -> Vec<Connection> {
    let roads = Roads::of(model);
    classified(&roads, site)
}

/// The same over roads that others walk as well.
pub(crate) fn classified(roads: &Roads<'_>, site: &Site) -> Vec<Connection> {
    let register = Register::of(site);
    let chains = Chains::of(roads, site, &register);
    let flows: Vec<&Flow> = site.flows.iter().flatten().collect();
    let courses: Vec<Course<'_>> = flows.iter().map(|flow| course(roads, &register, flow)).collect();
    let mut passing: BTreeMap<&str, Vec<&Flow>> = BTreeMap::new();
    for (flow, course) in flows.iter().zip(&courses) {
        for line in course.parts.iter().filter_map(line) {
            passing.entry(line.id.as_str()).or_default().push(flow);
        }
    }
    let mut found: Vec<Connection> = Vec::new();
    for link in &site.links {
        let passing = passing.get(link.id.as_str()).map_or(&[][..], Vec::as_slice);
        found.push(lines::connection(link, &register, site.flows.is_some(), &chains, passing));
    }
    for (flow, course) in flows.iter().zip(&courses) {
        found.push(flows::connection(flow, course, &chains));
    }
    found
}

fn line<'s>(part: &Part<'s>) -> Option<&'s Link> {
    match part {
        Part::Line(link) => Some(link),
        Part::Network(_) => None,
    }
}
