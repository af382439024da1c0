//! Integration tests live under tests/; here is what drives the server from outside: a client, the crash driver, load, and how
//! they are let in; and
//! the page of what is supported, which is made from the server's own tables.

pub mod client;
pub mod crash;
pub mod load;
pub mod requests;
pub mod supported;
pub mod tester;
