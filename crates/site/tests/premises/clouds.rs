//! Cloud entries joined to what plans tell of, to the zones that stand for them, or to nothing.

use crate::ask::{ask, expect, site};
use site::model::{Handoff, Model, Sketch, Thing, premises};
use site::network::{Host, Match, Route, Rule, Service};
use site::packet::Addresses;
use site::plan::Plan;

const HOSPITAL: &str = "zones:
  - { id: ward, kind: medical, ranges: [10.1.0.0/24] }
  - { id: vpc, kind: cloud, ranges: [10.9.0.0/16] }
nodes:
  - { id: pc, kind: terminal, zones: [ward], addresses: [10.1.0.5], listens: [{ protocol: tcp, ports: [22] }] }
  - { id: border, kind: vpn-device, zones: [ward], addresses: [10.1.0.1] }
  - { id: described, kind: server, zones: [vpc], addresses: [10.9.1.10], listens: [{ protocol: tcp, ports: [443] }] }
links: [{ id: line, from: border, to: cloud-end, carrier: ipsec }]
filters: none
";

fn with_cloud(entry: &str) -> String {
    format!("{HOSPITAL}cloud: [{{ id: cloud-end, address: aws_vpn_connection.main{entry} }}]\n")
}

/// A cloud as a plan tells of it: a database behind a security group, and a VPN connection.
fn cloud(sketch: &mut Sketch, plan: usize) {
    let name = |name: &str| format!("{name}#{plan}");
    let draft = &mut sketch.draft;
    let (vpc, gateway) = (draft.router(name("vpc").as_str()), draft.router(name("gateway").as_str()));
    let group = draft.filter(name("group").as_str());
    let net = |text: &str| text.parse::<ipnet::IpNet>().unwrap();
    let database = draft.host(name("database").as_str(), Host::at(Addresses::from(net("10.9.1.20/32"))));
    draft.rule(group, Rule::allow("ingress", Match::all().from(net("10.1.0.0/24")).by([Service::tcp(5432)])));
    draft.connect(group, database);
    draft.connect(database, vpc);
    draft.route(vpc, Route::to(net("10.9.1.20/32"), group));
    draft.route(vpc, Route::to(net("10.1.0.0/16"), gateway));
    sketch.stands_for(database, Thing::resource(plan, "aws_db_instance.main"));
    let address = "aws_vpn_connection.main".to_owned();
    sketch.handoffs.push(Handoff { plan, address, out: Some(gateway), into: vpc, joined: false });
}

fn joined(text: &str, plans: &[&str]) -> Model {
    let state = "{\"format_version\":\"1.0\",\"values\":{\"root_module\":{}}}";
    let plans: Vec<Plan> =
        plans.iter().enumerate().map(|(at, name)| Plan::read(name, state.as_bytes(), at).unwrap()).collect();
    let mut sketch = Sketch::new();
    (0..plans.len()).for_each(|plan| cloud(&mut sketch, plan));
    premises::draw(&mut sketch, &site(text), &plans);
    sketch.finish().unwrap()
}

#[test]
fn a_line_joins_the_site_and_the_plan_in_both_directions() {
    let model = joined(&with_cloud(""), &["plan.json"]);
    assert_eq!(ask(&model, "pc", "database#0"), "yes");
    assert_eq!(ask(&model, "database#0", "pc"), "yes");
    assert_eq!(model.find("cloud-end"), model.find("vpc#0"));
    assert!(model.find("aws_vpn_connection.main (beyond)").is_none());
}

#[test]
fn with_a_plan_the_zone_that_stands_for_it_is_not_drawn() {
    let text = with_cloud(", stands_for: vpc");
    let model = joined(&text, &["plan.json"]);
    assert_eq!(ask(&model, "pc", "database#0"), "yes");
    assert!(model.find("described").is_none());
    let zone_link = text.replace("to: cloud-end", "to: vpc");
    assert_eq!(ask(&joined(&zone_link, &["plan.json"]), "pc", "database#0"), "yes");
    expect(&text, &[("pc", "described", "yes"), ("described", "pc", "yes")]);
}

#[test]
fn of_several_plans_the_named_one_is_joined() {
    for (entry, first, second) in [
        (", plan: network", "yes", "no"),
        (", plan: other.json", "no", "yes"),
        ("", "no", "no"),
        (", plan: absent", "no", "no"),
    ] {
        let model = joined(&with_cloud(entry), &["plans/network.json", "plans/other.json"]);
        assert_eq!(ask(&model, "pc", "database#0") == "yes", first == "yes", "{entry}");
        assert_eq!(ask(&model, "pc", "database#1") == "yes", second == "yes", "{entry}");
        // What is not joined may be joined by what nobody described.
        let beyond = ["aws_vpn_connection.main (beyond)", "aws_vpn_connection.main#1 (beyond)"];
        assert_eq!(model.find(beyond[0]).is_none(), first == "yes", "{entry}");
        assert_eq!(model.find(beyond[1]).is_none(), second == "yes", "{entry}");
    }
}

#[test]
fn behind_an_entry_that_is_joined_to_nothing_anything_may_be() {
    let text = with_cloud("");
    expect(&text, &[("pc", "cloud-end", "yes"), ("cloud-end", "pc", "maybe: address of cloud-end")]);
    let two = text.replace("links: [", "links: [{ id: second, from: vpc, to: cloud-end, carrier: ip-vpn }, ");
    expect(&two, &[("pc", "described", "maybe: address of cloud-end")]);
}
