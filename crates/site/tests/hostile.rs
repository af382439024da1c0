//! Bad and hostile input, from the text of a file to the whole check: each ends in an error that says what is wrong, or in
//! an answer after bounded work. Nothing here may end the process, nor take minutes.

#![expect(clippy::unwrap_used, reason = "a test ends at the first thing that is not as it should be")]
#![expect(clippy::indexing_slicing, reason = "as above")]
#![expect(clippy::print_stdout, reason = "times are told, and what was not compared")]

use serde_json::{Map, Value, json};
use site::attack::Attacks;
use site::check::{Check, Given};
use site::description::{self, Day, Phase, Site};
use site::model::Model;
use site::plan::Plan;
use site::reach::{Answer, Question};
use std::fmt::Write as _;
use std::path::Path;
use std::time::{Duration, Instant};

/// Far more than any of it takes in a build without optimisation on a busy machine.
const LONGEST: Duration = Duration::from_secs(60);

/// Runs something, tells how long it took, and fails where that is too long.
fn within<T>(what: &str, run: impl FnOnce() -> T) -> T {
    let start = Instant::now();
    let result = run();
    let took = start.elapsed();
    println!("{what}: {took:.1?}");
    assert!(took < LONGEST, "{what}: {took:?}");
    result
}

fn checked(site: Option<&Site>, plans: &[Plan]) -> Result<(Check, Model), base::Problem> {
    let today = Day::parse("2026-11-22").unwrap();
    Given { site, phase: Phase::Now, plans, sources: &[], today }.check()
}

fn check(site: Option<&Site>, plans: &[Plan]) -> (Check, Model) {
    checked(site, plans).unwrap_or_else(|problem| panic!("{problem:?}"))
}

fn code(text: &str) -> String {
    match Plan::read("plan.json", text.as_bytes(), 0) {
        Ok(plan) => panic!("it was read: {} resources", plan.resources.len()),
        Err(problem) => problem.code().id.to_owned(),
    }
}

/// A plan as Terraform writes it. A text `=aws_vpc.a` is an attribute that names this address and is known after apply.
#[derive(Default)]
struct Made(Vec<(String, Value)>);

impl Made {
    fn with(mut self, address: impl Into<String>, values: Value) -> Self {
        self.0.push((address.into(), values));
        self
    }

    /// A network with a subnet, an internet gateway and a route to it.
    fn network() -> Self {
        Self::default()
            .with("aws_vpc.main", json!({"cidr_block": "10.0.0.0/16"}))
            .with("aws_internet_gateway.main", json!({"vpc_id": "=aws_vpc.main"}))
            .with("aws_route_table.main", json!({"vpc_id": "=aws_vpc.main"}))
            .with(
                "aws_route.out",
                json!({"route_table_id": "=aws_route_table.main", "destination_cidr_block": "0.0.0.0/0",
                       "gateway_id": "=aws_internet_gateway.main"}),
            )
            .with("aws_subnet.main", json!({"vpc_id": "=aws_vpc.main", "cidr_block": "10.0.1.0/24"}))
            .with(
                "aws_route_table_association.main",
                json!({"subnet_id": "=aws_subnet.main", "route_table_id": "=aws_route_table.main"}),
            )
    }

    /// The network with an instance of a public address in a group with these values.
    fn guarded(group: Value) -> Self {
        let mut group = group;
        group["vpc_id"] = json!("=aws_vpc.main");
        Self::network().with("aws_security_group.main", group).with(
            "aws_instance.main",
            json!({"subnet_id": "=aws_subnet.main", "vpc_security_group_ids": ["=aws_security_group.main"],
                   "associate_public_ip_address": true}),
        )
    }

    fn json(&self) -> Value {
        let (mut planned, mut changes, mut configured) = (Vec::new(), Vec::new(), Vec::new());
        for (address, values) in &self.0 {
            let (kind, name) = address.split_once('.').unwrap();
            let (mut known, mut unknown, mut given) = (Map::new(), Map::new(), Map::new());
            for (key, value) in values.as_object().unwrap() {
                let names = named(value);
                if names.is_empty() {
                    known.insert(key.clone(), value.clone());
                    // Of a constant, only that it is given counts: so that a million rules stand here once.
                    given.insert(key.clone(), json!({}));
                } else {
                    unknown.insert(key.clone(), json!(true));
                    let names: Vec<String> =
                        names.iter().flat_map(|name| [format!("{name}.id"), (*name).to_owned()]).collect();
                    given.insert(key.clone(), json!({ "references": names }));
                }
            }
            let head = json!({"address": address, "mode": "managed", "type": kind, "name": name});
            let with = |key: &str, value: Value| {
                let mut with = head.clone();
                with[key] = value;
                with
            };
            changes.push(with("change", json!({"actions": ["create"], "after_unknown": unknown})));
            planned.push(with("values", known.into()));
            configured.push(with("expressions", given.into()));
        }
        json!({
            "format_version": "1.2",
            "planned_values": {"root_module": {"resources": planned}},
            "resource_changes": changes,
            "configuration": {"root_module": {"resources": configured}},
        })
    }

