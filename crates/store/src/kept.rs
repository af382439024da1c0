//! What rooms keep in the journal beside records, such as accounts or documents of evidence: the envelope around each
//! content, and how it is written and read back. What it means, the room knows.

use crate::change::{Act, Change, Expected};
use crate::inside::{Inside, Standing};
use base::{Code, Position, Problem, RecordKey, ResourceId, Time, VersionNumber};
use serde::de::DeserializeOwned;
use serde::{Deserialize, Serialize};

/// The form of the bodies that are written now.
const FORMAT: u64 = 1;

/// What a room says when something cannot be kept.
#[derive(Debug)]
pub struct KeptCodes {
    /// It cannot be written.
    pub not_kept: &'static Code,
    /// It cannot be read back; told with `type`.
    pub unreadable: &'static Code,
}

/// One kind of what is kept. The content of every kind has the same envelope, that of a record (formats, section 2),
/// around a `body` whose members are those of the type.
pub trait Kept: Serialize + DeserializeOwned {
    /// The type of its subject in the journal; it begins with [`crate::IDENTITY_PREFIX`].
    const KIND: &'static str;
    /// What its room says when that fails.
    const CODES: &'static KeptCodes;

    /// Its id within its kind.
    fn id(&self) -> &str;
}

/// Something that is kept, with where it stands.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Stood<T> {
    /// What is kept.
    pub kept: T,
    /// Which version of it this is.
    pub version: VersionNumber,
    /// Where its entry stands.
    pub position: Position,
    /// When it was written.
    pub time: Time,
}

#[derive(Deserialize)]
struct Envelope<T> {
    format: u64,
    body: T,
}

/// The change that writes a new version of something.
///
/// # Errors
/// Its id is malformed, or it cannot be written as JSON.
pub fn put<T: Kept>(kept: &T, expected: Expected) -> Result<Change, Problem> {
    let key = key::<T>(kept.id())?;
    let body = serde_json::to_string(kept)
        .map_err(|error| Problem::new(T::CODES.not_kept).log(format!("{}: {error}", T::KIND)))?;
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
///
/// # Errors
/// Its id is malformed.
pub fn end<T: Kept>(id: &str) -> Result<Change, Problem> {
    Change::of_identity(key::<T>(id)?, Expected::Anything, Act::Delete)
}

fn key<T: Kept>(id: &str) -> Result<RecordKey, Problem> {
    let id = ResourceId::parse(id).ok_or_else(|| Problem::new(T::CODES.not_kept).log("a malformed id"))?;
    Ok(RecordKey::new(T::KIND, id))
}

/// Everything of one kind that stands.
///
/// # Errors
/// Something of it cannot be read: nothing is passed over.
pub fn load<T: Kept>(inside: &Inside<'_>) -> Result<Vec<T>, Problem> {
    Ok(load_stood(inside)?.into_iter().map(|one| one.kept).collect())
}

/// Everything of one kind that stands, each with its place.
///
/// # Errors
/// As for [`load`].
pub fn load_stood<T: Kept>(inside: &Inside<'_>) -> Result<Vec<Stood<T>>, Problem> {
    let standing = inside.identities(T::KIND)?;
    standing.iter().map(stood).collect()
}

/// One thing as it stood at a moment; none when it did not stand then.
///
/// # Errors
/// It cannot be read.
pub fn load_at<T: Kept>(inside: &Inside<'_>, id: &str, at: Time) -> Result<Option<Stood<T>>, Problem> {
    let found = inside.identity_at(&key::<T>(id)?, at)?;
    found.as_ref().map(stood).transpose()
}

/// The newest versions of one thing, at most so many, the newest first.
///
/// # Errors
/// One of them cannot be read.
pub fn load_history<T: Kept>(inside: &Inside<'_>, id: &str, count: usize) -> Result<Vec<Stood<T>>, Problem> {
    inside.identity_history(&key::<T>(id)?, count)?.iter().map(stood).collect()
}

/// Reads one content. What cannot be read is never passed over: somebody might come in, or be kept out, by mistake.
fn stood<T: Kept>(standing: &Standing) -> Result<Stood<T>, Problem> {
    let unreadable = |what: String| Problem::new(T::CODES.unreadable).with("type", T::KIND).log(what);
    let envelope: Envelope<T> = serde_json::from_slice(&standing.content)
        // The error names a place and a form, never a value.
        .map_err(|error| {
            unreadable(format!("{}: line {} column {}", T::KIND, error.line(), error.column()))
        })?;
    if envelope.format == FORMAT {
        let Standing { version, position, time, .. } = *standing;
        Ok(Stood { kept: envelope.body, version, position, time })
    } else {
        Err(unreadable(format!("{}: format {}", T::KIND, envelope.format)))
    }
}
