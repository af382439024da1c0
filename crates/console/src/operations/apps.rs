//! Apps and services that come in by OAuth 2.0: registered, changed, ended, and what people granted to them.

use super::{command, done, fresh, mended, on, shown, tabs};
use crate::codes::PAGE_UNKNOWN;
use crate::desk::{Desk, May, Refused};
use crate::fault::Told;
use crate::form::Fields;
use crate::frame::{Frame, Way, address};
use crate::reading::{items, moment_of, text};
use crate::shown::Shown;
use crate::visit::Visit;
use askama::Template;
use base::{Language, Problem};
use serde_json::{Map, Value, json};

const KINDS: [&str; 3] = ["public", "confidential", "service"];

/// One app, as lists and its own page show it.
struct App {
    id: String,
    name: String,
    kind: String,
    scopes: String,
    active: bool,
    because: String,
    made: String,
}

fn app(one: &Value, language: Language) -> App {
    App {
        id: text(one, "/app").to_owned(),
        name: text(one, "/name").to_owned(),
        kind: format!("app-kind-{}", text(one, "/kind")),
        scopes: text(one, "/scopes").to_owned(),
        active: text(one, "/state") == "active",
        because: text(one, "/disabled_because").to_owned(),
        made: moment_of(one, "/made", language),
    }
}

#[derive(Template)]
#[template(path = "operations/apps.html")]
struct Page<'a> {
    frame: Frame<'a>,
    tabs: Vec<Way>,
    apps: Vec<App>,
    registers: bool,
}

/// `GET /f/{facility}/console/operations/apps`
pub(super) async fn page(visit: &Visit, desk: &dyn Desk) -> Result<Shown, Refused> {
    let told = command(desk, "app-list", json!({})).await?;
    let page = Page {
        frame: Frame::of(visit, desk),
        tabs: tabs(visit, desk),
        apps: items(&told, "apps").iter().map(|one| app(one, visit.language)).collect(),
        registers: desk.may(May::Command("app-register")),
    };
    Ok(Shown::page(page.render().unwrap_or_default()))
}

/// What stands in the fields of an app.
struct Given {
    app: String,
    kind: String,
    name: String,
    redirects: String,
    launch: String,
    scopes: String,
    keys: String,
    account: String,
    reason: String,
}

impl Given {
    fn typed(form: &Fields) -> Self {
        let field = |name: &str| form.get(name).to_owned();
        Self {
            app: field("app"),
            kind: field("kind"),
            name: field("name"),
            redirects: field("redirects"),
            launch: field("launch"),
            scopes: field("scopes"),
            keys: field("keys"),
            account: field("account"),
            reason: field("reason"),
        }
    }

    fn kept(told: &Value, form: &Fields) -> Self {
        let field = |place: &str| text(told, place).to_owned();
        let lines: Vec<&str> = items(told, "redirects").iter().filter_map(Value::as_str).collect();
        let keys = told.get("keys").filter(|keys| !keys.is_null());
        Self {
            app: field("/app"),
            kind: field("/kind"),
            name: field("/name"),
            redirects: lines.join("\n"),
            launch: field("/launch"),
            scopes: field("/scopes"),
            keys: keys.and_then(|keys| serde_json::to_string_pretty(keys).ok()).unwrap_or_default(),
            account: field("/account"),
            reason: form.get("reason").to_owned(),
        }
    }

    /// The members that both commands have.
    fn wish(&self) -> Map<String, Value> {
        let mut wish = Map::new();
        let redirects: Vec<&str> =
            self.redirects.lines().map(str::trim).filter(|line| !line.is_empty()).collect();
        for (member, value) in [("app", &self.app), ("name", &self.name), ("scopes", &self.scopes)] {
            wish.insert(member.to_owned(), json!(value));
        }
        if self.kind != "service" {
            wish.insert("redirects".to_owned(), json!(redirects));
        }
        if !self.launch.is_empty() {
            wish.insert("launch".to_owned(), json!(self.launch));
        }
        if !self.keys.is_empty() {
            // What is no JSON is left to the API to refuse.
            let keys = serde_json::from_str(&self.keys).unwrap_or_else(|_| json!(self.keys));
            wish.insert("keys".to_owned(), keys);
        }
        wish
    }
}

#[derive(Template)]
#[template(path = "operations/app-new.html")]
struct New<'a> {
    frame: Frame<'a>,
    tabs: Vec<Way>,
    given: Given,
    kinds: &'static [&'static str],
    fresh: bool,
    faults: Vec<Told>,
}

