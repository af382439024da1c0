//! Expressions over facts: what does not fit is refused before it decides anything, and what is not known stays open.

#![expect(clippy::unwrap_used, reason = "a test ends at the first thing that is not as it should be")]

use base::{Problem, Time};
use guideline::{Expression, Fact, Facts, Known, Registry, SourceFile, Value, codes};

const KEYS: &str = "format: akashi-facts/1
facts:
- {key: runtime.a, kind: yes-no, valid_days: 1, ja: あ, en: a}
- {key: runtime.b, kind: yes-no, valid_days: 1, ja: い, en: b}
- {key: runtime.many, kind: count, valid_days: 1, ja: 数, en: count}
- {key: runtime.share, kind: number, valid_days: 1, ja: 割合, en: share}
- {key: runtime.tls.mode, kind: text, valid_days: 1, ja: 方式, en: mode}
- {key: runtime.tls.versions, kind: texts, valid_days: 1, ja: 版, en: versions}
";

fn registry() -> Registry {
    Registry::read(&[SourceFile { name: "facts.yaml", text: KEYS }]).unwrap()
}

fn now() -> Time {
    Time::parse("2026-04-01T00:00:00Z").unwrap()
}

fn facts(known: &[(&str, Value)]) -> Facts {
    let seen = known.iter().map(|(key, value)| Fact::seen(key, value.clone(), now(), ("試験", "a test")));
    Facts::gather(&registry(), seen, now()).unwrap()
}

fn says(text: &str, known: &[(&str, Value)]) -> Option<bool> {
    Expression::read(text, &registry()).unwrap().evaluate(&Known::of(&facts(known))).answer
}

#[test]
fn what_is_not_known_stays_open_unless_the_rest_decides() {
    let values = [Some(true), Some(false), None];
    let and = |one: Option<bool>, two: Option<bool>| match (one, two) {
        (Some(false), _) | (_, Some(false)) => Some(false),
        (Some(true), Some(true)) => Some(true),
        _ => None,
    };
    for one in values {
        for two in values {
            let mut known = Vec::new();
            known.extend(one.map(|yes| ("runtime.a", Value::YesNo(yes))));
            known.extend(two.map(|yes| ("runtime.b", Value::YesNo(yes))));
            let not = |value: Option<bool>| value.map(|yes| !yes);
            assert_eq!(says("runtime.a && runtime.b", &known), and(one, two));
            assert_eq!(says("runtime.a || runtime.b", &known), not(and(not(one), not(two))));
            assert_eq!(says("!runtime.a", &known), not(one));
            assert_eq!(
                says("runtime.a ? runtime.b : !runtime.b", &known),
                one.and_then(|yes| if yes { two } else { not(two) })
            );
            assert_eq!(says("runtime.a == runtime.b", &known), one.zip(two).map(|(one, two)| one == two));
        }
    }
}

#[test]
fn comparisons_say_what_they_mean() {
    let versions = Value::Texts(vec!["TLS 1.2".to_owned(), "TLS 1.3".to_owned()]);
    let known = [
        ("runtime.many", Value::Count(13)),
        ("runtime.share", Value::Number(99.5)),
        ("runtime.tls.mode", Value::Text("required".to_owned())),
        ("runtime.tls.versions", versions),
    ];
    for (text, answer) in [
        ("runtime.many >= 13", true),
        ("runtime.many > 13", false),
        ("runtime.many - 3 == 10 && runtime.many * 2 < 27", true),
        ("runtime.share >= 100.0", false),
        ("runtime.share > -1.0", true),
        ("runtime.tls.mode == \"required\"", true),
        ("runtime.tls.mode in [\"requested\", \"required\"]", true),
        ("\"TLS 1.0\" in runtime.tls.versions", false),
        ("size(runtime.tls.versions) == 2", true),
        ("runtime.tls.mode != 'none' ? true : false", true),
    ] {
        assert_eq!(says(text, &known), Some(answer), "{text}");
    }
}

