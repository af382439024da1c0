//! One parameter of a search, turned into a [`Condition`]: by its own value, along a chain, or backwards (`_has`).

use super::param::{alternatives, condition, target, without_modifier};
use super::shape::{Asking, Condition};
use super::{date, reference};
use crate::codes::search as codes;
use crate::definitions::{
    self, Leaf, ResourceKind, SearchKind, SearchParam, closest, search_param, search_params,
};
use crate::place::shown;
use base::limits::{SEARCH_CHAIN_DEPTH_MAX, SEARCH_CHAIN_TYPES_MAX};
use base::{Problem, ResourceId};
use std::cell::Cell;

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

/// A parameter, or what is left of it behind a link.
#[derive(Clone, Copy)]
pub(super) struct Named<'a> {
    /// Its name with chains and modifiers.
    pub(super) name: &'a str,
    pub(super) value: &'a str,
    pub(super) asking: &'a Asking<'a>,
    /// How many links were followed on the way to it.
    pub(super) depth: usize,
    /// To how many types the chains of the search have led so far.
    pub(super) types: &'a Cell<usize>,
}

/// The condition of one parameter.
pub(super) fn of(kind: ResourceKind, named: Named<'_>) -> Result<Condition, Problem> {
    let Named { name, value, asking, .. } = named;
    if let Some(rest) = name.strip_prefix("_has:") {
        return led_to(kind, named, rest);
    }
    if let Some((link, rest)) = name.split_once('.') {
        return leads(kind, link, Named { name: rest, ..named });
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
fn leads(kind: ResourceKind, link: &str, rest: Named<'_>) -> Result<Condition, Problem> {
    let rest = deeper(link, rest)?;
    let (code, modifier) = split(link);
    let param = linking(known(kind, code)?)?;
    let targets = match modifier {
        None => reference::targets(param),
        Some(modifier) => vec![target(param, modifier)?],
    };
    let mut to = Vec::new();
    let mut refusal = None;
    for target in targets.iter().filter(|target| may_know(**target, rest.name)) {
        counted(link, rest.types)?;
        match of(*target, rest) {
            Ok(condition) => to.push((*target, vec![condition])),
            Err(problem) if is_unknown(&problem) => refusal = Some(problem),
            Err(problem) => return Err(problem),
        }
    }
    match (refusal, targets.as_slice()) {
        (Some(problem), [_]) if to.is_empty() => Err(problem),
        (None, [only]) if to.is_empty() => of(*only, rest),
        _ if to.is_empty() => Err(Problem::new(&codes::CHAIN_UNKNOWN)
            .with("name", shown(rest.name))
            .with("link", code)
            .with("targets", reference::names(&targets))),
        _ => Ok(Condition::Leads { params: param.kept.clone(), to }),
    }
}

/// False when the parameter, or the first link of the chain, is surely unknown to a type.
fn may_know(kind: ResourceKind, name: &str) -> bool {
    let code = name.split(['.', ':']).next().unwrap_or(name);
    search_param(kind, code).is_some() || ["_id", "_lastUpdated", "_has"].contains(&code)
}

/// One type more that a chain leads to.
fn counted(link: &str, types: &Cell<usize>) -> Result<(), Problem> {
    types.set(types.get().saturating_add(1));
    if types.get() > SEARCH_CHAIN_TYPES_MAX {
        let problem = Problem::new(&codes::CHAIN_TOO_WIDE).with("name", shown(link));
        return Err(problem.with("limit", SEARCH_CHAIN_TYPES_MAX));
    }
    Ok(())
}

/// Backwards: `rest` is `Observation:patient:code`, with a parameter of that type at its end.
fn led_to(kind: ResourceKind, named: Named<'_>, rest: &str) -> Result<Condition, Problem> {
    let named = deeper("_has", named)?;
    let bad = || Problem::new(&codes::BAD_HAS).with("name", shown(named.name)).with("kind", kind);
    let (source, rest) = rest.split_once(':').ok_or_else(bad)?;
    let (code, rest) = rest.split_once(':').ok_or_else(bad)?;
    let source = definitions::resource_kind(source).ok_or_else(bad)?;
    let param = linking(known(source, code)?)?;
    if !reference::targets(param).contains(&kind) {
        return Err(bad());
    }
    let all = vec![of(source, Named { name: rest, ..named })?];
    Ok(Condition::LedTo { kind: source, params: param.kept.clone(), all })
}

/// One link further.
fn deeper<'a>(link: &str, named: Named<'a>) -> Result<Named<'a>, Problem> {
    let depth = named.depth.saturating_add(1);
    if depth > SEARCH_CHAIN_DEPTH_MAX {
        let problem = Problem::new(&codes::CHAIN_TOO_DEEP).with("name", shown(link));
        return Err(problem.with("limit", SEARCH_CHAIN_DEPTH_MAX));
    }
    Ok(Named { depth, ..named })
}

/// The parameter, if its values lead to resources by their addresses.
pub(super) fn linking(param: &'static SearchParam) -> Result<&'static SearchParam, Problem> {
    let leads = param.leaves().any(|leaf| matches!(leaf, Leaf::Reference | Leaf::Resource));
    if param.kind == SearchKind::Reference && leads {
        return Ok(param);
    }
    Err(Problem::new(&codes::NOT_A_LINK).with("name", param.code).with("kind", param.owner))
}
