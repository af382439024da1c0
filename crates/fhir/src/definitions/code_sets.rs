//! The value sets R4 itself binds as required, as codes by system, read from `codes.table`.
//!
//! Four sets cannot be listed; for these the form of a code is checked ([`OPEN`]). Everything is read once and
//! never moves; a look-up is a binary search.

use std::sync::OnceLock;

/// The compiled-in table.
const TEXT: &str = include_str!("codes.table");
/// The only version of the table this reader knows.
const HEADER: &str = "akashi-fhir-codes 1";

/// A value set.
#[derive(Debug)]
pub(crate) struct CodeSet {
    /// Canonical address, without version.
    pub(crate) address: &'static str,
    content: Content,
}

#[derive(Debug)]
enum Content {
    /// Codes by their system.
    Listed(Vec<Group>),
    /// The codes cannot be listed.
    Open(&'static OpenSet),
}

/// The codes of one system, sorted.
#[derive(Debug)]
struct Group {
    system: &'static str,
    codes: Vec<&'static str>,
}

/// A set whose codes cannot be listed, and the form each of them has.
#[derive(Debug)]
pub(crate) struct OpenSet {
    address: &'static str,
    system: &'static str,
    form: fn(&str) -> bool,
    /// A code of the set, for messages.
    pub(crate) example: &'static str,
}

/// Why each of these is open stands beside it.
const OPEN: &[OpenSet] = &[
    // ISO 4217: the list is ISO's, changes several times in ten years, and is not in the package.
    OpenSet {
        address: "http://hl7.org/fhir/ValueSet/currencies",
        system: "urn:iso:std:iso:4217",
        form: is_currency,
        example: "JPY",
    },
    // BCP 13: IANA registers new media types every week, and parameters may follow.
    OpenSet {
        address: "http://hl7.org/fhir/ValueSet/mimetypes",
        system: "urn:ietf:bcp:13",
        form: is_media_type,
        example: "application/pdf",
    },
    // UCUM: a grammar, not a list.
    OpenSet {
        address: "http://hl7.org/fhir/ValueSet/ucum-units",
        system: "http://unitsofmeasure.org",
        form: is_unit,
        example: "mg/dL",
    },
    // A LOINC answer list: its content is under LOINC's licence and not in the package.
    OpenSet {
        address: "http://loinc.org/vs/LL379-9",
        system: "http://loinc.org",
        form: is_loinc_answer,
        example: "LA9658-1",
    },
];

impl CodeSet {
    /// True when the code is in the set. Without a system, any system of the set will do.
    pub(crate) fn allows(&self, system: Option<&str>, code: &str) -> bool {
        let is_asked = |known: &str| system.is_none_or(|system| system == known);
        match &self.content {
            Content::Listed(groups) => {
                groups.iter().any(|group| is_asked(group.system) && group.codes.binary_search(&code).is_ok())
            }
            Content::Open(set) => is_asked(set.system) && (set.form)(code),
        }
    }

    /// The system to which a code of the set belongs.
    pub(crate) fn system_of(&self, code: &str) -> Option<&'static str> {
        match &self.content {
            Content::Listed(groups) => {
                groups.iter().find(|group| group.codes.binary_search(&code).is_ok()).map(|group| group.system)
            }
            Content::Open(set) => (set.form)(code).then_some(set.system),
        }
    }

    /// The systems of the set.
    pub(crate) fn systems(&self) -> impl Iterator<Item = &'static str> {
        let (groups, open) = match &self.content {
            Content::Listed(groups) => (groups.as_slice(), None),
            Content::Open(set) => (&[][..], Some(set.system)),
        };
        groups.iter().map(|group| group.system).chain(open)
    }

    /// All codes; none of an open set.
    pub(crate) fn codes(&self) -> impl Iterator<Item = &'static str> {
        let groups = if let Content::Listed(groups) = &self.content { groups.as_slice() } else { &[] };
        groups.iter().flat_map(|group| group.codes.iter().copied())
    }

    /// The set, when its codes cannot be listed.
    pub(crate) fn open(&self) -> Option<&'static OpenSet> {
        if let Content::Open(set) = &self.content { Some(set) } else { None }
    }
}

/// True when `code` is in the value set, false when not; `None` when the set is not one that R4 binds as required.
///
/// `value_set` is its canonical address, with or without version. Without `system` any system of the set will do.
pub fn code_allowed(value_set: &str, system: Option<&str>, code: &str) -> Option<bool> {
    Some(find(value_set)?.allows(system, code))
}

