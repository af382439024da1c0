//! The way of a flow, part by part: over which lines, through which networks, and what protects it there.

use super::chains::Chains;
use super::kind::of_line;
use super::parameters::{Assessment, Demand, best};
use super::register::Register;
use super::{Connection, Kind};
use crate::description::{DataClass, Flow, Id, Link, Zone, ZoneKind};
use crate::model::{Model, Roads, Thing, WAYS_MAX, Way};
use crate::network::NodeId;
use crate::packet::{Cube, ICMP, Span, TCP, UDP};
use crate::rules::{Text, Verdict};
use crate::step::{Step, steps};
use std::collections::BTreeSet;

/// A part of a way.
#[derive(Clone, Copy, Debug)]
pub(crate) enum Part<'s> {
    /// A line.
    Line(&'s Link),
    /// A network.
    Network(&'s Zone),
}

/// The way of a flow.
#[derive(Clone, Debug)]
pub(crate) struct Course<'s> {
    /// Its parts, each once, in their order.
    pub(crate) parts: Vec<Part<'s>>,
    /// The hops of a shortest one; empty where none was found.
    pub(crate) steps: Vec<Step>,
    /// Why it is not certain that it is taken; nothing where it is.
    pub(crate) doubt: Option<Text>,
}

/// The course of a flow: as the paths show, or as the description says where no path was found.
pub(crate) fn course<'s>(roads: &Roads<'_>, register: &Register<'s>, flow: &Flow) -> Course<'s> {
    let ways = ways(roads, register, flow);
    let mut parts: Vec<Part<'s>> = Vec::new();
    at(register, &flow.from, &mut parts);
    for hop in ways.iter().flat_map(|way| &way.hops) {
        match roads.model().thing(hop.node) {
            Some(Thing::Link { id, .. }) => {
                parts.extend(register.link(id).map(Part::Line));
            }
            Some(Thing::Zone(id)) => parts.extend(register.zone(id).map(Part::Network)),
            Some(Thing::Internet) => {
                parts.extend(register.internet().map(Part::Network));
            }
            _ => {}
        }
    }
    if ways.is_empty() {
        let via = |id: &Id| register.link(id.as_str());
        parts.extend(flow.via.iter().flatten().filter_map(via).map(Part::Line));
    }
    at(register, &flow.to, &mut parts);
    let mut seen = BTreeSet::new();
    parts.retain(|part| seen.insert(part.id()));
    let first = ways.first();
    Course {
        parts,
        steps: first.map(|way| steps(roads.model(), &way.hops)).unwrap_or_default(),
        doubt: doubt(first),
    }
}

impl Part<'_> {
    fn id(self) -> (bool, String) {
        match self {
            Self::Line(link) => (false, link.id.value.clone()),
            Self::Network(zone) => (true, zone.id.value.clone()),
        }
    }
}

fn doubt(first: Option<&Way>) -> Option<Text> {
    let Some(way) = first else {
        return Some(Text::new(
            "記載された構成では、この通信の通る経路が見つかりません",
            "as the site is described, no path lets this flow pass",
        ));
    };
    if way.decided {
        return None;
    }
    let told =
        |language| way.reasons.iter().map(|reason| reason.text(language)).collect::<Vec<_>>().join(" ");
    Some(Text::new(told(base::Language::Japanese), told(base::Language::English)))
}

fn ways(roads: &Roads<'_>, register: &Register<'_>, flow: &Flow) -> Vec<Way> {
    let model = roads.model();
    let (Some(from), Some(to)) = (model.find(flow.from.as_str()), model.find(flow.to.as_str())) else {
        return Vec::new();
    };
    let wanted = |cube: &Cube| carries(flow, cube);
    let origins = std::iter::once(from).chain(members(roads, register, &flow.from));
    let targets: Vec<_> = std::iter::once(to).chain(members(roads, register, &flow.to)).collect();
    let mut tried = BTreeSet::new();
    // Where one of those that are alike has no way, none has.
    for origin in origins.filter(|origin| tried.insert(roads.first_alike(*origin))) {
        let run = roads.from(origin);
        let found: Vec<Way> = targets.iter().flat_map(|to| run.arriving(*to, WAYS_MAX, wanted)).collect();
        if !found.is_empty() {
            return direct(roads.model(), flow, found);
        }
    }
    Vec::new()
}

