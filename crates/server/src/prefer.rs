//! What a writer wants to hear back (`Prefer: return=…`, RFC 7240; FHIR R4, RESTful API, "create/update").

use http::HeaderMap;

/// What the body of the answer to a write is.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(crate) enum Return {
    /// The resource as stored. Also when nothing is said.
    Representation,
    /// Nothing.
    Minimal,
    /// An OperationOutcome.
    Outcome,
}

/// Reads the preference. What is not known is ignored, as RFC 7240, section 2, has it.
pub(crate) fn wanted(headers: &HeaderMap) -> Return {
    let fields = headers.get_all("prefer").iter().filter_map(|field| field.to_str().ok());
    fields.flat_map(|field| field.split([',', ';'])).find_map(preference).unwrap_or(Return::Representation)
}

fn preference(text: &str) -> Option<Return> {
    let (name, value) = text.split_once('=')?;
    if !name.trim().eq_ignore_ascii_case("return") {
        return None;
    }
    match value.trim().trim_matches('"') {
        "minimal" => Some(Return::Minimal),
        "representation" => Some(Return::Representation),
        "OperationOutcome" => Some(Return::Outcome),
        _ => None,
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use http::HeaderValue;

    #[test]
    fn the_first_known_preference_counts() {
        let of = |text| {
            wanted(&HeaderMap::from_iter([(
                http::HeaderName::from_static("prefer"),
                HeaderValue::from_static(text),
            )]))
        };
        assert_eq!(of("return=minimal"), Return::Minimal);
        assert_eq!(of("respond-async, return=\"OperationOutcome\""), Return::Outcome);
        assert_eq!(of("handling=strict; return=representation"), Return::Representation);
        assert_eq!(of("return=everything"), Return::Representation);
        assert_eq!(wanted(&HeaderMap::new()), Return::Representation);
    }
}
