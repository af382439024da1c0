//! What is sent of a request, read by the published messages of OTLP.

use super::message::Export;
use super::sending::{Finished, Queue, Sending};
use super::spans::{self, Spans, Told};
use base::{Clock, ManualClock, SeededEntropy, Time};
use opentelemetry_proto::tonic::collector::trace::v1::ExportTraceServiceRequest;
use opentelemetry_proto::tonic::common::v1::any_value::Value;
use opentelemetry_proto::tonic::trace::v1::Span;
use prost::Message;
use std::io::{Read, Write};
use std::net::{TcpListener, TcpStream};
use std::panic::{catch_unwind, set_hook, take_hook};
use std::sync::{Arc, Mutex};
use std::thread::JoinHandle;
use tracing_subscriber::Layer;
use tracing_subscriber::filter::filter_fn;
use tracing_subscriber::layer::SubscriberExt;

/// Takes one message, answers with this status, and gives back head and body.
fn collector(status: &'static str) -> (String, JoinHandle<(String, Vec<u8>)>) {
    let listener = TcpListener::bind("127.0.0.1:0").unwrap();
    let endpoint = format!("http://{}", listener.local_addr().unwrap());
    let taken = std::thread::spawn(move || {
        let (mut stream, _) = listener.accept().unwrap();
        let (head, body) = message(&mut stream);
        stream.write_all(format!("HTTP/1.1 {status}\r\ncontent-length: 0\r\n\r\n").as_bytes()).unwrap();
        (head, body)
    });
    (endpoint, taken)
}

fn message(stream: &mut TcpStream) -> (String, Vec<u8>) {
    let mut bytes = Vec::new();
    let mut chunk = [0; 4096];
    loop {
        let read = stream.read(&mut chunk).unwrap();
        bytes.extend_from_slice(&chunk[..read]);
        let text = String::from_utf8_lossy(&bytes).to_ascii_lowercase();
        let Some(end) = bytes.windows(4).position(|four| four == b"\r\n\r\n") else { continue };
        let length = text.split("content-length: ").nth(1).unwrap().split("\r\n").next().unwrap();
        if bytes.len() >= end + 4 + length.parse::<usize>().unwrap() {
            let body = bytes.split_off(end + 4);
            return (String::from_utf8(bytes).unwrap(), body);
        }
    }
}

fn spans_of(body: &[u8]) -> Vec<Span> {
    let export = ExportTraceServiceRequest::decode(body).unwrap();
    export.resource_spans.into_iter().flat_map(|one| one.scope_spans).flat_map(|one| one.spans).collect()
}

fn attributes(span: &Span) -> Vec<(String, String)> {
    let text = |value: Option<Value>| match value.unwrap() {
        Value::StringValue(text) => text,
        Value::IntValue(number) => number.to_string(),
        other => panic!("{other:?}"),
    };
    span.attributes.iter().map(|one| (one.key.clone(), text(one.value.clone().unwrap().value))).collect()
}

/// What a subscriber with the layer makes of this.
fn heard(queue: Queue, act: impl FnOnce()) {
    let clock: Arc<dyn Clock> = Arc::new(ManualClock::new(Time::from_microseconds(5), 7));
    let layer = Spans::new(queue, clock).with_filter(filter_fn(spans::is_request));
    tracing::subscriber::with_default(tracing_subscriber::registry().with(layer), act);
}

