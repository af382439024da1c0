//! HTTP/2 as attackers speak it: more frames than a client can need end the connection, and others are served meanwhile.

use crate::client::Raw;
use crate::door::{Script, answer};
use crate::site::{Site, TOKEN};
use http::Method;
use records::Outcome;
use server::Bounds;
use std::time::Duration;
use tokio::io::{AsyncReadExt, AsyncWriteExt};
use tokio::time::{Instant, timeout};

/// A connection must end within a second; this leaves room for a busy machine, and none for idle times and deadlines.
const SOON: Duration = Duration::from_secs(5);
const LONG: Duration = Duration::from_secs(20);
const NEVER: Duration = Duration::from_hours(1);
const SHORT: Duration = Duration::from_millis(300);

pub(crate) const DATA: u8 = 0;
pub(crate) const HEADERS: u8 = 1;
const PRIORITY: u8 = 2;
pub(crate) const RESET: u8 = 3;
const SETTINGS: u8 = 4;
const PING: u8 = 6;
pub(crate) const GO_AWAY: u8 = 7;
const WINDOW_UPDATE: u8 = 8;
const CONTINUATION: u8 = 9;
pub(crate) const END_STREAM: u8 = 1;
pub(crate) const END_HEADERS: u8 = 4;

pub(crate) fn frame(kind: u8, flags: u8, stream: u32, content: &[u8]) -> Vec<u8> {
    let length = u32::try_from(content.len()).unwrap().to_be_bytes();
    [&length[1..], &[kind, flags], &stream.to_be_bytes(), content].concat()
}

/// The fields of a request, as HPACK writes them without any compression of texts.
pub(crate) fn fields(method: &str, path: &str) -> Vec<u8> {
    let literal = |index: u8, value: &str| {
        [&[index, u8::try_from(value.len()).unwrap()][..], value.as_bytes()].concat()
    };
    let method = if method == "POST" { vec![0x83] } else { vec![0x82] };
    let token = format!("Bearer {TOKEN}");
    let media = "application/fhir+json";
    [
        method,
        vec![0x87],
        literal(0x04, path),
        literal(0x01, "h"),
        literal_of(23, &token),
        literal_of(31, media),
    ]
    .concat()
}

/// A field without indexing whose name stands in the static table beyond its 15th row.
pub(crate) fn literal_of(index: u8, value: &str) -> Vec<u8> {
    [&[0x0F, index - 15, u8::try_from(value.len()).unwrap()][..], value.as_bytes()].concat()
}

pub(crate) fn opening(settings: &[u8]) -> Vec<u8> {
    [&b"PRI * HTTP/2.0\r\n\r\nSM\r\n\r\n"[..], &frame(SETTINGS, 0, 0, settings)].concat()
}

fn get(stream: u32) -> Vec<u8> {
    frame(HEADERS, END_HEADERS | END_STREAM, stream, &fields("GET", "/f/demo/fhir/Patient/42"))
}

fn post(stream: u32) -> Vec<u8> {
    frame(HEADERS, END_HEADERS, stream, &fields("POST", "/f/demo/fhir/Patient"))
}

fn odd(number: u32) -> u32 {
    number * 2 + 1
}

async fn site() -> Site {
    let bounds = Bounds { idle: NEVER, grace: NEVER, request: NEVER, ..Bounds::default() };
    Site::with(|start| start.bounds = bounds).await
}

/// Sends until the connection ends, and reads all the time. How long it took.
async fn flood(site: &Site, first: Vec<u8>, mut more: impl FnMut(u32) -> Vec<u8> + Send) -> Duration {
    let raw = Raw::open(site, b"h2").await;
    let (mut reading, mut writing) = tokio::io::split(raw.0);
    let started = Instant::now();
    let sending = async {
        let mut ended = writing.write_all(&first).await.is_err();
        let mut number = 0;
        while !ended {
            let many: Vec<u8> = (0..50).flat_map(|one| more(number + one)).collect();
            number += 50;
            ended = writing.write_all(&many).await.is_err() || writing.flush().await.is_err();
        }
    };
    let taking = async {
        let mut buffer = vec![0; 16_384];
        while reading.read(&mut buffer).await.is_ok_and(|count| count > 0) {}
    };
    let both = async {
        tokio::select! { () = sending => (), () = taking => () }
    };
    timeout(LONG, both).await.expect("the connection is kept");
    started.elapsed()
}

async fn ends_soon(name: &str, site: &Site, first: Vec<u8>, more: impl FnMut(u32) -> Vec<u8> + Send) {
    let took = flood(site, first, more).await;
    assert!(took < SOON, "{name}: {took:?}");
    let reply = site.http_2().await.ask_openly(Method::GET, "/health", &[], "").await;
    assert_eq!(reply.status(), 200, "{name}: others are not served");
}

