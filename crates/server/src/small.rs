//! A listener for one small service that is no facility: a few short requests, each answered whole. Connections, bytes and
//! times are bounded; over TLS where a certificate is given.

use crate::codes;
use crate::configuration::TlsVersions;
use crate::server_certificate::ServerCertificate;
use crate::tls;
use base::Problem;
use http::{HeaderValue, Request, Response, StatusCode, header};
use http_body_util::{BodyExt as _, Full, LengthLimitError, Limited};
use hyper::body::{Bytes, Incoming};
use hyper::server::conn::http1;
use hyper::service::service_fn;
use hyper_util::rt::{TokioIo, TokioTimer};
use std::convert::Infallible;
use std::fmt;
use std::net::SocketAddr;
use std::pin::pin;
use std::sync::Arc;
use std::time::Duration;
use tokio::io::{AsyncRead, AsyncWrite};
use tokio::net::{TcpListener, TcpStream};
use tokio::task::{JoinSet, spawn_blocking};
use tokio::time::{sleep, timeout};
use tokio_rustls::TlsAcceptor;

/// Most connections at a time; further ones wait unaccepted.
const CONNECTIONS_MAX: usize = 64;
/// Time for the TLS handshake.
const HANDSHAKE: Duration = Duration::from_secs(10);
/// Time for the header section of a request, and between two requests of a connection.
const HEADER: Duration = Duration::from_secs(10);
/// Time for a whole connection with all its requests.
const CONNECTION: Duration = Duration::from_mins(1);
/// Pause after the system could not hand over a connection.
const ACCEPT_PAUSE: Duration = Duration::from_millis(100);

/// A request of such a service.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct SmallRequest {
    /// The method.
    pub method: String,
    /// The path, without the query.
    pub path: String,
    /// The body, within the bound.
    pub body: Vec<u8>,
}

/// An answer.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct SmallReply {
    /// The status.
    pub status: u16,
    /// The media type.
    pub media: &'static str,
    /// The body.
    pub body: Vec<u8>,
}

/// Who answers. It may block.
pub type Answering = Arc<dyn Fn(&SmallRequest) -> SmallReply + Send + Sync>;

/// A listener that does not serve yet.
pub struct SmallListener {
    listener: TcpListener,
    address: SocketAddr,
    tls: Option<TlsAcceptor>,
    body_bytes_max: usize,
    answering: Answering,
}

impl fmt::Debug for SmallListener {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.debug_struct("SmallListener").field("address", &self.address).finish_non_exhaustive()
    }
}

impl SmallListener {
    /// Takes the address, over TLS 1.3 with this certificate, or openly without one. A longer body than
    /// `body_bytes_max` is answered with 413.
    ///
    /// # Errors
    /// SV-0023 when the address is taken; or TLS does not begin.
    pub async fn bind(
        address: SocketAddr,
        certificate: Option<&ServerCertificate>,
        body_bytes_max: usize,
        answering: Answering,
    ) -> Result<Self, Problem> {
        let tls = certificate.map(acceptor).transpose()?;
        let taken = |error: std::io::Error| {
            Problem::new(&codes::LISTEN_FAILED).with("address", address).log(error.to_string())
        };
        let listener = TcpListener::bind(address).await.map_err(taken)?;
        let address = listener.local_addr().map_err(taken)?;
        Ok(Self { listener, address, tls, body_bytes_max, answering })
    }

    /// The address that was taken.
    pub fn local_addr(&self) -> SocketAddr {
        self.address
    }

    /// Serves until `stop` is ready; connections that stand then are cut off.
    pub async fn run(self, stop: impl Future<Output = ()>) {
        let mut stop = pin!(stop);
        let mut serving = JoinSet::new();
        let Self { listener, tls, body_bytes_max, answering, .. } = self;
        loop {
            let room = serving.len() < CONNECTIONS_MAX;
            tokio::select! {
                biased;
                () = &mut stop => return,
                Some(_) = serving.join_next() => {}
                accepted = listener.accept(), if room => match accepted {
                    Ok((stream, _)) => {
                        let (tls, answering) = (tls.clone(), Arc::clone(&answering));
                        drop(serving.spawn(enter(stream, tls, body_bytes_max, answering)));
                    }
                    Err(error) => {
                        tracing::warn!(%error, "a connection was not handed over");
                        sleep(ACCEPT_PAUSE).await;
                    }
                },
            }
        }
    }
}

fn acceptor(certificate: &ServerCertificate) -> Result<TlsAcceptor, Problem> {
    let mut settings = (*tls::settings(certificate, None, TlsVersions::Tls13)?).clone();
    settings.alpn_protocols = vec![b"http/1.1".to_vec()];
    Ok(TlsAcceptor::from(Arc::new(settings)))
}

async fn enter(stream: TcpStream, tls: Option<TlsAcceptor>, body_bytes_max: usize, answering: Answering) {
    let Some(tls) = tls else { return serve(stream, body_bytes_max, answering).await };
    if let Ok(Ok(stream)) = timeout(HANDSHAKE, tls.accept(stream)).await {
        serve(stream, body_bytes_max, answering).await;
    } else {
        tracing::debug!("a TLS handshake failed");
    }
}

async fn serve<S: AsyncRead + AsyncWrite + Unpin>(stream: S, body_bytes_max: usize, answering: Answering) {
    let service = service_fn(move |request| {
        let answering = Arc::clone(&answering);
        async move { Ok::<_, Infallible>(answer(request, body_bytes_max, answering).await) }
    });
    let connection = http1::Builder::new()
        .timer(TokioTimer::new())
        .header_read_timeout(HEADER)
        .serve_connection(TokioIo::new(stream), service);
    let ended = timeout(CONNECTION, connection).await;
    tracing::trace!(in_order = matches!(ended, Ok(Ok(()))), "a connection ended");
}

async fn answer(
    request: Request<Incoming>,
    body_bytes_max: usize,
    answering: Answering,
) -> Response<Full<Bytes>> {
    let (head, body) = request.into_parts();
    let body = match Limited::new(body, body_bytes_max).collect().await {
        Ok(body) => body.to_bytes().to_vec(),
        Err(error) if error.is::<LengthLimitError>() => return empty(StatusCode::PAYLOAD_TOO_LARGE),
        Err(_) => return empty(StatusCode::BAD_REQUEST),
    };
    let asked =
        SmallRequest { method: head.method.as_str().to_owned(), path: head.uri.path().to_owned(), body };
    match spawn_blocking(move || answering(&asked)).await {
        Ok(reply) => respond(reply),
        Err(error) => {
            tracing::error!(panicked = error.is_panic(), "a request ended in a fault");
            empty(StatusCode::INTERNAL_SERVER_ERROR)
        }
    }
}

fn respond(reply: SmallReply) -> Response<Full<Bytes>> {
    let mut response = Response::new(Full::from(reply.body));
    *response.status_mut() = StatusCode::from_u16(reply.status).unwrap_or(StatusCode::INTERNAL_SERVER_ERROR);
    response.headers_mut().insert(header::CONTENT_TYPE, HeaderValue::from_static(reply.media));
    response
}

/// An answer to what never reached the service; the connection ends with it.
fn empty(status: StatusCode) -> Response<Full<Bytes>> {
    let mut response = Response::new(Full::default());
    *response.status_mut() = status;
    response.headers_mut().insert(header::CONNECTION, HeaderValue::from_static("close"));
    response
}
