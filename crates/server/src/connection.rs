//! One connection from handshake to end, each step under a deadline.
//!
//! ```text
//! accepted -> TLS handshake -> HTTP/2 or HTTP/1.1 -> wound down -> linger -> closed
//!                 |                 |                    |
//!              handshake      header, idle, stop      closing
//! ```
//!
//! A connection is wound down when the server stops, when it shows no sign of life, when its client takes an answer too
//! slowly, or when the client's certificate is not good any more: running requests are finished,
//! new ones are not taken. An HTTP/1.1 connection that we end lingers: what the client still sends is read and thrown
//! away for a moment, because closing with unread bytes would make its system discard our last answer.

use crate::answer::{self, Out, Reply, Style};
use crate::answering::Answering;
use crate::body::Arriving;
use crate::chatter::Metered;
use crate::configuration::Bounds;
use crate::door::Door;
use crate::edge::Edge;
use crate::framing::{Fault, Guard, Sizes};
use crate::handshake::{Entered, Entrance};
use crate::metrics::Handshake;
use crate::peer::{Peer, Standing};
use crate::pulse::{Beat, Measured, Pulse, Seen, Taken};
use crate::request_id::REQUEST_ID;
use crate::screened::Screened;
use crate::streaming::{Leaving, Streaming};
use crate::tls::HTTP_2;
use crate::{codes, language};
use base::{Clock, SystemClock};
use http::{HeaderMap, HeaderValue, Request, Response, header};
use hyper::body::Incoming;
use hyper::server::conn::{http1, http2};
use hyper::service::{Service, service_fn};
use hyper_util::rt::{TokioExecutor, TokioIo, TokioTimer};
use hyper_util::server::graceful::GracefulConnection;
use std::convert::Infallible;
use std::net::SocketAddr;
use std::pin::{Pin, pin};
use std::sync::Arc;
use std::time::Duration;
use tokio::io::{AsyncReadExt, AsyncWriteExt};
use tokio::net::TcpStream;
use tokio::sync::{mpsc, watch};
use tokio::time::{Instant, Interval, MissedTickBehavior, interval_at, timeout};
use tokio_rustls::server::TlsStream;

/// Most requests at a time on one HTTP/2 connection.
const STREAMS_MAX: u32 = 128;
/// Most streams reset by the client before they were looked at, on one HTTP/2 connection (the "rapid reset" attack).
const STREAMS_RESET_MAX: usize = 64;
/// Most streams that we reset because of the client's errors, on one HTTP/2 connection.
const STREAMS_ERRONEOUS_MAX: usize = 128;
/// What a client may send ahead on one HTTP/2 stream, in bytes.
const STREAM_WINDOW_BYTES: u32 = 256 * 1024;
/// What a client may send ahead on one HTTP/2 connection, in bytes.
const CONNECTION_WINDOW_BYTES: u32 = 1024 * 1024;
/// What waits to be sent on one HTTP/2 stream, in bytes.
const SEND_BYTES_MAX: usize = 256 * 1024;
/// How far the guard's and the HTTP library's own limits lie beyond those at which the edge refuses.
const OUTER_FACTOR: usize = 2;
/// How long a connection that we end goes on reading, and how long a lifeless one has to take its leave.
const LINGER: Duration = Duration::from_secs(1);
/// How much a connection that we end goes on reading, in bytes.
const LINGER_BYTES_MAX: u64 = 4 * 1024 * 1024;

/// How often it is looked whether answers are taken.
const PACE_LOOK: Duration = Duration::from_secs(1);
/// Shortest time between two looks at anything.
const PERIOD_MIN: Duration = Duration::from_millis(1);
/// Least size of the HTTP/1.1 buffer, in bytes; the library takes no smaller one.
const BUFFER_BYTES_MIN: usize = 16 * 1024;

type Stream = Measured<TlsStream<TcpStream>>;

