//! The HTTP gateway that sends SMS: one POST with a JSON body from a template, and 2xx means that it was taken.

use super::Phone;
use crate::factor::codes::{GATEWAY_FAILED, GATEWAY_WRONG};
use base::{Problem, Secret};
use std::fmt;
use std::net::IpAddr;
use std::sync::Arc;
use std::time::Duration;
use ureq::http::{HeaderName, HeaderValue, Uri};
use ureq::tls::{RootCerts, TlsConfig, TlsProvider};
use ureq::{Agent, Error};

/// How long a gateway may take in all, in seconds.
const GATEWAY_SECONDS_MAX: u64 = 10;

/// What the operator says about the gateway. Without it codes by SMS are off ([`super::why_off`]).
#[derive(Clone)]
pub struct Settings {
    /// Where to: https, or http on this machine.
    pub url: String,
    /// Names and values of headers, such as `Authorization`.
    pub headers: Vec<(String, Secret<String>)>,
    /// The body: JSON in which `{to}` and `{text}` stand within strings.
    pub body: String,
}

/// A gateway whose settings were checked.
pub struct Gateway {
    agent: Agent,
    url: Uri,
    headers: Vec<(HeaderName, HeaderValue)>,
    body: Vec<Part>,
}

/// A piece of the body's template.
#[derive(Debug, PartialEq, Eq)]
enum Part {
    Plain(String),
    To,
    Text,
}

impl Gateway {
    /// Checks the settings. Nothing is sent.
    ///
    /// # Errors
    /// `ID-0212` with what is wrong.
    pub fn new(settings: &Settings) -> Result<Self, Problem> {
        let url = checked_url(&settings.url)?;
        let headers =
            settings.headers.iter().map(|(name, value)| header(name, value)).collect::<Result<_, _>>()?;
        let body = parts(&settings.body);
        if !(body.contains(&Part::To) && body.contains(&Part::Text)) {
            return Err(wrong("the body lacks `{to}` or `{text}`"));
        }
        if serde_json::from_str::<serde_json::Value>(&filled(&body, "+81", "1\"2")).is_err() {
            return Err(wrong("the body is not JSON with `{to}` and `{text}` within strings"));
        }
        Ok(Self { agent: agent(), url, headers, body })
    }

    /// Hands a text to the gateway and waits for its answer, 10 seconds at most: call it where waiting is allowed.
    ///
    /// # Errors
    /// `ID-0213` when the gateway cannot be reached, is too slow, or answers anything but 2xx. Redirects are not
    /// followed: they would carry the number and the code to an address that nobody configured.
    pub fn send(&self, to: &Phone, text: &Secret<String>) -> Result<(), Problem> {
        let body = Secret::new(filled(&self.body, to.reveal(), text.reveal()));
        match self.answered(&body) {
            Ok(status) if (200..300).contains(&status) => Ok(()),
            Ok(status) => Err(Problem::new(&GATEWAY_FAILED).log(format!("the gateway answered {status}"))),
            Err(error) => Err(Problem::new(&GATEWAY_FAILED).log(said(&error))),
        }
    }

    fn answered(&self, body: &Secret<String>) -> Result<u16, Error> {
        let mut request = self.agent.post(&self.url).header("content-type", "application/json");
        for (name, value) in &self.headers {
            request = request.header(name, value);
        }
        Ok(request.send(body.reveal())?.status().as_u16())
    }
}

impl fmt::Debug for Gateway {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        write!(f, "Gateway {{ host: {:?} }}", self.url.host().unwrap_or_default())
    }
}

impl fmt::Debug for Settings {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        // The address may hold a key in its query.
        f.write_str("Settings { .. }")
    }
}

