//! Results shaped: a resource cut down to a summary, its text, its data, or some elements, and marked as cut down
//! (FHIR R4, search, `_summary` and `_elements`).

use crate::check;
use crate::codes::subset as codes;
use crate::definitions::{self, Element, Member, ResourceKind, Type, TypeKind, closest};
use crate::json::{self, Node};
use crate::place::shown;
use base::Problem;

/// What is left of a resource. Mandatory elements, `id` and `meta` always are.
#[derive(Clone, Debug, PartialEq, Eq)]
pub enum Shape {
    /// The elements that belong to the summary, also inside of complex ones.
    Summary,
    /// The narrative.
    Text,
    /// Everything but the narrative.
    Data,
    /// These elements, and those that can change the meaning of the resource.
    Elements(Vec<String>),
}

const TAG_SYSTEM: &str = "http://terminology.hl7.org/CodeSystem/v3-ObservationValue";
const TAG_CODE: &str = "SUBSETTED";

/// Cuts the JSON of a resource down and tags it as `SUBSETTED`. Names of elements that the resource's type does not have are
/// passed over: results can be of several types. For one type, [`known_elements`] refuses them.
///
/// # Errors
/// The content is no resource of R4.
pub fn subset(content: &[u8], shape: &Shape) -> Result<Vec<u8>, Problem> {
    let node = json::parse(content)?;
    let kind = check::kind_of(&node)?;
    let mut members = match (node, kind.definition()) {
        (Node::Object(members), Some(definition)) => kept(members, definition, shape),
        (Node::Object(members), None) => members,
        _ => Vec::new(),
    };
    mark(&mut members);
    let mut out = Vec::with_capacity(content.len());
    Node::Object(members).write(&mut out);
    Ok(out)
}

/// Refuses names that are no elements of the type. A choice goes by its name without type (`value`) or with it (`valueQuantity`).
///
/// # Errors
/// The first unknown name.
pub fn known_elements(kind: ResourceKind, names: &[String]) -> Result<(), Problem> {
    match names.iter().find(|name| {
        !kind.elements().any(|element| element.path_name() == name.as_str()) && member(kind, name).is_none()
    }) {
        None => Ok(()),
        Some(name) => {
            let known = kind.elements().map(Element::path_name);
            let (en, ja) = match closest(name, known) {
                Some(meant) => (format!(" Did you mean `{meant}`?"), format!("`{meant}` のことですか。")),
                None => (String::new(), String::new()),
            };
            let problem = Problem::new(&codes::ELEMENT).with("name", shown(name)).with("kind", kind);
            Err(problem.with("hint_en", en).with("hint_ja", ja))
        }
    }
}

/// Whether a resource is marked as cut down.
pub fn is_subset(node: &Node) -> bool {
    let tags = node.get("meta").and_then(|meta| meta.get("tag")).and_then(Node::as_array);
    tags.unwrap_or_default().iter().any(is_mark)
}

fn member(kind: ResourceKind, name: &str) -> Option<Member> {
    kind.definition()?.member(name).map(|(member, ..)| member)
}

fn is_mark(tag: &Node) -> bool {
    let part = |name: &str| tag.get(name).and_then(Node::as_str);
    part("system") == Some(TAG_SYSTEM) && part("code") == Some(TAG_CODE)
}

/// The members of a resource that stay.
fn kept(members: Vec<(String, Node)>, definition: &Type, shape: &Shape) -> Vec<(String, Node)> {
    let stays = |(name, value): (String, Node)| {
        let bare = name.strip_prefix('_').unwrap_or(&name);
        if matches!(bare, "resourceType" | "id" | "meta") {
            return Some((name, value));
        }
        let (member, element, target) = definition.member(bare)?;
        let wanted = mandatory(definition, member)
            || match shape {
                Shape::Summary => element.is_summary(),
                Shape::Text => bare == "text",
                Shape::Data => bare != "text",
                Shape::Elements(names) => {
                    element.is_modifier() || names.iter().any(|name| named(definition, name, member, element))
                }
            };
        let value = match shape {
            Shape::Summary if wanted && name == bare => summary(value, target),
            _ => value,
        };
        wanted.then_some((name, value))
    };
    members.into_iter().filter_map(stays).collect()
}

