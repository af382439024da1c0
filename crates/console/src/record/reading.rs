//! A result as it is read: value, unit, reference range, whether it lies outside, or why there is none.

use super::element::{code, list, quantity, said, text, unit};
use super::item::{Item, State};
use super::sheet::VITAL_SIGNS;
use crate::words::Words;
use fhir::Node;

/// Whether a value is what is expected.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(super) enum Flag {
    /// Above the range.
    High,
    /// Far above it.
    VeryHigh,
    /// Below the range.
    Low,
    /// Far below it.
    VeryLow,
    /// Not as expected, in no direction.
    Abnormal,
    /// Within the range, or said to be normal.
    Normal,
    /// Nothing says it.
    Unsaid,
}

impl Flag {
    /// The letters that stand beside the value.
    pub(super) fn letters(self) -> &'static str {
        match self {
            Self::High => "H",
            Self::VeryHigh => "HH",
            Self::Low => "L",
            Self::VeryLow => "LL",
            Self::Abnormal => "A",
            Self::Normal | Self::Unsaid => "",
        }
    }

    /// The key of what it means.
    pub(super) fn key(self) -> &'static str {
        match self {
            Self::High => "record-flag-high",
            Self::VeryHigh => "record-flag-very-high",
            Self::Low => "record-flag-low",
            Self::VeryLow => "record-flag-very-low",
            Self::Abnormal => "record-flag-abnormal",
            Self::Normal => "record-flag-normal",
            Self::Unsaid => "record-flag-unsaid",
        }
    }

    /// Its class in the style sheet.
    pub(super) fn class(self) -> &'static str {
        match self {
            Self::High | Self::VeryHigh => "high",
            Self::Low | Self::VeryLow => "low",
            Self::Abnormal => "odd",
            Self::Normal | Self::Unsaid => "",
        }
    }

    // HL7 v3 ObservationInterpretation.
    fn of(code: &str) -> Option<Self> {
        match code {
            "H" | "HU" | "HX" | ">" => Some(Self::High),
            "HH" => Some(Self::VeryHigh),
            "L" | "LU" | "LX" | "<" => Some(Self::Low),
            "LL" => Some(Self::VeryLow),
            "A" | "AA" => Some(Self::Abnormal),
            "N" => Some(Self::Normal),
            _ => None,
        }
    }
}

/// One value of an observation, or of one of its parts.
#[derive(Clone, Debug)]
pub(super) struct Reading {
    /// The id of the Observation.
    pub(super) id: String,
    /// What tells one test from another: code system and code, else the name; the unit.
    pub(super) test: String,
    /// What the test is called.
    pub(super) name: String,
    /// Which part of it this is (systolic, diastolic); none for the whole.
    pub(super) part: Option<String>,
    /// What tells one part from another; empty for the whole.
    pub(super) part_key: String,
    /// When, as FHIR writes it; empty where it is not known.
    pub(super) when: String,
    /// The value without its unit, or why there is none.
    pub(super) value: String,
    pub(super) number: Option<f64>,
    pub(super) unit: String,
    pub(super) low: Option<f64>,
    pub(super) high: Option<f64>,
    /// The reference range in words; empty where none is given.
    pub(super) range: String,
    pub(super) flag: Flag,
    pub(super) state: State,
}

/// The values of an observation: its own, and those of its parts. There is at least one, which says so where nothing is
/// known.
pub(super) fn readings(item: &Item, words: Words) -> Vec<Reading> {
    let name = item.node.get("code").and_then(said).unwrap_or_else(|| words.say("record-unnamed"));
    let parts = list(&item.node, "component");
    let own = value(&item.node, words);
    let mut found = Vec::new();
    if own.is_some() || parts.is_empty() {
        found.push(reading(item, &item.node, (&name, None), words));
    }
    for part in parts {
        let part_name = part.get("code").and_then(said).unwrap_or_else(|| words.say("record-unnamed"));
        found.push(reading(item, part, (&name, Some(part_name)), words));
    }
    found
}

fn reading(item: &Item, node: &Node, (name, part): (&str, Option<String>), words: Words) -> Reading {
    let unit = node.get("valueQuantity").and_then(unit).unwrap_or_default().to_owned();
    let plain = text(node, &["valueQuantity", "comparator"]).is_none();
    let number = number(node.get("valueQuantity")).or_else(|| value_number(node)).filter(|_| plain);
    let range = list(node, "referenceRange").iter().find(|range| is_normal(range));
    let bound = |member: &str| number_of(range.and_then(|range| range.get(member)));
    let (low, high) = (bound("low"), bound("high"));
    Reading {
        id: item.id.clone(),
        test: format!("{}|{unit}", identity(&item.node, name)),
        name: name.to_owned(),
        part_key: match &part {
            Some(part) => place(identity(node, part)),
            None => String::new(),
        },
        part,
        when: item.date().unwrap_or_default(),
        value: value(node, words).unwrap_or_else(|| missing(item, node, words)),
        number,
        unit,
        low,
        high,
        range: range.map(words_of).unwrap_or_default(),
        flag: flag(node, number, low, high),
        state: item.state,
    }
}

