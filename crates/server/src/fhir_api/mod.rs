//! The FHIR API: one file per interaction, each turning a request into an [`Intent`] of the records.

mod bundle;
pub(crate) mod capabilities;
mod create;
mod delete;
mod history;
mod proof;
mod read;
mod search;
mod update;
mod vread;

use crate::codes;
use crate::decode;
use crate::router::Place;
use crate::routes::Interaction;
use base::{Problem, RecordKey, ResourceId, VersionNumber};
use http::HeaderMap;
use records::Intent;

/// The parts of a request that say what is wanted.
pub(crate) struct Asked<'a> {
    /// The header fields.
    pub(crate) headers: &'a HeaderMap,
    /// The parts of the path.
    pub(crate) place: Place<'a>,
    /// The parameters of query and form, without those on the form of the answer.
    pub(crate) query: Vec<(String, String)>,
    /// The body; empty where the route has none.
    pub(crate) body: Vec<u8>,
}

/// What the caller wants of the records.
pub(crate) fn intent(interaction: Interaction, asked: Asked<'_>) -> Result<Intent, Problem> {
    match interaction {
        Interaction::Bundle => bundle::intent(asked),
        Interaction::Create => create::intent(asked),
        Interaction::Read => read::intent(&asked),
        Interaction::VersionRead => vread::intent(&asked),
        Interaction::Update => update::intent(asked),
        Interaction::Delete => delete::intent(&asked),
        Interaction::HistoryRecord | Interaction::HistoryKind | Interaction::HistoryFacility => {
            history::intent(interaction, asked)
        }
        Interaction::Search | Interaction::SearchForm => search::intent(asked),
        Interaction::Proof => proof::intent(&asked),
        // The edge answers these without the records.
        Interaction::Health | Interaction::Capabilities | Interaction::Log => Err(unknown()),
    }
}

impl Asked<'_> {
    /// The resource type of the address. It looks like one; whether R4 has it, the records know.
    fn kind(&self) -> Result<String, Problem> {
        let kind = decode::segment(self.place.kind)?;
        let type_like = kind.len() <= KIND_BYTES_MAX
            && kind.starts_with(|letter: char| letter.is_ascii_uppercase())
            && kind.bytes().all(|byte| byte.is_ascii_alphabetic());
        if type_like { Ok(kind.into_owned()) } else { Err(unknown()) }
    }

    /// The record of the address.
    fn key(&self) -> Result<RecordKey, Problem> {
        let kind = self.kind()?;
        let id = decode::segment(self.place.id)?;
        let id = ResourceId::parse(&id).ok_or_else(|| Problem::new(&codes::ID_WRONG))?;
        Ok(RecordKey::new(&kind, id))
    }

    /// The version of the address, if it has one. What cannot be a version does not exist.
    fn version(&self) -> Result<Option<VersionNumber>, Problem> {
        let Some(text) = self.place.version else {
            return Ok(None);
        };
        let text = decode::segment(text)?;
        VersionNumber::parse(&text).map(Some).ok_or_else(unknown)
    }
}

/// Longest name of a resource type, in bytes.
const KIND_BYTES_MAX: usize = 64;

fn unknown() -> Problem {
    Problem::new(&codes::ADDRESS_UNKNOWN)
}
