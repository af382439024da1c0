//! `$document`: a Bundle of type `document` to hand out (FHIR R4, documents; Composition-operation-document). Of a Composition
//! it is that document with what it refers to; of a Patient it is the whole record with its histories, in sections with a
//! narrative, under a Composition that is made for it. Nothing of it is kept.

mod composition;
mod narrative;
mod references;
mod sections;
mod whole;

use crate::call::{Answer, Problems};
use crate::codes;
use crate::facility::{Caller, Facility};
use crate::page::SHOWN_ELSEWHERE;
use crate::past;
use crate::reply::quoted;
use base::{Problem, RecordKey, Time};

/// The types that take `$document`.
pub const DOCUMENT: [&str; 2] = ["Composition", "Patient"];

pub(crate) fn perform(
    facility: &Facility,
    caller: &Caller<'_>,
    key: &RecordKey,
    query: &[(String, String)],
) -> Result<Answer, Problems> {
    let at = parameters(key, query)?;
    let entries = match &*key.kind {
        "Composition" => composition::document(facility, caller, key)?,
        "Patient" => whole::document(facility, caller, key, at)?,
        other => return Err(Problem::new(&codes::DOCUMENT_OF).with("type", other).into()),
    };
    Ok(Answer::found(bundle(facility, &entries)?))
}

/// The moment at which a whole record is shown. `persist=false` is what is done anyway.
fn parameters(key: &RecordKey, query: &[(String, String)]) -> Result<Option<Time>, Problem> {
    let mut at = None;
    for (name, value) in query.iter().filter(|(name, _)| !SHOWN_ELSEWHERE.contains(&name.as_str())) {
        match (name.as_str(), value.as_str()) {
            ("persist", "false") => {}
            ("_at", _) if *key.kind == *"Patient" => {
                if at.replace(past::moment(value)?).is_some() {
                    return Err(Problem::new(&codes::REPEATED).with("name", name));
                }
            }
            _ => {
                let problem = Problem::new(&codes::DOCUMENT_PARAMETER).with("name", name);
                return Err(problem.with("value", value));
            }
        }
    }
    Ok(at)
}

/// An entry of the document.
struct Entry {
    full_url: String,
    /// The resource as JSON.
    resource: Vec<u8>,
}

impl Entry {
    /// A record of the facility.
    fn of(caller: &Caller<'_>, key: &RecordKey, resource: Vec<u8>) -> Self {
        Self { full_url: format!("{}/{key}", caller.base_url), resource }
    }
}

/// The Bundle. Its identifier is a new one: the same question later is another document.
fn bundle(facility: &Facility, entries: &[Entry]) -> Result<Vec<u8>, Problem> {
    let (id, now) = (facility.new_id()?, facility.now());
    let mut out = format!(
        r#"{{"resourceType":"Bundle","identifier":{{"system":"urn:ietf:rfc:3986","value":"urn:uuid:{}"}},"type":"document","timestamp":"{now}","entry":["#,
        id.as_str()
    )
    .into_bytes();
    for (place, entry) in entries.iter().enumerate() {
        if place > 0 {
            out.push(b',');
        }
        out.extend(format!(r#"{{"fullUrl":{},"resource":"#, quoted(&entry.full_url)).as_bytes());
        out.extend_from_slice(&entry.resource);
        out.push(b'}');
    }
    out.extend(b"]}");
    Ok(out)
}
