//! What policies look at: found by walking their JSON form, so that a decision is kept by what can change it and by
//! nothing else. Where the form leaves a doubt, more is taken to be looked at.

use cedar_policy::{ActionConstraint, Entities, EntityId, EntityUid, Policy};
use serde_json::{Map, Value};
use std::collections::BTreeSet;

/// Which attributes of a resource the policies for an action look at.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq)]
#[expect(clippy::struct_excessive_bools, reason = "each is a question of its own")]
pub struct Minds {
    /// Labels of the record.
    pub labels: bool,
    /// Labels of its patients.
    pub patient_labels: bool,
    /// Its state.
    pub state: bool,
    /// Its author.
    pub author: bool,
    /// Whether who asks treats the patient or broke the glass, or whether there is a patient at all: beyond what the
    /// default set asks of restricted patients.
    pub treating: bool,
}

/// The circumstances that a policy can look at all at once.
const EVERYTHING: [&str; 6] = ["breakGlass", "purpose", "hour", "weekday", "app", "granted"];

/// What one policy, or several, look at.
#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub(super) struct Mentions {
    /// Names of attributes, whatever they belong to; those of `resource.patient` with `patient.` before them.
    names: BTreeSet<String>,
    /// Whether one account is told from another.
    accounts: bool,
    /// Whether it cannot be told.
    all: bool,
}

impl Mentions {
    /// What a policy looks at; everything, where its form cannot be had.
    pub(super) fn of(policy: &Policy) -> Self {
        let mut found = Self::default();
        match policy.to_json() {
            Ok(Value::Object(form)) => {
                found.accounts =
                    literals_in(&Value::Object(form.clone())).iter().any(|(kind, _)| kind == "Account");
                found.walk(form.get("conditions").unwrap_or(&Value::Null));
            }
            _ => found.all = true,
        }
        found
    }

    /// What this and another look at.
    pub(super) fn add(&mut self, other: &Self) {
        self.names.extend(other.names.iter().cloned());
        self.accounts |= other.accounts;
        self.all |= other.all;
    }

    /// Whether an attribute is looked at.
    pub(super) fn has(&self, name: &str) -> bool {
        self.all || self.names.contains(name)
    }

    /// Whether one account is told from another.
    pub(super) fn accounts(&self) -> bool {
        self.accounts || self.has("author")
    }

    /// The names of what is looked at, for people; everything that can be, where it cannot be told.
    pub(super) fn told(&self) -> BTreeSet<String> {
        let mut told = self.names.clone();
        if self.all {
            told.extend(EVERYTHING.map(str::to_owned));
        }
        if self.accounts {
            told.insert("account".to_owned());
        }
        told
    }

    pub(super) fn minds(&self) -> Minds {
        Minds {
            labels: self.has("labels"),
            patient_labels: self.has("patient.labels"),
            state: self.has("state"),
            author: self.has("author"),
            treating: ["patient.treating", "patient.known", "breakGlass"].iter().any(|name| self.has(name)),
        }
    }

    fn walk(&mut self, form: &Value) {
        match form {
            Value::Object(members) if self.access(members) => {}
            Value::Object(members) => members.values().for_each(|member| self.walk(member)),
            Value::Array(members) => members.iter().for_each(|member| self.walk(member)),
            // All of the circumstances at once.
            Value::String(name) if name == "context" => self.all = true,
            _ => {}
        }
    }

    /// Takes a node that looks at an attribute: `{".": {"left": …, "attr": …}}`, or `has`.
    fn access(&mut self, members: &Map<String, Value>) -> bool {
        let node = members.get(".").or_else(|| members.get("has")).and_then(Value::as_object);
        let Some((left, name)) = node.and_then(|node| Some((node.get("left")?, node.get("attr")?.as_str()?)))
        else {
            return false;
        };
        match (variable(left), patient(left)) {
            (Some(_), _) if name == "patient" => {
                self.names.extend(["patient.known", "patient.labels", "patient.treating"].map(str::to_owned));
            }
            (Some(_), _) => {
                self.names.insert(name.to_owned());
            }
            (None, true) => {
                self.names.insert(format!("patient.{name}"));
            }
            (None, false) => self.all = true,
        }
        true
    }
}

/// `{"Var": "resource"}`.
fn variable(form: &Value) -> Option<&str> {
    form.get("Var")?.as_str()
}

/// `resource.patient`.
fn patient(form: &Value) -> bool {
    let attribute = form.get(".");
    let name = attribute.and_then(|node| node.get("attr")).and_then(Value::as_str);
    let left = attribute.and_then(|node| node.get("left")).and_then(variable);
    name == Some("patient") && left == Some("resource")
}

/// Type and id of everything that a policy names.
pub(super) fn literals(policy: &Policy) -> BTreeSet<(String, String)> {
    policy.to_json().map(|form| literals_in(&form)).unwrap_or_default()
}

fn literals_in(form: &Value) -> BTreeSet<(String, String)> {
    let mut found = BTreeSet::new();
    collect_literals(form, &mut found);
    found
}

fn collect_literals(form: &Value, found: &mut BTreeSet<(String, String)>) {
    match form {
        Value::Object(members) => {
            let text = |name: &str| members.get(name).and_then(Value::as_str).map(str::to_owned);
            if let (Some(entity_type), Some(id)) = (text("type"), text("id")) {
                found.insert((entity_type, id));
            }
            members.values().for_each(|member| collect_literals(member, found));
        }
        Value::Array(members) => members.iter().for_each(|member| collect_literals(member, found)),
        _ => {}
    }
}

/// Whether a name of an action or of a group of them, as conditions of policies have them, is this action or holds it.
pub(super) fn names(id: &str, action: &EntityUid, actions: &Entities) -> bool {
    let group = EntityUid::from_type_name_and_id(action.type_name().clone(), EntityId::new(id));
    group == *action || actions.is_ancestor_of(&group, action)
}

/// Whether a policy can apply to an action.
pub(super) fn applies(policy: &Policy, action: &EntityUid, actions: &Entities) -> bool {
    let within = |group: &EntityUid| group == action || actions.is_ancestor_of(group, action);
    match policy.action_constraint() {
        ActionConstraint::Any => true,
        ActionConstraint::Eq(one) => one == *action,
        ActionConstraint::In(groups) => groups.iter().any(within),
    }
}
