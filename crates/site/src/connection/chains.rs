//! Which networks are joined to an open one: a network is closed only if no chain of nodes leads from it to the Internet or
//! to a vendor, nor from these to it.
//!
//! A chain goes on from every machine that is reached and from which connections can be opened, be it by passing packets on or
//! by somebody who stands on it.

use super::extent::{extent, passes_on};
use super::register::Register;
use crate::description::{Id, Node, Site, ZoneKind};
use crate::model::{Model, Road, Roads, Thing};
use crate::network::{Known, NodeId};
use crate::packet::{Addresses, Cube};
use crate::rules::{Text, Verdict};
use std::collections::{BTreeMap, BTreeSet, VecDeque};

/// From how many machines chains are followed; what lies behind more is undecided.
const RUNS_MAX: usize = 2_000;

/// The networks that are joined to an open one.
#[derive(Debug, Default)]
pub(super) struct Chains {
    joined: BTreeMap<String, Chain>,
    complete: bool,
}

/// A chain between a network and an open one.
#[derive(Clone, Debug)]
struct Chain {
    decided: bool,
    /// The names of the machines on the way, from the outside inwards.
    by: Vec<String>,
    out: bool,
}

impl Chains {
    pub(super) fn of(roads: &Roads<'_>, site: &Site, register: &Register<'_>) -> Self {
        let model = roads.model();
        let extents = site.zones.iter().map(|zone| (zone.id.as_str(), extent(model, register, zone)));
        let mut search = Search {
            roads,
            site,
            register,
            extents: extents.collect(),
            found: Self { joined: BTreeMap::new(), complete: true },
            seen: BTreeMap::new(),
            followed: BTreeSet::new(),
            sure: VecDeque::new(),
            unsure: VecDeque::new(),
        };
        search.outwards();
        search.inwards();
        search.found
    }

    /// Whether a network is closed, and why not.
    pub(super) fn closed(&self, zone: &str) -> (Verdict, Text) {
        match self.joined.get(zone) {
            None if self.complete => (
                Verdict::Holds,
                Text::new(
                    "インターネットや事業者への経路はありません",
                    "no chain leads to the Internet or a vendor",
                ),
            ),
            None => (
                Verdict::Undecided,
                Text::new(
                    "経路の途中に分からない所があります",
                    "something on the way from outside is not known",
                ),
            ),
            Some(chain) => chain.told(),
        }
    }
}

impl Chain {
    fn told(&self) -> (Verdict, Text) {
        let verdict = if self.decided { Verdict::Violated } else { Verdict::Undecided };
        let by = self.by.join(" → ");
        let (ja, en) = match (self.out, self.decided) {
            (true, true) => (format!("外部に接続できます（{by}）"), format!("connections go outside ({by})")),
            (true, false) => (
                format!("外部に接続できるかもしれません（{by}）"),
                format!("connections may go outside ({by})"),
            ),
            (false, true) => {
                (format!("外部から届きます（{by}）"), format!("it is reached from outside ({by})"))
            }
            (false, false) => (
                format!("外部から届くかもしれません（{by}）"),
                format!("it may be reached from outside ({by})"),
            ),
        };
        (verdict, Text::new(ja, en))
    }
}

/// A place from which a chain goes on.
struct Stand {
    node: NodeId,
    decided: bool,
    by: Vec<String>,
}

struct Search<'a, 'b> {
    roads: &'b Roads<'a>,
    site: &'b Site,
    register: &'b Register<'b>,
    extents: BTreeMap<&'b str, Addresses>,
    found: Chains,
    /// From where chains were followed, and whether for certain.
    seen: BTreeMap<NodeId, bool>,
    /// The first of those that are alike from where chains were followed, and whether for certain.
    followed: BTreeSet<(NodeId, bool)>,
    sure: VecDeque<Stand>,
    unsure: VecDeque<Stand>,
}

impl Search<'_, '_> {
    /// Machines that open connections to the outside.
    fn outwards(&mut self) {
        let model = self.roads.model();
        let outside: BTreeSet<NodeId> = outside(model, self.register).into_iter().collect();
        let mut known: BTreeSet<(NodeId, &[Id])> = BTreeSet::new();
        for node in self.site.nodes.iter().filter(|node| !passes_on(node)) {
            let Some(at) = model.find(node.id.as_str()) else { continue };
            // Another one that is like one before in the same networks joins nothing that this did not.
            if !known.insert((self.roads.first_alike(at), &node.zones)) {
                continue;
            }
            let run = self.roads.from(at);
            // Also what only crosses it on its way to a known place is out on it.
            for to in outside.iter().filter(|to| run.came(**to).next().is_some()) {
                let decided = run.came(*to).any(|arrival| arrival.is_decided());
                let by = vec![node.id.value.clone(), name(model, *to)];
                for zone in &node.zones {
                    self.join(zone.as_str(), decided, true, &by);
                }
            }
        }
    }

