//! What one entry of a batch or transaction asks for.

use crate::call::{Condition, HistoryScope};
use crate::codes;
use base::{Problem, RecordKey, VersionNumber};
use fhir::{Entry, Node, Request};

/// The wish of an entry, understood.
#[derive(Debug)]
pub(crate) enum Wish {
    Create { kind: String, resource: Node },
    Update { key: RecordKey, resource: Node, condition: Condition },
    Delete { key: RecordKey, condition: Condition },
    Read(RecordKey),
    VersionRead(RecordKey, VersionNumber),
    History(HistoryScope, Query),
    Search(String, Query),
}

type Query = Vec<(String, String)>;

impl Wish {
    /// Understands an entry; what is not supported is refused, never passed over.
    pub(crate) fn read(entry: Entry) -> Result<Self, Problem> {
        let Entry { resource, request, .. } = entry;
        let request = request.ok_or_else(|| Problem::new(&codes::NO_REQUEST))?;
        refuse_conditions(&request)?;
        let condition = condition(&request)?;
        let url = request.url.as_str();
        let wrong_url =
            || Problem::new(&codes::URL).with("url", url).with("method", &request.method).at("request.url");
        let needed = || Problem::new(&codes::NO_RESOURCE).with("method", &request.method);
        match request.method.as_str() {
            "POST" => {
                let kind = kind_of(url).ok_or_else(wrong_url)?;
                Ok(Self::Create { kind, resource: resource.ok_or_else(needed)? })
            }
            "PUT" => {
                let key = RecordKey::parse(url).ok_or_else(wrong_url)?;
                Ok(Self::Update { key, resource: resource.ok_or_else(needed)?, condition })
            }
            "DELETE" => Ok(Self::Delete { key: RecordKey::parse(url).ok_or_else(wrong_url)?, condition }),
            "GET" | "HEAD" => Self::read_get(url).ok_or_else(wrong_url),
            other => Err(Problem::new(&codes::METHOD).with("method", other).at("request.method")),
        }
    }

    fn read_get(url: &str) -> Option<Self> {
        let (path, query) = url.split_once('?').unwrap_or((url, ""));
        let query: Query = form_urlencoded::parse(query.as_bytes()).into_owned().collect();
        let parts: Vec<&str> = path.split('/').collect();
        match parts.as_slice() {
            ["_history"] => Some(Self::History(HistoryScope::Facility, query)),
            [kind] => Some(Self::Search(kind_of(kind)?, query)),
            [kind, "_history"] => Some(Self::History(HistoryScope::Kind(kind_of(kind)?), query)),
            [kind, id] if query.is_empty() => Some(Self::Read(key_of(kind, id)?)),
            [kind, id, "_history"] => Some(Self::History(HistoryScope::Record(key_of(kind, id)?), query)),
            [kind, id, "_history", version] if query.is_empty() => {
                Some(Self::VersionRead(key_of(kind, id)?, VersionNumber::parse(version)?))
            }
            _ => None,
        }
    }

    /// The record that a fullUrl of this entry will stand for, if it writes one under a known id.
    pub(crate) fn key(&self) -> Option<&RecordKey> {
        match self {
            Self::Update { key, .. } | Self::Delete { key, .. } => Some(key),
            _ => None,
        }
    }
}

fn refuse_conditions(request: &Request) -> Result<(), Problem> {
    let refused = [
        ("ifNoneExist", request.if_none_exist.is_some()),
        ("ifModifiedSince", request.if_modified_since.is_some()),
        ("conditional update or delete", request.method != "GET" && request.url.contains('?')),
    ];
    match refused.into_iter().find(|(_, stands)| *stands) {
        Some((what, _)) => Err(Problem::new(&codes::CONDITIONAL).with("what", what).at("request")),
        None => Ok(()),
    }
}

/// What must hold for a PUT (`ifMatch`, `ifNoneMatch: *`) or a DELETE (`ifMatch`); any other condition is refused.
fn condition(request: &Request) -> Result<Condition, Problem> {
    let refused = |what: &str| Problem::new(&codes::CONDITIONAL).with("what", what).at("request");
    match (request.method.as_str(), request.if_match.as_deref(), request.if_none_match.as_deref()) {
        (_, None, None) => Ok(Condition::Always),
        ("PUT", None, Some("*")) => Ok(Condition::Absent),
        ("PUT" | "DELETE", Some(tag), None) => {
            version_of(tag).map(Condition::Version).ok_or_else(|| refused("ifMatch"))
        }
        (_, Some(_), _) => Err(refused("ifMatch")),
        _ => Err(refused("ifNoneMatch")),
    }
}

/// The version in an entity tag, `W/"3"` or `"3"`.
fn version_of(tag: &str) -> Option<VersionNumber> {
    let inner = tag.strip_prefix("W/").unwrap_or(tag).strip_prefix('"')?.strip_suffix('"')?;
    VersionNumber::parse(inner)
}

fn kind_of(text: &str) -> Option<String> {
    fhir::definitions::resource_kind(text).map(|kind| kind.as_str().to_owned())
}

fn key_of(kind: &str, id: &str) -> Option<RecordKey> {
    RecordKey::parse(&format!("{kind}/{id}"))
}