/// `GET` and `POST /f/{facility}/console/operations/apps/new`
pub(super) async fn new(visit: &Visit, desk: &dyn Desk) -> Result<Shown, Refused> {
    let mut faults = Vec::new();
    let given = Given::typed(&visit.form);
    if visit.sends {
        let mut wish = given.wish();
        wish.insert("kind".to_owned(), json!(given.kind));
        if !given.account.is_empty() {
            wish.insert("account".to_owned(), json!(given.account));
        }
        match command(desk, "app-register", Value::Object(wish)).await {
            Ok(_) => return Ok(on(desk, &["operations", "apps", &given.app], "app-registered")),
            Err(refused) => faults = mended(visit, refused)?,
        }
    }
    let faulty = !faults.is_empty();
    let page = New {
        frame: Frame::of(visit, desk),
        tabs: tabs(visit, desk),
        given,
        kinds: &KINDS,
        fresh: fresh(visit),
        faults,
    };
    Ok(shown(page.render().unwrap_or_default(), faulty))
}

/// What somebody granted to an app.
struct Grant {
    account: String,
    scopes: String,
    device: String,
    /// Key of the text of how long it lasts.
    lasts: String,
    made: String,
    ends: String,
}

#[derive(Template)]
#[template(path = "operations/app.html")]
struct One<'a> {
    frame: Frame<'a>,
    tabs: Vec<Way>,
    app: App,
    account: String,
    grants: Vec<Grant>,
    given: Given,
    runs: bool,
    fresh: bool,
    done: String,
    faults: Vec<Told>,
}

impl One<'_> {
    /// The address of this page.
    fn here(&self) -> String {
        address(self.frame.facility, &["operations", "apps", &self.app.id])
    }
}

/// `GET /f/{facility}/console/operations/apps/{}`
pub(super) async fn one(visit: &Visit, desk: &dyn Desk) -> Result<Shown, Refused> {
    app_page(visit, desk, Vec::new()).await
}

/// `POST /f/{facility}/console/operations/apps/{}/{}`: the act is the last part of the address.
pub(super) async fn act(visit: &Visit, desk: &dyn Desk) -> Result<Shown, Refused> {
    let id = id_of(visit);
    let (name, body, told) = match visit.path.get(3).map_or("", String::as_str) {
        "change" => ("app-change", Value::Object(changes(id, &visit.form)), "app-changed"),
        "disable" => {
            ("app-disable", json!({ "app": id, "reason": visit.form.get("reason") }), "app-disabled")
        }
        _ => return Err(Problem::new(&PAGE_UNKNOWN).into()),
    };
    match command(desk, name, body).await {
        Ok(_) => Ok(on(desk, &["operations", "apps", id], told)),
        Err(refused) => {
            let faults = mended(visit, refused)?;
            app_page(visit, desk, faults).await
        }
    }
}

/// The id and the kind stay as they are.
fn changes(id: &str, form: &Fields) -> Map<String, Value> {
    Given { app: id.to_owned(), ..Given::typed(form) }.wish()
}

fn id_of(visit: &Visit) -> &str {
    visit.path.get(2).map_or("", String::as_str)
}

async fn app_page(visit: &Visit, desk: &dyn Desk, faults: Vec<Told>) -> Result<Shown, Refused> {
    let told = command(desk, "app-show", json!({ "app": id_of(visit) })).await?;
    let changed = visit.path.get(3).is_some_and(|act| act == "change");
    let given = Given::kept(&told, &visit.form);
    let given = if changed { Given { kind: given.kind, ..Given::typed(&visit.form) } } else { given };
    let frame = Frame::of(visit, desk);
    let faulty = !faults.is_empty();
    let page = One {
        tabs: tabs(visit, desk),
        app: app(&told, visit.language),
        account: text(&told, "/account").to_owned(),
        grants: items(&told, "grants").iter().map(|one| grant(one, visit.language)).collect(),
        given,
        runs: desk.may(May::Command("app-change")),
        fresh: fresh(visit),
        done: done(visit, &frame),
        faults,
        frame,
    };
    Ok(shown(page.render().unwrap_or_default(), faulty))
}

fn grant(one: &Value, language: Language) -> Grant {
    Grant {
        account: text(one, "/account").to_owned(),
        scopes: text(one, "/scopes").to_owned(),
        device: text(one, "/device").to_owned(),
        lasts: format!("grant-lasts-{}", text(one, "/lasts")),
        made: moment_of(one, "/made", language),
        ends: moment_of(one, "/ends", language),
    }
}
