//! What the server shows and asks in the handshake, and what it answers to whoever shows no certificate: tried by a client
//! that believes any certificate, since it only looks at it.

use super::{DAY_MICROSECONDS, Sight};
use guideline::{Fact, Text, Value};
use identity::Approach;
use rustls::client::danger::{HandshakeSignatureValid, ServerCertVerified, ServerCertVerifier};
use rustls::crypto::{CryptoProvider, aws_lc_rs, verify_tls12_signature, verify_tls13_signature};
use rustls::pki_types::{CertificateDer, ServerName, UnixTime};
use rustls::sign::CertifiedKey;
use rustls::{ClientConfig, ClientConnection, DigitallySignedStruct, SignatureScheme, StreamOwned};
use std::io::{Read, Write};
use std::net::{IpAddr, Ipv4Addr, SocketAddr, TcpStream};
use std::sync::Arc;
use std::sync::atomic::{AtomicBool, Ordering};
use std::time::Duration;
use x509_parser::certificate::X509Certificate;
use x509_parser::prelude::FromDer;

/// Time for each step of the handshake and of the request.
const PATIENCE: Duration = Duration::from_secs(5);
/// Most of an answer that is read, in bytes.
const ANSWER_BYTES_MAX: u64 = 16 * 1024;

/// What came of a connection without a client certificate.
struct Seen {
    /// The server's own certificate.
    certificate: Vec<u8>,
    /// Whether it asked for one of ours.
    asked: bool,
    /// What it answered to a request for a record; none when it did not.
    answer: Option<String>,
}

pub(super) async fn look(sight: &Sight<'_>) -> Vec<Fact> {
    let Some(serving) = sight.serving else { return vec![asked_within(sight)] };
    let (address, facility) = (serving.reachable(), sight.opened.identity.facility().to_string());
    let connected = tokio::task::spawn_blocking(move || connect(address, &facility)).await;
    let Some(seen) = connected.ok().flatten() else { return Vec::new() };
    let mut facts = certificate(sight, &seen.certificate).unwrap_or_default();
    let how = ("証明書なしで接続し、記録を要求", "connected and asked for a record without a certificate");
    facts.extend(mode(&seen).map(|mode| fact(sight, mode, how)));
    facts
}

fn fact(sight: &Sight<'_>, mode: &str, how: impl Into<Text>) -> Fact {
    sight.fact("runtime.tls.client_certificates", Value::Text(mode.to_owned()), how)
}

/// Where no server runs, the door itself is asked to let somebody in without a certificate.
fn asked_within(sight: &Sight<'_>) -> Fact {
    let here = IpAddr::V4(Ipv4Addr::LOCALHOST);
    let nothing = |_: &str| Vec::new();
    let approach = Approach { address: here, socket: here, chain: &[], header: &nothing, unattended: false };
    let mode = if sight.opened.identity.admit(&approach).is_err() { "required" } else { "none" };
    fact(
        sight,
        mode,
        ("証明書のない利用者として認証処理に問い合わせ", "asked the door as somebody without a certificate"),
    )
}

/// Required is what keeps whoever shows none from the records, whether the handshake asked or a load balancer does.
fn mode(seen: &Seen) -> Option<&'static str> {
    let refused = format!("\"code\":\"{}\"", identity::codes::CERTIFICATE_NEEDED.id);
    let needed = seen.answer.as_ref()?.contains(&refused);
    Some(match (needed, seen.asked) {
        (true, _) => "required",
        (false, true) => "requested",
        (false, false) => "none",
    })
}

/// Until when the certificate is good, and whether the server stands in for itself by it.
fn certificate(sight: &Sight<'_>, der: &[u8]) -> Option<Vec<Fact>> {
    let (_, certificate) = X509Certificate::from_der(der).ok()?;
    let ends = certificate.validity().not_after.timestamp().checked_mul(1_000_000)?;
    let left = ends.checked_sub(sight.now.microseconds())?.div_euclid(DAY_MICROSECONDS);
    let own = certificate.issuer() == certificate.subject() || made_here(sight, &certificate);
    let how = ("接続時に示された証明書を確認", "from the handshake");
    Some(vec![
        sight.fact("runtime.tls.certificate_days_left", Value::Count(left), how),
        sight.yes_no("runtime.tls.certificate_self_signed", own, how),
    ])
}

/// Whether it was made by the development authority whose key lies beside the server: that says no more than a
/// certificate which signs itself.
fn made_here(sight: &Sight<'_>, certificate: &X509Certificate<'_>) -> bool {
    let authority = std::fs::read(sight.data.join("tls/ca.pem")).ok();
    let authority =
        authority.and_then(|text| x509_parser::pem::parse_x509_pem(&text).ok().map(|(_, pem)| pem));
    let same = authority.is_some_and(|pem| {
        pem.parse_x509().is_ok_and(|authority| authority.subject() == certificate.issuer())
    });
    same && sight.data.join("tls/ca.key").exists()
}

