//! Questions on several resources of plans at once, where it concerns it with what the description says.
//!
//! What each asks and what to do is data (`catalogue/findings/xc.*.yaml`, as of the rules on a site); whether it holds is
//! worked out here. A relation that a plan does not show is undecided, never taken for one that is not there.

mod backups;
mod buckets;
mod detection;
mod entrances;
mod estate;
mod hub;
mod index;
mod lines;
mod place;
mod sign_in;

#[cfg(test)]
mod tests;

use super::Catalogue;
use crate::codes;
use crate::description::Site;
use crate::resource::Resource;
use crate::rules::finding::{Advice, Finding, Report};
use crate::rules::{self, Text, Verdict};
use base::Problem;
use estate::Estate;
use std::collections::BTreeMap;
use std::sync::Arc;

/// What a cross-check says of a resource.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Crossed {
    /// The id of the check: `xc.redundant-line`.
    pub rule: &'static str,
    /// The address of the resource; empty where it is said of all plans.
    pub resource: String,
    /// The number of its plan.
    pub plan: usize,
    /// Whether it holds.
    pub verdict: Verdict,
    /// What was seen, in one short line.
    pub seen: Text,
}

/// The checks, each for the resources that it is about.
const CHECKS: &[fn(&Estate<'_>, &mut Vec<Crossed>)] = &[
    lines::redundant,
    lines::encrypted,
    entrances::tls13,
    entrances::side_door,
    entrances::passthrough,
    hub::inspected,
    hub::one_way,
    hub::overlaps,
    buckets::complete,
    backups::out_of_reach,
    backups::log_out_of_reach,
    sign_in::independent,
    place::in_japan,
    detection::everywhere,
    detection::endpoints,
];

/// What the cross-checks say of the resources of plans.
pub fn cross<'r>(
    cloud: &'r rules::Catalogue,
    resources: impl IntoIterator<Item = &'r Resource>,
    site: Option<&'r Site>,
) -> Vec<Crossed> {
    let estate = Estate::of(cloud, resources, site);
    let mut out = Vec::new();
    for check in CHECKS {
        check(&estate, &mut out);
    }
    out
}

impl Catalogue {
    /// The cross-checks as findings: what weighs most first; and how often they held.
    ///
    /// # Errors
    ///
    /// `SI-0032`: a check has no file, which a test keeps from happening.
    pub fn crossed<'r>(
        &self,
        cloud: &'r rules::Catalogue,
        resources: impl IntoIterator<Item = &'r Resource>,
        site: Option<&'r Site>,
    ) -> Result<Report, Problem> {
        let mut report = Report::default();
        let mut advice: BTreeMap<&str, Arc<Advice>> = BTreeMap::new();
        for one in cross(cloud, resources, site) {
            let Some(rule) = self.rule(one.rule) else {
                let problem = Problem::new(&codes::WITHOUT_FILE).with("rule", one.rule);
                return Err(problem.log(format!("no file of the check {}", one.rule)));
            };
            if one.verdict == Verdict::Holds {
                for (counts, key) in [(&mut report.held, &rule.topic), (&mut report.held_rules, &rule.id)] {
                    let held = counts.entry(key.clone()).or_default();
                    *held = held.saturating_add(1);
                }
                continue;
            }
            let advice = advice.entry(one.rule).or_insert_with(|| Arc::new(rule.advice()));
            let number = if one.plan == 0 { String::new() } else { format!("#{}", one.plan) };
            report.findings.push(Finding {
                id: format!("{}@{}{number}", one.rule, one.resource),
                rule: one.rule.to_owned(),
                resource: one.resource,
                plan: one.plan,
                topic: rule.topic.clone(),
                severity: rule.severity,
                verdict: one.verdict,
                why: Some(one.seen),
                seen: String::new(),
                line: None,
                path: Vec::new(),
                advice: Arc::clone(advice),
            });
        }
        report.findings.sort_by(|left, right| {
            let key = |one: &Finding| (one.severity, one.verdict);
            key(left).cmp(&key(right)).then_with(|| left.id.cmp(&right.id))
        });
        Ok(report)
    }
}
