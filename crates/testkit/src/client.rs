//! A small FHIR client: HTTP/1.1 over TLS, one connection that is kept and opened again when the server has closed it.

use crate::reply::Reply;
use http::{Method, Request, header};
use http_body_util::BodyExt;
use hyper::body::{Body, Bytes, Frame, SizeHint};
use hyper::client::conn::http1::{self, SendRequest};
use hyper_util::rt::TokioIo;
use rustls_pki_types::pem::PemObject;
use rustls_pki_types::{CertificateDer, ServerName};
use std::convert::Infallible;
use std::net::SocketAddr;
use std::pin::Pin;
use std::sync::{Arc, Mutex};
use std::task::{Context, Poll};
use tokio::net::TcpStream;
use tokio::runtime::{Builder, Runtime};
use tokio_rustls::TlsConnector;

/// Where a client goes and as whom.
#[derive(Clone, Debug)]
pub struct Target {
    /// The server's address.
    pub address: SocketAddr,
    /// The CA to trust, in PEM.
    pub ca: String,
    /// The bearer token; none for a stranger.
    pub token: Option<String>,
    /// The facility.
    pub facility: String,
}

/// A client of one facility.
#[derive(Debug)]
pub struct Client {
    target: Target,
    tls: Arc<rustls::ClientConfig>,
    runtime: Runtime,
    kept: Mutex<Option<SendRequest<Pieces>>>,
}

impl Client {
    /// Makes a client; the connection comes with the first request.
    pub fn new(target: Target) -> Self {
        let tls = trusting(&target.ca);
        let runtime = Builder::new_current_thread().enable_all().build().unwrap();
        Self { target, tls, runtime, kept: Mutex::new(None) }
    }

    /// A second client of the same kind, for another thread.
    #[must_use]
    pub fn again(&self) -> Self {
        Self::new(self.target.clone())
    }

    /// The address of the facility's FHIR API.
    pub fn base(&self) -> String {
        format!("https://{}/f/{}/fhir", self.target.address, self.target.facility)
    }

    /// Begins a request. The path is below the FHIR API (`Patient/42`; empty for the base), below the server when it begins with a
    /// slash, or a whole address of this server.
    pub fn ask(&self, method: Method, path: &str) -> Ask<'_> {
        let own = format!("https://{}/", self.target.address);
        let path = match path.strip_prefix(&own) {
            Some(rest) => format!("/{rest}"),
            None if path.starts_with('/') => path.to_owned(),
            None if path.is_empty() => format!("/f/{}/fhir", self.target.facility),
            None => format!("/f/{}/fhir/{path}", self.target.facility),
        };
        Ask { client: self, method, path, fields: Vec::new(), body: Vec::new(), announced: None }
    }

    /// `GET`
    pub fn get(&self, path: &str) -> Reply {
        self.ask(Method::GET, path).send()
    }

    /// `POST` of a resource.
    pub fn post(&self, path: &str, body: impl AsRef<[u8]>) -> Reply {
        self.ask(Method::POST, path).resource(body).send()
    }

    /// `PUT` of a resource.
    pub fn put(&self, path: &str, body: impl AsRef<[u8]>) -> Reply {
        self.ask(Method::PUT, path).resource(body).send()
    }

    /// `DELETE`
    pub fn delete(&self, path: &str) -> Reply {
        self.ask(Method::DELETE, path).send()
    }

    fn send(&self, request: &dyn Fn() -> Request<Pieces>) -> hyper::Result<Reply> {
        self.runtime.block_on(async {
            let kept = self.kept.lock().unwrap().take().filter(|sender| !sender.is_closed());
            let mut sender = match kept {
                Some(sender) => sender,
                None => self.open().await,
            };
            let response = match sender.send_request(request()).await {
                Ok(response) => response,
                // The server may have closed a kept connection at this very moment; it has not taken the request then.
                Err(error) if error.is_canceled() => {
                    sender = self.open().await;
                    sender.send_request(request()).await?
                }
                Err(error) => return Err(error),
            };
            let (head, body) = response.into_parts();
            let body = body.collect().await?.to_bytes().to_vec();
            *self.kept.lock().unwrap() = Some(sender);
            Ok(Reply { head, body })
        })
    }

    async fn open(&self) -> SendRequest<Pieces> {
        let socket = TcpStream::connect(self.target.address).await.unwrap();
        socket.set_nodelay(true).unwrap();
        let name = ServerName::try_from("localhost").unwrap();
        let stream = TlsConnector::from(Arc::clone(&self.tls)).connect(name, socket).await.unwrap();
        let (sender, connection) = http1::handshake(TokioIo::new(stream)).await.unwrap();
        tokio::spawn(connection);
        sender
    }
}