    fn plan(&self) -> Plan {
        Plan::read("plan.json", self.json().to_string().as_bytes(), 0).unwrap()
    }
}

fn named(value: &Value) -> Vec<&str> {
    let name = |value: &'_ Value| value.as_str().is_some_and(|text| text.starts_with('='));
    match value {
        Value::Array(all) if all.iter().any(name) => {
            all.iter().filter_map(|one| one.as_str()?.strip_prefix('=')).collect()
        }
        Value::String(text) => text.strip_prefix('=').into_iter().collect(),
        _ => Vec::new(),
    }
}

fn from_internet(model: &Model, to: &str) -> &'static str {
    let (from, to) = (model.find("internet").unwrap(), model.find(to).unwrap());
    match Question::of(&model.network).from(from).to(to) {
        Answer::Reached(reached) if reached.decided => "yes",
        Answer::Reached(_) => "maybe",
        Answer::Undecided(_) => "undecided",
        Answer::NoPath => "no",
    }
}

/// Why the answer is in doubt.
fn doubts(model: &Model, to: &str) -> String {
    let (from, to) = (model.find("internet").unwrap(), model.find(to).unwrap());
    match Question::of(&model.network).from(from).to(to) {
        Answer::Reached(reached) => format!("{:?}", reached.reasons),
        Answer::Undecided(gaps) => format!("{:?}", gaps.iter().map(|gap| &gap.reason).collect::<Vec<_>>()),
        Answer::NoPath => String::new(),
    }
}

mod files {
    use super::*;

    #[test]
    fn a_plan_that_ends_too_early_is_refused_wherever_it_ends() {
        let text = Made::guarded(json!({"ingress": []})).json().to_string();
        within("every beginning of a plan", || {
            for end in (0..text.len()).filter(|end| text.is_char_boundary(*end)) {
                let code = code(&text[..end]);
                assert!(code.starts_with("SI-000"), "{end}: {code}");
            }
        });
    }

    #[test]
    fn an_unknown_version_of_the_form_is_named() {
        for version in ["2.0", "1", "", "9999999999999999999999.1", "1.99999999999999999999"] {
            let text = Made::network().json().to_string();
            let text =
                text.replace("\"format_version\":\"1.2\"", &format!("\"format_version\":\"{version}\""));
            let Err(problem) = Plan::read("plan.json", text.as_bytes(), 0) else { panic!("{version}") };
            assert!(["SI-0002", "SI-0003"].contains(&problem.code().id), "{version}: {problem:?}");
        }
    }

    #[test]
    fn sections_that_are_no_objects_are_refused_or_hold_nothing() {
        for section in ["planned_values", "values", "configuration", "resource_changes", "prior_state"] {
            for value in
                ["1", "\"x\"", "[1]", "[[]]", "{\"root_module\": 3}", "{\"root_module\": [1]}", "null"]
            {
                let text = format!(
                    "{{\"format_version\": \"1.2\", \"planned_values\": {{}}, \"{section}\": {value}}}"
                );
                if let Ok(plan) = Plan::read("plan.json", text.as_bytes(), 0) {
                    check(None, &[plan]);
                }
            }
        }
    }

    #[test]
    fn modules_a_thousand_deep_are_refused_with_a_reason() {
        let (mut head, mut tail) = (String::new(), String::new());
        for _ in 0..1_000 {
            head.push_str("{\"child_modules\": [");
            tail.push_str("]}");
        }
        let text =
            format!("{{\"format_version\": \"1.2\", \"planned_values\": {{\"root_module\": {head}{tail}}}}}");
        within("modules a thousand deep", || assert!(code(&text).starts_with("SI-000")));
    }

    #[test]
    fn calls_of_modules_a_thousand_deep_are_refused_with_a_reason() {
        let (mut head, mut tail) = (String::new(), String::new());
        for _ in 0..1_000 {
            head.push_str("{\"module_calls\": {\"a\": {\"module\": ");
            tail.push_str("}}}");
        }
        let text = format!(
            "{{\"format_version\": \"1.2\", \"planned_values\": {{}}, \"configuration\": {{\"root_module\": {head}{{}}{tail}}}}}"
        );
        within("calls a thousand deep", || assert!(code(&text).starts_with("SI-000")));
    }

