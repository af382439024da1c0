//! `$finalize`, `$approve`, `$return`, `$assign`, `$amend`, `$withdraw`, `$cosign`: acts on the state of a record (formats,
//! section 15). Each writes a new version and, in the same batch, the Provenance that tells of it. What may follow what,
//! the store decides.

use crate::call::{Answer, Condition, Problems, Settling};
use crate::codes;
use crate::facility::{Caller, Facility};
use crate::index::from_fhir;
use crate::parameters::{self, Value};
use crate::patch::stale;
use crate::provenance::{Agent, Told};
use crate::read;
use crate::status::{self, Governed};
use crate::write::{self, Planned};
use crate::{behalf, proxy};
use access::{Action, Answerable};
use base::{Problem, RecordKey, VersionNumber};
use fhir::definitions::STATED_TYPES;
use fhir::{Checked, Node};
use std::sync::Arc;
use store::{Act, Change, Expected, Found, Mark, State, StateAct};

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
            Self::Approve => Action::APPROVE,
            Self::Return => Action::RETURN,
            Self::Assign => Action::ASSIGN,
            Self::Cosign => Action::COSIGN,
        }
    }

    /// What stands in the entry.
    fn act(self) -> StateAct {
        match self {
            Self::Finalize => StateAct::Finalize,
            Self::Amend => StateAct::Amend,
            Self::Withdraw => StateAct::Withdraw,
            Self::Approve => StateAct::Approve,
            Self::Return => StateAct::Return,
            Self::Assign => StateAct::Assign,
            Self::Cosign => StateAct::Cosign,
        }
    }

    /// Its parameters. It needs all of them, each once.
    fn parameters(self) -> &'static [&'static str] {
        match self {
            Self::Finalize | Self::Approve | Self::Cosign => &[],
            Self::Return | Self::Withdraw => &["reason"],
            Self::Assign => &["responsible", "reason"],
            Self::Amend => &["resource", "reason"],
        }
    }

    /// Whether it answers for a content as finalising does, so that whoever may not finalise may not do it either.
    fn vouches(self) -> bool {
        matches!(self, Self::Approve | Self::Cosign)
    }

    /// Whether only a human being does it, whatever the law permits to machines.
    fn by_people_alone(self) -> bool {
        matches!(self, Self::Approve | Self::Return | Self::Assign | Self::Cosign)
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
        .with("allowed", STATED_TYPES.join(", "))
}

/// The parameters.
#[derive(Default)]
struct Wish {
    reason: Option<String>,
    /// Who is going to answer for it.
    responsible: Option<String>,
    resource: Option<Checked>,
}

impl Wish {
    fn read(asked: &Asked) -> Result<Self, Problems> {
        let mut wish = Self::default();
        if !asked.body.is_empty() {
            let node = fhir::json::parse(&asked.body)?;
            for parameter in parameters::read(&node)? {
                let known = asked.act.parameters().contains(&parameter.name);
                let twice = match (parameter.name, parameter.value) {
                    ("reason", Value::Simple(text)) if known => wish.reason.replace(text).is_some(),
                    ("responsible", Value::Simple(text)) if known => wish.responsible.replace(text).is_some(),
                    ("resource", Value::Resource(node)) if known => {
                        wish.resource.replace(amending(&asked.key, node.clone())?).is_some()
                    }
                    _ => return Err(wrong(asked, parameter.name).into()),
                };
                if twice {
                    return Err(wrong(asked, parameter.name).into());
                }
            }
        }
        wish.reason = wish.reason.filter(|text| !text.trim().is_empty());
        wish.responsible = wish.responsible.filter(|text| !text.trim().is_empty());
        wish.complete(asked.act)?;
        Ok(wish)
    }

    fn complete(&self, act: Settling) -> Result<(), Problem> {
        let given = |name: &str| match name {
            "resource" => self.resource.is_some(),
            "responsible" => self.responsible.is_some(),
            _ => self.reason.is_some(),
        };
        match act.parameters().iter().find(|name| !given(name)) {
            Some(missing) => Err(needs(act, missing).at("Parameters.parameter")),
            None => Ok(()),
        }
    }

    /// What becomes of the record.
    fn content(
        &self,
        key: &RecordKey,
        governed: &Governed,
        act: Settling,
        before: Node,
    ) -> Result<Checked, Problems> {
        let content = match act {
            Settling::Finalize | Settling::Approve => governed.finish(before),
            Settling::Withdraw => governed.take_back(before),
            Settling::Amend => {
                return self.resource.clone().ok_or_else(|| needs(act, "resource").into());
            }
            // What is said stays as it was said.
            Settling::Return | Settling::Assign | Settling::Cosign => {
                return write::of_type(&key.kind, write::check(before)?);
            }
        };
        write::of_type(&key.kind, write::check(content)?)
    }
}

/// The new content of an amendment, which is whole and carries the id of its record.
fn amending(key: &RecordKey, node: Node) -> Result<Checked, Problems> {
    let checked = write::of_type(&key.kind, write::check(node)?)?;
    write::whole(&checked)?;
    write::same_id(&checked, key)?;
    Ok(checked)
}

fn needs(act: Settling, name: &str) -> Problem {
    Problem::new(&codes::SETTLE_NEEDS).with("operation", act.action().name()).with("name", name)
}

