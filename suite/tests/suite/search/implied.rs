//! Systems that elements of type `code` imply by the value set they are bound to (FHIR R4, search, token).
//!
//! Written down by hand for parameters that the data has values of, so that the filter needs no value sets.

/// The system of the codes of a parameter, such as `Patient.gender`; none where nothing is written down.
pub(crate) fn system(name: &str) -> Option<&'static str> {
    IMPLIED.iter().find(|(known, _)| *known == name).map(|(_, system)| *system)
}

const IMPLIED: [(&str, &str); 12] = [
    ("AllergyIntolerance.category", "http://hl7.org/fhir/allergy-intolerance-category"),
    ("AllergyIntolerance.criticality", "http://hl7.org/fhir/allergy-intolerance-criticality"),
    ("AllergyIntolerance.type", "http://hl7.org/fhir/allergy-intolerance-type"),
    ("DiagnosticReport.status", "http://hl7.org/fhir/diagnostic-report-status"),
    ("Encounter.status", "http://hl7.org/fhir/encounter-status"),
    ("Goal.lifecycle-status", "http://hl7.org/fhir/goal-status"),
    ("Immunization.status", "http://hl7.org/fhir/event-status"),
    ("Location.status", "http://hl7.org/fhir/location-status"),
    ("Observation.status", "http://hl7.org/fhir/observation-status"),
    ("Patient.gender", "http://hl7.org/fhir/administrative-gender"),
    ("Practitioner.gender", "http://hl7.org/fhir/administrative-gender"),
    ("Procedure.status", "http://hl7.org/fhir/event-status"),
];
