//! What the rules on a site mean: their files, read strictly, and the findings in the words of these files.

use super::change::Change;
use super::files::FILES;
use super::{Judgement, Scene, judge};
use crate::codes;
use crate::rules::finding::{Advice, Finding, Report};
use crate::rules::rule::Severity;
use crate::rules::{Text, Verdict};
use base::Problem;
use serde::Deserialize;
use std::collections::BTreeMap;
use std::sync::Arc;

/// A rule on a site as a whole: what its file says.
#[derive(Clone, Debug, PartialEq)]
pub struct SiteRule {
    /// Its id: `auth.one-factor`.
    pub id: String,
    /// What stands before the point of its id.
    pub topic: String,
    /// How much it weighs.
    pub severity: Severity,
    /// The requirements of guidelines that it serves.
    pub requirements: Vec<String>,
    /// What it asks.
    pub text: Text,
    /// What to do.
    pub remedy: Text,
    /// An example that keeps it: a piece of a description, of a device's configuration or of Terraform.
    pub example: String,
    /// Sites to which its answer is known; none for a cross-check of plans, which is judged elsewhere.
    pub fixtures: Option<Fixtures>,
}

/// Sites to which the answer of a rule is known.
#[derive(Clone, Debug, PartialEq, Deserialize)]
#[serde(deny_unknown_fields)]
pub struct Fixtures {
    /// It is violated.
    pub violates: Fixture,
    /// It applies, and holds wherever it does.
    pub conforms: Fixture,
    /// It is undecided and nowhere violated.
    pub undecided: Fixture,
}

/// A template with small changes.
#[derive(Clone, Debug, PartialEq, Deserialize)]
#[serde(deny_unknown_fields)]
pub struct Fixture {
    /// The name of the template.
    pub template: String,
    /// What is changed in it.
    #[serde(default)]
    pub change: Vec<Change>,
}

/// The form of a file.
#[derive(Deserialize)]
#[serde(deny_unknown_fields)]
struct Form {
    id: String,
    severity: Severity,
    requirements: Vec<String>,
    text: Text,
    remedy: Text,
    #[serde(default)]
    example: String,
    fixtures: Option<Fixtures>,
}

/// All rules on a site as a whole, by their ids.
#[derive(Clone, Debug, Default)]
pub struct Catalogue {
    rules: BTreeMap<String, SiteRule>,
}

impl Catalogue {
    /// The rules that are compiled in.
    ///
    /// # Errors
    ///
    /// `SI-0031`: a file is not of its form, which a test keeps from happening.
    pub fn builtin() -> Result<Self, Problem> {
        let read = |(id, text): &(&str, &str)| read(id, text).map(|rule| (rule.id.clone(), rule));
        Ok(Self { rules: FILES.iter().map(read).collect::<Result<_, _>>()? })
    }

    /// A rule by its id.
    pub fn rule(&self, id: &str) -> Option<&SiteRule> {
        self.rules.get(id)
    }

    /// All rules, by their ids.
    pub fn rules(&self) -> impl Iterator<Item = &SiteRule> {
        self.rules.values()
    }

    /// What the rules come to on a site: findings by weight, and by topic how often a rule held.
    ///
    /// # Errors
    ///
    /// `SI-0032`: a rule has no file, which a test keeps from happening.
    pub fn report(&self, scene: &Scene<'_>) -> Result<Report, Problem> {
        self.of(judge(scene))
    }

    /// The same of what was judged already.
    ///
    /// # Errors
    ///
    /// `SI-0032`: a rule has no file, which a test keeps from happening.
    pub fn of(&self, judgements: Vec<Judgement>) -> Result<Report, Problem> {
        let mut report = Report::default();
        let mut advice: BTreeMap<&str, Arc<Advice>> = BTreeMap::new();
        for judgement in judgements {
            let Some(rule) = self.rule(judgement.rule) else {
                return Err(without_file(judgement.rule));
            };
            if judgement.verdict == Verdict::Holds {
                let held = report.held.entry(rule.topic.clone()).or_default();
                *held = held.saturating_add(1);
            } else {
                let advice = advice.entry(&rule.id).or_insert_with(|| Arc::new(rule.advice()));
                report.findings.push(finding(rule, judgement, Arc::clone(advice)));
            }
        }
        report.findings.sort_by(|left, right| key(left).cmp(&key(right)));
        Ok(report)
    }
}

