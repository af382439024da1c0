//! Private endpoints: of AWS services, of services that others offer, of appliances that look into packets.
//!
//! An interface endpoint stands in subnets behind groups and passes connections on to its service, one way only. A gateway
//! endpoint is a route of the tables that it is associated with. Behind the endpoint of a service that the plans offer stand
//! its balancers; their targets see the balancer, never the consumer, so ranges that overlap do not meet.

use super::api::Apis;
use super::balancer::{self, Balancers, Sort};
use super::field::Field;
use super::policy::{Call, Reading, Scope, Way, read};
use super::service;
use super::store::{Stores, documents};
use super::{Owned, fan, hand_over, owners, part, stands_for, title, unknown};
use crate::model::aws::addresses::{any_v4, net};
use crate::model::aws::cloud::{Cloud, SubnetId, VpcId};
use crate::model::aws::lay::{SUBNETS, TABLES};
use crate::model::aws::name_of;
use crate::model::aws::standing::{Set, Standing};
use crate::network::{Edge, Match, NodeId, Placement, ReasonId, Rewrite, Route, Rule, Target, Title};
use crate::packet::{Addresses, Span, TCP};
use crate::resource::Resource;
use std::collections::BTreeMap;

const ENDPOINTS: &[&str] = &["aws_vpc_endpoint"];
const SERVICES: &[&str] = &["aws_vpc_endpoint_service"];

/// What the endpoints are called together that have no policy of their own.
const OPEN: &str = "S3 endpoints without a policy";

/// The kind of an endpoint.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
enum Sorted {
    Interface,
    Gateway,
    /// Before appliances behind a gateway load balancer.
    Appliance,
}

fn sort(endpoint: &Resource) -> Sorted {
    match Field::of(endpoint, "vpc_endpoint_type").text() {
        Some("Interface" | "Resource" | "ServiceNetwork") => Sorted::Interface,
        Some("GatewayLoadBalancer") => Sorted::Appliance,
        // A gateway is what an endpoint is that does not say.
        Some(_) | None => Sorted::Gateway,
    }
}

/// What routes can lead to: endpoints of gateways and of appliances.
pub(super) fn gateways(cloud: &mut Cloud<'_, '_>) {
    let book = cloud.book;
    for endpoint in book.kinds(ENDPOINTS) {
        match sort(endpoint) {
            Sorted::Interface => {}
            Sorted::Gateway => {
                let node = cloud.sketch.draft.translator(title(endpoint));
                stands_for(cloud, node, endpoint);
                cloud.leads_to(&name_of(endpoint), None, Edge::to(node));
            }
            Sorted::Appliance => appliance(cloud, endpoint),
        }
    }
}

/// Packets go to an appliance and come back to the endpoint; what the appliance does with them no plan tells.
fn appliance<'a>(cloud: &mut Cloud<'a, '_>, endpoint: &'a Resource) {
    let (subnets, doubt) = cloud.subnets_named(endpoint, &["subnet_ids"]);
    let reason = super::feature(cloud, endpoint, "an appliance behind a gateway load balancer");
    let filter = cloud.sketch.draft.filter(title(endpoint));
    stands_for(cloud, filter, endpoint);
    cloud.sketch.draft.rule(filter, Rule::allow(name_of(endpoint), Match::all()).maybe(reason));
    let edges: Vec<Edge> =
        subnets.iter().map(|subnet| Edge { to: cloud.subnet(*subnet).router, maybe: doubt }).collect();
    let out = fan(cloud, part(endpoint, "out"), &edges);
    cloud.sketch.draft.connect(filter, out);
    cloud.leads_to(&name_of(endpoint), None, Edge::to(filter));
}

/// Draws the services that are offered, and the endpoints.
pub(super) fn draw<'a>(
    cloud: &mut Cloud<'a, '_>,
    balancers: &Balancers<'a>,
    stores: &Stores<'a>,
    apis: &Apis<'a>,
) {
    let book = cloud.book;
    let mut offers = BTreeMap::new();
    for service in book.kinds(SERVICES) {
        let offer = offer(cloud, service, balancers);
        offers.insert(name_of(service), offer);
    }
    let mut drawing = Drawing { offers, stores, apis, own: Own::of(cloud), open: BTreeMap::new() };
    for endpoint in book.kinds(ENDPOINTS) {
        match sort(endpoint) {
            Sorted::Interface => drawing.interface(cloud, endpoint),
            Sorted::Gateway => drawing.gateway(cloud, endpoint),
            Sorted::Appliance => {}
        }
    }
}

