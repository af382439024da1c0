//! Targets: by when a requirement that is not met is to be met, and who sees to it. They decide no verdict.

use super::{Evidence, people_only};
use crate::codes;
use crate::kept::{KeptTarget, record_id};
use crate::register::Step;
use crate::words::{NAME_CHARS_MAX, NOTE_CHARS_MAX, optional, text, wrong};
use base::Problem;
use guideline::{Day, Moment};
use serde_json::{Value, json};
use store::Actor;

/// What somebody takes on.
pub(super) struct Aiming {
    pub(super) requirement: String,
    pub(super) owner: String,
    pub(super) due: Day,
    pub(super) note: Option<String>,
}

impl Evidence {
    pub(super) async fn aim(&self, by: &Actor, said: Aiming) -> Result<Value, Problem> {
        let Aiming { requirement, owner, due, note } = said;
        people_only(by)?;
        let _changing = self.changing.lock().await;
        let now = self.clock.now();
        self.engine()?.catalogue.requirement(&requirement)?;
        if due.ends() <= now {
            return Err(wrong("the target date is over already", "目標日を過ぎています"));
        }
        let target = KeptTarget {
            id: record_id(&requirement),
            requirement,
            owner: text(&owner, NAME_CHARS_MAX, "the name of who sees to it", "担当者名")?,
            due,
            note: optional(note.as_deref(), NOTE_CHARS_MAX, "a note", "補足")?,
            entered_by: by.id.clone(),
            at: Moment(now),
        };
        let shown = json!(target);
        self.write(by, vec![Step::Target(target)]).await?;
        Ok(shown)
    }

    pub(super) async fn drop_target(&self, by: &Actor, requirement: &str) -> Result<Value, Problem> {
        people_only(by)?;
        let _changing = self.changing.lock().await;
        let id = record_id(requirement);
        if !self.register().targets.contains_key(&id) {
            return Err(Problem::new(&codes::NO_TARGET).with("requirement", requirement));
        }
        self.write(by, vec![Step::TargetEnd(id)]).await?;
        Ok(json!({ "requirement": requirement }))
    }

    /// The target of a requirement; null where nobody set one.
    pub(super) fn target_of(&self, requirement: &str) -> Value {
        let register = self.register();
        let now = self.clock.now();
        register.targets.get(&record_id(requirement)).map_or(Value::Null, |one| {
            json!({
                "owner": one.kept.owner,
                "due": one.kept.due,
                "note": one.kept.note,
                "entered_by": one.kept.entered_by,
                "at": one.kept.at,
                "position": one.position.0,
                "over": one.kept.due.ends() <= now,
            })
        })
    }
}
