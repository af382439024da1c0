//! A network while it is written.
//!
//! Nodes come first, as they may lead to each other in circles; then what they do is added to them. What does not fit (a route
//! on a filter, an id that stands twice) is told when the network is built, so that readers need not ask at each step.

use super::Network;
use super::compile::{Compiled, End, Senders, Source, everything};
use super::label::{Carrier, Protection};
use super::node::{Edge, Host, Inside, Kind, Memory, Node, NodeId, Title};
use super::reason::{Doubt, Reason, ReasonId};
use super::rule::{Action, Group, GroupId, Party, Rule};
use super::table::{Next, Route, Table};
use super::translator::{Onto, Rewrite};
use crate::codes;
use crate::packet::Addresses;
use base::Problem;
use ipnet::{IpNet, Ipv4Net, Ipv6Net};
use std::collections::BTreeMap;
use std::sync::OnceLock;

/// A network while it is written.
#[derive(Debug, Default)]
pub struct Draft {
    nodes: Vec<(Title, Vec<Edge>, Part)>,
    groups: Vec<Group>,
    reasons: Vec<Reason>,
    known: BTreeMap<Reason, ReasonId>,
    ids: BTreeMap<String, NodeId>,
    fault: Option<Problem>,
}

#[derive(Debug)]
enum Part {
    Host(Host),
    Router { routes: Vec<Route>, own: Addresses },
    Filter { rules: Vec<Rule>, otherwise: Action, answers: Option<(Vec<Rule>, Action)> },
    Translator(Vec<Rewrite>),
    Link(Carrier, Protection),
}

impl Draft {
    /// An empty network.
    pub fn new() -> Self {
        Self::default()
    }

    /// A reason why something is not known; the same reason has the same number.
    pub fn reason(&mut self, reason: Reason) -> ReasonId {
        if let Some(known) = self.known.get(&reason) {
            return *known;
        }
        let id = ReasonId(number(self.reasons.len()));
        self.known.insert(reason.clone(), id);
        self.reasons.push(reason);
        id
    }

    /// A group of nodes; more members can be added with [`Draft::join`].
    pub fn group(&mut self, group: Group) -> GroupId {
        let id = GroupId(number(self.groups.len()));
        self.groups.push(group);
        id
    }

    /// Makes a node a member of a group.
    pub fn join(&mut self, group: GroupId, node: NodeId) {
        match self.groups.get_mut(group.at()) {
            Some(group) => {
                group.nodes.insert(node);
            }
            None => self.fail(Problem::new(&codes::NODE_KIND).with("id", "?").with("kind", "group")),
        }
    }

    /// A node where packets begin and end. It sends by its edges ([`Draft::connect`]).
    pub fn host(&mut self, title: impl Into<Title>, host: Host) -> NodeId {
        self.add(title.into(), Part::Host(host))
    }

    /// A node that sends packets on by the longest prefix.
    pub fn router(&mut self, title: impl Into<Title>) -> NodeId {
        self.add(title.into(), Part::Router { routes: Vec::new(), own: Addresses::none() })
    }

    /// A router with members of which nobody told: packets with these sources begin at it. Where packets arrive at one of
    /// them, a route that leads here says so ([`Next::Here`]).
    pub fn segment(&mut self, title: impl Into<Title>, own: Addresses) -> NodeId {
        self.add(title.into(), Part::Router { routes: Vec::new(), own })
    }

    /// A router at which all packets arrive that no longer prefix leads on, and from which packets with any of these sources
    /// come: a place of which the inside is not known.
    pub fn outside(&mut self, title: impl Into<Title>, own: Addresses) -> NodeId {
        let node = self.add(title.into(), Part::Router { routes: Vec::new(), own });
        for prefix in [IpNet::V4(Ipv4Net::default()), IpNet::V6(Ipv6Net::default())] {
            self.route(node, Route::new(prefix, Next::Here));
        }
        node
    }

    /// The internet: packets come from it with public sources. Others could be forged, but no answer finds back to them.
    pub fn internet(&mut self, title: impl Into<Title>) -> NodeId {
        self.outside(title, Addresses::public())
    }

