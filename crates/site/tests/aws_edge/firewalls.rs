//! Network Firewall between two parts of a network.

use crate::world::{World, answer, ask, reached};
use serde_json::{Value, json};

/// Two networks at a hub; what leaves the first for the second goes by a firewall in a network between.
fn inspected(policy: &Value, groups: &[(&str, Value)]) -> World {
    let hub = "aws_ec2_transit_gateway.hub";
    let to_firewall = json!([{ "cidr_block": "10.2.0.0/16", "vpc_endpoint_id": "vpce-fw" }]);
    let mut world = World::new()
        .network("app", "10.1.0.0/24", to_firewall)
        .but("aws_vpc.app", &json!({ "cidr_block": "10.1.0.0/16" }))
        .with("aws_subnet.fw", json!({ "vpc_id": "aws_vpc.app", "cidr_block": "10.1.9.0/24" }))
        .with(
            "aws_route_table.fw",
            json!({ "vpc_id": "aws_vpc.app", "route": [{ "cidr_block": "10.2.0.0/16", "transit_gateway_id": hub }] }),
        )
        .with(
            "aws_route_table_association.fw",
            json!({ "subnet_id": "aws_subnet.fw", "route_table_id": "aws_route_table.fw" }),
        )
        .network("ehr", "10.2.0.0/16", json!([{ "cidr_block": "10.1.0.0/16", "transit_gateway_id": hub }]))
        .with(hub, json!({}))
        .with(
            "aws_networkfirewall_firewall.fw",
            json!({
                "vpc_id": "aws_vpc.app",
                "firewall_policy_arn": "arn:aws_networkfirewall_firewall_policy.fw",
                "subnet_mapping": [{ "subnet_id": "aws_subnet.fw" }],
                "firewall_status": [{ "sync_states": [{ "attachment": [{ "endpoint_id": "vpce-fw", "subnet_id": "aws_subnet.fw" }] }] }],
            }),
        )
        .with("aws_networkfirewall_firewall_policy.fw", json!({ "firewall_policy": [policy] }));
    for (name, subnet) in [("app", "fw"), ("ehr", "ehr")] {
        world = world.with(
            &format!("aws_ec2_transit_gateway_vpc_attachment.{name}"),
            json!({ "transit_gateway_id": hub, "vpc_id": format!("aws_vpc.{name}"), "subnet_ids": [format!("aws_subnet.{subnet}")] }),
        );
    }
    for (name, values) in groups {
        world = world.with(&format!("aws_networkfirewall_rule_group.{name}"), values.clone());
    }
    world
}

fn forwarding(strict: bool, groups: &[&str]) -> Value {
    let references: Vec<Value> = groups
        .iter()
        .zip(1..)
        .map(|(name, priority)| json!({ "resource_arn": format!("arn:aws_networkfirewall_rule_group.{name}"), "priority": priority }))
        .collect();
    let order = if strict { "STRICT_ORDER" } else { "DEFAULT_ACTION_ORDER" };
    let default: &[&str] = if strict { &["aws:drop_strict"] } else { &[] };
    json!({
        "stateless_default_actions": ["aws:forward_to_sfe"],
        "stateless_fragment_default_actions": ["aws:drop"],
        "stateful_engine_options": [{ "rule_order": order }],
        "stateful_default_actions": default,
        "stateful_rule_group_reference": references,
    })
}

fn suricata(rules: &str) -> Value {
    json!({ "type": "STATEFUL", "rule_group": [{ "rules_source": [{ "rules_string": rules }] }] })
}

fn asked(strict: bool, rules: &str) -> String {
    inspected(&forwarding(strict, &["rules"]), &[("rules", suricata(rules))])
        .ask("aws_instance.app", "aws_instance.ehr")
}

