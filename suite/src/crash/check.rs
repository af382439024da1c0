//! What must hold after a crash, asked of the restarted server over its API.

use super::write::{SYSTEM, Stored, Wish, Write};
use crate::client::{Answer, Client, Target};
use serde::Deserialize;
use serde_json::Value;
use serde_json::value::RawValue;
use std::collections::BTreeMap;

/// One version and what must be asked about it.
#[derive(Clone, Debug)]
pub(crate) struct Question {
    /// The version.
    pub(crate) stored: Stored,
    /// What its identifier finds: the newest version of its record, if that has the same.
    pub(crate) found: Option<Vec<u8>>,
}

/// What must be asked about these versions, in the order they were written.
pub(crate) fn questions(stored: Vec<Stored>) -> Vec<Question> {
    let newest: BTreeMap<String, Stored> = stored.iter().map(|one| (one.record(), one.clone())).collect();
    let question = |stored: Stored| {
        let newest = newest.get(&stored.record()).filter(|newest| newest.tag == stored.tag);
        Question { found: newest.and_then(|newest| newest.bytes.clone()), stored }
    };
    stored.into_iter().map(question).collect()
}

/// What was found about some versions.
#[derive(Debug, Default)]
pub(crate) struct Findings {
    /// What does not hold.
    pub(crate) violations: Vec<String>,
    /// Proof files, one a line.
    pub(crate) proofs: String,
}

/// Asks all questions, over several connections.
pub(crate) async fn ask_all(
    target: &Target,
    questions: Vec<Question>,
    connections: usize,
) -> Result<Findings, String> {
    let share = questions.len().div_ceil(connections).max(1);
    let mut workers = tokio::task::JoinSet::new();
    for part in questions.chunks(share) {
        let (mut client, part) = (target.client(), part.to_vec());
        workers.spawn(async move {
            let mut findings = Findings::default();
            for question in &part {
                ask(&mut client, question, &mut findings).await?;
            }
            Ok::<_, String>(findings)
        });
    }
    let mut all = Findings::default();
    while let Some(ended) = workers.join_next().await {
        let part = ended.map_err(|error| error.to_string())??;
        all.violations.extend(part.violations);
        all.proofs.push_str(&part.proofs);
    }
    Ok(all)
}

async fn ask(client: &mut Client, question: &Question, findings: &mut Findings) -> Result<(), String> {
    let stored = &question.stored;
    let address = stored.address();
    if !is_same(&client.get(format!("fhir/{address}")).await?, stored) {
        findings.violations.push(format!("{address}: an acknowledged version is not there byte for byte"));
    }
    let proof = client.get(format!("fhir/{address}/$proof")).await?;
    if proof_is_about(&proof, stored) {
        findings.proofs.push_str(&one_line(&proof.body));
    } else {
        findings.violations.push(format!("{address}: there is no proof of it"));
    }
    let found = search(client, stored.kind, &stored.tag).await?;
    let expected: Vec<&[u8]> = question.found.as_deref().into_iter().collect();
    if found.iter().map(String::as_bytes).collect::<Vec<_>>() != expected {
        findings.violations.push(format!("{address}: search by identifier answers otherwise than it should"));
    }
    Ok(())
}

/// Reads versions back, and nothing more.
pub(crate) async fn read_back(target: &Target, stored: &[Stored]) -> Result<Vec<String>, String> {
    let mut client = target.client();
    let mut violations = Vec::new();
    for one in stored {
        let address = one.address();
        if !is_same(&client.get(format!("fhir/{address}")).await?, one) {
            violations.push(format!("{address}: an acknowledged version was lost later"));
        }
    }
    Ok(violations)
}

fn is_same(answer: &Answer, stored: &Stored) -> bool {
    match &stored.bytes {
        Some(bytes) => answer.status == 200 && answer.body == *bytes,
        None => answer.status == 410,
    }
}

fn proof_is_about(answer: &Answer, stored: &Stored) -> bool {
    let Ok(proof) = serde_json::from_slice::<Value>(&answer.body) else { return false };
    let text = |name: &str| proof.get(name).and_then(Value::as_str);
    answer.status == 200
        && text("record") == Some(stored.record().as_str())
        && proof.get("version").and_then(Value::as_u64) == Some(stored.version)
        && text("content").map(str::as_bytes) == stored.bytes.as_deref()
}

/// JSON on one line: inside strings there are no line breaks, so that none that counts is lost.
fn one_line(json: &[u8]) -> String {
    let mut line = String::from_utf8_lossy(json).replace(['\n', '\r'], " ");
    line.push('\n');
    line
}

#[derive(Deserialize)]
struct Page<'a> {
    #[serde(borrow, default)]
    entry: Vec<Hit<'a>>,
}

#[derive(Deserialize)]
struct Hit<'a> {
    #[serde(borrow)]
    resource: &'a RawValue,
}

/// The current resources with this identifier, as they were sent.
async fn search(client: &mut Client, kind: &str, tag: &str) -> Result<Vec<String>, String> {
    let answer = client.get(format!("fhir/{kind}?identifier={SYSTEM}%7C{tag}")).await?;
    let page: Page<'_> = serde_json::from_slice(&answer.body)
        .map_err(|error| format!("search answered with status {}: {error}", answer.status))?;
    Ok(page.entry.into_iter().map(|hit| hit.resource.get().to_owned()).collect())
}

