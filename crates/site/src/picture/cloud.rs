//! What plans draw: virtual networks as boxes with subnets in them, machines, stores and gateways.
//!
//! What lies where is told by the references of the configuration, or by ids where a state knows them. A resource of
//! which that is not known stands in the box of its cloud.

use super::{Device, Line, Picture, Row, Symbol, Zone};
use crate::connection::Kind;
use crate::model::Thing;
use crate::plan::Plan;
use crate::resource::{Resource, is_mark};
use serde_json::Value;
use std::collections::{BTreeMap, BTreeSet};

/// How many other resources, such as groups of subnets, may stand between a resource and its subnet.
const STEPS_MAX: usize = 2;
/// How many references of an attribute are looked at.
const REFERENCES_LOOKED_AT: usize = 16;

/// What a type of resource is in a picture.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
enum Role {
    Network,
    Subnet,
    Device(Symbol),
    /// A line between others.
    Join,
    /// Nothing to be seen, even where packets pass it.
    Hidden,
    /// Drawn only where an attacker passes it.
    Other,
}

/// The resources of all plans, and where they lie.
#[derive(Debug)]
pub(super) struct Cloud<'a> {
    resources: BTreeMap<(usize, &'a str), &'a Resource>,
    /// Networks and subnets by the ids that they have in the cloud.
    ids: BTreeMap<(usize, &'a str), &'a Resource>,
    /// How many plans there are.
    plans: usize,
}

impl<'a> Cloud<'a> {
    pub(super) fn read(plans: &'a [Plan]) -> Self {
        let all = || plans.iter().flat_map(|plan| &plan.resources);
        let boxes = all().filter(|one| matches!(role(&one.kind), Role::Network | Role::Subnet));
        Self {
            resources: all().map(|one| ((one.plan, one.address.as_str()), one)).collect(),
            plans: plans.len(),
            ids: boxes.filter_map(|one| Some(((one.plan, one.values.get("id")?.as_str()?), one))).collect(),
        }
    }

    /// What the resource with this address is called in the picture, in whichever plan it stands.
    pub(super) fn find(&self, address: &str) -> Option<String> {
        (0..self.plans).find_map(|plan| self.resources.get(&(plan, address))).map(|one| shown(one))
    }

    /// Draws what is to be seen, and of the rest what is named.
    pub(super) fn draw(&self, picture: &mut Picture, named: &BTreeSet<String>, internet: Option<&str>) {
        let mut clouds: BTreeMap<String, String> = BTreeMap::new();
        for resource in self.resources.values() {
            let role = role(&resource.kind);
            let symbol = match role {
                Role::Device(symbol) => symbol,
                Role::Other if named.contains(&shown(resource)) => Symbol::Server,
                Role::Network | Role::Subnet => Symbol::Gateway,
                Role::Other | Role::Join | Role::Hidden => continue,
            };
            let home = self.home(resource, STEPS_MAX).map_or_else(
                || {
                    let (id, name) = cloud_of(resource);
                    clouds.insert(id.clone(), name);
                    id
                },
                shown,
            );
            if matches!(role, Role::Network | Role::Subnet) {
                picture.zones.push(Zone {
                    name: name(resource),
                    note: text(&resource.values, &["cidr_block", "ip_cidr_range"]).unwrap_or_default(),
                    within: Some(home),
                    ..Zone::new(&shown(resource), Row::Outside)
                });
            } else {
                picture.devices.push(device(resource, home, symbol));
            }
        }
        picture
            .zones
            .extend(clouds.into_iter().map(|(id, name)| Zone { name, ..Zone::new(&id, Row::Outside) }));
        self.lines(picture, internet);
    }

    /// The box in which a resource lies: its subnet before its network, what it names itself before what that names.
    fn home(&self, resource: &Resource, steps: usize) -> Option<&'a Resource> {
        let wanted = |one: &&Resource| match role(&resource.kind) {
            Role::Network => false,
            Role::Subnet => role(&one.kind) == Role::Network,
            _ => matches!(role(&one.kind), Role::Network | Role::Subnet),
        };
        let near: Vec<&'a Resource> = self.neighbours(resource);
        let subnet = |one: &&&Resource| role(&one.kind) == Role::Subnet;
        let mut boxes = near.iter().filter(|one| wanted(one));
        let first = boxes.clone().find(subnet).or_else(|| boxes.next()).copied();
        if first.is_some() || steps == 0 || role(&resource.kind) == Role::Subnet {
            return first;
        }
        let mut between =
            near.iter().filter(|one| one.kind.contains("subnet_group") || one.kind.contains("interface"));
        between.find_map(|one| self.home(one, steps.saturating_sub(1)))
    }

    /// The resources that one names, by references or by ids.
    fn neighbours(&self, resource: &Resource) -> Vec<&'a Resource> {
        let plan = resource.plan;
        let references = resource.references.values();
        let names =
            references.flat_map(|all| all.iter().take(REFERENCES_LOOKED_AT)).filter(|one| !is_mark(one));
        let mut found: Vec<&'a Resource> = names.filter_map(|name| self.named(plan, name)).collect();
        let attributes = ["subnet_id", "vpc_id", "network", "subnetwork"];
        let ids = attributes.iter().filter_map(|name| resource.values.get(name)?.as_str());
        let lists = ["subnet_ids", "subnets"].iter().filter_map(|name| resource.values.get(name)?.as_array());
        let listed = lists.flat_map(|list| list.iter().take(REFERENCES_LOOKED_AT)).filter_map(Value::as_str);
        found.extend(listed.chain(ids).filter_map(|id| self.ids.get(&(plan, id)).copied()));
        found
    }

    /// The resource that a reference names; of several the first.
    fn named(&self, plan: usize, reference: &str) -> Option<&'a Resource> {
        let Some(block) = reference.strip_suffix("[*]") else {
            return self.resources.get(&(plan, reference)).copied();
        };
        let mut after = self.resources.range((plan, block)..);
        let next = after.find(|((_, address), _)| *address != block)?;
        let rest = next.0.1.strip_prefix(block)?;
        (next.0.0 == plan && rest.starts_with('[')).then_some(*next.1)
    }

    /// Lines between gateways and networks, and to the internet.
    fn lines(&self, picture: &mut Picture, internet: Option<&str>) {
        let mut lines = Vec::new();
        for resource in self.resources.values() {
            let ends = || {
                self.neighbours(resource)
                    .into_iter()
                    .filter(|one| matches!(role(&one.kind), Role::Network | Role::Device(Symbol::Gateway)))
            };
            match role(&resource.kind) {
                Role::Join => {
                    let ends: BTreeSet<String> = ends().map(shown).collect();
                    let from = ends.first().cloned().unwrap_or_default();
                    lines.extend(ends.iter().skip(1).map(|to| line(resource, &from, to)));
                }
                Role::Device(Symbol::Gateway) => {
                    let gateways = ends().filter(|one| role(&one.kind) != Role::Network);
                    lines.extend(gateways.map(|to| line(resource, &shown(resource), &shown(to))));
                    let outside = ["aws_internet_gateway", "aws_egress_only_internet_gateway"];
                    if let Some(internet) = internet.filter(|_| outside.contains(&bare(&resource.kind))) {
                        let line = line(resource, &shown(resource), internet);
                        lines.push(Line { kind: Some(Kind::Open), ..line });
                    }
                }
                Role::Network | Role::Subnet | Role::Device(_) | Role::Hidden | Role::Other => {}
            }
        }
        picture.links.extend(lines);
    }
}

