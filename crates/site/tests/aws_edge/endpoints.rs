//! Private endpoints and the services behind them.

use crate::world::{World, answer, ask, reached, told};
use serde_json::{Value, json};
use site::model::Model;

/// Two hospitals of the same range, each with an endpoint of the service of a third network.
fn hospitals(acceptance: bool) -> World {
    let mut world = World::new()
        .network("saas", "10.0.0.0/16", json!([]))
        .with(
            "aws_lb.saas",
            json!({ "load_balancer_type": "network", "internal": true, "subnets": ["aws_subnet.saas"] }),
        )
        .with(
            "aws_lb_target_group.saas",
            json!({ "port": 8443, "protocol": "TCP", "target_type": "instance", "vpc_id": "aws_vpc.saas" }),
        )
        .with(
            "aws_lb_listener.saas",
            json!({
                "load_balancer_arn": "arn:aws_lb.saas",
                "port": 443,
                "protocol": "TCP",
                "default_action": [{ "type": "forward", "target_group_arn": "arn:aws_lb_target_group.saas" }],
            }),
        )
        .with(
            "aws_lb_target_group_attachment.saas",
            json!({ "target_group_arn": "arn:aws_lb_target_group.saas", "target_id": "aws_instance.saas" }),
        )
        .with(
            "aws_vpc_endpoint_service.saas",
            json!({
                "acceptance_required": acceptance,
                "network_load_balancer_arns": ["arn:aws_lb.saas"],
                "service_name": "com.amazonaws.vpce.ap-northeast-1.vpce-svc-1",
            }),
        );
    for name in ["north", "south"] {
        world = world.network(name, "10.0.0.0/16", json!([])).with(
            &format!("aws_vpc_endpoint.{name}"),
            json!({
                "vpc_endpoint_type": "Interface",
                "vpc_id": format!("aws_vpc.{name}"),
                "service_name": "com.amazonaws.vpce.ap-northeast-1.vpce-svc-1",
                "subnet_ids": [format!("aws_subnet.{name}")],
                "security_group_ids": [format!("aws_security_group.{name}")],
            }),
        );
    }
    world
}

#[test]
fn hospitals_of_the_same_range_reach_the_service_and_not_each_other() {
    let model = hospitals(false).model();
    for (from, other) in [("north", "south"), ("south", "north")] {
        let (from, other) = (format!("aws_instance.{from}"), format!("aws_instance.{other}"));
        let found = reached(answer(&model, &from, "aws_instance.saas"));
        assert!(found.decided, "{:?} {}", found.reasons, told(&model, &found));
        assert!(found.packets.cubes().iter().all(|cube| cube.to_string().ends_with("TCP 8443")));
        assert!(!told(&model, &found).contains(&other));
        assert_eq!(ask(&model, &from, &other), "no");
        assert_eq!(ask(&model, "aws_instance.saas", &from), "no", "an endpoint is one way");
    }
}

#[test]
fn behind_the_balancer_consumers_have_its_address() {
    let inside = |range: &str| json!({ "ingress": [{ "from_port": 8443, "to_port": 8443, "protocol": "tcp", "cidr_blocks": [range] }] });
    let own = json!({ "cidr_block": "10.9.0.0/16" });
    let world = hospitals(false).but("aws_vpc.saas", &own).but("aws_subnet.saas", &own);
    let ask = |range: &str| {
        world
            .clone()
            .but("aws_security_group.saas", &inside(range))
            .ask("aws_instance.north", "aws_instance.saas")
    };
    assert_eq!(ask("10.9.0.0/16"), "yes");
    assert_eq!(ask("10.0.0.0/16"), "no");
}

#[test]
fn an_endpoint_that_nobody_accepted_may_not_be_connected() {
    let waiting = hospitals(true);
    assert_eq!(
        waiting.ask("aws_instance.north", "aws_instance.saas"),
        "maybe: aws_vpc_endpoint_service.saas acceptance_required"
    );
    let accepted = waiting.with(
        "aws_vpc_endpoint_connection_accepter.north",
        json!({ "vpc_endpoint_service_id": "aws_vpc_endpoint_service.saas", "vpc_endpoint_id": "aws_vpc_endpoint.north" }),
    );
    assert_eq!(accepted.ask("aws_instance.north", "aws_instance.saas"), "yes");
}

