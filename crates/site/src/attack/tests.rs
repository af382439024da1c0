//! Chains on random networks against a naive search over all pairs of machines, and single ones drawn by hand.

use super::facts::Facts;
use super::find::{entry_cost, ways};
use super::graph::{Cost, Graph};
use super::stance::{Stand, has_in_hand, stands};
use super::store::stores;
use super::weakness::Rank;
use super::{Assumption, Limits, Stance, find};
use crate::description::{Site, read};
use crate::model::{Model, Sketch, Thing};
use crate::network::{
    Edge, Group, Host, Known, Match, NodeId, Party, Reason, ReasonId, Rewrite, Route, Rule, Service, Target,
};
use crate::packet::Addresses;
use crate::reach::{Answer, Question};
use base::{Entropy, SeededEntropy};
use jiff::civil::{Date, date};
use std::collections::{BTreeMap, BTreeSet};
use std::fmt::Write;

const TODAY: Date = date(2026, 11, 22);

const UNBOUNDED: Limits = Limits {
    chains_per_pair_max: 10_000,
    chains_max: 1_000_000,
    legs_max: 100,
    steps_per_pair_max: 1_000_000,
    steps_max: 100_000_000,
    runs_max: 10_000,
    leads_max: 1_000_000,
};

struct Choices(SeededEntropy);

impl Choices {
    fn below(&mut self, end: usize) -> usize {
        let mut bytes = [0; 8];
        self.0.fill(&mut bytes).unwrap();
        usize::try_from(u64::from_le_bytes(bytes) % u64::try_from(end).unwrap()).unwrap()
    }

    fn of<'t>(&mut self, all: &[&'t str]) -> &'t str {
        all[self.below(all.len())]
    }
}

/// A description of some machines with attributes by chance.
fn described(choices: &mut Choices, count: usize) -> String {
    let mut text = String::from("format: akashi-site/1\nfacility: { name: f }\nzones:\n");
    for zone in ["a", "b"] {
        let kind = choices.of(&["information", "medical", "vendor"]);
        let isolated = choices.of(&["", ", isolated: yes", ", isolated: no"]);
        writeln!(text, "  - {{ id: {zone}, kind: {kind}{isolated} }}").unwrap();
    }
    text.push_str("nodes:\n");
    for at in 0..count {
        let kind = choices.of(&["terminal", "server", "server"]);
        let zone = choices.of(&["a", "b"]);
        let password = choices.of(&["", ", default_password: yes", ", default_password: no"]);
        let portable = choices.of(&["", "", ", portable: yes"]);
        let factors = choices.of(&[
            "",
            ", sign_in: { two_factors: yes, shared_accounts: no }",
            ", sign_in: { two_factors: no, shared_accounts: no }",
        ]);
        let by = choices.of(&["", ", administered_by: [facility]"]);
        let support = choices.of(&["", ", software: [{ name: s, supported: yes }], patched_on: 2026-11-01"]);
        writeln!(
            text,
            "  - {{ id: n{at}, kind: {kind}, zones: [{zone}]{password}{portable}{factors}{by}{support} }}"
        )
        .unwrap();
    }
    text
}

