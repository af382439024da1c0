//! The internet: what leaves for it, and what comes in from it.

use crate::ask::{expect, find, model};
use site::packet::Addresses;
use site::reach::{Answer, Question};

/// A clinic behind a border device, and a service on the internet.
fn clinic(link: &str, filter: &str) -> String {
    format!(
        "zones:
  - {{ id: world, kind: internet }}
  - {{ id: clinic, kind: information, ranges: [192.168.40.0/24] }}
  - {{ id: cloud, kind: cloud, ranges: [10.60.0.0/24] }}
nodes:
  - {{ id: pc, kind: terminal, zones: [clinic], addresses: [192.168.40.5], listens: [{{ protocol: tcp, ports: [3389] }}] }}
  - {{ id: border, kind: firewall, zones: [clinic], addresses: [192.168.40.1], listens: [{{ protocol: tcp, ports: [443] }}] }}
  - {{ id: gate, kind: balancer, zones: [cloud], forwards: no, listens: [{{ protocol: tcp, ports: [443], accepts_from: [world] }}] }}
  - {{ id: db, kind: database, zones: [cloud], listens: [{{ protocol: tcp, ports: [5432] }}] }}
links:
  - {{ id: out, from: border, to: world, carrier: internet{link} }}
  - {{ id: in, from: world, to: gate, carrier: internet, direction: forward }}
filters: [{{ id: rules, at: border, {filter} }}]
"
    )
}

const WEB: &str =
    "default: deny, rules: [{ action: allow, from: [clinic], to: [world], protocol: tcp, ports: [443] }]";

#[test]
fn a_clinic_reaches_a_service_on_the_internet_with_a_public_address() {
    let text = clinic(", direction: forward", WEB);
    expect(
        &text,
        &[
            ("pc", "gate", "yes"),
            ("pc", "world", "yes"),
            ("pc", "db", "no"),
            ("world", "gate", "yes"),
            ("world", "db", "no"),
            ("world", "border", "no"),
            ("world", "pc", "no"),
            ("gate", "db", "yes"),
            ("gate", "world", "no"),
        ],
    );
    let model = model(&text);
    let reach = Question::of(&model.network).from(find(&model, "pc"));
    let Answer::Reached(reached) = reach.to(find(&model, "gate")) else { panic!("no path") };
    let sources = reached.packets.cubes().iter().map(|cube| (cube.family, cube.source));
    assert!(Addresses::from_spans(sources).without(&Addresses::public()).is_empty());
}

#[test]
fn a_device_that_answers_on_the_internet_is_reached_and_what_lies_behind_only_where_a_rule_says_so() {
    expect(
        &clinic("", WEB),
        &[
            ("world", "border", "yes"),
            ("world", "pc", "no"),
            ("border", "pc", "yes"),
            ("border", "world", "yes"),
        ],
    );
    let open = "default: allow, rules: none";
    expect(&clinic("", open), &[("world", "pc", "maybe: address translation of border")]);
    let forwarded =
        "default: deny, rules: [{ action: allow, from: [world], to: [pc], protocol: tcp, ports: [3389] }]";
    expect(&clinic("", forwarded), &[("world", "pc", "yes")]);
    expect(&clinic(", direction: forward", forwarded), &[("world", "pc", "no")]);
}

#[test]
fn what_is_known_inside_does_not_leave_for_the_internet() {
    // The border lets everything out, and a packet for the database still finds no way over the internet.
    let text = clinic(", direction: forward", "default: allow, rules: none");
    expect(&text, &[("pc", "world", "yes"), ("pc", "gate", "yes"), ("pc", "db", "no")]);
}

#[test]
fn public_addresses_that_are_written_are_those_that_are_seen() {
    let text = "zones:
  - { id: world, kind: internet }
  - { id: clinic, kind: information, ranges: [192.168.40.0/24] }
nodes:
  - { id: pc, kind: terminal, zones: [clinic] }
  - { id: border, kind: router, zones: [clinic, world], addresses: [192.168.40.1, 198.51.99.7], listens: [{ protocol: tcp, ports: [443] }] }
  - { id: web, kind: server, zones: [world], addresses: [198.51.98.1], listens: [{ protocol: tcp, ports: [443], accepts_from: [border] }] }
  - { id: other, kind: server, zones: [world], listens: [{ protocol: tcp, ports: [443] }] }
filters:
  - { id: web-rules, at: web, default: deny, rules: [{ action: allow, from: [198.51.99.7] }] }
";
    expect(
        text,
        &[
            ("world", "border", "yes"),
            ("pc", "other", "yes"),
            ("border", "web", "yes"),
            ("pc", "web", "yes"),
            ("world", "web", "no"),
            ("world", "other", "yes"),
        ],
    );
}

#[test]
fn a_zone_on_the_internet_without_any_device_is_open() {
    let text = "zones:
  - { id: world, kind: internet }
  - { id: lab, kind: medical, ranges: [10.1.0.0/24] }
nodes: [{ id: pc, kind: terminal, zones: [lab], listens: [{ protocol: tcp, ports: [22] }] }]
links: [{ id: line, from: lab, to: world, carrier: internet }]
";
    expect(text, &[("world", "pc", "yes"), ("pc", "world", "yes"), ("world", "lab", "yes")]);
    expect(
        &text.replace("carrier: internet", "carrier: internet, direction: forward"),
        &[("world", "pc", "no"), ("pc", "world", "yes")],
    );
}

#[test]
fn who_accepts_a_border_accepts_those_behind_it() {
    let text = clinic(", direction: forward", WEB).replace("accepts_from: [world]", "accepts_from: [border]");
    expect(&text, &[("pc", "gate", "yes"), ("border", "gate", "yes"), ("world", "gate", "no")]);
}
