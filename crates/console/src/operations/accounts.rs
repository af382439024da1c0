//! All accounts, and making a new one.

use super::{command, fresh, mended, on, shown, tabs};
use crate::desk::{Desk, May, Refused};
use crate::fault::Told;
use crate::form::Fields;
use crate::frame::{Frame, Way};
use crate::reading::{flag, items, moment_of, text};
use crate::shown::Shown;
use crate::visit::Visit;
use askama::Template;
use base::Language;
use serde_json::{Map, Value, json};

/// Occupations, by their words, in the order of the forms.
pub const OCCUPATIONS: [&str; 25] = [
    "doctor",
    "dentist",
    "pharmacist",
    "nurse",
    "assistant-nurse",
    "public-health-nurse",
    "midwife",
    "laboratory-technologist",
    "radiological-technologist",
    "clinical-engineer",
    "physical-therapist",
    "occupational-therapist",
    "speech-therapist",
    "orthoptist",
    "dental-hygienist",
    "dental-technician",
    "dietitian",
    "psychologist",
    "social-worker",
    "emergency-technician",
    "clerk",
    "medical-clerk",
    "resident",
    "student",
    "other",
];
/// Duties, by their words.
pub const DUTIES: [&str; 4] = ["executive", "planner", "operator", "auditor"];
const KINDS: [&str; 4] = ["person", "maintenance", "device", "service"];
/// How people stand to an account, by the words of the command.
const HOLDINGS: [&str; 3] = ["own", "shared", "emergency"];
const STATES: [&str; 4] = ["usable", "unusable", "invited", "unused"];

/// One account, as lists and its own page show it.
pub(super) struct Row {
    pub(super) id: String,
    pub(super) name: String,
    pub(super) kind: String,
    /// Key of the text of its kind.
    pub(super) kind_key: String,
    /// Keys of the texts of occupation and duties.
    pub(super) roles: Vec<String>,
    /// Key of the text of the state, and how it is marked.
    pub(super) state: (&'static str, &'static str),
    pub(super) because: String,
    pub(super) invited: bool,
    pub(super) unused: bool,
    pub(super) usable: bool,
    pub(super) factors: Vec<String>,
    pub(super) last_used: String,
}

/// An account, as the API tells it.
pub(super) fn row(one: &Value, language: Language) -> Row {
    let occupation = text(one, "/occupation");
    let named = (!occupation.is_empty()).then(|| format!("occupation-{occupation}"));
    let duties = items(one, "duties").iter().filter_map(Value::as_str).map(|duty| format!("duty-{duty}"));
    let usable = flag(one, "usable");
    let state = match (text(one, "/state"), usable) {
        ("active", true) => ("account-active", "good"),
        ("active", false) => ("account-outside", "wait"),
        _ => ("account-disabled", "bad"),
    };
    let factors = items(one, "factors").iter().filter_map(Value::as_str);
    Row {
        id: text(one, "/account").to_owned(),
        name: text(one, "/name").to_owned(),
        kind: text(one, "/kind").to_owned(),
        kind_key: format!("kind-{}", text(one, "/kind")),
        roles: named.into_iter().chain(duties).collect(),
        state,
        because: text(one, "/disabled_because").to_owned(),
        invited: flag(one, "invited"),
        unused: flag(one, "unused"),
        usable,
        factors: factors.map(|kind| format!("factor-{kind}")).collect(),
        last_used: moment_of(one, "/last_used", language),
    }
}

#[derive(Template)]
#[template(path = "operations/accounts.html")]
struct Page<'a> {
    frame: Frame<'a>,
    tabs: Vec<Way>,
    rows: Vec<Row>,
    all: usize,
    query: &'a Fields,
    kinds: &'static [&'static str],
    states: &'static [&'static str],
    makes: bool,
}

/// `GET /f/{facility}/console/operations/accounts`
pub(super) async fn page(visit: &Visit, desk: &dyn Desk) -> Result<Shown, Refused> {
    let told = command(desk, "account-list", json!({})).await?;
    let mut all: Vec<Row> = items(&told, "accounts").iter().map(|one| row(one, visit.language)).collect();
    add_certificates(&mut all, desk).await?;
    let count = all.len();
    let rows = all.into_iter().filter(|row| wanted(row, &visit.query)).collect();
    let page = Page {
        frame: Frame::of(visit, desk),
        tabs: tabs(visit, desk),
        rows,
        all: count,
        query: &visit.query,
        kinds: &KINDS,
        states: &STATES,
        makes: desk.may(May::Command("account-create")),
    };
    Ok(Shown::page(page.render().unwrap_or_default()))
}

