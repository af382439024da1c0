//! Clients that keep a connection without using it: each kind is given up in time, and meanwhile others are served.

use crate::client::{Client, connect, status};
use crate::door::{Script, answer};
use crate::site::{Site, TOKEN};
use http::{Method, Request};
use http_body_util::BodyExt;
use hyper::body::{Body, Bytes, Frame};
use hyper_util::rt::{TokioExecutor, TokioIo};
use records::Outcome;
use server::Bounds;
use std::convert::Infallible;
use std::pin::Pin;
use std::task::{Context, Poll};
use std::time::Duration;
use tokio::io::{AsyncReadExt, AsyncWriteExt};
use tokio::net::TcpStream;
use tokio::task::JoinSet;
use tokio::time::{Instant, sleep, timeout};

const SHORT: Duration = Duration::from_millis(300);
/// What a test waits for something that happens at once on a calm machine.
const LONG: Duration = Duration::from_secs(20);
/// A deadline that plays no part in a test.
const NEVER: Duration = Duration::from_hours(1);
/// Sockets of each of the five kinds: 200 together.
const SOCKETS: usize = 40;

fn patient() -> String {
    format!("GET /f/demo/fhir/Patient/42 HTTP/1.1\r\nHost: h\r\nAuthorization: Bearer {TOKEN}\r\n")
}

fn post(length: usize) -> String {
    format!(
        "POST /f/demo/fhir/Patient HTTP/1.1\r\nHost: h\r\nAuthorization: Bearer {TOKEN}\r\n\
         Content-Type: application/fhir+json\r\nContent-Length: {length}\r\n\r\n"
    )
}

/// Writes `bytes` again and again until the other side has ended the connection.
async fn drip(mut stream: impl AsyncReadExt + AsyncWriteExt + Unpin, bytes: &[u8]) {
    let mut buffer = vec![0; 4_096];
    loop {
        tokio::select! {
            read = stream.read(&mut buffer) => if matches!(read, Ok(0) | Err(_)) { return },
            () = sleep(SHORT / 6) => {
                let written = stream.write_all(bytes).await;
                if written.is_err() || stream.flush().await.is_err() {
                    return;
                }
            }
        }
    }
}

/// One slow client of a kind, until it is cut off.
async fn dawdle(kind: usize, mut stream: TcpStream, tls: tokio_rustls::TlsConnector) {
    if kind == 0 {
        // The length of a TLS record, and never the record.
        stream.write_all(&[22, 3, 1, 2, 0]).await.unwrap();
        return drip(stream, b"").await;
    }
    let name = rustls_pki_types::ServerName::try_from("localhost").unwrap();
    let mut stream = tls.connect(name, stream).await.unwrap();
    match kind {
        1 => {
            stream.write_all(patient().as_bytes()).await.unwrap();
            drip(stream, b"X").await;
        }
        2 => {
            stream.write_all(post(1_000_000).as_bytes()).await.unwrap();
            drip(stream, b" ").await;
        }
        3 => {
            stream.write_all(format!("{}\r\n", patient()).as_bytes()).await.unwrap();
            stream.flush().await.unwrap();
            // Takes nothing for long, and then all that is left, up to the end of the connection.
            sleep(Duration::from_secs(4)).await;
            drip(stream, b"").await;
        }
        _ => {
            stream.write_all(b"GET /health HTTP/1.1\r\nHost: h\r\n\r\n").await.unwrap();
            drip(stream, b"").await;
        }
    }
}

#[tokio::test(flavor = "multi_thread", worker_threads = 2)]
async fn two_hundred_slow_clients_are_given_up_and_an_honest_one_is_served() {
    // Long enough for an honest client on a busy machine, short enough for a test.
    let second = Duration::from_secs(1);
    let bounds =
        Bounds { handshake: second * 3, header: second, idle: second, grace: second, ..Bounds::default() };
    let site = Site::with(|start| start.bounds = bounds).await;
    let body = format!("\"{}\"", "x".repeat(1_000_000));
    site.door.play(Script::Answer(answer(Outcome::Found, &body)));
    let mut slow = JoinSet::new();
    for number in 0..SOCKETS * 5 {
        let tls = tokio_rustls::TlsConnector::from(std::sync::Arc::clone(&site.tls));
        let stream = TcpStream::connect(site.address).await.unwrap();
        slow.spawn(dawdle(number % 5, stream, tls));
    }
    let mut worst = Duration::ZERO;
    let honest = async {
        while !slow.is_empty() {
            let started = Instant::now();
            let mut client = site.http_2().await;
            let reply = client.ask_openly(Method::GET, "/health", &[], "").await;
            assert_eq!(reply.status(), 200);
            worst = worst.max(started.elapsed());
            while let Some(ended) = slow.try_join_next() {
                ended.unwrap();
            }
            sleep(SHORT / 10).await;
        }
    };
    timeout(LONG, honest).await.expect("slow clients are kept");
    assert!(worst < LONG / 4, "an honest client waited for {worst:?}");
}

