//! Plans whose networks are circles, meshes, or without end.

use super::*;

/// Read as a whole, drawn, and judged; a group of more rules than are looked at is named, and never taken as closed.
fn is_named_as_undecided(made: &Made) {
    let text = made.json().to_string();
    let plan = run("reading", || Plan::read("plan.json", text.as_bytes(), 0).unwrap());
    let (_, model) = run("checking", || check(None, &[plan]));
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
    run("a thousand networks", || check(None, &[plan]));
}

#[test]
fn a_hundred_networks_joined_each_to_each_are_checked() {
    let plan = peered(100, 100).plan();
    run("a mesh of networks", || check(None, &[plan]));
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
    run("routes in a circle", || check(None, &[made.plan()]));
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
    run("groups in a circle", || check(None, &[made.plan()]));
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
        let rule = json!({"protocol": "tcp", "from_port": from, "to_port": to, "cidr_blocks": ["0.0.0.0/0"]});
        let (_, model) = check(None, &[Made::guarded(json!({"ingress": [rule], "egress": []})).plan()]);
        let answer = from_internet(&model, "aws_instance.main");
        let is_said = |port: &Value| port.as_u64().is_some_and(|port| port <= 65_535) || *port == json!(-1);
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
    run("overlapping networks", || check(None, &[plan]));
}

#[test]
fn what_stands_twice_stands_once_or_is_told_apart() {
    let one = Made::guarded(json!({"ingress": []})).json().to_string();
    let plans: Vec<Plan> = (0..3).map(|at| Plan::read("plan.json", one.as_bytes(), at).unwrap()).collect();
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
        run(&format!("{shown:?}"), || {
            let plan = Plan::read(&name, text.as_bytes(), 0).unwrap();
            check(None, &[plan]);
        });
    }
}