    /// A node that lets packets pass or not, and remembers what it let through: the answers pass. Without rules it denies.
    pub fn filter(&mut self, title: impl Into<Title>) -> NodeId {
        self.add(title.into(), Part::Filter { rules: Vec::new(), otherwise: Action::Deny, answers: None })
    }

    /// A filter that remembers nothing: answers are judged by rules of their own ([`Draft::answer_rule`]), in which the
    /// source is who answers. A connection of TCP needs its answers; what other protocols do is done when a packet arrives.
    pub fn stateless_filter(&mut self, title: impl Into<Title>) -> NodeId {
        let answers = Some((Vec::new(), Action::Deny));
        self.add(title.into(), Part::Filter { rules: Vec::new(), otherwise: Action::Deny, answers })
    }

    /// A node that rewrites packets.
    pub fn translator(&mut self, title: impl Into<Title>) -> NodeId {
        self.add(title.into(), Part::Translator(Vec::new()))
    }

    /// A line, a tunnel or a radio link, in one direction. What a tunnel takes is a filter before it.
    pub fn link(&mut self, title: impl Into<Title>, carrier: Carrier, protection: Protection) -> NodeId {
        self.add(title.into(), Part::Link(carrier, protection))
    }

    /// A way from a host, filter, translator or link to another node. Several ways are all taken.
    pub fn connect(&mut self, from: NodeId, to: NodeId) {
        self.edge(from, Edge::to(to));
    }

    /// A way that may not be there.
    pub fn edge(&mut self, from: NodeId, edge: Edge) {
        match self.nodes.get_mut(from.at()) {
            Some((_, edges, Part::Host(_) | Part::Filter { .. } | Part::Translator(_) | Part::Link(..))) => {
                edges.push(edge);
            }
            Some((_, _, Part::Router { .. })) | None => self.unfit(from, "host, filter, translator, link"),
        }
    }

    /// Adds a route to a router.
    pub fn route(&mut self, router: NodeId, route: Route) {
        match self.nodes.get_mut(router.at()) {
            Some((_, _, Part::Router { routes, .. })) => routes.push(route),
            _ => self.unfit(router, "router"),
        }
    }

    /// The node with this id.
    pub fn find(&self, id: &str) -> Option<NodeId> {
        self.ids.get(id).copied()
    }

    /// The addresses that a host has or may have; none for another node.
    pub fn addresses(&self, host: NodeId) -> Option<&Addresses> {
        match self.nodes.get(host.at()) {
            Some((_, _, Part::Host(host))) => Some(host.placement.addresses()),
            _ => None,
        }
    }

    /// The routes that a router has so far; none for another node.
    pub fn routes(&self, router: NodeId) -> &[Route] {
        match self.nodes.get(router.at()) {
            Some((_, _, Part::Router { routes, .. })) => routes,
            _ => &[],
        }
    }

    /// Adds a rule to a filter, after those it has.
    pub fn rule(&mut self, filter: NodeId, rule: Rule) {
        match self.nodes.get_mut(filter.at()) {
            Some((_, _, Part::Filter { rules, .. })) => rules.push(rule),
            _ => self.unfit(filter, "filter"),
        }
    }

    /// Adds a rule for answers to a filter without memory.
    pub fn answer_rule(&mut self, filter: NodeId, rule: Rule) {
        match self.nodes.get_mut(filter.at()) {
            Some((_, _, Part::Filter { answers: Some((rules, _)), .. })) => rules.push(rule),
            _ => self.unfit(filter, "stateless filter"),
        }
    }

    /// What a filter does with packets that no rule matches, answers included.
    pub fn otherwise(&mut self, filter: NodeId, action: Action) {
        match self.nodes.get_mut(filter.at()) {
            Some((_, _, Part::Filter { otherwise, answers, .. })) => {
                *otherwise = action;
                if let Some((_, otherwise)) = answers {
                    *otherwise = action;
                }
            }
            _ => self.unfit(filter, "filter"),
        }
    }

    /// Adds a rewriting to a translator, after those it has.
    pub fn rewrite(&mut self, translator: NodeId, rewrite: Rewrite) {
        match self.nodes.get_mut(translator.at()) {
            Some((_, _, Part::Translator(rewrites))) => rewrites.push(rewrite),
            _ => self.unfit(translator, "translator"),
        }
    }

