//! The states of reports after a crash: every state stands in its entry as who did it left it, and the Provenance that tells
//! of it beside it, once; what did not come to be has left neither. The same of patients who became one person, or two again.

use super::acts::By;
use super::pools::PATIENT;
use super::write::{REASON, Stored};
use crate::client::Client;
use serde_json::Value;

/// Most references in one search.
const TARGETS_AT_ONCE: usize = 20;
/// System of the names of accounts.
const ACCOUNTS: &str = "urn:akashi:account";

/// What was found about one record.
#[derive(Debug, Default)]
pub(crate) struct Findings {
    /// Versions that stand as they were asked for, together with what tells of them.
    pub(crate) states: u64,
    /// What does not hold.
    pub(crate) violations: Vec<String>,
}

/// Holds the server against all versions known of a record, in their order.
pub(crate) async fn check(
    client: &mut Client,
    record: &str,
    versions: &[&Stored],
) -> Result<Findings, String> {
    let mut findings = Findings::default();
    let mut told = Vec::new();
    for version in versions.iter().filter(|version| version.bytes.is_some()) {
        let address = version.address();
        let said = match expected(version) {
            Expected::Nothing => Ok(()),
            Expected::Union(told_of) => {
                told.push(address.clone());
                united(client, version, &told_of).await?
            }
            Expected::State { provenance } => match named(&entry(client, &address).await?, version) {
                Ok(None) if !provenance => Ok(()),
                Ok(Some(id)) if provenance => {
                    told.push(address.clone());
                    let found = read(client, &id).await?;
                    tells(&found, version, std::slice::from_ref(&address))
                }
                Ok(named) => Err(format!("its entry names the Provenance {named:?}")),
                Err(what) => Err(what),
            },
        };
        match said {
            Ok(()) => findings.states += u64::from(version.standing.is_some() || version.union.is_some()),
            Err(what) => findings.violations.push(format!("{address}: {what}")),
        }
    }
    told.sort();
    let found = targets(client, &[record.to_owned()]).await?;
    if found != told {
        let what = format!("{record}: {found:?} are told of, but {told:?} came to be");
        findings.violations.push(what);
    }
    findings.violations.extend(is_found(client, record, versions).await?);
    Ok(findings)
}

/// What must stand beside a version.
enum Expected {
    Nothing,
    /// A state in its entry, and perhaps a Provenance that the entry names.
    State {
        provenance: bool,
    },
    /// A Provenance of both patients.
    Union([String; 2]),
}

fn expected(version: &Stored) -> Expected {
    match (&version.standing, &version.union) {
        (Some(standing), _) => Expected::State { provenance: !standing.agents(version.by).is_empty() },
        (None, Some(union)) => Expected::Union(union.addresses()),
        (None, None) => Expected::Nothing,
    }
}

/// The entry of a version, as its proof has it.
async fn entry(client: &mut Client, address: &str) -> Result<Value, String> {
    let answer = client.get(format!("fhir/{address}/$proof")).await?;
    let proof: Value = serde_json::from_slice(&answer.body).unwrap_or_default();
    let entry = proof.get("entry").and_then(Value::as_str).unwrap_or_default();
    Ok(serde_json::from_str(entry).unwrap_or_default())
}

/// The id of the Provenance that an entry names. Everything else in it must be what was asked for.
fn named(entry: &Value, version: &Stored) -> Result<Option<String>, String> {
    let mut state = entry.get("state").cloned().unwrap_or_default();
    let named = state.as_object_mut().and_then(|state| state.remove("provenance"));
    let actor = entry.get("actor").cloned().unwrap_or_default();
    let expected = version.standing.as_ref().map(super::acts::Standing::said).unwrap_or_default();
    if (&actor, &state) != (&expected.0, &expected.1) {
        return Err(format!(
            "its entry says {state} by {actor}, but it was to be {} by {}",
            expected.1, expected.0
        ));
    }
    Ok(named.map(|id| id.as_str().unwrap_or_default().to_owned()))
}

async fn read(client: &mut Client, provenance: &str) -> Result<Value, String> {
    let answer = client.get(format!("fhir/Provenance/{provenance}")).await?;
    let found = (answer.status == 200).then(|| serde_json::from_slice(&answer.body).unwrap_or_default());
    Ok(found.unwrap_or_default())
}

