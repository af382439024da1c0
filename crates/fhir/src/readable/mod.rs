//! A resource as people read it: every element with a label and a value, in Japanese or English.
//!
//! Whoever reads the lines has read the record. What is left out tells of the file and not of the patient: `id`, `meta`, a
//! narrative that was generated from the elements, versions of code systems, hashes, the bytes of an attachment.

mod change;
mod heading;
mod identity;
mod moment;
mod named;
mod value;
mod words;

use crate::check;
use crate::definitions::{Type, TypeKind};
use crate::json::{self, Node};
use base::{Language, Problem};

pub use change::{Change, changes, changes_of};
pub use heading::{Heading, heading, heading_of};
pub use identity::Identity;
pub(crate) use identity::Writing;
pub use moment::{age, birth, day};
pub use named::{Names, Naming, name_of, named, references};
pub(crate) use value::whole_name;
pub use words::kind_name;

/// One line: what, and its value; what stands below it is one deeper.
#[derive(Clone, PartialEq, Eq)]
pub struct Line {
    /// 0 for the elements of the resource itself.
    pub depth: u8,
    /// What it is, in the language asked for.
    pub label: String,
    /// Its value; none where only the lines below say something.
    pub value: Option<String>,
}

impl std::fmt::Debug for Line {
    /// The value may be patient data.
    fn fmt(&self, f: &mut std::fmt::Formatter<'_>) -> std::fmt::Result {
        write!(f, "line at depth {}", self.depth)
    }
}

/// The lines of a resource, in the order in which its elements were written.
///
/// # Errors
/// The content is no resource of R4.
pub fn lines(content: &[u8], language: Language) -> Result<Vec<Line>, Problem> {
    lines_of(&json::parse(content)?, language)
}

/// The same of a resource that was read already.
///
/// # Errors
/// It is no resource of R4.
pub fn lines_of(node: &Node, language: Language) -> Result<Vec<Line>, Problem> {
    let kind = check::kind_of(node)?;
    let mut reader = Reader { language, lines: Vec::new() };
    if let Some(definition) = kind.definition() {
        reader.members(definition, node, 0);
    }
    Ok(reader.lines)
}

/// What an HTML narrative says, without its elements.
fn plain(div: &str) -> String {
    let (mut text, mut inside) = (String::new(), false);
    for character in div.chars() {
        match character {
            '<' => inside = true,
            '>' => {
                inside = false;
                text.push(' ');
            }
            _ if inside => {}
            other => text.push(other),
        }
    }
    let words = text.split_whitespace().collect::<Vec<_>>().join(" ");
    words
        .replace("&lt;", "<")
        .replace("&gt;", ">")
        .replace("&quot;", "\"")
        .replace("&#39;", "'")
        .replace("&nbsp;", " ")
        .replace("&amp;", "&")
}

/// A walk under way.
struct Reader {
    language: Language,
    lines: Vec<Line>,
}

/// Where a value stands.
struct Spot<'a> {
    label: &'a str,
    kind: &'static Type,
    /// It comes from a required value set.
    coded: bool,
}

/// Members that tell about the resource as a file, not about what it records.
const ABOUT_THE_FILE: [&str; 3] = ["resourceType", "id", "meta"];

impl Reader {
    fn members(&mut self, kind: &'static Type, node: &Node, depth: u8) {
        for (name, value) in node.as_object().unwrap_or_default() {
            if kind.is_resource() && ABOUT_THE_FILE.contains(&name.as_str()) || name == "id" {
                continue;
            }
            // The partner of a primitive holds its extensions.
            let (bare, partner) = match name.strip_prefix('_') {
                Some(bare) => (bare, true),
                None => (name.as_str(), false),
            };
            let Some((_, element, target)) = kind.member(bare) else { continue };
            let label = words::label(kind.name, element.path_name(), self.language);
            for one in value.as_array().unwrap_or(std::slice::from_ref(value)) {
                if partner {
                    self.extensions(&label, one, depth);
                } else {
                    let coded = element.required_set.is_some();
                    self.one(&Spot { label: &label, kind: target, coded }, one, depth);
                }
            }
        }
    }

    fn one(&mut self, spot: &Spot<'_>, node: &Node, depth: u8) {
        let (label, kind) = (spot.label, spot.kind);
        if *node == Node::Null {
            return;
        }
        match kind.name {
            "Extension" => return self.extension(node, depth),
            "Narrative" => return self.narrative(label, node, depth),
            _ => {}
        }
        if let Some(value) = value::one_line(kind, spot.coded, node, self.language) {
            self.say(label, Some(value), depth);
            return self.inner_extensions(node, depth.saturating_add(1));
        }
        // What is contained says itself what it is.
        let own = node.get("resourceType").and_then(Node::as_str).and_then(crate::definitions::resource_kind);
        let (label, kind) = match own.filter(|_| kind.kind == TypeKind::AnyResource) {
            Some(own) => (kind_name(own, self.language).to_owned(), own.definition().unwrap_or(kind)),
            None => (label.to_owned(), kind),
        };
        self.say(&label, None, depth);
        self.members(kind, node, depth.saturating_add(1));
    }

    fn say(&mut self, label: &str, value: Option<String>, depth: u8) {
        self.lines.push(Line { depth, label: label.to_owned(), value });
    }

    /// A narrative that adds nothing to the elements is passed over (FHIR R4, narrative, `status`).
    fn narrative(&mut self, label: &str, node: &Node, depth: u8) {
        if node.get("status").and_then(Node::as_str) != Some("generated") || depth > 0 {
            let text = node.get("div").and_then(Node::as_str).map(plain).unwrap_or_default();
            self.say(label, Some(text), depth);
        }
    }

    /// Extensions beside a value of one line.
    fn inner_extensions(&mut self, node: &Node, depth: u8) {
        for (name, value) in node.as_object().unwrap_or_default() {
            if name == "extension" || name.starts_with('_') {
                for one in value.as_array().unwrap_or(std::slice::from_ref(value)) {
                    match name.as_str() {
                        "extension" => self.extension(one, depth),
                        _ => self.extensions(name.trim_start_matches('_'), one, depth),
                    }
                }
            }
        }
    }

    /// Extensions of a primitive value.
    fn extensions(&mut self, label: &str, partner: &Node, depth: u8) {
        let Some(all) = partner.get("extension").and_then(Node::as_array) else { return };
        self.say(label, None, depth);
        for one in all {
            self.extension(one, depth.saturating_add(1));
        }
    }

    fn extension(&mut self, node: &Node, depth: u8) {
        let url = node.get("url").and_then(Node::as_str).unwrap_or_default();
        if value::is_representation(url) {
            return;
        }
        let label = words::extension(url, self.language);
        let Some(kind) = crate::definitions::table().find("Extension") else { return };
        let valued = node.as_object().unwrap_or_default().iter().find_map(|(name, value)| {
            let (_, element, target) = kind.member(name)?;
            (element.path_name() == "value").then_some((target, value))
        });
        match valued {
            Some((target, value)) => {
                self.one(&Spot { label: &label, kind: target, coded: false }, value, depth);
            }
            None => self.say(&label, None, depth),
        }
        for inner in node.get("extension").and_then(Node::as_array).unwrap_or_default() {
            self.extension(inner, depth.saturating_add(1));
        }
    }
}

#[cfg(test)]
mod tests;