/// Machines round one router, each behind a filter with rules by chance: by address, by group, maybe.
fn drawn(choices: &mut Choices, count: usize) -> Model {
    let mut sketch = Sketch::new();
    let router = sketch.draft.router("router");
    let reason = sketch.draft.reason(Reason::attribute("x", "y"));
    let group = sketch.draft.group(Group::default());
    let net = |at: usize| -> ipnet::IpNet { format!("10.0.0.{at}/32").parse().unwrap() };
    let mut hosts = Vec::new();
    for at in 0..count {
        let relays = [Known::Yes, Known::Yes, Known::No, Known::Undecided(reason)][choices.below(4)];
        let mut host = Host::at(net(at)).relaying(relays);
        if choices.below(3) == 0 {
            host = host.holding("clinical-record");
        }
        let node = sketch.draft.host(format!("n{at}").as_str(), host);
        sketch.stands_for(node, Thing::Device(format!("n{at}")));
        sketch
            .draft
            .edge(node, if choices.below(8) == 0 { Edge::maybe(router, reason) } else { Edge::to(router) });
        if choices.below(3) == 0 {
            sketch.draft.join(group, node);
        }
        hosts.push(node);
    }
    let internet = sketch.internet();
    sketch.draft.route(internet, Route::to("10.0.0.0/24".parse().unwrap(), router));
    for (at, host) in hosts.into_iter().enumerate() {
        let filter = sketch.draft.filter(format!("before n{at}").as_str());
        for rule in 0..choices.below(6) {
            let source: Party = match choices.below(6) {
                0 => group.into(),
                1 => Party::Addresses(Addresses::public()),
                _ => net(choices.below(count)).into(),
            };
            let matching = Match::all().from(source).by([Service::tcp(443)]);
            let name = format!("rule {rule} of n{at}");
            let rule =
                if choices.below(5) == 0 { Rule::deny(name, matching) } else { Rule::allow(name, matching) };
            sketch.draft.rule(filter, if choices.below(4) == 0 { rule.maybe(reason) } else { rule });
        }
        sketch.draft.connect(filter, host);
        sketch.draft.route(router, Route::to(net(at), filter));
    }
    buckets(&mut sketch, choices, router, reason);
    sketch.finish().unwrap()
}

/// Buckets behind one filter, each with a door of its own: many of them are alike, others not quite.
fn buckets(sketch: &mut Sketch, choices: &mut Choices, router: NodeId, reason: ReasonId) {
    let public: ipnet::IpNet = "203.0.113.0/24".parse().unwrap();
    let nowhere = || Addresses::from("192.0.0.8/32".parse::<ipnet::IpNet>().unwrap());
    let endpoint = sketch.draft.filter("endpoint");
    sketch.draft.rule(endpoint, Rule::allow("endpoint", Match::all()));
    sketch.draft.route(router, Route::to(public, endpoint));
    let internet = sketch.internet();
    if choices.below(3) == 0 {
        sketch.draft.route(internet, Route::to(public, endpoint));
    }
    for at in 0..choices.below(8) {
        let kind = choices.of(&["aws_s3_bucket", "aws_s3_bucket", "aws_rds_cluster"]);
        let host = Host::at(nowhere()).holding("image").relaying(Known::No);
        let bucket = sketch.draft.host(format!("bucket {at}").as_str(), host);
        sketch.stands_for(bucket, Thing::resource(0, &format!("{kind}.b{at}")));
        let door = sketch.draft.translator(format!("door {at}").as_str());
        let port = [443, 443, 80][choices.below(3)];
        let next = if choices.below(4) == 0 { Edge::maybe(bucket, reason) } else { Edge::to(bucket) };
        let from: ipnet::IpNet = ["0.0.0.0/0", "0.0.0.0/0", "10.0.0.0/31"][choices.below(3)].parse().unwrap();
        let matching = Match::all().from(from).by([Service::tcp(port)]);
        let rewrite = Rewrite::destination(format!("door {at}"), matching, [Target::to(nowhere(), next)]);
        sketch.draft.rewrite(door, if choices.below(6) == 0 { rewrite.maybe(reason) } else { rewrite });
        sketch.draft.connect(endpoint, door);
        if choices.below(6) == 0 {
            sketch.draft.route(internet, Route::to(public, door));
        }
    }
}

/// A chain as the naive search sees it: at each machine how likely what is assumed there is, and how many legs are in doubt.
#[derive(Clone, Debug)]
struct Naive {
    nodes: Vec<NodeId>,
    ranks: BTreeMap<NodeId, Rank>,
    doubts: usize,
    cost: Cost,
}

impl Naive {
    fn makes_superfluous(&self, other: &Self) -> bool {
        self.nodes != other.nodes
            && self.doubts <= other.doubts
            && self
                .ranks
                .iter()
                .all(|(node, rank)| other.ranks.get(node).is_some_and(|theirs| rank <= theirs))
    }
}

struct Walk<'a> {
    facts: &'a Facts<'a>,
    /// Between which machines packets arrive, and whether for certain.
    leads: BTreeMap<(NodeId, NodeId), bool>,
    hosts: Vec<NodeId>,
    found: Vec<Naive>,
}

