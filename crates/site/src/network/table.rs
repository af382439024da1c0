//! A routing table, flattened to spans without overlap, so that a route is found by binary search.

use super::node::NodeId;
use super::reason::ReasonId;
use crate::packet::{Addresses, Cube, Family, Span};
use ipnet::IpNet;
use std::cmp::Reverse;
use std::collections::BTreeMap;

/// A route: where packets to a prefix go. The longest prefix that matches decides; of several routes for the same prefix each
/// is taken by some packets.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Route {
    /// What it is called, with its place.
    pub name: String,
    /// The prefix.
    pub prefix: IpNet,
    /// Where packets go.
    pub next: Next,
    /// Why nobody knows whether the route is there; nothing where it is.
    pub maybe: Option<ReasonId>,
}

/// Where a route leads.
#[derive(Clone, Debug, PartialEq, Eq)]
pub enum Next {
    /// To a node.
    Node(NodeId),
    /// Here: the packets have arrived, as at the internet.
    Here,
    /// Nowhere.
    Blackhole,
    /// Nobody knows: to one of these, or, where there are none, to anywhere.
    Undecided(ReasonId, Vec<NodeId>),
}

impl Route {
    /// A route to a node.
    pub fn to(prefix: IpNet, node: NodeId) -> Self {
        Self { name: prefix.to_string(), prefix, next: Next::Node(node), maybe: None }
    }

    /// A route to wherever.
    pub fn new(prefix: IpNet, next: Next) -> Self {
        Self { name: prefix.to_string(), prefix, next, maybe: None }
    }

    /// What it is called.
    #[must_use]
    pub fn named(self, name: impl Into<String>) -> Self {
        Self { name: name.into(), ..self }
    }

    /// The same, but nobody knows whether it is there.
    #[must_use]
    pub fn maybe(self, reason: ReasonId) -> Self {
        Self { maybe: Some(reason), ..self }
    }
}

/// A table that can be asked.
#[derive(Debug, Default)]
pub(crate) struct Table {
    pub(crate) routes: Vec<Route>,
    /// Sorted by family and span, none overlapping another.
    lots: Vec<Lot>,
}

/// Addresses to which the same routes lead.
#[derive(Clone, Debug, PartialEq, Eq)]
pub(crate) struct Lot {
    pub(crate) family: Family,
    pub(crate) span: Span<u128>,
    /// The routes, with the doubt that lies on each.
    pub(crate) by: Vec<(usize, Option<ReasonId>)>,
}

impl Table {
    pub(crate) fn new(routes: Vec<Route>) -> Self {
        let mut prefixes: BTreeMap<(Family, u128, Reverse<u128>), Vec<usize>> = BTreeMap::new();
        for (at, route) in routes.iter().enumerate() {
            for &(family, span) in Addresses::from(route.prefix).spans() {
                prefixes.entry((family, span.first(), Reverse(span.last()))).or_default().push(at);
            }
        }
        let mut sweep = Sweep { routes: &routes, lots: Vec::new(), open: Vec::new(), from: None };
        for ((family, first, Reverse(last)), by) in prefixes {
            sweep.begin(family, Span::between(first, last), by);
        }
        sweep.close(None);
        let lots = sweep.lots;
        Self { routes, lots }
    }

    /// The lots that the destinations of a box lie in.
    pub(crate) fn lots<'a>(&'a self, cube: &'a Cube) -> impl Iterator<Item = &'a Lot> {
        let before = |lot: &Lot| (lot.family, lot.span.last()) < (cube.family, cube.destination.first());
        let from = self.lots.partition_point(before);
        let meets = |lot: &&Lot| lot.family == cube.family && lot.span.first() <= cube.destination.last();
        self.lots.get(from..).unwrap_or_default().iter().take_while(meets)
    }

    pub(crate) fn next(&self) -> impl Iterator<Item = NodeId> + '_ {
        self.routes
            .iter()
            .flat_map(|route| match &route.next {
                Next::Node(node) => std::slice::from_ref(node),
                Next::Undecided(_, among) => among.as_slice(),
                Next::Here | Next::Blackhole => &[],
            })
            .copied()
    }
}

/// Goes over the prefixes from the lowest address up, the wider of those that begin together first. Prefixes lie in each
/// other or apart, so those that are open form a stack.
struct Sweep<'a> {
    routes: &'a [Route],
    lots: Vec<Lot>,
    open: Vec<(Family, Span<u128>, Vec<usize>)>,
    /// The first address that no lot holds yet, while a prefix is open.
    from: Option<u128>,
}

