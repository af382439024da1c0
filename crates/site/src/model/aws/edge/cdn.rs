//! Fronts at the edge of AWS: CloudFront, Global Accelerator, App Runner.
//!
//! A distribution is reached from the internet and calls its origins as itself. An origin that is private (a VPC origin, a
//! bucket that lets in the distribution only) is reached by it alone. What cannot be told from the plans stays a maybe.

use super::api::Apis;
use super::balancer::{Balancer, Balancers};
use super::field::Field;
use super::service;
use super::store::Stores;
use super::{feature, owners, part, unknown};
use crate::model::aws::cloud::Cloud;
use crate::model::aws::name_of;
use crate::network::{Edge, Match, NewSource, NodeId, ReasonId, Rewrite, Target};
use crate::packet::Addresses;
use crate::resource::{Resource, is_mark};

/// The ports of a distribution.
const PORTS: &[u16] = &[80, 443];

/// Draws the fronts.
pub(super) fn draw<'a>(
    cloud: &mut Cloud<'a, '_>,
    balancers: &Balancers<'a>,
    stores: &Stores<'a>,
    apis: &Apis<'a>,
) {
    let book = cloud.book;
    let origins = Origins { balancers, stores, apis };
    for distribution in book.kind("aws_cloudfront_distribution") {
        if Field::of(distribution, "enabled").flag() == Some(false) {
            continue;
        }
        origins.distribution(cloud, distribution);
    }
    accelerators(cloud, balancers);
    for service in book.kind("aws_apprunner_service") {
        let access = Field::of(service, "network_configuration").first().at("ingress_configuration").first();
        let public = access.at("is_publicly_accessible");
        let maybe = public.is_unknown().then(|| unknown(cloud, service, public.path()));
        if public.flag() == Some(false) {
            continue;
        }
        let offered = service::offer_resource(cloud, service, &[443]);
        service::from_internet(cloud, offered.entry, maybe);
    }
}

/// What can be behind a distribution.
struct Origins<'a, 'b> {
    balancers: &'b Balancers<'a>,
    stores: &'b Stores<'a>,
    apis: &'b Apis<'a>,
}

impl<'a> Origins<'a, '_> {
    fn distribution(&self, cloud: &mut Cloud<'a, '_>, distribution: &'a Resource) {
        let offered = service::offer_resource(cloud, distribution, PORTS);
        service::from_internet(cloud, offered.entry, None);
        let mut targets = Vec::new();
        let blocks = Field::of(distribution, "origin").each();
        let names = distribution.references.get("origin.domain_name").cloned().unwrap_or_default();
        let mut origins: Vec<String> = names.iter().filter(|name| !is_mark(name)).cloned().collect();
        let links = distribution
            .references
            .get("origin.vpc_origin_config.vpc_origin_id")
            .cloned()
            .unwrap_or_default();
        origins.extend(links.into_iter().filter(|name| !is_mark(name)));
        let mut lost = names.iter().any(|name| is_mark(name));
        for block in &blocks {
            if let Some(text) = block.at("domain_name").text() {
                origins.extend(self.by_domain(text));
            } else if names.is_empty() {
                lost = true;
            }
        }
        origins.sort();
        origins.dedup();
        for origin in origins {
            targets.extend(self.origin(cloud, distribution.plan, &origin));
        }
        if lost {
            let reason = unknown(cloud, distribution, "origin.domain_name");
            let node = service::beyond(cloud, distribution, reason);
            targets.push(Target::to(service::nowhere(), Edge::maybe(node, reason)));
        }
        let caller = cloud.sketch.draft.translator(part(distribution, "calls"));
        // Its servers have public addresses, which change.
        let reason = feature(cloud, distribution, "the addresses of its servers");
        let source = NewSource::one_of(Addresses::public(), reason);
        let rewrite = Rewrite::destination(name_of(distribution), Match::all(), targets);
        cloud.sketch.draft.rewrite(caller, rewrite.with_source(source));
        cloud.sketch.draft.connect(offered.passed, caller);
    }

    /// The resources of the plans that have this name in DNS.
    fn by_domain(&self, domain: &str) -> Vec<String> {
        let has = |resource: &Resource| {
            ["dns_name", "bucket_regional_domain_name", "bucket_domain_name", "website_endpoint"]
                .iter()
                .any(|name| Field::of(resource, name).text() == Some(domain))
        };
        let balancers = self.balancers.values().map(|one| one.resource);
        let stores = self.stores.values().map(|one| one.resource);
        balancers.chain(stores).filter(|one| has(one)).map(|one| one.address.clone()).collect()
    }

    /// An origin by the address of its resource.
    fn origin(&self, cloud: &mut Cloud<'a, '_>, plan: usize, address: &str) -> Vec<Target> {
        let Some(resource) = cloud.book.at(plan, address) else { return Vec::new() };
        let name = name_of(resource);
        if let Some(store) = self.stores.get(&name) {
            // Whether the bucket lets the distribution in is a matter of its identity, not of the network.
            return vec![Target::to(service::nowhere(), Edge::to(store.offered.entry))];
        }
        if let Some(api) = self.apis.get(&name) {
            return vec![Target::to(service::nowhere(), Edge::to(api.entry))];
        }
        if let Some(balancer) = self.balancers.get(&name) {
            return vec![to_balancer(cloud, balancer)];
        }
        if resource.kind == "aws_cloudfront_vpc_origin" {
            let kinds = super::balancer::NAMED;
            let found = cloud.book.named(resource, "vpc_origin_endpoint_config.arn", kinds);
            let these: Vec<&Balancer<'a>> =
                found.these.iter().filter_map(|one| self.balancers.get(&name_of(one))).collect();
            return these.into_iter().map(|balancer| inside(cloud, resource, balancer)).collect();
        }
        Vec::new()
    }
}

