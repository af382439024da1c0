//! What is compared of a patient, read from a `Patient` and from its `Coverage`s, in the forms in which it is compared.

use super::letters;
use crate::json::Node;
use crate::readable::{Writing, whole_name};
use std::collections::BTreeSet;

/// The identifier of an insured person as the national services write it: insurer, symbol, number and branch number,
/// with colons between them (JP-CLINS).
const MEMBER: &str = "http://jpfhir.jp/fhir/clins/Idsystem/JP_Insurance_memberID";
/// Where JP Core writes the same in a Coverage.
const JP_COVERAGE: &str =
    "http://jpfhir.jp/fhir/core/Extension/StructureDefinition/JP_Coverage_InsuredPerson";

/// What tells one patient from another. `Debug` shows nothing of it.
#[derive(Clone, Default, PartialEq, Eq)]
pub struct Features {
    pub(super) names: Vec<Name>,
    /// As FHIR writes it.
    pub(super) birth: Option<String>,
    /// Male or not; none for what is neither or not known.
    pub(super) male: Option<bool>,
    pub(super) insured: BTreeSet<Insured>,
    pub(super) numbers: BTreeSet<Numbered>,
    pub(super) phones: BTreeSet<String>,
    pub(super) addresses: Vec<Address>,
}

/// One name in one writing.
#[derive(Clone, PartialEq, Eq)]
pub(super) struct Name {
    pub(super) writing: Writing,
    pub(super) whole: String,
    /// Family name and given names, where they are known apart.
    pub(super) parts: Option<(String, String)>,
}

/// One insurance card.
#[derive(Clone, PartialEq, Eq, PartialOrd, Ord)]
pub(super) struct Insured {
    /// Symbol and number. The insurer's number is left out: it is not always written with them.
    pub(super) card: String,
    pub(super) insurer: Option<String>,
    pub(super) branch: Option<String>,
}

/// A number that a facility gave.
#[derive(Clone, PartialEq, Eq, PartialOrd, Ord)]
pub(super) struct Numbered {
    pub(super) system: String,
    pub(super) value: String,
}

#[derive(Clone, PartialEq, Eq)]
pub(super) struct Address {
    pub(super) postal_code: Option<String>,
    pub(super) text: Option<String>,
}

impl std::fmt::Debug for Features {
    fn fmt(&self, f: &mut std::fmt::Formatter<'_>) -> std::fmt::Result {
        f.write_str("Features")
    }
}

impl Features {
    /// What a `Patient` says.
    pub fn of(patient: &Node) -> Self {
        let mut found = Self {
            names: items(patient, "name").iter().filter_map(Name::of).collect(),
            birth: text(patient, "birthDate").map(str::to_owned),
            male: match text(patient, "gender") {
                Some("male") => Some(true),
                Some("female") => Some(false),
                _ => None,
            },
            phones: items(patient, "telecom").iter().filter_map(phone).collect(),
            addresses: items(patient, "address").iter().filter_map(Address::of).collect(),
            ..Self::default()
        };
        for identifier in items(patient, "identifier") {
            found.insured.extend(Insured::of_identifier(identifier));
            found.numbers.extend(Numbered::of(identifier));
        }
        found
    }

    /// Adds what a `Coverage` of the patient says.
    pub fn add_coverage(&mut self, coverage: &Node) {
        self.insured.extend(insured_of_coverage(coverage));
    }

    /// Whether nothing is known by which a patient could be found.
    pub fn is_empty(&self) -> bool {
        self.keys().is_empty()
    }

    /// Whether an insurance card is known.
    pub fn is_insured(&self) -> bool {
        !self.insured.is_empty()
    }
}

/// The insurance cards that a `Coverage` tells of.
pub(super) fn insured_of_coverage(coverage: &Node) -> Vec<Insured> {
    let mut found: Vec<Insured> =
        items(coverage, "identifier").iter().filter_map(Insured::of_identifier).collect();
    let own = |part: &str| {
        let wanted = |one: &&Node| {
            text(one, "url").and_then(|url| url.strip_prefix(JP_COVERAGE)).is_some_and(|rest| rest == part)
        };
        items(coverage, "extension").iter().find(wanted).and_then(|one| text(one, "valueString"))
    };
    if let Some(number) = own("Number") {
        found.extend(Insured::new(None, own("Symbol").unwrap_or_default(), number, own("SubNumber")));
    }
    found
}