fn connect(address: SocketAddr, facility: &str) -> Option<Seen> {
    let provider = Arc::new(aws_lc_rs::default_provider());
    let (looking, ours) = (Arc::new(Looking(Arc::clone(&provider))), Arc::new(NoneOfOurs::default()));
    let settings = ClientConfig::builder_with_provider(provider)
        .with_safe_default_protocol_versions()
        .ok()?
        .dangerous()
        .with_custom_certificate_verifier(looking)
        .with_client_cert_resolver(Arc::<NoneOfOurs>::clone(&ours));
    let name = ServerName::IpAddress(address.ip().into());
    let client = ClientConnection::new(Arc::new(settings), name).ok()?;
    let socket = TcpStream::connect_timeout(&address, PATIENCE).ok()?;
    socket.set_read_timeout(Some(PATIENCE)).ok()?;
    socket.set_write_timeout(Some(PATIENCE)).ok()?;
    let mut stream = StreamOwned::new(client, socket);
    let answer = ask(&mut stream, &request(address, facility));
    let certificate = stream.conn.peer_certificates()?.first()?.to_vec();
    Some(Seen { certificate, asked: ours.asked.load(Ordering::SeqCst), answer })
}

/// A record that there is not: who may not come in learns nothing of that.
fn request(address: SocketAddr, facility: &str) -> String {
    format!(
        "GET /f/{facility}/fhir/Patient/akashi-probe HTTP/1.1\r\nHost: {address}\r\nAccept: application/fhir+json\r\nConnection: close\r\n\r\n"
    )
}

/// The answer as far as it is short; none when it is none.
fn ask(stream: &mut StreamOwned<ClientConnection, TcpStream>, request: &str) -> Option<String> {
    stream.write_all(request.as_bytes()).ok()?;
    stream.flush().ok()?;
    let mut answer = Vec::new();
    // Where the other end does not say that it closes, what came before counts all the same.
    let ended = stream.take(ANSWER_BYTES_MAX).read_to_end(&mut answer);
    tracing::debug!(good = ended.is_ok(), "the probe was answered");
    let text = String::from_utf8_lossy(&answer).into_owned();
    text.starts_with("HTTP/1.1 ").then_some(text)
}

/// Believes any certificate, but no signature that is not by its key.
#[derive(Debug)]
struct Looking(Arc<CryptoProvider>);

impl ServerCertVerifier for Looking {
    fn verify_server_cert(
        &self,
        _: &CertificateDer<'_>,
        _: &[CertificateDer<'_>],
        _: &ServerName<'_>,
        _: &[u8],
        _: UnixTime,
    ) -> Result<ServerCertVerified, rustls::Error> {
        Ok(ServerCertVerified::assertion())
    }

    fn verify_tls12_signature(
        &self,
        message: &[u8],
        certificate: &CertificateDer<'_>,
        signed: &DigitallySignedStruct,
    ) -> Result<HandshakeSignatureValid, rustls::Error> {
        verify_tls12_signature(message, certificate, signed, &self.0.signature_verification_algorithms)
    }

    fn verify_tls13_signature(
        &self,
        message: &[u8],
        certificate: &CertificateDer<'_>,
        signed: &DigitallySignedStruct,
    ) -> Result<HandshakeSignatureValid, rustls::Error> {
        verify_tls13_signature(message, certificate, signed, &self.0.signature_verification_algorithms)
    }

    fn supported_verify_schemes(&self) -> Vec<SignatureScheme> {
        self.0.signature_verification_algorithms.supported_schemes()
    }
}

/// Notes that a certificate was asked for, and shows none.
#[derive(Debug, Default)]
struct NoneOfOurs {
    asked: AtomicBool,
}

impl rustls::client::ResolvesClientCert for NoneOfOurs {
    fn resolve(&self, _: &[&[u8]], _: &[SignatureScheme]) -> Option<Arc<CertifiedKey>> {
        self.asked.store(true, Ordering::SeqCst);
        None
    }

    fn has_certs(&self) -> bool {
        true
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_certificate_is_required_when_nothing_is_shown_without_one() {
        let told = |asked, answer: Option<&str>| {
            let answer = answer.map(|code| format!("HTTP/1.1 403 Forbidden\r\n\r\n{{\"code\":\"{code}\"}}"));
            mode(&Seen { certificate: Vec::new(), asked, answer })
        };
        let (needed, login) = (Some("ID-0004"), Some("ID-0001"));
        assert_eq!(told(true, needed), Some("required"));
        assert_eq!(told(false, needed), Some("required"), "a load balancer asks in its place");
        assert_eq!(told(true, login), Some("requested"));
        assert_eq!(told(false, login), Some("none"));
        assert_eq!(told(true, None), None, "no answer says nothing");
    }
}
