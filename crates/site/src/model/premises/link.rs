//! Links: one node for each direction, with what may not take it before.

use super::{By, Ground, WayOut, helper, title};
use crate::description::{Carrier as Line, Direction, Link, Protection as Guard};
use crate::model::thing::Thing;
use crate::network::{
    Carrier, Edge, Match, NewSource, NodeId, Protection, Reason, ReasonId, Rewrite, Rule, Title,
};
use crate::packet::Addresses;

/// An end of a link as it is drawn.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
enum End<'a> {
    Internet,
    Zone(&'a str),
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
        if self.routers.contains_key(id) {
            return Some(End::Zone(id));
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
        let named = |what: &str| {
            let what = if back { format!("{what}, back") } else { what.to_owned() };
            helper(&link.id, link.name.as_ref(), None, &what)
        };
        let drawn = self.line(way);
        let mut first = drawn;
        if way.to == End::Internet && way.from != End::Internet {
            let device = match way.from {
                End::Device(id) => Some(id),
                _ => None,
            };
            first = self.translation(named("translation"), link.id.as_str(), device, first);
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
        let thing = Thing::Link { id: id.to_owned(), back };
        if back {
            self.sketch.stands_for(drawn, thing);
        } else {
            self.call(id, drawn, thing);
        }
        drawn
    }

    /// A filter with these rules before a node.
    fn only(&mut self, title: Title, rules: impl IntoIterator<Item = Rule>, then: NodeId) -> NodeId {
        let filter = self.sketch.draft.filter(title);
        rules.into_iter().for_each(|rule| self.sketch.draft.rule(filter, rule));
        self.sketch.draft.connect(filter, then);
        filter
    }

    /// Gives what has no public address one of the device's, or one of which nobody knows which it is.
    pub(super) fn translation(
        &mut self,
        title: Title,
        id: &str,
        device: Option<&str>,
        then: NodeId,
    ) -> NodeId {
        let inside = Addresses::all().without(&Addresses::public());
        let feet = device.map(|device| self.layout.feet(device)).unwrap_or_default();
        let own = feet
            .iter()
            .filter(|foot| foot.sure)
            .fold(Addresses::none(), |all, foot| all.with(&foot.addresses));
        let own = own.intersect(&Addresses::public());
        let source = if own.is_empty() {
            let reason = self.sketch.draft.reason(Reason::address(id));
            NewSource::one_of(self.public.clone(), reason)
        } else {
            NewSource::any_of(own)
        };
        let rewrite =
            Rewrite::source(format!("{id} translation"), Match::all().from(inside), source, Edge::to(then));
        let translation = self.sketch.draft.translator(title);
        self.sketch.draft.rewrite(translation, rewrite);
        self.sketch.draft.connect(translation, then);
        if let Some((device, _)) = device.and_then(|device| self.nodes.get_key_value(device)) {
            self.translations.push((*device, translation));
        }
        translation
    }

    /// What a device sends for others is seen as sent by itself, also where rules name it.
    pub(super) fn join_translations(&mut self) {
        for (device, translation) in std::mem::take(&mut self.translations) {
            for group in self.naming.get(device).into_iter().flatten() {
                self.sketch.draft.join(*group, translation);
            }
        }
    }

    /// Lets the end from which a way leads hand packets to it.
    fn begin(&mut self, way: Way<'a>, first: NodeId) {
        match way.from {
            End::Internet => {
                let inwards = self.inwards();
                self.send_all(inwards, first, None);
            }
            End::Zone(zone) => {
                self.way_out(zone, WayOut { to: first, by: By::Link(way.link.id.as_str()), maybe: None });
            }
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
            End::Zone(zone) => match self.way_in(zone, way.link, way.back) {
                Some(at) => at,
                None => return,
            },
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
