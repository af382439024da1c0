//! The facts that a check tells the guideline engine: which rules decide which fact is data (`catalogue/facts.yaml`).
//!
//! A fact is told only where it is known: a rule that could not be decided, or that met nothing to judge, leaves it open,
//! and people answer it.

use super::{SiteFact, Value};
use crate::codes;
use crate::rules::{Text, Verdict};
use base::Problem;
use serde::Deserialize;
use std::collections::{BTreeMap, BTreeSet};

const TEXT: &str = include_str!("../../catalogue/facts.yaml");

/// How often each rule held, was violated, and was left open.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq)]
pub struct Tally {
    /// It held.
    pub held: usize,
    /// It was violated.
    pub violated: usize,
    /// It could not be decided.
    pub undecided: usize,
}

impl Tally {
    /// One more answer.
    pub fn count(&mut self, verdict: Verdict) {
        let number = match verdict {
            Verdict::Holds => &mut self.held,
            Verdict::Violated => &mut self.violated,
            Verdict::Undecided => &mut self.undecided,
        };
        *number = number.saturating_add(1);
    }

    /// Both together.
    #[must_use]
    pub fn and(self, other: Self) -> Self {
        Self {
            held: self.held.saturating_add(other.held),
            violated: self.violated.saturating_add(other.violated),
            undecided: self.undecided.saturating_add(other.undecided),
        }
    }
}

/// The answers of the rules, by rule and kind of device; the kind is empty for what is no device.
pub type Tallies = BTreeMap<String, BTreeMap<String, Tally>>;

#[derive(Debug, Deserialize)]
#[serde(deny_unknown_fields)]
struct File {
    format: u32,
    facts: Vec<Entry>,
}

#[derive(Debug, Deserialize)]
#[serde(deny_unknown_fields)]
struct Entry {
    key: String,
    decide: Decide,
    #[serde(default)]
    rules: Vec<String>,
    #[serde(default)]
    of: Vec<String>,
}

#[derive(Clone, Copy, Debug, PartialEq, Eq, Deserialize)]
#[serde(rename_all = "kebab-case")]
enum Decide {
    All,
    Count,
    Nobody,
}

/// The facts, in the order of the file; those that are not known have no value.
///
/// # Errors
///
/// SI-0030 where the file, which is built in, cannot be read.
pub fn facts(tallies: &Tallies) -> Result<Vec<SiteFact>, Problem> {
    Ok(entries()?.iter().map(|entry| fact(entry, tallies)).collect())
}

/// The rules on which facts rest.
///
/// # Errors
///
/// SI-0030 where the file, which is built in, cannot be read.
pub fn rules_of_facts() -> Result<BTreeSet<String>, Problem> {
    Ok(entries()?.into_iter().flat_map(|entry| entry.rules).collect())
}

fn entries() -> Result<Vec<Entry>, Problem> {
    let wrong = |what: String| {
        Problem::new(&codes::RULES).with("file", "facts.yaml").with("line", 1).with("what", what)
    };
    let file: File = serde_saphyr::from_str(TEXT).map_err(|error| wrong(error.to_string()))?;
    if file.format != 1 {
        return Err(wrong(format!("format {} is not known", file.format)));
    }
    Ok(file.facts)
}

fn fact(entry: &Entry, tallies: &Tallies) -> SiteFact {
    let counts = |kind: &str| entry.of.is_empty() || entry.of.iter().any(|of| of == kind);
    let of_rules = entry.rules.iter().filter_map(|rule| tallies.get(rule)).flatten();
    let tally =
        of_rules.filter(|(kind, _)| counts(kind)).fold(Tally::default(), |sum, (_, tally)| sum.and(*tally));
    let value = match (entry.decide, tally) {
        // Nobody decides it, or there was nothing to judge.
        (Decide::Nobody, _) | (_, Tally { held: 0, violated: 0, .. }) => None,
        (Decide::All, Tally { violated: 1.., .. }) => Some(Value::Is(false)),
        (Decide::All, Tally { undecided: 0, .. }) => Some(Value::Is(true)),
        // At least so many: a count that must be nought is decided by the first.
        (Decide::Count, Tally { violated, undecided, .. }) if violated > 0 || undecided == 0 => {
            Some(Value::Count(u64::try_from(violated).unwrap_or(u64::MAX)))
        }
        (Decide::All | Decide::Count, _) => None,
    };
    SiteFact { key: entry.key.clone(), value, how: how(entry, tally) }
}

