//! What must hold of every network, and of networks that are large or hostile.

use crate::random::{Choices, network};
use crate::simulator::{About, Hop, Law, Thing, To, Way, Who, World};
use site::network::{
    Doubt, Draft, Edge, Host, Match, NewSource, NodeId, Rewrite, Route, Rule, Service, Target,
};
use site::packet::{Addresses, PacketSet};
use site::reach::{Answer, Limits, Question};

fn net(text: &str) -> ipnet::IpNet {
    text.parse().unwrap()
}

fn nets(text: &str) -> Addresses {
    net(text).into()
}

/// What arrives at each node, for certain and at all.
fn arrived(world: &World) -> Vec<(PacketSet, PacketSet)> {
    let (network, ids) = network(world);
    let reach = Question::of(&network).from(ids[0]);
    let set = |id: &NodeId, all: bool| {
        let counted = reach.arrivals(*id).filter(|came| all || came.is_decided());
        PacketSet::from_cubes(counted.map(|came| came.packets()))
    };
    ids.iter().map(|id| (set(id, false), set(id, true))).collect()
}

fn is_same(one: &[(PacketSet, PacketSet)], other: &[(PacketSet, PacketSet)]) -> bool {
    one.len() == other.len()
        && one.iter().zip(other).all(|(one, other)| one.0.is_same(&other.0) && one.1.is_same(&other.1))
}

fn worlds() -> impl Iterator<Item = (u64, World)> {
    (20_000..20_200).map(|seed| (seed, Choices::new(seed).world()))
}

#[test]
fn one_more_allow_never_takes_anything_away() {
    let law = || {
        let about = About {
            source: Who::Anybody,
            destination: Who::From(0, 9),
            protocol: None,
            source_port: None,
            port: None,
        };
        Law { about, allows: true, maybe: false }
    };
    for (seed, world) in worlds() {
        let mut more = world.clone();
        for thing in &mut more.nodes {
            if let Thing::Filter { rules, answers, .. } = thing {
                rules.insert(0, law());
                if let Some(answers) = answers {
                    answers.insert(0, law());
                }
            }
        }
        for ((sure, all), (more_sure, more_all)) in arrived(&world).iter().zip(&arrived(&more)) {
            assert!(more_sure.covers(sure) && more_all.covers(all), "seed {seed}");
        }
    }
}

#[test]
fn halves_of_everything_are_everything() {
    for (seed, world) in worlds() {
        let mut halves = world.clone();
        for thing in &mut halves.nodes {
            if let Thing::Router { routes } = thing {
                // A longer prefix hides a shorter one only where it is wider elsewhere: both halves exist, or neither.
                let split = |hop: Hop| match hop.bits {
                    0 => vec![Hop { bits: 1, ..hop.clone() }, Hop { bits: 1, first: 8, ..hop }],
                    _ => vec![hop],
                };
                if !routes.iter().any(|hop| hop.bits == 1) {
                    *routes = std::mem::take(routes).into_iter().flat_map(split).collect();
                }
            }
            if let Thing::Filter { rules, .. } = thing {
                let half = |law: &Law, first| {
                    let about = About { source: Who::From(first, first + 7), ..law.about.clone() };
                    Law { about, ..law.clone() }
                };
                let split = |law: Law| match law.about.source {
                    Who::Anybody => vec![half(&law, 0), half(&law, 8)],
                    Who::From(..) | Who::Group(_) => vec![law],
                };
                *rules = std::mem::take(rules).into_iter().flat_map(split).collect();
            }
        }
        assert!(is_same(&arrived(&world), &arrived(&halves)), "seed {seed}");
    }
}

#[test]
fn another_network_beside_it_changes_nothing() {
    for (seed, world) in worlds() {
        let mut wider = world.clone();
        let at = wider.nodes.len();
        wider.nodes.push(Thing::Host { addresses: vec![3, 4], ways: vec![Way { to: at + 1, maybe: false }] });
        wider.nodes.push(Thing::Router {
            routes: vec![Hop { first: 0, bits: 0, next: To::Node(at), maybe: false }],
        });
        let found = arrived(&wider);
        assert!(is_same(&arrived(&world), &found[..at]), "seed {seed}");
        assert!(found[at..].iter().all(|(_, all)| all.is_empty()), "seed {seed}");
    }
}

#[test]
fn the_order_in_which_nodes_are_written_changes_nothing() {
    for (seed, world) in worlds() {
        let last = world.nodes.len() - 1;
        // Everything but the origin changes its place.
        let moved = |at: usize| if at == 0 { 0 } else { last + 1 - at };
        let mut turned = world.clone();
        turned.nodes[1..].reverse();
        for thing in &mut turned.nodes {
            rename(thing, moved);
        }
        for group in &mut turned.groups {
            for node in &mut group.nodes {
                *node = moved(*node);
            }
        }
        let mut found = arrived(&turned);
        found[1..].reverse();
        assert!(is_same(&arrived(&world), &found), "seed {seed}");
    }
}

