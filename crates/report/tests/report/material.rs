//! A moment, an engine, and facts of every kind.

use base::Time;
use guideline::{Engine, Fact, FactOrigin, Facts, Kind, Value, engine};

pub(crate) fn now() -> Time {
    Time::parse("2026-11-22T09:30:00Z").unwrap()
}

pub(crate) fn the_engine() -> Engine {
    engine().unwrap()
}

/// Of every third key something is known; of those every other one is good.
pub(crate) fn some_facts(engine: &Engine) -> Facts {
    facts(engine, 3, |place| place % 2 == 0)
}

/// Of every key something good is known.
pub(crate) fn good_facts(engine: &Engine) -> Facts {
    facts(engine, 1, |_| true)
}

fn facts(engine: &Engine, step: usize, is_good: fn(usize) -> bool) -> Facts {
    let seen = |(place, key): (usize, &guideline::FactKey)| {
        let good = is_good(place);
        let value = match key.kind {
            Kind::YesNo => Value::YesNo(good),
            Kind::Count => Value::Count(if good { 0 } else { 9_999 }),
            Kind::Number => Value::Number(if good { 0.0 } else { 1e9 }),
            Kind::Text => Value::Text(if good { "required" } else { "<none> & \"nothing\"" }.to_owned()),
            Kind::Texts => Value::Texts(vec![if good { "TLS 1.3" } else { "SSL 3.0" }.to_owned()]),
        };
        let how = ("稼働中のシステムに問い合わせた <b>", "looked at <b>");
        let fact = Fact::seen(&key.key, value, now().plus_seconds(-3_600), how);
        if fact.origin == FactOrigin::Runtime { fact.at(base::Position(4_711)) } else { fact }
    };
    let facts: Vec<Fact> = engine.registry.keys().step_by(step).enumerate().map(seen).collect();
    Facts::gather(&engine.registry, facts, now()).unwrap()
}
