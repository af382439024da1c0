//! Tunnels and lines: VPN connections and Direct Connect.

use crate::world::{World, answer, ask, reached};
use serde_json::json;
use site::network::{Carrier, Protection};

/// A network with a VPN connection and no route to it but what is propagated.
fn tunnel() -> World {
    World::new()
        .network("ehr", "10.1.0.0/16", json!([]))
        .but("aws_route_table.ehr", &json!({ "propagating_vgws": ["aws_vpn_gateway.ehr"] }))
        .with("aws_vpn_gateway.ehr", json!({ "vpc_id": "aws_vpc.ehr" }))
        .with("aws_customer_gateway.hospital", json!({ "ip_address": "8.8.8.8", "type": "ipsec.1" }))
        .with(
            "aws_vpn_connection.hospital",
            json!({
                "vpn_gateway_id": "aws_vpn_gateway.ehr",
                "customer_gateway_id": "aws_customer_gateway.hospital",
                "type": "ipsec.1",
                "static_routes_only": true,
            }),
        )
        .with(
            "aws_vpn_connection_route.hospital",
            json!({ "vpn_connection_id": "aws_vpn_connection.hospital", "destination_cidr_block": "192.168.0.0/16" }),
        )
}

const BEYOND: &str = "aws_vpn_connection.hospital (beyond)";

#[test]
fn what_comes_by_a_tunnel_reaches_a_network_that_learns_the_way_back() {
    let model = tunnel().model();
    let found = reached(answer(&model, BEYOND, "aws_instance.ehr"));
    assert!(found.decided, "{:?}", found.reasons);
    assert!(found.labels.has(Carrier::Internet, Protection::Ipsec));
    // Of TCP only those addresses are answered to which there is a way back.
    let tcp = found.packets.cubes().iter().filter(|cube| cube.protocol.contains(6));
    for cube in tcp {
        assert!(cube.to_string().starts_with("192.168.0.0/16"), "{cube}");
    }
    assert_eq!(ask(&model, "aws_instance.ehr", BEYOND), "yes");
}

#[test]
fn without_propagation_no_answer_goes_into_the_tunnel() {
    let model = tunnel().but("aws_route_table.ehr", &json!({ "propagating_vgws": [] })).model();
    assert_eq!(ask(&model, "aws_instance.ehr", BEYOND), "no");
    let found = reached(answer(&model, BEYOND, "aws_instance.ehr"));
    assert!(found.packets.cubes().iter().all(|cube| !cube.protocol.contains(6)), "{}", found.packets);
}

#[test]
fn over_bgp_nobody_knows_what_is_announced_unless_it_is_described() {
    let bgp = tunnel()
        .but("aws_vpn_connection.hospital", &json!({ "static_routes_only": false }))
        .without("aws_vpn_connection_route.hospital");
    let found = bgp.ask("aws_instance.ehr", BEYOND);
    assert_eq!(found, "maybe: aws_vpn_connection.hospital what lies beyond it");
}

#[test]
fn a_tunnel_takes_what_its_selectors_name() {
    let narrow =
        json!({ "remote_ipv4_network_cidr": "10.2.0.0/16", "local_ipv4_network_cidr": "192.168.1.0/24" });
    let model = tunnel().but("aws_vpn_connection.hospital", &narrow).model();
    assert_eq!(ask(&model, BEYOND, "aws_instance.ehr"), "no");
}

/// A line that ends at a gateway of lines, which is joined with the network.
fn line(allowed: &[&str]) -> World {
    World::new()
        .network(
            "ehr",
            "10.1.0.0/16",
            json!([{ "cidr_block": "192.168.0.0/16", "gateway_id": "aws_vpn_gateway.ehr" }]),
        )
        .with("aws_vpn_gateway.ehr", json!({ "vpc_id": "aws_vpc.ehr" }))
        .with("aws_dx_gateway.line", json!({ "name": "line", "amazon_side_asn": "64512" }))
        .with("aws_dx_connection.port", json!({ "bandwidth": "1Gbps" }))
        .with(
            "aws_dx_private_virtual_interface.line",
            json!({ "dx_gateway_id": "aws_dx_gateway.line", "connection_id": "aws_dx_connection.port" }),
        )
        .with(
            "aws_dx_gateway_association.ehr",
            json!({
                "dx_gateway_id": "aws_dx_gateway.line",
                "associated_gateway_id": "aws_vpn_gateway.ehr",
                "allowed_prefixes": allowed,
            }),
        )
}

