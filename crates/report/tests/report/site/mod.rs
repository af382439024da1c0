//! The check of a site as people and programs are shown it.

pub(crate) mod builder;
mod change;
mod documents;
mod page;
mod picture;
mod standard;
mod table;
