//! The one door to the records of a facility: every request comes through [`Facility::perform`].

use crate::bundle_entry::Reading;
use crate::call::{Answer, Call, Intent, Problems};
use crate::facility::{Caller, Facility};
use crate::{bundle, create, delete, look, patch, proof, update, validate};

impl Facility {
    /// Does what a caller wants, or says why not. A write is durable, journaled and signed when this returns.
    pub async fn perform(&self, call: Call<'_>) -> Result<Answer, Problems> {
        let Call { actor, language, base_url, intent } = call;
        let caller = Caller { actor, language, base_url };
        match intent {
            Intent::Create { kind, body, none_exist } => {
                create::perform(self, &caller, &kind, &body, none_exist.as_ref()).await
            }
            Intent::Update { target, body, condition } => {
                update::perform(self, &caller, target, &body, condition).await
            }
            Intent::Patch { target, body, condition } => {
                patch::perform(self, &caller, &target, &body, condition).await
            }
            Intent::Delete { target, condition } => delete::perform(self, &caller, target, condition).await,
            Intent::Read { key, known, query } => {
                look::perform(self, &caller, Reading::Record(key, known, query), false)
            }
            Intent::VersionRead { key, version, query } => {
                look::perform(self, &caller, Reading::Version(key, version, query), false)
            }
            Intent::History { scope, query } => {
                look::perform(self, &caller, Reading::History(scope, query), false)
            }
            Intent::Search { kind, query, compartment, lenient } => {
                look::perform(self, &caller, Reading::Search { kind, query, compartment }, lenient)
            }
            Intent::Everything { key, query } => {
                look::perform(self, &caller, Reading::Everything(key, query), false)
            }
            Intent::Validate { kind, id, body, query } => {
                let asked = validate::Asked { kind, id, body, query };
                validate::perform(self, &caller, &asked)
            }
            Intent::Bundle { body, returned, lenient } => {
                bundle::perform(self, &caller, &body, bundle::Wanted { returned, lenient }).await
            }
            Intent::Proof { key, version } => proof::perform(self, &key, version),
        }
    }
}
