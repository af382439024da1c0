//! Batches and transactions: a Bundle taken apart into its entries, the resources inside left for a check of their own.

use crate::check::{Nested, Walk, kind_of};
use crate::codes::bundles as codes;
use crate::json::Node;
use crate::place::Place;
use base::Problem;
use base::limits::BUNDLE_ENTRIES_MAX;
use std::fmt;

/// A Bundle whose own structure was checked. `Debug` tells its kind and size only.
#[derive(Clone, PartialEq, Eq)]
pub struct Bundle {
    /// What the client wants with it.
    pub kind: BundleKind,
    /// The entries, in their order.
    pub entries: Vec<Entry>,
}

/// The `type` of a Bundle.
#[derive(Clone, Debug, PartialEq, Eq)]
pub enum BundleKind {
    /// Each entry on its own.
    Batch,
    /// All entries or none.
    Transaction,
    /// Any other code, as written.
    Other(String),
}

/// One entry.
#[derive(Clone, Default, PartialEq, Eq)]
pub struct Entry {
    /// Address by which other entries refer to the resource.
    pub full_url: Option<String>,
    /// The resource, not yet checked.
    pub resource: Option<Node>,
    /// What to do.
    pub request: Option<Request>,
}

/// The request of an entry: the parts of an HTTP request, as written.
#[derive(Clone, Default, PartialEq, Eq)]
pub struct Request {
    /// `GET`, `POST`, `PUT`, …
    pub method: String,
    /// Address relative to the base.
    pub url: String,
    /// `If-Match`
    pub if_match: Option<String>,
    /// `If-None-Match`
    pub if_none_match: Option<String>,
    /// `If-None-Exist`
    pub if_none_exist: Option<String>,
    /// `If-Modified-Since`
    pub if_modified_since: Option<String>,
}

impl fmt::Debug for Bundle {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        write!(f, "{:?} of {} entries", self.kind, self.entries.len())
    }
}

impl fmt::Debug for Entry {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        write!(f, "entry {:?}", self.request)
    }
}

impl fmt::Debug for Request {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str("request [hidden]")
    }
}

/// Takes a Bundle apart.
///
/// # Errors
/// It is no Bundle, has more than [`BUNDLE_ENTRIES_MAX`] entries, or its own elements break the structure of a Bundle
/// (places such as `Bundle.entry[3].request.url`). Resources inside are not looked at.
pub fn read(node: Node) -> Result<Bundle, Vec<Problem>> {
    let kind = kind_of(&node).map_err(|problem| vec![problem])?;
    if kind.as_str() != "Bundle" {
        return Err(vec![Problem::new(&codes::NOT_A_BUNDLE).with("name", kind).at("Bundle")]);
    }
    let count = node.get("entry").and_then(Node::as_array).unwrap_or_default().len();
    if count > BUNDLE_ENTRIES_MAX {
        let problem =
            Problem::new(&codes::TOO_MANY_ENTRIES).with("count", count).with("limit", BUNDLE_ENTRIES_MAX);
        return Err(vec![problem.at("Bundle.entry")]);
    }
    let mut walk = Walk::new(Nested::Leave);
    walk.resource(&node, kind, &Place::root("Bundle"));
    walk.finish().map(|()| taken_apart(node))
}

fn taken_apart(node: Node) -> Bundle {
    let mut bundle = Bundle { kind: BundleKind::Other(String::new()), entries: Vec::new() };
    for (name, value) in members(node) {
        match (name.as_str(), value) {
            ("type", Node::String(code)) => bundle.kind = bundle_kind(code),
            ("entry", Node::Array(items)) => bundle.entries = items.into_iter().map(entry).collect(),
            _ => {}
        }
    }
    bundle
}

fn bundle_kind(code: String) -> BundleKind {
    match code.as_str() {
        "batch" => BundleKind::Batch,
        "transaction" => BundleKind::Transaction,
        _ => BundleKind::Other(code),
    }
}

fn entry(node: Node) -> Entry {
    let mut entry = Entry::default();
    for (name, value) in members(node) {
        match name.as_str() {
            "fullUrl" => entry.full_url = text(value),
            "resource" => entry.resource = Some(value),
            "request" => entry.request = Some(request(value)),
            _ => {}
        }
    }
    entry
}

