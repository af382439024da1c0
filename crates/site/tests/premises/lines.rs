//! Links: their directions, what they announce, what carries and protects packets, and ways in for maintenance.

use crate::ask::{ask, expect, find, model};
use site::network::{Carrier, Labels, Protection};
use site::reach::{Answer, Question};

/// A hospital and a cloud with a link between them.
fn line(link: &str) -> String {
    format!(
        "zones:
  - {{ id: ward, kind: medical, ranges: [10.1.0.0/24] }}
  - {{ id: cloud, kind: cloud, ranges: [10.9.0.0/16] }}
nodes:
  - {{ id: pc, kind: terminal, zones: [ward], listens: [{{ protocol: tcp, ports: [22] }}] }}
  - {{ id: ehr, kind: server, zones: [cloud], addresses: [10.9.1.10], listens: [{{ protocol: tcp, ports: [443] }}] }}
links: [{{ id: line, from: ward, to: cloud, {link} }}]
"
    )
}

#[test]
fn a_link_carries_both_ways_unless_one_is_said() {
    expect(&line("carrier: ip-vpn"), &[("pc", "ehr", "yes"), ("ehr", "pc", "yes")]);
    expect(&line("direction: both"), &[("pc", "ehr", "yes"), ("ehr", "pc", "yes")]);
    expect(&line("direction: forward"), &[("pc", "ehr", "yes"), ("ehr", "pc", "no")]);
}

#[test]
fn only_what_is_announced_is_reached_and_answers() {
    expect(&line("prefixes: [10.9.1.0/24]"), &[("pc", "ehr", "yes"), ("ehr", "pc", "yes")]);
    expect(&line("prefixes: [10.9.2.0/24]"), &[("pc", "ehr", "no"), ("ehr", "pc", "no")]);
    expect(&line("prefixes: none"), &[("pc", "ehr", "no"), ("ehr", "pc", "no")]);
}

#[test]
fn packets_know_what_carried_and_protected_them() {
    for (link, carrier, protection) in [
        ("carrier: leased-line, protection: [macsec]", Carrier::LeasedLine, Protection::Link),
        ("carrier: ip-vpn", Carrier::IpVpn, Protection::Unknown),
        ("carrier: ip-vpn, protection: none", Carrier::IpVpn, Protection::Clear),
        ("carrier: ipsec", Carrier::Internet, Protection::Ipsec),
        ("carrier: internet, protection: [tls]", Carrier::Internet, Protection::Tunnel),
        ("carrier: internet, protection: [ssl-vpn]", Carrier::Internet, Protection::Tunnel),
        ("carrier: mobile, protection: [ipsec, tls]", Carrier::Internet, Protection::Ipsec),
        ("carrier: closed-mobile, protection: none", Carrier::Mobile, Protection::Clear),
        ("carrier: wireless, protection: [wireless]", Carrier::Wireless, Protection::Link),
        ("carrier: lan, protection: [{ other: { encrypted: no } }]", Carrier::Lan, Protection::Clear),
        (
            "carrier: cloud-internal, protection: [{ other: { encrypted: yes } }]",
            Carrier::Provider,
            Protection::Tunnel,
        ),
        ("name: 回線", Carrier::Unknown, Protection::Unknown),
    ] {
        let model = model(&line(link));
        let reach = Question::of(&model.network).from(find(&model, "pc"));
        let Answer::Reached(reached) = reach.to(find(&model, "ehr")) else { panic!("{link}") };
        assert_eq!(reached.labels, Labels::none().through(carrier, protection), "{link}");
    }
}

/// A vendor with two PCs, a hospital with two servers behind a device, and a way in for maintenance.
fn maintained(entry: &str) -> String {
    format!(
        "parties: [{{ id: maker, kind: vendor }}]
zones:
  - {{ id: vendor, kind: vendor, owner: maker }}
  - {{ id: ward, kind: medical, ranges: [10.1.0.0/24] }}
nodes:
  - {{ id: engineer, kind: terminal, zones: [vendor] }}
  - {{ id: office, kind: terminal, zones: [vendor] }}
  - {{ id: vpn, kind: vpn-device, zones: [ward] }}
  - {{ id: ehr, kind: server, zones: [ward], listens: [{{ protocol: tcp, ports: [3389] }}] }}
  - {{ id: nas, kind: store, zones: [ward], listens: [{{ protocol: tcp, ports: [445] }}] }}
links: [{{ id: line, from: vpn, to: vendor, carrier: ipsec }}]
filters: none
maintenance: [{{ id: work, vendor: maker, into: [ehr], by: [line]{entry} }}]
"
    )
}

