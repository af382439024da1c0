//! What the register holds: assets, flows of information, and risks with all that was decided about them.
//!
//! The shapes are plain data, stored as JSON by others. That a risk came to be what it is by the rules is for
//! [`Register::read`](super::Register::read) and the steps to say, not for the shapes.

use super::scale::{Extent, Grade};
use super::words::{AssetKind, Carrier, CountermeasureKind, Information, Place, Status, TreatmentKind};
use crate::catalogue::Actor;
use crate::day::Day;
use crate::fact::Moment;
use serde::{Deserialize, Serialize};
use std::collections::BTreeSet;

/// Something that information rests in, or that care depends on.
#[derive(Clone, Debug, PartialEq, Eq, Deserialize, Serialize)]
#[serde(deny_unknown_fields)]
pub struct Asset {
    /// Such as `emr-server`: small letters, digits and `-`, at most 64.
    pub id: String,
    /// What people call it.
    pub name: String,
    /// What it is.
    pub kind: AssetKind,
    /// What information it holds or shows; empty while that is not known.
    pub holds: BTreeSet<Information>,
    /// Where it is.
    #[serde(rename = "where")]
    pub place: Place,
    /// Who answers for it.
    pub owner: String,
}

/// One end of a flow.
#[derive(Clone, Debug, PartialEq, Eq, Deserialize, Serialize)]
#[serde(rename_all = "lowercase")]
pub enum End {
    /// An asset of the register, by its id.
    Asset(String),
    /// Somebody or something else, by name: a laboratory, patients, a ministry.
    Outside(String),
}

/// Information on its way.
#[derive(Clone, Debug, PartialEq, Eq, Deserialize, Serialize)]
#[serde(deny_unknown_fields)]
pub struct Flow {
    /// Such as `lab-results`: small letters, digits and `-`, at most 64.
    pub id: String,
    /// What people call it.
    pub name: String,
    /// Where it begins.
    pub from: End,
    /// Where it ends.
    pub to: End,
    /// What it carries; empty while that is not known.
    pub carries: BTreeSet<Information>,
    /// By what it goes.
    pub by: Carrier,
    /// Whether it leaves the facility, or comes in.
    pub crosses_boundary: bool,
}

/// A risk, with everything that holds for it now. What held before stands in the journal.
#[derive(Clone, Debug, PartialEq, Eq, Deserialize, Serialize)]
#[serde(deny_unknown_fields)]
pub struct Risk {
    /// Such as `rs-09`: small letters, digits and `-`, at most 64.
    pub id: String,
    /// A heading.
    pub title: String,
    /// The scenario of the catalogue that it follows.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub scenario: Option<String>,
    /// The assets it concerns, by id.
    pub assets: BTreeSet<String>,
    /// The flows it concerns, by id.
    pub flows: BTreeSet<String>,
    /// What may happen, and through which weakness.
    pub threat: String,
    /// Requirements that help, as the catalogue names them for the scenario.
    #[serde(default, skip_serializing_if = "Vec::is_empty")]
    pub suggested: Vec<Suggestion>,
    /// How large it is.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub assessed: Option<Assessed>,
    /// What is to be done about it.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub treatment: Option<Treatment>,
    /// Who approved of that.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub approval: Option<Approval>,
    /// That it is done.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub in_force: Option<Done>,
    /// That it was looked at again since.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub reviewed: Option<Done>,
    /// That it is gone, or does not apply.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub closed: Option<Done>,
    /// When it is to be looked at again; none until it was assessed.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub review_by: Option<Day>,
}

/// What a risk is about: what a person writes when naming or changing one.
#[derive(Clone, Debug, PartialEq, Eq, Deserialize, Serialize)]
#[serde(deny_unknown_fields)]
pub struct Description {
    /// A heading.
    pub title: String,
    /// The scenario of the catalogue that it follows.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub scenario: Option<String>,
    /// The assets it concerns, by id.
    pub assets: BTreeSet<String>,
    /// The flows it concerns, by id.
    pub flows: BTreeSet<String>,
    /// What may happen, and through which weakness.
    pub threat: String,
}

/// A requirement that helps against a risk.
#[derive(Clone, Debug, PartialEq, Eq, Deserialize, Serialize)]
#[serde(deny_unknown_fields)]
pub struct Suggestion {
    /// Its id.
    pub requirement: String,
    /// How it works, where that is known; otherwise a person says.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub kind: Option<CountermeasureKind>,
}

/// How large a risk is, and why.
#[derive(Clone, Debug, PartialEq, Eq, Deserialize, Serialize)]
#[serde(deny_unknown_fields)]
pub struct Assessed {
    /// How likely, from 1 to 5.
    pub likelihood: Grade,
    /// How bad, from 1 to 5.
    pub impact: Grade,
    /// Why.
    pub why: String,
    /// Who assessed it.
    pub by: String,
    /// When.
    pub at: Moment,
}

