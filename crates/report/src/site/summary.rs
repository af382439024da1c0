//! What a check came to, sorted for reading: the same sorting for terminal and page.

use super::words::{assumption, choose, data, said, stance};
use super::{first, text};
use base::Language;
use site::attack::{Assumption, Chain, Cut, Stance};
use site::check::Check;
use site::compare::Change;
use site::connection::{Connection, Kind};
use site::picture::Picture;
use site::rules::rule::Severity;
use site::rules::{Advice, Finding, Verdict};
use site::weigh::is_missing;
use std::collections::{BTreeMap, BTreeSet};

/// Names of the ends of an attack path that are shown.
const ENDS_SHOWN: usize = 3;
/// Classes of data at the end of attack paths that are shown.
const CLASSES_SHOWN: usize = 2;

/// All findings of one rule with one verdict.
#[derive(Debug)]
pub(super) struct Group<'a> {
    pub(super) rule: &'a str,
    pub(super) severity: Severity,
    pub(super) advice: &'a Advice,
    pub(super) findings: Vec<&'a Finding>,
}

/// Attack paths that differ in nothing but where they begin and where they end: from each of these to each of those.
#[derive(Debug)]
pub(super) struct Way<'a> {
    /// One of them.
    pub(super) chain: &'a Chain,
    from: Vec<&'a str>,
    to: Vec<&'a str>,
    /// What their ends hold.
    holds: BTreeSet<&'a str>,
    /// How many they are.
    pub(super) count: usize,
}

impl<'a> Way<'a> {
    fn of(chain: &'a Chain) -> Self {
        let holds = chain.holds.iter().map(String::as_str).collect();
        Self { chain, from: vec![&chain.from], to: vec![&chain.to], holds, count: 1 }
    }

    /// One that begins elsewhere.
    fn add(&mut self, chain: &'a Chain) {
        self.count = self.count.saturating_add(1);
        if !self.from.contains(&chain.from.as_str()) {
            self.from.push(&chain.from);
        }
    }

    /// Those that end elsewhere.
    fn join(&mut self, other: Self) {
        self.count = self.count.saturating_add(other.count);
        self.holds.extend(other.holds);
        self.to.extend(other.to);
    }
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

    /// The attack paths with their places in the check: what is certain before what is not, what goes somewhere before what
    /// ends where it begins, the shortest first.
    pub(super) fn chains(&self) -> Vec<(usize, &'a Chain)> {
        let mut chains: Vec<(usize, &Chain)> = self.check.attacks.chains.iter().enumerate().collect();
        chains.sort_by_key(|(_, chain)| (!chain.decided, stays(chain), chain.legs.len()));
        chains
    }

    /// The attack paths that differ in nothing but where they begin or end, as one each; those of each kind of beginning in
    /// turn, so that the first few show several.
    pub(super) fn ways(&self) -> Vec<Way<'a>> {
        let mut ways: Vec<Way<'a>> = Vec::new();
        let mut places: BTreeMap<_, usize> = BTreeMap::new();
        for (_, chain) in self.chains() {
            let key = (chain.decided, chain.stance, kept(chain, true));
            let place = *places.entry(key).or_insert(ways.len());
            match ways.get_mut(place) {
                Some(way) => way.add(chain),
                None => ways.push(Way::of(chain)),
            }
        }
        let mut joined: Vec<Way<'a>> = Vec::new();
        let mut places: BTreeMap<_, usize> = BTreeMap::new();
        for way in ways {
            let key = (way.chain.decided, way.chain.stance, way.from.clone(), kept(way.chain, false));
            let place = *places.entry(key).or_insert(joined.len());
            match joined.get_mut(place) {
                Some(known) => known.join(way),
                None => joined.push(way),
            }
        }
        let mut turns: BTreeMap<(bool, bool, Stance), usize> = BTreeMap::new();
        let mut sorted: Vec<_> = joined
            .into_iter()
            .map(|way| {
                let (rest, stance) = ((!way.chain.decided, stays(way.chain)), way.chain.stance);
                let turn = turns.entry((rest.0, rest.1, stance)).or_default();
                *turn = turn.saturating_add(1);
                ((rest, *turn, stance), way)
            })
            .collect();
        sorted.sort_by_key(|(key, _)| *key);
        sorted.into_iter().map(|(_, way)| way).collect()
    }

    /// The changes that cut attack paths; where all paths need a flaw that nobody knows, none of them comes first.
    pub(super) fn cuts(&self) -> impl Iterator<Item = &'a Cut> {
        let cuts = if self.needs_unknown_flaws() { &[][..] } else { self.check.attacks.cuts.as_slice() };
        cuts.iter()
    }

    /// Whether there are attack paths, but each needs a flaw that nobody knows.
    pub(super) fn needs_unknown_flaws(&self) -> bool {
        let chains = &self.check.attacks.chains;
        let needs = |chain: &Chain| chain.legs.iter().any(|leg| leg.assumption == Assumption::UnknownFlaw);
        !chains.is_empty() && chains.iter().all(needs)
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

/// By rule: what weighs most first, then what is to be done first, then in the order of the check.
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
    groups.sort_by_key(|group| (group.severity, first::rank(group.rule)));
    groups
}