#[test]
fn an_expression_that_does_not_fit_does_not_load() {
    for (text, said) in [
        ("runtime.c", "runtime.c is not known"),
        ("site.tls.mode == \"x\"", "did you mean runtime.tls.mode?"),
        ("runtime", "runtime is not known"),
        ("runtime.many", "a whole number where it should say yes or no"),
        ("runtime.many >= 13.0", "cannot be compared"),
        ("runtime.a > runtime.b", "cannot be greater"),
        ("runtime.a && runtime.many", "a whole number stands where yes or no is needed"),
        ("runtime.tls.mode + \"x\" == \"y\"", "cannot be reckoned with"),
        ("runtime.many in runtime.tls.versions", "a whole number stands where"),
        ("size(runtime.tls.mode) == 1", "stands where texts is needed"),
        ("runtime.tls.versions.exists(v, v == \"x\")", "only facts"),
        ("has(runtime.a)", ""),
        ("runtime.tls.mode.matches(\"x\")", "matches cannot be used here"),
        ("null == null", "only yes or no"),
        ("runtime.a &&", "column"),
        ("", ""),
        ("duration(\"1h\") == duration(\"1h\")", "duration cannot be used here"),
    ] {
        let fault = Expression::read(text, &registry()).unwrap_err();
        assert!(fault.contains(said), "{text}: {fault}");
    }
    let deep = |depth: usize| format!("{}runtime.a{}", "(!".repeat(depth), ")".repeat(depth));
    assert!(Expression::read(&deep(8), &registry()).is_ok());
    let choices = "runtime.a ? runtime.b : ".repeat(9) + "runtime.a";
    for text in [deep(9), deep(2_000), "!".repeat(4_000), choices, "runtime.a && ".repeat(1_000)] {
        assert!(Expression::read(&text, &registry()).is_err(), "{text}");
    }
    assert!(Expression::read(&("runtime.a && ".repeat(300) + "runtime.b"), &registry()).is_ok());
}

#[test]
fn what_decided_and_what_is_open_is_named() {
    let known = [("runtime.a", Value::YesNo(true)), ("runtime.many", Value::Count(1))];
    let of = |text: &str| Expression::read(text, &registry()).unwrap().evaluate(&Known::of(&facts(&known)));
    let names =
        |keys: &std::collections::BTreeSet<String>| keys.iter().cloned().collect::<Vec<_>>().join(" ");
    let open = of("runtime.a && runtime.b && runtime.tls.mode == \"x\"");
    assert_eq!(
        (names(&open.rests_on), names(&open.open)),
        ("runtime.a".into(), "runtime.b runtime.tls.mode".into())
    );
    let decided = of("runtime.b && runtime.many > 1");
    assert_eq!(
        (decided.answer, names(&decided.rests_on), names(&decided.open)),
        (Some(false), "runtime.many".into(), String::new())
    );
}

#[test]
fn a_fact_counts_from_when_it_was_seen_until_it_is_too_old() {
    let fact = Fact::seen("runtime.a", Value::YesNo(true), now(), ("試験", "a test"));
    let known = |seconds| {
        let moment = now().plus_seconds(seconds);
        Facts::gather(&registry(), [fact.clone()], moment).unwrap().get("runtime.a").is_some()
    };
    assert_eq!([-1, 0, 86_399, 86_400].map(known), [false, true, true, false]);
    let newer = Fact::seen("runtime.a", Value::YesNo(false), now().plus_seconds(60), ("試験", "a test"));
    for both in [[fact.clone(), newer.clone()], [newer.clone(), fact.clone()]] {
        let facts = Facts::gather(&registry(), both, now().plus_seconds(61)).unwrap();
        assert_eq!(facts.get("runtime.a").unwrap().value, Value::YesNo(false));
    }
}

#[test]
fn a_fact_of_an_unknown_key_or_another_kind_is_refused() {
    let gather =
        |key, value| Facts::gather(&registry(), [Fact::seen(key, value, now(), ("試験", "a test"))], now());
    let code = |done: Result<Facts, Problem>| done.unwrap_err().code();
    assert_eq!(code(gather("runtime.c", Value::YesNo(true))), &codes::FACT);
    assert_eq!(code(gather("runtime.a", Value::Count(1))), &codes::FACT);
    assert_eq!(code(gather("runtime.many", Value::Number(1.0))), &codes::FACT);
}
