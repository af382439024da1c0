//! The invariants of R4, read from `rules.table`, with our words for each from `rules_text.table`.
//!
//! A rule stands at types (it holds for every value of the type) or at elements (it holds for every value there). The
//! few expressions that R4 4.0.1 published with a fault are replaced by what was meant ([`CORRECTIONS`]).

use std::collections::BTreeMap;
use std::sync::OnceLock;

/// The compiled-in tables.
const TEXT: &str = include_str!("rules.table");
const WORDS: &str = include_str!("rules_text.table");
/// The only versions of the tables this reader knows.
const HEADER: &str = "akashi-fhir-rules 1";
const WORDS_HEADER: &str = "akashi-fhir-rules-text 1";

/// An invariant.
#[derive(Debug, PartialEq, Eq)]
pub(crate) struct Rule {
    /// Position among all rules.
    pub(crate) number: usize,
    /// Key in the specification. A few keys stand for several rules, at different places.
    pub(crate) key: &'static str,
    pub(crate) severity: Severity,
    /// Types and elements where it holds.
    places: Vec<&'static str>,
    /// FHIRPath, corrected where it was published with a fault.
    pub(crate) expression: &'static str,
    /// What must be the case, in our words.
    pub(crate) words: Words,
}

/// What follows from breaking a rule.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(crate) enum Severity {
    /// The resource is not valid.
    Error,
    /// It is valid, but not as good as it could be.
    Warning,
}

impl Rule {
    /// Where the specification defines it, if at one place only.
    pub(crate) fn place(&self) -> Option<&'static str> {
        if let [only] = self.places.as_slice() { Some(only) } else { None }
    }
}

/// A sentence in both languages.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(crate) struct Words {
    pub(crate) en: &'static str,
    pub(crate) ja: &'static str,
}

/// A rule published with a fault: key, the expression as published, the expression as meant.
type Correction = (&'static str, &'static str, &'static str);

/// Why each of these is wrong stands above it.
const CORRECTIONS: &[Correction] = &[
    // The code of the status is `noshow`.
    (
        "app-4",
        "Appointment.cancelationReason.exists() implies (Appointment.status='no-show' or Appointment.status='cancelled')",
        "Appointment.cancelationReason.exists() implies (Appointment.status='noshow' or Appointment.status='cancelled')",
    ),
    // `something` was left standing for the code system of scopes.
    (
        "ppc-2",
        "patient.exists() or scope.coding.where(system='something' and code='patient-privacy').exists().not()",
        "patient.exists() or scope.coding.where(system='http://terminology.hl7.org/CodeSystem/consentscope' and code='patient-privacy').exists().not()",
    ),
    // The same.
    (
        "ppc-3",
        "patient.exists() or scope.coding.where(system='something' and code='research').exists().not()",
        "patient.exists() or scope.coding.where(system='http://terminology.hl7.org/CodeSystem/consentscope' and code='research').exists().not()",
    ),
    // The same.
    (
        "ppc-4",
        "patient.exists() or scope.coding.where(system='something' and code='adr').exists().not()",
        "patient.exists() or scope.coding.where(system='http://terminology.hl7.org/CodeSystem/consentscope' and code='adr').exists().not()",
    ),
    // The same.
    (
        "ppc-5",
        "patient.exists() or scope.coding.where(system='something' and code='treatment').exists().not()",
        "patient.exists() or scope.coding.where(system='http://terminology.hl7.org/CodeSystem/consentscope' and code='treatment').exists().not()",
    ),
    // A category is a CodeableConcept and never equals a string, so a problem list item was never recognised.
    (
        "con-3",
        "clinicalStatus.exists() or verificationStatus.coding.where(system='http://terminology.hl7.org/CodeSystem/condition-ver-status' and code = 'entered-in-error').exists() or category.select($this='problem-list-item').empty()",
        "clinicalStatus.exists() or verificationStatus.coding.where(system='http://terminology.hl7.org/CodeSystem/condition-ver-status' and code = 'entered-in-error').exists() or category.coding.where(system='http://terminology.hl7.org/CodeSystem/condition-category' and code='problem-list-item').empty()",
    ),
    // “More than one condition” was written as “more than two”.
    (
        "que-12",
        "enableWhen.count() > 2 implies enableBehavior.exists()",
        "enableWhen.count() > 1 implies enableBehavior.exists()",
    ),
    // The answer is FHIR's boolean; `Boolean` is the type of FHIRPath itself.
    (
        "que-7",
        "operator = 'exists' implies (answer is Boolean)",
        "operator = 'exists' implies (answer is boolean)",
    ),
];

/// The names of definitions: any part of the text may match, while the whole name is meant.
const NAME_PUBLISHED: &str = "name.matches('[A-Z]([A-Za-z0-9_]){0,254}')";
const NAME_MEANT: &str = "name.matches('^[A-Z]([A-Za-z0-9_]){0,254}$')";

/// All rules, in the order of the table. The texts are compiled in and a test reads them; if reading failed all the same,
/// no definition could be read either, and every resource would be refused.
pub(crate) fn rules() -> &'static [Rule] {
    static RULES: OnceLock<Vec<Rule>> = OnceLock::new();
    RULES.get_or_init(|| read(TEXT, WORDS).unwrap_or_default())
}

/// The rules of a place: a type, or an element of one (`Narrative.div`).
pub(super) fn at(place: &str) -> Vec<&'static Rule> {
    static PLACES: OnceLock<BTreeMap<&'static str, Vec<&'static Rule>>> = OnceLock::new();
    let places = PLACES.get_or_init(|| {
        let mut places: BTreeMap<&str, Vec<&Rule>> = BTreeMap::new();
        for rule in rules() {
            for place in &rule.places {
                places.entry(place).or_default().push(rule);
            }
        }
        places
    });
    places.get(place).cloned().unwrap_or_default()
}