fn how(entry: &Entry, tally: Tally) -> Text {
    if entry.decide == Decide::Nobody {
        return Text::new(
            "サイト記述とプランからは分かりません。担当者が回答してください",
            "Neither description nor plans show it; people answer it",
        );
    }
    let Tally { held, violated, undecided } = tally;
    Text::new(
        format!("サイト検査（akashi check）：適合 {held}、違反 {violated}、判断できない {undecided}"),
        format!("check of the site (akashi check): {held} held, {violated} violated, {undecided} undecided"),
    )
}

#[cfg(test)]
mod tests {
    use super::*;

    fn tallies(of: &[(&str, &str, Tally)]) -> Tallies {
        let mut tallies = Tallies::new();
        for (rule, kind, tally) in of {
            tallies.entry((*rule).to_owned()).or_default().insert((*kind).to_owned(), *tally);
        }
        tallies
    }

    fn value(key: &str, tallies: &Tallies) -> Option<Value> {
        let facts = facts(tallies).unwrap();
        facts.into_iter().find(|fact| fact.key == key).unwrap().value
    }

    const HELD: Tally = Tally { held: 1, violated: 0, undecided: 0 };
    const VIOLATED: Tally = Tally { held: 0, violated: 1, undecided: 0 };
    const OPEN: Tally = Tally { held: 0, violated: 0, undecided: 1 };

    #[test]
    fn what_met_nothing_to_judge_is_not_known() {
        assert_eq!(value("site.network.wireless_encrypted", &Tallies::new()), None);
        assert_eq!(value("site.devices.unsupported", &Tallies::new()), None);
    }

    #[test]
    fn one_violation_decides_and_one_open_rule_leaves_open() {
        let key = "site.network.zones_separated";
        let with = |other| tallies(&[("net.undeclared-bridge", "", HELD), ("eligibility.joined", "", other)]);
        assert_eq!(value(key, &with(HELD)), Some(Value::Is(true)));
        assert_eq!(value(key, &with(OPEN)), None);
        assert_eq!(value(key, &with(VIOLATED)), Some(Value::Is(false)));
        let both = tallies(&[("net.undeclared-bridge", "", OPEN), ("eligibility.joined", "", VIOLATED)]);
        assert_eq!(value(key, &both), Some(Value::Is(false)));
    }

    #[test]
    fn a_count_of_nought_needs_that_nothing_is_open() {
        let key = "site.devices.unsupported";
        assert_eq!(value(key, &tallies(&[("device.unsupported", "server", HELD)])), Some(Value::Count(0)));
        let half =
            tallies(&[("device.unsupported", "server", HELD), ("device.unsupported", "terminal", OPEN)]);
        assert_eq!(value(key, &half), None);
        assert_eq!(
            value(key, &tallies(&[("device.unsupported", "server", VIOLATED)])),
            Some(Value::Count(1))
        );
    }

    #[test]
    fn a_fact_about_vpn_devices_looks_at_no_others() {
        let key = "site.network.vpn_devices_current";
        let both = tallies(&[("device.unsupported", "server", VIOLATED)]);
        assert_eq!(value(key, &both), None);
        let mut both = both;
        both.entry("device.unsupported".to_owned()).or_default().insert("vpn-device".to_owned(), HELD);
        assert_eq!(value(key, &both), Some(Value::Is(true)));
    }

    #[test]
    fn lines_over_a_clientless_ssl_vpn_are_not_protected() {
        let with = |other| tallies(&[("line.unprotected", "", HELD), ("ssl-vpn.clientless", "", other)]);
        let key = "site.network.lines_protected";
        assert_eq!(value(key, &with(HELD)), Some(Value::Is(true)));
        assert_eq!(value(key, &with(OPEN)), None, "whether it asks for certificates is not described");
        assert_eq!(value(key, &with(VIOLATED)), Some(Value::Is(false)));
    }
}
