//! How long a decision takes: the first time, and when it is kept. `cargo run --release -p access --example decisions`
#![expect(clippy::print_stdout, reason = "its figures are for people")]
#![expect(clippy::disallowed_methods, reason = "it measures")]

use access::{Action, Context, Facts, Law, Resource, Who, WhoKind};
use std::collections::BTreeSet;
use std::hint::black_box;
use std::time::{Duration, Instant};

/// Decisions measured one after the other.
const ROUNDS: u32 = 200_000;

fn main() {
    let begun = Instant::now();
    let law = Law::builtin();
    println!("default set read in {:?}", begun.elapsed());
    let who = nurse("n-1");
    let facts = Facts {
        patients: vec!["0193a5b2-7c1e-7000-8000-000000000001".to_owned()],
        labels: vec!["N".to_owned()],
        state: "final".to_owned(),
    };
    let cold: Duration =
        ["Observation", "Condition", "Procedure", "CarePlan", "Goal", "Task", "Flag", "List"]
            .into_iter()
            .map(|kind| timed(|| decided(&law, &who, kind, &facts)))
            .sum();
    println!("decided for the first time: {:?}", cold / 8);
    let warm = timed(|| (0..ROUNDS).for_each(|_| decided(&law, &who, "Observation", &facts)));
    println!("kept: {:?}", warm / ROUNDS);
}

fn timed(work: impl FnOnce()) -> Duration {
    let begun = Instant::now();
    work();
    begun.elapsed()
}

fn decided(law: &Law, who: &Who, kind: &str, facts: &Facts) {
    let on = Resource { facts: Some(facts), author: Some("n-2"), ..Resource::of_kind(kind) };
    let decision = law.decide(black_box(who), Action::READ, &on, &Context::default());
    assert!(black_box(decision).is_ok(), "a nurse reads {kind}");
}

fn nurse(account: &str) -> Who {
    Who {
        kind: WhoKind::Person,
        account: account.to_owned(),
        occupation: Some("nurse"),
        duties: BTreeSet::new(),
        zone: "ward".to_owned(),
        factors: vec!["password", "totp"],
        ..Who::unknown("demo")
    }
}