#[test]
fn a_request_becomes_a_span_that_tells_its_pattern_and_nothing_more() {
    let (endpoint, taken) = collector("200 OK");
    let sending = Sending::begin(&endpoint, Arc::new(SeededEntropy::new(1))).unwrap();
    heard(sending.queue(), || {
        let span = tracing::info_span!(
            target: "server::observed",
            "request",
            request_id = "r-1",
            method = "GET",
            route = "/f/{facility}/fhir/{type}/{id}",
            facility = "sakura",
            status = tracing::field::Empty,
            patient = "secret",
        );
        span.record("status", 404_u16);
        span.in_scope(|| tracing::error!(name = "secret", "secret"));
        drop(tracing::info_span!(target: "server::observed", "other", route = "secret"));
        drop(tracing::info_span!(target: "elsewhere", "request", route = "secret"));
    });
    sending.end();
    let (head, body) = taken.join().unwrap();
    assert!(head.starts_with("POST /v1/traces HTTP/1.1\r\n"), "{head}");
    assert!(head.to_ascii_lowercase().contains("content-type: application/x-protobuf"), "{head}");
    let spans = spans_of(&body);
    let [span] = spans.as_slice() else { panic!("{spans:?}") };
    assert_eq!(span.name, "GET /f/{facility}/fhir/{type}/{id}");
    assert_eq!((span.trace_id.len(), span.span_id.len(), span.kind), (16, 8, 2));
    assert_eq!((span.start_time_unix_nano, span.end_time_unix_nano), (5_000, 12_000));
    assert_eq!(span.status, None);
    let told = attributes(span);
    let expected = [
        ("http.request.method", "GET"),
        ("http.route", "/f/{facility}/fhir/{type}/{id}"),
        ("akashi.request_id", "r-1"),
        ("http.response.status_code", "404"),
        ("akashi.facility", "sakura"),
    ];
    assert_eq!(told, expected.map(|(key, value)| (key.to_owned(), value.to_owned())));
    assert!(!String::from_utf8_lossy(&body).contains("secret"));
}

#[test]
fn a_fault_of_the_server_is_an_error_and_so_is_a_request_without_an_answer() {
    let (endpoint, taken) = collector("503 Service Unavailable");
    let sending = Sending::begin(&endpoint, Arc::new(SeededEntropy::new(1))).unwrap();
    for status in [Some(500), None, Some(200)] {
        let told = Told { status, ..Told::default() };
        sending.queue().put(Finished { began: 1, ended: 2, told });
    }
    sending.end();
    let codes = spans_of(&taken.join().unwrap().1);
    let codes: Vec<Option<i32>> = codes.iter().map(|span| span.status.as_ref().map(|one| one.code)).collect();
    assert_eq!(codes, [Some(2), Some(2), None]);
}

#[test]
fn a_collector_that_is_gone_keeps_nobody_waiting() {
    let gone = TcpListener::bind("127.0.0.1:0").unwrap().local_addr().unwrap();
    let sending = Sending::begin(&format!("http://{gone}"), Arc::new(SeededEntropy::new(1))).unwrap();
    for _ in 0..10_000 {
        sending.queue().put(Finished { began: 1, ended: 2, told: Told::default() });
    }
    sending.end();
}

#[test]
fn what_is_written_is_what_the_published_messages_write() {
    let (endpoint, taken) = collector("200 OK");
    let sending = Sending::begin(&endpoint, Arc::new(SeededEntropy::new(2))).unwrap();
    let told = Told { facility: Some("f".to_owned()), status: Some(500), ..Told::default() };
    sending.queue().put(Finished { began: 1, ended: 2, told });
    sending.end();
    let (_, body) = taken.join().unwrap();
    let again = ExportTraceServiceRequest::decode(&*body).unwrap().encode_to_vec();
    assert_eq!(again, body);
    assert_eq!(Export::decode(&*body).unwrap().encode_to_vec(), body);
}

/// Collects what is logged.
#[derive(Clone, Default)]
struct Lines(Arc<Mutex<Vec<u8>>>);

impl Write for Lines {
    fn write(&mut self, bytes: &[u8]) -> std::io::Result<usize> {
        self.0.lock().unwrap().extend_from_slice(bytes);
        Ok(bytes.len())
    }

    fn flush(&mut self) -> std::io::Result<()> {
        Ok(())
    }
}

#[test]
fn a_panic_is_told_by_its_place_and_not_by_its_message() {
    let lines = Lines::default();
    let writer = lines.clone();
    let log = tracing_subscriber::fmt().with_ansi(false).with_writer(move || writer.clone()).finish();
    let before = take_hook();
    set_hook(Box::new(super::panicked));
    let panicked = tracing::subscriber::with_default(log, || catch_unwind(|| panic!("secret")));
    set_hook(before);
    assert!(panicked.is_err());
    let text = String::from_utf8(lines.0.lock().unwrap().clone()).unwrap();
    assert!(text.contains("ERROR") && text.contains("telemetry/tests.rs"), "{text}");
    assert!(!text.contains("secret"), "{text}");
}
