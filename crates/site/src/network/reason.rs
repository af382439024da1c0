//! Why something of a network is not known.

use base::Language;

/// The number of a reason within its network.
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord, Hash)]
pub struct ReasonId(pub(crate) u32);

impl ReasonId {
    pub(crate) fn at(self) -> usize {
        self.0 as usize
    }
}

/// What kind of thing is not known.
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord, Hash)]
pub enum Doubt {
    /// An attribute is known only after apply, or was left open in the site file.
    Attribute,
    /// An address is one of a range.
    Address,
    /// It is of a type, or uses a feature, that is not modelled.
    Feature,
    /// There were too many cases to look at all of them.
    TooMany,
}

/// Why something is not known.
#[derive(Clone, Debug, PartialEq, Eq, PartialOrd, Ord, Hash)]
pub struct Reason {
    /// What kind of thing.
    pub doubt: Doubt,
    /// Where: the address of a resource, or a line of the site file.
    pub place: String,
    /// Which attribute or feature; empty where the place says it all.
    pub attribute: String,
}

impl Reason {
    /// An attribute of a place is not known.
    pub fn attribute(place: impl Into<String>, attribute: impl Into<String>) -> Self {
        Self { doubt: Doubt::Attribute, place: place.into(), attribute: attribute.into() }
    }

    /// The address of a place is one of a range.
    pub fn address(place: impl Into<String>) -> Self {
        Self { doubt: Doubt::Address, place: place.into(), attribute: String::new() }
    }

    /// A place uses what is not modelled.
    pub fn feature(place: impl Into<String>, feature: impl Into<String>) -> Self {
        Self { doubt: Doubt::Feature, place: place.into(), attribute: feature.into() }
    }

    /// It as a sentence.
    pub fn text(&self, language: Language) -> String {
        let Self { place, attribute, .. } = self;
        match (self.doubt, language) {
            (Doubt::Attribute, Language::English) => format!("`{attribute}` of {place} is not known."),
            (Doubt::Attribute, Language::Japanese) => format!("{place} の `{attribute}` が分かりません。"),
            (Doubt::Address, Language::English) => {
                format!("Only the range is known in which the address of {place} lies.")
            }
            (Doubt::Address, Language::Japanese) => format!("{place} のアドレスは、範囲しか分かりません。"),
            (Doubt::Feature, Language::English) => {
                format!("{place} uses {attribute}, which is not modelled.")
            }
            (Doubt::Feature, Language::Japanese) => {
                format!("{place} は {attribute} を使っており、その動作は計算の対象外です。")
            }
            (Doubt::TooMany, Language::English) => {
                format!("At {place} there are too many cases to look at all of them.")
            }
            (Doubt::TooMany, Language::Japanese) => {
                format!("{place} では場合の数が多すぎ、すべては調べられません。")
            }
        }
    }
}
