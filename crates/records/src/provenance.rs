//! The Provenance that tells of a change of state: which version, by whom, when, why (FHIR R4, Provenance).
//!
//! The reason stands here, in content, and not in the entry, which everybody may read who checks the journal.

use crate::audit::element::{Coding, coding, concept, identifier, list, object, reference, text};
use crate::audit::systems;
use crate::call::Settling;
use crate::facility::Caller;
use crate::facts::facts;
use base::{RecordKey, Time, VersionNumber};
use fhir::Node;

/// Akashi's own names of acts, as they stand in entries.
const ACT: &str = "urn:akashi:state-act";
/// `Provenance.patient` as R5 has it, in R4: by it a Provenance belongs to a patient, as what it tells of does.
const PATIENT: &str = "http://hl7.org/fhir/5.0/StructureDefinition/extension-Provenance.patient";

const COMPLETION: &str = "http://terminology.hl7.org/CodeSystem/v3-DocumentCompletion";
const OPERATION: &str = "http://terminology.hl7.org/CodeSystem/v3-DataOperation";
const PARTICIPANT: &str = "http://terminology.hl7.org/CodeSystem/provenance-participant-type";

/// What is told.
pub(crate) struct Told<'a> {
    pub(crate) key: &'a RecordKey,
    /// The version that is written.
    pub(crate) version: VersionNumber,
    pub(crate) reason: Option<&'a str>,
    /// Its content: whom it is about.
    pub(crate) content: &'a [u8],
    /// Its labels.
    pub(crate) security: Option<&'a Node>,
}

/// The Provenance of what somebody did, before it has an id.
pub(crate) fn of(caller: &Caller<'_>, now: Time, act: Settling, told: &Told<'_>) -> Node {
    written(now, told, (activity(act), agent(caller)))
}

/// The Provenance of a draft that the system has finalised because its deadline was over: nobody has authenticated it.
pub(crate) fn by_deadline(account: &str, now: Time, told: &Told<'_>) -> Node {
    let own = coding(ACT, access::Action::LAPSE.name());
    let revised = Coding::new(OPERATION, "UPDATE", "revise").node();
    let activity = object([("coding", Some(Node::Array(vec![revised, own])))]);
    let who = object([("identifier", Some(identifier(systems::ACCOUNT, account)))]);
    let agent = object([("type", Some(concept(PARTICIPANT, "performer"))), ("who", Some(who))]);
    written(now, told, (activity, agent))
}

fn written(now: Time, told: &Told<'_>, (activity, agent): (Node, Node)) -> Node {
    let facts = facts(&told.key.kind, told.content);
    let patients = facts.patients.iter().map(|id| {
        let of = reference(&format!("Patient/{id}"));
        object([("url", Some(text(PATIENT))), ("valueReference", Some(of))])
    });
    // What is said of a restricted record is as restricted.
    let meta = told.security.map(|security| object([("security", Some(security.clone()))]));
    let version = |version: VersionNumber| reference(&format!("{}/_history/{version}", told.key));
    let why = told.reason.map(|reason| Node::Array(vec![object([("text", Some(text(reason)))])]));
    let replaced = told.version.previous().map(|before| {
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
        ("activity", Some(activity)),
        ("agent", Some(Node::Array(vec![agent]))),
        ("entity", replaced),
    ])
}

fn activity(act: Settling) -> Node {
    let known = match act {
        Settling::Finalize => Coding::new(COMPLETION, "LA", "legally authenticated"),
        Settling::Amend => Coding::new(OPERATION, "UPDATE", "revise"),
        Settling::Withdraw => Coding::new(OPERATION, "NULLIFY", "nullify"),
    };
    let own = coding(ACT, act.action().name());
    object([("coding", Some(Node::Array(vec![known.node(), own])))])
}

/// Who acts and answers for it.
fn agent(caller: &Caller<'_>) -> Node {
    let practitioner = caller.asking.practitioner().map(|id| format!("Practitioner/{id}"));
    let who = object([
        ("reference", practitioner.map(text)),
        ("identifier", Some(identifier(systems::ACCOUNT, &caller.actor.id))),
    ]);
    object([("type", Some(concept(PARTICIPANT, "author"))), ("who", Some(who))])
}
