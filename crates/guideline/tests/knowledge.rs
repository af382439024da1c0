//! Properties over all requirements: what more knowledge may change, and that a part decided anew equals the whole.

#![expect(clippy::unwrap_used, reason = "a test ends at the first thing that is not as it should be")]

use base::Time;
use guideline::{
    Assessed, Engine, Exclusion, Exclusions, Fact, FactKey, Facts, Kind, Known, Moment, Value, Verdict,
    engine,
};
use proptest::prelude::*;

fn now() -> Time {
    Time::parse("2026-04-01T00:00:00Z").unwrap()
}

/// A value of a kind, chosen by a number: good and bad ones, and those at our thresholds.
fn value(kind: Kind, choice: u8) -> Value {
    fn nth<T: Copy>(all: &[T], choice: u8) -> T {
        all.iter().copied().cycle().nth(usize::from(choice)).unwrap()
    }
    match kind {
        Kind::YesNo => Value::YesNo(choice.is_multiple_of(2)),
        Kind::Count => Value::Count(nth(&[0, 1, 3, 7, 8, 13, 24, 30, 31, 48, 365, 9_999], choice)),
        Kind::Number => Value::Number(nth(&[0.0, 1.0, 99.5, 100.0, 1e9], choice)),
        Kind::Text => Value::Text(nth(&["required", "requested", "none"], choice).to_owned()),
        Kind::Texts => Value::Texts(vec![nth(&["TLS 1.3", "TLS 1.2", "SSL 3.0"], choice).to_owned()]),
    }
}

fn seen(key: &FactKey, choice: u8) -> Fact {
    Fact::seen(&key.key, value(key.kind, choice), now(), ("試験", "a test"))
}

/// All keys in an order that follows from a number, each with a choice.
fn shuffled(engine: &Engine, choices: &[u8], order: u64) -> Vec<(FactKey, u8)> {
    let mut keys: Vec<_> = engine.registry.keys().cloned().zip(choices.iter().copied().cycle()).collect();
    keys.sort_by_cached_key(|(key, choice)| {
        let start = order ^ u64::from(*choice);
        key.key.bytes().fold(start, |sum, byte| sum.rotate_left(7) ^ u64::from(byte))
    });
    keys
}

/// What may follow a verdict when more is known.
fn may_become(earlier: &Assessed, later: &Assessed) -> bool {
    match (earlier.verdict, later.verdict) {
        (Verdict::Unknown | Verdict::NeedsAPerson, _) | (Verdict::NotMet, Verdict::Partly) => true,
        // The one contradiction: the facts show that it is done, and a person says that there is no such thing.
        (Verdict::Met, Verdict::NotApplicable) => {
            later.decided_by.is_disjoint(&earlier.decided_by) && !later.decided_by.is_empty()
        }
        (before, after) => before == after,
    }
}

proptest! {
    #![proptest_config(ProptestConfig { cases: 16, failure_persistence: None, ..ProptestConfig::default() })]

    #[test]
    fn more_knowledge_never_unsettles_a_verdict_and_what_is_unknown_never_becomes_good(
        choices in prop::collection::vec(any::<u8>(), 400),
        order in any::<u64>(),
    ) {
        let engine = engine().unwrap();
        let mut facts = Facts::default();
        let decide = |facts: &Facts| -> Vec<Assessed> {
            let known = Known::of(facts);
            engine.catalogue.requirements().map(|one| engine.decide(one, &known)).collect()
        };
        let mut before = decide(&facts);
        for some in shuffled(&engine, &choices, order).chunks(60) {
            for (key, choice) in some {
                facts.learn(&engine.registry, seen(key, *choice), now()).unwrap();
            }
            let after = decide(&facts);
            for (earlier, later) in before.iter().zip(&after) {
                prop_assert!(may_become(earlier, later), "{earlier:?} {later:?}");
                let waits = matches!(later.verdict, Verdict::Unknown | Verdict::NeedsAPerson);
                prop_assert_eq!(waits, !later.open.is_empty(), "{:?}", later);
                prop_assert!(later.decided_by.iter().all(|key| facts.get(key).is_some()), "{later:?}");
                prop_assert!(waits || !later.decided_by.is_empty(), "decided by nothing: {later:?}");
            }
            before = after;
        }
    }

    #[test]
    fn what_is_decided_anew_after_a_change_equals_a_full_assessment(
        choices in prop::collection::vec(any::<u8>(), 400),
        order in any::<u64>(),
        excluded in any::<prop::sample::Index>(),
    ) {
        let engine = engine().unwrap();
        let ids: Vec<&str> = engine.catalogue.requirements().map(|one| one.id.as_str()).collect();
        let exclusion = Exclusion {
            requirement: (*excluded.get(&ids)).to_owned(),
            reason: "当院にはない".to_owned(),
            decided_by: "院長".to_owned(),
            at: Moment(now().plus_seconds(-1)),
            valid_until: Moment(now().plus_seconds(1)),
        };
        let exclusions = Exclusions::gather(&engine.catalogue, [exclusion], now()).unwrap();
        let assess = |edition: &str, facts: &Facts| engine.assess(edition, None, facts).unwrap();
        let mut facts = Facts::default();
        let editions: Vec<&str> = engine.catalogue.editions().map(|edition| edition.id.as_str()).collect();
        let mut before: Vec<_> = editions.iter().map(|edition| assess(edition, &facts)).collect();
        let keys = shuffled(&engine, &choices, order);
        // Facts come one by one and many at once; one has another value later, and one no longer counts.
        let (first, rest) = keys.split_at(1);
        let other: Vec<_> = first.iter().map(|(key, choice)| (key.clone(), choice ^ 1)).collect();
        for (step, some) in [first, &other, &rest[..3], &rest[3..150], &rest[150..], &[]].into_iter().enumerate() {
            let mut later = facts.clone();
            for (key, choice) in some {
                later.learn(&engine.registry, seen(key, *choice), now()).unwrap();
            }
            if step == 5 {
                let but_one = later.iter().filter(|fact| fact.key != keys[0].0.key).cloned().collect::<Vec<_>>();
                later = Facts::gather(&engine.registry, but_one, now()).unwrap();
            }
            if step % 2 == 1 {
                later = later.excluding(exclusions.clone());
            }
            let changed = later.changed_keys(&facts);
            for earlier in &mut before {
                let anew = engine.reassess(earlier, &later, changed.iter().copied()).unwrap();
                prop_assert_eq!(&anew, &assess(&earlier.edition, &later));
                *earlier = anew;
            }
            facts = later;
        }
    }
}
