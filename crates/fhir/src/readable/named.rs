//! What references are called: names in the place of addresses such as `Practitioner/staff-1`, which say nothing to people.

use super::identity::Identity;
use super::{heading_of, moment};
use crate::json::Node;
use base::{Language, Problem};
use std::collections::BTreeMap;

/// Names of records, by the references as they are written.
pub type Names = BTreeMap<String, String>;

/// The references in a resource, as they are written, also those that say themselves what they are called.
pub fn references(node: &Node) -> Vec<String> {
    let mut found = Vec::new();
    let mut waiting = vec![node];
    while let Some(node) = waiting.pop() {
        match node {
            Node::Array(items) => waiting.extend(items),
            Node::Object(members) => {
                found.extend(written(node).map(str::to_owned));
                waiting.extend(members.iter().map(|(_, value)| value));
            }
            _ => {}
        }
    }
    found
}

/// How a reference is shown that has a name.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Naming {
    /// By the name alone.
    Name,
    /// By the name with the address: two of one name differ in it.
    NameAndAddress,
}

/// A resource whose references say what they are called: what they say themselves, or else what is known. A reference of which
/// nothing is known stays as it is.
#[must_use]
pub fn named(node: &Node, names: &Names, naming: Naming) -> Node {
    match node {
        Node::Array(items) => Node::Array(items.iter().map(|item| named(item, names, naming)).collect()),
        Node::Object(members) => {
            let mut members: Vec<(String, Node)> =
                members.iter().map(|(name, value)| (name.clone(), named(value, names, naming))).collect();
            if let Some(reference) = written(node) {
                let own = node.get("display").and_then(Node::as_str).is_some();
                let known = names.get(reference).filter(|_| !own);
                members.extend(known.map(|name| ("display".to_owned(), Node::String(name.clone()))));
                if naming == Naming::Name && (own || known.is_some()) {
                    members.retain(|(name, _)| name != "reference");
                }
            }
            Node::Object(members)
        }
        other => other.clone(),
    }
}

/// The address in a reference.
fn written(node: &Node) -> Option<&str> {
    node.get("reference").and_then(Node::as_str)
}

/// What a record is called: the name of a person with its reading, of an organisation, a place, or else what the record is about
/// and when. None where it does not say.
///
/// # Errors
/// It is no resource of R4.
pub fn name_of(node: &Node, language: Language) -> Result<Option<String>, Problem> {
    let person = Identity::of(node);
    match (person.name, person.kana, node.get("name").and_then(Node::as_str)) {
        (Some(name), Some(kana), _) => {
            return Ok(Some(match language {
                Language::Japanese => format!("{name}（{kana}）"),
                Language::English => format!("{name} ({kana})"),
            }));
        }
        (Some(name), None, _) | (None, Some(name), _) => return Ok(Some(name)),
        (None, None, Some(name)) => return Ok(Some(name.to_owned())),
        (None, None, None) => {}
    }
    let heading = heading_of(node, language)?;
    let date = heading.date.and_then(|date| moment::day(&date, language));
    Ok(match (heading.title, date) {
        (Some(title), Some(date)) if language == Language::Japanese => Some(format!("{title}（{date}）")),
        (Some(title), Some(date)) => Some(format!("{title} ({date})")),
        (title, _) => title,
    })
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::json::parse;
    use crate::readable::lines_of;

    fn read(text: &str) -> Node {
        parse(text.as_bytes()).unwrap()
    }

    /// The values of all lines of an Observation by these performers.
    fn shown(performers: &str, naming: Naming) -> Vec<String> {
        let node =
            read(&format!(r#"{{"resourceType":"Observation","status":"final","performer":[{performers}]}}"#));
        let names = Names::from([("Practitioner/a".to_owned(), "佐藤 一郎".to_owned())]);
        let lines = lines_of(&named(&node, &names, naming), Language::Japanese).unwrap();
        lines.into_iter().skip(1).filter_map(|line| line.value).collect()
    }

    #[test]
    fn a_reference_is_called_what_it_says_or_else_what_is_known_and_keeps_its_address_where_nothing_is() {
        let all = r#"{"reference":"Practitioner/a"},{"reference":"Practitioner/a","display":"医師"},{"reference":"Practitioner/b"}"#;
        assert_eq!(shown(all, Naming::Name), ["佐藤 一郎", "医師", "Practitioner/b"]);
        assert_eq!(
            shown(all, Naming::NameAndAddress),
            ["佐藤 一郎 <Practitioner/a>", "医師 <Practitioner/a>", "Practitioner/b"]
        );
    }

    #[test]
    fn records_are_called_by_their_name_or_by_what_they_are_about_and_when() {
        for (content, name) in [
            (
                r#"{"resourceType":"Practitioner","name":[{"text":"佐藤 一郎"},{"text":"サトウ イチロウ"}]}"#,
                Some("佐藤 一郎（サトウ イチロウ）"),
            ),
            (r#"{"resourceType":"Patient","name":[{"family":"山田","given":["花子"]}]}"#, Some("山田 花子")),
            (
                r#"{"resourceType":"Organization","type":[{"text":"診療所"}],"name":"さくら医院"}"#,
                Some("さくら医院"),
            ),
            (
                r#"{"resourceType":"Condition","code":{"text":"喘息"},"onsetDateTime":"2026-04-01"}"#,
                Some("喘息（2026年4月1日）"),
            ),
            (r#"{"resourceType":"Medication","code":{"text":"薬"}}"#, Some("薬")),
            (r#"{"resourceType":"Practitioner"}"#, None),
        ] {
            assert_eq!(name_of(&read(content), Language::Japanese).unwrap().as_deref(), name, "{content}");
        }
    }

    #[test]
    fn all_references_of_a_resource_are_found() {
        let node = read(
            r#"{"resourceType":"Observation","subject":{"reference":"Patient/p"},"component":[{"extension":[{"valueReference":{"reference":"X/1"}}]}]}"#,
        );
        let mut found = references(&node);
        found.sort();
        assert_eq!(found, ["Patient/p", "X/1"]);
    }
}
