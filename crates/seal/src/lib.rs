//! Cryptography in one room: sealing with the master key, data keys, signatures, content digests, bearer tokens.
//!
//! Everything is AWS-LC's; this room only decides which primitive serves which purpose and keeps key material in
//! [`base::Secret`], which is not printed and is wiped when dropped. It knows no files: it reads and writes text and
//! bytes that others store.

mod bytes;
mod codes;
mod data_key;
mod digest;
mod link;
mod master;
mod random;
mod signing;
mod token;

pub use codes::CODES;
pub use data_key::DataKey;
pub use digest::{content_digest, sha256_of};
pub use link::LinkKey;
pub use master::MasterKey;
pub use signing::{SigningKey, verify_signature};
pub use token::Token;
