//! Sessions and the lock-out that grows, as tables in memory whose time comes from outside.
//!
//! A login goes through [`rate`] (how often may this address ask at all), [`lane`] (is this way to the account open),
//! then the factors, with [`pending`] for steps that take two requests, and ends in [`table`] with a session.

pub mod agent;
pub mod codes;
pub mod cookie;
pub mod lane;
mod moment;
pub mod net;
pub mod pending;
pub mod rate;
pub mod table;
pub mod token;

pub use agent::Agent;
pub use codes::CODES;
pub use lane::{CodeTries, Gate, Known, Lane, LaneName, Lanes, Way, refusal};
pub use net::Net;
pub use pending::{Capacity, Owner, Pending};
pub use rate::{Key, Quotas, Rate, Rates, RetryAfter};
pub use table::{Beginning, Begun, Carrier, Ends, Kept, Session, SessionId, Sessions, ShownFactor};
pub use token::{
    AccessToken, AuthorizationCode, DeviceToken, Handle, InvitationCode, MachineKey, SessionToken, Shown,
    TokenHash,
};
