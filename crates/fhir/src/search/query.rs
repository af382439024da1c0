//! The parameters of a search, one after the other, joined to a [`Query`].

use super::condition::{self, Named};
use super::results;
use super::shape::{Asking, Query};
use super::text::split;
use crate::codes::search as codes;
use crate::definitions::ResourceKind;
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
    for (name, value) in pairs {
        let named = Named { name, value, asking, depth: 0, types: &types };
        count = count.saturating_add(split(value, ',').len());
        let taken = if count > SEARCH_TERMS_MAX {
            Err(Problem::new(&codes::TOO_MANY_VALUES)
                .with("name", shown(name))
                .with("limit", SEARCH_TERMS_MAX))
        } else {
            take(kind, named, &mut query)
        };
        match taken.map_err(|problem| problem.at(shown(name))) {
            Ok(()) => {}
            Err(problem) if asking.lenient && condition::is_unknown(&problem) => query.ignored.push(problem),
            Err(problem) => return Err(problem),
        }
    }
    Ok(query)
}

fn take(kind: ResourceKind, named: Named<'_>, query: &mut Query) -> Result<(), Problem> {
    if !results::take(kind, named.name, named.value, query)? {
        query.all.push(condition::of(kind, named)?);
    }
    Ok(())
}
