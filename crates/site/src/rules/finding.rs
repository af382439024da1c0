//! Findings: what the rules found wrong or could not decide, in words, in one order.

use super::catalogue::Catalogue;
use super::element::clean;
use super::judge::{Judged, Verdict};
use super::presence::{Presence, look};
use super::rule::{Rule, Severity, Text};
use super::wording::reason;
use crate::resource::Resource;
use crate::step::Step;
use serde::{Serialize, Serializer};
use std::collections::BTreeMap;
use std::sync::Arc;

/// A rule that is violated or undecided, on one resource or on all of them.
#[derive(Clone, Debug, PartialEq, Eq, Serialize)]
pub struct Finding {
    /// Its id, the same on every run: rule and resource.
    pub id: String,
    /// The id of the rule.
    pub rule: String,
    /// The address of the resource; empty where something is missing from all plans.
    pub resource: String,
    /// Which of the plans that were read the resource comes from.
    pub plan: usize,
    /// The id of the topic.
    pub topic: String,
    /// How much it weighs.
    pub severity: Severity,
    /// Violated or undecided.
    pub verdict: Verdict,
    /// Why the verdict is what it is; none where `seen` says it.
    pub why: Option<Text>,
    /// What was seen, in one short line without secrets.
    pub seen: String,
    /// The line of the description where it stands; none for a resource of a plan.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub line: Option<u64>,
    /// The hops that show it; empty where it is no question of a path.
    #[serde(skip_serializing_if = "Vec::is_empty")]
    pub path: Vec<Step>,
    /// What the rule asks and what to do: the same for all findings of a rule, and kept once.
    #[serde(flatten, serialize_with = "shared")]
    pub advice: Arc<Advice>,
}

/// What a rule asks, and what to do.
#[derive(Clone, Debug, PartialEq, Eq, Serialize)]
pub struct Advice {
    /// The requirements of guidelines that the topic serves.
    pub requirements: Vec<String>,
    /// What the rule asks.
    pub text: Text,
    /// What to do.
    pub remedy: Text,
    /// An example in Terraform; empty where there is none.
    pub terraform: String,
    /// What is not sure of the rule itself.
    pub doubt: Option<Text>,
}

fn shared<S: Serializer>(advice: &Arc<Advice>, serializer: S) -> Result<S::Ok, S::Error> {
    advice.as_ref().serialize(serializer)
}

/// What the rules came to on all resources.
#[derive(Clone, Debug, Default, PartialEq, Eq, Serialize)]
pub struct Report {
    /// What is violated or undecided: by topic, then by weight, then by rule and resource.
    pub findings: Vec<Finding>,
    /// By topic, how many rules held on a resource.
    pub held: BTreeMap<String, usize>,
    /// By rule, on how many resources it held.
    #[serde(skip)]
    pub held_rules: BTreeMap<String, usize>,
    /// By type, how many resources no rule knows.
    pub without_rules: BTreeMap<String, usize>,
}

impl Catalogue {
    /// Judges all resources, each and together.
    pub fn report<'r>(&'r self, resources: impl IntoIterator<Item = &'r Resource> + Clone) -> Report {
        let mut report = Report::default();
        let mut advice: BTreeMap<&str, Arc<Advice>> = BTreeMap::new();
        let kinds = self.kinds_known();
        for resource in resources.clone() {
            if !kinds.contains(resource.kind.as_str()) {
                count(&mut report.without_rules, &clean(&resource.kind));
            }
            for judged in self.judge(resource) {
                if judged.verdict == Verdict::Holds {
                    count(&mut report.held, &judged.rule.topic);
                    count(&mut report.held_rules, &judged.rule.id);
                } else {
                    let rule = judged.rule;
                    let advice = advice.entry(&rule.id).or_insert_with(|| Arc::new(rule.advice()));
                    report.findings.push(finding(&judged, Arc::clone(advice)));
                }
            }
        }
        let mut missing: BTreeMap<String, Arc<Advice>> = BTreeMap::new();
        for one in &look(self, resources) {
            let advice = missing.entry(one.rule()).or_insert_with(|| Arc::new(self.advice(one)));
            report.findings.push(self::missing(one, Arc::clone(advice)));
        }
        let order: BTreeMap<&str, usize> =
            self.topics.iter().enumerate().map(|(place, topic)| (topic.id.as_str(), place)).collect();
        report.findings.sort_by(|left, right| {
            let key = |one: &Finding| (order.get(one.topic.as_str()).copied(), one.severity, one.verdict);
            key(left)
                .cmp(&key(right))
                .then_with(|| left.rule.cmp(&right.rule))
                .then_with(|| left.resource.cmp(&right.resource))
                .then_with(|| left.plan.cmp(&right.plan))
        });
        report
    }

    fn advice(&self, presence: &Presence<'_>) -> Advice {
        let text = presence.text();
        let topic = self.topic(&presence.kind.topic);
        Advice {
            requirements: topic.map(|topic| topic.guideline.clone()).unwrap_or_default(),
            remedy: presence.kind.note.as_ref().map_or_else(|| text.clone(), |note| joined(&text, note)),
            terraform: String::new(),
            doubt: None,
            text,
        }
    }
}

impl Rule {
    fn advice(&self) -> Advice {
        Advice {
            requirements: self.requirements.clone(),
            text: self.text(),
            remedy: self.remedy(),
            terraform: self.terraform(),
            doubt: self.doubt(),
        }
    }
}

fn missing(presence: &Presence<'_>, advice: Arc<Advice>) -> Finding {
    let rule = presence.rule();
    let resource = presence.resource.map(|one| clean(&one.address)).unwrap_or_default();
    let plan = presence.resource.map_or(0, |one| one.plan);
    let elsewhere = presence.resource.is_none() && presence.verdict == Verdict::Undecided;
    Finding {
        id: id(&rule, &resource, plan),
        topic: presence.kind.topic.clone(),
        severity: presence.severity,
        verdict: presence.verdict,
        why: if elsewhere { Some(elsewhere_text()) } else { reason(&presence.why) },
        seen: String::new(),
        line: None,
        path: Vec::new(),
        rule,
        resource,
        plan,
        advice,
    }
}

fn finding(judged: &Judged<'_>, advice: Arc<Advice>) -> Finding {
    let rule = judged.rule;
    let resource = clean(&judged.resource.address);
    Finding {
        id: id(&rule.id, &resource, judged.resource.plan),
        rule: rule.id.clone(),
        resource,
        plan: judged.resource.plan,
        topic: rule.topic.clone(),
        severity: rule.severity,
        verdict: judged.verdict,
        why: reason(&judged.why),
        seen: judged.seen.clone(),
        line: None,
        path: Vec::new(),
        advice,
    }
}

/// The plan belongs to it where it is not the first: addresses of two plans may be the same.
fn id(rule: &str, resource: &str, plan: usize) -> String {
    let plan = if plan == 0 { String::new() } else { format!("#{plan}") };
    format!("{rule}@{resource}{plan}")
}

fn count(counts: &mut BTreeMap<String, usize>, key: &str) {
    let count = counts.entry(key.to_owned()).or_default();
    *count = count.saturating_add(1);
}

fn joined(text: &Text, note: &Text) -> Text {
    let en = note.en.trim_end_matches('.');
    Text::new(
        format!("{}{}", text.ja, super::wording::sentence_ja(&note.ja)),
        format!("{} Note: {en}.", text.en),
    )
}

fn elsewhere_text() -> Text {
    Text::new(
        "読み込んだプランにはありません。別のプランやアカウントにあるかを確かめてください。",
        "No plan that was read has one. Check whether it stands in another plan or account.",
    )
}
