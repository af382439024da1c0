//! A past moment for whoever is at the server: `akashi at`.

use super::{Whole, bundle, single, text, whole};
use crate::asking::Asking;
use crate::chart::{self, Chart, who};
use crate::console;
use crate::facility::{Caller, Facility};
use access::{Action, Context};
use base::{Language, Problem, RecordKey, Time};
use std::sync::Arc;

/// In which form a past moment is shown.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Form {
    /// Plain text.
    Text,
    /// The page of `$chart`.
    Page,
    /// The Bundle of `$everything`.
    Bundle,
}

/// What of the past is asked for.
#[derive(Clone, Debug)]
pub struct AtMoment {
    /// A patient with all that belonged to them, or another record by itself.
    pub record: RecordKey,
    /// The moment.
    pub at: Time,
    /// In which form.
    pub form: Form,
    /// The language of texts.
    pub language: Language,
    /// The base of addresses in the answer.
    pub base_url: String,
}

impl Facility {
    /// The record of a patient, or one other record, as it stood at a moment. It is entered as an export.
    ///
    /// # Errors
    /// The law does not permit it, there was no such record then, or its entry cannot be written.
    pub async fn past_at_the_console(&self, asked: &AtMoment) -> Result<String, Problem> {
        let target = format!("{} at {}", asked.record, asked.at);
        let (trail, decided) = self.begin_at_the_console(Action::EXPORT, &target)?;
        let done = decided.and_then(|()| {
            let who = Arc::new(console::who(self.id()));
            let asking = Arc::new(Asking::new(self, &who, &Context::default(), &asked.base_url));
            let caller = Caller {
                actor: &console::actor(),
                language: asked.language,
                base_url: &asked.base_url,
                asking: &asking,
                trail: &trail,
                behalf: None,
                staff: None,
            };
            self.past(&caller, asked)
        });
        self.end_at_the_console(trail, &done).await?;
        done
    }

    fn past(&self, caller: &Caller<'_>, asked: &AtMoment) -> Result<String, Problem> {
        let (key, at) = (&asked.record, Some(asked.at));
        let seen: Whole = match &*key.kind {
            "Patient" => whole(self, caller, key, at)?,
            _ => single(self, caller, key, asked.at)?,
        };
        match asked.form {
            Form::Text => {
                text::text(&seen, &who(&seen, self.now(), asked.language)?, self.now(), asked.language)
            }
            Form::Page => chart::page(&Chart::new(self, caller, seen)?),
            Form::Bundle => {
                let query = [("_at".to_owned(), asked.at.to_string())];
                let address = format!("/{key}/$everything");
                let bytes = bundle(&seen, caller.base_url, (&address, &query), |_| true);
                String::from_utf8(bytes).map_err(|_| {
                    Problem::new(&store::codes::CORRUPT).with("what", "content that is not text")
                })
            }
        }
    }
}
