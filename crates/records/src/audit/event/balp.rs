//! The patterns of IHE BALP 1.1.3 as data, and a check of an event against the profile it claims.
//!
//! Transcribed from the profiles' definitions (StructureDefinition IHE.BasicAudit.Read, .PatientRead and so on): fixed
//! values, slices with their discriminator, and which members a slice must or must not have.

use fhir::Node;

const REST: &str = "http://terminology.hl7.org/CodeSystem/audit-event-type|rest";
const SOURCE: &str = "http://dicom.nema.org/resources/ontology/DCM|110153";
const DESTINATION: &str = "http://dicom.nema.org/resources/ontology/DCM|110152";
const APPLICATION: &str = "http://dicom.nema.org/resources/ontology/DCM|110150";
const CUSTODIAN: &str = "http://terminology.hl7.org/CodeSystem/provenance-participant-type|custodian";
const RECIPIENT: &[&str] = &["http://terminology.hl7.org/CodeSystem/v3-ParticipationType|IRCP"];
const DATA_SOURCES: &[&str] = &[
    "http://terminology.hl7.org/CodeSystem/v3-ParticipationType|AUT",
    "http://terminology.hl7.org/CodeSystem/v3-ParticipationType|INF",
    "http://terminology.hl7.org/CodeSystem/v3-ParticipationType|CST",
];
const OBJECT_ROLES: &[&str] = &[
    "http://terminology.hl7.org/CodeSystem/object-role|4",
    "http://terminology.hl7.org/CodeSystem/object-role|3",
    "http://terminology.hl7.org/CodeSystem/object-role|20",
];

/// A slice of `agent` or `entity`: those whose type is one of `types`.
struct Slice {
    name: &'static str,
    types: &'static [&'static str],
    least: usize,
    most: usize,
    required: &'static [&'static str],
    forbidden: &'static [&'static str],
    /// `role` must be one of these, where there are any.
    roles: &'static [&'static str],
    requestor: Option<bool>,
}

struct Profile {
    name: &'static str,
    action: &'static str,
    /// One of these must stand among the subtypes.
    subtypes: &'static [&'static str],
    subtypes_most: usize,
    agents: &'static [Slice],
    entities: &'static [Slice],
}

const ANY: usize = usize::MAX;

