//! Links: one node for each direction, with what may not take it before.

use super::peer::Side;
use super::{Ground, WayOut, helper, title};
use crate::description::{Carrier as Line, Direction, Id, Link, Maintenance, Protection as Guard};
use crate::model::thing::Thing;
use crate::network::{
    Carrier, Edge, Match, NewSource, NodeId, Party, Protection, Reason, ReasonId, Rewrite, Rule, Title,
};
use crate::packet::Addresses;

/// An end of a link as it is drawn.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
enum End<'a> {
    Internet,
    Zone(&'a str, NodeId),
    Device(&'a str),
    Handoff(usize),
    Beyond(NodeId, ReasonId),
}

/// A link in one direction.
#[derive(Clone, Copy, Debug)]
struct Way<'a> {
    link: &'a Link,
    from: End<'a>,
    to: End<'a>,
    back: bool,
}

impl<'a> Ground<'a> {
    /// Draws the links, in both directions.
    pub(super) fn links(&mut self) {
        for link in &self.site.links {
            let ends = (self.end(link.from.as_str()), self.end(link.to.as_str()));
            let (Some(from), Some(to)) = ends else { continue };
            self.way(Way { link, from, to, back: false });
            self.way(Way { link, from: to, to: from, back: true });
        }
    }

    /// What stands at an end; nothing where a plan describes it, and the handoff is named by another link.
    fn end(&mut self, id: &'a str) -> Option<End<'a>> {
        if let Some(&handoff) = self.joined.get(id).or_else(|| self.replaced.get(id)) {
            return Some(End::Handoff(handoff));
        }
        if let Some(cloud) = self.clouds.get(id).copied() {
            if let Some(zone) = &cloud.stands_for {
                return self.end(zone.as_str());
            }
            let (node, reason) = self.beyond(cloud);
            return Some(End::Beyond(node, reason));
        }
        if self.is_internet(id) {
            return Some(End::Internet);
        }
        if let Some(router) = self.routers.get(id) {
            return Some(End::Zone(id, *router));
        }
        if self.devices.contains_key(id) {
            return Some(End::Device(id));
        }
        // A node whose zones a plan describes.
        let feet = self.layout.feet(id);
        let handoff = feet.iter().find_map(|foot| self.replaced.get(foot.zone))?;
        Some(End::Handoff(*handoff))
    }

    fn way(&mut self, way: Way<'a>) {
        let Way { link, back, .. } = way;
        let named = |what: &str| match back {
            true => helper(&link.id, link.name.as_ref(), None, &format!("{what}, back")),
            false => helper(&link.id, link.name.as_ref(), None, what),
        };
        let drawn = self.line(way);
        let mut first = drawn;
        if way.to == End::Internet && way.from != End::Internet {
            first = self.translation(named("translation"), link.id.as_str(), first);
        }
        if let Some(prefixes) = &link.prefixes {
            let announced = Addresses::from_nets(prefixes.iter().map(|range| range.value.0));
            let matching = if back { Match::all().from(announced) } else { Match::all().to(announced) };
            let rule = Rule::allow(format!("{} prefixes", link.id), matching);
            first = self.only(named("prefixes"), [rule], first);
        }
        let rules = self.maintenance_rules(link);
        if !rules.is_empty() {
            first = self.only(named("maintenance"), rules, first);
        }
        if back && link.direction == Some(Direction::Forward) {
            first = self.only(named("direction"), [], first);
        }
        self.begin(way, first);
        self.finish(way, drawn);
    }

    fn line(&mut self, way: Way<'a>) -> NodeId {
        let Way { link, back, .. } = way;
        let id = link.id.as_str();
        let title = title(&link.id, link.name.as_ref(), None);
        let title = if back { Title { id: format!("{id} (back)"), ..title } } else { title };
        let drawn = self.sketch.draft.link(title, carrier(link.carrier), protection(link));
        self.sketch.stands_for(drawn, Thing::Link { id: id.to_owned(), back });
        drawn
    }

    /// A filter with these rules before a node.
    fn only(&mut self, title: Title, rules: impl IntoIterator<Item = Rule>, then: NodeId) -> NodeId {
        let filter = self.sketch.draft.filter(title);
        rules.into_iter().for_each(|rule| self.sketch.draft.rule(filter, rule));
        self.sketch.draft.connect(filter, then);
        filter
    }

    /// Gives what has no public address one of which nobody knows which it is.
    pub(super) fn translation(&mut self, title: Title, id: &str, then: NodeId) -> NodeId {
        let inside = Addresses::all().without(&Addresses::public());
        let reason = self.sketch.draft.reason(Reason::address(id));
        let source = NewSource::one_of(Addresses::public(), reason);
        let rewrite =
            Rewrite::source(format!("{id} translation"), Match::all().from(inside), source, Edge::to(then));
        let translation = self.sketch.draft.translator(title);
        self.sketch.draft.rewrite(translation, rewrite);
        self.sketch.draft.connect(translation, then);
        translation
    }

    /// Lets the end from which a way leads hand packets to it.
    fn begin(&mut self, way: Way<'a>, first: NodeId) {
        match way.from {
            End::Internet => {
                let inwards = self.inwards();
                self.send_all(inwards, first, None);
            }
            End::Zone(zone, _) => self.way_out(zone, WayOut { to: first, by: None, maybe: None }),
            End::Device(id) => {
                if let Some(device) = self.device_of(id).cloned() {
                    self.leave(&device, first);
                }
            }
            End::Handoff(at) => {
                let Some(handoff) = self.sketch.handoffs.get(at) else { return };
                if let Some(out) = handoff.out {
                    self.send_all(out, first, None);
                }
            }
            End::Beyond(node, reason) => self.send_all(node, first, Some(reason)),
        }
    }

    /// Gives what comes over a way to the end to which it leads.
    fn finish(&mut self, way: Way<'a>, last: NodeId) {
        let to = match way.to {
            End::Internet => self.access(),
            End::Zone(_, router) => router,
            End::Device(id) if way.from == End::Internet => self.front(id),
            End::Device(id) => match self.device_of(id) {
                Some(device) => device.door,
                None => return,
            },
            End::Handoff(at) => match self.sketch.handoffs.get(at) {
                Some(handoff) => handoff.into,
                None => return,
            },
            End::Beyond(node, _) => node,
        };
        self.sketch.draft.connect(last, to);
    }

    /// What ways of maintenance let pass over a link: for a restricted one, only what is for its nodes.
    fn maintenance_rules(&mut self, link: &Link) -> Vec<Rule> {
        let entries = self.maintenance.get(link.id.as_str()).cloned().unwrap_or_default();
        let is_restricted = |entry: &&Maintenance| entry.restricted == Some(true) && entry.into.is_some();
        if !entries.iter().any(is_restricted) {
            return Vec::new();
        }
        let (mut allowed, mut denied) = (Vec::new(), Vec::new());
        for entry in &entries {
            let Some((from, doubt)) = self.workers(entry, link) else { continue };
            let (to, other) = match &entry.into {
                Some(into) if is_restricted(&entry) => self.parties(into, Side::To),
                _ => (Party::Any, None),
            };
            let rule = Rule::allow(entry.id.as_str(), Match::all().from(from.clone()).to(to));
            allowed.push(match doubt.or(other) {
                Some(reason) => rule.maybe(reason),
                None => rule,
            });
            denied.push(Rule::deny(format!("{} restricted", entry.id), Match::all().from(from)));
        }
        let others = Rule::allow(format!("{} others", link.id), Match::all());
        allowed.into_iter().chain(denied).chain([others]).collect()
    }

    /// Who works by a way of maintenance: who is named, or the vendor's zone at an end of the link.
    fn workers(&mut self, entry: &Maintenance, link: &Link) -> Option<super::peer::Meant> {
        if let Some(from) = &entry.from {
            return Some(self.parties(std::slice::from_ref(from), Side::From));
        }
        let is_theirs = |id: &&Id| {
            let zone = self.zones.get(id.as_str());
            zone.is_some_and(|zone| zone.owner.is_some() && zone.owner == entry.vendor)
        };
        let zone = [&link.from, &link.to].into_iter().find(is_theirs)?;
        Some(self.parties(std::slice::from_ref(zone), Side::From))
    }
}

fn carrier(line: Option<Line>) -> Carrier {
    match line {
        Some(Line::LeasedLine) => Carrier::LeasedLine,
        Some(Line::IpVpn | Line::Academic) => Carrier::IpVpn,
        // A tunnel over an open network: the internet carries it, and what protects it is said beside.
        Some(Line::Ipsec | Line::Internet | Line::Mobile) => Carrier::Internet,
        Some(Line::Wireless) => Carrier::Wireless,
        Some(Line::Lan) => Carrier::Lan,
        Some(Line::ClosedMobile) => Carrier::Mobile,
        Some(Line::CloudInternal) => Carrier::Provider,
        Some(Line::Telephone | Line::Media) | None => Carrier::Unknown,
    }
}

fn protection(link: &Link) -> Protection {
    let Some(all) = &link.protection else {
        // The word for the line says it.
        return if link.carrier == Some(Line::Ipsec) { Protection::Ipsec } else { Protection::Unknown };
    };
    let kind = |guard: &Guard| match guard {
        Guard::Ipsec(_) => Protection::Ipsec,
        Guard::Tls(_) | Guard::SslVpn(_) => Protection::Tunnel,
        Guard::Macsec(_) | Guard::Wireless(_) => Protection::Link,
        Guard::Other(other) => match other.encrypted {
            Some(true) => Protection::Tunnel,
            Some(false) => Protection::Clear,
            None => Protection::Unknown,
        },
    };
    let strength = |protection: &Protection| match protection {
        Protection::Ipsec => 4,
        Protection::Tunnel => 3,
        Protection::Link => 2,
        Protection::Unknown => 1,
        Protection::Clear => 0,
    };
    all.iter().map(kind).max_by_key(strength).unwrap_or(Protection::Clear)
}