/// Of ways, those that are no detour of another one: that do not pass all lines and networks of it and more. Where the
/// description says which lines a flow takes, those that take them.
fn direct(model: &Model, flow: &Flow, found: Vec<Way>) -> Vec<Way> {
    let passed = |way: &Way| -> BTreeSet<&Thing> {
        let things = way.hops.iter().filter_map(|hop| model.thing(hop.node));
        things
            .filter(|thing| matches!(thing, Thing::Link { .. } | Thing::Zone(_) | Thing::Internet))
            .collect()
    };
    let via: BTreeSet<&str> = flow.via.iter().flatten().map(Id::as_str).collect();
    let follows = |way: &Way| {
        let lines = passed(way);
        let takes =
            |id: &&str| lines.iter().any(|thing| matches!(thing, Thing::Link { id: own, .. } if own == id));
        via.iter().all(takes)
    };
    let said = found.iter().any(follows);
    let mut kept: Vec<Way> = Vec::new();
    let mut sorted: Vec<Way> = found.into_iter().filter(|way| !said || follows(way)).collect();
    sorted.sort_by_cached_key(|way| (!way.decided, passed(way).len(), way.hops.len()));
    for way in sorted {
        let own = passed(&way);
        if !kept.iter().any(|other| passed(other).is_subset(&own)) {
            kept.push(way);
        }
    }
    kept
}

/// The machines of a network; none of a machine.
fn members(roads: &Roads<'_>, register: &Register<'_>, id: &Id) -> impl Iterator<Item = NodeId> {
    register.members(id).iter().filter_map(|node| roads.model().find(node.id.as_str()))
}

/// Whether packets may be those of a flow.
pub(crate) fn carries(flow: &Flow, cube: &Cube) -> bool {
    use crate::description::Protocol;
    let protocol = match flow.protocol {
        Some(Protocol::Tcp) => Span::one(TCP),
        Some(Protocol::Udp) => Span::one(UDP),
        Some(Protocol::Icmp) => Span::one(ICMP),
        Some(Protocol::Esp) => Span::one(ESP),
        Some(Protocol::Any) | None => Span::all(),
    };
    let port = |first, last| cube.destination_port.meets(Span::between(first, last));
    let named = flow.ports.as_ref().filter(|ports| !ports.is_empty());
    cube.protocol.meets(protocol)
        && named.is_none_or(|ports| ports.iter().any(|one| port(one.value.first, one.value.last)))
}

/// The protocol number of ESP.
const ESP: u8 = 50;

/// The network at an end: the zone itself, or that of a machine with a foot in only one.
fn at<'s>(register: &Register<'s>, end: &Id, parts: &mut Vec<Part<'s>>) {
    if let Some(found) = register.zone(end.as_str()) {
        parts.push(Part::Network(found));
    } else if let Some(node) = register.node(end.as_str())
        && let [only] = node.zones.as_slice()
    {
        parts.extend(register.zone(only.as_str()).map(Part::Network));
    }
}

/// The kind of a part, and why.
pub(super) fn kind(part: Part<'_>, chains: &Chains) -> (Kind, Text) {
    let (name, (kind, why)) = match part {
        Part::Line(link) => (&link.id.value, of_line(link)),
        Part::Network(zone) => (&zone.id.value, of_network(zone, chains)),
    };
    (kind, Text::new(format!("{name}：{}", why.ja), format!("{name}: {}", why.en)))
}

fn of_network(zone: &Zone, chains: &Chains) -> (Kind, Text) {
    match zone.kind {
        ZoneKind::Internet => (Kind::Open, Text::new("インターネット", "the Internet")),
        ZoneKind::Vendor => (
            Kind::Open,
            Text::new(
                "事業者のネットワーク（施設が管理できません）",
                "a vendor's network, which the facility does not manage",
            ),
        ),
        ZoneKind::GuestWireless => {
            (Kind::Open, Text::new("患者・来訪者用のネットワーク", "a network of patients and visitors"))
        }
        ZoneKind::Information
        | ZoneKind::Medical
        | ZoneKind::Eligibility
        | ZoneKind::Carrier
        | ZoneKind::Cloud
        | ZoneKind::Management
        | ZoneKind::Other => {
            let (closed, why) = chains.closed(zone.id.as_str());
            match closed {
                Verdict::Holds => (Kind::Secure, why),
                Verdict::Violated => (Kind::Open, why),
                Verdict::Undecided => (Kind::Undecided, why),
            }
        }
    }
}