/// What has become of a write that nobody acknowledged.
#[derive(Debug)]
pub(crate) enum Fate {
    /// Nothing of it is there.
    Absent,
    /// All of it is there.
    Whole(Vec<Stored>),
    /// It is there in part, or is not what was asked for.
    Broken(String),
}

/// Looks for a write that was under way when the server died.
pub(crate) async fn fate(client: &mut Client, write: &Write) -> Result<Fate, String> {
    let mut found = Vec::new();
    for wish in write.wishes() {
        found.extend(look_for(client, wish).await?);
    }
    if found.is_empty() {
        return Ok(Fate::Absent);
    }
    if found.len() != write.wishes().len() {
        return Ok(Fate::Broken(format!("{} of {} parts of {write:?}", found.len(), write.wishes().len())));
    }
    let fulfilled = write.wishes().iter().zip(&found).all(|(wish, stored)| {
        stored.bytes.as_deref().map_or(wish.text.is_none(), |bytes| wish.is_fulfilled_by(bytes))
    });
    Ok(if fulfilled && refer_to_each_other(&found) {
        Fate::Whole(found)
    } else {
        Fate::Broken(format!("something else than {write:?}"))
    })
}

async fn look_for(client: &mut Client, wish: &Wish) -> Result<Option<Stored>, String> {
    let Some(id) = &wish.id else {
        let hits = search(client, wish.kind, &wish.tag).await?;
        return Ok(hits.first().and_then(|resource| from_search(wish, resource)));
    };
    let stored = |bytes| Stored { bytes, ..wish.stored(id, wish.version, b"") };
    let answer = client.get(format!("fhir/{}", stored(None).address())).await?;
    match answer.status {
        200 => Ok(Some(stored(Some(answer.body)))),
        410 => Ok(Some(stored(None))),
        404 => Ok(None),
        other => Err(format!("reading a version answered with status {other}")),
    }
}

fn from_search(wish: &Wish, resource: &str) -> Option<Stored> {
    let value: Value = serde_json::from_str(resource).ok()?;
    let id = value.get("id")?.as_str()?.to_owned();
    let version = value.pointer("/meta/versionId")?.as_str()?.parse().ok()?;
    Some(wish.stored(&id, version, resource.as_bytes()))
}

/// Whether each Observation refers to the Patient before it.
fn refer_to_each_other(stored: &[Stored]) -> bool {
    stored.windows(2).all(|pair| match pair {
        [patient, observation] if observation.kind == "Observation" => {
            let bytes = observation.bytes.as_deref().unwrap_or_default();
            let value: Value = serde_json::from_slice(bytes).unwrap_or_default();
            value.pointer("/subject/reference").and_then(Value::as_str) == Some(patient.record().as_str())
        }
        _ => true,
    })
}

#[cfg(test)]
mod tests {
    use super::super::acts::{By, Who};
    use super::*;

    fn stored(kind: &'static str, id: &str, version: u64, bytes: &str) -> Stored {
        let bytes = Some(bytes.as_bytes().to_vec());
        let (id, tag) = (id.to_owned(), version.to_string());
        Stored { kind, id, version, tag, bytes, by: By::Write, who: Who::Tester, standing: None, union: None }
    }

    #[test]
    fn an_identifier_finds_the_newest_version_of_a_record_where_that_has_it() {
        let mut all = vec![
            stored("Patient", "a", 1, "{}"),
            stored("Patient", "b", 1, "{}"),
            stored("Patient", "a", 2, "{ }"),
        ];
        let found = |all: &[Stored]| -> Vec<Option<String>> {
            let text = |bytes: Vec<u8>| String::from_utf8(bytes).unwrap();
            questions(all.to_vec()).into_iter().map(|question| question.found.map(text)).collect()
        };
        let some = |text: &str| Some(text.to_owned());
        assert_eq!(found(&all), [None, some("{}"), some("{ }")]);
        // What is finalised keeps its identifier.
        all[2].tag = all[0].tag.clone();
        assert_eq!(found(&all), [some("{ }"), some("{}"), some("{ }")]);
    }

    #[test]
    fn a_version_with_other_bytes_is_not_the_same() {
        let answer =
            |status, body: &str| Answer { status, location: String::new(), body: body.as_bytes().to_vec() };
        let one = stored("Patient", "a", 1, "{}");
        assert!(is_same(&answer(200, "{}"), &one));
        assert!(!is_same(&answer(200, "{ }"), &one) && !is_same(&answer(404, "{}"), &one));
        let deleted = Stored { bytes: None, ..one };
        assert!(is_same(&answer(410, ""), &deleted) && !is_same(&answer(404, ""), &deleted));
    }

    #[test]
    fn an_observation_of_another_patient_is_noticed() {
        let patient = stored("Patient", "a", 1, "{}");
        let its = stored("Observation", "o", 1, r#"{"subject":{"reference":"Patient/a"}}"#);
        let other = stored("Observation", "o", 1, r#"{"subject":{"reference":"Patient/b"}}"#);
        assert!(refer_to_each_other(&[patient.clone(), its]));
        assert!(!refer_to_each_other(&[patient, other]));
    }

    #[test]
    fn a_proof_of_something_else_is_not_accepted() {
        let answer = |version: u64| {
            let body = serde_json::json!({ "record": "Patient/a", "version": version, "content": "{}" });
            Answer { status: 200, location: String::new(), body: body.to_string().into_bytes() }
        };
        let one = stored("Patient", "a", 1, "{}");
        assert!(proof_is_about(&answer(1), &one) && !proof_is_about(&answer(2), &one));
    }
}
