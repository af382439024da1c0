//! Zones: who reaches whom within one, in its parts, and where addresses are used twice.

use crate::ask::{ask, expect, model};
use site::description::{Phase, read, template};
use site::model::Model;

#[test]
fn members_of_a_zone_reach_each_other_by_what_they_listen_to() {
    expect(
        "zones: [{ id: ward, kind: medical, ranges: [10.1.0.0/24] }]
nodes:
  - { id: pc, kind: terminal, zones: [ward], listens: none }
  - { id: ehr, kind: server, zones: [ward], addresses: [10.1.0.10], listens: [{ protocol: tcp, ports: [443] }] }
  - { id: nas, kind: store, zones: [ward] }
  - { id: ct, kind: modality, zones: [ward], listens: [{ name: DICOM }] }
",
        &[
            ("pc", "ehr", "yes"),
            ("ward", "ehr", "yes"),
            ("ehr", "pc", "no"),
            ("pc", "nas", "maybe: listens of nas"),
            ("pc", "ct", "maybe: listens.protocol of ct"),
            ("pc", "ward", "yes"),
        ],
    );
}

#[test]
fn members_of_an_isolated_zone_reach_only_who_names_them() {
    let zone = |isolated: &str| {
        format!(
            "zones: [{{ id: ward, kind: medical, ranges: [10.1.0.0/24]{isolated} }}]
nodes:
  - {{ id: pc, kind: terminal, zones: [ward], listens: none }}
  - {{ id: other, kind: terminal, zones: [ward], listens: none }}
  - {{ id: ehr, kind: server, zones: [ward], listens: [{{ protocol: tcp, ports: [443], accepts_from: [pc] }}] }}
  - {{ id: print, kind: printer, zones: [ward], listens: [{{ protocol: tcp, ports: [9100] }}] }}
"
        )
    };
    let named = ("pc", "ehr", "yes");
    expect(&zone(", isolated: yes"), &[named, ("other", "ehr", "no"), ("pc", "print", "no")]);
    for flat in ["", ", isolated: unknown", ", isolated: no"] {
        expect(&zone(flat), &[named, ("other", "ehr", "no"), ("pc", "print", "yes")]);
    }
}

#[test]
fn whoever_may_have_the_address_of_a_node_that_is_named_without_one_is_not_decided() {
    expect(
        "zones: [{ id: ward, kind: medical, ranges: [10.1.0.0/24] }]
nodes:
  - { id: pc, kind: terminal, zones: [ward] }
  - { id: admin, kind: terminal, zones: [ward], addresses: [10.1.0.9] }
  - { id: ehr, kind: server, zones: [ward], listens: [{ protocol: tcp, ports: [443], accepts_from: [pc] }] }
  - { id: nas, kind: store, zones: [ward], listens: [{ protocol: tcp, ports: [445], accepts_from: [admin] }] }
",
        &[("ward", "ehr", "maybe: addresses of pc"), ("ward", "nas", "no"), ("admin", "nas", "yes")],
    );
}

const PARTS: &str = "zones:
  - { id: site, kind: medical, ranges: [10.1.0.0/16] }
  - { id: servers, kind: medical, within: site, ranges: [10.1.2.0/24] }
  - { id: images, kind: medical, within: site }
  - { id: labs, kind: medical, within: site, ranges: [10.1.4.0/24] }
nodes:
  - { id: pc, kind: terminal, zones: [site] }
  - { id: ehr, kind: server, zones: [servers], listens: [{ protocol: tcp, ports: [443] }] }
  - { id: pacs, kind: pacs, zones: [images], listens: [{ protocol: tcp, ports: [104] }] }
  - { id: lab, kind: server, zones: [labs], listens: [{ protocol: tcp, ports: [80] }] }
";

