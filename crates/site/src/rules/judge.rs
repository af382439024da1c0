//! Judging a resource by the rules on its type.

use super::catalogue::Catalogue;
use super::element::shown;
use super::place::{Leaf, Node, Reached, blocks, reach};
use super::rule::{Condition, Op, Rule, Text, Unset, When};
use super::test::{Test, all, any};
use crate::resource::Resource;
use serde::Serialize;
use std::collections::BTreeMap;

/// What a rule comes to.
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord, Hash, Serialize)]
#[serde(rename_all = "kebab-case")]
pub enum Verdict {
    /// It is violated.
    Violated,
    /// It cannot be decided from what was read.
    Undecided,
    /// It holds.
    Holds,
}

/// Why a verdict is what it is.
#[derive(Clone, Debug, PartialEq, Eq)]
pub enum Why {
    /// The value decides.
    Value,
    /// It is not set, and what that means is known.
    NotSet,
    /// It is not set, and what that means depends.
    NotSetDepends,
    /// It is set from another resource, whose address this is; the value is known after apply.
    SetFrom(String),
    /// It is known only after apply.
    AfterApply,
    /// The plan hides it.
    Hidden,
    /// It is of another kind than the rule asks for.
    OtherKind,
    /// It cannot be read as what it should be.
    NotReadable,
    /// It is longer than what is read.
    TooLong,
    /// Whether the rule counts here is open.
    Applies(Text),
    /// A weaker value, which passes only with a recorded reason.
    Weaker,
}

/// A verdict with its reason.
#[derive(Clone, Debug, PartialEq, Eq)]
pub(crate) struct Answer {
    pub(crate) verdict: Verdict,
    pub(crate) why: Why,
}

impl Answer {
    pub(crate) fn of(holds: bool) -> Self {
        Self { verdict: if holds { Verdict::Holds } else { Verdict::Violated }, why: Why::Value }
    }

    pub(crate) fn open(why: Why) -> Self {
        Self { verdict: Verdict::Undecided, why }
    }
}

/// What a rule says of a resource.
#[derive(Clone, Debug)]
pub struct Judged<'a> {
    /// The rule.
    pub rule: &'a Rule,
    /// The resource.
    pub resource: &'a Resource,
    /// What it comes to.
    pub verdict: Verdict,
    /// What was seen, in one short line without secrets; empty where nothing is set or shown.
    pub seen: String,
    /// Why.
    pub why: Why,
}

impl Catalogue {
    /// What all rules on its type say of a resource. A rule that does not count for it is left out.
    pub fn judge<'a>(&'a self, resource: &'a Resource) -> Vec<Judged<'a>> {
        let mut judged: Vec<Judged<'a>> =
            self.rules_on(&resource.kind).filter_map(|rule| rule.judge(resource)).collect();
        let weaker: BTreeMap<&str, Verdict> = judged
            .iter()
            .filter_map(|one| one.rule.instead_of.as_deref().map(|of| (of, one.verdict)))
            .collect();
        for one in &mut judged {
            let passes = weaker.get(one.rule.id.as_str()) == Some(&Verdict::Holds);
            if one.verdict == Verdict::Violated && passes {
                (one.verdict, one.why) = (Verdict::Undecided, Why::Weaker);
            }
        }
        // What names weaker values of another rule has said all it can.
        judged.retain(|one| one.rule.instead_of.is_none());
        judged
    }
}

impl Rule {
    /// What it says of a resource of its type; none where it does not count.
    pub fn judge<'a>(&'a self, resource: &'a Resource) -> Option<Judged<'a>> {
        let split = self.scope();
        let (block, rest) = self.path.split_at_checked(split)?;
        let mut answers = Vec::new();
        let mut seen = String::new();
        for place in blocks(Node::of(resource), block) {
            let leaves: Vec<Leaf<'_>> = match place {
                Reached::At(node) => reach(node, rest).iter().map(Reached::leaf).collect(),
                Reached::Ended(leaf) => vec![leaf],
            };
            let asked = Asked { unset: self.unset, any: self.any, path: &self.path, resource };
            let answer = on_leaves(&self.test, &leaves, asked);
            let counts = self.counts(&place, split, resource);
            if let Some(answer) = self.limited(answer, &counts) {
                // What decides is shown: the first place that is not good.
                if seen.is_empty() || answer.verdict < Verdict::Holds && answers.iter().all(good) {
                    seen = self.show(&leaves, asked);
                }
                answers.push(answer);
            }
        }
        if answers.is_empty() {
            return None;
        }
        let answer = if self.any { any(answers.into_iter()) } else { all(answers.into_iter()) };
        let answer = self.accepted(answer);
        Some(Judged { rule: self, resource, verdict: answer.verdict, seen, why: answer.why })
    }

    /// How much of the path its conditions share: they then look at the same one of repeated blocks.
    fn scope(&self) -> usize {
        let block = self.path.len().saturating_sub(1);
        let parent = |path: &[String]| path.split_last().map(|(_, parent)| parent.to_vec());
        let own = parent(&self.path);
        match &self.when {
            Some(when) if !when.all.is_empty() && when.all.iter().all(|one| parent(&one.path) == own) => {
                block
            }
            _ => 0,
        }
    }

    /// Whether the rule counts at a place.
    fn counts(&self, place: &Reached<'_>, split: usize, resource: &Resource) -> Answer {
        let Some(when) = &self.when else { return Answer::of(true) };
        when.holds(place, split, resource)
    }

    /// A verdict, limited by whether the rule counts; none where it does not.
    fn limited(&self, answer: Answer, counts: &Answer) -> Option<Answer> {
        let Some(when) = &self.when else { return Some(answer) };
        match (counts.verdict, answer.verdict) {
            (Verdict::Violated, _) => None,
            (_, Verdict::Holds) => Some(answer),
            (Verdict::Undecided, _) => Some(Answer::open(Why::Applies(when.text.clone()))),
            (Verdict::Holds, Verdict::Violated) if when.words => {
                Some(Answer::open(Why::Applies(when.text.clone())))
            }
            (Verdict::Holds, _) => Some(answer),
        }
    }

    /// A weaker value that stands for itself passes only with a recorded reason.
    fn accepted(&self, answer: Answer) -> Answer {
        let weaker = self.severity == super::rule::Severity::AcceptedWithReason && self.instead_of.is_none();
        if weaker && answer.verdict == Verdict::Holds { Answer::open(Why::Weaker) } else { answer }
    }

    /// What was seen. Of what is only asked whether it is set, the value is nobody's business: it may be a secret that the
    /// plan does not mark.
    fn show(&self, leaves: &[Leaf<'_>], asked: Asked<'_>) -> String {
        let decides = |leaf: &&Leaf<'_>| {
            self.test.is_of_all() || on_leaf(&self.test, **leaf, asked).verdict != Verdict::Holds
        };
        let shows = !matches!(self.op, Op::Present | Op::Absent | Op::Empty);
        match leaves.iter().find(decides).or(leaves.first()) {
            Some(Leaf::Known(node)) if shows => shown(*node),
            _ => String::new(),
        }
    }
}