/// Machines come in by a certificate as well as by a key; who may not see certificates does not know whether they do.
async fn add_certificates(rows: &mut [Row], desk: &dyn Desk) -> Result<(), Refused> {
    let is_machine = |row: &&mut Row| ["device", "service"].contains(&row.kind.as_str());
    let mut machines: Vec<&mut Row> = rows.iter_mut().filter(is_machine).collect();
    if machines.is_empty() {
        return Ok(());
    }
    if !desk.may(May::Command("certificate-list")) {
        for row in machines.iter_mut().filter(|row| row.factors.is_empty()) {
            row.factors.push("fact-unknown".to_owned());
        }
        return Ok(());
    }
    let told = command(desk, "certificate-list", json!({})).await?;
    for one in items(&told, "certificates").iter().filter(|one| text(one, "/state") == "good") {
        let certificate = "factor-certificate";
        let found = machines.iter_mut().find(|row| row.id == text(one, "/account"));
        if let Some(row) = found.filter(|row| !row.factors.iter().any(|factor| factor == certificate)) {
            row.factors.push(certificate.to_owned());
        }
    }
    Ok(())
}

fn wanted(row: &Row, query: &Fields) -> bool {
    let text = query.get("q").to_lowercase();
    let named =
        text.is_empty() || row.id.to_lowercase().contains(&text) || row.name.to_lowercase().contains(&text);
    let of_kind = query.get("kind").is_empty() || query.get("kind") == row.kind;
    let of_state = match query.get("state") {
        "usable" => row.usable,
        "unusable" => !row.usable,
        "invited" => row.invited,
        "unused" => row.unused,
        _ => true,
    };
    named && of_kind && of_state
}

#[derive(Template)]
#[template(path = "operations/account-new.html")]
struct New<'a> {
    frame: Frame<'a>,
    tabs: Vec<Way>,
    form: &'a Fields,
    kinds: &'static [&'static str],
    holdings: &'static [&'static str],
    occupations: &'static [&'static str],
    duties: &'static [&'static str],
    fresh: bool,
    faults: Vec<Told>,
}

impl New<'_> {
    fn has(&self, duty: &&str) -> bool {
        self.form.all("duty").any(|one| one == *duty)
    }
}

/// `GET` and `POST /f/{facility}/console/operations/accounts/new`
pub(super) async fn new(visit: &Visit, desk: &dyn Desk) -> Result<Shown, Refused> {
    let mut faults = Vec::new();
    if visit.sends {
        match command(desk, "account-create", wish(&visit.form)).await {
            Ok(_) => {
                let id = visit.form.get("account");
                if ["person", "maintenance"].contains(&visit.form.get("kind")) {
                    // Where it fails the account is there all the same: its page offers to invite.
                    if let Ok(told) = command(desk, "account-invite", json!({ "account": id })).await {
                        return Ok(super::account::secret(visit, desk, id, &told));
                    }
                }
                return Ok(on(desk, &["operations", "accounts", id], "created"));
            }
            Err(refused) => faults = mended(visit, refused)?,
        }
    }
    let faulty = !faults.is_empty();
    let page = New {
        frame: Frame::of(visit, desk),
        tabs: tabs(visit, desk),
        form: &visit.form,
        kinds: &KINDS,
        holdings: &HOLDINGS,
        occupations: &OCCUPATIONS,
        duties: &DUTIES,
        fresh: fresh(visit),
        faults,
    };
    Ok(shown(page.render().unwrap_or_default(), faulty))
}

fn wish(form: &Fields) -> Value {
    let kind = form.get("kind");
    let mut wish = Map::new();
    for name in ["account", "kind", "name"] {
        wish.insert(name.to_owned(), json!(form.get(name)));
    }
    for name in ["occupation", "practitioner", "phone", "scopes"] {
        if !form.get(name).is_empty() {
            wish.insert(name.to_owned(), json!(form.get(name)));
        }
    }
    let duties: Vec<&str> = form.all("duty").collect();
    if !duties.is_empty() {
        wish.insert("duties".to_owned(), json!(duties));
    }
    if !["", "own"].contains(&form.get("holding")) {
        wish.insert("holding".to_owned(), json!(form.get("holding")));
    }
    if kind == "maintenance" || !form.get("order").is_empty() {
        wish.insert("work_order".to_owned(), work_order(form));
    }
    Value::Object(wish)
}

/// A work order out of the fields of a form. The times are those of Japan.
pub(super) fn work_order(form: &Fields) -> Value {
    json!({
        "order": form.get("order"),
        "company": form.get("company"),
        "from": in_japan(form.get("begin")),
        "until": in_japan(form.get("until")),
    })
}

/// A moment out of a field `datetime-local`, in the time of Japan.
pub(super) fn in_japan(local: &str) -> String {
    let seconds = if local.len() == "2026-11-23T09:00".len() { ":00" } else { "" };
    if local.is_empty() { String::new() } else { format!("{local}{seconds}+09:00") }
}