    #[test]
    fn lists_nested_without_end_do_not_exhaust_the_stack() {
        let deep = format!("{}{}", "[".repeat(200_000), "]".repeat(200_000));
        for place in ["values", "variables", "configuration", "planned_values", "x"] {
            let text =
                format!("{{\"format_version\": \"1.2\", \"planned_values\": {{}}, \"{place}\": {deep}}}");
            if let Ok(plan) = Plan::read("plan.json", text.as_bytes(), 0) {
                check(None, &[plan]);
            }
        }
    }

    #[test]
    fn outputs_and_variables_that_lead_in_circles_are_marked() {
        let text = json!({
            "format_version": "1.2",
            "planned_values": {"root_module": {"child_modules": [{"address": "module.a", "resources": [
                {"address": "module.a.aws_subnet.x", "mode": "managed", "type": "aws_subnet", "name": "x", "values": {}}]}]}},
            "configuration": {"root_module": {"module_calls": {
                "a": {"expressions": {"v": {"references": ["module.a.o", "module.a"]}},
                      "module": {"outputs": {"o": {"expression": {"references": ["var.v"]}}}, "variables": {"v": {}},
                                 "resources": [{"address": "aws_subnet.x", "mode": "managed", "type": "aws_subnet", "name": "x",
                                                "expressions": {"vpc_id": {"references": ["var.v"]}}}]}}}}},
        });
        let plan = Plan::read("plan.json", text.to_string().as_bytes(), 0).unwrap();
        let references = &plan.resources[0].references["vpc_id"];
        assert!(references.iter().all(|one| one.starts_with("circle.")), "{references:?}");
        check(None, &[plan]);
    }

    #[test]
    fn a_description_that_ends_too_early_is_refused_or_read_and_checked() {
        let text = description::template("small-hospital").unwrap().text;
        within("beginnings of a description", || {
            for end in (0..text.len()).step_by(797).filter(|end| text.is_char_boundary(*end)) {
                match description::read("site.yaml", &text[..end]) {
                    Err(problems) => assert!(!problems.is_empty(), "{end}"),
                    Ok(site) => drop(checked(Some(&site), &[])),
                }
            }
        });
    }

    #[test]
    fn a_description_of_more_than_four_megabytes_is_refused_and_one_of_four_is_looked_at() {
        let head = "format: akashi-site/1\nfacility: { name: 架空, kind: clinic }\nzones:\n";
        let row = |number: usize| format!("  - {{ id: z{number}, kind: medical }}\n");
        let mut text = head.to_owned();
        let mut number = 0;
        while text.len() < 4 * 1024 * 1024 - 100 {
            text.push_str(&row(number));
            number += 1;
        }
        let problems =
            within("four megabytes of zones", || description::read("site.yaml", &text).unwrap_err());
        assert!(problems.iter().all(|one| one.code().id.starts_with("SI-002")));
        text.push_str(&"#".repeat(200));
        let problems = description::read("site.yaml", &text).unwrap_err();
        assert_eq!(problems.len(), 1);
        // One line, one scalar, and anchors that multiply.
        for body in [
            "a: ".to_owned() + &"x".repeat(4_000_000),
            "[".repeat(1_000_000),
            "[".repeat(250) + &"]".repeat(250),
            "a: {".repeat(250) + &"}".repeat(250),
            "? ".repeat(1_000_000),
            (0..2_000).map(|depth| " ".repeat(depth) + "a:\n").collect(),
            "a: {".repeat(500_000),
            "- ".repeat(1_000_000),
            "a: &a [x,x,x,x,x,x,x,x]\nb: &b [*a,*a,*a,*a,*a,*a,*a,*a]\nc: &c [*b,*b,*b,*b,*b,*b,*b,*b]\nd: &d [*c,*c,*c,*c,*c,*c,*c,*c]\ne: &e [*d,*d,*d,*d,*d,*d,*d,*d]\nf: &f [*e,*e,*e,*e,*e,*e,*e,*e]\ng: [*f,*f,*f,*f,*f,*f,*f,*f]\n".to_owned(),
        ] {
            let begin: String = body.chars().take(20).collect();
            within(&begin, || assert!(!description::read("site.yaml", &body).unwrap_err().is_empty()));
        }
    }
}

mod clouds {
    use super::*;

    /// Read as a whole, drawn, and judged; a group of more rules than are looked at is named, and never taken as closed.
    fn is_named_as_undecided(made: &Made) {
        let text = made.json().to_string();
        let plan = within("reading", || Plan::read("plan.json", text.as_bytes(), 0).unwrap());
        let (_, model) = within("checking", || check(None, &[plan]));
        assert_ne!(from_internet(&model, "aws_instance.main"), "no");
        assert_ne!(from_internet(&model, "aws_instance.main"), "yes");
        assert!(
            doubts(&model, "aws_instance.main").contains("aws_security_group"),
            "{}",
            doubts(&model, "aws_instance.main")
        );
    }

