//! One step: where a box of packets goes from a node, and as what.

use super::sift::{Incoming, Judged, TooMany, judge, sift};
use crate::network::{
    Compiled, Edge, Inside, Kind, Labels, Lot, Memory, Network, Next, NodeId, NodeSet, Onto, ReasonId, Table,
    Target,
};
use crate::packet::{Addresses, Cube, Family, Span, TCP};

/// Packets on their way.
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord)]
pub(crate) struct Traveller {
    pub(crate) cube: Cube,
    pub(crate) labels: Labels,
    /// Who sent them, or last rewrote their source.
    pub(crate) sender: NodeId,
}

/// By what packets left a node.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(crate) enum Via {
    /// They begin here.
    Start,
    /// By an edge, as they were.
    Edge,
    /// By a route.
    Route(usize),
    /// By a rule of a filter.
    Rule(usize),
    /// A filter had no rule for them.
    Unmatched,
    /// By a rewriting.
    Rewrite(usize),
    /// By a link.
    Link,
}

/// Where packets go.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(crate) enum Onward {
    /// To a node.
    Node(NodeId),
    /// They have arrived.
    Here,
    /// Nobody knows where to.
    Anywhere(ReasonId),
}

/// A step.
#[derive(Clone, Copy, Debug)]
pub(crate) struct Move {
    pub(crate) onward: Onward,
    pub(crate) traveller: Traveller,
    pub(crate) via: Via,
    /// Why it may be otherwise.
    pub(crate) reason: Option<ReasonId>,
}

impl Move {
    /// The same, with what was undecided before it.
    fn unless(self, reason: Option<ReasonId>) -> Self {
        Self { reason: reason.or(self.reason), ..self }
    }
}

/// What a filter does with packets.
#[derive(Debug, Default)]
pub(crate) struct Judgement {
    /// It lets them through.
    pub(crate) passed: Vec<Judged>,
    /// It stops them.
    pub(crate) stopped: Vec<Judged>,
    /// It lets them through but stops their answers; the rule is one of those for answers.
    pub(crate) unanswered: Vec<Judged>,
}

/// Whose step, in what network, within what limit.
#[derive(Clone, Copy, Debug)]
pub(crate) struct Step<'a> {
    pub(crate) network: &'a Network,
    pub(crate) node: NodeId,
    pub(crate) traveller: Traveller,
    pub(crate) pieces_max: usize,
    /// The nodes of interest, or all: there are no steps to others.
    pub(crate) among: Option<&'a NodeSet>,
}

impl<'a> Step<'a> {
    /// All steps that these packets take from the node.
    pub(crate) fn moves(self) -> Result<Vec<Move>, TooMany> {
        let Some(Inside { edges, kind }) = self.network.inside(self.node) else { return Ok(Vec::new()) };
        Ok(match kind {
            Kind::Host(_) => self.by(edges, Via::Edge).collect(),
            Kind::Router { table, .. } => {
                table.lots(&self.traveller.cube).flat_map(|lot| self.routed(table, lot)).collect()
            }
            Kind::Filter { .. } => {
                let through = |judged: Judged| {
                    let via = judged.rule.map_or(Via::Unmatched, Via::Rule);
                    self.with(judged.cube).by(edges, via).map(move |step| step.unless(judged.reason))
                };
                self.judged()?.passed.into_iter().flat_map(through).collect()
            }
            Kind::Translator { rewrites, .. } => self.rewritten(edges, rewrites)?,
            Kind::Link { carrier, protection } => {
                let labels = self.traveller.labels.through(*carrier, *protection);
                let traveller = Traveller { labels, ..self.traveller };
                Self { traveller, ..self }.by(edges, Via::Link).collect()
            }
        })
    }

    /// What a filter does with the packets.
    pub(crate) fn judged(self) -> Result<Judgement, TooMany> {
        let Some(Inside { kind: Kind::Filter { rules, otherwise, memory }, .. }) =
            self.network.inside(self.node)
        else {
            return Ok(Judgement::default());
        };
        let (passed, stopped) = judge(self.incoming(self.traveller.cube), rules, *otherwise)?;
        let Memory::Stateless { answers, otherwise } = memory else {
            return Ok(Judgement { passed, stopped, unanswered: Vec::new() });
        };
        let mut judgement = Judgement { passed: Vec::new(), stopped, unanswered: Vec::new() };
        for judged in passed {
            let tcp = Cube { protocol: Span::one(TCP), ..judged.cube };
            let other = judged.cube.subtract(&tcp).into_iter();
            judgement.passed.extend(other.map(|cube| Judged { cube, ..judged }));
            let Some(tcp) = judged.cube.intersect(&tcp) else { continue };
            let (back, refused) = judge(self.incoming(tcp.answer()), answers, *otherwise)?;
            judgement.passed.extend(back.into_iter().map(|found| Judged {
                cube: found.cube.answer(),
                rule: judged.rule,
                reason: judged.reason.or(found.reason),
            }));
            let forward = |found: Judged| Judged { cube: found.cube.answer(), ..found };
            judgement.unanswered.extend(refused.into_iter().map(forward));
        }
        Ok(judgement)
    }

