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
pub use query::query;
pub use shape::{
    Alternative, Asking, Condition, Include, Query, Sort, SortBy, Span, Summary, TermTest, TimeRange, Total,
};

#[cfg(test)]
mod tests;
