//! One parameter of a search, turned into a [`Condition`]: by its own value, along a chain, or backwards (`_has`).

use super::param::{alternatives, condition, target, without_modifier};
use super::shape::{Asking, Condition};
use super::{date, reference};
use crate::codes::search as codes;
use crate::definitions::{
    self, Leaf, ResourceKind, SearchKind, SearchParam, closest, search_param, search_params,
};
use crate::place::shown;
use base::limits::SEARCH_CHAIN_DEPTH_MAX;
use base::{Problem, ResourceId};

/// Parameters of R4 that need more than an index of the resources, or have no values of their own.
const NOT_OFFERED: [&str; 11] = [
    "_contained",
    "_containedType",
    "_content",
    "_filter",
    "_list",
    "_query",
    "_score",
    "_text",
    "_type",
    "near",
    "_has",
];

/// True for a refusal that is due to a name not known or not offered, not to a value.
pub(super) fn is_unknown(problem: &Problem) -> bool {
    let unknown = [
        &codes::UNKNOWN_PARAMETER,
        &codes::MODIFIER,
        &codes::NOT_OFFERED,
        &codes::NOT_A_LINK,
        &codes::CHAIN_UNKNOWN,
    ];
    unknown.contains(&problem.code())
}

/// The condition of one parameter. `depth` is the number of links followed on the way to it.
pub(super) fn of(
    kind: ResourceKind,
    name: &str,
    value: &str,
    asking: &Asking<'_>,
    depth: usize,
) -> Result<Condition, Problem> {
    if let Some(rest) = name.strip_prefix("_has:") {
        return led_to(kind, name, rest, value, asking, depth);
    }
    if let Some((link, rest)) = name.split_once('.') {
        return leads(kind, link, rest, value, asking, depth);
    }
    let (code, modifier) = split(name);
    match code {
        "_id" => {
            without_modifier(code, modifier)?;
            ids(&alternatives(code, value)?)
        }
        "_lastUpdated" => {
            without_modifier(code, modifier)?;
            let ranges: Result<Vec<_>, _> =
                alternatives(code, value)?.iter().map(|text| date::ranges(code, text, asking.now)).collect();
            Ok(Condition::Updated(ranges?.into_iter().flatten().collect()))
        }
        _ => condition(known(kind, code)?, modifier, value, asking),
    }
}

/// Code and modifier of a name.
fn split(name: &str) -> (&str, Option<&str>) {
    match name.split_once(':') {
        Some((code, modifier)) => (code, Some(modifier)),
        None => (name, None),
    }
}

/// The parameter of this code.
pub(super) fn known(kind: ResourceKind, code: &str) -> Result<&'static SearchParam, Problem> {
    if let Some(param) = search_param(kind, code) {
        return Ok(param);
    }
    if NOT_OFFERED.contains(&code) {
        return Err(Problem::new(&codes::NOT_OFFERED).with("name", code));
    }
    let codes = search_params(kind).map(|param| param.code);
    let known: Vec<&str> = ["_id", "_lastUpdated"].into_iter().chain(codes).collect();
    let near = closest(code, known.iter().copied());
    Err(Problem::new(&codes::UNKNOWN_PARAMETER)
        .with("name", shown(code))
        .with("kind", kind)
        .with("hint_en", near.map(|near| format!(" Did you mean `{near}`?")).unwrap_or_default())
        .with("hint_ja", near.map(|near| format!("`{near}` のことですか。")).unwrap_or_default())
        .with("known", known.join(", ")))
}

fn ids(values: &[&str]) -> Result<Condition, Problem> {
    let id = |value: &&str| match ResourceId::parse(value) {
        Some(id) => Ok(id.as_str().to_owned()),
        None => Err(Problem::new(&codes::BAD_ID).with("value", shown(value))),
    };
    values.iter().map(id).collect::<Result<_, _>>().map(Condition::Ids)
}

/// A chain: `link` is `subject` or `subject:Patient`, `rest` a parameter of what it leads to.
fn leads(
    kind: ResourceKind,
    link: &str,
    rest: &str,
    value: &str,
    asking: &Asking<'_>,
    depth: usize,
) -> Result<Condition, Problem> {
    let depth = deeper(link, depth)?;
    let (code, modifier) = split(link);
    let param = linking(known(kind, code)?)?;
    let targets = match modifier {
        None => reference::targets(param),
        Some(modifier) => vec![target(param, modifier)?],
    };
    let mut to = Vec::new();
    let mut refusal = None;
    for target in &targets {
        match of(*target, rest, value, asking, depth) {
            Ok(condition) => to.push((*target, vec![condition])),
            Err(problem) if is_unknown(&problem) => refusal = Some(problem),
            Err(problem) => return Err(problem),
        }
    }
    match refusal {
        Some(problem) if to.is_empty() && targets.len() == 1 => Err(problem),
        _ if to.is_empty() => Err(Problem::new(&codes::CHAIN_UNKNOWN)
            .with("name", shown(rest))
            .with("link", code)
            .with("targets", reference::names(&targets))),
        _ => Ok(Condition::Leads { params: vec![param.index], to }),
    }
}

/// Backwards: `rest` is `Observation:patient:code`, with a parameter of that type at its end.
fn led_to(
    kind: ResourceKind,
    name: &str,
    rest: &str,
    value: &str,
    asking: &Asking<'_>,
    depth: usize,
) -> Result<Condition, Problem> {
    let depth = deeper("_has", depth)?;
    let bad = || Problem::new(&codes::BAD_HAS).with("name", shown(name)).with("kind", kind);
    let (source, rest) = rest.split_once(':').ok_or_else(bad)?;
    let (code, rest) = rest.split_once(':').ok_or_else(bad)?;
    let source = definitions::resource_kind(source).ok_or_else(bad)?;
    let param = linking(known(source, code)?)?;
    if !reference::targets(param).contains(&kind) {
        return Err(bad());
    }
    let all = vec![of(source, rest, value, asking, depth)?];
    Ok(Condition::LedTo { kind: source, params: vec![param.index], all })
}

/// One link further.
fn deeper(name: &str, depth: usize) -> Result<usize, Problem> {
    let depth = depth.saturating_add(1);
    if depth > SEARCH_CHAIN_DEPTH_MAX {
        return Err(Problem::new(&codes::CHAIN_TOO_DEEP)
            .with("name", shown(name))
            .with("limit", SEARCH_CHAIN_DEPTH_MAX));
    }
    Ok(depth)
}

/// The parameter, if its values lead to resources by their addresses.
pub(super) fn linking(param: &'static SearchParam) -> Result<&'static SearchParam, Problem> {
    let leads = param.leaves().any(|leaf| matches!(leaf, Leaf::Reference | Leaf::Resource));
    if param.kind == SearchKind::Reference && leads {
        return Ok(param);
    }
    Err(Problem::new(&codes::NOT_A_LINK).with("name", param.code).with("kind", param.owner))
}
