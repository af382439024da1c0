//! The internet as the site meets it: what goes out to it, and what comes in from it.

use super::Ground;
use crate::description::Direction;
use crate::network::{Next, NodeId, Route, Title};
use crate::packet::{Addresses, Family};
use ipnet::{IpNet, Ipv4Subnets, Ipv6Subnets};
use std::collections::BTreeSet;
use std::net::{Ipv4Addr, Ipv6Addr};

/// What lies between the site and the internet.
#[derive(Debug, Default)]
pub(super) struct Wide {
    access: Option<NodeId>,
    inwards: Option<NodeId>,
    /// What is linked to the internet, and so can be reached from it.
    published: Addresses,
}

impl Ground<'_> {
    /// What packets to the internet are given to: carriers take no packets to addresses that are not public, except to what is
    /// linked to the internet and described by the address that it has inside.
    pub(super) fn access(&mut self) -> NodeId {
        if let Some(access) = self.wide.access {
            return access;
        }
        let internet = self.sketch.internet();
        let access =
            self.sketch.draft.router(Title::new("internet (access)").named("internet").zone("internet"));
        self.send_all(access, internet, None);
        self.wide.access = Some(access);
        access
    }

    /// What packets from the internet to addresses of the site are given to.
    pub(super) fn inwards(&mut self) -> NodeId {
        if let Some(inwards) = self.wide.inwards {
            return inwards;
        }
        let inwards =
            self.sketch.draft.router(Title::new("internet (inwards)").named("internet").zone("internet"));
        self.wide.inwards = Some(inwards);
        inwards
    }

    /// Notes what is linked to the internet, or stands in it.
    pub(super) fn publish(&mut self) {
        let stands = |id: &str| self.is_internet(id);
        let linked = self.site.links.iter().flat_map(|link| {
            let (from, to) = (link.from.as_str(), link.to.as_str());
            let out = stands(to).then_some(from).filter(|_| link.direction != Some(Direction::Forward));
            out.into_iter().chain(stands(from).then_some(to))
        });
        let standing =
            self.site.nodes.iter().filter(|node| node.zones.iter().any(|zone| stands(zone.as_str())));
        let ends: BTreeSet<&str> = linked.chain(standing.map(|node| node.id.as_str())).collect();
        let mut published = BTreeSet::new();
        for end in ends {
            published.extend(self.layout.prefixes(end));
            published.extend(self.layout.feet(end).iter().flat_map(|foot| nets(&foot.addresses)));
        }
        self.wide.published = Addresses::from_nets(published);
    }

    /// What is linked to the internet, as the destination of rules that name it.
    pub(super) fn published(&self) -> &Addresses {
        &self.wide.published
    }

    /// Tells the internet which addresses are the site's, once all of them are known.
    pub(super) fn open_the_internet(&mut self) {
        let known = self.layout.all_prefixes();
        let published = nets(&self.wide.published);
        if let Some(inwards) = self.wide.inwards {
            let internet = self.sketch.internet();
            let all: BTreeSet<IpNet> = known.iter().chain(&published).copied().collect();
            self.send(internet, &all.into_iter().collect::<Vec<_>>(), inwards, None);
        }
        let Some(access) = self.wide.access else { return };
        for prefix in not_public() {
            self.sketch.draft.route(access, Route::new(prefix, Next::Blackhole));
        }
        let internet = self.sketch.internet();
        self.send(access, &published, internet, None);
    }
}

/// The prefixes that together hold these addresses and no others.
pub(super) fn nets(addresses: &Addresses) -> Vec<IpNet> {
    let mut nets = Vec::new();
    for (family, span) in addresses.spans() {
        match family {
            Family::V4 => {
                let [first, last] = [span.first(), span.last()]
                    .map(|number| Ipv4Addr::from_bits(u32::try_from(number).unwrap_or(u32::MAX)));
                nets.extend(Ipv4Subnets::new(first, last, 0).map(IpNet::from));
            }
            Family::V6 => {
                let [first, last] = [span.first(), span.last()].map(Ipv6Addr::from_bits);
                nets.extend(Ipv6Subnets::new(first, last, 0).map(IpNet::from));
            }
        }
    }
    nets
}

/// What no host of the internet has.
pub(super) fn not_public() -> Vec<IpNet> {
    nets(&Addresses::all().without(&Addresses::public()))
}
