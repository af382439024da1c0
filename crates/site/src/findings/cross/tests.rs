//! Each check on small plans: one that violates it, one that conforms, one that cannot tell.

use super::*;
use crate::description::{read, template};
use crate::plan::Plan;
use serde_json::{Map, Value, json};
use std::sync::LazyLock;

/// A resource: its address, its values, and what its other attributes refer to.
type Part = (&'static str, Value, Value);

/// The resources of a plan, the number of which is given.
fn plan(number: usize, parts: &[Part]) -> Vec<Resource> {
    let split = |address: &str| {
        address.split_once('.').map(|(kind, name)| (kind.to_owned(), name.to_owned())).unwrap()
    };
    let planned = parts.iter().map(|(address, values, _)| {
        let (kind, name) = split(address);
        json!({ "address": address, "mode": "managed", "type": kind, "name": name, "values": values })
    });
    let changes = parts.iter().map(|(address, _, refers)| {
        let (kind, name) = split(address);
        let unknown: Map<String, Value> =
            refers.as_object().unwrap().keys().map(|key| (key.clone(), json!(true))).collect();
        let change = json!({ "actions": ["create"], "before": null, "after_unknown": unknown });
        json!({ "address": address, "mode": "managed", "type": kind, "name": name, "change": change })
    });
    let blocks = parts.iter().map(|(address, values, refers)| {
        let (kind, name) = split(address);
        let mut given: Map<String, Value> = Map::new();
        for (key, value) in values.as_object().unwrap() {
            given.insert(key.clone(), json!({ "constant_value": value }));
        }
        for (key, to) in refers.as_object().unwrap() {
            let to = to.as_str().unwrap();
            let resource: Vec<&str> = to.split('.').take(2).collect();
            given.insert(key.clone(), json!({ "references": [to, resource.join(".")] }));
        }
        json!({ "address": address, "mode": "managed", "type": kind, "name": name, "expressions": given })
    });
    let document = json!({
        "format_version": "1.2",
        "terraform_version": "1.11.4",
        "planned_values": { "root_module": { "resources": planned.collect::<Vec<_>>() } },
        "resource_changes": changes.collect::<Vec<_>>(),
        "configuration": { "root_module": { "resources": blocks.collect::<Vec<_>>() } },
    });
    Plan::read("plan.json", document.to_string().as_bytes(), number).unwrap().resources
}

/// It is large, so it is read once.
static CLOUD: LazyLock<rules::Catalogue> = LazyLock::new(|| rules::Catalogue::builtin().unwrap());

/// The worst that a check says of resources; none where it says nothing.
fn verdict(rule: &str, resources: &[Resource], site: Option<&Site>) -> Option<Verdict> {
    cross(&CLOUD, resources, site).into_iter().filter(|one| one.rule == rule).map(|one| one.verdict).min()
}

fn asks(rule: &str, violates: &[Part], conforms: &[Part], open: &[Part]) {
    let found = [violates, conforms, open].map(|parts| verdict(rule, &plan(0, parts), None));
    let asked = [Verdict::Violated, Verdict::Holds, Verdict::Undecided].map(Some);
    assert_eq!(found, asked, "{rule}");
}

fn site(name: &str) -> Site {
    read(name, template(name).unwrap().text).unwrap()
}

const NONE: fn() -> Value = || json!({});

#[test]
fn one_line_alone_is_no_redundancy() {
    let line = |at: &str| json!({ "location": at, "bandwidth": "1Gbps" });
    asks(
        "xc.redundant-line",
        &[("aws_dx_connection.a", line("EqTY2"), NONE()), ("aws_dx_connection.b", line("EqTY2"), NONE())],
        &[("aws_dx_connection.a", line("EqTY2"), NONE()), ("aws_vpn_connection.b", NONE(), NONE())],
        &[
            ("aws_dx_connection.a", line("EqTY2"), NONE()),
            ("aws_dx_connection.b", NONE(), json!({ "location": "var.location" })),
        ],
    );
    let tunnel = |device: &str| json!({ "customer_gateway_id": device });
    let two = |second: &str| {
        let parts = [
            ("aws_vpn_connection.a", NONE(), tunnel("aws_customer_gateway.a.id")),
            ("aws_vpn_connection.b", NONE(), tunnel(second)),
            ("aws_customer_gateway.a", NONE(), NONE()),
            ("aws_customer_gateway.b", NONE(), NONE()),
        ];
        verdict("xc.redundant-line", &plan(0, &parts), None)
    };
    assert_eq!(two("aws_customer_gateway.b.id"), Some(Verdict::Holds));
    assert_eq!(two("aws_customer_gateway.a.id"), Some(Verdict::Violated));
}

#[test]
fn a_line_in_clear_is_judged_by_the_flows_of_the_description() {
    const RULE: &str = "xc.hosted-line-encryption";
    let clear = plan(0, &[("aws_dx_connection.a", json!({ "encryption_mode": "no_encrypt" }), NONE())]);
    let strict = plan(0, &[("aws_dx_connection.a", json!({ "encryption_mode": "must_encrypt" }), NONE())]);
    assert_eq!(verdict(RULE, &strict, None), Some(Verdict::Holds));
    assert_eq!(verdict(RULE, &clear, None), Some(Verdict::Undecided));
    let described = site("direct-connect");
    assert_eq!(verdict(RULE, &clear, Some(&described)), Some(Verdict::Holds));
    let mut plain = described;
    plain.flows.iter_mut().flatten().take(1).for_each(|flow| flow.protection = Some(Vec::new()));
    assert_eq!(verdict(RULE, &clear, Some(&plain)), Some(Verdict::Violated));
    let over = [
        ("aws_dx_connection.a", json!({ "encryption_mode": "no_encrypt" }), NONE()),
        ("aws_vpn_connection.a", json!({ "outside_ip_address_type": "PrivateIpv4" }), NONE()),
    ];
    assert_eq!(verdict(RULE, &plan(0, &over), Some(&plain)), Some(Verdict::Holds));
}

#[test]
fn mutual_tls_at_an_api_gateway_needs_a_reason() {
    const RULE: &str = "xc.apigw-mtls-tls13";
    let domain = |policy: &str| {
        let values = json!({ "security_policy": policy, "mutual_authentication": [], "mutual_tls_authentication": [{ "truststore_uri": "s3://a/b" }] });
        plan(0, &[("aws_api_gateway_domain_name.a", values, NONE())])
    };
    assert_eq!(verdict(RULE, &domain("SecurityPolicy_TLS13_1_3_2025_09"), None), Some(Verdict::Violated));
    assert_eq!(verdict(RULE, &domain("TLS_1_2"), None), Some(Verdict::Undecided));
    assert_eq!(verdict(RULE, &domain("TLS_1_2"), Some(&site("api-gateway-mtls"))), Some(Verdict::Holds));
    let none = plan(0, &[("aws_api_gateway_domain_name.a", json!({ "security_policy": "TLS_1_2" }), NONE())]);
    assert_eq!(verdict(RULE, &none, None), None);
}

#[test]
fn the_default_endpoint_beside_a_checked_domain_is_off() {
    let api = |off: Value, more: Value| {
        vec![
            (
                "aws_api_gateway_domain_name.a",
                json!({ "mutual_tls_authentication": [{ "truststore_uri": "s3://a/b" }] }),
                NONE(),
            ),
            ("aws_api_gateway_rest_api.a", off, more),
            (
                "aws_api_gateway_base_path_mapping.a",
                NONE(),
                json!({ "domain_name": "aws_api_gateway_domain_name.a.domain_name", "api_id": "aws_api_gateway_rest_api.a.id" }),
            ),
        ]
    };
    asks(
        "xc.mtls-no-side-door",
        &api(json!({ "name": "x" }), NONE()),
        &api(json!({ "disable_execute_api_endpoint": true }), NONE()),
        &api(NONE(), json!({ "disable_execute_api_endpoint": "var.off" })),
    );
}

#[test]
fn passed_on_certificates_need_somebody_who_looks() {
    const RULE: &str = "xc.passthrough-verified";
    let parts = |from: &str| {
        vec![
            (
                "aws_lb_listener.a",
                json!({ "mutual_authentication": [{ "mode": "passthrough" }] }),
                json!({ "load_balancer_arn": "aws_lb.a.arn" }),
            ),
            ("aws_lb.a", NONE(), json!({ "security_groups": "aws_security_group.front.id" })),
            ("aws_security_group.front", json!({ "ingress": [{ "cidr_blocks": ["0.0.0.0/0"] }] }), NONE()),
            ("aws_security_group.app", json!({ "ingress": [{ "cidr_blocks": [from] }] }), NONE()),
        ]
    };
    let narrow = plan(0, &parts("10.0.0.0/24"));
    assert_eq!(verdict(RULE, &plan(0, &parts("0.0.0.0/0")), None), Some(Verdict::Violated));
    assert_eq!(verdict(RULE, &narrow, None), Some(Verdict::Undecided));
    let text = template("alb-mtls").unwrap().text;
    let passes =
        text.replace("client_certificate: required", "client_certificate: passthrough, verified_by: app");
    let described = read("alb-mtls", &passes).unwrap();
    assert_eq!(verdict(RULE, &narrow, Some(&described)), Some(Verdict::Holds));
}

/// Two spokes and an inspection at a hub; `learns` is the table that learns the routes of the first spoke.
fn hub(mode: Value, learns: &'static str, peer: Value) -> Vec<Part> {
    let attachment = |vpc: &str| json!({ "vpc_id": format!("aws_vpc.{vpc}.id"), "transit_gateway_id": "aws_ec2_transit_gateway.hub.id" });
    let joins = |attachment: &str, table: &str| {
        json!({
            "transit_gateway_attachment_id": format!("aws_ec2_transit_gateway_vpc_attachment.{attachment}.id"),
            "transit_gateway_route_table_id": format!("aws_ec2_transit_gateway_route_table.{table}.id"),
        })
    };
    let off =
        json!({ "default_route_table_propagation": "disable", "default_route_table_association": "disable" });
    vec![
        ("aws_vpc.ehr", json!({ "cidr_block": "10.1.0.0/16" }), NONE()),
        ("aws_vpc.use", peer, NONE()),
        ("aws_vpc.fw", json!({ "cidr_block": "10.3.0.0/16" }), NONE()),
        ("aws_ec2_transit_gateway.hub", off, NONE()),
        ("aws_ec2_transit_gateway_vpc_attachment.ehr", NONE(), attachment("ehr")),
        ("aws_ec2_transit_gateway_vpc_attachment.use", NONE(), attachment("use")),
        ("aws_ec2_transit_gateway_vpc_attachment.fw", mode, attachment("fw")),
        ("aws_ec2_transit_gateway_route_table.spokes", NONE(), NONE()),
        ("aws_ec2_transit_gateway_route_table.inner", NONE(), NONE()),
        ("aws_ec2_transit_gateway_route_table_association.use", NONE(), joins("use", "spokes")),
        ("aws_ec2_transit_gateway_route_table_association.fw", NONE(), joins("fw", "inner")),
        ("aws_ec2_transit_gateway_route_table_propagation.ehr", NONE(), joins("ehr", learns)),
        ("aws_networkfirewall_firewall.a", NONE(), json!({ "vpc_id": "aws_vpc.fw.id" })),
    ]
}

fn range(net: &str) -> Value {
    json!({ "cidr_block": net })
}

#[test]
fn spokes_reach_each_other_through_the_inspection_only() {
    let on = || json!({ "appliance_mode_support": "enable" });
    let mut open = hub(NONE(), "inner", range("10.2.0.0/16"));
    for part in open.iter_mut().filter(|part| part.0.ends_with("attachment.fw")) {
        part.2.as_object_mut().unwrap().insert("appliance_mode_support".into(), json!("var.mode"));
    }
    asks(
        "xc.inspection-path",
        &hub(on(), "spokes", range("10.2.0.0/16")),
        &hub(on(), "inner", range("10.2.0.0/16")),
        &open,
    );
    let off = hub(NONE(), "inner", range("10.2.0.0/16"));
    assert_eq!(verdict("xc.inspection-path", &plan(0, &off), None), Some(Verdict::Violated));
}

#[test]
fn secondary_use_has_no_route_to_the_records() {
    const RULE: &str = "xc.secondary-use-one-way";
    let on = || json!({ "appliance_mode_support": "enable" });
    let text = template("redundant-lines").unwrap().text;
    let cloud = "cloud:\n  - { id: c-ehr, address: aws_vpc.ehr, stands_for: ehr-vpc }\n  - { id: c-use, address: aws_vpc.use, stands_for: secondary-vpc }\n  - { id: c-fw, address: aws_vpc.fw, stands_for: inspection }\n\nlinks:\n";
    let described = read("redundant-lines", &text.replacen("links:\n", cloud, 1)).unwrap();
    let back = plan(0, &hub(on(), "spokes", range("10.2.0.0/16")));
    let through = plan(0, &hub(on(), "inner", range("10.2.0.0/16")));
    assert_eq!(verdict(RULE, &back, Some(&described)), Some(Verdict::Violated));
    assert_eq!(verdict(RULE, &through, Some(&described)), Some(Verdict::Holds));
    assert_eq!(verdict(RULE, &back, None), Some(Verdict::Undecided));
}

#[test]
fn networks_with_equal_addresses_are_not_joined() {
    let pair = |second: Value, more: Value| {
        vec![
            ("aws_vpc.a", range("10.0.0.0/16"), NONE()),
            ("aws_vpc.b", second, more),
            (
                "aws_vpc_peering_connection.p",
                NONE(),
                json!({ "vpc_id": "aws_vpc.a.id", "peer_vpc_id": "aws_vpc.b.id" }),
            ),
        ]
    };
    asks(
        "xc.tenant-overlap",
        &pair(range("10.0.8.0/24"), NONE()),
        &pair(range("10.1.0.0/16"), NONE()),
        &pair(NONE(), json!({ "cidr_block": "var.range" })),
    );
}

/// A bucket of this content, with all that belongs to it but a lock.
fn bucket(tags: Value, policy: Value, more: &Value) -> Vec<Part> {
    let with = |values: Value| (values, json!({ "bucket": "aws_s3_bucket.a.id" }));
    let (block, of_block) = with(
        json!({ "block_public_acls": true, "block_public_policy": true, "ignore_public_acls": true, "restrict_public_buckets": true }),
    );
    let (versions, of_versions) = with(json!({ "versioning_configuration": [{ "status": "Enabled" }] }));
    let (policy, mut of_policy) = with(policy);
    of_policy.as_object_mut().unwrap().extend(more.as_object().unwrap().clone());
    vec![
        ("aws_s3_bucket.a", tags, NONE()),
        ("aws_s3_bucket_public_access_block.a", block, of_block),
        ("aws_s3_bucket_versioning.a", versions, of_versions),
        ("aws_s3_bucket_policy.a", policy, of_policy),
    ]
}

fn holding(words: &str) -> Value {
    json!({ "tags": { "akashi:holds": words } })
}

const TLS: &str = r#"{"Statement":[{"Effect":"Deny","Principal":"*","Action":"s3:*","Resource":"*","Condition":{"Bool":{"aws:SecureTransport":"false"}}}]}"#;

#[test]
fn a_bucket_has_the_whole_set() {
    let other = || holding("other");
    asks(
        "xc.bucket-set",
        &[("aws_s3_bucket.a", other(), NONE())],
        &bucket(other(), json!({ "policy": TLS }), &NONE()),
        &bucket(other(), NONE(), &json!({ "policy": "data.aws_iam_policy_document.a.json" })),
    );
    let open = bucket(other(), json!({ "policy": r#"{"Statement":[]}"# }), &NONE());
    assert_eq!(verdict("xc.bucket-set", &plan(0, &open), None), Some(Verdict::Violated));
}

#[test]
fn a_bucket_locks_what_must_be_kept() {
    const RULE: &str = "xc.bucket-set";
    let of = |tags: Value| bucket(tags, json!({ "policy": TLS }), &NONE());
    let locked = |tags: Value, retention: Value| {
        let lock = json!({ "rule": [{ "default_retention": [retention] }] });
        let to = json!({ "bucket": "aws_s3_bucket.a.id" });
        [of(tags), vec![("aws_s3_bucket_object_lock_configuration.a", lock, to)]].concat()
    };
    let compliance = || json!({ "mode": "COMPLIANCE", "years": 5 });
    asks(
        RULE,
        &of(holding("clinical-record")),
        &locked(holding("clinical-record"), compliance()),
        &locked(holding("clinical-record"), json!({ "years": 5 })),
    );
    let found = |parts: &[Part]| verdict(RULE, &plan(0, parts), None);
    let liftable = locked(holding("configuration logs"), json!({ "mode": "GOVERNANCE", "days": 365 }));
    assert_eq!(found(&liftable), Some(Verdict::Violated));
    assert_eq!(found(&of(holding("configuration, other"))), Some(Verdict::Holds));
    // Nobody said what it holds: only a lock settles it.
    for tags in [NONE(), holding("other backups")] {
        assert_eq!(found(&of(tags.clone())), Some(Verdict::Undecided), "{tags}");
        assert_eq!(found(&locked(tags.clone(), compliance())), Some(Verdict::Holds), "{tags}");
    }
}

#[test]
fn a_copy_lies_in_another_account_under_a_lock() {
    const RULE: &str = "xc.backup-out-of-reach";
    let arn = "arn:aws:backup:ap-northeast-1:222222222222:backup-vault:far";
    let copies = json!({ "rule": [{ "copy_action": [{ "destination_vault_arn": arn }] }] });
    let near = plan(0, &[("aws_backup_plan.a", copies, NONE())]);
    let far = |lock: Value| {
        let vault = ("aws_backup_vault.far", json!({ "arn": arn, "name": "far" }), NONE());
        let lock = ("aws_backup_vault_lock_configuration.far", lock, NONE());
        near.iter().cloned().chain(plan(1, &[vault, lock])).collect::<Vec<_>>()
    };
    let strict = json!({ "backup_vault_name": "far", "changeable_for_days": 3 });
    assert_eq!(verdict(RULE, &far(strict), None), Some(Verdict::Holds));
    assert_eq!(verdict(RULE, &far(json!({ "backup_vault_name": "far" })), None), Some(Verdict::Violated));
    assert_eq!(verdict(RULE, &near, None), Some(Verdict::Undecided));
    let none = plan(0, &[("aws_backup_plan.a", json!({ "rule": [{ "rule_name": "daily" }] }), NONE())]);
    assert_eq!(verdict(RULE, &none, None), Some(Verdict::Violated));
    let azure =
        plan(0, &[("azurerm_recovery_services_vault.a", json!({ "immutability": "Unlocked" }), NONE())]);
    assert_eq!(verdict(RULE, &azure, None), Some(Verdict::Violated));
}

#[test]
fn the_trail_lies_in_another_account_with_object_lock() {
    const RULE: &str = "xc.log-out-of-reach";
    let trail = plan(0, &[("aws_cloudtrail.a", json!({ "s3_bucket_name": "far" }), NONE())]);
    let far = |mode: &str| {
        let lock =
            json!({ "bucket": "far", "rule": [{ "default_retention": [{ "mode": mode, "days": 365 }] }] });
        let parts = [
            ("aws_s3_bucket.far", json!({ "bucket": "far" }), NONE()),
            ("aws_s3_bucket_object_lock_configuration.far", lock, NONE()),
        ];
        trail.iter().cloned().chain(plan(1, &parts)).collect::<Vec<_>>()
    };
    assert_eq!(verdict(RULE, &far("COMPLIANCE"), None), Some(Verdict::Holds));
    assert_eq!(verdict(RULE, &far("GOVERNANCE"), None), Some(Verdict::Violated));
    assert_eq!(verdict(RULE, &trail, None), Some(Verdict::Undecided));
}

#[test]
fn recovery_uses_another_way_than_the_second_factor() {
    let pool = |way: &str| {
        let values = json!({
            "mfa_configuration": "ON",
            "sms_configuration": [{ "external_id": "x" }],
            "account_recovery_setting": [{ "recovery_mechanism": [{ "name": way, "priority": 1 }] }],
        });
        vec![("aws_cognito_user_pool.a", values, NONE())]
    };
    let unset = json!({ "mfa_configuration": "ON", "sms_configuration": [{ "external_id": "x" }] });
    asks(
        "xc.two-factor-independent",
        &pool("verified_phone_number"),
        &pool("admin_only"),
        &[("aws_cognito_user_pool.a", unset, NONE())],
    );
}

#[test]
fn what_stands_outside_japan_is_found() {
    asks(
        "xc.data-in-japan",
        &[("aws_db_instance.a", json!({ "availability_zone": "us-east-1a" }), NONE())],
        &[("aws_db_instance.a", json!({ "availability_zone": "ap-northeast-1c" }), NONE())],
        &[("aws_db_instance.a", json!({ "engine": "postgres" }), NONE())],
    );
    let azure = [("azurerm_storage_account.a", json!({ "location": "Japan East" }), NONE())];
    assert_eq!(verdict("xc.data-in-japan", &plan(0, &azure), None), Some(Verdict::Holds));
    let google = [("google_sql_database_instance.a", json!({ "region": "asia-northeast1" }), NONE())];
    assert_eq!(verdict("xc.data-in-japan", &plan(0, &google), None), Some(Verdict::Holds));
}

#[test]
fn detection_stands_and_is_on() {
    let all = |detector: Value| {
        vec![
            ("aws_guardduty_detector.a", detector, NONE()),
            ("aws_cloudtrail.a", json!({ "is_multi_region_trail": true }), NONE()),
            ("aws_config_configuration_recorder.a", NONE(), NONE()),
        ]
    };
    asks(
        "xc.threat-detection-everywhere",
        &all(json!({ "enable": false })),
        &all(json!({ "enable": true })),
        &[("aws_vpc.a", NONE(), NONE())],
    );
}

#[test]
fn services_of_the_cloud_are_reached_by_endpoints() {
    let with = |name: Value, more: Value| {
        vec![
            ("aws_nat_gateway.a", NONE(), NONE()),
            ("aws_s3_bucket.a", NONE(), NONE()),
            ("aws_vpc_endpoint.a", name, more),
        ]
    };
    asks(
        "xc.vpc-endpoints-private",
        &with(json!({ "service_name": "com.amazonaws.ap-northeast-1.kms" }), NONE()),
        &with(json!({ "service_name": "com.amazonaws.ap-northeast-1.s3" }), NONE()),
        &with(NONE(), json!({ "service_name": "var.service" })),
    );
}

#[test]
fn findings_are_told_in_the_words_of_their_files_and_once_each() {
    let parts = [("aws_s3_bucket.a", NONE(), NONE()), ("aws_vpc.a", NONE(), NONE())];
    let report = Catalogue::builtin().unwrap().crossed(&CLOUD, &plan(0, &parts), None).unwrap();
    let ids: Vec<&str> = report.findings.iter().map(|one| one.id.as_str()).collect();
    assert!(ids.contains(&"xc.bucket-set@aws_s3_bucket.a"), "{ids:?}");
    let once: std::collections::BTreeSet<&&str> = ids.iter().collect();
    assert_eq!(once.len(), ids.len(), "{ids:?}");
    assert!(report.findings.iter().all(|one| !one.advice.text.ja.is_empty()));
    let checks: std::collections::BTreeSet<&str> =
        CLOUD.cross_checks.iter().map(|one| one.id.as_str()).collect();
    assert_eq!(checks.len(), CHECKS.len());
}
