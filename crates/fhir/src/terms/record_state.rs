//! The terms of the state of a record, as the entry of its current version says it. Nothing of a resource is looked at.

use super::date::Moments;
use super::token::code_first;
use super::{TERM_BYTES_MAX, Term};
use crate::definitions::{self, ACT, ENTERER, RESPONSIBLE, ResourceKind, SINCE, STATE};
use base::Time;

/// What an entry says of the state of its record: words and ids of accounts.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct Standing<'a> {
    /// What it is.
    pub is: &'a str,
    /// By what it came to be that.
    pub act: &'a str,
    /// Who answers for it, or is going to.
    pub responsible: Option<&'a str>,
    /// Who entered it for them.
    pub entered: Option<&'a str>,
}

/// The terms of a state, but for its time; none for types that have no states.
pub fn state_terms(kind: ResourceKind, standing: &Standing<'_>) -> Vec<Term> {
    let Standing { is, act, responsible, entered } = *standing;
    let said = [(STATE, Some(is)), (ACT, Some(act)), (RESPONSIBLE, responsible), (ENTERER, entered)];
    let term = |(code, value): (&str, Option<&str>)| {
        let (param, value) = (kept(kind, code)?, code_first(value?, ""));
        (value.len() <= TERM_BYTES_MAX).then_some(Term { param, value })
    };
    said.into_iter().filter_map(term).collect()
}

/// The term of the time since when a record is in its state; none for types that have no states.
pub fn since_term(kind: ResourceKind, since: Time) -> Option<Term> {
    let from = since.microseconds();
    let moment = Moments { from, until: from.saturating_add(1) };
    Some(Term { param: kept(kind, SINCE)?, value: moment.by_start() })
}

fn kept(kind: ResourceKind, code: &str) -> Option<&'static str> {
    definitions::search_param(kind, code).map(|param| param.name)
}