fn mandatory(definition: &Type, member: Member) -> bool {
    definition.required.contains(&usize::from(member.element))
}

/// Whether a name of `_elements` means this element.
fn named(definition: &Type, name: &str, member: Member, element: &Element) -> bool {
    element.path_name() == name
        || definition.member(name).is_some_and(|(found, ..)| found.element == member.element)
}

/// The summary of a value of this type. What has no summary of its own stays whole: so do primitives, extensions and `Meta`.
fn summary(value: Node, kind: &'static Type) -> Node {
    match value {
        Node::Array(items) => Node::Array(items.into_iter().map(|item| summary(item, kind)).collect()),
        Node::Object(members) => Node::Object(summary_members(members, kind)),
        other => other,
    }
}

fn summary_members(members: Vec<(String, Node)>, kind: &'static Type) -> Vec<(String, Node)> {
    let Some(owner) = definition_of(&members, kind) else { return members };
    if matches!(owner.name, "Extension" | "Meta") {
        return members;
    }
    let stays = |name: &str| {
        let bare = name.strip_prefix('_').unwrap_or(name);
        let own = owner.is_resource() && matches!(bare, "resourceType" | "id" | "meta");
        own || owner
            .member(bare)
            .is_some_and(|(member, element, _)| element.is_summary() || mandatory(owner, member))
    };
    if !members.iter().any(|(name, _)| stays(name)) {
        return members;
    }
    let deeper = |(name, value): (String, Node)| match owner.member(&name) {
        Some((_, _, target)) => {
            let value = summary(value, target);
            (name, value)
        }
        None => (name, value),
    };
    members.into_iter().filter(|(name, _)| stays(name)).map(deeper).collect()
}