/// The system to which `code` belongs, where an element of type `code` is bound to the value set as required.
pub fn implied_system(value_set: &str, code: &str) -> Option<&'static str> {
    find(value_set)?.system_of(code)
}

/// The set of this address, with or without version.
pub(crate) fn find(value_set: &str) -> Option<&'static CodeSet> {
    let address = value_set.split_once('|').map_or(value_set, |(address, _)| address);
    let sets = sets();
    let at = sets.binary_search_by(|set| set.address.cmp(address)).ok()?;
    sets.get(at)
}

/// All sets, sorted by address. The text is compiled in and a test reads it; if reading failed all the same, no set would
/// be known, and with it no definition that binds one.
fn sets() -> &'static [CodeSet] {
    static SETS: OnceLock<Vec<CodeSet>> = OnceLock::new();
    SETS.get_or_init(|| read(TEXT).unwrap_or_default())
}

fn read(text: &'static str) -> Result<Vec<CodeSet>, String> {
    let mut lines = text.lines();
    if lines.next() != Some(HEADER) || text.lines().last() != Some("end") {
        return Err("not a whole table of version 1".to_owned());
    }
    let mut sets: Vec<CodeSet> = Vec::new();
    for line in lines {
        match line.split_once(' ').unwrap_or((line, "")) {
            ("fhir" | "package" | "end", _) => {}
            ("set", address) => sets.push(CodeSet { address, content: Content::Listed(Vec::new()) }),
            ("open", address) => sets.push(open_set(address).ok_or(line)?),
            (system, codes) => {
                let Some(Content::Listed(groups)) = sets.last_mut().map(|set| &mut set.content) else {
                    return Err(line.to_owned());
                };
                let codes: Vec<&str> = codes.split(' ').collect();
                if !codes.is_sorted() {
                    return Err(line.to_owned());
                }
                groups.push(Group { system, codes });
            }
        }
    }
    if sets.is_sorted_by(|left, right| left.address < right.address) {
        Ok(sets)
    } else {
        Err("sets are not sorted".to_owned())
    }
}

fn open_set(address: &'static str) -> Option<CodeSet> {
    let set = OPEN.iter().find(|set| set.address == address)?;
    Some(CodeSet { address, content: Content::Open(set) })
}

/// Three capital letters.
fn is_currency(code: &str) -> bool {
    code.len() == 3 && code.bytes().all(|byte| byte.is_ascii_uppercase())
}

/// `type/subtype` with parameters behind it (RFC 6838, RFC 2045). R4 also writes its own formats as `xml`, `json` and
/// `ttl` under this set (CapabilityStatement.format, TestScript), and leaves parameters with blanks unquoted.
fn is_media_type(code: &str) -> bool {
    if matches!(code, "xml" | "json" | "ttl") {
        return true;
    }
    let (kind, parameters) = code.split_once(';').map_or((code, None), |(kind, rest)| (kind, Some(rest)));
    let is_kind = kind.trim_end().split_once('/').is_some_and(|(kind, sub)| is_token(kind) && is_token(sub));
    is_kind && parameters.is_none_or(|rest| rest.split(';').all(is_parameter))
}

/// `name=value` or `name="value"`.
fn is_parameter(text: &str) -> bool {
    let printable = |byte: u8| (b' '..=b'~').contains(&byte) && byte != b'"';
    text.trim().split_once('=').is_some_and(|(name, value)| {
        let inner = value.strip_prefix('"').and_then(|rest| rest.strip_suffix('"')).unwrap_or(value);
        is_token(name) && !inner.is_empty() && inner.bytes().all(printable)
    })
}

fn is_token(text: &str) -> bool {
    let allowed = |byte: u8| byte.is_ascii_graphic() && !br#"()<>@,;:\"/[]?="#.contains(&byte);
    !text.is_empty() && text.bytes().all(allowed)
}

/// Printable ASCII without blanks, as every UCUM unit is; a general reading of units is left to those who convert them.
fn is_unit(code: &str) -> bool {
    !code.is_empty() && code.bytes().all(|byte| byte.is_ascii_graphic())
}

