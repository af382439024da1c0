//! How long an assessment takes: of the whole catalogue, and after one new fact.
//! `cargo run --release -p guideline --example assessment`
#![expect(clippy::print_stdout, reason = "its figures are for people")]
#![expect(clippy::disallowed_methods, reason = "it measures")]

use base::{Problem, Time};
use guideline::{Assessment, Engine, Fact, Facts, Kind, Value, engine};
use std::hint::black_box;
use std::time::{Duration, Instant};

/// Times that each is measured, one after the other.
const ROUNDS: u32 = 20;

fn main() -> Result<(), Problem> {
    let (engine, loaded) = timed(engine);
    let engine = engine?;
    println!("catalogue, registry, checks and templates read: {loaded:?}");
    let now = Time::from_microseconds(0);
    let mut facts = Facts::gather(&engine.registry, known(&engine, now), now)?;
    let (before, first) = timed(|| every_edition(&engine, &facts));
    let before = before?;
    let requirements: usize = before.iter().map(|one| one.verdicts.len()).sum();
    let ((), whole) = timed(|| (0..ROUNDS).for_each(|_| drop(black_box(every_edition(&engine, &facts)))));
    println!(
        "{requirements} requirements of {} editions assessed: {first:?}, then {:?}",
        before.len(),
        whole / ROUNDS
    );
    for (key, value) in [
        ("person.recurrence_prevented", Value::YesNo(false)),
        ("runtime.backup.last_hours", Value::Count(30)),
        ("runtime.audit.every_access", Value::YesNo(false)),
    ] {
        facts.learn(&engine.registry, Fact::seen(key, value, now, ("計測", "a measurement")), now)?;
        let ((), anew) =
            timed(|| (0..ROUNDS).for_each(|_| drop(black_box(again(&engine, &before, &facts, key)))));
        println!("after {key} changed: {:?}", anew / ROUNDS);
    }
    Ok(())
}

fn every_edition(engine: &Engine, facts: &Facts) -> Result<Vec<Assessment>, Problem> {
    engine.catalogue.editions().map(|edition| engine.assess(&edition.id, None, facts)).collect()
}

fn again(
    engine: &Engine,
    before: &[Assessment],
    facts: &Facts,
    key: &str,
) -> Result<Vec<Assessment>, Problem> {
    before.iter().map(|one| engine.reassess(one, facts, [key])).collect()
}

/// A value for every key, so that nothing is decided by what is missing.
fn known(engine: &Engine, now: Time) -> Vec<Fact> {
    let value = |kind| match kind {
        Kind::YesNo => Value::YesNo(true),
        Kind::Count => Value::Count(5),
        Kind::Number => Value::Number(1.0),
        Kind::Text => Value::Text("required".to_owned()),
        Kind::Texts => Value::Texts(vec!["TLS 1.3".to_owned()]),
    };
    engine
        .registry
        .keys()
        .map(|key| Fact::seen(&key.key, value(key.kind), now, ("計測", "a measurement")))
        .collect()
}

fn timed<T>(work: impl FnOnce() -> T) -> (T, Duration) {
    let begun = Instant::now();
    let done = work();
    (done, begun.elapsed())
}
