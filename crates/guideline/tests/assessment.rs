//! Verdicts: what is known decides, what is not known is never shown as good.

#![expect(clippy::unwrap_used, reason = "a test ends at the first thing that is not as it should be")]

use base::Time;
use guideline::{Engine, Fact, FactOrigin, Facts, Kind, Side, Value, Verdict, engine};

fn now() -> Time {
    Time::parse("2026-04-01T00:00:00Z").unwrap()
}

fn every_edition(engine: &Engine, facts: &Facts) -> Vec<guideline::Assessed> {
    let editions = engine.catalogue.editions();
    editions.flat_map(|edition| engine.assess(&edition.id, None, facts).unwrap().verdicts).collect()
}

#[test]
fn where_nothing_is_known_nothing_is_met() {
    let engine = engine().unwrap();
    for one in every_edition(&engine, &Facts::default()) {
        assert!(matches!(one.verdict, Verdict::Unknown | Verdict::NeedsAPerson), "{one:?}");
        assert!(!one.open.is_empty(), "{one:?}");
    }
}

#[test]
fn one_fact_more_never_makes_a_settled_verdict_unknown() {
    let engine = engine().unwrap();
    let value = |kind: Kind, good: bool| match kind {
        Kind::YesNo => Value::YesNo(good),
        Kind::Count => Value::Count(if good { 0 } else { 9_999 }),
        Kind::Number => Value::Number(if good { 0.0 } else { 1e9 }),
        Kind::Text => Value::Text(if good { "required" } else { "none" }.to_owned()),
        Kind::Texts => Value::Texts(vec![if good { "TLS 1.3" } else { "SSL 3.0" }.to_owned()]),
    };
    for good in [true, false] {
        let mut facts = Facts::default();
        let mut before = every_edition(&engine, &facts);
        for keys in engine.registry.keys().collect::<Vec<_>>().chunks(20) {
            for key in keys {
                let fact = Fact::seen(&key.key, value(key.kind, good), now(), ("試験", "a test"));
                facts.learn(&engine.registry, fact, now()).unwrap();
            }
            let after = every_edition(&engine, &facts);
            for (earlier, later) in before.iter().zip(&after) {
                let decided = !matches!(earlier.verdict, Verdict::Unknown | Verdict::NeedsAPerson);
                let better = (earlier.verdict, later.verdict) == (Verdict::NotMet, Verdict::Partly);
                // Facts that contradict each other: it is done, and somebody says that there is no such thing.
                let denied = (earlier.verdict, later.verdict) == (Verdict::Met, Verdict::NotApplicable);
                let stays = better || denied || earlier.verdict == later.verdict;
                assert!(!decided || stays, "{earlier:?} {later:?}");
            }
            before = after;
        }
        assert!(before.iter().all(|one| one.open.is_empty()), "everything is known now");
    }
}

#[test]
fn what_only_people_can_say_waits_for_a_person() {
    let engine = engine().unwrap();
    let known = engine
        .registry
        .keys()
        .filter(|key| !key.key.starts_with("document.") && !key.key.starts_with("person."));
    let good = known.map(|key| {
        let value = match key.kind {
            Kind::YesNo => Value::YesNo(true),
            Kind::Count => Value::Count(1),
            Kind::Number => Value::Number(1.0),
            Kind::Text => Value::Text("required".to_owned()),
            Kind::Texts => Value::Texts(vec!["TLS 1.3".to_owned()]),
        };
        Fact::seen(&key.key, value, now(), ("試験", "a test"))
    });
    let facts = Facts::gather(&engine.registry, good, now()).unwrap();
    for one in every_edition(&engine, &facts) {
        assert_ne!(one.verdict, Verdict::Unknown, "{one:?}");
        if one.verdict == Verdict::NeedsAPerson {
            assert!(one.open.iter().all(|key| key.starts_with("document.") || key.starts_with("person.")));
        }
        let decided = one.origins();
        assert!(!decided.contains(&FactOrigin::Document) && !decided.contains(&FactOrigin::Person));
    }
}

#[test]
fn each_side_is_asked_what_it_has_to_do() {
    let engine = engine().unwrap();
    let counted =
        |edition: &str, side| engine.assess(edition, side, &Facts::default()).unwrap().verdicts.len();
    assert_eq!(counted("mhlw-checklist-2025", None), 31);
    assert!(counted("mhlw-6.0", Some(Side::Facility)) > 150);
    assert_eq!(counted("meti-mic-2.0", Some(Side::Provider)), 100);
    assert!(engine.assess("mhlw-5.0", None, &Facts::default()).is_err());
}
