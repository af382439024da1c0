//! What a check came to, sorted for reading: the same sorting for terminal and page.

use super::text;
use super::words::{assumption, choose, data, said, stance};
use base::Language;
use site::attack::{Chain, Stance};
use site::check::Check;
use site::compare::Change;
use site::connection::{Connection, Kind};
use site::picture::Picture;
use site::rules::rule::Severity;
use site::rules::{Advice, Finding, Verdict};
use site::weigh::is_missing;
use std::collections::BTreeMap;

/// All findings of one rule with one verdict.
#[derive(Debug)]
pub(super) struct Group<'a> {
    pub(super) rule: &'a str,
    pub(super) severity: Severity,
    pub(super) advice: &'a Advice,
    pub(super) findings: Vec<&'a Finding>,
}

/// A check, sorted.
#[derive(Debug)]
pub(super) struct Summary<'a> {
    pub(super) check: &'a Check,
    pub(super) names: Names,
    /// What is violated, what weighs most first.
    pub(super) violated: Vec<Group<'a>>,
    /// What cannot be decided.
    pub(super) undecided: Vec<Group<'a>>,
    /// Types of resources that no plan has.
    pub(super) missing: Vec<&'a Finding>,
    /// What is only information.
    pub(super) context: Vec<Group<'a>>,
}

impl<'a> Summary<'a> {
    pub(super) fn of(check: &'a Check) -> Self {
        let of = |wanted: fn(&Finding) -> bool| groups(check.findings.iter().filter(move |one| wanted(one)));
        Self {
            check,
            names: Names::of(check),
            violated: of(|one| !is_apart(one) && one.verdict == Verdict::Violated),
            undecided: of(|one| !is_apart(one) && one.verdict == Verdict::Undecided),
            missing: check.findings.iter().filter(|one| is_missing(one)).collect(),
            context: of(|one| one.severity == Severity::Context && !is_missing(one)),
        }
    }

    /// The attack paths with their places in the check, the shortest first; what is certain before what is not.
    pub(super) fn chains(&self) -> Vec<(usize, &'a Chain)> {
        let mut chains: Vec<(usize, &Chain)> = self.check.attacks.chains.iter().enumerate().collect();
        chains.sort_by_key(|(_, chain)| (!chain.decided, chain.legs.len()));
        chains
    }

    /// How many attack paths are not certain.
    pub(super) fn uncertain(&self) -> usize {
        self.check.attacks.chains.iter().filter(|chain| !chain.decided).count()
    }

    /// What is to be written so that more can be decided, with how many findings it would decide; what decides most first.
    pub(super) fn to_write(&self, language: Language) -> Vec<(String, usize)> {
        let mut counts: BTreeMap<String, usize> = BTreeMap::new();
        for finding in self.undecided.iter().flat_map(|group| &group.findings) {
            let count = counts.entry(reason(finding, language)).or_default();
            *count = count.saturating_add(1);
        }
        let mut sorted: Vec<(String, usize)> = counts.into_iter().collect();
        sorted.sort_by_key(|(_, count)| std::cmp::Reverse(*count));
        sorted
    }

    /// How many links and flows are secure, open, and of a kind that nobody knows.
    pub(super) fn kinds(&self) -> [(Kind, usize); 3] {
        [Kind::Secure, Kind::Open, Kind::Undecided]
            .map(|kind| (kind, self.check.connections.iter().filter(|one| one.kind == kind).count()))
    }

    /// How many open ones lack what they must have.
    pub(super) fn unprotected(&self) -> usize {
        self.check.connections.iter().filter(|one| one.protection == Verdict::Violated).count()
    }

    /// How many facts are known.
    pub(super) fn facts_known(&self) -> usize {
        self.check.facts.iter().filter(|fact| fact.value.is_some()).count()
    }
}

/// Why a finding is undecided: what is not known, or what the rule asks where it does not say more.
pub(super) fn reason(finding: &Finding, language: Language) -> String {
    let why = finding.why.as_ref().map(|why| said(why, language));
    let seen = Some(finding.seen.as_str()).filter(|seen| !seen.is_empty());
    let text = why.or(seen).unwrap_or_else(|| said(&finding.advice.text, language));
    text::harmless(text)
}

fn is_apart(finding: &Finding) -> bool {
    finding.severity == Severity::Context || is_missing(finding)
}