/// What protects a flow on a part, and whether that is what the guideline demands there.
pub(super) fn protection(part: Part<'_>, kind: Kind, flow: &Flow) -> Option<Assessment> {
    let own = flow.protection.as_deref();
    match (part, kind) {
        (_, Kind::Secure) => None,
        // Others are on the line itself: what an open network demands.
        (Part::Line(link), Kind::Open) => Some(better(link, flow, Demand::Open)),
        (Part::Line(link), Kind::Undecided) => Some(unless_closed(better(link, flow, Demand::Open))),
        // The Internet and a vendor's network are protected by the lines to them, or from end to end.
        (Part::Network(zone), _) if matches!(zone.kind, ZoneKind::Internet | ZoneKind::Vendor) => None,
        (Part::Network(_), Kind::Open) => Some(best(own, Demand::Encrypted)),
        (Part::Network(_), Kind::Undecided) => Some(unless_closed(best(own, Demand::Encrypted))),
    }
}

/// The better one of what protects the line and what protects the flow from end to end.
pub(crate) fn better(link: &Link, flow: &Flow, demand: Demand) -> Assessment {
    let end_to_end = best(flow.protection.as_deref(), demand);
    let line = best(link.protection.as_deref(), demand);
    if line.verdict > end_to_end.verdict { line } else { end_to_end }
}

/// Where the network may be closed, a lack is not certain.
fn unless_closed(found: Assessment) -> Assessment {
    let verdict = if found.verdict == Verdict::Violated { Verdict::Undecided } else { found.verdict };
    Assessment { verdict, ..found }
}

/// Whether a flow carries data of patients; none where nobody said.
pub(crate) fn of_patients(flow: &Flow) -> Option<bool> {
    let patients = |class: &DataClass| {
        !matches!(
            class,
            DataClass::Anonymised
                | DataClass::Staff
                | DataClass::Credentials
                | DataClass::Configuration
                | DataClass::Logs
                | DataClass::Other
        )
    };
    flow.data.as_ref().map(|data| data.iter().any(patients))
}

/// The connection of a flow.
pub(super) fn connection(flow: &Flow, course: &Course<'_>, chains: &Chains) -> Connection {
    let mut derivation: Vec<Text> = Vec::new();
    let mut weakest = Kind::Secure;
    let mut worst = Assessment::new(
        Verdict::Holds,
        "クローズドな経路です。相手の確認（13④）と責任範囲（13①、13③）は、引き続き求められます",
        "the way is closed; the ends still confirm each other (13④), and responsibilities are written down (13①, 13③)",
    );
    let (mut demanded, mut of_line) = (false, false);
    for part in &course.parts {
        let (kind, why) = kind(*part, chains);
        weakest = weaker(weakest, kind);
        derivation.push(why);
        let Some(found) = protection(*part, kind, flow) else { continue };
        // Of equals, what an open line demands is told rather than what a network does.
        let line = matches!(part, Part::Line(_));
        if !demanded || (found.verdict, !line) < (worst.verdict, !of_line) {
            (worst, of_line) = (found, line);
        }
        demanded = true;
    }
    if let Some(doubt) = &course.doubt {
        derivation.push(doubt.clone());
        weakest = if weakest == Kind::Secure { Kind::Undecided } else { weakest };
    }
    if of_patients(flow) == Some(false) {
        worst = Assessment::new(Verdict::Holds, "患者の情報を運びません", "it carries no data of patients");
    }
    Connection {
        id: flow.id.value.clone(),
        from: flow.from.value.clone(),
        to: flow.to.value.clone(),
        kind: weakest,
        derivation,
        protection: worst.verdict,
        because: worst.because,
        steps: course.steps.clone(),
    }
}

/// The weaker of two kinds: an open part makes the whole open.
pub(super) fn weaker(one: Kind, other: Kind) -> Kind {
    match (one, other) {
        (Kind::Open, _) | (_, Kind::Open) => Kind::Open,
        (Kind::Undecided, _) | (_, Kind::Undecided) => Kind::Undecided,
        (Kind::Secure, Kind::Secure) => Kind::Secure,
    }
}
