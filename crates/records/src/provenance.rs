//! The Provenance that tells of a change of state: which version, by whom, when, why (FHIR R4, Provenance).
//!
//! The reason stands here, in content, and not in the entry, which everybody may read who checks the journal.

use crate::audit::element::{Coding, coding, concept, identifier, list, object, reference, text};
use crate::audit::systems;
use crate::behalf::PARTICIPANT;
use crate::call::Uniting;
use crate::facility::Caller;
use crate::facts::facts;
use base::{RecordKey, Time, VersionNumber};
use fhir::Node;
use store::StateAct;

/// Akashi's own names of acts, as they stand in entries.
const ACT: &str = "urn:akashi:state-act";
/// `Provenance.patient` as R5 has it, in R4: by it a Provenance belongs to a patient, as what it tells of does.
const PATIENT: &str = "http://hl7.org/fhir/5.0/StructureDefinition/extension-Provenance.patient";

const COMPLETION: &str = "http://terminology.hl7.org/CodeSystem/v3-DocumentCompletion";
const OPERATION: &str = "http://terminology.hl7.org/CodeSystem/v3-DataOperation";

/// What is told.
pub(crate) struct Told<'a> {
    pub(crate) act: StateAct,
    pub(crate) key: &'a RecordKey,
    /// The version that is written.
    pub(crate) version: VersionNumber,
    /// The version that it takes the place of.
    pub(crate) replaces: Option<VersionNumber>,
    pub(crate) reason: Option<&'a str>,
    /// Its content: whom it is about.
    pub(crate) content: &'a [u8],
    /// Its labels.
    pub(crate) security: Option<&'a Node>,
    pub(crate) agents: Vec<Agent>,
}

/// Somebody who took part.
pub(crate) struct Agent {
    role: &'static str,
    account: String,
    practitioner: Option<String>,
}

impl Agent {
    /// An account in a role (R4, value set provenance-agent-type), with the Practitioner that it is linked to.
    pub(crate) fn of(caller: &Caller<'_>, role: &'static str, account: &str) -> Self {
        let own = (*account == *caller.actor.id).then(|| caller.asking.practitioner()).flatten();
        let known = || caller.staff.and_then(|staff| staff.practitioner(account));
        Self { role, account: account.to_owned(), practitioner: own.map(str::to_owned).or_else(known) }
    }

    /// The system itself.
    pub(crate) fn system(account: &str) -> Self {
        Self { role: "performer", account: account.to_owned(), practitioner: None }
    }

    fn node(&self) -> Node {
        let practitioner = self.practitioner.as_ref().map(|id| format!("Practitioner/{id}"));
        let who = object([
            ("reference", practitioner.map(text)),
            ("identifier", Some(identifier(systems::ACCOUNT, &self.account))),
        ]);
        object([("type", Some(concept(PARTICIPANT, self.role))), ("who", Some(who))])
    }
}

/// The Provenance, before it has an id.
pub(crate) fn of(now: Time, told: &Told<'_>) -> Node {
    let facts = facts(&told.key.kind, told.content);
    let patients = facts.patients.iter().map(|id| {
        let of = reference(&format!("Patient/{id}"));
        object([("url", Some(text(PATIENT))), ("valueReference", Some(of))])
    });
    // What is said of a restricted record is as restricted.
    let meta = told.security.map(|security| object([("security", Some(security.clone()))]));
    let version = |version: VersionNumber| reference(&format!("{}/_history/{version}", told.key));
    let why = told.reason.map(|reason| Node::Array(vec![object([("text", Some(text(reason)))])]));
    let replaced = told.replaces.map(|before| {
        let what = Some(version(before));
        Node::Array(vec![object([("role", Some(text("revision"))), ("what", what)])])
    });
    object([
        ("resourceType", Some(text("Provenance"))),
        ("meta", meta),
        ("extension", list(patients.collect())),
        ("target", Some(Node::Array(vec![version(told.version)]))),
        ("recorded", Some(text(now.to_string()))),
        ("reason", why),
        ("activity", Some(activity(told.act))),
        ("agent", Some(Node::Array(told.agents.iter().map(Agent::node).collect()))),
        ("entity", replaced),
    ])
}

/// Akashi's own names of what is said of two patients. The index knows them too (`fhir::alike`).
const PATIENT_ACT: &str = "urn:akashi:patient-act";

/// What is told of two patients.
pub(crate) struct United<'a> {
    pub(crate) act: Uniting,
    /// Both, with the versions that were decided on.
    pub(crate) patients: [(&'a RecordKey, VersionNumber); 2],
    pub(crate) reason: &'a str,
    /// The labels of both: what is said of a restricted patient is as restricted.
    pub(crate) security: Vec<Node>,
}

/// The Provenance of a decision on two patients, before it has an id.
pub(crate) fn united(caller: &Caller<'_>, now: Time, told: United<'_>) -> Node {
    let writes = told.act != Uniting::Distinct;
    let version =
        |(key, version): (&RecordKey, VersionNumber)| reference(&format!("{key}/_history/{version}"));
    let patients = told.patients.iter().map(|(key, _)| {
        let of = reference(&key.to_string());
        object([("url", Some(text(PATIENT))), ("valueReference", Some(of))])
    });
    let target = |(key, before): (&RecordKey, VersionNumber)| {
        version((key, if writes { before.next() } else { before }))
    };
    let replaced = |before| object([("role", Some(text("revision"))), ("what", Some(version(before)))]);
    let known = match told.act {
        Uniting::Merge | Uniting::Unmerge => Some(Coding::new(OPERATION, "UPDATE", "revise").node()),
        Uniting::Distinct => None,
    };
    let codings = known.into_iter().chain([coding(PATIENT_ACT, told.act.name())]).collect();
    // A preview may do without; nothing is written of it.
    let why =
        (!told.reason.is_empty()).then(|| Node::Array(vec![object([("text", Some(text(told.reason)))])]));
    object([
        ("resourceType", Some(text("Provenance"))),
        ("meta", list(told.security).map(|security| object([("security", Some(security))]))),
        ("extension", list(patients.collect())),
        ("target", Some(Node::Array(told.patients.map(target).into()))),
        ("recorded", Some(text(now.to_string()))),
        ("reason", why),
        ("activity", Some(object([("coding", Some(Node::Array(codings)))]))),
        ("agent", Some(Node::Array(vec![Agent::of(caller, "author", &caller.actor.id).node()]))),
        ("entity", writes.then(|| Node::Array(told.patients.map(replaced).into()))),
    ])
}

fn activity(act: StateAct) -> Node {
    let known = match act {
        StateAct::Enter | StateAct::Adopt | StateAct::Import => Coding::new(OPERATION, "CREATE", "create"),
        StateAct::Finalize | StateAct::Approve => Coding::new(COMPLETION, "LA", "legally authenticated"),
        StateAct::Cosign => Coding::new(COMPLETION, "AU", "authenticated"),
        StateAct::Return => Coding::new(COMPLETION, "IN", "incomplete"),
        // By a deadline: nobody has authenticated it.
        StateAct::Lapse | StateAct::Edit | StateAct::Progress | StateAct::Amend | StateAct::Assign => {
            Coding::new(OPERATION, "UPDATE", "revise")
        }
        StateAct::Withdraw => Coding::new(OPERATION, "NULLIFY", "nullify"),
    };
    let own = coding(ACT, act.word());
    object([("coding", Some(Node::Array(vec![known.node(), own])))])
}
