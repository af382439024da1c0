//! What the picture of a site shows of a description and of plans.

#![expect(
    clippy::unwrap_used,
    clippy::indexing_slicing,
    reason = "a test ends at the first thing that is not as it should be"
)]

use serde_json::{Value, json};
use site::attack::{Assumption, Attacks, Chain, Leg, Stance};
use site::check::Check;
use site::connection::Kind;
use site::description::{Phase, read, template};
use site::model::{Coverage, Model};
use site::picture::{Device, ELEMENTS_MAX, Picture, Row, Symbol, WAYS_MAX, Zone};
use site::plan::Plan;
use site::rules::Text;

fn text() -> Text {
    Text { ja: "a".to_owned(), en: "a".to_owned() }
}

fn check(chains: Vec<Chain>) -> Check {
    Check {
        facility: String::new(),
        phase: "now",
        day: "2026-11-22".to_owned(),
        sources: Vec::new(),
        described: true,
        findings: Vec::new(),
        held: [].into(),
        connections: Vec::new(),
        attacks: Attacks { chains, ..Attacks::default() },
        threats: Vec::new(),
        facts: Vec::new(),
        coverage: Coverage::default(),
        warnings: Vec::new(),
    }
}

/// A chain through these nodes, without hops between them.
fn chain(passes: &[&str]) -> Chain {
    let leg = |(from, to): (&&str, &&str)| Leg {
        from: (*from).to_owned(),
        to: (*to).to_owned(),
        assumption: Assumption::Reachable,
        because: text(),
        said: true,
        steps: Vec::new(),
    };
    Chain {
        from: passes[0].to_owned(),
        stance: Stance::Internet,
        to: (*passes.last().unwrap()).to_owned(),
        holds: Vec::new(),
        decided: true,
        reasons: Vec::new(),
        legs: passes.iter().zip(passes.iter().skip(1)).map(leg).collect(),
    }
}

fn of_template(name: &str, phase: Phase, chains: Vec<Chain>) -> Picture {
    let site = read("site.yaml", template(name).unwrap().text).unwrap().at(phase);
    let model = Model::draw(Some(&site), &[]).unwrap();
    Picture::draw(Some(&site), &[], &model, &check(chains))
}

fn zone<'a>(picture: &'a Picture, id: &str) -> &'a Zone {
    picture.zones.iter().find(|zone| zone.id == id).unwrap()
}

fn device<'a>(picture: &'a Picture, id: &str) -> &'a Device {
    picture.devices.iter().find(|device| device.id == id).unwrap()
}

#[test]
fn a_description_is_drawn_with_its_zones_devices_and_links() {
    let picture = of_template("small-hospital", Phase::Now, Vec::new());
    assert_eq!(zone(&picture, "internet").row, Row::Internet);
    assert_eq!(
        (zone(&picture, "medical").row, zone(&picture, "medical").note.as_str()),
        (Row::Medical, "10.1.0.0/16")
    );
    assert_eq!(zone(&picture, "meal-vendor-site").name, "給食受託会社（架空）");
    let server = device(&picture, "ehr-server");
    assert_eq!((server.symbol, server.holds, server.zone.as_str()), (Symbol::Server, true, "medical"));
    assert_eq!(device(&picture, "two-legged-pc").also, ["medical"]);
    assert_eq!(device(&picture, "ward-pc").count, 85);
    let line = picture.links.iter().find(|line| line.id == "meal-line").unwrap();
    assert_eq!(
        (line.from.as_str(), line.to.as_str(), line.kind),
        ("meal-vendor-site", "medical", Some(Kind::Undecided))
    );
}

#[test]
fn only_what_stands_in_the_phase_is_drawn() {
    let now = of_template("cloud-move", Phase::Now, Vec::new());
    let target = of_template("cloud-move", Phase::Target, Vec::new());
    assert_ne!(now.devices, target.devices);
    let site = read("site.yaml", template("cloud-move").unwrap().text).unwrap().at(Phase::Target);
    assert_eq!(target.devices.len(), site.nodes.len());
}

#[test]
fn a_way_leaves_out_networks_between_their_own_devices() {
    let passes = ["office-pc", "information", "two-legged-pc", "medical", "ehr-server"];
    let picture = of_template("small-hospital", Phase::Now, vec![chain(&passes)]);
    assert_eq!(picture.paths[0].passes, ["office-pc", "two-legged-pc", "ehr-server"]);
}