/// Serves one accepted connection until it ends. Errors end it silently: they are the client's, and common. `socket` is
/// the other end, in canonical form.
pub(crate) async fn serve<D: Door>(
    stream: TcpStream,
    socket: SocketAddr,
    entrance: Arc<Entrance>,
    edge: Arc<Edge<D>>,
    mut stop: watch::Receiver<bool>,
) {
    if let Err(error) = stream.set_nodelay(true) {
        tracing::debug!(%error, "a connection ended at once");
        return;
    }
    let _open = edge.metrics.connection();
    let entering = timeout(edge.bounds.handshake, entrance.lead_in(stream, socket));
    let entered = tokio::select! {
        result = entering => match result {
            Ok(Some(entered)) => entered,
            Ok(None) => return,
            Err(_) => {
                edge.metrics.entered(Handshake::Slow);
                return tracing::debug!("the handshake took too long");
            }
        },
        _ = stop.wait_for(|stopped| *stopped) => return,
    };
    let Entered { stream, standing, place: _place } = entered;
    let speaks_http_2 = stream.get_ref().1.alpn_protocol() == Some(HTTP_2);
    let pulse = Arc::new(Pulse::default());
    let stream = Measured::new(stream, Arc::clone(&pulse));
    let watched = Watched { pulse, standing, bounds: edge.bounds };
    if speaks_http_2 {
        serve_http_2(stream, edge, watched, stop).await;
    } else {
        serve_http_1(stream, edge, watched, stop).await;
    }
}

/// What is looked at while a connection lives.
struct Watched {
    pulse: Arc<Pulse>,
    standing: Standing,
    bounds: Bounds,
}

async fn serve_http_1<D: Door>(
    stream: Stream,
    edge: Arc<Edge<D>>,
    watched: Watched,
    stop: watch::Receiver<bool>,
) {
    let bounds = edge.bounds;
    let guard = Guard::new(Sizes::around(&bounds, OUTER_FACTOR));
    let screened = Screened::new(stream, guard, Arc::clone(&watched.pulse));
    let mut connection = http1::Builder::new()
        .timer(TokioTimer::new())
        .header_read_timeout(bounds.header)
        .max_headers(bounds.header_fields_max.saturating_mul(OUTER_FACTOR))
        .max_header_size(outer_header_bytes(&bounds))
        .max_buf_size(outer_header_bytes(&bounds).max(BUFFER_BYTES_MIN))
        // One TLS record for head and body of a small answer.
        .writev(false)
        .serve_connection(TokioIo::new(screened), service(Arc::clone(&edge), &watched, stop.clone()));
    drive(Pin::new(&mut connection), &watched, stop).await;
    let (mut stream, fault) = connection.into_parts().io.into_inner().into_parts();
    if let Some(fault) = fault {
        refuse(&mut stream, fault, &edge).await;
    }
    linger(stream).await;
}

/// Refuses a request that never came to be one.
async fn refuse<D>(stream: &mut Stream, fault: Fault, edge: &Edge<D>) {
    let problem = fault.problem(&edge.bounds);
    edge.metrics.refused(&problem);
    let request_id = edge.request_ids.choose(&HeaderMap::new());
    let (status, code) = (codes::status(problem.code()), problem.code().id);
    tracing::info!(
        status,
        code,
        request_id = request_id.to_str().unwrap_or("-"),
        "a request was refused for its framing"
    );
    let style = Style { language: language::preferred(&HeaderMap::new()), pretty: false };
    let mut reply = answer::refusal(&problem.into(), style);
    let headers = reply.headers_mut();
    answer::put_common(headers);
    // On other answers the library puts the date, by the system's clock too.
    answer::put_date(headers, SystemClock.now());
    headers.insert(header::CONNECTION, HeaderValue::from_static("close"));
    headers.insert(REQUEST_ID, request_id);
    let bytes = answer::on_the_wire(reply);
    let written = timeout(LINGER, stream.write_all(&bytes)).await;
    tracing::trace!(in_order = matches!(written, Ok(Ok(()))), "the refusal was written");
}

async fn serve_http_2<D: Door>(
    stream: Stream,
    edge: Arc<Edge<D>>,
    watched: Watched,
    stop: watch::Receiver<bool>,
) {
    let bounds = edge.bounds;
    let metered = Metered::new(stream, Arc::clone(&watched.pulse));
    let connection = http2::Builder::new(TokioExecutor::new())
        .timer(TokioTimer::new())
        .max_concurrent_streams(STREAMS_MAX)
        .max_pending_accept_reset_streams(STREAMS_RESET_MAX)
        .max_local_error_reset_streams(STREAMS_ERRONEOUS_MAX)
        .initial_stream_window_size(STREAM_WINDOW_BYTES)
        .initial_connection_window_size(CONNECTION_WINDOW_BYTES)
        .max_send_buf_size(SEND_BYTES_MAX)
        .max_header_list_size(u32::try_from(outer_header_bytes(&bounds)).unwrap_or(u32::MAX))
        .keep_alive_interval(bounds.idle)
        .keep_alive_timeout(bounds.idle)
        .serve_connection(TokioIo::new(metered), service(edge, &watched, stop.clone()));
    drive(pin!(connection), &watched, stop).await;
}

