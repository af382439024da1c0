//! What must exist, what must not, and in which order findings come.

use crate::CATALOGUE;
use serde_json::{Value, json};
use site::resource::Resource;
use site::rules::{Finding, Verdict};
use std::collections::BTreeMap;

fn resource(address: &str, values: Value) -> Resource {
    Resource {
        address: address.into(),
        kind: address.split('.').next().unwrap().into(),
        module: String::new(),
        provider: String::new(),
        values,
        unknown: json!({}),
        sensitive: json!({}),
        references: BTreeMap::new(),
        configured: Some(Vec::new()),
        plan: 0,
    }
}

fn finding(rule: &str, resources: &[Resource]) -> Option<Finding> {
    CATALOGUE.report(resources).findings.into_iter().find(|one| one.rule == rule)
}

const ACCESS_BLOCK: &str = "aws.s3/aws_s3_bucket+aws_s3_bucket_public_access_block";

#[test]
fn a_bucket_without_an_access_block_of_its_own_is_found() {
    let bucket = resource("aws_s3_bucket.records", json!({ "bucket": "records" }));
    let foreign = resource("aws_s3_bucket_public_access_block.logs", json!({ "bucket": "logs" }));
    let found = finding(ACCESS_BLOCK, &[bucket, foreign]).unwrap();
    assert_eq!((found.verdict, found.resource.as_str()), (Verdict::Violated, "aws_s3_bucket.records"));
}

#[test]
fn a_block_that_names_the_bucket_by_value_or_by_expression_is_enough() {
    let bucket = resource("aws_s3_bucket.records[0]", json!({ "bucket": "records" }));
    let named = resource("aws_s3_bucket_public_access_block.a", json!({ "bucket": "records" }));
    assert_eq!(finding(ACCESS_BLOCK, &[bucket.clone(), named]), None);
    let mut referring = resource("aws_s3_bucket_public_access_block.b", json!({}));
    referring.unknown = json!({ "bucket": true });
    referring.references.insert("bucket".into(), vec!["aws_s3_bucket.records".into()]);
    assert_eq!(finding(ACCESS_BLOCK, &[bucket.clone(), referring]), None);
    let account = resource("aws_s3_account_public_access_block.all", json!({}));
    assert_eq!(finding(ACCESS_BLOCK, &[bucket, account]), None);
}

#[test]
fn a_block_of_which_nobody_knows_the_bucket_leaves_it_open() {
    let bucket = resource("aws_s3_bucket.records", json!({}));
    let mut block = resource("aws_s3_bucket_public_access_block.a", json!({}));
    block.unknown = json!({ "bucket": true });
    assert_eq!(finding(ACCESS_BLOCK, &[bucket, block]).unwrap().verdict, Verdict::Undecided);
}

#[test]
fn many_buckets_beside_many_blocks_cost_no_more_than_their_number() {
    let mut resources: Vec<Resource> = (0..20_000)
        .map(|at| resource(&format!("aws_s3_bucket.b[{at}]"), json!({ "bucket": format!("b{at}") })))
        .collect();
    resources.extend((1..20_000).map(|at| {
        resource(&format!("aws_s3_bucket_public_access_block.b[{at}]"), json!({ "bucket": format!("b{at}") }))
    }));
    let findings = CATALOGUE.report(&resources).findings;
    let missing: Vec<&str> =
        findings.iter().filter(|one| one.rule == ACCESS_BLOCK).map(|one| one.resource.as_str()).collect();
    assert_eq!(missing, ["aws_s3_bucket.b[0]"]);
}

#[test]
fn every_subnet_that_may_have_a_group_of_rules_needs_one() {
    let rule = "azure.vnet/azurerm_subnet+azurerm_subnet_network_security_group_association";
    let subnet = |name: &str| resource("azurerm_subnet.one", json!({ "name": name }));
    let mut other = resource("azurerm_subnet_network_security_group_association.two", json!({}));
    other.references.insert("subnet_id".into(), vec!["azurerm_subnet.two".into()]);
    let found = finding(rule, &[subnet("records"), other.clone()]).unwrap();
    assert_eq!((found.verdict, found.resource.as_str()), (Verdict::Violated, "azurerm_subnet.one"));
    assert_eq!(finding(rule, &[subnet("GatewaySubnet"), other.clone()]), None);
    other.references.insert("subnet_id".into(), vec!["azurerm_subnet.one".into()]);
    assert_eq!(finding(rule, &[subnet("records"), other]), None);
}

