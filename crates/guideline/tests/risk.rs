//! The risk process: each rule by itself, the way from proposal to approval, and what no sequence of steps can reach.

#![expect(
    clippy::expect_used,
    clippy::indexing_slicing,
    clippy::panic,
    clippy::unwrap_used,
    reason = "a test ends at the first thing that is not as it should be"
)]

#[path = "risk/clinic.rs"]
mod clinic;
#[path = "risk/proposals.rs"]
mod proposals;
#[path = "risk/reach.rs"]
mod reach;
#[path = "risk/rules.rs"]
mod rules;
#[path = "risk/scale.rs"]
mod scale;
#[path = "risk/views.rs"]
mod views;
