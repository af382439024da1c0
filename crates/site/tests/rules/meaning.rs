//! What single rules mean, where data alone does not show it.

use crate::CATALOGUE;
use serde_json::{Value, json};
use site::resource::Resource;
use site::rules::{Catalogue, Verdict, Why};
use std::collections::{BTreeMap, BTreeSet};

fn judged(kind: &str, path: &str, values: Value) -> Option<(Verdict, Why)> {
    let resource = resource(kind, values);
    let found = CATALOGUE.judge(&resource).into_iter().find(|one| one.rule.path_text() == path);
    found.map(|one| (one.verdict, one.why))
}

fn resource(kind: &str, values: Value) -> Resource {
    Resource {
        address: format!("{kind}.x"),
        kind: kind.into(),
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

#[test]
fn one_block_of_several_that_is_wrong_is_enough() {
    let values =
        json!({ "ingress": [{ "cidr_blocks": ["10.0.0.0/8"] }, { "cidr_blocks": ["::/0", "0.0.0.0/0"] }] });
    let resource = resource("aws_security_group", values);
    let judged = CATALOGUE.judge(&resource);
    let found = judged.iter().find(|one| one.rule.path == ["ingress", "cidr_blocks"]).unwrap();
    assert_eq!(found.verdict, Verdict::Violated);
    assert_eq!(found.seen, r#"["::/0", "0.0.0.0/0"]"#, "the block that decides is shown");
}

#[test]
fn a_condition_on_a_block_counts_for_that_block_alone() {
    let rule = |action| json!({ "ingress": [{ "action": "deny", "cidr_block": "0.0.0.0/0" }, { "action": action, "cidr_block": "0.0.0.0/0" }] });
    let path = "ingress.cidr_block";
    assert_eq!(judged("aws_network_acl", path, rule("deny")), None);
    assert_eq!(judged("aws_network_acl", path, rule("allow")).unwrap().0, Verdict::Violated);
}

#[test]
fn a_listener_that_only_redirects_to_https_is_not_asked_for_tls() {
    let redirect = json!({ "protocol": "HTTP", "default_action": [{ "type": "redirect" }] });
    assert!(
        CATALOGUE
            .judge(&resource("aws_lb_listener", redirect))
            .iter()
            .all(|one| one.verdict == Verdict::Holds || one.rule.path != ["protocol"])
    );
    let plain = json!({ "protocol": "HTTP", "default_action": [{ "type": "forward" }] });
    assert_eq!(judged("aws_lb_listener", "protocol", plain).unwrap().0, Verdict::Violated);
}

#[test]
fn a_weaker_tls_policy_passes_only_with_a_recorded_reason() {
    let of = |policy: &str| json!({ "protocol": "HTTPS", "default_action": [{ "type": "forward" }], "ssl_policy": policy });
    let found = |policy| judged("aws_lb_listener", "ssl_policy", of(policy)).unwrap();
    assert_eq!(found("ELBSecurityPolicy-TLS13-1-3-2021-06").0, Verdict::Holds);
    assert_eq!(found("ELBSecurityPolicy-TLS13-1-2-Res-2021-06"), (Verdict::Undecided, Why::Weaker));
    assert_eq!(found("ELBSecurityPolicy-2016-08").0, Verdict::Violated);
}

#[test]
fn two_values_for_one_attribute_count_in_different_cases() {
    let gateway = |kind: &str, sku: &str| json!({ "type": kind, "sku": sku });
    let found = |values| judged("azurerm_virtual_network_gateway", "sku", values).unwrap().0;
    assert_eq!(found(gateway("Vpn", "VpnGw2AZ")), Verdict::Holds);
    assert_eq!(found(gateway("ExpressRoute", "VpnGw2AZ")), Verdict::Violated);
}

#[test]
fn a_policy_that_denies_only_some_requests_without_tls_does_not_keep_the_rule() {
    let policy = |condition: Value| {
        let deny = json!({ "Effect": "Deny", "Principal": "*", "Action": "s3:*", "Resource": "*", "Condition": condition });
        json!({ "policy": json!({ "Statement": deny }).to_string() })
    };
    let found = |condition| judged("aws_s3_bucket_policy", "policy", policy(condition)).unwrap().0;
    assert_eq!(found(json!({ "Bool": { "aws:SecureTransport": "false" } })), Verdict::Holds);
    assert_eq!(found(json!({ "Bool": { "aws:SecureTransport": "true" } })), Verdict::Violated);
    let narrow = json!({ "Bool": { "aws:SecureTransport": "false" }, "IpAddress": { "aws:SourceIp": "192.0.2.0/24" } });
    assert_eq!(found(narrow), Verdict::Violated);
}

#[test]
fn what_the_configuration_does_not_give_is_not_set_though_the_plan_calls_it_unknown() {
    let mut instance = resource("aws_instance", json!({}));
    instance.unknown = json!({ "metadata_options": true });
    let verdict = |of: &Resource| {
        CATALOGUE
            .judge(of)
            .into_iter()
            .find(|one| one.rule.path_text() == "metadata_options.http_tokens")
            .unwrap()
            .verdict
    };
    assert_eq!(verdict(&instance), Verdict::Violated);
    instance.configured = Some(vec!["metadata_options".into()]);
    assert_eq!(verdict(&instance), Verdict::Undecided);
}

#[test]
fn an_element_that_is_unknown_leaves_open_what_the_others_do_not_decide() {
    let mut rule = resource(
        "aws_security_group_rule",
        json!({ "type": "ingress", "cidr_blocks": ["10.0.0.0/8", null] }),
    );
    rule.unknown = json!({ "cidr_blocks": [false, true] });
    let verdict = |of: &Resource| {
        CATALOGUE.judge(of).into_iter().find(|one| one.rule.path == ["cidr_blocks"]).unwrap().verdict
    };
    assert_eq!(verdict(&rule), Verdict::Undecided);
    rule.values = json!({ "type": "ingress", "cidr_blocks": ["0.0.0.0/0", null] });
    assert_eq!(verdict(&rule), Verdict::Violated);
}

#[test]
fn every_text_is_in_both_languages() {
    let japanese =
        |text: &str| text.chars().any(|one| matches!(one, '\u{3040}'..='\u{30ff}' | '\u{4e00}'..='\u{9fff}'));
    let mut texts = BTreeSet::new();
    for rule in &CATALOGUE.rules {
        texts.extend([rule.text(), rule.remedy()]);
        texts.extend(rule.doubt());
        texts.extend(rule.when.iter().map(|when| when.text.clone()));
    }
    texts.extend(CATALOGUE.topics.iter().flat_map(|topic| [topic.title.clone(), topic.intent.clone()]));
    texts.extend(CATALOGUE.site_facts.iter().flat_map(|fact| fact.why.iter().chain([&fact.title]).cloned()));
    texts.extend(CATALOGUE.cross_checks.iter().map(|check| check.say.clone()));
    for text in texts {
        assert!(!japanese(&text.en) && japanese(&text.ja), "{text:?}");
        assert!(!text.ja.contains("{}") && !text.en.contains("{}") && !text.en.contains("MUST"), "{text:?}");
    }
}

#[test]
fn a_file_that_is_not_of_its_form_is_refused_with_its_line() {
    let head = "format: 1\nchecked: []\nregions_japan: {}\ncross_checks: []\n";
    let rule = |inside: &str| {
        format!(
            "{head}topics:\n- id: t\n  title: {{ja: あ, en: a}}\n  intent: {{ja: あ, en: a}}\n  subjects: []\n  guideline: []\n  \
             services:\n  - id: s\n    provider: aws\n    name: {{ja: あ, en: a}}\n    resources:\n    - kind: k\n      verified: \
             true\n      rules:\n      - {{id: r, path: a.b, unset: safe, severity: required, verified: schema, basis: schema, {inside}}}\n"
        )
    };
    assert!(Catalogue::read("x.yaml", &rule("op: eq, value: true")).is_ok());
    for wrong in [
        "op: eq",
        "op: eq, value: [1]",
        "op: present, value: 1",
        "op: gte, value: many",
        "op: matches, value: '('",
        "op: no_cidr, value: [here]",
        "op: duration_gte, value: long",
        "op: eq, value: 1, colour: red",
        "op: perhaps",
        "op: eq, value: 1, instead_of: nobody",
    ] {
        let problem = Catalogue::read("x.yaml", &rule(wrong)).unwrap_err();
        assert_eq!(problem.code().id, "SI-0030", "{wrong}");
        assert!(problem.log_line().starts_with("x.yaml, line "), "{wrong}: {}", problem.log_line());
    }
    let newer = Catalogue::read("x.yaml", &rule("op: eq, value: 1").replace("format: 1", "format: 2"));
    assert_eq!(newer.unwrap_err().code().id, "SI-0030");
}
