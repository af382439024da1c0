//! Protocols and ports as the network knows them.

use crate::description::{Placed, Ports, Protocol};
use crate::network::Service;
use crate::packet::{ICMP, ICMP6, Span, TCP, UDP};

/// The number of ESP.
const ESP: u8 = 50;

/// The services of a protocol and its ports; where one is left out, all are meant.
pub(super) fn services(protocol: Option<Protocol>, ports: Option<&[Placed<Ports>]>) -> Vec<Service> {
    let protocols: Vec<Service> = match protocol {
        Some(Protocol::Tcp) => vec![Service::protocol(TCP)],
        Some(Protocol::Udp) => vec![Service::protocol(UDP)],
        Some(Protocol::Icmp) => return [ICMP, ICMP6].map(Service::protocol).to_vec(),
        Some(Protocol::Esp) => return vec![Service::protocol(ESP)],
        Some(Protocol::Any) | None if ports.is_none() => return vec![Service::all()],
        Some(Protocol::Any) | None => [TCP, UDP].map(Service::protocol).to_vec(),
    };
    let Some(ports) = ports else { return protocols };
    let with = |ports: &Placed<Ports>| {
        let span = Span::between(ports.value.first, ports.value.last);
        protocols.iter().map(|service| service.ports(span)).collect::<Vec<_>>()
    };
    ports.iter().flat_map(with).collect()
}
