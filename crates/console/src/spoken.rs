//! A record as clinicians read it: in words, those of standard codes in the language of who reads, and without the codes
//! themselves, which stand where people ask for them.

use crate::words::Words;
use fhir::readable::kind_name;
use fhir::{Node, ResourceKind};

/// The name of a type of record, as clinicians call it.
pub(crate) fn kind(kind: ResourceKind, words: Words) -> String {
    let key = format!("kind-{}", kind.as_str());
    if words.knows(&key) { words.say(&key) } else { kind_name(kind, words.0).to_owned() }
}

/// The same record, with the names of standard codes (state of a problem, class of a visit, …) in the language of who reads.
/// The codes, and what the record says in words of its own, stay.
pub(crate) fn in_words(node: &Node, words: Words) -> Node {
    match node {
        Node::Array(items) => Node::Array(items.iter().map(|one| in_words(one, words)).collect()),
        Node::Object(members) => {
            let mut members: Vec<(String, Node)> =
                members.iter().map(|(name, value)| (name.clone(), in_words(value, words))).collect();
            if let Some(name) = name_of_code(node, words) {
                members.retain(|(member, _)| member != "display");
                members.push(("display".to_owned(), Node::String(name)));
            }
            Node::Object(members)
        }
        other => other.clone(),
    }
}

/// What a code of a standard system is called.
fn name_of_code(coding: &Node, words: Words) -> Option<String> {
    let system = coding.get("system")?.as_str()?.rsplit('/').next()?;
    let key = format!("code-{system}-{}", coding.get("code")?.as_str()?);
    words.knows(&key).then(|| words.say(&key))
}

/// The same record without what only machines read: codes that stand beside words, addresses of other records, and the
/// numbers by which systems know a record. Of a patient these are what people know it by, and stay.
pub(crate) fn plain(record: &Node, words: Words) -> Node {
    let is_patient = record.get("resourceType").and_then(Node::as_str) == Some("Patient");
    let mut plain = without_codes(record, words);
    if let (Node::Object(members), false) = (&mut plain, is_patient) {
        members.retain(|(name, _)| name != "identifier");
    }
    plain
}

fn without_codes(node: &Node, words: Words) -> Node {
    match node {
        Node::Array(items) => Node::Array(items.iter().map(|one| without_codes(one, words)).collect()),
        Node::Object(members) => {
            let said = of_concept(node);
            let unnamed = unnamed(node, words);
            let kept = members.iter().filter(|(name, _)| match name.as_str() {
                "coding" => said.is_none(),
                "text" => said.is_none() || node.get("coding").is_none(),
                "system" | "code" | "version" => !is_named_coding(node),
                "reference" => unnamed.is_none(),
                _ => true,
            });
            let mut members: Vec<(String, Node)> =
                kept.map(|(name, value)| (name.clone(), without_codes(value, words))).collect();
            members.extend(said.map(|said| ("text".to_owned(), Node::String(said))));
            members.extend(unnamed.map(|told| ("display".to_owned(), Node::String(told))));
            Node::Object(members)
        }
        other => other.clone(),
    }
}

/// Where in a record something changed, without the step that only the markup of a text has (`節 › 本文 › 本文`, `Section ›
/// Text › Div`).
pub(crate) fn place(steps: &str) -> String {
    let steps: Vec<&str> = steps.split(" › ").collect();
    let kept: &[&str] = match steps.as_slice() {
        [.., text, last] if text == last || (*text, *last) == ("Text", "Div") => {
            steps.split_last().map_or(&[], |(_, rest)| rest)
        }
        all => all,
    };
    kept.join(" › ")
}

/// What is said of another record whose name is not known: what kind it is of. None for what has a name and what is no
/// reference to a record.
fn unnamed(node: &Node, words: Words) -> Option<String> {
    if node.get("display").is_some() {
        return None;
    }
    let (kind, _) = node.get("reference")?.as_str()?.split_once('/')?;
    let kind = self::kind(fhir::definitions::resource_kind(kind)?, words);
    Some(words.with("spoken-unnamed", "kind", kind))
}