impl Walk<'_> {
    fn lead(&self, from: NodeId, to: NodeId) -> Option<bool> {
        match Question::of(&self.facts.model.network).from(from).to(to) {
            Answer::Reached(reached) => Some(reached.decided),
            Answer::NoPath => None,
            Answer::Undecided(gaps) => panic!("{gaps:?}"),
        }
    }

    fn walk(&mut self, at: NodeId, stand: &Stand, store: NodeId, way: &Naive) {
        let relays = self.facts.model.network.host(at).map_or(Known::Yes, |host| host.relays);
        if relays == Known::No {
            return;
        }
        let seat = if way.nodes.is_empty() { stand.seat.clone() } else { self.facts.seat(at) };
        for next in self.hosts.clone() {
            if next == stand.node || way.nodes.contains(&next) {
                continue;
            }
            let Some(decided) = self.leads.get(&(at, next)) else { continue };
            let mut way = way.clone();
            way.nodes.push(next);
            let weakness = self.facts.weakness(&seat, next);
            let is_sure = *decided && relays == Known::Yes;
            way.ranks.insert(next, weakness.rank());
            way.doubts += usize::from(!is_sure);
            way.cost = way.cost.with(Cost::of(&weakness, is_sure, false));
            if next == store {
                self.found.push(way);
            } else {
                self.walk(next, stand, store, &way);
            }
        }
    }
}

/// All minimal chains: stance and machines, with what each costs.
fn naive(facts: &Facts<'_>, site: &Site) -> BTreeMap<(usize, Vec<NodeId>), Cost> {
    let hosts: Vec<NodeId> = facts.model.network.hosts().map(|(node, _)| node).collect();
    let mut walk = Walk { facts, leads: BTreeMap::new(), hosts: hosts.clone(), found: Vec::new() };
    let stands = stands(facts, Some(site));
    let begins: BTreeSet<NodeId> =
        hosts.iter().copied().chain(stands.iter().map(|stand| stand.node)).collect();
    for from in begins {
        for &to in &hosts {
            if let Some(decided) = walk.lead(from, to) {
                walk.leads.insert((from, to), decided);
            }
        }
    }
    let mut found = BTreeMap::new();
    for (at, stand) in stands.iter().enumerate() {
        if has_in_hand(facts, stand) {
            found.insert((at, Vec::new()), entry_cost(stand));
        }
        for &store in stores(facts).keys().filter(|store| **store != stand.node) {
            walk.found.clear();
            let cost = entry_cost(stand);
            let way = Naive { nodes: Vec::new(), ranks: BTreeMap::new(), doubts: 0, cost };
            walk.walk(stand.node, stand, store, &way);
            let all = &walk.found;
            let minimal = all.iter().filter(|way| !all.iter().any(|other| other.makes_superfluous(way)));
            found.extend(minimal.map(|way| ((at, way.nodes.clone()), way.cost)));
        }
    }
    found
}

#[test]
fn chains_are_those_that_a_search_over_all_pairs_of_machines_finds() {
    let (mut chains, mut pivots, mut alike) = (0, 0, 0);
    for seed in 0..400 {
        let mut choices = Choices(SeededEntropy::new(seed));
        let count = 3 + choices.below(5);
        let text = described(&mut choices, count);
        let site = read("site.yaml", &text).unwrap();
        let model = drawn(&mut choices, count);
        let facts = Facts::new(&model, Some(&site), TODAY);
        let stands = stands(&facts, Some(&site));
        let (graph, places) = Graph::new(&facts, &stands, UNBOUNDED, &BTreeSet::new(), &[]);
        let (found, more) = ways(&graph, &stands, &places, UNBOUNDED);
        assert!(!more, "seed {seed}");
        let set: BTreeMap<(usize, Vec<NodeId>), Cost> =
            found.iter().map(|way| ((way.stand, way.nodes.clone()), way.cost)).collect();
        assert_eq!(set, naive(&facts, &site), "seed {seed}\n{text}");
        assert_eq!(set.len(), found.len(), "seed {seed}");
        chains += set.len();
        alike += graph.stores.keys().filter(|store| graph.walked(**store) != **store).count();
        pivots += set.keys().filter(|(_, nodes)| nodes.len() > 1).count();
        let sorted = |pair: &[super::tell::Way]| pair.windows(2).all(|two| two[0].cost <= two[1].cost);
        assert!(found.chunk_by(|one, next| one.nth < next.nth).all(sorted), "seed {seed}");
        assert!(found.iter().all(|way| way.cost >= entry_cost(&stands[way.stand])), "seed {seed}");
    }
    assert!(chains > 800 && pivots > 300 && alike > 100, "{chains} {pivots} {alike}");
}

