//! An AuditEvent as the audit message of DICOM (PS3.15, A.5), which ATNA (ITI-20) and the JAHIS standard for audit trail
//! messages send. Member for member it says what the AuditEvent says, but for names of people, which never leave.

use super::xml::Xml;
use base64::Engine;
use base64::engine::general_purpose::STANDARD;
use fhir::Node;

/// Longest message in bytes: ATNA's collectors take 32 KiB with the header of syslog. Objects that do not fit are left
/// out, and their number is told; the journal has them all.
pub const MESSAGE_BYTES_MAX: usize = 30 * 1024;

const DCM: &str = "http://dicom.nema.org/resources/ontology/DCM";
const ENTITY_TYPE: &str = "http://terminology.hl7.org/CodeSystem/audit-entity-type";
const OBJECT_ROLE: &str = "http://terminology.hl7.org/CodeSystem/object-role";

/// The message of an event that [`super::audit_event`] made.
pub fn audit_message(event: &Node) -> String {
    let mut xml = Xml::begin("AuditMessage");
    identification(&mut xml, event);
    for agent in items(event, "agent") {
        participant(&mut xml, agent);
    }
    source(&mut xml, event);
    objects(&mut xml, event);
    xml.end("AuditMessage");
    xml.finish()
}

fn identification(xml: &mut Xml, event: &Node) {
    xml.open(
        "EventIdentification",
        &[
            ("EventActionCode", text(event, "action")),
            ("EventDateTime", text(event, "recorded")),
            ("EventOutcomeIndicator", text(event, "outcome")),
        ],
    );
    let (code, system, display) = event_id(event);
    coded(xml, "EventID", code, system, display);
    for subtype in items(event, "subtype") {
        coding(xml, "EventTypeCode", subtype);
    }
    let described = text(event, "outcomeDesc");
    if !described.is_empty() {
        xml.leaf("EventOutcomeDescription", &[], described);
    }
    xml.end("EventIdentification");
}

/// DICOM has no word for a request of REST: with a patient it is the use of a patient's record, a search is a query.
fn event_id(event: &Node) -> (&str, &str, &str) {
    const NOTHING: &Node = &Node::Null;
    let kind = event.get("type").unwrap_or(NOTHING);
    if text(kind, "system") == DCM {
        return (text(kind, "code"), "DCM", text(kind, "display"));
    }
    let searches = items(event, "subtype").iter().any(|one| text(one, "code").starts_with("search-"));
    let of_patient = items(event, "entity").iter().any(|entity| role(entity) == Some("1"));
    match (searches, of_patient) {
        (true, _) => ("110112", "DCM", "Query"),
        (false, true) => ("110110", "DCM", "Patient Record"),
        (false, false) => (text(kind, "code"), text(kind, "system"), text(kind, "display")),
    }
}

fn participant(xml: &mut Xml, agent: &Node) {
    let requestor = if agent.get("requestor") == Some(&Node::Bool(true)) { "true" } else { "false" };
    let (id, alternative) = who(agent.get("who"));
    let network = agent.get("network");
    let inside = |name| network.map(|network| text(network, name)).unwrap_or_default();
    xml.open(
        "ActiveParticipant",
        &[
            ("UserID", id),
            ("AlternativeUserID", alternative),
            ("UserIsRequestor", requestor),
            ("NetworkAccessPointID", inside("address")),
            ("NetworkAccessPointTypeCode", inside("type")),
        ],
    );
    let kinds = agent.get("type").into_iter().chain(items(agent, "role"));
    for one in kinds.flat_map(|concept| items(concept, "coding")) {
        coding(xml, "RoleIDCode", one);
    }
    xml.end("ActiveParticipant");
}

/// The account's id first, the record of the person beside it.
fn who(who: Option<&Node>) -> (&str, &str) {
    let Some(who) = who else { return ("", "") };
    let identifier = who.get("identifier").map(|identifier| text(identifier, "value"));
    let reference = text(who, "reference");
    match identifier {
        Some(value) if !value.is_empty() => (value, reference),
        _ => (reference, ""),
    }
}

fn source(xml: &mut Xml, event: &Node) {
    let Some(source) = event.get("source") else { return };
    let (id, _) = who(source.get("observer"));
    xml.open(
        "AuditSourceIdentification",
        &[("AuditEnterpriseSiteID", text(source, "site")), ("AuditSourceID", id)],
    );
    for kind in items(source, "type") {
        xml.leaf("AuditSourceTypeCode", &[("csd-code", text(kind, "code"))], "");
    }
    xml.end("AuditSourceIdentification");
}

