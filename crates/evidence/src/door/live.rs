//! A form as people fill it in: its questions with the answers that follow from what is known at this moment. Nothing is kept.

use super::Evidence;
use super::guidelines::{bearing, headed, put};
use base::Problem;
use guideline::{Assessed, Engine, Facts, Requirement};
use serde_json::{Value, json};
use std::collections::BTreeMap;

impl Evidence {
    /// An edition with live answers, or one part or chapter of it.
    pub(super) async fn show_form(
        &self,
        edition: &str,
        (part, chapter): (Option<&str>, Option<&str>),
    ) -> Result<Value, Problem> {
        let engine = self.engine()?;
        let edition = engine.catalogue.edition(edition)?;
        let facts = self.recent_facts().await?;
        let assessment = engine.assess(&edition.id, None, &facts)?;
        let verdicts: BTreeMap<&str, &Assessed> =
            assessment.verdicts.iter().map(|one| (one.requirement.as_str(), one)).collect();
        let verdict_of = |id: &String| verdicts.get(id.as_str()).copied();
        let items = |ids: &[String]| {
            let item = |id: &String| {
                let requirement = engine.catalogue.requirement(id)?;
                Ok(self.item(engine, requirement, (verdict_of(id), &facts)))
            };
            ids.iter().map(item).collect::<Result<Vec<Value>, Problem>>()
        };
        let mut parts = Vec::new();
        for one in &edition.parts {
            let mut chapters = Vec::new();
            for within in &one.chapters {
                let wanted = part.is_none_or(|part| part == one.name)
                    && chapter.is_none_or(|chapter| chapter == within.number);
                let counts = counts(within.requirements.iter().filter_map(verdict_of));
                let mut told = json!({ "number": within.number, "title": within.title, "counts": counts });
                if wanted {
                    put(&mut told, "items", json!(items(&within.requirements)?));
                }
                chapters.push(told);
            }
            parts.push(json!({
                "part": one.name, "title": one.title, "gaps": one.gaps, "chapters": chapters,
            }));
        }
        let mut told = headed(edition);
        put(&mut told, "parts", json!(parts));
        Ok(told)
    }

    /// A question of the form with its answer, what that rests on, and what it takes to answer it otherwise.
    fn item(
        &self,
        engine: &Engine,
        one: &Requirement,
        (assessed, facts): (Option<&Assessed>, &Facts),
    ) -> Value {
        let check = engine.checks.of(&engine.catalogue, &one.id);
        let mut bears = bearing(engine, one, facts);
        for fact in &mut bears {
            let key = fact.get("key").and_then(Value::as_str).unwrap_or_default();
            let asked = key.strip_prefix("person.").and_then(|id| engine.registry.question(id));
            let (asked_of, open) = (
                json!(asked.map(|question| question.asked_of)),
                assessed.is_some_and(|assessed| assessed.open.contains(key)),
            );
            let decides = assessed.is_some_and(|assessed| assessed.decided_by.contains(key));
            put(fact, "asked_of", asked_of);
            put(fact, "open", json!(open));
            put(fact, "decides", json!(decides));
        }
        json!({
            "requirement": one.id,
            "item": one.item,
            "name": one.name,
            "summary": one.summary,
            "concerns": one.system_class,
            "deadline": one.deadline,
            "group": one.group,
            "forms": one.forms,
            "options": one.options,
            "note": one.note,
            "actors": one.actors,
            "verdict": assessed.map(|one| one.verdict),
            "exclusion": facts.exclusions().of(&engine.catalogue, one),
            "facts": bears,
            "remedy": check.map(|check| &check.remedy),
            "target": self.target_of(&one.id),
        })
    }
}

/// How many have which verdict.
fn counts<'a>(verdicts: impl Iterator<Item = &'a Assessed>) -> Vec<Value> {
    let mut counts = BTreeMap::new();
    for one in verdicts {
        let count: &mut usize = counts.entry(one.verdict).or_default();
        *count = count.saturating_add(1);
    }
    counts.into_iter().map(|(verdict, count)| json!({ "verdict": verdict, "count": count })).collect()
}
