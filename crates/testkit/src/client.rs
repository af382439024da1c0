//! A small FHIR client: HTTP/1.1 over TLS, one connection that is kept and opened again when the server has closed it.
//! It shows a certificate, keeps cookies and says by which alert a handshake ended, where a test asks for it.

use crate::authority::Shown;
use crate::reply::Reply;
use http::{Method, Request, Response, header};
use http_body_util::BodyExt;
use hyper::body::{Body, Bytes, Frame, Incoming, SizeHint};
use hyper::client::conn::http1::{self, SendRequest};
use hyper_util::rt::TokioIo;
use rustls_pki_types::pem::PemObject;
use rustls_pki_types::{CertificateDer, ServerName};
use std::collections::BTreeMap;
use std::convert::Infallible;
use std::error::Error;
use std::fmt;
use std::net::SocketAddr;
use std::pin::Pin;
use std::sync::{Arc, Mutex};
use std::task::{Context, Poll};
use std::time::Duration;
use tokio::io::{AsyncReadExt, AsyncWriteExt};
use tokio::net::TcpStream;
use tokio::runtime::{Builder, Runtime};
use tokio::time::{sleep, timeout};
use tokio_rustls::TlsConnector;
use tokio_rustls::client::TlsStream;

/// How long a client waits for what must come at once.
pub(crate) const PATIENCE: Duration = Duration::from_secs(20);
/// How often it is looked whether a connection was closed.
const LOOK: Duration = Duration::from_millis(5);

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

/// What a client is, beside where it goes.
#[derive(Clone, Debug, Default)]
struct Manner {
    /// The certificate that it shows.
    shown: Option<Shown>,
    /// Further CAs that it trusts, in PEM.
    trusted: String,
    /// What it sends before the handshake, as a proxy does.
    prefix: Vec<u8>,
    /// Whether it keeps cookies and sends them back.
    keeps_cookies: bool,
}

/// How the newest connection of a client was made.
#[derive(Clone, Debug)]
pub struct Met {
    /// The server's certificate, in DER.
    pub certificate: Vec<u8>,
    /// Whether an earlier TLS session was resumed.
    pub resumed: bool,
}

/// A request that was not answered: the connection broke, or the handshake failed. Its text names the TLS alert.
#[derive(Debug)]
pub struct Broken(String);

impl fmt::Display for Broken {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str(&self.0)
    }
}

impl Broken {
    /// With all that stands behind the error.
    fn of(error: &(dyn Error + 'static)) -> Self {
        let mut text = error.to_string();
        let mut cause = error.source();
        while let Some(error) = cause {
            text = format!("{text}: {error}");
            cause = error.source();
        }
        Self(text)
    }
}

/// A client of one facility.
#[derive(Debug)]
pub struct Client {
    target: Target,
    manner: Manner,
    tls: Arc<rustls::ClientConfig>,
    runtime: Runtime,
    kept: Mutex<Option<SendRequest<Pieces>>>,
    met: Mutex<Option<Met>>,
    cookies: Mutex<BTreeMap<String, String>>,
}

impl Client {
    /// Makes a client; the connection comes with the first request.
    pub fn new(target: Target) -> Self {
        Self::of(target, Manner::default())
    }

    fn of(target: Target, manner: Manner) -> Self {
        let tls = settings(&target.ca, &manner);
        let runtime = Builder::new_current_thread().enable_all().build().unwrap();
        let (kept, met, cookies) = (Mutex::default(), Mutex::default(), Mutex::default());
        Self { target, manner, tls, runtime, kept, met, cookies }
    }

    /// A second client of the same kind, for another thread.
    #[must_use]
    pub fn again(&self) -> Self {
        Self::of(self.target.clone(), self.manner.clone())
    }

    /// A client of the same kind that shows this certificate.
    #[must_use]
    pub fn showing(&self, shown: &Shown) -> Self {
        Self::of(self.target.clone(), Manner { shown: Some(shown.clone()), ..self.manner.clone() })
    }

    /// A client of the same kind with this bearer token.
    #[must_use]
    pub fn bearing(&self, token: &str) -> Self {
        Self::of(Target { token: Some(token.to_owned()), ..self.target.clone() }, self.manner.clone())
    }

    /// A client of the same kind without a token.
    #[must_use]
    pub fn without_token(&self) -> Self {
        Self::of(Target { token: None, ..self.target.clone() }, self.manner.clone())
    }

