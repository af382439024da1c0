//! The guidelines as people read them: editions with how they were last assessed, chapters with their requirements, and one
//! requirement with everything that bears on it.

use super::Evidence;
use super::disclosures::shown_row;
use crate::kept::{KeptAssessment, Stood};
use base::Problem;
use guideline::{Day, Edition, Engine, Facts, Requirement, Text};
use serde_json::{Value, json};
use std::collections::BTreeMap;

impl Evidence {
    /// Every edition, with how its last assessment for everybody came out.
    pub(super) fn list_guidelines(&self) -> Result<Value, Problem> {
        let engine = self.engine()?;
        let listed = engine.catalogue.editions().map(|edition| {
            let last = self.last(&edition.id)?;
            let mut told = headed(edition);
            put(&mut told, "requirements", json!(edition.requirements().count()));
            put(&mut told, "last", last.as_deref().map_or(Value::Null, assessed));
            Ok(told)
        });
        Ok(json!({ "editions": listed.collect::<Result<Vec<_>, Problem>>()? }))
    }

    /// An edition by chapters, with the verdicts of its last assessment for everybody and how it went over time.
    pub(super) fn show_guideline(&self, edition: &str) -> Result<Value, Problem> {
        let engine = self.engine()?;
        let edition = engine.catalogue.edition(edition)?;
        let last = self.last(&edition.id)?;
        let verdicts: BTreeMap<&str, Value> = last
            .iter()
            .flat_map(|last| &last.kept.assessment.verdicts)
            .map(|one| (one.requirement.as_str(), json!(one.verdict)))
            .collect();
        let requirement = |id: &String| {
            let one = engine.catalogue.requirement(id)?;
            Ok(json!({
                "requirement": id,
                "item": one.item,
                "name": one.name,
                "actors": one.actors,
                "verdict": verdicts.get(id.as_str()),
            }))
        };
        let mut parts = Vec::new();
        for part in &edition.parts {
            let mut chapters = Vec::new();
            for chapter in &part.chapters {
                let all =
                    chapter.requirements.iter().map(requirement).collect::<Result<Vec<_>, Problem>>()?;
                chapters
                    .push(json!({ "number": chapter.number, "title": chapter.title, "requirements": all }));
            }
            parts.push(json!({ "part": part.name, "title": part.title, "chapters": chapters }));
        }
        let mut told = headed(edition);
        put(&mut told, "last", last.as_deref().map_or(Value::Null, assessed));
        put(&mut told, "trend", json!(self.days(&edition.id)?));
        put(&mut told, "parts", json!(parts));
        Ok(told)
    }

    /// One requirement: what it asks, what is known, what was decided, who answers for it, and how it went over time.
    pub(super) async fn show_requirement(&self, id: &str) -> Result<Value, Problem> {
        let engine = self.engine()?;
        let requirement = engine.catalogue.requirement(id)?;
        let facts = self.recent_facts().await?;
        let last = self.last(&requirement.edition)?;
        let verdict = last.as_ref().and_then(|last| {
            let one = last.kept.assessment.verdicts.iter().find(|one| one.requirement == requirement.id)?;
            let mut told = json!(one);
            put(&mut told, "at", json!(last.kept.at));
            put(&mut told, "position", json!(last.position.0));
            Some(told)
        });
        let row = match self.composed(&requirement.edition, &[], &facts) {
            Ok(matrix) => {
                let parties: Vec<Value> = matrix
                    .parties
                    .iter()
                    .map(|party| json!({ "party": party.id, "name": party.name }))
                    .collect();
                let row = matrix.rows.iter().find(|row| row.requirement == requirement.id);
                row.map(|row| json!({ "parties": parties, "row": shown_row(engine, row) }))
            }
            // Who answers cannot be told; what is asked can.
            Err(_) => None,
        };
        let mut told = asked(engine, requirement);
        put(&mut told, "assessed", json!(verdict));
        put(&mut told, "facts", json!(bearing(engine, requirement, &facts)));
        put(&mut told, "exclusion", json!(facts.exclusions().of(&engine.catalogue, requirement)));
        put(&mut told, "responsibility", json!(row));
        put(&mut told, "target", self.target_of(&requirement.id));
        put(&mut told, "history", json!(self.history(requirement)?));
        Ok(told)
    }

