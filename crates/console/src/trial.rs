//! A desk for tests: it answers from a table and remembers what it was asked.

#![expect(clippy::needless_pass_by_value, reason = "a test hands over what it made")]

use crate::codes::PAGE_UNKNOWN;
use crate::desk::{Answering, Ask, Called, Desk, May, Proven, Refused, Told};
use crate::form::Fields;
use crate::pages;
use crate::shown::Shown;
use crate::visit::{Person, Upload, Visit};
use base::{Language, Problem, Time};
use serde_json::{Value, json};
use std::pin::pin;
use std::sync::Mutex;
use std::task::{Context, Poll, Waker};

/// A facility that knows what a test tells it.
pub(crate) struct Trial {
    answers: Vec<(&'static str, String, Result<Told, Refused>)>,
    asked: Mutex<Vec<Ask>>,
    never: Vec<May>,
    now: Time,
    news: &'static str,
    proven: Option<Proven>,
}

impl Trial {
    /// Refuses everything with CO-0001, and lets the law allow everything.
    pub(crate) fn new() -> Self {
        let now = Time::parse("2026-11-20T00:00:00Z").expect("a moment");
        Self { answers: Vec::new(), asked: Mutex::default(), never: Vec::new(), now, news: "", proven: None }
    }

    /// Answers `GET` of a path below `/f/{facility}/` with this; the same inside a batch, where the path is one of FHIR.
    pub(crate) fn told(self, path: &str, answer: Value) -> Self {
        self.on("GET", path, answer)
    }

    /// Answers a request of a method.
    pub(crate) fn on(mut self, method: &'static str, path: &str, answer: Value) -> Self {
        let media = "application/json".to_owned();
        let told = Told { bytes: answer.to_string().into_bytes(), media, cookies: Vec::new() };
        self.answers.push((method, path.to_owned(), Ok(told)));
        self
    }

    /// Refuses a request of a method.
    pub(crate) fn refuses(mut self, method: &'static str, path: &str, problem: Problem) -> Self {
        self.answers.push((method, path.to_owned(), Err(problem.into())));
        self
    }

    /// Lets the law refuse this.
    pub(crate) fn without(mut self, what: May) -> Self {
        self.never.push(what);
        self
    }

    /// Tells pages up to where they know what has changed.
    pub(crate) fn hearing(mut self, news: &'static str) -> Self {
        self.news = news;
        self
    }

    /// Stops writing, with so many records of a type that cannot be proven.
    pub(crate) fn stopped(mut self, unproven: &[(&str, usize)]) -> Self {
        let unproven = unproven.iter().map(|(kind, count)| ((*kind).to_owned(), *count)).collect();
        self.proven = Some(Proven { entries: 4_202, time: self.now, unproven });
        self
    }

    /// What was asked, in its order; a batch as the requests in it, written as paths below `fhir/`.
    pub(crate) fn asked(&self) -> Vec<String> {
        let asked = self.asked.lock().expect("nobody panicked");
        asked.iter().map(|ask| format!("{} {}", ask.method, ask.path)).collect()
    }

    /// The last body that was sent with this method to this path.
    pub(crate) fn sent(&self, method: &str, path: &str) -> Option<Value> {
        let asked = self.asked.lock().expect("nobody panicked");
        let found = asked.iter().rev().find(|ask| ask.method == method && ask.path == path)?;
        let read = |text: &String| serde_json::from_str(text).ok();
        found.body.clone().or_else(|| found.text.as_ref().and_then(read))
    }

    /// The version that the last request with this method to this path took for the current one (`If-Match`).
    pub(crate) fn expected(&self, method: &str, path: &str) -> Option<String> {
        let asked = self.asked.lock().expect("nobody panicked");
        let found = asked.iter().rev().find(|ask| ask.method == method && ask.path == path)?;
        found.if_match.clone()
    }

    /// The page at a path with its query, such as `patients?q=x`; its status and what it became.
    pub(crate) fn look(&self, address: &str, language: Language) -> (u16, String) {
        shown(wait(pages::answer(&visit(address, language), self)))
    }

    /// What becomes of a form that is sent to a path.
    pub(crate) fn send(&self, address: &str, form: &[(&str, &str)], language: Language) -> (u16, String) {
        let mut visit = visit(address, language);
        visit.sends = true;
        visit.form =
            Fields(form.iter().map(|(name, value)| ((*name).to_owned(), (*value).to_owned())).collect());
        shown(wait(pages::answer(&visit, self)))
    }

    /// The same with a file in it.
    pub(crate) fn upload(
        &self,
        address: &str,
        form: &[(&str, &str)],
        name: &str,
        bytes: &[u8],
    ) -> (u16, String) {
        let mut visit = visit(address, Language::Japanese);
        visit.sends = true;
        visit.form =
            Fields(form.iter().map(|(name, value)| ((*name).to_owned(), (*value).to_owned())).collect());
        visit.files = vec![Upload { field: "file".to_owned(), name: name.to_owned(), bytes: bytes.to_vec() }];
        shown(wait(pages::answer(&visit, self)))
    }

    fn answer(&self, ask: Ask) -> Result<Told, Refused> {
        if ask.path == "fhir" && self.find("POST", "fhir").is_none() {
            return Ok(self.batch(&ask));
        }
        self.asked.lock().expect("nobody panicked").push(ask.clone());
        let refused = || Problem::new(&PAGE_UNKNOWN).into();
        self.find(ask.method, &ask.path).unwrap_or_else(|| Err(refused()))
    }

    /// The answer whose path is the same but for the coding of its characters.
    fn find(&self, method: &str, path: &str) -> Option<Result<Told, Refused>> {
        let plain = |text: &str| percent_encoding::percent_decode_str(text).decode_utf8_lossy().into_owned();
        let found = self.answers.iter().find(|(known, at, _)| *known == method && plain(at) == plain(path));
        found.map(|(_, _, answer)| answer.clone())
    }