    /// A client of the same kind that keeps cookies, as a browser does, and has no token.
    #[must_use]
    pub fn browser(&self) -> Self {
        let target = Target { token: None, ..self.target.clone() };
        Self::of(target, Manner { keeps_cookies: true, ..self.manner.clone() })
    }

    /// A client of the same kind for another facility.
    #[must_use]
    pub fn at(&self, facility: &str) -> Self {
        Self::of(Target { facility: facility.to_owned(), ..self.target.clone() }, self.manner.clone())
    }

    /// A client of the same kind that trusts this CA too (PEM).
    #[must_use]
    pub fn trusting(&self, ca: &str) -> Self {
        let trusted = format!("{}{ca}", self.manner.trusted);
        Self::of(self.target.clone(), Manner { trusted, ..self.manner.clone() })
    }

    /// A client of the same kind whose connections begin with these bytes, before TLS.
    #[must_use]
    pub fn behind(&self, prefix: &[u8]) -> Self {
        Self::of(self.target.clone(), Manner { prefix: prefix.to_vec(), ..self.manner.clone() })
    }

    /// Drops the connection: the next request opens another one.
    pub fn hang_up(&self) {
        drop(self.kept.lock().unwrap().take());
    }

    /// How the newest connection was made; none before the first.
    pub fn met(&self) -> Option<Met> {
        self.met.lock().unwrap().clone()
    }

    /// The value of a cookie that the server has set.
    pub fn cookie(&self, name: &str) -> Option<String> {
        self.cookies.lock().unwrap().get(name).cloned()
    }

    /// The host as the server hears it: name or address, and port.
    pub fn host(&self) -> String {
        self.target.address.to_string()
    }

    /// Whether the server closes the connection that is kept, within this time and without being asked anything.
    pub fn is_closed_within(&self, patience: Duration) -> bool {
        let kept = self.kept.lock().unwrap().take();
        let Some(sender) = kept else { return true };
        let closed = async {
            while !sender.is_closed() {
                sleep(LOOK).await;
            }
        };
        let closed = self.runtime.block_on(async { timeout(patience, closed).await.is_ok() });
        *self.kept.lock().unwrap() = Some(sender);
        closed
    }

    /// Connects and asks nothing: by what error the server ends the handshake. It names the TLS alert.
    pub fn refused_handshake(&self) -> String {
        self.runtime.block_on(async {
            let mut stream = match self.connect().await {
                Ok(stream) => stream,
                Err(broken) => return broken.to_string(),
            };
            // In TLS 1.3 the client is done before the server has looked at its certificate.
            match timeout(PATIENCE, stream.read(&mut [0; 1])).await {
                Ok(Ok(0)) => "closed without an alert".to_owned(),
                Ok(Ok(_)) => panic!("the server speaks first"),
                Ok(Err(error)) => error.to_string(),
                Err(late) => panic!("the server takes the handshake: {late}"),
            }
        })
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
            None if path.is_empty() || path.starts_with('?') => {
                format!("/f/{}/fhir{path}", self.target.facility)
            }
            None => format!("/f/{}/fhir/{path}", self.target.facility),
        };
        Ask { client: self, method, path, fields: Vec::new(), body: Vec::new(), announced: None }
    }

