//! Which addresses lie in a network of the description, and which machines are a part of it rather than stand in it.

use super::register::Register;
use crate::description::{Node, NodeKind, Zone};
use crate::model::Model;
use crate::packet::Addresses;

/// The addresses of a network: as they are written, or those of its members and of whoever stands in it as it was drawn.
pub(crate) fn extent(model: &Model, register: &Register<'_>, zone: &Zone) -> Addresses {
    let ranges = zone.ranges.as_ref().filter(|ranges| !ranges.is_empty());
    if let Some(ranges) = ranges {
        return Addresses::from_nets(ranges.iter().map(|range| range.value.0));
    }
    let own = model.find(zone.id.as_str()).map(|at| model.network.sources(at)).unwrap_or_default();
    let members = register.members(&zone.id).iter();
    let hosts = members.filter_map(|node| model.network.host(model.find(node.id.as_str())?));
    let addresses = hosts.map(|host| host.placement.addresses()).chain([&own]);
    Addresses::from_spans(addresses.flat_map(|all| all.spans().iter().copied()))
}

/// Whether a machine is there to pass packets on: then it belongs to the networks that it joins.
pub(crate) fn passes_on(node: &Node) -> bool {
    let made = matches!(
        node.kind,
        NodeKind::Router | NodeKind::Firewall | NodeKind::VpnDevice | NodeKind::WirelessAp
    );
    (made && node.forwards != Some(false)) || node.forwards == Some(true)
}
