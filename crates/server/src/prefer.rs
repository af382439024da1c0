//! What a caller prefers (`Prefer`, RFC 7240): what a write answers with, and how strictly a search is read (FHIR R4, RESTful
//! API, "create/update", "Handling Errors" of search).

use http::{HeaderMap, HeaderValue};
use records::Returned;

/// The preferences of a request. What is not known is ignored, as RFC 7240, section 2, has it.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq)]
pub(crate) struct Preference {
    returned: Option<Returned>,
    lenient: Option<bool>,
}

impl Preference {
    /// Reads the preferences; of one that stands twice the first counts.
    pub(crate) fn read(headers: &HeaderMap) -> Self {
        let fields = headers.get_all("prefer").iter().filter_map(|field| field.to_str().ok());
        let mut preference = Self::default();
        for (name, value) in fields.flat_map(|field| field.split([',', ';'])).filter_map(pair) {
            match name.to_ascii_lowercase().as_str() {
                "return" => preference.returned = preference.returned.or_else(|| returned(value)),
                "handling" => preference.lenient = preference.lenient.or_else(|| lenient(value)),
                _ => {}
            }
        }
        preference
    }

    /// What a write answers with: the resource, when nothing is said.
    pub(crate) fn returned(self) -> Returned {
        self.returned.unwrap_or_default()
    }

    /// Whether parameters of a search that are not known are passed over; they are not, when nothing is said.
    pub(crate) fn lenient(self) -> bool {
        self.lenient.unwrap_or(false)
    }

    /// `Preference-Applied` for the answer to a write.
    pub(crate) fn applied_to_write(self) -> Option<HeaderValue> {
        Some(HeaderValue::from_static(match self.returned? {
            Returned::Representation => "return=representation",
            Returned::Minimal => "return=minimal",
            Returned::Outcome => "return=OperationOutcome",
        }))
    }

    /// `Preference-Applied` for the answer to a search.
    pub(crate) fn applied_to_search(self) -> Option<HeaderValue> {
        let lenient = self.lenient?;
        Some(HeaderValue::from_static(if lenient { "handling=lenient" } else { "handling=strict" }))
    }
}

fn pair(text: &str) -> Option<(&str, &str)> {
    let (name, value) = text.split_once('=')?;
    Some((name.trim(), value.trim().trim_matches('"')))
}

fn returned(value: &str) -> Option<Returned> {
    match value {
        "minimal" => Some(Returned::Minimal),
        "representation" => Some(Returned::Representation),
        "OperationOutcome" => Some(Returned::Outcome),
        _ => None,
    }
}

fn lenient(value: &str) -> Option<bool> {
    match value {
        "lenient" => Some(true),
        "strict" => Some(false),
        _ => None,
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    fn of(text: &'static str) -> Preference {
        let mut headers = HeaderMap::new();
        headers.insert("prefer", HeaderValue::from_static(text));
        Preference::read(&headers)
    }

    #[test]
    fn the_preferences_are_read_and_the_resource_is_the_default() {
        assert_eq!(of("return=minimal").returned(), Returned::Minimal);
        assert_eq!(of("respond-async, return=\"OperationOutcome\"").returned(), Returned::Outcome);
        assert_eq!(of("handling=strict; return=representation").returned(), Returned::Representation);
        assert_eq!(of("return=everything").returned(), Returned::Representation);
        assert_eq!(Preference::read(&HeaderMap::new()).returned(), Returned::Representation);
        assert!(of("return=minimal, Handling=lenient").lenient());
        assert!(!of("handling=strict").lenient() && !of("handling=gentle").lenient());
    }

    #[test]
    fn what_was_preferred_and_understood_is_told() {
        let text = |value: Option<HeaderValue>| value.map(|value| value.to_str().unwrap().to_owned());
        let both = of("return=minimal, handling=lenient");
        assert_eq!(text(both.applied_to_write()).unwrap(), "return=minimal");
        assert_eq!(text(both.applied_to_search()).unwrap(), "handling=lenient");
        assert_eq!(text(of("return=everything").applied_to_write()), None);
        assert_eq!(text(of("return=minimal").applied_to_search()), None);
    }
}