    /// Begins a request beside the FHIR API of the facility: `session`, `admin/policy-show`.
    pub fn call(&self, method: Method, path: &str) -> Ask<'_> {
        self.ask(method, &format!("/f/{}/{path}", self.target.facility))
    }

    /// The facility.
    pub fn facility(&self) -> &str {
        &self.target.facility
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

    fn send(&self, request: &dyn Fn() -> Request<Pieces>) -> Result<Reply, Broken> {
        self.runtime.block_on(async {
            let kept = self.kept.lock().unwrap().take().filter(|sender| !sender.is_closed());
            let mut sender = match kept {
                Some(sender) => sender,
                None => self.open().await?,
            };
            let response = match sender.send_request(request()).await {
                Ok(response) => response,
                // The server may have closed a kept connection at this very moment; it has not taken the request then.
                Err(error) if error.is_canceled() => {
                    sender = self.open().await?;
                    sender.send_request(request()).await.map_err(|error| Broken::of(&error))?
                }
                Err(error) => return Err(Broken::of(&error)),
            };
            let (head, body) = response.into_parts();
            let body = body.collect().await.map_err(|error| Broken::of(&error))?.to_bytes().to_vec();
            *self.kept.lock().unwrap() = Some(sender);
            self.keep_cookies(&head.headers);
            Ok(Reply { head, body })
        })
    }

    /// Sends a request on a connection of its own and does not care for the body of the answer.
    async fn send_once(&self, request: Request<Pieces>) -> Result<(), Broken> {
        let mut sender = self.open().await?;
        sender.send_request(request).await.map(drop).map_err(|error| Broken::of(&error))
    }

    async fn open(&self) -> Result<SendRequest<Pieces>, Broken> {
        let stream = self.connect().await?;
        let session = stream.get_ref().1;
        let certificate = session.peer_certificates().and_then(<[_]>::first).unwrap().to_vec();
        let resumed = session.handshake_kind() == Some(rustls::HandshakeKind::Resumed);
        *self.met.lock().unwrap() = Some(Met { certificate, resumed });
        let opened = http1::handshake(TokioIo::new(stream)).await;
        let (sender, connection) = opened.map_err(|error| Broken::of(&error))?;
        tokio::spawn(connection);
        Ok(sender)
    }

    async fn connect(&self) -> Result<TlsStream<TcpStream>, Broken> {
        let mut socket = TcpStream::connect(self.target.address).await.map_err(|error| Broken::of(&error))?;
        socket.set_nodelay(true).map_err(|error| Broken::of(&error))?;
        socket.write_all(&self.manner.prefix).await.map_err(|error| Broken::of(&error))?;
        let name = ServerName::try_from("localhost").unwrap();
        let connected = TlsConnector::from(Arc::clone(&self.tls)).connect(name, socket).await;
        connected.map_err(|error| Broken::of(&error))
    }

    fn keep_cookies(&self, headers: &http::HeaderMap) {
        if !self.manner.keeps_cookies {
            return;
        }
        let mut cookies = self.cookies.lock().unwrap();
        for field in headers.get_all(header::SET_COOKIE) {
            let field = field.to_str().unwrap();
            let (name, value) = field.split(';').next().and_then(|pair| pair.split_once('=')).unwrap();
            if field.contains("Max-Age=0;") {
                cookies.remove(name);
            } else {
                cookies.insert(name.to_owned(), value.to_owned());
            }
        }
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

    /// Sends plain JSON.
    #[must_use]
    pub fn json(self, body: &serde_json::Value) -> Self {
        self.body("application/json", body.to_string())
    }

    /// Says that a page of this very host sends it, as browsers do.
    #[must_use]
    pub fn sent_by_own_page(self) -> Self {
        let origin = format!("https://{}", self.client.host());
        self.field("sec-fetch-site", "same-origin").field("origin", &origin)
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
    pub fn try_send(&self) -> Result<Reply, Broken> {
        self.client.send(&|| self.request())
    }

    /// Sends it and leaves after this time: the connection is cut, whether or not the answer has come by then.
    pub fn send_and_leave(&self, after: Duration) {
        let leaver = self.client.again();
        let leave = async { timeout(after, leaver.send_once(self.request())).await };
        // Whatever came of it, nobody hears it: with the client's runtime its connection ends.
        drop(leaver.runtime.block_on(leave));
    }

    /// Sends it on a connection of its own, and hands over what is answered as it comes.
    pub(crate) fn begin(&self) -> (Runtime, Response<Incoming>) {
        let asker = self.client.again();
        let request = self.request();
        let answer = asker.runtime.block_on(async {
            let mut sender = asker.open().await.unwrap();
            timeout(PATIENCE, sender.send_request(request)).await.unwrap().unwrap()
        });
        (asker.runtime, answer)
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
        let cookies = self.client.cookies.lock().unwrap();
        if !cookies.is_empty() {
            let pairs: Vec<String> = cookies.iter().map(|(name, value)| format!("{name}={value}")).collect();
            request = request.header(header::COOKIE, pairs.join("; "));
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

fn settings(ca: &str, manner: &Manner) -> Arc<rustls::ClientConfig> {
    let mut roots = rustls::RootCertStore::empty();
    for trusted in [ca, &manner.trusted] {
        for root in CertificateDer::pem_slice_iter(trusted.as_bytes()) {
            roots.add(root.unwrap()).unwrap();
        }
    }
    let provider = Arc::new(rustls::crypto::aws_lc_rs::default_provider());
    let builder = rustls::ClientConfig::builder_with_provider(provider);
    let builder = builder.with_safe_default_protocol_versions().unwrap().with_root_certificates(roots);
    Arc::new(match manner.shown.as_ref().map(Shown::identity) {
        Some((chain, key)) => builder.with_client_auth_cert(chain, key).unwrap(),
        None => builder.with_no_client_auth(),
    })
}
