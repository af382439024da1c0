//! What one entry of a batch or transaction asks for.

use crate::call::{Condition, HistoryScope, Known, Query, Target};
use crate::codes;
use base::{Problem, RecordKey, Time, VersionNumber};
use base64::Engine;
use base64::engine::general_purpose::STANDARD;
use fhir::{Entry, Node, Patch, Request};

/// The wish of an entry, understood.
#[derive(Clone, Debug)]
pub(crate) enum Wish {
    Create { kind: String, resource: Node, none_exist: Option<Query> },
    Update { target: Target, resource: Node, condition: Condition },
    Patch { target: Target, patch: Patch, condition: Condition },
    Delete { target: Target, condition: Condition },
    Look(Look),
}

/// A wish to read.
#[derive(Clone, Debug)]
pub(crate) struct Look {
    pub(crate) reading: Reading,
    /// Only whether and which, not what (`HEAD`).
    pub(crate) head: bool,
}

/// What is read.
#[derive(Clone, Debug)]
pub(crate) enum Reading {
    Record(RecordKey, Known, Query),
    Version(RecordKey, VersionNumber, Query),
    History(HistoryScope, Query),
    Search { kind: String, query: Query, compartment: Option<RecordKey> },
    Everything(RecordKey, Query),
}

impl Wish {
    /// Understands an entry; what is not supported is refused, never passed over.
    pub(crate) fn read(entry: Entry) -> Result<Self, Problem> {
        let Entry { resource, request, .. } = entry;
        let request = request.ok_or_else(|| Problem::new(&codes::NO_REQUEST))?;
        only_known_conditions(&request)?;
        let (path, query) = split(&request.url);
        let wrong_url = || {
            let problem = Problem::new(&codes::URL).with("url", &request.url).with("method", &request.method);
            problem.at("request.url")
        };
        let target = || target(path, query.clone()).ok_or_else(wrong_url);
        let needed = || Problem::new(&codes::NO_RESOURCE).with("method", &request.method);
        match request.method.as_str() {
            "POST" => {
                let kind = kind_of(path).filter(|_| query.is_none()).ok_or_else(wrong_url)?;
                let none_exist = request.if_none_exist.as_deref().map(pairs);
                Ok(Self::Create { kind, resource: resource.ok_or_else(needed)?, none_exist })
            }
            "PUT" => {
                let (target, resource) = (target()?, resource.ok_or_else(needed)?);
                let condition = condition(&request, &target)?;
                Ok(Self::Update { target, resource, condition })
            }
            "PATCH" => {
                let (target, patch) = (target()?, patch(&resource.ok_or_else(needed)?)?);
                let condition = condition(&request, &target)?;
                Ok(Self::Patch { target, patch, condition })
            }
            "DELETE" => {
                let target = target()?;
                let condition = condition(&request, &target)?;
                Ok(Self::Delete { target, condition })
            }
            "GET" | "HEAD" => {
                let known = known(&request)?;
                let reading = reading(path, query.unwrap_or_default(), known).ok_or_else(wrong_url)?;
                match reading {
                    Reading::Record(..) => {}
                    _ if known == Known::default() => {}
                    _ => return Err(refuse("ifNoneMatch, ifModifiedSince")),
                }
                Ok(Self::Look(Look { reading, head: request.method == "HEAD" }))
            }
            other => Err(Problem::new(&codes::METHOD).with("method", other).at("request.method")),
        }
    }
}

/// Path and query of an address.
fn split(url: &str) -> (&str, Option<Query>) {
    match url.split_once('?') {
        Some((path, query)) => (path, Some(pairs(query))),
        None => (url, None),
    }
}

fn pairs(text: &str) -> Query {
    form_urlencoded::parse(text.as_bytes()).into_owned().collect()
}

/// `Patient/42` or `Patient?…`
fn target(path: &str, query: Option<Query>) -> Option<Target> {
    match query {
        None => RecordKey::parse(path).map(Target::Record),
        Some(criteria) => kind_of(path).map(|kind| Target::Only { kind, criteria }),
    }
}

