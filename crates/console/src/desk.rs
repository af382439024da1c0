//! What a page may ask of the facility: whatever the API serves, in the name of whoever looks at the page.

use crate::codes::PAGE_UNKNOWN;
use crate::words::Words;
use base::{Problem, Time};
use fhir::Node;
use serde_json::{Value, json};
use std::collections::BTreeMap;
use std::pin::Pin;

/// A request to the API, as a page makes it.
#[derive(Clone, Debug, Default)]
pub struct Ask {
    /// `GET`, `POST`, `PUT`, `PATCH`, `DELETE`.
    pub method: &'static str,
    /// The path below `/f/{facility}/`, percent-encoded, with its query.
    pub path: String,
    /// The body, JSON; none where nothing is sent.
    pub body: Option<Value>,
    /// The version that is expected to be current (`If-Match`).
    pub if_match: Option<String>,
    /// The body as JSON text, in place of `body`: numbers stay as they were written (R4, datatypes, `decimal`).
    pub text: Option<String>,
    /// Who answers for what is entered, as a Provenance (`X-Provenance`).
    pub provenance: Option<String>,
}

impl Ask {
    /// Looks at something.
    pub fn get(path: impl Into<String>) -> Self {
        Self { method: "GET", path: path.into(), ..Self::default() }
    }

    /// Sends something.
    pub fn post(path: impl Into<String>, body: Value) -> Self {
        Self { method: "POST", path: path.into(), body: Some(body), ..Self::default() }
    }

    /// Writes a version of a record where this one is current.
    pub fn put(path: impl Into<String>, body: Value, version: Option<&str>) -> Self {
        let if_match = version.map(|version| format!("W/\"{version}\""));
        Self { method: "PUT", path: path.into(), body: Some(body), if_match, ..Self::default() }
    }

    /// Sends JSON text as it is, where this version is current.
    pub fn exactly(
        method: &'static str,
        path: impl Into<String>,
        text: String,
        version: Option<&str>,
    ) -> Self {
        let if_match = version.map(|version| format!("W/\"{version}\""));
        Self { method, path: path.into(), text: Some(text), if_match, ..Self::default() }
    }

    /// Takes something away.
    pub fn delete(path: impl Into<String>) -> Self {
        Self { method: "DELETE", path: path.into(), ..Self::default() }
    }
}

/// What the API answered to a request that was not refused.
#[derive(Clone, Debug, Default)]
pub struct Told {
    /// The body.
    pub bytes: Vec<u8>,
    /// Its media type; empty where there is no body.
    pub media: String,
    /// What it wants browsers to keep (`Set-Cookie`).
    pub cookies: Vec<String>,
}

impl Told {
    /// The body as JSON; null where it is none.
    pub fn json(&self) -> Value {
        serde_json::from_slice(&self.bytes).unwrap_or(Value::Null)
    }
}

/// Why a request was refused: at least one problem.
#[derive(Clone, Debug)]
pub struct Refused(pub Vec<Problem>);

impl From<Problem> for Refused {
    fn from(problem: Problem) -> Self {
        Self(vec![problem])
    }
}

impl Refused {
    /// Whether its first problem has this code.
    pub fn is(&self, code: &str) -> bool {
        self.0.first().is_some_and(|problem| problem.code().id == code)
    }
}

/// Something that the law may allow, asked so that a page leaves out what would be refused.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum May {
    /// A command of those who run the facility, by its name.
    Command(&'static str),
    /// Searching records of a type.
    Search(&'static str),
    /// Creating a record of a type.
    Create(&'static str),
    /// An act on a record of a type, by its name in the law (`finalize`, `update`, …), and the type.
    Act(&'static str, &'static str),
    /// Searching the audit trail.
    Audit,
    /// Reading the log of the journal.
    Log,
}

/// An answer that is being worked out.
pub type Answering<'a> = Pin<Box<dyn Future<Output = Result<Told, Refused>> + Send + 'a>>;

/// The facility, as whoever looks at a page may use it.
pub trait Desk: Send + Sync {
    /// The id of the facility.
    fn facility(&self) -> &str;

    /// The present moment.
    fn now(&self) -> Time;

    /// Whether the law in force would let this person do it. It says nothing about single records.
    fn may(&self, what: May) -> bool;

    /// Does what is asked, or says why not.
    fn call(&self, ask: Ask) -> Answering<'_>;

    /// Whether nothing can be written until somebody acts.
    fn halted(&self) -> bool {
        false
    }

    /// Up to where this page knows what has changed, as a text that news begin from. Empty where there are none.
    fn news(&self) -> String {
        String::new()
    }

    /// What everything shown is proven against, where writing is stopped and the page may show records all the same.
    fn proven(&self) -> Option<Proven> {
        None
    }

    /// What the person behind an account is called, for whoever may look at the directory of the staff; none of others and of
    /// accounts that there are not.
    fn called(&self, _account: &str) -> Option<Called> {
        None
    }

    /// The people who can work here now: account, name and occupation. Nobody for whoever may not look at the directory.
    fn colleagues(&self) -> Vec<(String, Called)> {
        Vec::new()
    }

    /// Checks a proof file with the verifier of this program, against the keys that sign the journal of this facility. A
    /// desk without a journal knows of no proof that is good.
    fn verify(&self, _file: &[u8]) -> Result<Verified, Refused> {
        Err(Problem::new(&PAGE_UNKNOWN).into())
    }
}

/// What is shown while writing is stopped, and what is not.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Proven {
    /// How many entries the signed checkpoint covers that everything shown is proven against.
    pub entries: u64,
    /// The time of the last of them.
    pub time: Time,
    /// How many records of each type were not shown because they could not be proven.
    pub unproven: BTreeMap<String, usize>,
}

/// What the person behind an account is called.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Called {
    /// The name.
    pub name: String,
    /// The word of the occupation (`doctor`, `nurse`, …); machines and some people have none.
    pub occupation: Option<&'static str>,
}

