//! The interpreter and the product about the same packets.

use crate::claims::{self, Claim};
use crate::corpus;
use crate::fact::{Fact, Net, Packet};
use crate::random::{Choices, sheet};
use crate::world::World;
use crate::written::Layout;
use site::model::Model;
use site::plan::Plan;
use site::reach::Question;

/// How many packets were decided each way: yes, no, maybe, and beyond what the interpreter follows.
#[derive(Clone, Copy, Debug, Default)]
struct Tally {
    between: [usize; 4],
    from_internet: [usize; 4],
    to_internet: [usize; 4],
}

impl Tally {
    fn all(&self) -> [usize; 4] {
        std::array::from_fn(|at| self.between[at] + self.from_internet[at] + self.to_internet[at])
    }
}

fn place(fact: Fact) -> usize {
    match fact {
        Fact::Yes => 0,
        Fact::No => 1,
        Fact::Maybe => 2,
        Fact::Beyond => 3,
    }
}

/// Whether what is said of a packet fits what happens to it. Where not all addresses are known, rules that name groups can
/// be told as a maybe: the packet has an address that a member of the group may have.
fn fits(fact: Fact, claim: Claim, known: bool) -> bool {
    match fact {
        Fact::Yes => claim == Claim::Sure || (!known && claim == Claim::Perhaps),
        Fact::No => claim == Claim::Never || (!known && claim == Claim::Perhaps),
        Fact::Maybe => matches!(claim, Claim::Perhaps | Claim::Lost),
        Fact::Beyond => true,
    }
}

/// One plan under comparison.
struct Trial<'a> {
    name: &'a str,
    world: World,
    model: Model,
    choices: Choices,
    tally: Tally,
    differences: Vec<String>,
}

impl<'a> Trial<'a> {
    fn of(name: &'a str, plan: &Plan, seed: u64) -> Self {
        let world = World::of(&plan.resources);
        let model = Model::draw(None, std::slice::from_ref(plan)).unwrap();
        Self {
            name,
            world,
            model,
            choices: Choices::new(seed),
            tally: Tally::default(),
            differences: Vec::new(),
        }
    }

    fn run(&mut self, packets: usize) {
        let hosts: Vec<String> = self.world.hosts.keys().cloned().collect();
        for from in &hosts {
            self.between(from, &hosts, packets);
            if self.model.find("internet").is_some() {
                self.to_internet(from, packets.div_ceil(2));
            }
        }
        if self.model.find("internet").is_some() {
            self.from_internet(&hosts, packets);
        }
    }

    /// The address of a host, or one that it may have.
    fn address(&mut self, host: &str) -> Option<u32> {
        let host = &self.world.hosts[host];
        let of_subnet = host.subnet.one().and_then(|subnet| self.world.subnets[subnet].net);
        let within = |net: Net| net.at(16 + u32::try_from(self.choices.below(8)).unwrap());
        host.address.or_else(|| of_subnet.map(within))
    }

    fn between(&mut self, from: &str, hosts: &[String], packets: usize) {
        let mut asked: Vec<(&str, Packet)> = Vec::new();
        for to in hosts.iter().filter(|to| *to != from) {
            for _ in 0..packets {
                let (Some(source), Some(destination)) = (self.address(from), self.address(to)) else {
                    continue;
                };
                asked.push((to, self.choices.packet(source, destination)));
            }
        }
        let reach = Question::of(&self.model.network).from(claims::node(&self.model, from));
        let claim =
            |(to, packet): &(&str, Packet)| claims::whole(&reach, claims::node(&self.model, to), *packet);
        let said: Vec<Claim> = asked.iter().map(claim).collect();
        for ((to, packet), claim) in asked.into_iter().zip(said) {
            let fact = self.world.between(from, to, packet);
            self.tally.between[place(fact)] += 1;
            self.compare((from, to), packet, (fact, claim));
        }
    }

    fn from_internet(&mut self, hosts: &[String], packets: usize) {
        let mut asked: Vec<(&str, Packet)> = Vec::new();
        for to in hosts {
            let Some(destination) = self.world.hosts[to].address else { continue };
            for _ in 0..packets {
                let source = self.choices.public();
                asked.push((to, self.choices.packet(source, destination)));
            }
        }
        let reach = Question::of(&self.model.network).from(claims::node(&self.model, "internet"));
        let claim = |(to, packet): &(&str, Packet)| {
            claims::from_internet(&reach, claims::node(&self.model, to), *packet)
        };
        let said: Vec<Claim> = asked.iter().map(claim).collect();
        for ((to, packet), claim) in asked.into_iter().zip(said) {
            let fact = self.world.from_internet(to, packet);
            self.tally.from_internet[place(fact)] += 1;
            self.compare(("internet", to), packet, (fact, claim));
        }
    }

