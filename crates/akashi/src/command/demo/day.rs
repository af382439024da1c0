//! The first day of the demo: its staff work on records over HTTPS, as any client does, each under an account of their own;
//! then the journal is verified as `akashi verify` does it. An interrupted day goes on where it stopped.

use super::FACILITY;
use super::accounts::{Accounts, TABLET};
use super::deeds::{Act, DEEDS, Deed};
use crate::command::verify;
use crate::directory::{Directory, Opened};
use crate::terminal::Terminal;
use base::{FacilityId, Problem};
use serde_json::{Value, json};
use std::collections::BTreeMap;
use std::sync::Arc;
use std::time::Duration;
use store::{Actor, ActorKind, Batch, Note, disk};
use ureq::http::{Method, Request};
use ureq::tls::{Certificate, ClientCert, PrivateKey, RootCerts, TlsConfig, TlsProvider};
use ureq::{Agent, Error};

/// The note beside the journal that says that the day is over: no later start does anything.
const OVER: &str = "demo/day";

/// Time for one answer.
const PATIENCE: Duration = Duration::from_secs(30);
/// Most of an answer that is read, in bytes.
const ANSWER_BYTES_MAX: u64 = 1024 * 1024;

/// Why the day could not be worked: what was asked, and what came of it, in English and in Japanese. Nothing of a record.
pub(super) struct Cut {
    asked: String,
    en: String,
    ja: String,
}

/// The first day of a facility that is served.
pub(super) struct Day<'a> {
    pub(super) terminal: &'a Terminal,
    pub(super) directory: &'a Directory,
    pub(super) facility: &'a FacilityId,
    pub(super) accounts: &'a Accounts,
    /// The address of the server, without a slash at the end.
    pub(super) origin: &'a str,
}

/// Whether the staff have worked.
pub(super) fn is_over(opened: &Opened) -> Result<bool, Problem> {
    let notes = opened.store.inspect(|inside| inside.notes(OVER))?;
    Ok(notes.iter().any(|(name, _)| name == OVER))
}

impl Day<'_> {
    /// Does what was not done yet. What does not work is told, and tried again at the next start.
    pub(super) async fn work(&self, opened: &Opened) -> Result<(), Problem> {
        self.terminal
            .note(self.terminal.choose("the staff work on records …", "職員が診療の記録を書いています…"));
        if let Err(Cut { asked, en, ja }) = self.deeds().await {
            self.terminal.warn(
                &format!("the staff of the demo could not do their work: {asked}: {en}"),
                &format!("デモの職員が記録の操作を終えられませんでした。{asked}：{ja}"),
            );
            return Ok(());
        }
        self.verify().await?;
        if let Err(Cut { asked, en, ja }) = self.inspected().await {
            self.terminal.warn(
                &format!(
                    "the staff of the demo could not bring forward what the guidelines ask: {asked}: {en}"
                ),
                &format!("デモの職員がガイドラインの求めるものを登録し終えられませんでした。{asked}：{ja}"),
            );
            return Ok(());
        }
        let note = Note { name: OVER.to_owned(), text: Some("over".to_owned()) };
        let by = Actor::new(ActorKind::System, "demo");
        opened.store.append_identities(Batch { notes: vec![note], ..Batch::new(by, Vec::new()) }).await?;
        Ok(())
    }

    /// The server goes on answering while the journal is gone through.
    async fn verify(&self) -> Result<(), Problem> {
        self.terminal
            .note(self.terminal.choose("verifying the journal …", "ジャーナル全体を検証しています…"));
        let (path, facility) = (self.directory.path().to_owned(), self.facility.clone());
        let language = self.terminal.language();
        let verified = tokio::task::spawn_blocking(move || {
            verify::journal(&Directory::at(&path), &facility, None, language)
        });
        let gone = |error: tokio::task::JoinError| {
            Problem::new(&store::codes::BUSY).log(format!("verification: {error}"))
        };
        let verify::Verification { report, kept } = verified.await.map_err(gone)?;
        verify::warn_unless_kept(self.terminal, kept);
        report.map(|_| ())
    }

    /// Once the journal is verified, the facility is inspected, and does what that brings.
    async fn inspected(&self) -> Result<(), Cut> {
        self.terminal.note(self.terminal.choose(
            "assessing the guidelines, and bringing forward what they ask …",
            "ガイドラインへの適合を判定し、求められる文書や回答を登録しています…",
        ));
        let mut staff = Staff { day: self, agent: self.agent()?, tokens: BTreeMap::new() };
        staff.inspect().await?;
        staff.leave().await
    }

    async fn deeds(&self) -> Result<(), Cut> {
        let mut staff = Staff { day: self, agent: self.agent()?, tokens: BTreeMap::new() };
        let mut at: BTreeMap<&str, usize> = BTreeMap::new();
        for deed in DEEDS {
            if !at.contains_key(deed.record) {
                at.insert(deed.record, staff.versions(deed.record).await?);
            }
            // Each deed writes a version, so as many were done before.
            match at.get_mut(deed.record) {
                Some(done) if *done > 0 => *done = done.saturating_sub(1),
                _ => staff.perform(deed).await?,
            }
        }
        staff.leave().await
    }

    /// A client on the tablet, which trusts the demo's own certificate and no proxy of the environment.
    fn agent(&self) -> Result<Agent, Cut> {
        let unread = |what: String| Cut {
            asked: "TLS".to_owned(),
            en: format!("{what} cannot be used"),
            ja: format!("{what} を使えません"),
        };
        let read = |path: std::path::PathBuf| {
            disk::read_bytes(&path).map_err(|_| unread(path.display().to_string()))
        };
        let certificate = |pem: &[u8]| Certificate::from_pem(pem).map_err(|_| unread(TABLET.to_owned()));
        let root = certificate(&read(self.directory.path().join("tls/ca.pem"))?)?;
        let own = certificate(&read(self.accounts.tablet_file("pem"))?)?;
        let key = PrivateKey::from_pem(&read(self.accounts.tablet_file("key"))?)
            .map_err(|_| unread(TABLET.to_owned()))?;
        let tls = TlsConfig::builder()
            .provider(TlsProvider::Rustls)
            .root_certs(RootCerts::new_with_certs(&[root]))
            .client_cert(Some(ClientCert::new_with_certs(&[own], key)))
            .unversioned_rustls_crypto_provider(Arc::new(rustls::crypto::aws_lc_rs::default_provider()))
            .build();
        let config = Agent::config_builder()
            .tls_config(tls)
            .timeout_global(Some(PATIENCE))
            .max_redirects(0)
            .http_status_as_error(false)
            .proxy(None);
        Ok(config.build().into())
    }
}

