//! The site: networks, machines and clouds of a facility as one model, and the question whether an open road leads to the
//! records.
//!
//! What nobody knows is undecided, and never shown as safe.

pub mod attack;
pub mod check;
pub mod codes;
pub mod compare;
pub mod connection;
pub mod description;
pub mod findings;
pub mod model;
pub mod network;
pub mod packet;
pub mod picture;
pub mod plan;
pub mod question;
pub mod reach;
pub mod resource;
pub mod rules;
pub mod step;
pub mod threat;
pub mod weigh;
