//! The risk process of the METI/MIC guideline (chapter 5): assets and flows of information, scenarios, likelihood and impact
//! on a written scale, treatment, approval, record.
//!
//! A [`Register`] holds what is known now. A [`Step`] makes another [`Risk`] out of one, by rules that stand in one file
//! (`step.rs`); who stores it is another room. Pure: no files, no clock, moments are passed in. Whoever accepts a risk names
//! by what it is noticed, and an executive who neither assessed nor planned approves.

mod form;
mod model;
mod propose;
mod register;
mod scale;
mod sheet;
mod step;
mod view;
mod words;

pub use crate::day::Day;
pub use form::{COUNTERMEASURES_MAX, ID_CHARS_MAX, PERSON_CHARS_MAX, REGISTER_MAX, TEXT_CHARS_MAX};
pub use model::{
    Approval, Assessed, Asset, Countermeasure, Description, Done, End, Flow, Plan, Residual, Risk,
    Suggestion, Treatment,
};
pub use propose::Concerns;
pub use register::Register;
pub use scale::{Extent, Grade, Impact, KindOfMeasure, LevelRule, Likelihood, NeedsApproval, Scale};
pub use step::{By, Step};
pub use view::{Counts, Row};
pub use words::{AssetKind, Carrier, CountermeasureKind, Information, Level, Place, Status, TreatmentKind};

use crate::catalogue::Catalogue;
use crate::yaml::SourceFile;
use base::Problem;

static SCALE: SourceFile<'static> =
    SourceFile { name: "risk-scale.yaml", text: include_str!("../../catalogue/risk-scale.yaml") };
static CONCERNS: SourceFile<'static> =
    SourceFile { name: "risk-concerns.yaml", text: include_str!("../../catalogue/risk-concerns.yaml") };

/// How risks are found and rated.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Method {
    /// The scale.
    pub scale: Scale,
    /// What each scenario concerns.
    pub concerns: Concerns,
}

impl Method {
    /// The method that is compiled in.
    ///
    /// # Errors
    /// What is compiled in contradicts the catalogue, which tests rule out.
    pub fn builtin(catalogue: &Catalogue) -> Result<Self, Problem> {
        Ok(Self { scale: Scale::read(SCALE)?, concerns: Concerns::read(CONCERNS, catalogue)? })
    }
}

/// What steps are held against.
#[derive(Clone, Copy, Debug)]
pub struct Rules<'a> {
    /// What is required, and the scenarios.
    pub catalogue: &'a Catalogue,
    /// How risks are found and rated.
    pub method: &'a Method,
}
