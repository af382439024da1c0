//! The terms of references, and the way back from a term to the record it leads to.

use crate::definitions::{self, Leaf, ResourceKind};
use crate::json::Node;
use base::ResourceId;

/// Where a literal reference leads.
#[derive(Clone, Copy, PartialEq, Eq)]
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

    pub(crate) fn kind(self) -> Option<ResourceKind> {
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

/// `03 value 00 system`: a reference by an identifier.
pub(crate) fn logical(value: &str, system: &str) -> Vec<u8> {
    [b"\x03", value.as_bytes(), b"\x00", system.as_bytes()].concat()
}

/// The type that an address in a term (`02 address`) shows.
pub(crate) fn shown_kind(term: &[u8]) -> Option<ResourceKind> {
    let text = std::str::from_utf8(term.get(1..)?).ok()?;
    Address::parse(text)?.kind()
}

/// The terms by which a reference to a record is kept: relative, and absolute at this server's base address.
pub fn references_to(kind: &str, id: &str, base_url: &str) -> Vec<Vec<u8>> {
    vec![format!("\u{1}{kind}/{id}").into_bytes(), format!("\u{2}{base_url}/{kind}/{id}").into_bytes()]
}

/// The record of this server that a kept reference leads to.
pub fn referenced(value: &[u8], base_url: &str) -> Option<(ResourceKind, ResourceId)> {
    let (class, text) = value.split_first()?;
    let text = std::str::from_utf8(text).ok()?;
    let own = match class {
        1 => text,
        2 => text.strip_prefix(base_url)?.strip_prefix('/')?,
        _ => return None,
    };
    let (kind, id) = local(own)?;
    Some((kind, ResourceId::parse(id)?))
}

/// The terms of one value; `only` keeps references to one type.
pub(super) fn terms(leaf: Leaf, only: Option<ResourceKind>, node: &Node, out: &mut Vec<Vec<u8>>) {
    match leaf {
        Leaf::Reference => {
            let part = |name: &str| node.get(name).and_then(Node::as_str);
            if let Some(text) = part("reference") {
                literal(text, part("type"), only, out);
            }
            let identifier =
                |name: &str| node.get("identifier").and_then(|one| one.get(name)).and_then(Node::as_str);
            if let (Some(value), true) = (identifier("value"), claims(part("type"), only)) {
                out.push(logical(value, identifier("system").unwrap_or_default()));
            }
        }
        Leaf::Resource => {
            let part = |name: &str| node.get(name).and_then(Node::as_str);
            let kind = part("resourceType").and_then(definitions::resource_kind);
            if let (Some(kind), Some(id)) =
                (kind.filter(|kind| only.is_none_or(|only| only == *kind)), part("id"))
            {
                out.push(Address::Local(kind, id).encoded());
            }
        }
        _ => {
            if let Some(text) = node.as_str() {
                literal(text, None, only, out);
                if let (Leaf::Canonical, Some((address, _))) = (leaf, text.split_once('|')) {
                    literal(address, None, only, out);
                }
            }
        }
    }
}

fn literal(text: &str, claimed: Option<&str>, only: Option<ResourceKind>, out: &mut Vec<Vec<u8>>) {
    let Some(address) = Address::parse(text) else { return };
    let kind = || address.kind().or_else(|| definitions::resource_kind(claimed?));
    if only.is_none_or(|only| kind() == Some(only)) {
        out.push(address.encoded());
    }
}

/// True when a reference that says this of its type may lead to `only`.
fn claims(claimed: Option<&str>, only: Option<ResourceKind>) -> bool {
    only.is_none_or(|only| claimed == Some(only.as_str()))
}
