//! What must hold for any bytes at all: called by the fuzz target of the resource parser and by tests.

use crate::{bundle, check, json, terms_of_content};
use base::{ResourceId, Time, VersionNumber};

/// Parses `data` as a client's body would be and checks that nothing is lost or breaks on the way.
///
/// # Panics
/// When a rule does not hold: that is the finding.
pub fn fuzz_logic(data: &[u8]) {
    let Ok(node) = json::parse(data) else { return };
    let mut written = Vec::new();
    node.write(&mut written);
    assert!(json::parse(&written).as_ref() == Ok(&node), "a value is not read back as it was written");
    drop(bundle::read(node.clone()));
    let Ok(mut checked) = check(node.clone()) else { return };
    checked.rewrite_references(&|_| None);
    assert!(*checked.node() == node, "replacing nothing changed something");
    let terms = checked.terms();
    assert!(terms.is_sorted_by(|left, right| left < right), "terms are not in order, each once");
    assert!(terms_of_content(&written).as_ref() == Ok(&terms), "skipping members changes the terms");
    let Some(id) = ResourceId::parse(checked.id().unwrap_or("x")) else { return };
    let rendered = checked.template(&id).render(VersionNumber::FIRST, Time::from_microseconds(0));
    let Ok(stored) = json::parse(&rendered) else {
        // Version and time may take a resource of the largest size over the limit of values.
        assert!(data.len() > json_values_near_limit(), "what is stored cannot be read");
        return;
    };
    assert!(check(stored).is_ok(), "what is stored does not pass the check");
}

/// A text shorter than this cannot hold values close to the limit: each takes two bytes with its comma.
fn json_values_near_limit() -> usize {
    base::limits::JSON_VALUES_MAX
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn awkward_inputs_keep_the_rules() {
        let inputs = [
            r#"{"resourceType":"Patient","id":"a","text":{"status":"generated","div":"<div xmlns=\"http://www.w3.org/1999/xhtml\"><a href=\"urn:x\">&amp;</a></div>"}}"#,
            r#"{"resourceType":"Bundle","type":"batch","entry":[{"resource":{"resourceType":"Patient"}}]}"#,
            r#"{"resourceType":"Patient","meta":{"versionId":"1"}}"#,
            r#"{"resourceType":"Patient","_birthDate":{"extension":[{"url":"urn:x","valueReference":{"reference":"Patient/1"}}]}}"#,
            "[[[{}]]]",
            "\"\\ud83d\\ude00\"",
            "1e400",
            "",
            "\u{feff}",
        ];
        for input in inputs {
            fuzz_logic(input.as_bytes());
        }
    }

    /// Every prefix and every single changed byte of a resource: a small fuzz run that repeats exactly.
    #[test]
    fn damaged_resources_keep_the_rules() {
        let text = r#"{"resourceType":"Patient","id":"a","active":true,"name":[{"given":["山",null],"_given":[null,{"extension":[{"url":"urn:x","valueCode":"y"}]}]}],"multipleBirthInteger":-1}"#;
        for end in 0..text.len() {
            fuzz_logic(&text.as_bytes()[..end]);
            for byte in [0, b'"', b'{', b'[', b'_', b'9', 0xff] {
                let mut damaged = text.as_bytes().to_vec();
                damaged[end] = byte;
                fuzz_logic(&damaged);
            }
        }
    }
}
