//! Attack paths on whole networks: those of the templates, random ones against a naive search, large ones.

mod large;
mod templates;