/// A balancer that is called over its public addresses: through its groups.
fn to_balancer(cloud: &mut Cloud<'_, '_>, balancer: &Balancer<'_>) -> Target {
    let gate = gate(cloud, balancer, "from fronts");
    Target::to(balancer.addresses.clone(), Edge::to(gate))
}

/// A balancer that is called inside its network: AWS puts interfaces there whose group is made by it.
fn inside(cloud: &mut Cloud<'_, '_>, origin: &Resource, balancer: &Balancer<'_>) -> Target {
    let reason: ReasonId = feature(cloud, origin, "the security group of CloudFront in the network");
    let gate = gate(cloud, balancer, "from a private origin");
    Target::to(balancer.addresses.clone(), Edge::maybe(gate, reason))
}

fn gate(cloud: &mut Cloud<'_, '_>, balancer: &Balancer<'_>, what: &str) -> NodeId {
    let title = part(balancer.resource, what);
    if let Some(known) = cloud.sketch.draft.find(&title.id) {
        return known;
    }
    let filter = super::door::groups(cloud, title, &balancer.standing.set, false);
    cloud.sketch.draft.connect(filter, balancer.node);
    filter
}

/// Accelerators bring packets from the internet to balancers, hosts or addresses, with the client's address where the target
/// is one that can keep it.
fn accelerators<'a>(cloud: &mut Cloud<'a, '_>, balancers: &Balancers<'a>) {
    let kind = &["aws_globalaccelerator_accelerator"];
    let listeners = owners(cloud, &["aws_globalaccelerator_listener"], "accelerator_arn", kind);
    let kind = &["aws_globalaccelerator_listener"];
    let groups = owners(cloud, &["aws_globalaccelerator_endpoint_group"], "listener_arn", kind);
    let book = cloud.book;
    for accelerator in book.kind("aws_globalaccelerator_accelerator") {
        if Field::of(accelerator, "enabled").flag() == Some(false) {
            continue;
        }
        let node = cloud.sketch.draft.translator(super::title(accelerator));
        super::stands_for(cloud, node, accelerator);
        service::from_internet(cloud, node, None);
        for (listener, doubt) in listeners.get(&name_of(accelerator)).cloned().unwrap_or_default() {
            let mut targets = Vec::new();
            for (group, unsure) in groups.get(&name_of(listener)).cloned().unwrap_or_default() {
                targets.extend(accelerated(cloud, group, balancers, doubt.or(unsure)));
            }
            let rewrite =
                Rewrite::destination(name_of(listener), Match::all().by(services(listener)), targets);
            cloud.sketch.draft.rewrite(node, rewrite);
        }
    }
}

fn services(listener: &Resource) -> Vec<crate::network::Service> {
    let protocol = match Field::of(listener, "protocol").text() {
        Some("UDP") => crate::packet::UDP,
        _ => crate::packet::TCP,
    };
    let ranges = Field::of(listener, "port_range").each();
    let span = |range: &Field<'_>| {
        let port = |name: &str| range.at(name).number().and_then(|port| u16::try_from(port).ok());
        let from = port("from_port").unwrap_or(0);
        crate::packet::Span::between(from, port("to_port").unwrap_or(u16::MAX))
    };
    ranges.iter().map(|range| crate::network::Service::protocol(protocol).ports(span(range))).collect()
}

fn accelerated<'a>(
    cloud: &mut Cloud<'a, '_>,
    group: &'a Resource,
    balancers: &Balancers<'a>,
    doubt: Option<ReasonId>,
) -> Vec<Target> {
    let kinds = &["aws_lb", "aws_alb", "aws_instance", "aws_eip"];
    let found = cloud.book.named(group, "endpoint_configuration.endpoint_id", kinds);
    let open = found.open.clone().map(|reason| cloud.reason(reason));
    let mut targets = Vec::new();
    for one in &found.these {
        let name = name_of(one);
        if let Some(balancer) = balancers.get(&name) {
            let target = to_balancer(cloud, balancer);
            targets.push(Target { next: Edge { maybe: doubt.or(open), ..target.next }, ..target });
        } else if let Some(door) = super::door::find(cloud, &name) {
            let filter = super::door::into(cloud, &format!("{name} from {}", name_of(group)), &door);
            let next = Edge { to: filter, maybe: doubt.or(open) };
            targets.push(Target { addresses: Some(door.addresses), port: None, next });
        } else {
            let reason = unknown(cloud, group, "endpoint_configuration.endpoint_id");
            let node = cloud.sketch.internet();
            targets.push(Target { addresses: None, port: None, next: Edge::maybe(node, reason) });
        }
    }
    targets
}
