//! One account: what it is, by what it comes in, where it is signed in, and what can be done with it.

use super::accounts::{DUTIES, OCCUPATIONS, Row, row, work_order};
use super::{command, done, fresh, mended, on, shown, tabs};
use crate::codes::PAGE_UNKNOWN;
use crate::desk::{Desk, May, Refused};
use crate::fault::Told;
use crate::form::Fields;
use crate::frame::{Frame, Way};
use crate::me::{Factor, Session, factor, session};
use crate::reading::{items, moment_of, text};
use crate::shown::Shown;
use crate::visit::Visit;
use askama::Template;
use base::Problem;
use serde_json::{Map, Value, json};

#[derive(Template)]
#[template(path = "operations/account.html")]
#[expect(clippy::struct_excessive_bools, reason = "what a template asks is answered by yes or no")]
struct Page<'a> {
    frame: Frame<'a>,
    tabs: Vec<Way>,
    row: Row,
    /// Whether a human being stands behind it.
    human: bool,
    facts: Vec<(&'static str, String)>,
    factors: Vec<Factor>,
    sessions: Vec<Session>,
    tries: bool,
    /// What stands in the form that changes it.
    given: Given,
    occupations: &'static [&'static str],
    duties: &'static [&'static str],
    runs: bool,
    fresh: bool,
    done: String,
    faults: Vec<Told>,
}

/// What stands in the fields that change an account.
struct Given {
    name: String,
    occupation: String,
    duties: Vec<String>,
    practitioner: String,
    phone: String,
    scopes: String,
    order: String,
    company: String,
    begin: String,
    until: String,
    reason: String,
}

impl Page<'_> {
    fn has(&self, duty: &&str) -> bool {
        self.given.duties.iter().any(|one| one == duty)
    }
}

/// `GET /f/{facility}/console/operations/accounts/{}`
pub(super) async fn page(visit: &Visit, desk: &dyn Desk) -> Result<Shown, Refused> {
    one(visit, desk, Vec::new()).await
}

fn id_of(visit: &Visit) -> &str {
    visit.path.get(2).map_or("", String::as_str)
}

async fn one(visit: &Visit, desk: &dyn Desk, faults: Vec<Told>) -> Result<Shown, Refused> {
    let told = command(desk, "account-show", json!({ "account": id_of(visit) })).await?;
    let language = visit.language;
    let frame = Frame::of(visit, desk);
    let changed = visit.path.get(3).is_some_and(|act| act == "change");
    let row = row(&told, language);
    let faulty = !faults.is_empty();
    let page = Page {
        tabs: tabs(visit, desk),
        human: ["person", "maintenance"].contains(&row.kind.as_str()),
        facts: facts(&told, visit),
        factors: items(&told, "factor_list").iter().map(|one| factor(one, language)).collect(),
        sessions: items(&told, "sessions").iter().map(|one| session(one, "", language)).collect(),
        tries: !items(&told, "wrong_tries").is_empty(),
        given: given(&told, changed.then_some(&visit.form), &visit.form),
        occupations: &OCCUPATIONS,
        duties: &DUTIES,
        runs: desk.may(May::Command("account-change")),
        fresh: fresh(visit),
        done: done(visit, &frame),
        row,
        faults,
        frame,
    };
    Ok(shown(page.render().unwrap_or_default(), faulty))
}

fn facts(told: &Value, visit: &Visit) -> Vec<(&'static str, String)> {
    let language = visit.language;
    let words = crate::words::Words(language);
    let holding = text(told, "/holding");
    let all = [
        ("account-made", moment_of(told, "/made", language)),
        ("account-last-used", moment_of(told, "/last_used", language)),
        ("account-holding", words.or(&format!("holding-{holding}"), holding)),
        ("account-practitioner", text(told, "/practitioner").to_owned()),
        ("account-scopes", text(told, "/scopes").to_owned()),
        ("order-order", text(told, "/work_order/order").to_owned()),
        ("order-company", text(told, "/work_order/company").to_owned()),
        ("order-begin", moment_of(told, "/work_order/from", language)),
        ("order-until", moment_of(told, "/work_order/until", language)),
    ];
    all.into_iter().filter(|(_, value)| !value.is_empty()).collect()
}

