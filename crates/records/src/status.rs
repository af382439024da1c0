//! Which types have states, in which element their status stands, and what each code of it says of the state.
//!
//! Governed are the types whose status tells how far the documentation is. Where the status tells of the thing itself
//! (an order, a visit, a procedure, an illness) it goes on after the writing is done: those are not governed.

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
    /// All codes of its value set.
    codes: &'static [(&'static str, &'static [Is])],
}

/// The code that `$withdraw` writes: all governed types have it.
pub(crate) const WITHDRAWN: &str = "entered-in-error";

const DRAFT: &[Is] = &[Is::Draft];
const FINAL: &[Is] = &[Is::Final];
const AMENDED: &[Is] = &[Is::Amended];
const TAKEN_BACK: &[Is] = &[Is::Withdrawn];
/// The type has one code for what is final and what was amended after.
const FINAL_OR_AMENDED: &[Is] = &[Is::Final, Is::Amended];

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
};

static GOVERNED_TYPES: [Governed; 7] = [
    Governed {
        kind: "ClinicalImpression",
        finished: "completed",
        draft: "in-progress",
        codes: IMPRESSION,
        ..ROW
    },
    Governed { kind: "Composition", codes: COMPOSITION, ..ROW },
    Governed { kind: "DiagnosticReport", codes: REPORT, ..ROW },
    Governed { kind: "DocumentReference", element: "docStatus", optional: true, codes: COMPOSITION, ..ROW },
    Governed { kind: "Observation", codes: OBSERVATION, ..ROW },
    Governed {
        kind: "QuestionnaireResponse",
        finished: "completed",
        draft: "in-progress",
        codes: ANSWERS,
        ..ROW
    },
    Governed { kind: "RiskAssessment", codes: OBSERVATION, ..ROW },
];

/// The names of the types that have states.
pub static GOVERNED: [&str; 7] = [
    "ClinicalImpression",
    "Composition",
    "DiagnosticReport",
    "DocumentReference",
    "Observation",
    "QuestionnaireResponse",
    "RiskAssessment",
];

/// How a type is governed; none where it has no states.
pub(crate) fn governed(kind: &str) -> Option<&'static Governed> {
    GOVERNED_TYPES.iter().find(|governed| governed.kind == kind)
}

impl Governed {
    /// What a content says of its state; none where it names none, and may.
    pub(crate) fn said(&self, content: &fhir::Node) -> Option<Says> {
        let code = content.get(self.element).and_then(fhir::Node::as_str);
        match code {
            None if self.optional => None,
            // An element that must stand, but says only why it has no value.
            None => Some(Says { status: "-", fits: DRAFT }),
            // The check lets no other code pass; one that did would fit no state.
            Some(code) => Some(
                self.codes
                    .iter()
                    .find(|(known, _)| *known == code)
                    .map_or(Says { status: "?", fits: &[] }, |&(status, fits)| Says { status, fits }),
            ),
        }
    }
}

#[cfg(test)]
mod tests {
    use super::*;
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
        assert_eq!(GOVERNED.to_vec(), GOVERNED_TYPES.iter().map(|one| one.kind).collect::<Vec<_>>());
        for governed in &GOVERNED_TYPES {
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
    fn the_law_knows_the_governed_types_as_documentation() {
        let law = access::Law::builtin();
        let groups = law.texts().groups;
        let (_, from) = groups.split_once("types documentation: ").unwrap();
        let (members, _) = from.split_once("\n#").unwrap();
        assert_eq!(members.split_ascii_whitespace().collect::<Vec<_>>(), GOVERNED);
    }

    #[test]
    fn what_names_no_status_is_a_draft_or_has_no_state() {
        let said = |kind: &str, text: &str| {
            let node = fhir::json::parse(text.as_bytes()).unwrap();
            governed(kind).unwrap().said(&node).map(|says| says.fits)
        };
        assert_eq!(said("DocumentReference", r#"{"status":"current"}"#), None);
        assert_eq!(said("Observation", r#"{"_status":{"id":"x"}}"#), Some(DRAFT));
        assert!(governed("Patient").is_none() && governed("MedicationRequest").is_none());
    }
}
