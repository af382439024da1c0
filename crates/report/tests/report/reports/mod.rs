//! The reports for the director, the inspector and the customer: what they say, in which order, and what they never say.

mod page;
mod rules;
mod scene;
mod trees;
