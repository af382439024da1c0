//! One write of a client: what it asks for, and what it should become in the journal.

use super::acts::{By, Standing, Who};
use crate::client::{Answer, Ask};
use http::Method;
use serde::Deserialize;
use serde_json::value::RawValue;
use serde_json::{Value, json};

/// System of the identifiers by which written versions are found again.
pub(crate) const SYSTEM: &str = "urn:akashi:crash";

/// The type of the records that have states.
pub(crate) const REPORT: &str = "DiagnosticReport";

/// The reason of all that needs one.
pub(crate) const REASON: &str = "crash";

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
    /// The value of its identifier; no other record has it. What is settled without a new content keeps it.
    pub(crate) tag: String,
    /// What stands in it; `None` for a deletion.
    pub(crate) text: Option<String>,
    /// By what it is written.
    pub(crate) by: By,
    /// Who writes it.
    pub(crate) who: Who,
    /// What it becomes, of a report.
    pub(crate) standing: Option<Standing>,
    /// Which patients become one person by it, or two again.
    pub(crate) union: Option<Box<Union>>,
}

/// Two patients who become one person, or two again: their ids, and the versions that they become.
#[derive(Clone, Debug, PartialEq, Eq, PartialOrd, Ord)]
pub(crate) struct Union {
    /// Who is merged away.
    pub(crate) source: (String, u64),
    /// Who stays.
    pub(crate) target: (String, u64),
}

impl Union {
    /// Both versions, as a Provenance names them.
    pub(crate) fn addresses(&self) -> [String; 2] {
        [&self.source, &self.target].map(|(id, version)| format!("Patient/{id}/_history/{version}"))
    }

    /// What a merge adds to the content of one of them.
    fn members(&self, id: &str) -> Value {
        let link = |(other, _): &(String, u64), kind: &str| json!([{ "other": { "reference": format!("Patient/{other}") }, "type": kind }]);
        if id == self.source.0 {
            json!({ "active": false, "link": link(&self.target, "replaced-by") })
        } else {
            json!({ "link": link(&self.source, "replaces") })
        }
    }
}

/// One request: a single write, or a transaction of several.
#[derive(Clone, Debug)]
pub(crate) enum Write {
    /// `POST`, `PUT` or `DELETE`.
    Single(Wish),
    /// A Bundle; an Observation in it refers to the Patient before it.
    Transaction(Vec<Wish>),
    /// Two patients merged or parted: the one who is merged away, and the one who stays.
    Union(Box<[Wish; 2]>),
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
    /// Who wrote it.
    pub(crate) who: Who,
    /// What it is, of a report.
    pub(crate) standing: Option<Standing>,
    /// Which patients became one person by it, or two again.
    pub(crate) union: Option<Box<Union>>,
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