#[tokio::test(flavor = "multi_thread", worker_threads = 2)]
async fn floods_of_every_kind_end_the_connection() {
    let site = site().await;
    let start = opening(&[]);
    let posting = [opening(&[]), post(1)].concat();
    ends_soon("pings", &site, start.clone(), |_| frame(PING, 0, 0, &[0; 8])).await;
    ends_soon("answers to pings never sent", &site, start.clone(), |_| frame(PING, 1, 0, &[0; 8])).await;
    ends_soon("settings", &site, start.clone(), |_| frame(SETTINGS, 0, 0, &[])).await;
    ends_soon("settings with a value", &site, start.clone(), |_| {
        frame(SETTINGS, 0, 0, &[0, 4, 0, 0, 0xFF, 0xFF])
    })
    .await;
    ends_soon("priorities", &site, start.clone(), |_| frame(PRIORITY, 0, 1, &[0, 0, 0, 3, 1])).await;
    ends_soon("unknown frames", &site, start.clone(), |_| frame(0xFA, 0, 0, b"x")).await;
    ends_soon("windows of one byte", &site, start.clone(), |_| frame(WINDOW_UPDATE, 0, 0, &[0, 0, 0, 1]))
        .await;
    ends_soon("empty data", &site, posting.clone(), |_| frame(DATA, 0, 1, &[])).await;
    ends_soon("data of one byte", &site, posting.clone(), |_| frame(DATA, 0, 1, b" ")).await;
    ends_soon("padding without data", &site, posting, |_| frame(DATA, 8, 1, &[9, 0, 0, 0, 0, 0, 0, 0, 0, 0]))
        .await;
    let open_head = [opening(&[]), frame(HEADERS, 0, 1, &fields("GET", "/health"))].concat();
    ends_soon("continuations", &site, open_head.clone(), |_| frame(CONTINUATION, 0, 1, &[])).await;
    ends_soon("continuations with fields", &site, open_head, |_| {
        frame(CONTINUATION, 0, 1, &[0, 1, b'a', 1, b'b'])
    })
    .await;
}

#[tokio::test(flavor = "multi_thread", worker_threads = 2)]
async fn requests_that_are_reset_at_once_end_the_connection() {
    let site = site().await;
    ends_soon("rapid reset", &site, opening(&[]), |number| {
        [get(odd(number)), frame(RESET, 0, odd(number), &[0, 0, 0, 8])].concat()
    })
    .await;
    ends_soon("reset by a wrong window", &site, opening(&[]), |number| {
        [get(odd(number)), frame(WINDOW_UPDATE, 0, odd(number), &[0; 4])].concat()
    })
    .await;
    assert!(site.door.seen().len() < 5_000, "too many of them reached the records");
}

#[tokio::test(flavor = "multi_thread", worker_threads = 2)]
async fn ten_thousand_requests_at_once_end_the_connection() {
    let site = site().await;
    site.door.play(Script::Wait);
    ends_soon("ten thousand streams", &site, opening(&[]), |number| get(odd(number))).await;
    assert!(site.door.seen().len() <= 128, "more than may run at a time");
}

#[tokio::test]
async fn a_client_that_opens_no_window_is_cut_off() {
    let bounds = Bounds { idle: NEVER, grace: SHORT, connections_max: 1, ..Bounds::default() };
    let site = Site::with(|start| start.bounds = bounds).await;
    site.door.play(Script::Answer(answer(Outcome::Found, &format!("\"{}\"", "x".repeat(100_000)))));
    let mut raw = Raw::open(&site, b"h2").await;
    // SETTINGS_INITIAL_WINDOW_SIZE is 0.
    let mut bytes = opening(&[0, 4, 0, 0, 0, 0]);
    (0..100).for_each(|number| bytes.extend(get(odd(number))));
    raw.write(&bytes).await;
    let next = async { site.http_1().await.ask_openly(Method::GET, "/health", &[], "").await };
    assert_eq!(timeout(LONG, next).await.expect("the connection is held").status(), 200);
    let mut answers = Vec::new();
    raw.0.read_to_end(&mut answers).await.unwrap_or(0);
    assert!(kinds(&answers).contains(&GO_AWAY), "cut off without a word");
}

/// The kinds of the frames.
pub(crate) fn kinds(mut bytes: &[u8]) -> Vec<u8> {
    let mut kinds = Vec::new();
    while let [high, middle, low, kind, _, _, _, _, _, rest @ ..] = bytes {
        let length = usize::try_from(u32::from_be_bytes([0, *high, *middle, *low])).unwrap();
        kinds.push(*kind);
        bytes = rest.get(length..).unwrap_or_default();
    }
    kinds
}

#[tokio::test]
async fn an_honest_client_may_ask_many_times_over_one_connection() {
    let site = Site::start().await;
    let mut client = site.http_2().await;
    for number in 0..3_000 {
        let reply = client.read("/f/demo/fhir/Patient/42", &[]).await;
        assert_eq!(reply.status(), 200, "request {number}");
    }
}

#[tokio::test]
async fn an_honest_client_may_fetch_much_through_a_small_window() {
    let site = Site::start().await;
    let body = format!("\"{}\"", "x".repeat(8 * 1024 * 1024));
    site.door.play(Script::Answer(answer(Outcome::Found, &body)));
    let mut client = site.http_2().await;
    for _ in 0..2 {
        let reply = client.read("/f/demo/fhir/Patient/42", &[]).await;
        assert_eq!(reply.body.len(), body.len());
    }
}
