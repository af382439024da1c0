//! People, machines and their factors: accounts, passwords, one-time codes, passkeys, client certificates, sessions.
//!
//! The rules in `certificate/`, `factor/` and `session/` are pure: time and chance are arguments, nothing is read or
//! written. What must outlive a restart is written to the facility's journal by the door, which alone knows the store.

pub mod certificate;
pub mod factor;
pub mod qr;
pub mod session;
pub mod words;

pub use words::{AccountId, FactorClass, FactorKind};