    fn rule(number: usize) -> Value {
        let net = std::net::Ipv4Addr::from(0x0A00_0000 + u32::try_from(number).unwrap() * 2);
        let port = 1 + number % 60_000;
        json!({"protocol": "tcp", "from_port": port, "to_port": port, "cidr_blocks": [format!("{net}/32")]})
    }

    #[test]
    fn a_group_with_a_very_long_list_of_rules_is_undecided() {
        let rules: Vec<Value> = (0..100_000).map(rule).collect();
        is_named_as_undecided(&Made::guarded(json!({ "ingress": rules, "egress": [] })));
    }

    #[test]
    fn a_group_with_very_many_rules_of_their_own_is_undecided() {
        let mut made = Made::guarded(json!({}));
        for number in 0..20_000 {
            let mut rule = rule(number);
            rule["type"] = json!("ingress");
            rule["security_group_id"] = json!("=aws_security_group.main");
            made = made.with(format!("aws_security_group_rule.r{number}"), rule);
        }
        is_named_as_undecided(&made);
    }

    #[test]
    fn one_rule_with_very_many_ranges_is_undecided() {
        let nets: Vec<String> = (0..200_000_u32)
            .map(|one| format!("{}/32", std::net::Ipv4Addr::from(0x0A00_0000 + one * 2)))
            .collect();
        is_named_as_undecided(&Made::guarded(
            json!({ "ingress": [{"protocol": "tcp", "from_port": 1, "to_port": 2, "cidr_blocks": nets}] }),
        ));
    }

    /// Networks that are joined to one another, with routes.
    fn peered(count: usize, next: usize) -> Made {
        let mut made = Made::default();
        let net = |at: usize| format!("10.{}.{}.0/24", at / 250, at % 250);
        for at in 0..count {
            made = made
                .with(format!("aws_vpc.v{at}"), json!({"cidr_block": net(at)}))
                .with(format!("aws_route_table.v{at}"), json!({"vpc_id": format!("=aws_vpc.v{at}")}))
                .with(format!("aws_subnet.v{at}"), json!({"vpc_id": format!("=aws_vpc.v{at}"), "cidr_block": net(at)}))
                .with(
                    format!("aws_route_table_association.v{at}"),
                    json!({"subnet_id": format!("=aws_subnet.v{at}"), "route_table_id": format!("=aws_route_table.v{at}")}),
                )
                .with(
                    format!("aws_instance.v{at}"),
                    json!({"subnet_id": format!("=aws_subnet.v{at}"), "associate_public_ip_address": at == 0}),
                );
        }
        for at in 0..count {
            for other in (1..=next).map(|step| at + step).filter(|other| *other < count) {
                let peering = format!("aws_vpc_peering_connection.p{at}_{other}");
                made = made.with(
                    peering.clone(),
                    json!({"vpc_id": format!("=aws_vpc.v{at}"), "peer_vpc_id": format!("=aws_vpc.v{other}"), "auto_accept": true}),
                );
                for (here, there) in [(at, other), (other, at)] {
                    made = made.with(
                        format!("aws_route.r{here}_{there}"),
                        json!({"route_table_id": format!("=aws_route_table.v{here}"),
                               "destination_cidr_block": net(there), "vpc_peering_connection_id": format!("={peering}")}),
                    );
                }
            }
        }
        made
    }

    #[test]
    fn a_thousand_networks_joined_in_a_chain_are_checked() {
        let plan = peered(1_000, 2).plan();
        within("a thousand networks", || check(None, &[plan]));
    }

    #[test]
    fn a_hundred_networks_joined_each_to_each_are_checked() {
        let plan = peered(100, 100).plan();
        within("a mesh of networks", || check(None, &[plan]));
    }

