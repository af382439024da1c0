//! The words every room shares: ids, time and chance as parameters, limits, hidden values, problems.
//!
//! Nothing here knows FHIR, the journal or the network. Everything is plain data with a private
//! representation where a wrong value would do harm.

pub mod clock;
pub mod entropy;
pub mod hidden;
pub mod id;
pub mod limits;
pub mod problem;

pub use clock::{Clock, ManualClock, SystemClock, Time};
pub use entropy::{Entropy, SeededEntropy, SystemEntropy};
pub use hidden::{Phi, Secret};
pub use id::{FacilityId, Position, RecordKey, ResourceId, VersionNumber};
pub use problem::{Class, Code, Language, Problem};