/// The people who are logged in.
pub(super) struct Staff<'a> {
    day: &'a Day<'a>,
    agent: Agent,
    /// The token of each account.
    tokens: BTreeMap<&'static str, String>,
}

/// What is sent.
pub(super) struct Sent {
    method: Method,
    /// Below the facility.
    path: String,
    body: Option<(&'static str, String)>,
    /// `X-Provenance`.
    provenance: Option<String>,
}

impl Sent {
    fn new(method: Method, path: impl Into<String>) -> Self {
        Self { method, path: path.into(), body: None, provenance: None }
    }

    /// A command of those who run the facility.
    pub(super) fn command(name: &str, body: &Value) -> Self {
        let body = Some(("application/json", body.to_string()));
        Self { body, ..Self::new(Method::POST, format!("admin/{name}")) }
    }
}

const FHIR: &str = "application/fhir+json";

impl Staff<'_> {
    async fn perform(&mut self, deed: &Deed) -> Result<(), Cut> {
        let path = format!("fhir/{}", deed.record);
        let sent = match &deed.act {
            Act::Delete => Sent::new(Method::DELETE, path),
            Act::Write { content, responsible } => Sent {
                body: Some((FHIR, (*content).to_owned())),
                provenance: responsible.map(naming),
                ..Sent::new(Method::PUT, path)
            },
            Act::Settle { operation, reason, content } => Sent {
                body: parameters(*reason, *content).map(|body| (FHIR, body)),
                ..Sent::new(Method::POST, format!("{path}/${operation}"))
            },
        };
        self.expect(deed.by, sent).await.map(|_| ())
    }

    /// How many versions a record has.
    async fn versions(&mut self, record: &str) -> Result<usize, Cut> {
        let asked = format!("fhir/{record}/_history");
        let by = DEEDS.iter().find(|deed| deed.record == record).map_or("", |deed| deed.by);
        match self.ask(by, Sent::new(Method::GET, asked.clone())).await? {
            (404, _) => Ok(0),
            (200, answer) => Ok(answer.get("entry").and_then(Value::as_array).map_or(0, Vec::len)),
            (status, answer) => Err(refused(&asked, status, &answer)),
        }
    }

    pub(super) async fn expect(&mut self, by: &'static str, sent: Sent) -> Result<Value, Cut> {
        let asked = format!("{} {}", sent.method, sent.path);
        match self.ask(by, sent).await? {
            (200..=299, answer) => Ok(answer),
            (status, answer) => Err(refused(&asked, status, &answer)),
        }
    }

    /// In the name of an account, which logs in where it has not yet.
    async fn ask(&mut self, by: &'static str, sent: Sent) -> Result<(u16, Value), Cut> {
        let token = if let Some(token) = self.tokens.get(by) {
            token.clone()
        } else {
            let token = self.log_in(by).await?;
            self.tokens.insert(by, token.clone());
            token
        };
        self.send(sent, Some(token)).await
    }

    /// By the first code that was not used yet.
    async fn log_in(&self, account: &'static str) -> Result<String, Cut> {
        let asked = format!("POST session {account}");
        let secrets = self.day.accounts.of(account).map_err(|_| refused(&asked, 0, &Value::Null))?;
        let mut heard = refused(&asked, 0, &Value::Null);
        for code in secrets.codes() {
            let body = json!({
                "account": account,
                "password": secrets.password.reveal(),
                "totp": code.reveal(),
            });
            let body = Some(("application/json", body.to_string()));
            let sent = Sent { body, ..Sent::new(Method::POST, "session") };
            let (status, answer) = self.send(sent, None).await?;
            if let Some(token) = answer.get("token").and_then(Value::as_str) {
                return Ok(token.to_owned());
            }
            heard = refused(&asked, status, &answer);
        }
        Err(heard)
    }

