//! What can be written with a form: the fields of each kind, as data.

use super::node;
use crate::words::Words;
use fhir::Node;
use fhir::definitions::STATED_TYPES;

/// How a field is filled in.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(super) enum Input {
    /// One line.
    Line,
    /// Lines of text.
    Text,
    /// A decimal number.
    Number,
    /// A moment in the time of Japan.
    Moment,
    /// A day, a month or a year, western or of an era.
    Date,
    /// A file.
    File,
    /// One of these codes; the key of a code's text is the first text, a dash and the code.
    Choice(&'static str, &'static [&'static str]),
}

/// A field.
#[derive(Clone, Copy, Debug, PartialEq)]
pub(super) struct Slot {
    /// Its name in the form.
    pub(super) name: &'static str,
    /// The key of its label.
    pub(super) key: &'static str,
    pub(super) input: Input,
    pub(super) required: bool,
    /// The element that it fills, without indexes; of a section its code.
    pub(super) place: &'static str,
}

const fn slot(name: &'static str, key: &'static str, input: Input, place: &'static str) -> Slot {
    Slot { name, key, input, required: false, place }
}

const fn needed(name: &'static str, key: &'static str, input: Input, place: &'static str) -> Slot {
    Slot { required: true, ..slot(name, key, input, place) }
}

/// A kind of record that a form writes.
#[derive(Debug, PartialEq)]
pub(super) struct Kind {
    /// Its name in addresses.
    pub(super) name: &'static str,
    /// The key of its title.
    pub(super) key: &'static str,
    /// The type of the resource.
    pub(super) of: &'static str,
    /// Of a Composition: the LOINC code of what document it is; its sections are its fields.
    pub(super) document: Option<&'static str>,
    pub(super) slots: &'static [Slot],
}

const TEXT: Input = Input::Text;

/// All kinds, in the order in which they are offered.
pub(super) static KINDS: [Kind; 10] = [
    Kind {
        name: "note",
        key: "write-note",
        of: "Composition",
        document: Some("11506-3"),
        slots: &[
            slot("s", "write-note-s", TEXT, "61150-9"),
            slot("o", "write-note-o", TEXT, "61149-1"),
            slot("a", "write-note-a", TEXT, "51848-0"),
            slot("p", "write-note-p", TEXT, "18776-5"),
        ],
    },
    Kind {
        name: "result",
        key: "write-result",
        of: "Observation",
        document: None,
        slots: &[
            needed("item", "write-result-item", Input::Choice("write-item", ITEM_NAMES), "code"),
            needed("value", "write-result-value", Input::Number, "valueQuantity"),
            slot("second", "write-result-second", Input::Number, "component"),
            needed("moment", "write-result-moment", Input::Moment, "effectiveDateTime"),
            slot("note", "write-comment", TEXT, "note"),
        ],
    },
    Kind {
        name: "problem",
        key: "write-problem",
        of: "Condition",
        document: None,
        slots: &[
            needed("name", "write-problem-name", Input::Line, "code"),
            slot("icd", "write-problem-icd", Input::Line, "code.coding"),
            slot("medis", "write-problem-medis", Input::Line, "code.coding"),
            needed(
                "verified",
                "write-verified",
                Input::Choice("write-verified", &["confirmed", "provisional"]),
                "verificationStatus",
            ),
            needed("clinical", "write-clinical", Input::Choice("write-clinical", CLINICAL), "clinicalStatus"),
            slot("onset", "write-onset", Input::Date, "onsetDateTime"),
            slot("end", "write-end", Input::Date, "abatementDateTime"),
            slot("note", "write-comment", TEXT, "note"),
        ],
    },
    Kind {
        name: "prescription",
        key: "write-prescription",
        of: "MedicationRequest",
        document: None,
        slots: &[
            needed("drug", "write-drug", Input::Line, "medicationCodeableConcept"),
            needed("usage", "write-usage", Input::Line, "dosageInstruction.text"),
            slot("dose", "write-dose", Input::Number, "dosageInstruction.doseAndRate"),
            slot("unit", "write-unit", Input::Line, "dosageInstruction.doseAndRate.doseQuantity.unit"),
            slot("days", "write-days", Input::Number, "dispenseRequest"),
            slot("note", "write-comment", TEXT, "note"),
        ],
    },
    Kind {
        name: "allergy",
        key: "write-allergy",
        of: "AllergyIntolerance",
        document: None,
        slots: &[
            needed("substance", "write-substance", Input::Line, "code"),
            slot(
                "category",
                "write-category",
                Input::Choice("write-category", &["medication", "food", "environment", "biologic"]),
                "category",
            ),
            slot(
                "criticality",
                "write-criticality",
                Input::Choice("write-criticality", &["high", "low", "unable-to-assess"]),
                "criticality",
            ),
            slot("reaction", "write-reaction", Input::Line, "reaction"),
            slot(
                "severity",
                "write-severity",
                Input::Choice("write-severity", &["mild", "moderate", "severe"]),
                "reaction.severity",
            ),
            slot("note", "write-comment", TEXT, "note"),
        ],
    },
    Kind {
        name: "alert",
        key: "write-alert",
        of: "Flag",
        document: None,
        slots: &[
            needed("category", "write-alert-sort", Input::Choice("write-alert", ALERTS), "category"),
            needed("about", "write-alert-about", Input::Line, "code"),
            slot("begin", "write-alert-begin", Input::Date, "period.start"),
            slot("end", "write-alert-end", Input::Date, "period.end"),
        ],
    },
    Kind {
        name: "referral",
        key: "write-referral",
        of: "Composition",
        document: Some("57133-1"),
        slots: &[
            slot("purpose", "write-referral-purpose", TEXT, "42349-1"),
            slot("problems", "write-referral-problems", TEXT, "11450-4"),
            slot("history", "write-referral-history", TEXT, "10164-2"),
            slot("medicines", "write-referral-medicines", TEXT, "10160-0"),
            slot("remarks", "write-referral-remarks", TEXT, "48767-8"),
        ],
    },
    Kind {
        name: "summary",
        key: "write-summary",
        of: "Composition",
        document: Some("18842-5"),
        slots: &[
            slot("diagnosis", "write-summary-diagnosis", TEXT, "11535-2"),
            slot("course", "write-summary-course", TEXT, "8648-8"),
            slot("medicines", "write-summary-medicines", TEXT, "10183-2"),
            slot("plan", "write-summary-plan", TEXT, "18776-5"),
        ],
    },
    Kind {
        name: "document",
        key: "write-document",
        of: "DocumentReference",
        document: None,
        slots: &[
            needed("about", "write-document-about", Input::Line, "description"),
            needed("sort", "write-document-sort", Input::Choice("write-document", DOCUMENTS), "type"),
            slot("made", "write-document-made", Input::Date, "content.attachment.creation"),
            slot("from", "write-document-from", Input::Line, "author"),
            needed("file", "write-document-file", Input::File, "content.attachment"),
        ],
    },
    Kind {
        name: "visit",
        key: "write-visit",
        of: "Encounter",
        document: None,
        slots: &[
            needed("class", "write-class", Input::Choice("write-class", CLASSES), "class"),
            needed("begin", "write-visit-begin", Input::Moment, "period.start"),
            slot("end", "write-visit-end", Input::Moment, "period.end"),
            slot("why", "write-visit-why", Input::Line, "reasonCode"),
        ],
    },
];

/// How an illness stands (R4, `condition-clinical`).
const CLINICAL: &[&str] = &["active", "recurrence", "remission", "inactive", "resolved"];

/// What has to be known before anything is done, beside allergies.
pub(super) const ALERTS: &[&str] = &["infection", "contraindication", "fall", "other"];

/// What documents from elsewhere are, each with its code below.
const DOCUMENTS: &[&str] = &["referral", "summary", "laboratory", "imaging", "consent", "other"];

/// Their LOINC codes; of the last there is none.
pub(super) const DOCUMENT_CODES: [(&str, &str); 5] = [
    ("referral", "57133-1"),
    ("summary", "18842-5"),
    ("laboratory", "11502-2"),
    ("imaging", "18748-4"),
    ("consent", "59284-0"),
];

/// How somebody comes (HL7 v3 ActCode).
const CLASSES: &[&str] = &["AMB", "EMER", "IMP", "HH", "VR"];

impl Kind {
    /// Whether its records have states: a draft, then final. Others hold at once.
    pub(super) fn has_states(&self) -> bool {
        STATED_TYPES.contains(&self.of)
    }

    /// Whether its form sends a file.
    pub(super) fn has_file(&self) -> bool {
        self.slots.iter().any(|slot| slot.input == Input::File)
    }
}

/// What is measured: name in forms, code system and code, unit as people write it and in UCUM, category.
#[derive(Debug)]
pub(super) struct Item {
    pub(super) name: &'static str,
    pub(super) system: &'static str,
    pub(super) code: &'static str,
    pub(super) unit: &'static str,
    pub(super) ucum: &'static str,
    pub(super) category: &'static str,
}

pub(super) const LOINC: &str = "http://loinc.org";
const JLAC10: &str = "http://medis.or.jp/CodeSystem/master-JLAC10-17digits";

/// What is counted in a minute, as it is stored.
const PER_MINUTE: &str = "回/分";

impl Item {
    /// The unit in the language of who reads.
    pub(super) fn unit_in(&self, words: Words) -> String {
        if self.unit == PER_MINUTE { words.say("write-per-minute") } else { self.unit.to_owned() }
    }
}

const fn vital(name: &'static str, code: &'static str, unit: &'static str, ucum: &'static str) -> Item {
    Item { name, system: LOINC, code, unit, ucum, category: "vital-signs" }
}

const fn laboratory(name: &'static str, code: &'static str, unit: &'static str, ucum: &'static str) -> Item {
    Item { name, system: JLAC10, code, unit, ucum, category: "laboratory" }
}

/// The item whose value are two numbers.
pub(super) const PRESSURE: &str = "pressure";

const ITEM_NAMES: &[&str] = &[
    "temperature",
    PRESSURE,
    "pulse",
    "respiration",
    "saturation",
    "height",
    "weight",
    "hba1c",
    "glucose",
    "creatinine",
    "potassium",
    "ast",
    "alt",
    "crp",
    "leukocytes",
    "haemoglobin",
    "platelets",
];

/// What can be measured, in the order of the form.
pub(super) static ITEMS: [Item; 17] = [
    vital("temperature", "8310-5", "℃", "Cel"),
    vital(PRESSURE, "85354-9", "mmHg", "mm[Hg]"),
    vital("pulse", "8867-4", PER_MINUTE, "/min"),
    vital("respiration", "9279-1", PER_MINUTE, "/min"),
    vital("saturation", "59408-5", "%", "%"),
    Item { category: "body-measurement", ..vital("height", "8302-2", "cm", "cm") },
    Item { category: "body-measurement", ..vital("weight", "29463-7", "kg", "kg") },
    laboratory("hba1c", "3D046000001920402", "%", "%"),
    laboratory("glucose", "3D010000001926101", "mg/dL", "mg/dL"),
    laboratory("creatinine", "3C015000002327101", "mg/dL", "mg/dL"),
    laboratory("potassium", "3H015000002326101", "mEq/L", "meq/L"),
    laboratory("ast", "3B035000002327201", "U/L", "U/L"),
    laboratory("alt", "3B045000002327201", "U/L", "U/L"),
    laboratory("crp", "5C070000002306201", "mg/dL", "mg/dL"),
    laboratory("leukocytes", "2A010000001930101", "/μL", "/uL"),
    laboratory("haemoglobin", "2A030000001930101", "g/dL", "g/dL"),
    laboratory("platelets", "2A050000001930101", "万/μL", "10*4/uL"),
];

/// The kind of this name.
pub(super) fn named(name: &str) -> Option<&'static Kind> {
    KINDS.iter().find(|kind| kind.name == name)
}

