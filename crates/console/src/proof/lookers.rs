//! Who looked at a patient, and who looked while not treating them.

use super::segment;
use crate::banner::{self, Banner};
use crate::desk::{Ask, Desk, May, Refused};
use crate::fault::{Told, told};
use crate::form::encoded;
use crate::frame::Frame;
use crate::shown::Shown;
use crate::visit::Visit;
use crate::words::Words;
use askama::Template;
use base::Language;
use fhir::readable::day;
use serde_json::Value;

/// Accounts on a page.
const PAGE: usize = 50;

/// One account that looked.
struct Row {
    account: String,
    name: Option<String>,
    occupation: Option<String>,
    first: String,
    last: String,
    /// `no`, `unknown`, `yes`, `not-a-person`.
    treating: String,
    because: Vec<String>,
    counts: Counts,
}

#[derive(Default)]
struct Counts {
    shown: u64,
    refused: u64,
    failed: u64,
    broken_glass: u64,
    emergency: u64,
    not_treating: u64,
}

impl Row {
    /// How the tag is coloured.
    fn shade(&self) -> &'static str {
        match self.treating.as_str() {
            "no" => "bad",
            "yes" => "good",
            "not-a-person" => "none",
            _ => "wait",
        }
    }
}

#[derive(Template)]
#[template(path = "proof/lookers.html")]
struct Page<'a> {
    frame: Frame<'a>,
    banner: Option<Banner>,
    id: &'a str,
    faults: Vec<Told>,
    from: &'a str,
    until: &'a str,
    rows: Vec<Row>,
    /// How many looked in all, and how many of them while not treating.
    all: usize,
    strange: usize,
    /// Whether the trail of each can be looked at.
    audits: bool,
    earlier: Option<String>,
    later: Option<String>,
}

/// `GET /f/{facility}/console/patients/{id}/lookers`
pub(super) async fn page(visit: &Visit, desk: &dyn Desk) -> Result<Shown, Refused> {
    let id = segment(visit, 1);
    let (from, until) = (visit.query.get("from"), visit.query.get("until"));
    let asked = [("from", from), ("until", until)].map(|(name, value)| match value {
        "" => String::new(),
        _ => format!("&{name}={}", encoded(value)),
    });
    let query = asked.concat();
    let mark = if query.is_empty() { "" } else { "?" };
    let path = format!("fhir/Patient/{}/$lookers{mark}{}", encoded(id), query.trim_start_matches('&'));
    let (answer, faults) = match desk.call(Ask::get(path)).await {
        Ok(answer) => (answer.json(), Vec::new()),
        // A date that is none is said beside what was typed.
        Err(refused) if !query.is_empty() && refused.is("RC-0064") => {
            (Value::Null, told(&refused.0, visit.language))
        }
        Err(refused) => return Err(refused),
    };
    let mut rows = rows(&answer, visit.language);
    for row in rows.iter_mut().filter(|row| row.name.is_none()) {
        row.name = desk.called(&row.account).map(|called| called.name);
    }
    let (all, strange) = (rows.len(), rows.iter().filter(|row| row.treating == "no").count());
    let number: usize = visit.query.get("page").parse().unwrap_or(1).max(1);
    let skipped = number.saturating_sub(1).saturating_mul(PAGE);
    let rest = visit.query.query_without(&["page"]);
    let to = |page: usize| format!("{rest}&page={page}").trim_start_matches('&').to_owned();
    // An auditor may know who looked without seeing whom they looked at: to try would make them one who looked.
    let banner = if desk.may(May::Search("Patient")) { banner::of(visit, desk, id).await.ok() } else { None };
    let page = Page {
        banner,
        id,
        frame: Frame::of(visit, desk),
        faults,
        from,
        until,
        rows: rows.into_iter().skip(skipped).take(PAGE).collect(),
        all,
        strange,
        audits: desk.may(May::Audit),
        earlier: (number > 1).then(|| to(number.saturating_sub(1))),
        later: (skipped.saturating_add(PAGE) < all).then(|| to(number.saturating_add(1))),
    };
    Ok(Shown::page(page.render().unwrap_or_default()))
}

/// The accounts of the report, in its order: first those who did not treat the patient.
fn rows(answer: &Value, language: Language) -> Vec<Row> {
    let all = answer.get("parameter").and_then(Value::as_array).map(Vec::as_slice).unwrap_or_default();
    let of_looker = |one: &&Value| one.get("name").and_then(Value::as_str) == Some("looker");
    let parts = |one: &Value| one.get("part").and_then(Value::as_array).cloned().unwrap_or_default();
    all.iter().filter(of_looker).map(|one| row(&parts(one), language)).collect()
}

fn row(parts: &[Value], language: Language) -> Row {
    let words = Words(language);
    let named = |name: &'static str| {
        parts.iter().filter(move |part| part.get("name").and_then(Value::as_str) == Some(name))
    };
    let text = |name: &'static str, at: &str| {
        named(name).next().and_then(|part| part.pointer(at)).and_then(Value::as_str).map(str::to_owned)
    };
    let moment = |name: &'static str| {
        let time = text(name, "/valueInstant").unwrap_or_default();
        day(&time, language).unwrap_or(time)
    };
    let times = |name: &'static str| {
        let value = named(name).next().and_then(|part| part.pointer("/valueUnsignedInt"));
        value.and_then(Value::as_u64).unwrap_or_default()
    };
    let because = named("because").filter_map(|part| part.pointer("/valueCode").and_then(Value::as_str));
    Row {
        account: text("account", "/valueIdentifier/value").unwrap_or_default(),
        name: text("name", "/valueString"),
        occupation: text("occupation", "/valueCode")
            .map(|word| words.or(&format!("looker-as-{word}"), &word)),
        first: moment("first"),
        last: moment("last"),
        treating: text("treating", "/valueCode").unwrap_or_else(|| "unknown".to_owned()),
        because: because.map(|word| words.or(&format!("looker-because-{word}"), word)).collect(),
        counts: Counts {
            shown: times("shown"),
            refused: times("refused"),
            failed: times("failed"),
            broken_glass: times("broken-glass"),
            emergency: times("emergency"),
            not_treating: times("not-treating"),
        },
    }
}