#[test]
fn a_listener_that_names_its_trust_store_has_one() {
    let rule = "aws.alb/aws_lb_listener+aws_lb_trust_store";
    let mut listener =
        resource("aws_lb_listener.front", json!({ "mutual_authentication": [{ "mode": "verify" }] }));
    listener.unknown = json!({ "mutual_authentication": [{ "trust_store_arn": true }] });
    listener
        .references
        .insert("mutual_authentication.trust_store_arn".into(), vec!["aws_lb_trust_store.devices".into()]);
    let store = |address| resource(address, json!({}));
    assert_eq!(finding(rule, &[listener.clone(), store("aws_lb_trust_store.devices[0]")]), None);
    assert_eq!(finding(rule, &[listener.clone(), store("aws_lb_trust_store.devices")]), None);
    let both =
        [listener.clone(), store("aws_lb_trust_store.devices2"), store("aws_lb_trust_store.devices[0]")];
    assert_eq!(finding(rule, &both), None);
    let other = finding(rule, &[listener.clone(), store("aws_lb_trust_store.devices2")]);
    assert_eq!(other.unwrap().verdict, Verdict::Violated);
    listener.values = json!({ "mutual_authentication": [{ "mode": "off" }] });
    assert_eq!(finding(rule, &[listener]), None, "nothing is verified");
}

#[test]
fn what_must_exist_is_missed_where_its_service_is_used_and_open_where_it_may_stand_elsewhere() {
    let rule = "aws.alb/aws_lb_trust_store_revocation!exists";
    let balancer = resource("aws_lb.front", json!({}));
    assert_eq!(finding(rule, &[balancer]).unwrap().verdict, Verdict::Violated);
    let vpc = resource("aws_vpc.main", json!({}));
    let found = finding(rule, &[vpc]).unwrap();
    assert_eq!(found.verdict, Verdict::Undecided);
    assert!(found.why.is_some());
    let other = resource("google_compute_network.main", json!({}));
    assert_eq!(finding(rule, &[other]), None, "nobody asks a plan of another provider");
}

#[test]
fn what_is_forbidden_or_needs_a_reason_is_found_on_each() {
    let key = resource("aws_iam_access_key.old", json!({}));
    assert_eq!(finding("aws.iam/aws_iam_access_key!forbidden", &[key]).unwrap().verdict, Verdict::Violated);
    let gateway = resource("aws_internet_gateway.main", json!({}));
    let found = finding("aws.vpc/aws_internet_gateway!review", &[gateway]).unwrap();
    assert_eq!(found.verdict, Verdict::Undecided);
}

#[test]
fn findings_come_in_one_order_whatever_the_order_of_the_resources() {
    let mut resources = vec![
        resource("aws_s3_bucket.b", json!({ "force_destroy": true })),
        resource("aws_s3_bucket.a", json!({ "force_destroy": true })),
        resource("aws_db_instance.records", json!({ "password": "secret" })),
        resource("aws_lb.front", json!({ "internal": false })),
    ];
    let forward = CATALOGUE.report(&resources);
    resources.reverse();
    assert_eq!(forward, CATALOGUE.report(&resources));
    let place = |topic: &str| CATALOGUE.topics.iter().position(|one| one.id == topic).unwrap();
    let topics: Vec<usize> = forward.findings.iter().map(|one| place(&one.topic)).collect();
    assert!(topics.is_sorted());
    let ids: std::collections::BTreeSet<&str> = forward.findings.iter().map(|one| one.id.as_str()).collect();
    assert_eq!(ids.len(), forward.findings.len(), "each id once");
}
