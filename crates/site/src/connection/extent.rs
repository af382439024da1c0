//! Which addresses lie in a network of the description, and which machines are a part of it rather than stand in it.

use crate::description::{Node, NodeKind, Site, Zone};
use crate::model::Model;
use crate::packet::Addresses;

/// The addresses of a network: as they are written, or those of its members and of whoever stands in it as it was drawn.
pub(crate) fn extent(model: &Model, site: &Site, zone: &Zone) -> Addresses {
    let ranges = zone.ranges.as_ref().filter(|ranges| !ranges.is_empty());
    if let Some(ranges) = ranges {
        return Addresses::from_nets(ranges.iter().map(|range| range.value.0));
    }
    let own = model.find(zone.id.as_str()).map(|at| model.network.sources(at)).unwrap_or_default();
    let members = site.nodes.iter().filter(|node| node.zones.contains(&zone.id));
    let hosts = members.filter_map(|node| model.network.host(model.find(node.id.as_str())?));
    hosts.fold(own, |all, host| all.with(host.placement.addresses()))
}

/// Whether a machine is there to pass packets on: then it belongs to the networks that it joins.
pub(crate) fn passes_on(node: &Node) -> bool {
    let made = matches!(
        node.kind,
        NodeKind::Router | NodeKind::Firewall | NodeKind::VpnDevice | NodeKind::WirelessAp
    );
    (made && node.forwards != Some(false)) || node.forwards == Some(true)
}
