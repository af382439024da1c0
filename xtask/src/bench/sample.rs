//! A few requests of each operation, sent one after the other before anything is measured: what is refused or finds
//! nothing must not count as fast.

use super::operations::{Answer, Operation};
use super::request::Request;
use super::server::KEY;
use crate::programs::{output, program};
use serde_json::Value;
use std::path::Path;

/// Requests in the sample of one operation.
pub(crate) const REQUESTS: usize = 25;
const ANSWER_SECONDS_MAX: u32 = 60;
/// Begins the line that curl writes behind each answer.
const MARK: &str = "answered-with ";

/// Where the sample is sent, and with what.
#[derive(Debug)]
pub(crate) struct Sender<'a> {
    /// Base URL of the FHIR API.
    pub(crate) base_url: String,
    /// Data directory of the server, for its key and CA.
    pub(crate) data: &'a Path,
    /// Where the list for curl is written.
    pub(crate) list: &'a Path,
}

/// One answer.
#[derive(Debug)]
struct Heard {
    status: u16,
    body: String,
}

impl Sender<'_> {
    /// Sends the requests and gives back how many entries the Bundles among the answers have on average.
    pub(crate) fn check(&self, operation: &Operation, requests: &[&Request]) -> Result<Option<f64>, String> {
        let token = std::fs::read_to_string(self.data.join(KEY)).map_err(|error| error.to_string())?;
        let numbers = (0..).map(|number| format!("0-{number}"));
        let sent: Vec<Request> =
            requests.iter().zip(numbers).map(|(one, number)| one.numbered(&number)).collect();
        let blocks: Vec<String> = sent.iter().map(|one| self.block(one, token.trim())).collect();
        std::fs::write(self.list, blocks.join("next\n")).map_err(|error| error.to_string())?;
        let heard = answers(&output(program("curl").arg("--config").arg(self.list))?)?;
        judge(operation, &sent, &heard)
    }

    /// One request in curl's own language of options.
    fn block(&self, request: &Request, token: &str) -> String {
        let mut options = vec![
            ("max-time", ANSWER_SECONDS_MAX.to_string()),
            ("cacert", self.data.join("tls/ca.pem").to_string_lossy().into_owned()),
            ("request", request.method.to_owned()),
            ("url", format!("{}{}", self.base_url, request.path)),
            ("header", format!("Authorization: Bearer {token}")),
        ];
        options.extend(request.fields.iter().map(|field| ("header", field.clone())));
        if !request.body.is_empty() {
            options.push(("header", "Content-Type: application/fhir+json".to_owned()));
            options.push(("data-binary", request.body.clone()));
        }
        let options = options.iter().map(|(name, value)| {
            let value = value.replace('\\', "\\\\").replace('"', "\\\"");
            format!("{name} = \"{value}\"\n")
        });
        let mark = format!("write-out = \"\\n{MARK}%{{http_code}}\\n\"\n");
        format!("silent\nshow-error\ngloboff\nhttp1.1\n{}{mark}", options.collect::<String>())
    }
}

/// Takes the answers out of what curl wrote.
fn answers(text: &str) -> Result<Vec<Heard>, String> {
    let mut heard = Vec::new();
    let mut body = String::new();
    for line in text.lines() {
        match line.strip_prefix(MARK) {
            Some(status) => {
                let status = status.parse().map_err(|_| format!("curl told no status: {line}"))?;
                heard.push(Heard { status, body: std::mem::take(&mut body) });
            }
            None => body.push_str(line),
        }
    }
    Ok(heard)
}

fn judge(operation: &Operation, sent: &[Request], heard: &[Heard]) -> Result<Option<f64>, String> {
    if sent.is_empty() || sent.len() != heard.len() {
        return Err(format!("{}: {} requests, {} answers", operation.name, sent.len(), heard.len()));
    }
    let mut entries: u32 = 0;
    let mut included = false;
    for (request, heard) in sent.iter().zip(heard) {
        let wrong = |why: &str| {
            let start: String = heard.body.chars().take(400).collect();
            let Request { method, path, .. } = request;
            format!("{}: {method} {path}\n  {why}; status {}: {start}", operation.name, heard.status)
        };
        if !operation.statuses.contains(&heard.status) {
            return Err(wrong("refused"));
        }
        if operation.answer == Answer::Chart {
            let shown = heard.body.matches("<article").count();
            let shown = u32::try_from(shown).map_err(|error| error.to_string())?;
            entries =
                entries.saturating_add(if shown == 0 { return Err(wrong("nothing shown")) } else { shown });
            continue;
        }
        let body: Value = serde_json::from_str(&heard.body).map_err(|_| wrong("no JSON"))?;
        let found = content(operation.answer, &body).map_err(wrong)?;
        entries = entries.saturating_add(found);
        included |= has_included(&body);
    }
    if operation.answer == Answer::Included && !included {
        return Err(format!("{}: no answer of the sample has included resources", operation.name));
    }
    let missing = operation.statuses.iter().find(|status| heard.iter().all(|one| one.status != **status));
    if let Some(status) = missing {
        return Err(format!("{}: no answer of the sample has status {status}", operation.name));
    }
    let answers = u32::try_from(heard.len()).map_err(|error| error.to_string())?;
    let is_bundle = matches!(operation.answer, Answer::Page | Answer::Included | Answer::Chart);
    Ok(is_bundle.then(|| f64::from(entries) / f64::from(answers)))
}

