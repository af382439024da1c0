//! Who may do what: the law of the facility as a table, and what the facility's own rules or a proposal change in it.

mod table;

use super::{command, mended, shown, tabs};
use crate::desk::{Desk, Refused};
use crate::fault::Told;
use crate::form::{Fields, encoded};
use crate::frame::{Frame, Way, address};
use crate::reading::{flag, items, text};
use crate::shown::Shown;
use crate::visit::Visit;
use crate::words::Words;
use askama::Template;
use serde_json::{Map, Value, json};
use table::{ACTIONS, Change, Overview, Right, Role};

pub use table::ACTION_GROUPS;

/// One choice of the filter by role: its word, its text, whether it is chosen.
struct Choice {
    word: String,
    text: String,
    chosen: bool,
}

/// What one role may do.
struct Single {
    name: String,
    rights: Vec<Right>,
    /// What is about no record: texts.
    others: Vec<String>,
}

/// What becomes otherwise for a role.
struct Otherwise {
    name: String,
    changes: Vec<Change>,
}

#[derive(Template)]
#[template(path = "operations/roles.html")]
#[expect(clippy::struct_excessive_bools, reason = "what a template asks is answered by yes or no")]
struct Page<'a> {
    frame: Frame<'a>,
    tabs: Vec<Way>,
    /// Texts of the kinds of roles with the choices of each.
    choices: Vec<(String, Vec<Choice>)>,
    /// Word and text of each action, and whether it is chosen.
    actions: Vec<(&'static str, String, bool)>,
    /// The action that the table is narrowed to, in words.
    action: Option<String>,
    /// In which circumstances it holds, in words, and whether they were chosen.
    situation: String,
    situated: bool,
    zones: Vec<String>,
    weekdays: Vec<(u8, String)>,
    restricted: bool,
    treating: bool,
    zone: String,
    hour: String,
    weekday: String,
    /// The id of the proposal that is looked at; empty for the law in force.
    proposal: String,
    own: bool,
    /// On what the facility's own rules rest, in words.
    conditions: Vec<String>,
    otherwise: Vec<Otherwise>,
    overview: Option<Overview>,
    single: Option<Single>,
    faults: Vec<Told>,
}

impl Page<'_> {
    /// What stands between things that are listed in a sentence.
    fn between(&self) -> &'static str {
        if self.frame.words.lang() == "ja" { "、" } else { ", " }
    }
}

/// `GET /f/{facility}/console/operations/roles`
pub(super) async fn page(visit: &Visit, desk: &dyn Desk) -> Result<Shown, Refused> {
    let mut faults = Vec::new();
    let told = match command(desk, "law-matrix", asked(&visit.query)).await {
        Ok(told) => told,
        Err(refused) => {
            faults = mended(visit, refused)?;
            // What was asked cannot be told; the plain table leads on from here.
            command(desk, "law-matrix", json!({})).await?
        }
    };
    let words = Words(visit.language);
    let roles: Vec<Role> = items(&told, "roles").iter().map(|one| table::role(one, words)).collect();
    let role = visit.query.get("role");
    let action = ACTIONS.iter().find(|one| **one == visit.query.get("action")).copied();
    let single = roles.iter().find(|one| one.word == role).map(|one| Single {
        name: one.name.clone(),
        rights: table::rights(one, action, visit.language),
        others: one.others.iter().map(|name| table::act(name, words)).collect(),
    });
    let link = |word: &str| {
        let rest = visit.query.query_without(&["role"]);
        let here = address(desk.facility(), &["operations", "roles"]);
        format!("{here}?role={}&{rest}", encoded(word)).trim_end_matches('&').to_owned()
    };
    let overview = single.is_none().then(|| table::overview(&roles, action, visit.language, &link));
    let is = |name: &str| told.get("situation").is_some_and(|at| flag(at, name));
    let at = |place: &str| {
        told.pointer(&format!("/situation/{place}")).map(ToString::to_string).unwrap_or_default()
    };
    let faulty = !faults.is_empty();
    let page = Page {
        frame: Frame::of(visit, desk),
        tabs: tabs(visit, desk),
        choices: choices(&roles, role, words),
        actions: ACTIONS.iter().map(|one| (*one, table::act(one, words), action == Some(*one))).collect(),
        action: action.map(|one| table::act(one, words)),
        situation: situation(&told, words),
        situated: ["restricted", "treating", "zone", "hour", "weekday"]
            .iter()
            .any(|name| visit.query.has(name)),
        zones: items(&told, "zones").iter().filter_map(Value::as_str).map(str::to_owned).collect(),
        weekdays: (1..=7).map(|day: u8| (day, words.say(&format!("roles-weekday-{day}")))).collect(),
        restricted: is("restricted"),
        treating: is("treating"),
        zone: text(&told, "/situation/zone").to_owned(),
        hour: at("hour"),
        weekday: at("weekday"),
        proposal: text(&told, "/proposal").to_owned(),
        own: flag(&told, "own_policies"),
        conditions: conditions(&told, words),
        otherwise: otherwise(&roles, role, visit),
        overview,
        single,
        faults,
    };
    Ok(shown(page.render().unwrap_or_default(), faulty))
}