    /// The network, to be walked.
    ///
    /// # Errors
    ///
    /// SI-0010 where an id stands twice, SI-0011 where something was added to a node of another kind, or names a node that
    /// is not there.
    pub fn build(mut self) -> Result<Network, Problem> {
        if let Some(fault) = self.fault {
            return Err(fault);
        }
        let hidden = self.hidden_members();
        let sketch = Sketch { draft: &self.nodes, groups: &self.groups, hidden };
        let inside: Vec<Inside> =
            self.nodes.iter().map(|(_, edges, part)| sketch.inside(edges.clone(), part)).collect();
        let next: Vec<Vec<NodeId>> = inside.iter().map(next_of).collect();
        let count = self.nodes.len();
        if let Some(from) = next.iter().position(|next| next.iter().any(|to| to.at() >= count)) {
            let id = self.nodes.get(from).map_or("", |(title, ..)| title.id.as_str());
            return Err(Problem::new(&codes::NODE_KIND).with("id", id).with("kind", "network"));
        }
        let lost = inside.iter().zip(0..).filter(|(inside, _)| leads_anywhere(inside));
        let lost = lost.map(|(_, at)| NodeId(at)).collect();
        let nodes = self.nodes.into_iter().map(|(title, ..)| Node { title }).collect();
        Ok(Network {
            nodes,
            inside,
            groups: self.groups,
            reasons: self.reasons,
            next,
            lost,
            ids: self.ids,
            circles: OnceLock::new(),
        })
    }

    fn add(&mut self, title: Title, part: Part) -> NodeId {
        let id = NodeId(number(self.nodes.len()));
        if self.ids.insert(title.id.clone(), id).is_some() {
            self.fail(Problem::new(&codes::NODE_TWICE).with("id", &title.id).at(title.place.clone()));
        }
        self.nodes.push((title, Vec::new(), part));
        id
    }

    fn unfit(&mut self, node: NodeId, kind: &'static str) {
        let id = self.nodes.get(node.at()).map_or_else(|| "?".to_owned(), |(title, ..)| title.id.clone());
        self.fail(Problem::new(&codes::NODE_KIND).with("id", id).with("kind", kind));
    }

    /// The first fault is told; what follows may come of it.
    fn fail(&mut self, problem: Problem) {
        self.fault.get_or_insert(problem);
    }

    /// Members of groups of which no address is known at all: a translator that is named as a destination.
    fn hidden_members(&mut self) -> BTreeMap<NodeId, ReasonId> {
        let members: Vec<NodeId> = self.groups.iter().flat_map(|group| group.nodes.iter().copied()).collect();
        let mut hidden = BTreeMap::new();
        for node in members {
            let Some((title, _, part)) = self.nodes.get(node.at()) else { continue };
            if matches!(part, Part::Translator(rewrites) if !fronts(rewrites).is_empty()) {
                continue;
            }
            if matches!(part, Part::Filter { .. } | Part::Translator(_) | Part::Link(..)) {
                let reason =
                    Reason { doubt: Doubt::Address, place: title.place.clone(), attribute: String::new() };
                hidden.insert(node, self.reason(reason));
            }
        }
        hidden
    }
}

/// What compiling rules needs to know of the rest.
pub(super) struct Sketch<'a> {
    draft: &'a [(Title, Vec<Edge>, Part)],
    pub(super) groups: &'a [Group],
    hidden: BTreeMap<NodeId, ReasonId>,
}

