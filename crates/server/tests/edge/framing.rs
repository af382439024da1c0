//! Raw requests that leave doubt about where they begin, end or belong: refused, and the connection ended.

use crate::client::{Raw, status};
use crate::site::{Site, TOKEN};

/// A request with a valid token; `{host}` and `{token}` are filled in, line ends made right.
fn written(site: &Site, text: &str) -> Vec<u8> {
    let filled = text.replace("{host}", &site.address.to_string());
    let filled = filled.replace("{token}", &format!("Authorization: Bearer {TOKEN}"));
    filled.replace('\n', "\r\n").into_bytes()
}

#[tokio::test]
async fn doubtful_requests_are_refused_and_end_the_connection() {
    let site = Site::start().await;
    let path = "/f/demo/fhir/Patient/42";
    let cases = [
        ("no host", format!("GET {path} HTTP/1.1\n{{token}}\n\n"), 400, "SV-0008"),
        ("no host, old", format!("GET {path} HTTP/1.0\n{{token}}\n\n"), 400, "SV-0008"),
        (
            "two hosts",
            format!("GET {path} HTTP/1.1\nHost: {{host}}\nHost: {{host}}\n{{token}}\n\n"),
            400,
            "SV-0008",
        ),
        ("list of hosts", format!("GET {path} HTTP/1.1\nHost: a, b\n{{token}}\n\n"), 400, "SV-0008"),
        ("empty host", format!("GET {path} HTTP/1.1\nHost:\n{{token}}\n\n"), 400, "SV-0008"),
        ("host with a user", format!("GET {path} HTTP/1.1\nHost: a@b\n{{token}}\n\n"), 400, "SV-0008"),
        ("host with a path", format!("GET {path} HTTP/1.1\nHost: a/b\n{{token}}\n\n"), 400, "SV-0008"),
        (
            "foreign target",
            format!("GET https://other{path} HTTP/1.1\nHost: {{host}}\n{{token}}\n\n"),
            400,
            "SV-0009",
        ),
        (
            "target without TLS",
            format!("GET http://{{host}}{path} HTTP/1.1\nHost: {{host}}\n{{token}}\n\n"),
            400,
            "SV-0009",
        ),
        (
            "get with a body",
            format!("GET {path} HTTP/1.1\nHost: {{host}}\n{{token}}\nContent-Length: 2\n\n{{}}"),
            400,
            "SV-0010",
        ),
        (
            "get with chunks",
            format!("GET {path} HTTP/1.1\nHost: {{host}}\n{{token}}\nTransfer-Encoding: chunked\n\n0\n\n"),
            400,
            "SV-0010",
        ),
        (
            "head with a body",
            format!("HEAD {path} HTTP/1.1\nHost: {{host}}\n{{token}}\nContent-Length: 2\n\n{{}}"),
            400,
            "",
        ),
        (
            "delete with a body",
            format!("DELETE {path} HTTP/1.1\nHost: {{host}}\n{{token}}\nContent-Length: 2\n\n{{}}"),
            400,
            "SV-0010",
        ),
        ("connect", "CONNECT other:443 HTTP/1.1\nHost: other:443\n\n".into(), 400, "SV-0009"),
    ];
    for (name, text, expected, code) in cases {
        let answer = Raw::exchange(&site, &written(&site, &text)).await;
        assert_eq!(status(&answer).map(|status| status.as_u16()), Some(expected), "{name}: {answer}");
        assert!(answer.contains(code), "{name}: {answer}");
        assert_eq!(answer.matches("HTTP/1.").count(), 1, "{name}: {answer}");
    }
    assert!(site.door.seen().is_empty());
}

#[tokio::test]
async fn what_is_no_http_is_refused_without_a_text() {
    let site = Site::start().await;
    let cases = [
        ("no method", " / HTTP/1.1\nHost: {host}\n\n"),
        ("no version", "GET /health\nHost: {host}\n\n"),
        ("space before colon", "GET /health HTTP/1.1\nHost : {host}\n\n"),
        ("folded field", "GET /health HTTP/1.1\nHost: {host}\nA: b\n c\n\n"),
        ("two lengths", "POST /health HTTP/1.1\nHost: {host}\nContent-Length: 1\nContent-Length: 2\n\nab"),
        ("length with a sign", "POST /health HTTP/1.1\nHost: {host}\nContent-Length: +2\n\nab"),
        ("unknown transfer", "POST /health HTTP/1.1\nHost: {host}\nTransfer-Encoding: gzip\n\nab"),
        ("HTTP/3", "GET /health HTTP/3.0\nHost: {host}\n\n"),
    ];
    for (name, text) in cases {
        let answer = Raw::exchange(&site, &written(&site, text)).await;
        let refused =
            answer.is_empty() || answer.starts_with("HTTP/1.1 4") || answer.starts_with("HTTP/1.1 5");
        assert!(refused, "{name}: {answer}");
        assert!(answer.matches("HTTP/1.1 ").count() <= 1, "{name}: {answer}");
    }
}

#[tokio::test]
async fn a_whole_url_of_this_host_is_taken() {
    let site = Site::start().await;
    let text = "GET https://{host}/health HTTP/1.1\nHost: {host}\nConnection: close\n\n";
    let answer = Raw::exchange(&site, &written(&site, text)).await;
    assert!(answer.starts_with("HTTP/1.1 200"), "{answer}");
}

#[tokio::test]
async fn an_empty_body_is_no_body() {
    let site = Site::start().await;
    let text = "GET /health HTTP/1.1\nHost: {host}\nContent-Length: 0\nConnection: close\n\n";
    let answer = Raw::exchange(&site, &written(&site, text)).await;
    assert!(answer.starts_with("HTTP/1.1 200"), "{answer}");
}
