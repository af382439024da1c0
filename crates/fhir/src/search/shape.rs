//! What a search asks for, in the terms of what the store keeps. `Debug` of everything here hides values.

use crate::definitions::ResourceKind;
use base::{Problem, Time};
use std::fmt;
use std::sync::Arc;

/// Stored terms in the order of their bytes.
#[derive(Clone, PartialEq, Eq)]
pub enum Span {
    /// This term only.
    Exact(Vec<u8>),
    /// Terms from `from` up to, but without, `until`.
    Between {
        /// The first term inside, if it exists.
        from: Vec<u8>,
        /// The first term that is no longer inside.
        until: Vec<u8>,
    },
}

impl Span {
    /// Every term that begins with `prefix`, whose last byte is below `ff`.
    pub(crate) fn beginning(prefix: Vec<u8>) -> Self {
        let mut until = prefix.clone();
        if let Some(last) = until.last_mut() {
            *last = last.saturating_add(1);
        }
        Self::Between { from: prefix, until }
    }

    /// True when `term` is in the span.
    pub fn contains(&self, term: &[u8]) -> bool {
        match self {
            Self::Exact(exact) => exact == term,
            Self::Between { from, until } => from.as_slice() <= term && term < until.as_slice(),
        }
    }
}

impl fmt::Debug for Span {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        match self {
            Self::Exact(term) => write!(f, "one term of {} bytes", term.len()),
            Self::Between { from, until } => {
                write!(f, "from a term of {} bytes until one of {}", from.len(), until.len())
            }
        }
    }
}

/// A look at a stored term of a span, where the order of bytes alone does not decide.
pub type TermTest = Arc<dyn Fn(&[u8]) -> bool + Send + Sync>;

/// Some stored term of the parameter is in the span and passes the test.
#[derive(Clone)]
pub struct Alternative {
    /// Under which name the terms are kept, as in [`crate::Term::param`].
    pub param: &'static str,
    /// Where the terms stand.
    pub span: Span,
    /// What else a term must fulfil.
    pub test: Option<TermTest>,
}

impl Alternative {
    /// True when `term` is in the span and passes the test.
    pub fn accepts(&self, term: &[u8]) -> bool {
        self.span.contains(term) && self.test.as_ref().is_none_or(|test| test(term))
    }
}

impl fmt::Debug for Alternative {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        let tested = if self.test.is_some() { ", tested" } else { "" };
        write!(f, "{}: {:?}{tested}", self.param, self.span)
    }
}

/// A condition on the resources searched.
#[derive(Clone)]
pub enum Condition {
    /// The id is one of these.
    Ids(Vec<String>),
    /// The last update is in one of these ranges.
    Updated(Vec<TimeRange>),
    /// A demand on the terms of the resource.
    Terms {
        /// The alternatives.
        any: Vec<Alternative>,
        /// False: some term of the resource fulfils one of them. True: no term does.
        negated: bool,
    },
    /// Some reference of these parameters leads to a resource of one of the types, which fulfils all its conditions.
    Leads {
        /// Under which names the terms of the references are kept.
        params: Vec<&'static str>,
        /// Types, each with its conditions.
        to: Vec<(ResourceKind, Vec<Self>)>,
    },
    /// Some resource of the type that fulfils all conditions refers to the one searched by one of the parameters.
    LedTo {
        /// The type.
        kind: ResourceKind,
        /// Under which names the terms of the references are kept.
        params: Vec<&'static str>,
        /// Its conditions.
        all: Vec<Self>,
    },
}

impl fmt::Debug for Condition {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        match self {
            Self::Ids(ids) => write!(f, "{} ids", ids.len()),
            Self::Updated(ranges) => write!(f, "{} times", ranges.len()),
            Self::Terms { any, negated: false } => write!(f, "any of {any:?}"),
            Self::Terms { any, negated: true } => write!(f, "none of {any:?}"),
            Self::Leads { params, to } => write!(f, "{params:?} leads to {to:?}"),
            Self::LedTo { kind, params, all } => write!(f, "{kind} by {params:?} with {all:?}"),
        }
    }
}

