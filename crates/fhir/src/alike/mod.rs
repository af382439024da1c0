//! Whether two patients may be one person: what is compared, what each agreement weighs, and the grade that follows.
//!
//! Weights are those of Fellegi and Sunter ("A Theory for Record Linkage", 1969): the logarithm of how much more often a
//! finding is made among records of one person than among those of two. They stand in one table ([`Finding`]) with the
//! frequencies they come from; rules above them ([`Rule`]) keep relatives, twins and people of the same name apart.
//! Nothing here decides that two patients are one: it shows a person what speaks for it and what against.

mod block;
mod compare;
mod finding;
mod letters;
mod read;
#[cfg(test)]
mod tests;

pub use block::apart;
pub use compare::{Grade, Likeness, Rule, compare, highest};
pub use finding::{Field, Finding, Outcome};
pub use read::Features;

pub(crate) use block::{blocks, needed};