    #[test]
    fn routes_in_a_circle_end() {
        let mut made = Made::guarded(
            json!({"ingress": [{"protocol": "-1", "from_port": 0, "to_port": 0, "cidr_blocks": ["0.0.0.0/0"]}]}),
        );
        for (at, other) in [(0, 1), (1, 2), (2, 0)] {
            made = made
                .with(format!("aws_vpc.c{at}"), json!({"cidr_block": format!("10.{}.0.0/16", at + 1)}))
                .with(format!("aws_route_table.c{at}"), json!({"vpc_id": format!("=aws_vpc.c{at}")}))
                .with(
                    format!("aws_ec2_transit_gateway_vpc_attachment.c{at}"),
                    json!({"vpc_id": format!("=aws_vpc.c{at}"), "transit_gateway_id": format!("=aws_ec2_transit_gateway.t{at}"),
                           "subnet_ids": ["=aws_subnet.main"]}),
                )
                .with(format!("aws_ec2_transit_gateway.t{at}"), json!({}))
                .with(format!("aws_ec2_transit_gateway_route_table.t{at}"), json!({"transit_gateway_id": format!("=aws_ec2_transit_gateway.t{at}")}))
                .with(
                    format!("aws_ec2_transit_gateway_peering_attachment.p{at}"),
                    json!({"transit_gateway_id": format!("=aws_ec2_transit_gateway.t{at}"),
                           "peer_transit_gateway_id": format!("=aws_ec2_transit_gateway.t{other}")}),
                )
                .with(
                    format!("aws_ec2_transit_gateway_route.r{at}"),
                    json!({"destination_cidr_block": "0.0.0.0/0",
                           "transit_gateway_route_table_id": format!("=aws_ec2_transit_gateway_route_table.t{at}"),
                           "transit_gateway_attachment_id": format!("=aws_ec2_transit_gateway_peering_attachment.p{at}")}),
                )
                .with(
                    format!("aws_route.c{at}"),
                    json!({"route_table_id": format!("=aws_route_table.c{at}"), "destination_cidr_block": "0.0.0.0/0",
                           "transit_gateway_id": format!("=aws_ec2_transit_gateway.t{at}")}),
                );
        }
        within("routes in a circle", || check(None, &[made.plan()]));
    }

    #[test]
    fn groups_that_name_one_another_in_a_circle_end() {
        let mut made = Made::network();
        for (at, other) in [("a", "b"), ("b", "c"), ("c", "a")] {
            made = made
                .with(
                    format!("aws_security_group.{at}"),
                    json!({"vpc_id": "=aws_vpc.main", "ingress": [], "name": format!("=aws_security_group.{other}")}),
                )
                .with(
                    format!("aws_security_group_rule.{at}"),
                    json!({"type": "ingress", "security_group_id": format!("=aws_security_group.{at}"),
                           "source_security_group_id": format!("=aws_security_group.{other}"),
                           "protocol": "-1", "from_port": 0, "to_port": 0}),
                )
                .with(
                    format!("aws_instance.{at}"),
                    json!({"subnet_id": "=aws_subnet.main", "vpc_security_group_ids": [format!("=aws_security_group.{at}")]}),
                );
        }
        within("groups in a circle", || check(None, &[made.plan()]));
    }

    #[test]
    fn nonsense_for_ranges_and_ports_never_closes_a_door() {
        let nets =
            ["", "x", "10.0.0.0/33", "10.0.0.0/-1", "300.0.0.0/8", "::/129", "0.0.0.0/0 ", "10.0.0.1/8", "é"];
        for net in nets {
            let rule = json!({"protocol": "tcp", "from_port": 443, "to_port": 443, "cidr_blocks": [net]});
            let (_, model) = check(None, &[Made::guarded(json!({"ingress": [rule], "egress": []})).plan()]);
            let answer = from_internet(&model, "aws_instance.main");
            // What is no range may be any; an empty text is none, and one with bits behind its mask is a range.
            assert!(answer != "no" || net.is_empty() || net == "10.0.0.1/8", "{net:?}: {answer}");
            let (_, model) = check(
                None,
                &[Made::network()
                    .with("aws_vpc.x", json!({ "cidr_block": net }))
                    .with(
                        "aws_subnet.x",
                        json!({"vpc_id": "=aws_vpc.x", "cidr_block": net, "ipv6_cidr_block": net}),
                    )
                    .with("aws_instance.x", json!({"subnet_id": "=aws_subnet.x", "private_ip": net}))
                    .plan()],
            );
            assert!(model.find("aws_instance.x").is_some(), "{net:?}");
        }
        let ports = [
            json!(-1),
            json!(65_536),
            json!(1e300),
            json!("x"),
            json!(u64::MAX),
            json!(i64::MIN),
            json!(1.5),
            json!([]),
            Value::Null,
        ];
        for (from, to) in ports.iter().flat_map(|from| ports.iter().map(move |to| (from, to))) {
            let rule =
                json!({"protocol": "tcp", "from_port": from, "to_port": to, "cidr_blocks": ["0.0.0.0/0"]});
            let (_, model) = check(None, &[Made::guarded(json!({"ingress": [rule], "egress": []})).plan()]);
            let answer = from_internet(&model, "aws_instance.main");
            let is_said =
                |port: &Value| port.as_u64().is_some_and(|port| port <= 65_535) || *port == json!(-1);
            assert!(answer != "no" || (is_said(from) && is_said(to)), "{from} {to}: {answer}");
        }
    }

