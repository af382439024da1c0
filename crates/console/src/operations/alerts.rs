//! Emergency accesses to restricted patients, which somebody else looks into.

use super::{command, done, fresh, mended, on, shown, tabs};
use crate::desk::{Desk, May, Refused};
use crate::fault::Told;
use crate::frame::{Frame, Way};
use crate::reading::{flag, items, moment_of, text};
use crate::shown::Shown;
use crate::visit::Visit;
use askama::Template;
use serde_json::{Value, json};

/// One emergency access.
struct Glass {
    id: String,
    account: String,
    patient: String,
    reason: String,
    from: String,
    until: String,
    lasts: bool,
    reviewed_by: String,
    reviewed_at: String,
    note: String,
    /// Whether it is this person's own, which somebody else must look into.
    own: bool,
    /// What was typed when it was refused.
    typed: String,
}

#[derive(Template)]
#[template(path = "operations/alerts.html")]
struct Page<'a> {
    frame: Frame<'a>,
    tabs: Vec<Way>,
    open: Vec<Glass>,
    reviewed: Vec<Glass>,
    reviews: bool,
    fresh: bool,
    done: String,
    faults: Vec<Told>,
}

/// `GET` and `POST /f/{facility}/console/operations/alerts`
pub(super) async fn page(visit: &Visit, desk: &dyn Desk) -> Result<Shown, Refused> {
    let mut faults = Vec::new();
    if visit.sends {
        let body = json!({ "glass": visit.form.get("glass"), "note": visit.form.get("note") });
        match command(desk, "glass-review", body).await {
            Ok(_) => return Ok(on(desk, &["operations", "alerts"], "reviewed")),
            Err(refused) => faults = mended(visit, refused)?,
        }
    }
    let told = command(desk, "glass-list", json!({})).await?;
    let all = items(&told, "glasses").iter().map(|one| glass(one, visit));
    let (reviewed, open) = all.partition(|one: &Glass| !one.reviewed_by.is_empty());
    let frame = Frame::of(visit, desk);
    let faulty = !faults.is_empty();
    let page = Page {
        tabs: tabs(visit, desk),
        open,
        reviewed,
        reviews: desk.may(May::Command("glass-review")),
        fresh: fresh(visit),
        done: done(visit, &frame),
        faults,
        frame,
    };
    Ok(shown(page.render().unwrap_or_default(), faulty))
}

fn glass(one: &Value, visit: &Visit) -> Glass {
    let (id, account) = (text(one, "/glass"), text(one, "/account"));
    let typed = if visit.form.get("glass") == id { visit.form.get("note") } else { "" };
    Glass {
        id: id.to_owned(),
        account: account.to_owned(),
        patient: text(one, "/patient").to_owned(),
        reason: text(one, "/reason").to_owned(),
        from: moment_of(one, "/from", visit.language),
        until: moment_of(one, "/until", visit.language),
        lasts: flag(one, "lasts"),
        reviewed_by: text(one, "/reviewed/by").to_owned(),
        reviewed_at: moment_of(one, "/reviewed/at", visit.language),
        note: text(one, "/reviewed/note").to_owned(),
        own: visit.person.as_ref().is_some_and(|person| person.account == account),
        typed: typed.to_owned(),
    }
}
