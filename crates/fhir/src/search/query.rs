//! The parameters of a search, one after the other, joined to a [`Query`].

use super::condition::{self, Named};
use super::shape::{Asking, Condition, Query, Sort, SortBy};
use super::text::split;
use super::{param, results};
use crate::codes::search as codes;
use crate::definitions::{ResourceKind, search_param};
use crate::place::shown;
use base::Problem;
use base::limits::SEARCH_TERMS_MAX;
use std::cell::Cell;

/// Understands a search for resources of one type.
///
/// Names (with their modifiers) and values are decoded from the address; `_format` and `_pretty` are not among them. The
/// same condition given twice must hold twice; values between commas are alternatives. A date without a zone is meant in
/// Japan.
///
/// # Errors
/// The first problem: an unknown parameter (the text lists the known ones), a modifier or prefix that does not fit, or
/// a value that is not of the right form. Its place is the name of the parameter. Where the caller is lenient, unknown
/// parameters and modifiers are left out and stand in [`Query::ignored`].
pub fn query(kind: ResourceKind, pairs: &[(String, String)], asking: &Asking<'_>) -> Result<Query, Problem> {
    let mut query = Query::default();
    let mut count = 0_usize;
    let types = Cell::new(0);
    let joined = joined_dates(kind, pairs, asking);
    for (place, (name, value)) in pairs.iter().enumerate() {
        let named = Named { name, value, asking, depth: 0, types: &types };
        count = count.saturating_add(split(value, ',').len());
        let taken = if count > SEARCH_TERMS_MAX {
            Err(Problem::new(&codes::TOO_MANY_VALUES)
                .with("name", shown(name))
                .with("limit", SEARCH_TERMS_MAX))
        } else if joined.iter().any(|(places, _)| places.contains(&place)) {
            Ok(())
        } else {
            take(kind, named, &mut query)
        };
        match taken.map_err(|problem| problem.at(shown(name))) {
            Ok(()) => {}
            Err(problem) if asking.lenient && condition::is_unknown(&problem) => query.ignored.push(problem),
            Err(problem) => return Err(problem),
        }
    }
    query.all.extend(joined.into_iter().map(|(_, condition)| condition));
    Ok(query)
}

/// Understands a search for resources of several types at once (FHIR R4, search, `_type`): every parameter must be known to
/// each of them, and stands for what it is to each. Nothing leads from one resource to another here: no chain, no `_has`.
///
/// # Errors
/// As for [`query`]; what a type does not know is refused, or left out for all of them where the caller is lenient.
pub fn query_of_several(
    kinds: &[ResourceKind],
    pairs: &[(String, String)],
    asking: &Asking<'_>,
) -> Result<Query, Problem> {
    let mut each = vec![Query::default(); kinds.len()];
    let mut ignored = Vec::new();
    let mut count = 0_usize;
    for (name, value) in pairs {
        let named = Named { name, value, asking, depth: 0, types: &Cell::new(0) };
        count = count.saturating_add(split(value, ',').len());
        if count > SEARCH_TERMS_MAX {
            let problem = Problem::new(&codes::TOO_MANY_VALUES).with("name", shown(name));
            return Err(problem.with("limit", SEARCH_TERMS_MAX).at(shown(name)));
        }
        // What one of them does not know is a condition on none of them: so each is asked before any takes it.
        let known = kinds.iter().try_for_each(|kind| take(*kind, named, &mut Query::default()));
        match known.map_err(|problem| problem.at(shown(name))) {
            Err(problem) if asking.lenient && condition::is_unknown(&problem) => ignored.push(problem),
            Err(problem) => return Err(problem),
            Ok(()) => {
                let taken =
                    kinds.iter().zip(&mut each).try_for_each(|(kind, query)| take(*kind, named, query));
                taken.map_err(|problem| problem.at(shown(name)))?;
            }
        }
    }
    let mut each = each.into_iter();
    let first = each.next().unwrap_or_default();
    let united = each.try_fold(first, unite)?;
    Ok(Query { ignored, ..united })
}

/// What is asked of resources of one type or another. Both come from the same parameters in the same order.
fn unite(one: Query, other: Query) -> Result<Query, Problem> {
    let conditions = one.all.into_iter().zip(other.all).map(|(one, other)| either(one, other));
    let all = conditions.collect::<Result<_, _>>()?;
    let sort = one.sort.into_iter().zip(other.sort).map(|(one, other)| in_one_order(one, other));
    let sort = sort.collect::<Result<_, _>>()?;
    Ok(Query { all, sort, ..one })
}

/// The condition that holds for a resource of one type by its terms, and for one of the other by its own: terms of a type
/// are kept under the names of its parameters only.
fn either(one: Condition, other: Condition) -> Result<Condition, Problem> {
    match (one, other) {
        (Condition::Terms { mut any, negated }, Condition::Terms { any: more, negated: same })
            if negated == same =>
        {
            any.extend(more);
            Ok(Condition::Terms { any, negated })
        }
        (one @ (Condition::Ids(_) | Condition::Updated(_)), _) => Ok(one),
        _ => Err(Problem::new(&codes::NOT_OFFERED).with("name", "_type")),
    }
}

/// One order for both.
fn in_one_order(one: Sort, other: Sort) -> Result<Sort, Problem> {
    let by = match (one.by, other.by) {
        (
            SortBy::Param { mut params, from, until },
            SortBy::Param { params: more, from: first, until: last },
        ) if (&from, &until) == (&first, &last) => {
            params.extend(more);
            SortBy::Param { params, from, until }
        }
        (SortBy::Param { params, .. }, _) => {
            let name = params.first().and_then(|name| name.split('.').nth(1)).unwrap_or_default();
            return Err(Problem::new(&codes::BAD_SORT).with("name", name));
        }
        (by @ (SortBy::Id | SortBy::Updated), _) => by,
    };
    Ok(Sort { by, ..one })
}

fn take(kind: ResourceKind, named: Named<'_>, query: &mut Query) -> Result<(), Problem> {
    if !results::take(kind, named.name, named.value, query)? {
        query.all.push(condition::of(kind, named)?);
    }
    Ok(())
}

/// Joins two conditions on one date (`date=ge2024-05-01&date=lt2024-06-01`) where a resource has one such date at most.
/// With each comes the places of the two among the parameters. Values that are wrong are left for the others to refuse.
fn joined_dates(
    kind: ResourceKind,
    pairs: &[(String, String)],
    asking: &Asking<'_>,
) -> Vec<([usize; 2], Condition)> {
    let mut joined: Vec<([usize; 2], Condition)> = Vec::new();
    for (at, (name, value)) in pairs.iter().enumerate() {
        let Some(param) = search_param(kind, name) else { continue };
        let taken = |place| joined.iter().any(|(places, _)| places.contains(&place));
        let mut others = pairs.iter().enumerate().skip(at.saturating_add(1));
        let other = others.find(|(place, (other, _))| other == name && !taken(*place));
        if let (false, Some((place, (_, other)))) = (taken(at), other)
            && let Ok(Some(condition)) = param::both_dates(param, [value, other], asking)
        {
            joined.push(([at, place], condition));
        }
    }
    joined
}
