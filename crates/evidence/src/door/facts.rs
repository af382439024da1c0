//! Everything that is known about a facility at a moment.

use super::Evidence;
use base::{Problem, Time};
use guideline::{Engine, Exclusion, Exclusions, Fact, Facts};
use serde_json::{Value, json};

impl Evidence {
    /// Everything that is known, and what was decided not to apply.
    pub(super) async fn list_facts(&self) -> Result<Value, Problem> {
        let facts = self.facts().await?;
        let excluded: Vec<&Exclusion> = facts.exclusions().iter().collect();
        Ok(json!({ "facts": facts.iter().collect::<Vec<_>>(), "exclusions": excluded }))
    }

    /// What the running system shows, what the register of documents and the check of the site tell, and what people said.
    ///
    /// # Errors
    /// The running system shows something that the registry does not know.
    pub async fn facts(&self) -> Result<Facts, Problem> {
        let shown = (self.look)().await;
        let (engine, now) = (self.engine()?, self.clock.now());
        let mut brought = self.document_facts(now).await;
        let site = self.site_facts();
        // What the check of the site shows, nobody needs to say; what it leaves open, people may.
        let shown_by_site =
            |fact: &Fact| site.iter().any(|one| one.key == fact.key && counts(engine, one, now));
        brought.extend(self.answer_facts().into_iter().filter(|fact| !shown_by_site(fact)));
        brought.extend(site);
        // What an earlier rule set asked and this one does not know is no input any more; it stays in the journal.
        let known = |fact: &Fact| Facts::gather(&engine.registry, [fact.clone()], now).is_ok();
        brought.retain(known);
        brought.extend(self.register().risks.facts(self.risk_rules()?, now));
        let facts = Facts::gather(&engine.registry, shown.into_iter().chain(brought), now)?;
        Ok(facts.excluding(Exclusions::gather(&engine.catalogue, self.excluded(engine), now)?))
    }
}

/// Whether a fact still counts.
fn counts(engine: &Engine, fact: &Fact, now: Time) -> bool {
    Facts::gather(&engine.registry, [fact.clone()], now).is_ok_and(|facts| facts.iter().next().is_some())
}