#[tokio::test]
async fn a_body_that_comes_too_slowly_is_refused() {
    let bounds = Bounds { grace: SHORT, idle: NEVER, ..Bounds::default() };
    let site = Site::with(|start| start.bounds = bounds).await;
    let mut raw = site.raw().await;
    raw.write(post(100_000).as_bytes()).await;
    let (mut reading, mut writing) = tokio::io::split(raw.0);
    let dripping = tokio::spawn(async move {
        while writing.write_all(b" ").await.is_ok() && writing.flush().await.is_ok() {
            sleep(SHORT / 10).await;
        }
    });
    let mut bytes = Vec::new();
    timeout(LONG, reading.read_to_end(&mut bytes)).await.expect("the connection is kept").unwrap();
    let answer = String::from_utf8(bytes).unwrap();
    assert_eq!(status(&answer).unwrap(), 408, "{answer}");
    assert!(answer.contains("SV-0045") && answer.contains("connection: close"), "{answer}");
    assert!(site.door.seen().is_empty());
    dripping.abort();
}

#[tokio::test]
async fn a_body_that_keeps_its_pace_is_taken_however_long_it_takes() {
    let bounds = Bounds { grace: SHORT, idle: SHORT, body_bytes_per_second_min: 200, ..Bounds::default() };
    let site = Site::with(|start| start.bounds = bounds).await;
    let mut raw = site.raw().await;
    raw.write(post(1_002).as_bytes()).await;
    for _ in 0..10 {
        raw.write(&[b' '; 100]).await;
        sleep(SHORT / 3).await;
    }
    raw.write(b"{}").await;
    let mut start = [0; 10];
    raw.0.read_exact(&mut start).await.unwrap();
    assert_eq!(start, *b"HTTP/1.1 2");
}

/// Half a body.
struct Stalled(Option<Bytes>);

impl Body for Stalled {
    type Data = Bytes;
    type Error = Infallible;

    fn poll_frame(
        mut self: Pin<&mut Self>,
        _cx: &mut Context<'_>,
    ) -> Poll<Option<Result<Frame<Bytes>, Infallible>>> {
        match self.0.take() {
            Some(bytes) => Poll::Ready(Some(Ok(Frame::data(bytes)))),
            None => Poll::Pending,
        }
    }
}

#[tokio::test]
async fn over_http_2_a_body_that_stalls_is_refused_too() {
    let bounds = Bounds { grace: SHORT, idle: NEVER, ..Bounds::default() };
    let site = Site::with(|start| start.bounds = bounds).await;
    let stream = connect(&site, &site.tls, b"h2", b"").await.unwrap();
    let handshake = hyper::client::conn::http2::handshake(TokioExecutor::new(), TokioIo::new(stream));
    let (mut sender, connection) = handshake.await.unwrap();
    tokio::spawn(connection);
    let request = Request::builder()
        .method(Method::POST)
        .uri(format!("https://{}/f/demo/fhir/Patient", site.address))
        .header("authorization", format!("Bearer {TOKEN}"))
        .header("content-type", "application/fhir+json")
        .body(Stalled(Some(Bytes::from_static(b"{"))))
        .unwrap();
    let reply = timeout(LONG, sender.send_request(request)).await.expect("no answer").unwrap();
    assert_eq!(reply.status(), 408);
    let body = reply.into_body().collect().await.unwrap().to_bytes();
    assert!(String::from_utf8_lossy(&body).contains("SV-0045"));
}

/// A site with room for one connection, which says when it has given one up; an answer of 32 MiB waits there.
async fn narrow() -> Site {
    let bounds = Bounds {
        grace: SHORT,
        body_bytes_per_second_min: 4_000_000,
        idle: NEVER,
        header: NEVER,
        connections_max: 1,
        ..Bounds::default()
    };
    let site = Site::with(|start| start.bounds = bounds).await;
    let huge = format!("\"{}\"", "x".repeat(32 * 1024 * 1024));
    site.door.play(Script::Answer(answer(Outcome::Found, &huge)));
    site
}

async fn next_is_served(site: &Site) {
    let next = async { site.http_1().await.ask_openly(Method::GET, "/health", &[], "").await };
    let reply = timeout(LONG, next).await.expect("the connection is held");
    assert_eq!(reply.status(), 200);
}

#[tokio::test]
async fn a_client_that_takes_an_answer_too_slowly_is_cut_off() {
    let site = narrow().await;
    let mut raw = site.raw().await;
    raw.write(format!("{}\r\n", patient()).as_bytes()).await;
    let sipping = tokio::spawn(async move {
        let mut buffer = [0; 1_000];
        while raw.0.read(&mut buffer).await.is_ok_and(|count| count > 0) {
            sleep(SHORT / 20).await;
        }
    });
    next_is_served(&site).await;
    sipping.abort();
}

#[tokio::test]
async fn a_client_that_takes_an_answer_quickly_gets_all_of_it() {
    let site = narrow().await;
    let mut client = Client::http_1(&site).await;
    let reply = client.read("/f/demo/fhir/Patient/42", &[]).await;
    assert_eq!((reply.status(), reply.body.len()), (200, 32 * 1024 * 1024 + 2));
}
