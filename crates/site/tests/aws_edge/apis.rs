//! API Gateway and what fronts it.

use crate::world::{World, answer, ask, node, reached, told};
use serde_json::{Value, json};

/// A REST API that calls a function.
fn api(more: &Value) -> World {
    World::new()
        .network("ehr", "10.1.0.0/16", json!([]))
        .with("aws_lambda_function.app", json!({ "function_name": "app", "invoke_arn": "arn:aws_lambda_function.app" }))
        .with("aws_api_gateway_rest_api.api", json!({ "endpoint_configuration": [{ "types": ["REGIONAL"] }] }))
        .but("aws_api_gateway_rest_api.api", more)
        .with(
            "aws_api_gateway_integration.app",
            json!({ "rest_api_id": "aws_api_gateway_rest_api.api", "type": "AWS_PROXY", "uri": "arn:aws_lambda_function.app" }),
        )
        .with(
            "aws_vpc_endpoint.api",
            json!({
                "vpc_endpoint_type": "Interface",
                "vpc_id": "aws_vpc.ehr",
                "service_name": "com.amazonaws.ap-northeast-1.execute-api",
                "subnet_ids": ["aws_subnet.ehr"],
                "security_group_ids": ["aws_security_group.ehr"],
            }),
        )
}

fn policy(condition: Value) -> Value {
    let mut statement = json!({ "Effect": "Allow", "Principal": "*", "Action": "execute-api:Invoke", "Resource": "execute-api:/*" });
    if !condition.is_null() {
        statement["Condition"] = condition;
    }
    json!(json!({ "Statement": [statement] }).to_string())
}

#[test]
fn a_regional_api_is_reached_from_the_internet_and_so_is_its_function() {
    let model = api(&json!({})).model();
    assert_eq!(ask(&model, "internet", "aws_api_gateway_rest_api.api"), "yes");
    assert_eq!(ask(&model, "internet", "aws_lambda_function.app"), "yes");
}

#[test]
fn a_private_api_is_reached_from_endpoints_that_its_policy_names_only() {
    let private = |policy: Value| {
        let model =
            api(&json!({ "endpoint_configuration": [{ "types": ["PRIVATE"] }], "policy": policy })).model();
        assert_eq!(ask(&model, "internet", "aws_api_gateway_rest_api.api"), "no");
        ask(&model, "aws_instance.ehr", "aws_lambda_function.app")
    };
    assert_eq!(private(policy(Value::Null)), "yes");
    assert_eq!(
        private(policy(json!({ "StringEquals": { "aws:SourceVpce": "aws_vpc_endpoint.api" } }))),
        "yes"
    );
    assert_eq!(private(policy(json!({ "StringEquals": { "aws:SourceVpce": "vpce-other" } }))), "no");
    assert_eq!(private(Value::Null), "no", "without a policy nobody is let in");
}

#[test]
fn a_policy_narrows_the_internet_to_addresses() {
    let narrow = policy(json!({ "IpAddress": { "aws:SourceIp": "8.8.8.0/24" } }));
    let model = api(&json!({ "policy": narrow })).model();
    let found = reached(answer(&model, "internet", "aws_api_gateway_rest_api.api"));
    assert!(found.decided);
    assert!(
        found.packets.cubes().iter().all(|cube| cube.to_string().starts_with("8.8.8.0/24")),
        "{}",
        found.packets
    );
}

/// The ways in from the internet, as their nodes are called.
fn ways(world: &World) -> Vec<String> {
    let model = world.model();
    let internet = node(&model, "internet");
    let next =
        model.network.next(internet).iter().map(|next| model.network.node(*next).unwrap().title.id.clone());
    let mut found: Vec<String> =
        next.filter(|name| name.starts_with("aws_api_gateway_rest_api.api (")).collect();
    found.sort();
    found
}

#[test]
fn a_domain_with_client_certificates_does_not_close_the_default_name() {
    let domain = |off: bool| {
        api(&json!({ "disable_execute_api_endpoint": off }))
            .with(
                "aws_api_gateway_domain_name.own",
                json!({
                    "domain_name": "api.example.jp",
                    "security_policy": "TLS_1_2",
                    "mutual_tls_authentication": [{ "truststore_uri": "s3://trust/ca.pem" }],
                }),
            )
            .with(
                "aws_api_gateway_base_path_mapping.own",
                json!({ "api_id": "aws_api_gateway_rest_api.api", "domain_name": "api.example.jp" }),
            )
    };
    let by_domain =
        "aws_api_gateway_rest_api.api (aws_api_gateway_domain_name.own, TLS_1_2, client certificate)";
    assert_eq!(ways(&domain(false)), [by_domain, "aws_api_gateway_rest_api.api (default name)"]);
    assert_eq!(ways(&domain(true)), [by_domain]);
    assert_eq!(domain(true).ask("internet", "aws_lambda_function.app"), "yes");
}

#[test]
fn an_http_api_calls_a_balancer_by_its_link() {
    let world = World::new()
        .network("ehr", "10.1.0.0/16", json!([]))
        .with(
            "aws_lb.inner",
            json!({ "load_balancer_type": "application", "internal": true, "subnets": ["aws_subnet.ehr"], "security_groups": ["aws_security_group.ehr"] }),
        )
        .with("aws_lb_target_group.app", json!({ "port": 8080, "protocol": "HTTP", "vpc_id": "aws_vpc.ehr" }))
        .with(
            "aws_lb_listener.inner",
            json!({
                "load_balancer_arn": "arn:aws_lb.inner", "port": 80, "protocol": "HTTP",
                "default_action": [{ "type": "forward", "target_group_arn": "arn:aws_lb_target_group.app" }],
            }),
        )
        .with(
            "aws_lb_target_group_attachment.app",
            json!({ "target_group_arn": "arn:aws_lb_target_group.app", "target_id": "aws_instance.ehr" }),
        )
        .with("aws_apigatewayv2_api.api", json!({ "protocol_type": "HTTP" }))
        .with(
            "aws_apigatewayv2_vpc_link.link",
            json!({ "subnet_ids": ["aws_subnet.ehr"], "security_group_ids": ["aws_security_group.ehr"] }),
        )
        .with(
            "aws_apigatewayv2_integration.app",
            json!({
                "api_id": "aws_apigatewayv2_api.api", "integration_type": "HTTP_PROXY", "connection_type": "VPC_LINK",
                "connection_id": "aws_apigatewayv2_vpc_link.link", "integration_uri": "arn:aws_lb_listener.inner",
            }),
        );
    let model = world.model();
    let found = reached(answer(&model, "internet", "aws_instance.ehr"));
    assert!(found.decided, "{:?} {}", found.reasons, told(&model, &found));
    let closed = world.but("aws_apigatewayv2_api.api", &json!({ "disable_execute_api_endpoint": true }));
    assert_eq!(closed.ask("internet", "aws_instance.ehr"), "no");
}

#[test]
fn a_distribution_brings_the_internet_to_its_origin() {
    let world = api(&json!({ "disable_execute_api_endpoint": true }))
        .with("aws_s3_bucket.pages", json!({ "bucket": "pages", "bucket_regional_domain_name": "pages.s3.amazonaws.com" }))
        .with(
            "aws_cloudfront_distribution.front",
            json!({ "enabled": true, "origin": [{ "domain_name": "pages.s3.amazonaws.com", "origin_id": "pages" }] }),
        );
    assert_eq!(world.ask("internet", "aws_s3_bucket.pages"), "yes");
    let off = world.but("aws_cloudfront_distribution.front", &json!({ "enabled": false }));
    assert_eq!(off.ask("internet", "aws_s3_bucket.pages"), "no");
}
