//! Decisions that were made, kept by what can change them: many records of a page are one question.

use super::ask::Question;
use super::mentions::Mentions;
use crate::permit::{Policies, Refusal};
use std::collections::HashMap;
use std::sync::{PoisonError, RwLock};

/// How many decisions are kept. A facility has some dozens of occupations, types and actions in use at a time; what goes
/// beyond comes from labels and states, and whoever makes up many of them only has the map emptied.
const DECISIONS_MAX: usize = 16_384;

/// Longest question kept, in bytes; a longer one (hundreds of labels) is decided each time.
const QUESTION_BYTES_MAX: usize = 1_024;

/// What was decided.
pub(super) type Decision = Result<Policies, Refusal>;

/// Decisions by the bytes of their questions.
#[derive(Debug, Default)]
pub(super) struct Decisions(RwLock<HashMap<Box<[u8]>, Decision>>);

impl Decisions {
    /// The decision about a question, made if it is not kept.
    pub(super) fn of(&self, key: &[u8], decide: impl FnOnce() -> Decision) -> Decision {
        if let Some(kept) = self.0.read().unwrap_or_else(PoisonError::into_inner).get(key) {
            return kept.clone();
        }
        let decision = decide();
        if key.len() <= QUESTION_BYTES_MAX {
            let mut all = self.0.write().unwrap_or_else(PoisonError::into_inner);
            if all.len() >= DECISIONS_MAX {
                all.clear();
            }
            all.insert(key.into(), decision.clone());
        }
        decision
    }

    #[cfg(test)]
    pub(super) fn len(&self) -> usize {
        self.0.read().unwrap_or_else(PoisonError::into_inner).len()
    }
}

/// The bytes of a question: everything that the policies for its action look at, each text after its length, so that no
/// two questions have the same bytes.
pub(super) fn key(question: &Question<'_>, action: &str, mentions: &Mentions) -> Vec<u8> {
    let Question { who, on, context, facility, granted } = *question;
    let mut key = Key(Vec::with_capacity(192));
    key.text(action);
    key.text(on.kind);
    key.text(facility);
    key.text(&who.facility);
    key.text(who.kind.word());
    key.text(who.occupation.unwrap_or_default());
    key.texts(who.duties.iter().copied());
    key.flags([granted, question.through_app(), on.broken, on.treating, question.patient_known(), who.fresh]);
    key.texts(question.labels().iter().map(String::as_str));
    key.texts(on.patient_labels.iter().map(String::as_str));
    key.text_if(mentions.accounts(), Some(&who.account));
    key.text_if(mentions.has("author"), on.author);
    key.text_if(mentions.has("state"), Some(question.state()));
    key.text_if(mentions.has("device"), who.device.as_deref());
    key.text_if(mentions.has("zone"), Some(&who.zone));
    key.text_if(mentions.has("purpose"), Some(&context.purpose));
    if mentions.has("factors") {
        key.texts(who.factors.iter().copied());
    }
    if mentions.has("hour") || mentions.has("weekday") {
        key.0.extend([context.hour, context.weekday]);
    }
    key.0
}

struct Key(Vec<u8>);

impl Key {
    /// Two bytes: what is longer makes a question that is not kept, and that is as long as none that is kept.
    fn length(&mut self, length: usize) {
        self.0.extend(u16::try_from(length).unwrap_or(u16::MAX).to_le_bytes());
    }

    fn text(&mut self, text: &str) {
        self.length(text.len());
        self.0.extend(text.as_bytes());
    }

    /// A text that may be absent, or that nobody looks at.
    fn text_if(&mut self, looked_at: bool, text: Option<&str>) {
        match text.filter(|_| looked_at) {
            Some(text) => {
                self.0.push(1);
                self.text(text);
            }
            None => self.0.push(0),
        }
    }

    fn texts<'t>(&mut self, texts: impl ExactSizeIterator<Item = &'t str>) {
        self.length(texts.len());
        texts.for_each(|text| self.text(text));
    }

    fn flags<const N: usize>(&mut self, flags: [bool; N]) {
        self.0.extend(flags.map(u8::from));
    }
}
