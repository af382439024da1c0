//! Small pieces of FHIR JSON from which events and reports are put together.

use fhir::Node;

/// An object with these members; those without a value are left out.
pub(crate) fn object<const N: usize>(members: [(&str, Option<Node>); N]) -> Node {
    let given = members.into_iter().filter_map(|(name, value)| Some((name.to_owned(), value?)));
    Node::Object(given.collect())
}

/// A string. What FHIR forbids in one (control characters, which a client may have put into an address) becomes a mark.
pub(crate) fn text(text: impl Into<String>) -> Node {
    let text = text.into();
    if text.contains(char::is_control) {
        return Node::String(text.replace(char::is_control, "\u{FFFD}"));
    }
    Node::String(text)
}

/// A list; none when it would be empty.
pub(crate) fn list(items: Vec<Node>) -> Option<Node> {
    (!items.is_empty()).then_some(Node::Array(items))
}

/// A code of a system, with what it is called.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(crate) struct Coding {
    pub(crate) system: &'static str,
    pub(crate) code: &'static str,
    pub(crate) display: &'static str,
}

impl Coding {
    pub(crate) const fn new(system: &'static str, code: &'static str, display: &'static str) -> Self {
        Self { system, code, display }
    }

    /// As an element of type Coding.
    pub(crate) fn node(self) -> Node {
        object([
            ("system", Some(text(self.system))),
            ("code", Some(text(self.code))),
            ("display", Some(text(self.display))),
        ])
    }

    /// As a CodeableConcept with this coding alone.
    pub(crate) fn concept(self) -> Node {
        object([("coding", Some(Node::Array(vec![self.node()])))])
    }
}

/// A Coding that is not known beforehand.
pub(crate) fn coding(system: &str, code: &str) -> Node {
    object([("system", Some(text(system))), ("code", Some(text(code)))])
}

/// A CodeableConcept that is not known beforehand.
pub(crate) fn concept(system: &str, code: &str) -> Node {
    object([("coding", Some(Node::Array(vec![coding(system, code)])))])
}

/// A Reference by an identifier.
pub(crate) fn logical(system: &str, value: &str) -> Node {
    object([("identifier", Some(identifier(system, value)))])
}

/// An Identifier.
pub(crate) fn identifier(system: &str, value: &str) -> Node {
    object([("system", Some(text(system))), ("value", Some(text(value)))])
}

/// A Reference to a record of the facility.
pub(crate) fn reference(to: &str) -> Node {
    object([("reference", Some(text(to)))])
}
