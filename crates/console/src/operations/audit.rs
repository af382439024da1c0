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
use crate::words::Words;
use askama::Template;
use base::Time;
use serde_json::Value;

/// Events on a page.
const PAGE: usize = 50;
/// Pages of events in a file.
const FILE_PAGES: usize = 40;
const DCM: &str = "http://dicom.nema.org/resources/ontology/DCM";

/// Questions that are asked often: key of the text, name and value of the field that asks it.
const QUESTIONS: [(&str, &str, &str); 10] = [
    ("question-refused", "kind", "refused"),
    ("question-glass", "kind", "glass"),
    ("question-today", "span", "today"),
    ("question-night", "span", "night"),
    ("question-login", "kind", "login-failed"),
    ("question-accounts", "kind", "accounts"),
    ("question-settings", "kind", "settings"),
    ("question-delete", "kind", "delete"),
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
/// Times that are worked out when the question is asked, so that a bookmark asks of the present day.
const SPANS: [&str; 4] = ["today", "night", "week", "month"];
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
    spans: &'static [&'static str],
    query: &'a Fields,
    /// Where the result is had as a file.
    file: String,
    file_lines: usize,
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
    let path = format!("fhir/AuditEvent?{}", search(query, &from, &until, query.get("cursor")));
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
        spans: &SPANS,
        file: format!("{here}/file?{}", query.query_without(&["cursor"])),
        file_lines: PAGE.saturating_mul(FILE_PAGES),
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
    let rest = query.query_without(&["cursor", "from", "until", "span"]);
    format!("{rest}&from={}&until={}", encoded(from), encoded(until))
}

/// From when until when, as fields hold it, or as the span says; the last night is from 18 o'clock to 7 o'clock.
fn span(query: &Fields, now: Time) -> (String, String) {
    // The day in Japan, some days ago, as it is after some hours of it.
    let day = |ago: i64, hours: i64| {
        let text = now.plus_seconds((9 - hours) * 3_600 - ago * 86_400).to_string();
        text.split('T').next().unwrap_or_default().to_owned()
    };
    match query.get("span") {
        "today" => (format!("{}T00:00", day(0, 0)), String::new()),
        // The morning at which the last whole night ended.
        "night" => (format!("{}T18:00", day(1, 7)), format!("{}T07:00", day(0, 7))),
        "week" => (format!("{}T00:00", day(7, 0)), String::new()),
        "month" => (format!("{}T00:00", day(30, 0)), String::new()),
        _ => (query.get("from").to_owned(), query.get("until").to_owned()),
    }
}

fn search(query: &Fields, from: &str, until: &str, cursor: &str) -> String {
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
    if !cursor.is_empty() {
        asked.push(("_cursor", cursor.to_owned()));
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

/// `GET /f/{facility}/console/operations/audit/file`: the same as a file for spreadsheets (RFC 4180). Each page of it is
/// looked at like any other, and leaves its own entry.
pub(super) async fn file(visit: &Visit, desk: &dyn Desk) -> Result<Shown, Refused> {
    let words = Words(visit.language);
    let (from, until) = span(&visit.query, desk.now());
    let heads = ["audit-at", "audit-who", "account-name", "account-roles", "audit-act", "audit-patient"];
    let heads =
        heads.into_iter().chain(["audit-on", "audit-outcome", "audit-code", "audit-where", "audit-number"]);
    // Programs for tables take a file without the mark for one of another encoding.
    let mut text = String::from("\u{feff}");
    line(&mut text, heads.map(|key| words.say(key)));
    let mut next = String::new();
    for _ in 0..FILE_PAGES {
        let path = format!("fhir/AuditEvent?{}", search(&visit.query, &from, &until, &next));
        let found = desk.call(Ask::get(path)).await?.json();
        for one in matches(&found) {
            row(&mut text, one, &event(one, visit.language), words);
        }
        next = cursor(&found).unwrap_or_default();
        if next.is_empty() {
            break;
        }
    }
    if !next.is_empty() {
        line(&mut text, [words.say("audit-file-cut")].into_iter());
    }
    let day: String = desk.now().plus_seconds(9 * 3_600).to_string().chars().take(10).collect();
    let name = format!("audit-{}-{day}.csv", desk.facility());
    Ok(Shown::File { name, media: "text/csv; charset=utf-8".to_owned(), bytes: text.into_bytes() })
}

fn row(into: &mut String, raw: &Value, one: &Event, words: Words) {
    let roles: Vec<String> = one.roles.iter().map(|key| words.say(key)).collect();
    let between = words.say("ops-and");
    line(
        into,
        [
            text(raw, "/recorded").to_owned(),
            one.who.clone(),
            one.name.clone(),
            roles.join(&between),
            one.act.clone(),
            one.patients.join(" "),
            one.on.join(" "),
            words.say(one.outcome.0),
            one.code.clone(),
            one.from.clone(),
            one.id.clone(),
        ]
        .into_iter(),
    );
}

/// A line of the file. What a program for tables would take for a formula is marked as text.
fn line(into: &mut String, values: impl Iterator<Item = String>) {
    let cell = |value: String| {
        let formula = value.starts_with(['=', '+', '-', '@', '\t', '\r']);
        let mark = if formula { "'" } else { "" };
        format!("\"{mark}{}\"", value.replace('"', "\"\""))
    };
    into.push_str(&values.map(cell).collect::<Vec<_>>().join(","));
    into.push_str("\r\n");
}
