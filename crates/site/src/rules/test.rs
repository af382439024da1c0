//! The questions of the rules: read from data once, answered in three values.

use super::document::{Question, answer};
use super::element::{Element, elements, number, same, scalar, seconds};
use super::judge::{Answer, Verdict, Why};
use super::place::{Leaf, Node};
use super::rule::Op;
use ipnet::IpNet;
use regex::{Regex, RegexBuilder};
use serde_json::Value;

/// The longest text in which a regular expression looks.
const MATCHED_BYTES_MAX: usize = 64 * 1024;
/// How large a compiled regular expression may become, in bytes.
const EXPRESSION_BYTES_MAX: usize = 256 * 1024;

/// A question on the value of an attribute.
#[derive(Clone, Debug)]
pub(crate) enum Test {
    /// Of every element: it is one of these, or with `false`, none of these.
    Each(Vec<Value>, bool),
    /// Of every element: a number not below, or with `false`, not above.
    Number(f64, bool),
    /// Of every element: a duration in seconds not below, or with `false`, not above.
    Duration(f64, bool),
    /// Of every element: zero, or at least.
    ZeroOr(f64),
    /// Of every element: the expression finds something.
    Matches(Regex),
    /// Of the list: all of these are elements.
    Superset(Vec<Value>),
    /// Of the list: one of these is an element.
    One(Vec<Value>),
    /// Of all lists together: one of these is an element.
    OneOfAll(Vec<Value>),
    /// Of all lists together: all of these are elements.
    SupersetOfAll(Vec<Value>),
    /// Of all lists together: at least so many elements.
    Count(u64),
    /// It is set.
    Present,
    /// It is not set, or has no elements.
    Absent,
    /// The ranges of addresses together reach none of these whole.
    NoRange(Vec<IpNet>),
    /// A block with these attributes is in the list.
    Pair(Vec<(String, Value)>),
    /// Of a document.
    Document(Question),
}

impl Test {
    /// The question of a rule; what is wrong where its value does not fit.
    pub(crate) fn new(op: Op, value: Option<&Value>) -> Result<Self, String> {
        let one = || value.filter(|value| scalar(value).is_some()).ok_or("the value is no single value");
        let amount = || value.and_then(Value::as_f64).ok_or("the value is no number");
        let time = || value.and_then(seconds).ok_or("the value is no duration such as 3600s");
        Ok(match op {
            Op::Eq => Self::Each(vec![one()?.clone()], true),
            Op::Ne | Op::NotContains => Self::Each(vec![one()?.clone()], false),
            Op::In | Op::Subset => Self::Each(list(value)?, true),
            Op::NotIn | Op::NotContainsAny => Self::Each(list(value)?, false),
            Op::Superset => Self::Superset(list(value)?),
            Op::Contains => Self::One(vec![one()?.clone()]),
            Op::ContainsAny => Self::One(list(value)?),
            Op::InAny => Self::OneOfAll(list(value)?),
            Op::SupersetOfBlocks => Self::SupersetOfAll(list(value)?),
            Op::Gte => Self::Number(amount()?, true),
            Op::Lte => Self::Number(amount()?, false),
            Op::MinCount => Self::Count(value.and_then(Value::as_u64).ok_or("the value is no count")?),
            Op::Present => none(value, Self::Present)?,
            Op::Absent | Op::Empty => none(value, Self::Absent)?,
            Op::NoCidr => Self::NoRange(ranges(value)?),
            Op::Matches => Self::Matches(expression(value)?),
            Op::DurationGte => Self::Duration(time()?, true),
            Op::DurationLte => Self::Duration(time()?, false),
            Op::InRangeOrZero => {
                let least = value.and_then(|value| value.get("min")).and_then(Value::as_f64);
                Self::ZeroOr(least.ok_or("the value has no number `min`")?)
            }
            Op::KvEq => Self::Pair(pair(value)?),
            Op::JsonNoWildcardAdmin => none(value, Self::Document(Question::NoWildcardAdmin))?,
            Op::JsonNoWildcardPrincipal => none(value, Self::Document(Question::NoWildcardPrincipal))?,
            Op::JsonDenyInsecureTransport => none(value, Self::Document(Question::DenyInsecureTransport))?,
            Op::JsonPathEq => Self::Document(json_path(value)?),
            Op::JsonRegionAllowList => Self::Document(Question::RegionAllowList(words(value)?)),
            Op::JsonContains => Self::Document(Question::Contains(words(value)?)),
        })
    }

    /// Whether it asks of all places together, not of each.
    pub(crate) fn is_of_all(&self) -> bool {
        matches!(self, Self::OneOfAll(_) | Self::SupersetOfAll(_) | Self::Count(_))
    }

