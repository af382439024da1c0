//! Which types have states, in which element their status stands, and what each code of it says of the state.
//!
//! Where the status tells how far the documentation is, the state follows it. Where it tells of the thing itself (an order,
//! a procedure, an illness) it goes on after the writing is done: there the state stands beside it, in the entries alone.
//! What is of administration (patients, visits, appointments, tasks, accounts) has none.

use crate::same;
use fhir::Node;
use store::{Is, Says};

/// A type with states.
#[derive(Debug)]
pub(crate) struct Governed {
    kind: &'static str,
    /// The element of the status.
    pub(crate) element: &'static str,
    /// Whether a content may do without it: then it has no state until one is named.
    optional: bool,
    /// The code that `$finalize` writes.
    pub(crate) finished: &'static str,
    /// The code that a draft has.
    pub(crate) draft: &'static str,
    /// All codes of its value set; none where the state stands beside it.
    codes: &'static [(&'static str, &'static [Is])],
    /// Where the state stands beside the status: what goes on after the writing is done, and the system of the codes of
    /// the status where it is a concept.
    beside: Option<Beside>,
}

/// A type whose status tells of the thing, not of its documentation.
#[derive(Clone, Copy, Debug)]
struct Beside {
    /// The elements that tell how far the thing is.
    progress: &'static [&'static str],
    /// The code system of the status, where that is a concept and no code.
    system: Option<&'static str>,
}

/// The code that `$withdraw` writes: all governed types have it.
pub(crate) const WITHDRAWN: &str = "entered-in-error";

/// Tells how far an illness is, and must not stand where it was entered in error (invariants con-5 and ait-2).
const CLINICAL_STATUS: &str = "clinicalStatus";

const DRAFT: &[Is] = &[Is::Draft];
const FINAL: &[Is] = &[Is::Final];
const AMENDED: &[Is] = &[Is::Amended];
const TAKEN_BACK: &[Is] = &[Is::Withdrawn];
/// The type has one code for what is final and what was amended after.
const FINAL_OR_AMENDED: &[Is] = &[Is::Final, Is::Amended];
/// The content says nothing of its state: what begins is a draft.
const UNSAID: &[Is] = &[Is::Draft, Is::Final, Is::Amended];

/// Required binding of Observation and RiskAssessment. A cancelled observation says that nothing more will come, which
/// somebody answers for; where nobody knows the status, nobody does yet.
const OBSERVATION: &[(&str, &[Is])] = &[
    ("registered", DRAFT),
    ("preliminary", DRAFT),
    ("final", FINAL),
    ("amended", AMENDED),
    ("corrected", AMENDED),
    ("cancelled", FINAL),
    (WITHDRAWN, TAKEN_BACK),
    ("unknown", DRAFT),
];

const REPORT: &[(&str, &[Is])] = &[
    ("registered", DRAFT),
    ("partial", DRAFT),
    ("preliminary", DRAFT),
    ("final", FINAL),
    ("amended", AMENDED),
    ("corrected", AMENDED),
    ("appended", AMENDED),
    ("cancelled", FINAL),
    (WITHDRAWN, TAKEN_BACK),
    ("unknown", DRAFT),
];

const COMPOSITION: &[(&str, &[Is])] =
    &[("preliminary", DRAFT), ("final", FINAL), ("amended", AMENDED), (WITHDRAWN, TAKEN_BACK)];

/// Answers that were given up stand as they are: R4 says that nothing changes them any more.
const ANSWERS: &[(&str, &[Is])] = &[
    ("in-progress", DRAFT),
    ("completed", FINAL),
    ("amended", AMENDED),
    (WITHDRAWN, TAKEN_BACK),
    ("stopped", FINAL),
];

const IMPRESSION: &[(&str, &[Is])] =
    &[("in-progress", DRAFT), ("completed", FINAL_OR_AMENDED), (WITHDRAWN, TAKEN_BACK)];

const ROW: Governed = Governed {
    kind: "",
    element: "status",
    optional: false,
    finished: "final",
    draft: "preliminary",
    codes: &[],
    beside: None,
};

/// A type with its state beside its status.
const fn beside(kind: &'static str, element: &'static str, progress: &'static [&'static str]) -> Governed {
    Governed { kind, element, beside: Some(Beside { progress, system: None }), ..ROW }
}

/// The same, of a status that is a concept of a code system.
const fn verified(kind: &'static str, system: &'static str, progress: &'static [&'static str]) -> Governed {
    let beside = Some(Beside { progress, system: Some(system) });
    Governed { kind, element: "verificationStatus", beside, ..ROW }
}

