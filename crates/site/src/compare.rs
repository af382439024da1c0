//! What a change does: two checks side by side, of two phases or two descriptions.
//!
//! Findings are matched by their ids, connections by theirs, chains by the machines they pass, facts by their keys. What is
//! no longer found is not thereby good: a finding whose rule came to be undecided stands among the changed ones.

use crate::attack::Chain;
use crate::check::{Check, Value};
use crate::connection::Connection;
use crate::rules::Finding;
use serde::Serialize;
use std::collections::{BTreeMap, BTreeSet};

/// What differs between two checks.
#[derive(Clone, Debug, Default, PartialEq, Eq, Serialize)]
pub struct Change {
    /// What was checked first.
    pub before: Side,
    /// What was checked then.
    pub after: Side,
    /// Findings.
    pub findings: Difference<Finding>,
    /// Attack paths.
    pub chains: Difference<Chain>,
    /// Links and flows.
    pub connections: Difference<Connection>,
    /// Facts for the guideline engine.
    pub facts: Vec<FactChange>,
}

/// One of the two.
#[derive(Clone, Debug, Default, PartialEq, Eq, Serialize)]
pub struct Side {
    /// The name of the facility.
    pub facility: String,
    /// The phase.
    pub phase: String,
    /// The day that counts.
    pub day: String,
    /// The files that were read.
    pub sources: Vec<String>,
    /// Required rules that are violated, in findings.
    pub required: usize,
    /// Recommended rules that are violated, and weaker values, in findings.
    pub recommended: usize,
    /// Findings that are undecided.
    pub undecided: usize,
    /// Types of resources that no plan has, and that may stand elsewhere.
    pub missing: usize,
    /// Attack paths.
    pub chains: usize,
    /// Whether there are more attack paths than were worked out: then one that is gone may only not have been looked for.
    pub more: bool,
}

/// What is gone, new and changed of one kind of thing.
#[derive(Clone, Debug, PartialEq, Eq, Serialize)]
pub struct Difference<T> {
    /// What was there before only.
    pub gone: Vec<T>,
    /// What is there now only.
    pub new: Vec<T>,
    /// What is there in both, and is not the same.
    pub changed: Vec<Pair<T>>,
}

impl<T> Default for Difference<T> {
    fn default() -> Self {
        Self { gone: Vec::new(), new: Vec::new(), changed: Vec::new() }
    }
}

impl<T> Difference<T> {
    /// Whether nothing differs.
    pub fn is_empty(&self) -> bool {
        self.gone.is_empty() && self.new.is_empty() && self.changed.is_empty()
    }
}

/// The same thing before and after.
#[derive(Clone, Debug, PartialEq, Eq, Serialize)]
pub struct Pair<T> {
    /// As it was.
    pub before: T,
    /// As it is.
    pub after: T,
}

/// A fact that is not what it was.
#[derive(Clone, Debug, PartialEq, Eq, Serialize)]
pub struct FactChange {
    /// Its key.
    pub key: String,
    /// What it was; none where it was not known.
    pub before: Option<Value>,
    /// What it is; none where it is not known.
    pub after: Option<Value>,
    /// The requirements that it decides, see [`Change::touching`].
    pub requirements: Vec<String>,
}

/// Compares two checks.
pub fn compare(before: &Check, after: &Check) -> Change {
    let finding = |one: &Finding| one.id.clone();
    let connection = |one: &Connection| one.id.clone();
    Change {
        before: side(before),
        after: side(after),
        findings: difference(&before.findings, &after.findings, finding, |left, right| {
            left.verdict != right.verdict || left.severity != right.severity
        }),
        chains: difference(&before.attacks.chains, &after.attacks.chains, way, |left, right| {
            left.decided != right.decided
        }),
        connections: difference(&before.connections, &after.connections, connection, |left, right| {
            (left.kind, left.protection, &left.from, &left.to)
                != (right.kind, right.protection, &right.from, &right.to)
        }),
        facts: facts(before, after),
    }
}

impl Change {
    /// Says of each fact which requirements it decides: the guideline engine knows, this room does not.
    #[must_use]
    pub fn touching(mut self, requirements: impl Fn(&str) -> Vec<String>) -> Self {
        for fact in &mut self.facts {
            fact.requirements = requirements(&fact.key);
        }
        self
    }

    /// Whether nothing differs.
    pub fn is_empty(&self) -> bool {
        self.findings.is_empty()
            && self.chains.is_empty()
            && self.connections.is_empty()
            && self.facts.is_empty()
    }
}

fn side(check: &Check) -> Side {
    let weigh = check.weigh();
    Side {
        facility: check.facility.clone(),
        phase: check.phase.to_owned(),
        day: check.day.clone(),
        sources: check.sources.clone(),
        required: weigh.required,
        recommended: weigh.recommended,
        undecided: weigh.undecided,
        missing: weigh.missing,
        chains: check.attacks.chains.len(),
        more: check.attacks.more,
    }
}

/// The machines that a chain passes, and how it begins: the same chain in both, whatever its words.
fn way(chain: &Chain) -> Vec<String> {
    let ends = [format!("{:?}", chain.stance), chain.from.clone(), chain.to.clone()];
    ends.into_iter().chain(chain.legs.iter().map(|leg| leg.to.clone())).collect()
}

fn difference<T: Clone, K: Ord>(
    before: &[T],
    after: &[T],
    key: impl Fn(&T) -> K,
    differ: impl Fn(&T, &T) -> bool,
) -> Difference<T> {
    let old: BTreeMap<K, &T> = before.iter().map(|one| (key(one), one)).collect();
    let known: BTreeSet<K> = after.iter().map(&key).collect();
    let mut found = Difference {
        gone: before.iter().filter(|one| !known.contains(&key(one))).cloned().collect(),
        ..Difference::default()
    };
    for one in after {
        match old.get(&key(one)) {
            None => found.new.push(one.clone()),
            Some(was) if differ(was, one) => {
                found.changed.push(Pair { before: (*was).clone(), after: one.clone() });
            }
            Some(_) => {}
        }
    }
    found
}

fn facts(before: &Check, after: &Check) -> Vec<FactChange> {
    let values = |check: &Check| -> BTreeMap<String, Option<Value>> {
        check.facts.iter().map(|fact| (fact.key.clone(), fact.value)).collect()
    };
    let (old, new) = (values(before), values(after));
    let keys: BTreeSet<&String> = old.keys().chain(new.keys()).collect();
    let value = |of: &BTreeMap<String, Option<Value>>, key: &String| of.get(key).copied().flatten();
    keys.into_iter()
        .map(|key| FactChange {
            key: key.clone(),
            before: value(&old, key),
            after: value(&new, key),
            requirements: Vec::new(),
        })
        .filter(|fact| fact.before != fact.after)
        .collect()
}
