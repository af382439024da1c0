//! Target groups and who is registered in them.

use crate::model::aws::cloud::Cloud;
use crate::model::aws::edge::field::Field;
use crate::model::aws::edge::{owners, unknown};
use crate::model::aws::name_of;
use crate::network::ReasonId;
use crate::resource::Resource;
use std::collections::BTreeMap;
use std::net::IpAddr;

/// What is a target group.
pub(super) const GROUPS: &[&str] = &["aws_lb_target_group", "aws_alb_target_group"];
/// What can be registered by its id.
const HOSTS: &[&str] = &[
    "aws_instance",
    "aws_spot_instance_request",
    "aws_network_interface",
    "aws_lambda_function",
    "aws_lambda_alias",
    "aws_autoscaling_group",
    "aws_ecs_service",
    "aws_db_instance",
    "aws_lb",
    "aws_alb",
    "aws_vpc_endpoint",
];

/// Who is registered.
#[derive(Clone, Debug)]
pub(super) enum Who {
    /// A resource by its name.
    Resource(String),
    Address(IpAddr),
}

/// A registration.
#[derive(Clone, Debug)]
pub(super) struct Registered {
    pub(super) who: Who,
    pub(super) port: Option<u16>,
    pub(super) doubt: Option<ReasonId>,
}

/// A target group.
#[derive(Clone, Debug)]
pub(super) struct TargetGroup<'a> {
    pub(super) resource: &'a Resource,
    pub(super) port: Option<u16>,
    /// Whether the client's address stays; nothing where nobody knows.
    pub(super) keeps_client: Option<bool>,
    pub(super) registered: Vec<Registered>,
    /// Why nobody knows whether there are others.
    pub(super) open: Option<ReasonId>,
}

/// The target groups by their names.
pub(super) type TargetGroups<'a> = BTreeMap<String, TargetGroup<'a>>;

/// Reads the target groups.
pub(super) fn read<'a>(cloud: &mut Cloud<'a, '_>) -> TargetGroups<'a> {
    let mut groups = TargetGroups::new();
    let book = cloud.book;
    for resource in book.kinds(GROUPS) {
        let port = number(&Field::of(resource, "port"));
        let keeps_client = keeps_client(resource);
        let group = TargetGroup { resource, port, keeps_client, registered: Vec::new(), open: None };
        groups.insert(name_of(resource), group);
    }
    let kinds = &["aws_lb_target_group_attachment", "aws_alb_target_group_attachment"];
    for (name, attachments) in owners(cloud, kinds, "target_group_arn", GROUPS) {
        for (attachment, doubt) in attachments {
            let more = attached(cloud, attachment, doubt);
            add(&mut groups, &name, more);
        }
    }
    by_owner(cloud, &mut groups);
    for group in groups.values_mut() {
        if group.registered.is_empty() && group.open.is_none() {
            group.open = Some(unknown(cloud, group.resource, "targets"));
        }
    }
    groups
}

fn add(groups: &mut TargetGroups<'_>, name: &str, (more, open): (Vec<Registered>, Option<ReasonId>)) {
    if let Some(group) = groups.get_mut(name) {
        group.registered.extend(more);
        group.open = group.open.or(open);
    }
}

/// What an attachment registers.
fn attached<'a>(
    cloud: &mut Cloud<'a, '_>,
    attachment: &'a Resource,
    doubt: Option<ReasonId>,
) -> (Vec<Registered>, Option<ReasonId>) {
    let port = number(&Field::of(attachment, "port"));
    let found = cloud.book.named(attachment, "target_id", HOSTS);
    let open = found.open.clone().map(|reason| cloud.reason(reason));
    let doubt = doubt.or(open);
    let mut registered: Vec<Registered> =
        found.these.iter().map(|one| Registered { who: Who::Resource(name_of(one)), port, doubt }).collect();
    let mut lost = open;
    for text in &found.elsewhere {
        match text.parse() {
            Ok(address) => registered.push(Registered { who: Who::Address(address), port, doubt }),
            Err(_) => lost = lost.or_else(|| Some(unknown(cloud, attachment, "target_id"))),
        }
    }
    (registered, lost)
}

/// Those that register themselves: scaling groups and container services.
fn by_owner(cloud: &mut Cloud<'_, '_>, groups: &mut TargetGroups<'_>) {
    for (kinds, path) in [
        (&["aws_autoscaling_group"][..], "target_group_arns"),
        (&["aws_ecs_service", "aws_ecs_task_set"][..], "load_balancer.target_group_arn"),
    ] {
        for (name, resources) in owners(cloud, kinds, path, GROUPS) {
            for (resource, doubt) in resources {
                // A port of a container may stand for any port of its host.
                let port = match path {
                    "target_group_arns" => None,
                    _ => Field::of(resource, "load_balancer")
                        .each()
                        .iter()
                        .find_map(|one| number(&one.at("container_port"))),
                };
                let who = Who::Resource(name_of(resource));
                add(groups, &name, (vec![Registered { who, port, doubt }], None));
            }
        }
    }
    let kinds = &["aws_autoscaling_attachment"];
    for path in ["lb_target_group_arn", "alb_target_group_arn"] {
        for (name, attachments) in owners(cloud, kinds, path, GROUPS) {
            for (attachment, doubt) in attachments {
                let found =
                    cloud.book.named(attachment, "autoscaling_group_name", &["aws_autoscaling_group"]);
                let mut these: Vec<String> = found.these.iter().map(|one| name_of(one)).collect();
                these.extend(by_name(cloud, attachment));
                let who = |name: String| Registered { who: Who::Resource(name), port: None, doubt };
                let open = these.is_empty().then(|| unknown(cloud, attachment, "autoscaling_group_name"));
                add(groups, &name, (these.into_iter().map(who).collect(), open));
            }
        }
    }
}

/// A scaling group is named by its name, not by its id.
fn by_name(cloud: &Cloud<'_, '_>, attachment: &Resource) -> Option<String> {
    let name = Field::of(attachment, "autoscaling_group_name").text()?;
    let has_name = |one: &&Resource| Field::of(one, "name").text() == Some(name);
    cloud.book.kind("aws_autoscaling_group").find(has_name).map(name_of)
}

/// Whether targets see the client's address (*Client IP preservation*): as the group says, otherwise for instances, and for
/// addresses that take UDP.
fn keeps_client(group: &Resource) -> Option<bool> {
    let field = Field::of(group, "preserve_client_ip");
    if field.flag().is_some() || field.is_unknown() {
        return field.flag();
    }
    let (sort, protocol) = (Field::of(group, "target_type"), Field::of(group, "protocol"));
    if sort.is_unknown() {
        return None;
    }
    match sort.text() {
        Some("ip") => Some(matches!(protocol.text(), Some("UDP" | "TCP_UDP"))),
        _ => Some(true),
    }
}

pub(super) fn number(field: &Field<'_>) -> Option<u16> {
    field.number().and_then(|number| u16::try_from(number).ok())
}