/// A service that the plans offer to others.
struct Offer<'a> {
    service: &'a Resource,
    /// Takes what consumers send.
    entry: NodeId,
}

fn offer<'a>(cloud: &mut Cloud<'a, '_>, service: &'a Resource, balancers: &Balancers<'a>) -> Offer<'a> {
    let mut edges = Vec::new();
    for path in ["network_load_balancer_arns", "gateway_load_balancer_arns"] {
        let found = cloud.book.named(service, path, balancer::BALANCERS);
        let doubt = found.open.clone().map(|reason| cloud.reason(reason));
        for one in &found.these {
            let Some(balancer) = balancers.get(&name_of(one)) else { continue };
            if balancer.sort != Sort::Gateway {
                let to = balancer::by_endpoints(cloud, balancer);
                edges.push(Edge { to, maybe: doubt });
            }
        }
        if found.these.is_empty() && !found.is_unset() {
            let reason = doubt.unwrap_or_else(|| unknown(cloud, service, path));
            let to = service::beyond(cloud, service, reason);
            edges.push(Edge::maybe(to, reason));
        }
    }
    let entry = fan(cloud, title(service), &edges);
    stands_for(cloud, entry, service);
    hand_over(cloud, service, None, entry, false);
    Offer { service, entry }
}

struct Drawing<'a, 'b> {
    offers: BTreeMap<String, Offer<'a>>,
    stores: &'b Stores<'a>,
    apis: &'b Apis<'a>,
    own: Own<'a>,
    /// For each plan, what leads to the buckets that treat all endpoints alike.
    open: BTreeMap<usize, NodeId>,
}

/// Resources that belong to endpoints, by the names of these.
struct Own<'a> {
    subnets: Owned<'a>,
    groups: Owned<'a>,
    policies: Owned<'a>,
    accepters: Owned<'a>,
}

impl<'a> Own<'a> {
    fn of(cloud: &mut Cloud<'a, '_>) -> Self {
        let mut own = |kind| owners(cloud, &[kind], "vpc_endpoint_id", ENDPOINTS);
        Self {
            subnets: own("aws_vpc_endpoint_subnet_association"),
            groups: own("aws_vpc_endpoint_security_group_association"),
            policies: own("aws_vpc_endpoint_policy"),
            accepters: own("aws_vpc_endpoint_connection_accepter"),
        }
    }

    /// The subnets of an endpoint, as it names them itself and as resources of their own do.
    fn subnets(
        &self,
        cloud: &mut Cloud<'a, '_>,
        endpoint: &'a Resource,
        paths: &[&str],
    ) -> (Vec<SubnetId>, Option<ReasonId>) {
        let more = of(&self.subnets, endpoint);
        let is_named = paths.iter().any(|path| !cloud.book.named(endpoint, path, SUBNETS).is_unset());
        let (mut subnets, mut doubt) = if is_named || more.is_empty() {
            cloud.subnets_named(endpoint, paths)
        } else {
            (Vec::new(), None)
        };
        for one in more {
            let (found, unsure) = cloud.subnets_named(one, &["subnet_id"]);
            subnets.extend(found);
            doubt = doubt.or(unsure);
        }
        subnets.sort_unstable();
        subnets.dedup();
        (subnets, doubt)
    }

    /// The groups of an endpoint, with those that resources of their own add.
    fn groups(&self, cloud: &mut Cloud<'a, '_>, endpoint: &'a Resource, subnets: &[SubnetId]) -> Set {
        let mut set = cloud.set_named(endpoint, &["security_group_ids"], subnets);
        for one in of(&self.groups, endpoint) {
            let more = cloud.set_named(one, &["security_group_id"], subnets);
            if Field::of(one, "replace_default_association").flag() == Some(true) {
                set = more;
                continue;
            }
            set.groups.extend(more.groups);
            set.open = set.open.or(more.open);
        }
        set.groups.sort_unstable();
        set.groups.dedup();
        set
    }

    /// The policy of an endpoint, its own or that of a resource of its own.
    fn policy(&self, cloud: &Cloud<'a, '_>, endpoint: &'a Resource) -> Reading {
        let holder = of(&self.policies, endpoint).first().copied().unwrap_or(endpoint);
        let documents = documents(cloud, holder, "policy");
        read(holder, "policy", &documents)
    }

