//! NAT gateways, peerings, instances that send on.

use super::made::{Made, ask, reasons};
use serde_json::json;
use site::model::Model;

fn with_nat(public: bool) -> Made {
    let kind = if public { "public" } else { "private" };
    Made::network()
        .group("app", "0.0.0.0/0", 443)
        .instance("app", "private", "app", false)
        .with("aws_eip.nat", json!({}))
        .with(
            "aws_nat_gateway.main",
            json!({"subnet_id": "=aws_subnet.public", "allocation_id": "=aws_eip.nat", "connectivity_type": kind}),
        )
        .with(
            "aws_route.private",
            json!({
                "route_table_id": "=aws_route_table.private",
                "destination_cidr_block": "0.0.0.0/0",
                "nat_gateway_id": "=aws_nat_gateway.main",
            }),
        )
}

#[test]
fn a_nat_gateway_leads_out_and_not_in() {
    assert_eq!(with_nat(true).ask("aws_instance.app", "internet"), "yes");
    assert_eq!(with_nat(true).ask("internet", "aws_instance.app"), "no");
    assert_eq!(with_nat(false).ask("aws_instance.app", "internet"), "no");
}

fn peered(near: bool, far: bool) -> Made {
    let mut plan = Made::network()
        .group("app", "0.0.0.0/0", 443)
        .instance("app", "private", "app", false)
        .with("aws_vpc.far", json!({"cidr_block": "10.1.0.0/16"}))
        .with("aws_route_table.far", json!({"vpc_id": "=aws_vpc.far"}))
        .with("aws_subnet.far", json!({"vpc_id": "=aws_vpc.far", "cidr_block": "10.1.1.0/24"}))
        .with(
            "aws_route_table_association.far",
            json!({"subnet_id": "=aws_subnet.far", "route_table_id": "=aws_route_table.far"}),
        )
        .group("far", "10.0.0.0/8", 443)
        .change("aws_security_group.far", json!({"vpc_id": "=aws_vpc.far"}))
        .instance("far", "far", "far", false)
        .with(
            "aws_vpc_peering_connection.both",
            json!({"vpc_id": "=aws_vpc.main", "peer_vpc_id": "=aws_vpc.far", "auto_accept": true}),
        );
    for (is_there, table, net) in [(near, "private", "10.1.0.0/16"), (far, "far", "10.0.0.0/16")] {
        if is_there {
            plan = plan.with(
                &format!("aws_route.to_{table}"),
                json!({
                    "route_table_id": format!("=aws_route_table.{table}"),
                    "destination_cidr_block": net,
                    "vpc_peering_connection_id": "=aws_vpc_peering_connection.both",
                }),
            );
        }
    }
    plan
}

#[test]
fn a_peering_needs_routes_on_both_sides() {
    assert_eq!(peered(true, true).ask("aws_instance.app", "aws_instance.far"), "yes");
    assert_eq!(peered(true, true).ask("aws_instance.far", "aws_instance.app"), "yes");
    assert_eq!(peered(false, true).ask("aws_instance.app", "aws_instance.far"), "no");
}

#[test]
fn a_peering_that_answers_do_not_find_back_by_carries_no_connection() {
    let plan = peered(true, false).change(
        "aws_security_group.far",
        json!({"ingress": [{"protocol": "tcp", "from_port": 0, "to_port": 65535, "cidr_blocks": ["0.0.0.0/0"]}]}),
    );
    assert_eq!(plan.ask("aws_instance.app", "aws_instance.far"), "no");
}

#[test]
fn a_peering_leads_no_further_than_to_its_network() {
    let plan = peered(true, true).with(
        "aws_route.out",
        json!({
            "route_table_id": "=aws_route_table.far",
            "destination_cidr_block": "0.0.0.0/0",
            "vpc_peering_connection_id": "=aws_vpc_peering_connection.both",
        }),
    );
    assert_eq!(plan.ask("aws_instance.far", "internet"), "no");
}

#[test]
fn a_peering_that_nobody_accepted_is_in_doubt() {
    let plan = peered(true, true).change("aws_vpc_peering_connection.both", json!({"auto_accept": false}));
    assert_eq!(plan.ask("aws_instance.app", "aws_instance.far"), "maybe");
    let accepted = plan.with(
        "aws_vpc_peering_connection_accepter.both",
        json!({"vpc_peering_connection_id": "=aws_vpc_peering_connection.both", "auto_accept": true}),
    );
    assert_eq!(accepted.ask("aws_instance.app", "aws_instance.far"), "yes");
}

#[test]
fn a_peering_with_another_account_leads_to_what_nobody_described() {
    let plan = peered(true, true)
        .change("aws_vpc_peering_connection.both", json!({"peer_vpc_id": "vpc-0abc", "peer_owner_id": "1"}));
    let model = plan.model();
    let beyond = "aws_vpc_peering_connection.both (beyond)";
    assert_ne!(ask(&model, "aws_instance.app", beyond), "no");
    assert_ne!(ask(&model, beyond, "aws_instance.app"), "no");
}

#[test]
fn an_instance_as_the_target_of_a_route_sends_on_only_where_aws_does_not_check_it() {
    let appliance = |checks: bool| {
        Made::network()
            .group("app", "0.0.0.0/0", 443)
            .instance("app", "private", "app", false)
            .instance("nat", "public", "app", true)
            .change("aws_instance.nat", json!({"source_dest_check": checks}))
            .with(
                "aws_route.private",
                json!({
                    "route_table_id": "=aws_route_table.private",
                    "destination_cidr_block": "0.0.0.0/0",
                    "network_interface_id": "=aws_instance.nat",
                }),
            )
    };
    assert_eq!(appliance(false).ask("aws_instance.app", "internet"), "maybe");
    assert_eq!(appliance(true).ask("aws_instance.app", "internet"), "no");
}

#[test]
fn a_route_to_what_is_not_modelled_is_undecided_and_names_it() {
    let plan = with_nat(true)
        .without("aws_route.private")
        .with(
            "aws_route.private",
            json!({
                "route_table_id": "=aws_route_table.private",
                "destination_cidr_block": "0.0.0.0/0",
                "carrier_gateway_id": "=aws_ec2_carrier_gateway.edge",
            }),
        )
        .with("aws_ec2_carrier_gateway.edge", json!({"vpc_id": "=aws_vpc.main"}));
    assert_eq!(plan.ask("aws_instance.app", "internet"), "undecided");
    let told = reasons(&plan.model(), "aws_instance.app", "internet");
    assert!(told.iter().any(|reason| reason.starts_with("aws_ec2_carrier_gateway.edge")), "{told:?}");
}

#[test]
fn two_plans_with_the_same_addresses_are_kept_apart() {
    let plan = with_nat(true).instance("web", "public", "app", true);
    let model = Model::draw(None, &[plan.plan(0), plan.plan(1)]).unwrap();
    assert_eq!(ask(&model, "aws_instance.web", "aws_instance.app"), "yes");
    assert_eq!(ask(&model, "aws_instance.web#1", "aws_instance.app#1"), "yes");
    assert_eq!(ask(&model, "aws_instance.web#1", "aws_instance.app"), "no");
    assert_eq!(ask(&model, "internet", "aws_instance.web#1"), "yes");
}