    /// The act as figures name it. What becomes of two patients by one act counts once.
    pub(crate) fn operation(&self) -> Option<&'static str> {
        let second = self.union.as_ref().is_some_and(|union| union.source.0 != self.id);
        (!second).then(|| self.by.name())
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
            REPORT => json!({
                "status": self.standing.as_ref().map_or("preliminary", Standing::status),
                "code": { "text": text },
            }),
            _ => json!({ "name": [{ "text": text }] }),
        };
        for more in [own, self.merged()] {
            if let (Value::Object(all), Value::Object(more)) = (&mut resource, more) {
                all.extend(more);
            }
        }
        if let (Value::Object(all), Some(id)) = (&mut resource, &self.id) {
            all.insert("id".to_owned(), json!(id));
        }
        resource
    }

    /// What a merge adds to the content.
    fn merged(&self) -> Value {
        let id = self.id.as_deref().unwrap_or_default();
        let union = self.union.as_ref().filter(|_| self.by == By::Merge);
        union.map_or(Value::Null, |union| union.members(id))
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

    /// The version that it has become.
    pub(crate) fn stored(&self, id: &str, version: u64, bytes: &[u8]) -> Stored {
        Stored {
            kind: self.kind,
            id: id.to_owned(),
            version,
            tag: self.tag.clone(),
            bytes: self.text.is_some().then(|| bytes.to_vec()),
            by: self.by,
            who: self.who,
            standing: self.standing.clone(),
            union: self.union.clone(),
        }
    }

    /// For whom it is entered, as the field says it.
    fn behalf(&self) -> Vec<(String, String)> {
        let responsible = self.standing.as_ref().and_then(|standing| standing.responsible);
        let named = responsible.filter(|_| self.by == By::Enter);
        named.map(|who| ("x-provenance".to_owned(), naming(who))).into_iter().collect()
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
            Self::Union(wishes) => wishes.as_slice(),
        }
    }

    /// Who asks.
    pub(crate) fn who(&self) -> Who {
        self.wishes().first().map_or(Who::Tester, |wish| wish.who)
    }

    /// The request.
    pub(crate) fn ask(&self) -> Ask {
        match self {
            Self::Single(wish) => single(wish),
            Self::Union(both) => union(both),
            Self::Transaction(wishes) => {
                let entries: Vec<Value> =
                    wishes.iter().enumerate().map(|(number, wish)| wish.entry(number)).collect();
                let bundle = json!({ "resourceType": "Bundle", "type": "transaction", "entry": entries });
                let fields = wishes.first().map(Wish::behalf).unwrap_or_default();
                Ask { fields, ..Ask::post("fhir", bundle.to_string()) }
            }
        }
    }

    /// What an answer says is stored now; none where it does not show all of it.
    ///
    /// # Errors
    /// A text when the answer is none of success, or does not say what it should.
    pub(crate) fn acknowledged(&self, answer: &Answer) -> Result<Option<Vec<Stored>>, String> {
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
                Ok(Some(vec![wish.stored(&id, version, &answer.body)]))
            }
            Self::Transaction(wishes) => of_transaction(wishes, &answer.body).map(Some),
            // It shows the one who stays, and not the other.
            Self::Union(_) => Ok(None),
        }
    }
}

fn single(wish: &Wish) -> Ask {
    let (if_match, fields, bearer) = (wish.replaces, wish.behalf(), None);
    if let (true, Some(id)) = (wish.by.is_operation(), &wish.id) {
        let path = format!("fhir/{}/{id}/${}", wish.kind, wish.by.name());
        return Ask { method: Method::POST, path, if_match, fields, body: parameters(wish), bearer };
    }
    let body = wish.text.is_some().then(|| wish.resource(0).to_string());
    let (method, path) = match &wish.id {
        None => (Method::POST, format!("fhir/{}", wish.kind)),
        Some(id) if wish.text.is_some() => (Method::PUT, format!("fhir/{}/{id}", wish.kind)),
        Some(id) => (Method::DELETE, format!("fhir/{}/{id}", wish.kind)),
    };
    Ask { method, path, if_match, fields, body, bearer }
}

fn union([source, target]: &[Wish; 2]) -> Ask {
    let patient = |name: &str, wish: &Wish| {
        let id = wish.id.as_deref().unwrap_or_default();
        json!({ "name": name, "valueReference": { "reference": format!("Patient/{id}") } })
    };
    let parameter = [patient("source-patient", source), patient("target-patient", target), reason()];
    let body = json!({ "resourceType": "Parameters", "parameter": parameter });
    Ask::post(format!("fhir/Patient/${}", source.by.name()), body.to_string())
}

fn reason() -> Value {
    json!({ "name": "reason", "valueString": REASON })
}

/// What an act on a state is told.
fn parameters(wish: &Wish) -> Option<String> {
    let mut parameter: Vec<Value> = wish.by.needs_reason().then(reason).into_iter().collect();
    match (wish.by, wish.standing.as_ref().and_then(|standing| standing.responsible)) {
        (By::Amend, _) => parameter.push(json!({ "name": "resource", "resource": wish.resource(0) })),
        (By::Assign, Some(who)) => {
            parameter.push(json!({ "name": "responsible", "valueString": who.account() }));
        }
        _ => {}
    }
    let whole = json!({ "resourceType": "Parameters", "parameter": parameter });
    (!parameter.is_empty()).then(|| whole.to_string())
}

