//! Client VPN: endpoints to which people connect over the internet with a certificate or an account.
//!
//! What they send is judged by the authorization rules of the endpoint, goes by its routes into an associated subnet, and has
//! from there on an address of that subnet. What a client does beside the tunnel (split tunnel) is not seen here.

use super::field::Field;
use super::{hand_over, owners, part, send_all, stands_for, title, unknown};
use crate::model::aws::addresses::{any_v4, net};
use crate::model::aws::cloud::{Cloud, SubnetId};
use crate::model::aws::lay::SUBNETS;
use crate::model::aws::name_of;
use crate::network::{
    Carrier, Edge, Match, NewSource, Next, NodeId, Protection, Reason, ReasonId, Rewrite, Route, Rule,
};
use crate::resource::Resource;
use ipnet::IpNet;

const ENDPOINTS: &[&str] = &["aws_ec2_client_vpn_endpoint"];

/// Draws the endpoints.
pub(super) fn draw(cloud: &mut Cloud<'_, '_>) {
    let book = cloud.book;
    let path = "client_vpn_endpoint_id";
    let mut rules = owners(cloud, &["aws_ec2_client_vpn_authorization_rule"], path, ENDPOINTS);
    let mut associations = owners(cloud, &["aws_ec2_client_vpn_network_association"], path, ENDPOINTS);
    let mut routes = owners(cloud, &["aws_ec2_client_vpn_route"], path, ENDPOINTS);
    for endpoint in book.kinds(ENDPOINTS) {
        let name = name_of(endpoint);
        let filter = cloud.sketch.draft.filter(title(endpoint));
        stands_for(cloud, filter, endpoint);
        for (rule, doubt) in rules.remove(&name).unwrap_or_default() {
            let (prefix, vague) = prefix(cloud, rule, "target_network_cidr");
            let made = Rule::allow(name_of(rule), Match::all().to(prefix));
            cloud.sketch.draft.rule(filter, Rule { maybe: doubt.or(vague), ..made });
        }
        let router = cloud.sketch.draft.router(part(endpoint, "routes"));
        cloud.sketch.draft.connect(filter, router);
        let mut into = Vec::new();
        for (association, doubt) in associations.remove(&name).unwrap_or_default() {
            into.extend(associate(cloud, endpoint, association, router, doubt));
        }
        for (route, doubt) in routes.remove(&name).unwrap_or_default() {
            add_route(cloud, route, router, &into, doubt);
        }
        hand_over(cloud, endpoint, None, filter, false);
        cloud.sketch.line(endpoint.plan, &endpoint.address, Carrier::Internet, Protection::Tunnel);
    }
}

fn prefix(cloud: &mut Cloud<'_, '_>, resource: &Resource, name: &str) -> (IpNet, Option<ReasonId>) {
    match Field::of(resource, name).text().and_then(net) {
        Some(prefix) => (prefix, None),
        None => (any_v4(), Some(unknown(cloud, resource, name))),
    }
}

/// A subnet through which clients come in, with an address of it. The range of its network is routed by itself.
fn associate<'a>(
    cloud: &mut Cloud<'a, '_>,
    endpoint: &'a Resource,
    association: &'a Resource,
    router: NodeId,
    doubt: Option<ReasonId>,
) -> Vec<(SubnetId, NodeId)> {
    let (subnets, unsure) = cloud.subnets_named(association, &["subnet_id"]);
    let mut into = Vec::new();
    for subnet in subnets {
        let set = cloud.set_named(endpoint, &["security_group_ids"], &[subnet]);
        let found = cloud.subnet(subnet).clone();
        let title = part(association, &format!("into {}", found.name));
        if cloud.sketch.draft.find(&title.id).is_some() {
            continue;
        }
        let translator = cloud.sketch.draft.translator(title);
        stands_for(cloud, translator, association);
        let reason = cloud.reason(Reason::address(name_of(association)));
        let source = NewSource::one_of(found.range.addresses(), reason);
        let next = cloud.egress(subnet, &set);
        let rewrite = Rewrite::source(name_of(association), Match::all(), source, Edge::to(next));
        cloud.sketch.draft.rewrite(translator, rewrite);
        for group in &set.groups {
            if let Some(group) = cloud.groups.get(group.0) {
                cloud.sketch.draft.join(group.id, translator);
            }
        }
        for (range, vague) in super::vpn::ranges(cloud, found.vpc, doubt.or(unsure)) {
            let route = Route::to(range, translator).named(format!("{} {range}", name_of(association)));
            cloud.sketch.draft.route(router, Route { maybe: vague, ..route });
        }
        into.push((subnet, translator));
    }
    into
}

fn add_route<'a>(
    cloud: &mut Cloud<'a, '_>,
    route: &'a Resource,
    router: NodeId,
    into: &[(SubnetId, NodeId)],
    doubt: Option<ReasonId>,
) {
    let (prefix, vague) = prefix(cloud, route, "destination_cidr_block");
    let found = cloud.book.named(route, "target_vpc_subnet_id", SUBNETS);
    let named: Vec<SubnetId> =
        found.these.iter().filter_map(|one| cloud.subnet_names.get(&name_of(one)).copied()).collect();
    let open = found.open.map(|reason| cloud.reason(reason));
    let these = into.iter().filter(|(subnet, _)| named.contains(subnet) || named.is_empty());
    let nodes: Vec<NodeId> = these.map(|(_, node)| *node).collect();
    let maybe = doubt.or(vague).or(open);
    if nodes.is_empty() {
        let reason = maybe.unwrap_or_else(|| unknown(cloud, route, "target_vpc_subnet_id"));
        send_all(cloud, router, &Next::Undecided(reason, Vec::new()), Some(reason));
    }
    for node in nodes {
        let made = Route::to(prefix, node).named(name_of(route));
        cloud.sketch.draft.route(router, Route { maybe, ..made });
    }
}
