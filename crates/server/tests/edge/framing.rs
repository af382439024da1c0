//! Raw requests that leave doubt about where they begin, end or belong: refused, and the connection ended. Behind each of
//! them stands another request, which is not to be answered. What is odd and tolerated nevertheless stands at the end.

use crate::client::{Raw, status};
use crate::door::Script;
use crate::site::{Site, TOKEN};
use std::time::Duration;
use tokio::io::AsyncReadExt;

/// What a test waits for something that happens at once on a calm machine.
const LONG: Duration = Duration::from_secs(20);

/// Name, bytes, status, code of the problem. `\n` stands for CR LF, `␊` for a bare LF, `␍` for a bare CR, `{host}` for the
/// server's address and `{token}` for a field with a valid token.
type Case = (&'static str, &'static str, u16, &'static str);

const HOSTS: &[Case] = &[
    ("no host", "GET {path} HTTP/1.1\n{token}\n\n", 400, "SV-0008"),
    ("no host, old", "GET {path} HTTP/1.0\n{token}\n\n", 400, "SV-0008"),
    ("two hosts", "GET {path} HTTP/1.1\nHost: {host}\nHost: {host}\n{token}\n\n", 400, "SV-0008"),
    ("two different hosts", "GET {path} HTTP/1.1\nHost: {host}\nHost: other\n{token}\n\n", 400, "SV-0008"),
    ("list of hosts", "GET {path} HTTP/1.1\nHost: a, b\n{token}\n\n", 400, "SV-0008"),
    ("empty host", "GET {path} HTTP/1.1\nHost:\n{token}\n\n", 400, "SV-0008"),
    ("host with a user", "GET {path} HTTP/1.1\nHost: a@b\n{token}\n\n", 400, "SV-0008"),
    ("host with a path", "GET {path} HTTP/1.1\nHost: a/b\n{token}\n\n", 400, "SV-0008"),
    ("host with a wide space", "GET {path} HTTP/1.1\nHost: a\u{3000}b\n{token}\n\n", 400, "SV-0008"),
    ("foreign target", "GET https://other{path} HTTP/1.1\nHost: {host}\n{token}\n\n", 400, "SV-0009"),
    ("target without TLS", "GET http://{host}{path} HTTP/1.1\nHost: {host}\n{token}\n\n", 400, "SV-0009"),
    ("connect", "CONNECT other:443 HTTP/1.1\nHost: other:443\n\n", 400, "SV-0009"),
];

const BODIES: &[Case] = &[
    (
        "get with a body",
        "GET {path} HTTP/1.1\nHost: {host}\n{token}\nContent-Length: 2\n\n{}",
        400,
        "SV-0010",
    ),
    (
        "get with chunks",
        "GET {path} HTTP/1.1\nHost: {host}\n{token}\nTransfer-Encoding: chunked\n\n0\n\n",
        400,
        "SV-0010",
    ),
    (
        "get with a request as its body",
        "GET {path} HTTP/1.1\nHost: {host}\n{token}\nContent-Length: 33\n\nGET /health HTTP/1.1\nHost: hos\n\n",
        400,
        "SV-0010",
    ),
    ("head with a body", "HEAD {path} HTTP/1.1\nHost: {host}\n{token}\nContent-Length: 2\n\n{}", 400, ""),
    (
        "delete with a body",
        "DELETE {path} HTTP/1.1\nHost: {host}\n{token}\nContent-Length: 2\n\n{}",
        400,
        "SV-0010",
    ),
    ("options with a body", "OPTIONS {path} HTTP/1.1\nHost: {host}\nContent-Length: 2\n\n{}", 400, "SV-0010"),
];

const LENGTHS: &[Case] = &[
    ("coding, then length", "{post}Transfer-Encoding: chunked\nContent-Length: 5\n\n0\n\n", 400, "SV-0040"),
    ("length, then coding", "{post}Content-Length: 5\nTransfer-Encoding: chunked\n\n0\n\n", 400, "SV-0040"),
    (
        "coding and a length of 0",
        "{post}Content-Length: 0\nTransfer-Encoding: chunked\n\n0\n\n",
        400,
        "SV-0040",
    ),
    ("two lengths", "{post}Content-Length: 1\nContent-Length: 2\n\nab", 400, "SV-0040"),
    ("two equal lengths", "{post}Content-Length: 2\nContent-Length: 2\n\nab", 400, "SV-0040"),
    ("two lengths written differently", "{post}Content-Length: 2\ncontent-length: 2\n\nab", 400, "SV-0040"),
    ("list of lengths", "{post}Content-Length: 2, 2\n\nab", 400, "SV-0040"),
    ("length with a plus", "{post}Content-Length: +2\n\nab", 400, "SV-0040"),
    ("length with a minus", "{post}Content-Length: -2\n\nab", 400, "SV-0040"),
    ("length with a space", "{post}Content-Length: 1 2\n\nab", 400, "SV-0040"),
    ("length in hexadecimal", "{post}Content-Length: 0x2\n\nab", 400, "SV-0040"),
    ("length with leading zeros", "{post}Content-Length: 002\n\nab", 400, "SV-0040"),
    ("length that overflows", "{post}Content-Length: 18446744073709551618\n\nab", 400, "SV-0040"),
    ("length of wide digits", "{post}Content-Length: ２\n\nab", 400, "SV-0040"),
    ("empty length", "{post}Content-Length:\n\nab", 400, "SV-0040"),
    ("length of a get", "GET {path} HTTP/1.1\nHost: {host}\nContent-Length: x\n\n", 400, "SV-0040"),
    (
        "coding twice in two fields",
        "{post}Transfer-Encoding: chunked\nTransfer-Encoding: chunked\n\n0\n\n",
        400,
        "SV-0040",
    ),
    ("coding twice in one field", "{post}Transfer-Encoding: chunked, chunked\n\n0\n\n", 400, "SV-0040"),
    ("chunked is not last", "{post}Transfer-Encoding: chunked, identity\n\n0\n\n", 400, "SV-0040"),
    (
        "coding over HTTP/1.0",
        "POST {path} HTTP/1.0\nHost: {host}\nTransfer-Encoding: chunked\n\n0\n\n",
        400,
        "SV-0040",
    ),
    ("empty coding", "{post}Transfer-Encoding:\n\n0\n\n", 400, "SV-0040"),
    ("coding in quotes", "{post}Transfer-Encoding: \"chunked\"\n\n0\n\n", 400, "SV-0040"),
    ("coding with a vertical tab", "{post}Transfer-Encoding: \u{b}chunked\n\n0\n\n", 400, "SV-0041"),
    ("coding with a space before the colon", "{post}Transfer-Encoding : chunked\n\n0\n\n", 400, "SV-0041"),
    ("unknown coding", "{post}Transfer-Encoding: gzip\n\nab", 501, "SV-0043"),
    ("unknown coding below chunks", "{post}Transfer-Encoding: gzip, chunked\n\n0\n\n", 501, "SV-0043"),
    ("identity", "{post}Transfer-Encoding: identity\n\nab", 501, "SV-0043"),
    ("nearly chunked", "{post}Transfer-Encoding: xchunked\n\n0\n\n", 501, "SV-0043"),
];

const HEADS: &[Case] = &[
    ("no method", " / HTTP/1.1\nHost: {host}\n\n", 400, "SV-0041"),
    ("no version", "GET /health\nHost: {host}\n\n", 400, "SV-0041"),
    ("no target", "GET HTTP/1.1\nHost: {host}\n\n", 400, "SV-0041"),
    ("two spaces before the target", "GET  /health HTTP/1.1\nHost: {host}\n\n", 400, "SV-0041"),
    ("two spaces before the version", "GET /health  HTTP/1.1\nHost: {host}\n\n", 400, "SV-0041"),
    ("space behind the version", "GET /health HTTP/1.1 \nHost: {host}\n\n", 400, "SV-0041"),
    ("tab in the request line", "GET\t/health HTTP/1.1\nHost: {host}\n\n", 400, "SV-0041"),
    ("space in the target", "GET /he alth HTTP/1.1\nHost: {host}\n\n", 400, "SV-0041"),
    ("method with a bracket", "GE(T /health HTTP/1.1\nHost: {host}\n\n", 400, "SV-0041"),
    ("target without a slash", "GET health HTTP/1.1\nHost: {host}\n\n", 400, "SV-0041"),
    ("target with a fragment", "GET /health#a HTTP/1.1\nHost: {host}\n\n", 400, "SV-0041"),
    ("zero in the target", "GET /health\0 HTTP/1.1\nHost: {host}\n\n", 400, "SV-0041"),
    ("version in small letters", "GET /health http/1.1\nHost: {host}\n\n", 400, "SV-0041"),
    ("version with two digits", "GET /health HTTP/1.10\nHost: {host}\n\n", 400, "SV-0041"),
    ("two empty lines before", "\n\nGET /health HTTP/1.1\nHost: {host}\n\n", 400, "SV-0041"),
    ("HTTP/0.9 with a number", "GET /health HTTP/0.9\nHost: {host}\n\n", 505, "SV-0044"),
    ("HTTP/1.2", "GET /health HTTP/1.2\nHost: {host}\n\n", 505, "SV-0044"),
    ("HTTP/3", "GET /health HTTP/3.0\nHost: {host}\n\n", 505, "SV-0044"),
    ("HTTP/2 without its ALPN", "PRI * HTTP/2.0\n\nSM\n\n", 505, "SV-0044"),
    ("bare line feed in the request line", "GET /health HTTP/1.1␊Host: {host}\n\n", 400, "SV-0041"),
    ("bare line feed behind a field", "GET /health HTTP/1.1\nHost: {host}␊\n", 400, "SV-0041"),
    ("bare line feed at the end", "GET /health HTTP/1.1\nHost: {host}\n␊", 400, "SV-0041"),
    ("bare carriage return in a value", "GET /health HTTP/1.1\nHost: {host}\nA: b␍c\n\n", 400, "SV-0041"),
    ("bare carriage return in a target", "GET /he␍alth HTTP/1.1\nHost: {host}\n\n", 400, "SV-0041"),
    ("bare carriage return before a field", "GET /health HTTP/1.1\nHost: {host}\n␍A: b\n\n", 400, "SV-0041"),
    ("hidden field behind a carriage return", "{post}X: y␍Content-Length: 2\n\nab", 400, "SV-0041"),
    ("hidden coding behind a line feed", "{post}X: y␊Transfer-Encoding: chunked\n\n0\n\n", 400, "SV-0041"),
    ("space before the colon", "GET /health HTTP/1.1\nHost : {host}\n\n", 400, "SV-0041"),
    ("tab before the colon", "GET /health HTTP/1.1\nHost\t: {host}\n\n", 400, "SV-0041"),
    ("folded field", "GET /health HTTP/1.1\nHost: {host}\nA: b\n c\n\n", 400, "SV-0041"),
    ("space before the first field", "GET /health HTTP/1.1\n Host: {host}\n\n", 400, "SV-0041"),
    ("field without a name", "GET /health HTTP/1.1\nHost: {host}\n: b\n\n", 400, "SV-0041"),
    ("field without a colon", "GET /health HTTP/1.1\nHost: {host}\nA\n\n", 400, "SV-0041"),
    ("name with a space", "GET /health HTTP/1.1\nHost: {host}\nA b: c\n\n", 400, "SV-0041"),
    ("name beyond ASCII", "GET /health HTTP/1.1\nHost: {host}\n名: c\n\n", 400, "SV-0041"),
    ("zero in a name", "GET /health HTTP/1.1\nHost: {host}\nA\0: c\n\n", 400, "SV-0041"),
    ("zero in a value", "GET /health HTTP/1.1\nHost: {host}\nA: b\0c\n\n", 400, "SV-0041"),
    ("escape character in a value", "GET /health HTTP/1.1\nHost: {host}\nA: \u{1b}[2J\n\n", 400, "SV-0041"),
    ("delete character in a value", "GET /health HTTP/1.1\nHost: {host}\nA: \u{7f}\n\n", 400, "SV-0041"),
    ("something else altogether", "SSH-2.0-OpenSSH_9.0\n", 400, "SV-0041"),
];

const CHUNKS: &[Case] = &[
    ("chunk without a size", "{chunked}\nab\n", 400, "SV-0042"),
    ("chunk size that is no number", "{chunked}xyz\nab\n", 400, "SV-0042"),
    ("chunk size with a sign", "{chunked}+2\nab\n0\n\n", 400, "SV-0042"),
    ("chunk size with 0x", "{chunked}0x2\nab\n0\n\n", 400, "SV-0042"),
    ("chunk size with leading zeros", "{chunked}0002\nab\n0\n\n", 400, "SV-0042"),
    ("chunk size with a space", "{chunked}2 \nab\n0\n\n", 400, "SV-0042"),
    ("chunk size that is too long", "{chunked}FFFFFFFFFFFFFFFF2\nab\n0\n\n", 400, "SV-0042"),
    ("chunk longer than its size", "{chunked}2\nabc\n0\n\n", 400, "SV-0042"),
    ("chunk shorter than its size", "{chunked}3\nab\n0\n\n", 400, "SV-0042"),
    ("chunk without an end", "{chunked}2\nab0\n\n", 400, "SV-0042"),
    ("bare line feed behind a size", "{chunked}2␊ab\n0\n\n", 400, "SV-0042"),
    ("bare line feed behind a chunk", "{chunked}2\nab␊0\n\n", 400, "SV-0042"),
    ("bare line feed behind the last chunk", "{chunked}0␊\n", 400, "SV-0042"),
    ("carriage return in an extension", "{chunked}2;a␍b\nab\n0\n\n", 400, "SV-0042"),
    ("extension that is too long", "{chunked}2;{long}\nab\n0\n\n", 400, "SV-0042"),
    ("extension without a semicolon", "{chunked}2,a=b\nab\n0\n\n", 400, "SV-0042"),
    ("length in the trailers", "{chunked}0\nContent-Length: 9\n\n", 400, "SV-0042"),
    ("coding in the trailers", "{chunked}0\nTransfer-Encoding: chunked\n\n", 400, "SV-0042"),
    ("host in the trailers", "{chunked}0\nHost: other\n\n", 400, "SV-0042"),
    ("token in the trailers", "{chunked}0\n{token}\n\n", 400, "SV-0042"),
    ("folded trailer", "{chunked}0\nA: b\n c\n\n", 400, "SV-0042"),
];

/// The bytes of a case.
fn written(site: &Site, text: &str) -> Vec<u8> {
    let token = format!("Authorization: Bearer {TOKEN}");
    let json = "Content-Type: application/fhir+json";
    let filled = text
        .replace("{chunked}", "{post}Transfer-Encoding: chunked\n\n")
        .replace(
            "{post}",
            &format!("POST /f/demo/fhir/Patient HTTP/1.1\nHost: {{host}}\n{{token}}\n{json}\n"),
        )
        .replace("{path}", "/f/demo/fhir/Patient/42")
        .replace("{token}", &token)
        .replace("{host}", &site.address.to_string())
        .replace("{long}", &"e".repeat(64));
    filled.replace('\n', "\r\n").replace('␊', "\n").replace('␍', "\r").into_bytes()
}

/// What would be answered with 200, were it taken for a request.
const SMUGGLED: &[u8] = b"GET /health HTTP/1.1\r\nHost: h\r\nConnection: close\r\n\r\n";

/// Everything that is answered up to the end of the connection, which must come.
async fn answered(raw: &mut Raw, name: &str) -> String {
    let mut bytes = Vec::new();
    let end = tokio::time::timeout(LONG, raw.0.read_to_end(&mut bytes)).await;
    assert!(end.is_ok(), "{name}: the connection is kept");
    String::from_utf8(bytes).unwrap()
}

/// The statuses of all answers in their order.
fn statuses(answer: &str) -> Vec<&str> {
    let heads = answer.split("HTTP/1.").skip(1).filter_map(|rest| rest.get(2..5));
    heads.filter(|status| status.parse::<u16>().is_ok()).collect()
}

fn check(name: &str, answer: &str, expected: u16, code: &str) {
    assert_eq!(status(answer).map(|status| status.as_u16()), Some(expected), "{name}: {answer}");
    assert!(answer.contains(code), "{name}: {answer}");
    assert_eq!(statuses(answer).len(), 1, "{name}: more than one answer: {answer}");
    assert!(answer.to_ascii_lowercase().contains("connection: close\r\n"), "{name}: {answer}");
}

fn cases() -> impl Iterator<Item = &'static Case> {
    [HOSTS, BODIES, LENGTHS, HEADS, CHUNKS].into_iter().flatten()
}

