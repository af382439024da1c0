//! What the edge needs of a facility. A [`crate::House`] is one such door; the tests of the edge have another.

use base::{FacilityId, Problem};
use identity::{Approach, Caller, Credential, Identity};
use records::{Answer, Call, Problems};
use store::LogFile;

/// The one door to a facility's records and journal.
pub trait Door: Send + Sync + 'static {
    /// The facility's id, as it stands in addresses.
    fn id(&self) -> &FacilityId;

    /// Does what a caller wants, or says why not.
    fn perform(&self, call: Call<'_>) -> impl Future<Output = Result<Answer, Problems>> + Send;

    /// The file at `path` below `/f/{facility}/log/` (`checkpoint`, `key`, `tile/…`); none when there is no such file.
    fn log_file(&self, path: &str) -> Result<Option<LogFile>, Problem>;

    /// Whether writes are refused until the operator acts (an unknown state of the disk, a clock behind the journal).
    fn halted(&self) -> bool;

    /// Who is calling; none when nothing is shown that says so.
    fn identify(
        &self,
        approach: &Approach<'_>,
        credential: Credential<'_>,
    ) -> Result<Option<Caller>, Problem>;

    /// The door of identities; none where people do not come in by it.
    fn identity(&self) -> Option<&Identity>;
}