/// Whether a Provenance, in its first version, tells of these versions what was done: what, by whom, and why.
fn tells(provenance: &Value, version: &Stored, of: &[String]) -> Result<(), String> {
    let text = |place: &str| provenance.pointer(place).and_then(Value::as_str);
    let list = |name: &str| provenance.get(name).and_then(Value::as_array).cloned().unwrap_or_default();
    let targets: Vec<String> = list("target").iter().filter_map(reference).collect();
    let agents: Vec<(String, String)> = list("agent").iter().filter_map(agent).collect();
    let expected = agents_of(version);
    let codings =
        provenance.pointer("/activity/coding").and_then(Value::as_array).cloned().unwrap_or_default();
    let act = version.standing.as_ref().map_or(version.by.name(), |standing| standing.act);
    let own = codings.last().and_then(|coding| coding.get("code")).and_then(Value::as_str);
    let reason = text("/reason/0/text");
    let reasoned = match version.by {
        By::Lapse => reason.is_some(),
        by if by.needs_reason() => reason == Some(REASON),
        _ => reason.is_none(),
    };
    let holds = text("/meta/versionId") == Some("1")
        && targets == of
        && agents == expected
        && own == Some(act)
        && reasoned;
    if holds { Ok(()) } else { Err(format!("nothing tells of it as it was done, but {provenance}")) }
}

fn agents_of(version: &Stored) -> Vec<(String, String)> {
    let agents = match &version.standing {
        Some(standing) => standing.agents(version.by),
        None => vec![("author", version.who.account())],
    };
    agents.into_iter().map(|(role, account)| (role.to_owned(), account.to_owned())).collect()
}

fn reference(of: &Value) -> Option<String> {
    of.get("reference")?.as_str().map(str::to_owned)
}

/// Role and account.
fn agent(agent: &Value) -> Option<(String, String)> {
    let identifier = agent.pointer("/who/identifier")?;
    let account = identifier.get("value").filter(|_| identifier.get("system") == Some(&ACCOUNTS.into()));
    let role = agent.pointer("/type/coding/0/code")?.as_str()?;
    Some((role.to_owned(), account?.as_str()?.to_owned()))
}

/// Whether one Provenance tells of both patients of a merge or its undoing.
async fn united(
    client: &mut Client,
    version: &Stored,
    both: &[String; 2],
) -> Result<Result<(), String>, String> {
    let found = telling(client, &version.record()).await?;
    let address = version.address();
    let mut own = found.iter().filter(|one| targets_of(one).contains(&address));
    Ok(match (own.next(), own.next()) {
        (Some(one), None) => tells(one, version, both),
        (None, _) => Err("nothing tells of it".to_owned()),
        (Some(_), Some(_)) => Err("it is told of twice".to_owned()),
    })
}

fn targets_of(provenance: &Value) -> Vec<String> {
    let targets = provenance.get("target").and_then(Value::as_array);
    targets.into_iter().flatten().filter_map(reference).collect()
}

/// The Provenances that tell of these records.
async fn telling(client: &mut Client, records: &str) -> Result<Vec<Value>, String> {
    let answer = client.get(format!("fhir/Provenance?target={records}&_count=1000")).await?;
    let page: Value = serde_json::from_slice(&answer.body)
        .map_err(|error| format!("search answered with status {}: {error}", answer.status))?;
    if answer.status != 200 {
        return Err(format!("search answered with status {}", answer.status));
    }
    let entries = page.get("entry").and_then(Value::as_array).cloned().unwrap_or_default();
    Ok(entries.into_iter().filter_map(|entry| entry.get("resource").cloned()).collect())
}

/// The versions of these records that Provenances tell of, each as often as it is told of.
pub(crate) async fn targets(client: &mut Client, records: &[String]) -> Result<Vec<String>, String> {
    let mut found = Vec::new();
    for some in records.chunks(TARGETS_AT_ONCE) {
        for provenance in telling(client, &some.join(",")).await? {
            let about = |target: &String| some.iter().any(|record| target.starts_with(&format!("{record}/")));
            found.extend(targets_of(&provenance).into_iter().filter(about));
        }
    }
    found.sort();
    Ok(found)
}

