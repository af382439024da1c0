//! Signing in and out, and showing a factor once more.

use crate::desk::{Ask, Desk, Refused};
use crate::fault::{Told, told};
use crate::form::Fields;
use crate::frame::{Frame, next};
use crate::pages::{PageRow, both, send};
use crate::shown::Shown;
use crate::visit::Visit;
use askama::Template;
use base::Class;
use serde_json::{Map, Value, json};

/// The pages of this part.
pub(crate) static PAGES: &[PageRow] = &[
    both("sign-in", |visit, desk| Box::pin(page(visit, desk))),
    send("sign-out", |_, desk| Box::pin(out(desk))),
    both("confirm", |visit, desk| Box::pin(confirm(visit, desk))),
];

#[derive(Template)]
#[template(path = "sign-in.html")]
struct SignIn<'a> {
    frame: Frame<'a>,
    next: &'a str,
    /// Where a script goes on to.
    onward: String,
    account: &'a str,
    /// Whether recovery codes are asked for in place of one-time codes.
    recovery: bool,
    faults: Vec<Told>,
}

/// `GET` and `POST /f/{facility}/console/sign-in`
async fn page(visit: &Visit, desk: &dyn Desk) -> Result<Shown, Refused> {
    if !visit.sends {
        return Ok(form(visit, desk, Vec::new()));
    }
    let form_fields = &visit.form;
    let mut body = Map::new();
    body.insert("carrier".to_owned(), json!("cookie"));
    for (name, member) in [("account", "account"), ("code", "totp"), ("recovery", "recovery")] {
        if !form_fields.get(name).is_empty() {
            body.insert(member.to_owned(), json!(form_fields.get(name)));
        }
    }
    body.insert("password".to_owned(), json!(form_fields.raw("password")));
    match desk.call(Ask::post("session", Value::Object(body))).await {
        Ok(begun) => {
            let to = next(desk.facility(), form_fields.get("next"));
            Ok(Shown::On { to, cookies: begun.cookies, forget: false })
        }
        Err(refused) if mendable(&refused) => Ok(form(visit, desk, told(&refused.0, visit.language))),
        Err(refused) => Err(refused),
    }
}

/// Whether the person may try once more on the same page.
fn mendable(refused: &Refused) -> bool {
    let class = refused.0.first().map(|problem| problem.code().class);
    matches!(class, Some(Class::Unauthenticated | Class::Refused | Class::Invalid | Class::Unprocessable))
}

fn form(visit: &Visit, desk: &dyn Desk, faults: Vec<Told>) -> Shown {
    let status = if faults.is_empty() { 200 } else { 422 };
    let given = if visit.sends { &visit.form } else { &visit.query };
    let page = SignIn {
        frame: Frame::of(visit, desk),
        next: given.get("next"),
        onward: next(desk.facility(), given.get("next")),
        account: given.get("account"),
        recovery: visit.query.has("recovery") || visit.form.has("recovery"),
        faults,
    };
    Shown::Page { status, html: page.render().unwrap_or_default(), cookies: Vec::new() }
}

/// `POST /f/{facility}/console/sign-out`
async fn out(desk: &dyn Desk) -> Result<Shown, Refused> {
    let ended = desk.call(Ask::delete("session")).await?;
    let to = crate::frame::address(desk.facility(), &["sign-in"]);
    Ok(Shown::On { to: format!("{to}?out"), cookies: ended.cookies, forget: true })
}

#[derive(Template)]
#[template(path = "confirm.html")]
struct Confirm<'a> {
    frame: Frame<'a>,
    next: &'a str,
    /// Where a script goes on to.
    onward: String,
    /// What was sent when the factor was asked for, to be sent once it was shown.
    waiting: Option<Waiting>,
    faults: Vec<Told>,
}

#[derive(Template)]
#[template(path = "confirmed.html")]
struct Confirmed<'a> {
    frame: Frame<'a>,
    waiting: Waiting,
}

/// A form that waits for a factor, so that nothing that was typed is lost.
struct Waiting {
    /// Its address.
    to: String,
    fields: Fields,
}

impl Waiting {
    /// The form that was sent just now. What holds a secret is not written into a page: it is typed once more.
    fn sent(visit: &Visit, desk: &dyn Desk) -> Option<Self> {
        let path: Vec<&str> = visit.path.iter().map(String::as_str).collect();
        let secret = SECRETS.iter().any(|name| visit.form.has(name));
        let to = crate::frame::address(desk.facility(), &path);
        (visit.sends && !secret).then(|| Self { to, fields: visit.form.clone() })
    }

    /// The form that the page of the factor carries.
    fn carried(form: &Fields, facility: &str) -> Option<Self> {
        let fields = Fields::read(form.raw("waiting"));
        form.has("waiting").then(|| Self { to: next(facility, form.get("to")), fields })
    }

    /// Its fields in one.
    fn kept(&self) -> String {
        self.fields.query_without(&[])
    }
}

/// Names of fields that hold passwords and codes.
const SECRETS: [&str; 5] = ["password", "old", "new", "code", "passphrase"];

/// A factor is asked for before anything else. What was sent waits on the page, and is sent once it was shown.
pub(crate) fn confirm_first(visit: &Visit, desk: &dyn Desk) -> Shown {
    let mut frame = Frame::of(visit, desk);
    let Some(waiting) = Waiting::sent(visit, desk) else {
        let back = if visit.sends { visit.form.get("from") } else { frame.here.as_str() };
        return Shown::on(format!("{}?next={}", frame.to("confirm"), crate::form::encoded(back)));
    };
    let from = visit.form.get("from");
    let onward = next(desk.facility(), from);
    frame.here.clone_from(&onward);
    let page = Confirm { frame, next: from, onward, waiting: Some(waiting), faults: Vec::new() };
    Shown::Page { status: 403, html: page.render().unwrap_or_default(), cookies: Vec::new() }
}

/// `GET` and `POST /f/{facility}/console/confirm`
async fn confirm(visit: &Visit, desk: &dyn Desk) -> Result<Shown, Refused> {
    let given = if visit.sends { &visit.form } else { &visit.query };
    let mut faults = Vec::new();
    if visit.sends {
        let code = visit.form.get("code");
        let body = if code.is_empty() {
            json!({ "password": visit.form.raw("password") })
        } else {
            json!({ "totp": code })
        };
        match desk.call(Ask::post("session/step-up", body)).await {
            Ok(renewed) => {
                if let Some(waiting) = Waiting::carried(&visit.form, desk.facility()) {
                    let page = Confirmed { frame: Frame::of(visit, desk), waiting };
                    let html = page.render().unwrap_or_default();
                    return Ok(Shown::Page { status: 200, html, cookies: renewed.cookies });
                }
                let to = next(desk.facility(), given.get("next"));
                return Ok(Shown::On { to, cookies: renewed.cookies, forget: false });
            }
            Err(refused) if mendable(&refused) => faults = told(&refused.0, visit.language),
            Err(refused) => return Err(refused),
        }
    }
    let status = if faults.is_empty() { 200 } else { 422 };
    let onward = next(desk.facility(), given.get("next"));
    let waiting = Waiting::carried(&visit.form, desk.facility());
    let page = Confirm { frame: Frame::of(visit, desk), next: given.get("next"), onward, waiting, faults };
    Ok(Shown::Page { status, html: page.render().unwrap_or_default(), cookies: Vec::new() })
}
