//! What plans leave open: never safe, never dropped.

use super::made::{Made, reasons};
use serde_json::json;

fn web() -> Made {
    Made::network().group("web", "0.0.0.0/0", 443).instance("web", "public", "web", true)
}

#[test]
fn a_network_that_passes_through_a_local_value_is_in_doubt() {
    let plan = web().change("aws_subnet.public", json!({"vpc_id": "=local.vpc_id"}));
    assert_eq!(plan.ask("internet", "aws_instance.web"), "maybe");
    let told = reasons(&plan.model(), "internet", "aws_instance.web");
    assert!(told.iter().any(|reason| reason.contains("local.vpc_id")), "{told:?}");
}

#[test]
fn a_subnet_that_the_plan_does_not_have_is_in_doubt() {
    for subnet in ["subnet-0abc", "?", "=local.subnet"] {
        let plan = web().change("aws_instance.web", json!({"subnet_id": subnet}));
        assert_ne!(plan.ask("internet", "aws_instance.web"), "no", "{subnet}");
        assert_ne!(plan.ask("internet", "aws_instance.web"), "yes", "{subnet}");
        assert_ne!(plan.ask("aws_instance.web", "internet"), "no", "{subnet}");
    }
}

#[test]
fn an_instance_without_a_subnet_stands_in_a_default_network_of_which_nothing_is_known() {
    let plan = Made::new().with("aws_instance.web", json!({}));
    assert_eq!(plan.ask("internet", "aws_instance.web"), "maybe");
    assert_ne!(plan.ask("aws_instance.web", "internet"), "no");
    assert_ne!(plan.ask("aws_instance.web", "internet"), "yes");
}

#[test]
fn ranges_that_are_not_known_leave_the_answer_in_doubt() {
    let plan = web()
        .group("db", "10.0.0.0/8", 5432)
        .instance("db", "private", "db", false)
        .change("aws_vpc.main", json!({"cidr_block": "?"}))
        .change("aws_subnet.public", json!({"cidr_block": "?"}))
        .change("aws_subnet.private", json!({"cidr_block": "?"}));
    assert_eq!(plan.ask("aws_instance.web", "aws_instance.db"), "maybe");
    assert_eq!(plan.ask("internet", "aws_instance.web"), "yes");
    assert_eq!(plan.ask("internet", "aws_instance.db"), "no");
}

#[test]
fn a_route_table_that_is_one_of_several_is_in_doubt() {
    let plan = web().change(
        "aws_route_table_association.public",
        json!({"route_table_id": ["=aws_route_table.public", "=aws_route_table.private"]}),
    );
    assert_eq!(plan.ask("internet", "aws_instance.web"), "maybe");
    assert_eq!(plan.ask("aws_instance.web", "internet"), "maybe");
}

#[test]
fn instances_that_are_chosen_by_their_number_are_joined_with_their_own() {
    let numbered = |name: &str, count: usize, values: serde_json::Value| {
        (0..count).map(|at| (format!("{name}[{at}]"), values.clone())).collect::<Vec<_>>()
    };
    let mut plan = web();
    let nets = ["10.0.10.0/24", "10.0.11.0/24"];
    for (address, at) in [("aws_subnet.many[0]", 0), ("aws_subnet.many[1]", 1)] {
        plan = plan.with(address, json!({"vpc_id": "=aws_vpc.main", "cidr_block": nets[at]}));
    }
    let values = json!({"vpc_id": "=aws_vpc.main"});
    for (address, values) in numbered("aws_route_table.many", 2, values) {
        plan = plan.with(&address, values);
    }
    let values = json!({"subnet_id": ["=aws_subnet.many", "=count.index"], "route_table_id": ["=aws_route_table.many", "=count.index"]});
    for (address, values) in numbered("aws_route_table_association.many", 2, values) {
        plan = plan.with(&address, values);
    }
    let plan = plan
        .with(
            "aws_route.many",
            json!({
                "route_table_id": "=aws_route_table.many[1]",
                "destination_cidr_block": "0.0.0.0/0",
                "gateway_id": "=aws_internet_gateway.main",
            }),
        )
        .instance("first", "many[0]", "web", true)
        .instance("second", "many[1]", "web", true);
    assert_eq!(plan.ask("internet", "aws_instance.first"), "no");
    assert_eq!(plan.ask("internet", "aws_instance.second"), "yes");
}