/// What the fields ask of the law.
fn asked(query: &Fields) -> Value {
    let mut asked = Map::new();
    for name in ["proposal", "zone"] {
        if !query.get(name).is_empty() {
            asked.insert(name.to_owned(), json!(query.get(name)));
        }
    }
    for name in ["restricted", "treating"] {
        if query.has(name) {
            asked.insert(name.to_owned(), json!(true));
        }
    }
    for name in ["hour", "weekday"] {
        if !query.get(name).is_empty() {
            // What is no number is left to the API to refuse.
            let number =
                query.get(name).parse::<u8>().map_or_else(|_| json!(query.get(name)), |one| json!(one));
            asked.insert(name.to_owned(), number);
        }
    }
    Value::Object(asked)
}

fn choices(roles: &[Role], chosen: &str, words: Words) -> Vec<(String, Vec<Choice>)> {
    let of = |is: &'static str| {
        let of_kind = roles.iter().filter(|one| one.is == is);
        let choice = |one: &Role| Choice {
            word: one.word.clone(),
            text: one.name.clone(),
            chosen: one.word == chosen,
        };
        (words.say(&format!("roles-is-{is}")), of_kind.map(choice).collect())
    };
    ["occupation", "duty", "kind"].map(of).into()
}

/// In which circumstances the table holds.
fn situation(told: &Value, words: Words) -> String {
    let is = |name: &str| told.get("situation").is_some_and(|at| flag(at, name));
    let patient = match (is("restricted"), is("treating")) {
        (false, false) => "roles-patient-open",
        (true, false) => "roles-patient-restricted",
        (false, true) => "roles-patient-treating",
        (true, true) => "roles-patient-restricted-treating",
    };
    let number = |name: &str| told.pointer(&format!("/situation/{name}")).map(ToString::to_string);
    let zone = text(told, "/situation/zone");
    let day = words.say(&format!("roles-weekday-{}", number("weekday").unwrap_or_default()));
    let when = words.with2("roles-when", ("day", day), ("hour", number("hour").unwrap_or_default()));
    let between = if words.lang() == "ja" { "、" } else { ", " };
    let place = format!("{}{between}{when}", words.or(&format!("roles-zone-{zone}"), zone));
    words.with2("roles-situation", ("patient", words.say(patient)), ("place", place))
}

fn conditions(told: &Value, words: Words) -> Vec<String> {
    let names = items(told, "conditions").iter().filter_map(Value::as_str);
    names.map(|name| words.or(&format!("roles-on-{}", name.replace('.', "-")), name)).collect()
}

/// The roles for which something becomes otherwise; of one alone where one is looked at.
fn otherwise(roles: &[Role], wanted: &str, visit: &Visit) -> Vec<Otherwise> {
    let known = roles.iter().any(|one| one.word == wanted);
    let shown = roles.iter().filter(|one| !known || one.word == wanted);
    let all =
        shown.map(|one| Otherwise { name: one.name.clone(), changes: table::changes(one, visit.language) });
    all.filter(|one| !one.changes.is_empty()).collect()
}
