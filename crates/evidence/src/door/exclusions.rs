//! Decisions that a requirement does not apply to the facility.

use super::{Evidence, people_only};
use crate::codes;
use crate::command::until;
use crate::kept::{KeptExclusion, record_id};
use crate::register::Step;
use crate::words::{NAME_CHARS_MAX, NOTE_CHARS_MAX, text, wrong};
use base::Problem;
use guideline::Day;
use guideline::{Engine, Exclusion, Moment};
use serde_json::{Value, json};
use store::Actor;

/// After how many months it is decided again when nothing is said.
const MONTHS: u32 = 12;

/// What somebody decided.
pub(super) struct Excluding<'a> {
    pub(super) requirement: &'a str,
    pub(super) reason: &'a str,
    pub(super) name: &'a str,
    pub(super) until: Option<Day>,
}

impl Evidence {
    /// What was decided not to apply, of the requirements that there are.
    pub(super) fn excluded(&self, engine: &Engine) -> Vec<Exclusion> {
        let register = self.register();
        let known = register.exclusions.values().map(|one| &one.kept);
        let known = known.filter(|one| engine.catalogue.requirement(&one.requirement).is_ok());
        known
            .map(|one| Exclusion {
                requirement: one.requirement.clone(),
                reason: one.reason.clone(),
                decided_by: one.name.clone(),
                at: one.at,
                valid_until: one.valid_until,
            })
            .collect()
    }

    pub(super) async fn exclude(&self, by: &Actor, said: Excluding<'_>) -> Result<Value, Problem> {
        let Excluding { requirement, reason, name, until: until_day } = said;
        people_only(by)?;
        let _changing = self.changing.lock().await;
        let now = self.clock.now();
        self.engine()?.catalogue.requirement(requirement)?;
        let until = until(until_day, now, MONTHS);
        if until <= now {
            return Err(wrong("the decision would be over already", "有効期限を過ぎています"));
        }
        let exclusion = KeptExclusion {
            id: record_id(requirement),
            requirement: requirement.to_owned(),
            reason: text(reason, NOTE_CHARS_MAX, "a reason", "理由")?,
            name: text(name, NAME_CHARS_MAX, "the name of who decided", "決定者名")?,
            entered_by: by.id.clone(),
            at: Moment(now),
            valid_until: Moment(until),
        };
        let shown = json!(exclusion);
        self.write(by, vec![Step::Exclusion(exclusion)]).await?;
        Ok(shown)
    }

    pub(super) async fn include(&self, by: &Actor, requirement: &str) -> Result<Value, Problem> {
        people_only(by)?;
        let _changing = self.changing.lock().await;
        let id = record_id(requirement);
        if !self.register().exclusions.contains_key(&id) {
            return Err(Problem::new(&codes::NOT_EXCLUDED).with("requirement", requirement));
        }
        self.write(by, vec![Step::ExclusionEnd(id)]).await?;
        Ok(json!({ "requirement": requirement }))
    }
}
