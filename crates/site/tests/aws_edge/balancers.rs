//! Load balancers.

use crate::world::{World, answer, ask, reached, told};
use serde_json::{Value, json};

/// A network with an internet gateway, a balancer, a target that lets in the balancer's group only, and another host of the
/// same subnet and groups that nobody registered.
fn balanced(more: &Value) -> World {
    let igw = json!([{ "cidr_block": "0.0.0.0/0", "gateway_id": "aws_internet_gateway.ehr" }]);
    let all = json!([{ "from_port": 0, "to_port": 0, "protocol": "-1", "cidr_blocks": ["0.0.0.0/0"] }]);
    let from_balancer = json!([{ "from_port": 8080, "to_port": 8080, "protocol": "tcp", "security_groups": ["aws_security_group.front"] }]);
    World::new()
        .network("ehr", "10.1.0.0/16", igw)
        .with("aws_internet_gateway.ehr", json!({ "vpc_id": "aws_vpc.ehr" }))
        .with(
            "aws_security_group.front",
            json!({
                "vpc_id": "aws_vpc.ehr",
                "ingress": [{ "from_port": 443, "to_port": 443, "protocol": "tcp", "cidr_blocks": ["0.0.0.0/0"] }],
                "egress": all,
            }),
        )
        .but("aws_security_group.ehr", &json!({ "ingress": from_balancer }))
        .with(
            "aws_instance.beside",
            json!({ "subnet_id": "aws_subnet.ehr", "vpc_security_group_ids": ["aws_security_group.ehr"], "associate_public_ip_address": false }),
        )
        .with(
            "aws_lb.front",
            json!({
                "load_balancer_type": "application",
                "internal": false,
                "subnets": ["aws_subnet.ehr"],
                "security_groups": ["aws_security_group.front"],
            }),
        )
        .but("aws_lb.front", more)
        .with(
            "aws_lb_target_group.app",
            json!({ "port": 8080, "protocol": "HTTP", "target_type": "instance", "vpc_id": "aws_vpc.ehr" }),
        )
        .with(
            "aws_lb_listener.front",
            json!({
                "load_balancer_arn": "arn:aws_lb.front",
                "port": 443,
                "protocol": "HTTPS",
                "ssl_policy": "ELBSecurityPolicy-TLS13-1-3-2021-06",
                "mutual_authentication": [{ "mode": "verify", "trust_store_arn": "arn:x" }],
                "default_action": [{ "type": "forward", "target_group_arn": "arn:aws_lb_target_group.app" }],
            }),
        )
        .with(
            "aws_lb_target_group_attachment.app",
            json!({ "target_group_arn": "arn:aws_lb_target_group.app", "target_id": "aws_instance.ehr", "port": 8080 }),
        )
}

#[test]
fn the_internet_reaches_the_target_through_the_balancer_and_nothing_else() {
    let model = balanced(&json!({})).model();
    let found = reached(answer(&model, "internet", "aws_instance.ehr"));
    assert!(found.decided, "{:?}", found.reasons);
    assert!(
        found.packets.cubes().iter().all(|cube| cube.to_string().starts_with("10.1.0.0/16")),
        "the source is the balancer"
    );
    assert!(told(&model, &found).contains("ELBSecurityPolicy-TLS13-1-3-2021-06, mutual TLS verify"));
    assert_eq!(ask(&model, "internet", "aws_instance.beside"), "no");
}

#[test]
fn an_internal_balancer_is_not_reached_from_the_internet() {
    let world = balanced(&json!({ "internal": true }));
    assert_eq!(world.ask("internet", "aws_instance.ehr"), "no");
    assert_eq!(world.ask("aws_instance.beside", "aws_instance.ehr"), "yes");
}

#[test]
fn without_a_listener_or_with_a_closed_group_nothing_passes() {
    assert_eq!(
        balanced(&json!({})).without("aws_lb_listener.front").ask("internet", "aws_instance.ehr"),
        "no"
    );
    let closed = balanced(&json!({})).but("aws_security_group.front", &json!({ "ingress": [] }));
    assert_eq!(closed.ask("internet", "aws_instance.ehr"), "no");
}

#[test]
fn targets_that_nobody_registered_may_be_anybody() {
    let world = balanced(&json!({})).without("aws_lb_target_group_attachment.app");
    let found = world.ask("internet", "aws_instance.ehr");
    assert!(found.starts_with("maybe: ") && found.contains("aws_lb_target_group.app targets"), "{found}");
}

#[test]
fn a_network_balancer_keeps_the_address_of_the_client_as_its_group_says() {
    let network = json!({ "load_balancer_type": "network", "security_groups": [] });
    let from_anybody = json!({ "ingress": [{ "from_port": 8080, "to_port": 8080, "protocol": "tcp", "cidr_blocks": ["0.0.0.0/0"] }] });
    let from_inside = json!({ "ingress": [{ "from_port": 8080, "to_port": 8080, "protocol": "tcp", "cidr_blocks": ["10.1.0.0/16"] }] });
    let world = balanced(&network).but("aws_lb_listener.front", &json!({ "protocol": "TCP" }));
    let asked = |group: &Value, keep: Value| {
        let world = world.clone().but("aws_security_group.ehr", group);
        world
            .but("aws_lb_target_group.app", &json!({ "protocol": "TCP", "preserve_client_ip": keep }))
            .ask("internet", "aws_instance.ehr")
    };
    assert_eq!(asked(&from_anybody, json!("true")), "yes");
    assert_eq!(asked(&from_inside, json!("true")), "no", "the target sees the client");
    assert_eq!(asked(&from_inside, json!("false")), "yes", "the target sees the balancer");
    assert_eq!(asked(&from_inside, Value::Null), "no", "instances see the client where nothing is said");
}

#[test]
fn a_list_between_the_subnets_of_balancer_and_target_is_not_passed_by() {
    let deny = json!([{ "rule_no": 100, "action": "deny", "protocol": "-1", "from_port": 0, "to_port": 0, "cidr_block": "0.0.0.0/0" }]);
    let world = balanced(&json!({}))
        .but("aws_vpc.ehr", &json!({ "cidr_block": "10.0.0.0/8" }))
        .with("aws_subnet.inner", json!({ "vpc_id": "aws_vpc.ehr", "cidr_block": "10.2.0.0/16" }))
        .but("aws_instance.ehr", &json!({ "subnet_id": "aws_subnet.inner" }));
    assert_eq!(world.ask("internet", "aws_instance.ehr"), "yes");
    let listed = world.with(
        "aws_network_acl.inner",
        json!({ "vpc_id": "aws_vpc.ehr", "subnet_ids": ["aws_subnet.inner"], "ingress": deny, "egress": deny }),
    );
    assert_eq!(listed.ask("internet", "aws_instance.ehr"), "no");
}
