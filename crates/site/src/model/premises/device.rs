//! Devices: where their packets begin and end, and how they pass on what is for others.

use super::filter::Heads;
use super::zone::WAYS_MAX;
use super::{By, Ground, WayOut, helper, title};
use crate::description::{Action, Node, NodeKind, Peer};
use crate::model::thing::Thing;
use crate::network::{Edge, Host, Match, NodeId, Placement, Reason, ReasonId, Rule};
use crate::packet::Addresses;

/// A device as it is drawn.
#[derive(Clone, Debug)]
pub(super) struct Device {
    /// Where its own packets begin and end.
    pub(super) host: NodeId,
    /// What packets are given to that come to it from its zones and links.
    pub(super) door: NodeId,
    /// What packets are given to that come to it from the internet.
    front: Option<NodeId>,
    /// Where it passes on packets of others.
    pub(super) out: Option<NodeId>,
    /// Where it passes on those that are for none of its zones: the same node, or another where it has many ways.
    rest: Option<NodeId>,
    /// Whether it does so for certain.
    pub(super) passes_surely: bool,
    /// What judges packets for itself.
    own: NodeId,
    /// What judges packets for others.
    heads: Heads,
}

/// Whether a device passes on packets of others.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
enum Passing {
    Yes,
    No,
    Maybe(ReasonId),
}