#[test]
fn what_is_told_is_the_same_on_every_run() {
    for seed in 0..20 {
        let draw = || {
            let mut choices = Choices(SeededEntropy::new(seed));
            let text = described(&mut choices, 6);
            let site = read("site.yaml", &text).unwrap();
            let model = drawn(&mut choices, 6);
            find(&model, Some(&site), TODAY)
        };
        assert_eq!(draw(), draw(), "seed {seed}");
    }
}

/// A bucket that the internet reaches, and behind a line that nobody described a database.
fn cloud() -> Model {
    let mut sketch = Sketch::new();
    let internet = sketch.internet();
    let bucket = Host::at("8.8.0.1/32".parse::<ipnet::IpNet>().unwrap()).relaying(Known::No);
    let bucket = sketch.draft.host("aws_s3_bucket.records", bucket.holding(super::UNCLASSIFIED));
    sketch.stands_for(bucket, Thing::resource(0, "aws_s3_bucket.records"));
    sketch.draft.route(internet, Route::to("8.8.0.1/32".parse().unwrap(), bucket));
    let inside = sketch.draft.router("subnet");
    let database = Host::at("10.0.0.5/32".parse::<ipnet::IpNet>().unwrap()).holding("image");
    let database = sketch.draft.host("aws_db_instance.main", database);
    sketch.stands_for(database, Thing::resource(0, "aws_db_instance.main"));
    sketch.draft.route(inside, Route::to("10.0.0.5/32".parse().unwrap(), database));
    sketch.handoffs.push(crate::model::Handoff {
        plan: 0,
        address: "aws_vpn_connection.main".to_owned(),
        out: None,
        into: inside,
        joined: false,
    });
    sketch.finish().unwrap()
}

#[test]
fn what_a_policy_opens_to_everybody_needs_nothing_else() {
    let model = cloud();
    let found = find(&model, None, TODAY);
    let chain = found.chains.iter().find(|chain| chain.stance == Stance::Internet).unwrap();
    let [leg] = chain.legs.as_slice() else { panic!("{chain:?}") };
    assert_eq!((leg.assumption, leg.said, chain.decided), (Assumption::Reachable, true, true));
    assert!(
        leg.because.en.ends_with("It is not said what lies on aws_s3_bucket.records."),
        "{:?}",
        leg.because
    );
}

#[test]
fn from_beyond_a_line_that_nobody_described_chains_are_undecided() {
    let model = cloud();
    let found = find(&model, None, TODAY);
    let chain = found.chains.iter().find(|chain| chain.stance == Stance::Undescribed).unwrap();
    assert_eq!((chain.to.as_str(), chain.decided), ("aws_db_instance.main", false));
    assert!(chain.reasons.iter().any(|reason| reason.en.contains("what lies beyond it")));
    assert!(chain.legs.iter().all(|leg| !leg.said));
}

#[test]
fn what_is_anonymised_or_not_of_patients_is_no_store() {
    use crate::description::DataClass;
    let stores: Vec<&str> = DataClass::ALL
        .iter()
        .map(|class| class.word())
        .filter(|class| super::is_patient_data(class))
        .collect();
    assert!(stores.contains(&"clinical-record") && stores.contains(&"pseudonymised"));
    for other in ["anonymised", "staff", "credentials", "configuration", "logs", "other"] {
        assert!(!stores.contains(&other), "{other}");
    }
    assert!(super::is_patient_data(super::UNCLASSIFIED));
}