/// `X-Provenance` for what somebody is going to answer for.
fn naming(who: Who) -> String {
    let system = "http://terminology.hl7.org/CodeSystem/provenance-participant-type";
    let role = json!({ "coding": [{ "system": system, "code": "author" }] });
    let account = json!({ "identifier": { "system": "urn:akashi:account", "value": who.account() } });
    json!({ "resourceType": "Provenance", "agent": [{ "type": role, "who": account }] }).to_string()
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
            who: Who::Tester,
            standing: None,
            union: None,
        }
    }

    fn act(by: By, who: Who, to: Option<Who>) -> Wish {
        let entered = Standing::after(None, (By::Enter, Who::Clerk, Some(Who::Doctor)));
        let standing = Standing::after(Some(&entered), (by, who, to));
        Wish { by, who, standing: Some(standing), ..wish(REPORT, Some("r"), 2) }
    }

    #[test]
    fn an_act_on_a_state_is_asked_for_by_its_operation_and_names_the_version() {
        let asked = |by, to| Write::Single(act(by, Who::Doctor, to)).ask();
        for (by, operation, reasons) in [
            (By::Finalize, "finalize", 0),
            (By::Approve, "approve", 0),
            (By::Cosign, "cosign", 0),
            (By::Return, "return", 1),
            (By::Amend, "amend", 1),
            (By::Withdraw, "withdraw", 1),
        ] {
            let ask = asked(by, None);
            assert_eq!(ask.path, format!("fhir/{REPORT}/r/${operation}"));
            assert_eq!((ask.method, ask.if_match), (Method::POST, Some(1)));
            assert_eq!(ask.body.unwrap_or_default().matches("reason").count(), reasons, "{operation}");
        }
        let handed = asked(By::Assign, Some(Who::Colleague)).body.unwrap_or_default();
        assert!(handed.contains(r#""valueString":"ito""#) && handed.contains("reason"), "{handed}");
        assert_eq!(asked(By::Write, None).method, Method::PUT);
        assert_eq!(act(By::Amend, Who::Doctor, None).resource(0)["status"], "amended");
    }

    #[test]
    fn what_is_entered_for_somebody_names_them_in_the_field() {
        let entered = act(By::Enter, Who::Clerk, Some(Who::Doctor));
        for ask in [Write::Single(entered.clone()).ask(), Write::Transaction(vec![entered]).ask()] {
            let [(name, value)] = ask.fields.as_slice() else { panic!("{:?}", ask.fields) };
            assert!(name == "x-provenance" && value.contains("sato"), "{value}");
        }
        assert_eq!(Write::Single(wish(REPORT, Some("r"), 2)).ask().fields, []);
    }

    #[test]
    fn a_merge_leads_from_the_one_who_is_merged_away_to_the_other_and_counts_once() {
        let union = Box::new(Union { source: ("a".to_owned(), 2), target: ("b".to_owned(), 3) });
        let of = |id, version| Wish {
            by: By::Merge,
            union: Some(union.clone()),
            ..wish("Patient", Some(id), version)
        };
        let (source, target) = (of("a", 2), of("b", 3));
        assert_eq!(source.resource(0)["active"], false);
        assert_eq!(source.resource(0)["link"][0]["other"]["reference"], "Patient/b");
        assert_eq!(target.resource(0)["link"][0]["type"], "replaces");
        assert_eq!(target.resource(0).get("active"), None);
        assert_eq!(Wish { by: By::Unmerge, ..source.clone() }.resource(0).get("link"), None);
        let counted = [source.stored("a", 2, b""), target.stored("b", 3, b"")].map(|one| one.operation());
        assert_eq!(counted, [Some("merge"), None]);
        let ask = Write::Union(Box::new([source, target])).ask();
        assert_eq!((ask.path.as_str(), ask.if_match), ("fhir/Patient/$merge", None));
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
        let told = Write::Transaction(vec![wish("Patient", None, 1)]).acknowledged(&answer);
        let stored = told.unwrap().unwrap();
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