#[tokio::test]
async fn doubtful_requests_are_refused_and_nothing_behind_them_is_answered() {
    assert!(cases().count() >= 60);
    let site = Site::start().await;
    for (name, text, expected, code) in cases() {
        let mut raw = site.raw().await;
        raw.write(&[&written(&site, text)[..], SMUGGLED].concat()).await;
        check(name, &answered(&mut raw, name).await, *expected, code);
    }
    assert!(site.door.seen().is_empty(), "a refused request reached the records");
}

#[tokio::test]
async fn it_does_not_help_to_send_them_in_two_pieces() {
    let site = Site::start().await;
    for (name, text, expected, code) in cases() {
        let bytes = [&written(&site, text)[..], SMUGGLED].concat();
        let cut = text.find("\n\n").map_or(bytes.len() / 2, |_| {
            let end = bytes.windows(4).position(|part| part == b"\r\n\r\n");
            end.map_or(bytes.len() / 2, |end| end + 4)
        });
        let mut raw = site.raw().await;
        raw.write(&bytes[..cut]).await;
        // Each time the server gets a turn, on this one thread.
        for _ in 0..20 {
            tokio::task::yield_now().await;
        }
        // The server may have refused the first piece and be gone.
        let rest = tokio::io::AsyncWriteExt::write_all(&mut raw.0, &bytes[cut..]).await;
        if rest.is_ok() {
            tokio::io::AsyncWriteExt::flush(&mut raw.0).await.unwrap_or(());
        }
        check(name, &answered(&mut raw, name).await, *expected, code);
    }
    assert!(site.door.seen().is_empty(), "a refused request reached the records");
}

