//! One access entry as a syslog message (RFC 5424), framed for TLS (RFC 5425, section 4.3: octet counting).

use records::audit::{Accessed, Unnamed, audit_event, audit_message};

/// Security and authorization messages (10), at the level notice (5): 10 × 8 + 5 (ITI TF-2, 3.20.4.1.2.1).
const PRIORITY: u8 = 85;

/// What kind of message it is, as ATNA names the one of DICOM.
const MESSAGE_ID: &str = "DICOM+RFC3881";

/// Longest host name (RFC 5424, section 6).
const HOST_CHARS_MAX: usize = 255;

/// The frame of one entry: its length in bytes, a space, the message. Names of people do not leave.
pub(super) fn frame(accessed: &Accessed, base_url: &str) -> Vec<u8> {
    let event = audit_event(accessed, base_url, &Unnamed);
    let message = format!(
        "<{PRIORITY}>1 {} {} akashi - {MESSAGE_ID} - \u{FEFF}{}",
        accessed.time,
        host(base_url),
        audit_message(&event)
    );
    let mut frame = format!("{} ", message.len()).into_bytes();
    frame.extend(message.as_bytes());
    frame
}

/// The host name in an address, in the characters that a header may hold; `-` where there is none.
fn host(base_url: &str) -> String {
    let rest = base_url.split_once("://").map_or(base_url, |(_, rest)| rest);
    let end = rest.find(['/', '?']).unwrap_or(rest.len());
    let authority = rest.split_at_checked(end).map_or(rest, |(authority, _)| authority);
    let port = authority.rfind(':').filter(|at| !authority.ends_with(']') && *at > 0);
    let host = port.and_then(|at| authority.split_at_checked(at)).map_or(authority, |(host, _)| host);
    let plain: String = host.chars().filter(char::is_ascii_graphic).take(HOST_CHARS_MAX).collect();
    if plain.is_empty() { "-".to_owned() } else { plain }
}

#[cfg(test)]
mod tests {
    use super::*;
    use access::Access;
    use base::{Position, Time};
    use store::{Actor, ActorKind};

    #[test]
    fn a_frame_counts_its_bytes_and_begins_as_rfc_5424_says() {
        let access = Access {
            action: "read".to_owned(),
            target: "Patient/山".to_owned(),
            status: 404,
            ..Access::default()
        };
        let time = Time::parse("2026-11-22T09:00:00Z").unwrap();
        let actor = Actor::new(ActorKind::Person, "dr-sato");
        let accessed = Accessed { position: Position(7), time, actor, access };
        let frame = String::from_utf8(frame(&accessed, "https://r.example.jp:8443/f/a/fhir")).unwrap();
        let (length, message) = frame.split_once(' ').unwrap();
        assert_eq!(length.parse::<usize>().unwrap(), message.len());
        let begins =
            "<85>1 2026-11-22T09:00:00.000000Z r.example.jp akashi - DICOM+RFC3881 - \u{FEFF}<?xml version";
        assert!(message.starts_with(begins), "{message}");
        assert!(message.ends_with("</AuditMessage>"));
    }

    #[test]
    fn a_host_has_characters_of_a_header_only() {
        for (url, expected) in [
            ("https://r.example.jp/f/a/fhir", "r.example.jp"),
            ("https://192.0.2.1:8443", "192.0.2.1"),
            ("https://[2001:db8::1]:8443/f", "[2001:db8::1]"),
            ("https://[2001:db8::1]/f", "[2001:db8::1]"),
            ("https://さくら/f", "-"),
            ("", "-"),
        ] {
            assert_eq!(host(url), expected, "{url}");
        }
    }
}
