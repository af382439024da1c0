//! The versions of a record: who, when, why, in which state, where in the journal, and what each changed.

use super::file::ProofFile;
use super::{Made, banner_of, segment};
use crate::banner::Banner;
use crate::codes::PAGE_UNKNOWN;
use crate::desk::{Ask, Desk, Refused};
use crate::form::encoded;
use crate::frame::Frame;
use crate::patients::node;
use crate::shown::Shown;
use crate::spoken::{in_words, place};
use crate::visit::Visit;
use crate::words::Words;
use askama::Template;
use base::{Language, Problem};
use fhir::readable::{day, heading_of};
use serde_json::Value;

/// Versions on a page.
const PAGE: u64 = 20;

/// One element that a version changed.
struct Change {
    what: String,
    before: Option<String>,
    after: Option<String>,
}

/// One version.
struct Row {
    number: u64,
    made: Made,
    /// What it changed, against the version before.
    changes: Vec<Change>,
    /// Whether it deleted the record.
    deleted: bool,
    /// Whether nothing is told of who wrote it: its proof may not be seen.
    hidden: bool,
}

#[derive(Template)]
#[template(path = "proof/history.html")]
struct Page<'a> {
    frame: Frame<'a>,
    banner: Option<Banner>,
    kind: &'a str,
    id: &'a str,
    /// What the record is about.
    title: Option<String>,
    rows: Vec<Row>,
    newest: u64,
    /// The newest version of the page before this one in time.
    earlier: Option<u64>,
    later: Option<u64>,
    /// Whether it was deleted a moment ago.
    done: bool,
}

impl Page<'_> {
    /// The address of something of this record.
    fn of(&self, what: &str) -> String {
        self.frame.to(&format!("records/{}/{}{what}", encoded(self.kind), encoded(self.id)))
    }
}

/// `GET /f/{facility}/console/records/{type}/{id}/history`
pub(super) async fn page(visit: &Visit, desk: &dyn Desk) -> Result<Shown, Refused> {
    let (kind, id) = (segment(visit, 1), segment(visit, 2));
    let at = format!("fhir/{}/{}", encoded(kind), encoded(id));
    let history = desk.call(Ask::get(format!("{at}/_history?_count=1"))).await?.json();
    let newest = newest(&history).ok_or_else(|| Problem::new(&PAGE_UNKNOWN))?;
    let to = visit.query.get("to").parse().unwrap_or(newest).clamp(1, newest);
    let from = to.saturating_sub(PAGE).max(1);
    let mut rows = Vec::new();
    if from < to {
        let path = format!("{at}/$history-diff?chain=true&from={from}&to={to}");
        rows = steps(&desk.call(Ask::get(path)).await?.json(), visit.language);
    }
    let mut began = None;
    if from == 1 {
        let (row, content) = first(desk, &at, visit.language).await?;
        rows.push(row);
        began = content;
    }
    for row in &mut rows {
        row.made.learn_names(desk, Words(visit.language));
    }
    // Of a record that was deleted the first version says whose it was.
    let resource = history.pointer("/entry/0/resource").or(began.as_ref());
    let content = resource.and_then(node).map(|node| in_words(&node, Words(visit.language)));
    let title = content.and_then(|node| heading_of(&node, visit.language).ok()?.title);
    let page = Page {
        banner: banner_of(visit, desk, resource).await,
        frame: Frame::of(visit, desk),
        kind,
        id,
        title,
        rows,
        newest,
        earlier: (from > 1).then_some(from),
        done: visit.query.get("done") == "delete",
        later: (to < newest).then(|| to.saturating_add(PAGE).min(newest)),
    };
    Ok(Shown::page(page.render().unwrap_or_default()))
}

/// The number of the newest version; of a deletion the history has no resource, but a tag.
fn newest(history: &Value) -> Option<u64> {
    let text = |at: &str| history.pointer(at).and_then(Value::as_str);
    let tag = || Some(text("/entry/0/response/etag")?.trim_start_matches("W/").trim_matches('"'));
    text("/entry/0/resource/meta/versionId").or_else(tag)?.parse().ok()
}

/// The first version is compared with nothing: who wrote it stands in its entry.
async fn first(desk: &dyn Desk, at: &str, language: Language) -> Result<(Row, Option<Value>), Refused> {
    let told = desk.call(Ask::get(format!("{at}/_history/1/$proof"))).await;
    let file = told.ok().and_then(|told| ProofFile::read(&told.bytes, language));
    let hidden = file.is_none();
    let (made, content) = file.map(|file| (file.made, file.content)).unwrap_or_default();
    Ok((Row { number: 1, made, changes: Vec::new(), deleted: false, hidden }, content))
}

/// What `$history-diff` says of each step, newest first.
fn steps(answer: &Value, language: Language) -> Vec<Row> {
    let parts = |value: &'static str| {
        move |one: &Value| one.get(value).and_then(Value::as_array).cloned().unwrap_or_default()
    };
    let steps = parts("parameter")(answer);
    let steps = steps.iter().filter(|one| name(one) == "step");
    steps.map(|step| row(&parts("part")(step), language)).collect()
}

fn name(part: &Value) -> &str {
    part.get("name").and_then(Value::as_str).unwrap_or_default()
}

fn row(parts: &[Value], language: Language) -> Row {
    let find = |wanted: &str| parts.iter().find(|part| name(part) == wanted);
    let text = |wanted: &str, at: &str| {
        find(wanted).and_then(|part| part.pointer(at)).and_then(Value::as_str).map(str::to_owned)
    };
    let author = text("author", "/valueIdentifier/value").unwrap_or_default();
    let whom = |wanted: &str| text(wanted, "/valueIdentifier/value").filter(|one| *one != author);
    let time = text("time", "/valueInstant").unwrap_or_default();
    let number =
        |wanted: &str, at: &str| find(wanted).and_then(|part| part.pointer(at)).map(Value::to_string);
    let made = Made {
        time: day(&time, language).unwrap_or(time),
        responsible: whom("responsible"),
        entered: whom("entered"),
        state: text("state", "/valueCode"),
        reason: text("reason", "/valueString"),
        position: number("position", "/valueDecimal").unwrap_or_default(),
        names: Vec::new(),
        author,
    };
    let operations = parts.iter().filter(|part| name(part) == "operation");
    let changes: Vec<Change> =
        parts.iter().filter(|part| name(part) == "change").filter_map(change).collect();
    // The content of a version that is there is never deleted as a whole by a difference of elements.
    let deletes = |part: &Value| inner(part, "type", "/valueCode").as_deref() == Some("delete");
    let whole = |part: &Value| inner(part, "path", "/valueString").is_some_and(|path| !path.contains('.'));
    let deleted = changes.is_empty() && operations.clone().any(|part| deletes(part) && whole(part));
    let number = number("to", "/valuePositiveInt").and_then(|text| text.parse().ok()).unwrap_or_default();
    Row { number, made, changes, deleted, hidden: false }
}

fn inner(part: &Value, wanted: &str, at: &str) -> Option<String> {
    let parts = part.get("part").and_then(Value::as_array)?;
    let found = parts.iter().find(|part| name(part) == wanted)?;
    found.pointer(at).and_then(Value::as_str).map(str::to_owned)
}

fn change(part: &Value) -> Option<Change> {
    let text = |wanted: &str| inner(part, wanted, "/valueString");
    Some(Change { what: place(&text("element")?), before: text("before"), after: text("after") })
}
