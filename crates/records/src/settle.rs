//! `$finalize`, `$amend`, `$withdraw`: acts on the state of a record (formats, section 15). Each writes a new version and,
//! in the same batch, the Provenance that tells of it. What may follow what, the store decides.

use crate::call::{Answer, Condition, Problems, Settling};
use crate::codes;
use crate::facility::{Caller, Facility};
use crate::index::from_fhir;
use crate::parameters::{self, Value};
use crate::patch::stale;
use crate::provenance::{self, Told};
use crate::read;
use crate::status::{self, Governed};
use crate::write::{self, Planned};
use access::{Action, Permit};
use base::{Problem, RecordKey, ResourceId, VersionNumber};
use fhir::{Checked, Node};
use std::sync::Arc;
use store::{Act, Change, Expected, Found, Mark};

/// What is asked for.
pub(crate) struct Asked {
    pub(crate) act: Settling,
    pub(crate) key: RecordKey,
    pub(crate) body: Vec<u8>,
    pub(crate) condition: Condition,
}

impl Settling {
    /// Its name in the law, which is that of the operation too.
    pub(crate) fn action(self) -> Action {
        match self {
            Self::Finalize => Action::FINALIZE,
            Self::Amend => Action::AMEND,
            Self::Withdraw => Action::WITHDRAW,
        }
    }
}

pub(crate) async fn perform(
    facility: &Facility,
    caller: &Caller<'_>,
    asked: &Asked,
) -> Result<Answer, Problems> {
    write::known_type(&asked.key.kind)?;
    let governed = status::governed(&asked.key.kind).ok_or_else(|| not_offered(asked))?;
    let wish = Wish::read(asked)?;
    write::write(facility, caller, || plan(facility, caller, asked, (governed, &wish))).await
}

fn not_offered(asked: &Asked) -> Problem {
    Problem::new(&codes::NOT_GOVERNED)
        .with("operation", asked.act.action().name())
        .with("type", &asked.key.kind)
        .with("allowed", status::GOVERNED.join(", "))
}

/// The parameters.
#[derive(Default)]
struct Wish {
    reason: Option<String>,
    resource: Option<Checked>,
}

impl Wish {
    fn read(asked: &Asked) -> Result<Self, Problems> {
        let (mut reason, mut resource) = (None, None);
        if !asked.body.is_empty() {
            let node = fhir::json::parse(&asked.body)?;
            for parameter in parameters::read(&node)? {
                let twice = match (asked.act, parameter.name, parameter.value) {
                    (Settling::Amend | Settling::Withdraw, "reason", Value::Simple(text)) => {
                        reason.replace(text).is_some()
                    }
                    (Settling::Amend, "resource", Value::Resource(node)) => {
                        resource.replace(node.clone()).is_some()
                    }
                    _ => return Err(wrong(asked, parameter.name).into()),
                };
                if twice {
                    return Err(wrong(asked, parameter.name).into());
                }
            }
        }
        let wish = Self {
            reason: reason.filter(|text: &String| !text.trim().is_empty()),
            resource: resource.map(|node| amending(&asked.key, node)).transpose()?,
        };
        wish.complete(asked.act)?;
        Ok(wish)
    }

    fn complete(&self, act: Settling) -> Result<(), Problem> {
        let missing = match act {
            Settling::Amend if self.resource.is_none() => "resource",
            Settling::Amend | Settling::Withdraw if self.reason.is_none() => "reason",
            _ => return Ok(()),
        };
        let problem = Problem::new(&codes::SETTLE_NEEDS).with("operation", act.action().name());
        Err(problem.with("name", missing).at("Parameters.parameter"))
    }

    /// What becomes of the record.
    fn content(
        &self,
        key: &RecordKey,
        governed: &Governed,
        act: Settling,
        before: Node,
    ) -> Result<Checked, Problems> {
        let code = match act {
            Settling::Finalize => governed.finished,
            Settling::Withdraw => status::WITHDRAWN,
            Settling::Amend => {
                let needs = || Problem::new(&codes::SETTLE_NEEDS).with("operation", act.action().name());
                return self.resource.clone().ok_or_else(|| needs().with("name", "resource").into());
            }
        };
        write::of_type(&key.kind, write::check(with_code(before, governed.element, code))?)
    }
}

/// The new content of an amendment, which is whole and carries the id of its record.
fn amending(key: &RecordKey, node: Node) -> Result<Checked, Problems> {
    let checked = write::of_type(&key.kind, write::check(node)?)?;
    write::whole(&checked)?;
    write::same_id(&checked, key)?;
    Ok(checked)
}

fn wrong(asked: &Asked, name: &str) -> Problem {
    let known = match asked.act {
        Settling::Finalize => "-",
        Settling::Amend => "resource, reason",
        Settling::Withdraw => "reason",
    };
    let problem = Problem::new(&codes::SETTLE_PARAMETER).with("operation", asked.act.action().name());
    problem.with("name", name).with("known", known).at("Parameters.parameter")
}

/// A content with another code in an element.
pub(crate) fn with_code(content: Node, element: &str, code: &str) -> Node {
    let Node::Object(mut members) = content else { return content };
    let code = Node::String(code.to_owned());
    match members.iter_mut().find(|(name, _)| name == element) {
        Some((_, value)) => *value = code,
        None => members.push((element.to_owned(), code)),
    }
    Node::Object(members)
}