/// What the fields hold: what was typed when it was refused, else what is so now.
fn given(told: &Value, typed: Option<&Fields>, form: &Fields) -> Given {
    let field = |name: &str, place: &str| match typed {
        Some(form) => form.get(name).to_owned(),
        None => text(told, place).to_owned(),
    };
    let duties = match typed {
        Some(form) => form.all("duty").map(str::to_owned).collect(),
        None => items(told, "duties").iter().filter_map(Value::as_str).map(str::to_owned).collect::<Vec<_>>(),
    };
    let typed_only = |name: &str| typed.map_or("", |form| form.get(name)).to_owned();
    Given {
        name: field("name", "/name"),
        occupation: field("occupation", "/occupation"),
        duties,
        practitioner: field("practitioner", "/practitioner"),
        phone: typed_only("phone"),
        scopes: field("scopes", "/scopes"),
        order: field("order", "/work_order/order"),
        company: field("company", "/work_order/company"),
        begin: typed_only("begin"),
        until: typed_only("until"),
        reason: form.get("reason").to_owned(),
    }
}

#[derive(Template)]
#[template(path = "operations/account-secret.html")]
struct Secret<'a> {
    frame: Frame<'a>,
    account: &'a str,
    /// The address that the person opens; empty where the server's own is not known.
    link: String,
    code: String,
    key: String,
    ends: String,
}

/// `POST /f/{facility}/console/operations/accounts/{}/{}`: the act is the last part of the address.
pub(super) async fn act(visit: &Visit, desk: &dyn Desk) -> Result<Shown, Refused> {
    let id = id_of(visit);
    let form = &visit.form;
    let act = visit.path.get(3).map_or("", String::as_str);
    let (name, body) = match act {
        "change" => ("account-change", changes(id, form)),
        "disable" => ("account-disable", json!({ "account": id, "reason": form.get("reason") })),
        "enable" => ("account-enable", with_reason(id, form)),
        "invite" => ("account-invite", json!({ "account": id })),
        "key" => ("account-key", json!({ "account": id })),
        "unlock" => ("account-unlock", json!({ "account": id })),
        "factor" => ("factor-remove", json!({ "account": id, "factor": form.get("factor") })),
        "session" => ("session-end", json!({ "account": id, "session": form.get("session") })),
        "sessions" => ("session-end", json!({ "account": id })),
        _ => return Err(Problem::new(&PAGE_UNKNOWN).into()),
    };
    match command(desk, name, body).await {
        Ok(told) if ["invite", "key"].contains(&act) => Ok(secret(visit, desk, id, &told)),
        Ok(_) => Ok(on(desk, &["operations", "accounts", id], act)),
        Err(refused) => {
            let faults = mended(visit, refused)?;
            one(visit, desk, faults).await
        }
    }
}

/// What is shown once: an invitation, or a key.
pub(super) fn secret(visit: &Visit, desk: &dyn Desk, account: &str, told: &Value) -> Shown {
    let page = Secret {
        frame: Frame::of(visit, desk),
        account,
        link: text(told, "/link").to_owned(),
        code: text(told, "/code").to_owned(),
        key: text(told, "/key").to_owned(),
        ends: moment_of(told, "/ends", visit.language),
    };
    Shown::page(page.render().unwrap_or_default())
}

fn with_reason(id: &str, form: &Fields) -> Value {
    let reason = form.get("reason");
    if reason.is_empty() { json!({ "account": id }) } else { json!({ "account": id, "reason": reason }) }
}

/// What the form changes: only what it had a field for.
fn changes(id: &str, form: &Fields) -> Value {
    let mut changes = Map::new();
    changes.insert("account".to_owned(), json!(id));
    changes.insert("name".to_owned(), json!(form.get("name")));
    if !form.get("occupation").is_empty() {
        changes.insert("occupation".to_owned(), json!(form.get("occupation")));
    }
    if form.has("duties") {
        changes.insert("duties".to_owned(), json!(form.all("duty").collect::<Vec<_>>()));
    }
    if form.has("practitioner") {
        changes.insert("practitioner".to_owned(), json!(form.get("practitioner")));
    }
    if !form.get("phone").is_empty() {
        changes.insert("phone".to_owned(), json!(form.get("phone")));
    }
    if form.has("scopes") {
        changes.insert("scopes".to_owned(), json!(form.get("scopes")));
    }
    if !form.get("begin").is_empty() || !form.get("until").is_empty() {
        changes.insert("work_order".to_owned(), work_order(form));
    }
    Value::Object(changes)
}