/// What a concept says in words; none for what is no concept, and where it says nothing but codes.
fn of_concept(node: &Node) -> Option<String> {
    let codings = node.get("coding")?.as_array()?;
    let text = |one: &Node, member: &str| one.get(member).and_then(Node::as_str).map(str::to_owned);
    if let Some(said) = text(node, "text").filter(|said| !said.trim().is_empty()) {
        return Some(said);
    }
    let mut names: Vec<String> = Vec::new();
    for name in codings.iter().filter_map(|one| text(one, "display")) {
        if !names.contains(&name) {
            names.push(name);
        }
    }
    (!names.is_empty()).then(|| names.join(" / "))
}

/// Whether this is a code with a name.
fn is_named_coding(node: &Node) -> bool {
    let has = |member: &str| node.get(member).and_then(Node::as_str).is_some_and(|text| !text.is_empty());
    has("display") && has("code") && node.get("value").is_none()
}

#[cfg(test)]
mod tests {
    use super::*;
    use base::Language;
    use fhir::readable::lines_of;

    fn read(content: &str, language: Language) -> Vec<String> {
        let words = Words(language);
        let node = fhir::json::parse(content.as_bytes()).unwrap();
        let lines = lines_of(&plain(&in_words(&node, words), words), language).unwrap();
        lines
            .iter()
            .map(|line| format!("{}: {}", line.label, line.value.clone().unwrap_or_default()))
            .collect()
    }

    #[test]
    fn a_record_is_read_in_words_and_a_code_only_where_there_are_none() {
        let content = r#"{"resourceType":"AllergyIntolerance","identifier":[{"system":"urn:x","value":"17"}],
            "clinicalStatus":{"coding":[{"system":"http://terminology.hl7.org/CodeSystem/allergyintolerance-clinical","code":"active","display":"Active"}]},
            "verificationStatus":{"coding":[{"system":"http://example.org/own","code":"maybe"}]},
            "code":{"coding":[{"system":"http://example.org/a","code":"1","display":"そば"},{"system":"http://example.org/b","code":"2","display":"そば"}]},
            "reaction":[{"manifestation":[{"text":"発疹","coding":[{"system":"http://example.org/a","code":"9","display":"rash"}]}]}]}"#;
        let said = read(content, Language::Japanese);
        assert_eq!(
            said[..3],
            ["臨床上の状態: 継続中", "確からしさ: own maybe", "原因物質: そば"],
            "{said:?}"
        );
        assert!(said.iter().any(|line| line.ends_with(": 発疹")), "{said:?}");
        assert!(!said.concat().contains("17"), "{said:?}");
        assert_eq!(read(content, Language::English)[0], "Clinical status: Active");
    }

    #[test]
    fn the_class_of_a_visit_and_quantities_are_read_with_their_units() {
        let visit = r#"{"resourceType":"Encounter","status":"finished",
            "class":{"system":"http://terminology.hl7.org/CodeSystem/v3-ActCode","code":"AMB","display":"ambulatory"}}"#;
        assert_eq!(read(visit, Language::Japanese), ["状態: 終了", "入院・外来の別: 外来"]);
        let weight = r#"{"resourceType":"Observation","status":"final",
            "valueQuantity":{"value":58.4,"unit":"kg","system":"http://unitsofmeasure.org","code":"kg"}}"#;
        assert_eq!(read(weight, Language::Japanese), ["状態: 確定", "値: 58.4 kg"]);
    }

    #[test]
    fn a_record_whose_name_is_not_known_is_told_by_its_kind() {
        let visit = r#"{"resourceType":"Encounter","status":"finished",
            "diagnosis":[{"condition":{"reference":"Condition/c-5"}},{"condition":{"reference":"Condition/c-6","display":"感冒"}}]}"#;
        let said = read(visit, Language::Japanese).concat();
        assert!(said.contains("病名・問題（名称を表示できません）") && said.contains("感冒"), "{said}");
        assert!(!said.contains("c-5"), "{said}");
    }

    #[test]
    fn a_place_is_told_without_the_markup_of_a_text() {
        assert_eq!(place("節 › 本文 › 本文"), "節 › 本文");
        assert_eq!(place("Section › Text › Div"), "Section › Text");
        assert_eq!(place("Component 1 › Value"), "Component 1 › Value");
        assert_eq!(place("状態"), "状態");
    }

    #[test]
    fn the_number_of_a_patient_stays() {
        let patient = r#"{"resourceType":"Patient","identifier":[{"system":"urn:x","value":"00000017"}]}"#;
        assert!(read(patient, Language::Japanese).concat().contains("00000017"));
    }
}