fn line(resource: &Resource, from: &str, to: &str) -> Line {
    Line { id: shown(resource), name: name(resource), kind: None, from: from.to_owned(), to: to.to_owned() }
}

fn device(resource: &Resource, zone: String, symbol: Symbol) -> Device {
    Device {
        id: shown(resource),
        name: name(resource),
        zone,
        also: Vec::new(),
        symbol,
        count: 1,
        holds: false,
    }
}

fn shown(resource: &Resource) -> String {
    Thing::name_of(resource.plan, &resource.address)
}

fn bare(kind: &str) -> &str {
    kind.strip_prefix("data.").unwrap_or(kind)
}

/// The box around all of one cloud and plan.
fn cloud_of(resource: &Resource) -> (String, String) {
    let provider = match bare(&resource.kind).split('_').next() {
        Some("aws") => "AWS",
        Some("azurerm" | "azuread" | "azapi") => "Azure",
        Some("google") => "Google Cloud",
        Some(_) | None => "Cloud",
    };
    let plan = match resource.plan {
        0 => String::new(),
        plan => format!(" #{}", plan.saturating_add(1)),
    };
    (format!("cloud:{provider}{plan}"), format!("{provider}{plan}"))
}

/// What people call it: its tag `Name`, or its name in the configuration.
fn name(resource: &Resource) -> String {
    let tag = resource.values.get("tags").and_then(|tags| text(tags, &["Name"]));
    let own = || {
        let address = resource.address.strip_prefix(resource.module.as_str()).unwrap_or(&resource.address);
        let address = address.trim_start_matches('.');
        let address = address.strip_prefix("data.").unwrap_or(address);
        address.split_once('.').map_or(address, |(_, name)| name).to_owned()
    };
    tag.filter(|tag| tag != crate::resource::SENSITIVE).unwrap_or_else(own)
}