    /// A service of AWS as a whole, as far as the endpoint's policy lets callers use more than what the plans have.
    fn general(&self, cloud: &mut Cloud<'a, '_>, endpoint: &'a Resource, name: &str) -> Vec<NodeId> {
        let service = service::of_aws(cloud, name);
        let (vpc, ids) = ids(cloud, endpoint);
        let way = way(endpoint, vpc.as_deref(), &ids);
        let gate_name = format!("{} to {name}", name_of(endpoint));
        let gate = match self.policy(cloud, endpoint) {
            Reading::Unset => return vec![service.entry],
            Reading::Unknown => {
                let reason = unknown(cloud, endpoint, "policy");
                service::doubtful(cloud, &gate_name, reason)
            }
            Reading::Known(policy) => {
                let prefix = name.rsplit('.').next().unwrap_or(name);
                let action = if prefix == "s3" { "s3:GetObject".to_owned() } else { format!("{prefix}:Any") };
                let verdicts = policy.judge(&Call { way, action: &action, scope: Scope::Unknown });
                if !verdicts.iter().any(|verdict| verdict.allows) {
                    return Vec::new();
                }
                service::gate(cloud, &gate_name, &name_of(endpoint), &verdicts, false)
            }
        };
        cloud.sketch.draft.connect(gate, service.entry);
        vec![gate]
    }

    /// Why an endpoint may not be connected: the service wants to accept it, and nobody is seen to.
    fn pending(
        &self,
        cloud: &mut Cloud<'a, '_>,
        endpoint: &'a Resource,
        service: &Resource,
    ) -> Option<ReasonId> {
        let asked = Field::of(service, "acceptance_required");
        if asked.flag() == Some(false) {
            return None;
        }
        let by_itself = Field::of(endpoint, "auto_accept").flag() == Some(true);
        let stands = Field::of(endpoint, "state").text() == Some("available");
        let accepted = !of(&self.accepters, endpoint).is_empty();
        if by_itself || stands || accepted {
            None
        } else {
            Some(unknown(cloud, service, "acceptance_required"))
        }
    }
}

/// Of these resources, those of an endpoint.
fn of<'a>(owned: &Owned<'a>, endpoint: &Resource) -> Vec<&'a Resource> {
    owned.get(&name_of(endpoint)).into_iter().flatten().map(|(one, _)| *one).collect()
}

