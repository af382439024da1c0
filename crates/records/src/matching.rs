//! What `fhir` understood of a search, in the words of the store.

use fhir::search::{Alternative, Condition, Sort, SortBy, Span, TimeRange};
use store::Matching;

/// All conditions.
pub fn all(conditions: Vec<Condition>) -> Vec<Matching> {
    conditions.into_iter().map(one).collect()
}

fn one(condition: Condition) -> Matching {
    match condition {
        Condition::Ids(ids) => Matching::Ids(ids),
        Condition::Updated(spans) => Matching::Updated(spans.into_iter().map(time).collect()),
        Condition::Terms { any, negated } => {
            Matching::Terms { any: any.into_iter().map(alternative).collect(), negated }
        }
        Condition::Leads { params, to } => {
            let to = to.into_iter().map(|(kind, conditions)| (kind.as_str().to_owned(), all(conditions)));
            Matching::Leads { params, to: to.collect() }
        }
        Condition::LedTo { kind, params, all: conditions } => {
            Matching::LedTo { kind: kind.as_str().to_owned(), params, all: all(conditions) }
        }
    }
}

fn time(span: TimeRange) -> store::TimeRange {
    store::TimeRange { from: span.from, until: span.until }
}

fn alternative(one: Alternative) -> store::Alternative {
    let span = match one.span {
        Span::Exact(value) => store::Span::Exact(value),
        Span::Between { from, until } => store::Span::Between { from, until },
    };
    store::Alternative { param: one.param, span, test: one.test }
}

/// The keys of an order.
pub fn order(sort: Vec<Sort>) -> Vec<store::Sort> {
    let key = |sort: Sort| {
        let by = match sort.by {
            SortBy::Id => store::SortBy::Id,
            SortBy::Updated => store::SortBy::Updated,
            SortBy::Param { params, from, until } => store::SortBy::Term { params, from, until },
        };
        store::Sort { by, descending: sort.descending }
    };
    sort.into_iter().map(key).collect()
}
