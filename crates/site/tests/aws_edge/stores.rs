//! Buckets and the internet.

use crate::world::{World, answer, reached};
use serde_json::{Value, json};

fn bucket(statement: Value) -> World {
    let policy = json!({ "Version": "2012-10-17", "Statement": [statement] }).to_string();
    World::new()
        .network("ehr", "10.1.0.0/16", json!([]))
        .with("aws_internet_gateway.ehr", json!({ "vpc_id": "aws_vpc.ehr" }))
        .with("aws_s3_bucket.images", json!({ "bucket": "images" }))
        .with("aws_s3_bucket_policy.images", json!({ "bucket": "aws_s3_bucket.images", "policy": policy }))
}

fn everybody(condition: Value) -> Value {
    let mut statement = json!({ "Effect": "Allow", "Principal": "*", "Action": "s3:GetObject", "Resource": "arn:aws:s3:::images/*" });
    if !condition.is_null() {
        statement["Condition"] = condition;
    }
    statement
}

fn ask(world: &World) -> String {
    world.ask("internet", "aws_s3_bucket.images")
}

const BLOCK: [&str; 4] =
    ["block_public_acls", "block_public_policy", "ignore_public_acls", "restrict_public_buckets"];

fn block(world: World, on: &[&str]) -> World {
    let mut values = json!({ "bucket": "aws_s3_bucket.images" });
    for name in BLOCK {
        values[name] = json!(on.contains(&name));
    }
    world.with("aws_s3_bucket_public_access_block.images", values)
}

#[test]
fn a_bucket_is_public_where_its_policy_lets_everybody_in_and_nothing_blocks_it() {
    assert_eq!(ask(&bucket(everybody(Value::Null))), "yes");
    assert_eq!(ask(&block(bucket(everybody(Value::Null)), &BLOCK)), "no");
    assert_eq!(ask(&block(bucket(everybody(Value::Null)), &[])), "yes");
    let late = block(bucket(everybody(Value::Null)), &["block_public_policy"]);
    assert_eq!(ask(&late), "maybe: aws_s3_bucket_public_access_block.images restrict_public_buckets");
    let account = bucket(everybody(Value::Null))
        .with("aws_s3_account_public_access_block.all", json!({ "restrict_public_buckets": true }));
    assert_eq!(ask(&account), "no");
}

#[test]
fn conditions_on_addresses_are_decided_and_others_are_not() {
    let narrow = bucket(everybody(json!({ "IpAddress": { "aws:SourceIp": "8.8.8.0/24" } })));
    let found = reached(answer(&narrow.model(), "internet", "aws_s3_bucket.images"));
    assert!(
        found.decided && found.packets.cubes().iter().all(|cube| cube.to_string().starts_with("8.8.8.0/24"))
    );
    let by_endpoint = everybody(json!({ "StringEquals": { "aws:SourceVpce": "vpce-1" } }));
    assert_eq!(ask(&bucket(by_endpoint)), "no");
    let referer = everybody(json!({ "StringLike": { "aws:Referer": "https://x/*" } }));
    assert_eq!(ask(&bucket(referer)), "maybe: aws_s3_bucket_policy.images Condition aws:Referer");
    let named = json!({ "Effect": "Allow", "Principal": { "AWS": "arn:aws:iam::1:root" }, "Action": "s3:*", "Resource": "*" });
    assert_eq!(ask(&bucket(named)), "no");
}

#[test]
fn an_access_list_opens_a_bucket_too() {
    let closed =
        bucket(json!({ "Effect": "Deny", "Principal": "*", "Action": "s3:PutObject", "Resource": "*" }));
    assert_eq!(ask(&closed), "no");
    let listed = closed
        .with("aws_s3_bucket_acl.images", json!({ "bucket": "aws_s3_bucket.images", "acl": "public-read" }));
    assert_eq!(ask(&listed), "yes");
    assert_eq!(ask(&block(listed.clone(), &["ignore_public_acls"])), "no");
    let owned = listed.with(
        "aws_s3_bucket_ownership_controls.images",
        json!({ "bucket": "aws_s3_bucket.images", "rule": [{ "object_ownership": "BucketOwnerEnforced" }] }),
    );
    assert_eq!(ask(&owned), "no");
}

#[test]
fn a_queue_is_a_place_only_where_everybody_may_use_it() {
    let queue = |principal: Value| {
        let policy = json!({ "Statement": [{ "Effect": "Allow", "Principal": principal, "Action": "sqs:*", "Resource": "*" }] });
        World::new().with("aws_sqs_queue.orders", json!({ "policy": policy.to_string() })).model()
    };
    let open = queue(json!("*"));
    assert_eq!(crate::world::ask(&open, "internet", "aws_sqs_queue.orders"), "yes");
    assert!(queue(json!({ "AWS": "arn:aws:iam::1:root" })).find("aws_sqs_queue.orders").is_none());
}