#[test]
fn consumers_that_nobody_described_come_in_by_the_service() {
    let model = hospitals(false).model();
    assert_eq!(ask(&model, "aws_vpc_endpoint_service.saas (beyond)", "aws_instance.saas"), "yes");
}

/// A network without a way out but an endpoint of S3.
fn private(kind: &str, policy: Option<Value>) -> World {
    let mut endpoint = json!({
        "vpc_endpoint_type": kind,
        "vpc_id": "aws_vpc.ehr",
        "service_name": "com.amazonaws.ap-northeast-1.s3",
    });
    let own = if kind == "Gateway" {
        json!({ "route_table_ids": ["aws_route_table.ehr"] })
    } else {
        json!({ "subnet_ids": ["aws_subnet.ehr"], "security_group_ids": ["aws_security_group.ehr"] })
    };
    endpoint.as_object_mut().unwrap().extend(own.as_object().unwrap().clone());
    if let Some(policy) = policy {
        endpoint["policy"] = json!(policy.to_string());
    }
    World::new()
        .network("ehr", "10.1.0.0/16", json!([]))
        .with("aws_vpc_endpoint.s3", endpoint)
        .with("aws_s3_bucket.images", json!({ "bucket": "images" }))
}

fn statement(resource: &str) -> Value {
    json!({ "Statement": [{ "Effect": "Allow", "Principal": "*", "Action": "s3:*", "Resource": resource }] })
}

#[test]
fn buckets_are_reached_by_either_endpoint_as_its_policy_says() {
    let all = "com.amazonaws.ap-northeast-1.s3";
    for kind in ["Gateway", "Interface"] {
        let open = private(kind, None).model();
        assert_eq!(ask(&open, "aws_instance.ehr", "aws_s3_bucket.images"), "yes", "{kind}");
        assert_eq!(ask(&open, "aws_instance.ehr", all), "yes", "{kind}: and those of others");
        let own = private(kind, Some(statement("arn:aws:s3:::images/*")));
        let own = own.but("aws_s3_bucket.images", &json!({ "arn": "arn:aws:s3:::images" })).model();
        assert_eq!(ask(&own, "aws_instance.ehr", "aws_s3_bucket.images"), "yes", "{kind}");
        let other = private(kind, Some(statement("arn:aws:s3:::other/*")));
        let other = other.but("aws_s3_bucket.images", &json!({ "arn": "arn:aws:s3:::images" }));
        assert_eq!(other.ask("aws_instance.ehr", "aws_s3_bucket.images"), "no", "{kind}");
    }
    let none = private("Gateway", None).without("aws_vpc_endpoint.s3");
    assert_eq!(none.ask("aws_instance.ehr", "aws_s3_bucket.images"), "no");
}

#[test]
fn a_bucket_that_takes_another_endpoint_only_is_not_reached() {
    let deny = |endpoint: &str| {
        let policy = json!({ "Statement": [{
            "Effect": "Deny", "Principal": "*", "Action": "s3:*",
            "Resource": ["arn:aws:s3:::images", "arn:aws:s3:::images/*"],
            "Condition": { "StringNotEquals": { "aws:SourceVpce": endpoint } },
        }] });
        let world = private("Gateway", None).with(
            "aws_s3_bucket_policy.images",
            json!({ "bucket": "aws_s3_bucket.images", "policy": policy.to_string() }),
        );
        world.ask("aws_instance.ehr", "aws_s3_bucket.images")
    };
    assert_eq!(deny("aws_vpc_endpoint.s3"), "yes");
    assert_eq!(deny("vpce-other"), "no");
}

#[test]
fn a_resolver_endpoint_answers_questions_for_names_only() {
    let world = World::new().network("ehr", "10.1.0.0/16", json!([])).with(
        "aws_route53_resolver_endpoint.dns",
        json!({
            "direction": "INBOUND",
            "security_group_ids": ["aws_security_group.ehr"],
            "ip_address": [{ "subnet_id": "aws_subnet.ehr", "ip": "10.1.0.10" }],
        }),
    );
    let model: Model = world.model();
    let found = reached(answer(&model, "aws_instance.ehr", "aws_route53_resolver_endpoint.dns"));
    assert!(found.decided);
    assert!(found.packets.cubes().iter().all(|cube| cube.to_string().ends_with(" 53")), "{}", found.packets);
}
