//! An assessment: of each requirement of an edition the verdict, with the facts that decided it.

use crate::catalogue::{Actor, Requirement};
use crate::exclusion::Exclusion;
use crate::fact::FactOrigin;
use base::Language;
use serde::{Deserialize, Serialize};
use std::collections::{BTreeMap, BTreeSet};

/// Whether a requirement is met.
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord, Hash, Deserialize, Serialize)]
#[serde(rename_all = "kebab-case")]
pub enum Verdict {
    /// It is met, by what is known.
    Met,
    /// Part of it is met.
    Partly,
    /// It is not met.
    NotMet,
    /// A document is to be registered or a question to be answered; all else that it rests on is there.
    NeedsAPerson,
    /// It does not apply: there is no such thing here, as somebody answered, or it is excluded with a reason.
    NotApplicable,
    /// What it rests on is not known.
    Unknown,
}

impl Verdict {
    /// All of them, the best first.
    pub const ALL: [Self; 6] =
        [Self::Met, Self::Partly, Self::NotMet, Self::NeedsAPerson, Self::NotApplicable, Self::Unknown];

    /// Its name.
    pub fn name(self, language: Language) -> &'static str {
        let (ja, en) = match self {
            Self::Met => ("適合", "met"),
            Self::Partly => ("一部適合", "partly"),
            Self::NotMet => ("不適合", "not met"),
            Self::NeedsAPerson => ("要回答", "needs a person"),
            Self::NotApplicable => ("対象外", "not applicable"),
            Self::Unknown => ("不明", "unknown"),
        };
        match language {
            Language::Japanese => ja,
            Language::English => en,
        }
    }

    /// Whether nothing is left to do. Only what is known to be met, or decided not to apply, is settled.
    pub fn is_settled(self) -> bool {
        matches!(self, Self::Met | Self::NotApplicable)
    }
}

/// For whom it is asked.
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord, Hash, Deserialize, Serialize)]
#[serde(rename_all = "lowercase")]
pub enum Side {
    /// The facility: its executives, planners, operators, users.
    Facility,
    /// The provider of a system or service.
    Provider,
}

impl Side {
    /// Whether somebody of this side must act.
    pub fn concerns(self, requirement: &Requirement) -> bool {
        let of_provider = |actor: &Actor| *actor == Actor::Provider;
        match self {
            Self::Facility => !requirement.actors.iter().all(of_provider),
            Self::Provider => requirement.actors.iter().any(of_provider),
        }
    }
}

/// The verdict on one requirement.
#[derive(Clone, Debug, PartialEq, Eq, Deserialize, Serialize)]
pub struct Assessed {
    /// Its id.
    pub requirement: String,
    /// Whether it is met.
    pub verdict: Verdict,
    /// The keys of the facts that decided.
    pub decided_by: BTreeSet<String>,
    /// The keys of what is not known.
    pub open: BTreeSet<String>,
    /// The facility's decision that it does not apply, with its reason and who decided; none where none decided.
    pub excluded: Option<Exclusion>,
}

impl Assessed {
    /// The same requirement where the facility decided that it does not apply. Where facts say so as well, they stay named; of
    /// any other verdict nothing decides any more but the exclusion, and nothing is left to ask.
    pub(crate) fn excluded_by(self, exclusion: Exclusion) -> Self {
        let agrees = self.verdict == Verdict::NotApplicable;
        Self {
            verdict: Verdict::NotApplicable,
            decided_by: if agrees { self.decided_by } else { BTreeSet::new() },
            open: BTreeSet::new(),
            excluded: Some(exclusion),
            ..self
        }
    }

    /// Where the facts that decided come from.
    pub fn origins(&self) -> BTreeSet<FactOrigin> {
        self.decided_by.iter().filter_map(|key| FactOrigin::of_key(key)).collect()
    }
}

/// All verdicts on an edition.
#[derive(Clone, Debug, PartialEq, Eq, Deserialize, Serialize)]
pub struct Assessment {
    /// The edition.
    pub edition: String,
    /// For whom.
    pub side: Option<Side>,
    /// The verdicts in the order of the guideline.
    pub verdicts: Vec<Assessed>,
}

impl Assessment {
    /// How many requirements have which verdict.
    pub fn counts(&self) -> BTreeMap<Verdict, usize> {
        let mut counts = BTreeMap::new();
        for one in &self.verdicts {
            let count: &mut usize = counts.entry(one.verdict).or_default();
            *count = count.saturating_add(1);
        }
        counts
    }

    /// Whether everything is met or does not apply.
    pub fn is_settled(&self) -> bool {
        self.verdicts.iter().all(|one| one.verdict.is_settled())
    }
}