fn text(values: &Value, names: &[&str]) -> Option<String> {
    names.iter().find_map(|name| values.get(name)?.as_str()).map(str::to_owned)
}

/// What a type of resource is in a picture.
fn role(kind: &str) -> Role {
    let kind = bare(kind);
    if let Some(symbol) = symbol(kind) {
        return Role::Device(symbol);
    }
    match kind {
        "aws_vpc" | "aws_default_vpc" | "azurerm_virtual_network" | "google_compute_network" => Role::Network,
        "aws_subnet" | "aws_default_subnet" | "azurerm_subnet" | "google_compute_subnetwork" => Role::Subnet,
        "aws_vpc_peering_connection"
        | "aws_ec2_transit_gateway_vpc_attachment"
        | "aws_vpn_gateway_attachment"
        | "aws_dx_gateway_association"
        | "azurerm_virtual_network_peering"
        | "google_compute_network_peering" => Role::Join,
        _ if HIDDEN.iter().any(|part| kind.contains(part)) => Role::Hidden,
        _ => Role::Other,
    }
}

/// Parts of the names of types that decide about packets and are no place.
const HIDDEN: [&str; 7] =
    ["security_group", "network_acl", "route", "_rule", "_policy", "_attachment", "_association"];

/// How a type of resource is drawn; none where it is no device.
fn symbol(kind: &str) -> Option<Symbol> {
    let all: [(Symbol, &[&str]); 3] =
        [(Symbol::Server, &SERVERS), (Symbol::Store, &STORES), (Symbol::Gateway, &GATEWAYS)];
    all.into_iter().find(|(_, kinds)| kinds.binary_search(&kind).is_ok()).map(|(symbol, _)| symbol)
}

/// Sorted.
const SERVERS: [&str; 12] = [
    "aws_autoscaling_group",
    "aws_ecs_service",
    "aws_eks_cluster",
    "aws_eks_node_group",
    "aws_instance",
    "aws_lambda_function",
    "azurerm_kubernetes_cluster",
    "azurerm_linux_virtual_machine",
    "azurerm_windows_virtual_machine",
    "google_cloud_run_v2_service",
    "google_compute_instance",
    "google_container_cluster",
];

/// Sorted.
const STORES: [&str; 13] = [
    "aws_db_instance",
    "aws_dynamodb_table",
    "aws_efs_file_system",
    "aws_elasticache_replication_group",
    "aws_opensearch_domain",
    "aws_rds_cluster",
    "aws_redshift_cluster",
    "aws_s3_bucket",
    "azurerm_mssql_server",
    "azurerm_postgresql_flexible_server",
    "azurerm_storage_account",
    "google_sql_database_instance",
    "google_storage_bucket",
];

/// Sorted.
const GATEWAYS: [&str; 25] = [
    "aws_alb",
    "aws_api_gateway_rest_api",
    "aws_apigatewayv2_api",
    "aws_customer_gateway",
    "aws_dx_connection",
    "aws_dx_gateway",
    "aws_ec2_transit_gateway",
    "aws_egress_only_internet_gateway",
    "aws_elb",
    "aws_internet_gateway",
    "aws_lb",
    "aws_nat_gateway",
    "aws_networkfirewall_firewall",
    "aws_vpc_endpoint",
    "aws_vpc_endpoint_service",
    "aws_vpn_connection",
    "aws_vpn_gateway",
    "azurerm_application_gateway",
    "azurerm_firewall",
    "azurerm_lb",
    "azurerm_virtual_network_gateway",
    "google_compute_ha_vpn_gateway",
    "google_compute_router",
    "google_compute_vpn_gateway",
    "google_compute_vpn_tunnel",
];

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn the_tables_are_sorted_so_that_they_can_be_searched() {
        assert!(SERVERS.is_sorted() && STORES.is_sorted() && GATEWAYS.is_sorted());
        for kind in SERVERS.iter().chain(&STORES).chain(&GATEWAYS) {
            assert!(symbol(kind).is_some(), "{kind}");
        }
    }
}