#[test]
fn a_line_reaches_the_ranges_that_lie_in_an_allowed_prefix() {
    for (allowed, expected) in [
        (&[][..], "yes"),
        (&["10.1.0.0/16"], "yes"),
        (&["10.0.0.0/8"], "yes"),
        // A part of the range lets nothing through: only the range itself is announced.
        (&["10.1.5.0/24"], "no"),
        (&["172.16.0.0/12"], "no"),
    ] {
        let found = line(allowed).ask("aws_dx_gateway.line (beyond)", "aws_instance.ehr");
        assert_eq!(found, expected, "{allowed:?}");
    }
}

#[test]
fn a_line_without_macsec_is_in_the_clear() {
    let protection = |model: &site::model::Model| {
        let found = reached(answer(model, "aws_dx_gateway.line (beyond)", "aws_instance.ehr"));
        found.labels.links().collect::<Vec<_>>()
    };
    assert_eq!(protection(&line(&[]).model()), [(Carrier::LeasedLine, Protection::Clear)]);
    let safe = line(&[]).but("aws_dx_connection.port", &json!({ "encryption_mode": "must_encrypt" }));
    assert_eq!(protection(&safe.model()), [(Carrier::LeasedLine, Protection::Link)]);
}

#[test]
fn a_line_to_a_hub_reaches_what_is_announced() {
    let world = |allowed: &[&str]| {
        let hub = "aws_ec2_transit_gateway.hub";
        World::new()
            .network("ehr", "10.1.0.0/16", json!([{ "cidr_block": "0.0.0.0/0", "transit_gateway_id": hub }]))
            .with(hub, json!({}))
            .with(
                "aws_ec2_transit_gateway_vpc_attachment.ehr",
                json!({ "transit_gateway_id": hub, "vpc_id": "aws_vpc.ehr", "subnet_ids": ["aws_subnet.ehr"] }),
            )
            .with("aws_dx_gateway.line", json!({}))
            .with(
                "aws_dx_gateway_association.hub",
                json!({ "dx_gateway_id": "aws_dx_gateway.line", "associated_gateway_id": hub, "allowed_prefixes": allowed }),
            )
    };
    let ask = |allowed: &[&str]| world(allowed).ask("aws_dx_gateway.line (beyond)", "aws_instance.ehr");
    assert_eq!(ask(&["10.1.0.0/16"]), "yes");
    assert_eq!(ask(&["10.7.0.0/16"]), "no");
    assert_eq!(ask(&[]), "no");
}

#[test]
fn people_on_the_client_vpn_reach_what_is_authorized() {
    let world = |target: &str| {
        World::new()
            .network("ehr", "10.1.0.0/16", json!([]))
            .with(
                "aws_ec2_client_vpn_endpoint.staff",
                json!({ "client_cidr_block": "172.16.0.0/22", "vpc_id": "aws_vpc.ehr", "security_group_ids": ["aws_security_group.ehr"] }),
            )
            .with(
                "aws_ec2_client_vpn_network_association.staff",
                json!({ "client_vpn_endpoint_id": "aws_ec2_client_vpn_endpoint.staff", "subnet_id": "aws_subnet.ehr" }),
            )
            .with(
                "aws_ec2_client_vpn_authorization_rule.staff",
                json!({ "client_vpn_endpoint_id": "aws_ec2_client_vpn_endpoint.staff", "target_network_cidr": target }),
            )
    };
    let ask =
        |target: &str| world(target).ask("aws_ec2_client_vpn_endpoint.staff (beyond)", "aws_instance.ehr");
    assert_eq!(ask("10.1.0.0/16"), "yes");
    assert_eq!(ask("10.2.0.0/16"), "no");
}
