//! The names of types, elements and codes in the language of who reads.

use crate::definitions::ResourceKind;
use base::Language;
use std::collections::BTreeMap;
use std::sync::OnceLock;

/// Rows `word name`; lines that begin with `#` are comments.
type Words = BTreeMap<&'static str, &'static str>;

fn read(text: &'static str) -> Words {
    let rows = text.lines().filter(|line| !line.starts_with('#'));
    rows.filter_map(|line| line.split_once(' ')).collect()
}

fn labels() -> &'static Words {
    static WORDS: OnceLock<Words> = OnceLock::new();
    WORDS.get_or_init(|| read(include_str!("labels.table")))
}

fn kinds() -> &'static Words {
    static WORDS: OnceLock<Words> = OnceLock::new();
    WORDS.get_or_init(|| read(include_str!("types.table")))
}

fn codes() -> &'static Words {
    static WORDS: OnceLock<Words> = OnceLock::new();
    WORDS.get_or_init(|| read(include_str!("codes.table")))
}

fn extensions() -> &'static Words {
    static WORDS: OnceLock<Words> = OnceLock::new();
    WORDS.get_or_init(|| read(include_str!("extensions.table")))
}

/// The name of an extension by its address: the last part of it where nothing better is known.
pub(super) fn extension(url: &str, language: Language) -> String {
    let last = url.rsplit(['/', '#', ':']).find(|part| !part.is_empty()).unwrap_or(url);
    let japanese = extensions().get(last).filter(|_| language == Language::Japanese);
    match japanese {
        Some(japanese) => (*japanese).to_owned(),
        // JP Core names its extensions `JP_MedicationDosage_PeriodOfUse`.
        None if last.starts_with("JP_") => spaced(last.rsplit('_').next().unwrap_or(last)),
        None => last.to_owned(),
    }
}

/// The name of an element of a type (`Observation`, `Observation.component`, `Period`). Elements that have no Japanese
/// name are named as R4 names them.
pub(super) fn label(kind: &str, element: &str, language: Language) -> String {
    let japanese = || {
        let own = labels().get(format!("{kind}.{element}").as_str());
        own.or_else(|| labels().get(element)).map(|name| (*name).to_owned())
    };
    match language {
        Language::Japanese => japanese().unwrap_or_else(|| spaced(element)),
        Language::English => spaced(element),
    }
}

/// The name of a resource type: as people call it in Japanese, as R4 calls it in English.
pub fn kind_name(kind: ResourceKind, language: Language) -> &'static str {
    match language {
        Language::Japanese => kinds().get(kind.as_str()).copied().unwrap_or(kind.as_str()),
        Language::English => kind.as_str(),
    }
}

/// A code of a required value set in the language of who reads; codes without a Japanese word as they are.
pub(super) fn code(code: &str, language: Language) -> String {
    let japanese = codes().get(code).filter(|_| language == Language::Japanese);
    japanese.copied().unwrap_or(code).to_owned()
}

/// `bodySite` as `Body site`.
fn spaced(element: &str) -> String {
    let mut out = String::with_capacity(element.len().saturating_add(4));
    for (at, character) in element.chars().enumerate() {
        match character {
            _ if at == 0 => out.extend(character.to_uppercase()),
            'A'..='Z' => {
                out.push(' ');
                out.extend(character.to_lowercase());
            }
            other => out.push(other),
        }
    }
    out
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::definitions;

    #[test]
    fn every_type_has_a_japanese_name() {
        for kind in definitions::resource_kinds() {
            assert_ne!(kind_name(kind, Language::Japanese), kind.as_str());
        }
        assert_eq!(kinds().len(), definitions::resource_kinds().count());
    }

    #[test]
    fn every_row_names_an_element_that_there_is() {
        let table = definitions::table();
        let mut known: Vec<String> = Vec::new();
        for kind in table.all() {
            for element in &kind.elements {
                known.push(element.path_name().to_owned());
                known.push(format!("{}.{}", kind.name, element.path_name()));
            }
        }
        known.sort();
        let unknown = |word: &&&str| known.binary_search_by(|one| one.as_str().cmp(word)).is_err();
        assert_eq!(labels().keys().filter(unknown).collect::<Vec<_>>(), Vec::<&&str>::new());
    }

    #[test]
    fn the_elements_of_what_is_written_every_day_have_japanese_names() {
        for kind in [
            "Patient",
            "Encounter",
            "Condition",
            "AllergyIntolerance",
            "Observation",
            "DiagnosticReport",
            "Procedure",
            "MedicationRequest",
            "Composition",
            "DocumentReference",
            "Coverage",
            "Immunization",
        ] {
            let table = definitions::table();
            let own = table.all().filter(|one| one.name == kind || one.name.starts_with(&format!("{kind}.")));
            let elements = own.flat_map(|one| one.elements.iter().map(move |element| (one.name, element)));
            for (kind, element) in elements.filter(|(_, element)| !FILE.contains(&element.path_name())) {
                let label = label(kind, element.path_name(), Language::Japanese);
                assert!(!label.is_ascii() || label.len() < 4, "{kind}.{}: {label}", element.path_name());
            }
        }
    }

    /// About the file, never a line.
    const FILE: [&str; 6] = ["id", "meta", "implicitRules", "contained", "extension", "modifierExtension"];

    #[test]
    fn a_name_of_r4_is_read_as_words_in_english() {
        assert_eq!(label("Observation", "bodySite", Language::English), "Body site");
        assert_eq!(label("Observation", "code", Language::Japanese), "検査・観察項目");
        assert_eq!(label("Observation.component", "code", Language::Japanese), "項目");
        assert_eq!(label("Claim", "procedure", Language::Japanese), "処置・手術");
        let period =
            "http://jpfhir.jp/fhir/core/Extension/StructureDefinition/JP_MedicationDosage_PeriodOfUse";
        assert_eq!(extension(period, Language::English), "Period of use");
        assert_eq!(extension(period, Language::Japanese), "投与期間");
        assert_eq!(code("final", Language::Japanese), "確定");
        assert_eq!(code("zzz", Language::Japanese), "zzz");
        assert_eq!(code("final", Language::English), "final");
    }
}
