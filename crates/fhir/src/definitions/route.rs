//! The expressions of search parameters, as far as they are simple paths, turned into routes through JSON members.
//!
//! Simple is `Type.a.b`, with `as Type` behind it and with `.where(resolve() is Type)` behind it, and unions of these.

use super::{ResourceKind, Table, Type};

/// One way from a resource to values of a search parameter.
#[derive(Debug)]
pub(crate) struct Route {
    /// JSON members from the resource inwards; arrays are entered item by item.
    pub(crate) steps: Vec<String>,
    /// What stands at the end.
    pub(crate) leaf: Leaf,
    /// Only references to this type count.
    pub(crate) only: Option<ResourceKind>,
}

/// The type at the end of a route.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(crate) enum Leaf {
    Identifier,
    Reference,
    Canonical,
    Uri,
}

/// All routes of an expression; `None` when any part of it is not simple.
pub(super) fn routes(expression: &str, table: &Table) -> Option<Vec<Route>> {
    let parts: Option<Vec<Vec<Route>>> =
        expression.split(" | ").map(|part| part_routes(part, table)).collect();
    Some(parts?.into_iter().flatten().collect())
}

fn part_routes(part: &str, table: &Table) -> Option<Vec<Route>> {
    let bare = part.strip_prefix('(').and_then(|rest| rest.strip_suffix(')')).unwrap_or(part);
    let (path, only) = match bare.split_once(".where(resolve() is ") {
        Some((path, rest)) => (path, Some(table.resource_kind(rest.strip_suffix(')')?)?)),
        None => (bare, None),
    };
    let (path, variant) = match path.split_once(" as ") {
        Some((path, variant)) => (path, Some(variant)),
        None => (path, None),
    };
    let mut names = path.split('.');
    let mut kind = table.find(names.next()?)?;
    let mut names: Vec<&str> = names.collect();
    let last = names.pop()?;
    let mut steps = Vec::new();
    for name in names {
        kind = table.type_of(kind.elements.iter().find(|element| element.name == name)?.variants.first()?)?;
        steps.push(name.to_owned());
    }
    let ends = ends(kind, last, variant, table)?;
    let route = |(name, leaf)| Route { steps: steps.iter().cloned().chain([name]).collect(), leaf, only };
    Some(ends.into_iter().map(route).collect())
}

/// The members that spell the last name of a path, with the leaf each leads to.
fn ends(kind: &Type, name: &str, variant: Option<&str>, table: &Table) -> Option<Vec<(String, Leaf)>> {
    let position = kind.elements.iter().position(|element| element.path_name() == name)?;
    let members = kind.members.iter().filter(|(_, member)| usize::from(member.element) == position);
    let ends: Vec<(String, Leaf)> = members
        .filter_map(|(name, member)| {
            let element = kind.elements.get(position)?;
            let end = table.type_of(element.variants.get(usize::from(member.variant))?)?;
            let wanted = variant.is_none_or(|variant| variant == end.name);
            wanted.then_some((name.clone(), leaf(end.name)?))
        })
        .collect();
    (!ends.is_empty()).then_some(ends)
}

fn leaf(name: &str) -> Option<Leaf> {
    match name {
        "Identifier" => Some(Leaf::Identifier),
        "Reference" => Some(Leaf::Reference),
        "canonical" => Some(Leaf::Canonical),
        "uri" | "url" => Some(Leaf::Uri),
        _ => None,
    }
}
