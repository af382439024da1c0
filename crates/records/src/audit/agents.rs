//! Who took part in an access: the user, the client, the server, and what decided.

use super::element::{Coding, concept, identifier, list, logical, object, text};
use super::nature::{Flow, Nature, Pattern};
use super::{Accessed, Names, systems};
use access::Decided;
use fhir::Node;
use std::net::IpAddr;
use store::ActorKind;

const DCM: &str = "http://dicom.nema.org/resources/ontology/DCM";
const PARTICIPATION: &str = "http://terminology.hl7.org/CodeSystem/v3-ParticipationType";
const SECURITY_ROLE: &str = "http://terminology.hl7.org/CodeSystem/extra-security-role-type";
const PURPOSE: &str = "http://terminology.hl7.org/CodeSystem/v3-ActReason";

const SOURCE: Coding = Coding::new(DCM, "110153", "Source Role ID");
const DESTINATION: Coding = Coding::new(DCM, "110152", "Destination Role ID");
const APPLICATION: Coding = Coding::new(DCM, "110150", "Application");
const CUSTODIAN: Coding = Coding::new(
    "http://terminology.hl7.org/CodeSystem/provenance-participant-type",
    "custodian",
    "Custodian",
);
const RECIPIENT: Coding = Coding::new(PARTICIPATION, "IRCP", "information recipient");
const AUTHOR: Coding = Coding::new(PARTICIPATION, "AUT", "author (originator)");
const HUMAN: Coding = Coding::new(SECURITY_ROLE, "humanuser", "human user");
const DECIDER: Coding = Coding::new(SECURITY_ROLE, "authserver", "authorization server");

/// `AuditEvent.agent`: the user where a human being acted, the client, the server, and what decided.
pub(super) fn agents(accessed: &Accessed, nature: &Nature, base_url: &str, names: &dyn Names) -> Vec<Node> {
    let user = is_person(accessed).then(|| user(accessed, nature, names));
    let client = client(accessed, nature);
    let server = server(nature, base_url);
    user.into_iter().chain([client, server]).chain(decider(accessed, base_url)).collect()
}

/// Whether a human being is known to have acted.
pub(super) fn is_person(accessed: &Accessed) -> bool {
    accessed.actor.kind == ActorKind::Person
}

/// Whether it is known who acted.
fn is_known(accessed: &Accessed) -> bool {
    accessed.actor.kind != ActorKind::Unknown
}

/// Why, as an element: of the user, or of the event where there is none.
pub(super) fn purpose(accessed: &Accessed) -> Option<Node> {
    let purpose = accessed.access.purpose.as_deref()?;
    Some(Node::Array(vec![concept(PURPOSE, purpose)]))
}

fn user(accessed: &Accessed, nature: &Nature, names: &dyn Names) -> Node {
    let who = &accessed.access.who;
    let kind = match nature.pattern {
        Some(Pattern::Read | Pattern::Query) => RECIPIENT,
        Some(Pattern::Create | Pattern::Update | Pattern::Delete) => AUTHOR,
        None => HUMAN,
    };
    let occupation = who.occupation.iter().map(|word| concept(systems::OCCUPATION, word));
    let duties = who.duties.iter().map(|word| concept(systems::DUTY, word));
    object([
        ("type", Some(kind.concept())),
        ("role", list(occupation.chain(duties).collect())),
        ("who", Some(person(accessed))),
        ("name", names.name(&accessed.actor.id).map(text)),
        ("requestor", Some(Node::Bool(true))),
        ("purposeOfUse", purpose(accessed)),
    ])
}

fn person(accessed: &Accessed) -> Node {
    let id = accessed.access.who.practitioner.as_deref();
    let id = id.map(|id| id.strip_prefix("Practitioner/").unwrap_or(id));
    object([
        ("reference", id.map(|id| text(format!("Practitioner/{id}")))),
        ("identifier", Some(identifier(systems::ACCOUNT, &accessed.actor.id))),
    ])
}