fn good(answer: &Answer) -> bool {
    answer.verdict == Verdict::Holds
}

impl When {
    /// Whether its conditions hold at a place, of which the path has so many parts.
    pub(crate) fn holds(&self, place: &Reached<'_>, split: usize, resource: &Resource) -> Answer {
        all(self.all.iter().map(|condition| condition.holds(place, split, resource)))
    }
}

impl Condition {
    fn holds(&self, place: &Reached<'_>, split: usize, resource: &Resource) -> Answer {
        let rest = self.path.get(split..).unwrap_or_default();
        let leaves: Vec<Leaf<'_>> = match place {
            Reached::At(node) => reach(*node, rest).iter().map(Reached::leaf).collect(),
            Reached::Ended(leaf) => vec![*leaf],
        };
        on_leaves(&self.test, &leaves, Asked { unset: self.unset, any: false, path: &self.path, resource })
    }
}

/// What a question is asked of.
#[derive(Clone, Copy)]
struct Asked<'a> {
    unset: Unset,
    any: bool,
    path: &'a [String],
    resource: &'a Resource,
}

fn on_leaves(test: &Test, leaves: &[Leaf<'_>], asked: Asked<'_>) -> Answer {
    let leaves: Vec<Leaf<'_>> = leaves.iter().map(|leaf| settled(*leaf, asked)).collect();
    if test.is_of_all() && !leaves.iter().all(|leaf| matches!(leaf, Leaf::Unset | Leaf::Odd)) {
        return test.on_all(&leaves);
    }
    let each = leaves.iter().map(|leaf| on_leaf(test, *leaf, asked));
    if asked.any { any(each) } else { all(each) }
}

fn on_leaf(test: &Test, leaf: Leaf<'_>, asked: Asked<'_>) -> Answer {
    match (leaf, test) {
        (Leaf::Known(node), _) => test.on(node),
        (Leaf::Odd, _) => Answer::open(Why::OtherKind),
        // That it is set is known, though not to what.
        (Leaf::Sensitive, Test::Present) => Answer { verdict: Verdict::Holds, why: Why::Hidden },
        (Leaf::Sensitive, Test::Absent) => Answer { verdict: Verdict::Violated, why: Why::Hidden },
        (Leaf::Sensitive, _) => Answer::open(Why::Hidden),
        (Leaf::Unknown, Test::Present) => match source(asked) {
            Some(address) => Answer { verdict: Verdict::Holds, why: Why::SetFrom(address.to_owned()) },
            None => Answer::open(Why::AfterApply),
        },
        (Leaf::Unknown, _) => Answer::open(Why::AfterApply),
        (Leaf::Unset, Test::Absent) => Answer { verdict: Verdict::Holds, why: Why::NotSet },
        (Leaf::Unset, _) => match asked.unset {
            Unset::Safe => Answer { verdict: Verdict::Holds, why: Why::NotSet },
            Unset::Unsafe => Answer { verdict: Verdict::Violated, why: Why::NotSet },
            Unset::Depends => Answer::open(Why::NotSetDepends),
        },
    }
}

/// The resource from which an attribute is set.
fn source(asked: Asked<'_>) -> Option<&str> {
    let whole = asked.path.join(".");
    let names = [Some(whole.as_str()), asked.path.first().map(String::as_str)];
    let named = names.into_iter().flatten().filter_map(|name| asked.resource.references.get(name));
    named.flatten().next().map(String::as_str)
}

/// An attribute that is unknown, although the configuration does not give it, is not set: the provider fills it in. Only
/// blocks may come from a `dynamic` block, which the configuration of a plan does not list: of them it stays unknown
/// whether they are set, wherever not being set would be good.
fn settled<'a>(leaf: Leaf<'a>, asked: Asked<'_>) -> Leaf<'a> {
    let may_be_dynamic = asked.path.len() > 1 && asked.unset == Unset::Safe;
    match (leaf, &asked.resource.configured) {
        (Leaf::Unknown, Some(given)) if !may_be_dynamic && !is_given(given, asked.path) => Leaf::Unset,
        _ => leaf,
    }
}

/// Whether the configuration gives a path, something in it, or something that it lies in.
fn is_given(given: &[String], path: &[String]) -> bool {
    given.iter().any(|one| one.split('.').zip(path).all(|(left, right)| left == right))
}
