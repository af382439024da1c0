//! The one door to the records of a facility: every request comes through [`Facility::perform`].

use crate::asking::Asking;
use crate::audit::{self, Trailing};
use crate::behalf::Behalf;
use crate::bundle_entry::Reading;
use crate::call::{Answer, Call, Intent, Problems};
use crate::facility::{Caller, Facility};
use crate::trail::Trail;
use crate::{
    bundle, chart, codes, create, delete, diff, document, duplicates, log, look, patch, proof, settle,
    update, validate,
};
use access::Action;
use base::Problem;
use std::sync::Arc;

impl Facility {
    /// Does what a caller wants, or says why not. A write is durable, journaled and signed when this returns.
    pub async fn perform(&self, call: Call<'_>) -> Result<Answer, Problems> {
        let Call { actor, who, context, trail, language, base_url, intent, provenance, staff } = call;
        let asking = Arc::new(Asking::new(self, who, context, base_url));
        name(&intent, trail);
        let behalf = provenance.map(|value| Behalf::of(value, &intent)).transpose()?;
        let behalf = behalf.as_ref();
        let caller = Caller { actor, language, base_url, asking: &asking, trail, behalf, staff };
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
            Intent::Settle { act, key, body, condition } => {
                let asked = settle::Asked { act, key, body, condition };
                settle::perform(self, &caller, &asked).await
            }
            Intent::Match { kind, body } => duplicates::matches(self, &caller, &kind, &body),
            Intent::Duplicates { kind, query } => duplicates::list(self, &caller, &kind, &query),
            Intent::Unite { act, kind, body } => duplicates::unite(self, &caller, (act, &kind), &body).await,
            Intent::Bundle { body, returned, lenient } => {
                bundle::perform(self, &caller, &body, bundle::Wanted { returned, lenient }).await
            }
            Intent::Lookers { key, query } => {
                if *key.kind != *"Patient" {
                    return Err(Problem::new(&codes::LOOKERS_OF).with("type", &key.kind).into());
                }
                audit::perform(self, &caller, &Trailing::Lookers(key.id), &query)
            }
            Intent::Chart { key, query } => chart::perform(self, &caller, &key, &query),
            Intent::HistoryDiff { key, query, page } => {
                diff::perform(self, &caller, &diff::Asked { key: &key, query: &query, page })
            }
            Intent::Document { key, query } => document::perform(self, &caller, &key, &query),
            Intent::Log { path } => log::perform(self, &caller, &path),
            Intent::Proof { key, version } => proof::perform(self, &caller, &key, version),
        }
    }
}

/// What the access entry says of what is asked for.
fn name(intent: &Intent, trail: &Trail) {
    let (action, target, query) = match intent {
        Intent::Create { kind, none_exist, .. } => (Action::CREATE, kind.clone(), none_exist.as_ref()),
        Intent::Update { target, .. } => (Action::UPDATE, target.to_string(), target.criteria()),
        Intent::Patch { target, .. } => (Action::PATCH, target.to_string(), target.criteria()),
        Intent::Delete { target, .. } => (Action::DELETE, target.to_string(), target.criteria()),
        Intent::Bundle { .. } => (Action::BUNDLE, "Bundle".to_owned(), None),
        Intent::Validate { kind, id, body, .. } => {
            let action = if body.is_some() { Action::CHECK } else { Action::VALIDATE };
            (action, id.as_ref().map_or_else(|| kind.clone(), |id| format!("{kind}/{id}")), None)
        }
        Intent::Chart { key, query } => (Action::EVERYTHING, format!("{key}/$chart"), Some(query)),
        Intent::Document { key, query } => {
            let action = if *key.kind == *"Patient" { Action::EVERYTHING } else { Action::READ };
            (action, format!("{key}/$document"), Some(query))
        }
        Intent::HistoryDiff { key, query, .. } => {
            (Action::HISTORY, format!("{key}/$history-diff"), Some(query))
        }
        Intent::Match { kind, .. } => (Action::SEARCH, format!("{kind}/$match"), None),
        Intent::Duplicates { kind, query } => (Action::SEARCH, format!("{kind}/$duplicates"), Some(query)),
        Intent::Unite { act, kind, .. } => (act.action(), format!("{kind}/${}", act.name()), None),
        Intent::Settle { act, key, .. } => (act.action(), key.to_string(), None),
        Intent::Log { path } => (Action::LOG, format!("log/{path}"), None),
        Intent::Proof { key, version } => {
            let version = version.map(|version| format!("/_history/{version}")).unwrap_or_default();
            (Action::PROOF, format!("{key}{version}"), None)
        }
        // Readings name themselves, since those in a Bundle do so as well.
        Intent::Read { .. }
        | Intent::VersionRead { .. }
        | Intent::History { .. }
        | Intent::Search { .. }
        | Intent::Lookers { .. }
        | Intent::Everything { .. } => return,
    };
    trail.asked(action, &target, query.map(Vec::as_slice));
}