const STATUS: &[&str] = &["status"];
const STATUS_AND_REASON: &[&str] = &["status", "statusReason"];

/// One row for each of [`fhir::definitions::STATED_TYPES`], in their order.
static GOVERNED_TYPES: [Governed; 26] = [
    verified(
        "AllergyIntolerance",
        "http://terminology.hl7.org/CodeSystem/allergyintolerance-verification",
        &[CLINICAL_STATUS, "lastOccurrence"],
    ),
    beside("CarePlan", "status", STATUS),
    Governed {
        kind: "ClinicalImpression",
        finished: "completed",
        draft: "in-progress",
        codes: IMPRESSION,
        ..ROW
    },
    beside("Communication", "status", &["status", "statusReason", "received"]),
    Governed { kind: "Composition", codes: COMPOSITION, ..ROW },
    verified(
        "Condition",
        "http://terminology.hl7.org/CodeSystem/condition-ver-status",
        &[
            CLINICAL_STATUS,
            "abatementDateTime",
            "abatementAge",
            "abatementPeriod",
            "abatementRange",
            "abatementString",
        ],
    ),
    beside("DetectedIssue", "status", &["status", "mitigation"]),
    beside("DeviceRequest", "status", STATUS),
    beside("DeviceUseStatement", "status", STATUS),
    Governed { kind: "DiagnosticReport", codes: REPORT, ..ROW },
    Governed { kind: "DocumentReference", element: "docStatus", optional: true, codes: COMPOSITION, ..ROW },
    beside("FamilyMemberHistory", "status", &[]),
    beside(
        "Goal",
        "lifecycleStatus",
        &["lifecycleStatus", "achievementStatus", "statusDate", "statusReason"],
    ),
    beside("Immunization", "status", &[]),
    beside("Media", "status", STATUS),
    beside("MedicationAdministration", "status", STATUS_AND_REASON),
    beside(
        "MedicationDispense",
        "status",
        &["status", "statusReasonCodeableConcept", "statusReasonReference"],
    ),
    beside("MedicationRequest", "status", STATUS_AND_REASON),
    beside("MedicationStatement", "status", STATUS_AND_REASON),
    beside("NutritionOrder", "status", STATUS),
    Governed { kind: "Observation", codes: OBSERVATION, ..ROW },
    beside("Procedure", "status", STATUS_AND_REASON),
    Governed {
        kind: "QuestionnaireResponse",
        finished: "completed",
        draft: "in-progress",
        codes: ANSWERS,
        ..ROW
    },
    Governed { kind: "RiskAssessment", codes: OBSERVATION, ..ROW },
    beside("ServiceRequest", "status", STATUS),
    beside("VisionPrescription", "status", STATUS),
];

/// How a type is governed; none where it has no states.
pub(crate) fn governed(kind: &str) -> Option<&'static Governed> {
    GOVERNED_TYPES.iter().find(|governed| governed.kind == kind)
}

impl Governed {
    /// What a content says of its state; none where it names none, and may.
    pub(crate) fn said(&self, content: &Node) -> Option<Says> {
        if self.beside.is_some() {
            return Some(if self.is_in_error(content) {
                Says { status: WITHDRAWN, fits: TAKEN_BACK, named: true }
            } else {
                Says { status: "-", fits: UNSAID, named: false }
            });
        }
        let says = |status, fits| Says { status, fits, named: true };
        match content.get(self.element).and_then(Node::as_str) {
            None if self.optional => None,
            // An element that must stand, but says only why it has no value.
            None => Some(says("-", DRAFT)),
            // The check lets no other code pass; one that did would fit no state.
            Some(code) => Some(
                self.codes
                    .iter()
                    .find(|(known, _)| *known == code)
                    .map_or(says("?", &[]), |&(status, fits)| says(status, fits)),
            ),
        }
    }

    /// Whether the status says that it was entered in error.
    fn is_in_error(&self, content: &Node) -> bool {
        let Some(status) = content.get(self.element) else { return false };
        let Some(system) = self.beside.and_then(|beside| beside.system) else {
            return status.as_str() == Some(WITHDRAWN);
        };
        let is = |coding: &Node, name, value| coding.get(name).and_then(Node::as_str) == Some(value);
        let codings = status.get("coding").and_then(Node::as_array).unwrap_or_default();
        codings.iter().any(|coding| is(coding, "system", system) && is(coding, "code", WITHDRAWN))
    }

