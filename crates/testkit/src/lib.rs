//! For tests: the real server on a free port with its own CA and clock, a client, the binary as a process, the
//! Python verifier, and ways to look at and damage what lies on the disk.
//!
//! Nothing here is part of the product. A test that cannot go on ends with a panic that says where.
#![expect(
    clippy::unwrap_used,
    clippy::expect_used,
    clippy::panic,
    clippy::missing_panics_doc,
    reason = "only tests use this crate, and a test that cannot go on ends here"
)]

mod app;
pub mod archive;
mod audit;
mod authenticator;
pub mod authority;
mod client;
mod clinic;
pub mod damage;
mod journal;
mod keyhole;
mod listening;
mod one_time;
mod person;
mod process;
pub mod python;
mod reply;
mod roles;

pub use app::{App, VERIFIER, challenge, endpoint, form, post_form};
pub use audit::{accesses, accesses_at};
pub use authenticator::{HandleShown, SoftAuthenticator, UserCheck};
pub use client::{Ask, Broken, Client, Met, Target};
pub use clinic::{BASE_URL, CHEAP, Chance, Clinic, Plan, Times, console, plenty};
pub use journal::Journal;
pub use keyhole::{data_key, open_database};
pub use listening::Listening;
pub use one_time::one_time_code;
pub use person::Person;
pub use process::{Akashi, Ended, Process, TESTER_KEY, binary, give_the_tester_a_key, let_the_tester_in};
pub use reply::{Reply, at, json, texts};
pub use roles::{Member, ROLES, Role, RoleKind};
pub use seal::MasterKey;

use std::path::PathBuf;

/// The root of the workspace.
pub fn workspace() -> PathBuf {
    PathBuf::from(env!("CARGO_MANIFEST_DIR")).join("../..").canonicalize().unwrap()
}