/// Whether the record is found by what its newest version is.
async fn is_found(client: &mut Client, record: &str, versions: &[&Stored]) -> Result<Option<String>, String> {
    let Some(newest) = versions.last().filter(|newest| newest.bytes.is_some()) else { return Ok(None) };
    let (kind, id) = (newest.kind, &newest.id);
    let by = match &newest.standing {
        Some(standing) => format!("record-state={}&record-state-act={}", standing.is, standing.act),
        None if kind == PATIENT && newest.by == By::Merge => {
            let other = newest
                .union
                .as_ref()
                .map(|union| if union.source.0 == *id { &union.target.0 } else { &union.source.0 });
            format!("link={PATIENT}/{}", other.map(String::as_str).unwrap_or_default())
        }
        None => return Ok(None),
    };
    let answer = client.get(format!("fhir/{kind}?_id={id}&{by}&_summary=count")).await?;
    let page: Value = serde_json::from_slice(&answer.body).unwrap_or_default();
    let found = page.get("total").and_then(Value::as_u64) == Some(1);
    Ok((!found).then(|| format!("{record}: it is not found by {by}")))
}

#[cfg(test)]
mod tests {
    use super::super::acts::{Standing, Who};
    use super::super::write::REPORT;
    use super::*;
    use serde_json::json;

    fn version(acts: &[(By, Who, Option<Who>)]) -> Stored {
        let mut standing = None;
        for act in acts {
            standing = Some(Standing::after(standing.as_ref(), *act));
        }
        let (by, who, _) = *acts.last().unwrap();
        let (id, tag) = ("r".to_owned(), "t".to_owned());
        Stored { kind: REPORT, id, version: 2, tag, bytes: Some(Vec::new()), by, who, standing, union: None }
    }

    const ENTER: (By, Who, Option<Who>) = (By::Enter, Who::Clerk, Some(Who::Doctor));

    #[test]
    fn an_entry_must_say_what_was_asked_for_by_whom_and_name_what_tells_of_it() {
        let approved = version(&[ENTER, (By::Approve, Who::Doctor, None)]);
        let good = json!({
            "actor": { "kind": "person", "id": "sato" },
            "state": { "is": "final", "act": "approve", "responsible": "sato", "entered": "kato", "provenance": "p" },
        });
        assert_eq!(named(&good, &approved), Ok(Some("p".to_owned())));
        for (place, value) in [
            ("/actor/id", "ito"),
            ("/state/is", "draft"),
            ("/state/act", "finalize"),
            ("/state/responsible", "ito"),
            ("/state/entered", "tester"),
        ] {
            let mut bad = good.clone();
            *bad.pointer_mut(place).unwrap() = json!(value);
            assert!(named(&bad, &approved).is_err(), "{place}");
        }
        assert!(named(&json!({}), &approved).is_err());
    }

    #[test]
    fn a_provenance_must_tell_what_was_done_by_whom_and_why() {
        let returned = version(&[ENTER, (By::Return, Who::Doctor, None)]);
        let agent = |role: &str, account: &str| {
            json!({
                "type": { "coding": [{ "code": role }] },
                "who": { "identifier": { "system": ACCOUNTS, "value": account } },
            })
        };
        let good = json!({
            "meta": { "versionId": "1" },
            "target": [{ "reference": "DiagnosticReport/r/_history/2" }],
            "activity": { "coding": [{ "code": "IN" }, { "code": "return" }] },
            "agent": [agent("author", "sato"), agent("enterer", "kato")],
            "reason": [{ "text": REASON }],
        });
        let of = ["DiagnosticReport/r/_history/2".to_owned()];
        assert_eq!(tells(&good, &returned, &of), Ok(()));
        for (place, value) in [
            ("/meta/versionId", json!("2")),
            ("/target", json!([])),
            ("/activity/coding/1/code", json!("approve")),
            ("/agent", json!([agent("author", "sato")])),
            ("/agent/0", agent("author", "ito")),
            ("/reason/0/text", json!("another")),
        ] {
            let mut bad = good.clone();
            *bad.pointer_mut(place).unwrap() = value;
            assert!(tells(&bad, &returned, &of).is_err(), "{place}");
        }
        assert!(tells(&Value::Null, &returned, &of).is_err());
    }
}
