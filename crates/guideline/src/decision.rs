//! From expressions and facts to verdicts: of one requirement, of an edition, and of an edition after something changed.

use crate::assessment::{Assessed, Assessment, Side, Verdict};
use crate::builtin::Engine;
use crate::catalogue::Requirement;
use crate::check::{Check, Known, Outcome};
use crate::fact::{FactOrigin, Facts};
use base::Problem;
use std::collections::{BTreeMap, BTreeSet};

impl Engine {
    /// Assesses an edition by what is known, for one side or for all.
    ///
    /// # Errors
    /// There is no such edition.
    pub fn assess(&self, edition: &str, side: Option<Side>, facts: &Facts) -> Result<Assessment, Problem> {
        let known = Known::of(facts);
        self.assembled(edition, side, |requirement| self.decide(requirement, &known))
    }

    /// The same assessment after the facts of some keys changed: only what names one of these keys is decided anew, and what
    /// is excluded now and was not, or the other way round. A key changed when its fact is new, has another value, or no longer
    /// counts ([`Facts::changed_keys`]).
    ///
    /// # Errors
    /// The edition is not one of this engine.
    pub fn reassess<'k>(
        &self,
        before: &Assessment,
        facts: &Facts,
        changed_keys: impl IntoIterator<Item = &'k str>,
    ) -> Result<Assessment, Problem> {
        let touched: BTreeSet<&str> =
            changed_keys.into_iter().flat_map(|key| self.checks.naming(key)).collect();
        let earlier: BTreeMap<&str, &Assessed> =
            before.verdicts.iter().map(|one| (one.requirement.as_str(), one)).collect();
        let known = Known::of(facts);
        self.assembled(&before.edition, before.side, |requirement| {
            let rests_on_change = self
                .checks
                .decided_under(&self.catalogue, requirement)
                .is_some_and(|id| touched.contains(id));
            let excluded = facts.exclusions().of(&self.catalogue, requirement);
            match earlier.get(requirement.id.as_str()) {
                Some(one) if !rests_on_change && one.excluded.as_ref() == excluded => (*one).clone(),
                _ => self.decide(requirement, &known),
            }
        })
    }

    fn assembled(
        &self,
        edition: &str,
        side: Option<Side>,
        decide: impl Fn(&Requirement) -> Assessed,
    ) -> Result<Assessment, Problem> {
        let mut verdicts = Vec::new();
        for id in self.catalogue.edition(edition)?.requirements() {
            let requirement = self.catalogue.requirement(id)?;
            if side.is_none_or(|side| side.concerns(requirement)) {
                verdicts.push(decide(requirement));
            }
        }
        Ok(Assessment { edition: edition.to_owned(), side, verdicts })
    }

    /// The verdict on one requirement. What is met stays met; else an exclusion decides before everything else.
    pub fn decide(&self, requirement: &Requirement, known: &Known<'_>) -> Assessed {
        let check = self.checks.of(&self.catalogue, &requirement.id);
        let (verdict, outcome) =
            check.map_or_else(|| (Verdict::Unknown, Outcome::of(None)), |check| verdict(check, known));
        let decided = Assessed {
            requirement: requirement.id.clone(),
            verdict,
            decided_by: outcome.rests_on,
            open: outcome.open,
            excluded: None,
        };
        match known.facts().exclusions().of(&self.catalogue, requirement) {
            Some(exclusion) if decided.verdict != Verdict::Met => decided.excluded_by(exclusion.clone()),
            _ => decided,
        }
    }
}

/// What the expressions of a check say.
///
/// Whether it applies is asked first, but an open answer leaves everything as good and as bad as it was: what is met is met
/// whether it applies or not, and what fails waits for that answer, since *not met* would be said too early.
fn verdict(check: &Check, known: &Known<'_>) -> (Verdict, Outcome) {
    let absent = check
        .not_applicable_when
        .as_ref()
        .map_or_else(|| Outcome::of(Some(false)), |absent| absent.evaluate(known));
    if absent.answer == Some(true) {
        return (Verdict::NotApplicable, absent);
    }
    let satisfied = check.satisfied_when.evaluate(known);
    if satisfied.answer == Some(true) {
        return (Verdict::Met, satisfied);
    }
    let answer = absent.answer.and(satisfied.answer);
    let both = absent.joined(satisfied, answer);
    if answer.is_none() {
        return (waiting(&both), both);
    }
    match check.partly_when.as_ref().map(|partly| partly.evaluate(known)) {
        Some(partly) if partly.answer == Some(true) => (Verdict::Partly, both.joined(partly, Some(true))),
        _ => (Verdict::NotMet, both),
    }
}

/// Of what is open: whether people alone can close it.
fn waiting(outcome: &Outcome) -> Verdict {
    let waits = |key: &String| FactOrigin::of_key(key).is_some_and(FactOrigin::needs_a_person);
    if !outcome.open.is_empty() && outcome.open.iter().all(waits) {
        Verdict::NeedsAPerson
    } else {
        Verdict::Unknown
    }
}
