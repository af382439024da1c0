//! How much a check found, in the four numbers that are told first.

use crate::check::Check;
use crate::rules::rule::Severity;
use crate::rules::{Finding, Verdict};

/// How much was found.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq)]
pub struct Weight {
    /// Required rules that are violated, in findings.
    pub required: usize,
    /// Recommended rules that are violated, and weaker values, in findings.
    pub recommended: usize,
    /// Findings that are undecided.
    pub undecided: usize,
    /// Types of resources that no plan has, and that may stand elsewhere.
    pub missing: usize,
}

impl Check {
    /// Counts the findings, each once. What is only information is not counted.
    pub fn weigh(&self) -> Weight {
        let mut weight = Weight::default();
        for finding in &self.findings {
            let count = match (finding.verdict, finding.severity) {
                (Verdict::Holds, _) | (_, Severity::Context) => continue,
                (Verdict::Undecided, _) if is_missing(finding) => &mut weight.missing,
                (Verdict::Undecided, _) => &mut weight.undecided,
                (Verdict::Violated, Severity::Required) => &mut weight.required,
                (Verdict::Violated, Severity::Recommended | Severity::AcceptedWithReason) => {
                    &mut weight.recommended
                }
            };
            *count = count.saturating_add(1);
        }
        weight
    }
}

/// Whether a finding only says that no plan has a type of resource, which may well stand in another one.
pub fn is_missing(finding: &Finding) -> bool {
    finding.verdict == Verdict::Undecided && finding.resource.is_empty() && finding.rule.ends_with("!exists")
}
