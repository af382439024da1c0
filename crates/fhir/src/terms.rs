//! Search terms: what a resource can be found by, as bytes whose order is the order of comparison.
//!
//! A token (identifier) with system S and code C becomes `01 C 00 S`, S being empty when there is none, and with a system
//! also `02 S 00 C`. A reference to `Type/id` becomes `01 Type/id`, any other absolute address `02 address`; a version
//! behind it (`/_history/3`) is cut off. Strings of a checked resource hold no NUL, so the encoding is unambiguous.
//! A term longer than [`TERM_BYTES_MAX`] is not made at all, and a query for one is refused.

use crate::checked::Checked;
use crate::codes;
use crate::definitions::{self, Leaf, ResourceKind, Route, SearchKind, SearchParam};
use crate::json::{self, Node};
use base::{Problem, ResourceId};
use std::fmt;

/// Longest term, in bytes.
pub(crate) const TERM_BYTES_MAX: usize = 1_024;

/// One thing a resource can be found by. `Debug` hides the value.
#[derive(Clone, PartialEq, Eq, PartialOrd, Ord, Hash)]
pub struct Term {
    /// Type and code of the search parameter: `Patient.identifier`.
    pub param: &'static str,
    /// The encoded value.
    pub value: Vec<u8>,
}

impl fmt::Debug for Term {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        write!(f, "{} of {} bytes", self.param, self.value.len())
    }
}

impl Checked {
    /// All terms of the resource, sorted, each once. Contained resources have none of their own.
    pub fn terms(&self) -> Vec<Term> {
        terms(self.node())
    }
}

/// Names the rules by which terms are made. Change it with them: indexes made by other rules are then built again.
pub const TERMS_EDITION: &str = "r4-1";

/// All terms of a resource that was checked when it was stored, sorted, each once; none when it has no known type.
/// Stored resources are not checked again: a rule that came later must not hide what was accepted before it.
pub fn terms(resource: &Node) -> Vec<Term> {
    let kind = resource.get("resourceType").and_then(Node::as_str).and_then(definitions::resource_kind);
    let mut terms = Vec::new();
    if let (Some(kind), Some(members)) = (kind, resource.as_object()) {
        let params = definitions::params(kind);
        for (name, value) in members {
            follow_member(params, name, value, &mut terms);
        }
    }
    sorted(terms)
}

/// The terms of a stored resource, as [`terms`] makes them, read off its JSON: members that no search parameter looks
/// at are skipped, which makes this several times faster than reading the whole. For content that was checked when it
/// was stored; anything else gives an error or some terms, never a panic.
pub fn terms_of_content(content: &[u8]) -> Result<Vec<Term>, Problem> {
    let unreadable = |_| Problem::new(&codes::json::SYNTAX).log("stored content is not JSON");
    let mut reader = jiter::Jiter::new(content);
    let first = reader.next_object().map_err(unreadable)?.map(str::to_owned);
    if first.as_deref() != Some("resourceType") {
        return Ok(terms(&json::parse(content)?));
    }
    let Some(kind) = definitions::resource_kind(reader.next_str().map_err(unreadable)?) else {
        return Ok(Vec::new());
    };
    let params = definitions::params(kind);
    let mut terms = Vec::new();
    while let Some(name) = reader.next_key().map_err(unreadable)? {
        let name = wanted(params, name);
        let start = reader.current_index();
        reader.next_skip().map_err(unreadable)?;
        if let Some(name) = name {
            follow_member(params, name, &json::parse(reader.slice_to_current(start))?, &mut terms);
        }
    }
    Ok(sorted(terms))
}

/// The name of a member of a resource, when a search parameter of its type looks at it.
fn wanted(params: &'static [SearchParam], name: &str) -> Option<&'static str> {
    let mut routes = params.iter().flat_map(|param| &param.routes);
    routes.find_map(|route| route.steps.first().map(String::as_str).filter(|first| *first == name))
}

/// The terms that one member of a resource makes.
fn follow_member(params: &'static [SearchParam], name: &str, value: &Node, terms: &mut Vec<Term>) {
    for param in params {
        for route in &param.routes {
            let Some((_, rest)) = route.steps.split_first().filter(|(first, _)| *first == name) else {
                continue;
            };
            let mut values = Values { kind: param.kind, route, found: Vec::new() };
            values.follow(value, rest);
            let found = values.found.into_iter().filter(|value| value.len() <= TERM_BYTES_MAX);
            terms.extend(found.map(|value| Term { param: param.name, value }));
        }
    }
}

fn sorted(mut terms: Vec<Term>) -> Vec<Term> {
    terms.sort_unstable();
    terms.dedup();
    terms
}

/// The encoded values at the end of one route.
struct Values<'r> {
    kind: SearchKind,
    route: &'r Route,
    found: Vec<Vec<u8>>,
}

