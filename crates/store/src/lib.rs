//! The journal and its views on an encrypted SQLite file, one per facility.
//!
//! One append-only journal is the truth; current records, histories and search rows are views of it, written in the
//! same transaction and rebuilt from it by [`Store::reindex`]. Writes go through one writer that joins what waits into
//! one durable, signed commit; reads see a snapshot. What the disk holds after a failed commit is unknown, so the
//! writer stops rather than guesses. This room knows entries, positions and digests; it does not know FHIR.

mod accesses;
mod actor;
mod belonging;
mod change;
mod changes;
pub mod codes;
mod commit;
pub mod complete;
pub mod cosigned;
mod database;
pub mod disk;
mod emergency;
mod entry;
mod facility;
mod inside;
pub mod kept;
mod log;
mod merged;
mod open;
mod past;
mod proof;
mod readers;
mod reindex;
mod sealed;
mod search;
mod snapshot;
mod state;
mod strict;
mod term_list;
mod ticket;
mod verify;
mod views;
mod witness;
mod work;
mod write_ahead;
mod writer;

pub use accesses::{AccessFilter, Accessed, Deed, Deeds};
pub use actor::{Actor, ActorKind};
pub use belonging::{PATIENT, TIE, is_of_two_patients};
pub use change::{
    Act, Batch, Change, Effect, Expected, ImportMark, Indexer, Note, Receipt, Render, Term, Written,
};
pub use changes::Part;
pub use emergency::{Proven, verify_emergency_logs};
pub use entry::{Entry, EntryKind, IDENTITY_PREFIX, Subject, Succession};
pub use facility::{FacilityKeys, folder, list, verifier_key};
pub use inside::{Inside, Standing};
pub use log::{LogFile, save_log};
pub use merged::{REPLACED_BY, REPLACES};
pub use open::{Store, World};
pub use past::{MEMBER, Past};
pub use proof::ProofFile;
pub use sealed::Sealed;
pub use search::{
    Alternative, Cursor, Guard, Hit, Hits, Judge, Links, Matching, Search, Sort, SortBy, Span, TermTest,
    TimeRange,
};
pub use snapshot::{Found, HistoryOf, HistorySpan, Newest, Salted, Snapshot, Step};
pub use state::{Is, Mark, Says, State, StateAct, finals_stand};
pub use ticket::{Refused, Ticket};
pub use verify::{
    Lineage, Options as VerifyOptions, Report, Succeeded, verify_checkpoint, verify_checkpoint_across,
    verify_consistency, verify_consistency_across, verify_data, verify_log, verify_proof,
    verify_proof_across,
};
pub use witness::Witness;
pub use work::{Done, Spread};