impl<'a> Drawing<'a, '_> {
    fn interface(&mut self, cloud: &mut Cloud<'a, '_>, endpoint: &'a Resource) {
        let paths = ["subnet_ids", "subnet_configuration.subnet_id"];
        let (subnets, doubt) = self.own.subnets(cloud, endpoint, &paths);
        let set = self.own.groups(cloud, endpoint, &subnets);
        let fixed = Field::of(endpoint, "subnet_configuration").each();
        let addresses: Option<Vec<std::net::IpAddr>> =
            fixed.iter().map(|one| one.at("ipv4").text()?.parse().ok()).collect();
        let standing =
            Standing { doubt, addresses: addresses.unwrap_or_default(), ..Standing::new(subnets, set) };
        let zone = balancer::zone(cloud, &standing);
        let node = cloud.sketch.draft.translator(title(endpoint).zone(zone));
        stands_for(cloud, node, endpoint);
        cloud.attach(node, &standing);
        let (own, front) = match cloud.placement(&name_of(endpoint), &standing) {
            Placement::At(addresses) => (addresses, None),
            Placement::Within(addresses, reason) | Placement::InEach { all: addresses, reason, .. } => {
                (addresses, Some(reason))
            }
        };
        let targets = self.targets(cloud, endpoint);
        let mut rewrite = Rewrite::destination(name_of(endpoint), Match::all().to(own), targets);
        rewrite.front = front;
        cloud.sketch.draft.rewrite(node, rewrite);
    }

    /// What an interface endpoint passes packets on to.
    fn targets(&mut self, cloud: &mut Cloud<'a, '_>, endpoint: &'a Resource) -> Vec<Target> {
        let offered = cloud.book.named(endpoint, "service_name", SERVICES);
        let mut targets = Vec::new();
        let doubt = offered.open.clone().map(|reason| cloud.reason(reason));
        for one in &offered.these {
            targets.extend(self.offered(cloud, endpoint, &name_of(one), doubt));
        }
        let name = Field::of(endpoint, "service_name").text().map(str::to_owned);
        if let Some(name) = name.filter(|_| targets.is_empty()) {
            let by_name = self
                .offers
                .iter()
                .find(|(_, offer)| Field::of(offer.service, "service_name").text() == Some(&name));
            match by_name.map(|(name, _)| name.clone()) {
                Some(offer) => targets.extend(self.offered(cloud, endpoint, &offer, None)),
                None if is_of_aws(&name) => targets.extend(self.service_of_aws(cloud, endpoint, &name)),
                None => {}
            }
        }
        if targets.is_empty() {
            targets.push(elsewhere(cloud, endpoint));
        }
        targets
    }

    fn offered(
        &self,
        cloud: &mut Cloud<'a, '_>,
        endpoint: &'a Resource,
        name: &str,
        doubt: Option<ReasonId>,
    ) -> Option<Target> {
        let offer = self.offers.get(name)?;
        let pending = self.own.pending(cloud, endpoint, offer.service);
        let next = Edge { to: offer.entry, maybe: doubt.or(pending) };
        Some(Target { addresses: None, port: None, next })
    }

    /// A service of AWS: its buckets for S3, private interfaces for API Gateway, and the service as a whole for what else it
    /// holds, of others too.
    fn service_of_aws(
        &mut self,
        cloud: &mut Cloud<'a, '_>,
        endpoint: &'a Resource,
        name: &str,
    ) -> Vec<Target> {
        let mut nodes = Vec::new();
        match name.rsplit('.').next() {
            Some("s3") => nodes.extend(self.buckets(cloud, endpoint, name)),
            Some("execute-api") => {
                let (vpc, ids) = ids(cloud, endpoint);
                let way = way(endpoint, vpc.as_deref(), &ids);
                for api in self.apis.values() {
                    nodes.extend(api.by_endpoint(cloud, endpoint, way));
                }
            }
            _ => nodes.extend(self.own.general(cloud, endpoint, name)),
        }
        let target = |node| Target::to(service::nowhere(), Edge::to(node));
        nodes.into_iter().map(target).collect()
    }

    /// Ways to the buckets of the plans and to those of others.
    fn buckets(&mut self, cloud: &mut Cloud<'a, '_>, endpoint: &'a Resource, name: &str) -> Vec<NodeId> {
        let (vpc, ids) = ids(cloud, endpoint);
        let way = way(endpoint, vpc.as_deref(), &ids);
        let policy = self.own.policy(cloud, endpoint);
        let allowed = |call: &Call<'_>| match &policy {
            Reading::Unset => None,
            Reading::Known(policy) => Some(policy.judge(call)),
            Reading::Unknown => Some(vec![super::policy::Verdict {
                name: String::new(),
                allows: true,
                sources: None,
                port: None,
                maybe: Some("policy".to_owned()),
            }]),
        };
        let is_plain = matches!(policy, Reading::Unset);
        let mut nodes = Vec::new();
        if is_plain {
            nodes.extend(self.open(cloud, endpoint.plan));
        }
        for store in self.stores.values().filter(|store| !is_plain || store.tells_endpoints_apart()) {
            let same = store.resource.plan == endpoint.plan;
            nodes.extend(store.by_endpoint(cloud, (&name_of(endpoint), way), &allowed, same));
        }
        nodes.extend(self.own.general(cloud, endpoint, name));
        nodes
    }

    /// What leads from all endpoints of a plan that have no policy of their own to the buckets that treat them alike. There
    /// are thousands of both in an account of many tenants: each is joined to it, not all to all.
    fn open(&mut self, cloud: &mut Cloud<'a, '_>, plan: usize) -> Option<NodeId> {
        if let Some(known) = self.open.get(&plan) {
            return Some(*known);
        }
        // What endpoint it is, nobody asks here.
        let way = Way::Endpoint { address: "", id: None, vpc: None, vpc_id: None };
        let mut entries = Vec::new();
        for store in self.stores.values().filter(|store| !store.tells_endpoints_apart()) {
            let same = store.resource.plan == plan;
            entries.extend(store.by_endpoint(cloud, (OPEN, way), &|_| None, same));
        }
        if entries.is_empty() {
            return None;
        }
        let name = if plan == 0 { OPEN.to_owned() } else { format!("{OPEN} #{plan}") };
        let node = cloud.sketch.draft.filter(Title::new(&name));
        cloud.sketch.draft.rule(node, Rule::allow(name, Match::all()));
        for entry in entries {
            cloud.sketch.draft.connect(node, entry);
        }
        self.open.insert(plan, node);
        Some(node)
    }

    fn gateway(&mut self, cloud: &mut Cloud<'a, '_>, endpoint: &'a Resource) {
        let Some(node) = cloud.sketch.draft.find(&name_of(endpoint)) else { return };
        let name = Field::of(endpoint, "service_name").text().map(str::to_owned);
        let nodes = match name {
            Some(name) if service::is_s3(&name) => self.buckets(cloud, endpoint, &name),
            Some(name) => self.own.general(cloud, endpoint, &name),
            None => {
                let reason = unknown(cloud, endpoint, "service_name");
                vec![service::beyond(cloud, endpoint, reason)]
            }
        };
        let target = |node: &NodeId| Target::to(service::nowhere(), Edge::to(*node));
        let services = [crate::network::Service::protocol(TCP).ports(Span::all())];
        let matching = Match::all().to(Addresses::public()).by(services);
        let targets: Vec<Target> = nodes.iter().map(target).collect();
        cloud.sketch.draft.rewrite(node, Rewrite::destination(name_of(endpoint), matching, targets));
    }
}

