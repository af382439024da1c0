//! From [`Node`] to [`Checked`]: resource types, element names, arrays, JSON kinds, choices, required elements, ids,
//! narrative. Checked here is the structure; value forms, bindings and invariants are not.

pub(crate) mod narrative;
mod walk;

use crate::checked::Checked;
use crate::codes::structure as codes;
use crate::definitions::{self, ResourceKind, closest};
use crate::json::Node;
use crate::place::{Place, shown};
use base::Problem;

pub(crate) use walk::{Nested, Walk};

/// Checks a resource.
///
/// # Errors
/// All problems, in the order of the input, up to 50. Their places are FHIRPaths from the resource type:
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
