//! States tell ids and addresses: what is joined by them, and which host a public address belongs to.

use serde_json::{Value, json};
use site::model::Model;
use site::network::NodeId;
use site::packet::{Cube, PacketSet};
use site::plan::Plan;
use site::reach::{Answer, Question};

fn instance(name: &str, private: &str, public: &str) -> Value {
    json!({"address": format!("aws_instance.{name}"), "mode": "managed", "type": "aws_instance", "name": name, "values": {
        "id": format!("i-{name}"), "subnet_id": "subnet-1", "vpc_security_group_ids": ["sg-1"], "private_ip": private,
        "public_ip": public, "associate_public_ip_address": !public.is_empty(),
    }})
}

fn thing(kind: &str, values: Value) -> Value {
    json!({"address": format!("{kind}.x"), "mode": "managed", "type": kind, "name": "x", "values": values})
}

fn state(gateway: &str) -> Model {
    let resources = json!([
        thing("aws_vpc", json!({"id": "vpc-1", "cidr_block": "10.0.0.0/16", "ipv6_cidr_block": ""})),
        thing("aws_internet_gateway", json!({"id": "igw-1", "vpc_id": "vpc-1"})),
        thing("aws_subnet", json!({"id": "subnet-1", "vpc_id": "vpc-1", "cidr_block": "10.0.1.0/24"})),
        thing(
            "aws_route_table",
            json!({"id": "rtb-1", "vpc_id": "vpc-1", "route": [
                {"cidr_block": "0.0.0.0/0", "gateway_id": gateway, "nat_gateway_id": "", "ipv6_cidr_block": ""},
            ]})
        ),
        thing(
            "aws_route_table_association",
            json!({"subnet_id": "subnet-1", "route_table_id": "rtb-1", "gateway_id": ""})
        ),
        thing(
            "aws_security_group",
            json!({"id": "sg-1", "vpc_id": "vpc-1", "ingress": [
            {"protocol": "tcp", "from_port": 443, "to_port": 443, "cidr_blocks": ["0.0.0.0/0"], "self": false, "security_groups": []},
        ], "egress": []})
        ),
        instance("one", "10.0.1.4", "3.3.3.3"),
        instance("two", "10.0.1.5", "5.5.5.5"),
        instance("inner", "10.0.1.6", ""),
    ]);
    let state = json!({"format_version": "1.0", "values": {"root_module": {"resources": resources}}});
    Model::draw(None, &[Plan::read("state.json", state.to_string().as_bytes(), 0).unwrap()]).unwrap()
}

/// Whether packets from the internet to an address come to a host.
fn comes(model: &Model, address: &str, host: &str) -> bool {
    let node = |name: &str| -> NodeId { model.find(name).unwrap() };
    let cubes = model.network.sources(node("internet"));
    let packets = PacketSet::from_sources(&cubes)
        .intersect(&PacketSet::from_cubes([Cube::to(address.parse().unwrap())]));
    let reach = Question::of(&model.network).sending(node("internet"), &packets);
    matches!(reach.to(node(host)), Answer::Reached(reached) if reached.decided)
}

#[test]
fn a_public_address_leads_to_the_host_that_has_it() {
    let model = state("igw-1");
    assert!(comes(&model, "3.3.3.3", "aws_instance.one") && !comes(&model, "3.3.3.3", "aws_instance.two"));
    assert!(comes(&model, "5.5.5.5", "aws_instance.two") && !comes(&model, "5.5.5.5", "aws_instance.one"));
    assert!(!comes(&model, "3.3.3.3", "aws_instance.inner") && !comes(&model, "4.4.4.4", "aws_instance.one"));
}

#[test]
fn a_gateway_that_is_not_in_the_state_is_no_less_a_way_in() {
    assert_eq!(super::made::ask(&state("igw-9"), "internet", "aws_instance.one"), "yes");
    assert_eq!(super::made::ask(&state("vgw-9"), "internet", "aws_instance.one"), "maybe");
}
