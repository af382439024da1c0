//! Devices that pass packets on, and what their filters let through.

use crate::ask::expect;

const TWO: &str = "zones:
  - { id: office, kind: information, ranges: [192.168.1.0/24] }
  - { id: ward, kind: medical, ranges: [10.1.0.0/24] }
";

/// Two networks with a device between them, and what else is said.
fn between(device: &str, rest: &str) -> String {
    format!(
        "{TWO}nodes:
  - {{ id: pc, kind: terminal, zones: [office], addresses: [192.168.1.5], listens: none }}
  - {{ id: ehr, kind: server, zones: [ward], addresses: [10.1.0.10], listens: [{{ protocol: tcp, ports: [443, 3389] }}] }}
  - {{ id: box, zones: [office, ward], {device} }}
{rest}"
    )
}

#[test]
fn what_a_device_is_says_whether_it_passes_packets_on() {
    for (device, expected) in [
        ("kind: router", "yes"),
        ("kind: router, forwards: no", "no"),
        ("kind: terminal, forwards: yes", "yes"),
        ("kind: terminal", "maybe: forwards of box"),
        ("kind: wireless-ap, forwards: unknown", "maybe: forwards of box"),
        ("kind: firewall", "maybe: filters of box"),
    ] {
        expect(&between(device, "filters: none\n"), &[("pc", "ehr", expected)]);
    }
    expect(&between("kind: router", ""), &[("pc", "ehr", "maybe: filters of box")]);
}

#[test]
fn the_first_rule_that_fits_decides_and_then_the_default() {
    let deny = "{ action: deny, from: [office], to: [ehr], protocol: tcp, ports: [443] }";
    let allow = "{ action: allow, from: [pc], to: [ehr], protocol: tcp, ports: [443] }";
    for (filter, expected) in [
        (format!("default: deny, rules: [{allow}]"), "yes"),
        (format!("default: deny, rules: [{deny}, {allow}]"), "no"),
        (format!("default: deny, rules: [{allow}, {deny}]"), "yes"),
        ("default: deny, rules: none".to_owned(), "no"),
        ("default: allow, rules: none".to_owned(), "yes"),
        ("default: allow, rules: [{ action: deny, to: [10.1.0.0/16] }]".to_owned(), "no"),
        ("rules: none".to_owned(), "maybe: default of rules"),
        ("default: deny".to_owned(), "maybe: rules of rules"),
        ("default: allow".to_owned(), "maybe: rules of rules"),
        (format!("stateful: no, default: deny, rules: [{allow}]"), "maybe: stateful of rules"),
        (format!("stateful: unknown, default: deny, rules: [{allow}]"), "yes"),
    ] {
        let filters = format!("filters: [{{ id: rules, at: box, {filter} }}]\n");
        expect(&between("kind: firewall", &filters), &[("pc", "ehr", expected)]);
    }
}

#[test]
fn of_two_filters_on_a_device_both_let_through_or_nobody_knows() {
    let rule = |port: u16| format!("rules: [{{ action: allow, protocol: tcp, ports: [{port}] }}]");
    let filters = |first: u16, second: u16| {
        let (first, second) = (rule(first), rule(second));
        format!(
            "filters: [{{ id: one, at: box, default: deny, {first} }}, {{ id: two, at: box, default: deny, {second} }}]\n"
        )
    };
    expect(&between("kind: firewall", &filters(443, 443)), &[("pc", "ehr", "yes")]);
    expect(&between("kind: firewall", &filters(443, 3389)), &[("pc", "ehr", "maybe: filters of box")]);
    expect(&between("kind: firewall", &filters(1, 2)), &[("pc", "ehr", "no")]);
}

#[test]
fn a_filter_on_a_server_judges_what_comes_to_it() {
    let filters = "filters: [{ id: own, at: ehr, default: deny, rules: [{ action: allow, from: [office], protocol: tcp, ports: [3389] }] }]\n";
    expect(
        &between("kind: router", filters),
        &[("pc", "ehr", "yes"), ("box", "ehr", "yes"), ("ward", "ehr", "no")],
    );
}

#[test]
fn a_device_is_reached_itself_whatever_it_lets_through() {
    let device = "kind: firewall, addresses: [192.168.1.1, 10.1.0.1], listens: [{ protocol: tcp, ports: [8443], accepts_from: [pc] }]";
    let filters = "filters: [{ id: rules, at: box, default: deny, rules: none }]\n";
    expect(
        &between(device, filters),
        &[("pc", "box", "yes"), ("office", "box", "no"), ("pc", "ehr", "no"), ("box", "ehr", "yes")],
    );
}

#[test]
fn addresses_that_rules_tell_apart_are_not_guessed() {
    let text = |range: &str| {
        format!(
            "{TWO}nodes:
  - {{ id: pc, kind: terminal, zones: [office], listens: none }}
  - {{ id: ehr, kind: server, zones: [ward], listens: [{{ protocol: tcp, ports: [443] }}] }}
  - {{ id: box, kind: router, zones: [office, ward] }}
filters: [{{ id: rules, at: box, default: deny, rules: [{{ action: allow, from: [{range}] }}] }}]
"
        )
    };
    expect(&text("192.168.1.0/24"), &[("pc", "ehr", "yes")]);
    expect(&text("192.168.0.0/16"), &[("pc", "ehr", "yes")]);
    expect(&text("192.168.1.0/25"), &[("pc", "ehr", "maybe:  of pc")]);
    expect(&text("192.168.1.0/25, 192.168.1.128/25"), &[("pc", "ehr", "yes")]);
    expect(&text("192.168.2.0/24"), &[("pc", "ehr", "no")]);
}

#[test]
fn a_chosen_way_out_is_the_only_one_for_what_is_not_known_inside() {
    let text = "zones:
  - { id: world, kind: internet }
  - { id: office, kind: information, ranges: [192.168.1.0/24], default_route: good }
  - { id: ward, kind: medical, ranges: [10.1.0.0/24] }
nodes:
  - { id: pc, kind: terminal, zones: [office] }
  - { id: ehr, kind: server, zones: [ward], listens: [{ protocol: tcp, ports: [443] }] }
  - { id: good, kind: router, zones: [office] }
  - { id: bad, kind: router, zones: [office, ward] }
links:
  - { id: good-line, from: good, to: world, direction: forward, carrier: internet }
  - { id: bad-line, from: bad, to: world, direction: forward, carrier: internet }
filters:
  - { id: no-way, at: good, default: deny, rules: none }
";
    expect(text, &[("pc", "world", "no"), ("pc", "ehr", "yes"), ("ehr", "world", "yes")]);
    let open = text.replace(", default_route: good", "");
    expect(&open, &[("pc", "world", "yes"), ("pc", "ehr", "yes")]);
}