#[test]
fn a_way_begins_at_the_network_in_which_the_attacker_stands() {
    let picture = of_template("small-hospital", Phase::Now, vec![chain(&["medical", "ehr-server"])]);
    assert_eq!(picture.paths[0].passes, ["medical", "ehr-server"]);
}

#[test]
fn the_shortest_ways_are_drawn_and_the_others_counted() {
    let ends = ["ehr-server", "pacs", "nas", "ct", "ward-pc", "ehr-vpn", "pacs-vpn"];
    let mut chains: Vec<Chain> =
        ends.iter().map(|end| chain(&["internet", "information-router", end])).collect();
    chains.push(chain(&["internet", "pacs"]));
    let picture = of_template("small-hospital", Phase::Now, chains);
    assert_eq!((picture.paths.len(), picture.paths_left_out), (WAYS_MAX, 8 - WAYS_MAX));
    assert_eq!(
        (picture.paths[0].chain, picture.paths[0].passes.as_slice()),
        (7, &["internet".to_owned(), "pacs".to_owned()][..])
    );
}

fn references(names: &[&str]) -> Value {
    json!({ "references": names })
}

fn resource(address: &str, values: &Value) -> Value {
    let (kind, name) = address.split_once('.').unwrap();
    json!({
        "address": address, "mode": "managed", "type": kind, "name": name,
        "provider_name": "registry.terraform.io/hashicorp/aws", "schema_version": 0, "values": values,
        "sensitive_values": {}
    })
}

fn configured(address: &str, expressions: &Value) -> Value {
    let (kind, name) = address.split_once('.').unwrap();
    json!({
        "address": address, "mode": "managed", "type": kind, "name": name, "provider_config_key": "aws",
        "expressions": expressions, "schema_version": 0
    })
}

/// A new stack: no ids, all is told by the configuration.
fn plan() -> Plan {
    let all = [
        ("aws_vpc.main", json!({ "cidr_block": "10.0.0.0/16", "tags": { "Name": "診療 VPC" } }), json!({})),
        (
            "aws_subnet.db",
            json!({ "cidr_block": "10.0.1.0/24" }),
            json!({ "vpc_id": references(&["aws_vpc.main.id", "aws_vpc.main"]) }),
        ),
        (
            "aws_internet_gateway.out",
            json!({}),
            json!({ "vpc_id": references(&["aws_vpc.main.id", "aws_vpc.main"]) }),
        ),
        (
            "aws_instance.app",
            json!({}),
            json!({ "subnet_id": references(&["aws_subnet.db.id", "aws_subnet.db"]) }),
        ),
        (
            "aws_db_subnet_group.db",
            json!({}),
            json!({ "subnet_ids": references(&["aws_subnet.db.id", "aws_subnet.db"]) }),
        ),
        (
            "aws_db_instance.ehr",
            json!({}),
            json!({ "db_subnet_group_name": references(&["aws_db_subnet_group.db.name", "aws_db_subnet_group.db"]) }),
        ),
        ("aws_s3_bucket.images", json!({ "bucket": "images" }), json!({})),
        (
            "aws_security_group.db",
            json!({}),
            json!({ "vpc_id": references(&["aws_vpc.main.id", "aws_vpc.main"]) }),
        ),
    ];
    let resources: Vec<Value> = all.iter().map(|(address, values, _)| resource(address, values)).collect();
    let written: Vec<Value> = all.iter().map(|(address, _, given)| configured(address, given)).collect();
    let document = json!({
        "format_version": "1.2", "terraform_version": "1.9.0",
        "planned_values": { "root_module": { "resources": resources } },
        "configuration": { "root_module": { "resources": written } }
    });
    Plan::read("plan.json", document.to_string().as_bytes(), 0).unwrap()
}

