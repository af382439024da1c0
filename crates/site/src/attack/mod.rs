//! Attack paths: from each place an attacker may stand, by which chains of hops, and on what assumptions, the stores of
//! patient data can be come to.
//!
//! Layer 1 ([`crate::reach`]) tells which machine can open a connection to which. Whoever has one machine goes on from there:
//! on each leg the weakest thing is assumed that the description says of the next machine, or does not rule out. That a
//! machine has a flaw that nobody knows yet can never be ruled out, so chains that need one are told last.

mod alike;
mod change;
mod cut;
mod facts;
mod find;
mod graph;
mod search;
mod stance;
mod store;
mod tell;
#[cfg(test)]
mod tests;
mod trial;
mod weakness;

pub use crate::model::aws::UNCLASSIFIED;
pub use find::{find, find_within};
pub use store::is_patient_data;

use crate::rules::Text;
use crate::step::Step;
use serde::Serialize;

/// How much is worked out.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
#[expect(clippy::struct_field_names, reason = "bounds stand last in names, and all of these are bounds")]
pub struct Limits {
    /// Most chains of one place and one store.
    pub chains_per_pair_max: usize,
    /// Most chains in all; each pair of place and store keeps its first before any keeps a second.
    pub chains_max: usize,
    /// Most legs of a chain.
    pub legs_max: usize,
    /// Most steps of the search for the chains of one place and one store.
    pub steps_per_pair_max: usize,
    /// Most steps of all these searches.
    pub steps_max: usize,
    /// Most runs of layer 1.
    pub runs_max: usize,
    /// Most legs that are kept of all these runs: in a flat network each machine leads to each.
    pub leads_max: usize,
}

impl Default for Limits {
    fn default() -> Self {
        Self {
            chains_per_pair_max: 8,
            chains_max: 400,
            legs_max: 6,
            steps_per_pair_max: 20_000,
            steps_max: 2_000_000,
            runs_max: 20_000,
            leads_max: 250_000,
        }
    }
}

/// What an attacker begins with.
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord, Serialize)]
#[serde(rename_all = "kebab-case")]
pub enum Stance {
    /// A place on the internet.
    Internet,
    /// The network of a vendor.
    Vendor,
    /// What lies beyond a line of a cloud that nobody described.
    Undescribed,
    /// A PC whose user opened what a mail brought.
    PhishedPc,
    /// A device that was carried off.
    StolenDevice,
    /// A radio within reach of the wireless network.
    Wireless,
}

/// What must be so for a leg to be gone.
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord, Serialize)]
#[serde(rename_all = "kebab-case")]
pub enum Assumption {
    /// Nothing: what is open can be reached.
    Reachable,
    /// Signing in needs no second factor.
    NoSecondFactor,
    /// What runs there is no longer supported or not updated.
    Unsupported,
    /// Machines of one segment reach each other.
    FlatSegment,
    /// A credential is shared, or is the one that it came with.
    SharedCredential,
    /// The line or radio is protected weakly or not at all.
    WeakProtection,
    /// Who administers one also administers the other.
    SameAdministrators,
    /// Its disk is not encrypted, or its screen does not lock.
    UnprotectedDevice,
    /// A flaw that nobody knows yet: the least likely.
    UnknownFlaw,
}

/// One leg of a chain: packets from one machine to the next, and what lets the attacker stay there.
#[derive(Clone, Debug, PartialEq, Eq, Serialize)]
pub struct Leg {
    /// The node from which it goes.
    pub from: String,
    /// The node to which it goes.
    pub to: String,
    /// What must be so at `to`.
    pub assumption: Assumption,
    /// The same in words, with what the description or the plan says of it.
    pub because: Text,
    /// Whether what is assumed is said (yes), or only not ruled out (no).
    pub said: bool,
    /// Its hops.
    pub steps: Vec<Step>,
}

/// A chain from where an attacker stands to a store of patient data. Of no chain is another one a part.
#[derive(Clone, Debug, PartialEq, Eq, Serialize)]
pub struct Chain {
    /// Where the attacker stands.
    pub from: String,
    /// With what.
    pub stance: Stance,
    /// The store.
    pub to: String,
    /// The classes of data it holds.
    pub holds: Vec<String>,
    /// Whether every hop is certain.
    pub decided: bool,
    /// Why not; empty where it is.
    pub reasons: Vec<Text>,
    /// Its legs, in their order.
    pub legs: Vec<Leg>,
}

/// A change that would cut chains.
#[derive(Clone, Debug, PartialEq, Eq, Serialize)]
pub struct Cut {
    /// The element to change: a node, a link, a rule.
    pub element: String,
    /// What to do.
    pub change: Text,
    /// How many of the chains it cuts: they are gone, or need a flaw that nobody knows yet.
    pub chains: usize,
    /// For how many pairs of place and store no chain is left then but by such a flaw.
    pub closes: usize,
}

/// All that was found.
#[derive(Clone, Debug, Default, PartialEq, Eq, Serialize)]
pub struct Attacks {
    /// The chains: for each stance and store the shortest first.
    pub chains: Vec<Chain>,
    /// The changes that cut most, the best first.
    pub cuts: Vec<Cut>,
    /// Whether there are more than were worked out.
    pub more: bool,
}
