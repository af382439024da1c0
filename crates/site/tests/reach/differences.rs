//! The product and the simulator agree on every packet of every network.

use crate::random::{Choices, network};
use crate::simulator::{Found, PORTS, PROTOCOLS, Place, Small, World};
use site::network::{Network, NodeId};
use site::packet::{Cube, Family, PacketSet, Span};
use site::reach::{Answer, Question, Reach, who_can_reach};
use std::collections::BTreeMap;

/// Networks in an ordinary run; `--ignored` compares ten thousand.
const NETWORKS: u64 = 1_000;

#[test]
fn computed_sets_are_what_single_packets_do() {
    let arrived = (0..NETWORKS).filter(|seed| compare(*seed)).count();
    // What says nothing in most networks would show little.
    assert!(arrived > 400, "packets arrive in {arrived} networks only");
}

#[test]
#[ignore = "takes longer than a test should; run it when this room changes"]
fn computed_sets_are_what_single_packets_do_in_ten_thousand_networks() {
    assert!((NETWORKS..NETWORKS + 10_000).filter(|seed| compare(*seed)).count() > 4_000);
}

/// Compares all packets of a network; whether any arrives.
fn compare(seed: u64) -> bool {
    let world = Choices::new(seed).world();
    let (network, ids) = network(&world);
    let simulated = world.simulate(0);
    let reach = Question::of(&network).sending(ids[0], &begin(&network, &world, ids[0]));
    let computed = found(&reach, &ids);
    assert!(reach.gaps().is_empty());
    let missing: Vec<_> = simulated.all.difference(&computed.all).collect();
    let invented: Vec<_> = computed.all.difference(&simulated.all).collect();
    assert!(missing.is_empty() && invented.is_empty(), "seed {seed}: {missing:?}, {invented:?} in {world:?}");
    assert_eq!(computed.sure, simulated.sure, "seed {seed}: {world:?}");
    !simulated.all.is_empty()
}

/// All packets of the small world from an origin's addresses.
fn begin(network: &Network, world: &World, origin: NodeId) -> PacketSet {
    let family = if world.six { Family::V6 } else { Family::V4 };
    let ports = Span::between(0, PORTS - 1);
    let small = |protocol| Cube {
        destination: Span::between(0, 15),
        protocol: Span::one(protocol),
        source_port: ports,
        destination_port: ports,
        ..Cube::all(family)
    };
    PacketSet::from_cubes(PROTOCOLS.map(small)).intersect(&PacketSet::from_sources(&network.sources(origin)))
}

fn found(reach: &Reach<'_>, ids: &[NodeId]) -> Found {
    let numbers: BTreeMap<NodeId, usize> = ids.iter().enumerate().map(|(at, id)| (*id, at)).collect();
    let mut found = Found::default();
    for id in ids {
        for arrival in reach.arrivals(*id) {
            for packet in packets(&arrival.packets()) {
                let (labels, sender) = (arrival.labels(), numbers[&arrival.sender()]);
                let place = Place { node: numbers[id], packet, labels, sender };
                found.all.insert(place);
                if arrival.is_decided() {
                    found.sure.insert(place);
                }
            }
        }
    }
    found
}

fn packets(cube: &Cube) -> Vec<Small> {
    let number = |number: u128| u32::try_from(number).unwrap();
    let mut packets = Vec::new();
    for source in number(cube.source.first())..=number(cube.source.last()) {
        for destination in number(cube.destination.first())..=number(cube.destination.last()) {
            for protocol in cube.protocol.first()..=cube.protocol.last() {
                for source_port in cube.source_port.first()..=cube.source_port.last() {
                    let ports = cube.destination_port.first()..=cube.destination_port.last();
                    packets.extend(ports.map(|port| Small {
                        source,
                        destination,
                        protocol,
                        source_port,
                        port,
                    }));
                }
            }
        }
    }
    packets
}

#[test]
fn paths_exist_exactly_where_something_is_reached() {
    for seed in 0..300 {
        let world = Choices::new(seed).world();
        let (network, ids) = network(&world);
        let question = Question::of(&network);
        let reach = question.from(ids[0]);
        let paths = question.paths(ids[0], ids[1], 50);
        let reached = matches!(reach.to(ids[1]), Answer::Reached(_));
        // A way that passes a node twice is no path; whoever sees all paths and none of them may still be reached by one.
        assert!(paths.paths.is_empty() || reached, "seed {seed}");
        for path in &paths.paths {
            let nodes: Vec<NodeId> = path.hops.iter().map(|hop| hop.node).collect();
            assert_eq!((nodes.first(), nodes.last()), (Some(&ids[0]), Some(&ids[1])), "seed {seed}");
            assert!(nodes.windows(2).all(|pair| network.next(pair[0]).contains(&pair[1])), "seed {seed}");
        }
        assert!(paths.paths.windows(2).all(|pair| pair[0].hops.len() <= pair[1].hops.len()), "seed {seed}");
    }
}

#[test]
fn nothing_is_blocked_on_a_way_that_is_open_and_every_change_is_at_a_node_of_its_way() {
    for seed in 0..300 {
        let world = Choices::new(seed).world();
        let (network, ids) = network(&world);
        let question = Question::of(&network);
        let blocked = question.blocked(ids[0], ids[1], 20);
        let reached = matches!(question.from(ids[0]).to(ids[1]), Answer::Reached(_));
        assert!(!blocked.open || reached, "seed {seed}");
        for route in &blocked.routes {
            assert!(!route.changes.is_empty(), "seed {seed}");
            assert!(route.changes.iter().all(|change| route.nodes.contains(&change.node)), "seed {seed}");
        }
    }
}

#[test]
fn looking_back_from_the_target_finds_whom_looking_forward_finds() {
    for seed in 0..300 {
        let world = Choices::new(seed).world();
        let (network, ids) = network(&world);
        let question = Question::of(&network);
        let hosts: Vec<NodeId> = network.hosts().map(|(node, _)| node).collect();
        let back = who_can_reach(question, ids[1], hosts.iter().copied());
        for host in hosts.into_iter().filter(|host| *host != ids[1]) {
            let forward = match question.from(host).to(ids[1]) {
                Answer::Reached(reached) => Some(reached),
                Answer::NoPath => None,
                Answer::Undecided(gaps) => panic!("seed {seed}: {gaps:?}"),
            };
            let found = back.reached.get(&host);
            assert_eq!(
                found.map(|found| found.decided),
                forward.as_ref().map(|found| found.decided),
                "seed {seed}"
            );
            if let (Some(found), Some(forward)) = (found, forward) {
                assert!(found.packets.is_same(&forward.packets), "seed {seed}");
            }
        }
    }
}