    /// The content of a version that is finished.
    pub(crate) fn finish(&self, content: Node) -> Node {
        match self.beside {
            Some(_) => content,
            None => with(content, self.element, Node::String(self.finished.to_owned())),
        }
    }

    /// The content of a version that is taken back.
    pub(crate) fn take_back(&self, content: Node) -> Node {
        let code = Node::String(WITHDRAWN.to_owned());
        let Some(system) = self.beside.and_then(|beside| beside.system) else {
            return with(content, self.element, code);
        };
        let system = Node::String(system.to_owned());
        let coding = Node::Object(vec![("system".to_owned(), system), ("code".to_owned(), code)]);
        let concept = Node::Object(vec![("coding".to_owned(), Node::Array(vec![coding]))]);
        without(with(content, self.element, concept), CLINICAL_STATUS)
    }

    /// Whether the thing goes on after the writing is done.
    pub(crate) fn goes_on(&self) -> bool {
        self.beside.is_some()
    }

    /// Whether nothing but the progress of the thing differs between two contents of a record.
    pub(crate) fn only_progressed(&self, before: &Node, after: &Node) -> bool {
        let Some(Beside { progress, .. }) = self.beside else { return false };
        // What the server sets anew with each version; labels and profiles are part of what was settled.
        let set_anew = |name: &str| matches!(name, "versionId" | "lastUpdated");
        let none = Node::Object(Vec::new());
        let meta = |content: &'_ Node| content.get("meta").cloned().unwrap_or_else(|| none.clone());
        let moves = |name: &str| name == "meta" || progress.contains(&name.strip_prefix('_').unwrap_or(name));
        same::but(&meta(before), &meta(after), set_anew) && same::but(before, after, moves)
    }
}

/// A content with another value of an element.
fn with(content: Node, element: &str, value: Node) -> Node {
    let Node::Object(mut members) = content else { return content };
    match members.iter_mut().find(|(name, _)| name == element) {
        Some((_, old)) => *old = value,
        None => members.push((element.to_owned(), value)),
    }
    Node::Object(members)
}

/// A content without an element.
fn without(content: Node, element: &str) -> Node {
    let Node::Object(mut members) = content else { return content };
    members.retain(|(name, _)| name.strip_prefix('_').unwrap_or(name) != element);
    Node::Object(members)
}

#[cfg(test)]
mod tests {
    use super::*;
    use fhir::definitions::STATED_TYPES;
    use std::collections::BTreeSet;