/// The kind whose form can show a content without losing anything of the fields; none where no form can.
pub(super) fn of(content: &Node) -> Option<&'static Kind> {
    let kind = content.get("resourceType").and_then(Node::as_str)?;
    KINDS.iter().find(|one| one.of == kind && shows(one, content))
}

/// The sections of a document as people read them, title and text; none where one holds more than text.
pub(super) fn sections(content: &Node) -> Option<Vec<(String, String)>> {
    let all = content.get("section").and_then(Node::as_array)?;
    let one = |section: &Node| {
        let alone = section.get("entry").is_none() && section.get("section").is_none();
        let text = node::plain(&node::said(section, &["text", "div"])).filter(|_| alone)?;
        Some((node::said(section, &["title"]), text))
    };
    all.iter().map(one).collect()
}

/// Whether the form of a kind shows a content whole, as far as it writes.
pub(super) fn shows(kind: &Kind, content: &Node) -> bool {
    let has = |code: &str| {
        let codings = content.get("type").and_then(|concept| concept.get("coding")).and_then(Node::as_array);
        codings
            .unwrap_or_default()
            .iter()
            .any(|coding| coding.get("code").and_then(Node::as_str) == Some(code))
    };
    match (kind.name, kind.document) {
        (_, Some(code)) => {
            let sections = content.get("section").and_then(Node::as_array).unwrap_or_default();
            let of_kind =
                |section: &&Node, code: &str| node::said(section, &["code", "coding", "code"]) == code;
            let once = |slot: &Slot| sections.iter().filter(|one| of_kind(one, slot.place)).count() <= 1;
            has(code)
                && kind.slots.iter().all(once)
                && sections
                    .iter()
                    .all(|section| node::plain(&node::said(section, &["text", "div"])).is_some())
        }
        ("result", _) => super::measured::shows(content),
        ("prescription" | "allergy", _) => super::treatment::shows(kind, content),
        _ => super::further::shows(kind, content),
    }
}

/// What an Observation measures, where the form knows it.
pub(super) fn item(content: &Node) -> Option<&'static Item> {
    let codings = content.get("code").and_then(|concept| concept.get("coding")).and_then(Node::as_array)?;
    ITEMS.iter().find(|item| {
        codings.iter().any(|coding| coding.get("code").and_then(Node::as_str) == Some(item.code))
    })
}
