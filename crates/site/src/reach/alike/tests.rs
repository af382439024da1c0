//! What is seen from an origin in the place of another one is what a run of its own shows, box by box: on all templates, and on
//! a network with all that may tell sources apart.

use super::super::{Hop, Question};
use super::Alike;
use crate::description::{Phase, read, templates};
use crate::model::{Model, Roads};
use crate::network::{
    Draft, Edge, Group, Host, Labels, Match, Network, NewSource, NodeId, Placement, Reason, Rewrite, Route,
    Rule, Service,
};
use crate::packet::{Addresses, Cube};
use crate::reach::{Answer, Reach};
use std::collections::BTreeSet;
use std::fmt::Write as _;

/// A box as it came: where, as what, from whom, whether for certain, over what links, by what hops.
type Came = (NodeId, Cube, NodeId, bool, Labels, Vec<Hop>);

fn all(reach: &Reach<'_>) -> Vec<Came> {
    let told = reach
        .came()
        .map(|(node, one)| (node, one.packets(), one.sender(), one.is_decided(), one.labels(), one.path()));
    told.collect()
}

fn answers(network: &Network, reach: &Reach<'_>) -> String {
    let mut told = String::new();
    for node in network.nodes() {
        match reach.to(node) {
            Answer::NoPath => {}
            answer => writeln!(told, "{node:?}: {answer:?}").unwrap(),
        }
        for arrival in reach.arrivals(node) {
            writeln!(told, "{node:?}: {:?}", arrival.reasons()).unwrap();
        }
    }
    told
}

/// Compares all that is seen in the place of another origin with runs of their own; how many there are.
fn compare(network: &Network) -> usize {
    let (question, alike) = (Question::of(network), Alike::of(network));
    let mut shared = 0;
    for (origin, _) in network.hosts() {
        let first = alike.first(origin);
        if first == origin {
            continue;
        }
        let own = question.from(origin);
        let seen = question.from(first).seen_from(origin).unwrap();
        assert_eq!(seen.origin(), origin);
        assert_eq!(all(&seen), all(&own), "{:?}", network.node(origin));
        assert_eq!(answers(network, &seen), answers(network, &own), "{:?}", network.node(origin));
        shared += 1;
    }
    shared
}

fn drawn(text: &str) -> Model {
    let site = read("site.yaml", text).unwrap_or_else(|faults| panic!("{faults:?}")).at(Phase::Now);
    Model::draw(Some(&site), &[]).unwrap()
}

/// A ward with terminals of which some are named by rules, some have IPv6 as well, and one stands in the office too.
const WARD: &str = "format: akashi-site/1
facility: { name: 架空, kind: clinic }
zones:
  - { id: internet, kind: internet }
  - { id: ward, kind: medical, ranges: [10.0.0.0/16, 'fd00::/64'] }
  - { id: office, kind: information, ranges: [10.1.0.0/16] }
nodes:
  - { id: wall, kind: firewall, zones: [ward, office], addresses: [10.0.255.1, 10.1.255.1] }
  - { id: edge, kind: router, zones: [office], addresses: [10.1.255.2] }
  - { id: records, kind: server, zones: [ward], addresses: [10.0.9.9], holds: [image], listens: [{ protocol: tcp, ports: [443], accepts_from: [ward] }, { protocol: tcp, ports: [22], accepts_from: [t3] }] }
  - { id: t0, kind: terminal, zones: [ward], addresses: [10.0.0.10], listens: none }
  - { id: t1, kind: terminal, zones: [ward], addresses: [10.0.0.11], listens: none }
  - { id: t2, kind: terminal, zones: [ward], addresses: [10.0.0.12], listens: [{ protocol: tcp, ports: [80] }] }
  - { id: t3, kind: terminal, zones: [ward], addresses: [10.0.0.13] }
  - { id: t4, kind: terminal, zones: [ward], addresses: [10.0.0.14] }
  - { id: t5, kind: terminal, zones: [ward], addresses: [10.0.0.15, 'fd00::15'] }
  - { id: t6, kind: terminal, zones: [ward], addresses: [10.0.0.16, 'fd00::16'] }
  - { id: t7, kind: terminal, zones: [ward], addresses: [10.0.0.17, 10.0.0.18] }
  - { id: t8, kind: terminal, zones: [ward], addresses: [10.0.1.1] }
  - { id: t9, kind: terminal, zones: [ward], addresses: [10.0.1.2] }
  - { id: both, kind: terminal, zones: [ward, office], addresses: [10.0.1.3, 10.1.1.3] }
  - { id: o1, kind: terminal, zones: [office], addresses: [10.1.0.1] }
  - { id: o2, kind: terminal, zones: [office], addresses: [10.1.0.2] }