/// What it was about, as far as there is room.
fn objects(xml: &mut Xml, event: &Node) {
    let mut left_out = 0_usize;
    for entity in items(event, "entity") {
        let before = xml.len();
        object(xml, entity);
        if xml.len() > MESSAGE_BYTES_MAX {
            xml.cut(before);
            left_out = left_out.saturating_add(1);
        }
    }
    if left_out > 0 {
        let attributes = [("ParticipantObjectID", "left-out"), ("ParticipantObjectTypeCode", "4")];
        xml.open("ParticipantObjectIdentification", &attributes);
        coded(xml, "ParticipantObjectIDTypeCode", "12", "RFC-3881", "URI");
        detail(xml, "objects-left-out", &left_out.to_string());
        xml.end("ParticipantObjectIdentification");
    }
}

fn object(xml: &mut Xml, entity: &Node) {
    let (id, _) = who(entity.get("what"));
    let query = text(entity, "query");
    let id = match (id, query) {
        ("", "") => "access",
        ("", _) => "query",
        (id, _) => id,
    };
    let kind = entity.get("type").filter(|kind| text(kind, "system") == ENTITY_TYPE);
    let kind = kind.map_or("2", |kind| text(kind, "code"));
    let mut attributes = vec![("ParticipantObjectID", id), ("ParticipantObjectTypeCode", kind)];
    attributes.extend(role(entity).map(|role| ("ParticipantObjectTypeCodeRole", role)));
    xml.open("ParticipantObjectIdentification", &attributes);
    let (code, display) = match role(entity) {
        Some("1") => ("2", "Patient Number"),
        Some("11") => ("11", "User Identifier"),
        Some("24") => ("10", "Search Criteria"),
        _ => ("12", "URI"),
    };
    coded(xml, "ParticipantObjectIDTypeCode", code, "RFC-3881", display);
    if !query.is_empty() {
        xml.leaf("ParticipantObjectQuery", &[], query);
    }
    for one in items(entity, "detail") {
        detail(xml, text(one, "type"), text(one, "valueString"));
    }
    xml.end("ParticipantObjectIdentification");
}

/// The value goes in base64, as the schema demands.
fn detail(xml: &mut Xml, kind: &str, value: &str) {
    let value = STANDARD.encode(value);
    xml.leaf("ParticipantObjectDetail", &[("type", kind), ("value", &value)], "");
}

fn role(entity: &Node) -> Option<&str> {
    let role = entity.get("role").filter(|role| text(role, "system") == OBJECT_ROLE)?;
    role.get("code").and_then(Node::as_str)
}

fn coding(xml: &mut Xml, name: &str, coding: &Node) {
    let system = text(coding, "system");
    let system = if system == DCM { "DCM" } else { system };
    let (code, display) = (text(coding, "code"), text(coding, "display"));
    coded(xml, name, code, system, if display.is_empty() { code } else { display });
}

fn coded(xml: &mut Xml, name: &str, code: &str, system: &str, display: &str) {
    xml.leaf(name, &[("csd-code", code), ("codeSystemName", system), ("originalText", display)], "");
}

fn text<'n>(of: &'n Node, name: &str) -> &'n str {
    of.get(name).and_then(Node::as_str).unwrap_or_default()
}

