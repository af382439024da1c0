//! Akashi's own search parameters: by the state of a record, which stands in the entry of the journal and not in the
//! resource. Their names begin with `record-`, as none of R4 does (a test holds that), so that none is ever meant for another.

use super::search::{SearchKind, SearchParam};
use super::{Table, TypeKind};

/// A search parameter over the state of a record.
#[derive(Debug, PartialEq, Eq)]
pub struct StateParam {
    /// The name in a query.
    pub code: &'static str,
    /// How values are compared.
    pub kind: SearchKind,
    /// The words that it may have; none: any.
    pub words: &'static [&'static str],
    /// The canonical address of its definition.
    pub url: &'static str,
}

/// What the version is.
pub(crate) const STATE: &str = "record-state";
/// By what it came to be that.
pub(crate) const ACT: &str = "record-state-act";
/// Since when.
pub(crate) const SINCE: &str = "record-state-since";
/// Who answers for it, or is going to.
pub(crate) const RESPONSIBLE: &str = "record-responsible";
/// Who entered it on behalf of the responsible account.
pub(crate) const ENTERER: &str = "record-enterer";

/// All of them, by name.
pub static STATE_PARAMS: [StateParam; 5] = [
    StateParam {
        code: ENTERER,
        kind: SearchKind::Token,
        words: &[],
        url: "urn:akashi:search:record-enterer",
    },
    StateParam {
        code: RESPONSIBLE,
        kind: SearchKind::Token,
        words: &[],
        url: "urn:akashi:search:record-responsible",
    },
    StateParam {
        code: STATE,
        kind: SearchKind::Token,
        words: &["draft", "final", "amended", "withdrawn"],
        url: "urn:akashi:search:record-state",
    },
    StateParam {
        code: ACT,
        kind: SearchKind::Token,
        words: &[
            "enter", "edit", "finalize", "approve", "return", "progress", "amend", "withdraw", "adopt",
            "import", "assign", "cosign", "lapse",
        ],
        url: "urn:akashi:search:record-state-act",
    },
    StateParam {
        code: SINCE,
        kind: SearchKind::Date,
        words: &[],
        url: "urn:akashi:search:record-state-since",
    },
];

/// The types whose records have states, and so these parameters.
pub static STATED_TYPES: [&str; 26] = [
    "AllergyIntolerance",
    "CarePlan",
    "ClinicalImpression",
    "Communication",
    "Composition",
    "Condition",
    "DetectedIssue",
    "DeviceRequest",
    "DeviceUseStatement",
    "DiagnosticReport",
    "DocumentReference",
    "FamilyMemberHistory",
    "Goal",
    "Immunization",
    "Media",
    "MedicationAdministration",
    "MedicationDispense",
    "MedicationRequest",
    "MedicationStatement",
    "NutritionOrder",
    "Observation",
    "Procedure",
    "QuestionnaireResponse",
    "RiskAssessment",
    "ServiceRequest",
    "VisionPrescription",
];

/// Whether terms of this name tell of the state of a record: they do not follow from its content.
pub fn is_of_state(kept: &str) -> bool {
    let (owner, code) = kept.split_once('.').unwrap_or_default();
    STATED_TYPES.contains(&owner) && STATE_PARAMS.iter().any(|param| param.code == code)
}

/// The parameters of all types that have states.
pub(super) fn params(table: &Table) -> impl Iterator<Item = SearchParam> {
    let known = |name: &&&'static str| table.find(name).is_some_and(|kind| kind.kind == TypeKind::Resource);
    STATED_TYPES.iter().filter(known).flat_map(|owner| STATE_PARAMS.iter().map(move |param| of(owner, param)))
}

fn of(owner: &'static str, param: &'static StateParam) -> SearchParam {
    // Names live as long as the table, which is never freed.
    let name: &'static str = format!("{owner}.{}", param.code).leak();
    SearchParam {
        name,
        kept: vec![name],
        owner,
        code: param.code,
        kind: param.kind,
        targets: Vec::new(),
        of_state: Some(param),
        only: None,
        routes: Vec::new(),
        components: Vec::new(),
        groups: Vec::new(),
    }
}
