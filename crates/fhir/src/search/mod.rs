//! A search as it comes from an address, turned into a [`Query`] over what the store keeps: ids, times, terms.
//!
//! What is not known, a modifier included, is refused by name: a condition left out silently would show too many records.

mod composite;
mod condition;
mod date;
mod number;
mod param;
mod prefix;
mod quantity;
mod query;
mod reference;
mod results;
mod shape;
mod string;
mod text;
mod token;
mod uri;
mod value;

pub use crate::terms::reference::{referenced, references_to};
pub use query::{query, query_of_several};
pub use shape::{
    Alternative, Asking, Condition, Include, Query, Sort, SortBy, Span, Summary, TermTest, TimeRange, Total,
};

/// The span of time that a date or date and time means, by its precision: `2026-04` is the whole month. What has no zone is
/// meant in Japan Standard Time. `None` when it is neither.
pub fn period(text: &str) -> Option<TimeRange> {
    let (from, until) = crate::terms::date::period(text)?;
    Some(TimeRange {
        from: Some(base::Time::from_microseconds(from)),
        until: Some(base::Time::from_microseconds(until)),
    })
}

#[cfg(test)]
mod tests;
