//! How long reach takes in a cloud with many tenants. `cargo run --release -p site --example reach`
//!
//! Each tenant stands for 51 resources: a public network with two relays behind an internet gateway, a peering to a network
//! with the record database, and a hospital that comes over a VPN and the hub that all tenants share. Relays open no connections to
//! the internet: with them each would reach the relays of all others, and the answer itself would grow with the square.
#![expect(clippy::print_stdout, reason = "its figures are for people")]
#![expect(clippy::disallowed_methods, reason = "it measures")]

use base::Problem;
use ipnet::{IpNet, Ipv4Net};
use site::network::{
    Carrier, Draft, Edge, Group, Host, Known, Match, Network, NodeId, Protection, Rewrite, Route, Rule,
    Service, Target,
};
use site::reach::{Question, who_can_reach};
use std::collections::BTreeSet;
use std::net::Ipv4Addr;
use std::time::{Duration, Instant};

/// Resources of a tenant.
const RESOURCES: u32 = 51;
/// Most hospitals asked whether they reach others.
const ORIGINS_MAX: usize = 200;

fn main() -> Result<(), Problem> {
    println!(
        "tenants | resources | build | internet | with pivots | isolation | who reaches one database | memory"
    );
    for tenants in [20, 200, 2_000] {
        measure(tenants)?;
    }
    Ok(())
}

fn measure(tenants: u32) -> Result<(), Problem> {
    let (built, cloud) = timed(|| Cloud::new(tenants));
    let cloud = cloud?;
    let question = Question::of(&cloud.network);
    let (direct, reach) = timed(|| question.from(cloud.internet));
    let hosts = reach.nodes().filter(|node| cloud.network.host(*node).is_some()).count();
    let (pivots, runs) = timed(|| pivot(&cloud));
    let (isolation, pieces) = timed(|| {
        let origins = cloud.hospitals.iter().take(ORIGINS_MAX);
        origins.map(|hospital| question.from(*hospital).len()).sum::<usize>()
    });
    let (back, reachers) = timed(|| {
        let all = cloud.network.hosts().map(|(node, _)| node).chain([cloud.internet]);
        cloud.databases.first().map(|database| who_can_reach(question, *database, all))
    });
    let reachers = reachers.map_or((0, 0), |found| (found.reached.len(), found.runs));
    println!(
        "{tenants} | {} | {built:.1?} | {direct:.2?}, {hosts} hosts | {pivots:.1?} ({runs} runs) | {isolation:.1?} ({pieces} pieces) | \
         {back:.1?}, {} of them ({} runs) | {} MB",
        tenants * RESOURCES,
        reachers.0,
        reachers.1,
        peak_memory_kilobytes() / 1024
    );
    Ok(())
}

/// Runs from the internet and from every host that is reached and from which connections can be opened.
fn pivot(cloud: &Cloud) -> usize {
    let question = Question::of(&cloud.network);
    let (mut seen, mut open) = (BTreeSet::from([cloud.internet]), vec![cloud.internet]);
    let mut runs = 0;
    while let Some(origin) = open.pop() {
        runs += 1;
        let reach = question.from(origin);
        let relays = |node: &NodeId| cloud.network.host(*node).is_some_and(|host| host.relays == Known::Yes);
        open.extend(reach.nodes().filter(relays).filter(|node| seen.insert(*node)));
    }
    runs
}

fn timed<T>(what: impl FnOnce() -> T) -> (Duration, T) {
    let begun = Instant::now();
    let result = what();
    (begun.elapsed(), result)
}

/// The most memory that this process had, as Linux counts it.
fn peak_memory_kilobytes() -> u64 {
    let status = std::fs::read_to_string("/proc/self/status").unwrap_or_default();
    let line = status.lines().find_map(|line| line.strip_prefix("VmHWM:"));
    line.and_then(|line| line.split_whitespace().next()?.parse().ok()).unwrap_or(0)
}

