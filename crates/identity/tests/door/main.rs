//! The door of identities, tried hard: a real journal on the disk, a clock that tests move, and whoever wants in.
#![expect(
    clippy::unwrap_used,
    clippy::indexing_slicing,
    clippy::panic,
    clippy::string_slice,
    clippy::needless_pass_by_value,
    reason = "a test ends at the first thing that is not as it should be"
)]

mod accounts;
mod bench;
mod certificates;
mod factors;
mod faults;
mod glass;
mod invitations;
mod journal;
mod law;
mod lockout;
mod login;
mod machines;
mod passkeys;
mod passthrough;
mod people;
mod policy;
mod replay;
mod sessions;
mod sms;
mod trials;
mod who;
mod work;
