//! Authorities that the facility trusts, and client certificates; a lost device's certificate is revoked here.

use super::{command, done, mended, on, shown, tabs};
use crate::desk::{Desk, May, Refused};
use crate::fault::Told;
use crate::frame::{Frame, Way};
use crate::reading::{flag, items, moment_of, text};
use crate::shown::Shown;
use crate::visit::Visit;
use askama::Template;
use base::Language;
use serde_json::{Value, json};

struct Authority {
    name: String,
    own: bool,
    stands_for: String,
}

struct Certificate {
    fingerprint: String,
    account: String,
    subject: String,
    until: String,
    /// Key of the text of the state, and how it is marked.
    state: (String, &'static str),
    because: String,
    revocable: bool,
}

#[derive(Template)]
#[template(path = "operations/certificates.html")]
struct Page<'a> {
    frame: Frame<'a>,
    tabs: Vec<Way>,
    authorities: Vec<Authority>,
    certificates: Vec<Certificate>,
    /// The certificate whose revocation was refused, and the reason that was typed.
    wanted: &'a str,
    reason: &'a str,
    revokes: bool,
    done: String,
    faults: Vec<Told>,
}

/// `GET` and `POST /f/{facility}/console/operations/certificates`
pub(super) async fn page(visit: &Visit, desk: &dyn Desk) -> Result<Shown, Refused> {
    let mut faults = Vec::new();
    let (wanted, reason) = (visit.form.get("certificate"), visit.form.get("reason"));
    if visit.sends {
        let body = json!({ "certificate": wanted, "reason": reason });
        match command(desk, "certificate-revoke", body).await {
            Ok(_) => return Ok(on(desk, &["operations", "certificates"], "revoked")),
            Err(refused) => faults = mended(visit, refused)?,
        }
    }
    let told = command(desk, "certificate-list", json!({})).await?;
    let frame = Frame::of(visit, desk);
    let faulty = !faults.is_empty();
    let page = Page {
        tabs: tabs(visit, desk),
        authorities: items(&told, "authorities").iter().map(authority).collect(),
        certificates: items(&told, "certificates")
            .iter()
            .map(|one| certificate(one, visit.language))
            .collect(),
        wanted,
        reason,
        revokes: desk.may(May::Command("certificate-revoke")),
        done: done(visit, &frame),
        faults,
        frame,
    };
    Ok(shown(page.render().unwrap_or_default(), faulty))
}

fn authority(one: &Value) -> Authority {
    Authority {
        name: text(one, "/name").to_owned(),
        own: flag(one, "own"),
        stands_for: text(one, "/stands_for").to_owned(),
    }
}

fn certificate(one: &Value, language: Language) -> Certificate {
    let state = text(one, "/state");
    let mark = match state {
        "good" => "good",
        "expired" => "wait",
        _ => "bad",
    };
    Certificate {
        fingerprint: text(one, "/fingerprint").to_owned(),
        account: text(one, "/account").to_owned(),
        subject: text(one, "/subject").to_owned(),
        until: moment_of(one, "/not_after", language),
        state: (format!("certificate-{state}"), mark),
        because: text(one, "/revoked_because").to_owned(),
        revocable: state != "revoked" && state != "expired",
    }
}