#[tokio::test]
async fn requests_before_a_doubtful_one_are_answered_in_their_order() {
    let site = Site::start().await;
    let read = "GET {path} HTTP/1.1\nHost: {host}\n{token}\n\n";
    let post = "{post}Content-Length: 2\n\n{}";
    let bad = "GET  {path} HTTP/1.1\nHost: {host}\n\n";
    let mut raw = site.raw().await;
    let text = [read, post, read, bad].concat();
    raw.write(&[&written(&site, &text)[..], SMUGGLED].concat()).await;
    let answer = answered(&mut raw, "three good ones").await;
    assert_eq!(statuses(&answer), ["200", "200", "200", "400"], "{answer}");
    assert_eq!(site.door.seen().len(), 3);
}

#[tokio::test]
async fn a_refusal_waits_until_the_answer_before_it_is_written() {
    let site = Site::start().await;
    site.door.play(Script::Wait);
    let mut raw = site.raw().await;
    raw.write(&written(&site, "GET {path} HTTP/1.1\nHost: {host}\n{token}\n\n")).await;
    site.door.arrival().await;
    raw.write(&[&written(&site, "GET  / HTTP/1.1\n\n")[..], SMUGGLED].concat()).await;
    let early = tokio::time::timeout(Duration::from_millis(100), raw.0.read_u8()).await;
    assert!(early.is_err(), "refused before the answer is there");
    site.door.release();
    let answer = answered(&mut raw, "one that waits").await;
    assert_eq!(statuses(&answer), ["200", "400"], "{answer}");
}

