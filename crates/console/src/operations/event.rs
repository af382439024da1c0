//! One AuditEvent as people read it: who did what to which record when, from where, and how it ended.

use crate::reading::{items, moment_of, text};
use crate::words::Words;
use base::Language;
use serde_json::Value;

const ACCOUNT: &str = "urn:akashi:account";
/// Nobody has this id: the server asks for their records to see whether that is refused, and whether the trail names them.
const NOBODY: &str = "akashi-probe";

/// One row of the audit trail.
pub(super) struct Event {
    pub(super) id: String,
    pub(super) at: String,
    pub(super) who: String,
    pub(super) name: String,
    /// Keys of the texts of occupation and duties.
    pub(super) roles: Vec<String>,
    pub(super) act: String,
    pub(super) on: Vec<String>,
    pub(super) patients: Vec<String>,
    /// Whether it is the server's own trial, about a patient whom nobody is.
    pub(super) probe: bool,
    /// Key of the text of the outcome, and how it is marked.
    pub(super) outcome: (&'static str, &'static str),
    pub(super) code: String,
    pub(super) from: String,
}

/// An event, as the API tells it.
pub(super) fn event(one: &Value, language: Language) -> Event {
    let user = items(one, "agent").iter().find(|agent| account_of(agent).is_some());
    let outcome = match text(one, "/outcome") {
        "0" => ("outcome-good", "good"),
        "8" => ("outcome-refused", "bad"),
        "12" => ("outcome-fault", "bad"),
        _ => ("outcome-wrong", "wait"),
    };
    Event {
        id: text(one, "/id").to_owned(),
        at: moment_of(one, "/recorded", language),
        who: user.and_then(account_of).unwrap_or_default().to_owned(),
        name: user.map_or("", |agent| text(agent, "/name")).to_owned(),
        roles: user.map(roles).unwrap_or_default(),
        act: act(one, Words(language)),
        on: records(one),
        probe: user.is_some_and(is_server) && patients(one).iter().any(|patient| patient == NOBODY),
        patients: patients(one),
        outcome,
        code: text(one, "/outcomeDesc").to_owned(),
        from: from(one),
    }
}

/// The account that an agent is.
fn account_of(agent: &Value) -> Option<&str> {
    let of_account = text(agent, "/who/identifier/system") == ACCOUNT;
    of_account.then(|| text(agent, "/who/identifier/value"))
}

/// Whether an agent is the server itself, and not an account that was given the same name.
fn is_server(agent: &Value) -> bool {
    account_of(agent) == Some("console") && items(agent, "role").is_empty()
}

fn roles(agent: &Value) -> Vec<String> {
    let role = |role: &Value| {
        let code = text(role, "/coding/0/code");
        let kind = if text(role, "/coding/0/system") == "urn:akashi:duty" { "duty" } else { "occupation" };
        format!("{kind}-{code}")
    };
    items(agent, "role").iter().map(role).collect()
}

/// What was done: by Akashi's own name of the action where there is one, else by the interaction or the kind of event.
fn act(one: &Value, words: Words) -> String {
    let subtypes = items(one, "subtype");
    let own = subtypes.iter().find(|coding| text(coding, "/system") == "urn:akashi:action");
    let first = own.or_else(|| subtypes.first()).or_else(|| one.get("type"));
    let Some(coding) = first else { return String::new() };
    let code = text(coding, "/code");
    let display = text(coding, "/display");
    let otherwise = if display.is_empty() { code } else { display };
    words.or(&format!("act-{code}"), otherwise)
}

fn reference(entity: &Value) -> &str {
    text(entity, "/what/reference")
}

fn is_patient(entity: &Value) -> bool {
    text(entity, "/type/code") == "1"
}

fn patients(one: &Value) -> Vec<String> {
    let entities = items(one, "entity").iter().filter(|entity| is_patient(entity));
    let ids = entities.filter_map(|entity| reference(entity).strip_prefix("Patient/"));
    ids.map(str::to_owned).collect()
}

fn records(one: &Value) -> Vec<String> {
    let entities = items(one, "entity").iter().filter(|entity| !is_patient(entity));
    let records = entities.map(reference).filter(|record| !record.is_empty()).map(str::to_owned);
    let targets = details(one).filter(|detail| text(detail, "/type") == "target");
    let mut all: Vec<String> = records.collect();
    if all.is_empty() {
        all.extend(targets.map(|detail| text(detail, "/valueString").to_owned()));
    }
    all
}

fn details(one: &Value) -> impl Iterator<Item = &Value> {
    items(one, "entity").iter().flat_map(|entity| items(entity, "detail"))
}

/// The device or the address.
fn from(one: &Value) -> String {
    let device = details(one).find(|detail| text(detail, "/type") == "device");
    let device = device.map_or("", |detail| text(detail, "/valueString"));
    let requesting = items(one, "agent").iter().map(|agent| text(agent, "/network/address"));
    let address = requesting.into_iter().find(|address| !address.is_empty()).unwrap_or_default();
    if device.is_empty() { address.to_owned() } else { format!("{device} · {address}") }
}

#[cfg(test)]
mod tests {
    use super::*;
    use serde_json::json;

    #[test]
    fn a_trial_of_the_server_itself_is_told_as_such_and_nobody_elses_is() {
        let by = |id: &str, role: Value| {
            let who = json!({ "identifier": { "system": ACCOUNT, "value": id } });
            let patient = json!({ "what": { "reference": "Patient/akashi-probe" }, "type": { "code": "1" } });
            event(
                &json!({ "agent": [{ "who": who, "role": role }], "entity": [patient] }),
                Language::Japanese,
            )
            .probe
        };
        let nurse = json!([{ "coding": [{ "system": "urn:akashi:occupation", "code": "nurse" }] }]);
        assert!(by("console", json!([])));
        assert!(!by("nurse", json!([])));
        assert!(!by("console", nurse));
    }
}