#[test]
fn what_no_rule_passes_in_strict_order_is_dropped() {
    assert_eq!(asked(true, "pass tcp 10.1.0.0/16 any -> 10.2.0.0/16 443 (sid:1; rev:1;)"), "yes");
    assert_eq!(asked(true, "pass tcp 10.7.0.0/16 any -> 10.2.0.0/16 443 (sid:1;)"), "no");
    assert_eq!(asked(true, "alert ip any any -> any any (sid:1;)"), "no");
    let passes = "pass tcp $HOME_NET any -> [10.2.0.0/16,!10.2.0.0/17] [443,8443] (sid:1; flow:to_server;)";
    let world = inspected(&forwarding(true, &["rules"]), &[("rules", suricata(passes))]);
    let model = world.model();
    let found = reached(answer(&model, "aws_instance.app", "aws_instance.ehr"));
    for cube in found.packets.cubes() {
        let text = cube.to_string();
        assert!(
            text.contains("-> 10.2.128.0/17, TCP ") && (text.ends_with(" 443") || text.ends_with(" 8443")),
            "{text}"
        );
    }
}

#[test]
fn strict_order_takes_rules_as_they_stand_and_the_default_order_what_passes_first() {
    let rules = "drop ip any any -> any any (sid:1;)\npass tcp any any -> any 443 (sid:2;)";
    assert_eq!(asked(true, rules), "no");
    assert_eq!(asked(false, rules), "yes");
    assert_eq!(asked(false, "drop ip any any -> 10.2.0.0/16 any (sid:1;)"), "no");
    assert_eq!(asked(false, "drop tcp any any -> 10.9.0.0/16 any (sid:1;)"), "yes");
}

#[test]
fn a_list_of_domains_or_a_look_into_packets_leaves_it_undecided() {
    let domains = json!({ "type": "STATEFUL", "rule_group": [{ "rules_source": [{ "rules_source_list": [
        { "generated_rules_type": "ALLOWLIST", "target_types": ["TLS_SNI"], "targets": [".example.jp"] }
    ] }] }] });
    let world = inspected(&forwarding(true, &["domains"]), &[("domains", domains)]);
    let found = world.ask("aws_instance.app", "aws_instance.ehr");
    assert_eq!(found, "maybe: aws_networkfirewall_rule_group.domains rules_source_list");
    let found = asked(true, "pass tcp any any -> any 443 (tls.sni; content:\"x\"; sid:7;)");
    assert_eq!(found, "maybe: aws_networkfirewall_rule_group.rules sid 7 tls.sni");
}

#[test]
fn stateless_rules_decide_by_priority_before_all_others() {
    let rule = |priority: u64, action: &str, port: u64| {
        json!({ "priority": priority, "rule_definition": [{
            "actions": [action],
            "match_attributes": [{
                "protocols": [6],
                "source": [{ "address_definition": "10.1.0.0/16" }],
                "destination": [{ "address_definition": "10.2.0.0/16" }],
                "destination_port": [{ "from_port": port, "to_port": port }],
            }],
        }] })
    };
    let group = |rules: Value| json!({ "type": "STATELESS", "rule_group": [{ "rules_source": [{ "stateless_rules_and_custom_actions": [{ "stateless_rule": rules }] }] }] });
    let policy = |default: &str| {
        json!({
            "stateless_default_actions": [default],
            "stateless_rule_group_reference": [{ "resource_arn": "arn:aws_networkfirewall_rule_group.rules", "priority": 1 }],
        })
    };
    let model = |rules: Value, default: &str| inspected(&policy(default), &[("rules", group(rules))]).model();
    let ask_of =
        |rules: Value, default: &str| ask(&model(rules, default), "aws_instance.app", "aws_instance.ehr");
    // The way back does not go by this firewall here, so what it passes is not asked for answers twice.
    assert_eq!(ask_of(json!([]), "aws:pass"), "yes");
    assert_eq!(ask_of(json!([]), "aws:drop"), "no");
    let both = json!([rule(2, "aws:pass", 443), rule(1, "aws:drop", 443)]);
    let found = reached(answer(&model(both, "aws:pass"), "aws_instance.app", "aws_instance.ehr"));
    assert!(
        found
            .packets
            .cubes()
            .iter()
            .all(|cube| !(cube.protocol.contains(6) && cube.destination_port.contains(443)))
    );
}
