//! The two cookies of a browser: its session, and the mark by which it is known at the next login.
//!
//! Both carry the prefix `__Host-` (RFC 6265bis, section 4.1.3.2): the browser takes them from this very host over TLS
//! only, and no other host of the domain can plant one.

use crate::session::token::{DeviceToken, SessionToken};

/// Carries the [`SessionToken`].
pub const SESSION: &str = "__Host-akashi-session";
/// Carries the [`DeviceToken`].
pub const DEVICE: &str = "__Host-akashi-device";

/// How long a browser stays known after a login, in seconds: 180 days.
pub const DEVICE_SECONDS: u64 = 180 * 86_400;

/// `Set-Cookie` for a session. It ends with the browser; the server ends it earlier.
pub fn set_session(token: &SessionToken) -> String {
    format!("{SESSION}={}; {ATTRIBUTES}", token.reveal())
}

/// `Set-Cookie` for a browser that has logged in.
pub fn set_device(token: &DeviceToken) -> String {
    format!("{DEVICE}={}; Max-Age={DEVICE_SECONDS}; {ATTRIBUTES}", token.reveal())
}

/// `Set-Cookie` that makes the browser forget its session.
pub fn clear_session() -> String {
    format!("{SESSION}=; Max-Age=0; {ATTRIBUTES}")
}

const ATTRIBUTES: &str = "Path=/; Secure; HttpOnly; SameSite=Strict";

/// The value of a cookie, from the `Cookie` fields of a request. A name that stands twice counts as absent: it cannot be
/// told which of them the browser means.
pub fn find<'a>(fields: impl IntoIterator<Item = &'a str>, name: &str) -> Option<&'a str> {
    let pairs = fields.into_iter().flat_map(|field| field.split(';'));
    let mut values = pairs.filter_map(|pair| pair.trim().split_once('=')).filter(|(given, _)| *given == name);
    let (Some((_, value)), None) = (values.next(), values.next()) else {
        return None;
    };
    Some(value)
}

#[cfg(test)]
mod tests {
    use super::*;
    use base::SeededEntropy;

    #[test]
    fn a_cookie_stays_with_this_host_and_away_from_scripts() {
        let token = SessionToken::generate(&SeededEntropy::new(1)).unwrap();
        let device = DeviceToken::generate(&SeededEntropy::new(1)).unwrap();
        for field in [set_session(&token), set_device(&device), clear_session()] {
            assert!(field.starts_with("__Host-"), "{field}");
            for attribute in ["; Path=/;", "; Secure;", "; HttpOnly;", "; SameSite=Strict"] {
                assert!(field.contains(attribute), "{field}");
            }
            assert!(!field.contains("Domain"), "a `__Host-` cookie must not have one");
        }
    }

    #[test]
    fn a_cookie_is_found_once_or_not_at_all() {
        let found = |fields: &[&'static str]| find(fields.iter().copied(), SESSION);
        assert_eq!(found(&["a=b; __Host-akashi-session=x; c=d"]), Some("x"));
        assert_eq!(found(&["a=b", "__Host-akashi-session=x"]), Some("x"));
        for fields in [
            &[][..],
            &["__Host-akashi-session"],
            &["akashi-session=x"],
            &["__host-akashi-session=x"],
            &["__Host-akashi-session=x; __Host-akashi-session=x"],
            &["__Host-akashi-session=x", "__Host-akashi-session=y"],
        ] {
            assert_eq!(found(fields), None, "{fields:?}");
        }
    }
}
