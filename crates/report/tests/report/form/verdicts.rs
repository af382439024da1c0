//! A report never says more than the verdicts: as many answers are yes as requirements are met, whatever is known.

use super::{given, judged};
use crate::material::{now, the_engine};
use base::Language;
use guideline::{Engine, Fact, Facts, Kind, Side, Value, Verdict};
use proptest::prelude::*;
use report::form::Form;
use report::paper::{Paper, Row, Tone};

/// How many cells say a word, the list of evidence apart, whose values are words of their own.
fn said(paper: &Paper, word: &str) -> usize {
    let tables = paper.tables().filter(|(name, _)| !["根拠一覧", "Evidence"].contains(name));
    let rows = tables.flat_map(|(_, table)| &table.rows);
    let cells = rows.flat_map(|row| match row {
        Row::Heading(_) => &[][..],
        Row::Cells { cells, .. } => cells,
    });
    cells.filter(|cell| cell.text == word).count()
}

fn good(paper: &Paper) -> usize {
    let rows = paper.tables().flat_map(|(_, table)| &table.rows);
    rows.map(|row| match row {
        Row::Heading(_) => 0,
        Row::Cells { cells, .. } => cells.iter().filter(|cell| cell.tone == Tone::Good).count(),
    })
    .sum()
}

/// Facts of which each is missing, good or bad, as the dice fall.
fn facts(engine: &Engine, dice: &[u8]) -> Facts {
    let thrown = engine.registry.keys().zip(dice.iter().cycle());
    let fact = |(key, die): (&guideline::FactKey, &u8)| {
        let good = match die % 4 {
            0 => return None,
            1 => false,
            _ => true,
        };
        let value = match key.kind {
            Kind::YesNo => Value::YesNo(good),
            Kind::Count => Value::Count(if die % 8 < 4 { 0 } else { 400 }),
            Kind::Number => Value::Number(if good { 0.0 } else { 1e9 }),
            Kind::Text => Value::Text(if good { "required" } else { "はい" }.to_owned()),
            Kind::Texts => Value::Texts(vec![if good { "TLS 1.3" } else { "はい" }.to_owned()]),
        };
        Some(Fact::seen(&key.key, value, now().plus_seconds(-60), ("はい", "Yes")))
    };
    Facts::gather(&engine.registry, thrown.filter_map(fact), now()).unwrap()
}

fn holds(engine: &Engine, form: Form, (edition, side): (&str, Option<Side>), facts: &Facts) {
    let judged = [judged(engine, edition, side, facts)];
    let counts = judged[0].assessment.counts();
    let count = |wanted: &[Verdict]| wanted.iter().filter_map(|one| counts.get(one)).sum::<usize>();
    for (language, yes, no, open) in
        [(Language::Japanese, "はい", "いいえ", "未確認"), (Language::English, "Yes", "No", "Not confirmed")]
    {
        let paper = form.paper(&given(engine, &judged, language)).unwrap();
        assert_eq!(said(&paper, yes), count(&[Verdict::Met]), "{edition} {side:?}");
        assert_eq!(good(&paper), count(&[Verdict::Met]));
        assert_eq!(said(&paper, no), count(&[Verdict::Partly, Verdict::NotMet]));
        assert_eq!(said(&paper, open), count(&[Verdict::NeedsAPerson, Verdict::Unknown]));
    }
}

const FORMS: [(Form, &str, Option<Side>); 6] = [
    (Form::Checklist, "mhlw-checklist-2025", Some(Side::Facility)),
    (Form::Checklist, "mhlw-checklist-2025", Some(Side::Provider)),
    (Form::Checklist, "mhlw-checklist-2025", None),
    (Form::Checklist, "mhlw-checklist-2026", None),
    (Form::Sds, "jahis-sds-5.0", Some(Side::Provider)),
    (Form::Sds, "jahis-sds-5.0", Some(Side::Facility)),
];

proptest! {
    #![proptest_config(ProptestConfig::with_cases(24))]
    #[test]
    fn a_report_never_says_more_than_the_verdicts(dice in proptest::collection::vec(any::<u8>(), 1..400)) {
        let engine = the_engine();
        let facts = facts(&engine, &dice);
        for (form, edition, side) in FORMS {
            holds(&engine, form, (edition, side), &facts);
        }
    }
}

#[test]
fn where_everything_is_good_something_is_met_and_where_nothing_is_known_nothing_is() {
    let engine = the_engine();
    let met = |facts: &Facts| {
        judged(&engine, "jahis-sds-5.0", None, facts).assessment.counts().get(&Verdict::Met).copied()
    };
    assert!(met(&facts(&engine, &[2])) > Some(20));
    assert_eq!(met(&Facts::default()), None);
    for (form, edition, side) in FORMS {
        holds(&engine, form, (edition, side), &facts(&engine, &[2]));
        holds(&engine, form, (edition, side), &Facts::default());
    }
}
