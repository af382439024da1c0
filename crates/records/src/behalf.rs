//! `X-Provenance`: for whom a write is entered (代行入力; FHIR R4, Provenance, "Provenance and the RESTful API").
//!
//! A small part of it is taken, strictly: who answers for the content (`author`) and who enters it (`enterer`, the caller).
//! What is not understood is refused, since whoever sent it would believe it was kept.

use crate::audit::systems;
use crate::call::Intent;
use crate::codes;
use crate::status;
use access::Named;
use base::{Problem, ResourceId, Time};
use fhir::Node;

/// System of the roles of agents (R4, value set provenance-agent-type).
pub(crate) const PARTICIPANT: &str = "http://terminology.hl7.org/CodeSystem/provenance-participant-type";

/// Most bytes of an account's id that are looked at.
const ACCOUNT_BYTES_MAX: usize = 64;

/// What the field says.
#[derive(Clone, Debug, PartialEq, Eq)]
pub(crate) struct Behalf {
    /// Who answers for the content.
    pub(crate) author: Named,
    /// Who enters it, where it says so: it must be the caller.
    pub(crate) enterer: Option<Named>,
}

impl Behalf {
    /// Reads the field for a request; one on which it means nothing is refused.
    pub(crate) fn of(value: &[u8], intent: &Intent) -> Result<Self, Problem> {
        let taken = match intent {
            Intent::Create { kind, .. } => is_governed(kind),
            Intent::Update { target, .. } | Intent::Patch { target, .. } => is_governed(target.kind()),
            // Looked at when its entries are known.
            Intent::Bundle { .. } => true,
            _ => false,
        };
        if taken { Self::read(value) } else { Err(not_here()) }
    }

    fn read(value: &[u8]) -> Result<Self, Problem> {
        let node = fhir::json::parse(value).map_err(|_| wrong("Provenance"))?;
        let members = object(&node, "Provenance", &["resourceType", "recorded", "agent"])?;
        if text(members, "resourceType") != Some("Provenance") {
            return Err(wrong("Provenance.resourceType"));
        }
        // R4 demands `recorded`, but the moment that counts is that of the server's clock.
        let recorded = members.iter().find(|(name, _)| name == "recorded");
        if recorded.is_some_and(|(_, value)| value.as_str().and_then(Time::parse).is_none()) {
            return Err(wrong("Provenance.recorded"));
        }
        let agents = node.get("agent").and_then(Node::as_array).unwrap_or_default();
        let (mut author, mut enterer) = (None, None);
        for agent in agents {
            let (role, named) = read_agent(agent)?;
            let place = if role == "author" { &mut author } else { &mut enterer };
            if place.replace(named).is_some() {
                return Err(wrong("Provenance.agent.type"));
            }
        }
        let author = author.ok_or_else(|| wrong("Provenance.agent"))?;
        Ok(Self { author, enterer })
    }
}

/// Refuses the field on a Bundle of which nothing can be entered for another.
pub(crate) fn expect_in_bundle(entries: &[fhir::Entry]) -> Result<(), Problem> {
    let written = entries.iter().filter_map(|entry| entry.request.as_ref()).any(|request| {
        let kind = request.url.split(['/', '?']).next().unwrap_or_default();
        ["POST", "PUT", "PATCH"].contains(&request.method.as_str()) && is_governed(kind)
    });
    if written { Ok(()) } else { Err(not_here()) }
}

fn is_governed(kind: &str) -> bool {
    status::governed(kind).is_some()
}

fn not_here() -> Problem {
    Problem::new(&codes::PROVENANCE_UNWANTED).with("allowed", fhir::definitions::STATED_TYPES.join(", "))
}

/// The field is wrong at this place.
fn wrong(place: &str) -> Problem {
    Problem::new(&codes::PROVENANCE_WRONG).with("place", place)
}

/// The role of an agent, and who it is.
fn read_agent(agent: &Node) -> Result<(&str, Named), Problem> {
    object(agent, "Provenance.agent", &["type", "who"])?;
    let unknown = || wrong("Provenance.agent.type");
    let role = agent.get("type").ok_or_else(unknown)?;
    object(role, "Provenance.agent.type", &["coding"])?;
    let Some([coding]) = role.get("coding").and_then(Node::as_array) else {
        return Err(wrong("Provenance.agent.type.coding"));
    };
    let members = object(coding, "Provenance.agent.type.coding", &["system", "code", "display"])?;
    let (Some(PARTICIPANT), Some(role @ ("author" | "enterer"))) =
        (text(members, "system"), text(members, "code"))
    else {
        return Err(unknown());
    };
    Ok((role, read_who(agent.get("who"))?))
}

