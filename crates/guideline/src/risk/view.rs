//! What the register says at a moment: what comes first, what is late, what waits for whom; and the facts that follow.

use super::Rules;
use super::model::{Assessed, Flow, Risk};
use super::register::Register;
use super::scale::Scale;
use super::step;
use super::words::{Level, Status, TreatmentKind};
use crate::day::Day;
use crate::fact::{Fact, Value};
use base::{Language, Time};
use serde::Serialize;
use std::cmp::Reverse;
use std::collections::BTreeMap;

/// A risk as the register shows it at a moment.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Row<'a> {
    /// The risk.
    pub risk: &'a Risk,
    /// How far the process has come.
    pub status: Status,
    /// How large it is without its treatment; none when nobody assessed it.
    pub assessed: Option<Level>,
    /// What its treatment leaves once in force; none when none is planned.
    pub residual: Option<Level>,
    /// How large it is today: what is left if the treatment is in force, otherwise as assessed.
    pub today: Option<Level>,
    /// Its treatment should be in force and is not.
    pub is_overdue: bool,
    /// It should have been looked at again and was not.
    pub is_review_overdue: bool,
    /// An executive must approve and has not.
    pub awaits_approval: bool,
}

/// How many open risks there are of each level as of today.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq, Serialize)]
pub struct Counts {
    /// Nobody assessed them.
    pub unassessed: usize,
    /// 低
    pub low: usize,
    /// 中
    pub middle: usize,
    /// 高
    pub high: usize,
    /// 重大
    pub critical: usize,
}

impl Register {
    /// All risks: open ones first, of these the unassessed first, for they may be anything; then the higher level of
    /// today, the earlier due day (none is earlier than any), the id.
    pub fn rows(&self, scale: &Scale, now: Time) -> Vec<Row<'_>> {
        let today = Day::of(now);
        let mut rows: Vec<Row<'_>> = self.risks().map(|risk| row(risk, scale, today)).collect();
        rows.sort_by_key(|row| {
            let due = row.risk.treatment.as_ref().map(|treatment| treatment.due);
            let is_assessed = row.today.is_some();
            (row.status == Status::Closed, is_assessed, Reverse(row.today), due, row.risk.id.as_str())
        });
        rows
    }

    /// How many open risks there are of each level as of today.
    pub fn counts(&self, scale: &Scale) -> Counts {
        let mut counts = Counts::default();
        for risk in self.open() {
            let count = match risk.extent().map(|extent| scale.level(extent)) {
                None => &mut counts.unassessed,
                Some(Level::Low) => &mut counts.low,
                Some(Level::Middle) => &mut counts.middle,
                Some(Level::High) => &mut counts.high,
                Some(Level::Critical) => &mut counts.critical,
            };
            *count = count.saturating_add(1);
        }
        counts
    }

    /// Facts for the engine (`runtime.risk.*`). Of an empty register only that it is empty: that nothing in it is late
    /// would say nothing.
    pub fn facts(&self, rules: Rules<'_>, now: Time) -> Vec<Fact> {
        let rows = self.rows(&rules.method.scale, now);
        let open: Vec<&Row<'_>> = rows.iter().filter(|row| row.status != Status::Closed).collect();
        let mut found: BTreeMap<&str, usize> = BTreeMap::from([
            ("open", open.len()),
            ("assets", self.assets().count()),
            ("flows", self.flows().count()),
        ]);
        if !open.is_empty() {
            found.extend(self.state(&open, rules));
        }
        let fact = |key: &str, count: i64| {
            Fact::seen(
                &format!("runtime.risk.{key}"),
                Value::Count(count),
                now,
                ("リスク登録簿", "risk register"),
            )
        };
        let counted = |(key, count): (&str, usize)| fact(key, i64::try_from(count).unwrap_or(i64::MAX));
        let mut facts: Vec<Fact> = found.into_iter().map(counted).collect();
        facts.extend(longest_unseen(&open, Day::of(now)).map(|days| fact("last_review_days", days)));
        facts
    }

    fn state<'a>(&self, open: &[&Row<'_>], rules: Rules<'_>) -> Vec<(&'a str, usize)> {
        let count = |wanted: &dyn Fn(&Row<'_>) -> bool| open.iter().filter(|row| wanted(row)).count();
        let accepts = |row: &Row<'_>| {
            row.risk.treatment.as_ref().is_some_and(|treatment| treatment.kind == TreatmentKind::Accept)
        };
        vec![
            ("unassessed", count(&|row| row.status == Status::Identified)),
            ("untreated", count(&|row| row.status == Status::Assessed)),
            ("overdue", count(&|row| row.is_overdue)),
            ("review_overdue", count(&|row| row.is_review_overdue)),
            ("waiting_for_approval", count(&|row| row.awaits_approval)),
            ("accepted_without_approval", count(&|row| accepts(row) && row.risk.approval.is_none())),
            ("not_in_force", count(&|row| row.status != Status::InForce)),
            ("critical", count(&|row| row.today == Some(Level::Critical))),
            ("scenarios_missing", self.scenarios_missing(rules)),
            ("flows_without_risk", self.flows_without_risk()),
        ]
    }

    /// How many scenarios of the catalogue concern an asset or a flow for which no risk of the register names them.
    fn scenarios_missing(&self, rules: Rules<'_>) -> usize {
        let assets: Vec<_> = self.assets().cloned().collect();
        let flows: Vec<_> = self.flows().cloned().collect();
        let risks: Vec<_> = self.risks().cloned().collect();
        rules.propose(&assets, &flows, &risks, Language::Japanese).len()
    }

    /// Flows that no risk names.
    fn flows_without_risk(&self) -> usize {
        let named = |flow: &&Flow| self.risks().any(|risk| risk.flows.contains(&flow.id));
        self.flows().filter(|flow| !named(flow)).count()
    }
}

fn row<'a>(risk: &'a Risk, scale: &Scale, today: Day) -> Row<'a> {
    let (status, level) = (risk.status(), |extent| scale.level(extent));
    let treatment = risk.treatment.as_ref();
    let is_open = status != Status::Closed;
    let late = treatment.is_some_and(|treatment| treatment.due < today);
    Row {
        risk,
        status,
        assessed: risk.assessed.as_ref().map(Assessed::extent).map(level),
        residual: treatment.map(|treatment| level(treatment.residual.extent())),
        today: risk.extent().map(level),
        is_overdue: is_open && status != Status::InForce && late,
        is_review_overdue: is_open && risk.review_by.is_some_and(|day| day < today),
        awaits_approval: is_open && risk.approval.is_none() && step::needs_approval(risk, scale),
    }
}

/// Of all open risks that were assessed, for how many days the one was not looked at that has waited longest.
fn longest_unseen(open: &[&Row<'_>], today: Day) -> Option<i64> {
    let seen = open.iter().filter_map(|row| row.risk.looked_at());
    seen.map(|moment| today.days_since(Day::of(moment.0))).max()
}