    #[test]
    fn networks_of_ipv6_and_overlapping_ones_are_checked() {
        let rule = json!({"protocol": "-1", "from_port": 0, "to_port": 0, "ipv6_cidr_blocks": ["::/0"]});
        let mut made = Made::guarded(json!({ "ingress": [rule], "egress": [rule] })).with(
            "aws_route.six",
            json!({"route_table_id": "=aws_route_table.main", "destination_ipv6_cidr_block": "::/0",
                       "gateway_id": "=aws_internet_gateway.main"}),
        );
        for at in 0..200 {
            made = made
                .with(format!("aws_vpc.o{at}"), json!({"cidr_block": "10.0.0.0/8", "ipv6_cidr_block": "2001:db8::/56"}))
                .with(
                    format!("aws_subnet.o{at}"),
                    json!({"vpc_id": format!("=aws_vpc.o{at}"), "cidr_block": "10.0.0.0/8", "ipv6_cidr_block": "2001:db8::/56"}),
                )
                .with(
                    format!("aws_subnet.p{at}"),
                    json!({"vpc_id": "=aws_vpc.main", "cidr_block": "10.0.0.0/16", "ipv6_cidr_block": format!("2001:db8:{at}::/64")}),
                )
                .with(
                    format!("aws_instance.o{at}"),
                    json!({"subnet_id": format!("=aws_subnet.p{at}"), "vpc_security_group_ids": ["=aws_security_group.main"],
                           "ipv6_addresses": ["2001:db8::1", "::", "::ffff:10.0.0.1"]}),
                );
        }
        let plan = made.plan();
        within("overlapping networks", || check(None, &[plan]));
    }

    #[test]
    fn what_stands_twice_stands_once_or_is_told_apart() {
        let one = Made::guarded(json!({"ingress": []})).json().to_string();
        let plans: Vec<Plan> =
            (0..3).map(|at| Plan::read("plan.json", one.as_bytes(), at).unwrap()).collect();
        let (_, model) = check(None, &plans);
        for name in ["aws_instance.main", "aws_instance.main#1", "aws_instance.main#2"] {
            assert!(model.find(name).is_some(), "{name}");
        }
        // An address that looks like one of another plan.
        let odd = one
            .replace("\"aws_instance.main\"", "\"aws_instance.main#1\"")
            .replace("\"name\":\"main\"", "\"name\":\"main#1\"");
        let plans: Vec<Plan> = [&odd, &one]
            .into_iter()
            .enumerate()
            .map(|(at, text)| Plan::read("plan.json", text.as_bytes(), at).unwrap())
            .collect();
        match checked(None, &plans) {
            Ok((_, model)) => assert!(model.find("aws_instance.main#1").is_some()),
            Err(problem) => assert!(problem.code().id.starts_with("SI-00"), "{problem:?}"),
        }
    }

    #[test]
    fn an_address_that_stands_twice_in_one_plan_is_named() {
        let mut made = Made::guarded(json!({"ingress": []}));
        let again: Vec<(String, Value)> = made.0.clone();
        made.0.extend(again);
        assert_eq!(code(&made.json().to_string()), "SI-0006");
    }

    pub(super) fn names() -> Vec<String> {
        vec![
            String::new(),
            "<script>alert(1)</script>".to_owned(),
            "\u{1b}[2J\u{1b}]0;x\u{7}".to_owned(),
            "\u{202e}gnp.exe\u{2066}".to_owned(),
            "#1".to_owned(),
            "internet".to_owned(),
            "x[*]".to_owned(),
            "\"];--\0\n".to_owned(),
            "長".repeat(400_000),
        ]
    }

    #[test]
    fn hostile_names_are_names() {
        let text = Made::guarded(json!({"ingress": []})).json().to_string();
        for name in names() {
            let shown: String = name.chars().take(10).collect();
            let written = serde_json::to_string(&name).unwrap();
            let inner = written.trim_matches('"').to_owned();
            let inner = if name.ends_with('"') { String::new() } else { inner };
            let text = text
                .replace("aws_instance.main\"", &format!("aws_instance.{inner}\""))
                .replace("\"name\":\"main\"", &format!("\"name\":{written}"));
            within(&format!("{shown:?}"), || {
                let plan = Plan::read(&name, text.as_bytes(), 0).unwrap();
                check(None, &[plan]);
            });
        }
    }
}

mod damage {
    use super::*;

    /// Numbers that look random and are the same on every run.
    struct Dice(u64);

    impl Dice {
        fn next(&mut self, sides: usize) -> usize {
            self.0 = self.0.wrapping_mul(6_364_136_223_846_793_005).wrapping_add(1_442_695_040_888_963_407);
            usize::try_from(self.0 >> 33).unwrap() % sides.max(1)
        }
    }