impl Values<'_> {
    fn follow(&mut self, node: &Node, steps: &[String]) {
        match (node, steps.split_first()) {
            (Node::Array(items), _) => items.iter().for_each(|item| self.follow(item, steps)),
            (node, Some((step, rest))) => {
                if let Some(next) = node.get(step) {
                    self.follow(next, rest);
                }
            }
            (node, None) => self.leaf(node),
        }
    }

    fn leaf(&mut self, node: &Node) {
        match self.route.leaf {
            Leaf::Identifier => self.identifier(node),
            Leaf::Reference => {
                let claimed = node.get("type").and_then(Node::as_str);
                if let Some(text) = node.get("reference").and_then(Node::as_str) {
                    self.reference(text, claimed);
                }
            }
            Leaf::Canonical | Leaf::Uri => {
                if let Some(text) = node.as_str() {
                    self.reference(text, None);
                    if let (Leaf::Canonical, Some((address, _))) = (self.route.leaf, text.split_once('|')) {
                        self.reference(address, None);
                    }
                }
            }
        }
    }

    fn identifier(&mut self, node: &Node) {
        let part = |name: &str| node.get(name).and_then(Node::as_str);
        if let (SearchKind::Token, Some(code)) = (self.kind, part("value")) {
            let system = part("system").unwrap_or_default();
            self.found.push(code_first(code, system));
            if !system.is_empty() {
                self.found.push(system_first(system, code));
            }
        }
    }

    fn reference(&mut self, text: &str, claimed: Option<&str>) {
        let Some(address) = Address::parse(text) else { return };
        let kind = address.kind().or_else(|| definitions::resource_kind(claimed?));
        if self.route.only.is_none_or(|only| kind == Some(only)) {
            self.found.push(address.encoded());
        }
    }
}

/// `01 code 00 system`
pub(crate) fn code_first(code: &str, system: &str) -> Vec<u8> {
    [b"\x01", code.as_bytes(), b"\x00", system.as_bytes()].concat()
}

/// `02 system 00 code`
pub(crate) fn system_first(system: &str, code: &str) -> Vec<u8> {
    [b"\x02", system.as_bytes(), b"\x00", code.as_bytes()].concat()
}

