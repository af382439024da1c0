//! A name for each request, so that an answer, a log line and a caller's own log can be brought together.

use crate::codes;
use base::{Entropy, Problem};
use http::{HeaderMap, HeaderName, HeaderValue};
use std::fmt::Write;
use std::sync::atomic::{AtomicU64, Ordering};

/// The field that carries it in both directions.
pub(crate) const REQUEST_ID: HeaderName = HeaderName::from_static("x-request-id");

/// Longest name taken over from a caller, in bytes.
const REQUEST_ID_BYTES_MAX: usize = 64;

/// Gives names that do not repeat: a random beginning per start of the server, then a count.
#[derive(Debug)]
pub(crate) struct RequestIds {
    prefix: String,
    next: AtomicU64,
}

impl RequestIds {
    /// Draws the beginning.
    pub(crate) fn new(entropy: &dyn Entropy) -> Result<Self, Problem> {
        let mut bytes = [0; 8];
        entropy
            .fill(&mut bytes)
            .map_err(|failed| Problem::new(&codes::START_FAILED).log(failed.to_string()))?;
        let mut prefix = String::new();
        for byte in bytes {
            write!(prefix, "{byte:02x}").map_err(|_| Problem::new(&codes::START_FAILED))?;
        }
        Ok(Self { prefix, next: AtomicU64::new(1) })
    }

    /// The caller's own name for the request if it is well-formed, else a new one.
    pub(crate) fn choose(&self, headers: &HeaderMap) -> HeaderValue {
        match headers.get(REQUEST_ID) {
            Some(value) if well_formed(value.as_bytes()) => value.clone(),
            _ => self.fresh(),
        }
    }

    fn fresh(&self) -> HeaderValue {
        let number = self.next.fetch_add(1, Ordering::Relaxed);
        let text = format!("{}-{number:x}", self.prefix);
        HeaderValue::try_from(text).unwrap_or(HeaderValue::from_static("-"))
    }
}

fn well_formed(bytes: &[u8]) -> bool {
    let plain = |byte: &u8| byte.is_ascii_alphanumeric() || matches!(byte, b'-' | b'_' | b'.');
    (1..=REQUEST_ID_BYTES_MAX).contains(&bytes.len()) && bytes.iter().all(plain)
}

#[cfg(test)]
mod tests {
    use super::*;
    use base::SeededEntropy;

    #[test]
    fn a_well_formed_name_is_taken_over_and_any_other_replaced() {
        let ids = RequestIds::new(&SeededEntropy::new(1)).unwrap();
        let mut headers = HeaderMap::new();
        headers.insert(REQUEST_ID, HeaderValue::from_static("abc-1.2_3"));
        assert_eq!(ids.choose(&headers), "abc-1.2_3");
        for bad in ["", "a b", "a\"", &"x".repeat(65)] {
            headers.insert(REQUEST_ID, HeaderValue::from_str(bad).unwrap());
            assert_ne!(ids.choose(&headers), bad);
        }
    }

    #[test]
    fn two_requests_have_two_names() {
        let ids = RequestIds::new(&SeededEntropy::new(1)).unwrap();
        assert_ne!(ids.choose(&HeaderMap::new()), ids.choose(&HeaderMap::new()));
    }
}
