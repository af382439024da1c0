//! The audit trail sent to a collector outside: syslog messages (RFC 5424) over TLS (RFC 5425), as ATNA (ITI-20) and the
//! JAHIS standard for audit trail messages ask for it.
//!
//! A [`Sender`] reads access entries in the order of the journal and sends each at least once. Requests never wait for
//! it: where the collector is away, the sender falls behind, and catches up.

mod following;
mod link;
mod message;
mod sender;
mod standing;

pub use link::Settings;
pub use sender::{Entries, Keeping, Pace, Sender};
pub use standing::Standing;
