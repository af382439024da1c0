//! Everything that is known about a facility at a moment.

use super::Evidence;
use base::{Problem, Time};
use guideline::{Engine, Exclusion, Exclusions, Fact, Facts};
use serde_json::{Value, json};

/// How long a look at the running system is good enough for a page, in seconds.
const RECENT_SECONDS: i64 = 60;

/// What a look at the running system showed.
#[derive(Clone, Debug)]
pub(super) struct Looked {
    at: Time,
    facts: Vec<Fact>,
}

impl Evidence {
    /// Everything that is known, and what was decided not to apply; with a look at the running system that may be recent.
    pub(super) async fn list_facts(&self, recent: bool) -> Result<Value, Problem> {
        let facts = if recent { self.recent_facts().await? } else { self.facts().await? };
        let excluded: Vec<&Exclusion> = facts.exclusions().iter().collect();
        Ok(json!({ "facts": facts.iter().collect::<Vec<_>>(), "exclusions": excluded }))
    }

    /// What the running system shows, what the register of documents and the check of the site tell, and what people said.
    ///
    /// # Errors
    /// The running system shows something that the registry does not know.
    pub async fn facts(&self) -> Result<Facts, Problem> {
        let shown = (self.look)().await;
        let looked = Looked { at: self.clock.now(), facts: shown.clone() };
        *self.looked.lock().await = Some(looked);
        self.gathered(shown).await
    }

    /// The same for a page: a look at the running system takes a second and leaves entries of its own, so that one within the
    /// last minute is shown again. Each of its facts says when it was seen; all else is as it is now.
    ///
    /// # Errors
    /// As for [`Evidence::facts`].
    pub(super) async fn recent_facts(&self) -> Result<Facts, Problem> {
        // Whoever comes meanwhile waits for the same look.
        let mut looked = self.looked.lock().await;
        let now = self.clock.now();
        let is_recent = |one: &Looked| one.at <= now && now < one.at.plus_seconds(RECENT_SECONDS);
        let shown = if let Some(one) = looked.as_ref().filter(|one| is_recent(one)) {
            one.facts.clone()
        } else {
            let shown = (self.look)().await;
            *looked = Some(Looked { at: self.clock.now(), facts: shown.clone() });
            shown
        };
        drop(looked);
        self.gathered(shown).await
    }

    async fn gathered(&self, shown: Vec<Fact>) -> Result<Facts, Problem> {
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
