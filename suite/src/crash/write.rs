//! One write of a client: what it asks for, and what it should become in the journal.

use crate::client::{Answer, Ask};
use http::Method;
use serde::Deserialize;
use serde_json::value::RawValue;
use serde_json::{Value, json};

/// System of the identifiers by which written versions are found again.
pub(crate) const SYSTEM: &str = "urn:akashi:crash";

/// The type of the records that are finalised, amended and withdrawn.
pub(crate) const REPORT: &str = "DiagnosticReport";

/// By what a version is written.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(crate) enum By {
    /// A plain write: of a report, a draft.
    Write,
    Finalize,
    Amend,
    Withdraw,
}

impl By {
    /// The operation; none for a plain write.
    pub(crate) fn operation(self) -> Option<&'static str> {
        match self {
            Self::Write => None,
            Self::Finalize => Some("finalize"),
            Self::Amend => Some("amend"),
            Self::Withdraw => Some("withdraw"),
        }
    }

    /// What a report is then, as its entry says it.
    pub(crate) fn is(self) -> &'static str {
        match self {
            Self::Write => "draft",
            Self::Finalize => "final",
            Self::Amend => "amended",
            Self::Withdraw => "withdrawn",
        }
    }

    /// And as its content does.
    fn status(self) -> &'static str {
        match self {
            Self::Write => "preliminary",
            Self::Finalize => "final",
            Self::Amend => "amended",
            Self::Withdraw => "entered-in-error",
        }
    }
}

/// What one version of a record shall be.
#[derive(Clone, Debug)]
pub(crate) struct Wish {
    /// Resource type.
    pub(crate) kind: &'static str,
    /// The record's id, unless the server chooses it.
    pub(crate) id: Option<String>,
    /// The version it becomes.
    pub(crate) version: u64,
    /// The version that must be current (`If-Match`).
    pub(crate) replaces: Option<u64>,
    /// The value of its identifier; no other record has it. What is finalised or withdrawn keeps it.
    pub(crate) tag: String,
    /// What stands in it; `None` for a deletion.
    pub(crate) text: Option<String>,
    /// By what it is written.
    pub(crate) by: By,
}

/// One request: a single write, or a transaction of several.
#[derive(Clone, Debug)]
pub(crate) enum Write {
    /// `POST`, `PUT` or `DELETE`.
    Single(Wish),
    /// A Bundle; an Observation in it refers to the Patient before it.
    Transaction(Vec<Wish>),
}

/// A version known to be in the journal.
#[derive(Clone, Debug, PartialEq, Eq)]
pub(crate) struct Stored {
    /// Resource type.
    pub(crate) kind: &'static str,
    /// The record's id.
    pub(crate) id: String,
    /// The version.
    pub(crate) version: u64,
    /// The value of its identifier.
    pub(crate) tag: String,
    /// Its bytes; `None` for a deletion.
    pub(crate) bytes: Option<Vec<u8>>,
    /// By what it was written.
    pub(crate) by: By,
}

impl Stored {
    /// `Patient/42`
    pub(crate) fn record(&self) -> String {
        format!("{}/{}", self.kind, self.id)
    }

    /// `Patient/42/_history/3`
    pub(crate) fn address(&self) -> String {
        format!("{}/_history/{}", self.record(), self.version)
    }
}

impl Wish {
    /// The resource to send. `number` is its place in a transaction, where the Patient has the place before.
    pub(crate) fn resource(&self, number: usize) -> Value {
        let mut resource = json!({
            "resourceType": self.kind,
            "identifier": [{ "system": SYSTEM, "value": self.tag }],
        });
        let text = self.text.as_deref().unwrap_or_default();
        let own = match self.kind {
            "Observation" => json!({
                "status": "preliminary",
                "code": { "text": text },
                "subject": { "reference": full_url(number.saturating_sub(1)) },
            }),
            REPORT => json!({ "status": self.by.status(), "code": { "text": text } }),
            _ => json!({ "name": [{ "text": text }] }),
        };
        if let (Value::Object(all), Value::Object(own)) = (&mut resource, own) {
            all.extend(own);
            all.extend(self.id.as_ref().map(|id| ("id".to_owned(), json!(id))));
        }
        resource
    }