fn agent() -> Agent {
    let tls = TlsConfig::builder()
        .provider(TlsProvider::Rustls)
        .root_certs(RootCerts::PlatformVerifier)
        .unversioned_rustls_crypto_provider(Arc::new(rustls::crypto::aws_lc_rs::default_provider()))
        .build();
    let config = Agent::config_builder()
        .tls_config(tls)
        .timeout_global(Some(Duration::from_secs(GATEWAY_SECONDS_MAX)))
        .max_redirects(0)
        .max_redirects_will_error(false)
        .http_status_as_error(false)
        // The environment is not asked: what the server does stands in its configuration.
        .proxy(None);
    config.build().into()
}

/// The address: https, or http to this machine, without a name and password in it.
fn checked_url(text: &str) -> Result<Uri, Problem> {
    let url: Uri = text.parse().map_err(|_| wrong("the address is malformed"))?;
    let host = url.host().unwrap_or_default().trim_matches(['[', ']']);
    let here = host == "localhost" || host.parse().is_ok_and(|address: IpAddr| address.is_loopback());
    let with_name = url.authority().is_some_and(|authority| authority.as_str().contains('@'));
    match url.scheme_str() {
        _ if host.is_empty() || with_name => Err(wrong("the address has no host, or a name and password")),
        Some("https") => Ok(url),
        Some("http") if here => Ok(url),
        _ => Err(wrong("the address must begin with https://")),
    }
}

fn header(name: &str, value: &Secret<String>) -> Result<(HeaderName, HeaderValue), Problem> {
    let name = HeaderName::try_from(name).map_err(|_| wrong("the name of a header is malformed"))?;
    let mut value =
        HeaderValue::try_from(value.reveal()).map_err(|_| wrong("the value of a header is malformed"))?;
    value.set_sensitive(true);
    Ok((name, value))
}

/// Cuts the template at its places, so that a text with `{to}` in it cannot become one.
fn parts(template: &str) -> Vec<Part> {
    let mut parts = Vec::new();
    let mut rest = template;
    while let Some((plain, part, after)) = next_place(rest) {
        parts.push(Part::Plain(plain.to_owned()));
        parts.push(part);
        rest = after;
    }
    parts.push(Part::Plain(rest.to_owned()));
    parts
}

fn next_place(text: &str) -> Option<(&str, Part, &str)> {
    let to = text.split_once("{to}").map(|(plain, after)| (plain, Part::To, after));
    let other = text.split_once("{text}").map(|(plain, after)| (plain, Part::Text, after));
    to.into_iter().chain(other).min_by_key(|(plain, ..)| plain.len())
}

fn filled(parts: &[Part], to: &str, text: &str) -> String {
    let piece = |part: &Part| match part {
        Part::Plain(plain) => plain.clone(),
        Part::To => escaped(to),
        Part::Text => escaped(text),
    };
    parts.iter().map(piece).collect()
}

/// The text as it stands within a JSON string, without the quotes.
fn escaped(text: &str) -> String {
    let quoted = serde_json::Value::from(text).to_string();
    quoted.strip_prefix('"').and_then(|rest| rest.strip_suffix('"')).unwrap_or_default().to_owned()
}

fn wrong(fault: &'static str) -> Problem {
    Problem::new(&GATEWAY_WRONG).with("fault", fault).log(fault)
}

/// What the log may know of a failure; the error's own text can hold the address.
fn said(error: &Error) -> &'static str {
    // What TLS says arrives as an error of the stream.
    let by_tls = |inner: &(dyn std::error::Error + Send + Sync + 'static)| inner.is::<rustls::Error>();
    match error {
        Error::Io(stream) if stream.get_ref().is_some_and(by_tls) => {
            "the gateway's certificate is not trusted, or TLS failed"
        }
        Error::Timeout(_) => "the gateway took too long",
        Error::HostNotFound => "the gateway's name is not known",
        Error::Tls(_) | Error::Rustls(_) => "the gateway's certificate is not trusted, or TLS failed",
        Error::Io(_) | Error::ConnectionFailed => "the connection to the gateway failed",
        _ => "the gateway could not be asked",
    }
}

#[cfg(test)]
mod tests;
