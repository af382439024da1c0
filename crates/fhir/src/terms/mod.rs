//! Search terms: what a resource can be found by, as bytes whose order is the order of comparison.
//!
//! The first byte of a term is its class, the rest depends on the kind of the parameter. `00` stands nowhere inside texts,
//! because no string of a checked resource holds it.
//!
//! | kind | terms |
//! |---|---|
//! | token | `01 code 00 system` (system empty when there is none); `02 system`; `03 text` normalised; `04 type-system 00 type-code 00 value` |
//! | reference | `01 Type/id`; `02 address`, absolute; `03 value 00 system` of an identifier; a version (`/_history/3`) is cut off |
//! | string | `01 normalised 00 original` ([`string::term`]) |
//! | date | `01 from until`; when longer than a day also `02 until from` ([`date::Moments`]) |
//! | number | `01 number` ([`decimal`]) |
//! | quantity | `01 code 00 number system`; `01 unit 00 number` where the unit is written otherwise; `02 number` |
//! | uri | `01 address`; a canonical one with a version also without it |
//! | composite | the class 01 term of each part (after a token `00`), then a term of the last part of class 01 or 02 |
//!
//! Codes are kept, and matched, as they are written, upper and lower case apart. A token, reference, address or quantity
//! longer than [`TERM_BYTES_MAX`] makes no term, and a query for one is refused; texts are cut ([`text::TEXT_BYTES_MAX`]).
//! Beside the search parameters stand names of our own: [`PATIENT`] and [`TIE`], by which the store keeps the records of two
//! patients apart (`docs/decisions/044-one-patient-per-record.md`), [`REPLACED_BY`], [`REPLACES`] and [`BLOCK`], by which it
//! knows and finds patients that are one person (`docs/decisions/045-duplicate-patients.md`), and [`MEMBER`], by which it
//! finds what ever belonged to a patient's record (`docs/decisions/049-past-moments.md`).
//! The state of a record, which its entry in the journal says, makes terms of the parameters of our own ([`state_terms`],
//! [`since_term`]): tokens without a system, and a moment.
//! Contained resources make no terms. Parameters of a type that look at the same places keep their terms once
//! (`SearchParam::kept`): `patient` with `subject`, `combo-code` with `code` and `component-code`.

pub(crate) mod date;
pub(crate) mod decimal;
pub(crate) mod number;
mod plan;
pub(crate) mod quantity;
mod read;
mod record_state;
pub(crate) mod reference;
pub(crate) mod string;
pub(crate) mod text;
pub(crate) mod token;
pub(crate) mod uri;
mod walk;

use crate::checked::Checked;
use crate::codes;
use crate::definitions;
use crate::json::{self, Node};
use base::Problem;
use jiter::Jiter;
use std::fmt;

pub use record_state::{Standing, since_term, state_terms};
pub(crate) use walk::composed;

/// Longest term that is neither a text nor a composite, in bytes.
pub(crate) const TERM_BYTES_MAX: usize = 1_024;

/// One thing a resource can be found by. `Debug` hides the value.
#[derive(Clone, PartialEq, Eq, PartialOrd, Ord, Hash)]
pub struct Term {
    /// Under which name it is kept: type and code of a search parameter (`Patient.identifier`).
    pub param: &'static str,
    /// The encoded value.
    pub value: Vec<u8>,
}

impl fmt::Debug for Term {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        write!(f, "{} of {} bytes", self.param, self.value.len())
    }
}

impl Checked {
    /// All terms of the resource, sorted, each once. Contained resources have none of their own.
    pub fn terms(&self) -> Vec<Term> {
        terms(self.node())
    }
}

/// Names the rules by which terms are made. Change it with them: indexes made by other rules are then built again.
pub const TERMS_EDITION: &str = "r4-5";

/// Under this name is kept whose a resource is, as a reference term. No search parameter has such a name.
pub const PATIENT: &str = "~patient";

/// Under this name are kept the references that tie a resource to others of the same patient, as reference terms.
pub const TIE: &str = "~tie";

/// Under this name is kept the patient into whom a patient was merged (`link` of type `replaced-by`), as a reference term.
pub const REPLACED_BY: &str = "~replaced-by";

/// Under this name are kept the patients who were merged into a patient (`link` of type `replaces`), as reference terms.
pub const REPLACES: &str = "~replaces";

/// Under this name are kept the keys by which patients are found that may be one person ([`crate::alike`]), also those of
/// their insurance. They are no terms of a search parameter: a letter for the field, then the value.
pub const BLOCK: &str = "~block";

/// Under this name is kept to which patients' records (compartments) a resource belongs, as reference terms. The store keeps
/// them for every version, so that a record can be shown as it stood at any moment.
pub const MEMBER: &str = "~member";

/// All terms of a resource that was checked when it was stored, sorted, each once; none when it has no known type.
/// Stored resources are not checked again: a rule that came later must not hide what was accepted before it.
pub fn terms(resource: &Node) -> Vec<Term> {
    let kind = resource.get("resourceType").and_then(Node::as_str).and_then(definitions::resource_kind);
    kind.and_then(plan::plan).map(|plan| walk::terms(plan, resource)).unwrap_or_default()
}

/// The terms of a stored resource, as [`terms`] makes them, read off its JSON: members that no search parameter looks
/// at are skipped, which makes this several times faster than reading the whole. For content that was checked when it
/// was stored; anything else gives an error or some terms, never a panic.
pub fn terms_of_content(content: &[u8]) -> Result<Vec<Term>, Problem> {
    let unreadable = |_| Problem::new(&codes::json::SYNTAX).log("stored content is not JSON");
    let mut reader = Jiter::new(content);
    let first = reader.next_object().map_err(unreadable)?;
    if first != Some("resourceType") {
        return Ok(terms(&json::parse(content)?));
    }
    let kind = definitions::resource_kind(reader.next_str().map_err(unreadable)?);
    let Some(plan) = kind.and_then(plan::plan) else { return Ok(Vec::new()) };
    let resource = read::rest_of_object(&mut reader, &plan.needs).map_err(|fault| match fault {
        read::Fault::Json(error) => unreadable(error),
        read::Fault::Value(problem) => problem,
    })?;
    Ok(walk::terms(plan, &resource))
}

#[cfg(test)]
mod tests;
