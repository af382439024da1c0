//! Plans as Terraform writes them for a new stack: tenants of a hospital service, of which nothing has an id yet.
//!
//! A tenant is one instance of a module with `for_each`. What joins its resources is unknown until apply and stands in the
//! configuration only, as in the plans that people really have.

use serde_json::{Map, Value, json};
use std::collections::BTreeSet;
use std::fs::File;
use std::io::{BufWriter, Result, Write};
use std::path::Path;

/// A resource of a tenant: its type and name, what is known of it, and what its other attributes name.
type Part = (&'static str, &'static str, Value, &'static [(&'static str, &'static str)]);

/// Writes a plan with at least so many resources.
pub(super) fn write(file: &Path, resources: usize) -> Result<()> {
    let per_tenant = tenant(0).len();
    let tenants = resources.div_ceil(per_tenant);
    let mut out = BufWriter::new(File::create(file)?);
    write!(
        out,
        r#"{{"format_version":"1.2","terraform_version":"1.11.4","planned_values":{{"root_module":{{"resources":["#
    )?;
    serde_json::to_writer(&mut out, &hub())?;
    write!(out, r#"],"child_modules":["#)?;
    for number in 0..tenants {
        let comma = if number == 0 { "" } else { "," };
        let address = module(number);
        let values: Vec<Value> = tenant(number).iter().map(|part| planned(&address, part)).collect();
        write!(out, "{comma}{}", json!({ "address": address, "resources": values }))?;
    }
    write!(out, r#"]}}}},"resource_changes":["#)?;
    serde_json::to_writer(&mut out, &changed("", &hub_part()))?;
    for number in 0..tenants {
        let address = module(number);
        for part in tenant(number) {
            write!(out, ",{}", changed(&address, &part))?;
        }
    }
    write!(out, r#"],"configuration":{}}}"#, configuration())?;
    out.flush()
}

fn module(number: usize) -> String {
    format!("module.tenant[\"t{number}\"]")
}

fn hub_part() -> Part {
    (
        "aws_ec2_transit_gateway",
        "hub",
        json!({ "default_route_table_association": "disable", "default_route_table_propagation": "disable" }),
        &[],
    )
}

fn hub() -> Value {
    planned("", &hub_part())
}

fn planned(module: &str, (kind, name, values, _): &Part) -> Value {
    json!({
        "address": joined(module, kind, name), "mode": "managed", "type": kind, "name": name,
        "provider_name": "registry.terraform.io/hashicorp/aws", "schema_version": 1, "values": values,
        "sensitive_values": {},
    })
}

fn changed(module: &str, (kind, name, values, references): &Part) -> Value {
    let mut unknown: Map<String, Value> =
        references.iter().map(|(attribute, _)| ((*attribute).to_owned(), Value::Bool(true))).collect();
    for attribute in ["id", "arn", "owner_id"] {
        unknown.insert(attribute.to_owned(), Value::Bool(true));
    }
    let mut change = json!({
        "address": joined(module, kind, name), "mode": "managed", "type": kind, "name": name,
        "provider_name": "registry.terraform.io/hashicorp/aws",
        "change": {
            "actions": ["create"], "before": null, "after": values, "after_unknown": unknown, "before_sensitive": false,
            "after_sensitive": {},
        },
    });
    if let (Some(members), false) = (change.as_object_mut(), module.is_empty()) {
        members.insert("module_address".to_owned(), json!(module));
    }
    change
}

fn joined(module: &str, kind: &str, name: &str) -> String {
    if module.is_empty() { format!("{kind}.{name}") } else { format!("{module}.{kind}.{name}") }
}

fn configuration() -> Value {
    let hub_id = json!({ "references": ["aws_ec2_transit_gateway.hub.id", "aws_ec2_transit_gateway.hub"] });
    let parts: Vec<Value> = tenant(0).iter().map(configured).collect();
    json!({
        "provider_config": { "aws": { "name": "aws", "full_name": "registry.terraform.io/hashicorp/aws" } },
        "root_module": {
            "resources": [configured(&hub_part())],
            "module_calls": { "tenant": {
                "source": "./tenant",
                "expressions": { "hub_id": hub_id, "number": { "references": ["each.value"] } },
                "for_each_expression": { "references": ["var.tenants"] },
                "module": {
                    "resources": parts,
                    "variables": { "hub_id": {}, "number": {} },
                },
            } },
        },
    })
}

fn configured((kind, name, values, references): &Part) -> Value {
    let mut expressions: Map<String, Value> = Map::new();
    for (attribute, value) in values.as_object().into_iter().flatten() {
        let nested = value.is_array() && value.get(0).is_some_and(Value::is_object);
        let given = if nested { json!([{}]) } else { json!({ "constant_value": value }) };
        expressions.insert(attribute.clone(), given);
    }
    for (attribute, target) in *references {
        let named: Vec<String> =
            target.split(' ').flat_map(|one| [format!("{one}.id"), one.to_owned()]).collect();
        let given = if target.starts_with("var.") { json!([target]) } else { json!(named) };
        expressions.insert((*attribute).to_owned(), json!({ "references": given }));
    }
    json!({
        "address": format!("{kind}.{name}"), "mode": "managed", "type": kind, "name": name,
        "provider_config_key": "aws", "expressions": expressions, "schema_version": 1,
    })
}

/// All resources of a tenant. After 200 tenants the ranges begin again: tenants with the same range are joined by nothing.
fn tenant(number: usize) -> Vec<Part> {
    let second = number % 200;
    let front = format!("10.{second}.0.0/17");
    let records = format!("10.{second}.128.0/17");
    let third =
        |part: &str, step: usize| format!("10.{second}.{}.0/24", step + usize::from(part == "records") * 128);
    let mut all: Vec<Part> = Vec::new();
    all.extend(network(&front, &records, &third));
    all.extend(ways());
    all.extend(hub_ways());
    all.extend(groups());
    all.extend(hosts());
    all.extend(stores());
    debug_assert!(all.iter().map(|part| (part.0, part.1)).collect::<BTreeSet<_>>().len() == all.len());
    all
}

fn network(front: &str, records: &str, subnet: &impl Fn(&str, usize) -> String) -> Vec<Part> {
    const FRONT: &[(&str, &str)] = &[("vpc_id", "aws_vpc.front")];
    const RECORDS: &[(&str, &str)] = &[("vpc_id", "aws_vpc.records")];
    let zone = |letter: &str| format!("ap-northeast-1{letter}");
    vec![
        ("aws_vpc", "front", json!({ "cidr_block": front, "enable_dns_support": true }), &[]),
        ("aws_vpc", "records", json!({ "cidr_block": records, "enable_dns_support": true }), &[]),
        (
            "aws_subnet",
            "front_a",
            json!({ "cidr_block": subnet("front", 1), "availability_zone": zone("a") }),
            FRONT,
        ),
        (
            "aws_subnet",
            "front_c",
            json!({ "cidr_block": subnet("front", 2), "availability_zone": zone("c") }),
            FRONT,
        ),
        (
            "aws_subnet",
            "app_a",
            json!({ "cidr_block": subnet("records", 1), "availability_zone": zone("a") }),
            RECORDS,
        ),
        (
            "aws_subnet",
            "app_c",
            json!({ "cidr_block": subnet("records", 2), "availability_zone": zone("c") }),
            RECORDS,
        ),
        (
            "aws_subnet",
            "db_a",
            json!({ "cidr_block": subnet("records", 3), "availability_zone": zone("a") }),
            RECORDS,
        ),
        (
            "aws_subnet",
            "db_c",
            json!({ "cidr_block": subnet("records", 4), "availability_zone": zone("c") }),
            RECORDS,
        ),
        ("aws_internet_gateway", "front", json!({}), FRONT),
        ("aws_route_table", "front", json!({}), FRONT),
        ("aws_route_table", "records", json!({}), RECORDS),
        (
            "aws_vpc_peering_connection",
            "inside",
            json!({ "auto_accept": true }),
            &[("vpc_id", "aws_vpc.front"), ("peer_vpc_id", "aws_vpc.records")],
        ),
        (
            "aws_flow_log",
            "front",
            json!({ "traffic_type": "ALL" }),
            &[("vpc_id", "aws_vpc.front"), ("log_destination", "aws_s3_bucket.logs")],
        ),
        (
            "aws_flow_log",
            "records",
            json!({ "traffic_type": "ALL" }),
            &[("vpc_id", "aws_vpc.records"), ("log_destination", "aws_s3_bucket.logs")],
        ),
    ]
}

fn ways() -> Vec<Part> {
    const OF_FRONT: &str = "aws_route_table.front";
    vec![
        (
            "aws_route",
            "out",
            json!({ "destination_cidr_block": "0.0.0.0/0" }),
            &[("route_table_id", OF_FRONT), ("gateway_id", "aws_internet_gateway.front")],
        ),
        (
            "aws_route",
            "in",
            json!({ "destination_cidr_block": "10.0.0.0/8" }),
            &[
                ("route_table_id", OF_FRONT),
                ("vpc_peering_connection_id", "aws_vpc_peering_connection.inside"),
            ],
        ),
        (
            "aws_route",
            "back",
            json!({ "destination_cidr_block": "10.0.0.0/8" }),
            &[
                ("route_table_id", "aws_route_table.records"),
                ("vpc_peering_connection_id", "aws_vpc_peering_connection.inside"),
            ],
        ),
        (
            "aws_route",
            "hospital",
            json!({ "destination_cidr_block": "172.16.0.0/12" }),
            &[("route_table_id", "aws_route_table.records"), ("transit_gateway_id", "var.hub_id")],
        ),
        (
            "aws_route_table_association",
            "front_a",
            json!({}),
            &[("subnet_id", "aws_subnet.front_a"), ("route_table_id", OF_FRONT)],
        ),
        (
            "aws_route_table_association",
            "front_c",
            json!({}),
            &[("subnet_id", "aws_subnet.front_c"), ("route_table_id", OF_FRONT)],
        ),
        (
            "aws_route_table_association",
            "app_a",
            json!({}),
            &[("subnet_id", "aws_subnet.app_a"), ("route_table_id", "aws_route_table.records")],
        ),
        (
            "aws_route_table_association",
            "app_c",
            json!({}),
            &[("subnet_id", "aws_subnet.app_c"), ("route_table_id", "aws_route_table.records")],
        ),
    ]
}

fn hub_ways() -> Vec<Part> {
    vec![
        (
            "aws_ec2_transit_gateway_vpc_attachment",
            "records",
            json!({}),
            &[
                ("transit_gateway_id", "var.hub_id"),
                ("vpc_id", "aws_vpc.records"),
                ("subnet_ids", "aws_subnet.app_a aws_subnet.app_c"),
            ],
        ),
        ("aws_ec2_transit_gateway_route_table", "tenant", json!({}), &[("transit_gateway_id", "var.hub_id")]),
        (
            "aws_ec2_transit_gateway_route_table_association",
            "records",
            json!({}),
            &[
                ("transit_gateway_attachment_id", "aws_ec2_transit_gateway_vpc_attachment.records"),
                ("transit_gateway_route_table_id", "aws_ec2_transit_gateway_route_table.tenant"),
            ],
        ),
        (
            "aws_ec2_transit_gateway_route_table_propagation",
            "records",
            json!({}),
            &[
                ("transit_gateway_attachment_id", "aws_ec2_transit_gateway_vpc_attachment.records"),
                ("transit_gateway_route_table_id", "aws_ec2_transit_gateway_route_table.tenant"),
            ],
        ),
        ("aws_customer_gateway", "hospital", json!({ "type": "ipsec.1", "bgp_asn": "65000" }), &[]),
        (
            "aws_vpn_connection",
            "hospital",
            json!({ "type": "ipsec.1", "tunnel1_ike_versions": ["ikev2"], "tunnel2_ike_versions": ["ikev2"] }),
            &[("transit_gateway_id", "var.hub_id"), ("customer_gateway_id", "aws_customer_gateway.hospital")],
        ),
    ]
}

fn groups() -> Vec<Part> {
    let group = |ingress: Value| json!({ "ingress": ingress, "egress": [rule("0.0.0.0/0", 0, 0, "-1")] });
    vec![
        (
            "aws_security_group",
            "relay",
            group(json!([rule("0.0.0.0/0", 443, 443, "tcp")])),
            &[("vpc_id", "aws_vpc.front")],
        ),
        (
            "aws_security_group",
            "app",
            group(json!([rule("10.0.0.0/8", 8443, 8443, "tcp")])),
            &[("vpc_id", "aws_vpc.records")],
        ),
        ("aws_security_group", "db", json!({}), &[("vpc_id", "aws_vpc.records")]),
        (
            "aws_vpc_security_group_ingress_rule",
            "db",
            json!({ "from_port": 5432, "to_port": 5432, "ip_protocol": "tcp" }),
            &[
                ("security_group_id", "aws_security_group.db"),
                ("referenced_security_group_id", "aws_security_group.app"),
            ],
        ),
    ]
}

fn hosts() -> Vec<Part> {
    const RELAY: &[(&str, &str)] =
        &[("subnet_id", "aws_subnet.front_a"), ("vpc_security_group_ids", "aws_security_group.relay")];
    const APP: &[(&str, &str)] =
        &[("subnet_id", "aws_subnet.app_a"), ("vpc_security_group_ids", "aws_security_group.app")];
    let root = json!([{ "encrypted": true }]);
    vec![
        (
            "aws_instance",
            "relay",
            json!({ "associate_public_ip_address": true, "root_block_device": root }),
            RELAY,
        ),
        (
            "aws_instance",
            "app",
            json!({ "associate_public_ip_address": false, "root_block_device": root }),
            APP,
        ),
        (
            "aws_lb",
            "app",
            json!({ "internal": true, "load_balancer_type": "network" }),
            &[
                ("subnets", "aws_subnet.app_a aws_subnet.app_c"),
                ("security_groups", "aws_security_group.app"),
            ],
        ),
        (
            "aws_lb_target_group",
            "app",
            json!({ "port": 8443, "protocol": "TCP", "target_type": "instance" }),
            &[("vpc_id", "aws_vpc.records")],
        ),
        (
            "aws_lb_target_group_attachment",
            "app",
            json!({ "port": 8443 }),
            &[("target_group_arn", "aws_lb_target_group.app"), ("target_id", "aws_instance.app")],
        ),
        (
            "aws_lb_listener",
            "app",
            json!({ "port": 8443, "protocol": "TCP", "default_action": [{ "type": "forward" }] }),
            &[("load_balancer_arn", "aws_lb.app")],
        ),
        ("aws_db_subnet_group", "db", json!({}), &[("subnet_ids", "aws_subnet.db_a aws_subnet.db_c")]),
        (
            "aws_db_instance",
            "records",
            json!({ "engine": "postgres", "port": 5432, "publicly_accessible": false, "storage_encrypted": true, "tags": { "akashi:holds": "clinical-record" } }),
            &[
                ("db_subnet_group_name", "aws_db_subnet_group.db"),
                ("vpc_security_group_ids", "aws_security_group.db"),
            ],
        ),
    ]
}

fn stores() -> Vec<Part> {
    const IMAGES: &[(&str, &str)] = &[("bucket", "aws_s3_bucket.images")];
    const LOGS: &[(&str, &str)] = &[("bucket", "aws_s3_bucket.logs")];
    let closed = json!({ "block_public_acls": true, "block_public_policy": true, "ignore_public_acls": true, "restrict_public_buckets": true });
    let versions = json!({ "versioning_configuration": [{ "status": "Enabled" }] });
    let encryption =
        json!({ "rule": [{ "apply_server_side_encryption_by_default": [{ "sse_algorithm": "aws:kms" }] }] });
    vec![
        ("aws_s3_bucket", "images", json!({ "force_destroy": false, "object_lock_enabled": true }), &[]),
        ("aws_s3_bucket", "logs", json!({ "force_destroy": false, "object_lock_enabled": true }), &[]),
        ("aws_s3_bucket_public_access_block", "images", closed.clone(), IMAGES),
        ("aws_s3_bucket_public_access_block", "logs", closed, LOGS),
        ("aws_s3_bucket_versioning", "images", versions.clone(), IMAGES),
        ("aws_s3_bucket_versioning", "logs", versions, LOGS),
        ("aws_s3_bucket_server_side_encryption_configuration", "images", encryption.clone(), IMAGES),
        ("aws_s3_bucket_server_side_encryption_configuration", "logs", encryption, LOGS),
        (
            "aws_vpc_endpoint",
            "s3",
            json!({ "service_name": "com.amazonaws.ap-northeast-1.s3", "vpc_endpoint_type": "Gateway" }),
            &[("vpc_id", "aws_vpc.records"), ("route_table_ids", "aws_route_table.records")],
        ),
        (
            "aws_kms_key",
            "records",
            json!({ "enable_key_rotation": true, "deletion_window_in_days": 30 }),
            &[],
        ),
        (
            "aws_cloudwatch_log_group",
            "app",
            json!({ "name": "app", "retention_in_days": 400 }),
            &[("kms_key_id", "aws_kms_key.records")],
        ),
    ]
}

fn rule(range: &str, from: u16, to: u16, protocol: &str) -> Value {
    json!({
        "cidr_blocks": [range], "ipv6_cidr_blocks": [], "prefix_list_ids": [], "security_groups": [], "self": false,
        "from_port": from, "to_port": to, "protocol": protocol, "description": "",
    })
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_plan_has_as_many_resources_as_asked_for_and_each_stands_in_all_its_parts() {
        let folder = tempfile::tempdir().unwrap();
        let file = folder.path().join("plan.json");
        write(&file, 400).unwrap();
        let plan: Value = serde_json::from_str(&std::fs::read_to_string(&file).unwrap()).unwrap();
        let modules = plan["planned_values"]["root_module"]["child_modules"].as_array().unwrap();
        let planned =
            modules.iter().map(|module| module["resources"].as_array().unwrap().len()).sum::<usize>() + 1;
        assert!((400..460).contains(&planned), "{planned}");
        assert_eq!(plan["resource_changes"].as_array().unwrap().len(), planned);
        let configured =
            &plan["configuration"]["root_module"]["module_calls"]["tenant"]["module"]["resources"];
        assert_eq!(configured.as_array().unwrap().len(), tenant(0).len());
    }
}