    /// What the outside reaches, and what is reached from there.
    fn inwards(&mut self) {
        let model = self.roads.model();
        for node in outside(model, self.register) {
            self.seen.insert(node, true);
            self.sure.push_back(Stand { node, decided: true, by: vec![name(model, node)] });
        }
        let mut runs = 0;
        // What is certain comes first: it is never hidden by what is not.
        while let Some(stand) = self.sure.pop_front().or_else(|| self.unsure.pop_front()) {
            if self.is_known(&stand) {
                continue;
            }
            if runs == RUNS_MAX {
                self.found.complete = false;
                return;
            }
            runs += 1;
            self.follow(&stand);
        }
    }

    /// Whether one that is like it was followed, with no less certainty: it leads to the same places, and the first who leads
    /// somewhere is told.
    fn is_known(&mut self, stand: &Stand) -> bool {
        let first = self.roads.first_alike(stand.node);
        self.followed.contains(&(first, true)) || !self.followed.insert((first, stand.decided))
    }

    fn follow(&mut self, stand: &Stand) {
        let (roads, site) = (self.roads, self.site);
        let run = roads.from(stand.node);
        self.found.complete &= run.reach.gaps().is_empty();
        for zone in &site.zones {
            let Some(at) = roads.model().find(zone.id.as_str()).filter(|at| *at != stand.node) else {
                continue;
            };
            // What only passes through it on its way elsewhere is not for it.
            let inside = self.extents.get(zone.id.as_str());
            let for_it = |cube: &Cube| inside.is_some_and(|all| all.meets(cube.family, cube.destination));
            let came = run.came(at).filter(|arrival| for_it(&arrival.packets()));
            let mut came = came.map(|arrival| arrival.is_decided()).peekable();
            if came.peek().is_some() {
                let decided = stand.decided && came.any(|sure| sure);
                self.join(zone.id.as_str(), decided, false, &stand.by);
            }
        }
        for to in run.reach.nodes() {
            self.arrive(stand, &run, to);
        }
    }

    fn arrive(&mut self, stand: &Stand, run: &Road<'_>, to: NodeId) {
        let model = self.roads.model();
        // Who is on a firewall owns the networks that it joins; that it can be administered from somewhere is no chain yet.
        let device = device(self.register, model, to);
        if device.is_some_and(passes_on) {
            return;
        }
        let decided = stand.decided && run.reach.arrivals(to).any(|arrival| arrival.is_decided());
        for zone in device.map_or(&[][..], |device| device.zones.as_slice()) {
            self.join(zone.as_str(), decided, false, &stand.by);
        }
        let Some(host) = model.network.host(to) else { return };
        let decided = decided && host.relays == Known::Yes;
        let known = self.seen.get(&to).copied();
        if host.relays == Known::No || known.is_some_and(|known| known || !decided) {
            return;
        }
        self.seen.insert(to, decided);
        let by = stand.by.iter().cloned().chain([name(model, to)]).collect();
        let stand = Stand { node: to, decided, by };
        if decided { self.sure.push_back(stand) } else { self.unsure.push_back(stand) }
    }

    fn join(&mut self, zone: &str, decided: bool, out: bool, by: &[String]) {
        let known = self.found.joined.get(zone);
        if known.is_none_or(|known| decided && !known.decided) {
            self.found.joined.insert(zone.to_owned(), Chain { decided, by: by.to_vec(), out });
        }
    }
}

/// The Internet, the networks of vendors, and what lies where nobody described anything.
fn outside(model: &Model, register: &Register<'_>) -> Vec<NodeId> {
    let vendor = |id: &String| register.zone(id).is_some_and(|zone| zone.kind == ZoneKind::Vendor);
    let is = |thing: &Thing| match thing {
        Thing::Internet | Thing::Undescribed { .. } => true,
        Thing::Zone(id) => vendor(id),
        Thing::Device(_) | Thing::Link { .. } | Thing::Filter(_) | Thing::Resource { .. } => false,
    };
    model.things().filter(|(_, thing)| is(thing)).map(|(node, _)| node).collect()
}

fn device<'s>(register: &Register<'s>, model: &Model, node: NodeId) -> Option<&'s Node> {
    let Some(Thing::Device(id)) = model.thing(node) else { return None };
    register.node(id)
}

fn name(model: &Model, node: NodeId) -> String {
    match model.thing(node) {
        Some(Thing::Zone(id) | Thing::Device(id)) => id.clone(),
        _ => model.network.node(node).map_or_else(String::new, |node| node.title.name.clone()),
    }
}
