//! A plain FHIR client over HTTP/1.1 and TLS for drivers: a broken connection is an answer like any other, for the
//! server may have been killed.

use crate::tester;
use http::{Method, Request, header};
use http_body_util::{BodyExt, Full};
use hyper::body::Bytes;
use hyper::client::conn::http1::{self, SendRequest};
use hyper_util::rt::TokioIo;
use rustls_pki_types::pem::PemObject;
use rustls_pki_types::{CertificateDer, PrivateKeyDer, ServerName};
use std::fmt::Display;
use std::net::SocketAddr;
use std::path::{Path, PathBuf};
use std::sync::{Arc, Mutex, PoisonError};
use tokio::net::TcpStream;
use tokio_rustls::TlsConnector;

/// By what a client is let in.
#[derive(Clone, Debug)]
pub struct Entrance {
    /// File with a machine's key or the token of a session.
    pub bearer: PathBuf,
    /// Files with a client certificate and its key, in PEM.
    pub certificate: Option<(PathBuf, PathBuf)>,
}

impl Entrance {
    /// By the tester's key, as it lies in a data directory ([`crate::tester::KEY`]), without a certificate.
    pub fn of_tester(data: &Path) -> Self {
        Self { bearer: data.join(tester::KEY), certificate: None }
    }
}

/// Where clients go, and by what they are let in.
#[derive(Clone, Debug)]
pub struct Target {
    address: SocketAddr,
    facility: String,
    token: String,
    tls: Arc<rustls::ClientConfig>,
    answered: Option<Answered>,
}

/// The names (`X-Request-Id`) of all requests that were answered, kept by those who ask. Clones share them.
#[derive(Clone, Debug, Default)]
pub struct Answered(Arc<Mutex<Vec<String>>>);

impl Answered {
    /// All so far.
    pub fn names(&self) -> Vec<String> {
        self.0.lock().unwrap_or_else(PoisonError::into_inner).clone()
    }

    fn note(&self, name: &str) {
        self.0.lock().unwrap_or_else(PoisonError::into_inner).push(name.to_owned());
    }
}

impl Target {
    /// The server on `address` that serves this data directory, with the directory's CA.
    ///
    /// # Errors
    /// A text when one of the files cannot be read.
    pub fn new(data: &Path, address: SocketAddr, facility: &str, by: &Entrance) -> Result<Self, String> {
        let token = std::fs::read_to_string(&by.bearer);
        let token = token.map_err(|error| format!("{}: {error}", by.bearer.display()))?;
        let tls = Arc::new(tls(&data.join("tls/ca.pem"), by)?);
        let token = token.trim_end().to_owned();
        Ok(Self { address, facility: facility.to_owned(), token, tls, answered: None })
    }

    /// The same, keeping the name of every request that is answered.
    #[must_use]
    pub fn keeping(self, answered: &Answered) -> Self {
        Self { answered: Some(answered.clone()), ..self }
    }

    /// A client of its own connection, which is opened with the first request.
    pub fn client(&self) -> Client {
        Client { target: self.clone(), kept: None }
    }

    /// `https://ADDRESS/f/FACILITY`, below which FHIR API and log are.
    pub fn url(&self) -> String {
        format!("https://{}/f/{}", self.address, self.facility)
    }

    async fn open(&self) -> Result<SendRequest<Full<Bytes>>, String> {
        let socket = TcpStream::connect(self.address).await.map_err(text)?;
        socket.set_nodelay(true).map_err(text)?;
        let name = ServerName::try_from("localhost").map_err(text)?;
        let stream = TlsConnector::from(Arc::clone(&self.tls)).connect(name, socket).await.map_err(text)?;
        let (sender, connection) = http1::handshake(TokioIo::new(stream)).await.map_err(text)?;
        tokio::spawn(connection);
        Ok(sender)
    }
}

fn tls(ca: &Path, by: &Entrance) -> Result<rustls::ClientConfig, String> {
    let mut roots = rustls::RootCertStore::empty();
    roots.add(CertificateDer::from_pem_file(ca).map_err(text)?).map_err(text)?;
    let provider = Arc::new(rustls::crypto::aws_lc_rs::default_provider());
    let builder = rustls::ClientConfig::builder_with_provider(provider);
    let versions = builder.with_safe_default_protocol_versions().map_err(text)?;
    let trusting = versions.with_root_certificates(roots);
    let Some((certificate, key)) = &by.certificate else { return Ok(trusting.with_no_client_auth()) };
    let chain = CertificateDer::pem_file_iter(certificate).map_err(text)?;
    let chain = chain.collect::<Result<Vec<_>, _>>().map_err(text)?;
    let key = PrivateKeyDer::from_pem_file(key).map_err(text)?;
    trusting.with_client_auth_cert(chain, key).map_err(text)
}

