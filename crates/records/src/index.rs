//! How the store derives search rows: by the FHIR rules of `fhir`.

use base::{Problem, Time};
use fhir::Standing;
use fhir::definitions::resource_kind;
use store::{Indexer, State, Term};

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

    fn state_terms(&self, kind: &str, state: &State) -> Vec<Term> {
        let standing = Standing {
            is: state.is.word(),
            act: state.act.word(),
            responsible: state.responsible.as_deref(),
            entered: state.entered.as_deref(),
        };
        let terms = resource_kind(kind).map(|kind| fhir::state_terms(kind, &standing)).unwrap_or_default();
        terms.into_iter().map(from_fhir).collect()
    }

    fn since_term(&self, kind: &str, since: Time) -> Option<Term> {
        resource_kind(kind).and_then(|kind| fhir::since_term(kind, since)).map(from_fhir)
    }
}

pub(crate) fn from_fhir(term: fhir::Term) -> Term {
    Term { param: term.param, value: term.value }
}
