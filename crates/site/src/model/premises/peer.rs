//! Whom rules mean when they name zones, nodes, ranges and clouds.

use super::Ground;
use crate::description::{Id, Peer, Placed};
use crate::network::{Group, Party, ReasonId};
use crate::packet::Addresses;

/// The side of a rule on which somebody is named.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(super) enum Side {
    /// Who opens the connection.
    From,
    /// To whom.
    To,
}

/// One end of a rule, and why nobody knows whether it is as wide as that.
pub(super) type Meant = (Party, Option<ReasonId>);

/// What was named so far on one side.
#[derive(Default)]
struct Named {
    group: Group,
    any: bool,
    doubt: Option<ReasonId>,
}

impl Ground<'_> {
    /// Whom a side of a rule means; everybody where nothing is written.
    pub(super) fn peers(&mut self, peers: Option<&[Placed<Peer>]>, side: Side) -> Meant {
        let Some(peers) = peers else { return (Party::Any, None) };
        let mut named = Named::default();
        for peer in peers {
            match &peer.value {
                Peer::Any => named.any = true,
                Peer::Range(range) => named.add(&Addresses::from(range.0)),
                Peer::Named(id) => self.name(id, side, &mut named),
            }
        }
        self.meant(named)
    }

    /// Whom a list of ids means.
    pub(super) fn parties(&mut self, ids: &[Id], side: Side) -> Meant {
        let mut named = Named::default();
        for id in ids {
            self.name(id.as_str(), side, &mut named);
        }
        self.meant(named)
    }

    fn meant(&mut self, named: Named) -> Meant {
        let Named { group, any, doubt } = named;
        if any {
            return (Party::Any, None);
        }
        if doubt.is_some() {
            return (Party::Any, doubt);
        }
        if group.nodes.is_empty() {
            return (Party::Addresses(group.addresses), None);
        }
        (Party::Group(self.sketch.draft.group(group)), None)
    }

    fn name(&mut self, id: &str, side: Side, named: &mut Named) {
        if let Some(cloud) = self.clouds.get(id).copied() {
            match &cloud.stands_for {
                Some(zone) if !self.replaced.contains_key(zone.as_str()) => {
                    self.name(zone.as_str(), side, named)
                }
                // What addresses a cloud has is not looked up.
                _ => named.doubt = Some(self.unknown(id, "address")),
            }
            return;
        }
        if self.is_internet(id) {
            named.add(&Addresses::public());
            if side == Side::To {
                named.add(&self.published());
            }
        } else if let Some(zone) = self.zones.get(id).copied() {
            if self.replaced.contains_key(id) && zone.ranges.is_none() {
                named.doubt = Some(self.unknown(id, "ranges"));
            }
            named.add(&self.layout.addresses(id));
        } else if let Some(device) = self.device_of(id) {
            named.group.nodes.insert(device.host);
        } else {
            // It stands in a zone for which a plan stands.
            let feet = self.layout.feet(id).to_vec();
            if feet.iter().any(|foot| !foot.sure) {
                named.doubt = Some(self.unknown(id, "addresses"));
            }
            feet.iter().for_each(|foot| named.add(&foot.addresses));
        }
    }
}

impl Named {
    fn add(&mut self, addresses: &Addresses) {
        self.group.addresses = self.group.addresses.with(addresses);
    }
}
