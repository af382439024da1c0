//! All evidence that stands, in memory: read from the journal at the start, and changed only after the journal was.

use crate::kept::{Attestation, Document, KeptDisclosure, KeptExclusion, Stood, end, load_stood, put};
use base::{Position, Problem, Time};
use std::collections::BTreeMap;
use store::{Change, Expected, Inside};

/// What stands, by its id.
#[derive(Debug, Default)]
pub(crate) struct Register {
    pub(crate) documents: BTreeMap<String, Stood<Document>>,
    pub(crate) answers: BTreeMap<String, Stood<Attestation>>,
    pub(crate) exclusions: BTreeMap<String, Stood<KeptExclusion>>,
    pub(crate) disclosures: BTreeMap<String, Stood<KeptDisclosure>>,
}

/// One change: written to the journal first, then taken over here.
#[derive(Debug)]
pub(crate) enum Step {
    Document(Document),
    Answer(Attestation),
    Exclusion(KeptExclusion),
    ExclusionEnd(String),
    Disclosure(KeptDisclosure),
    DisclosureEnd(String),
}

impl Register {
    /// As the journal has it.
    pub(crate) fn load(inside: &Inside<'_>) -> Result<Self, Problem> {
        let by_id = |id: &str| id.to_owned();
        Ok(Self {
            documents: load_stood(inside)?
                .into_iter()
                .map(|one: Stood<Document>| (by_id(&one.kept.id), one))
                .collect(),
            answers: load_stood(inside)?
                .into_iter()
                .map(|one: Stood<Attestation>| (by_id(&one.kept.id), one))
                .collect(),
            exclusions: load_stood(inside)?
                .into_iter()
                .map(|one: Stood<KeptExclusion>| (by_id(&one.kept.id), one))
                .collect(),
            disclosures: load_stood(inside)?
                .into_iter()
                .map(|one: Stood<KeptDisclosure>| (by_id(&one.kept.id), one))
                .collect(),
        })
    }

    /// Takes over what the journal has at this place.
    pub(crate) fn apply(&mut self, step: Step, position: Position, time: Time) {
        match step {
            Step::Document(kept) => {
                self.documents.insert(kept.id.clone(), Stood { kept, position, time });
            }
            Step::Answer(kept) => {
                self.answers.insert(kept.id.clone(), Stood { kept, position, time });
            }
            Step::Exclusion(kept) => {
                self.exclusions.insert(kept.id.clone(), Stood { kept, position, time });
            }
            Step::ExclusionEnd(id) => {
                self.exclusions.remove(&id);
            }
            Step::Disclosure(kept) => {
                self.disclosures.insert(kept.id.clone(), Stood { kept, position, time });
            }
            Step::DisclosureEnd(id) => {
                self.disclosures.remove(&id);
            }
        }
    }
}

impl Step {
    /// As it is written.
    pub(crate) fn change(&self) -> Result<Change, Problem> {
        match self {
            Self::Document(kept) => put(kept, Expected::Anything),
            Self::Answer(kept) => put(kept, Expected::Anything),
            Self::Exclusion(kept) => put(kept, Expected::Anything),
            Self::ExclusionEnd(id) => end::<KeptExclusion>(id),
            Self::Disclosure(kept) => put(kept, Expected::Anything),
            Self::DisclosureEnd(id) => end::<KeptDisclosure>(id),
        }
    }
}