fn is_of_aws(name: &str) -> bool {
    (name.starts_with("com.amazonaws.") || name.starts_with("aws.")) && !name.contains(".vpce-svc-")
}

/// The address of an endpoint's network, and the ids of both where they are known.
fn ids<'a>(cloud: &Cloud<'a, '_>, endpoint: &'a Resource) -> (Option<String>, [Option<&'a str>; 2]) {
    let vpc = cloud.book.named(endpoint, "vpc_id", crate::model::aws::lay::VPCS);
    let address = vpc.one().map(|one| one.address.clone());
    let id = Field::of(endpoint, "id").text();
    (address, [id, Field::of(endpoint, "vpc_id").text()])
}

fn way<'a>(endpoint: &'a Resource, vpc: Option<&'a str>, ids: &[Option<&'a str>; 2]) -> Way<'a> {
    let [id, vpc_id] = *ids;
    Way::Endpoint { address: &endpoint.address, id, vpc, vpc_id }
}

/// A service that the plans do not have: somebody may describe what stands there.
fn elsewhere(cloud: &mut Cloud<'_, '_>, endpoint: &Resource) -> Target {
    let out = cloud.sketch.draft.router(part(endpoint, "to the service"));
    // Nothing comes in by an endpoint.
    let into = cloud.sketch.draft.filter(part(endpoint, "from the service"));
    hand_over(cloud, endpoint, Some(out), into, false);
    Target { addresses: None, port: None, next: Edge::to(out) }
}

/// The routes to gateway endpoints. Which addresses the service has changes by the day: where they are not known, what is
/// for public addresses goes there beside where else it goes.
pub(super) fn routes(cloud: &mut Cloud<'_, '_>) {
    let book = cloud.book;
    let gateways: Vec<&Resource> = book.kinds(ENDPOINTS).filter(|one| sort(one) == Sorted::Gateway).collect();
    let kinds = ["aws_vpc_endpoint_route_table_association"];
    let associations = owners(cloud, &kinds, "vpc_endpoint_id", ENDPOINTS);
    for endpoint in gateways {
        let found = book.named(endpoint, "route_table_ids", TABLES);
        let open = found.open.clone().map(|reason| cloud.reason(reason));
        let mut tables: Vec<(&Resource, Option<ReasonId>)> =
            found.these.iter().map(|one| (*one, open)).collect();
        for (association, doubt) in associations.get(&name_of(endpoint)).into_iter().flatten() {
            let found = book.named(association, "route_table_id", TABLES);
            let open = doubt.or(found.open.map(|reason| cloud.reason(reason)));
            tables.extend(found.these.iter().map(|one| (*one, open)));
        }
        let mut routers = Vec::new();
        for (table, maybe) in tables {
            let id = cloud.table_names.get(&name_of(table)).copied();
            routers.extend(id.and_then(|id| cloud.tables.get(id.0)).map(|table| (table.router, maybe)));
        }
        if routers.is_empty() && open.is_some() {
            let (vpc, _): (VpcId, _) = cloud.vpc_named(endpoint, "vpc_id");
            routers.extend(
                cloud.tables.iter().filter(|table| table.vpc == vpc).map(|table| (table.router, open)),
            );
        }
        join(cloud, endpoint, &routers);
    }
}

fn join(cloud: &mut Cloud<'_, '_>, endpoint: &Resource, routers: &[(NodeId, Option<ReasonId>)]) {
    let name = name_of(endpoint);
    let Some(node) = cloud.sketch.draft.find(&name) else { return };
    let blocks: Vec<_> =
        Field::of(endpoint, "cidr_blocks").texts().into_iter().flatten().filter_map(net).collect();
    let prefixes = if blocks.is_empty() { vec![any_v4()] } else { blocks };
    for (router, maybe) in routers {
        for prefix in &prefixes {
            let route = Route::to(*prefix, node).named(format!("{name} {prefix}"));
            cloud.sketch.draft.route(*router, Route { maybe: *maybe, ..route });
        }
    }
}