    /// Whether stored bytes are what was asked for, apart from what the server sets: id, meta and references.
    pub(crate) fn is_fulfilled_by(&self, bytes: &[u8]) -> bool {
        let Ok(mut found) = serde_json::from_slice::<Value>(bytes) else { return false };
        let mut wanted = self.resource(0);
        for one in [&mut found, &mut wanted].into_iter().filter_map(Value::as_object_mut) {
            for set_by_server in ["id", "meta", "subject"] {
                one.remove(set_by_server);
            }
        }
        found == wanted
    }

    fn stored(&self, id: &str, version: u64, bytes: &[u8]) -> Stored {
        let bytes = self.text.is_some().then(|| bytes.to_vec());
        Stored { kind: self.kind, id: id.to_owned(), version, tag: self.tag.clone(), bytes, by: self.by }
    }

    fn entry(&self, number: usize) -> Value {
        let request = match (&self.id, self.replaces) {
            (None, _) => json!({ "method": "POST", "url": self.kind }),
            (Some(id), None) => json!({ "method": "PUT", "url": format!("{}/{id}", self.kind) }),
            (Some(id), Some(version)) => json!({
                "method": "PUT",
                "url": format!("{}/{id}", self.kind),
                "ifMatch": format!("W/\"{version}\""),
            }),
        };
        json!({ "fullUrl": full_url(number), "resource": self.resource(number), "request": request })
    }
}

fn full_url(number: usize) -> String {
    format!("urn:uuid:00000000-0000-4000-8000-{number:012}")
}

impl Write {
    /// What it is to become.
    pub(crate) fn wishes(&self) -> &[Wish] {
        match self {
            Self::Single(wish) => std::slice::from_ref(wish),
            Self::Transaction(wishes) => wishes,
        }
    }

    /// The request.
    pub(crate) fn ask(&self) -> Ask {
        match self {
            Self::Single(wish) => single(wish),
            Self::Transaction(wishes) => {
                let entries: Vec<Value> =
                    wishes.iter().enumerate().map(|(number, wish)| wish.entry(number)).collect();
                let bundle = json!({ "resourceType": "Bundle", "type": "transaction", "entry": entries });
                Ask::post("fhir", bundle.to_string())
            }
        }
    }

    /// What an answer says is stored now.
    ///
    /// # Errors
    /// A text when the answer is none of success, or does not say what it should.
    pub(crate) fn acknowledged(&self, answer: &Answer) -> Result<Vec<Stored>, String> {
        if !matches!(answer.status, 200 | 201 | 204) {
            return Err(format!("status {}: {}", answer.status, String::from_utf8_lossy(&answer.body)));
        }
        match self {
            Self::Single(wish) => {
                let (id, version) = match (&wish.id, version_of(&answer.location)) {
                    (_, Some(named)) => named,
                    (Some(id), None) => (id.clone(), wish.version),
                    (None, None) => return Err("an answer without Location".to_owned()),
                };
                Ok(vec![wish.stored(&id, version, &answer.body)])
            }
            Self::Transaction(wishes) => of_transaction(wishes, &answer.body),
        }
    }
}

fn single(wish: &Wish) -> Ask {
    let if_match = wish.replaces;
    if let (Some(operation), Some(id)) = (wish.by.operation(), &wish.id) {
        let path = format!("fhir/{}/{id}/${operation}", wish.kind);
        return Ask { method: Method::POST, path, if_match, fields: Vec::new(), body: parameters(wish) };
    }
    let body = wish.text.is_some().then(|| wish.resource(0).to_string());
    let (method, path) = match &wish.id {
        None => (Method::POST, format!("fhir/{}", wish.kind)),
        Some(id) if wish.text.is_some() => (Method::PUT, format!("fhir/{}/{id}", wish.kind)),
        Some(id) => (Method::DELETE, format!("fhir/{}/{id}", wish.kind)),
    };
    Ask { method, path, if_match, fields: Vec::new(), body }
}

/// What an act on a state is told.
fn parameters(wish: &Wish) -> Option<String> {
    let reason = json!({ "name": "reason", "valueString": "crash" });
    let parameter = match wish.by {
        By::Write | By::Finalize => return None,
        By::Amend => json!([reason, { "name": "resource", "resource": wish.resource(0) }]),
        By::Withdraw => json!([reason]),
    };
    Some(json!({ "resourceType": "Parameters", "parameter": parameter }).to_string())
}

#[derive(Deserialize)]
struct Reply<'a> {
    #[serde(borrow)]
    entry: Vec<ReplyEntry<'a>>,
}

