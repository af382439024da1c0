//! How the store derives search rows: by the FHIR rules of `fhir`.

use base::Problem;
use store::{Indexer, Term};

/// The search rows of FHIR resources.
#[derive(Clone, Copy, Debug, Default)]
pub struct SearchIndex;

impl Indexer for SearchIndex {
    fn edition(&self) -> &str {
        fhir::TERMS_EDITION
    }

    fn terms(&self, content: &[u8]) -> Result<Vec<Term>, Problem> {
        Ok(fhir::terms_of_content(content)?.into_iter().map(from_fhir).collect())
    }
}

pub(crate) fn from_fhir(term: fhir::Term) -> Term {
    Term { param: term.param, value: term.value }
}