fn request(node: Node) -> Request {
    let mut request = Request::default();
    for (name, value) in members(node) {
        match name.as_str() {
            "method" => request.method = text(value).unwrap_or_default(),
            "url" => request.url = text(value).unwrap_or_default(),
            "ifMatch" => request.if_match = text(value),
            "ifNoneMatch" => request.if_none_match = text(value),
            "ifNoneExist" => request.if_none_exist = text(value),
            "ifModifiedSince" => request.if_modified_since = text(value),
            _ => {}
        }
    }
    request
}

fn members(node: Node) -> Vec<(String, Node)> {
    if let Node::Object(members) = node { members } else { Vec::new() }
}

fn text(node: Node) -> Option<String> {
    if let Node::String(text) = node { Some(text) } else { None }
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::json::parse;

    fn problems(text: &str) -> Vec<(&'static str, String)> {
        let problems = read(parse(text.as_bytes()).unwrap()).unwrap_err();
        problems
            .iter()
            .map(|problem| (problem.code().id, problem.place().unwrap_or_default().to_owned()))
            .collect()
    }

    #[test]
    fn a_transaction_is_taken_apart() {
        let text = r#"{"resourceType":"Bundle","type":"transaction","entry":[
            {"fullUrl":"urn:uuid:1","resource":{"resourceType":"Patient","colour":1},"request":{"method":"PUT","url":"Patient/1","ifMatch":"W/\"1\"","ifNoneMatch":"*","ifNoneExist":"a=b","ifModifiedSince":"2026-04-01T00:00:00Z"}},
            {"request":{"method":"DELETE","url":"Patient/2"}}]}"#;
        let bundle = read(parse(text.as_bytes()).unwrap()).unwrap();
        assert_eq!(bundle.kind, BundleKind::Transaction);
        let [first, second] = bundle.entries.as_slice() else { panic!("two entries") };
        assert_eq!(first.full_url.as_deref(), Some("urn:uuid:1"));
        assert!(first.resource.is_some(), "left for a check of its own");
        let request = first.request.clone().unwrap();
        assert_eq!((request.method.as_str(), request.url.as_str()), ("PUT", "Patient/1"));
        let conditions =
            [request.if_match, request.if_none_match, request.if_none_exist, request.if_modified_since];
        assert_eq!(conditions.map(Option::unwrap), ["W/\"1\"", "*", "a=b", "2026-04-01T00:00:00Z"]);
        assert_eq!(second.resource, None);
    }

    #[test]
    fn the_kind_is_read() {
        for (code, kind) in
            [("batch", BundleKind::Batch), ("searchset", BundleKind::Other("searchset".to_owned()))]
        {
            let text = format!(r#"{{"resourceType":"Bundle","type":"{code}"}}"#);
            assert_eq!(read(parse(text.as_bytes()).unwrap()).unwrap().kind, kind);
        }
    }

    #[test]
    fn faults_of_the_bundle_itself_have_their_places() {
        let text = r#"{"resourceType":"Bundle","type":"batch","entry":[{"request":{"method":"GET","url":"x"}},{"request":{"method":"GET","uri":"x"}}]}"#;
        let found = problems(text);
        assert_eq!(found.first().map(|(_, place)| place.as_str()), Some("Bundle.entry[1].request.uri"));
        assert_eq!(found.get(1).map(|(_, place)| place.as_str()), Some("Bundle.entry[1].request.url"));
        assert_eq!(problems(r#"{"resourceType":"Bundle","entry":[]}"#).len(), 2);
    }

    #[test]
    fn something_else_is_refused() {
        assert_eq!(problems(r#"{"resourceType":"Patient"}"#)[0].0, codes::NOT_A_BUNDLE.id);
    }

    #[test]
    fn the_number_of_entries_is_limited() {
        let text = |count: usize| {
            let entry = r#"{"request":{"method":"GET","url":"x"}}"#;
            format!(
                r#"{{"resourceType":"Bundle","type":"batch","entry":[{}]}}"#,
                vec![entry; count].join(",")
            )
        };
        assert!(read(parse(text(BUNDLE_ENTRIES_MAX).as_bytes()).unwrap()).is_ok());
        assert_eq!(problems(&text(BUNDLE_ENTRIES_MAX + 1))[0].0, codes::TOO_MANY_ENTRIES.id);
    }
}