/// A request in the making.
#[derive(Debug)]
pub struct Ask<'a> {
    client: &'a Client,
    method: Method,
    path: String,
    fields: Vec<(String, String)>,
    body: Vec<u8>,
    announced: Option<usize>,
}

impl Ask<'_> {
    /// Adds a header field.
    #[must_use]
    pub fn field(mut self, name: &str, value: &str) -> Self {
        self.fields.push((name.to_owned(), value.to_owned()));
        self
    }

    /// Sends a FHIR resource.
    #[must_use]
    pub fn resource(self, body: impl AsRef<[u8]>) -> Self {
        self.body("application/fhir+json", body)
    }

    /// Sends a body of this type.
    #[must_use]
    pub fn body(mut self, kind: &str, body: impl AsRef<[u8]>) -> Self {
        self.body = body.as_ref().to_vec();
        self.field("content-type", kind)
    }

    /// Announces a body of this length, sends what there is of it, and then waits for the answer.
    #[must_use]
    pub fn announcing(mut self, bytes: usize) -> Self {
        self.announced = Some(bytes);
        self
    }

    /// Sends it and waits for the whole answer.
    pub fn send(&self) -> Reply {
        self.try_send().unwrap_or_else(|error| panic!("{} {}: {error:?}", self.method, self.path))
    }

    /// Sends it; the connection may break, for example because the server is killed.
    pub fn try_send(&self) -> hyper::Result<Reply> {
        self.client.send(&|| self.request())
    }

    fn request(&self) -> Request<Pieces> {
        let target = &self.client.target;
        let mut request = Request::builder()
            .method(self.method.clone())
            .uri(&self.path)
            .header(header::HOST, target.address.to_string());
        if let Some(token) = &target.token {
            request = request.header(header::AUTHORIZATION, format!("Bearer {token}"));
        }
        for (name, value) in &self.fields {
            request = request.header(name, value);
        }
        let left = self.announced.unwrap_or(self.body.len());
        request.body(Pieces { bytes: Bytes::from(self.body.clone()), left }).unwrap()
    }
}

/// A body sent piece by piece, so that an early refusal is heard between two pieces.
#[derive(Debug)]
struct Pieces {
    bytes: Bytes,
    /// Bytes that are still announced; more than there are when the client is going to stop half-way.
    left: usize,
}

/// Bytes sent at a time.
const PIECE_BYTES: usize = 64 * 1024;

impl Body for Pieces {
    type Data = Bytes;
    type Error = Infallible;

    fn poll_frame(
        mut self: Pin<&mut Self>,
        _: &mut Context<'_>,
    ) -> Poll<Option<Result<Frame<Bytes>, Infallible>>> {
        let length = self.bytes.len().min(PIECE_BYTES);
        let piece = self.bytes.split_to(length);
        self.left -= length;
        match (piece.is_empty(), self.left) {
            (false, _) => Poll::Ready(Some(Ok(Frame::data(piece)))),
            (true, 0) => Poll::Ready(None),
            // The rest never comes; the answer wakes the connection.
            (true, _) => Poll::Pending,
        }
    }

    fn is_end_stream(&self) -> bool {
        self.left == 0
    }

    fn size_hint(&self) -> SizeHint {
        SizeHint::with_exact(u64::try_from(self.left).unwrap())
    }
}

fn trusting(ca: &str) -> Arc<rustls::ClientConfig> {
    let mut roots = rustls::RootCertStore::empty();
    roots.add(CertificateDer::from_pem_slice(ca.as_bytes()).unwrap()).unwrap();
    let provider = Arc::new(rustls::crypto::aws_lc_rs::default_provider());
    let builder = rustls::ClientConfig::builder_with_provider(provider);
    let versions = builder.with_safe_default_protocol_versions().unwrap();
    Arc::new(versions.with_root_certificates(roots).with_no_client_auth())
}
