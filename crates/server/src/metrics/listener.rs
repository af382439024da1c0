//! The listener for the figures: plain HTTP on an address of its own, `GET /metrics` and nothing else.

use super::Metrics;
use crate::codes;
use base::Problem;
use http::{HeaderValue, Method, Request, Response, StatusCode, header};
use http_body_util::Full;
use hyper::body::{Bytes, Incoming};
use hyper::server::conn::http1;
use hyper::service::service_fn;
use hyper_util::rt::{TokioIo, TokioTimer};
use std::convert::Infallible;
use std::net::SocketAddr;
use std::pin::pin;
use std::time::Duration;
use tokio::net::{TcpListener, TcpStream};
use tokio::task::JoinSet;
use tokio::time::{sleep, timeout};

/// Most who may ask at a time; further ones wait unaccepted.
const ASKING_MAX: usize = 16;
/// Time for the header section of a request.
const HEADER: Duration = Duration::from_secs(5);
/// Time for a whole connection, which is for one request.
const CONNECTION: Duration = Duration::from_secs(10);
/// Pause after the system could not hand over a connection.
const ACCEPT_PAUSE: Duration = Duration::from_millis(100);

const OPENMETRICS: HeaderValue =
    HeaderValue::from_static("application/openmetrics-text; version=1.0.0; charset=utf-8");

/// A listener for the figures that does not serve yet.
#[derive(Debug)]
pub struct MetricsListener {
    listener: TcpListener,
    address: SocketAddr,
    metrics: Metrics,
}

impl MetricsListener {
    /// Takes the address. Whether an address beyond this machine may be taken is for the caller to say: whoever reaches
    /// it reads the figures.
    ///
    /// # Errors
    /// SV-0023 when the address is taken.
    pub async fn bind(address: SocketAddr, metrics: Metrics) -> Result<Self, Problem> {
        let taken = |error: std::io::Error| {
            Problem::new(&codes::LISTEN_FAILED).with("address", address).log(error.to_string())
        };
        let listener = TcpListener::bind(address).await.map_err(taken)?;
        let address = listener.local_addr().map_err(taken)?;
        Ok(Self { listener, address, metrics })
    }

    /// The address that was taken.
    pub fn local_addr(&self) -> SocketAddr {
        self.address
    }

    /// Serves until `stop` is ready.
    pub async fn run(self, stop: impl Future<Output = ()>) {
        let mut stop = pin!(stop);
        let mut asking = JoinSet::new();
        loop {
            let room = asking.len() < ASKING_MAX;
            tokio::select! {
                biased;
                () = &mut stop => return,
                Some(_) = asking.join_next() => {}
                accepted = self.listener.accept(), if room => match accepted {
                    Ok((stream, _)) => drop(asking.spawn(serve(stream, self.metrics.clone()))),
                    Err(error) => {
                        tracing::warn!(%error, "a connection for the figures was not handed over");
                        sleep(ACCEPT_PAUSE).await;
                    }
                },
            }
        }
    }
}

async fn serve(stream: TcpStream, metrics: Metrics) {
    let service = service_fn(move |request| {
        let reply = answer(&request, &metrics);
        async { Ok::<_, Infallible>(reply) }
    });
    let connection = http1::Builder::new()
        .timer(TokioTimer::new())
        .header_read_timeout(HEADER)
        .keep_alive(false)
        .serve_connection(TokioIo::new(stream), service);
    let ended = timeout(CONNECTION, connection).await;
    tracing::trace!(in_order = matches!(ended, Ok(Ok(()))), "a connection for the figures ended");
}

fn answer(request: &Request<Incoming>, metrics: &Metrics) -> Response<Full<Bytes>> {
    if request.uri().path() != "/metrics" {
        return empty(StatusCode::NOT_FOUND);
    }
    if request.method() != Method::GET {
        let mut reply = empty(StatusCode::METHOD_NOT_ALLOWED);
        reply.headers_mut().insert(header::ALLOW, HeaderValue::from_static("GET"));
        return reply;
    }
    match metrics.text() {
        Ok(text) => {
            let mut reply = Response::new(Full::from(text));
            reply.headers_mut().insert(header::CONTENT_TYPE, OPENMETRICS);
            reply
        }
        Err(error) => {
            tracing::error!(%error, "the figures could not be told");
            empty(StatusCode::INTERNAL_SERVER_ERROR)
        }
    }
}

fn empty(status: StatusCode) -> Response<Full<Bytes>> {
    let mut reply = Response::new(Full::default());
    *reply.status_mut() = status;
    reply
}