    fn corpus() -> Vec<(String, Value)> {
        let folder = Path::new(env!("CARGO_MANIFEST_DIR")).join("../../../shared/corpus/tfplans/planned");
        let Ok(entries) = std::fs::read_dir(folder) else {
            println!("the corpus of plans is not here: nothing was damaged");
            return Vec::new();
        };
        let mut paths: Vec<_> = entries.map(|entry| entry.unwrap().path()).collect();
        paths.sort();
        let read = |path: &std::path::PathBuf| serde_json::from_slice(&std::fs::read(path).unwrap()).unwrap();
        paths
            .iter()
            .map(|path| (path.file_name().unwrap().to_str().unwrap().to_owned(), read(path)))
            .collect()
    }

    fn other(dice: &mut Dice, value: &Value) -> Value {
        match dice.next(18) {
            0 => Value::Null,
            1 => json!(true),
            2 => json!(-1),
            3 => json!(u64::MAX),
            4 => json!(1e308),
            5 => json!(""),
            6 => json!([]),
            7 => json!({}),
            8 => json!("::/0"),
            9 => json!("0.0.0.0/0"),
            10 => json!("10.0.0.0/99"),
            11 => json!([[[value.clone()]]]),
            12 => json!({ "x": value.clone() }),
            13 => json!([value.clone(), value.clone(), null]),
            14 => json!("\u{202e}<script>\u{1b}[0m"),
            15 => json!("{\"Statement\": [{\"Effect\": 3, \"Principal\": [[]]}]}"),
            16 => json!("data.aws_vpc.x[*]"),
            _ => json!([null, 1, "-", { "cidr_block": [] }]),
        }
    }

    /// Puts other values in place of some of those below an attribute of a resource.
    fn damaged(dice: &mut Dice, value: &mut Value, often: usize, depth: usize) {
        if depth > 0 && dice.next(often) == 0 {
            *value = other(dice, value);
            return;
        }
        match value {
            Value::Array(all) => all.iter_mut().for_each(|one| damaged(dice, one, often, depth + 1)),
            Value::Object(all) => all.values_mut().for_each(|one| damaged(dice, one, often, depth + 1)),
            _ => {}
        }
    }

    /// Damages what stands below these keys, wherever they are.
    fn damage(dice: &mut Dice, value: &mut Value, often: usize) {
        match value {
            Value::Array(all) => all.iter_mut().for_each(|one| damage(dice, one, often)),
            Value::Object(all) => {
                for (key, one) in all.iter_mut() {
                    if ["values", "after", "after_unknown", "expressions"].contains(&key.as_str())
                        && one.is_object()
                    {
                        damaged(dice, one, often, 0);
                    }
                    damage(dice, one, often);
                }
            }
            _ => {}
        }
    }

    #[test]
    fn real_plans_with_other_values_in_place_of_theirs_never_end_the_process() {
        let mut dice = Dice(20_261_122);
        for (name, plan) in corpus() {
            for often in [3, 20, 200] {
                let mut plan = plan.clone();
                damage(&mut dice, &mut plan, often);
                let text = plan.to_string();
                within(&format!("{name} 1/{often}"), || match Plan::read(&name, text.as_bytes(), 0) {
                    Ok(plan) => drop(checked(None, &[plan])),
                    Err(problem) => assert!(problem.code().id.starts_with("SI-00")),
                });
            }
        }
    }

    #[test]
    fn the_description_with_other_words_in_place_of_its_own_never_ends_the_process() {
        let text = description::template("direct-connect").unwrap().text;
        let mut dice = Dice(7);
        let words = [
            "unknown",
            "[]",
            "{}",
            "-1",
            "999999999999",
            "yes",
            "''",
            "0.0.0.0/0",
            "'::/0'",
            "internet",
            "medical",
            "~",
            "1e9",
        ];
        let mut read = 0;
        within("damaged descriptions", || {
            for _ in 0..60 {
                let mut lines: Vec<String> = text.lines().map(str::to_owned).collect();
                for _ in 0..=dice.next(2) {
                    let at = dice.next(lines.len());
                    let line = &mut lines[at];
                    let Some((key, rest)) = line.rsplit_once(": ") else { continue };
                    let tail: String = rest.chars().skip_while(|one| !",}]".contains(*one)).collect();
                    *line = format!("{key}: {}{tail}", words[dice.next(words.len())]);
                }
                if let Ok(site) = description::read("site.yaml", &lines.join("\n")) {
                    read += 1;
                    drop(checked(Some(&site), &[]));
                }
            }
        });
        assert!(read > 5, "{read}");
    }
}

mod sites {
    use super::*;

    const HEAD: &str = "format: akashi-site/1\nfacility: { name: 架空, kind: clinic }\n";

    fn read(text: &str) -> Site {
        description::read("site.yaml", text).unwrap_or_else(|problems| panic!("{problems:?}"))
    }

    fn attacks(what: &str, text: &str) -> Attacks {
        let site = within(&format!("{what}: reading"), || read(text));
        within(&format!("{what}: checking"), || check(Some(&site), &[])).0.attacks
    }

