//! Kinds of networks: whether the way between two places is secure (closed) or open in the words of the guideline, how that
//! was derived, and what an open one must have.

use crate::rules::{Text, Verdict};
use crate::step::Step;
use serde::Serialize;

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
