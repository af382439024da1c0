//! People, machines and their factors: accounts, passwords, one-time codes, passkeys, client certificates, sessions.
//!
//! The rules in `app/`, `certificate/`, `factor/` and `session/` are pure: time and chance are arguments, nothing is read or
//! written. What must outlive a restart is written to the facility's journal by the door, which alone knows the store.

pub mod app;
pub mod certificate;
pub mod codes;
pub mod command;
pub mod door;
pub mod factor;
mod glasses;
mod hidden;
pub mod kept;
mod moment;
pub mod qr;
mod register;
pub mod session;
pub mod words;
pub mod zone;

pub use command::{COMMANDS, Command, CommandRow, Freshness, Situated};
pub use door::{Approach, Caller, Credential, Grant, Identity, NOTICED, Settings};
pub use hidden::Hidden;

pub use words::{AccountId, FactorClass, FactorKind};