const fn slice(name: &'static str, types: &'static [&'static str], least: usize, most: usize) -> Slice {
    Slice { name, types, least, most, required: &[], forbidden: &[], roles: &[], requestor: None }
}

/// A client or server: who and network once, no media.
const fn end(name: &'static str, types: &'static [&'static str]) -> Slice {
    Slice { required: &["who", "network"], forbidden: &["media"], ..slice(name, types, 1, 1) }
}

const fn user(types: &'static [&'static str]) -> Slice {
    Slice {
        required: &["who"],
        forbidden: &["media", "network"],
        requestor: Some(true),
        ..slice("user", types, 0, 1)
    }
}

const BARE: &[&str] = &["role", "altId", "name", "location", "policy", "media", "purposeOfUse"];

const TRANSACTION: Slice = Slice {
    required: &["what/identifier/value"],
    forbidden: &["lifecycle", "securityLabel", "name", "query", "detail"],
    ..slice(
        "transaction",
        &["https://profiles.ihe.net/ITI/BALP/CodeSystem/BasicAuditEntityType|XrequestId"],
        0,
        1,
    )
};

const OBJECT: &[&str] = &["http://terminology.hl7.org/CodeSystem/audit-entity-type|2"];

const DATA: Slice = Slice {
    required: &["what"],
    forbidden: &["lifecycle", "name", "query", "detail"],
    roles: OBJECT_ROLES,
    ..slice("data", OBJECT, 1, 1)
};

const QUERY: Slice = Slice {
    required: &["query"],
    forbidden: &["what", "lifecycle", "detail"],
    roles: &["http://terminology.hl7.org/CodeSystem/object-role|24"],
    ..slice("query", OBJECT, 1, 1)
};

const PATIENT: Slice = Slice {
    required: &["what/reference"],
    forbidden: &["lifecycle", "securityLabel", "name", "query", "detail"],
    roles: &["http://terminology.hl7.org/CodeSystem/object-role|1"],
    ..slice("patient", &["http://terminology.hl7.org/CodeSystem/audit-entity-type|1"], 1, 1)
};

const PROFILES: &[Profile] = &[
    Profile {
        name: "Read",
        action: "R",
        subtypes: &[
            "http://hl7.org/fhir/restful-interaction|read",
            "http://hl7.org/fhir/restful-interaction|vread",
        ],
        subtypes_most: ANY,
        agents: &[end("client", &[DESTINATION]), end("server", &[SOURCE]), user(RECIPIENT)],
        entities: &[TRANSACTION, DATA],
    },
    Profile {
        name: "Query",
        action: "E",
        subtypes: &[
            "http://hl7.org/fhir/restful-interaction|search",
            "http://hl7.org/fhir/restful-interaction|search-type",
            "http://hl7.org/fhir/restful-interaction|search-system",
        ],
        subtypes_most: ANY,
        agents: &[end("client", &[SOURCE]), end("server", &[DESTINATION]), user(RECIPIENT)],
        entities: &[TRANSACTION, QUERY],
    },
    Profile {
        name: "Create",
        action: "C",
        subtypes: &["http://hl7.org/fhir/restful-interaction|create"],
        subtypes_most: ANY,
        agents: &[end("client", &[SOURCE]), end("server", &[DESTINATION]), user(DATA_SOURCES)],
        entities: &[TRANSACTION, DATA],
    },
    Profile {
        name: "Update",
        action: "U",
        subtypes: &[
            "http://hl7.org/fhir/restful-interaction|update",
            "http://hl7.org/fhir/restful-interaction|patch",
        ],
        subtypes_most: ANY,
        agents: &[end("client", &[SOURCE]), end("server", &[DESTINATION]), user(DATA_SOURCES)],
        entities: &[TRANSACTION, DATA],
    },
    Profile {
        name: "Delete",
        action: "D",
        subtypes: &["http://hl7.org/fhir/restful-interaction|delete"],
        subtypes_most: 1,
        agents: &[
            Slice { forbidden: BARE, ..end("client", &[APPLICATION]) },
            Slice { forbidden: BARE, ..end("server", &[CUSTODIAN]) },
            Slice { forbidden: &["altId", "location", "policy", "media", "network"], ..user(DATA_SOURCES) },
        ],
        entities: &[TRANSACTION, DATA],
    },
];

/// What an event breaks of the profile it claims; the claim itself, without `Patient`, comes first.
pub(super) fn faults(event: &Node) -> (String, Vec<String>) {
    let claimed = at(event, "meta/profile").and_then(Node::as_array).map(|all| all[0].as_str().unwrap());
    let Some(claimed) = claimed else { return (String::new(), Vec::new()) };
    let name = claimed
        .strip_prefix("https://profiles.ihe.net/ITI/BALP/StructureDefinition/IHE.BasicAudit.")
        .unwrap();
    let (plain, names_patient) = match name.strip_prefix("Patient") {
        Some(plain) => (plain, true),
        None => (name, false),
    };
    let profile = PROFILES.iter().find(|profile| profile.name == plain).unwrap();
    let mut faults = Vec::new();
    head(event, profile, &mut faults);
    let (agents, entities) = (items(event, "agent"), items(event, "entity"));
    if agents.len() < 2 {
        faults.push("agent: fewer than 2".to_owned());
    }
    if entities.len() < 1 + usize::from(names_patient) {
        faults.push("entity: too few".to_owned());
    }
    profile.agents.iter().for_each(|slice| check(slice, agents, &mut faults));
    profile.entities.iter().for_each(|slice| check(slice, entities, &mut faults));
    if names_patient {
        check(&PATIENT, entities, &mut faults);
        let to = entities.iter().filter(|entity| is(entity.get("type"), PATIENT.types));
        for entity in to {
            let reference = at(entity, "what/reference").and_then(Node::as_str).unwrap_or_default();
            if !reference.starts_with("Patient/") {
                faults.push(format!("patient: {reference}"));
            }
        }
    }
    (name.to_owned(), faults)
}

fn head(event: &Node, profile: &Profile, faults: &mut Vec<String>) {
    if !is(event.get("type"), &[REST]) {
        faults.push("type".to_owned());
    }
    let subtypes = items(event, "subtype");
    if subtypes.len() > profile.subtypes_most || !subtypes.iter().any(|one| is(Some(one), profile.subtypes)) {
        faults.push("subtype".to_owned());
    }
    for (name, expected) in [("action", profile.action), ("outcome", "0")] {
        if event.get(name).and_then(Node::as_str) != Some(expected) {
            faults.push(name.to_owned());
        }
    }
    for name in ["recorded", "source"] {
        if event.get(name).is_none() {
            faults.push(name.to_owned());
        }
    }
}

fn check(slice: &Slice, all: &[Node], faults: &mut Vec<String>) {
    let found: Vec<&Node> = all.iter().filter(|one| is(one.get("type"), slice.types)).collect();
    if found.len() < slice.least || found.len() > slice.most {
        faults.push(format!("{}: {} of them", slice.name, found.len()));
    }
    for one in found {
        let absent = slice.required.iter().filter(|path| at(one, path).is_none());
        faults.extend(absent.map(|path| format!("{}: no {path}", slice.name)));
        let present = slice.forbidden.iter().filter(|path| at(one, path).is_some());
        faults.extend(present.map(|path| format!("{}: {path}", slice.name)));
        if !slice.roles.is_empty() && !is(one.get("role"), slice.roles) {
            faults.push(format!("{}: role", slice.name));
        }
        if slice.requestor.is_some_and(|expected| one.get("requestor") != Some(&Node::Bool(expected))) {
            faults.push(format!("{}: requestor", slice.name));
        }
    }
}

/// Whether a Coding, or a coding of a CodeableConcept, is one of `system|code`.
fn is(value: Option<&Node>, codes: &[&str]) -> bool {
    let Some(value) = value else { return false };
    let text = |one: &Node, name: &str| one.get(name).and_then(Node::as_str).unwrap_or_default().to_owned();
    let one = |one: &Node| codes.contains(&format!("{}|{}", text(one, "system"), text(one, "code")).as_str());
    match value.get("coding").and_then(Node::as_array) {
        Some(codings) => codings.iter().any(one),
        None => one(value),
    }
}

pub(super) fn at<'n>(node: &'n Node, path: &str) -> Option<&'n Node> {
    path.split('/').try_fold(node, |node, name| node.get(name))
}

fn items<'n>(event: &'n Node, name: &str) -> &'n [Node] {
    event.get(name).and_then(Node::as_array).unwrap_or_default()
}
