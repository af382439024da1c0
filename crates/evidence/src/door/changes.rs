//! What changed between two assessments of an edition, and why: the facts, answers, documents and decisions behind it.

use super::Evidence;
use super::guidelines::{counted, headed, put};
use crate::codes;
use crate::kept::{AssessedThen, KeptAssessment, KeptReport, Stood, load, load_at};
use base::{Problem, Time};
use guideline::{Assessed, Engine, Fact, Verdict};
use report::form::Form;
use serde_json::{Value, json};
use std::collections::{BTreeMap, BTreeSet};

impl Evidence {
    /// The kept assessments of an edition, and what changed from one of them to another: from that of the last inspection to
    /// the newest where nothing else is said.
    pub(super) fn show_changes(
        &self,
        edition: &str,
        (from, to): (Option<u64>, Option<u64>),
    ) -> Result<Value, Problem> {
        let engine = self.engine()?;
        let edition = engine.catalogue.edition(edition)?;
        let id = KeptAssessment::id_of(&edition.id, None);
        let kept = self.history_of(&edition.id)?;
        let inspected = self.inspected()?;
        let named = |version: u64| {
            let found = kept.iter().find(|one| one.version.number() == version);
            let absent = || {
                Problem::new(&codes::ASSESSMENT_UNKNOWN).with("edition", &edition.id).with("version", version)
            };
            found.ok_or_else(absent)
        };
        let to = to.map(named).transpose()?.or_else(|| kept.first());
        let from = from.map(named).transpose()?.or_else(|| before(&kept, to, inspected));
        let mut told = headed(edition);
        put(&mut told, "inspected", json!(inspected.map(guideline::Moment)));
        put(&mut told, "kept", json!(kept.iter().map(listed).collect::<Vec<_>>()));
        put(&mut told, "from", from.map_or(Value::Null, listed));
        put(&mut told, "to", to.map_or(Value::Null, listed));
        if let (Some(from), Some(to)) = (from, to) {
            let (old, new) = (self.stood(&id, from.time)?, self.stood(&id, to.time)?);
            let (Some(old), Some(new)) = (old, new) else { return Ok(told) };
            let changes = changes(engine, &old.kept, &new.kept);
            let same = new.kept.assessment.verdicts.len().saturating_sub(changes.len());
            put(&mut told, "same", json!(same));
            put(&mut told, "changes", json!(changes));
        }
        Ok(told)
    }

    fn stood(&self, id: &str, at: Time) -> Result<Option<Stood<KeptAssessment>>, Problem> {
        self.store.inspect(|inside| load_at(inside, id, at))
    }

    /// When the papers of an inspection were last handed out.
    fn inspected(&self) -> Result<Option<Time>, Problem> {
        let handed: Vec<KeptReport> = self.store.inspect(load)?;
        let of_inspection = handed.into_iter().filter(|one| one.form == Form::Inspection.name());
        Ok(of_inspection.map(|one| one.at.0).max())
    }
}

/// The last assessment that stood when the papers of an inspection were handed out, if it is earlier than the other; that
/// before the other where there was no inspection.
fn before<'a>(
    kept: &'a [Stood<AssessedThen>],
    to: Option<&Stood<AssessedThen>>,
    inspected: Option<Time>,
) -> Option<&'a Stood<AssessedThen>> {
    let to = to?;
    let mut earlier = kept.iter().filter(|one| one.version < to.version).peekable();
    let last = earlier.peek().copied();
    inspected.and_then(|then| earlier.find(|one| one.kept.at.0 <= then)).or(last)
}

fn listed(one: &Stood<AssessedThen>) -> Value {
    json!({
        "version": one.version.number(),
        "at": one.kept.at,
        "position": one.position.0,
        "counts": one.kept.counts().into_iter().map(counted).collect::<Vec<_>>(),
    })
}

