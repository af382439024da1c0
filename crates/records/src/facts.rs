//! What the law wants to know of a content: the patients it names, its security labels, its state.

use access::Facts;
use memchr::memmem;
use serde::Deserialize;
use serde_json::value::RawValue;
use std::borrow::Cow;

/// The elements that are looked at. All others are passed over.
#[derive(Deserialize)]
struct Head<'a> {
    #[serde(borrow, default)]
    id: Option<Cow<'a, str>>,
    #[serde(borrow, default)]
    meta: Option<Meta<'a>>,
    /// A code in most types, a concept in some.
    #[serde(borrow, default)]
    status: Option<&'a RawValue>,
    #[serde(borrow, default, rename = "docStatus")]
    doc_status: Option<&'a RawValue>,
}

#[derive(Deserialize)]
struct Meta<'a> {
    #[serde(borrow, default)]
    security: Vec<Coding<'a>>,
}

#[derive(Deserialize)]
struct Coding<'a> {
    #[serde(borrow, default)]
    system: Option<Cow<'a, str>>,
    #[serde(borrow, default)]
    code: Option<Cow<'a, str>>,
}

/// A label that stands for labels which could not be read: the law treats it as the strictest.
const UNREADABLE: &str = "V";

/// Reads what a decision rests on. `bytes` is a resource that was checked when it was written.
pub(crate) fn facts(kind: &str, bytes: &[u8]) -> Facts {
    let Ok(head) = serde_json::from_slice::<Head<'_>>(bytes) else {
        return Facts { labels: vec![UNREADABLE.to_owned()], ..Facts::default() };
    };
    let mut patients = patients_named(bytes);
    if kind == "Patient" {
        patients.extend(head.id.map(Cow::into_owned));
    }
    patients.sort_unstable();
    patients.dedup();
    let mut labels: Vec<String> =
        head.meta.map(|meta| meta.security).unwrap_or_default().into_iter().filter_map(label).collect();
    labels.sort_unstable();
    labels.dedup();
    let code = |raw: &RawValue| serde_json::from_str::<String>(raw.get()).ok();
    let state = head.doc_status.or(head.status).and_then(code).unwrap_or_default();
    Facts { patients, labels, state }
}

/// A code of HL7's own systems by itself, others with their system.
fn label(coding: Coding<'_>) -> Option<String> {
    let code = coding.code?;
    let system = coding.system.unwrap_or_default();
    let of_hl7 = system.is_empty() || system.starts_with("http://terminology.hl7.org/");
    Some(if of_hl7 { code.into_owned() } else { format!("{system}|{code}") })
}

/// The ids of all patients that are referred to anywhere: whatever names a patient belongs to their record. A quote
/// inside a JSON string is escaped, so the key `"reference"` is found where it is one and nowhere else.
fn patients_named(bytes: &[u8]) -> Vec<String> {
    let mut found = Vec::new();
    for place in memmem::find_iter(bytes, br#""reference""#) {
        let after = bytes.get(place.saturating_add(11)..).unwrap_or_default().trim_ascii_start();
        let value = after.strip_prefix(b":").map(<[u8]>::trim_ascii_start);
        let Some(text) = value.and_then(|value| value.strip_prefix(b"\"")) else { continue };
        let end = memchr::memchr(b'"', text).unwrap_or(0);
        let reference = text.get(..end).and_then(|text| std::str::from_utf8(text).ok()).unwrap_or_default();
        found.extend(patient_of(reference));
    }
    found
}

/// `Patient/42`, also behind an address and before a version.
fn patient_of(reference: &str) -> Option<String> {
    let reference = reference.split_once("/_history/").map_or(reference, |(whole, _)| whole);
    let mut parts = reference.rsplit('/');
    let (id, kind) = (parts.next()?, parts.next()?);
    (kind == "Patient" && base::ResourceId::parse(id).is_some()).then(|| id.to_owned())
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_patient_is_found_wherever_a_reference_names_one() {
        for (text, patients) in [
            (r#"{"resourceType":"Observation","subject":{"reference":"Patient/b"}}"#, vec!["b"]),
            (r#"{"subject" : { "reference" : "https://h/f/x/fhir/Patient/b/_history/2" }}"#, vec!["b"]),
            (
                r#"{"participant":[{"actor":{"reference":"Patient/b"}},{"actor":{"reference":"Patient/a"}}]}"#,
                vec!["a", "b"],
            ),
            (r##"{"subject":{"reference":"#p"},"note":"\"reference\":\"Patient/no\""}"##, vec![]),
            (r#"{"subject":{"reference":"Group/b"},"code":"reference"}"#, vec![]),
            (r#"{"subject":{"reference":"Patient?identifier=1"}}"#, vec![]),
        ] {
            assert_eq!(facts("Observation", text.as_bytes()).patients, patients, "{text}");
        }
        assert_eq!(facts("Patient", br#"{"id":"p"}"#).patients, ["p"]);
    }

    #[test]
    fn labels_and_state_are_read_and_what_cannot_be_read_counts_as_restricted() {
        let text = r#"{"meta":{"security":[
            {"system":"http://terminology.hl7.org/CodeSystem/v3-Confidentiality","code":"R"},
            {"system":"urn:ours","code":"7"},{"display":"none"}]},"status":"final","docStatus":"amended"}"#;
        let found = facts("DocumentReference", text.as_bytes());
        assert_eq!(found.labels, ["R", "urn:ours|7"]);
        assert_eq!(found.state, "amended");
        assert_eq!(facts("Observation", b"{\"meta\":1}").labels, ["V"]);
        let concept = facts("MedicinalProductAuthorization", br#"{"status":{"text":"active"}}"#);
        assert_eq!((concept.labels.len(), concept.state.as_str()), (0, ""));
    }
}
