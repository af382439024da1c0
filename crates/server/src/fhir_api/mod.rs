//! The FHIR API: one file per interaction, each turning a request into an [`Intent`] of the records.

mod bundle;
pub(crate) mod capabilities;
mod create;
mod delete;
mod everything;
mod history;
mod patch;
mod proof;
mod read;
mod search;
mod settle;
mod update;
mod validate;
mod vread;

use crate::codes;
use crate::decode;
use crate::interactions::{Interaction, OPERATIONS};
use crate::log_api;
use crate::prefer::Preference;
use crate::router::Place;
use base::{Problem, RecordKey, ResourceId, VersionNumber};
use http::HeaderMap;
use records::{Intent, Problems, Query, Settling, Target, Uniting};

/// The parts of a request that say what is wanted.
pub(crate) struct Asked<'a> {
    /// The header fields.
    pub(crate) headers: &'a HeaderMap,
    /// What they say of preferences.
    pub(crate) preference: Preference,
    /// The parts of the path.
    pub(crate) place: Place<'a>,
    /// The parameters of query and form, without those on the form of the answer.
    pub(crate) query: Query,
    /// Whether a page for people is wanted rather than JSON, where both are offered.
    pub(crate) page: bool,
    /// The body; empty where the route has none.
    pub(crate) body: Vec<u8>,
}

/// What the caller wants of the records.
pub(crate) fn intent(interaction: Interaction, asked: Asked<'_>) -> Result<Intent, Problems> {
    let intent = match interaction {
        Interaction::Bundle => bundle::intent(asked),
        Interaction::Create => create::intent(asked),
        Interaction::Read => read::intent(asked),
        Interaction::VersionRead => vread::intent(asked),
        Interaction::Update | Interaction::UpdateOnly => update::intent(interaction, asked),
        Interaction::Patch | Interaction::PatchOnly => patch::intent(interaction, asked),
        Interaction::Delete | Interaction::DeleteOnly => delete::intent(interaction, asked),
        Interaction::HistoryRecord | Interaction::HistoryKind | Interaction::HistoryFacility => {
            history::intent(interaction, asked)
        }
        Interaction::Search | Interaction::SearchForm => search::intent(asked),
        Interaction::SearchFacility | Interaction::SearchFacilityForm => Ok(search::of_facility(asked)),
        Interaction::SearchCompartment | Interaction::SearchCompartmentForm => {
            search::within_compartment(asked)
        }
        Interaction::Everything | Interaction::EverythingForm => return everything::intent(asked),
        Interaction::Validate | Interaction::ValidateRecord => validate::intent(asked),
        Interaction::Finalize => settle::intent(Settling::Finalize, asked),
        Interaction::Amend => settle::intent(Settling::Amend, asked),
        Interaction::Withdraw => settle::intent(Settling::Withdraw, asked),
        Interaction::Approve => settle::intent(Settling::Approve, asked),
        Interaction::Return => settle::intent(Settling::Return, asked),
        Interaction::Assign => settle::intent(Settling::Assign, asked),
        Interaction::Cosign => settle::intent(Settling::Cosign, asked),
        Interaction::Match => asked.kind().map(|kind| Intent::Match { kind, body: asked.body }),
        Interaction::Duplicates => asked.kind().map(|kind| Intent::Duplicates { kind, query: asked.query }),
        Interaction::Merge => asked.unite(Uniting::Merge),
        Interaction::Unmerge => asked.unite(Uniting::Unmerge),
        Interaction::Distinct => asked.unite(Uniting::Distinct),
        Interaction::Proof => proof::intent(&asked),
        Interaction::Chart => asked.key().map(|key| Intent::Chart { key, query: asked.query }),
        Interaction::HistoryDiff => {
            asked.key().map(|key| Intent::HistoryDiff { key, query: asked.query, page: asked.page })
        }
        Interaction::Document => asked.key().map(|key| Intent::Document { key, query: asked.query }),
        Interaction::Lookers => asked.key().map(|key| Intent::Lookers { key, query: asked.query }),
        Interaction::Log => log_api::intent(asked.place.path),
        // The edge answers these without the records.
        Interaction::Health
        | Interaction::Capabilities
        | Interaction::Identity(_)
        | Interaction::Console(_) => Err(unknown()),
    };
    Ok(intent?)
}

impl Asked<'_> {
    /// The resource type of the address. It looks like one; whether R4 has it, the records know.
    fn kind(&self) -> Result<String, Problem> {
        kind(self.place.kind)
    }

    /// The resource type behind a record in the address; `*` for all.
    fn inner(&self) -> Result<String, Problem> {
        if decode::segment(self.place.inner)? == "*" { Ok("*".to_owned()) } else { kind(self.place.inner) }
    }

    /// The id of the address.
    fn id(&self) -> Result<ResourceId, Problem> {
        let id = decode::segment(self.place.id)?;
        refuse_operation(&id)?;
        ResourceId::parse(&id).ok_or_else(|| Problem::new(&codes::ID_WRONG))
    }

    /// The record of the address.
    fn key(&self) -> Result<RecordKey, Problem> {
        Ok(RecordKey::new(&self.kind()?, self.id()?))
    }

    /// The record that is written: that of the address, or the only one that fulfils the criteria of the query.
    fn target(&mut self, by_criteria: bool) -> Result<Target, Problem> {
        if by_criteria {
            let criteria = std::mem::take(&mut self.query);
            return Ok(Target::Only { kind: self.kind()?, criteria });
        }
        self.key().map(Target::Record)
    }

    /// A decision on two patients.
    fn unite(self, act: Uniting) -> Result<Intent, Problem> {
        Ok(Intent::Unite { act, kind: self.kind()?, body: self.body })
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

/// Refuses an address that names no type. It is looked at before anything else that the request carries.
pub(crate) fn check_address(place: &Place<'_>) -> Result<(), Problem> {
    if !place.kind.is_empty() {
        kind(place.kind)?;
    }
    Ok(())
}

/// Longest name of a resource type, in bytes.
const KIND_BYTES_MAX: usize = 64;

fn kind(segment: &str) -> Result<String, Problem> {
    let kind = decode::segment(segment)?;
    refuse_operation(&kind)?;
    if kind == "_search" {
        return Err(Problem::new(&codes::SEARCH_EVERYWHERE));
    }
    let type_like = kind.len() <= KIND_BYTES_MAX
        && kind.starts_with(|letter: char| letter.is_ascii_uppercase())
        && kind.bytes().all(|byte| byte.is_ascii_alphabetic());
    if type_like { Ok(kind.into_owned()) } else { Err(unknown()) }
}

/// An operation stands where a type or an id is expected: it is not offered there.
fn refuse_operation(segment: &str) -> Result<(), Problem> {
    if !segment.starts_with('$') {
        return Ok(());
    }
    let offered: Vec<String> = OPERATIONS.iter().map(|operation| format!("${}", operation.name)).collect();
    Err(Problem::new(&codes::OPERATION_NOT_OFFERED).with("offered", offered.join(", ")))
}

fn unknown() -> Problem {
    Problem::new(&codes::ADDRESS_UNKNOWN)
}