#[test]
fn a_list_or_table_that_may_be_of_any_subnet_leaves_all_of_them_in_doubt() {
    let listed = web().with(
        "aws_network_acl.some",
        json!({"vpc_id": "=aws_vpc.main", "subnet_ids": "=local.subnets", "ingress": [], "egress": []}),
    );
    assert_eq!(listed.ask("internet", "aws_instance.web"), "maybe");
    let routed = web().with(
        "aws_route_table_association.some",
        json!({"subnet_id": "=local.subnet", "route_table_id": "=aws_route_table.private"}),
    );
    assert_eq!(routed.ask("internet", "aws_instance.web"), "maybe");
    let ruled = web().with(
        "aws_security_group_rule.some",
        json!({
            "type": "ingress", "security_group_id": "=local.group", "protocol": "tcp", "from_port": 22, "to_port": 22,
            "cidr_blocks": ["0.0.0.0/0"],
        }),
    );
    assert_eq!(
        ruled
            .clone()
            .without("aws_instance.web")
            .instance("web", "public", "web", true)
            .ask("internet", "aws_instance.web"),
        "yes"
    );
    let shut = ruled.change("aws_security_group.web", json!({"ingress": []}));
    assert_eq!(shut.ask("internet", "aws_instance.web"), "maybe");
}

#[test]
fn a_route_may_name_the_main_table_by_its_network() {
    let plan = web().without("aws_route_table_association.public").without("aws_route.public").with(
        "aws_route.main",
        json!({
            "route_table_id": "=aws_vpc.main",
            "destination_cidr_block": "0.0.0.0/0",
            "gateway_id": "=aws_internet_gateway.main",
        }),
    );
    assert_eq!(plan.ask("internet", "aws_instance.web"), "yes");
    let set = plan.with(
        "aws_main_route_table_association.main",
        json!({"vpc_id": "=aws_vpc.main", "route_table_id": "=aws_route_table.private"}),
    );
    assert_eq!(set.ask("internet", "aws_instance.web"), "yes");
}

#[test]
fn what_stands_nobody_knows_where_may_stand_beside_anything() {
    for subnet in ["subnet-0abc", "=local.subnet"] {
        for group in ["=aws_security_group.web", "=local.group"] {
            let hidden = json!({"subnet_id": subnet, "vpc_security_group_ids": [group]});
            let plan = web().with("aws_instance.hidden", hidden);
            assert_eq!(plan.ask("aws_instance.web", "aws_instance.hidden"), "maybe", "{subnet} {group}");
            let back = plan.ask("aws_instance.hidden", "aws_instance.web");
            assert!(["maybe", "undecided"].contains(&back), "{subnet} {group} {back}");
        }
    }
}

#[test]
fn every_network_type_of_the_rules_is_modelled_or_leaves_answers_undecided() {
    use site::model::{Treatment, aws::treatment};
    let rules = include_str!("../../catalogue/services.yaml");
    let topics = rules.split("\n- id: ").filter(|topic| topic.starts_with("network."));
    for topic in topics {
        let kinds =
            topic.lines().filter_map(|line| line.trim().trim_start_matches("- ").strip_prefix("kind: "));
        for kind in kinds.filter(|kind| !LEADS_NOWHERE.contains(kind)) {
            assert_ne!(treatment(kind), Treatment::Ignored, "{kind}");
        }
    }
}

#[test]
fn a_number_is_no_proof_where_the_blocks_have_different_numbers() {
    let mut plan = web();
    for at in 0..3 {
        plan = plan.with(
            &format!("aws_subnet.many[{at}]"),
            json!({"vpc_id": "=aws_vpc.main", "cidr_block": format!("10.0.1{at}.0/24")}),
        );
    }
    let values = json!({"subnet_id": ["=aws_subnet.many", "=count.index"], "route_table_id": "=aws_route_table.public"});
    for at in 0..2 {
        plan = plan.with(&format!("aws_route_table_association.many[{at}]"), values.clone());
    }
    let plan = plan.instance("first", "many[0]", "web", true).instance("third", "many[2]", "web", true);
    assert_eq!(plan.ask("internet", "aws_instance.first"), "maybe");
    assert_eq!(plan.ask("internet", "aws_instance.third"), "maybe");
}

/// Types of these topics that write down what passed, say names, protect lines or say who may ask: no packet goes another way
/// for them.
const LEADS_NOWHERE: [&str; 11] = [
    "aws_flow_log",
    "aws_route53_zone",
    "google_cloud_ids_endpoint",
    "google_dns_managed_zone",
    "google_dns_policy",
    "aws_customer_gateway",
    "aws_dx_macsec_key_association",
    "aws_networkfirewall_logging_configuration",
    "aws_route53_resolver_firewall_rule_group",
    "aws_route53_resolver_query_log_config",
    "aws_vpc_endpoint_service_allowed_principal",
];

#[test]
fn an_elastic_address_of_nobody_knows_whom_may_be_of_any_instance() {
    let plan = Made::network()
        .group("web", "0.0.0.0/0", 443)
        .instance("web", "public", "web", false)
        .with("aws_eip.one", json!({"instance": "=local.instance"}));
    assert_eq!(plan.ask("internet", "aws_instance.web"), "maybe");
}
