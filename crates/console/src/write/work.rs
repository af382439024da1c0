//! Worklists: what waits for whom, found by searches over the state of records (decision 048).

use super::record::to;
use super::whose::{self, Deadlines, Whose};
use crate::desk::{Desk, May, Refused, called, look_at, matches};
use crate::form::encoded;
use crate::frame::Frame;
use crate::patients::node;
use crate::shown::Shown;
use crate::visit::Visit;
use crate::words::Words;
use askama::Template;
use fhir::definitions::STATED_TYPES;
use fhir::readable::{day, heading_of, kind_name};
use serde_json::Value;
use std::collections::BTreeSet;

/// Records of one type on a list; what is beyond it is said.
const EACH: usize = 50;
const DAY_SECONDS: i64 = 86_400;

/// A list: the key of its texts, and the conditions of its searches, in which `{}` is the account.
struct List {
    key: &'static str,
    note: &'static str,
    conditions: &'static str,
    /// Whether the deadline for approvals holds for it; else the one for finalising.
    approves: bool,
}

/// The list of all.
static ALL: [List; 1] = [List {
    key: "work-everybodys",
    note: "work-everybodys-note",
    conditions: "record-state=draft",
    approves: false,
}];

static LISTS: [List; 4] = [
    List {
        key: "work-approve",
        note: "work-approve-note",
        conditions: "record-state=draft&record-responsible={}&record-enterer:missing=false&record-state-act:not=return",
        approves: true,
    },
    List {
        key: "work-returned",
        note: "work-returned-note",
        conditions: "record-state=draft&record-enterer={}&record-state-act=return",
        approves: false,
    },
    List {
        key: "work-drafts",
        note: "work-drafts-note",
        conditions: "record-state=draft&record-responsible={}&record-enterer:missing=true",
        approves: false,
    },
    List {
        key: "work-entered",
        note: "work-entered-note",
        conditions: "record-state=draft&record-enterer={}&record-state-act:not=return",
        approves: true,
    },
];

impl List {
    /// After how many days what is on it is late.
    fn deadline(&self, deadlines: Deadlines) -> i64 {
        if self.approves { deadlines.approved } else { deadlines.finished }
    }
}

/// The types that whoever looks may search.
fn kinds(desk: &dyn Desk) -> Vec<&'static str> {
    STATED_TYPES.into_iter().filter(|kind| desk.may(May::Search(kind))).collect()
}

/// A record that waits.
struct Row {
    to: String,
    kind: &'static str,
    title: String,
    patient: String,
    updated: String,
    /// Whether it has been so for longer than the deadline.
    old: bool,
}

struct Shelf {
    key: &'static str,
    note: &'static str,
    rows: Vec<Row>,
    more: bool,
    unknown: bool,
    /// The deadline in days; none where the facility cannot be asked.
    days: Option<i64>,
}

impl Shelf {
    /// What is late, in words.
    fn late(&self, frame: &Frame<'_>) -> String {
        frame.words.with("work-old", "days", self.days.unwrap_or_default())
    }
}

#[derive(Template)]
#[template(path = "write/work.html")]
struct Page<'a> {
    frame: Frame<'a>,
    shelves: Vec<Shelf>,
    /// Whose lists they are, as the address says it.
    of: String,
    /// What they are called, where that is somebody else.
    who: Option<String>,
    others: Vec<(String, String)>,
    /// Whether nobody knows the deadlines.
    timeless: bool,
}

