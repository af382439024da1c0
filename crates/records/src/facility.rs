//! A facility as the use cases see it: its store, time and chance, and who calls.

use base::{Clock, Entropy, FacilityId, Problem, ResourceId};
use std::sync::Arc;
use store::{LogFile, Store};

/// The records of one facility. Clones share the same store.
#[derive(Clone, Debug)]
pub struct Facility {
    store: Arc<Store>,
    clock: Arc<dyn Clock>,
    entropy: Arc<dyn Entropy>,
}

impl Facility {
    /// The records in a store.
    pub fn new(store: Arc<Store>, clock: Arc<dyn Clock>, entropy: Arc<dyn Entropy>) -> Self {
        Self { store, clock, entropy }
    }

    /// The facility's id.
    pub fn id(&self) -> &FacilityId {
        self.store.facility()
    }

    /// A file of the facility's log (`checkpoint`, `key`, `tile/…`); none when the tree has no such file.
    pub fn log_file(&self, path: &str) -> Result<Option<LogFile>, Problem> {
        self.store.log_file(path)
    }

    /// Whether writes are refused until restart.
    pub fn halted(&self) -> bool {
        self.store.halted()
    }

    /// Whether signing has stopped because the clock is behind the journal.
    pub fn clock_behind(&self) -> bool {
        self.store.clock_behind()
    }

    pub(crate) fn store(&self) -> &Store {
        &self.store
    }

    /// The present moment.
    pub(crate) fn now(&self) -> base::Time {
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
}