    fn to_internet(&mut self, from: &str, packets: usize) {
        let Some(source) = self.world.hosts[from].address else { return };
        for _ in 0..packets {
            let destination = self.choices.public();
            let packet = self.choices.packet(source, destination);
            let claim = claims::to_internet(&self.model, from, packet);
            let fact = self.world.to_internet(from, packet);
            self.tally.to_internet[place(fact)] += 1;
            self.compare((from, "internet"), packet, (fact, claim));
        }
    }

    fn compare(&mut self, (from, to): (&str, &str), packet: Packet, (fact, claim): (Fact, Claim)) {
        let known = self.world.hosts.values().all(|host| host.address.is_some());
        if !fits(fact, claim, known) {
            let text = packet.text();
            self.differences
                .push(format!("{}: {from} to {to}, {text}: traced {fact:?}, computed {claim:?}", self.name));
        }
    }
}

fn add(all: &mut Tally, one: Tally) {
    for (all, one) in [
        (&mut all.between, one.between),
        (&mut all.from_internet, one.from_internet),
        (&mut all.to_internet, one.to_internet),
    ] {
        all.iter_mut().zip(one).for_each(|(all, one)| *all += one);
    }
}

/// Random stacks under comparison, and how their packets were decided.
fn stacks(seeds: std::ops::Range<u64>, open: bool) -> Tally {
    let mut tally = Tally::default();
    for seed in seeds {
        let plan = sheet(seed, open).plan(Layout::Root);
        let name = format!("stack {seed}");
        let mut trial = Trial::of(&name, &plan, seed);
        trial.run(8);
        assert!(
            trial.differences.is_empty(),
            "{} differ, as {:#?}",
            trial.differences.len(),
            &trial.differences[..trial.differences.len().min(12)]
        );
        add(&mut tally, trial.tally);
    }
    println!("{tally:?}");
    tally
}

#[test]
fn packets_in_stacks_of_which_all_is_known_go_where_the_computed_sets_say() {
    let tally = stacks(0..16, false);
    let [yes, no, maybe, beyond] = tally.all();
    assert_eq!(maybe, 0, "of these stacks everything is known");
    assert!(yes > 1_000 && no > 4_000, "too few were decided: {tally:?}");
    assert!(beyond * 20 < yes + no, "too many were not followed: {tally:?}");
    for part in [tally.between, tally.from_internet, tally.to_internet] {
        assert!(part[0] > 50 && part[1] > 100, "one direction is not tried: {tally:?}");
    }
}

#[test]
fn packets_in_stacks_of_which_some_is_open_are_never_decided_by_the_computed_sets_alone() {
    let tally = stacks(1_000..1_014, true);
    let [yes, no, maybe, beyond] = tally.all();
    assert!(yes > 500 && no > 2_000 && maybe > 300, "too few of one kind: {tally:?}");
    assert!(beyond * 10 < yes + no + maybe, "too many were not followed: {tally:?}");
}

#[test]
fn packets_in_real_plans_go_where_the_computed_sets_say() {
    let plans = corpus::plans();
    if plans.is_empty() {
        println!("the corpus of plans is not here: nothing was compared");
        return;
    }
    let (mut tally, mut differences) = (Tally::default(), Vec::new());
    for (seed, (name, mut plan)) in (0..).zip(plans) {
        corpus::probe(&mut plan, 8);
        let mut trial = Trial::of(&name, &plan, seed);
        trial.run(40);
        println!("{name} {:?}", trial.tally.all());
        add(&mut tally, trial.tally);
        differences.append(&mut trial.differences);
    }
    println!("{tally:?}");
    assert!(
        differences.is_empty(),
        "{} differ, as {:#?}",
        differences.len(),
        &differences[..differences.len().min(40)]
    );
    let [yes, no, maybe, _] = tally.all();
    assert!(yes > 400 && no > 3_000 && maybe > 4_000, "too few of one kind: {tally:?}");
}
