//! Running the facility: accounts, certificates, policy and law, the audit trail, alerts, the state of the system.

mod account;
mod accounts;
mod alerts;
mod apps;
mod audit;
mod certificates;
mod event;
mod known;
mod lookers;
mod policy;
mod roles;
mod system;
#[cfg(test)]
mod tests;

pub use accounts::{DUTIES, OCCUPATIONS};
pub use roles::ACTION_GROUPS;

use crate::desk::{Ask, Desk, May, Refused};
use crate::form::encoded;
use crate::frame::{Frame, Way, address};
use crate::pages::{PageRow, both, look, send};
use crate::shown::Shown;
use crate::visit::Visit;
use askama::Template;
use serde_json::Value;

/// The pages of this part.
pub(crate) static PAGES: &[PageRow] = &[
    look("operations", |visit, desk| Box::pin(async { Ok(index(visit, desk)) })),
    look("operations/accounts", |visit, desk| Box::pin(accounts::page(visit, desk))),
    both("operations/accounts/new", |visit, desk| Box::pin(accounts::new(visit, desk))),
    look("operations/accounts/{}", |visit, desk| Box::pin(account::page(visit, desk))),
    send("operations/accounts/{}/{}", |visit, desk| Box::pin(account::act(visit, desk))),
    both("operations/certificates", |visit, desk| Box::pin(certificates::page(visit, desk))),
    look("operations/apps", |visit, desk| Box::pin(apps::page(visit, desk))),
    both("operations/apps/new", |visit, desk| Box::pin(apps::new(visit, desk))),
    look("operations/apps/{}", |visit, desk| Box::pin(apps::one(visit, desk))),
    send("operations/apps/{}/{}", |visit, desk| Box::pin(apps::act(visit, desk))),
    both("operations/policy", |visit, desk| Box::pin(policy::page(visit, desk))),
    both("operations/law", |visit, desk| Box::pin(policy::law(visit, desk))),
    look("operations/roles", |visit, desk| Box::pin(roles::page(visit, desk))),
    look("operations/audit", |visit, desk| Box::pin(audit::page(visit, desk))),
    look("operations/audit/file", |visit, desk| Box::pin(audit::file(visit, desk))),
    look("operations/lookers", |visit, desk| Box::pin(async { Ok(lookers::page(visit, desk)) })),
    both("operations/alerts", |visit, desk| Box::pin(alerts::page(visit, desk))),
    look("operations/system", |visit, desk| Box::pin(system::page(visit, desk))),
];

/// The parts: address below `operations`, key of the text, key of what it is for, what the law must allow.
const SECTIONS: [(&str, &str, &str, May); 9] = [
    ("accounts", "ops-accounts", "ops-accounts-what", May::Command("account-list")),
    ("certificates", "ops-certificates", "ops-certificates-what", May::Command("certificate-list")),
    ("apps", "ops-apps", "ops-apps-what", May::Command("app-list")),
    ("policy", "ops-policy", "ops-policy-what", May::Command("policy-show")),
    ("roles", "ops-roles", "ops-roles-what", May::Command("law-matrix")),
    ("law", "ops-law", "ops-law-what", May::Command("law-show")),
    ("audit", "ops-audit", "ops-audit-what", May::Audit),
    ("alerts", "ops-alerts", "ops-alerts-what", May::Command("glass-list")),
    ("system", "ops-system", "ops-system-what", May::Command("facts")),
];

/// Whether the law lets this person use any of it.
pub(crate) fn open_to(desk: &dyn Desk) -> bool {
    SECTIONS.iter().any(|(.., may)| desk.may(*may))
}

/// The parts that this person may use, as ways.
pub(super) fn tabs(visit: &Visit, desk: &dyn Desk) -> Vec<Way> {
    let here = visit.path.get(1).map_or("", String::as_str);
    // Who looked at a patient is asked from the audit trail.
    let here = if here == "lookers" { "audit" } else { here };
    let open = SECTIONS.iter().filter(|(.., may)| desk.may(*may));
    open.map(|(path, key, ..)| Way {
        key,
        to: address(desk.facility(), &["operations", path]),
        here: *path == here,
    })
    .collect()
}

#[derive(Template)]
#[template(path = "operations/index.html")]
struct Index<'a> {
    frame: Frame<'a>,
    /// Address, key of the text, key of what it is for.
    sections: Vec<(String, &'static str, &'static str)>,
}

/// `GET /f/{facility}/console/operations`
fn index(visit: &Visit, desk: &dyn Desk) -> Shown {
    let open = SECTIONS.iter().filter(|(.., may)| desk.may(*may));
    let sections =
        open.map(|(path, key, what, _)| (address(desk.facility(), &["operations", path]), *key, *what));
    let page = Index { frame: Frame::of(visit, desk), sections: sections.collect() };
    Shown::page(page.render().unwrap_or_default())
}

/// Gives a command of those who run the facility.
async fn command(desk: &dyn Desk, name: &str, body: Value) -> Result<Value, Refused> {
    Ok(desk.call(Ask::post(format!("admin/{name}"), body)).await?.json())
}

/// On to a page of this part.
fn on(desk: &dyn Desk, path: &[&str], done: &str) -> Shown {
    let to = address(desk.facility(), path);
    Shown::on(if done.is_empty() { to } else { format!("{to}?done={}", encoded(done)) })
}

/// A page with the status that fits its faults.
fn shown(html: String, faulty: bool) -> Shown {
    Shown::Page { status: if faulty { 422 } else { 200 }, html, cookies: Vec::new() }
}

fn fresh(visit: &Visit) -> bool {
    visit.person.as_ref().is_some_and(|person| person.fresh)
}

/// The faults of a command that the person can mend on the same page.
///
/// # Errors
/// What leads away from the page: a factor to be shown, a fault of the server.
fn mended(visit: &Visit, refused: Refused) -> Result<Vec<crate::fault::Told>, Refused> {
    if crate::me::mendable(&refused) {
        Ok(crate::fault::told(&refused.0, visit.language))
    } else {
        Err(refused)
    }
}

/// What was done, as the page after it says.
fn done(visit: &Visit, frame: &Frame<'_>) -> String {
    let key = format!("done-{}", visit.query.get("done"));
    if frame.words.knows(&key) { frame.say(&key) } else { String::new() }
}
