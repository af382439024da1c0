//! The bytes to be stored, but for version and time: [`Template`].
//!
//! The journal's single writer learns version and time last. So that it has next to nothing left to do, everything
//! else is written out before: rendering joins five pieces.

use crate::checked::Checked;
use crate::json::{Node, write_members, write_string};
use base::{ResourceId, Time, VersionNumber};
use std::fmt;

const TIME_MEMBER: &[u8] = b"\",\"lastUpdated\":\"";

/// A resource as compact JSON with places left for `meta.versionId` and `meta.lastUpdated`.
///
/// Order of members: `resourceType`, `id`, `meta` (version and time, then the client's other members in their order),
/// then all others in their order. `Debug` tells the length only.
#[derive(Clone, PartialEq, Eq)]
pub struct Template {
    /// Up to and including the quote before the version.
    head: Vec<u8>,
    /// From the quote after the time.
    tail: Vec<u8>,
}

impl Template {
    /// The finished resource.
    pub fn render(&self, version: VersionNumber, time: Time) -> Vec<u8> {
        let (version, time) = (version.to_string(), time.to_string());
        let pieces =
            [self.head.as_slice(), version.as_bytes(), TIME_MEMBER, time.as_bytes(), self.tail.as_slice()];
        pieces.concat()
    }

    /// Bytes of the finished resource with this version: the time always takes the same number.
    pub fn len(&self, version: VersionNumber) -> usize {
        let time = Time::from_microseconds(0).to_string().len();
        [self.head.len(), version.to_string().len(), TIME_MEMBER.len(), time, self.tail.len()].iter().sum()
    }
}

impl fmt::Debug for Template {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        write!(f, "template of {} and {} bytes", self.head.len(), self.tail.len())
    }
}

impl Checked {
    /// Writes the resource out under the id `id`, whatever id it carried. The client's `meta.versionId` and
    /// `meta.lastUpdated` are dropped; the server's stand in their place.
    pub fn template(&self, id: &ResourceId) -> Template {
        let mut head = b"{\"resourceType\":\"".to_vec();
        head.extend_from_slice(self.kind().as_str().as_bytes());
        head.extend_from_slice(b"\",\"id\":");
        write_string(id.as_str(), &mut head);
        head.extend_from_slice(b",\"meta\":{\"versionId\":\"");
        let mut tail = b"\"".to_vec();
        let meta = self.node().get("meta").and_then(Node::as_object).unwrap_or_default();
        append(meta, &["versionId", "lastUpdated", "_versionId", "_lastUpdated"], &mut tail);
        tail.push(b'}');
        append(self.node().as_object().unwrap_or_default(), &["resourceType", "id", "meta"], &mut tail);
        tail.push(b'}');
        Template { head, tail }
    }
}

/// Appends the members not named in `without`, each after a comma.
fn append(members: &[(String, Node)], without: &[&str], out: &mut Vec<u8>) {
    for member in members.iter().filter(|(name, _)| !without.contains(&name.as_str())) {
        out.push(b',');
        write_members(std::iter::once(member), out);
    }
}

#[cfg(test)]
mod tests {
    use crate::json::parse;
    use base::{ResourceId, Time, VersionNumber};

    fn rendered(text: &str, version: u64) -> String {
        let checked = crate::check(parse(text.as_bytes()).unwrap()).unwrap();
        let template = checked.template(&ResourceId::parse("new").unwrap());
        let version = VersionNumber::new(version).unwrap();
        let bytes = template.render(version, Time::parse("2026-04-01T00:00:00Z").unwrap());
        assert_eq!(bytes.len(), template.len(version));
        String::from_utf8(bytes).unwrap()
    }

    #[test]
    fn the_servers_members_come_first_and_the_others_keep_their_order() {
        let text = r#"{"active":true,"id":"old","meta":{"tag":[{"code":"a"}],"versionId":"77","_lastUpdated":{"id":"x"},"source":"urn:x","lastUpdated":"1999-01-01T00:00:00Z"},"resourceType":"Patient","birthDate":"1950"}"#;
        let expected = r#"{"resourceType":"Patient","id":"new","meta":{"versionId":"12","lastUpdated":"2026-04-01T00:00:00.000000Z","tag":[{"code":"a"}],"source":"urn:x"},"active":true,"birthDate":"1950"}"#;
        assert_eq!(rendered(text, 12), expected);
    }

    #[test]
    fn a_resource_without_id_and_meta_gets_both() {
        let expected = r#"{"resourceType":"Basic","id":"new","meta":{"versionId":"1","lastUpdated":"2026-04-01T00:00:00.000000Z"},"code":{"text":"山"}}"#;
        assert_eq!(rendered(r#"{"resourceType":"Basic","code":{"text":"山"}}"#, 1), expected);
    }

    #[test]
    fn debug_tells_nothing_of_the_content() {
        let checked =
            crate::check(parse(br#"{"resourceType":"Patient","birthDate":"1950"}"#).unwrap()).unwrap();
        let template = checked.template(&ResourceId::parse("x").unwrap());
        assert!(!format!("{template:?} {checked:?}").contains("50\""));
    }
}
