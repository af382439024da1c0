//! The figures of a running server, and the listener that tells them.

use crate::door::Script;
use crate::site::Site;
use base::{Class, Code};
use http::Method;
use server::MetricsListener;
use std::net::SocketAddr;
use std::time::Duration;
use tokio::io::{AsyncReadExt, AsyncWriteExt};
use tokio::net::TcpStream;
use tokio::sync::oneshot;

static BROKEN: Code = Code { id: "XX-0500", class: Class::Fault, en: "broken", ja: "故障しています" };

/// Asks in plain HTTP and gives back the whole answer.
async fn ask(address: SocketAddr, request: &str) -> String {
    let mut stream = TcpStream::connect(address).await.unwrap();
    stream.write_all(request.as_bytes()).await.unwrap();
    let mut answer = String::new();
    stream.read_to_string(&mut answer).await.unwrap();
    answer
}

#[tokio::test]
async fn requests_are_counted_by_route_and_never_by_path() {
    let site = Site::start().await;
    let mut client = site.http_1().await;
    client.read("/f/demo/fhir/Patient/secret-id?_pretty=true", &[]).await;
    client.read("/f/secret-facility/fhir/Patient/secret-id", &["x-request-id: secret-name"]).await;
    client.read("/secret-path", &[]).await;
    client.ask(Method::DELETE, "/health", &[], "").await;
    site.door.play(Script::Problem(&BROKEN));
    client.read("/f/demo/fhir/Patient/secret-id/_history", &[]).await;
    let text = site.metrics.text().unwrap();
    for line in [
        "akashi_requests_total{facility=\"demo\",method=\"GET\",route=\"/f/{facility}/fhir/{type}/{id}\",status=\"2xx\"} 1",
        "akashi_requests_total{facility=\"\",method=\"GET\",route=\"/f/{facility}/fhir/{type}/{id}\",status=\"4xx\"} 1",
        "akashi_requests_total{facility=\"\",method=\"-\",route=\"(unknown)\",status=\"4xx\"} 1",
        "akashi_requests_total{facility=\"\",method=\"-\",route=\"(other method)\",status=\"4xx\"} 1",
        "akashi_refused_total{code=\"SV-0001\"} 1",
        "akashi_refused_total{code=\"XX-0500\"} 1",
        "akashi_connections_open 1",
        "akashi_handshakes_total{outcome=\"tls_1.3\"} 1",
    ] {
        assert!(text.lines().any(|one| one == line), "{line}\n{text}");
    }
    assert!(!text.contains("secret"), "{text}");
}

#[tokio::test]
async fn a_handshake_that_fails_is_counted() {
    let site = Site::start().await;
    let mut stream = TcpStream::connect(site.address).await.unwrap();
    stream.write_all(b"GET / HTTP/1.1\r\n\r\n").await.unwrap();
    let mut rest = Vec::new();
    stream.read_to_end(&mut rest).await.unwrap_or_default();
    let counted = async {
        while !site.metrics.text().unwrap().contains("akashi_handshakes_total{outcome=\"failed\"} 1\n") {
            tokio::time::sleep(Duration::from_millis(5)).await;
        }
    };
    tokio::time::timeout(Duration::from_secs(10), counted).await.unwrap();
}

#[tokio::test]
async fn figures_are_told_on_an_address_of_their_own_and_nothing_else_is() {
    let site = Site::start().await;
    let listener = MetricsListener::bind("127.0.0.1:0".parse().unwrap(), site.metrics.clone()).await.unwrap();
    let address = listener.local_addr();
    let (stop, stopped) = oneshot::channel::<()>();
    let running = tokio::spawn(listener.run(async move { drop(stopped.await) }));
    let good = ask(address, "GET /metrics HTTP/1.1\r\nhost: a\r\n\r\n").await;
    assert!(good.starts_with("HTTP/1.1 200 OK\r\n"), "{good}");
    assert!(good.contains("content-type: application/openmetrics-text; version=1.0.0"), "{good}");
    assert!(good.ends_with("# EOF\n"), "{good}");
    for (request, status) in [
        ("GET / HTTP/1.1\r\nhost: a\r\n\r\n", "404"),
        ("GET /health HTTP/1.1\r\nhost: a\r\n\r\n", "404"),
        ("POST /metrics HTTP/1.1\r\nhost: a\r\ncontent-length: 0\r\n\r\n", "405"),
    ] {
        let answer = ask(address, request).await;
        assert!(answer.starts_with(&format!("HTTP/1.1 {status}")), "{request}: {answer}");
    }
    let public = site.http_1().await.read("/metrics", &[]).await;
    assert_eq!(public.status(), 404);
    stop.send(()).unwrap();
    running.await.unwrap();
    assert!(TcpStream::connect(address).await.is_err());
}

#[tokio::test]
async fn an_address_that_is_taken_is_told() {
    let site = Site::start().await;
    let refused = MetricsListener::bind(site.address, site.metrics.clone()).await.unwrap_err();
    assert_eq!(refused.code().id, "SV-0023");
}