links:
  - { id: line, from: edge, to: internet, carrier: internet }
filters:
  - id: rules
    at: wall
    stateful: no
    default: deny
    rules:
      - { action: allow, from: [10.0.1.0/24], to: [office], protocol: tcp, ports: [445] }
      - { action: allow, from: [t4], to: [internet] }
      - { action: deny, from: [10.0.0.0/27], protocol: udp }
      - { action: allow, from: [ward], protocol: tcp }
";

#[test]
fn from_every_origin_that_is_like_another_the_same_is_seen_as_in_a_run_of_its_own() {
    let model = drawn(WARD);
    // t1 and t2 are like t0; t6 is like t5; t9 is like t8; o2 is like o1; t3 and t4 are named.
    assert_eq!(compare(&model.network), 5);
    let roads = Roads::of(&model);
    let alike = |one, other| {
        let [one, other] = [one, other].map(|id| roads.first_alike(model.find(id).unwrap()));
        one == other
    };
    assert!(alike("t0", "t1") && alike("t0", "t2") && alike("t5", "t6") && alike("t8", "t9"));
    for alone in ["t3", "t4", "t7", "both", "records"] {
        let others = ["t0", "t5", "t8", "t3", "t4", "t7", "both", "records", "o1"];
        assert!(others.iter().all(|other| *other == alone || !alike(alone, other)), "{alone}");
    }
    assert!(!alike("t0", "t8") && !alike("t0", "t5"));
}

#[test]
fn on_all_templates_the_same_is_seen_as_in_runs_of_their_own() {
    let shared: usize = templates().iter().map(|template| compare(&drawn(template.text).network)).sum();
    assert!(shared > 0, "no template has two machines that are alike");
}

#[test]
fn what_rewrites_sources_and_who_answers_tells_origins_apart() {
    let net = |text: &str| text.parse::<ipnet::IpNet>().unwrap();
    let mut draft = Draft::new();
    let reason = draft.reason(Reason::address("lan"));
    let lan = draft.router("lan");
    let mut hosts = Vec::new();
    for at in 0..8 {
        let address = net(&format!("10.0.0.{at}/32"));
        let host = draft.host(format!("h{at}").as_str(), Host::at(address));
        draft.connect(host, lan);
        draft.route(lan, Route::to(address, host));
        hosts.push(host);
    }
    let somewhere = Placement::Within(Addresses::from(net("10.0.0.128/25")), reason);
    for id in ["loose", "loose too"] {
        let host = draft.host(id, Host::new(somewhere.clone()));
        draft.connect(host, lan);
        hosts.push(host);
    }
    let maybe = draft.host("maybe", Host::at(net("10.0.0.9/32")));
    draft.edge(maybe, Edge::maybe(lan, reason));
    let target = draft.host("target", Host::at(net("192.0.2.1/32")));
    let guard = draft.stateless_filter("guard");
    draft.rule(guard, Rule::allow("web", Match::all().by([Service::tcp(443)])));
    draft
        .answer_rule(guard, Rule::allow("answers", Match::all().to(Addresses::from(net("198.51.100.0/24")))));
    draft.connect(guard, target);
    let nat = draft.translator("nat");
    let group = draft.group(Group { nodes: [hosts[6]].into(), ..Group::default() });
    for (name, matching) in
        [("some", Match::all().from(Addresses::from(net("10.0.0.0/30")))), ("one", Match::all().from(group))]
    {
        let source = NewSource::any_of(net("198.51.100.1/32"));
        draft.rewrite(nat, Rewrite::source(name, matching, source, Edge::to(guard)));
    }
    draft.route(lan, Route::to(net("0.0.0.0/0"), nat));
    let network = draft.build().unwrap();
    // 0 to 3 are rewritten; of 4, 5 and 7 the addresses lie on one side of every rule; 6 is a member by itself.
    assert_eq!(compare(&network), 5);
    let alike = Alike::of(&network);
    let classes: BTreeSet<NodeId> = hosts.iter().map(|host| alike.first(*host)).collect();
    assert_eq!(classes.len(), 5, "0, 4, 6 and both of which nobody knows the address");
    assert_eq!(alike.first(maybe), maybe);
}
