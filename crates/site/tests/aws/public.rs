//! What the internet can address.

use super::made::Made;
use serde_json::json;

fn web(public: bool) -> Made {
    Made::network().group("web", "0.0.0.0/0", 443).instance("web", "public", "web", public)
}

#[test]
fn a_host_with_a_public_address_in_a_public_subnet_is_reached() {
    assert_eq!(web(true).ask("internet", "aws_instance.web"), "yes");
    assert_eq!(web(true).ask("aws_instance.web", "internet"), "yes");
}

#[test]
fn a_host_without_a_public_address_is_neither_reached_nor_goes_out() {
    assert_eq!(web(false).ask("internet", "aws_instance.web"), "no");
    assert_eq!(web(false).ask("aws_instance.web", "internet"), "no");
}

#[test]
fn a_host_beside_a_public_one_in_the_same_subnet_and_group_is_not_reached() {
    let plan = web(true).instance("inner", "public", "web", false);
    assert_eq!(plan.ask("internet", "aws_instance.inner"), "no");
    assert_eq!(plan.ask("internet", "aws_instance.web"), "yes");
    assert_eq!(plan.ask("aws_instance.web", "aws_instance.inner"), "yes");
}

#[test]
fn a_public_address_in_a_subnet_without_a_route_to_the_gateway_is_of_no_use() {
    let plan = Made::network().group("web", "0.0.0.0/0", 443).instance("web", "private", "web", true);
    assert_eq!(plan.ask("internet", "aws_instance.web"), "no");
    assert_eq!(plan.ask("aws_instance.web", "internet"), "no");
}

#[test]
fn the_subnet_gives_public_addresses_where_the_instance_says_nothing() {
    let silent = web(true).change("aws_instance.web", json!({"associate_public_ip_address": null}));
    assert_eq!(silent.ask("internet", "aws_instance.web"), "no");
    let gives = silent.clone().change("aws_subnet.public", json!({"map_public_ip_on_launch": true}));
    assert_eq!(gives.ask("internet", "aws_instance.web"), "yes");
    let open = silent.change("aws_subnet.public", json!({"map_public_ip_on_launch": "?"}));
    assert_eq!(open.ask("internet", "aws_instance.web"), "maybe");
}

#[test]
fn an_elastic_address_makes_a_host_public() {
    let direct = web(false).with("aws_eip.web", json!({"instance": "=aws_instance.web"}));
    assert_eq!(direct.ask("internet", "aws_instance.web"), "yes");
    let associated = web(false).with("aws_eip.web", json!({})).with(
        "aws_eip_association.web",
        json!({"instance_id": "=aws_instance.web", "allocation_id": "=aws_eip.web"}),
    );
    assert_eq!(associated.ask("internet", "aws_instance.web"), "yes");
    assert_eq!(associated.ask("aws_instance.web", "internet"), "yes");
}

#[test]
fn an_interface_of_its_own_carries_the_address_and_groups_of_its_instance() {
    let plan = Made::network()
        .group("web", "0.0.0.0/0", 443)
        .with(
            "aws_network_interface.web",
            json!({"subnet_id": "=aws_subnet.public", "security_groups": ["=aws_security_group.web"]}),
        )
        .with(
            "aws_instance.web",
            json!({"network_interface": [{"network_interface_id": "=aws_network_interface.web", "device_index": 0}]}),
        );
    assert_eq!(plan.ask("internet", "aws_instance.web"), "no");
    let plan = plan.with("aws_eip.web", json!({"network_interface": "=aws_network_interface.web"}));
    assert_eq!(plan.ask("internet", "aws_instance.web"), "yes");
    assert_eq!(plan.ask("internet", "aws_network_interface.web"), "yes");
}

#[test]
fn a_route_that_is_more_specific_takes_the_answers_away() {
    let plan = web(true)
        .with(
            "aws_route.away",
            json!({
                "route_table_id": "=aws_route_table.public",
                "destination_cidr_block": "0.0.0.0/1",
                "vpc_endpoint_id": "=local.firewall",
            }),
        )
        .with(
            "aws_route.away2",
            json!({
                "route_table_id": "=aws_route_table.public",
                "destination_cidr_block": "128.0.0.0/1",
                "vpc_endpoint_id": "=local.firewall",
            }),
        );
    assert_eq!(plan.ask("internet", "aws_instance.web"), "maybe");
}

#[test]
fn global_addresses_of_ipv6_are_reached_without_translation() {
    let v6 = Made::network()
        .change("aws_vpc.main", json!({"assign_generated_ipv6_cidr_block": true, "ipv6_cidr_block": "?"}))
        .change("aws_subnet.public", json!({"ipv6_cidr_block": "?", "assign_ipv6_address_on_creation": true}))
        .group("web", "10.0.0.0/8", 443)
        .change(
            "aws_security_group.web",
            json!({"ingress": [{"protocol": "tcp", "from_port": 443, "to_port": 443, "ipv6_cidr_blocks": ["::/0"]}]}),
        )
        .instance("web", "public", "web", false);
    assert_eq!(v6.ask("internet", "aws_instance.web"), "no");
    let routed = v6.clone().with(
        "aws_route.v6",
        json!({
            "route_table_id": "=aws_route_table.public",
            "destination_ipv6_cidr_block": "::/0",
            "gateway_id": "=aws_internet_gateway.main",
        }),
    );
    assert_eq!(routed.ask("internet", "aws_instance.web"), "yes");
    let only_out = v6.with("aws_egress_only_internet_gateway.out", json!({"vpc_id": "=aws_vpc.main"})).with(
        "aws_route.v6",
        json!({
            "route_table_id": "=aws_route_table.public",
            "destination_ipv6_cidr_block": "::/0",
            "egress_only_gateway_id": "=aws_egress_only_internet_gateway.out",
        }),
    );
    assert_eq!(only_out.ask("internet", "aws_instance.web"), "no");
    assert_eq!(only_out.ask("aws_instance.web", "internet"), "yes");
}