impl Called {
    /// Name and occupation.
    pub(crate) fn in_words(&self, words: Words) -> String {
        let Some(occupation) = self.occupation else { return self.name.clone() };
        let occupation = words.or(&format!("looker-as-{occupation}"), occupation);
        words.with2("write-called", ("name", &self.name), ("as", occupation))
    }
}

/// What an account is called: name and occupation where they may be known, else as it is.
pub(crate) fn called(desk: &dyn Desk, words: Words, account: &str) -> String {
    desk.called(account).map_or_else(|| account.to_owned(), |called| called.in_words(words))
}

/// What a proof file that is good proves.
#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub struct Verified {
    /// Where the entry stands in the journal.
    pub position: u64,
    /// How many entries the signed checkpoint covers.
    pub entries: u64,
    /// Whether there is a content, whose digest was computed anew; a deletion has none.
    pub content: bool,
    /// The name of the key that signed.
    pub key: String,
}

/// Looks at several things at once, in one batch (FHIR R4, section 3.1.0.11): paths below the FHIR API. Each is answered or
/// refused for itself and leaves its own entry in the journal.
pub(crate) async fn look_at(desk: &dyn Desk, paths: &[String]) -> Result<Vec<Option<Value>>, Refused> {
    let entry = |path: &String| json!({ "request": { "method": "GET", "url": path } });
    let entries: Vec<Value> = paths.iter().map(entry).collect();
    let batch = json!({ "resourceType": "Bundle", "type": "batch", "entry": entries });
    let mut answer = desk.call(Ask::post("fhir", batch)).await?.json();
    let answers =
        answer.get_mut("entry").and_then(Value::as_array_mut).map(std::mem::take).unwrap_or_default();
    let good = |entry: &Value| {
        let status = entry.pointer("/response/status").and_then(Value::as_str);
        status.is_some_and(|status| status.starts_with('2'))
    };
    Ok(answers
        .into_iter()
        .map(|mut entry| if good(&entry) { entry.get_mut("resource").map(Value::take) } else { None })
        .collect())
}

/// The same with numbers as they were written: `0.60` stays `0.60`. For all whose content people read or compare.
pub(crate) async fn look_at_as_written(
    desk: &dyn Desk,
    paths: &[String],
) -> Result<Vec<Option<Node>>, Refused> {
    let entry = |path: &String| json!({ "request": { "method": "GET", "url": path } });
    let entries: Vec<Value> = paths.iter().map(entry).collect();
    let batch = json!({ "resourceType": "Bundle", "type": "batch", "entry": entries });
    let told = desk.call(Ask::post("fhir", batch)).await?;
    let mut answers = as_written(&fhir::json::parse(&told.bytes)?);
    answers.resize(paths.len(), None);
    Ok(answers)
}

fn as_written(answer: &Node) -> Vec<Option<Node>> {
    let entries = answer.get("entry").and_then(Node::as_array).unwrap_or_default();
    let good = |entry: &Node| {
        let status = entry.get("response").and_then(|response| response.get("status"));
        status.and_then(Node::as_str).is_some_and(|status| status.starts_with('2'))
    };
    entries.iter().map(|entry| entry.get("resource").filter(|_| good(entry)).cloned()).collect()
}

/// The resources that a search found itself, without what it brought along.
pub(crate) fn matches(bundle: &Value) -> impl Iterator<Item = &Value> {
    let entries = bundle.get("entry").and_then(Value::as_array).map(Vec::as_slice).unwrap_or_default();
    let found = |entry: &&Value| {
        entry.pointer("/search/mode").and_then(Value::as_str).is_none_or(|mode| mode == "match")
    };
    entries.iter().filter(found).filter_map(|entry| entry.get("resource"))
}

#[cfg(test)]
mod tests {
    use super::as_written;

    #[test]
    fn numbers_are_read_as_they_were_written_and_what_was_refused_is_none() {
        let answer = br#"{"resourceType":"Bundle","entry":[
            {"response":{"status":"200 OK"},"resource":{"resourceType":"Observation","valueQuantity":{"value":0.60}}},
            {"response":{"status":"403 Forbidden"},"resource":{"resourceType":"OperationOutcome"}}]}"#;
        let read = as_written(&fhir::json::parse(answer).unwrap());
        let value = read[0].as_ref().and_then(|one| one.get("valueQuantity")?.get("value")?.as_number());
        assert_eq!((value, read.len(), read[1].is_none()), (Some("0.60"), 2, true));
    }
}
