//! Security groups.

use super::made::{Made, reasons};
use serde_json::{Value, json};

fn rule(source: Value) -> Value {
    let mut rule = json!({"protocol": "tcp", "from_port": 5432, "to_port": 5432});
    rule.as_object_mut().unwrap().extend(source.as_object().unwrap().clone());
    rule
}

/// Two machines and a database that lets in what the rule says.
fn records(source: Value) -> Made {
    Made::network()
        .group("app", "10.0.0.0/8", 443)
        .group("other", "10.0.0.0/8", 443)
        .group("records", "10.9.0.0/16", 1)
        .change("aws_security_group.records", json!({"ingress": [rule(source)]}))
        .instance("app", "public", "app", true)
        .instance("other", "public", "other", true)
        .instance("records", "private", "records", false)
}

#[test]
fn a_group_as_the_source_lets_in_its_members_only() {
    let plan = records(json!({"security_groups": ["=aws_security_group.app"]}));
    assert_eq!(plan.ask("aws_instance.app", "aws_instance.records"), "yes");
    assert_eq!(plan.ask("aws_instance.other", "aws_instance.records"), "no");
    assert_eq!(plan.ask("internet", "aws_instance.records"), "no");
}

#[test]
fn rules_of_their_own_are_added_to_the_group() {
    let plan = records(json!({"cidr_blocks": ["10.9.0.0/16"]}));
    assert_eq!(plan.ask("aws_instance.app", "aws_instance.records"), "no");
    let old = plan.clone().with(
        "aws_security_group_rule.app",
        json!({
            "type": "ingress", "security_group_id": "=aws_security_group.records", "protocol": "tcp",
            "from_port": 5432, "to_port": 5432, "source_security_group_id": "=aws_security_group.app",
        }),
    );
    let new = plan.with(
        "aws_vpc_security_group_ingress_rule.app",
        json!({
            "security_group_id": "=aws_security_group.records", "ip_protocol": "tcp",
            "from_port": 5432, "to_port": 5432, "referenced_security_group_id": "=aws_security_group.app",
        }),
    );
    for plan in [old, new] {
        assert_eq!(plan.ask("aws_instance.app", "aws_instance.records"), "yes");
        assert_eq!(plan.ask("aws_instance.other", "aws_instance.records"), "no");
    }
}

#[test]
fn members_of_a_group_reach_each_other_where_it_names_itself() {
    let plan = records(json!({"self": true})).instance("second", "public", "records", false);
    assert_eq!(plan.ask("aws_instance.second", "aws_instance.records"), "yes");
    assert_eq!(plan.ask("aws_instance.app", "aws_instance.records"), "no");
}

#[test]
fn a_group_without_egress_lets_nothing_out() {
    let plan = records(json!({"security_groups": ["=aws_security_group.app"]}))
        .change("aws_security_group.app", json!({"egress": null}));
    assert_eq!(plan.ask("aws_instance.app", "aws_instance.records"), "no");
}

#[test]
fn one_of_several_groups_is_enough() {
    let plan = records(json!({"security_groups": ["=aws_security_group.app"]})).change(
        "aws_instance.other",
        json!({"vpc_security_group_ids": ["=aws_security_group.other", "=aws_security_group.app"]}),
    );
    assert_eq!(plan.ask("aws_instance.other", "aws_instance.records"), "yes");
}

#[test]
fn the_default_group_lets_its_members_reach_each_other_and_nobody_else() {
    let plan = records(json!({"self": true}))
        .with("aws_instance.a", json!({"subnet_id": "=aws_subnet.private"}))
        .with("aws_instance.b", json!({"subnet_id": "=aws_subnet.public"}));
    assert_eq!(plan.ask("aws_instance.a", "aws_instance.b"), "yes");
    assert_eq!(plan.ask("aws_instance.app", "aws_instance.b"), "no");
    let emptied = plan.with("aws_default_security_group.all", json!({"vpc_id": "=aws_vpc.main"}));
    assert_eq!(emptied.ask("aws_instance.a", "aws_instance.b"), "no");
}

#[test]
fn a_prefix_list_stands_for_its_prefixes() {
    let plan = records(json!({"prefix_list_ids": ["=aws_ec2_managed_prefix_list.apps"]}));
    let list = |net: &str| {
        plan.clone()
            .with("aws_ec2_managed_prefix_list.apps", json!({"entry": [{"cidr": net}], "max_entries": 1}))
    };
    assert_eq!(list("10.0.1.0/24").ask("aws_instance.app", "aws_instance.records"), "yes");
    assert_eq!(list("10.0.3.0/24").ask("aws_instance.app", "aws_instance.records"), "no");
}

#[test]
fn a_range_that_is_not_known_leaves_the_answer_in_doubt_and_is_named() {
    let plan = records(json!({"cidr_blocks": "?"}));
    assert_eq!(plan.ask("aws_instance.app", "aws_instance.records"), "maybe");
    let told = reasons(&plan.model(), "aws_instance.app", "aws_instance.records");
    assert!(told.contains(&"aws_security_group.records ingress.cidr_blocks".to_owned()), "{told:?}");
}

#[test]
fn a_group_that_passes_through_a_local_value_leaves_the_answer_in_doubt() {
    let plan = records(json!({"security_groups": ["=local.group"]}));
    assert_eq!(plan.ask("aws_instance.app", "aws_instance.records"), "maybe");
    assert_eq!(plan.ask("internet", "aws_instance.records"), "no");
    let own = records(json!({"security_groups": ["=aws_security_group.app"]}))
        .change("aws_instance.other", json!({"vpc_security_group_ids": ["=local.groups"]}));
    assert_eq!(own.ask("aws_instance.other", "aws_instance.records"), "maybe");
}

#[test]
fn what_a_group_lets_out_may_name_a_group() {
    let plan = records(json!({"cidr_blocks": ["0.0.0.0/0"]})).change(
        "aws_security_group.app",
        json!({"egress": [rule(json!({"security_groups": ["=aws_security_group.records"]}))]}),
    );
    assert_eq!(plan.ask("aws_instance.app", "aws_instance.records"), "yes");
    assert_eq!(plan.ask("aws_instance.app", "internet"), "no");
    assert_eq!(plan.ask("aws_instance.app", "aws_instance.other"), "no");
    // Of two groups in a subnet nobody knows whose an address is.
    let mixed = plan.instance("beside", "private", "other", false);
    assert_eq!(mixed.ask("aws_instance.app", "aws_instance.records"), "maybe");
}

#[test]
fn a_group_with_more_rules_than_are_read_leaves_the_rest_in_doubt() {
    let one = |at: u32| {
        let net = format!("10.{}.{}.{}/32", 100 + at / 65536, at / 256 % 256, at % 256);
        json!({"protocol": "tcp", "from_port": 5432, "to_port": 5432, "cidr_blocks": [net]})
    };
    let many: Vec<Value> = (0..4_000).map(one).collect();
    let plan = records(json!({"self": true})).change("aws_security_group.records", json!({"ingress": many}));
    assert_eq!(plan.ask("aws_instance.app", "aws_instance.records"), "maybe");
}
