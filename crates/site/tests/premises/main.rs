//! Descriptions drawn into networks: what each says of who reaches whom.

#![expect(
    clippy::unwrap_used,
    clippy::panic,
    reason = "a test ends at the first thing that is not as it should be"
)]

mod ask;
mod changed;
mod clouds;
mod devices;
mod lines;
mod outside;
mod templates;
mod zones;
