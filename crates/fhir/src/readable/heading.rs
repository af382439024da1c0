//! What a record is about and when: the elements by which people find it in a list.

use super::value;
use crate::check;
use crate::json::{self, Node};
use base::{Language, Problem};

/// The elements that name what a record is about, the most telling first.
const TITLES: [&str; 14] = [
    "title",
    "code",
    "medicationCodeableConcept",
    "medicationReference",
    "vaccineCode",
    "type",
    "class",
    "description",
    "category",
    "serviceType",
    "name",
    "relationship",
    "summary",
    "status",
];

/// The elements that say when it was, the most telling first. Of a period its start.
const DATES: [&str; 22] = [
    "effectiveDateTime",
    "effectivePeriod",
    "effectiveInstant",
    "performedDateTime",
    "performedPeriod",
    "occurrenceDateTime",
    "occurrencePeriod",
    "onsetDateTime",
    "started",
    "period",
    "start",
    "date",
    "authoredOn",
    "authored",
    "whenHandedOver",
    "recordedDate",
    "recordedOn",
    "recorded",
    "issued",
    "sent",
    "created",
    "receivedTime",
];

/// What a record is about, and when.
#[derive(Clone, Default, PartialEq, Eq)]
pub struct Heading {
    /// What it is about, in words; none where the record does not say.
    pub title: Option<String>,
    /// When, as FHIR writes it; none where the record does not say.
    pub date: Option<String>,
}

impl std::fmt::Debug for Heading {
    /// The title may be patient data.
    fn fmt(&self, f: &mut std::fmt::Formatter<'_>) -> std::fmt::Result {
        f.write_str("Heading")
    }
}

/// The heading of a resource.
///
/// # Errors
/// The content is no resource of R4.
pub fn heading(content: &[u8], language: Language) -> Result<Heading, Problem> {
    heading_of(&json::parse(content)?, language)
}

/// The same of a resource that was read already.
///
/// # Errors
/// It is no resource of R4.
pub fn heading_of(node: &Node, language: Language) -> Result<Heading, Problem> {
    let Some(definition) = check::kind_of(node)?.definition() else { return Ok(Heading::default()) };
    let title = TITLES.iter().find_map(|name| {
        let (_, element, kind) = definition.member(name)?;
        let value = node.get(name)?;
        let first = value.as_array().map_or(Some(value), <[Node]>::first)?;
        let whole = value::one_line(kind, element.required_set.is_some(), first, language);
        short(first).or(whole)
    });
    let date = DATES.iter().find_map(|name| {
        let value = node.get(name)?;
        let text = value.as_str().or_else(|| value.get("start").and_then(Node::as_str));
        text.map(str::to_owned)
    });
    Ok(Heading { title, date })
}

/// A concept without its codes.
fn short(concept: &Node) -> Option<String> {
    let coding = || concept.get("coding").and_then(Node::as_array).and_then(<[Node]>::first);
    let text = concept.get("text").or_else(|| coding().and_then(|coding| coding.get("display")));
    text.or_else(|| concept.get("display")).and_then(Node::as_str).map(str::to_owned)
}
