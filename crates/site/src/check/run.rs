//! A check from beginning to end: the parts are drawn, walked and judged, and what they say is put in one order.

use super::facts::{Tallies, facts};
use super::{Check, SiteFact};
use crate::attack;
use crate::connection::{self, Connection};
use crate::description::{Day, Phase, Site};
use crate::findings::{self, Judgement, Scene};
use crate::model::{Model, Roads};
use crate::plan::Plan;
use crate::resource::Resource;
use crate::rules::{self, Finding, Report, Verdict};

use crate::threat;
use base::Problem;
use std::collections::BTreeMap;

/// What is checked.
#[derive(Clone, Copy, Debug)]
pub struct Given<'a> {
    /// The description, of all phases.
    pub site: Option<&'a Site>,
    /// Which phase.
    pub phase: Phase,
    /// The plans.
    pub plans: &'a [Plan],
    /// The files, as they were named.
    pub sources: &'a [String],
    /// Today in Japan.
    pub today: Day,
}

impl Given<'_> {
    /// The site as it is in the phase, as a network.
    ///
    /// # Errors
    ///
    /// SI-0010 and SI-0011 where parts do not fit together.
    pub fn model(&self) -> Result<Model, Problem> {
        Model::draw(self.site.map(|site| site.at(self.phase)).as_ref(), self.plans)
    }

    /// Everything that can be told of it, and the network that it rests on.
    ///
    /// # Errors
    ///
    /// SI-0010 and SI-0011 where parts do not fit together; SI-0030 to SI-0032 where the rules cannot be read.
    pub fn check(&self) -> Result<(Check, Model), Problem> {
        let site = self.site.map(|site| site.at(self.phase));
        let model = Model::draw(site.as_ref(), self.plans)?;
        let resources: Vec<&Resource> = self.plans.iter().flat_map(|plan| &plan.resources).collect();
        let rules_on_resources = rules::Catalogue::builtin()?;
        let rules_on_sites = findings::Catalogue::builtin()?;
        let attributes = rules_on_resources.report(resources.iter().copied());
        let crossed =
            rules_on_sites.crossed(&rules_on_resources, resources.iter().copied(), site.as_ref())?;
        let (judgements, connections) =
            site.as_ref().map(|site| self.walked(site, &model)).unwrap_or_default();
        let facts = facts_of(site.as_ref(), &judgements, &[&attributes, &crossed])?;
        let of_site = rules_on_sites.of(judgements)?;
        let attacks = attack::find(&model, site.as_ref(), self.today.0);
        let threats = site.as_ref().map(|site| threat::find(&model, site)).unwrap_or_default();
        let (findings, held) = joined([of_site, crossed, attributes]);
        let check = Check {
            facility: site.as_ref().map(|site| site.facility.name.clone()).unwrap_or_default(),
            phase: self.phase.word(),
            day: self.today.to_string(),
            sources: self.sources.to_vec(),
            described: self.site.is_some(),
            findings,
            held,
            connections,
            attacks,
            threats,
            facts,
            coverage: model.coverage.clone(),
            warnings: self.plans.iter().flat_map(|plan| plan.warnings.iter().cloned()).collect(),
        };
        Ok((check, model))
    }

    /// What needs the roads through the model, which are walked once for all of it.
    fn walked(&self, site: &Site, model: &Model) -> (Vec<Judgement>, Vec<Connection>) {
        let scene = Scene { site, model, today: self.today.0 };
        let roads = Roads::of(model);
        (findings::judge_over(&scene, &roads), connection::classified(&roads, site))
    }
}

/// What the guideline engine takes from all answers.
fn facts_of(
    site: Option<&Site>,
    judgements: &[Judgement],
    reports: &[&Report],
) -> Result<Vec<SiteFact>, Problem> {
    let mut tallies = Tallies::new();
    let nodes = site.into_iter().flat_map(|site| &site.nodes);
    // What kind of device an element is, if it is one.
    let kinds: BTreeMap<&str, &str> = nodes.map(|node| (node.id.as_str(), node.kind.word())).collect();
    for judgement in judgements {
        let kind = kinds.get(judgement.element.as_str()).copied().unwrap_or_default().to_owned();
        tallies
            .entry(judgement.rule.to_owned())
            .or_default()
            .entry(kind)
            .or_default()
            .count(judgement.verdict);
    }
    for finding in reports.iter().flat_map(|report| &report.findings) {
        tallies
            .entry(finding.rule.clone())
            .or_default()
            .entry(String::new())
            .or_default()
            .count(finding.verdict);
    }
    for (rule, held) in reports.iter().flat_map(|report| &report.held_rules) {
        let tally = tallies.entry(rule.clone()).or_default().entry(String::new()).or_default();
        tally.held = tally.held.saturating_add(*held);
    }
    facts(&tallies)
}

/// The findings of all rules: what is violated first, and what weighs most; of the same weight those of the site before those
/// of single resources.
fn joined(reports: [Report; 3]) -> (Vec<Finding>, BTreeMap<String, usize>) {
    let (mut findings, mut held) = (Vec::new(), BTreeMap::<String, usize>::new());
    for report in reports {
        findings.extend(report.findings);
        for (topic, count) in report.held {
            let sum = held.entry(topic).or_default();
            *sum = sum.saturating_add(count);
        }
    }
    findings.sort_by_key(|finding| (finding.verdict != Verdict::Violated, finding.severity));
    (findings, held)
}