fn wrong(asked: &Asked, name: &str) -> Problem {
    let known = match asked.act.parameters() {
        [] => "-".to_owned(),
        names => names.join(", "),
    };
    let problem = Problem::new(&codes::SETTLE_PARAMETER).with("operation", asked.act.action().name());
    problem.with("name", name).with("known", known).at("Parameters.parameter")
}

/// The change and the Provenance that tells of it, for the version that was decided on.
fn plan(
    facility: &Facility,
    caller: &Caller<'_>,
    asked: &Asked,
    (governed, wish): (&Governed, &Wish),
) -> Result<Planned, Problems> {
    let (key, action) = (&asked.key, asked.act.action());
    let Standing { version, state, content: before } = current(facility, caller, asked)?;
    let checked = wish.content(key, governed, asked.act, before)?;
    let template = Arc::new(checked.template(&key.id));
    let content = template.render(VersionNumber::FIRST, facility.now());
    let permit = caller.permit_content(facility, action, key, &content)?;
    if asked.act.vouches() {
        caller.permit_content(facility, Action::FINALIZE, key, &content)?;
    }
    if asked.act.by_people_alone() {
        caller.expect_person(&format!("${}", action.name()))?;
    }
    let entered = state.as_ref().and_then(|state| state.entered.as_deref());
    let responsible = match &wish.responsible {
        Some(name) => Some(caller.answerable(facility, key, &content, &behalf::named(name))?),
        None => None,
    };
    let id = facility.new_id()?;
    let told = Told {
        act: asked.act.act(),
        key,
        version: version.next(),
        replaces: Some(version),
        reason: wish.reason.as_deref(),
        content: &content,
        security: checked.node().get("meta").and_then(|meta| meta.get("security")),
        agents: agents(caller, asked.act, entered, responsible.as_ref()),
    };
    let beside = Change::provenance(&permit, id.clone(), proxy::telling(facility, &told, &id)?)?;
    let says = governed.said(checked.node());
    let mark = match &responsible {
        Some(responsible) => Mark::assign(&permit, says, responsible, id.as_str())?,
        None => Mark::settle(&permit, says, id.as_str())?,
    };
    let shared = Arc::clone(&template);
    let terms = checked.terms().into_iter().map(from_fhir).collect();
    let render = Box::new(move |version, time| shared.render(version, time));
    let change = Change::new(&permit, Expected::Version(version), Act::Put { render, terms })?;
    let change = change.marked(&permit, mark)?;
    Ok(Planned { change, template: Some(template), beside: Some(beside) })
}

/// Who takes part in an act, and how.
fn agents(
    caller: &Caller<'_>,
    act: Settling,
    entered: Option<&str>,
    responsible: Option<&Answerable>,
) -> Vec<Agent> {
    let own = match act {
        Settling::Cosign => "attester",
        Settling::Assign => "performer",
        _ => "author",
    };
    let named = responsible.map(|responsible| Agent::of(caller, "author", responsible.account()));
    let acts = Agent::of(caller, own, &caller.actor.id);
    let enters = matches!(act, Settling::Approve | Settling::Return | Settling::Assign);
    let enterer = entered.filter(|_| enters).map(|entered| Agent::of(caller, "enterer", entered));
    named.into_iter().chain([acts]).chain(enterer).collect()
}

/// The version that is settled.
struct Standing {
    version: VersionNumber,
    state: Option<State>,
    content: Node,
}

/// The version that is settled. The answer shows it, so it is for those who may read it.
fn current(facility: &Facility, caller: &Caller<'_>, asked: &Asked) -> Result<Standing, Problems> {
    let key = &asked.key;
    read::current(facility, caller, asked.act.action(), key)?;
    let (found, permit) = read::current(facility, caller, Action::READ, key)?;
    let Found { version, content, position, .. } = found;
    let gone = || Problem::new(&codes::DELETED).with("record", key).with("version", version);
    let content = content.ok_or_else(gone)?;
    match asked.condition {
        Condition::Version(expected) if expected != version => Err(stale(key, expected, version)),
        _ => {
            let state = caller.trail.read(facility, |snapshot| proxy::state_at(snapshot, position))?;
            Ok(Standing { version, state, content: fhir::json::parse(&content.open(&permit)?)? })
        }
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use Settling::{Amend, Approve, Assign, Cosign, Finalize, Return, Withdraw};

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
        let responsible = r#"{"name":"responsible","valueString":"sato"}"#;
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
            (Approve, String::new(), Ok(())),
            (Approve, reason.to_owned(), Err("RC-0068")),
            (Cosign, String::new(), Ok(())),
            (Cosign, reason.to_owned(), Err("RC-0068")),
            (Return, reason.to_owned(), Ok(())),
            (Return, String::new(), Err("RC-0067")),
            (Return, format!("{reason},{responsible}"), Err("RC-0068")),
            (Assign, format!("{reason},{responsible}"), Ok(())),
            (Assign, reason.to_owned(), Err("RC-0067")),
            (Assign, responsible.to_owned(), Err("RC-0067")),
        ] {
            assert_eq!(asked(act, &body(&parameters)), expected, "{act:?} {parameters}");
        }
        assert_eq!(asked(Finalize, ""), Ok(()));
        assert_eq!(asked(Withdraw, ""), Err("RC-0067"));
    }
}