#[test]
fn restricted_maintenance_reaches_its_nodes_only() {
    for entry in [", restricted: yes", ", restricted: yes, from: vendor"] {
        let expected = [
            ("engineer", "ehr", "yes"),
            ("engineer", "nas", "no"),
            ("vendor", "nas", "no"),
            ("ehr", "nas", "yes"),
        ];
        expect(&maintained(entry), &expected);
    }
    for entry in ["", ", restricted: no", ", from: vendor"] {
        expect(&maintained(entry), &[("engineer", "ehr", "yes"), ("engineer", "nas", "yes")]);
    }
    let only = maintained(", restricted: yes, from: engineer");
    expect(
        &only,
        &[
            ("engineer", "ehr", "yes"),
            ("engineer", "nas", "no"),
            ("office", "ehr", "no"),
            ("office", "nas", "no"),
        ],
    );
    let unsaid = maintained(", restricted: yes").replace("into: [ehr], ", "");
    expect(&unsaid, &[("engineer", "nas", "maybe: into of work")]);
}

#[test]
fn a_vendor_may_join_its_customers_and_a_carrier_does() {
    let text = |kind: &str| {
        format!(
            "zones:
  - {{ id: between, kind: {kind} }}
  - {{ id: one, kind: medical, ranges: [10.1.0.0/24] }}
  - {{ id: two, kind: medical, ranges: [10.2.0.0/24] }}
nodes:
  - {{ id: pc, kind: terminal, zones: [one] }}
  - {{ id: ehr, kind: server, zones: [two], listens: [{{ protocol: tcp, ports: [443] }}] }}
links:
  - {{ id: first, from: one, to: between, carrier: ip-vpn }}
  - {{ id: second, from: between, to: two, carrier: ip-vpn }}
"
        )
    };
    expect(&text("carrier"), &[("pc", "ehr", "yes"), ("between", "ehr", "yes")]);
    expect(&text("vendor"), &[("pc", "ehr", "maybe: forwards of between"), ("between", "ehr", "yes")]);
}

#[test]
fn a_meal_vendors_stolen_vpn_leads_step_by_step_to_the_records() {
    // As it happened in Osaka: the vendor's VPN, its server, a server of the hospital, the records.
    let text = "zones:
  - { id: world, kind: internet }
  - { id: kitchen, kind: vendor }
  - { id: ward, kind: medical, ranges: [10.1.0.0/16] }
nodes:
  - { id: kitchen-vpn, kind: vpn-device, zones: [kitchen], listens: [{ protocol: tcp, ports: [443] }] }
  - { id: kitchen-server, kind: server, zones: [kitchen], listens: [{ protocol: tcp, ports: [3389] }] }
  - { id: meals, kind: server, zones: [ward], listens: [{ protocol: tcp, ports: [3389], accepts_from: [kitchen] }] }
  - { id: ehr, kind: server, zones: [ward], listens: [{ protocol: tcp, ports: [3389], accepts_from: [ward] }] }
links:
  - { id: outside, from: world, to: kitchen-vpn, carrier: internet, protection: none }
  - { id: line, from: kitchen, to: ward, carrier: ip-vpn }
filters: none
";
    let model = model(text);
    for (from, to) in [
        ("world", "kitchen-vpn"),
        ("kitchen-vpn", "kitchen-server"),
        ("kitchen-server", "meals"),
        ("meals", "ehr"),
    ] {
        assert_eq!(ask(&model, from, to), "yes", "{from} -> {to}");
    }
    assert_eq!(ask(&model, "kitchen-server", "ehr"), "no");
    assert_eq!(ask(&model, "world", "ehr"), "no");
    let reach = Question::of(&model.network).from(find(&model, "kitchen-server"));
    let Answer::Reached(reached) = reach.to(find(&model, "meals")) else { panic!("no path") };
    let hops: Vec<&str> =
        reached.path.iter().map(|hop| model.network.node(hop.node).unwrap().title.id.as_str()).collect();
    assert_eq!(
        hops,
        ["kitchen-server", "kitchen", "line", "ward (by line)", "ward", "meals (listens)", "meals"]
    );
}