    /// A good resource of a type with a status.
    fn sample(kind: &str, element: &str, code: &str) -> String {
        let rest = match kind {
            "Composition" => r#","type":{"text":"x"},"date":"2026","author":[{"display":"x"}],"title":"x""#,
            "DocumentReference" => r#","status":"current","content":[{"attachment":{"title":"x"}}]"#,
            "Observation" | "DiagnosticReport" => r#","code":{"text":"x"}"#,
            "ClinicalImpression" | "RiskAssessment" => r#","subject":{"display":"x"}"#,
            _ => "",
        };
        format!(r#"{{"resourceType":"{kind}","{element}":"{code}"{rest}}}"#)
    }

    #[test]
    fn every_code_of_every_status_says_something_of_the_state() {
        let codes: BTreeSet<&str> =
            GOVERNED_TYPES.iter().flat_map(|one| one.codes.iter().map(|(code, _)| *code)).collect();
        assert_eq!(STATED_TYPES.to_vec(), GOVERNED_TYPES.iter().map(|one| one.kind).collect::<Vec<_>>());
        for governed in GOVERNED_TYPES.iter().filter(|governed| !governed.goes_on()) {
            for code in &codes {
                let text = sample(governed.kind, governed.element, code);
                let node = fhir::json::parse(text.as_bytes()).unwrap();
                let good = fhir::check(node.clone()).is_ok();
                let known = governed.codes.iter().any(|(known, _)| known == code);
                assert_eq!(good, known, "{} {code}: the table is the value set", governed.kind);
                let fits = governed.said(&node).unwrap().fits;
                assert_eq!(fits.is_empty(), !known, "{} {code}", governed.kind);
            }
            let states = |code: &str| governed.codes.iter().find(|(known, _)| *known == code).unwrap().1;
            assert_eq!(states(governed.draft), DRAFT);
            assert_eq!(states(WITHDRAWN), TAKEN_BACK);
            assert!(states(governed.finished).contains(&Is::Final));
            let amended = governed.codes.iter().any(|(_, states)| states.contains(&Is::Amended));
            assert!(amended, "{} can be amended", governed.kind);
        }
    }

    #[test]
    fn what_can_be_searched_by_states_are_the_types_and_words_that_there_are() {
        use fhir::definitions::STATE_PARAMS;
        let words = |code: &str| STATE_PARAMS.iter().find(|param| param.code == code).unwrap().words;
        assert_eq!(words("record-state"), Is::ALL.map(Is::word));
        assert_eq!(words("record-state-act"), store::StateAct::ALL.map(store::StateAct::word));
        for act in store::StateAct::ALL {
            assert_eq!(serde_json::to_value(act).unwrap(), act.word());
        }
    }

    #[test]
    fn the_law_knows_the_governed_types_as_documentation() {
        let law = access::Law::builtin();
        let groups = law.texts().groups;
        let (_, from) = groups.split_once("types documentation: ").unwrap();
        let (members, _) = from.split_once("\n#").unwrap();
        assert_eq!(members.split_ascii_whitespace().collect::<Vec<_>>(), STATED_TYPES);
    }

    #[test]
    fn what_names_no_status_is_a_draft_or_has_no_state() {
        let said = |kind: &str, text: &str| {
            let node = fhir::json::parse(text.as_bytes()).unwrap();
            governed(kind).unwrap().said(&node).map(|says| says.fits)
        };
        assert_eq!(said("DocumentReference", r#"{"status":"current"}"#), None);
        assert_eq!(said("Observation", r#"{"_status":{"id":"x"}}"#), Some(DRAFT));
        assert!(governed("Patient").is_none() && governed("Encounter").is_none());
    }

    /// A good resource of each type with its state beside its status.
    const BESIDE: &[&str] = &[
        r#"{"resourceType":"AllergyIntolerance","clinicalStatus":{"coding":[{"system":"http://terminology.hl7.org/CodeSystem/allergyintolerance-clinical","code":"active"}]},"patient":{"display":"x"}}"#,
        r#"{"resourceType":"CarePlan","status":"active","intent":"plan","subject":{"display":"x"}}"#,
        r#"{"resourceType":"Communication","status":"in-progress"}"#,
        r#"{"resourceType":"Condition","clinicalStatus":{"coding":[{"system":"http://terminology.hl7.org/CodeSystem/condition-clinical","code":"active"}]},"subject":{"display":"x"}}"#,
        r#"{"resourceType":"DetectedIssue","status":"preliminary"}"#,
        r#"{"resourceType":"DeviceRequest","status":"active","intent":"order","codeCodeableConcept":{"text":"x"},"subject":{"display":"x"}}"#,
        r#"{"resourceType":"DeviceUseStatement","status":"active","subject":{"display":"x"},"device":{"display":"x"}}"#,
        r#"{"resourceType":"FamilyMemberHistory","status":"partial","patient":{"display":"x"},"relationship":{"text":"x"}}"#,
        r#"{"resourceType":"Goal","lifecycleStatus":"active","description":{"text":"x"},"subject":{"display":"x"}}"#,
        r#"{"resourceType":"Immunization","status":"completed","vaccineCode":{"text":"x"},"patient":{"display":"x"},"occurrenceString":"x"}"#,
        r#"{"resourceType":"Media","status":"in-progress","content":{"title":"x"}}"#,
        r#"{"resourceType":"MedicationAdministration","status":"in-progress","medicationCodeableConcept":{"text":"x"},"subject":{"display":"x"},"effectiveDateTime":"2026"}"#,
        r#"{"resourceType":"MedicationDispense","status":"in-progress","medicationCodeableConcept":{"text":"x"}}"#,
        r#"{"resourceType":"MedicationRequest","status":"active","intent":"order","medicationCodeableConcept":{"text":"x"},"subject":{"display":"x"}}"#,
        r#"{"resourceType":"MedicationStatement","status":"active","medicationCodeableConcept":{"text":"x"},"subject":{"display":"x"}}"#,
        r#"{"resourceType":"NutritionOrder","status":"active","intent":"order","patient":{"display":"x"},"dateTime":"2026"}"#,
        r#"{"resourceType":"Procedure","status":"in-progress","subject":{"display":"x"}}"#,
        r#"{"resourceType":"ServiceRequest","status":"active","intent":"order","subject":{"display":"x"}}"#,
        r#"{"resourceType":"VisionPrescription","status":"active","created":"2026","patient":{"display":"x"},"dateWritten":"2026","prescriber":{"display":"x"},"lensSpecification":[{"product":{"text":"x"},"eye":"right"}]}"#,
    ];

    fn kind_of(node: &Node) -> &'static Governed {
        governed(node.get("resourceType").unwrap().as_str().unwrap()).unwrap()
    }

    #[test]
    fn what_is_taken_back_is_good_and_says_so_for_every_type() {
        let beside: Vec<Node> =
            BESIDE.iter().map(|text| fhir::json::parse(text.as_bytes()).unwrap()).collect();
        let kinds: Vec<&str> = beside.iter().map(|node| kind_of(node).kind).collect();
        let expected: Vec<&str> =
            GOVERNED_TYPES.iter().filter(|one| one.goes_on()).map(|one| one.kind).collect();
        assert_eq!(kinds, expected);
        for node in beside {
            let governed = kind_of(&node);
            fhir::check(node.clone()).unwrap();
            assert_eq!(governed.said(&node).unwrap().fits, UNSAID, "{}", governed.kind);
            assert!(governed.finish(node.clone()) == node, "{} is finished as it stands", governed.kind);
            let gone = governed.take_back(node);
            let good = fhir::check(gone.clone());
            assert!(good.is_ok(), "{}: {:?}", governed.kind, good.err());
            assert_eq!(governed.said(&gone).unwrap().fits, TAKEN_BACK, "{}", governed.kind);
        }
    }

    #[test]
    fn what_goes_on_are_elements_of_the_type() {
        for governed in &GOVERNED_TYPES {
            let Some(Beside { progress, .. }) = governed.beside else { continue };
            let sample =
                BESIDE.iter().find(|text| text.contains(&format!(r#":"{}""#, governed.kind))).unwrap();
            for element in progress {
                let odd = with(fhir::json::parse(sample.as_bytes()).unwrap(), element, Node::Bool(true));
                let problems = fhir::check(odd).unwrap_err();
                let known = problems.iter().all(|problem| problem.code().id != "FH-0012");
                assert!(known, "{}.{element}: {problems:?}", governed.kind);
            }
        }
    }

    #[test]
    fn an_order_that_is_filled_goes_on_and_an_order_of_something_else_does_not() {
        let order = |members: &str| {
            let text = format!(r#"{{"resourceType":"MedicationRequest","id":"m",{members}}}"#);
            fhir::json::parse(text.as_bytes()).unwrap()
        };
        let governed = governed("MedicationRequest").unwrap();
        let before = order(
            r#""meta":{"versionId":"1","security":[{"code":"R"}]},"status":"active","note":[{"text":"a"},{"text":"b"}]"#,
        );
        let progressed = |members: &str| governed.only_progressed(&before, &order(members));
        assert!(progressed(
            r#""note":[{"text":"a"},{"text":"b"}],"status":"completed","_status":{"id":"s"},"statusReason":{"text":"x"},"meta":{"security":[{"code":"R"}],"versionId":"2"}"#
        ));
        for other in [
            r#""meta":{"security":[{"code":"R"}]},"status":"active","note":[{"text":"b"},{"text":"a"}]"#,
            r#""meta":{"security":[{"code":"R"}]},"status":"active""#,
            r#""meta":{"security":[{"code":"N"}]},"status":"active","note":[{"text":"a"},{"text":"b"}]"#,
            r#""status":"active","note":[{"text":"a"},{"text":"b"}]"#,
            r#""meta":{"security":[{"code":"R"}]},"status":"active","note":[{"text":"a"},{"text":"b"}],"priority":"stat""#,
        ] {
            assert!(!progressed(other), "{other}");
        }
        let composition = super::governed("Composition").unwrap();
        assert!(!composition.only_progressed(&before, &before), "there every change is a correction");
    }

    #[test]
    fn a_status_is_replaced_where_it_stands_and_nothing_else_is_touched() {
        let finished = |text: &str| {
            let mut out = Vec::new();
            let governed = governed("Observation").unwrap();
            governed.finish(fhir::json::parse(text.as_bytes()).unwrap()).write(&mut out);
            String::from_utf8(out).unwrap()
        };
        assert_eq!(
            finished(r#"{"a":1.10,"status":"preliminary","b":"x"}"#),
            r#"{"a":1.10,"status":"final","b":"x"}"#
        );
        assert_eq!(finished(r#"{"a":1}"#), r#"{"a":1,"status":"final"}"#);
    }
}
