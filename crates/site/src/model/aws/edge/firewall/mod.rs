//! AWS Network Firewall: what a policy and its rule groups say, as rules in the order in which they decide.
//!
//! Packets first meet the stateless rules, which pass them, drop them or forward them to the stateful engine. There a policy
//! of strict order takes its groups and rules as they stand; the default order takes all `pass` rules first, then those that
//! drop. Rules that look into packets (domains, contents, protocols by what is spoken) match nobody knows what: they are
//! kept as *maybe*, so nothing is told to be stopped or let through on their word.

mod draw;
mod header;
mod stateful;
mod stateless;
mod suricata;

pub(super) use draw::endpoints;

use crate::network::Match;

/// What a rule does.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
enum Does {
    Pass,
    Drop,
    /// Only in the stateless engine: to the stateful one.
    Forward,
}

/// A rule of a firewall.
#[derive(Clone, Debug, PartialEq)]
struct FirewallRule {
    name: String,
    does: Does,
    matching: Match,
    /// What nobody knows of it.
    maybe: Option<String>,
}

#[cfg(test)]
mod tests;