/// Beyond this size of target and header section together the library ends the connection without a text; over HTTP/1 the
/// guard has refused before.
fn outer_header_bytes(bounds: &Bounds) -> usize {
    bounds.header_bytes_max.saturating_add(bounds.target_bytes_max).saturating_mul(OUTER_FACTOR)
}

/// Answers the requests of one connection. Each carries the peer and counts as a sign of life, and so does its answer.
fn service<D: Door>(
    edge: Arc<Edge<D>>,
    watched: &Watched,
    stop: watch::Receiver<bool>,
) -> impl Service<
    Request<Incoming>,
    Response = Response<Leaving>,
    Error = Infallible,
    Future = impl Future<Output = Result<Response<Leaving>, Infallible>> + Send + 'static,
> {
    let (pulse, peer, bounds) =
        (Arc::clone(&watched.pulse), Arc::clone(&watched.standing.peer), watched.bounds);
    service_fn(move |request: Request<Incoming>| {
        let mut request = request.map(|body| Arriving::new(body, bounds));
        request.extensions_mut().insert::<Arc<Peer>>(Arc::clone(&peer));
        let (edge, beat, stop) = (Arc::clone(&edge), pulse.begin(), stop.clone());
        let pulse = Arc::clone(&pulse);
        async move {
            let reply = edge.respond(request).await;
            Ok(leaving(reply, &edge, (&pulse, beat), stop))
        }
    })
}

/// Sends an answer on its way. One whose body comes about goes on as a running request does, and ends when the server stops.
fn leaving<D: Door>(
    reply: Reply,
    edge: &Arc<Edge<D>>,
    (pulse, beat): (&Arc<Pulse>, Beat),
    stop: watch::Receiver<bool>,
) -> Response<Leaving> {
    let (head, body) = reply.into_parts();
    let body = match body {
        Out::Whole(bytes) => Leaving::Whole(Answering::new(bytes, &edge.bounds, pulse)),
        Out::News(listener) => {
            // One piece waits at most: to a client that takes none, nothing is told.
            let (sender, pieces) = mpsc::channel(1);
            let teller = Box::pin(listener.tell(Arc::clone(edge), stop, sender));
            let (now, grace) = (Instant::now(), edge.bounds.grace);
            let underway = (pulse.answering(now.checked_add(grace).unwrap_or(now)), grace);
            Leaving::Streaming(Streaming::new(teller, pieces, underway, beat))
        }
    };
    Response::from_parts(head, body)
}

/// Runs a connection until it ends by itself, or is wound down and then ends or runs out of time.
async fn drive<C: GracefulConnection>(
    mut connection: Pin<&mut C>,
    watched: &Watched,
    mut stop: watch::Receiver<bool>,
) {
    let Watched { pulse, standing, bounds } = watched;
    let (mut seen, mut taken) = (Seen::default(), Taken::since(Instant::now()));
    let bytes_min = bounds.body_bytes_per_second_min.saturating_mul(bounds.idle.as_secs().max(1));
    let (mut looks, mut judgements) = (every(bounds.idle), every(bounds.certificate));
    let mut paces = every(bounds.grace.min(PACE_LOOK));
    let left = loop {
        tokio::select! {
            biased;
            _ = connection.as_mut() => return,
            _ = stop.wait_for(|stopped| *stopped) => break bounds.closing,
            _ = looks.tick() => if !pulse.alive(&mut seen, bytes_min) { break LINGER },
            _ = paces.tick() => if pulse.too_slow(&mut taken, bounds.grace, Instant::now()) { break LINGER },
            _ = judgements.tick() => if !standing.good() { break LINGER },
        }
    };
    connection.as_mut().graceful_shutdown();
    if timeout(left, connection).await.is_err() {
        tracing::debug!("a connection did not end in time");
    }
}

fn every(period: Duration) -> Interval {
    let period = period.max(PERIOD_MIN);
    let mut ticks = interval_at(Instant::now() + period, period);
    ticks.set_missed_tick_behavior(MissedTickBehavior::Delay);
    ticks
}

/// Says that we are done, then reads on for a moment.
async fn linger(mut stream: Stream) {
    let reading = async {
        stream.shutdown().await?;
        let mut rest = stream.take(LINGER_BYTES_MAX);
        tokio::io::copy(&mut rest, &mut tokio::io::sink()).await
    };
    let result = timeout(LINGER, reading).await;
    tracing::trace!(in_order = matches!(result, Ok(Ok(_))), "a connection ended");
}