/// The change and the Provenance that tells of it, for the version that was decided on.
fn plan(
    facility: &Facility,
    caller: &Caller<'_>,
    asked: &Asked,
    (governed, wish): (&Governed, &Wish),
) -> Result<Planned, Problems> {
    let (key, action) = (&asked.key, asked.act.action());
    let (version, before) = current(facility, caller, asked)?;
    let checked = wish.content(key, governed, asked.act, before)?;
    let template = Arc::new(checked.template(&key.id));
    let content = template.render(VersionNumber::FIRST, facility.now());
    let permit = caller.permit_content(facility, action, key, &content)?;
    let id = facility.new_id()?;
    let told = Told {
        key,
        version: version.next(),
        reason: wish.reason.as_deref(),
        content: &content,
        security: checked.node().get("meta").and_then(|meta| meta.get("security")),
    };
    let beside = telling(facility, caller, (&permit, asked.act), (&id, &told))?;
    let shared = Arc::clone(&template);
    let terms = checked.terms().into_iter().map(from_fhir).collect();
    let render = Box::new(move |version, time| shared.render(version, time));
    let mark = Mark::settle(&permit, governed.said(checked.node()), id.as_str())?;
    let change = Change::new(&permit, Expected::Version(version), Act::Put { render, terms })?;
    let change = change.marked(&permit, mark)?;
    Ok(Planned { change, template: Some(template), beside: Some(beside) })
}

/// The version that is settled, and its content. The answer shows it, so it is for those who may read it.
fn current(
    facility: &Facility,
    caller: &Caller<'_>,
    asked: &Asked,
) -> Result<(VersionNumber, Node), Problems> {
    let key = &asked.key;
    read::current(facility, caller, asked.act.action(), key)?;
    let (found, permit) = read::current(facility, caller, Action::READ, key)?;
    let Found { version, content, .. } = found;
    let gone = || Problem::new(&codes::DELETED).with("record", key).with("version", version);
    let content = content.ok_or_else(gone)?;
    match asked.condition {
        Condition::Version(expected) if expected != version => Err(stale(key, expected, version)),
        _ => Ok((version, fhir::json::parse(&content.open(&permit)?)?)),
    }
}

/// The change that writes the Provenance.
fn telling(
    facility: &Facility,
    caller: &Caller<'_>,
    (permit, act): (&Permit, Settling),
    (id, told): (&ResourceId, &Told<'_>),
) -> Result<Change, Problems> {
    let checked = write::check(provenance::of(caller, facility.now(), act, told))?;
    let template = checked.template(id);
    let terms = checked.terms().into_iter().map(from_fhir).collect();
    let render = Box::new(move |version, time| template.render(version, time));
    Ok(Change::provenance(permit, id.clone(), Act::Put { render, terms })?)
}

#[cfg(test)]
mod tests {
    use super::*;
    use Settling::{Amend, Finalize, Withdraw};

    #[test]
    fn a_status_is_replaced_where_it_stands_and_nothing_else_is_touched() {
        let with = |text: &str| {
            let mut out = Vec::new();
            with_code(fhir::json::parse(text.as_bytes()).unwrap(), "status", "final").write(&mut out);
            String::from_utf8(out).unwrap()
        };
        assert_eq!(
            with(r#"{"a":1.10,"status":"preliminary","b":"x"}"#),
            r#"{"a":1.10,"status":"final","b":"x"}"#
        );
        assert_eq!(with(r#"{"a":1}"#), r#"{"a":1,"status":"final"}"#);
    }

    fn asked(act: Settling, body: &str) -> Result<(), &'static str> {
        let key = RecordKey::parse("Observation/o").unwrap();
        let asked = Asked { act, key, body: body.as_bytes().to_vec(), condition: Condition::Always };
        Wish::read(&asked).map(|_| ()).map_err(|problems| problems.all()[0].code().id)
    }

    #[test]
    fn a_correction_and_a_withdrawal_need_a_reason_and_nothing_is_passed_over() {
        let body =
            |parameters: &str| format!(r#"{{"resourceType":"Parameters","parameter":[{parameters}]}}"#);
        let reason = r#"{"name":"reason","valueString":"x"}"#;
        let resource = r#"{"name":"resource","resource":{"resourceType":"Observation","id":"o","status":"amended","code":{"text":"x"}}}"#;
        let foreign = resource.replace(r#""id":"o""#, r#""id":"p""#);
        for (act, parameters, expected) in [
            (Finalize, String::new(), Ok(())),
            (Finalize, reason.to_owned(), Err("RC-0068")),
            (Withdraw, reason.to_owned(), Ok(())),
            (Withdraw, String::new(), Err("RC-0067")),
            (Withdraw, reason.replace("\"x\"", "\"　 \""), Err("RC-0067")),
            (Withdraw, format!("{reason},{reason}"), Err("RC-0068")),
            (Withdraw, format!("{reason},{resource}"), Err("RC-0068")),
            (Amend, format!("{reason},{resource}"), Ok(())),
            (Amend, resource.to_owned(), Err("RC-0067")),
            (Amend, reason.to_owned(), Err("RC-0067")),
            (Amend, format!("{reason},{foreign}"), Err("RC-0006")),
        ] {
            assert_eq!(asked(act, &body(&parameters)), expected, "{act:?} {parameters}");
        }
        assert_eq!(asked(Finalize, ""), Ok(()));
        assert_eq!(asked(Withdraw, ""), Err("RC-0067"));
    }
}