fn items<'n>(of: &'n Node, name: &str) -> &'n [Node] {
    of.get(name).and_then(Node::as_array).unwrap_or_default()
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::audit::{Accessed, Unnamed, audit_event};
    use access::{Access, AccessWho, Decided, Touched};
    use base::{Position, Time};
    use store::{Actor, ActorKind};

    fn accessed(action: &str) -> Accessed {
        let access = Access {
            v: 1,
            request: "r-1".to_owned(),
            route: "GET /f/{facility}/fhir/{type}".to_owned(),
            action: action.to_owned(),
            who: AccessWho {
                practitioner: Some("p1".to_owned()),
                address: Some("192.0.2.7".to_owned()),
                app: Some("a<b>&\"c\"".to_owned()),
                ..AccessWho::default()
            },
            target: "Patient".to_owned(),
            query: Some("name=山田".to_owned()),
            patients: vec!["42".to_owned()],
            touched: vec![Touched { record: "Patient/42".to_owned(), version: Some(3) }],
            decided: Decided::Permitted,
            status: 200,
            ..Access::default()
        };
        let time = Time::parse("2026-11-22T09:00:00.000001Z").unwrap();
        Accessed { position: Position(7), time, actor: Actor::new(ActorKind::Person, "dr-sato"), access }
    }

    fn message(accessed: &Accessed) -> String {
        audit_message(&audit_event(accessed, "https://r.example.jp/f/a/fhir", &Unnamed))
    }

    #[test]
    fn a_search_is_a_query_with_who_whence_and_whom() {
        let told = message(&accessed("search"));
        for part in [
            r#"<EventIdentification EventActionCode="E" EventDateTime="2026-11-22T09:00:00.000001Z" EventOutcomeIndicator="0">"#,
            r#"<EventID csd-code="110112" codeSystemName="DCM" originalText="Query"/>"#,
            r#"<EventTypeCode csd-code="search-type" codeSystemName="http://hl7.org/fhir/restful-interaction""#,
            r#"<ActiveParticipant UserID="dr-sato" AlternativeUserID="Practitioner/p1" UserIsRequestor="true">"#,
            r#"UserIsRequestor="false" NetworkAccessPointID="192.0.2.7" NetworkAccessPointTypeCode="2">"#,
            r#"<AuditSourceIdentification AuditEnterpriseSiteID="r.example.jp" AuditSourceID="https://r.example.jp/f/a/fhir"><AuditSourceTypeCode csd-code="4"/></AuditSourceIdentification>"#,
            r#"<ParticipantObjectIdentification ParticipantObjectID="Patient/42" ParticipantObjectTypeCode="1" ParticipantObjectTypeCodeRole="1"><ParticipantObjectIDTypeCode csd-code="2" codeSystemName="RFC-3881" originalText="Patient Number"/></ParticipantObjectIdentification>"#,
            &format!(
                "<ParticipantObjectQuery>{}</ParticipantObjectQuery>",
                STANDARD.encode("Patient?name=山田")
            ),
        ] {
            assert!(told.contains(part), "{part}\n{told}");
        }
        assert!(!told.contains("山田"), "the question stands in base64 only");
    }

    #[test]
    fn other_events_have_their_own_ids() {
        for (action, patients, expected) in [
            ("read", vec!["42".to_owned()], "\"110110\" codeSystemName=\"DCM\""),
            (
                "read",
                vec![],
                "\"rest\" codeSystemName=\"http://terminology.hl7.org/CodeSystem/audit-event-type\"",
            ),
            ("login", vec![], "\"110114\" codeSystemName=\"DCM\""),
            ("policy-set", vec![], "\"110113\" codeSystemName=\"DCM\""),
            ("export", vec![], "\"110106\" codeSystemName=\"DCM\""),
        ] {
            let mut one = accessed(action);
            one.access.patients = patients;
            assert!(message(&one).contains(&format!("<EventID csd-code={expected}")), "{action}");
        }
    }

    #[test]
    fn nothing_that_a_client_sends_breaks_out_of_its_place() {
        let mut one = accessed("read");
        one.actor.kind = ActorKind::Service;
        one.actor.id = "a\"><evil/>&\u{0}\u{FFFE}'".to_owned();
        let told = message(&one);
        assert!(!told.contains("<evil/>"), "{told}");
        assert!(told.contains("UserID=\"a&quot;&gt;&lt;evil/&gt;&amp;\u{FFFD}\u{FFFD}&apos;\""), "{told}");
        let document = roxmltree::Document::parse(&told).unwrap();
        assert_eq!(document.root_element().tag_name().name(), "AuditMessage");
    }

    #[test]
    fn a_message_has_room_for_so_much_and_tells_what_is_left_out() {
        let mut one = accessed("search");
        one.access.touched = (0..1_000)
            .map(|number| Touched { record: format!("Observation/{number}"), version: Some(1) })
            .collect();
        let told = message(&one);
        assert!(told.len() < MESSAGE_BYTES_MAX + 512, "{}", told.len());
        assert!(told.contains("objects-left-out") && told.contains("ParticipantObjectQuery"));
        assert!(roxmltree::Document::parse(&told).is_ok());
    }
}
