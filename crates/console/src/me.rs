//! One's own account: by what one signs in, and where one is signed in.

use crate::desk::{Ask, Desk, Refused};
use crate::fault::{Told, told};
use crate::form::encoded;
use crate::frame::Frame;
use crate::pages::{PageRow, both, look, send};
use crate::reading::{items, moment_of, text};
use crate::shown::Shown;
use crate::visit::Visit;
use askama::Template;
use base::{Class, Language};
use serde_json::{Value, json};

/// The pages of this part.
pub(crate) static PAGES: &[PageRow] = &[
    look("me", |visit, desk| Box::pin(page(visit, desk))),
    both("me/password", |visit, desk| Box::pin(password(visit, desk))),
    send("me/totp", |visit, desk| Box::pin(totp(visit, desk))),
    send("me/totp/confirm", |visit, desk| Box::pin(confirm_totp(visit, desk))),
    send("me/recovery", |visit, desk| Box::pin(recovery(visit, desk))),
    send("me/factors/remove", |visit, desk| Box::pin(remove(visit, desk))),
    send("me/sessions/end", |visit, desk| Box::pin(end(visit, desk))),
];

/// The two new passwords are not the same, as the page of an invitation calls it too.
const PASSWORDS_DIFFER: &str = "ID-0031";

/// One factor.
pub(crate) struct Factor {
    pub(crate) id: String,
    /// The key of the text for its kind.
    pub(crate) kind: String,
    pub(crate) label: String,
    pub(crate) made: String,
}

/// One session.
pub(crate) struct Session {
    pub(crate) id: String,
    pub(crate) began: String,
    pub(crate) last_used: String,
    pub(crate) device: String,
    pub(crate) address: String,
    pub(crate) agent: String,
    /// The keys of the texts for the factors that were shown.
    pub(crate) factors: Vec<String>,
    /// Whether it is the one in which the page is looked at.
    pub(crate) this: bool,
}

#[derive(Template)]
#[template(path = "me/me.html")]
struct Page<'a> {
    frame: Frame<'a>,
    factors: Vec<Factor>,
    sessions: Vec<Session>,
    others: bool,
    fresh: bool,
    done: String,
    faults: Vec<Told>,
}

/// `GET /f/{facility}/console/me`
async fn page(visit: &Visit, desk: &dyn Desk) -> Result<Shown, Refused> {
    me(visit, desk, Vec::new()).await
}

async fn me(visit: &Visit, desk: &dyn Desk, faults: Vec<Told>) -> Result<Shown, Refused> {
    let factors = desk.call(Ask::get("factors")).await?.json();
    let sessions = desk.call(Ask::get("sessions")).await?.json();
    let this = text(&sessions, "/this");
    let mut sessions: Vec<Session> =
        items(&sessions, "sessions").iter().map(|one| session(one, this, visit.language)).collect();
    sessions.sort_by_key(|one| !one.this);
    let frame = Frame::of(visit, desk);
    let done = match visit.query.get("done") {
        "password" => frame.say("me-done-password"),
        "totp" => frame.say("me-done-totp"),
        "removed" => frame.say("me-done-removed"),
        "passkey" => frame.say("me-done-passkey"),
        "ended" => frame.say("me-done-ended"),
        _ => String::new(),
    };
    let status = if faults.is_empty() { 200 } else { 422 };
    let page = Page {
        fresh: fresh(visit),
        others: sessions.iter().any(|one| !one.this),
        factors: items(&factors, "factors").iter().map(|one| factor(one, visit.language)).collect(),
        sessions,
        done,
        faults,
        frame,
    };
    Ok(Shown::Page { status, html: page.render().unwrap_or_default(), cookies: Vec::new() })
}

/// A factor, as the API tells it.
pub(crate) fn factor(one: &Value, language: Language) -> Factor {
    let kind = text(one, "/kind");
    // Of these there is one each, and the label that it was given says no more than its kind.
    let single = ["password", "totp", "recovery"].contains(&kind);
    Factor {
        id: text(one, "/factor").to_owned(),
        kind: format!("factor-{kind}"),
        label: if single { String::new() } else { text(one, "/label").to_owned() },
        made: moment_of(one, "/made", language),
    }
}

/// A session, as the API tells it.
pub(crate) fn session(one: &Value, this: &str, language: Language) -> Session {
    let id = text(one, "/session");
    Session {
        id: id.to_owned(),
        began: moment_of(one, "/began", language),
        last_used: moment_of(one, "/last_used", language),
        device: text(one, "/device").to_owned(),
        address: text(one, "/address").to_owned(),
        agent: text(one, "/agent").to_owned(),
        factors: items(one, "factors")
            .iter()
            .filter_map(Value::as_str)
            .map(|kind| format!("factor-{kind}"))
            .collect(),
        this: id == this,
    }
}

fn fresh(visit: &Visit) -> bool {
    visit.person.as_ref().is_some_and(|person| person.fresh)
}

/// Whether the person may mend it on the same page.
pub(crate) fn mendable(refused: &Refused) -> bool {
    let class = refused.0.first().map(|problem| problem.code().class);
    let fresh = refused.is(crate::fault::FRESH_NEEDED);
    let kinds = [
        Class::Refused,
        Class::Invalid,
        Class::Unprocessable,
        Class::Conflict,
        Class::Absent,
        Class::Unauthenticated,
    ];
    !fresh && class.is_some_and(|class| kinds.contains(&class))
}

fn on(desk: &dyn Desk, done: &str) -> Shown {
    Shown::on(format!("{}?done={done}", crate::frame::address(desk.facility(), &["me"])))
}

