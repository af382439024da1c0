//! Witnesses: who cosigns the checkpoints of others, and how a facility asks for that.
//!
//! [`Witness`] is the one side (C2SP `tlog-witness`): a folder with a key, the logs it trusts, and of each the checkpoint
//! that it cosigned last. It signs what continues that one and nothing else, so a journal that was rolled back, or that
//! shows two faces, finds no cosignature. [`Asker`] is the other side: it sends the newest checkpoint of a journal, and
//! what a witness says against it is kept. This room knows checkpoints and proofs, no entry and no record; whoever
//! listens for requests hands them in as bytes.

mod ask;
mod codes;
mod cosigned;
mod folder;
mod kept;
mod reading;
mod said;
mod succession;
mod witness;

pub use ask::{Asked, Asker, Listed, answered};
pub use codes::CODES;
pub use cosigned::{Cosigned, origin_digest, split, too_old, verify_cosigned};
pub use folder::{init, trust};
pub use kept::{Contradiction, Kept, Says, of_store};
pub use said::{REQUEST_BYTES_MAX, Reply, reply_to};
pub use succession::{Succession, succeed};
pub use witness::{Known, Refusal, Signed, Witness};
