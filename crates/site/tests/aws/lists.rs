//! Network ACLs.

use super::made::Made;
use serde_json::{Value, json};

fn entry(number: i64, action: &str, net: &str, ports: (u16, u16)) -> Value {
    json!({"rule_no": number, "action": action, "protocol": "tcp", "cidr_block": net, "from_port": ports.0, "to_port": ports.1})
}

fn two_subnets(ingress: Value, egress: Value) -> Made {
    Made::network()
        .group("all", "0.0.0.0/0", 443)
        .instance("near", "private", "all", false)
        .instance("beside", "private", "all", false)
        .instance("far", "public", "all", false)
        .with(
            "aws_network_acl.private",
            json!({"vpc_id": "=aws_vpc.main", "subnet_ids": ["=aws_subnet.private"], "ingress": ingress, "egress": egress}),
        )
}

#[test]
fn the_lowest_number_decides() {
    let out = json!([entry(100, "allow", "0.0.0.0/0", (0, 65535))]);
    let denied =
        json!([entry(200, "allow", "0.0.0.0/0", (443, 443)), entry(100, "deny", "10.0.1.0/24", (443, 443))]);
    assert_eq!(two_subnets(denied, out.clone()).ask("aws_instance.far", "aws_instance.near"), "no");
    let allowed =
        json!([entry(50, "allow", "10.0.0.0/8", (443, 443)), entry(100, "deny", "10.0.1.0/24", (443, 443))]);
    assert_eq!(two_subnets(allowed, out).ask("aws_instance.far", "aws_instance.near"), "yes");
}

#[test]
fn answers_need_an_entry_of_their_own() {
    let ingress = json!([entry(100, "allow", "0.0.0.0/0", (443, 443))]);
    let short =
        json!([entry(100, "deny", "0.0.0.0/0", (0, 0)), entry(110, "allow", "10.0.9.0/24", (0, 65535))]);
    // Who sends from port 443 has an answer to port 443: whoever is there may choose that.
    let same = json!([entry(100, "allow", "0.0.0.0/0", (443, 443))]);
    assert_eq!(two_subnets(ingress.clone(), same).ask("aws_instance.far", "aws_instance.near"), "yes");
    assert_eq!(two_subnets(ingress.clone(), short).ask("aws_instance.far", "aws_instance.near"), "no");
    let ephemeral = json!([entry(100, "allow", "10.0.1.0/24", (1024, 65535))]);
    assert_eq!(two_subnets(ingress, ephemeral).ask("aws_instance.far", "aws_instance.near"), "yes");
}

#[test]
fn a_list_without_entries_stops_everything_but_what_stays_in_the_subnet() {
    let plan = two_subnets(json!([]), json!([]));
    assert_eq!(plan.ask("aws_instance.far", "aws_instance.near"), "no");
    assert_eq!(plan.ask("aws_instance.near", "aws_instance.far"), "no");
    assert_eq!(plan.ask("aws_instance.beside", "aws_instance.near"), "yes");
}

#[test]
fn entries_of_their_own_are_added_to_the_list() {
    let plan = two_subnets(json!([]), json!([]));
    let entry = |number: i64, egress: bool| {
        json!({
            "network_acl_id": "=aws_network_acl.private", "rule_number": number, "egress": egress, "rule_action": "allow",
            "protocol": "-1", "cidr_block": "0.0.0.0/0",
        })
    };
    let plan = plan
        .with("aws_network_acl_rule.in", entry(1, false))
        .with("aws_network_acl_rule.out", entry(1, true));
    assert_eq!(plan.ask("aws_instance.far", "aws_instance.near"), "yes");
}

#[test]
fn the_default_list_holds_for_subnets_that_have_none_of_their_own() {
    let plan = two_subnets(
        json!([entry(1, "allow", "0.0.0.0/0", (0, 65535))]),
        json!([entry(1, "allow", "0.0.0.0/0", (0, 65535))]),
    );
    assert_eq!(plan.ask("aws_instance.near", "aws_instance.far"), "yes");
    let emptied =
        plan.with("aws_default_network_acl.all", json!({"default_network_acl_id": "=aws_vpc.main"}));
    assert_eq!(emptied.ask("aws_instance.near", "aws_instance.far"), "no");
    assert_eq!(emptied.ask("aws_instance.beside", "aws_instance.near"), "yes");
}

#[test]
fn an_entry_that_is_not_known_leaves_the_answer_in_doubt() {
    let out = json!([entry(100, "allow", "0.0.0.0/0", (0, 65535))]);
    let mut hidden = entry(100, "allow", "0.0.0.0/0", (443, 443));
    hidden["cidr_block"] = json!("?");
    assert_eq!(two_subnets(json!([hidden]), out).ask("aws_instance.far", "aws_instance.near"), "maybe");
}
