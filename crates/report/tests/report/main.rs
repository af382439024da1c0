//! What the guideline engine knows in the forms of others: read back, held against other tools, and looked at.

#![expect(
    clippy::unwrap_used,
    clippy::panic,
    clippy::indexing_slicing,
    reason = "a test ends at the first thing that is not as it should be"
)]

mod catalogue;
mod components;
mod corpus;
mod damaged;
mod form;
mod material;
mod page;
mod reports;
mod results;
mod site;
mod trestle;
