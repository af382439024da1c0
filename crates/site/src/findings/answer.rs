//! What a rule answers of one element, and how answers come from what was said of it.

use super::{Judgement, Scene};
use crate::description::{Day, Id, Place};
use crate::rules::{Text, Verdict};
use jiff::{SpanRound, Unit};

/// What a rule answers.
#[derive(Clone, Debug, PartialEq, Eq)]
pub(super) struct Answer {
    pub(super) verdict: Verdict,
    /// What was seen, in one short line.
    pub(super) seen: Text,
}

impl Answer {
    pub(super) fn new(verdict: Verdict, ja: impl Into<String>, en: impl Into<String>) -> Self {
        Self { verdict, seen: Text::new(ja, en) }
    }

    /// What was seen decides it, and reads alike in both languages: `two_factors: no`.
    pub(super) fn seen(good: bool, seen: impl Into<String>) -> Self {
        let seen = seen.into();
        Self::new(if good { Verdict::Holds } else { Verdict::Violated }, seen.clone(), seen)
    }
}

/// Adds what a rule answers of an element.
pub(super) fn tell(out: &mut Vec<Judgement>, rule: &'static str, id: &Id, answer: Answer) {
    tell_at(out, rule, id.as_str(), id.place, answer);
}

/// Adds what a rule answers of an element without an id of its own.
pub(super) fn tell_at(
    out: &mut Vec<Judgement>,
    rule: &'static str,
    element: &str,
    place: Place,
    answer: Answer,
) {
    let Answer { verdict, seen } = answer;
    out.push(Judgement { rule, element: element.to_owned(), place, verdict, seen, path: Vec::new() });
}

/// Nobody said what stands under this key: the rule is undecided.
pub(super) fn unsaid(key: &str) -> Answer {
    let (ja, en) = (format!("`{key}` の記載がありません。"), format!("`{key}` is not said."));
    Answer::new(Verdict::Undecided, ja, en)
}

/// It must be yes.
pub(super) fn yes(key: &str, value: Option<bool>) -> Answer {
    said(key, value, true)
}

/// It must be no.
pub(super) fn no(key: &str, value: Option<bool>) -> Answer {
    said(key, value, false)
}

fn said(key: &str, value: Option<bool>, good: bool) -> Answer {
    value.map_or_else(|| unsaid(key), |value| Answer::seen(value == good, format!("{key}: {}", word(value))))
}

/// As it is written in files.
pub(super) fn word(value: bool) -> &'static str {
    if value { "yes" } else { "no" }
}

/// What must hold of each: violated where one is, and undecided where one is. None of nothing.
pub(super) fn worst(answers: impl IntoIterator<Item = Answer>) -> Option<Answer> {
    answers.into_iter().min_by_key(|answer| answer.verdict)
}

/// What must hold of one of them at least. None of nothing.
pub(super) fn best(answers: impl IntoIterator<Item = Answer>) -> Option<Answer> {
    answers.into_iter().max_by_key(|answer| answer.verdict)
}

/// It must not lie longer ago than this. What lies ahead was not done yet, so it says nothing.
pub(super) fn within(scene: &Scene<'_>, key: &str, day: Option<Day>, days_most: i64) -> Answer {
    let Some(Day(day)) = day else { return unsaid(key) };
    let Some(age) = days_since(scene, Day(day)) else { return unsaid(key) };
    if age < 0 {
        return Answer::new(
            Verdict::Undecided,
            format!("{key}: {day}（まだ先の日付）"),
            format!("{key}: {day} (lies ahead)"),
        );
    }
    let verdict = if age <= days_most { Verdict::Holds } else { Verdict::Violated };
    Answer::new(verdict, format!("{key}: {day}（{age} 日前）"), format!("{key}: {day} ({age} days ago)"))
}

/// How many days ago it was; below zero where it lies ahead.
pub(super) fn days_since(scene: &Scene<'_>, Day(day): Day) -> Option<i64> {
    let span = scene.today.since(day).ok()?;
    let round = SpanRound::new().largest(Unit::Day).smallest(Unit::Day).days_are_24_hours();
    span.round(round).ok().map(|span| i64::from(span.get_days()))
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::description::{read, template};
    use crate::model::Model;
    use jiff::civil::date;

    fn verdict_within(day: Option<jiff::civil::Date>) -> Verdict {
        let site = read("site.yaml", template("direct-connect").unwrap().text).unwrap();
        let model = Model::draw(None, &[]).unwrap();
        let scene = Scene { site: &site, model: &model, today: date(2026, 11, 15) };
        within(&scene, "patched_on", day.map(Day), 90).verdict
    }

    #[test]
    fn a_day_holds_until_it_lies_too_long_ago_and_not_before_it_came() {
        assert_eq!(verdict_within(Some(date(2026, 11, 15))), Verdict::Holds);
        assert_eq!(verdict_within(Some(date(2026, 8, 17))), Verdict::Holds);
        assert_eq!(verdict_within(Some(date(2026, 8, 16))), Verdict::Violated);
        assert_eq!(verdict_within(Some(date(2026, 11, 16))), Verdict::Undecided);
        assert_eq!(verdict_within(Some(date(9999, 12, 31))), Verdict::Undecided);
        assert_eq!(verdict_within(Some(date(-9999, 1, 1))), Verdict::Violated);
        assert_eq!(verdict_within(None), Verdict::Undecided);
    }

    #[test]
    fn what_nobody_said_is_undecided_with_its_key() {
        for answer in [yes("edr", None), no("edr", None)] {
            assert_eq!(answer.verdict, Verdict::Undecided);
            assert!(answer.seen.ja.contains("edr") && answer.seen.en.contains("edr"));
        }
        assert_eq!(
            (yes("a", Some(true)).verdict, no("a", Some(true)).verdict),
            (Verdict::Holds, Verdict::Violated)
        );
    }

    #[test]
    fn of_several_answers_all_must_hold_or_one() {
        let all = || [yes("a", Some(true)), yes("b", None)];
        assert_eq!(worst(all()).unwrap().verdict, Verdict::Undecided);
        assert_eq!(best(all()).unwrap().verdict, Verdict::Holds);
        let one_is_not = [yes("a", None), yes("b", Some(false))];
        assert_eq!(worst(one_is_not.clone()).unwrap().verdict, Verdict::Violated);
        assert_eq!(best(one_is_not).unwrap().verdict, Verdict::Undecided, "the other may hold");
        assert_eq!(worst([]), None);
    }
}
