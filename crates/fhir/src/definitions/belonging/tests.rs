//! Every reference element of R4 that can lead to a record of a patient is either tied to that patient, or free for a
//! reason that stands here.

use super::*;

/// Who did, said or gets something: a relative or a patient among them stands for themselves.
const PEOPLE: &str = "a person, or a team, that may be related to another patient";
/// What was looked at, beside the record itself.
const AROUND: &str = "what was taken into account, findings on relatives, donors, mother or child among it";
/// Treatment of one patient may have its reason in another.
const REASON: &str = "the reason may lie with another, as in prophylaxis for a newborn or a contact";

/// Names of elements, or paths, that may lead to another patient, and why.
const FREE: [(&str, &str); 71] = [
    ("about", "a message about one patient may speak of others"),
    ("actor", PEOPLE),
    ("addresses", REASON),
    ("asserter", PEOPLE),
    ("author", PEOPLE),
    ("basis", AROUND),
    ("careTeam", "one team looks after several, as after mother and child"),
    ("chargeItem", "a bill may gather what was done for several"),
    ("Claim.related.claim", "several people may claim for one accident"),
    ("communicationRequest", "a payer may ask about more than one"),
    ("CarePlan.activity.outcomeReference", "the outcome of a pregnancy is seen on the child"),
    ("Goal.outcomeReference", "the outcome of a pregnancy is seen on the child"),
    ("ChargeItem.service", "the care of a healthy newborn is charged to the mother"),
    ("Communication.payload.content", "a message may enclose what concerns others"),
    ("CommunicationRequest.payload.content", "a message may enclose what concerns others"),
    (
        "Composition.section.entry",
        "a section may be about another (`section.focus`), as that on the mother in a newborn's letter",
    ),
    ("Consent.provision.data.reference", "a consent may speak of what lies in the record of another"),
    ("Consent.source", "one form may hold the consent of several"),
    ("Condition.evidence.detail", AROUND),
    ("Composition.event.detail", "what a document is about may concern several"),
    ("CoverageEligibilityRequest.item.detail", AROUND),
    ("DetectedIssue.evidence.detail", AROUND),
    ("contributor", PEOPLE),
    ("DocumentManifest.related.ref", "what is related is of any kind"),
    ("EnrollmentRequest.coverage", "a child is enrolled by way of the coverage of a parent"),
    ("Encounter.partOf", "the encounter of a newborn is part of that of the mother"),
    ("enterer", PEOPLE),
    ("evaluatedResource", "a report on a measure counts many patients"),
    ("ExplanationOfBenefit.related.claim", "several people may claim for one accident"),
    ("expressedBy", PEOPLE),
    ("focus", "R4 has `focus` for what is not about the subject: a fetus, a relative, a donor"),
    ("for", "says whose it is"),
    ("implicated", AROUND),
    ("individual", PEOPLE),
    ("information", AROUND),
    ("informationSource", PEOPLE),
    ("inResponseTo", "an answer may widen what is spoken of"),
    ("instance", "what is suspected may have been given to another, as to a mother who nurses"),
    ("item", "a List gathers records of many, and what is weighed in an impression may be of relatives"),
    ("member", PEOPLE),
    ("operator", PEOPLE),
    ("owner", PEOPLE),
    ("parent", "a specimen may be pooled from several"),
    ("participant", PEOPLE),
    ("party", PEOPLE),
    ("payor", PEOPLE),
    ("performer", PEOPLE),
    ("pointer", "a sequence to compare with may be of anybody"),
    ("policyHolder", PEOPLE),
    ("reasonReference", REASON),
    ("recipient", PEOPLE),
    ("recorder", PEOPLE),
    ("reference", PEOPLE),
    ("referenceDocument", "a publication or a report on several"),
    ("referenceSeqPointer", "a sequence to compare with may be of anybody"),
    ("related", "what is related is of any kind"),
    ("reported", PEOPLE),
    ("requester", PEOPLE),
    ("resultsInterpreter", PEOPLE),
    ("sender", PEOPLE),
    ("source", PEOPLE),
    ("subject", "says whose it is"),
    ("subjectResults", "a report on a measure counts many patients"),
    ("subscriber", PEOPLE),
    ("supportingInfo", AROUND),
    ("supportingInformation", AROUND),
    ("supportingPatientInformation", AROUND),
    ("team", "one team looks after several, as after mother and child"),
    ("value", AROUND),
    ("variantPointer", "a sequence to compare with may be of anybody"),
    ("verifiedWith", PEOPLE),
];

fn kind(name: &str) -> ResourceKind {
    resource_kind(name).unwrap()
}

fn all() -> Vec<Candidate> {
    owned().iter().flat_map(|kind| candidates(*kind)).collect()
}

fn names(one: &Candidate, known: &str) -> bool {
    one.path == known || one.path.rsplit('.').next() == Some(known)
}

#[test]
fn every_element_that_leads_to_a_record_of_a_patient_is_tied_or_free_for_a_reason() {
    let free = |one: &Candidate| FREE.iter().any(|(known, _)| names(one, known));
    let undecided = all().into_iter().filter(|one| !one.ties() && !free(one)).map(|one| one.path);
    let undecided: Vec<String> = undecided.collect();
    assert!(undecided.is_empty(), "neither tied nor free:\n{}", undecided.join("\n"));
}

#[test]
fn no_name_of_an_element_stands_there_for_nothing() {
    let all = all();
    let useless = |known: &&str, ties: bool| !all.iter().any(|one| names(one, known) && one.ties() == ties);
    let tied = TIED.iter().chain(&TIED_THERE).filter(|known| useless(known, true));
    let free = FREE.iter().map(|(known, _)| known).chain(&FREE_THERE).filter(|known| useless(known, false));
    assert_eq!(tied.chain(free).collect::<Vec<_>>(), Vec::<&&str>::new());
    assert!(TIED.is_sorted() && TIED_THERE.is_sorted() && FREE_THERE.is_sorted());
}

#[test]
fn a_type_belongs_to_the_one_patient_whom_its_element_names() {
    for (name, member) in [
        ("Observation", "subject"),
        ("AllergyIntolerance", "patient"),
        ("Coverage", "beneficiary"),
        ("ResearchSubject", "individual"),
        ("EnrollmentRequest", "candidate"),
        ("Task", "for"),
        ("QuestionnaireResponse", "subject"),
        ("RelatedPerson", "patient"),
    ] {
        assert_eq!(owner(kind(name)), Some(member), "{name}");
    }
    for name in
        ["Patient", "Account", "Appointment", "Group", "Schedule", "Person", "Provenance", "Device", "Bundle"]
    {
        assert_eq!(owner(kind(name)), None, "{name}");
    }
}

#[test]
fn a_result_is_tied_to_its_order_its_encounter_and_its_specimen_and_not_to_its_reason() {
    let tied = |name: &str| -> Vec<String> {
        candidates(kind(name)).into_iter().filter(Candidate::ties).map(|one| one.path).collect()
    };
    let observation = ["basedOn", "derivedFrom", "encounter", "hasMember", "partOf", "specimen"];
    assert_eq!(tied("Observation"), observation.map(|name| format!("Observation.{name}")));
    let report = ["basedOn", "encounter", "imagingStudy", "media.link", "result", "specimen"];
    assert_eq!(tied("DiagnosticReport"), report.map(|name| format!("DiagnosticReport.{name}")));
    assert_eq!(tied("FamilyMemberHistory"), Vec::<String>::new());
    assert_eq!(tied("Provenance"), Vec::<String>::new());
}