fn rename(thing: &mut Thing, moved: impl Fn(usize) -> usize) {
    match thing {
        Thing::Router { routes } => {
            for hop in routes {
                match &mut hop.next {
                    To::Node(node) => *node = moved(*node),
                    To::OneOf(nodes) => nodes.iter_mut().for_each(|node| *node = moved(*node)),
                    To::Here | To::Nowhere => {}
                }
            }
        }
        Thing::Translator { rewrites, ways } => {
            for way in ways {
                way.to = moved(way.to);
            }
            for (.., way) in rewrites.iter_mut().flat_map(|change| &mut change.targets) {
                way.to = moved(way.to);
            }
        }
        Thing::Host { ways, .. } | Thing::Filter { ways, .. } | Thing::Link { ways, .. } => {
            for way in ways {
                way.to = moved(way.to);
            }
        }
    }
}

#[test]
fn circles_of_routes_and_translations_end() {
    let mut draft = Draft::new();
    let from = draft.host("from", Host::at(nets("10.0.0.1/32")));
    let (one, other) = (draft.router("one"), draft.router("other"));
    let (nat, back) = (draft.translator("nat"), draft.translator("back"));
    let to = draft.host("to", Host::at(nets("10.9.0.1/32")));
    draft.connect(from, one);
    draft.route(one, Route::to(net("0.0.0.0/0"), other));
    draft.route(other, Route::to(net("0.0.0.0/0"), one));
    draft.route(other, Route::to(net("10.8.0.0/16"), nat));
    let target = |net, next| Target::to(nets(net), Edge::to(next));
    let source = |net| NewSource::any_of(nets(net));
    let there = Rewrite::destination("there", Match::all(), [target("10.7.0.0/16", back)]);
    draft.rewrite(nat, there.with_source(source("10.1.0.0/16")));
    let again = [target("10.8.0.0/16", one), target("10.9.0.0/24", to)];
    draft
        .rewrite(back, Rewrite::destination("again", Match::all(), again).with_source(source("10.2.0.0/16")));
    let network = draft.build().unwrap();
    let reach = Question::of(&network).from(from);
    assert!(reach.len() < 100);
    assert!(matches!(reach.to(to), Answer::Reached(_)));
}

/// A filter with one rule for each of so many sources, in front of a database.
fn long_filter(rules: u32) -> (Draft, NodeId, NodeId) {
    let mut draft = Draft::new();
    let internet = draft.internet("internet");
    let filter = draft.filter("long");
    let database = draft.host("database", Host::at(nets("203.0.114.7/32")));
    draft.route(internet, Route::to(net("203.0.114.7/32"), filter));
    draft.connect(filter, database);
    for number in 0..rules {
        let source = std::net::Ipv4Addr::from_bits((20 << 24) + number * 2);
        let from = net(&format!("{source}/32"));
        let port = u16::try_from(number % 50_000).unwrap();
        draft.rule(filter, Rule::allow(number.to_string(), Match::all().from(from).by([Service::tcp(port)])));
    }
    (draft, internet, database)
}

#[test]
fn a_filter_with_a_hundred_thousand_rules_is_answered_exactly() {
    let (draft, internet, database) = long_filter(100_000);
    let network = draft.build().unwrap();
    let reach = Question::of(&network).from(internet);
    assert!(reach.gaps().is_empty());
    assert_eq!(reach.arrivals(database).count(), 100_000);
}

#[test]
fn what_would_take_too_much_is_undecided_and_names_the_node() {
    let (mut draft, internet, database) = long_filter(1_000);
    let beside = draft.host("beside", Host::at(nets("203.0.114.8/32")));
    draft.route(internet, Route::to(net("203.0.114.8/32"), beside));
    let island = draft.host("island", Host::at(nets("203.0.114.9/32")));
    let network = draft.build().unwrap();
    let limits = Limits { pieces_per_node_max: 100, pieces_max: 1_000_000 };
    let reach = Question::of(&network).within(limits).from(internet);
    let Answer::Undecided(gaps) = reach.to(database) else { panic!() };
    assert_eq!(gaps[0].reason.doubt, Doubt::TooMany);
    assert_eq!(gaps[0].reason.place, "long");
    assert!(matches!(reach.to(beside), Answer::Reached(_)));
    assert!(matches!(reach.to(island), Answer::NoPath));
}

#[test]
fn more_boxes_than_are_worked_out_are_undecided_and_not_empty() {
    let (mut draft, internet, database) = long_filter(1);
    let filter = draft.filter("product");
    draft.route(internet, Route::to(net("203.0.114.0/24"), filter));
    draft.connect(filter, database);
    let hosts = |first: u32| {
        let host = |number: u32| std::net::Ipv4Addr::from_bits((first << 24) + number * 2).into();
        Addresses::from_hosts((0..1_100).map(host))
    };
    draft.rule(filter, Rule::allow("product", Match::all().from(hosts(20)).to(hosts(30))));
    let beside = draft.host("beside", Host::at(nets("203.0.114.8/32")));
    draft.connect(filter, beside);
    let network = draft.build().unwrap();
    assert!(matches!(Question::of(&network).from(internet).to(beside), Answer::Undecided(_)));
}