fn reading(path: &str, query: Query, known: Known) -> Option<Reading> {
    let parts: Vec<&str> = path.split('/').collect();
    Some(match parts.as_slice() {
        [""] => Reading::Search { kind: String::new(), query, compartment: None },
        ["_history"] => Reading::History(HistoryScope::Facility, query),
        [kind] => Reading::Search { kind: kind_of(kind)?, query, compartment: None },
        [kind, "_history"] => Reading::History(HistoryScope::Kind(kind_of(kind)?), query),
        [kind, id] => Reading::Record(key_of(kind, id)?, known, query),
        [kind, id, "_history"] => Reading::History(HistoryScope::Record(key_of(kind, id)?), query),
        [kind, id, "_history", version] => {
            Reading::Version(key_of(kind, id)?, VersionNumber::parse(version)?, query)
        }
        [kind, id, "$everything"] => Reading::Everything(key_of(kind, id)?, query),
        [kind, id, inner] => Reading::Search {
            kind: if *inner == "*" { (*inner).to_owned() } else { kind_of(inner)? },
            query,
            compartment: Some(key_of(kind, id)?),
        },
        _ => return None,
    })
}

/// Refuses conditions that the method does not know.
fn only_known_conditions(request: &Request) -> Result<(), Problem> {
    let method = request.method.as_str();
    let reads = matches!(method, "GET" | "HEAD");
    let refused = [
        ("ifNoneExist", request.if_none_exist.is_some() && method != "POST"),
        ("ifModifiedSince", request.if_modified_since.is_some() && !reads),
        ("ifMatch", request.if_match.is_some() && !matches!(method, "PUT" | "PATCH" | "DELETE")),
        ("ifNoneMatch", request.if_none_match.is_some() && !reads && method != "PUT"),
    ];
    match refused.into_iter().find(|(_, stands)| *stands) {
        Some((what, _)) => Err(refuse(what)),
        None => Ok(()),
    }
}

/// What must hold for a write: `ifMatch`, or for a PUT of one record `ifNoneMatch: *`.
fn condition(request: &Request, target: &Target) -> Result<Condition, Problem> {
    let by_id = matches!(target, Target::Record(_));
    match (request.if_match.as_deref(), request.if_none_match.as_deref()) {
        (None, None) => Ok(Condition::Always),
        (None, Some("*")) if by_id => Ok(Condition::Absent),
        (Some(tag), None) => version_of(tag).map(Condition::Version).ok_or_else(|| refuse("ifMatch")),
        (Some(_), _) => Err(refuse("ifMatch")),
        _ => Err(refuse("ifNoneMatch")),
    }
}

/// What the reader has already.
fn known(request: &Request) -> Result<Known, Problem> {
    let version = |tag: &str| version_of(tag).ok_or_else(|| refuse("ifNoneMatch"));
    let moment = |text: &str| Time::parse(text).ok_or_else(|| refuse("ifModifiedSince"));
    Ok(Known {
        version: request.if_none_match.as_deref().map(version).transpose()?,
        moment: request.if_modified_since.as_deref().map(moment).transpose()?,
    })
}

fn refuse(what: &str) -> Problem {
    Problem::new(&codes::CONDITIONAL).with("what", what).at("request")
}

/// The JSON Patch in a Binary.
fn patch(resource: &Node) -> Result<Patch, Problem> {
    let wrong = || Problem::new(&codes::PATCH_RESOURCE).at("Binary");
    let text = |name: &str| resource.get(name).and_then(Node::as_str).ok_or_else(wrong);
    if (text("resourceType")?, text("contentType")?) != ("Binary", "application/json-patch+json") {
        return Err(wrong());
    }
    let bytes = STANDARD.decode(text("data")?).map_err(|_| wrong())?;
    Patch::read(&bytes)
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