/// Which way a verdict went.
fn way(before: Option<Verdict>, after: Option<Verdict>) -> &'static str {
    let rank = |verdict: Verdict| match verdict {
        Verdict::NotMet => 0,
        Verdict::Partly => 1,
        Verdict::Met => 2,
        // Neither better nor worse than any other.
        Verdict::NeedsAPerson | Verdict::Unknown | Verdict::NotApplicable => 3,
    };
    let open = |verdict| matches!(verdict, Verdict::NeedsAPerson | Verdict::Unknown);
    match (before, after) {
        (None, _) => "added",
        (_, None) => "gone",
        (_, Some(Verdict::NotApplicable)) => "apart",
        (Some(old), Some(new)) if open(new) => {
            if open(old) {
                "other"
            } else {
                "unknown"
            }
        }
        (Some(old), Some(Verdict::Met)) if old != Verdict::Met => "better",
        // What was not known, or did not apply, and turns out to be wrong is worse.
        (Some(Verdict::NotApplicable), Some(_)) => "worse",
        (Some(old), Some(_)) if open(old) => "found",
        (Some(old), Some(new)) if rank(new) < rank(old) => "worse",
        (Some(_), Some(_)) => "better",
    }
}

/// The requirements whose verdict is another, in the order of the guideline.
fn changes(engine: &Engine, old: &KeptAssessment, new: &KeptAssessment) -> Vec<Value> {
    let by_id = |kept: &KeptAssessment| -> BTreeMap<String, Assessed> {
        kept.assessment.verdicts.iter().map(|one| (one.requirement.clone(), one.clone())).collect()
    };
    let (before, after) = (by_id(old), by_id(new));
    let gone = old.assessment.verdicts.iter().filter(|one| !after.contains_key(&one.requirement));
    let order = new.assessment.verdicts.iter().chain(gone).map(|one| &one.requirement);
    let mut told = Vec::new();
    for id in order {
        let (was, is) = (before.get(id), after.get(id));
        if was.map(|one| one.verdict) == is.map(|one| one.verdict) {
            continue;
        }
        let requirement = engine.catalogue.requirement(id).ok();
        told.push(json!({
            "requirement": id,
            "item": requirement.map(|one| &one.item),
            "name": requirement.map(|one| &one.name),
            "before": was.map(|one| one.verdict),
            "after": is.map(|one| one.verdict),
            "way": way(was.map(|one| one.verdict), is.map(|one| one.verdict)),
            "excluded": is.and_then(|one| one.excluded.as_ref()),
            "included": was.filter(|_| is.is_some_and(|is| is.excluded.is_none())).and_then(|one| one.excluded.as_ref()),
            "causes": causes(engine, (old, was), (new, is)),
        }));
    }
    told
}

/// The facts that bear on it and are others than before, or are known in one of the two only.
fn causes(
    engine: &Engine,
    (old, was): (&KeptAssessment, Option<&Assessed>),
    (new, is): (&KeptAssessment, Option<&Assessed>),
) -> Vec<Value> {
    let keys: BTreeSet<&String> =
        [was, is].into_iter().flatten().flat_map(|one| one.decided_by.iter().chain(&one.open)).collect();
    let known = |kept: &KeptAssessment, key: &str| -> Option<Fact> {
        kept.facts.iter().find(|fact| fact.key == key).cloned()
    };
    let cause = |key: &String| {
        let (before, after) = (known(old, key), known(new, key));
        let same = before.as_ref().map(|fact| &fact.value) == after.as_ref().map(|fact| &fact.value);
        let named = engine.registry.key(key).ok();
        (!same).then(|| {
            json!({
                "key": key,
                "text": named.map(|key| &key.text),
                "unit": named.and_then(|key| key.unit.as_ref()),
                "before": before,
                "after": after,
            })
        })
    };
    keys.into_iter().filter_map(cause).collect()
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_verdict_that_is_not_known_any_more_is_never_better() {
        for old in Verdict::ALL {
            for new in [Verdict::Unknown, Verdict::NeedsAPerson] {
                assert!(!["better", "found"].contains(&way(Some(old), Some(new))), "{old:?} {new:?}");
            }
        }
        assert_eq!(way(Some(Verdict::Met), Some(Verdict::Unknown)), "unknown");
        assert_eq!(way(Some(Verdict::Partly), Some(Verdict::NotMet)), "worse");
        assert_eq!(way(Some(Verdict::NotMet), Some(Verdict::Partly)), "better");
        assert_eq!(way(Some(Verdict::Unknown), Some(Verdict::NotMet)), "found");
        assert_eq!(way(Some(Verdict::NotApplicable), Some(Verdict::Partly)), "worse");
        assert_eq!(way(Some(Verdict::Met), Some(Verdict::NotApplicable)), "apart");
    }
}