#[test]
fn a_part_is_reached_from_its_whole_and_other_parts_unless_a_device_stands_between() {
    expect(
        PARTS,
        &[("pc", "ehr", "yes"), ("pc", "pacs", "yes"), ("ehr", "pacs", "yes"), ("pacs", "lab", "yes")],
    );
    let guarded = format!(
        "{PARTS}  - {{ id: guard, kind: firewall, zones: [site, servers] }}
  - {{ id: gate, kind: router, zones: [labs, servers] }}
filters:
  - {{ id: rules, at: guard, default: deny, rules: none }}
"
    );
    expect(
        &guarded,
        &[
            ("pc", "ehr", "maybe: within of labs"),
            ("pc", "lab", "maybe: within of labs"),
            ("ehr", "lab", "yes"),
            ("pc", "pacs", "yes"),
        ],
    );
}

#[test]
fn hospitals_with_equal_addresses_are_kept_apart() {
    let template = template("privatelink-saas").unwrap();
    let site = read(template.name, template.text).unwrap().at(Phase::Now);
    let model = Model::draw(Some(&site), &[]).unwrap();
    for (from, to, expected) in [
        ("a-pc", "a-endpoint", "yes"),
        ("b-pc", "b-endpoint", "yes"),
        ("a-pc", "b-endpoint", "no"),
        ("b-pc", "a-resolver", "no"),
        ("a-pc", "b-pc", "no"),
        ("a-endpoint", "balancer", "yes"),
        ("a-pc", "balancer", "no"),
        ("balancer", "a-pc", "no"),
    ] {
        assert_eq!(ask(&model, from, to), expected, "{from} -> {to}");
    }
}

#[test]
fn which_of_two_networks_with_equal_addresses_is_meant_is_not_decided_once_they_are_joined() {
    let joined = "zones:
  - { id: a, kind: medical, space: a, ranges: [192.168.0.0/16] }
  - { id: b, kind: medical, space: b, ranges: [192.168.0.0/16] }
  - { id: hub, kind: cloud, ranges: [10.0.0.0/24] }
nodes:
  - { id: a-pc, kind: terminal, zones: [a], addresses: [192.168.0.5], listens: [{ protocol: tcp, ports: [22] }] }
  - { id: b-pc, kind: terminal, zones: [b], addresses: [192.168.0.5], listens: [{ protocol: tcp, ports: [22] }] }
  - { id: app, kind: server, zones: [hub], listens: [{ protocol: tcp, ports: [443], accepts_from: [a] }] }
links:
  - { id: a-line, from: a, to: hub, carrier: ip-vpn }
  - { id: b-line, from: b, to: hub, carrier: ip-vpn }
";
    expect(
        joined,
        &[
            ("app", "a-pc", "maybe: space of a"),
            ("app", "b-pc", "maybe: space of b"),
            ("a-pc", "b-pc", "no"),
            ("a-pc", "app", "yes"),
            ("b-pc", "app", "no"),
        ],
    );
}

#[test]
fn what_does_not_stand_in_a_phase_is_not_there() {
    let template = template("cloud-move").unwrap();
    let site = read(template.name, template.text).unwrap();
    let at = |phase| Model::draw(Some(&site.at(phase)), &[]).unwrap();
    let (now, next, target) = (at(Phase::Now), at(Phase::Next), at(Phase::Target));
    assert!(now.find("ehr-server").is_some() && now.find("gate").is_none());
    assert_eq!(ask(&next, "vendor-site", "ehr-server"), "yes");
    assert_eq!(ask(&next, "office-pc", "gate"), "yes");
    for gone in ["ehr-server", "vendor-site", "core", "maintenance-line", "vpn-rules"] {
        assert!(target.find(gone).is_none(), "{gone}");
    }
}

#[test]
fn what_else_is_called_internet_is_found_by_its_name() {
    let model = model(
        "zones: [{ id: internet, kind: other, ranges: [10.1.0.0/24] }, { id: world, kind: internet }]
nodes: [{ id: pc, kind: router, zones: [internet, world], listens: none }]
",
    );
    assert_eq!(ask(&model, "pc", "world"), "yes");
    assert_eq!(ask(&model, "internet", "world"), "maybe: filters of pc");
}
