//! The references of a resource that lead to records of this facility.

use base::{RecordKey, VersionNumber};
use fhir::Node;
use std::collections::BTreeSet;

/// A reference, and the member in which it stands.
#[derive(Clone, Debug, PartialEq, Eq, PartialOrd, Ord)]
pub(super) struct Reference {
    pub(super) key: RecordKey,
    /// The version, where the reference names one.
    pub(super) version: Option<VersionNumber>,
    pub(super) member: String,
}

/// All of them, wherever they stand, each once. `pass` names members that are not looked into.
pub(super) fn references(resource: &Node, base_url: &str, pass: &[&str]) -> Vec<Reference> {
    let mut found = BTreeSet::new();
    collect(resource, "", (base_url, pass), &mut found);
    found.into_iter().collect()
}

fn collect(node: &Node, member: &str, how: (&str, &[&str]), found: &mut BTreeSet<Reference>) {
    match node {
        Node::Array(items) => items.iter().for_each(|item| collect(item, member, how, found)),
        Node::Object(members) => {
            for (name, value) in members.iter().filter(|(name, _)| !how.1.contains(&name.as_str())) {
                match value.as_str().filter(|_| name == "reference") {
                    Some(text) => found.extend(read(text, how.0, member)),
                    None => collect(value, name, how, found),
                }
            }
        }
        _ => {}
    }
}

/// A reference to a record of this facility; none where it leads elsewhere or into the resource itself.
fn read(text: &str, base_url: &str, member: &str) -> Option<Reference> {
    let local = match text.strip_prefix(base_url) {
        Some(rest) => rest.strip_prefix('/')?,
        None => text,
    };
    let (record, version) = match local.split_once("/_history/") {
        Some((record, version)) => (record, Some(VersionNumber::parse(version)?)),
        None => (local, None),
    };
    let key = RecordKey::parse(record)?;
    fhir::definitions::resource_kind(&key.kind)?;
    Some(Reference { key, version, member: member.to_owned() })
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn references_are_found_wherever_they_stand_and_those_elsewhere_are_not() {
        let text = r##"{"subject":{"reference":"Patient/p"},"author":[{"reference":"https://h/f/a/fhir/Practitioner/d"},
            {"reference":"https://other/fhir/Practitioner/e"},{"reference":"#c"},{"reference":"urn:uuid:x"},{"display":"x"}],
            "section":[{"entry":[{"reference":"Observation/o/_history/2"},{"reference":"Colour/x"}]}],
            "relatesTo":[{"targetReference":{"reference":"Composition/old"}}]}"##;
        let node = fhir::json::parse(text.as_bytes()).unwrap();
        let found = references(&node, "https://h/f/a/fhir", &["relatesTo"]);
        let told: Vec<String> = found
            .iter()
            .map(|one| format!("{} {} {:?}", one.member, one.key, one.version.map(VersionNumber::number)))
            .collect();
        assert_eq!(
            told,
            ["entry Observation/o Some(2)", "subject Patient/p None", "author Practitioner/d None"]
        );
    }
}