/// Whether an attack path ends where it begins: what is taken lies there.
fn stays(chain: &Chain) -> bool {
    chain.legs.iter().all(|leg| leg.from == leg.to)
}

/// What paths have in common that are told as one: their legs without where they begin, and without where they end.
fn kept<'c>(chain: &'c Chain, with_end: bool) -> Vec<(&'c str, Assumption, bool)> {
    let last = chain.legs.len().saturating_sub(1);
    let to = |place: usize, to: &'c str| if place < last || with_end { to } else { "" };
    let legs = chain.legs.iter().enumerate();
    legs.map(|(place, leg)| (to(place, &leg.to), leg.assumption, leg.said)).collect()
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
        self.of_ids(group.findings.iter().map(|one| one.resource.as_str()), shown_max, language)
    }

    /// The first few of these, each once, and how many more there are.
    pub(super) fn of_ids<'i>(
        &self,
        ids: impl Iterator<Item = &'i str>,
        shown_max: usize,
        language: Language,
    ) -> (Vec<String>, usize) {
        let mut seen = BTreeSet::new();
        let mut ids = ids.filter(|id| seen.insert(*id));
        let names = ids.by_ref().take(shown_max).map(|id| self.of_element(id, language)).collect();
        (names, ids.count())
    }

    /// A chain in one line: where it begins, what it passes, where it ends.
    pub(super) fn of_chain(&self, chain: &Chain, language: Language) -> String {
        self.of_way(&Way::of(chain), language)
    }

    /// The same of several.
    pub(super) fn of_way(&self, way: &Way<'_>, language: Language) -> String {
        let chain = way.chain;
        let mut passed: Vec<String> = Vec::new();
        if chain.stance != Stance::Internet || chain.from != "internet" {
            passed.push(self.some(&way.from, language));
        }
        let last = chain.legs.len().saturating_sub(1);
        for (place, leg) in chain.legs.iter().enumerate() {
            let to =
                if place == last { self.some(&way.to, language) } else { self.of_element(&leg.to, language) };
            if passed.last() != Some(&to) {
                passed.push(to);
            }
        }
        began(stance(language, chain.stance), &passed, language)
    }

    /// Some of many elements.
    fn some(&self, ids: &[&str], language: Language) -> String {
        let (names, more) = self.of_ids(ids.iter().copied(), ENDS_SHOWN, language);
        let more = match language {
            _ if more == 0 => String::new(),
            Language::Japanese => format!("ほか {more}"),
            Language::English => format!(" and {more} more"),
        };
        format!("{}{more}", names.join(choose(language, "、", ", ")))
    }
}

/// A way in words: who begins, and what they pass; where that is one place only, they go straight to it.
fn began(who: &str, passed: &[String], language: Language) -> String {
    match passed {
        [one] => format!("{who} → {one}"),
        _ => format!("{who}{}{}", choose(language, "：", ": "), passed.join(" → ")),
    }
}

/// What a store holds.
pub(super) fn holds(chain: &Chain, language: Language) -> String {
    let classes: Vec<String> = chain.holds.iter().map(|class| text::name(data(language, class))).collect();
    classes.join(choose(language, "、", ", "))
}

/// Some of what the stores at the end of several paths hold.
pub(super) fn held(way: &Way<'_>, language: Language) -> String {
    let mut classes: Vec<&str> = way.holds.iter().copied().collect();
    // The record itself is what people think of first.
    classes.sort_by_key(|class| *class != "clinical-record");
    let shown: Vec<String> =
        classes.iter().take(CLASSES_SHOWN).map(|class| text::name(data(language, class))).collect();
    let more = if classes.len() > CLASSES_SHOWN { choose(language, "など", " …") } else { "" };
    format!("{}{more}", shown.join(choose(language, "、", ", ")))
}

/// The assumptions of a chain, each once, in their order.
pub(super) fn assumptions(chain: &Chain, language: Language) -> String {
    let mut told: Vec<String> = Vec::new();
    for leg in &chain.legs {
        // That a flaw is not known says itself that nobody confirmed it.
        let is_sure = leg.said || leg.assumption == Assumption::UnknownFlaw;
        let doubt = if is_sure { "" } else { choose(language, "（未確認）", " (not ruled out)") };
        let one = format!("{}{doubt}", assumption(language, leg.assumption));
        if !told.contains(&one) {
            told.push(one);
        }
    }
    told.join(choose(language, "、", ", "))
}
