//! What the journal keeps of identities, one file per kind: read back at the start, written as versions of a record.
//!
//! The content of every kind has the same envelope, that of a record (formats, section 2), around a `body` whose members
//! are those of the type here. Secrets stand in it as digests, or sealed for this facility.

mod account;
mod app;
mod certificate;
mod factor;
mod glass;
mod invitation;
mod law;
mod policy;
mod session;

pub use account::{Account, AccountKind, Duty, Occupation, State, WorkOrder};
pub use app::{App, AppKind, Family, Granted};
pub use certificate::{Authority, Certificate, Mark};
pub use factor::{Factor, Material};
pub use glass::{BrokenGlass, Review};
pub use invitation::Invitation;
pub use law::{Law, LawProposal};
pub use policy::{ClientCertificates, FromProxy, Policy, Sms};

use crate::codes;
use base::{Position, Problem, RecordKey, ResourceId, Time, VersionNumber};
use serde::de::DeserializeOwned;
use serde::{Deserialize, Serialize};
use store::{Act, Actor, Change, Expected, Inside};

/// The form of the bodies that are written now.
const FORMAT: u64 = 1;

/// One kind of what is kept.
pub(crate) trait Kept: Serialize + DeserializeOwned {
    /// The type of its subject in the journal.
    const KIND: &'static str;

    /// Its id within its kind.
    fn id(&self) -> &str;
}

#[derive(Deserialize)]
struct Envelope<T> {
    format: u64,
    body: T,
}

/// The change that writes a new version of something.
pub(crate) fn put<T: Kept>(kept: &T, expected: Expected) -> Result<Change, Problem> {
    let key = key::<T>(kept.id())?;
    let body = serde_json::to_string(kept)
        .map_err(|error| Problem::new(&codes::NOT_KEPT).log(format!("{}: {error}", T::KIND)))?;
    let (kind, id) = (T::KIND, kept.id().to_owned());
    let render = move |version: VersionNumber, time: Time| {
        format!(
            r#"{{"resourceType":"{kind}","id":"{id}","meta":{{"versionId":"{version}","lastUpdated":"{time}"}},"format":{FORMAT},"body":{body}}}"#
        )
        .into_bytes()
    };
    Change::of_identity(key, expected, Act::Put { render: Box::new(render), terms: Vec::new() })
}

/// The change that ends something.
pub(crate) fn end<T: Kept>(id: &str) -> Result<Change, Problem> {
    Change::of_identity(key::<T>(id)?, Expected::Anything, Act::Delete)
}

fn key<T: Kept>(id: &str) -> Result<RecordKey, Problem> {
    let id = ResourceId::parse(id).ok_or_else(|| Problem::new(&codes::NOT_KEPT).log("a malformed id"))?;
    Ok(RecordKey::new(T::KIND, id))
}

/// Everything of one kind that stands.
pub(crate) fn load<T: Kept>(inside: &Inside<'_>) -> Result<Vec<T>, Problem> {
    inside.identities(T::KIND)?.iter().map(|standing| read(&standing.content)).collect()
}

/// Who made one of a kind at first, and where that stands.
pub(crate) fn maker<T: Kept>(inside: &Inside<'_>, id: &str) -> Result<Option<(Actor, Position)>, Problem> {
    inside.maker(T::KIND, id)
}

/// Reads one content. What cannot be read is never passed over: somebody might come in, or be kept out, by mistake.
fn read<T: Kept>(content: &[u8]) -> Result<T, Problem> {
    let unreadable = |what: String| Problem::new(&codes::UNREADABLE).with("type", T::KIND).log(what);
    let envelope: Envelope<T> = serde_json::from_slice(content)
        // The error names a place and a form, never a value.
        .map_err(|error| {
            unreadable(format!("{}: line {} column {}", T::KIND, error.line(), error.column()))
        })?;
    if envelope.format == FORMAT {
        Ok(envelope.body)
    } else {
        Err(unreadable(format!("{}: format {}", T::KIND, envelope.format)))
    }
}
