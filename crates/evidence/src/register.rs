//! All evidence that stands, in memory: read from the journal at the start, and changed only after the journal was.

use crate::codes;
use crate::kept::{
    Attestation, Document, Kept, KeptAsset, KeptCheck, KeptDisclosure, KeptExclusion, KeptFlow, KeptRisk,
    KeptTarget, Stood, end, load, load_stood, put,
};
use base::{Position, Problem, Time, VersionNumber};
use guideline::risk::Register as RiskRegister;
use std::collections::BTreeMap;
use store::{Change, Expected, Inside};

/// What stands, by its id.
#[derive(Debug, Default)]
pub(crate) struct Register {
    pub(crate) documents: BTreeMap<String, Stood<Document>>,
    pub(crate) answers: BTreeMap<String, Stood<Attestation>>,
    pub(crate) exclusions: BTreeMap<String, Stood<KeptExclusion>>,
    pub(crate) disclosures: BTreeMap<String, Stood<KeptDisclosure>>,
    pub(crate) targets: BTreeMap<String, Stood<KeptTarget>>,
    pub(crate) site: Option<Stood<KeptCheck>>,
    pub(crate) risks: RiskRegister,
}

/// Which version a change made, where its entry stands and when it was written.
pub(crate) type Place = (VersionNumber, Position, Time);

/// One change: written to the journal first, then taken over here.
#[derive(Debug)]
pub(crate) enum Step {
    Document(Document),
    Answer(Attestation),
    Exclusion(KeptExclusion),
    ExclusionEnd(String),
    Disclosure(KeptDisclosure),
    DisclosureEnd(String),
    Asset(KeptAsset),
    AssetEnd(String),
    Flow(KeptFlow),
    FlowEnd(String),
    Risk(Box<KeptRisk>),
    Site(Box<KeptCheck>),
    Target(KeptTarget),
    TargetEnd(String),
}

impl Register {
    /// As the journal has it.
    pub(crate) fn load(inside: &Inside<'_>) -> Result<Self, Problem> {
        let assets = load::<KeptAsset>(inside)?.into_iter().map(|one| one.0).collect();
        let flows = load::<KeptFlow>(inside)?.into_iter().map(|one| one.0).collect();
        let risks = load::<KeptRisk>(inside)?.into_iter().map(|one| one.0).collect();
        // What the journal has was checked when it was written. What does not hold now was written by somebody else.
        let risks = RiskRegister::read(assets, flows, risks).map_err(|problem| {
            let what = format!("risk register: {}", problem.log_line());
            Problem::new(&codes::UNREADABLE).with("type", KeptRisk::KIND).log(what)
        })?;
        Ok(Self {
            documents: by_id(load_stood(inside)?),
            answers: by_id(load_stood(inside)?),
            exclusions: by_id(load_stood(inside)?),
            disclosures: by_id(load_stood(inside)?),
            targets: by_id(load_stood(inside)?),
            site: load_stood(inside)?.pop(),
            risks,
        })
    }

    /// Takes over what the journal has at this place.
    pub(crate) fn apply(&mut self, step: Step, (version, position, time): Place) {
        match step {
            Step::Document(kept) => {
                self.documents.insert(kept.id.clone(), Stood { kept, version, position, time });
            }
            Step::Answer(kept) => {
                self.answers.insert(kept.id.clone(), Stood { kept, version, position, time });
            }
            Step::Exclusion(kept) => {
                self.exclusions.insert(kept.id.clone(), Stood { kept, version, position, time });
            }
            Step::ExclusionEnd(id) => {
                self.exclusions.remove(&id);
            }
            Step::Disclosure(kept) => {
                self.disclosures.insert(kept.id.clone(), Stood { kept, version, position, time });
            }
            Step::DisclosureEnd(id) => {
                self.disclosures.remove(&id);
            }
            Step::Target(kept) => {
                self.targets.insert(kept.id.clone(), Stood { kept, version, position, time });
            }
            Step::TargetEnd(id) => {
                self.targets.remove(&id);
            }
            Step::Site(kept) => self.site = Some(Stood { kept: *kept, version, position, time }),
            step => self.apply_risk(step),
        }
    }

    /// Each was tried before it was written.
    fn apply_risk(&mut self, step: Step) {
        let applied = match step {
            Step::Asset(kept) => self.risks.put_asset(kept.0),
            Step::AssetEnd(id) => self.risks.remove_asset(&id),
            Step::Flow(kept) => self.risks.put_flow(kept.0),
            Step::FlowEnd(id) => self.risks.remove_flow(&id),
            Step::Risk(kept) => self.risks.put_risk(kept.0),
            _ => Ok(()),
        };
        if let Err(problem) = applied {
            tracing::error!(%problem, "the risk register has not what the journal has");
        }
    }
}

fn by_id<T: Kept>(stood: Vec<Stood<T>>) -> BTreeMap<String, Stood<T>> {
    stood.into_iter().map(|one| (one.kept.id().to_owned(), one)).collect()
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
            Self::Asset(kept) => put(kept, Expected::Anything),
            Self::AssetEnd(id) => end::<KeptAsset>(id),
            Self::Flow(kept) => put(kept, Expected::Anything),
            Self::FlowEnd(id) => end::<KeptFlow>(id),
            Self::Risk(kept) => put(&**kept, Expected::Anything),
            Self::Target(kept) => put(kept, Expected::Anything),
            Self::TargetEnd(id) => end::<KeptTarget>(id),
            Self::Site(kept) => put(&**kept, Expected::Anything),
        }
    }
}
