//! The model while it is drawn.

use super::Model;
use super::coverage::Coverage;
use super::thing::Thing;
use crate::network::{
    Carrier, Draft, Host, Known, Match, Next, NodeId, Protection, Reason, ReasonId, Route, Rule, Title,
};
use crate::packet::Addresses;
use base::Problem;
use ipnet::{IpNet, Ipv4Net, Ipv6Net};
use std::collections::{BTreeMap, BTreeSet};

/// What the internet is called.
pub(super) const INTERNET: &str = "internet";

/// A place where a cloud hands packets over to a line, a tunnel or another network, and takes them from there.
///
/// No link is drawn at a handoff: where the description joins one to it, that link says over what packets go and how they
/// are protected. Where nothing is joined, what the plan itself knows of the line ([`Sketch::line`]) is drawn instead, as the
/// tunnels of a VPN connection over the internet. So no line is drawn twice, and none of which the plan tells is forgotten.
#[derive(Clone, Debug)]
pub struct Handoff {
    /// The number of its plan.
    pub plan: usize,
    /// The address of its resource: a VPN connection, a gateway, an endpoint service.
    pub address: String,
    /// The router that is given what leaves the cloud here; who joins it adds its routes. None where nothing leaves, as at
    /// an endpoint service.
    pub out: Option<NodeId>,
    /// The node to which is given what comes in here.
    pub into: NodeId,
    /// Whether something of the description is joined to it. Set from the start where nothing need be, as at a gateway of
    /// which the plan has all lines.
    pub joined: bool,
}

/// The model while it is drawn.
#[derive(Debug, Default)]
pub struct Sketch {
    /// The network.
    pub draft: Draft,
    /// What became of the resources.
    pub coverage: Coverage,
    /// Where clouds end.
    pub handoffs: Vec<Handoff>,
    things: BTreeMap<NodeId, Thing>,
    names: BTreeMap<String, NodeId>,
    internet: Option<NodeId>,
    lines: BTreeMap<(usize, String), (Carrier, Protection)>,
    learners: Vec<Learner>,
}

/// A router that learns routes from another (BGP, route propagation).
#[derive(Clone, Debug)]
pub struct Learner {
    /// Whose routes are learned: all that it has when everything is drawn.
    pub from: NodeId,
    /// The router that learns them.
    pub table: NodeId,
    /// Where it sends what it has such a route for.
    pub next: NodeId,
    /// How the routes are called there.
    pub name: String,
    /// Why nobody knows whether it learns them.
    pub maybe: Option<ReasonId>,
    /// Filters without memory that let in what the table can answer: with the addresses of those who answer.
    pub answers: Vec<(NodeId, Addresses)>,
}

impl Sketch {
    /// Nothing drawn.
    pub fn new() -> Self {
        Self::default()
    }

    /// The internet: one for the whole site.
    pub fn internet(&mut self) -> NodeId {
        if let Some(internet) = self.internet {
            return internet;
        }
        let title = Title::new(INTERNET).zone(INTERNET);
        let internet = self.draft.internet(title);
        self.internet = Some(internet);
        self.stands_for(internet, Thing::Internet);
        internet
    }

    /// Says what a node stands for.
    pub fn stands_for(&mut self, node: NodeId, thing: Thing) {
        self.things.insert(node, thing);
    }

    /// What a node stands for.
    pub fn thing(&self, node: NodeId) -> Option<&Thing> {
        self.things.get(&node)
    }

    /// All nodes that stand for something, in order.
    pub fn things(&self) -> impl Iterator<Item = (NodeId, &Thing)> {
        self.things.iter().map(|(node, thing)| (*node, thing))
    }

    /// Another name by which a node can be found.
    pub fn call(&mut self, name: impl Into<String>, node: NodeId) {
        self.names.insert(name.into(), node);
    }

    /// What the plan knows of the line at a handoff: drawn only where nothing of the description is joined to it.
    pub fn line(&mut self, plan: usize, address: &str, carrier: Carrier, protection: Protection) {
        self.lines.insert((plan, address.to_owned()), (carrier, protection));
    }