    fn incoming(self, cube: Cube) -> Incoming<'a> {
        let Self { network, pieces_max, .. } = self;
        Incoming { network, cube, sender: self.traveller.sender, pieces_max }
    }

    fn with(self, cube: Cube) -> Self {
        Self { traveller: Traveller { cube, ..self.traveller }, ..self }
    }

    fn may_go(self, to: NodeId) -> bool {
        self.among.is_none_or(|among| among.contains(to))
    }

    /// By all edges, as they are.
    fn by(self, edges: &'a [Edge], via: Via) -> impl Iterator<Item = Move> + use<'a> {
        edges.iter().filter(move |edge| self.may_go(edge.to)).map(move |edge| Move {
            onward: Onward::Node(edge.to),
            traveller: self.traveller,
            via,
            reason: edge.maybe,
        })
    }

    fn routed(self, table: &Table, lot: &Lot) -> Vec<Move> {
        let Some(destination) = self.traveller.cube.destination.intersect(lot.span) else {
            return Vec::new();
        };
        let traveller = self.with(Cube { destination, ..self.traveller.cube }).traveller;
        let mut moves = Vec::new();
        for (at, doubt) in &lot.by {
            let Some(route) = table.routes.get(*at) else { continue };
            let go = |onward| Move { onward, traveller, via: Via::Route(*at), reason: *doubt };
            match &route.next {
                Next::Node(node) if !self.may_go(*node) => {}
                Next::Node(node) => moves.push(go(Onward::Node(*node))),
                Next::Here => moves.push(go(Onward::Here)),
                Next::Blackhole => {}
                Next::Undecided(reason, among) if among.is_empty() => {
                    moves.push(go(Onward::Anywhere(*reason)));
                }
                Next::Undecided(reason, among) => {
                    let undecided = |node: &NodeId| {
                        let step = go(Onward::Node(*node));
                        Move { reason: step.reason.or(Some(*reason)), ..step }
                    };
                    moves.extend(among.iter().filter(|node| self.may_go(**node)).map(undecided));
                }
            }
        }
        moves
    }

    fn rewritten(self, edges: &'a [Edge], rewrites: &Compiled<Onto>) -> Result<Vec<Move>, TooMany> {
        let mut moves = Vec::new();
        let incoming = self.incoming(self.traveller.cube);
        let rest = sift(incoming, rewrites, None, |entry, front, inside, doubt| {
            if let Some((_, onto)) = rewrites.rules.get(entry.rule) {
                let doubt = doubt.or(entry.maybe).or(self.unsure_ends(onto, front, inside));
                let made = self.images(onto, *inside, Via::Rewrite(entry.rule));
                moves.extend(made.into_iter().map(|step| step.unless(doubt)));
            }
            entry.maybe.map(|reason| doubt.or(Some(reason)))
        })?;
        for (cube, doubt) in rest {
            moves.extend(self.with(cube).by(edges, Via::Edge).map(|step| step.unless(doubt)));
        }
        Ok(moves)
    }

    /// What a rewriting makes of packets. Families may change where both ends are new.
    fn images(self, onto: &Onto, inside: Cube, via: Via) -> Vec<Move> {
        let sender = if onto.source.is_some() { self.node } else { self.traveller.sender };
        let mut moves = Vec::new();
        for target in onto.targets.iter().filter(|target| self.may_go(target.next.to)) {
            moves.extend(images(onto, target, inside).into_iter().map(|cube| Move {
                onward: Onward::Node(target.next.to),
                traveller: Traveller { cube, sender, ..self.traveller },
                via,
                reason: target.next.maybe,
            }));
        }
        moves
    }

    /// Why packets may miss a rewriting, or may not be there at all: of the addresses of which one end has one, some do not
    /// come here.
    fn unsure_ends(self, onto: &Onto, front: &Cube, inside: &Cube) -> Option<ReasonId> {
        let front = onto.front.filter(|_| front.destination != inside.destination);
        front.or_else(|| self.unsure_source(onto, inside))
    }

    /// Where a new source hides that only some of the addresses were let through of which the sender has one.
    fn unsure_source(self, onto: &Onto, inside: &Cube) -> Option<ReasonId> {
        onto.source.as_ref()?;
        let (each, reason) = self.network.unsure(self.traveller.sender)?;
        let is_whole = |set: &Addresses| set.of(inside.family).all(|span| inside.source.covers(span));
        let mut sets = each.iter().filter(|set| set.of(inside.family).next().is_some()).peekable();
        (sets.peek().is_some() && !sets.any(is_whole)).then_some(reason)
    }
}

/// What a rewriting makes of packets on the way to one target. Families may change where both ends are new.
fn images(onto: &Onto, target: &Target, inside: Cube) -> Vec<Cube> {
    let destinations: Vec<(Family, Span<u128>)> = match &target.addresses {
        None => vec![(inside.family, inside.destination)],
        Some(addresses) => addresses.spans().to_vec(),
    };
    let destination_port = target.port.map_or(inside.destination_port, Span::one);
    let mut images = Vec::new();
    for (family, destination) in destinations {
        match &onto.source {
            None if family == inside.family => {
                images.push(Cube { destination, destination_port, ..inside });
            }
            None => {}
            Some(new) => images.extend(new.addresses.of(family).map(|source| Cube {
                family,
                source,
                destination,
                destination_port,
                source_port: new.ports,
                protocol: inside.protocol,
            })),
        }
    }
    images
}
