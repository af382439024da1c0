//! What the edge needs of a facility. A [`crate::House`] is one such door; the tests of the edge have another.

use access::{Access, Law};
use base::{FacilityId, Problem, Time};
use evidence::Evidence;
use identity::{Approach, Caller, Credential, Identity};
use records::{Answer, Call, Problems, Trail};
use std::sync::Arc;

/// How often each part that pages watch has changed.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq)]
pub struct Changes {
    /// What waits on worklists: the state of some record.
    pub work: u64,
    /// What waits for a second person: emergency accesses and proposals of the law.
    pub alerts: u64,
    /// What came of the newest verification of the journal.
    pub verification: u64,
}

/// The one door to a facility's records and journal.
pub trait Door: Send + Sync + 'static {
    /// The facility's id, as it stands in addresses.
    fn id(&self) -> &FacilityId;

    /// Begins the trail of a request: from here on it leaves an entry in the journal.
    ///
    /// # Errors
    /// Nothing can be written, so the request cannot be served.
    fn trail(&self, access: Access) -> Result<Trail, Problem>;

    /// Begins the trail of a look while writing is stopped: it leaves a line in the emergency log, and only what is proven is
    /// seen with it. A door behind which no journal stands has no such log.
    ///
    /// # Errors
    /// Nothing can be proven, or no line can be written, so the request cannot be served.
    fn trail_in_emergency(&self, _access: Access) -> Result<Trail, Problem> {
        Err(Problem::new(&store::codes::NOT_NOTED))
    }

    /// Ends it. The answer leaves when this returns.
    fn close(&self, trail: &Trail) -> impl Future<Output = Result<(), Problem>> + Send;

    /// The law in force.
    fn law(&self) -> Arc<Law>;

    /// The present moment.
    fn now(&self) -> Time;

    /// Does what a caller wants, or says why not.
    fn perform(&self, call: Call<'_>) -> impl Future<Output = Result<Answer, Problems>> + Send;

    /// Whether writes are refused until the operator acts (an unknown state of the disk, a clock behind the journal).
    fn halted(&self) -> bool;

    /// The same, or the last attempt to write failed, as on a full disk: the next one may succeed, so that whoever sends
    /// requests to servers that are well must go on sending them here.
    fn stopped(&self) -> bool {
        self.halted()
    }

    /// How many entries the newest signed checkpoint covers, and the time of the last of them. A door behind which no journal
    /// stands does not know.
    ///
    /// # Errors
    /// It cannot be read, or is not what this facility signed.
    fn signed_until(&self) -> Result<(u64, Time), Problem> {
        Err(Problem::new(&crate::codes::ADDRESS_UNKNOWN))
    }

    /// How often each part that pages watch has changed since the start. Behind a door without a journal nothing does.
    fn changes(&self) -> Changes {
        Changes::default()
    }

    /// Checks a proof file as anybody can, against the keys that sign the journal of this facility. A door behind which no
    /// journal stands knows of no proof.
    ///
    /// # Errors
    /// It is not good, and why.
    fn verify(&self, _file: &[u8]) -> Result<store::Report, Problem> {
        Err(Problem::new(&crate::codes::ADDRESS_UNKNOWN))
    }

    /// Who is calling; none when nothing is shown that says so.
    fn identify(
        &self,
        approach: &Approach<'_>,
        credential: Credential<'_>,
    ) -> Result<Option<Caller>, Problem>;

    /// The door of identities; none where people do not come in by it.
    fn identity(&self) -> Option<&Identity>;

    /// The evidence of the facility; none where none is kept.
    fn evidence(&self) -> Option<&Evidence> {
        None
    }
}