impl Sweep<'_> {
    fn begin(&mut self, family: Family, span: Span<u128>, by: Vec<usize>) {
        self.close(Some((family, span.first())));
        if let (Some(from), Some(last)) = (self.from, span.first().checked_sub(1)) {
            self.lot(from, last);
        }
        self.open.push((family, span, by));
        self.from = Some(span.first());
    }

    /// Ends the prefixes that lie wholly below an address, or all.
    fn close(&mut self, below: Option<(Family, u128)>) {
        while let Some((family, span, _)) = self.open.last() {
            let last = span.last();
            if below.is_some_and(|below| (*family, last) >= below) {
                return;
            }
            if let Some(from) = self.from {
                self.lot(from, last);
            }
            self.open.pop();
            self.from = last.checked_add(1);
        }
        self.from = None;
    }

    fn lot(&mut self, from: u128, last: u128) {
        let (Some(span), Some((family, ..))) = (Span::new(from, last), self.open.last()) else { return };
        let by = self.deciding();
        self.lots.push(Lot { family: *family, span, by });
    }

    /// The routes of the longest open prefix, and below each that only may be there the next shorter ones too.
    fn deciding(&self) -> Vec<(usize, Option<ReasonId>)> {
        let (mut by, mut doubt) = (Vec::new(), None);
        for (_, _, routes) in self.open.iter().rev() {
            let maybe = |at: usize| self.routes.get(at).and_then(|route| route.maybe);
            by.extend(routes.iter().map(|at| (*at, doubt.or(maybe(*at)))));
            if routes.iter().any(|at| maybe(*at).is_none()) {
                break;
            }
            doubt = doubt.or(routes.first().and_then(|at| maybe(*at)));
        }
        by
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    fn table(prefixes: &[(&str, u32, bool)]) -> Table {
        let route = |&(prefix, node, maybe): &(&str, u32, bool)| {
            let route = Route::to(prefix.parse().unwrap(), NodeId(node));
            if maybe { route.maybe(ReasonId(node)) } else { route }
        };
        Table::new(prefixes.iter().map(route).collect())
    }

    fn asked(table: &Table, address: &str) -> Vec<(usize, Option<ReasonId>)> {
        let cube = Cube::to(address.parse().unwrap());
        table.lots(&cube).flat_map(|lot| lot.by.clone()).collect()
    }

    #[test]
    fn the_longest_prefix_decides_at_every_edge() {
        let table = table(&[
            ("0.0.0.0/0", 0, false),
            ("10.0.0.0/8", 1, false),
            ("10.0.0.0/24", 2, false),
            ("10.255.255.0/24", 3, false),
            ("255.255.255.255/32", 4, false),
        ]);
        for (address, expected) in [
            ("9.255.255.255", 0),
            ("10.0.0.0", 2),
            ("10.0.0.255", 2),
            ("10.0.1.0", 1),
            ("10.255.254.255", 1),
            ("10.255.255.255", 3),
            ("11.0.0.0", 0),
            ("255.255.255.254", 0),
            ("255.255.255.255", 4),
        ] {
            assert_eq!(asked(&table, address), [(expected, None)], "{address}");
        }
        assert!(asked(&table, "::1").is_empty());
    }

    #[test]
    fn a_route_that_may_be_there_leaves_the_next_one_in_doubt_too() {
        let table = table(&[("0.0.0.0/0", 0, false), ("10.0.0.0/8", 1, true), ("10.0.0.0/9", 2, true)]);
        let doubt = |number| Some(ReasonId(number));
        assert_eq!(asked(&table, "10.0.0.1"), [(2, doubt(2)), (1, doubt(2)), (0, doubt(2))]);
        assert_eq!(asked(&table, "10.128.0.1"), [(1, doubt(1)), (0, doubt(1))]);
        assert_eq!(asked(&table, "11.0.0.1"), [(0, None)]);
    }

    #[test]
    fn families_and_gaps_stay_apart() {
        let table = table(&[("10.0.0.0/8", 0, false), ("::/0", 1, false), ("ffff::/16", 2, false)]);
        assert!(asked(&table, "9.0.0.1").is_empty() && asked(&table, "11.0.0.1").is_empty());
        assert_eq!(asked(&table, "::"), [(1, None)]);
        assert_eq!(asked(&table, "ffff:ffff:ffff:ffff:ffff:ffff:ffff:ffff"), [(2, None)]);
    }
}
