//! Compartments: the records that belong to a patient, an encounter or another record by their references
//! (FHIR R4, CompartmentDefinition).

use crate::codes;
use base::{Problem, RecordKey};
use fhir::ResourceKind;
use fhir::definitions;
use std::collections::BTreeSet;
use store::{Alternative, Links, Matching, Span};

/// Being in the compartment of one of some records of a type, for records of these types. None when none of the types can be.
pub(crate) fn membership(
    of: &BTreeSet<RecordKey>,
    kinds: impl Iterator<Item = ResourceKind>,
    links: &dyn Links,
) -> Result<Option<Matching>, Problem> {
    let Some(first) = of.first() else { return Ok(None) };
    let compartment = kind_of(first)?;
    let values: Vec<Vec<u8>> = of.iter().flat_map(|one| links.to(one)).collect();
    let mut any = Vec::new();
    for kind in kinds {
        for param in definitions::compartment(compartment, kind) {
            any.extend(values.iter().map(|value| Alternative {
                param,
                span: Span::Exact(value.clone()),
                test: None,
            }));
        }
    }
    Ok((!any.is_empty()).then_some(Matching::Terms { any, negated: false }))
}

/// The type of a record that has a compartment.
pub(crate) fn kind_of(of: &RecordKey) -> Result<ResourceKind, Problem> {
    definitions::resource_kind(&of.kind)
        .filter(|kind| COMPARTMENTS.contains(&kind.as_str()))
        .ok_or_else(|| Problem::new(&codes::NO_COMPARTMENT).with("type", &of.kind))
}

/// The types that have a compartment (FHIR R4, compartments).
pub const COMPARTMENTS: [&str; 5] = ["Device", "Encounter", "Patient", "Practitioner", "RelatedPerson"];