    /// Has a router learn the routes that another one has in the end. Learners from which others learn come first.
    pub fn learn(&mut self, learner: Learner) {
        self.learners.push(learner);
    }

    /// The model, with what nobody described behind the handoffs that are not joined.
    ///
    /// # Errors
    ///
    /// SI-0010 and SI-0011 where parts do not fit together.
    pub fn finish(mut self) -> Result<Model, Problem> {
        let mut open = BTreeMap::new();
        for handoff in std::mem::take(&mut self.handoffs) {
            if !handoff.joined {
                let reason = self.leave_open(&handoff);
                open.extend(handoff.out.map(|out| (out, reason)));
            }
        }
        for learner in std::mem::take(&mut self.learners) {
            self.teach(&learner, &open);
        }
        let Self { draft, coverage, things, names, .. } = self;
        Ok(Model { network: draft.build()?, coverage, things, names })
    }

    /// Behind this handoff lies what nobody described: anything may come from there, and goes there as to any place.
    fn leave_open(&mut self, handoff: &Handoff) -> ReasonId {
        let Handoff { plan, address, .. } = handoff;
        let name = Thing::name_of(*plan, address);
        let title = Title::new(format!("{name} (beyond)")).named(name.clone()).at(name.clone());
        let reason = self.draft.reason(Reason::attribute(name.clone(), "what lies beyond it"));
        let host = Host::at(Addresses::all()).relaying(Known::Undecided(reason));
        let beyond = self.draft.host(title, host);
        self.stands_for(beyond, Thing::Undescribed { plan: *plan, address: address.clone() });
        let line = self.lines.get(&(*plan, address.clone())).copied();
        let (mut into, mut out) = (handoff.into, beyond);
        if let Some((carrier, protection)) = line {
            let title =
                |way: &str| Title::new(format!("{name} (line {way})")).named(name.clone()).at(name.clone());
            into = self.draft.link(title("in"), carrier, protection);
            self.draft.connect(into, handoff.into);
            out = self.draft.link(title("out"), carrier, protection);
            self.draft.connect(out, beyond);
        }
        self.draft.connect(beyond, into);
        for prefix in [IpNet::V4(Ipv4Net::default()), IpNet::V6(Ipv6Net::default())] {
            if let Some(router) = handoff.out {
                self.draft.route(router, Route::to(prefix, out));
            }
        }
        reason
    }

    /// Gives a router what it learns. A static route to the same prefix is preferred; what lies beyond a handoff that nobody
    /// described may be announced or not.
    fn teach(&mut self, learner: &Learner, open: &BTreeMap<NodeId, ReasonId>) {
        let unsure = open.get(&learner.from).copied();
        let routes = self.draft.routes(learner.from).to_vec();
        let known = self.draft.routes(learner.table);
        let fixed: BTreeSet<IpNet> = known
            .iter()
            .filter(|route| route.maybe.is_none() && !route.name.starts_with(LEARNED))
            .map(|route| route.prefix)
            .collect();
        for route in routes.into_iter().filter(|route| !fixed.contains(&route.prefix)) {
            let learned = Route {
                name: format!("{LEARNED}{} {}", learner.name, route.prefix),
                prefix: route.prefix,
                next: Next::Node(learner.next),
                maybe: route.maybe.or(learner.maybe).or(unsure),
            };
            self.let_answer(learner, &learned);
            if !self.draft.routes(learner.table).contains(&learned) {
                self.draft.route(learner.table, learned);
            }
        }
    }

    fn let_answer(&mut self, learner: &Learner, learned: &Route) {
        for (filter, own) in &learner.answers {
            let matching = Match::all().from(own.clone()).to(learned.prefix);
            let rule = Rule::allow(learned.name.clone(), matching);
            self.draft.answer_rule(*filter, Rule { maybe: learned.maybe, ..rule });
        }
    }
}

/// How the names of learned routes begin.
const LEARNED: &str = "learned from ";