    /// The answer on something that is set.
    pub(crate) fn on(&self, node: Node<'_>) -> Answer {
        match self {
            Self::Present => Answer::of(true),
            Self::Absent => Answer::of(false),
            Self::Superset(all) => superset(all, &elements(node)),
            Self::One(some) => one_of(some, &elements(node)),
            Self::NoRange(ranges) => no_range(ranges, &elements(node)),
            Self::Pair(pair) => any(elements(node).iter().map(|element| has_pair(pair, element))),
            Self::OneOfAll(_) | Self::SupersetOfAll(_) | Self::Count(_) => self.on_all(&[Leaf::Known(node)]),
            Self::Each(..)
            | Self::Number(..)
            | Self::Duration(..)
            | Self::ZeroOr(_)
            | Self::Matches(_)
            | Self::Document(_) => all(elements(node).iter().map(|element| self.on_element(element))),
        }
    }

    /// The answer on all places together, of which at least one is set, unknown or hidden.
    pub(crate) fn on_all(&self, leaves: &[Leaf<'_>]) -> Answer {
        let mut found = Vec::new();
        for leaf in leaves {
            match leaf {
                Leaf::Known(node) => found.extend(elements(*node)),
                Leaf::Unknown => found.push(Element::Unknown),
                Leaf::Sensitive => found.push(Element::Sensitive),
                Leaf::Unset | Leaf::Odd => {}
            }
        }
        match self {
            Self::OneOfAll(some) => one_of(some, &found),
            Self::SupersetOfAll(every) => superset(every, &found),
            Self::Count(least) => count(*least, leaves, found.len()),
            _ => Answer::open(Why::OtherKind),
        }
    }

    fn on_element(&self, element: &Element<'_>) -> Answer {
        let value = match element {
            Element::Known(_, value) => *value,
            Element::Unknown => return Answer::open(Why::AfterApply),
            Element::Sensitive => return Answer::open(Why::Hidden),
        };
        let known = match self {
            Self::Each(some, wanted) => among(some, value).map(|found| found == *wanted),
            Self::Number(limit, least) => number(value).map(|number| within(number, *limit, *least)),
            Self::ZeroOr(least) => {
                number(value).map(|number| number.abs() < f64::EPSILON || number >= *least)
            }
            Self::Duration(limit, least) => match seconds(value) {
                Some(seconds) => Some(within(seconds, *limit, *least)),
                None if value.is_string() => return Answer::open(Why::NotReadable),
                None => None,
            },
            Self::Matches(expression) => match value.as_str() {
                Some(text) if text.len() > MATCHED_BYTES_MAX => return Answer::open(Why::TooLong),
                text => text.map(|text| expression.is_match(text)),
            },
            Self::Document(question) => match value.as_str().map(|text| answer(question, text)) {
                Some(Err(why)) => return Answer::open(why),
                Some(Ok(holds)) => Some(holds),
                None => None,
            },
            _ => None,
        };
        known.map_or(Answer::open(Why::OtherKind), Answer::of)
    }
}

fn within(value: f64, limit: f64, least: bool) -> bool {
    if least { value >= limit } else { value <= limit }
}

/// Whether a value is one of these; none where it is a list or a block.
fn among(some: &[Value], value: &Value) -> Option<bool> {
    scalar(value)?;
    Some(some.iter().any(|one| same(one, value) == Some(true)))
}

/// All must hold: one that is violated decides, then one that is open.
pub(crate) fn all(answers: impl Iterator<Item = Answer>) -> Answer {
    weigh(answers, |answer| match answer.verdict {
        Verdict::Violated => 2,
        Verdict::Undecided => 1,
        Verdict::Holds => 0,
    })
    .unwrap_or(Answer::of(true))
}

/// One must hold: one that does decides, then one that is open.
pub(crate) fn any(answers: impl Iterator<Item = Answer>) -> Answer {
    weigh(answers, |answer| match answer.verdict {
        Verdict::Holds => 2,
        Verdict::Undecided => 1,
        Verdict::Violated => 0,
    })
    .unwrap_or(Answer::of(false))
}

/// The first of the heaviest.
fn weigh(answers: impl Iterator<Item = Answer>, weight: impl Fn(&Answer) -> u8) -> Option<Answer> {
    let mut heaviest: Option<Answer> = None;
    for answer in answers {
        if heaviest.as_ref().is_none_or(|one| weight(&answer) > weight(one)) {
            heaviest = Some(answer);
        }
    }
    heaviest
}

fn one_of(some: &[Value], found: &[Element<'_>]) -> Answer {
    any(found.iter().map(|element| match element {
        Element::Known(_, value) => among(some, value).map_or(Answer::open(Why::OtherKind), Answer::of),
        Element::Unknown => Answer::open(Why::AfterApply),
        Element::Sensitive => Answer::open(Why::Hidden),
    }))
}

fn superset(every: &[Value], found: &[Element<'_>]) -> Answer {
    all(every.iter().map(|wanted| one_of(std::slice::from_ref(wanted), found)))
}

/// Elements count also when their values are unknown; a list that is unknown or hidden whole may have any length.
fn count(least: u64, leaves: &[Leaf<'_>], found: usize) -> Answer {
    let whole = |leaf: &&Leaf<'_>| matches!(leaf, Leaf::Unknown | Leaf::Sensitive);
    let open = leaves.iter().filter(whole).count();
    let sure = u64::try_from(found.saturating_sub(open)).unwrap_or(u64::MAX);
    match (sure >= least, leaves.iter().find(whole)) {
        (true, _) => Answer::of(true),
        (false, None) => Answer::of(false),
        (false, Some(Leaf::Sensitive)) => Answer::open(Why::Hidden),
        (false, Some(_)) => Answer::open(Why::AfterApply),
    }
}

/// Whether the ranges, merged, hold one of the forbidden ones: two halves of everything are everything.
fn no_range(forbidden: &[IpNet], found: &[Element<'_>]) -> Answer {
    let mut ranges = Vec::new();
    let mut open = None;
    for element in found {
        match element {
            Element::Known(_, Value::String(text)) => match range(text) {
                Some(range) => ranges.push(range),
                None => open = Some(Why::NotReadable),
            },
            Element::Known(..) => open = Some(Why::OtherKind),
            Element::Unknown => open = Some(Why::AfterApply),
            Element::Sensitive => open = Some(Why::Hidden),
        }
    }
    let merged = IpNet::aggregate(&ranges);
    if forbidden.iter().any(|one| merged.iter().any(|range| range.contains(one))) {
        return Answer::of(false);
    }
    open.map_or(Answer::of(true), Answer::open)
}

fn range(text: &str) -> Option<IpNet> {
    let text = text.trim();
    text.parse().ok().or_else(|| text.parse::<std::net::IpAddr>().ok().map(IpNet::from))
}

fn has_pair(pair: &[(String, Value)], element: &Element<'_>) -> Answer {
    let Element::Known(node, _) = element else {
        return match element {
            Element::Sensitive => Answer::open(Why::Hidden),
            Element::Known(..) | Element::Unknown => Answer::open(Why::AfterApply),
        };
    };
    all(pair.iter().map(|(name, wanted)| {
        let place = super::place::reach(*node, std::slice::from_ref(name));
        match place.first().map(super::place::Reached::leaf) {
            Some(Leaf::Known(node)) => node
                .value
                .and_then(|value| same(value, wanted))
                .map_or(Answer::open(Why::OtherKind), Answer::of),
            Some(Leaf::Unknown) => Answer::open(Why::AfterApply),
            Some(Leaf::Sensitive) => Answer::open(Why::Hidden),
            Some(Leaf::Odd) => Answer::open(Why::OtherKind),
            Some(Leaf::Unset) | None => Answer::of(false),
        }
    }))
}

fn none(value: Option<&Value>, test: Test) -> Result<Test, String> {
    if value.is_some() { Err("the question takes no value".to_owned()) } else { Ok(test) }
}

fn list(value: Option<&Value>) -> Result<Vec<Value>, String> {
    let list = value.and_then(Value::as_array).filter(|list| !list.is_empty());
    let list = list.ok_or("the value is no list")?;
    if list.iter().all(|one| scalar(one).is_some()) {
        Ok(list.clone())
    } else {
        Err("the list holds more than single values".to_owned())
    }
}

fn words(value: Option<&Value>) -> Result<Vec<String>, String> {
    let word =
        |one: &Value| one.as_str().map(str::to_owned).ok_or("the list holds more than words".to_owned());
    list(value)?.iter().map(word).collect()
}

fn ranges(value: Option<&Value>) -> Result<Vec<IpNet>, String> {
    let parse = |text: String| range(&text).ok_or(format!("`{text}` is no range of addresses"));
    words(value)?.into_iter().map(parse).collect()
}

fn expression(value: Option<&Value>) -> Result<Regex, String> {
    let text = value.and_then(Value::as_str).ok_or("the value is no regular expression")?;
    let built = RegexBuilder::new(text).size_limit(EXPRESSION_BYTES_MAX).build();
    built.map_err(|error| format!("`{text}` is no regular expression: {error}"))
}

fn pair(value: Option<&Value>) -> Result<Vec<(String, Value)>, String> {
    let parts = value.and_then(Value::as_object).filter(|parts| !parts.is_empty());
    let parts = parts.ok_or("the value is no block")?;
    Ok(parts.iter().map(|(name, part)| (name.clone(), part.clone())).collect())
}

fn json_path(value: Option<&Value>) -> Result<Question, String> {
    let path = value.and_then(|value| value.get("path")).and_then(Value::as_str);
    let path =
        path.and_then(|path| path.strip_prefix("$.")).ok_or("the value has no `path` that begins with $.")?;
    let wanted = value.and_then(|value| value.get("value")).ok_or("the value has no `value`")?;
    Ok(Question::PathEq { path: path.split('.').map(str::to_owned).collect(), value: wanted.clone() })
}
