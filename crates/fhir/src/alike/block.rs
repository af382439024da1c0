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

/// The members of a type that its keys are made of.
pub(crate) fn needed(kind: ResourceKind) -> &'static [&'static str] {
    match kind.as_str() {
        "Patient" => &["name", "birthDate", "identifier", "telecom"],
        "Coverage" => &["identifier", "extension"],
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
        _ => Vec::new(),
    }
}
