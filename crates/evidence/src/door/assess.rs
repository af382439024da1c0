//! Assessments: made of what is known now and kept with it, or shown as they stood at a moment.

use super::Evidence;
use crate::codes;
use crate::command::Page;
use crate::kept::{KeptAssessment, Stood, load_at, put};
use base::{Language, Problem};
use guideline::{Assessed, Assessment, Engine, Fact, Facts, Moment, Side};
use serde_json::{Value, json};
use std::collections::BTreeSet;
use store::{Actor, Batch, Expected};

impl Evidence {
    /// Assesses an edition, or shows how it was assessed at a moment. An assessment that says something else than the last
    /// one, or for other reasons, is kept.
    pub(super) async fn assess(
        &self,
        by: &Actor,
        edition: &str,
        side: Option<Side>,
        at: Option<Moment>,
    ) -> Result<Stood<KeptAssessment>, Problem> {
        let engine = self.engine()?;
        engine.catalogue.edition(edition)?;
        let id = KeptAssessment::id_of(edition, side);
        if let Some(at) = at {
            let kept = self.store.inspect(|inside| load_at::<KeptAssessment>(inside, &id, at.0))?;
            let absent = || {
                Problem::new(&codes::ASSESSMENT_ABSENT).with("edition", edition).with("at", at.0.in_japan())
            };
            return kept.ok_or_else(absent);
        }
        let made = self.judged(by, edition, side, &self.facts().await?)?;
        self.keep(by, made).await
    }

    /// An assessment of what is known, which nobody keeps yet.
    pub(super) fn judged(
        &self,
        by: &Actor,
        edition: &str,
        side: Option<Side>,
        facts: &Facts,
    ) -> Result<KeptAssessment, Problem> {
        let assessment = self.engine()?.assess(edition, side, facts)?;
        Ok(KeptAssessment {
            id: KeptAssessment::id_of(edition, side),
            at: Moment(self.clock.now()),
            program: env!("CARGO_PKG_VERSION").to_owned(),
            by: by.id.clone(),
            facts: inputs(&assessment, facts),
            assessment,
        })
    }

    /// An assessment as it is told, with the document that is wanted of it.
    pub(super) fn with_page(
        &self,
        stood: Stood<KeptAssessment>,
        page: Option<Page>,
    ) -> Result<Value, Problem> {
        let engine = self.engine()?;
        let mut told = shown(engine, &stood);
        let at = stood.kept.at.max(Moment(stood.time));
        let KeptAssessment { assessment, facts, .. } = stood.kept;
        // Facts that counted then, whenever it is looked.
        let facts = Facts::gather(&engine.registry, facts, at.0)?;
        let text = match page {
            None => return Ok(told),
            Some(Page::Oscal) => report::oscal::write_results(engine, &assessment, &facts, at.0)?,
            Some(Page::HtmlJa) => {
                report::html::assessment_page(engine, &assessment, &facts, Language::Japanese, at.0)?
            }
            Some(Page::HtmlEn) => {
                report::html::assessment_page(engine, &assessment, &facts, Language::English, at.0)?
            }
        };
        if let Some(members) = told.as_object_mut() {
            members.insert("text".to_owned(), json!(text));
        }
        Ok(told)
    }

    async fn keep(&self, by: &Actor, made: KeptAssessment) -> Result<Stood<KeptAssessment>, Problem> {
        let _changing = self.changing.lock().await;
        let last = self.store.inspect(|inside| load_at::<KeptAssessment>(inside, &made.id, made.at.0))?;
        if let Some(last) = last.filter(|last| last.kept.says_the_same(&made)) {
            // The same answer stands since then; what is shown beside it is as it is now.
            return Ok(Stood { kept: made, ..last });
        }
        self.enter_assessment(by, made).await
    }

    /// Writes an assessment to the journal. The caller holds `changing`.
    pub(super) async fn enter_assessment(
        &self,
        by: &Actor,
        made: KeptAssessment,
    ) -> Result<Stood<KeptAssessment>, Problem> {
        let change = put(&made, Expected::Anything)?;
        let entered = self.store.append_identities(Batch::new(by.clone(), vec![change])).await;
        // Also where it is not known whether it was written.
        self.memory.forget(&made.id);
        let written = entered?.written.first().and_then(|one| Some((one.version?, one.position?, one.time)));
        let (version, position, time) =
            written.ok_or_else(|| Problem::new(&codes::NOT_KEPT).log("no place"))?;
        Ok(Stood { kept: made, version, position, time })
    }
}

/// The facts that decided something.
pub(super) fn inputs(assessment: &Assessment, facts: &Facts) -> Vec<Fact> {
    let keys: BTreeSet<&String> = assessment.verdicts.iter().flat_map(|one| &one.decided_by).collect();
    keys.into_iter().filter_map(|key| facts.get(key).cloned()).collect()
}

fn shown(engine: &Engine, stood: &Stood<KeptAssessment>) -> Value {
    let KeptAssessment { program, by, assessment, facts, .. } = &stood.kept;
    // Whoever asks for this moment finds it: it stands in the journal by then.
    let at = stood.kept.at.max(Moment(stood.time));
    json!({
        "edition": assessment.edition,
        "side": assessment.side,
        "at": at,
        "by": by,
        "program": program,
        "kept": { "position": stood.position.0, "time": stood.time.to_string() },
        "counts": assessment.counts().into_iter().map(|(verdict, count)| json!({ "verdict": verdict, "count": count })).collect::<Vec<_>>(),
        "verdicts": assessment.verdicts.iter().map(|one| told(engine, one)).collect::<Vec<_>>(),
        "facts": facts,
    })
}

/// A verdict with what the requirement is called, what it would take, and what to do.
fn told(engine: &Engine, one: &Assessed) -> Value {
    let mut told = json!(one);
    let (requirement, check) = (
        engine.catalogue.requirement(&one.requirement).ok(),
        engine.checks.of(&engine.catalogue, &one.requirement),
    );
    if let Some(members) = told.as_object_mut() {
        if let Some(requirement) = requirement {
            let name = json!({ "ja": requirement.name.ja, "en": requirement.name.en });
            members.insert("name".to_owned(), name);
            members.insert("basis".to_owned(), json!(requirement.basis));
        }
        if let Some(check) = check {
            members.insert("satisfied_when".to_owned(), json!(check.satisfied_when.text()));
            let remedy = json!({ "ja": check.remedy.ja, "en": check.remedy.en });
            members.insert("remedy".to_owned(), remedy);
        }
    }
    told
}