    fn batch(&self, ask: &Ask) -> Told {
        let body = ask.body.clone().unwrap_or_default();
        let entries = body.get("entry").and_then(Value::as_array).cloned().unwrap_or_default();
        let entry = |entry: Value| {
            let text = |at: &str| entry.pointer(at).and_then(Value::as_str).unwrap_or_default();
            let method = match text("/request/method") {
                "GET" => "GET",
                "PUT" => "PUT",
                "DELETE" => "DELETE",
                _ => "POST",
            };
            let path = format!("fhir/{}", text("/request/url"));
            let body = entry.get("resource").cloned();
            match self.answer(Ask { method, path, body, ..Ask::default() }) {
                Ok(told) => json!({ "response": { "status": "200" }, "resource": told.json() }),
                Err(_) => json!({ "response": { "status": "404" } }),
            }
        };
        let entries: Vec<Value> = entries.into_iter().map(entry).collect();
        let bundle = json!({ "resourceType": "Bundle", "type": "batch-response", "entry": entries });
        Told { bytes: bundle.to_string().into_bytes(), media: String::new(), cookies: Vec::new() }
    }
}

impl Desk for Trial {
    fn facility(&self) -> &'static str {
        "clinic"
    }

    fn now(&self) -> Time {
        self.now
    }

    fn may(&self, what: May) -> bool {
        !self.never.contains(&what)
    }

    fn news(&self) -> String {
        self.news.to_owned()
    }

    fn proven(&self) -> Option<Proven> {
        self.proven.clone()
    }

    fn call(&self, ask: Ask) -> Answering<'_> {
        Box::pin(std::future::ready(self.answer(ask)))
    }

    fn called(&self, account: &str) -> Option<Called> {
        let known = account == "doctor";
        known.then(|| Called { name: "見本 医師".to_owned(), occupation: Some("doctor") })
    }
}

/// A search that found these.
pub(crate) fn bundle(found: &[Value]) -> Value {
    let entry = |one: &Value| json!({ "resource": one, "search": { "mode": "match" } });
    let entries: Vec<Value> = found.iter().map(entry).collect();
    json!({ "resourceType": "Bundle", "type": "searchset", "entry": entries })
}

/// A doctor's visit of a path with its query.
pub(crate) fn visit(address: &str, language: Language) -> Visit {
    let (path, query) = address.split_once('?').unwrap_or((address, ""));
    let plain = |text: &str| percent_encoding::percent_decode_str(text).decode_utf8_lossy().into_owned();
    let field = |pair: &str| {
        let (name, value) = pair.split_once('=').unwrap_or((pair, ""));
        (plain(name), plain(value))
    };
    let person = Person {
        account: "doctor".to_owned(),
        name: "見本 医師".to_owned(),
        occupation: Some("doctor".to_owned()),
        practitioner: Some("doctor-1".to_owned()),
        fresh: true,
        ..Person::default()
    };
    Visit {
        sends: false,
        path: path.split('/').filter(|part| !part.is_empty()).map(plain).collect(),
        query: Fields(query.split('&').filter(|pair| !pair.is_empty()).map(field).collect()),
        form: Fields::default(),
        files: Vec::new(),
        language,
        part: false,
        person: Some(person),
    }
}

/// The status and the page; of one that leads on, the status and the address.
pub(crate) fn shown(shown: Shown) -> (u16, String) {
    match shown {
        Shown::Page { status, html, .. } => (status, html),
        Shown::On { to, .. } => (303, to),
        Shown::File { bytes, .. } => (200, String::from_utf8_lossy(&bytes).into_owned()),
    }
}

/// Works something out that never has to wait.
pub(crate) fn wait<T>(future: impl Future<Output = T>) -> T {
    let mut future = pin!(future);
    match future.as_mut().poll(&mut Context::from_waker(Waker::noop())) {
        Poll::Ready(value) => value,
        Poll::Pending => panic!("a desk of a test answers at once"),
    }
}

mod tests {
    use super::*;
    use crate::desk::look_at;

    #[test]
    fn a_batch_is_answered_one_by_one_and_remembered() {
        let desk = Trial::new().told("fhir/Patient/p1", json!({ "id": "p1" }));
        let paths = ["Patient/p1".to_owned(), "Patient/p2".to_owned()];
        let answers = wait(look_at(&desk, &paths)).expect("a batch is answered");
        assert_eq!(answers, [Some(json!({ "id": "p1" })), None]);
        assert_eq!(desk.asked(), ["GET fhir/Patient/p1", "GET fhir/Patient/p2"]);
    }

    #[test]
    fn a_page_that_nobody_has_is_said_to_be_absent() {
        let (status, page) = Trial::new().look("nowhere", Language::English);
        assert_eq!(status, 404);
        assert!(page.contains("CO-0001"));
    }

    #[test]
    fn what_is_sent_and_what_the_law_refuses_is_as_the_test_says() {
        let desk = Trial::new()
            .on("POST", "session", json!({}))
            .refuses("DELETE", "session", Problem::new(&PAGE_UNKNOWN))
            .without(May::Search("Patient"));
        assert!(!desk.may(May::Search("Patient")));
        let form = [("account", "doctor"), ("password", "secret")];
        assert_eq!(desk.send("sign-in", &form, Language::Japanese).0, 303);
        let body = desk.sent("POST", "session").expect("a body");
        assert_eq!(body.get("account"), Some(&json!("doctor")));
        assert_eq!(desk.send("sign-out", &[], Language::Japanese).0, 404);
    }
}
