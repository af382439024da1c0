//! Integration tests live under tests/; here is what drives the server from outside: a client, the crash driver, load.

pub mod client;
pub mod crash;
pub mod load;
