//! The keys under which patients are looked for that may be one person: rows of the index, so that a comparison reads those
//! who share one and never all.
//!
//! A pair that shares no key is not found: of one person a name in one writing, the birth date, the insurance card, the
//! patient number or a telephone must be the same.

use super::read::{Features, insured_of_coverage};
use crate::definitions::ResourceKind;
use crate::json::Node;
use crate::readable::Writing;

/// Longest key, in bytes.
const KEY_BYTES_MAX: usize = 512;

impl Features {
    /// The keys, sorted, each once: a letter for the field, then the value.
    pub fn keys(&self) -> Vec<Vec<u8>> {
        let mut keys: Vec<String> = Vec::new();
        for name in &self.names {
            let letter = match name.writing {
                Writing::Ideographic => 'n',
                Writing::Syllabic => 'k',
                Writing::Alphabetic => 'r',
            };
            keys.push(format!("{letter}{}", name.whole));
        }
        keys.extend(self.birth.iter().filter(|birth| birth.len() == 10).map(|birth| format!("b{birth}")));
        keys.extend(self.insured.iter().map(|insured| format!("i{}", insured.card)));
        keys.extend(self.numbers.iter().map(|number| format!("m{}", number.value)));
        keys.extend(self.phones.iter().map(|phone| format!("p{phone}")));
        keys.retain(|key| key.len() <= KEY_BYTES_MAX);
        keys.sort_unstable();
        keys.dedup();
        keys.into_iter().map(String::into_bytes).collect()
    }

    /// The keys under which a patient's insurance is found.
    pub fn insurance_keys(&self) -> Vec<Vec<u8>> {
        self.insured.iter().map(|insured| format!("i{}", insured.card).into_bytes()).collect()
    }
}

/// The key of a decision that two patients are two people, as it stands in the `Provenance` that tells of it.
pub fn apart(one: &str, other: &str) -> Vec<u8> {
    let (first, second) = if one <= other { (one, other) } else { (other, one) };
    format!("x{first}|{second}").into_bytes()
}

/// Names of decisions on two patients, and the one that they are two.
const PATIENT_ACT: &str = "urn:akashi:patient-act";
const DISTINCT: &str = "distinct";

/// The two patients of whom a `Provenance` says that they are two people.
fn said_apart(provenance: &Node) -> Option<Vec<u8>> {
    let items =
        |node: &'_ Node, name: &str| node.get(name).and_then(Node::as_array).unwrap_or_default().to_vec();
    let text = |node: &Node, name: &str| node.get(name).and_then(Node::as_str).map(str::to_owned);
    let is_decision = |coding: &Node| {
        text(coding, "system").as_deref() == Some(PATIENT_ACT)
            && text(coding, "code").as_deref() == Some(DISTINCT)
    };
    if !items(provenance.get("activity")?, "coding").iter().any(is_decision) {
        return None;
    }
    let id = |target: &Node| -> Option<String> {
        let rest = text(target, "reference")?.strip_prefix("Patient/")?.to_owned();
        Some(rest.split_once("/_history/").map_or(rest.clone(), |(id, _)| id.to_owned()))
    };
    let ids: Vec<String> = items(provenance, "target").iter().filter_map(id).collect();
    match ids.as_slice() {
        [one, other] => Some(apart(one, other)),
        _ => None,
    }
}

/// The members of a type that its keys are made of.
pub(crate) fn needed(kind: ResourceKind) -> &'static [&'static str] {
    match kind.as_str() {
        "Patient" => &["name", "birthDate", "identifier", "telecom"],
        "Coverage" => &["identifier", "extension"],
        "Provenance" => &["activity", "target"],
        _ => &[],
    }
}

/// The keys of a resource.
pub(crate) fn blocks(kind: ResourceKind, resource: &Node) -> Vec<Vec<u8>> {
    match kind.as_str() {
        "Patient" => Features::of(resource).keys(),
        "Coverage" => {
            let cards = insured_of_coverage(resource).into_iter();
            cards.map(|insured| format!("i{}", insured.card).into_bytes()).collect()
        }
        "Provenance" => said_apart(resource).into_iter().collect(),
        _ => Vec::new(),
    }
}