/// The machine at the other end: the account itself where it is one, else the app, the device or the address.
fn client(accessed: &Accessed, nature: &Nature) -> Node {
    let who = &accessed.access.who;
    let machine = !is_person(accessed) && is_known(accessed);
    let named = [
        machine.then_some((systems::ACCOUNT, accessed.actor.id.as_str())),
        who.app.as_deref().map(|app| (systems::APP, app)),
        who.device.as_deref().map(|device| (systems::DEVICE, device)),
        who.address.as_deref().map(|address| (systems::ADDRESS, address)),
    ];
    let (system, value) = named.into_iter().flatten().next().unwrap_or((systems::ADDRESS, "unknown"));
    let kind = match nature.flow {
        Flow::Out => DESTINATION,
        Flow::In => SOURCE,
        Flow::Gone => APPLICATION,
    };
    object([
        ("type", Some(kind.concept())),
        ("who", Some(logical(system, value))),
        ("requestor", Some(Node::Bool(!is_person(accessed)))),
        ("network", who.address.as_deref().map(network)),
    ])
}

fn server(nature: &Nature, base_url: &str) -> Node {
    let kind = match nature.flow {
        Flow::Out => SOURCE,
        Flow::In => DESTINATION,
        Flow::Gone => CUSTODIAN,
    };
    object([
        ("type", Some(kind.concept())),
        ("who", Some(itself(base_url))),
        ("requestor", Some(Node::Bool(false))),
        ("network", Some(network(host(base_url)))),
    ])
}

/// The policies that decided. They stand with an agent of their own, since a deletion's other agents may have none.
fn decider(accessed: &Accessed, base_url: &str) -> Option<Node> {
    let access = &accessed.access;
    if access.decided == Decided::Not {
        return None;
    }
    let policies = access.policies.iter().map(|id| text(policy(id))).collect();
    Some(object([
        ("type", Some(DECIDER.concept())),
        ("who", Some(itself(base_url))),
        ("requestor", Some(Node::Bool(false))),
        ("policy", list(policies)),
    ]))
}

/// A policy's id as a URI (RFC 3986): everything but letters, digits, `-`, `.`, `_` and `~` percent-encoded.
fn policy(id: &str) -> String {
    let mut uri = systems::POLICY.to_owned();
    for byte in id.bytes() {
        if byte.is_ascii_alphanumeric() || b"-._~".contains(&byte) {
            uri.push(char::from(byte));
        } else {
            uri.extend(format!("%{byte:02X}").chars());
        }
    }
    uri
}

/// The server as an identifier: its own address.
pub(super) fn itself(base_url: &str) -> Node {
    logical("urn:ietf:rfc:3986", base_url)
}

/// `AuditEvent.agent.network`: an address of the Internet, or the name of a machine.
fn network(address: &str) -> Node {
    let kind = if address.parse::<IpAddr>().is_ok() { "2" } else { "1" };
    object([("address", Some(text(address))), ("type", Some(text(kind)))])
}

/// The host in an address, without its port.
pub(super) fn host(base_url: &str) -> &str {
    let rest = base_url.split_once("://").map_or(base_url, |(_, rest)| rest);
    let authority = rest.split_once('/').map_or(rest, |(authority, _)| authority);
    if let Some((inner, _)) = authority.strip_prefix('[').and_then(|rest| rest.split_once(']')) {
        return inner;
    }
    authority.split_once(':').map_or(authority, |(host, _)| host)
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn the_host_of_an_address_is_found() {
        for (url, expected) in [
            ("https://records.example.jp/f/a/fhir", "records.example.jp"),
            ("https://records.example.jp:8443/f/a/fhir", "records.example.jp"),
            ("https://[2001:db8::1]:8443/f/a/fhir", "2001:db8::1"),
            ("https://192.0.2.1", "192.0.2.1"),
        ] {
            assert_eq!(host(url), expected);
        }
    }

    #[test]
    fn a_policy_is_named_by_a_uri_whatever_its_id() {
        assert_eq!(policy("read-own"), "urn:akashi:policy:read-own");
        assert_eq!(policy("夜 x"), "urn:akashi:policy:%E5%A4%9C%20x");
    }
}
