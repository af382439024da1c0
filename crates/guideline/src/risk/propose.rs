//! Which scenarios of the catalogue concern which assets and flows, and what helps against them. In doubt one does.

use super::Rules;
use super::form::ID_CHARS_MAX;
use super::model::{Asset, Description, Flow, Risk, Suggestion};
use super::words::{AssetKind, Carrier, CountermeasureKind, Information};
use crate::catalogue::{Catalogue, Scenario};
use crate::yaml::{self, SourceFile};
use base::{Language, Problem};
use serde::Deserialize;
use std::collections::{BTreeMap, BTreeSet};

/// The letters of STRIDE that can befall information on its way. Repudiation and elevation happen where it arrives.
const OF_FLOWS: [&str; 4] = ["S", "T", "I", "D"];

/// What each scenario concerns, and how what helps works.
#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub struct Concerns {
    scenarios: BTreeMap<String, Line>,
    kinds: BTreeMap<String, CountermeasureKind>,
}

#[derive(Deserialize)]
#[serde(deny_unknown_fields)]
struct ConcernsFile {
    format: String,
    scenarios: Vec<Line>,
    countermeasures: Vec<MeasureLine>,
}

#[derive(Clone, Debug, PartialEq, Eq, Deserialize)]
#[serde(deny_unknown_fields)]
struct Line {
    scenario: String,
    assets: BTreeSet<AssetKind>,
    flows: BTreeSet<Carrier>,
    #[serde(default)]
    border: bool,
}

#[derive(Deserialize)]
#[serde(deny_unknown_fields)]
struct MeasureLine {
    requirement: String,
    kind: CountermeasureKind,
}

impl Concerns {
    /// Reads the table, held against the catalogue.
    ///
    /// # Errors
    /// The file is not of its form, names a scenario or requirement that does not exist, or one twice.
    pub fn read(file: SourceFile<'_>, catalogue: &Catalogue) -> Result<Self, Problem> {
        let read: ConcernsFile = yaml::read(file)?;
        if read.format != "akashi-risk-concerns/1" {
            return Err(yaml::wrong(file.name, 1, &format!("the format {:?} is not known", read.format)));
        }
        let mut concerns = Self::default();
        for line in read.scenarios {
            let known = catalogue.scenarios().any(|scenario| scenario.id == line.scenario);
            let id = line.scenario.clone();
            let taken = concerns.scenarios.insert(id.clone(), line).is_some();
            fits(file, &id, known, taken)?;
        }
        for line in read.countermeasures {
            let known = catalogue.requirement(&line.requirement).is_ok();
            let taken = concerns.kinds.insert(line.requirement.clone(), line.kind).is_some();
            fits(file, &line.requirement, known, taken)?;
        }
        Ok(concerns)
    }

    fn of_asset(&self, scenario: &Scenario, asset: &Asset) -> bool {
        let line = self.scenarios.get(&scenario.id);
        let listed = line.is_none_or(|line| line.assets.contains(&asset.kind));
        (listed || asset.kind == AssetKind::Other) && harms(scenario, &asset.holds)
    }

    fn of_flow(&self, scenario: &Scenario, flow: &Flow) -> bool {
        let line = self.scenarios.get(&scenario.id);
        let listed =
            line.is_none_or(|line| line.flows.contains(&flow.by) || (line.border && flow.crosses_boundary));
        let on_its_way = scenario.stride.is_empty()
            || scenario.stride.iter().any(|letter| OF_FLOWS.contains(&letter.as_str()));
        (listed || flow.by == Carrier::Other) && on_its_way && harms(scenario, &flow.carries)
    }

    fn suggestions(&self, scenario: &Scenario) -> Vec<Suggestion> {
        let made = |requirement: &String| Suggestion {
            requirement: requirement.clone(),
            kind: self.kinds.get(requirement).copied(),
        };
        scenario.related.iter().map(made).collect()
    }
}

fn fits(file: SourceFile<'_>, id: &str, known: bool, taken: bool) -> Result<(), Problem> {
    let number = file.text.lines().position(|line| line.contains(id)).unwrap_or(0);
    let line = u64::try_from(number).unwrap_or(0).saturating_add(1);
    match (known, taken) {
        (false, _) => Err(yaml::wrong(file.name, line, &format!("there is no {id}"))),
        (true, true) => Err(yaml::wrong(file.name, line, &format!("{id} stands twice"))),
        (true, false) => Ok(()),
    }
}

/// Whether a scenario harms what has this information. Only where all that it harms is confidentiality, and somebody said
/// that there is nothing to protect, does it not; empty means that nobody said.
fn harms(scenario: &Scenario, information: &BTreeSet<Information>) -> bool {
    let only_confidentiality =
        !scenario.harms.is_empty() && scenario.harms.iter().all(|harm| harm == "confidentiality");
    !(only_confidentiality && information.contains(&Information::Nothing))
}

impl Rules<'_> {
    /// For each scenario of the catalogue one risk with the assets and flows that it concerns, less those that a risk of
    /// the register already names for it (also a closed one: somebody decided). Titles are in the language given. The ids
    /// follow from the scenario and from what is there: `rs-09`, then `rs-09-2`.
    pub fn propose(
        &self,
        assets: &[Asset],
        flows: &[Flow],
        existing: &[Risk],
        language: Language,
    ) -> Vec<Risk> {
        let mut taken: BTreeSet<String> = existing.iter().map(|risk| risk.id.clone()).collect();
        let concerns = &self.method.concerns;
        let mut proposed = Vec::new();
        for scenario in self.catalogue.scenarios() {
            let same = |risk: &&Risk| risk.scenario.as_ref() == Some(&scenario.id);
            let named = |asset: &str| existing.iter().filter(same).any(|risk| risk.assets.contains(asset));
            let carried = |flow: &str| existing.iter().filter(same).any(|risk| risk.flows.contains(flow));
            let assets = assets.iter().filter(|one| concerns.of_asset(scenario, one) && !named(&one.id));
            let flows = flows.iter().filter(|one| concerns.of_flow(scenario, one) && !carried(&one.id));
            let description = Description {
                title: scenario.name.of(language).to_owned(),
                scenario: Some(scenario.id.clone()),
                assets: assets.map(|one| one.id.clone()).collect(),
                flows: flows.map(|one| one.id.clone()).collect(),
                threat: scenario.summary.of(language).to_owned(),
            };
            if description.assets.is_empty() && description.flows.is_empty() {
                continue;
            }
            let id = free_id(&scenario.id, &taken);
            taken.insert(id.clone());
            let suggested = concerns.suggestions(scenario);
            proposed.push(Risk { suggested, ..Risk::named(id, description) });
        }
        proposed
    }
}

/// The last part of the scenario's id, with the first number that is free.
fn free_id(scenario: &str, taken: &BTreeSet<String>) -> String {
    let last = scenario.rsplit('/').next().unwrap_or(scenario);
    let plain = |letter: char| if letter.is_ascii_alphanumeric() { letter.to_ascii_lowercase() } else { '-' };
    // Room for the number.
    let base: String = last.chars().map(plain).take(ID_CHARS_MAX.saturating_sub(8)).collect();
    let numbered = (2_u32..).map(|number| format!("{base}-{number}"));
    let mut all = std::iter::once(base.clone()).chain(numbered);
    all.find(|id| !taken.contains(id)).unwrap_or(base)
}
