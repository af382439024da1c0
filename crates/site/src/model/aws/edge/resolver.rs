//! Route 53 Resolver endpoints: hosts in subnets that take questions for names, or send them on.
//!
//! Where questions are sent on to (forwarding rules) is no way for packets of anybody else; the endpoint sends them itself.

use super::field::Field;
use super::{part, stands_for, title};
use crate::model::aws::cloud::Cloud;
use crate::model::aws::name_of;
use crate::model::aws::standing::Standing;
use crate::network::{Edge, Host, Known, Match, Rule, Service};
use std::net::IpAddr;

/// The port of DNS.
const DNS: u16 = 53;

/// Draws the endpoints.
pub(super) fn draw(cloud: &mut Cloud<'_, '_>) {
    let book = cloud.book;
    for resource in book.kind("aws_route53_resolver_endpoint") {
        let (subnets, doubt) = cloud.subnets_named(resource, &["ip_address.subnet_id"]);
        let set = cloud.set_named(resource, &["security_group_ids"], &subnets);
        let blocks = Field::of(resource, "ip_address").each();
        let addresses: Option<Vec<IpAddr>> =
            blocks.iter().map(|block| block.at("ip").text()?.parse().ok()).collect();
        let standing =
            Standing { doubt, addresses: addresses.unwrap_or_default(), ..Standing::new(subnets, set) };
        let zone = super::balancer::zone(cloud, &standing);
        let placement = cloud.placement(&name_of(resource), &standing);
        let host =
            cloud.sketch.draft.host(title(resource).zone(zone), Host::new(placement).relaying(Known::No));
        stands_for(cloud, host, resource);
        cloud.hosts.insert(name_of(resource), (host, standing.clone()));
        // It answers for names only, whatever its groups let in, and what sends questions takes none.
        let inbound = Field::of(resource, "direction").text().is_none_or(|way| way.starts_with("INBOUND"));
        let takes = cloud.sketch.draft.filter(part(resource, "in"));
        if inbound {
            let services = [Service::udp(DNS), Service::tcp(DNS)];
            cloud.sketch.draft.rule(takes, Rule::allow(name_of(resource), Match::all().by(services)));
        }
        cloud.sketch.draft.connect(takes, host);
        for group in &standing.set.groups {
            if let Some(group) = cloud.groups.get(group.0) {
                cloud.sketch.draft.join(group.id, host);
            }
        }
        for &subnet in &standing.subnets {
            let inward = cloud.ingress(subnet, &standing.set, false);
            cloud.sketch.draft.edge(inward, Edge { to: takes, maybe: standing.doubt });
            let out = cloud.egress(subnet, &standing.set);
            cloud.sketch.draft.edge(host, Edge { to: out, maybe: standing.doubt });
        }
    }
}