#[derive(Deserialize)]
struct ReplyEntry<'a> {
    #[serde(borrow)]
    resource: &'a RawValue,
    response: Response,
}

#[derive(Deserialize)]
struct Response {
    location: String,
}

fn of_transaction(wishes: &[Wish], body: &[u8]) -> Result<Vec<Stored>, String> {
    let reply: Reply<'_> =
        serde_json::from_slice(body).map_err(|error| format!("transaction-response: {error}"))?;
    if reply.entry.len() != wishes.len() {
        return Err("a transaction-response with another number of entries".to_owned());
    }
    let both = wishes.iter().zip(reply.entry);
    both.map(|(wish, entry)| {
        let (id, version) = version_of(&entry.response.location).ok_or("an entry without location")?;
        Ok(wish.stored(&id, version, entry.resource.get().as_bytes()))
    })
    .collect()
}

/// Id and version at the end of `…/Patient/42/_history/3`.
fn version_of(location: &str) -> Option<(String, u64)> {
    let (record, version) = location.rsplit_once("/_history/")?;
    Some((record.rsplit('/').next()?.to_owned(), version.parse().ok()?))
}

#[cfg(test)]
mod tests {
    use super::*;

    fn wish(kind: &'static str, id: Option<&str>, version: u64) -> Wish {
        let replaces = (version > 1).then(|| version - 1);
        Wish {
            kind,
            id: id.map(str::to_owned),
            version,
            replaces,
            tag: "t".to_owned(),
            text: Some("x".to_owned()),
            by: By::Write,
        }
    }

    #[test]
    fn an_act_on_a_state_is_asked_for_by_its_operation_and_names_the_version() {
        let asked = |by| Write::Single(Wish { by, ..wish(REPORT, Some("r"), 2) }).ask();
        for (by, operation, reasons) in
            [(By::Finalize, "finalize", 0), (By::Amend, "amend", 1), (By::Withdraw, "withdraw", 1)]
        {
            let ask = asked(by);
            assert_eq!(ask.path, format!("fhir/{REPORT}/r/${operation}"));
            assert_eq!((ask.method, ask.if_match), (Method::POST, Some(1)));
            assert_eq!(ask.body.unwrap_or_default().matches("reason").count(), reasons, "{operation}");
        }
        assert_eq!(asked(By::Write).method, Method::PUT);
        let amended = Wish { by: By::Amend, ..wish(REPORT, Some("r"), 2) };
        assert_eq!(amended.resource(0)["status"], "amended");
    }

    #[test]
    fn an_update_asks_for_the_version_before_and_a_first_version_for_none() {
        let update = Write::Single(wish("Patient", Some("a"), 3)).ask();
        assert_eq!(
            (update.method, update.path.as_str(), update.if_match),
            (Method::PUT, "fhir/Patient/a", Some(2))
        );
        assert_eq!(Write::Single(wish("Patient", Some("a"), 1)).ask().if_match, None);
        let deletion = Wish { text: None, ..wish("Patient", Some("a"), 2) };
        assert_eq!(Write::Single(deletion).ask().method, Method::DELETE);
    }

    #[test]
    fn the_bytes_of_a_transaction_are_those_inside_the_answer() {
        let body = br#"{"entry":[{"resource":{"a": 1.10},"response":{"location":"https://h/f/x/fhir/Patient/a/_history/2"}}]}"#;
        let answer = Answer { status: 200, location: String::new(), body: body.to_vec() };
        let stored = Write::Transaction(vec![wish("Patient", None, 1)]).acknowledged(&answer).unwrap();
        assert_eq!(stored[0].bytes.as_deref(), Some(&br#"{"a": 1.10}"#[..]));
        assert_eq!(stored[0].address(), "Patient/a/_history/2");
    }

    #[test]
    fn a_refusal_is_no_acknowledgement() {
        let answer = Answer { status: 412, location: String::new(), body: Vec::new() };
        assert!(Write::Single(wish("Patient", None, 1)).acknowledged(&answer).is_err());
    }

    #[test]
    fn content_is_compared_without_what_the_server_sets() {
        let asked = wish("Patient", None, 1);
        let mut stored = asked.resource(0);
        stored["id"] = json!("made");
        stored["meta"] = json!({ "versionId": "1" });
        assert!(asked.is_fulfilled_by(stored.to_string().as_bytes()));
        stored["name"][0]["text"] = json!("y");
        assert!(!asked.is_fulfilled_by(stored.to_string().as_bytes()));
    }
}
