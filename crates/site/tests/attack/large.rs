//! Large networks: thousands of machines from which one could go on, told apart only where that matters. Anything quadratic
//! would take minutes here.

use site::attack::{Assumption, Attacks, Stance, find};
use site::model::{Model, Sketch};
use site::network::{Group, Host, Match, NodeId, Placement, Reason, Route, Rule, Service};
use site::packet::Addresses;

fn net(text: &str) -> ipnet::IpNet {
    text.parse().unwrap()
}

fn attacks(sketch: Sketch) -> Attacks {
    let model: Model = sketch.finish().unwrap();
    find(&model, None, jiff::civil::date(2026, 11, 22))
}

/// A database behind a group of two machines that the internet reaches, with addresses that every tenant has.
fn tenant(sketch: &mut Sketch, internet: NodeId, at: usize) {
    let range = net("10.0.0.0/24");
    let draft = &mut sketch.draft;
    let subnet = draft.router(format!("subnet {at}").as_str());
    let group = draft.group(Group::default());
    let front = ipnet::IpNet::from(std::net::IpAddr::from(std::net::Ipv4Addr::from(
        0x0800_0000 + u32::try_from(at).unwrap(),
    )));
    let reason = draft.reason(Reason::address("subnet"));
    let door = draft.filter(format!("door {at}").as_str());
    draft.rule(door, Rule::allow("https", Match::all().by([Service::tcp(443)])));
    for number in 0..2 {
        let web = draft.host(format!("web {at} {number}").as_str(), Host::at(front));
        draft.connect(web, subnet);
        draft.connect(door, web);
        draft.join(group, web);
    }
    draft.route(internet, Route::to(front, door));
    let held = Host::new(Placement::Within(Addresses::from(range), reason)).holding("clinical-record");
    let database = draft.host(format!("database {at}").as_str(), held);
    let guard = draft.filter(format!("guard {at}").as_str());
    draft.rule(guard, Rule::allow("from web", Match::all().from(group).by([Service::tcp(5432)])));
    draft.connect(guard, database);
    draft.connect(database, subnet);
    draft.route(subnet, Route::to(range, guard));
}

#[test]
fn of_two_thousand_tenants_each_is_seen_with_its_own_database_only() {
    let mut sketch = Sketch::new();
    let internet = sketch.internet();
    for at in 0..2_000 {
        tenant(&mut sketch, internet, at);
    }
    let found = attacks(sketch);
    assert!(found.more && found.chains.len() == 400);
    for chain in &found.chains {
        assert_eq!(chain.stance, Stance::Internet);
        let machines: Vec<&str> = chain.legs.iter().map(|leg| leg.to.as_str()).collect();
        let (tenant, _) = machines[0].strip_prefix("web ").unwrap().split_once(' ').unwrap();
        assert_eq!(machines[1], format!("database {tenant}"));
        assert!(chain.legs.iter().all(|leg| leg.assumption == Assumption::NoSecondFactor && !leg.said));
    }
}

#[test]
fn thousands_of_machines_with_known_addresses_in_one_network_are_looked_at_together() {
    let mut sketch = Sketch::new();
    let internet = sketch.internet();
    let lan = sketch.draft.router("lan");
    for at in 0..4_000_u32 {
        let address = std::net::Ipv4Addr::from(0x0800_0000 + at);
        let prefix = ipnet::IpNet::from(std::net::IpAddr::from(address));
        let mut host = Host::at(prefix);
        if at == 7 {
            host = host.holding("image");
        }
        let node = sketch.draft.host(format!("pc {at}").as_str(), host);
        sketch.draft.connect(node, lan);
        sketch.draft.route(lan, Route::to(prefix, node));
    }
    sketch.draft.route(internet, Route::to(net("8.0.0.0/8"), lan));
    let found = attacks(sketch);
    let [chain] = found.chains.as_slice() else { panic!("{}", found.chains.len()) };
    assert_eq!((chain.to.as_str(), chain.legs.len()), ("pc 7", 1));
}

#[test]
fn a_machine_of_many_that_alone_is_let_in_is_found() {
    let mut sketch = Sketch::new();
    let internet = sketch.internet();
    let lan = sketch.draft.router("lan");
    for at in 0..4_000_u32 {
        let address = std::net::Ipv4Addr::from(0x0800_0000 + at);
        let prefix = ipnet::IpNet::from(std::net::IpAddr::from(address));
        let node = sketch.draft.host(format!("pc {at}").as_str(), Host::at(prefix));
        sketch.draft.connect(node, lan);
        sketch.draft.route(lan, Route::to(prefix, node));
    }
    let store = sketch.draft.host("store", Host::at(net("10.9.9.9/32")).holding("image"));
    let guard = sketch.draft.filter("guard");
    sketch.draft.rule(guard, Rule::allow("from one", Match::all().from(net("8.0.0.77/32"))));
    sketch.draft.connect(guard, store);
    sketch.draft.route(lan, Route::to(net("10.9.9.9/32"), guard));
    sketch.draft.route(internet, Route::to(net("8.0.0.0/8"), lan));
    let found = attacks(sketch);
    let chains: Vec<Vec<&str>> =
        found.chains.iter().map(|chain| chain.legs.iter().map(|leg| leg.to.as_str()).collect()).collect();
    assert_eq!(chains, [["pc 77", "store"]]);
}
