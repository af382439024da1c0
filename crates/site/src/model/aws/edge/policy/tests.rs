//! Policies as people write them, and what they say of calls.

use super::*;
use crate::resource::Resource;
use serde_json::{Value, json};

fn holder(values: Value, unknown: Value) -> Resource {
    Resource {
        address: "aws_s3_bucket_policy.records".to_owned(),
        kind: "aws_s3_bucket_policy".to_owned(),
        module: String::new(),
        provider: String::new(),
        values,
        unknown,
        sensitive: json!({}),
        references: std::collections::BTreeMap::new(),
        configured: None,
        plan: 0,
    }
}

fn policy(statements: &Value) -> Policy {
    let text = json!({ "Version": "2012-10-17", "Statement": statements }).to_string();
    match read(&holder(json!({ "policy": text }), json!({})), "policy", &[]) {
        Reading::Known(policy) => policy,
        other => panic!("{other:?}"),
    }
}

const GET: &str = "s3:GetObject";

fn from_internet(policy: &Policy) -> Vec<Verdict> {
    policy.judge(&Call { way: Way::Internet, action: GET, scope: Scope::Inside })
}

fn by_endpoint(id: Option<&str>) -> Call<'_> {
    let way = Way::Endpoint { address: "aws_vpc_endpoint.s3", id, vpc: Some("aws_vpc.main"), vpc_id: None };
    Call { way, action: GET, scope: Scope::Inside }
}

#[test]
fn everybody_is_let_in_without_a_condition_and_nobody_by_name() {
    let open = policy(
        &json!([{ "Effect": "Allow", "Principal": "*", "Action": "s3:Get*", "Resource": "arn:aws:s3:::b/*" }]),
    );
    let found = from_internet(&open);
    assert!(found.len() == 1 && found[0].allows && found[0].maybe.is_none() && found[0].sources.is_none());
    for closed in [
        json!([{ "Effect": "Allow", "Principal": { "AWS": "arn:aws:iam::1:root" }, "Action": "s3:*", "Resource": "*" }]),
        json!([{ "Effect": "Allow", "Principal": "*", "Action": "s3:PutObject", "Resource": "*" }]),
        json!([{ "Effect": "Allow", "Principal": "*", "Action": "s3:*", "Resource": "*",
            "Condition": { "StringEquals": { "aws:PrincipalOrgID": "o-1" } } }]),
        json!([{ "Effect": "Allow", "Principal": "*", "Action": "s3:*", "Resource": "*",
            "Condition": { "StringEquals": { "aws:SourceVpce": "vpce-1" } } }]),
    ] {
        assert_eq!(from_internet(&policy(&closed)), [], "{closed}");
    }
}

#[test]
fn addresses_and_encryption_narrow_a_statement_and_unknown_conditions_leave_it_open() {
    let office = policy(
        &json!({ "Effect": "Allow", "Principal": { "AWS": ["*"] }, "Action": "*", "Resource": "*",
        "Condition": { "IpAddress": { "aws:SourceIp": ["8.8.8.0/24", "9.9.9.9"] }, "Bool": { "aws:SecureTransport": "true" } } }),
    );
    let found = from_internet(&office);
    assert_eq!(found[0].sources.as_ref().unwrap().to_string(), "8.8.8.0/24, 9.9.9.9");
    assert_eq!((found[0].port, &found[0].maybe), (Some(443), &None));
    let referer = policy(&json!({ "Effect": "Allow", "Principal": "*", "Action": "*", "Resource": "*",
        "Condition": { "StringLike": { "aws:Referer": "https://x/*" } } }));
    assert_eq!(from_internet(&referer)[0].maybe.as_deref(), Some("Condition aws:Referer"));
}

#[test]
fn a_denial_of_all_other_endpoints_is_decided_for_each_endpoint_and_for_the_internet() {
    let only = policy(&json!({ "Effect": "Deny", "Principal": "*", "Action": "s3:*",
        "Resource": ["arn:aws:s3:::b", "arn:aws:s3:::b/*"],
        "Condition": { "StringNotEquals": { "aws:SourceVpce": "vpce-1" } } }));
    assert_eq!(only.denials(&by_endpoint(Some("vpce-1"))), []);
    assert_eq!(only.denials(&by_endpoint(Some("vpce-2"))).len(), 1);
    // An endpoint that is only planned has no id yet that a policy could name.
    assert_eq!(only.denials(&by_endpoint(None)).len(), 1);
    assert_eq!(from_internet(&only).len(), 1);
}

#[test]
fn a_denial_of_a_part_leaves_the_rest() {
    let part = policy(
        &json!({ "Effect": "Deny", "Principal": "*", "Action": "s3:*", "Resource": "arn:aws:s3:::b/private/*" }),
    );
    assert_eq!(part.denials(&by_endpoint(None)), []);
    let some = policy(
        &json!({ "Effect": "Deny", "NotPrincipal": { "AWS": "arn:aws:iam::1:role/app" }, "Action": "s3:*", "Resource": "*" }),
    );
    assert_eq!(some.denials(&by_endpoint(None)), []);
    assert_eq!(from_internet(&some).len(), 1);
}

#[test]
fn a_document_that_is_not_made_yet_is_read_from_its_blocks_and_names_its_endpoint() {
    let mut document = holder(
        json!({ "statement": [{ "effect": "Deny", "actions": ["s3:*"], "resources": ["*"],
            "principals": [{ "type": "AWS", "identifiers": ["*"] }],
            "condition": [{ "test": "StringNotEquals", "variable": "aws:SourceVpce", "values": [null] }] }] }),
        json!({ "json": true, "statement": [{ "condition": [{ "values": [true] }] }] }),
    );
    document
        .references
        .insert("statement.condition.values".to_owned(), vec!["aws_vpc_endpoint.s3".to_owned()]);
    let holder = holder(json!({}), json!({ "policy": true }));
    let Reading::Known(policy) = read(&holder, "policy", &[&document]) else { panic!("not read") };
    assert_eq!(policy.denials(&by_endpoint(None)), []);
    let other = Way::Endpoint { address: "aws_vpc_endpoint.other", id: None, vpc: None, vpc_id: None };
    let denied = policy.denials(&Call { way: other, action: GET, scope: Scope::Inside });
    assert!(denied.len() == 1 && denied[0].maybe.is_none());
    assert!(matches!(read(&holder, "policy", &[]), Reading::Unknown));
}

#[test]
fn an_endpoint_policy_is_about_buckets_by_name() {
    let policy = policy(
        &json!({ "Effect": "Allow", "Principal": "*", "Action": "s3:*", "Resource": ["arn:aws:s3:::mine", "arn:aws:s3:::mine/*"] }),
    );
    let ask = |scope| policy.judge(&Call { scope, ..by_endpoint(None) }).len();
    assert_eq!(ask(Scope::In("arn:aws:s3:::mine")), 1);
    assert_eq!(ask(Scope::In("arn:aws:s3:::other")), 0);
    assert_eq!(ask(Scope::Arn("arn:aws:s3:::mine")), 1);
}