    /// Everybody logs out.
    async fn leave(mut self) -> Result<(), Cut> {
        let accounts: Vec<&'static str> = self.tokens.keys().copied().collect();
        for account in accounts {
            self.expect(account, Sent::new(Method::DELETE, "session")).await?;
        }
        Ok(())
    }

    async fn send(&self, sent: Sent, token: Option<String>) -> Result<(u16, Value), Cut> {
        let asked = format!("{} {}", sent.method, sent.path);
        let mut request = Request::builder()
            .method(sent.method)
            .uri(format!("{}/f/{FACILITY}/{}", self.day.origin, sent.path))
            .header("accept", "application/fhir+json, application/json");
        if let Some(token) = token {
            request = request.header("authorization", format!("Bearer {token}"));
        }
        if let Some(provenance) = sent.provenance {
            request = request.header("x-provenance", provenance);
        }
        let (media, body) = sent.body.unwrap_or_default();
        if !media.is_empty() {
            request = request.header("content-type", media);
        }
        let away = |_| Cut {
            asked: asked.clone(),
            en: "the server did not answer".to_owned(),
            ja: "サーバーが応答しませんでした".to_owned(),
        };
        let request = request.body(body).map_err(|_| refused(&asked, 0, &Value::Null))?;
        let agent = self.agent.clone();
        let answered = tokio::task::spawn_blocking(move || answer(&agent, request)).await;
        answered.map_err(|_| refused(&asked, 0, &Value::Null))?.map_err(away)
    }
}

/// Asks and reads the answer; null where it is no JSON.
fn answer(agent: &Agent, request: Request<String>) -> Result<(u16, Value), Error> {
    let empty = request.body().is_empty();
    let mut reply = if empty { agent.run(request.map(|_| ()))? } else { agent.run(request)? };
    let body = reply.body_mut().with_config().limit(ANSWER_BYTES_MAX).read_to_vec()?;
    Ok((reply.status().as_u16(), serde_json::from_slice(&body).unwrap_or_default()))
}

/// `X-Provenance` that names the account which answers for what is entered.
fn naming(responsible: &str) -> String {
    let system = "http://terminology.hl7.org/CodeSystem/provenance-participant-type";
    json!({
        "resourceType": "Provenance",
        "agent": [{
            "type": { "coding": [{ "system": system, "code": "author" }] },
            "who": { "identifier": { "system": "urn:akashi:account", "value": responsible } },
        }],
    })
    .to_string()
}

/// What an operation is given; none where it needs nothing.
fn parameters(reason: Option<&str>, content: Option<&str>) -> Option<String> {
    let reason = reason.map(|text| json!({ "name": "reason", "valueString": text }));
    let content = content.and_then(|text| serde_json::from_str::<Value>(text).ok());
    let content = content.map(|resource| json!({ "name": "resource", "resource": resource }));
    let parameters: Vec<Value> = reason.into_iter().chain(content).collect();
    (!parameters.is_empty())
        .then(|| json!({ "resourceType": "Parameters", "parameter": parameters }).to_string())
}

/// What came instead: the status and the code, which say what it was without what was in it.
pub(super) fn refused(asked: &str, status: u16, answer: &Value) -> Cut {
    let code = ["/issue/0/details/coding/0/code", "/code"];
    let code = code.iter().find_map(|place| answer.pointer(place)).and_then(Value::as_str).unwrap_or("-");
    Cut {
        asked: asked.to_owned(),
        en: format!("answered with {status} {code}"),
        ja: format!("応答は {status} {code} でした"),
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::command::demo::accounts::ROLES;

    #[test]
    fn every_deed_is_by_somebody_of_the_demo_and_its_contents_are_fhir() {
        for deed in DEEDS {
            assert!(ROLES.iter().any(|role| role.account == deed.by), "{deed:?}");
            let content = match &deed.act {
                Act::Write { content, .. } => Some(*content),
                Act::Settle { content, .. } => *content,
                Act::Delete => None,
            };
            let Some(content) = content else { continue };
            let content: Value = serde_json::from_str(content).unwrap();
            let named = format!("{}/{}", content["resourceType"], content["id"]).replace('"', "");
            assert_eq!(named, deed.record);
        }
    }

    #[test]
    fn an_operation_without_anything_has_no_body() {
        assert_eq!(parameters(None, None), None);
        let both = parameters(Some("誤り"), Some(r#"{"resourceType":"Observation"}"#)).unwrap();
        let both: Value = serde_json::from_str(&both).unwrap();
        assert_eq!(both["parameter"][0]["valueString"], "誤り");
        assert_eq!(both["parameter"][1]["resource"]["resourceType"], "Observation");
    }
}
