//! Composite values: the values of the parts with `$` between them (FHIR R4, search, composite).
//!
//! A term of a composite begins with the terms of its first parts. When those are given whole, what the last part asks for
//! is looked for right behind them; else the terms are looked through from where the first part begins.

use super::param::Asked;
use super::shape::Span;
use super::text::split;
use super::value::{Match, bad};
use super::{number, token};
use crate::codes::search as codes;
use crate::definitions::SearchKind;
use crate::terms::{composed, decimal};
use base::Problem;

/// The matches for one value.
pub(super) fn matches(asked: &Asked<'_>, value: &str) -> Result<Vec<Match>, Problem> {
    let values = split(value, '$');
    let parts = asked.parts();
    if values.len() != parts.len() || values.iter().any(|value| value.is_empty()) {
        let count = parts.len();
        return Err(bad(&codes::BAD_COMPOSITE, asked.code, value).with("count", count));
    }
    let mut found = parts
        .iter()
        .zip(values)
        .map(|(part, value)| Ok(Part { kind: part.kind, matches: part_matches(part, value)? }));
    let mut parts: Vec<Part> = found.by_ref().collect::<Result<_, Problem>>()?;
    let Some(last) = parts.pop() else { return Ok(Vec::new()) };
    Ok(joined(&parts, last))
}

/// One part: how its terms end, and what is asked of them.
#[derive(Clone)]
struct Part {
    kind: SearchKind,
    matches: Vec<Match>,
}

/// What is asked of a part that stands before others is asked of its terms of class 01.
fn part_matches(part: &Asked<'_>, value: &str) -> Result<Vec<Match>, Problem> {
    match part.kind {
        SearchKind::Token if part.is_first => token::main_matches(part.code, part.places(), value),
        SearchKind::Number => number::matches(part.code, value),
        _ => part.plain(value),
    }
}

fn joined(before: &[Part], last: Part) -> Vec<Match> {
    let Some((first, _)) = before.split_first() else { return last.matches };
    let whole = |part: &Part| match part.matches.as_slice() {
        [Match { span: Span::Exact(term), test: None }] => Some(composed(part.kind, term, &[])),
        _ => None,
    };
    let prefix: Option<Vec<Vec<u8>>> = before.iter().map(whole).collect();
    if let Some(prefix) = prefix {
        let prefix = prefix.concat();
        return last.matches.into_iter().map(|one| behind(&prefix, one)).collect();
    }
    let starts = first.matches.iter().map(|one| match &one.span {
        Span::Exact(term) => Match::beginning(composed(first.kind, term, &[])),
        span @ Span::Between { .. } => span.clone().into(),
    });
    let parts: Vec<Part> = before.iter().cloned().chain([last]).collect();
    starts
        .map(|start| {
            let parts = parts.clone();
            start.tested(move |term| fulfils(&parts, term))
        })
        .collect()
}

/// The same demand on what stands behind `prefix`.
fn behind(prefix: &[u8], one: Match) -> Match {
    let moved = |side: &[u8]| [prefix, side].concat();
    let span = match &one.span {
        Span::Exact(term) => Span::Exact(moved(term)),
        Span::Between { from, until } => Span::Between { from: moved(from), until: moved(until) },
    };
    let Some(test) = one.test else { return span.into() };
    let before = prefix.len();
    Match::from(span).tested(move |term| term.get(before..).is_some_and(|rest| test(rest)))
}

/// Takes a term apart and looks at each part.
fn fulfils(parts: &[Part], term: &[u8]) -> bool {
    let Some((part, rest)) = parts.split_first() else { return term.is_empty() };
    if rest.is_empty() {
        return part.accepts(term);
    }
    cut_off(part.kind, term).is_some_and(|(value, others)| part.accepts(value) && fulfils(rest, others))
}

impl Part {
    fn accepts(&self, term: &[u8]) -> bool {
        self.matches.iter().any(|one| one.accepts(term))
    }
}

/// Cuts the term of one part off the beginning.
fn cut_off(kind: SearchKind, term: &[u8]) -> Option<(&[u8], &[u8])> {
    if kind != SearchKind::Token {
        let (_, rest) = decimal::split(term.get(1..)?)?;
        return term.split_at_checked(term.len().saturating_sub(rest.len()));
    }
    // `01 code 00 system 00`
    let mut zeros = term.iter().enumerate().filter(|(_, byte)| **byte == 0).map(|(at, _)| at);
    let end = zeros.nth(1)?;
    Some((term.get(..end)?, term.get(end.saturating_add(1)..)?))
}