/// A range of time.
#[derive(Clone, Copy, PartialEq, Eq)]
pub struct TimeRange {
    /// First moment inside; `None`: from the beginning.
    pub from: Option<Time>,
    /// First moment after it; `None`: without end.
    pub until: Option<Time>,
}

impl fmt::Debug for TimeRange {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        let side = |time: Option<Time>| if time.is_some() { "bound" } else { "open" };
        write!(f, "{} to {}", side(self.from), side(self.until))
    }
}

/// One key of the order in which results stand.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Sort {
    /// What is compared.
    pub by: SortBy,
    /// True: the largest first.
    pub descending: bool,
}

/// What is compared when results are sorted.
#[derive(Clone, PartialEq, Eq)]
pub enum SortBy {
    /// The id.
    Id,
    /// The moment of the last update.
    Updated,
    /// The terms of a parameter in a span: the least of a record's when ascending, else its greatest.
    Param {
        /// Under which names the terms are kept: one for each type that is searched.
        params: Vec<&'static str>,
        /// The first term that counts.
        from: Vec<u8>,
        /// The first that no longer counts.
        until: Vec<u8>,
    },
}

impl fmt::Debug for SortBy {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        match self {
            Self::Id => f.write_str("id"),
            Self::Updated => f.write_str("last update"),
            Self::Param { params, .. } => write!(f, "{}", params.join(", ")),
        }
    }
}

/// Resources to be shown beside those found: where references of `source` by `params` lead, or come from.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Include {
    /// The type that holds the references.
    pub source: ResourceKind,
    /// Under which names the terms of the references are kept.
    pub params: Vec<&'static str>,
    /// Only references to this type.
    pub target: Option<ResourceKind>,
    /// Also from what was included.
    pub iterate: bool,
}

/// Whether the number of all results is wanted (FHIR R4, search, `_total`).
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Total {
    /// It is not.
    None,
    /// Roughly.
    Estimate,
    /// Exactly.
    Accurate,
}

/// Which part of each resource is wanted (FHIR R4, search, `_summary`).
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Summary {
    /// The elements marked for summaries.
    True,
    /// All of it.
    False,
    /// Narrative, id, meta and required elements.
    Text,
    /// All but the narrative.
    Data,
    /// Nothing but their number.
    Count,
}

/// A search, understood.
#[derive(Clone, Default)]
pub struct Query {
    /// What a resource must fulfil, all of it.
    pub all: Vec<Condition>,
    /// The order of the results, most important key first.
    pub sort: Vec<Sort>,
    /// What the results refer to and is shown beside them.
    pub include: Vec<Include>,
    /// What refers to the results and is shown beside them.
    pub revinclude: Vec<Include>,
    /// Whether the number of all results is wanted; `None`: not said.
    pub total: Option<Total>,
    /// How many results on a page; 0: only their number.
    pub count: Option<usize>,
    /// Where to go on, as this server gave it out.
    pub cursor: Option<String>,
    /// Which part of each resource is wanted; `None`: not said.
    pub summary: Option<Summary>,
    /// The only elements wanted; empty: all.
    pub elements: Vec<String>,
    /// Parameters that are not known and were left out, as the caller allowed.
    pub ignored: Vec<Problem>,
}

impl fmt::Debug for Query {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.debug_struct("Query")
            .field("all", &self.all)
            .field("sort", &self.sort)
            .field("include", &self.include)
            .field("revinclude", &self.revinclude)
            .field("total", &self.total)
            .field("count", &self.count)
            .field("cursor", &self.cursor.is_some())
            .field("summary", &self.summary)
            .field("elements", &self.elements.len())
            .field("ignored", &self.ignored)
            .finish()
    }
}

/// What a search must know beside its parameters.
#[derive(Clone, Copy)]
pub struct Asking<'a> {
    /// FHIR base address of this server without a slash at the end: absolute references to it are recognised by it.
    pub base_url: &'a str,
    /// The present moment, for approximate dates.
    pub now: Time,
    /// Leave out what is not known instead of refusing it (FHIR R4, `Prefer: handling=lenient`).
    pub lenient: bool,
}

impl fmt::Debug for Asking<'_> {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.debug_struct("Asking")
            .field("now", &self.now)
            .field("lenient", &self.lenient)
            .finish_non_exhaustive()
    }
}
