//! The one door to the records of a facility: every request comes through [`Facility::perform`].

use crate::call::{Answer, Call, Intent, Problems};
use crate::facility::{Caller, Facility};
use crate::{bundle, create, delete, history, proof, read, search, update, vread};

impl Facility {
    /// Does what a caller wants, or says why not. A write is durable, journaled and signed when this returns.
    pub async fn perform(&self, call: Call<'_>) -> Result<Answer, Problems> {
        let Call { actor, language, base_url, intent } = call;
        let caller = Caller { actor, language, base_url };
        match intent {
            Intent::Create { kind, body } => create::perform(self, &caller, &kind, &body).await,
            Intent::Update { key, body, condition } => {
                update::perform(self, &caller, key, &body, condition).await
            }
            Intent::Delete { key, condition } => delete::perform(self, &caller, key, condition).await,
            Intent::Read { key, known } => read::perform(self, key, known),
            Intent::VersionRead { key, version } => vread::perform(self, key, version),
            Intent::History { scope, query } => history::perform(self, &caller, &scope, &query),
            Intent::Search { kind, query } => {
                let within = search::Within { kind: &kind, compartment: None, lenient: false };
                search::perform(self, &caller, within, &query)
            }
            Intent::Bundle { body } => bundle::perform(self, &caller, &body).await,
            Intent::Proof { key, version } => proof::perform(self, &key, version),
        }
    }
}