fn read(text: &'static str, words: &'static str) -> Result<Vec<Rule>, String> {
    let mut all_words = read_words(words)?;
    let mut rules = Vec::new();
    for line in lines(text, HEADER)? {
        match line.split_once(' ').unwrap_or((line, "")) {
            ("fhir" | "package" | "end", _) => {}
            ("error", rest) => rules.push(rule(rules.len(), Severity::Error, rest, &mut all_words)?),
            ("warning", rest) => rules.push(rule(rules.len(), Severity::Warning, rest, &mut all_words)?),
            _ => return Err(line.to_owned()),
        }
    }
    match all_words.keys().next() {
        None => Ok(rules),
        Some((key, place)) => Err(format!("words without a rule: {key} {place}")),
    }
}

/// The lines of a table behind its first.
fn lines(text: &'static str, header: &str) -> Result<impl Iterator<Item = &'static str>, String> {
    let mut lines = text.lines();
    if lines.next() != Some(header) || text.lines().last() != Some("end") {
        return Err(format!("not a whole table: {header}"));
    }
    Ok(lines)
}

/// Words by key and first place of their rule.
type AllWords = BTreeMap<(&'static str, &'static str), Words>;

/// Reads `rule <key> <place>` lines, with an `en` and a `ja` line behind one or several of them.
fn read_words(text: &'static str) -> Result<AllWords, String> {
    let mut all = AllWords::new();
    let mut waiting = Vec::new();
    let mut english = "";
    for line in lines(text, WORDS_HEADER)? {
        match line.split_once(' ').unwrap_or((line, "")) {
            ("rule", name) if english.is_empty() => waiting.push(name.split_once(' ').ok_or(line)?),
            ("en", en) if english.is_empty() => english = en,
            ("ja", ja) if !english.is_empty() && !ja.is_empty() && !waiting.is_empty() => {
                let words = Words { en: std::mem::take(&mut english), ja };
                for name in waiting.drain(..) {
                    if all.insert(name, words).is_some() {
                        return Err(line.to_owned());
                    }
                }
            }
            ("end", "") if waiting.is_empty() && english.is_empty() => {}
            _ => return Err(line.to_owned()),
        }
    }
    Ok(all)
}

fn rule(number: usize, severity: Severity, text: &'static str, words: &mut AllWords) -> Result<Rule, String> {
    let mut parts = text.splitn(3, ' ');
    let (Some(key), Some(places), Some(expression)) = (parts.next(), parts.next(), parts.next()) else {
        return Err(text.to_owned());
    };
    let places: Vec<&str> = places.split(',').collect();
    let first = places.first().copied().unwrap_or_default();
    let words = words.remove(&(key, first)).ok_or_else(|| format!("no words for {key} {first}"))?;
    Ok(Rule { number, key, severity, places, expression: corrected(key, expression), words })
}

fn corrected(key: &str, expression: &'static str) -> &'static str {
    if expression == NAME_PUBLISHED {
        return NAME_MEANT;
    }
    let correction =
        CORRECTIONS.iter().find(|(wrong, published, _)| *wrong == key && *published == expression);
    correction.map_or(expression, |(.., meant)| meant)
}

#[cfg(test)]
mod tests {
    use super::*;

    const GOOD: &str = "akashi-fhir-rules-text 1\nrule a-1 A\nen x\nja y\nend";

    fn problem(line: &str, words: &'static str) -> Option<String> {
        read(format!("akashi-fhir-rules 1\n{line}\nend").leak(), words).err()
    }

    /// Reading fails when a rule has no words, or words no rule.
    #[test]
    fn every_rule_has_its_words_in_both_languages() {
        let rules = read(TEXT, WORDS).unwrap();
        assert_eq!(rules.len(), 240);
        assert_eq!(rules.iter().filter(|rule| rule.severity == Severity::Warning).count(), 34);
        for rule in &rules {
            assert!(rule.words.en.ends_with('.') && rule.words.ja.ends_with('。'), "{}", rule.key);
            assert!(!rule.words.ja.is_ascii(), "{}", rule.key);
        }
    }

    #[test]
    fn a_line_that_is_wrong_is_refused() {
        assert_eq!(problem("error a-1 A,B x = y", GOOD), None);
        for line in ["error a-1 A", "fatal a-1 A x", "error a-2 A x", "error a-1 A x\nerror a-1 A x", ""] {
            assert!(problem(line, GOOD).is_some(), "{line}");
        }
        for words in ["rule a-1 A\nen x", "rule a-1 A\nja y", "en x\nja y", "rule a-1\nen x\nja y", "a"] {
            let words = format!("akashi-fhir-rules-text 1\n{words}\nend");
            assert!(problem("error a-1 A x", words.leak()).is_some());
        }
    }

    /// A correction whose published expression is no longer in the table corrects nothing.
    #[test]
    fn every_correction_is_of_an_expression_that_was_published() {
        for (key, published, meant) in CORRECTIONS {
            let line = TEXT.lines().find(|line| line.split(' ').nth(1) == Some(key)).unwrap();
            assert!(line.ends_with(published), "{key}");
            assert!(rules().iter().any(|rule| rule.key == *key && rule.expression == *meant), "{key}");
        }
        assert_eq!(TEXT.matches(NAME_PUBLISHED).count(), 29);
    }

    #[test]
    fn rules_are_found_by_their_place() {
        let keys = |place: &str| at(place).iter().map(|rule| rule.key).collect::<Vec<_>>();
        assert_eq!(keys("Period"), ["per-1"]);
        assert_eq!(keys("Narrative.div"), ["txt-1", "txt-2"]);
        assert_eq!(keys("Patient"), [""; 0]);
    }
}
