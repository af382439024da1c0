//! From [`Node`] to [`Checked`]: everything that R4 itself demands of a resource. Structure (element names, arrays, JSON
//! kinds, choices, required elements), the forms of values, narratives, codes of required value sets, invariants.
//!
//! Not checked here is what profiles demand, and what stands outside the resource: whether a reference leads anywhere.

mod binding;
mod element;
pub(crate) mod narrative;
mod rules;
mod value;
mod walk;

use crate::checked::Checked;
use crate::codes::structure as codes;
use crate::definitions::{self, ResourceKind, closest};
use crate::json::Node;
use crate::place::{Place, shown};
use base::Problem;

pub use walk::Findings;
pub(crate) use walk::{Nested, Walk};

/// Checks a resource.
///
/// # Errors
/// All problems, in the order of the input, up to 50; an invariant of an object is judged after its members, and only
/// when these are sound. Their places are FHIRPaths from the resource type:
/// `Patient.name[0].given[1]`.
pub fn check(node: Node) -> Result<Checked, Vec<Problem>> {
    checked(node, None)
}

/// Checks a resource that stands inside something else: the places of problems begin with `place`
/// (`Bundle.entry[2].resource`).
///
/// # Errors
/// As for [`check`].
pub fn check_at(node: Node, place: &str) -> Result<Checked, Vec<Problem>> {
    checked(node, Some(place))
}

/// Says everything there is to say about a resource: what makes it invalid, and what could be better.
///
/// Without problems, [`check`] takes the resource.
pub fn validate(node: &Node) -> Findings {
    match kind_of(node) {
        Err(problem) => Findings { problems: vec![problem], warnings: Vec::new() },
        Ok(kind) => {
            let mut walk = Walk::new(Nested::Check).with_warnings();
            walk.resource(node, kind, &Place::root(kind.as_str()));
            walk.findings()
        }
    }
}

fn checked(node: Node, place: Option<&str>) -> Result<Checked, Vec<Problem>> {
    let kind = kind_of(&node).map_err(|problem| vec![at(problem, place)])?;
    let mut walk = Walk::new(Nested::Check);
    walk.resource(&node, kind, &Place::root(place.unwrap_or(kind.as_str())));
    walk.finish().map(|()| Checked::new(node, kind))
}

fn at(problem: Problem, place: Option<&str>) -> Problem {
    match place {
        Some(place) => problem.at(place),
        None => problem,
    }
}

/// The resource type a node claims to be, if R4 has it.
pub(crate) fn kind_of(node: &Node) -> Result<ResourceKind, Problem> {
    let name = node.get("resourceType").and_then(Node::as_str);
    let name = name.ok_or_else(|| Problem::new(&codes::NOT_A_RESOURCE))?;
    definitions::resource_kind(name).ok_or_else(|| {
        let known = definitions::resource_kinds().map(ResourceKind::as_str);
        hinted(Problem::new(&codes::UNKNOWN_KIND).with("name", shown(name)), closest(name, known))
    })
}

/// Fills `{hint_en}` and `{hint_ja}` with the name that was probably meant.
fn hinted(problem: Problem, meant: Option<&str>) -> Problem {
    match meant {
        Some(name) => problem
            .with("hint_en", format!(" Did you mean `{name}`?"))
            .with("hint_ja", format!("`{name}` のことですか。")),
        None => problem.with("hint_en", "").with("hint_ja", ""),
    }
}

#[cfg(test)]
mod tests;
