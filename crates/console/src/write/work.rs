//! Worklists: what waits for whom, found by searches over the state of records (decision 048), one for all types of each list.

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
use fhir::readable::{Identity, day, heading_of};
use serde_json::Value;
use std::collections::{BTreeMap, BTreeSet};

/// Records on a list, those that wait longest; what is beyond it is said.
const EACH: usize = 50;
const DAY_SECONDS: i64 = 86_400;

/// A list: the key of its texts, and the conditions of its search, in which `{}` is the account.
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
    kind: String,
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

/// A list and what was found of it; none where it could not be looked at.
type Found = (&'static List, Option<Value>);

/// `GET /f/{facility}/console/work`
pub(super) async fn page(visit: &Visit, desk: &dyn Desk) -> Result<Shown, Refused> {
    let whose = Whose::of(visit);
    let lists: &'static [List] = if whose == Whose::All { &ALL } else { &LISTS };
    let deadlines = Deadlines::of(desk).await;
    let search = search(desk, whose.account(visit));
    let paths: Vec<String> = lists.iter().map(|list| format!("{}&_count={EACH}", search(list))).collect();
    let answers = look_at(desk, &paths).await?;
    let found: Vec<Found> = lists.iter().zip(answers).collect();
    let beside = Beside::of(visit, desk, &found, (search, deadlines)).await?;
    let shelf = |(list, answer): &Found| {
        let records = answer.iter().flat_map(matches);
        Shelf {
            key: list.key,
            note: list.note,
            rows: records.filter_map(|one| row(visit, desk, one, &beside)).collect(),
            more: answer.as_ref().is_some_and(has_next),
            unknown: answer.is_none(),
            days: deadlines.map(|deadlines| list.deadline(deadlines)),
        }
    };
    let page = Page {
        frame: Frame::of(visit, desk),
        shelves: found.iter().map(shelf).collect(),
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

/// The search of a list of an account: what waits longest comes first.
fn search(desk: &dyn Desk, account: &str) -> impl Fn(&List) -> String + use<> {
    let (kinds, account) = (kinds(desk).join(","), encoded(account));
    move |list| {
        let conditions = list.conditions.replace("{}", &account);
        format!("?_type={kinds}&{conditions}&_sort=record-state-since")
    }
}

fn has_next(bundle: &Value) -> bool {
    let links = bundle.get("link").and_then(Value::as_array).map(Vec::as_slice).unwrap_or_default();
    links.iter().any(|link| link.get("relation").and_then(Value::as_str) == Some("next"))
}

/// What a resource is called among others: type and id.
fn key(resource: &Value) -> String {
    let text = |name: &str| resource.get(name).and_then(Value::as_str).unwrap_or_default();
    format!("{}/{}", text("resourceType"), text("id"))
}

/// What is known of the records found beside themselves.
struct Beside {
    /// Which of them have stood so for long. Results do not say since when; a search does.
    old: BTreeSet<String>,
    /// The lines of their patients by reference.
    patients: BTreeMap<String, String>,
}

impl Beside {
    async fn of(
        visit: &Visit,
        desk: &dyn Desk,
        found: &[Found],
        (search, deadlines): (impl Fn(&List) -> String, Option<Deadlines>),
    ) -> Result<Self, Refused> {
        let late = |list: &List, deadlines: Deadlines| {
            let seconds = list.deadline(deadlines).saturating_mul(DAY_SECONDS);
            let before = encoded(&desk.now().plus_seconds(seconds.saturating_neg()).to_string());
            format!("{}&record-state-since=lt{before}&_elements=id&_count={EACH}", search(list))
        };
        let full = found.iter().filter(|(_, answer)| answer.iter().flat_map(matches).next().is_some());
        // Where nobody knows the deadlines, nothing is called late.
        let mut paths: Vec<String> = full.filter_map(|(list, _)| Some(late(list, deadlines?))).collect();
        let ids = patients(found);
        let by_id = ids.chunks(EACH).map(|ids| format!("Patient?_id={}&_count={EACH}", ids.join(",")));
        paths.extend(by_id.filter(|_| desk.may(May::Search("Patient"))));
        if paths.is_empty() {
            return Ok(Self { old: BTreeSet::new(), patients: BTreeMap::new() });
        }
        let answers = look_at(desk, &paths).await?;
        let all = answers.iter().flatten().flat_map(matches);
        let (patients, old): (Vec<&Value>, Vec<&Value>) =
            all.partition(|one| one.get("resourceType").and_then(Value::as_str) == Some("Patient"));
        let line = |patient: &Value| {
            node(patient).map(|node| Identity::of(&node).line_at(desk.now(), visit.language))
        };
        Ok(Self {
            old: old.into_iter().map(key).collect(),
            patients: patients.into_iter().filter_map(|one| Some((key(one), line(one)?))).collect(),
        })
    }
}

/// The ids of the patients of the records found, each once.
fn patients(found: &[Found]) -> Vec<String> {
    let all: BTreeSet<String> = found
        .iter()
        .flat_map(|(_, answer)| answer.iter().flat_map(matches))
        .map(patient_of)
        .filter_map(|one| one.strip_prefix("Patient/").map(str::to_owned))
        .filter(|id| !id.is_empty() && !id.contains('/'))
        .collect();
    all.into_iter().collect()
}

fn patient_of(resource: &Value) -> String {
    let of = |name: &str| resource.pointer(&format!("/{name}/reference")).and_then(Value::as_str);
    of("subject").or_else(|| of("patient")).unwrap_or_default().to_owned()
}

fn row(visit: &Visit, desk: &dyn Desk, resource: &Value, beside: &Beside) -> Option<Row> {
    let text = |at: &str| resource.pointer(at).and_then(Value::as_str).unwrap_or_default();
    let kind = fhir::definitions::resource_kind(text("/resourceType"))?;
    let heading = node(resource).and_then(|node| heading_of(&node, visit.language).ok());
    let what = crate::spoken::kind(kind, Words(visit.language));
    Some(Row {
        to: to(desk, kind.as_str(), text("/id"), &[]),
        title: heading.and_then(|heading| heading.title).unwrap_or_else(|| what.clone()),
        kind: what,
        patient: beside.patients.get(&patient_of(resource)).cloned().unwrap_or_default(),
        updated: day(text("/meta/lastUpdated"), visit.language).unwrap_or_default(),
        old: beside.old.contains(&key(resource)),
    })
}
