//! Names of things: facilities, records, versions, places in the journal. A value of these types is well-formed.

use std::fmt;

/// The tenant: 1 to 40 of `a-z 0-9 -`, beginning and ending with a letter or digit. It stands in URLs and folder names.
#[derive(Clone, Debug, PartialEq, Eq, PartialOrd, Ord, Hash)]
pub struct FacilityId(Box<str>);

impl FacilityId {
    /// Reads an id; `None` when it breaks the form above.
    pub fn parse(text: &str) -> Option<Self> {
        let inner = |byte: u8| byte.is_ascii_lowercase() || byte.is_ascii_digit();
        let edges = text.bytes().next().is_some_and(inner) && text.bytes().last().is_some_and(inner);
        let well_formed = edges && text.len() <= 40 && text.bytes().all(|byte| inner(byte) || byte == b'-');
        well_formed.then(|| Self(text.into()))
    }

    /// The id as text.
    pub fn as_str(&self) -> &str {
        &self.0
    }
}

impl fmt::Display for FacilityId {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str(&self.0)
    }
}

/// A FHIR logical id: 1 to 64 of `A-Z a-z 0-9 - .` (FHIR R4, datatypes, `id`).
#[derive(Clone, Debug, PartialEq, Eq, PartialOrd, Ord, Hash)]
pub struct ResourceId(Box<str>);

impl ResourceId {
    /// Reads an id; `None` when it breaks the form above.
    pub fn parse(text: &str) -> Option<Self> {
        let allowed = |byte: u8| byte.is_ascii_alphanumeric() || byte == b'-' || byte == b'.';
        let well_formed = (1..=64).contains(&text.len()) && text.bytes().all(allowed);
        well_formed.then(|| Self(text.into()))
    }

    /// The id as text.
    pub fn as_str(&self) -> &str {
        &self.0
    }
}

impl fmt::Display for ResourceId {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str(&self.0)
    }
}

/// What names one record in its facility: resource type and id, written `Patient/42`.
#[derive(Clone, Debug, PartialEq, Eq, PartialOrd, Ord, Hash)]
pub struct RecordKey {
    /// The resource type, as FHIR writes it (`Patient`). Whether R4 has such a type is `fhir`'s to check.
    pub kind: Box<str>,
    /// The logical id within the type.
    pub id: ResourceId,
}

impl RecordKey {
    /// Joins type and id.
    pub fn new(kind: &str, id: ResourceId) -> Self {
        Self { kind: kind.into(), id }
    }

    /// Reads `Type/id`; the type must look like a resource type (an ASCII capital, then letters).
    pub fn parse(text: &str) -> Option<Self> {
        let (kind, id) = text.split_once('/')?;
        let type_like = kind.len() <= 64
            && kind.bytes().next().is_some_and(|byte| byte.is_ascii_uppercase())
            && kind.bytes().all(|byte| byte.is_ascii_alphabetic());
        type_like.then(|| ResourceId::parse(id)).flatten().map(|id| Self::new(kind, id))
    }
}

impl fmt::Display for RecordKey {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        write!(f, "{}/{}", self.kind, self.id)
    }
}

/// The version of a record, counted from 1. Its text is the FHIR `versionId`.
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord, Hash)]
pub struct VersionNumber(u64);

impl VersionNumber {
    /// The first version.
    pub const FIRST: Self = Self(1);

    /// Version `number`; `None` for 0 and for what SQLite's and JSON's signed 64 bits cannot hold.
    pub fn new(number: u64) -> Option<Self> {
        (number >= 1 && i64::try_from(number).is_ok()).then_some(Self(number))
    }

    /// Reads a decimal number without sign or leading zero.
    pub fn parse(text: &str) -> Option<Self> {
        let plain = text.bytes().all(|byte| byte.is_ascii_digit()) && !text.starts_with('0');
        plain.then(|| text.parse().ok()).flatten().and_then(Self::new)
    }

    /// The number.
    pub fn number(self) -> u64 {
        self.0
    }

    /// The version before this one; none before the first.
    pub fn previous(self) -> Option<Self> {
        Self::new(self.0.saturating_sub(1))
    }

    /// The version after this one.
    #[must_use]
    pub fn next(self) -> Self {
        Self(self.0.saturating_add(1))
    }
}

impl fmt::Display for VersionNumber {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        write!(f, "{}", self.0)
    }
}

/// The place of an entry in its journal, counted from 0: the leaf index of RFC 6962.
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord, Hash)]
pub struct Position(pub u64);

impl fmt::Display for Position {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        write!(f, "{}", self.0)
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_facility_id_is_fit_for_urls_and_folders() {
        for good in ["a", "sakura-clinic", "f2", "0"] {
            assert!(FacilityId::parse(good).is_some(), "{good}");
        }
        for bad in ["", "-a", "a-", "A", "a_b", "..", "a/b", "さくら", &"x".repeat(41)] {
            assert!(FacilityId::parse(bad).is_none(), "{bad}");
        }
    }

    #[test]
    fn a_record_key_comes_back_from_its_text() {
        assert_eq!(RecordKey::parse("Patient/42").unwrap().to_string(), "Patient/42");
        for bad in ["Patient", "Patient/", "/42", "patient/42", "Patient/a b", "Patient/4/2", "Patient1/2"] {
            assert!(RecordKey::parse(bad).is_none(), "{bad}");
        }
    }

    #[test]
    fn a_version_has_one_spelling() {
        assert_eq!(VersionNumber::parse("7").unwrap().next().number(), 8);
        for bad in ["", "0", "01", "+1", "-1", "1.0", "99999999999999999999"] {
            assert!(VersionNumber::parse(bad).is_none(), "{bad}");
        }
    }
}
