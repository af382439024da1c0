//! Which patient a record belongs to, and which references tie it to other records of the same patient.
//!
//! Derived from the definitions: of every type in the patient compartment, the one element that says whose record it is,
//! and the reference elements by which it says what it is part of, based on, made in or made from. Which elements those
//! are, and why the others may rightly lead to another patient, is weighed in
//! `docs/decisions/044-one-patient-per-record.md`; a test goes through all elements that R4 has.

use super::{ResourceKind, Step, Type, TypeKind, Variant, compartment, resource_kind, resource_kinds};
use std::sync::OnceLock;

/// Whose a record of a type is, and what ties it to others.
#[derive(Debug)]
pub(crate) struct Belonging {
    /// The JSON member that says whose it is.
    pub(crate) patient: Step,
    /// The references that tie it to other records of the same patient.
    pub(crate) ties: Vec<Tie>,
}

/// One reference element that stays within one patient.
#[derive(Debug)]
pub(crate) struct Tie {
    /// From the resource to the reference.
    pub(crate) steps: Vec<Step>,
    /// Those types it can point at whose records belong to a patient.
    pub(crate) to: Vec<ResourceKind>,
}

/// The elements that say whose a record is, by the names R4 has for them.
const OWNERS: [&str; 6] = ["patient", "subject", "beneficiary", "individual", "candidate", "for"];

/// Types with such an element that R4 leaves out of the patient compartment.
const ALSO: [&str; 2] = ["GuidanceResponse", "Task"];

/// Elements, by name, that stay within one patient wherever they stand.
const TIED: [&str; 43] = [
    "allergyIntolerance",
    "assessment",
    "authorizingPrescription",
    "basedOn",
    "claim",
    "claimResponse",
    "complicationDetail",
    "condition",
    "consent",
    "context",
    "coverage",
    "derivedFrom",
    "detectedIssue",
    "diagnosis",
    "encounter",
    "episodeOfCare",
    "goal",
    "hasMember",
    "imagingStudy",
    "immunizationEvent",
    "insurance",
    "itemReference",
    "link",
    "originalPrescription",
    "partOf",
    "prescription",
    "previous",
    "priorPrescription",
    "priorRequest",
    "problem",
    "procedure",
    "procedureReference",
    "prognosisReference",
    "referral",
    "referralRequest",
    "replaces",
    "report",
    "request",
    "result",
    "resultingCondition",
    "specimen",
    "statusReason",
    "supportingImmunization",
];

/// Elements that stay within one patient although others of that name do not.
const TIED_THERE: [&str; 9] = [
    "AdverseEvent.subjectMedicalHistory",
    "CarePlan.activity.reference",
    "Composition.relatesTo.target",
    "DocumentManifest.content",
    "DocumentReference.relatesTo.target",
    "Immunization.reaction.detail",
    "RequestGroup.action.resource",
    "RiskAssessment.parent",
    "Task.focus",
];

/// Elements that may lead to another patient although others of that name do not.
const FREE_THERE: [&str; 4] = [
    // Claims of several people for one accident.
    "Claim.related.claim",
    // The encounter of a newborn is part of that of the mother: R4 names this use.
    "Encounter.partOf",
    // A child is enrolled by way of the coverage of a parent.
    "EnrollmentRequest.coverage",
    // As of claims.
    "ExplanationOfBenefit.related.claim",
];

/// What is known of a type; none where its records belong to no one patient.
pub(crate) fn belonging(kind: ResourceKind) -> Option<Belonging> {
    let patient = Step::Member(owner(kind)?.to_owned());
    let ties =
        candidates(kind).into_iter().filter(Candidate::ties).map(|one| Tie { steps: one.steps, to: one.to });
    Some(Belonging { patient, ties: ties.collect() })
}

/// The JSON member that says whose records of a type are. Where there can be several, as in an Account, there is none.
fn owner(kind: ResourceKind) -> Option<&'static str> {
    let patient = resource_kind("Patient")?;
    if kind == patient || (compartment(patient, kind).is_empty() && !ALSO.contains(&kind.as_str())) {
        return None;
    }
    let elements = &kind.definition()?.elements;
    let named = |name: &&str| {
        elements.iter().any(|element| {
            element.name() == *name
                && !element.many
                && element.variants.iter().any(|variant| leads(variant, "Patient"))
        })
    };
    OWNERS.into_iter().find(named)
}

/// The types whose records belong to one patient.
fn owned() -> &'static [ResourceKind] {
    static OWNED: OnceLock<Vec<ResourceKind>> = OnceLock::new();
    OWNED.get_or_init(|| resource_kinds().filter(|kind| owner(*kind).is_some()).collect())
}

/// A reference element that can lead to a record of a patient.
struct Candidate {
    /// `Observation.hasMember`.
    path: String,
    steps: Vec<Step>,
    to: Vec<ResourceKind>,
}

impl Candidate {
    fn ties(&self) -> bool {
        let name = self.path.rsplit('.').next().unwrap_or_default();
        let path = self.path.as_str();
        TIED_THERE.contains(&path) || (TIED.contains(&name) && !FREE_THERE.contains(&path))
    }
}

/// All such elements of a type, wherever they stand in it.
fn candidates(kind: ResourceKind) -> Vec<Candidate> {
    let mut found = Vec::new();
    if let Some(definition) = kind.definition() {
        inside(definition, &mut vec![definition.name], (kind.as_str().to_owned(), Vec::new()), &mut found);
    }
    found
}

/// `above` are the types that were entered on the way: structures may hold themselves, and are entered once.
fn inside(
    definition: &'static Type,
    above: &mut Vec<&'static str>,
    (path, steps): (String, Vec<Step>),
    found: &mut Vec<Candidate>,
) {
    for (member, place) in &definition.members {
        let Some(element) = definition.elements.get(usize::from(place.element)) else { continue };
        let Some(variant) = element.variants.get(usize::from(place.variant)) else { continue };
        let Some(kind) = variant.kind() else { continue };
        let path = format!("{path}.{}", element.path_name());
        let steps: Vec<Step> = steps.iter().cloned().chain([Step::Member(member.clone())]).collect();
        if kind.name == "Reference" {
            let to = owned().iter().filter(|kind| leads(variant, kind.as_str())).copied();
            let to: Vec<ResourceKind> = to.collect();
            if !to.is_empty() {
                found.push(Candidate { path, steps, to });
            }
        } else if kind.kind == TypeKind::Complex && kind.name.contains('.') && !above.contains(&kind.name) {
            above.push(kind.name);
            inside(kind, above, (path, steps), found);
            above.pop();
        }
    }
}

/// Whether a reference can lead to records of a type.
fn leads(variant: &Variant, kind: &str) -> bool {
    let any = variant.targets.is_empty() || variant.targets.contains(&"Resource");
    variant.kind().is_some_and(|kind| kind.name == "Reference") && (any || variant.targets.contains(&kind))
}

#[cfg(test)]
mod tests;