/// The definition to follow: for a resource inside the resource its own.
fn definition_of(members: &[(String, Node)], kind: &'static Type) -> Option<&'static Type> {
    if kind.kind != TypeKind::AnyResource {
        return Some(kind);
    }
    let name = members.iter().find(|(name, _)| name == "resourceType")?.1.as_str()?;
    definitions::resource_kind(name)?.definition()
}

/// Adds the tag, unless it is there.
fn mark(members: &mut Vec<(String, Node)>) {
    let text = |text: &str| Node::String(text.to_owned());
    let tag =
        || Node::Object(vec![("system".to_owned(), text(TAG_SYSTEM)), ("code".to_owned(), text(TAG_CODE))]);
    if !members.iter().any(|(name, _)| name == "meta") {
        let after_id = members.iter().position(|(name, _)| name == "id").map_or(1, |at| at.saturating_add(1));
        let at = after_id.min(members.len());
        members.insert(at, ("meta".to_owned(), Node::Object(Vec::new())));
    }
    let meta = members.iter_mut().find(|(name, _)| name == "meta").map(|(_, meta)| meta);
    let Some(Node::Object(meta)) = meta else { return };
    match meta.iter_mut().find(|(name, _)| name == "tag") {
        Some((_, Node::Array(tags))) if !tags.iter().any(is_mark) => tags.push(tag()),
        Some(_) => {}
        None => meta.push(("tag".to_owned(), Node::Array(vec![tag()]))),
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    const MARK: &str =
        r#"{"system":"http://terminology.hl7.org/CodeSystem/v3-ObservationValue","code":"SUBSETTED"}"#;

    fn cut(text: &str, shape: &Shape) -> String {
        String::from_utf8(subset(text.as_bytes(), shape).unwrap()).unwrap()
    }

    fn elements(names: &[&str]) -> Shape {
        Shape::Elements(names.iter().map(|name| (*name).to_owned()).collect())
    }

    const OBSERVATION: &str = r#"{"resourceType":"Observation","id":"o","meta":{"versionId":"1","tag":[{"code":"t"}]},"text":{"status":"generated","div":"<div xmlns=\"http://www.w3.org/1999/xhtml\">x</div>"},"status":"final","code":{"text":"x"},"subject":{"reference":"Patient/1"},"valueQuantity":{"value":1.10},"note":[{"text":"n"}]}"#;

    fn shaped(rest: &str) -> String {
        format!(
            r#"{{"resourceType":"Observation","id":"o","meta":{{"versionId":"1","tag":[{{"code":"t"}},{MARK}]}},{rest}}}"#
        )
    }

    #[test]
    fn each_shape_keeps_its_elements_and_the_mandatory_ones() {
        let text =
            r#""text":{"status":"generated","div":"<div xmlns=\"http://www.w3.org/1999/xhtml\">x</div>"}"#;
        let (must, subject) =
            (r#""status":"final","code":{"text":"x"}"#, r#""subject":{"reference":"Patient/1"}"#);
        let (value, note) = (r#""valueQuantity":{"value":1.10}"#, r#""note":[{"text":"n"}]"#);
        for (shape, rest) in [
            (Shape::Summary, format!("{must},{subject},{value}")),
            (Shape::Text, format!("{text},{must}")),
            (Shape::Data, format!("{must},{subject},{value},{note}")),
            (elements(&["subject"]), format!("{must},{subject}")),
            (elements(&["value", "note"]), format!("{must},{value},{note}")),
            (elements(&["valueString"]), format!("{must},{value}")),
            (elements(&["nonsense"]), must.to_owned()),
        ] {
            assert_eq!(cut(OBSERVATION, &shape), shaped(&rest), "{shape:?}");
        }
    }

    #[test]
    fn a_summary_goes_into_complex_elements() {
        let patient = r#"{"resourceType":"Patient","id":"p","name":[{"family":"x","extension":[{"url":"u","valueString":"y"}]}],"_birthDate":{"extension":[{"url":"u","valueString":"y"}]},"photo":[{"data":"AAAA"}],"contact":[{"gender":"male"}],"communication":[{"language":{"text":"ja"}}]}"#;
        let expected = format!(
            r#"{{"resourceType":"Patient","id":"p","meta":{{"tag":[{MARK}]}},"name":[{{"family":"x"}}],"_birthDate":{{"extension":[{{"url":"u","valueString":"y"}}]}}}}"#
        );
        assert_eq!(cut(patient, &Shape::Summary), expected);
    }

    #[test]
    fn what_can_change_the_meaning_is_never_left_out() {
        let patient =
            r#"{"resourceType":"Patient","id":"p","active":false,"deceasedBoolean":true,"birthDate":"1950"}"#;
        let expected = format!(
            r#"{{"resourceType":"Patient","id":"p","meta":{{"tag":[{MARK}]}},"active":false,"deceasedBoolean":true}}"#
        );
        assert_eq!(cut(patient, &elements(&["name"])), expected);
    }

    #[test]
    fn a_shaped_resource_is_known_as_such_and_marked_once() {
        let once = cut(OBSERVATION, &Shape::Data);
        assert!(is_subset(&json::parse(once.as_bytes()).unwrap()));
        assert_eq!(cut(&once, &Shape::Data), once);
        assert!(!is_subset(&json::parse(OBSERVATION.as_bytes()).unwrap()));
    }

    #[test]
    fn names_of_one_type_are_known_or_refused() {
        let kind = definitions::resource_kind("Observation").unwrap();
        let known = |name: &str| known_elements(kind, &[name.to_owned()]);
        for name in ["id", "value", "valueQuantity", "component", "status"] {
            assert!(known(name).is_ok(), "{name}");
        }
        for name in ["birthDate", "component.code", "", "value[x]", "_status"] {
            assert_eq!(known(name).unwrap_err().code().id, "FH-0098", "{name}");
        }
    }

    #[test]
    fn every_shape_leaves_a_good_resource() {
        for shape in [Shape::Summary, Shape::Text, Shape::Data, elements(&["subject"])] {
            let node = json::parse(cut(OBSERVATION, &shape).as_bytes()).unwrap();
            assert!(check(node).is_ok(), "{shape:?}");
        }
    }
}
