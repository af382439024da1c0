//! What the product says of single packets.

use crate::fact::Packet;
use site::model::Model;
use site::network::NodeId;
use site::packet::{self, Cube, Family, PacketSet, Span};
use site::reach::{Answer, Arrival, Question, Reach, Why};

/// What is said of one packet.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(crate) enum Claim {
    /// It arrives.
    Sure,
    /// It may arrive.
    Perhaps,
    /// Packets were lost sight of.
    Lost,
    /// It does not arrive.
    Never,
}

pub(crate) fn node(model: &Model, name: &str) -> NodeId {
    model.find(name).unwrap_or_else(|| panic!("there is no {name}"))
}

/// What is said of a packet that arrives as it was sent.
pub(crate) fn whole(reach: &Reach<'_>, to: NodeId, asked: Packet) -> Claim {
    let wanted = packet::Packet {
        family: Family::V4,
        source: asked.from.into(),
        destination: asked.to.into(),
        protocol: asked.protocol,
        source_port: asked.from_port,
        destination_port: asked.to_port,
    };
    let is_meant = |one: &Arrival<'_>| one.packets().contains(&wanted) && !is_rewritten(one);
    claim(reach, to, is_meant)
}

/// The same where it came with another destination.
pub(crate) fn from_internet(reach: &Reach<'_>, to: NodeId, asked: Packet) -> Claim {
    let wanted = cube(asked);
    claim(reach, to, |one| one.packets().covers(&wanted))
}

/// What is said of a packet that a host sends to the internet, where it arrives with a new source.
pub(crate) fn to_internet(model: &Model, from: &str, asked: Packet) -> Claim {
    let (from, internet) = (node(model, from), node(model, "internet"));
    let reach = Question::of(&model.network).sending(from, &PacketSet::from_cubes([cube(asked)]));
    claim(&reach, internet, |_| true)
}

fn cube(asked: Packet) -> Cube {
    Cube {
        family: Family::V4,
        source: Span::one(asked.from.into()),
        destination: Span::one(asked.to.into()),
        protocol: Span::one(asked.protocol),
        source_port: Span::one(asked.from_port),
        destination_port: Span::one(asked.to_port),
    }
}

fn is_rewritten(arrival: &Arrival<'_>) -> bool {
    arrival.path().iter().any(|hop| hop.why == Why::Translated)
}

fn claim(reach: &Reach<'_>, to: NodeId, is_meant: impl Fn(&Arrival<'_>) -> bool) -> Claim {
    let found: Vec<bool> = reach.arrivals(to).filter(is_meant).map(|one| one.is_decided()).collect();
    match (found.contains(&true), found.is_empty(), reach.gaps().is_empty()) {
        (true, ..) => Claim::Sure,
        (false, false, _) => Claim::Perhaps,
        (false, true, false) if !matches!(reach.to(to), Answer::NoPath) => Claim::Lost,
        (false, true, _) => Claim::Never,
    }
}