#[derive(Template)]
#[template(path = "me/password.html")]
struct Password<'a> {
    frame: Frame<'a>,
    account: &'a str,
    fresh: bool,
    faults: Vec<Told>,
}

/// `GET` and `POST /f/{facility}/console/me/password`
async fn password(visit: &Visit, desk: &dyn Desk) -> Result<Shown, Refused> {
    let mut faults = Vec::new();
    if visit.sends {
        let form = &visit.form;
        if form.raw("new") == form.raw("again") {
            let body = json!({ "old": form.raw("old"), "new": form.raw("new") });
            match desk.call(Ask::post("factors/password", body)).await {
                Ok(_) => return Ok(on(desk, "password")),
                Err(refused) if mendable(&refused) => faults = told(&refused.0, visit.language),
                Err(refused) => return Err(refused),
            }
        } else {
            let text = crate::words::Words(visit.language).say("me-passwords-differ");
            faults.push(Told { code: PASSWORDS_DIFFER, text });
        }
    }
    let status = if faults.is_empty() { 200 } else { 422 };
    let account = visit.person.as_ref().map_or("", |person| person.account.as_str());
    let page = Password { frame: Frame::of(visit, desk), account, fresh: fresh(visit), faults };
    Ok(Shown::Page { status, html: page.render().unwrap_or_default(), cookies: Vec::new() })
}

#[derive(Template)]
#[template(path = "me/totp.html")]
struct Totp<'a> {
    frame: Frame<'a>,
    /// The picture as an address of its own; none when a code was mistyped: the app has read it by then.
    picture: String,
    secret: String,
    handle: String,
    faults: Vec<Told>,
}

/// `POST /f/{facility}/console/me/totp`: a new secret, shown this once.
async fn totp(visit: &Visit, desk: &dyn Desk) -> Result<Shown, Refused> {
    let begun = desk.call(Ask::post("factors/totp", json!({}))).await?.json();
    let page = Totp {
        frame: Frame::of(visit, desk),
        picture: picture(text(&begun, "/qr")),
        secret: text(&begun, "/secret").to_owned(),
        handle: text(&begun, "/handle").to_owned(),
        faults: Vec::new(),
    };
    Ok(Shown::page(page.render().unwrap_or_default()))
}

/// A picture as an address; empty where there is none.
fn picture(svg: &str) -> String {
    if svg.is_empty() { String::new() } else { format!("data:image/svg+xml,{}", encoded(svg)) }
}

/// `POST /f/{facility}/console/me/totp/confirm`
async fn confirm_totp(visit: &Visit, desk: &dyn Desk) -> Result<Shown, Refused> {
    let form = &visit.form;
    let code: String = form.get("code").chars().filter(|one| !one.is_whitespace()).collect();
    let body = json!({ "handle": form.get("handle"), "code": code });
    match desk.call(Ask::post("factors/totp/confirm", body)).await {
        Ok(_) => Ok(on(desk, "totp")),
        Err(refused) if mendable(&refused) => {
            let page = Totp {
                frame: Frame::of(visit, desk),
                picture: String::new(),
                secret: form.get("secret").to_owned(),
                handle: form.get("handle").to_owned(),
                faults: told(&refused.0, visit.language),
            };
            Ok(Shown::Page { status: 422, html: page.render().unwrap_or_default(), cookies: Vec::new() })
        }
        Err(refused) => Err(refused),
    }
}

#[derive(Template)]
#[template(path = "me/recovery.html")]
struct Recovery<'a> {
    frame: Frame<'a>,
    codes: Vec<String>,
}

/// `POST /f/{facility}/console/me/recovery`: ten new codes, shown this once.
async fn recovery(visit: &Visit, desk: &dyn Desk) -> Result<Shown, Refused> {
    let made = desk.call(Ask::post("factors/recovery", json!({}))).await?.json();
    let codes = items(&made, "recovery_codes").iter().filter_map(Value::as_str);
    let page = Recovery { frame: Frame::of(visit, desk), codes: codes.map(str::to_owned).collect() };
    Ok(Shown::page(page.render().unwrap_or_default()))
}

/// `POST /f/{facility}/console/me/factors/remove`
async fn remove(visit: &Visit, desk: &dyn Desk) -> Result<Shown, Refused> {
    let path = format!("factors/{}", encoded(visit.form.get("factor")));
    match desk.call(Ask::delete(path)).await {
        Ok(_) => Ok(on(desk, "removed")),
        Err(refused) if mendable(&refused) => me(visit, desk, told(&refused.0, visit.language)).await,
        Err(refused) => Err(refused),
    }
}

/// `POST /f/{facility}/console/me/sessions/end`: the one that is named, or all but this.
async fn end(visit: &Visit, desk: &dyn Desk) -> Result<Shown, Refused> {
    let named = visit.form.get("session");
    let mut over = Vec::new();
    if named.is_empty() {
        let sessions = desk.call(Ask::get("sessions")).await?.json();
        let this = text(&sessions, "/this");
        let all = items(&sessions, "sessions").iter().map(|one| text(one, "/session"));
        over.extend(all.filter(|id| *id != this).map(str::to_owned));
    } else {
        over.push(named.to_owned());
    }
    for id in over {
        match desk.call(Ask::delete(format!("sessions/{}", encoded(&id)))).await {
            Ok(_) => {}
            Err(refused) if mendable(&refused) => {
                return me(visit, desk, told(&refused.0, visit.language)).await;
            }
            Err(refused) => return Err(refused),
        }
    }
    Ok(on(desk, "ended"))
}