/// `LA`, digits, a hyphen and a check digit.
fn is_loinc_answer(code: &str) -> bool {
    let digits = |text: &str| !text.is_empty() && text.bytes().all(|byte| byte.is_ascii_digit());
    code.strip_prefix("LA")
        .and_then(|rest| rest.split_once('-'))
        .is_some_and(|(number, check)| digits(number) && digits(check) && check.len() == 1)
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn the_compiled_in_table_can_be_read_and_every_open_set_has_its_form() {
        let sets = read(TEXT).unwrap();
        assert_eq!(sets.len(), 224);
        let open: Vec<&str> = sets.iter().filter(|set| set.open().is_some()).map(|set| set.address).collect();
        assert_eq!(open, OPEN.iter().map(|set| set.address).collect::<Vec<_>>());
        assert!(sets.iter().all(|set| set.open().is_some() || set.codes().next().is_some()));
    }

    #[test]
    fn a_line_that_is_wrong_is_refused() {
        for line in ["urn:s a", "open urn:unknown", "set urn:b\nset urn:a", "set urn:a\nurn:s b a"] {
            let text = format!("akashi-fhir-codes 1\n{line}\nend");
            assert!(read(text.leak()).is_err(), "{line}");
        }
        assert!(read("akashi-fhir-codes 1\nset urn:a").is_err(), "cut short");
        assert!(read("akashi-fhir-codes 2\nend").is_err());
    }

    #[test]
    fn a_code_is_looked_up_by_set_and_system() {
        let gender = "http://hl7.org/fhir/ValueSet/administrative-gender";
        let system = "http://hl7.org/fhir/administrative-gender";
        assert_eq!(code_allowed(gender, None, "female"), Some(true));
        assert_eq!(code_allowed(&format!("{gender}|4.0.1"), Some(system), "female"), Some(true));
        assert_eq!(code_allowed(gender, Some("urn:other"), "female"), Some(false));
        assert_eq!(code_allowed(gender, None, "Female"), Some(false));
        assert_eq!(code_allowed("urn:unknown", None, "female"), None);
        assert_eq!(implied_system(gender, "female"), Some(system));
        assert_eq!(implied_system(gender, "Female"), None);
    }

    #[test]
    fn nested_sets_are_expanded_and_grouping_codes_left_out() {
        let types = "http://hl7.org/fhir/ValueSet/all-types";
        for (code, system) in [
            ("Patient", "http://hl7.org/fhir/resource-types"),
            ("HumanName", "http://hl7.org/fhir/data-types"),
            ("Any", "http://hl7.org/fhir/abstract-types"),
        ] {
            assert_eq!(implied_system(types, code), Some(system), "{code}");
        }
        let items = "http://hl7.org/fhir/ValueSet/item-type";
        assert_eq!(code_allowed(items, None, "question"), Some(false));
        assert_eq!(code_allowed(items, None, "choice"), Some(true), "it stands below `question`");
    }

    /// What a search for a bare code means follows from the binding alone.
    #[test]
    fn no_code_of_a_set_belongs_to_two_systems() {
        for set in sets() {
            let mut codes: Vec<&str> = set.codes().collect();
            codes.sort_unstable();
            assert!(codes.is_sorted_by(|left, right| left < right), "{}", set.address);
        }
    }

    #[test]
    fn open_sets_know_the_form_of_their_codes() {
        type Form = fn(&str) -> bool;
        let cases: [(Form, &[&str], &[&str]); 4] = [
            (is_currency, &["JPY", "USD"], &["jpy", "YEN2", "", "円"]),
            (
                is_media_type,
                &[
                    "text/plain",
                    "application/fhir+json; charset=utf-8",
                    "text/plain;a=\"b c\";d=e",
                    "a/b; c=d/e f",
                    "json",
                ],
                &[
                    "pdf",
                    "text/plain;a=\"b",
                    "text/",
                    "/plain",
                    "text/plain;",
                    "text/plain; x",
                    "a b/c",
                    "text/plain/x",
                    "文/x",
                ],
            ),
            (is_unit, &["mg/dL", "1", "%", "10*3/uL", "{score}"], &["", "mg dL", "µg"]),
            (is_loinc_answer, &["LA9658-1"], &["9658-1", "LA9658", "LA-1", "LA9658-12", "LAx-1"]),
        ];
        for (form, good, bad) in cases {
            assert!(good.iter().all(|code| form(code)), "{good:?}");
            assert!(!bad.iter().any(|code| form(code)), "{bad:?}");
        }
        assert!(OPEN.iter().all(|set| (set.form)(set.example)));
    }
}