/// `GET /f/{facility}/console/work`
pub(super) async fn page(visit: &Visit, desk: &dyn Desk) -> Result<Shown, Refused> {
    let kinds = kinds(desk);
    let whose = Whose::of(visit);
    let lists: &'static [List] = if whose == Whose::All { &ALL } else { &LISTS };
    let deadlines = Deadlines::of(desk).await;
    let me = encoded(whose.account(visit));
    let search = |list: &List, kind: &str| format!("{kind}?{}", list.conditions.replace("{}", &me));
    let pairs: Vec<(&List, &'static str)> =
        lists.iter().flat_map(|list| kinds.iter().map(move |kind| (list, *kind))).collect();
    let paths: Vec<String> = pairs
        .iter()
        .map(|(list, kind)| format!("{}&_sort=record-state-since&_count={EACH}", search(list, kind)))
        .collect();
    let answers = look_at(desk, &paths).await?;
    let found: Vec<(&List, &'static str, Option<Value>)> =
        pairs.into_iter().zip(answers).map(|((list, kind), answer)| (list, kind, answer)).collect();
    let old = old(desk, &found, (search, deadlines)).await?;
    let patients = patients(visit, desk, &found).await?;
    let mut shelves = Vec::new();
    for list in lists {
        let mine = found.iter().filter(|(of, _, _)| std::ptr::eq(*of, list));
        let bundles: Vec<(&'static str, Option<&Value>)> =
            mine.map(|(_, kind, answer)| (*kind, answer.as_ref())).collect();
        let rows = bundles.iter().flat_map(|(kind, bundle)| {
            let (old, patients) = (&old, &patients);
            bundle
                .iter()
                .flat_map(|bundle| matches(bundle))
                .map(move |one| row(visit, desk, kind, one, (old, patients)))
        });
        let mut rows: Vec<Row> = rows.collect();
        rows.sort_by_key(|row| !row.old);
        let more = bundles.iter().flat_map(|(_, bundle)| bundle).any(|bundle| has_next(bundle));
        let unknown = bundles.iter().any(|(_, bundle)| bundle.is_none());
        let days = deadlines.map(|deadlines| list.deadline(deadlines));
        shelves.push(Shelf { key: list.key, note: list.note, rows, more, unknown, days });
    }
    let page = Page {
        frame: Frame::of(visit, desk),
        shelves,
        of: whose.word().to_owned(),
        who: match &whose {
            Whose::Of(account) => Some(called(desk, Words(visit.language), account)),
            Whose::Mine | Whose::All => None,
        },
        others: whose::others(visit, desk),
        timeless: deadlines.is_none(),
    };
    Ok(Shown::page(page.render().unwrap_or_default()))
}

fn has_next(bundle: &Value) -> bool {
    let links = bundle.get("link").and_then(Value::as_array).map(Vec::as_slice).unwrap_or_default();
    links.iter().any(|link| link.get("relation").and_then(Value::as_str) == Some("next"))
}

/// What a resource is called among others: type and id.
fn key(kind: &str, resource: &Value) -> String {
    format!("{kind}/{}", resource.get("id").and_then(Value::as_str).unwrap_or_default())
}

/// Which of the records found have stood so for long. Results do not say since when; a search does.
async fn old(
    desk: &dyn Desk,
    found: &[(&List, &'static str, Option<Value>)],
    (search, deadlines): (impl Fn(&List, &str) -> String, Option<Deadlines>),
) -> Result<BTreeSet<String>, Refused> {
    let Some(deadlines) = deadlines else { return Ok(BTreeSet::new()) };
    let before = |list: &List| {
        let seconds = list.deadline(deadlines).saturating_mul(DAY_SECONDS);
        desk.now().plus_seconds(seconds.saturating_neg()).to_string()
    };
    let full = found.iter().filter(|(_, _, answer)| answer.iter().flat_map(matches).next().is_some());
    let asked: Vec<(&'static str, String)> = full
        .map(|(list, kind, _)| {
            let path = format!("{}&record-state-since=lt{}", search(list, kind), encoded(&before(list)));
            (*kind, format!("{path}&_sort=record-state-since&_count={EACH}"))
        })
        .collect();
    if asked.is_empty() {
        return Ok(BTreeSet::new());
    }
    let paths: Vec<String> = asked.iter().map(|(_, path)| path.clone()).collect();
    let answers = look_at(desk, &paths).await?;
    let all = asked
        .iter()
        .zip(&answers)
        .flat_map(|((kind, _), answer)| answer.iter().flat_map(matches).map(move |one| key(kind, one)));
    Ok(all.collect())
}

/// The patients of the records found: their lines by reference.
async fn patients(
    visit: &Visit,
    desk: &dyn Desk,
    found: &[(&List, &'static str, Option<Value>)],
) -> Result<std::collections::BTreeMap<String, String>, Refused> {
    let all: BTreeSet<String> = found
        .iter()
        .flat_map(|(_, _, answer)| answer.iter().flat_map(matches))
        .map(patient_of)
        .filter(|one| one.strip_prefix("Patient/").is_some_and(|id| !id.contains('/')))
        .collect();
    if all.is_empty() {
        return Ok(std::collections::BTreeMap::new());
    }
    let paths: Vec<String> = all.into_iter().collect();
    let answers = look_at(desk, &paths).await?;
    let line = |patient: Value| {
        node(&patient).map(|node| fhir::readable::Identity::of(&node).line_at(desk.now(), visit.language))
    };
    let pairs = paths.into_iter().zip(answers);
    Ok(pairs.filter_map(|(path, answer)| Some((path, line(answer?)?))).collect())
}

fn patient_of(resource: &Value) -> String {
    let of = |name: &str| resource.pointer(&format!("/{name}/reference")).and_then(Value::as_str);
    of("subject").or_else(|| of("patient")).unwrap_or_default().to_owned()
}

fn row(
    visit: &Visit,
    desk: &dyn Desk,
    kind: &'static str,
    resource: &Value,
    (old, patients): (&BTreeSet<String>, &std::collections::BTreeMap<String, String>),
) -> Row {
    let id = resource.get("id").and_then(Value::as_str).unwrap_or_default();
    let heading = node(resource).and_then(|node| heading_of(&node, visit.language).ok());
    let of = fhir::definitions::resource_kinds().find(|one| one.as_str() == kind);
    let what = of.map_or(kind, |of| kind_name(of, visit.language));
    let updated = resource.pointer("/meta/lastUpdated").and_then(Value::as_str).unwrap_or_default();
    Row {
        to: to(desk, kind, id, &[]),
        kind: what,
        title: heading.and_then(|heading| heading.title).unwrap_or_else(|| what.to_owned()),
        patient: patients.get(&patient_of(resource)).cloned().unwrap_or_default(),
        updated: day(updated, visit.language).unwrap_or_default(),
        old: old.contains(&key(kind, resource)),
    }
}
