//! Threats: for each flow that crosses a boundary, what could go wrong with it, in the six words of STRIDE.

use crate::rules::Text;
use crate::step::Step;
use serde::Serialize;

/// A kind of threat.
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord, Serialize)]
#[serde(rename_all = "kebab-case")]
pub enum Stride {
    /// Somebody passes for another.
    Spoofing,
    /// Something is changed.
    Tampering,
    /// Somebody denies what they did.
    Repudiation,
    /// Somebody reads what they may not.
    InformationDisclosure,
    /// Something does not work.
    DenialOfService,
    /// Somebody may more than they should.
    ElevationOfPrivilege,
}

/// A threat.
#[derive(Clone, Debug, PartialEq, Eq, Serialize)]
pub struct Threat {
    /// The same on every run: `stride.spoofing@vendor-maintenance`.
    pub id: String,
    /// Its kind.
    pub kind: Stride,
    /// The id of the flow, link or maintenance.
    pub flow: String,
    /// The boundary it crosses: from zone to zone.
    pub boundary: Text,
    /// What could happen.
    pub scenario: Text,
    /// What the description says that makes it likelier or less likely.
    pub because: Vec<Text>,
    /// The requirements that answer it.
    pub requirements: Vec<String>,
    /// The path, as evidence.
    pub path: Vec<Step>,
}
