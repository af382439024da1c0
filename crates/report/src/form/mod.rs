//! The reports that Japanese practice asks for, each a function from what is known to a [`Paper`].

mod answers;
mod checklist;
mod coverage;
mod director;
mod documents;
mod gaps;
mod given;
mod inspection;
mod matrix;
mod measure;
mod network;
mod remarks;
mod risk;
mod sds;
mod service_spec;
mod words;

pub use given::{DocumentLine, Given, Judged, OpenPath, SiteShown, TargetLine};

use crate::paper::Paper;
use base::Problem;
use guideline::Side;

/// A kind of report.
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord)]
pub enum Form {
    /// The yearly checklist of the ministry, for facilities or for providers.
    Checklist,
    /// The disclosure of makers and providers (MDS/SDS).
    Sds,
    /// Who answers for each requirement.
    Matrix,
    /// What is missing, with what to do, the greatest effect first.
    Gaps,
    /// The risk register.
    Risk,
    /// Everything for an inspection in one file.
    Inspection,
    /// One page for the director.
    Director,
    /// What a service provides against the guideline, with the draft of an agreement on service levels.
    ServiceSpec,
}

impl Form {
    /// All of them.
    pub const ALL: [Self; 8] = [
        Self::Checklist,
        Self::Sds,
        Self::Matrix,
        Self::Gaps,
        Self::Risk,
        Self::Inspection,
        Self::Director,
        Self::ServiceSpec,
    ];

    /// Its name in commands and addresses.
    pub fn name(self) -> &'static str {
        match self {
            Self::Checklist => "checklist",
            Self::Sds => "sds",
            Self::Matrix => "matrix",
            Self::Gaps => "gaps",
            Self::Risk => "risk",
            Self::Inspection => "inspection",
            Self::Director => "director",
            Self::ServiceSpec => "service-spec",
        }
    }

    /// The edition that it answers where none is named.
    pub fn edition(self) -> &'static str {
        match self {
            Self::Checklist | Self::Inspection => "mhlw-checklist-2026",
            Self::Sds => "jahis-sds-5.0",
            Self::ServiceSpec => "meti-mic-2.0",
            Self::Matrix | Self::Gaps | Self::Risk | Self::Director => "mhlw-7.0",
        }
    }

    /// Which assessments it is made of when it answers an edition for a side: edition and side of each, the first being the
    /// one that its trend shows.
    pub fn assessed(self, edition: &str, side: Option<Side>) -> Vec<(String, Option<Side>)> {
        let own = (edition.to_owned(), side);
        match self {
            // The pack shows the checklist and, behind it, what is missing of the guideline itself.
            Self::Inspection => vec![own, ("mhlw-7.0".to_owned(), Some(Side::Facility))],
            Self::Risk | Self::Matrix => Vec::new(),
            Self::Checklist | Self::Sds | Self::Gaps | Self::Director | Self::ServiceSpec => vec![own],
        }
    }

    /// The report of what is given.
    ///
    /// # Errors
    /// What is given is not of the engine's editions.
    pub fn paper(self, given: &Given<'_>) -> Result<Paper, Problem> {
        match self {
            Self::Checklist => checklist::paper(given),
            Self::Sds => sds::paper(given),
            Self::Matrix => matrix::paper(given),
            Self::Gaps => gaps::paper(given),
            Self::Risk => Ok(risk::paper(given)),
            Self::Inspection => inspection::paper(given),
            Self::Director => director::paper(given),
            Self::ServiceSpec => service_spec::paper(given),
        }
    }
}