/// By rule: what weighs most first, then in the order of the check.
fn groups<'a>(findings: impl Iterator<Item = &'a Finding>) -> Vec<Group<'a>> {
    let mut places: BTreeMap<&str, usize> = BTreeMap::new();
    let mut groups: Vec<Group<'a>> = Vec::new();
    for finding in findings {
        let place = *places.entry(&finding.rule).or_insert(groups.len());
        match groups.get_mut(place) {
            Some(group) => {
                group.severity = group.severity.min(finding.severity);
                group.findings.push(finding);
            }
            None => groups.push(Group {
                rule: &finding.rule,
                severity: finding.severity,
                advice: &finding.advice,
                findings: vec![finding],
            }),
        }
    }
    groups.sort_by_key(|group| group.severity);
    groups
}

/// What people call what has an id, as far as the hops of the check say it.
#[derive(Debug)]
pub(super) struct Names(BTreeMap<String, String>);

impl Names {
    pub(super) fn of(check: &Check) -> Self {
        let mut names = Self(BTreeMap::new());
        names.learn(&check.attacks.chains, &check.connections, &check.findings);
        names
    }

    /// The names in what differs between two checks.
    pub(super) fn of_change(change: &Change) -> Self {
        let mut names = Self(BTreeMap::new());
        let Change { chains, connections, findings, .. } = change;
        names.learn(&chains.gone, &connections.gone, &findings.gone);
        for pair in &chains.changed {
            names.learn(std::slice::from_ref(&pair.after), &[], &[]);
        }
        names.learn(&chains.new, &connections.new, &findings.new);
        names
    }

    fn learn(&mut self, chains: &[Chain], connections: &[Connection], findings: &[Finding]) {
        let legs = chains.iter().flat_map(|chain| &chain.legs).flat_map(|leg| &leg.steps);
        let flows = connections.iter().flat_map(|one| &one.steps);
        let found = findings.iter().flat_map(|one| &one.path);
        let all =
            legs.chain(flows).chain(found).filter(|step| !step.name.is_empty() && step.name != step.node);
        self.0.extend(all.map(|step| (step.node.clone(), step.name.clone())));
    }

    /// Also the names that a picture knows.
    pub(super) fn add(&mut self, picture: &Picture) {
        let zones = picture.zones.iter().map(|zone| (&zone.id, &zone.name));
        let devices = picture.devices.iter().map(|device| (&device.id, &device.name));
        for (id, name) in zones.chain(devices).filter(|(_, name)| !name.is_empty()) {
            self.0.entry(id.clone()).or_insert_with(|| name.clone());
        }
    }

    /// The name of an element, fit to be shown.
    pub(super) fn of_element(&self, id: &str, language: Language) -> String {
        match id {
            "" => choose(language, "プラン全体", "all plans").to_owned(),
            "facility" => choose(language, "施設", "facility").to_owned(),
            "internet" => choose(language, "インターネット", "internet").to_owned(),
            _ => text::name(self.0.get(id).map_or(id, String::as_str)),
        }
    }

    /// The first few elements of a group, each once, and how many more there are.
    pub(super) fn of_group(
        &self,
        group: &Group<'_>,
        shown_max: usize,
        language: Language,
    ) -> (Vec<String>, usize) {
        let mut seen = std::collections::BTreeSet::new();
        let mut ids = group.findings.iter().map(|one| one.resource.as_str()).filter(|id| seen.insert(*id));
        let names = ids.by_ref().take(shown_max).map(|id| self.of_element(id, language)).collect();
        (names, ids.count())
    }

    /// A chain in one line: where it begins, what it passes, where it ends.
    pub(super) fn of_chain(&self, chain: &Chain, language: Language) -> String {
        let mut passed: Vec<String> = Vec::new();
        if chain.stance != Stance::Internet || chain.from != "internet" {
            passed.push(self.of_element(&chain.from, language));
        }
        for leg in &chain.legs {
            let to = self.of_element(&leg.to, language);
            if passed.last() != Some(&to) {
                passed.push(to);
            }
        }
        format!("{}{}{}", stance(language, chain.stance), choose(language, "：", ": "), arrows(&passed))
    }
}

fn arrows(names: &[String]) -> String {
    match names {
        [one] => format!("→ {one}"),
        _ => names.join(" → "),
    }
}

/// What a store holds.
pub(super) fn holds(chain: &Chain, language: Language) -> String {
    let classes: Vec<String> = chain.holds.iter().map(|class| text::name(data(language, class))).collect();
    classes.join(choose(language, "、", ", "))
}

/// The assumptions of a chain, each once, in their order.
pub(super) fn assumptions(chain: &Chain, language: Language) -> String {
    let mut told: Vec<String> = Vec::new();
    for leg in &chain.legs {
        let doubt = if leg.said { "" } else { choose(language, "（未確認）", " (not ruled out)") };
        let one = format!("{}{doubt}", assumption(language, leg.assumption));
        if !told.contains(&one) {
            told.push(one);
        }
    }
    told.join(choose(language, "、", ", "))
}
