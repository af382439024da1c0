//! What differs between two checks, for people: what is gone, what is new, what became certain or uncertain.
//!
//! Terminal and page show the same parts, which are made here. Something that is gone is shown as good only where it was
//! a violation and nothing took its place as undecided.

mod page;
mod parts;
mod terminal;

pub use page::change_page;
pub use terminal::change_table;

pub use super::json::change_json;
