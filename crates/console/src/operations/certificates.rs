//! Authorities that the facility trusts, and client certificates: issued, taken in from elsewhere, and revoked, first of all
//! when a device is lost.

use super::{command, done, fresh, mended, on, shown, tabs};
use crate::codes::PAGE_UNKNOWN;
use crate::desk::{Desk, May, Refused};
use crate::fault::Told;
use crate::form::Fields;
use crate::frame::{Frame, Way};
use crate::reading::{flag, items, moment_of, text};
use crate::shown::Shown;
use crate::visit::Visit;
use askama::Template;
use base::{Language, Problem};
use serde_json::{Map, Value, json};

/// Why a certificate is revoked, in the words of the command.
const REASONS: [&str; 6] = ["lost", "stolen", "left", "replaced", "unused", "unspecified"];

struct Authority {
    id: String,
    name: String,
    own: bool,
    stands_for: String,
    /// Key of the text of how it tells what is revoked.
    revocation: String,
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
#[expect(clippy::struct_excessive_bools, reason = "what a template asks is answered by yes or no")]
struct Page<'a> {
    frame: Frame<'a>,
    tabs: Vec<Way>,
    authorities: Vec<Authority>,
    certificates: Vec<Certificate>,
    reasons: &'static [&'static str],
    /// What was typed.
    form: &'a Fields,
    /// For whom a certificate shall be issued, where a page leads here to do it.
    wanted: &'a str,
    own: bool,
    revokes: bool,
    runs: bool,
    fresh: bool,
    done: String,
    faults: Vec<Told>,
}

impl Page<'_> {
    /// What was typed in a form of this page, when it was refused.
    fn typed(&self, act: &str, name: &str) -> &str {
        if self.form.get("act") == act { self.form.get(name) } else { "" }
    }

    /// Whether this form was refused.
    fn refused(&self, act: &str) -> bool {
        self.form.get("act") == act
    }
}

/// `GET` and `POST /f/{facility}/console/operations/certificates`
pub(super) async fn page(visit: &Visit, desk: &dyn Desk) -> Result<Shown, Refused> {
    let mut faults = Vec::new();
    if visit.sends {
        let act = visit.form.get("act");
        let (name, body) = wish(&visit.form).ok_or_else(|| Problem::new(&PAGE_UNKNOWN))?;
        match command(desk, name, body).await {
            Ok(told) if act == "issue" => return Ok(issued(visit, desk, &told)),
            Ok(told) if act == "crl" => return Ok(list(desk, &told)),
            Ok(_) => return Ok(on(desk, &["operations", "certificates"], &format!("certificate-{act}"))),
            Err(refused) => faults = mended(visit, refused)?,
        }
    }
    let told = command(desk, "certificate-list", json!({})).await?;
    let frame = Frame::of(visit, desk);
    let faulty = !faults.is_empty();
    let authorities: Vec<Authority> = items(&told, "authorities").iter().map(authority).collect();
    let page = Page {
        tabs: tabs(visit, desk),
        own: authorities.iter().any(|one| one.own),
        authorities,
        certificates: items(&told, "certificates")
            .iter()
            .map(|one| certificate(one, visit.language))
            .collect(),
        reasons: &REASONS,
        form: &visit.form,
        wanted: visit.query.get("account"),
        revokes: desk.may(May::Command("certificate-revoke")),
        runs: desk.may(May::Command("certificate-issue")),
        fresh: fresh(visit),
        done: done(visit, &frame),
        faults,
        frame,
    };
    Ok(shown(page.render().unwrap_or_default(), faulty))
}

/// The command that a form asks for; none where there is no such form.
fn wish(form: &Fields) -> Option<(&'static str, Value)> {
    let filled = |names: &[(&str, &str)]| {
        let mut body = Map::new();
        for (field, member) in names.iter().filter(|(field, _)| !form.get(field).is_empty()) {
            body.insert((*member).to_owned(), json!(form.get(field)));
        }
        body
    };
    // What is no number is left to the API to refuse.
    let number =
        |name: &str| form.get(name).parse::<u32>().map_or_else(|_| json!(form.get(name)), |one| json!(one));
    let mut given;
    let name = match form.get("act") {
        "revoke" => {
            given = filled(&[("certificate", "certificate")]);
            given.insert("reason".to_owned(), json!(form.get("reason")));
            "certificate-revoke"
        }
        "issue" => {
            given = filled(&[("account", "account"), ("request", "request")]);
            if !form.get("days").is_empty() {
                given.insert("days".to_owned(), number("days"));
            }
            given.insert("for_old_devices".to_owned(), json!(form.has("compatible")));
            "certificate-issue"
        }
        "ca" => {
            given = filled(&[("name", "name")]);
            if !form.get("years").is_empty() {
                given.insert("years".to_owned(), number("years"));
            }
            "certificate-ca"
        }
        "trust" => {
            given = filled(&[
                ("name", "name"),
                ("certificates", "certificates"),
                ("list", "list"),
                ("account", "account"),
            ]);
            given.insert("without_list".to_owned(), json!(form.has("without")));
            "certificate-trust"
        }
        "list" => {
            given = filled(&[("list", "list")]);
            "certificate-trust"
        }
        "distrust" => {
            given = filled(&[("authority", "authority")]);
            "certificate-distrust"
        }
        "admit" => {
            given = filled(&[("account", "account"), ("certificate", "certificate")]);
            "certificate-admit"
        }
        "crl" => {
            given = Map::new();
            "certificate-crl"
        }
        _ => return None,
    };
    Some((name, Value::Object(given)))
}

#[derive(Template)]
#[template(path = "operations/certificate-issued.html")]
struct Issued<'a> {
    frame: Frame<'a>,
    account: String,
    until: String,
    /// The file for the device, in base64; empty where the key was made elsewhere.
    file: String,
    passphrase: String,
    /// Where the device fetches the file; empty where the server's own address is not known.
    link: String,
    /// The certificate, for whoever made the key.
    certificate: String,
}

/// What is shown once: the file with the key, and what opens it.
fn issued(visit: &Visit, desk: &dyn Desk, told: &Value) -> Shown {
    let page = Issued {
        frame: Frame::of(visit, desk),
        account: text(told, "/account").to_owned(),
        until: moment_of(told, "/not_after", visit.language),
        file: text(told, "/pkcs12").to_owned(),
        passphrase: text(told, "/passphrase").to_owned(),
        link: text(told, "/link").to_owned(),
        certificate: text(told, "/certificate").to_owned(),
    };
    Shown::page(page.render().unwrap_or_default())
}

/// The revocation list as a file.
fn list(desk: &dyn Desk, told: &Value) -> Shown {
    Shown::File {
        name: format!("{}-crl.pem", desk.facility()),
        media: "application/x-pem-file".to_owned(),
        bytes: text(told, "/list").as_bytes().to_vec(),
    }
}

fn authority(one: &Value) -> Authority {
    Authority {
        id: text(one, "/authority").to_owned(),
        revocation: format!("authority-revocation-{}", text(one, "/revocation")),
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
