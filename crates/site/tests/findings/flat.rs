//! A flat network of many machines: those that are alike are looked at once, and each is told as if it were alone.

use site::check::{Check, Given};
use site::connection::{Kind, classify};
use site::description::{Day, Phase, Site, read};
use site::findings::{Judgement, Scene, judge};
use site::model::Model;
use site::rules::{Finding, Verdict};
use std::fmt::Write as _;

/// A flat network with so many terminals of each kind, behind a firewall, with a vendor and the records.
fn hospital(each: usize) -> String {
    let mut text = HEAD.to_owned();
    for at in 0..each {
        let (third, fourth) = (at / 200, at % 200 + 1);
        for (kind, rest) in [
            ("plain", format!("addresses: [10.0.{third}.{fourth}], listens: none")),
            ("open", format!("addresses: [10.0.{}.{fourth}]", third + 100)),
            ("ruled", format!("addresses: [10.1.{third}.{fourth}], listens: none")),
            ("old", format!("addresses: [10.2.{third}.{fourth}], {OLD}")),
        ] {
            writeln!(text, "  - {{ id: {kind}-{at}, kind: terminal, zones: [ward], {rest} }}").expect("text");
        }
    }
    text + REST
}

const OLD: &str = "holds: [image], software: [{ name: OS, end_of_support: 2020-01-14 }]";

const HEAD: &str = "format: akashi-site/1
facility: { name: 架空, kind: hospital }
zones:
  - { id: internet, kind: internet }
  - { id: ward, kind: medical, ranges: [10.0.0.0/8], isolated: no }
  - { id: office, kind: information, ranges: [172.16.0.0/24] }
  - { id: maker-site, kind: vendor }
nodes:
  - { id: wall, kind: firewall, zones: [ward, office], addresses: [10.255.0.1, 172.16.0.1] }
  - { id: edge, kind: router, zones: [office], addresses: [172.16.0.2] }
  - { id: maker-vpn, kind: vpn-device, zones: [ward], addresses: [10.255.0.9] }
  - { id: records, kind: server, zones: [ward], addresses: [10.255.0.10], holds: [clinical-record], listens: [{ name: s, protocol: tcp, ports: [443] }] }
";

const REST: &str = "links:
  - { id: outside, from: edge, to: internet, carrier: internet }
  - { id: maker-line, from: maker-site, to: maker-vpn, carrier: ip-vpn }
filters:
  - id: wall-rules
    at: wall
    stateful: yes
    default: deny
    rules:
      - { action: allow, from: [10.1.0.0/16], to: [internet], protocol: tcp, ports: [443] }
      - { action: allow, from: [office], to: [records, old-0], protocol: tcp, ports: [443] }
flows:
  - { id: charting, purpose: p, from: plain-0, to: records, protocol: tcp, ports: [443], data: [clinical-record] }
  - { id: reading, purpose: p, from: office, to: records, protocol: tcp, ports: [443], data: [clinical-record] }
";

fn site(text: &str) -> Site {
    read("site.yaml", text).unwrap_or_else(|faults| panic!("{faults:?}")).at(Phase::Now)
}

fn checked(text: &str) -> Check {
    let site = site(text);
    let today = Day::parse("2026-11-22").expect("a day");
    let given = Given { site: Some(&site), phase: Phase::Now, plans: &[], sources: &[], today };
    given.check().unwrap_or_else(|problem| panic!("{problem:?}")).0
}

/// A finding without the line on which its element stands.
fn told(finding: &Finding) -> String {
    let Finding { id, verdict, why, path, .. } = finding;
    format!("{id} {verdict:?} {why:?} {path:?}")
}

#[test]
fn machines_like_others_add_only_what_is_said_of_themselves() {
    let (few, many) = (checked(&hospital(3)), checked(&hospital(6)));
    let is_new = |finding: &&Finding| {
        let number = finding.resource.rsplit('-').next().and_then(|number| number.parse::<usize>().ok());
        number.is_some_and(|number| number >= 3)
    };
    let of_few: Vec<String> = few.findings.iter().map(told).collect();
    let of_many: Vec<String> = many.findings.iter().filter(|one| !is_new(one)).map(told).collect();
    assert_eq!(of_few, of_many);
    assert_eq!(few.connections, many.connections);
    assert_eq!(few.threats, many.threats);
    // What is said of a machine is said of one that is like it, under its own name and with its own first hop.
    let of = |id: &str| {
        let own = many.findings.iter().filter(|one| one.resource == id).map(told);
        own.map(|text| text.replace(id, "it")).collect::<Vec<_>>()
    };
    for kind in ["plain", "open", "ruled", "old"] {
        assert_eq!(of(&format!("{kind}-1")), of(&format!("{kind}-5")), "{kind}");
    }
    let past = many.findings.iter().find(|one| one.id == "device.unsupported-flat@old-5").expect("a finding");
    assert_eq!(past.path.first().map(|step| step.node.as_str()), Some("old-5"));
}

#[test]
fn thousands_of_machines_that_are_alike_are_looked_at_whole() {
    let site = site(&hospital(600));
    let model = Model::draw(Some(&site), &[]).expect("a model");
    let scene = Scene { site: &site, model: &model, today: jiff::civil::date(2026, 11, 22) };
    let (judged, connections) = (judge(&scene), classify(&model, &site));
    // The machines of 10.1.0.0/16 go out to the internet, so the network in which they stand is open.
    let charting = connections.iter().find(|one| one.id == "charting").expect("a connection");
    assert_eq!(charting.kind, Kind::Open);
    let flat = |one: &&Judgement| one.rule == "device.unsupported-flat" && one.verdict == Verdict::Violated;
    assert_eq!(judged.iter().filter(flat).count(), 600);
    let left_out = judged.iter().filter(|one| one.seen.en.contains("too many")).count();
    assert_eq!(left_out, 0);
}
