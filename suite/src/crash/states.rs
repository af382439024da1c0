//! The states of reports after a crash: every state stands in its entry, and the Provenance that tells of it beside it;
//! what did not come to be has left neither.

use super::write::{By, Stored};
use crate::client::Client;
use serde_json::Value;
use std::collections::BTreeSet;

/// What was found about one report.
#[derive(Debug, Default)]
pub(crate) struct Findings {
    /// Versions whose state stands as it was asked for.
    pub(crate) states: u64,
    /// What does not hold.
    pub(crate) violations: Vec<String>,
}

/// Holds the server against all versions known of a report, in their order.
pub(crate) async fn check(
    client: &mut Client,
    report: &str,
    versions: &[&Stored],
) -> Result<Findings, String> {
    let mut findings = Findings::default();
    let mut told = BTreeSet::new();
    for version in versions.iter().filter(|version| version.bytes.is_some()) {
        let address = version.address();
        let entry = entry(client, &address).await?;
        match telling(&entry, version.by) {
            Ok(None) => findings.states += 1,
            Ok(Some(provenance)) => {
                told.insert(address.clone());
                if tells(client, &provenance, &address).await? {
                    findings.states += 1;
                } else {
                    findings.violations.push(format!("{address}: nothing tells of its state"));
                }
            }
            Err(what) => findings.violations.push(format!("{address}: {what}")),
        }
    }
    let found = targets(client, report).await?;
    if found != told {
        let what = format!("{report}: {found:?} are told of, but {told:?} came to be");
        findings.violations.push(what);
    }
    findings.violations.extend(is_found(client, report, versions).await?);
    Ok(findings)
}

/// The entry of a version, as its proof has it.
async fn entry(client: &mut Client, address: &str) -> Result<Value, String> {
    let answer = client.get(format!("fhir/{address}/$proof")).await?;
    let proof: Value = serde_json::from_slice(&answer.body).unwrap_or_default();
    let entry = proof.get("entry").and_then(Value::as_str).unwrap_or_default();
    Ok(serde_json::from_str(entry).unwrap_or_default())
}

/// The id of the Provenance that an entry names, where its act needs one.
fn telling(entry: &Value, by: By) -> Result<Option<String>, String> {
    let said = |name: &str| entry.pointer(&format!("/state/{name}")).and_then(Value::as_str);
    if said("is") != Some(by.is()) {
        return Err(format!("its entry says {:?}, but it was to be {}", said("is"), by.is()));
    }
    match (by.operation(), said("act"), said("provenance")) {
        (None, Some("enter" | "edit"), None) => Ok(None),
        (Some(operation), Some(act), Some(provenance)) if operation == act => Ok(Some(provenance.to_owned())),
        (_, act, provenance) => Err(format!("its entry has the act {act:?} and names {provenance:?}")),
    }
}

/// Whether a Provenance is there, in its first version, and tells of a version.
async fn tells(client: &mut Client, provenance: &str, address: &str) -> Result<bool, String> {
    let answer = client.get(format!("fhir/Provenance/{provenance}")).await?;
    let found: Value = serde_json::from_slice(&answer.body).unwrap_or_default();
    let text = |place: &str| found.pointer(place).and_then(Value::as_str);
    Ok(answer.status == 200
        && text("/meta/versionId") == Some("1")
        && text("/target/0/reference") == Some(address))
}

/// The versions of a report that Provenances tell of.
async fn targets(client: &mut Client, report: &str) -> Result<BTreeSet<String>, String> {
    let answer = client.get(format!("fhir/Provenance?target={report}&_count=1000")).await?;
    let page: Value = serde_json::from_slice(&answer.body)
        .map_err(|error| format!("search answered with status {}: {error}", answer.status))?;
    let entries = page.get("entry").and_then(Value::as_array).map(Vec::as_slice).unwrap_or_default();
    let target = |entry: &Value| Some(entry.pointer("/resource/target/0/reference")?.as_str()?.to_owned());
    Ok(entries.iter().filter_map(target).collect())
}

/// Whether the report is found by the state that its newest version has.
async fn is_found(client: &mut Client, report: &str, versions: &[&Stored]) -> Result<Option<String>, String> {
    let Some(newest) = versions.last().filter(|newest| newest.bytes.is_some()) else { return Ok(None) };
    let (kind, id, is) = (newest.kind, &newest.id, newest.by.is());
    let answer = client.get(format!("fhir/{kind}?_id={id}&record-state={is}&_summary=count")).await?;
    let page: Value = serde_json::from_slice(&answer.body).unwrap_or_default();
    let found = page.get("total").and_then(Value::as_u64) == Some(1);
    Ok((!found).then(|| format!("{report}: it is not found as {is}")))
}

#[cfg(test)]
mod tests {
    use super::*;
    use serde_json::json;

    #[test]
    fn an_entry_must_say_what_was_asked_for_and_name_what_tells_of_it() {
        let said = |state: Value, by| telling(&json!({ "state": state }), by);
        assert_eq!(said(json!({ "is": "draft", "act": "edit" }), By::Write), Ok(None));
        let finished = json!({ "is": "final", "act": "finalize", "provenance": "p" });
        assert_eq!(said(finished.clone(), By::Finalize), Ok(Some("p".to_owned())));
        assert!(said(finished, By::Amend).is_err());
        assert!(said(json!({ "is": "final", "act": "finalize" }), By::Finalize).is_err());
        assert!(said(json!({ "is": "withdrawn", "act": "amend", "provenance": "p" }), By::Withdraw).is_err());
        assert!(telling(&json!({}), By::Write).is_err());
    }
}
