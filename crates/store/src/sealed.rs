//! Content under seal: it is opened by a permit for its record, and by nothing else.

use crate::codes;
use access::{ActionGroup, AuditPermit, Facts, Permit};
use base::{Problem, RecordKey};
use std::fmt;

/// The types whose content says who treats a patient.
const SAY_WHO_TREATS: [&str; 4] = ["Patient", "Encounter", "CareTeam", "Appointment"];

/// The content of a version of a record. `Debug` hides it.
#[derive(Clone, PartialEq, Eq)]
pub struct Sealed {
    key: RecordKey,
    bytes: Vec<u8>,
}

impl Sealed {
    pub(crate) fn new(key: RecordKey, bytes: Vec<u8>) -> Self {
        Self { key, bytes }
    }

    /// What the content says that a decision rests on.
    pub fn facts(&self, read: fn(&str, &[u8]) -> Facts) -> Facts {
        read(&self.key.kind, &self.bytes)
    }

    /// What the content says of who treats a patient, for whoever may read who looked. Of the types that say it the
    /// content is shown to `read`; of others nothing is.
    pub fn treating<T: Default>(&self, _permit: &AuditPermit, read: impl FnOnce(&[u8]) -> T) -> T {
        if SAY_WHO_TREATS.contains(&&*self.key.kind) { read(&self.bytes) } else { T::default() }
    }

    /// For this room.
    pub(crate) fn into_bytes(self) -> Vec<u8> {
        self.bytes
    }

    /// How long it is.
    pub fn bytes(&self) -> usize {
        self.bytes.len()
    }

    /// The content, for whoever may see or write this record.
    ///
    /// ```
    /// # use {access::Permit, base::Problem, store::Sealed};
    /// fn shown(sealed: Sealed, permit: &Permit) -> Result<Vec<u8>, Problem> {
    ///     sealed.open(permit)
    /// }
    /// ```
    ///
    /// Nothing else opens it:
    ///
    /// ```compile_fail,E0061
    /// # use {base::Problem, store::Sealed};
    /// fn shown(sealed: Sealed) -> Result<Vec<u8>, Problem> {
    ///     sealed.open()
    /// }
    /// ```
    ///
    /// ```compile_fail,E0624
    /// # use store::Sealed;
    /// fn shown(sealed: Sealed) -> Vec<u8> {
    ///     sealed.into_bytes()
    /// }
    /// ```
    ///
    /// ```compile_fail,E0616
    /// # use store::Sealed;
    /// fn length(sealed: &Sealed) -> usize {
    ///     sealed.bytes.len()
    /// }
    /// ```
    ///
    /// # Errors
    /// The permit is for another record, or neither for looking nor for writing: that is a fault of ours.
    pub fn open(self, permit: &Permit) -> Result<Vec<u8>, Problem> {
        let concerns = matches!(permit.action().group(), ActionGroup::Look | ActionGroup::Write);
        if concerns && *permit.key() == self.key {
            return Ok(self.bytes);
        }
        let log = format!("a permit to {} was shown for another content", permit.action().name());
        Err(Problem::new(&codes::NO_PERMIT).log(log))
    }
}

impl fmt::Debug for Sealed {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        write!(f, "{} bytes of {}", self.bytes.len(), self.key)
    }
}
