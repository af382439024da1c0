//! Zones: routers at which anybody may stand, and what joins a part to its whole.

use super::layout::Foot;
use super::{By, Ground, WayIn, WayOut, helper, title};
use crate::description::{Link, Node, Zone, ZoneKind};
use crate::model::thing::Thing;
use crate::network::{Known, Next, NodeId, ReasonId, Route};
use ipnet::IpNet;
use std::collections::BTreeMap;

/// Up to how many links at a zone each knows not to be taken back. With more, packets may go back and come again, which
/// changes nothing but how long they are followed.
const LINKS_TOLD_APART_MAX: usize = 16;

/// Up to how many ways a router knows itself; more are known by a node of their own. Each address that a router knows splits
/// what it does not know, and all parts of that go by all ways.
pub(super) const WAYS_MAX: usize = 64;

impl<'a> Ground<'a> {
    /// Draws the zones, without what leads out of them.
    pub(super) fn zones(&mut self) {
        for zone in &self.site.zones {
            let id = zone.id.as_str();
            if let Some(&handoff) = self.replaced.get(id) {
                let into = self.sketch.handoffs.get(handoff).map(|handoff| handoff.into);
                if let Some(into) = into {
                    self.sketch.call(id, into);
                }
                continue;
            }
            let router = if zone.kind == ZoneKind::Internet { self.internet(zone) } else { self.zone(zone) };
            self.routers.insert(id, router);
        }
    }

    fn internet(&mut self, zone: &'a Zone) -> NodeId {
        let internet = self.sketch.internet();
        self.sketch.call(zone.id.as_str(), internet);
        internet
    }

    fn zone(&mut self, zone: &'a Zone) -> NodeId {
        let id = zone.id.as_str();
        let prefixes = self.layout.prefixes(id).to_vec();
        let own = self.layout.undescribed(id);
        let title = title(&zone.id, zone.name.as_ref(), Some(&zone.id));
        let router = self.sketch.draft.segment(title, own);
        self.call(id, router, Thing::Zone(id.to_owned()));
        for prefix in prefixes {
            self.sketch.draft.route(router, Route::new(prefix, Next::Here));
        }
        router
    }

    /// Lets a zone hand to a node what is for it.
    pub(super) fn settle(&mut self, router: NodeId, foot: &Foot<'_>, door: NodeId) {
        let prefixes = if foot.sure {
            super::wide::nets(&foot.addresses)
        } else {
            // The addresses of those who are known are longer prefixes, so what is left goes this way.
            self.layout.prefixes(foot.zone).to_vec()
        };
        self.send(router, &prefixes, door, None);
    }

    /// Joins each part to its whole, where no device stands between them.
    pub(super) fn join_parts(&mut self) {
        for part in &self.site.zones {
            let Some(whole) = &part.within else { continue };
            let ends = (self.routers.get(part.id.as_str()), self.routers.get(whole.as_str()));
            let (Some(&inner), Some(&outer)) = ends else { continue };
            let maybe = match self.is_joined(part, whole.as_str()) {
                Known::Yes => None,
                Known::No => continue,
                Known::Undecided(reason) => Some(reason),
            };
            self.way_out(part.id.as_str(), WayOut { to: outer, by: By::Whole, maybe });
            let prefixes = self.layout.prefixes(part.id.as_str()).to_vec();
            let doubt = self.ambiguity(part.id.as_str());
            self.send(outer, &prefixes, inner, maybe.or(doubt));
            self.way_out(whole.as_str(), WayOut { to: inner, by: By::Part, maybe });
        }
    }

    /// Whether a part is joined to its whole: not at all where a device stands in both.
    fn is_joined(&mut self, part: &Zone, whole: &str) -> Known {
        let standing = self.standing.get(part.id.as_str()).into_iter().flatten();
        let guards = standing
            .filter(|node| self.device_of(node.id.as_str()).is_some_and(|device| device.passes_surely));
        let stands_outside = |node: &&Node| node.zones.iter().any(|id| id.as_str() == whole);
        let guards: Vec<bool> = guards.map(stands_outside).collect();
        match guards.as_slice() {
            [] => Known::Yes,
            all if all.contains(&true) => Known::No,
            _ => Known::Undecided(self.unknown(part.id.as_str(), "within")),
        }
    }