impl Sketch<'_> {
    /// The addresses by which rules match a node.
    pub(super) fn addresses(&self, node: NodeId) -> Vec<End> {
        if let Some(reason) = self.hidden.get(&node) {
            return everything(None, Some(*reason)).to_vec();
        }
        let (addresses, doubt) = match self.draft.get(node.at()) {
            Some((_, _, Part::Host(Host { placement, .. }))) => {
                (placement.addresses(), placement.unsure().map(|(_, reason)| reason))
            }
            Some((_, _, Part::Router { own, .. })) => (own, None),
            Some((_, _, Part::Translator(rewrites))) => return fronts(rewrites),
            _ => return Vec::new(),
        };
        addresses.spans().iter().map(|(family, span)| (*family, *span, None, doubt)).collect()
    }

    fn inside(&self, edges: Vec<Edge>, part: &Part) -> Inside {
        let kind = match part {
            Part::Host(host) => Kind::Host(host.clone()),
            Part::Router { routes, own } => {
                Kind::Router { table: Table::new(routes.clone()), own: own.clone() }
            }
            Part::Filter { rules, otherwise, answers } => {
                let memory = match answers {
                    None => Memory::Stateful,
                    Some((rules, otherwise)) => Memory::Stateless {
                        answers: self.filter(Senders::ByAddress, rules),
                        otherwise: *otherwise,
                    },
                };
                Kind::Filter { rules: self.filter(Senders::Known, rules), otherwise: *otherwise, memory }
            }
            Part::Translator(rewrites) => {
                Kind::Translator { rewrites: self.translator(rewrites), unsure: unsure(rewrites) }
            }
            Part::Link(carrier, protection) => Kind::Link { carrier: *carrier, protection: *protection },
        };
        Inside { edges, kind }
    }

    fn filter(&self, senders: Senders, rules: &[Rule]) -> Compiled<()> {
        let sources = rules.iter().map(|rule| Source {
            name: rule.name.clone(),
            matching: &rule.matching,
            action: rule.action,
            maybe: rule.maybe,
            value: (),
        });
        Compiled::new(self, senders, sources)
    }

    fn translator(&self, rewrites: &[Rewrite]) -> Compiled<Onto> {
        let sources = rewrites.iter().map(|rewrite| Source {
            name: rewrite.name.clone(),
            matching: &rewrite.matching,
            action: Action::Allow,
            maybe: rewrite.maybe,
            value: Onto {
                front: rewrite.front,
                source: rewrite.source.clone(),
                targets: rewrite.targets.clone(),
            },
        });
        Compiled::new(self, Senders::Known, sources)
    }
}

/// Where the address lies by which a translator sends, if any of its rewritings does not know its own.
fn unsure(rewrites: &[Rewrite]) -> Option<(Addresses, ReasonId)> {
    let sources = rewrites.iter().filter_map(|rewrite| rewrite.source.as_ref());
    let unsure = sources.filter_map(|source| Some((&source.addresses, source.unsure?)));
    unsure.fold(None, |found, (addresses, reason)| match found {
        None => Some((addresses.clone(), reason)),
        Some((known, reason)) => Some((known.with(addresses), reason)),
    })
}

/// The addresses at which a translator takes packets, as its rewritings name them: how rules match a load balancer that they
/// name by its group.
fn fronts(rewrites: &[Rewrite]) -> Vec<End> {
    let mut found = Vec::new();
    for rewrite in rewrites {
        if let Party::Addresses(addresses) = &rewrite.matching.destination {
            let end = |(family, span): &(_, _)| (*family, *span, None, rewrite.front);
            found.extend(
                addresses.spans().iter().map(end).filter(|end| !found.contains(end)).collect::<Vec<_>>(),
            );
        }
    }
    found
}

fn leads_anywhere(inside: &Inside) -> bool {
    let Kind::Router { table, .. } = &inside.kind else { return false };
    table.routes.iter().any(|route| matches!(&route.next, Next::Undecided(_, among) if among.is_empty()))
}

fn next_of(inside: &Inside) -> Vec<NodeId> {
    let mut next: Vec<NodeId> = inside.edges.iter().map(|edge| edge.to).collect();
    match &inside.kind {
        Kind::Router { table, .. } => next.extend(table.next()),
        Kind::Translator { rewrites, .. } => {
            next.extend(rewrites.rules.iter().flat_map(|(_, onto)| onto.next()));
        }
        Kind::Host(_) | Kind::Filter { .. } | Kind::Link { .. } => {}
    }
    next.sort_unstable();
    next.dedup();
    next
}

fn number(count: usize) -> u32 {
    u32::try_from(count).unwrap_or(u32::MAX)
}