#[tokio::test]
async fn behind_a_request_that_closes_the_connection_nothing_is_refused() {
    let site = Site::start().await;
    let last = "GET /health HTTP/1.1\nHost: {host}\nConnection: close\n\n";
    let unreadable = "GET /<> HTTP/1.1\nHost: {host}\n\n";
    for (first, expected) in [(last, "200"), (unreadable, "400")] {
        let mut raw = site.raw().await;
        raw.write(&written(&site, &format!("{first}GET  / HTTP/1.1\n\n"))).await;
        let answer = answered(&mut raw, first).await;
        assert_eq!(statuses(&answer), [expected], "{answer}");
    }
}

#[tokio::test]
async fn a_refusal_without_a_request_is_an_outcome_like_any_other() {
    let site = Site::start().await;
    let mut raw = site.raw().await;
    raw.write(b"GET  / HTTP/1.1\r\n\r\n").await;
    let answer = answered(&mut raw, "a bad one").await;
    let (head, body) = answer.split_once("\r\n\r\n").unwrap();
    let head = head.to_ascii_lowercase();
    for field in [
        "content-type: application/fhir+json; charset=utf-8",
        "content-language: ja",
        "x-content-type-options: nosniff",
        "cache-control: private, no-store",
        "x-request-id: ",
        "date: ",
        &format!("content-length: {}", body.len()),
    ] {
        assert!(head.contains(field), "{field}: {head}");
    }
    let outcome: serde_json::Value = serde_json::from_str(body).unwrap();
    assert_eq!(outcome["resourceType"], "OperationOutcome");
}