impl Assessed {
    /// Likelihood and impact.
    pub fn extent(&self) -> Extent {
        Extent { likelihood: self.likelihood, impact: self.impact }
    }
}

/// Something that is done against a risk.
#[derive(Clone, Debug, PartialEq, Eq, Deserialize, Serialize)]
#[serde(deny_unknown_fields)]
pub struct Countermeasure {
    /// What is done.
    pub what: String,
    /// How it works.
    pub kind: CountermeasureKind,
    /// The requirement that asks for it.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub requirement: Option<String>,
}

/// What is left once a treatment is in force.
#[derive(Clone, Debug, PartialEq, Eq, Deserialize, Serialize)]
#[serde(deny_unknown_fields)]
pub struct Residual {
    /// How likely, from 1 to 5.
    pub likelihood: Grade,
    /// How bad, from 1 to 5.
    pub impact: Grade,
    /// Why.
    pub why: String,
}

impl Residual {
    /// Likelihood and impact.
    pub fn extent(&self) -> Extent {
        Extent { likelihood: self.likelihood, impact: self.impact }
    }
}

/// What is to be done about a risk: what a person writes when planning it.
#[derive(Clone, Debug, PartialEq, Eq, Deserialize, Serialize)]
#[serde(deny_unknown_fields)]
pub struct Plan {
    /// Avoid, reduce, transfer or accept.
    pub kind: TreatmentKind,
    /// Why this and not another.
    pub why: String,
    /// What is done.
    pub countermeasures: Vec<Countermeasure>,
    /// What it costs in money and work.
    pub cost: String,
    /// Who sees to it.
    pub owner: String,
    /// By which day it is in force.
    pub due: Day,
    /// What is left then.
    pub residual: Residual,
}

/// What is to be done about a risk, and who planned it.
#[derive(Clone, Debug, PartialEq, Eq, Deserialize, Serialize)]
#[serde(deny_unknown_fields)]
pub struct Treatment {
    /// Avoid, reduce, transfer or accept.
    pub kind: TreatmentKind,
    /// Why this and not another.
    pub why: String,
    /// What is done.
    pub countermeasures: Vec<Countermeasure>,
    /// What it costs in money and work.
    pub cost: String,
    /// Who sees to it.
    pub owner: String,
    /// By which day it is in force.
    pub due: Day,
    /// What is left then.
    pub residual: Residual,
    /// Who planned it.
    pub by: String,
    /// When.
    pub at: Moment,
}

/// That somebody approved of a treatment and of what it leaves.
#[derive(Clone, Debug, PartialEq, Eq, Deserialize, Serialize)]
#[serde(deny_unknown_fields)]
pub struct Approval {
    /// Who.
    pub by: String,
    /// As what.
    pub role: Actor,
    /// When.
    pub at: Moment,
    /// What they said to it.
    pub note: String,
}

/// That something was done.
#[derive(Clone, Debug, PartialEq, Eq, Deserialize, Serialize)]
#[serde(deny_unknown_fields)]
pub struct Done {
    /// Who.
    pub by: String,
    /// As what.
    pub role: Actor,
    /// When.
    pub at: Moment,
    /// Why, or what was seen.
    pub why: String,
}

impl Risk {
    /// A risk that is only named.
    pub fn named(id: impl Into<String>, description: Description) -> Self {
        let Description { title, scenario, assets, flows, threat } = description;
        Self {
            id: id.into(),
            title,
            scenario,
            assets,
            flows,
            threat,
            suggested: Vec::new(),
            assessed: None,
            treatment: None,
            approval: None,
            in_force: None,
            reviewed: None,
            closed: None,
            review_by: None,
        }
    }

    /// How far the process has come with it.
    pub fn status(&self) -> Status {
        if self.closed.is_some() {
            Status::Closed
        } else if self.assessed.is_none() {
            Status::Identified
        } else if self.treatment.is_none() {
            Status::Assessed
        } else if self.in_force.is_some() {
            Status::InForce
        } else if self.approval.is_some() {
            Status::Approved
        } else {
            Status::Planned
        }
    }

    /// How large it is today: what the treatment leaves once that is in force, until then what was assessed.
    pub fn extent(&self) -> Option<Extent> {
        let treated = self.treatment.as_ref().filter(|_| self.in_force.is_some());
        let left = treated.map(|treatment| treatment.residual.extent());
        left.or_else(|| self.assessed.as_ref().map(Assessed::extent))
    }

    /// When it was last assessed or reviewed.
    pub fn looked_at(&self) -> Option<Moment> {
        let assessed = self.assessed.as_ref().map(|assessed| assessed.at);
        assessed.max(self.reviewed.as_ref().map(|reviewed| reviewed.at))
    }
}