/// What a thing is, by its code: of vital signs that of FHIR's profile, whichever others stand beside it; else the first with
/// its system; else its name.
fn identity(node: &Node, name: &str) -> String {
    let codings = node.get("code").map(|concept| list(concept, "coding")).unwrap_or_default();
    let known = codings.iter().find_map(|one| text(one, &["code"]).filter(|code| VITAL_SIGNS.contains(code)));
    if let Some(code) = known {
        return code.to_owned();
    }
    let first = codings.first();
    let part = |member: &str| first.and_then(|coding| text(coding, &[member])).unwrap_or_default();
    if part("code").is_empty() { name.to_owned() } else { format!("{}|{}", part("system"), part("code")) }
}

/// The systolic pressure stands before the diastolic, as it is said.
fn place(part: String) -> String {
    if part == "8480-6" { "0".to_owned() } else { part }
}

/// Ranges of a meaning other than what is normal are for something else (treatment targets).
fn is_normal(range: &Node) -> bool {
    range.get("type").and_then(code).is_none_or(|meaning| matches!(meaning, "normal" | "recommended"))
}

fn words_of(range: &Node) -> String {
    if let Some(text) = text(range, &["text"]) {
        return text.to_owned();
    }
    let bound = |member: &str| range.get(member).and_then(|one| one.get("value")).and_then(Node::as_number);
    match (bound("low"), bound("high")) {
        (Some(low), Some(high)) => format!("{low}–{high}"),
        (Some(low), None) => format!("≥ {low}"),
        (None, Some(high)) => format!("≤ {high}"),
        (None, None) => String::new(),
    }
}

/// What the sender says; else what the numbers say.
fn flag(node: &Node, number: Option<f64>, low: Option<f64>, high: Option<f64>) -> Flag {
    let told = list(node, "interpretation").iter().flat_map(|concept| list(concept, "coding"));
    if let Some(flag) = told.filter_map(|coding| text(coding, &["code"])).find_map(Flag::of) {
        return flag;
    }
    match (number, low, high) {
        (Some(number), Some(low), _) if number < low => Flag::Low,
        (Some(number), _, Some(high)) if number > high => Flag::High,
        (Some(_), low, high) if low.is_some() || high.is_some() => Flag::Normal,
        _ => Flag::Unsaid,
    }
}

fn number(quantity: Option<&Node>) -> Option<f64> {
    number_of(quantity)
}

fn number_of(quantity: Option<&Node>) -> Option<f64> {
    finite(quantity?.get("value")?)
}

fn value_number(node: &Node) -> Option<f64> {
    finite(node.get("valueInteger")?)
}

fn finite(node: &Node) -> Option<f64> {
    node.as_number()?.parse().ok().filter(|number: &f64| number.is_finite())
}

/// The value in words, of whichever type; none where there is none.
fn value(node: &Node, words: Words) -> Option<String> {
    if let Some(found) = node.get("valueQuantity") {
        let number = found.get("value").and_then(Node::as_number)?;
        return Some(format!("{}{number}", text(found, &["comparator"]).unwrap_or_default()));
    }
    if let Some(concept) = node.get("valueCodeableConcept") {
        return said(concept);
    }
    if let Some(plain) = text(node, &["valueString"]) {
        return Some(plain.to_owned());
    }
    if let Some(moment) = ["valueDateTime", "valueTime"].into_iter().find_map(|name| text(node, &[name])) {
        return Some(super::element::shown(moment, words.0));
    }
    match node.get("valueBoolean") {
        Some(Node::Bool(true)) => return Some(words.say("record-yes")),
        Some(Node::Bool(false)) => return Some(words.say("record-no")),
        _ => {}
    }
    if let Some(number) = node.get("valueInteger").and_then(Node::as_number) {
        return Some(number.to_owned());
    }
    between(node, "valueRange", ["low", "high"], "–")
        .or_else(|| between(node, "valueRatio", ["numerator", "denominator"], " / "))
        .or_else(|| between(node, "valuePeriod", ["start", "end"], "–"))
        .or_else(|| node.get("valueSampledData").map(|_| words.say("record-sampled")))
}

fn between(node: &Node, member: &str, sides: [&str; 2], dash: &str) -> Option<String> {
    let found = node.get(member)?;
    let sides = sides.map(|side| {
        let side = found.get(side)?;
        quantity(side).or_else(|| side.as_str().map(str::to_owned))
    });
    let [from, to] = sides.map(Option::unwrap_or_default);
    (!from.is_empty() || !to.is_empty()).then(|| format!("{from}{dash}{to}"))
}

/// Why there is no value.
fn missing(item: &Item, node: &Node, words: Words) -> String {
    if text(&item.node, &["status"]) == Some("cancelled") {
        return words.say("record-cancelled");
    }
    let reason = node.get("dataAbsentReason").or_else(|| item.node.get("dataAbsentReason"));
    match reason {
        Some(reason) => {
            let known = code(reason).map(|code| format!("record-absent-{code}"));
            let text =
                known.filter(|key| words.knows(key)).map(|key| words.say(&key)).or_else(|| said(reason));
            words.with("record-no-value-because", "why", text.unwrap_or_default())
        }
        None => words.say("record-no-value"),
    }
}
