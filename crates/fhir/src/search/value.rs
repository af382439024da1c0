//! What the value of a parameter becomes before it is tied to the name under which terms are kept.

use super::shape::{Alternative, Span, TermTest};
use crate::codes::search as codes;
use crate::terms::TERM_BYTES_MAX;
use base::{Code, Problem};
use std::sync::Arc;

/// A demand on a stored term of any parameter.
#[derive(Clone)]
pub(super) struct Match {
    pub(super) span: Span,
    pub(super) test: Option<TermTest>,
}

impl From<Span> for Match {
    fn from(span: Span) -> Self {
        Self { span, test: None }
    }
}

impl Match {
    /// The term itself.
    pub(super) fn exact(term: Vec<u8>) -> Self {
        Span::Exact(term).into()
    }

    /// Terms that begin so.
    pub(super) fn beginning(prefix: Vec<u8>) -> Self {
        Span::beginning(prefix).into()
    }

    /// Terms from `from` up to `until`, which is outside.
    pub(super) fn between(from: Vec<u8>, until: Vec<u8>) -> Self {
        Span::Between { from, until }.into()
    }

    /// Terms of one class.
    pub(super) fn class(class: u8) -> Self {
        Self::between(vec![class], vec![class.saturating_add(1)])
    }

    /// The same, if the term also passes a test.
    pub(super) fn tested(self, test: impl Fn(&[u8]) -> bool + Send + Sync + 'static) -> Self {
        Self { test: Some(Arc::new(test)), ..self }
    }

    pub(super) fn accepts(&self, term: &[u8]) -> bool {
        self.span.contains(term) && self.test.as_ref().is_none_or(|test| test(term))
    }

    /// The demand on terms kept under a name.
    pub(super) fn of(self, param: &'static str) -> Alternative {
        Alternative { param, span: self.span, test: self.test }
    }

    /// Refuses what is longer than any term that is kept.
    pub(super) fn within_limit(self, code: &str) -> Result<Self, Problem> {
        let (Span::Exact(bytes) | Span::Between { from: bytes, .. }) = &self.span;
        if bytes.len() > TERM_BYTES_MAX { Err(too_long(code)) } else { Ok(self) }
    }
}

/// The refusal of a value that no kept term can be equal to, because it is too long.
pub(super) fn too_long(code: &str) -> Problem {
    Problem::new(&codes::VALUE_TOO_LONG).with("name", code).with("limit", TERM_BYTES_MAX)
}

/// The refusal of a value, which is repeated.
pub(super) fn bad(problem: &'static Code, code: &str, value: &str) -> Problem {
    Problem::new(problem).with("name", code).with("value", crate::place::shown(value))
}