impl<'a> Ground<'a> {
    /// Draws the devices in their zones.
    pub(super) fn devices(&mut self) {
        let site = self.site;
        // Rules name devices, so all of them are there before the first rule is drawn.
        let mut drawn: Vec<(&'a Node, NodeId)> = Vec::new();
        for node in &site.nodes {
            if self.is_drawn(node) {
                drawn.push((node, self.host(node)));
            }
        }
        for (node, host) in &drawn {
            let device = Device {
                host: *host,
                door: *host,
                front: None,
                out: None,
                rest: None,
                passes_surely: false,
                own: *host,
                heads: Vec::new(),
            };
            self.devices.insert(node.id.as_str(), device);
        }
        for (node, host) in drawn {
            let device = self.device(node, host);
            self.devices.insert(node.id.as_str(), device.clone());
            self.stand(node, &device);
        }
    }

    /// A node whose zones a plan describes is in the plan.
    fn is_drawn(&self, node: &Node) -> bool {
        node.zones.is_empty() || node.zones.iter().any(|zone| !self.replaced.contains_key(zone.as_str()))
    }

    fn host(&mut self, node: &Node) -> NodeId {
        let feet = self.layout.feet(node.id.as_str());
        let addresses = feet.iter().fold(Addresses::none(), |all, foot| all.with(&foot.addresses));
        let is_sure = feet.iter().all(|foot| foot.sure);
        let placement = if is_sure {
            Placement::At(addresses)
        } else {
            Placement::Within(addresses, self.sketch.draft.reason(Reason::address(node.id.as_str())))
        };
        let mut host = Host::new(placement);
        host.holds = node.holds.iter().flatten().map(|class| class.word().to_owned()).collect();
        let title = title(&node.id, node.name.as_ref(), node.zones.first());
        let drawn = self.sketch.draft.host(title, host);
        self.call(node.id.as_str(), drawn, Thing::Device(node.id.value.clone()));
        drawn
    }

    /// At how many places a node stands: its zones, and the links that end at it.
    fn places(&self, node: &Node) -> usize {
        let links = self.ends.get(node.id.as_str()).copied().unwrap_or_default();
        node.zones.len().saturating_add(links)
    }

    fn passing(&mut self, node: &Node) -> Passing {
        if self.places(node) < 2 {
            return Passing::No;
        }
        match (node.forwards, node.kind) {
            (Some(false), _) => Passing::No,
            (Some(true), _)
            | (None, NodeKind::Router | NodeKind::Firewall | NodeKind::Gateway | NodeKind::VpnDevice) => {
                Passing::Yes
            }
            (None, _) => Passing::Maybe(self.unknown(node.id.as_str(), "forwards")),
        }
    }

    fn device(&mut self, node: &Node, host: NodeId) -> Device {
        let entry = self.listens(node, host);
        let passing = self.passing(node);
        let own = if passing == Passing::Yes { entry } else { self.before_own(node, passing, entry) };
        if passing == Passing::No {
            let heads = Vec::new();
            return Device {
                host,
                door: own,
                front: None,
                out: None,
                rest: None,
                passes_surely: false,
                own,
                heads,
            };
        }
        let called = |what| helper(&node.id, node.name.as_ref(), node.zones.first(), what);
        let (door, out) = (self.sketch.draft.router(called("in")), self.sketch.draft.router(called("out")));
        self.sketch.draft.connect(host, out);
        let rest = if self.places(node) > WAYS_MAX {
            let rest = self.sketch.draft.router(called("exits"));
            self.send_all(out, rest, None);
            rest
        } else {
            out
        };
        let doubt = match passing {
            Passing::Maybe(reason) => Some(reason),
            Passing::Yes | Passing::No => self.unfiltered(node),
        };
        let guarded = self.guarded(node, false, out);
        let heads: Heads = guarded.into_iter().map(|(head, maybe)| (head, doubt.or(maybe))).collect();
        let passes_surely = passing == Passing::Yes;
        let (out, rest) = (Some(out), Some(rest));
        let device = Device { host, door, front: None, out, rest, passes_surely, own, heads };
        self.receive(node, &device, door, &device.heads);
        device
    }

    /// The filters of a device that ends connections, before what it listens to.
    fn before_own(&mut self, node: &Node, passing: Passing, entry: NodeId) -> NodeId {
        let heads = self.guarded(node, matches!(passing, Passing::Maybe(_)), entry);
        if let [(only, None)] = heads.as_slice() {
            return *only;
        }
        let door = helper(&node.id, node.name.as_ref(), node.zones.first(), "own");
        let door = self.sketch.draft.router(door);
        for (head, maybe) in heads {
            self.send_all(door, head, maybe);
        }
        door
    }

    /// Routes of the door of a device: to itself, and on to its filters.
    fn receive(&mut self, node: &Node, device: &Device, door: NodeId, heads: &Heads) {
        for foot in self.layout.feet(node.id.as_str()).to_vec() {
            self.settle(door, &foot, device.own);
            if !foot.sure {
                // Of the range only one address is its own: the others are passed on.
                let prefixes = self.layout.prefixes(foot.zone).to_vec();
                for (head, maybe) in heads {
                    self.send(door, &prefixes, *head, *maybe);
                }
            }
        }
        for (head, maybe) in heads {
            self.send_all(door, *head, *maybe);
        }
    }

    /// Puts a device into its zones.
    fn stand(&mut self, node: &'a Node, device: &Device) {
        for foot in self.layout.feet(node.id.as_str()).to_vec() {
            let Some(&router) = self.routers.get(foot.zone) else { continue };
            if self.is_internet(foot.zone) {
                self.stand_outside(node, device);
                continue;
            }
            self.settle(router, &foot, device.door);
            match device.out {
                None => self.sketch.draft.connect(device.host, router),
                Some(out) => {
                    let prefixes = self.layout.prefixes(foot.zone).to_vec();
                    let doubt = self.ambiguity(foot.zone);
                    self.send(out, &prefixes, router, doubt);
                    self.crossings.push((node.id.as_str(), device.rest.unwrap_or(out), foot.zone));
                    let way = WayOut { to: device.door, by: By::Node(node.id.as_str()), maybe: None };
                    self.way_out(foot.zone, way);
                }
            }
        }
    }

    fn stand_outside(&mut self, node: &Node, device: &Device) {
        let title = helper(&node.id, node.name.as_ref(), node.zones.first(), "translation");
        let access = self.access();
        let translation = self.translation(title, node.id.as_str(), Some(node.id.as_str()), access);
        self.leave(device, translation);
        let front = self.front(node.id.as_str());
        let inwards = self.inwards();
        self.send_all(inwards, front, None);
    }

    /// Lets a device send out by a way.
    pub(super) fn leave(&mut self, device: &Device, way: NodeId) {
        match device.rest {
            Some(rest) => self.send_all(rest, way, None),
            None => self.sketch.draft.connect(device.host, way),
        }
    }

    /// What packets from the internet to a device are given to: what it passes inwards, nobody said, except where its rules
    /// name the internet.
    pub(super) fn front(&mut self, id: &str) -> NodeId {
        let (found, node) = (self.devices.get(id).cloned(), self.nodes.get(id).copied());
        let (Some(device), Some(node)) = (found, node) else { return self.access() };
        if let Some(front) = device.front {
            return front;
        }
        if device.out.is_none() {
            return device.door;
        }
        let called = |what| helper(&node.id, node.name.as_ref(), node.zones.first(), what);
        let front = self.sketch.draft.router(called("from the internet"));
        let inward = self.sketch.draft.filter(called("inwards"));
        for rule in self.inward_rules(node) {
            self.sketch.draft.rule(inward, rule);
        }
        for (head, maybe) in &device.heads {
            match maybe {
                None => self.sketch.draft.connect(inward, *head),
                Some(reason) => self.sketch.draft.edge(inward, Edge::maybe(*head, *reason)),
            }
        }
        self.receive(node, &device, front, &vec![(inward, None)]);
        if let Some(device) = self.devices.get_mut(id) {
            device.front = Some(front);
        }
        front
    }

    fn inward_rules(&mut self, node: &Node) -> Vec<Rule> {
        let id = node.id.as_str();
        let filters = self.filters.get(id).cloned().unwrap_or_default();
        let mut rules = Vec::new();
        for filter in filters {
            for (at, rule) in filter.rules.iter().flatten().enumerate() {
                let names = |peer: &Peer| match peer {
                    Peer::Named(id) => self.is_internet(id),
                    Peer::Range(range) => {
                        !Addresses::from(range.0).intersect(&Addresses::public()).is_empty()
                    }
                    Peer::Any => false,
                };
                let from = rule.value.from.iter().flatten();
                if rule.value.action == Action::Allow && from.into_iter().any(|peer| names(&peer.value)) {
                    rules.extend(self.rule(&format!("{} rules[{at}]", filter.id), &rule.value));
                }
            }
        }
        rules.push(Rule::allow(format!("{id} public"), Match::all().to(Addresses::public())));
        let reason = self.unknown(id, "address translation");
        rules.push(Rule::allow(format!("{id} inwards"), Match::all()).maybe(reason));
        rules
    }
}