/// The number of entries of an answer that is as it should be.
fn content(wanted: Answer, body: &Value) -> Result<u32, &'static str> {
    let kind = body.get("resourceType").and_then(Value::as_str);
    let entries = items(body, "entry").len();
    match wanted {
        Answer::Resource if kind.is_none() || kind == Some("OperationOutcome") => Err("no resource"),
        Answer::Page | Answer::Included if entries == 0 => Err("nothing found"),
        Answer::Page | Answer::Included => u32::try_from(entries).map_err(|_| "too much"),
        Answer::AllWell if kind != Some("OperationOutcome") => Err("no OperationOutcome"),
        Answer::AllWell if items(body, "issue").iter().any(is_error) => Err("the resource is not valid"),
        Answer::Resource | Answer::AllWell | Answer::Chart => Ok(0),
    }
}

fn has_included(body: &Value) -> bool {
    let mode = |entry: &Value| entry.pointer("/search/mode").and_then(Value::as_str) == Some("include");
    items(body, "entry").iter().any(mode)
}

fn is_error(issue: &Value) -> bool {
    matches!(issue.get("severity").and_then(Value::as_str), Some("error" | "fatal"))
}

fn items<'a>(body: &'a Value, name: &str) -> &'a [Value] {
    body.get(name).and_then(Value::as_array).map(Vec::as_slice).unwrap_or_default()
}

#[cfg(test)]
mod tests {
    use super::super::operations::OPERATIONS;
    use super::*;

    fn judged(name: &str, answers: &[(u16, &str)]) -> Result<Option<f64>, String> {
        let operation = OPERATIONS.iter().find(|operation| operation.name == name).unwrap();
        let sent = vec![Request::get("/x".to_owned()); answers.len()];
        let heard: Vec<Heard> = answers
            .iter()
            .map(|(status, body)| Heard { status: *status, body: (*body).to_owned() })
            .collect();
        judge(operation, &sent, &heard)
    }

    const PATIENT: &str = r#"{"resourceType":"Patient"}"#;
    const ONE: &str = r#"{"resourceType":"Bundle","entry":[{"search":{"mode":"match"}}]}"#;
    const TWO: &str = r#"{"resourceType":"Bundle","entry":[{},{"search":{"mode":"include"}}]}"#;
    const EMPTY: &str = r#"{"resourceType":"Bundle"}"#;

    #[test]
    fn a_search_that_finds_nothing_is_an_error_and_not_a_fast_search() {
        assert_eq!(judged("code", &[(200, ONE), (200, TWO)]), Ok(Some(1.5)));
        assert!(judged("code", &[(200, ONE), (200, EMPTY)]).unwrap_err().contains("nothing found"));
        assert!(judged("code", &[(400, ONE)]).unwrap_err().contains("refused; status 400"));
        assert!(judged("code", &[]).is_err());
    }

    #[test]
    fn an_include_must_have_included_something() {
        assert_eq!(judged("include", &[(200, ONE), (200, TWO)]), Ok(Some(1.5)));
        assert!(
            judged("include", &[(200, ONE)]).unwrap_err().contains("no answer of the sample has included")
        );
    }

    #[test]
    fn every_expected_status_occurs_and_no_other() {
        assert_eq!(judged("conditional-create", &[(200, PATIENT), (201, PATIENT)]), Ok(None));
        assert!(judged("conditional-create", &[(201, PATIENT)]).unwrap_err().contains("status 200"));
        assert!(judged("create", &[(200, PATIENT)]).is_err());
    }

    #[test]
    fn an_outcome_is_an_answer_to_a_validation_only_and_must_be_without_errors() {
        let outcome = |severity: &str| {
            format!(r#"{{"resourceType":"OperationOutcome","issue":[{{"severity":"{severity}"}}]}}"#)
        };
        assert_eq!(judged("validate", &[(200, &outcome("information"))]), Ok(None));
        assert!(judged("validate", &[(200, &outcome("error"))]).unwrap_err().contains("not valid"));
        assert!(judged("validate", &[(200, PATIENT)]).is_err());
        assert!(judged("read", &[(200, &outcome("information"))]).is_err());
    }

    #[test]
    fn answers_are_told_apart_by_the_line_behind_each() {
        let heard = answers("{\"a\":1}\nanswered-with 200\n\nanswered-with 404\n").unwrap();
        let found: Vec<_> = heard.iter().map(|one| (one.status, one.body.as_str())).collect();
        assert_eq!(found, [(200, "{\"a\":1}"), (404, "")]);
        assert!(answers("answered-with x\n").is_err());
    }

    #[test]
    fn quotes_of_a_body_are_written_for_curl() {
        let folder = Path::new("data");
        let sender = Sender { base_url: "https://h".to_owned(), data: folder, list: folder };
        let body = r#"{"a":"\n"}"#.to_owned();
        let block = sender.block(&Request::with("POST", "/Patient".to_owned(), body), "secret");
        assert!(block.contains("data-binary = \"{\\\"a\\\":\\\"\\\\n\\\"}\"\n"), "{block}");
        assert!(block.contains("url = \"https://h/Patient\"\n"));
        assert!(!sender.block(&Request::get("/x".to_owned()), "secret").contains("data-binary"));
    }
}
