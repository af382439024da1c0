//! The types that have a compartment.

/// The types that have a compartment (FHIR R4, compartments).
pub const COMPARTMENTS: [&str; 5] = ["Device", "Encounter", "Patient", "Practitioner", "RelatedPerson"];