    /// Of each day the last assessment, the oldest day first.
    fn days(&self, edition: &str) -> Result<Vec<Value>, Problem> {
        let mut days: BTreeMap<Day, Value> = BTreeMap::new();
        for one in self.history_of(edition)?.iter() {
            let counts: Vec<Value> = one.kept.counts().into_iter().map(counted).collect();
            days.entry(Day::of(one.kept.at.0))
                .or_insert_with(|| json!({ "at": one.kept.at, "counts": counts }));
        }
        Ok(days.into_values().collect())
    }

    /// The verdicts of a requirement where they changed, the newest first.
    fn history(&self, requirement: &Requirement) -> Result<Vec<Value>, Problem> {
        let mut told = Vec::new();
        let mut before = None;
        for one in self.history_of(&requirement.edition)?.iter().rev() {
            let verdict = one.kept.verdict_of(&requirement.id);
            if verdict.is_some() && verdict != before {
                told.push(json!({ "at": one.kept.at, "position": one.position.0, "verdict": verdict }));
                before = verdict;
            }
        }
        told.reverse();
        Ok(told)
    }
}

/// What an edition is.
pub(super) fn headed(edition: &Edition) -> Value {
    json!({
        "edition": edition.id,
        "publisher": edition.publisher,
        "published": edition.published,
        "url": edition.url,
    })
}

/// How an assessment came out.
fn assessed(stood: &Stood<KeptAssessment>) -> Value {
    let KeptAssessment { at, by, program, assessment, .. } = &stood.kept;
    let counts: Vec<Value> = assessment.counts().into_iter().map(counted).collect();
    json!({ "at": at, "by": by, "program": program, "position": stood.position.0, "counts": counts })
}

pub(super) fn counted((verdict, count): (guideline::Verdict, usize)) -> Value {
    json!({ "verdict": verdict, "count": count })
}

/// What a requirement asks.
fn asked(engine: &Engine, one: &Requirement) -> Value {
    let caution = one.basis.caution(base::Language::Japanese).zip(one.basis.caution(base::Language::English));
    let related = one.related.iter().filter_map(|id| engine.catalogue.requirement(id).ok());
    let check = engine.checks.of(&engine.catalogue, &one.id);
    let chapter = engine.catalogue.edition(&one.edition).ok().and_then(|edition| {
        let part = edition.parts.iter().find(|part| part.name == one.part)?;
        let chapter = part.chapters.iter().find(|chapter| chapter.number == one.chapter)?;
        Some(json!({ "part": part.title, "number": chapter.number, "title": chapter.title }))
    });
    json!({
        "requirement": one.id,
        "edition": one.edition,
        "chapter": chapter,
        "item": one.item,
        "name": one.name,
        "summary": one.summary,
        "actors": one.actors,
        "evidence": one.evidence,
        "locator": one.locator,
        "basis": one.basis,
        "caution": caution.map(Text::from),
        "note": one.note,
        "deadline": one.deadline,
        "related": related.map(|one| json!({ "requirement": one.id, "name": one.name })).collect::<Vec<_>>(),
        "satisfied_when": check.map(|check| check.satisfied_when.text()),
        "remedy": check.map(|check| &check.remedy),
    })
}

/// Every fact that bears on a requirement, known or not.
pub(super) fn bearing(engine: &Engine, requirement: &Requirement, facts: &Facts) -> Vec<Value> {
    let Some(check) = engine.checks.of(&engine.catalogue, &requirement.id) else { return Vec::new() };
    let keys = check.keys().into_iter().filter_map(|key| engine.registry.key(key).ok());
    keys.map(|key| {
        json!({
            "key": key.key,
            "kind": key.kind.word(),
            "unit": key.unit,
            "text": key.text,
            "fact": facts.get(&key.key),
        })
    })
    .collect()
}

/// Adds a member.
pub(super) fn put(told: &mut Value, name: &str, value: Value) {
    if let Some(members) = told.as_object_mut() {
        members.insert(name.to_owned(), value);
    }
}