/// The odd cases that are taken, each with what allows it.
#[tokio::test]
async fn five_odd_cases_are_tolerated() {
    let ok = "HTTP/1.1 200";
    let cases = [
        // RFC 9112, section 2.2: for robustness, at least one empty line before a request line should be passed over.
        (
            "an empty line before the request",
            "\nGET /health HTTP/1.1\nHost: {host}\nConnection: close\n\n",
            ok,
        ),
        // RFC 9110, section 8.6: the length says how much content there is, and that may be none. An empty body is no body.
        (
            "a length of 0 where no body is expected",
            "GET /health HTTP/1.1\nHost: {host}\nContent-Length: 0\nConnection: close\n\n",
            ok,
        ),
        // RFC 9112, section 7: names of transfer codings are compared without regard to upper and lower case.
        (
            "chunked in other letters",
            "{post}Transfer-Encoding: Chunked\nConnection: close\n\n2\n{}\n0\n\n",
            "HTTP/1.1 20",
        ),
        // RFC 9112, section 7.1.1: a recipient passes over chunk extensions it does not know, and bounds their length.
        (
            "a short chunk extension",
            "{post}Transfer-Encoding: chunked\nConnection: close\n\n2;name=value\n{}\n0;last\n\n",
            "HTTP/1.1 20",
        ),
        // RFC 9112, section 2.2: messages are read as octets of a superset of US-ASCII. Octets beyond it do not touch the
        // framing, some clients send Japanese names so, and whoever decodes the query demands UTF-8.
        (
            "a target with characters beyond ASCII",
            "GET /f/demo/fhir/Patient?name=山田 HTTP/1.1\nHost: {host}\n{token}\nConnection: close\n\n",
            ok,
        ),
    ];
    let site = Site::start().await;
    for (name, text, expected) in cases {
        let answer = Raw::exchange(&site, &written(&site, text)).await;
        assert!(answer.starts_with(expected), "{name}: {answer}");
        assert_eq!(statuses(&answer).len(), 1, "{name}: {answer}");
    }
}

#[tokio::test]
async fn a_whole_url_of_this_host_is_taken() {
    let site = Site::start().await;
    let text = "GET https://{host}/health HTTP/1.1\nHost: {host}\nConnection: close\n\n";
    let answer = Raw::exchange(&site, &written(&site, text)).await;
    assert!(answer.starts_with("HTTP/1.1 200"), "{answer}");
}