    /// Notes a way out of a zone.
    pub(super) fn way_out(&mut self, zone: &'a str, way: WayOut<'a>) {
        self.ways_out.entry(zone).or_default().push(way);
    }

    /// What packets are given to that come into a zone over a link: a router that does not send them back over it.
    pub(super) fn way_in(&mut self, zone: &'a str, link: &'a Link, back: bool) -> Option<NodeId> {
        let router = *self.routers.get(zone)?;
        let described = self.zones.get(zone).copied()?;
        if self.ends.get(zone).is_some_and(|ends| *ends > LINKS_TOLD_APART_MAX) {
            return Some(router);
        }
        let what = if back { format!("by {}, back", link.id) } else { format!("by {}", link.id) };
        let title = helper(&described.id, described.name.as_ref(), Some(&described.id), &what);
        let at = self.sketch.draft.router(title);
        let prefixes = self.layout.prefixes(zone).to_vec();
        let doubt = self.ambiguity(zone);
        self.send(at, &prefixes, router, doubt);
        self.ways_in.push(WayIn { zone, link: link.id.as_str(), at });
        Some(at)
    }

    /// Lets each zone hand on what is for others.
    pub(super) fn lead_out(&mut self) {
        let ways_out = std::mem::take(&mut self.ways_out);
        for (node, out, zone) in std::mem::take(&mut self.crossings) {
            // Where a zone has no way out but the device itself, nothing for others is to be sent into it.
            let others = ways_out.get(zone).into_iter().flatten().any(|way| way.by != By::Node(node));
            if let Some(&router) = self.routers.get(zone).filter(|_| others) {
                self.send_all(out, router, None);
            }
        }
        let mut exits: BTreeMap<&str, NodeId> = BTreeMap::new();
        for (zone, ways) in &ways_out {
            let (zone, Some(&router)) = (*zone, self.routers.get(zone)) else { continue };
            let parts: Vec<IpNet> =
                self.layout.parts(zone).iter().flat_map(|part| self.layout.prefixes(part)).copied().collect();
            // Parts lie in the range of the zone itself, so they are named; what leads to all of them is one node.
            let is_plain = parts.is_empty() && ways.len() <= WAYS_MAX;
            let from = if is_plain { router } else { self.exits(zone, router, &parts) };
            exits.insert(zone, from);
            self.lead(zone, from, ways, None);
        }
        for WayIn { zone, link, at } in std::mem::take(&mut self.ways_in) {
            let ways = ways_out.get(zone).map(Vec::as_slice).unwrap_or_default();
            let mut others: Vec<WayOut<'a>> =
                ways.iter().filter(|way| way.by != By::Link(link)).copied().collect();
            let is_foreign = self.zones.get(zone).is_some_and(|zone| zone.kind == ZoneKind::Vendor);
            let doubt = (is_foreign && !others.is_empty()).then(|| self.unknown(zone, "forwards"));
            if let Some(&exits) = exits.get(zone).filter(|_| others.len() > WAYS_MAX) {
                others = vec![WayOut { to: exits, by: By::Whole, maybe: None }];
            }
            self.lead(zone, at, &others, doubt);
        }
    }

    /// Routes of a router of a zone by these ways.
    fn lead(&mut self, zone: &str, from: NodeId, ways: &[WayOut<'a>], doubt: Option<ReasonId>) {
        let chosen = self.zones.get(zone).and_then(|zone| zone.default_route.as_ref());
        let chosen = chosen.map(|chosen| By::Node(chosen.as_str()));
        for way in ways {
            let maybe = doubt.or(way.maybe);
            match chosen {
                Some(chosen) if way.by != chosen => {
                    let inside = super::wide::not_public();
                    self.send(from, &inside, way.to, maybe);
                }
                _ => self.send_all(from, way.to, maybe),
            }
        }
    }

    fn exits(&mut self, zone: &str, router: NodeId, parts: &[IpNet]) -> NodeId {
        let Some(zone) = self.zones.get(zone).copied() else { return router };
        let title = helper(&zone.id, zone.name.as_ref(), Some(&zone.id), "exits");
        let exits = self.sketch.draft.router(title);
        self.send(router, parts, exits, None);
        self.send_all(router, exits, None);
        exits
    }
}