    #[test]
    fn a_flat_zone_of_hundreds_of_machines_is_checked() {
        let mut text = format!(
            "{HEAD}zones:\n  - {{ id: lan, kind: medical, ranges: [10.0.0.0/8] }}\n  - {{ id: internet, kind: internet }}\nnodes:\n"
        );
        writeln!(text, "  - {{ id: router, kind: router, zones: [lan], addresses: [10.255.0.1] }}").unwrap();
        for at in 0..150 {
            writeln!(
                text,
                "  - {{ id: n{at}, kind: terminal, zones: [lan], addresses: [10.0.{}.{}], holds: [image] }}",
                at / 250,
                at % 250 + 1
            )
            .unwrap();
        }
        text.push_str("links:\n  - { id: line, from: router, to: internet, carrier: internet }\n");
        let found = attacks("flat", &text);
        assert!(!found.chains.is_empty());
    }

    #[test]
    fn four_thousand_zones_are_checked() {
        let mut text = format!("{HEAD}zones:\n");
        for at in 0..4_000 {
            writeln!(text, "  - {{ id: z{at}, kind: medical, ranges: [10.{}.{}.0/24] }}", at / 250, at % 250)
                .unwrap();
        }
        text.push_str("nodes:\n");
        for at in 0..4_000 {
            writeln!(text, "  - {{ id: n{at}, kind: server, zones: [z{at}], holds: [image] }}").unwrap();
        }
        attacks("zones", &text);
    }

    #[test]
    fn links_in_circles_end() {
        let mut text = format!("{HEAD}zones:\n");
        for at in 0..60 {
            writeln!(text, "  - {{ id: z{at}, kind: medical }}").unwrap();
        }
        text.push_str("nodes:\n");
        for at in 0..60 {
            writeln!(
                text,
                "  - {{ id: n{at}, kind: server, zones: [z{at}], holds: [image], forwards: unknown }}"
            )
            .unwrap();
        }
        text.push_str("links:\n");
        for at in 0..60 {
            writeln!(text, "  - {{ id: l{at}, from: z{at}, to: z{}, carrier: unknown }}", (at + 1) % 60)
                .unwrap();
            writeln!(text, "  - {{ id: m{at}, from: z{at}, to: z{}, carrier: unknown }}", (at + 7) % 60)
                .unwrap();
        }
        attacks("circle", &text);
    }

    #[test]
    fn machines_in_forty_networks_at_once_are_checked() {
        let mut text = format!("{HEAD}zones:\n  - {{ id: internet, kind: internet }}\n");
        for at in 0..40 {
            writeln!(text, "  - {{ id: z{at}, kind: medical, ranges: [10.0.0.0/8] }}").unwrap();
        }
        text.push_str("nodes:\n");
        let all: Vec<String> = (0..40).map(|at| format!("z{at}")).collect();
        for at in 0..20 {
            writeln!(text, "  - {{ id: n{at}, kind: router, zones: [{}], holds: [image] }}", all.join(", "))
                .unwrap();
        }
        attacks("many networks", &text);
    }

    #[test]
    fn a_description_in_which_everything_is_unknown_is_undecided_and_not_good() {
        let text = format!(
            "{HEAD}zones:\n  - {{ id: a, kind: medical, owner: unknown, ranges: unknown, isolated: unknown }}\n  - {{ id: internet, kind: internet }}\nnodes:\n  - {{ id: x, kind: server, zones: [a], holds: unknown, software: unknown, sign_in: unknown, listens: unknown }}\nlinks: unknown\nfilters: unknown\nflows: unknown\nbackups: unknown\nmaintenance: unknown\n"
        );
        match description::read("site.yaml", &text) {
            Ok(site) => {
                let (check, _) = check(Some(&site), &[]);
                assert!(!check.findings.is_empty());
            }
            Err(problems) => {
                assert!(problems.iter().all(|one| one.code().id.starts_with("SI-002")), "{problems:?}")
            }
        }
    }

    #[test]
    fn names_of_others_are_only_names() {
        for name in clouds::names() {
            let written = serde_json::to_string(&name).unwrap();
            let text = format!(
                "{HEAD}zones:\n  - {{ id: lan, kind: medical, name: {written} }}\nnodes:\n  - {{ id: n, kind: server, zones: [lan], name: {written}, holds: [image] }}\n  - {{ id: m, kind: terminal, zones: [lan], name: {written}, portable: yes }}\n"
            );
            match description::read("site.yaml", &text) {
                Ok(site) => drop(check(Some(&site), &[])),
                Err(problems) => assert!(problems.iter().all(|one| one.code().id.starts_with("SI-002"))),
            }
        }
    }
}