impl Insured {
    fn new(insurer: Option<&str>, symbol: &str, number: &str, branch: Option<&str>) -> Option<Self> {
        let (symbol, number) = (letters::number(symbol), letters::number(number));
        let some = |text: String| (!text.is_empty()).then_some(text);
        let branch = branch.map(letters::number).and_then(some);
        (!number.is_empty()).then(|| Self {
            card: format!("{symbol}:{number}"),
            insurer: insurer.map(letters::number).and_then(some),
            branch: branch.map(|branch| branch.trim_start_matches('0').to_owned()),
        })
    }

    fn of_identifier(identifier: &Node) -> Option<Self> {
        if text(identifier, "system") != Some(MEMBER) {
            return None;
        }
        let parts: Vec<&str> = text(identifier, "value")?.split(':').collect();
        match *parts.as_slice() {
            [insurer, symbol, number] => Self::new(Some(insurer), symbol, number, None),
            [insurer, symbol, number, branch] => Self::new(Some(insurer), symbol, number, Some(branch)),
            _ => None,
        }
    }
}

impl Numbered {
    /// Of identifiers that say of themselves that they are numbers of patients (HL7 v2-0203 `MR`, `PI`).
    fn of(identifier: &Node) -> Option<Self> {
        let codings = identifier.get("type").map(|kind| items(kind, "coding")).unwrap_or_default();
        let of_patient = |coding: &Node| matches!(text(coding, "code"), Some("MR" | "PI"));
        if !codings.iter().any(of_patient) {
            return None;
        }
        // Some systems fill up with noughts what others do not.
        let value = letters::number(text(identifier, "value")?).trim_start_matches('0').to_owned();
        let system = text(identifier, "system").unwrap_or_default().to_owned();
        (!value.is_empty()).then_some(Self { system, value })
    }
}

impl Name {
    fn of(node: &Node) -> Option<Self> {
        let writing = Writing::of(node);
        let fold = |text: &str| match writing {
            Writing::Alphabetic => letters::roman(text),
            Writing::Ideographic | Writing::Syllabic => letters::name(text),
        };
        let given: Vec<&str> = items(node, "given").iter().filter_map(Node::as_str).collect();
        let (family, given) = match text(node, "family") {
            Some(family) if !given.is_empty() => (family.to_owned(), given.join(" ")),
            _ => {
                let whole = whole_name(node)?;
                let parts =
                    whole.split_once(char::is_whitespace).map(|(family, given)| (fold(family), fold(given)));
                let parts = parts.filter(|(family, given)| !family.is_empty() && !given.is_empty());
                return Self::new(writing, fold(&whole), parts);
            }
        };
        let whole = fold(&format!("{family} {given}"));
        Self::new(writing, whole, Some((fold(&family), fold(&given))))
    }

    fn new(writing: Writing, whole: String, parts: Option<(String, String)>) -> Option<Self> {
        (!whole.is_empty()).then_some(Self { writing, whole, parts })
    }
}

impl Address {
    fn of(node: &Node) -> Option<Self> {
        let parts = ["state", "city", "district"].into_iter().filter_map(|part| text(node, part));
        let lines = items(node, "line").iter().filter_map(Node::as_str);
        let whole = text(node, "text").map_or_else(|| parts.chain(lines).collect(), str::to_owned);
        let whole = letters::address(&whole);
        let found = Self {
            postal_code: text(node, "postalCode").and_then(letters::postal_code),
            text: (!whole.is_empty()).then_some(whole),
        };
        (found.postal_code.is_some() || found.text.is_some()).then_some(found)
    }
}

fn phone(telecom: &Node) -> Option<String> {
    let is_phone = matches!(text(telecom, "system"), Some("phone" | "sms"));
    text(telecom, "value").filter(|_| is_phone).and_then(letters::phone)
}

fn text<'n>(of: &'n Node, name: &str) -> Option<&'n str> {
    of.get(name).and_then(Node::as_str)
}

fn items<'n>(of: &'n Node, name: &str) -> &'n [Node] {
    of.get(name).and_then(Node::as_array).unwrap_or_default()
}
