//! Searching the audit trail: by fields, or by a question that is asked often.

use super::accounts::in_japan;
use super::event::{Event, event};
use super::{mended, shown, tabs};
use crate::desk::{Ask, Desk, Refused, matches};
use crate::fault::Told;
use crate::form::{Fields, encoded};
use crate::frame::{Frame, Way, address};
use crate::reading::{items, text};
use crate::shown::Shown;
use crate::visit::Visit;
use askama::Template;
use base::Time;
use serde_json::Value;

/// Events on a page.
const PAGE: usize = 50;
const DCM: &str = "http://dicom.nema.org/resources/ontology/DCM";

/// Questions that are asked often: key of the text, name and value of the field that asks it.
const QUESTIONS: [(&str, &str, &str); 7] = [
    ("question-refused", "kind", "refused"),
    ("question-glass", "kind", "glass"),
    ("question-night", "night", "1"),
    ("question-login", "kind", "login-failed"),
    ("question-accounts", "kind", "accounts"),
    ("question-export", "kind", "export"),
    ("question-audit", "kind", "audit"),
];

/// Kinds of events: what stands in the field, and the parameters of the search.
const KINDS: [(&str, &str, &str); 13] = [
    ("read", "subtype", "http://hl7.org/fhir/restful-interaction|read"),
    (
        "search",
        "subtype",
        "http://hl7.org/fhir/restful-interaction|search-type,http://hl7.org/fhir/restful-interaction|search-system",
    ),
    ("create", "action", "C"),
    ("update", "action", "U"),
    ("delete", "action", "D"),
    ("login", "type", "110114"),
    ("login-failed", "type", "110114"),
    // What was refused to somebody who is known: requests before a sign-in have no such element.
    ("refused", "subtype:missing", "false"),
    ("glass", "subtype", "110127"),
    ("accounts", "subtype", "110137"),
    ("settings", "subtype", "110129"),
    ("export", "type", "110106"),
    ("audit", "type", "110101"),
];
const OUTCOMES: [&str; 4] = ["0", "4", "8", "12"];

#[derive(Template)]
#[template(path = "operations/audit.html")]
struct Page<'a> {
    frame: Frame<'a>,
    tabs: Vec<Way>,
    /// Address and key of the text.
    questions: Vec<(String, &'static str)>,
    kinds: Vec<&'static str>,
    outcomes: &'static [&'static str],
    query: &'a Fields,
    from: String,
    until: String,
    events: Vec<Event>,
    next: String,
    faults: Vec<Told>,
}

/// `GET /f/{facility}/console/operations/audit`
pub(super) async fn page(visit: &Visit, desk: &dyn Desk) -> Result<Shown, Refused> {
    let query = &visit.query;
    let (from, until) = span(query, desk.now());
    let path = format!("fhir/AuditEvent?{}", search(query, &from, &until));
    let mut faults = Vec::new();
    let found = match desk.call(Ask::get(path)).await {
        Ok(told) => told.json(),
        Err(refused) => {
            if !desk.may(crate::desk::May::Audit) {
                return Err(refused);
            }
            faults = mended(visit, refused)?;
            Value::Null
        }
    };
    let here = address(desk.facility(), &["operations", "audit"]);
    let questions =
        QUESTIONS.iter().map(|(key, name, value)| (format!("{here}?{name}={value}"), *key)).collect();
    let next = cursor(&found)
        .map(|cursor| format!("{here}?{}&cursor={}", kept(query, &from, &until), encoded(&cursor)));
    let faulty = !faults.is_empty();
    let page = Page {
        frame: Frame::of(visit, desk),
        tabs: tabs(visit, desk),
        questions,
        kinds: KINDS.iter().map(|(kind, ..)| *kind).collect(),
        outcomes: &OUTCOMES,
        query,
        events: matches(&found).map(|one| event(one, visit.language)).collect(),
        next: next.unwrap_or_default(),
        from,
        until,
        faults,
    };
    Ok(shown(page.render().unwrap_or_default(), faulty))
}

/// What is asked, without the page and with the span written out.
fn kept(query: &Fields, from: &str, until: &str) -> String {
    let rest = query.query_without(&["cursor", "from", "until", "night"]);
    format!("{rest}&from={}&until={}", encoded(from), encoded(until))
}

/// From when until when, as fields hold it; of the last night where that is asked: from 18 o'clock to 7 o'clock.
fn span(query: &Fields, now: Time) -> (String, String) {
    if !query.has("night") {
        return (query.get("from").to_owned(), query.get("until").to_owned());
    }
    // The morning at which the last whole night ended, in the time of Japan.
    let shifted = now.plus_seconds(9 * 3_600 - 7 * 3_600);
    let morning = shifted.to_string();
    let evening = shifted.plus_seconds(-86_400).to_string();
    let day = |text: &str| text.split('T').next().unwrap_or_default().to_owned();
    (format!("{}T18:00", day(&evening)), format!("{}T07:00", day(&morning)))
}

fn search(query: &Fields, from: &str, until: &str) -> String {
    let mut asked: Vec<(&str, String)> = vec![("_count", PAGE.to_string())];
    if !query.get("patient").is_empty() {
        let id = query.get("patient");
        asked.push(("patient", format!("Patient/{}", id.strip_prefix("Patient/").unwrap_or(id))));
    }
    if !query.get("account").is_empty() {
        asked.push(("agent:identifier", format!("urn:akashi:account|{}", query.get("account"))));
    }
    if !from.is_empty() {
        asked.push(("date", format!("ge{}", in_japan(from))));
    }
    if !until.is_empty() {
        asked.push(("date", format!("lt{}", in_japan(until))));
    }
    if let Some((kind, name, value)) = KINDS.iter().find(|(kind, ..)| *kind == query.get("kind")) {
        let coded = value.bytes().all(|byte| byte.is_ascii_digit());
        asked.push((name, if coded { format!("{DCM}|{value}") } else { (*value).to_owned() }));
        match *kind {
            "login-failed" => asked.push(("outcome", "4,8,12".to_owned())),
            "refused" => asked.push(("outcome", "8".to_owned())),
            _ => {}
        }
    }
    if !query.get("outcome").is_empty() {
        asked.push(("outcome", query.get("outcome").to_owned()));
    }
    if query.has("cursor") {
        asked.push(("_cursor", query.get("cursor").to_owned()));
    }
    let pairs = asked.iter().map(|(name, value)| format!("{}={}", encoded(name), encoded(value)));
    pairs.collect::<Vec<_>>().join("&")
}

/// Where the next page begins.
fn cursor(found: &Value) -> Option<String> {
    let next = items(found, "link").iter().find(|link| text(link, "/relation") == "next")?;
    let (_, query) = text(next, "/url").split_once('?')?;
    query.split('&').find_map(|pair| pair.strip_prefix("_cursor=")).map(str::to_owned)
}
