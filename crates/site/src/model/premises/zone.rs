//! Zones: routers at which anybody may stand, and what joins a part to its whole.

use super::layout::Foot;
use super::{Ground, WayOut, helper, title};
use crate::description::{Zone, ZoneKind};
use crate::model::thing::Thing;
use crate::network::{Next, NodeId, Route};
use crate::packet::Addresses;
use ipnet::IpNet;

impl<'a> Ground<'a> {
    /// Draws the zones, without what leads out of them.
    pub(super) fn zones(&mut self) {
        for zone in &self.site.zones {
            let id = zone.id.as_str();
            if let Some(&handoff) = self.replaced.get(id) {
                let into = self.sketch.handoffs.get(handoff).map(|handoff| handoff.into);
                into.into_iter().for_each(|into| self.sketch.call(id, into));
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
        let own = Addresses::from_nets(prefixes.iter().copied());
        let title = title(&zone.id, zone.name.as_ref(), Some(&zone.id));
        let router = self.sketch.draft.segment(title, own);
        self.sketch.stands_for(router, Thing::Zone(id.to_owned()));
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
            let Some(maybe) = self.between(part, whole.as_str()) else { continue };
            self.way_out(part.id.as_str(), WayOut { to: outer, by: None, maybe });
            let prefixes = self.layout.prefixes(part.id.as_str()).to_vec();
            self.send(outer, &prefixes, inner, maybe);
        }
    }

    /// Whether a part is joined to its whole: not at all where a device stands in both.
    fn between(&mut self, part: &Zone, whole: &str) -> Option<Option<crate::network::ReasonId>> {
        let stands_in =
            |zones: &[crate::description::Id], zone: &str| zones.iter().any(|id| id.as_str() == zone);
        let guards = self.site.nodes.iter().filter(|node| {
            let passes = self.device_of(node.id.as_str()).is_some_and(|device| device.passes_surely);
            passes && stands_in(&node.zones, part.id.as_str())
        });
        let guards: Vec<bool> = guards.map(|node| stands_in(&node.zones, whole)).collect();
        match guards.as_slice() {
            [] => Some(None),
            all if all.contains(&true) => None,
            _ => Some(Some(self.unknown(part.id.as_str(), "within"))),
        }
    }

    /// Notes a way out of a zone.
    pub(super) fn way_out(&mut self, zone: &'a str, way: WayOut<'a>) {
        self.ways_out.entry(zone).or_default().push(way);
    }

    /// Lets each zone hand on what is for others.
    pub(super) fn lead_out(&mut self) {
        for (zone, ways) in std::mem::take(&mut self.ways_out) {
            let Some(&router) = self.routers.get(zone) else { continue };
            let parts: Vec<IpNet> =
                self.layout.parts(zone).iter().flat_map(|part| self.layout.prefixes(part)).copied().collect();
            let chosen = self.zones.get(zone).and_then(|zone| zone.default_route.as_ref());
            // Parts lie in the range of the zone itself, so they are named; what leads to all of them is one node.
            let from = if parts.is_empty() { router } else { self.exits(zone, router, &parts) };
            for way in ways {
                match chosen {
                    Some(chosen) if way.by != Some(chosen.as_str()) => {
                        let known = super::wide::not_public();
                        self.send(from, &known, way.to, way.maybe);
                    }
                    _ => self.send_all(from, way.to, way.maybe),
                }
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
