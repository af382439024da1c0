//! Attack paths on whole networks: those of the templates, and large ones.

#![expect(clippy::unwrap_used, reason = "a test ends at the first thing that is not as it should be")]

mod large;
mod templates;
