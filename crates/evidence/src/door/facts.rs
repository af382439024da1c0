//! Everything that is known about a facility at a moment.

use super::Evidence;
use base::Problem;
use guideline::{Exclusions, Fact, Facts};

impl Evidence {
    /// What the running system shows, what the register of documents tells, and what people said.
    ///
    /// # Errors
    /// The running system shows something that the registry does not know.
    pub async fn facts(&self) -> Result<Facts, Problem> {
        let shown = (self.look)().await;
        let (engine, now) = (self.engine()?, self.clock.now());
        let mut brought = self.document_facts(now).await;
        brought.extend(self.answer_facts());
        // What an earlier rule set asked and this one does not know is no input any more; it stays in the journal.
        let known = |fact: &Fact| Facts::gather(&engine.registry, [fact.clone()], now).is_ok();
        brought.retain(known);
        brought.extend(self.register().risks.facts(self.risk_rules()?, now));
        let facts = Facts::gather(&engine.registry, shown.into_iter().chain(brought), now)?;
        Ok(facts.excluding(Exclusions::gather(&engine.catalogue, self.excluded(engine), now)?))
    }
}
