//! Leaving out what the caller may not see, so that neither hits nor counts nor pages tell of it.

use super::Hit;
use crate::snapshot::Snapshot;
use base::Problem;
use std::cell::{Cell, RefCell};
use std::collections::HashMap;

/// Bytes of contents that are kept from the question to the page.
const KEPT_BYTES_MAX: usize = 4 * 1024 * 1024;

/// Says which records a search may find. What it does not admit is, for the search, not there: no hit, no count, no
/// order, no chain and no reverse chain through it.
pub trait Judge {
    /// Whether this record may be found. Asked at most once for each record of a search.
    fn admits(&self, snapshot: &Snapshot<'_>, hit: &Hit) -> Result<bool, Problem>;

    /// Whether every record of this type may be found: then none of them is looked at.
    fn all(&self, kind: &str) -> bool;
}

/// A judge and what it has said during one search.
pub(super) struct Bench<'s> {
    pub(super) judge: &'s dyn Judge,
    verdicts: RefCell<HashMap<i64, bool>>,
    /// Admitted records, which the page is going to show.
    kept: RefCell<HashMap<i64, Hit>>,
    kept_bytes: Cell<usize>,
}

impl<'s> Bench<'s> {
    pub(super) fn new(judge: &'s dyn Judge) -> Self {
        let (verdicts, kept) = (RefCell::default(), RefCell::default());
        Self { judge, verdicts, kept, kept_bytes: Cell::new(0) }
    }

    /// What was said of a record.
    pub(super) fn known(&self, record: i64) -> Option<bool> {
        self.verdicts.borrow().get(&record).copied()
    }

    /// Notes what was said of a record.
    pub(super) fn note(&self, hit: Hit, admitted: bool) {
        self.verdicts.borrow_mut().insert(hit.record, admitted);
        let bytes = self.kept_bytes.get().saturating_add(hit.content.bytes());
        if admitted && bytes <= KEPT_BYTES_MAX {
            self.kept_bytes.set(bytes);
            self.kept.borrow_mut().insert(hit.record, hit);
        }
    }

    /// Notes that a record is not shown, whoever asks.
    pub(super) fn refuse(&self, record: i64) {
        self.verdicts.borrow_mut().insert(record, false);
    }

    /// A record that was read for the question.
    pub(super) fn take(&self, record: i64) -> Option<Hit> {
        self.kept.borrow_mut().remove(&record)
    }
}
