//! Exclusions: what a facility decided not to apply to it, why, who decided, and until when that counts.

use crate::catalogue::{Catalogue, Origin, Requirement};
use crate::codes;
use crate::fact::Moment;
use base::{Problem, Time};
use serde::{Deserialize, Serialize};
use std::collections::BTreeMap;

/// A facility's decision that a requirement does not apply to it.
#[derive(Clone, Debug, PartialEq, Eq, Deserialize, Serialize)]
#[serde(deny_unknown_fields)]
pub struct Exclusion {
    /// The requirement. Those that inherit it are excluded with it.
    pub requirement: String,
    /// Why it does not apply.
    pub reason: String,
    /// Who decided.
    pub decided_by: String,
    /// When it was decided.
    pub at: Moment,
    /// Until when the decision counts: circumstances change, so each is taken anew some day.
    pub valid_until: Moment,
}

/// The exclusions that count at a moment, one for each requirement.
#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub struct Exclusions(BTreeMap<String, Exclusion>);

impl Exclusions {
    /// Gathers exclusions, each held against the catalogue. Of several for one requirement the newest stands; what no longer
    /// counts at `now`, or not yet, is left out.
    ///
    /// # Errors
    /// There is no such requirement, nobody decided, no reason is given, or it ends before it begins.
    pub fn gather(
        catalogue: &Catalogue,
        exclusions: impl IntoIterator<Item = Exclusion>,
        now: Time,
    ) -> Result<Self, Problem> {
        let mut newest: BTreeMap<String, Exclusion> = BTreeMap::new();
        for one in exclusions {
            catalogue.requirement(&one.requirement)?;
            one.check()?;
            let newer = newest.get(&one.requirement).is_none_or(|other| other.at <= one.at);
            if one.at.0 <= now && newer {
                newest.insert(one.requirement.clone(), one);
            }
        }
        // Only now: a newer decision that has ended does not bring an older one back.
        newest.retain(|_, one| one.valid_until.0 > now);
        Ok(Self(newest))
    }

    /// The exclusion of a requirement, or of the one that it was inherited from.
    pub fn of(&self, catalogue: &Catalogue, requirement: &Requirement) -> Option<&Exclusion> {
        self.0.get(&requirement.id).or_else(|| match &requirement.origin {
            Some(Origin::Inherited(from)) => self.of(catalogue, catalogue.requirement(from).ok()?),
            _ => None,
        })
    }

    /// All of them by requirement.
    pub fn iter(&self) -> impl Iterator<Item = &Exclusion> {
        self.0.values()
    }
}

impl Exclusion {
    fn check(&self) -> Result<(), Problem> {
        let what = if self.reason.trim().is_empty() {
            "no reason"
        } else if self.decided_by.trim().is_empty() {
            "nobody decided"
        } else if self.valid_until <= self.at {
            "it ends before it begins"
        } else {
            return Ok(());
        };
        Err(Problem::new(&codes::EXCLUSION)
            .with("requirement", &self.requirement)
            .log(format!("{}: {what}", self.requirement)))
    }
}
