//! Clusters of containers: control planes with their endpoints, groups of nodes, profiles.

use super::addresses::{any_v4, net};
use super::book::{has_true, parts, texts};
use super::cloud::{Cloud, SubnetId};
use super::hosts::{by_subnet, groups_of, place};
use super::instances::{of_template, template, template_public};
use super::standing::{Set, Standing};
use super::{groups, name_of};
use crate::network::{Edge, Known, Match, NodeId, Reason, Rewrite, Route, Rule, Target, Title};
use crate::packet::Addresses;
use crate::resource::Resource;
use serde_json::Value;
use std::collections::BTreeMap;

/// Clusters of containers: the interfaces of the control plane, groups of nodes and profiles share a group that the service
/// makes, in which all reach each other (Amazon EKS User Guide, *Security group requirements*).
pub(super) fn draw(cloud: &mut Cloud<'_, '_>) {
    let book = cloud.book;
    let mut shared = BTreeMap::new();
    for resource in book.kind("aws_eks_cluster") {
        let (subnets, doubt) = cloud.subnets_named(resource, &["vpc_config.subnet_ids"]);
        let own = groups::shared(cloud, &format!("{} (cluster security group)", name_of(resource)));
        shared.insert(name_of(resource), own);
        let found = book.named(resource, "vpc_config.security_group_ids", groups::GROUPS);
        let mut set = Set::default();
        if !found.is_unset() {
            set = groups::set_found(cloud, resource, "vpc_config.security_group_ids", &found, &subnets);
        }
        set.groups.push(own);
        set.groups.sort_unstable();
        let mut standing = Standing::new(subnets, set);
        standing.doubt = doubt;
        standing.in_each = true;
        let node = place(cloud, resource, &standing, false);
        endpoint(cloud, resource, node, &standing.subnets);
    }
    for kind in ["aws_eks_node_group", "aws_eks_fargate_profile"] {
        for resource in book.kind(kind) {
            let (subnets, doubt) = cloud.subnets_named(resource, &["subnet_ids"]);
            let cluster = book.named(resource, "cluster_name", &["aws_eks_cluster"]);
            let template = template(cloud, resource);
            let from: Vec<(&Resource, &str)> = template.into_iter().flat_map(of_template).collect();
            let by_template =
                from.iter().any(|(one, path)| !book.named(one, path, groups::GROUPS).is_unset());
            let own = cluster.one().and_then(|one| shared.get(&name_of(one)).copied());
            let set = match (by_template, own) {
                (true, _) => groups_of(cloud, resource, &from, &subnets),
                (false, Some(own)) => Set { groups: vec![own], ..Set::default() },
                (false, None) => {
                    let reason = cloud.reason(Reason::attribute(name_of(resource), "cluster_name"));
                    Set { open: Some(reason), ..Set::default() }
                }
            };
            let public = match kind {
                "aws_eks_node_group" => {
                    let by_template = template.and_then(|template| template_public(cloud, template));
                    by_template.unwrap_or_else(|| by_subnet(cloud, &subnets))
                }
                _ => Known::No,
            };
            let mut standing = Standing::new(subnets, set).public(public);
            standing.doubt = doubt;
            standing.in_each = true;
            place(cloud, resource, &standing, false);
        }
    }
}

/// The public endpoint of a cluster: for whom it says, everybody where it says nothing.
fn endpoint(cloud: &mut Cloud<'_, '_>, resource: &Resource, node: NodeId, subnets: &[SubnetId]) {
    let name = name_of(resource);
    let part = |path: &str| parts(&resource.values, path).first().copied();
    if part("vpc_config.endpoint_public_access") == Some(&Value::Bool(false)) {
        return;
    }
    let reason = cloud.reason(Reason::address(name.clone()));
    let internet = cloud.sketch.internet();
    let filter =
        cloud.sketch.draft.filter(Title::new(format!("{name} (who may come)")).named(&name).at(&name));
    let front =
        cloud.sketch.draft.translator(Title::new(format!("{name} (public endpoint)")).named(&name).at(&name));
    let texts = part("vpc_config.public_access_cidrs").map(texts).unwrap_or_default();
    let nets: Vec<_> = texts.iter().filter_map(|text| net(text)).collect();
    let https = [crate::network::Service::tcp(443)];
    let unknown = parts(&resource.unknown, "vpc_config.public_access_cidrs").into_iter().any(has_true);
    let given = resource
        .configured
        .as_ref()
        .is_none_or(|all| all.iter().any(|one| one == "vpc_config.public_access_cidrs"));
    let rule = |matching: Match| Rule::allow(format!("{name} public_access_cidrs"), matching.by(https));
    let rule = match (nets.is_empty(), unknown && given) {
        (false, false) => rule(Match::all().from(Addresses::from_nets(nets))),
        (_, true) => {
            let open = cloud.reason(Reason::attribute(name.clone(), "vpc_config.public_access_cidrs"));
            rule(Match::all()).maybe(open)
        }
        (true, false) => rule(Match::all()),
    };
    cloud.sketch.draft.rule(filter, rule);
    cloud.sketch.draft.connect(filter, node);
    let ranges =
        subnets.iter().flat_map(|subnet| cloud.subnet(*subnet).range.of(true).all().collect::<Vec<_>>());
    let to = Addresses::from_nets(ranges.collect::<Vec<_>>());
    let public = Addresses::public().intersect(&any_v4().into());
    let rewrite = Rewrite::destination(&name, Match::all().to(public), [Target::to(to, Edge::to(filter))]);
    cloud.sketch.draft.rewrite(front, rewrite.somewhere(reason));
    cloud.sketch.draft.route(internet, Route::to(any_v4(), front).named(name));
}