struct Cloud {
    network: Network,
    internet: NodeId,
    hospitals: Vec<NodeId>,
    databases: Vec<NodeId>,
}

impl Cloud {
    fn new(tenants: u32) -> Result<Self, Problem> {
        let mut draft = Draft::new();
        let (internet, hub) = (draft.internet("internet"), draft.router("hub"));
        let mut ends = Vec::new();
        for number in 0..tenants {
            ends.push(Tenant { number, internet, hub }.add(&mut draft));
        }
        let (hospitals, databases) = ends.into_iter().unzip();
        Ok(Self { network: draft.build()?, internet, hospitals, databases })
    }
}

struct Tenant {
    number: u32,
    internet: NodeId,
    hub: NodeId,
}

impl Tenant {
    fn add(&self, draft: &mut Draft) -> (NodeId, NodeId) {
        let name = |part: &str| format!("tenant[{}].{part}", self.number);
        let net = |first: u32, step: u32, bits: u8| net(first + self.number * step, bits);
        let (record, ward) = (net((10 << 24) + 256, 512, 24), net(172 << 24 | 16 << 16, 256, 24));
        let public_router = draft.router(name("public").as_str());
        let record_router = draft.router(name("record").as_str());
        let gateway = draft.translator(name("gateway").as_str());

        let relays = draft.group(Group::default());
        let guard = draft.filter(name("relay_group").as_str());
        draft.rule(guard, Rule::allow("https", Match::all().by([Service::tcp(443)])));
        for at in 0..2 {
            let (own, front) = (net((10 << 24) + 10 + at, 512, 32), net((20 << 24) + at, 2, 32));
            let relay = draft.host(name(&format!("relay[{at}]")).as_str(), Host::at(own));
            draft.join(relays, relay);
            draft.connect(relay, public_router);
            draft.connect(guard, relay);
            draft.route(public_router, Route::to(own, guard));
            draft.route(self.internet, Route::to(front, gateway));
            let target = Target::to(own, Edge::to(public_router));
            draft.rewrite(gateway, Rewrite::destination("address", Match::all().to(front), [target]));
        }
        let peering = draft.link(name("peering").as_str(), Carrier::Provider, Protection::Clear);
        draft.connect(peering, record_router);
        draft.route(public_router, Route::to(record, peering));
        let own = net((10 << 24) + 266, 512, 32);
        let database = Host::at(own).holding("records").relaying(Known::No);
        let database = draft.host(name("database").as_str(), database);
        let guard = draft.filter(name("database_group").as_str());
        let postgres = || Match::all().by([Service::tcp(5432)]);
        draft.rule(guard, Rule::allow("relays", postgres().from(relays)));
        draft.rule(guard, Rule::allow("ward", postgres().from(ward)));
        draft.connect(guard, database);
        draft.route(record_router, Route::to(own, guard));

        let hospital = draft.host(name("ward").as_str(), Host::at(ward));
        let there = draft.link(name("vpn").as_str(), Carrier::Internet, Protection::Ipsec);
        let back = draft.link(name("vpn_back").as_str(), Carrier::Internet, Protection::Ipsec);
        draft.connect(hospital, there);
        draft.connect(there, self.hub);
        draft.route(self.hub, Route::to(record, record_router));
        draft.route(self.hub, Route::to(ward, back));
        draft.route(record_router, Route::to(ward, self.hub));
        // What the hospital lets in from the tunnel: nothing of other hospitals.
        let guard = draft.filter(name("ward_firewall").as_str());
        draft.rule(guard, Rule::allow("records", Match::all().from(record)));
        draft.connect(back, guard);
        draft.connect(guard, hospital);
        (hospital, database)
    }
}

fn net(first: u32, bits: u8) -> IpNet {
    IpNet::V4(Ipv4Net::new_assert(Ipv4Addr::from_bits(first), bits))
}
