//! Transit gateways.

use crate::world::{World, answer, reached};
use serde_json::json;
use site::question::services;

/// Two spokes and shared services at one hub with default tables off: a table for the spokes that knows the services only,
/// and one for the services that knows the spokes.
fn hub() -> World {
    let mut world = World::new().with(
        "aws_ec2_transit_gateway.hub",
        json!({ "default_route_table_association": "disable", "default_route_table_propagation": "disable" }),
    );
    for (name, range) in [("one", "10.1.0.0/16"), ("two", "10.2.0.0/16"), ("shared", "10.9.0.0/16")] {
        let route =
            json!([{ "cidr_block": "10.0.0.0/8", "transit_gateway_id": "aws_ec2_transit_gateway.hub" }]);
        world = world.network(name, range, route).with(
            &format!("aws_ec2_transit_gateway_vpc_attachment.{name}"),
            json!({
                "transit_gateway_id": "aws_ec2_transit_gateway.hub",
                "vpc_id": format!("aws_vpc.{name}"),
                "subnet_ids": [format!("aws_subnet.{name}")],
            }),
        );
    }
    for table in ["spokes", "services"] {
        world = world.with(
            &format!("aws_ec2_transit_gateway_route_table.{table}"),
            json!({ "transit_gateway_id": "aws_ec2_transit_gateway.hub" }),
        );
    }
    let pairs = [("one", "spokes"), ("two", "spokes"), ("shared", "services")];
    for (name, table) in pairs {
        world = tie(world, "association", name, table);
        let other = if table == "spokes" { "services" } else { "spokes" };
        world = tie(world, "propagation", name, other);
    }
    world
}

fn tie(world: World, what: &str, name: &str, table: &str) -> World {
    world.with(
        &format!("aws_ec2_transit_gateway_route_table_{what}.{name}"),
        json!({
            "transit_gateway_attachment_id": format!("aws_ec2_transit_gateway_vpc_attachment.{name}"),
            "transit_gateway_route_table_id": format!("aws_ec2_transit_gateway_route_table.{table}"),
        }),
    )
}

#[test]
fn spokes_of_isolated_tables_reach_the_services_but_not_each_other() {
    let hub = hub();
    assert_eq!(hub.ask("aws_instance.one", "aws_instance.two"), "no");
    assert_eq!(hub.ask("aws_instance.one", "aws_instance.shared"), "yes");
    assert_eq!(hub.ask("aws_instance.shared", "aws_instance.two"), "yes");
}

#[test]
fn with_the_default_table_on_everything_is_joined_unless_attachments_opt_out() {
    let mut open = hub().but(
        "aws_ec2_transit_gateway.hub",
        &json!({ "default_route_table_association": "enable", "default_route_table_propagation": "enable" }),
    );
    for name in ["one", "two", "shared"] {
        for what in ["association", "propagation"] {
            open = open.without(&format!("aws_ec2_transit_gateway_route_table_{what}.{name}"));
        }
    }
    assert_eq!(open.ask("aws_instance.one", "aws_instance.two"), "yes");
    let out = json!({ "transit_gateway_default_route_table_propagation": false });
    let quiet = open.clone().but("aws_ec2_transit_gateway_vpc_attachment.two", &out);
    assert_eq!(quiet.ask("aws_instance.one", "aws_instance.two"), "no");
    let out = json!({ "transit_gateway_default_route_table_association": false });
    let mute = open.but("aws_ec2_transit_gateway_vpc_attachment.one", &out);
    assert_eq!(mute.ask("aws_instance.one", "aws_instance.two"), "no");
}

#[test]
fn a_blackhole_takes_the_place_of_what_is_propagated() {
    let route = |more: serde_json::Value| {
        let mut all = json!({
            "transit_gateway_route_table_id": "aws_ec2_transit_gateway_route_table.spokes",
            "destination_cidr_block": "10.9.0.0/16",
        });
        all.as_object_mut().unwrap().extend(more.as_object().unwrap().clone());
        hub().with("aws_ec2_transit_gateway_route.services", all)
    };
    let hole = route(json!({ "blackhole": true }));
    assert_eq!(hole.ask("aws_instance.one", "aws_instance.shared"), "no");
}

#[test]
fn a_network_whose_table_has_no_route_back_takes_no_connection() {
    let mute = hub().without("aws_ec2_transit_gateway_route_table_propagation.one").model();
    let taken = |from: &str| services(&reached(answer(&mute, from, "aws_instance.shared")).packets);
    assert_eq!(taken("aws_instance.one"), ["IP 0-5", "IP 7-255"], "TCP needs answers");
    assert_eq!(taken("aws_instance.two"), ["IP 0-5", "IP 7-255", "TCP"]);
}

#[test]
fn a_static_route_and_one_back_join_spokes() {
    let mut world = hub();
    for (name, range) in [("one", "10.1.0.0/16"), ("two", "10.2.0.0/16")] {
        world = world.with(
            &format!("aws_ec2_transit_gateway_route.{name}"),
            json!({
                "transit_gateway_route_table_id": "aws_ec2_transit_gateway_route_table.spokes",
                "destination_cidr_block": range,
                "transit_gateway_attachment_id": format!("aws_ec2_transit_gateway_vpc_attachment.{name}"),
            }),
        );
    }
    assert_eq!(world.ask("aws_instance.one", "aws_instance.two"), "yes");
}

#[test]
fn of_a_hub_that_another_account_manages_nobody_knows_the_tables() {
    let mut world = hub().without("aws_ec2_transit_gateway.hub");
    for what in ["association", "propagation"] {
        for name in ["one", "two", "shared"] {
            world = world.without(&format!("aws_ec2_transit_gateway_route_table_{what}.{name}"));
        }
    }
    let found = world.ask("aws_instance.one", "aws_instance.two");
    assert!(found.starts_with("maybe: ") && found.contains("route tables"), "{found}");
}
