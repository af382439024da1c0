//! Threats: for each flow that crosses a boundary, what could go wrong with it, in the six words of STRIDE.
//!
//! Flows, lines and ways of maintenance are looked at that the model really has: packets can take them, or nobody knows that
//! they cannot. A boundary is where the owner, the kind of network or the facility changes.

mod because;
mod crossing;
mod find;
mod words;

pub use find::find;

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
    /// A heading.
    pub title: Text,
    /// The boundary it crosses: from zone to zone.
    pub boundary: Text,
    /// What could happen.
    pub scenario: Text,
    /// What the description says that makes it likelier or less likely.
    pub because: Vec<Text>,
    /// The requirements that answer it.
    pub requirements: Vec<String>,
    /// Whether it is certain that packets can take the path.
    pub decided: bool,
    /// The path, as evidence; empty where nobody knows it.
    pub path: Vec<Step>,
}

impl Stride {
    /// All of them, in the order of the word.
    pub const ALL: [Self; 6] = [
        Self::Spoofing,
        Self::Tampering,
        Self::Repudiation,
        Self::InformationDisclosure,
        Self::DenialOfService,
        Self::ElevationOfPrivilege,
    ];

    /// As it stands in ids.
    pub const fn word(self) -> &'static str {
        match self {
            Self::Spoofing => "spoofing",
            Self::Tampering => "tampering",
            Self::Repudiation => "repudiation",
            Self::InformationDisclosure => "information-disclosure",
            Self::DenialOfService => "denial-of-service",
            Self::ElevationOfPrivilege => "elevation-of-privilege",
        }
    }
}