/// Where a literal reference leads.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(crate) enum Address<'t> {
    /// `Type/id`, on the same server.
    Local(ResourceKind, &'t str),
    /// An absolute address, with the type that can be read off it.
    Absolute(&'t str, Option<ResourceKind>),
}

impl<'t> Address<'t> {
    /// Reads a reference; `None` for references into the resource itself (`#…`) and for what is neither `Type/id` nor
    /// absolute.
    pub(crate) fn parse(text: &'t str) -> Option<Self> {
        let text = without_version(text);
        if let Some((kind, id)) = local(text) {
            return Some(Self::Local(kind, id));
        }
        let absolute = text.contains("://") || text.starts_with("urn:");
        let kind = text.rsplit('/').nth(1).and_then(definitions::resource_kind);
        absolute.then_some(Self::Absolute(text, kind))
    }

    fn kind(self) -> Option<ResourceKind> {
        match self {
            Self::Local(kind, _) => Some(kind),
            Self::Absolute(_, kind) => kind,
        }
    }

    pub(crate) fn encoded(self) -> Vec<u8> {
        match self {
            Self::Local(kind, id) => [b"\x01", kind.as_str().as_bytes(), b"/", id.as_bytes()].concat(),
            Self::Absolute(text, _) => [b"\x02", text.as_bytes()].concat(),
        }
    }
}

/// Reads `Type/id`.
fn local(text: &str) -> Option<(ResourceKind, &str)> {
    let (kind, id) = text.split_once('/')?;
    ResourceId::parse(id)?;
    Some((definitions::resource_kind(kind)?, id))
}

/// Cuts off `/_history/3`.
fn without_version(text: &str) -> &str {
    match text.rsplit_once("/_history/") {
        Some((address, version)) if ResourceId::parse(version).is_some() => address,
        _ => text,
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::json::parse;

    fn terms(text: &str) -> Vec<(&'static str, String)> {
        let checked = crate::check(parse(text.as_bytes()).unwrap()).unwrap();
        let readable = |value: Vec<u8>| String::from_utf8(value).unwrap().replace('\0', "~");
        let found = checked.terms();
        assert_eq!(found, terms_of_content(text.as_bytes()).unwrap(), "skipping changes nothing");
        found.into_iter().map(|term| (term.param, readable(term.value))).collect()
    }

    #[test]
    fn an_identifier_is_found_by_code_and_by_system() {
        let text = r#"{"resourceType":"Patient","identifier":[{"system":"urn:s","value":"1"},{"value":"2"},{"system":"urn:only"},{"system":"urn:s","value":"1"}]}"#;
        let param = "Patient.identifier";
        let expected = [(param, "\u{1}1~urn:s"), (param, "\u{1}2~"), (param, "\u{2}urn:s~1")];
        assert_eq!(terms(text), expected.map(|(param, value)| (param, value.to_owned())));
    }

    #[test]
    fn a_reference_serves_every_parameter_that_fits_its_type() {
        let text = |reference: &str| {
            format!(r#"{{"resourceType":"Observation","status":"final","code":{{}},"subject":{{"reference":"{reference}"}}}}"#)
                .replace(r#""code":{}"#, r#""code":{"text":"x"}"#)
        };
        let found = |reference: &str| -> Vec<String> {
            terms(&text(reference)).into_iter().map(|(param, value)| format!("{param}={value}")).collect()
        };
        assert_eq!(
            found("Patient/1"),
            ["Observation.patient=\u{1}Patient/1", "Observation.subject=\u{1}Patient/1"]
        );
        assert_eq!(found("Patient/1/_history/3"), found("Patient/1"));
        assert_eq!(found("Group/1"), ["Observation.subject=\u{1}Group/1"]);
        let other = "https://other.example/fhir/Patient/1";
        let expected = ["patient", "subject"].map(|code| format!("Observation.{code}=\u{2}{other}"));
        assert_eq!(found(other), expected);
        assert_eq!(found(&format!("{other}/_history/2")), expected);
        assert_eq!(found("urn:uuid:53fefa32-fcbb-4ff8-8a92-55ee120877b7").len(), 1, "of no known type");
        assert_eq!(found("#contained"), Vec::<String>::new());
        assert_eq!(found("Patient/a b"), Vec::<String>::new());
    }

    #[test]
    fn the_type_beside_a_reference_counts_where_the_text_has_none() {
        let text = r#"{"resourceType":"Condition","subject":{"type":"Patient","reference":"urn:uuid:53fefa32-fcbb-4ff8-8a92-55ee120877b7"}}"#;
        let params: Vec<&str> = terms(text).into_iter().map(|(param, _)| param).collect();
        assert_eq!(params, ["Condition.patient", "Condition.subject"]);
    }

    #[test]
    fn logical_references_and_contained_resources_make_no_terms() {
        let text = r#"{"resourceType":"Condition","contained":[{"resourceType":"Patient","id":"p","identifier":[{"value":"1"}]}],"subject":{"identifier":{"value":"7"}}}"#;
        assert_eq!(terms(text), []);
    }

    #[test]
    fn canonicals_are_found_with_and_without_their_version() {
        let text = r#"{"resourceType":"CarePlan","status":"active","intent":"plan","subject":{"display":"x"},"instantiatesCanonical":["http://example.org/p|2"]}"#;
        let values: Vec<String> = terms(text).into_iter().map(|(_, value)| value).collect();
        assert_eq!(values, ["\u{2}http://example.org/p", "\u{2}http://example.org/p|2"]);
    }

    #[test]
    fn a_monstrous_value_makes_no_term() {
        let text = |length: usize| {
            format!(r#"{{"resourceType":"Patient","identifier":[{{"value":"{}"}}]}}"#, "x".repeat(length))
        };
        assert_eq!(terms(&text(TERM_BYTES_MAX - 2)).len(), 1);
        assert_eq!(terms(&text(TERM_BYTES_MAX - 1)), []);
    }
}
