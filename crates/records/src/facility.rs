//! A facility as the use cases see it: its store, time and chance, and who calls.

use crate::asking::Asking;
use crate::behalf::Behalf;
use crate::trail::Trail;
use access::{InForce, Law, Staff};
use base::{Clock, Entropy, FacilityId, Problem, ResourceId};
use std::sync::Arc;
use std::sync::atomic::{AtomicBool, Ordering};
use store::Store;

/// The records of one facility. Clones share the same store.
#[derive(Clone, Debug)]
pub struct Facility {
    store: Arc<Store>,
    clock: Arc<dyn Clock>,
    entropy: Arc<dyn Entropy>,
    law: InForce,
    /// Whether any record may carry a security label. It never turns back: then more is looked up than need be.
    labels: Arc<AtomicBool>,
}

/// The search parameter of security labels.
const LABELS: &str = "Resource._security";

impl Facility {
    /// The records in a store, and the law by which they are shown and written.
    ///
    /// # Errors
    /// The store cannot be read.
    pub fn new(
        store: Arc<Store>,
        clock: Arc<dyn Clock>,
        entropy: Arc<dyn Entropy>,
        law: InForce,
    ) -> Result<Self, Problem> {
        let labels = store.inspect(|inside| inside.has_row_of(LABELS))?;
        Ok(Self { store, clock, entropy, law, labels: Arc::new(AtomicBool::new(labels)) })
    }

    /// The facility's id.
    pub fn id(&self) -> &FacilityId {
        self.store.facility()
    }

    /// Whether writes are refused until restart.
    pub fn halted(&self) -> bool {
        self.store.halted()
    }

    /// How often a part of the facility has changed since the start.
    pub fn changed(&self, part: &store::Part) -> u64 {
        self.store.changes(part)
    }

    /// Whether signing has stopped because the clock is behind the journal.
    pub fn clock_behind(&self) -> bool {
        self.store.clock_behind()
    }

    /// Whether nothing can be written at present, for whatever reason.
    pub fn stopped(&self) -> bool {
        self.store.stopped()
    }

    /// The law in force.
    pub fn law(&self) -> Arc<Law> {
        self.law.law()
    }

    /// Whether any record may carry a security label.
    pub(crate) fn labels(&self) -> &Arc<AtomicBool> {
        &self.labels
    }

    /// Takes note of labels before they are written.
    pub(crate) fn labels_seen(&self, labels: &[String]) {
        if !labels.is_empty() {
            self.labels.store(true, Ordering::SeqCst);
        }
    }

    pub(crate) fn store(&self) -> &Store {
        &self.store
    }

    /// How many entries the newest signed checkpoint covers, and the time of the last of them; its signature is verified.
    /// No record is looked at for it.
    ///
    /// # Errors
    /// The database cannot be read, or the checkpoint is not one of this journal.
    pub fn signed_until(&self) -> Result<(u64, base::Time), Problem> {
        self.store.signed_until().map(|(checkpoint, time)| (checkpoint.size, time))
    }

    /// Checks a proof file, as `akashi verify` does, against the keys that sign the journal of this facility.
    ///
    /// # Errors
    /// It is not good (ST-0017), and why.
    pub fn verify_proof(&self, file: &[u8]) -> Result<store::Report, Problem> {
        store::verify_proof_across(file, self.store.lineage())
    }

    /// The present moment.
    pub fn now(&self) -> base::Time {
        self.clock.now()
    }

    /// Writes a cursor into a link of the search that `about` names.
    pub(crate) fn seal_cursor(&self, about: &[u8], cursor: &store::Cursor) -> Result<String, Problem> {
        self.store.seal_cursor(about, cursor)
    }

    /// A new id: a UUID of version 7 (RFC 9562), which sorts by time and so keeps the index compact.
    pub(crate) fn new_id(&self) -> Result<ResourceId, Problem> {
        let mut bytes = [0; 16];
        self.entropy.fill(&mut bytes).map_err(|_| Problem::new(&store::codes::ENTROPY))?;
        let milliseconds = u64::try_from(self.clock.now().microseconds()).unwrap_or(0) / 1_000;
        let random = u128::from_be_bytes(bytes);
        let time = u128::from(milliseconds & 0xFFFF_FFFF_FFFF) << 80;
        let value = time | (random & 0x0FFF_3FFF_FFFF_FFFF_FFFF) | (0x7 << 76) | (0x2 << 62);
        let hex = format!("{value:032x}");
        let parts = [0..8, 8..12, 12..16, 16..20, 20..32].map(|range| hex.get(range).unwrap_or_default());
        ResourceId::parse(&parts.join("-")).ok_or_else(|| Problem::new(&store::codes::ENTROPY))
    }
}

/// Who calls, and how to answer.
#[derive(Clone, Copy, Debug)]
pub(crate) struct Caller<'a> {
    pub(crate) actor: &'a store::Actor,
    pub(crate) language: base::Language,
    pub(crate) base_url: &'a str,
    pub(crate) asking: &'a Arc<Asking>,
    pub(crate) trail: &'a Trail,
    /// For whom it is entered.
    pub(crate) behalf: Option<&'a Behalf>,
    pub(crate) staff: Option<&'a dyn Staff>,
}
