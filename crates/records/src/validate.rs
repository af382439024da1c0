//! `$validate`: what the check says of a resource, without writing it (FHIR R4, operation `Resource-validate`).

use crate::call::{Answer, Problems, Query};
use crate::codes;
use crate::facility::{Caller, Facility};
use crate::parameters::{self, Value};
use crate::{read, write};
use access::Action;
use base::{Problem, RecordKey, ResourceId};
use fhir::{Findings, Node};

/// What is to be validated.
pub(crate) struct Asked {
    pub(crate) kind: String,
    pub(crate) id: Option<ResourceId>,
    pub(crate) body: Option<Vec<u8>>,
    pub(crate) query: Query,
}

/// What the write would be.
#[derive(Clone, Copy, PartialEq, Eq)]
enum Mode {
    Create,
    Update,
    Delete,
}

/// The parameters of the operation, each at most once.
#[derive(Default)]
struct Wish {
    mode: Option<Mode>,
    profile: Option<String>,
    resource: Option<Node>,
}

pub(crate) fn perform(facility: &Facility, caller: &Caller<'_>, asked: &Asked) -> Result<Answer, Problems> {
    write::known_type(&asked.kind)?;
    let wish = Wish::read(asked)?;
    if let Some(profile) = &wish.profile {
        known_profile(&asked.kind, profile)?;
    }
    let key = asked.id.clone().map(|id| RecordKey::new(&asked.kind, id));
    if wish.resource.is_none() || wish.mode == Some(Mode::Delete) {
        let key = key.as_ref().ok_or_else(|| Problem::new(&codes::VALIDATE_NOTHING))?;
        let stored = stored(facility, caller, key)?;
        let findings = match wish.mode {
            // Every record may be deleted.
            Some(Mode::Delete) => Findings::default(),
            _ => fhir::validate(&stored),
        };
        return Ok(answer(caller, &findings));
    }
    caller.may(Action::CHECK, &asked.kind)?;
    let node = wish.resource.ok_or_else(|| Problem::new(&codes::VALIDATE_NOTHING))?;
    let mut ahead = Vec::new();
    ahead.extend(other_type(&node, &asked.kind));
    if wish.mode == Some(Mode::Update) {
        ahead.extend(key.and_then(|key| other_id(&node, &key)));
        ahead.extend(
            fhir::subset::is_subset(&node)
                .then(|| Problem::new(&codes::SUBSETTED).at(format!("{}.meta.tag", asked.kind))),
        );
    }
    let mut findings = fhir::validate(&node);
    findings.problems.splice(0..0, ahead);
    Ok(answer(caller, &findings))
}

fn answer(caller: &Caller<'_>, findings: &Findings) -> Answer {
    Answer::found(fhir::outcome::findings(&findings.problems, &findings.warnings, caller.language))
}

fn stored(facility: &Facility, caller: &Caller<'_>, key: &RecordKey) -> Result<Node, Problems> {
    caller.trail.note(|access| Action::VALIDATE.name().clone_into(&mut access.action));
    let (found, permit) = read::current(facility, caller, Action::VALIDATE, key)?;
    caller.trail.touched(key, Some(found.version.number()));
    let gone = || Problem::new(&codes::DELETED).with("record", key).with("version", found.version);
    Ok(fhir::json::parse(&found.content.ok_or_else(gone)?.open(&permit)?)?)
}

fn other_type(node: &Node, kind: &str) -> Option<Problem> {
    let found = node.get("resourceType").and_then(Node::as_str)?;
    let problem = || Problem::new(&codes::OTHER_TYPE).with("found", found).with("expected", kind).at(found);
    (found != kind).then(problem)
}

fn other_id(node: &Node, key: &RecordKey) -> Option<Problem> {
    let same = node.get("id").and_then(Node::as_str) == Some(key.id.as_str());
    let place = format!("{}.id", key.kind);
    (!same).then(|| Problem::new(&codes::OTHER_ID).with("record", key).with("id", &key.id).at(place))
}

/// The definition of the type itself is the one profile that is validated against.
fn known_profile(kind: &str, profile: &str) -> Result<(), Problem> {
    let base = format!("http://hl7.org/fhir/StructureDefinition/{kind}");
    if profile == base || profile.strip_suffix("|4.0.1") == Some(&base) {
        return Ok(());
    }
    Err(Problem::new(&codes::PROFILE).with("profile", profile).with("base", base))
}

impl Wish {
    fn read(asked: &Asked) -> Result<Self, Problems> {
        let mut wish = Self::default();
        for (name, value) in &asked.query {
            if !crate::page::SHOWN_ELSEWHERE.contains(&name.as_str()) {
                wish.take(name, Value::Simple(value.clone()))?;
            }
        }
        let Some(body) = &asked.body else { return Ok(wish) };
        let node = fhir::json::parse(body)?;
        if is_wrapper(&node, &asked.kind) {
            for parameter in parameters::read(&node)? {
                wish.take(parameter.name, parameter.value)?;
            }
        } else {
            wish.take("resource", Value::Resource(&node))?;
        }
        Ok(wish)
    }

    fn take(&mut self, name: &str, value: Value<'_>) -> Result<(), Problem> {
        let wrong = || Problem::new(&codes::VALIDATE_PARAMETER).with("name", name);
        let twice = match (name, value) {
            ("resource", Value::Resource(node)) => self.resource.replace(node.clone()).is_some(),
            ("profile", Value::Simple(text)) => self.profile.replace(text).is_some(),
            ("mode", Value::Simple(text)) => self.mode.replace(Mode::read(&text)?).is_some(),
            _ => return Err(wrong()),
        };
        if twice { Err(wrong()) } else { Ok(()) }
    }
}

impl Mode {
    fn read(text: &str) -> Result<Self, Problem> {
        match text {
            "create" => Ok(Self::Create),
            "update" => Ok(Self::Update),
            "delete" => Ok(Self::Delete),
            other => Err(Problem::new(&codes::MODE).with("mode", other)),
        }
    }
}

/// Whether a body holds the parameters of the operation, and is not itself what is to be validated.
fn is_wrapper(node: &Node, kind: &str) -> bool {
    let parameters = node.get("parameter").and_then(Node::as_array).unwrap_or_default();
    let named = |parameter: &Node| parameter.get("name").and_then(Node::as_str) == Some("resource");
    node.get("resourceType").and_then(Node::as_str) == Some("Parameters")
        && (kind != "Parameters" || parameters.iter().any(named))
}