/// Who an agent is: an account by its identifier, or a reference to a Practitioner.
fn read_who(who: Option<&Node>) -> Result<Named, Problem> {
    let neither = || wrong("Provenance.agent.who");
    let who = who.ok_or_else(neither)?;
    let members = object(who, "Provenance.agent.who", &["identifier", "reference", "type"])?;
    match (who.get("identifier"), text(members, "reference")) {
        (Some(identifier), None) => {
            let members = object(identifier, "Provenance.agent.who.identifier", &["system", "value"])?;
            let account = text(members, "value").filter(|id| (1..=ACCOUNT_BYTES_MAX).contains(&id.len()));
            let own = text(members, "system") == Some(systems::ACCOUNT);
            account.filter(|_| own).map(|id| Named::Account(id.to_owned())).ok_or_else(neither)
        }
        (None, Some(reference)) => practitioner(reference).ok_or_else(neither),
        _ => Err(neither()),
    }
}

/// `Practitioner/x` as a name.
fn practitioner(reference: &str) -> Option<Named> {
    let id = ResourceId::parse(reference.strip_prefix("Practitioner/")?)?;
    Some(Named::Practitioner(id.as_str().to_owned()))
}

/// Who an operation names in one text: the id of an account, or `Practitioner/x`.
pub(crate) fn named(text: &str) -> Named {
    practitioner(text).unwrap_or_else(|| Named::Account(text.to_owned()))
}

/// The members of an object that has no others than these.
fn object<'n>(node: &'n Node, place: &str, known: &[&str]) -> Result<&'n [(String, Node)], Problem> {
    let Node::Object(members) = node else { return Err(wrong(place)) };
    let all_known = members.iter().all(|(name, _)| known.contains(&name.as_str()));
    if all_known { Ok(members) } else { Err(wrong(place)) }
}

fn text<'n>(members: &'n [(String, Node)], name: &str) -> Option<&'n str> {
    members.iter().find(|(known, _)| known == name).and_then(|(_, value)| value.as_str())
}

#[cfg(test)]
mod tests {
    use super::*;

    const AUTHOR: &str = r#"{"type":{"coding":[{"system":"http://terminology.hl7.org/CodeSystem/provenance-participant-type","code":"author"}]},"who":{"identifier":{"system":"urn:akashi:account","value":"sato"}}}"#;

    fn read(agents: &str) -> Result<Behalf, Problem> {
        Behalf::read(format!(r#"{{"resourceType":"Provenance","agent":[{agents}]}}"#).as_bytes())
    }

    #[test]
    fn who_answers_and_who_enters_are_read() {
        let sato = Named::Account("sato".to_owned());
        assert_eq!(read(AUTHOR).unwrap(), Behalf { author: sato.clone(), enterer: None });
        let enterer = AUTHOR.replace("author", "enterer").replace(
            r#"{"identifier":{"system":"urn:akashi:account","value":"sato"}}"#,
            r#"{"reference":"Practitioner/p-1"}"#,
        );
        let both = read(&format!("{enterer},{AUTHOR}")).unwrap();
        let practitioner = Named::Practitioner("p-1".to_owned());
        assert_eq!(both, Behalf { author: sato, enterer: Some(practitioner) });
        let recorded = format!(
            r#"{{"resourceType":"Provenance","recorded":"2026-04-01T09:00:00+09:00","agent":[{AUTHOR}]}}"#
        );
        assert!(Behalf::read(recorded.as_bytes()).is_ok());
    }

    #[test]
    fn what_is_not_understood_is_refused() {
        let bad = [
            String::new(),
            "x".to_owned(),
            "[]".to_owned(),
            r#"{"resourceType":"Provenance"}"#.to_owned(),
            r#"{"resourceType":"Patient","agent":[]}"#.to_owned(),
            format!(r#"{{"resourceType":"Provenance","agent":[{AUTHOR}],"target":[]}}"#),
            format!(r#"{{"resourceType":"Provenance","agent":[{AUTHOR}],"reason":[{{"text":"x"}}]}}"#),
            format!(r#"{{"resourceType":"Provenance","agent":[{AUTHOR}],"recorded":"yesterday"}}"#),
            format!(r#"{{"resourceType":"Provenance","agent":{AUTHOR}}}"#),
        ];
        for value in bad {
            assert_eq!(Behalf::read(value.as_bytes()).unwrap_err().code().id, "RC-0070", "{value}");
        }
        for (from, to) in [
            ("author", "verifier"),
            ("provenance-participant-type", "another"),
            (r#""code":"author""#, r#""code":"author","version":"1""#),
            ("urn:akashi:account", "urn:other"),
            (r#""value":"sato""#, r#""value":"""#),
            (r#""value":"sato""#, r#""value":"sato","use":"official""#),
            (r#"{"identifier":"#, r#"{"display":"x","identifier":"#),
            (r#"{"identifier":"#, r#"{"reference":"Practitioner/p","identifier":"#),
            (
                r#"{"identifier":{"system":"urn:akashi:account","value":"sato"}}"#,
                r#"{"reference":"Patient/p"}"#,
            ),
            (r#""who""#, r#""onBehalfOf""#),
        ] {
            let agents = AUTHOR.replace(from, to);
            assert_eq!(read(&agents).unwrap_err().code().id, "RC-0070", "{agents}");
        }
        assert!(read(&format!("{AUTHOR},{AUTHOR}")).is_err(), "two authors");
        assert!(read(&AUTHOR.replace("author", "enterer")).is_err(), "nobody answers");
    }
}