#[test]
fn a_new_stack_is_drawn_as_its_configuration_says() {
    let plans = [plan()];
    let model = Model::draw(None, &plans).unwrap();
    let picture = Picture::draw(None, &plans, &model, &check(Vec::new()));
    assert_eq!(zone(&picture, "aws_vpc.main").name, "診療 VPC");
    assert_eq!(zone(&picture, "aws_vpc.main").within.as_deref(), Some("cloud:AWS"));
    assert_eq!(zone(&picture, "aws_subnet.db").within.as_deref(), Some("aws_vpc.main"));
    let home = |id: &str| device(&picture, id).zone.as_str();
    assert_eq!(home("aws_instance.app"), "aws_subnet.db");
    assert_eq!(home("aws_internet_gateway.out"), "aws_vpc.main");
    assert_eq!(home("aws_db_instance.ehr"), "aws_subnet.db", "by way of its group of subnets");
    assert_eq!(home("aws_s3_bucket.images"), "cloud:AWS");
    assert!(!picture.ids().any(|id| id.contains("security_group") || id.contains("subnet_group")));
}

#[test]
fn two_plans_with_the_same_addresses_are_two_clouds() {
    let mut second = plan();
    second.resources.iter_mut().for_each(|one| one.plan = 1);
    let plans = [plan(), second];
    let model = Model::draw(None, &plans).unwrap();
    let picture = Picture::draw(None, &plans, &model, &check(Vec::new()));
    assert_eq!(zone(&picture, "aws_subnet.db#1").within.as_deref(), Some("aws_vpc.main#1"));
    assert_eq!(device(&picture, "aws_instance.app#1").zone, "aws_subnet.db#1");
    assert_eq!(zone(&picture, "cloud:AWS #2").name, "AWS #2");
}

#[test]
fn networks_that_lie_in_each_other_in_a_circle_stand_by_themselves() {
    let mut site = read("site.yaml", template("small-hospital").unwrap().text).unwrap();
    let ids: Vec<_> = site.zones.iter().map(|zone| zone.id.clone()).collect();
    site.zones[1].within = Some(ids[2].clone());
    site.zones[2].within = Some(ids[1].clone());
    let model = Model::draw(None, &[]).unwrap();
    let picture = Picture::draw(Some(&site), &[], &model, &check(Vec::new()));
    assert!(picture.zones.iter().all(|zone| zone.within.is_none()));
}

#[test]
fn of_a_site_with_very_many_networks_the_picture_stays_small() {
    let mut site = read("site.yaml", template("small-hospital").unwrap().text).unwrap();
    let (zone, node) = (site.zones[2].clone(), site.nodes[0].clone());
    for place in 0..3_000 {
        let mut one = zone.clone();
        one.id.value = format!("zone-{place}");
        let mut host = node.clone();
        host.id.value = format!("host-{place}");
        host.zones = vec![one.id.clone()];
        site.zones.push(one);
        site.nodes.push(host);
    }
    let model = Model::draw(None, &[]).unwrap();
    let chains = vec![chain(&["internet", "host-2999"])];
    let picture = Picture::draw(Some(&site), &[], &model, &check(chains));
    assert!(picture.zones.len() + picture.devices.len() <= ELEMENTS_MAX, "{}", picture.zones.len());
    assert_eq!(device(&picture, "host-2999").zone, "zone-2999");
    assert_eq!(picture.paths.len(), 1);
    let counted: u64 = picture.devices.iter().map(|one| one.count).sum();
    let written: u64 = site.nodes.iter().map(|node| u64::from(node.count.unwrap_or(1))).sum();
    assert_eq!(counted, written, "what is not drawn is counted");
    let ids: Vec<&str> = picture.ids().collect();
    for line in &picture.links {
        assert!(ids.contains(&line.from.as_str()) && ids.contains(&line.to.as_str()));
    }
}

#[test]
fn many_empty_networks_are_counted_and_those_with_something_in_them_stay() {
    let mut site = read("site.yaml", template("small-hospital").unwrap().text).unwrap();
    for place in 0..20 {
        let mut one = site.zones[2].clone();
        one.id.value = format!("unused-{place}");
        site.zones.push(one);
    }
    let model = Model::draw(None, &[]).unwrap();
    let picture = Picture::draw(Some(&site), &[], &model, &check(Vec::new()));
    let folded: Vec<(Row, usize)> =
        picture.zones.iter().filter(|zone| zone.folded > 0).map(|zone| (zone.row, zone.folded)).collect();
    assert_eq!(folded, [(Row::Medical, 20)]);
    assert_eq!(zone(&picture, "medical").row, Row::Medical);
}
