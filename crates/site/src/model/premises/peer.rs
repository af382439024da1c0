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

/// Whom one side of a rule means.
#[derive(Clone, Debug)]
pub(super) struct Meant {
    /// Whom.
    pub(super) party: Party,
    /// Why nobody knows whether it is all of these.
    pub(super) doubt: Option<ReasonId>,
    /// Who sends and may be meant as well, as it is not known by which address a node is meant.
    pub(super) others: Option<(Addresses, ReasonId)>,
}

impl Meant {
    fn certain(party: Party) -> Self {
        Self { party, doubt: None, others: None }
    }
}

/// Spans of addresses up to which a zone without ranges is known by those of its members.
const SPANS_MAX: usize = 1_024;

/// What was named so far on one side.
#[derive(Default)]
struct Named<'a> {
    group: Group,
    any: bool,
    doubt: Option<ReasonId>,
    /// Addresses that a node may have, and the first such node.
    others: Option<(Addresses, String)>,
    /// The nodes that are named as who sends.
    senders: Vec<&'a str>,
}

impl<'a> Ground<'a> {
    /// Whom a side of a rule means; everybody where nothing is written.
    pub(super) fn peers(&mut self, peers: Option<&[Placed<Peer>]>, side: Side) -> Meant {
        let Some(peers) = peers else { return Meant::certain(Party::Any) };
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

    fn meant(&mut self, named: Named<'a>) -> Meant {
        let Named { group, any, doubt, others, senders } = named;
        if any || doubt.is_some() {
            return Meant { doubt: doubt.filter(|_| !any), ..Meant::certain(Party::Any) };
        }
        let others = others.map(|(addresses, node)| (addresses, self.unknown(&node, "addresses")));
        if group.nodes.is_empty() {
            return Meant { others, ..Meant::certain(Party::Addresses(group.addresses)) };
        }
        let party = self.sketch.draft.group(group);
        for node in senders {
            self.naming.entry(node).or_default().push(party);
        }
        Meant { others, ..Meant::certain(Party::Group(party)) }
    }

    fn name(&mut self, id: &str, side: Side, named: &mut Named<'a>) {
        if let Some(cloud) = self.clouds.get(id).copied() {
            match &cloud.stands_for {
                Some(zone) if !self.replaced.contains_key(zone.as_str()) => {
                    self.name(zone.as_str(), side, named);
                }
                // What addresses a cloud has is not looked up.
                _ => named.doubt = Some(self.unknown(id, "address")),
            }
            return;
        }
        if self.is_internet(id) {
            named.add(&Addresses::public());
            if side == Side::To {
                if self.published().spans().len() > SPANS_MAX {
                    named.doubt = Some(self.unknown(id, "links"));
                } else {
                    named.add(self.published());
                }
            }
        } else if self.shared.contains(id) && self.routers.contains_key(id) {
            self.name_members(id, named);
        } else if let Some(zone) = self.zones.get(id).copied() {
            if self.replaced.contains_key(id) && zone.ranges.is_none() {
                named.doubt = Some(self.unknown(id, "ranges"));
            }
            let addresses = self.layout.addresses(id);
            if zone.ranges.is_none() && addresses.spans().len() > SPANS_MAX {
                named.doubt = Some(self.unknown(id, "ranges"));
            } else {
                named.add(&addresses);
            }
        } else if let Some(device) = self.device_of(id) {
            named.group.nodes.insert(device.host);
            if side == Side::From {
                self.name_others(id, named);
                named.senders.extend(self.nodes.get_key_value(id).map(|(id, _)| *id));
            }
        } else {
            // It stands in a zone for which a plan stands.
            let feet = self.layout.feet(id).to_vec();
            if feet.iter().any(|foot| !foot.sure) {
                named.doubt = Some(self.unknown(id, "addresses"));
            }
            for foot in &feet {
                named.add(&foot.addresses);
            }
        }
    }
}

impl Ground<'_> {
    /// A zone that is not known by its addresses: its members, and whoever else stands in it.
    fn name_members(&self, zone: &str, named: &mut Named<'_>) {
        let stands = |zones: &[Id]| zones.iter().any(|id| id.as_str() == zone);
        let members = self.site.nodes.iter().filter(|node| stands(&node.zones));
        let members = members.filter_map(|node| self.device_of(node.id.as_str()).map(|device| device.host));
        named.group.nodes.extend(members.chain(self.routers.get(zone).copied()));
    }

    /// Who else may have the address by which a node is meant that nobody wrote.
    fn name_others(&self, node: &str, named: &mut Named<'_>) {
        for foot in self.layout.feet(node).iter().filter(|foot| !foot.written) {
            let addresses = self.layout.undescribed(foot.zone);
            let (others, _) = named.others.get_or_insert_with(|| (Addresses::none(), node.to_owned()));
            *others = others.with(&addresses);
        }
    }
}

impl Named<'_> {
    fn add(&mut self, addresses: &Addresses) {
        self.group.addresses = self.group.addresses.with(addresses);
    }
}
