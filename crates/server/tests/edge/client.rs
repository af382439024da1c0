//! Clients: whole requests over HTTP/1.1 or HTTP/2, and raw bytes over TLS.

use crate::site::{Site, TOKEN};
use http::{Method, Request, Response, StatusCode, header};
use http_body_util::{BodyExt, Full};
use hyper::body::{Bytes, Incoming};
use hyper::client::conn::{http1, http2};
use hyper_util::rt::{TokioExecutor, TokioIo};
use rustls::ClientConfig;
use rustls_pki_types::ServerName;
use std::sync::Arc;
use tokio::io::{AsyncReadExt, AsyncWriteExt};
use tokio::net::TcpStream;
use tokio_rustls::TlsConnector;
use tokio_rustls::client::TlsStream;

/// An answer with its whole body.
pub(crate) struct Reply {
    pub(crate) head: http::response::Parts,
    pub(crate) body: Vec<u8>,
}

impl Reply {
    pub(crate) fn status(&self) -> u16 {
        self.head.status.as_u16()
    }

    pub(crate) fn field(&self, name: &str) -> &str {
        self.head.headers.get(name).map_or("", |value| value.to_str().unwrap())
    }

    pub(crate) fn json(&self) -> serde_json::Value {
        serde_json::from_slice(&self.body).unwrap()
    }

    /// The code of the first issue of the OperationOutcome.
    pub(crate) fn code(&self) -> String {
        let issue = &self.json()["issue"][0]["details"];
        issue["coding"][0]["code"].as_str().unwrap().to_owned()
    }

    pub(crate) fn text(&self) -> String {
        self.json()["issue"][0]["details"]["text"].as_str().unwrap().to_owned()
    }
}

pub(crate) enum Client {
    One(http1::SendRequest<Full<Bytes>>, String),
    Two(http2::SendRequest<Full<Bytes>>, String),
}

impl Client {
    pub(crate) async fn http_1(site: &Site) -> Self {
        let stream = open(site, b"http/1.1").await;
        let (sender, connection) = http1::handshake(TokioIo::new(stream)).await.unwrap();
        tokio::spawn(connection);
        Self::One(sender, site.address.to_string())
    }

    pub(crate) async fn http_2(site: &Site) -> Self {
        let stream = open(site, b"h2").await;
        assert_eq!(stream.get_ref().1.alpn_protocol(), Some(&b"h2"[..]));
        let (sender, connection) =
            http2::handshake(TokioExecutor::new(), TokioIo::new(stream)).await.unwrap();
        tokio::spawn(connection);
        Self::Two(sender, site.address.to_string())
    }

    /// Sends a request with a valid token. Header fields follow as `name: value`.
    pub(crate) async fn ask(&mut self, method: Method, path: &str, fields: &[&str], body: &str) -> Reply {
        let token = format!("authorization: Bearer {TOKEN}");
        let mut all = vec![token.as_str()];
        all.extend(fields);
        self.ask_openly(method, path, &all, body).await
    }

    pub(crate) async fn read(&mut self, path: &str, fields: &[&str]) -> Reply {
        self.ask(Method::GET, path, fields, "").await
    }

    /// Sends a request with the fields given and no other.
    pub(crate) async fn ask_openly(
        &mut self,
        method: Method,
        path: &str,
        fields: &[&str],
        body: &str,
    ) -> Reply {
        let response = self.send(method, path, fields, body).await.unwrap();
        let (head, body) = response.into_parts();
        Reply { head, body: body.collect().await.unwrap().to_bytes().to_vec() }
    }

    pub(crate) async fn send(
        &mut self,
        method: Method,
        path: &str,
        fields: &[&str],
        body: &str,
    ) -> hyper::Result<Response<Incoming>> {
        let mut request = Request::builder().method(method);
        request = match self {
            Self::One(_, host) => request.uri(path).header(header::HOST, host.as_str()),
            Self::Two(_, host) => request.uri(format!("https://{host}{path}")),
        };
        for field in fields {
            let (name, value) = field.split_once(": ").unwrap();
            request = request.header(name, value);
        }
        let request = request.body(Full::from(body.to_owned())).unwrap();
        match self {
            Self::One(sender, _) => {
                sender.ready().await?;
                sender.send_request(request).await
            }
            Self::Two(sender, _) => {
                sender.ready().await?;
                sender.send_request(request).await
            }
        }
    }
}

/// Bytes over TLS.
pub(crate) struct Raw(pub(crate) TlsStream<TcpStream>);

impl Raw {
    pub(crate) async fn open(site: &Site, protocol: &[u8]) -> Self {
        Self(open(site, protocol).await)
    }

    pub(crate) async fn write(&mut self, bytes: &[u8]) {
        self.0.write_all(bytes).await.unwrap();
        self.0.flush().await.unwrap();
    }

    /// Everything up to the end of the connection, as text.
    pub(crate) async fn rest(mut self) -> String {
        let mut bytes = Vec::new();
        self.0.read_to_end(&mut bytes).await.unwrap();
        String::from_utf8(bytes).unwrap()
    }

    /// Writes a whole exchange and reads up to the end of the connection.
    pub(crate) async fn exchange(site: &Site, bytes: &[u8]) -> String {
        let mut raw = site.raw().await;
        raw.write(bytes).await;
        raw.rest().await
    }
}

/// The status of a raw answer.
pub(crate) fn status(answer: &str) -> Option<StatusCode> {
    let (version, rest) = answer.split_once(' ')?;
    matches!(version, "HTTP/1.1" | "HTTP/1.0").then(|| rest.get(..3)?.parse().ok())?
}

async fn open(site: &Site, protocol: &[u8]) -> TlsStream<TcpStream> {
    connect(site, &site.tls, protocol, b"").await.unwrap()
}

/// A connection with these settings of TLS, before which `prefix` is sent in the clear.
pub(crate) async fn connect(
    site: &Site,
    settings: &ClientConfig,
    protocol: &[u8],
    prefix: &[u8],
) -> std::io::Result<TlsStream<TcpStream>> {
    let mut socket = TcpStream::connect(site.address).await?;
    socket.write_all(prefix).await?;
    let mut settings = settings.clone();
    settings.alpn_protocols = vec![protocol.to_vec()];
    let name = ServerName::try_from("localhost").unwrap();
    TlsConnector::from(Arc::new(settings)).connect(name, socket).await
}
