//! Single requests over HTTP/2 that are not what they should be: reset or refused, and never taken for another one.

use crate::client::Raw;
use crate::floods::{
    DATA, END_HEADERS, END_STREAM, GO_AWAY, HEADERS, RESET, fields, frame, kinds, literal_of, opening,
};
use crate::site::Site;
use std::time::Duration;
use tokio::io::AsyncReadExt;
use tokio::time::timeout;

const LONG: Duration = Duration::from_secs(20);
const METHOD: u8 = 2;
const PATH: u8 = 4;

/// A field with a name of its own.
fn named(name: &str, value: &str) -> Vec<u8> {
    let sized = |text: &str| [&[u8::try_from(text.len()).unwrap()][..], text.as_bytes()].concat();
    [vec![0], sized(name), sized(value)].concat()
}

fn get_with(more: &[u8]) -> Vec<u8> {
    let all = [&fields("GET", "/f/demo/fhir/Patient/42")[..], more].concat();
    frame(HEADERS, END_HEADERS | END_STREAM, 1, &all)
}

fn post_with(more: &[u8], data: &[u8]) -> Vec<u8> {
    let all = [&fields("POST", "/f/demo/fhir/Patient")[..], more].concat();
    [frame(HEADERS, END_HEADERS, 1, &all), frame(DATA, END_STREAM, 1, data)].concat()
}

/// The kinds of the frames that come until the first that says something about the request.
async fn verdict(site: &Site, request: &[u8]) -> Vec<u8> {
    let mut raw = Raw::open(site, b"h2").await;
    raw.write(&[&opening(&[])[..], request].concat()).await;
    let mut bytes = Vec::new();
    loop {
        let found: Vec<u8> =
            kinds(&bytes).into_iter().filter(|kind| [HEADERS, RESET, GO_AWAY].contains(kind)).collect();
        let read = async { raw.0.read_buf(&mut bytes).await.unwrap_or(0) };
        if !found.is_empty() || timeout(LONG, read).await.expect("no answer at all") == 0 {
            return found;
        }
    }
}

#[tokio::test]
async fn a_well_formed_request_is_answered() {
    let site = Site::start().await;
    assert_eq!(verdict(&site, &get_with(&[])).await, [HEADERS]);
    assert_eq!(verdict(&site, &post_with(&literal_of(28, "2"), b"{}")).await, [HEADERS]);
    assert_eq!(site.door.seen().len(), 2);
}

#[tokio::test]
async fn fields_that_belong_to_http_1_or_stand_wrongly_reset_the_request() {
    let cases = [
        ("connection", get_with(&named("connection", "close"))),
        ("keep-alive", get_with(&named("keep-alive", "1"))),
        ("proxy-connection", get_with(&named("proxy-connection", "close"))),
        ("transfer-encoding", get_with(&named("transfer-encoding", "chunked"))),
        ("upgrade", get_with(&named("upgrade", "h2c"))),
        ("te other than trailers", get_with(&named("te", "gzip"))),
        ("capitals in a name", get_with(&named("X-Name", "x"))),
        ("line end in a value", get_with(&named("x", "a\r\nHost: other"))),
        ("zero in a value", get_with(&named("x", "a\0b"))),
        ("space in a name", get_with(&named("x y", "z"))),
        ("method behind the fields", get_with(&literal_of_short(METHOD, "DELETE"))),
        ("second path", get_with(&literal_of_short(PATH, "/health"))),
        ("unknown pseudo field", get_with(&named(":other", "x"))),
        ("body longer than announced", post_with(&literal_of(28, "1"), b"{}")),
        ("body shorter than announced", post_with(&literal_of(28, "9"), b"{}")),
    ];
    let site = Site::start().await;
    for (name, request) in cases {
        let found = verdict(&site, &request).await;
        assert!(!found.contains(&HEADERS), "{name}: answered, {found:?}");
        assert!(site.door.seen().is_empty(), "{name}: reached the records");
    }
}

#[tokio::test]
async fn two_lengths_are_refused_equal_or_not() {
    let site = Site::start().await;
    for (second, expected) in [("2", HEADERS), ("3", RESET)] {
        let both = [literal_of(28, "2"), literal_of(28, second)].concat();
        assert_eq!(verdict(&site, &post_with(&both, b"{}")).await, [expected], "{second}");
        assert!(site.door.seen().is_empty(), "{second}: reached the records");
    }
}

/// A field without indexing whose name stands in the first rows of the static table.
fn literal_of_short(index: u8, value: &str) -> Vec<u8> {
    [&[index, u8::try_from(value.len()).unwrap()][..], value.as_bytes()].concat()
}