impl SiteRule {
    pub(super) fn advice(&self) -> Advice {
        Advice {
            requirements: self.requirements.clone(),
            text: self.text.clone(),
            remedy: self.remedy.clone(),
            terraform: self.example.clone(),
            doubt: None,
        }
    }
}

/// What weighs most first, and what is violated before what is undecided.
fn key(finding: &Finding) -> (Severity, Verdict, &str, &str) {
    (finding.severity, finding.verdict, &finding.rule, &finding.resource)
}

fn finding(rule: &SiteRule, judgement: Judgement, advice: Arc<Advice>) -> Finding {
    let Judgement { element, place, verdict, seen, path, .. } = judgement;
    Finding {
        id: format!("{}@{element}", rule.id),
        rule: rule.id.clone(),
        resource: element,
        plan: 0,
        topic: rule.topic.clone(),
        severity: rule.severity,
        verdict,
        why: Some(seen),
        seen: String::new(),
        // What the whole facility is said of stands on no line of its own.
        line: Some(place.line).filter(|line| *line > 0),
        path,
        advice,
    }
}

/// Reads the file of a rule.
fn read(id: &str, text: &str) -> Result<SiteRule, Problem> {
    let file = format!("{id}.yaml");
    let form: Form = serde_saphyr::from_str(text).map_err(|error| {
        let line = error.location().map_or(1, |place| place.line());
        let message = error.without_snippet().to_string();
        wrong(&file, line, message.lines().next().unwrap_or_default().trim_end_matches('.'))
    })?;
    if form.id != id {
        return Err(wrong(&file, 1, &format!("the id is {} and not that of the file", form.id)));
    }
    let topic = id.split('.').next().unwrap_or_default().to_owned();
    let Form { id, severity, requirements, text, remedy, example, fixtures } = form;
    Ok(SiteRule { id, topic, severity, requirements, text, remedy, example, fixtures })
}

fn wrong(file: &str, line: u64, what: &str) -> Problem {
    Problem::new(&codes::SITE_RULES)
        .with("file", file)
        .with("line", line)
        .with("what", what)
        .log(format!("{file}, line {line}: {what}"))
}

fn without_file(rule: &str) -> Problem {
    Problem::new(&codes::WITHOUT_FILE).with("rule", rule).log(format!("no file of the rule {rule}"))
}

#[cfg(test)]
mod tests {
    use super::*;
    use base::Language;

    const RULE: &str = "id: auth.sms
severity: required
requirements: [mhlw-6.0/control/14-1]
text: { ja: あ, en: a }
remedy: { ja: い, en: b }
fixtures:
  violates: { template: direct-connect, change: [{ set: nodes.a.b, to: no }] }
  conforms: { template: direct-connect }
  undecided: { template: direct-connect, change: [{ remove: nodes.a.b }] }
";

    #[test]
    fn a_file_is_read_and_its_topic_is_what_stands_before_the_point() {
        let rule = read("auth.sms", RULE).unwrap();
        assert_eq!((rule.id.as_str(), rule.topic.as_str()), ("auth.sms", "auth"));
        assert_eq!(rule.fixtures.unwrap().violates.change.len(), 1);
    }

    #[test]
    fn a_file_that_is_not_of_its_form_is_named_with_its_line() {
        let says = |id, text: &str| {
            let problem = read(id, text).unwrap_err();
            assert_eq!(problem.code().id, "SI-0031");
            problem.text(Language::English)
        };
        assert!(says("auth.sms", &RULE.replace("severity: required", "severity: heavy")).contains("line 2"));
        assert!(says("auth.sms", &RULE.replace("remedy", "remedies")).contains("auth.sms.yaml"));
        assert!(says("auth.one-factor", RULE).contains("the id is auth.sms"));
    }
}
