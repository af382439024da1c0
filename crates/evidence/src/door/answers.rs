//! Answers of people: to the questions of the registry, and about the site as long as nothing describes it.

use super::{Evidence, people_only};
use crate::codes;
use crate::command::until;
use crate::kept::{Attestation, Stood, record_id};
use crate::register::Step;
use crate::words::{DAY_SECONDS, NAME_CHARS_MAX, NOTE_CHARS_MAX, optional, text, wrong};
use base::{Problem, Time};
use guideline::Day;
use guideline::{Engine, Fact, FactKey, FactOrigin, Facts, Moment, Text};
use serde_json::{Value, json};
use store::Actor;

/// What somebody says.
pub(super) struct Said {
    pub(super) question: String,
    pub(super) answer: guideline::Value,
    pub(super) name: String,
    pub(super) note: Option<String>,
    pub(super) until: Option<Day>,
}

impl Evidence {
    /// The facts that answers tell. An answer that is over tells nothing any more: it is asked again.
    pub(super) fn answer_facts(&self) -> Vec<Fact> {
        self.register().answers.values().map(fact).collect()
    }

    /// Every question with its newest answer; those that decide most requirements come first.
    pub(super) fn list_questions(&self) -> Result<Value, Problem> {
        let (engine, now) = (self.engine()?, self.clock.now());
        let register = self.register();
        let mut questions: Vec<(usize, Value)> = Vec::new();
        for key in engine.registry.keys().filter(|key| can_be_answered(&key.key)) {
            let answer = register.answers.get(&record_id(&key.key));
            let rest = self.rules.resting_on(&key.key)?;
            questions.push((rest, question(engine, key, answer, rest, now)));
        }
        questions.sort_by_key(|(rest, _)| std::cmp::Reverse(*rest));
        Ok(json!({ "questions": questions.into_iter().map(|(_, one)| one).collect::<Vec<_>>() }))
    }

    pub(super) async fn attest(&self, by: &Actor, said: Said) -> Result<Value, Problem> {
        people_only(by)?;
        let _changing = self.changing.lock().await;
        let (engine, now) = (self.engine()?, self.clock.now());
        let key = asked(engine, &said.question)?;
        let fitting = Fact::seen(&key.key, said.answer.clone(), now, Text::default());
        Facts::gather(&engine.registry, [fitting], now)?;
        let until = match (said.until, engine.registry.question(question_id(&key.key))) {
            (Some(day), _) => day.ends(),
            (None, Some(question)) => until(None, now, question.valid_months),
            (None, None) => {
                now.plus_seconds(i64::from(key.valid_days.unwrap_or(30)).saturating_mul(DAY_SECONDS))
            }
        };
        if until <= now {
            return Err(wrong("the answer would be over already", "回答の有効期限を過ぎています"));
        }
        let answer = Attestation {
            id: record_id(&key.key),
            key: key.key.clone(),
            question_ja: key.text.ja.clone(),
            question_en: key.text.en.clone(),
            answer: said.answer,
            name: text(&said.name, NAME_CHARS_MAX, "a name", "回答者名")?,
            note: optional(said.note.as_deref(), NOTE_CHARS_MAX, "a note", "補足")?,
            entered_by: by.id.clone(),
            at: Moment(now),
            valid_until: Moment(until),
        };
        let id = answer.id.clone();
        self.write(by, vec![Step::Answer(answer)]).await?;
        let register = self.register();
        let rest = self.rules.resting_on(&key.key)?;
        Ok(question(engine, key, register.answers.get(&id), rest, now))
    }
}

/// What people can answer: questions to them, and facts of the site.
fn can_be_answered(key: &str) -> bool {
    [FactOrigin::Person, FactOrigin::Site]
        .iter()
        .any(|origin| key.starts_with(&format!("{}.", origin.word())))
}

fn question_id(key: &str) -> &str {
    key.strip_prefix("person.").unwrap_or(key)
}

/// The key of a question, which may be named without `person.`.
fn asked<'a>(engine: &'a Engine, question: &str) -> Result<&'a FactKey, Problem> {
    let names = [question.to_owned(), format!("person.{question}")];
    let found =
        names.iter().filter(|name| can_be_answered(name)).find_map(|name| engine.registry.key(name).ok());
    found.ok_or_else(|| Problem::new(&codes::QUESTION_UNKNOWN).with("question", question))
}

fn fact(one: &Stood<Attestation>) -> Fact {
    let Attestation { key, answer, name, at, valid_until, .. } = &one.kept;
    let how = Text { ja: format!("{name} さんの回答"), en: format!("answered by {name}") };
    let mut fact = Fact::seen(key, answer.clone(), at.0, how).at(one.position);
    fact.origin = FactOrigin::Person;
    fact.valid_until = Some(*valid_until);
    fact
}

fn question(
    engine: &Engine,
    key: &FactKey,
    answer: Option<&Stood<Attestation>>,
    requirements: usize,
    now: Time,
) -> Value {
    let state = match answer {
        None => "open",
        Some(one) if one.kept.valid_until.0 <= now => "over",
        Some(_) => "answered",
    };
    json!({
        "question": key.key,
        "kind": key.kind.word(),
        "text": { "ja": key.text.ja, "en": key.text.en },
        "asked_of": engine.registry.question(question_id(&key.key)).map(|one| one.asked_of),
        "requirements": requirements,
        "state": state,
        "answer": answer.map(|one| json!({
            "answer": one.kept.answer,
            "name": one.kept.name,
            "note": one.kept.note,
            "entered_by": one.kept.entered_by,
            "at": one.kept.at,
            "valid_until": one.kept.valid_until,
            "position": one.position.0,
        })),
    })
}