/// One request.
#[derive(Clone, Debug)]
pub struct Ask {
    /// Its method.
    pub method: Method,
    /// Its path below the facility: `fhir/Patient/42`, `log/checkpoint`.
    pub path: String,
    /// The version that must be current (`If-Match`), if one must be.
    pub if_match: Option<u64>,
    /// Further header fields.
    pub fields: Vec<(String, String)>,
    /// The resource, if there is one.
    pub body: Option<String>,
    /// The token of somebody else than the target's own.
    pub bearer: Option<String>,
}

impl Ask {
    /// `GET`
    pub fn get(path: impl Into<String>) -> Self {
        let (path, fields) = (path.into(), Vec::new());
        Self { method: Method::GET, path, if_match: None, fields, body: None, bearer: None }
    }

    /// `POST` of a resource.
    pub fn post(path: impl Into<String>, body: String) -> Self {
        Self { method: Method::POST, body: Some(body), ..Self::get(path) }
    }
}

/// An answer with its whole body.
#[derive(Clone, Debug)]
pub struct Answer {
    /// Its status.
    pub status: u16,
    /// Its `Location`, empty when there is none.
    pub location: String,
    /// Its body.
    pub body: Vec<u8>,
}

/// A client with one connection.
#[derive(Debug)]
pub struct Client {
    target: Target,
    kept: Option<SendRequest<Full<Bytes>>>,
}

impl Client {
    /// Sends a request once and waits for the whole answer.
    ///
    /// # Errors
    /// A text when the connection cannot be made or breaks: then nobody knows whether the server took the request.
    pub async fn send(&mut self, ask: &Ask) -> Result<Answer, String> {
        let mut sender = match self.kept.take().filter(|sender| !sender.is_closed()) {
            Some(sender) => sender,
            None => self.target.open().await?,
        };
        sender.ready().await.map_err(text)?;
        let response = sender.send_request(self.request(ask)?).await.map_err(text)?;
        let (head, body) = response.into_parts();
        let body = body.collect().await.map_err(text)?.to_bytes().to_vec();
        if let Some(answered) = &self.target.answered {
            let name = head.headers.get("x-request-id").and_then(|value| value.to_str().ok());
            answered.note(name.unwrap_or_default());
        }
        self.kept = Some(sender);
        let location = head.headers.get(header::LOCATION).and_then(|value| value.to_str().ok());
        Ok(Answer { status: head.status.as_u16(), location: location.unwrap_or_default().to_owned(), body })
    }

    /// `GET`, a second time when the connection had been closed meanwhile.
    ///
    /// # Errors
    /// A text when the second time fails too.
    pub async fn get(&mut self, path: impl Into<String>) -> Result<Answer, String> {
        let ask = Ask::get(path);
        match self.send(&ask).await {
            Ok(answer) => Ok(answer),
            Err(_) => self.send(&ask).await,
        }
    }

    fn request(&self, ask: &Ask) -> Result<Request<Full<Bytes>>, String> {
        let Target { address, facility, token, .. } = &self.target;
        let token = ask.bearer.as_ref().unwrap_or(token);
        let mut request = Request::builder()
            .method(ask.method.clone())
            .uri(format!("/f/{facility}/{}", ask.path))
            .header(header::HOST, address.to_string())
            .header(header::AUTHORIZATION, format!("Bearer {token}"));
        if let Some(version) = ask.if_match {
            request = request.header(header::IF_MATCH, format!("W/\"{version}\""));
        }
        for (name, value) in &ask.fields {
            request = request.header(name, value);
        }
        if ask.body.is_some() && !ask.fields.iter().any(|(name, _)| name == header::CONTENT_TYPE.as_str()) {
            request = request.header(header::CONTENT_TYPE, "application/fhir+json");
        }
        request.body(Full::from(ask.body.clone().unwrap_or_default())).map_err(text)
    }
}

fn text(error: impl Display) -> String {
    error.to_string()
}
