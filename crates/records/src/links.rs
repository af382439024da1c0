//! How references between records are written as search values: by the rules of `fhir`, for one address of the facility.

use base::RecordKey;
use store::Links;

/// References as they are written for the FHIR API at one base address.
#[derive(Clone, Debug)]
pub(crate) struct Addresses {
    base_url: String,
}

impl Addresses {
    pub(crate) fn of(base_url: &str) -> Self {
        Self { base_url: base_url.to_owned() }
    }
}

impl Links for Addresses {
    fn to(&self, key: &RecordKey) -> Vec<Vec<u8>> {
        fhir::search::references_to(&key.kind, key.id.as_str(), &self.base_url)
    }

    fn from(&self, value: &[u8]) -> Option<RecordKey> {
        let (kind, id) = fhir::search::referenced(value, &self.base_url)?;
        Some(RecordKey::new(kind.as_str(), id))
    }
}
