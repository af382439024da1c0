//! Sizes, deadlines, numbers: each has its answer, and none lets a client hold on to the server.

use crate::client::{Client, Raw, status};
use crate::door::Script;
use crate::site::{Site, TOKEN};
use http::Method;
use server::Bounds;
use std::time::Duration;
use tokio::io::{AsyncReadExt, AsyncWriteExt};
use tokio::net::TcpStream;

const JSON: &str = "content-type: application/json";
const SHORT: Duration = Duration::from_millis(200);
/// What a test waits for something that happens at once on a calm machine.
const LONG: Duration = Duration::from_secs(20);

/// A deadline that plays no part in a test.
const NEVER: Duration = Duration::from_hours(1);

async fn site(bounds: Bounds) -> Site {
    Site::with(|start| start.bounds = bounds).await
}

#[tokio::test]
async fn a_body_beyond_the_limit_is_refused() {
    let site = site(Bounds { body_bytes_max: 10, ..Bounds::default() }).await;
    for mut client in [site.http_1().await, site.http_2().await] {
        let reply = client.ask(Method::POST, "/f/demo/fhir", &[JSON], "0123456789").await;
        assert_eq!(reply.status(), 200);
        let reply = client.ask(Method::POST, "/f/demo/fhir", &[JSON], "0123456789a").await;
        assert_eq!((reply.status(), reply.code().as_str()), (413, "SV-0004"));
        assert!(reply.text().contains("10"));
    }
    assert_eq!(site.door.seen().len(), 2);
}

#[tokio::test]
async fn an_announced_length_beyond_the_limit_is_refused_before_the_body_comes() {
    let site = site(Bounds { body_bytes_max: 10, ..Bounds::default() }).await;
    let head = format!(
        "POST /f/demo/fhir HTTP/1.1\r\nHost: h\r\nAuthorization: Bearer {TOKEN}\r\n{JSON}\r\nContent-Length: 11\r\n\r\n"
    );
    let answer = Raw::exchange(&site, head.as_bytes()).await;
    assert_eq!(status(&answer).unwrap(), 413, "{answer}");
    assert!(answer.to_ascii_lowercase().contains("connection: close"), "{answer}");
}

#[tokio::test]
async fn chunks_beyond_the_limit_are_refused() {
    let site = site(Bounds { body_bytes_max: 10, ..Bounds::default() }).await;
    let head = format!(
        "POST /f/demo/fhir HTTP/1.1\r\nHost: h\r\nAuthorization: Bearer {TOKEN}\r\n{JSON}\r\n\
         Transfer-Encoding: chunked\r\n\r\n6\r\n012345\r\n6\r\n012345\r\n"
    );
    let answer = Raw::exchange(&site, head.as_bytes()).await;
    assert_eq!(status(&answer).unwrap(), 413, "{answer}");
}

#[tokio::test]
async fn a_client_that_goes_on_sending_still_hears_the_refusal() {
    let site = site(Bounds { body_bytes_max: 10, ..Bounds::default() }).await;
    let mut raw = site.raw().await;
    let length = 2_000_000;
    let head = format!(
        "POST /f/demo/fhir HTTP/1.1\r\nHost: h\r\nAuthorization: Bearer {TOKEN}\r\n{JSON}\r\n\
         Content-Length: {length}\r\n\r\n"
    );
    raw.write(head.as_bytes()).await;
    raw.write(&vec![b'x'; length]).await;
    assert_eq!(status(&raw.rest().await).unwrap(), 413);
}

#[tokio::test]
async fn a_target_beyond_the_limit_is_refused() {
    let site = Site::start().await;
    let path = format!("/f/demo/fhir/Patient?identifier={}", "x".repeat(9_000));
    for mut client in [site.http_1().await, site.http_2().await] {
        let reply = client.read(&path, &[]).await;
        assert_eq!((reply.status(), reply.code().as_str()), (414, "SV-0006"));
    }
}

#[tokio::test]
async fn a_header_section_beyond_the_limit_is_refused() {
    let site = Site::start().await;
    let long = format!("x-long: {}", "x".repeat(33_000));
    let many: Vec<String> = (0..101).map(|number| format!("x-{number}: x")).collect();
    let many: Vec<&str> = many.iter().map(String::as_str).collect();
    for fields in [&[long.as_str()][..], &many] {
        for mut client in [site.http_1().await, site.http_2().await] {
            let reply = client.read("/f/demo/fhir/Patient/42", fields).await;
            assert_eq!((reply.status(), reply.code().as_str()), (431, "SV-0005"));
        }
    }
    assert!(site.door.seen().is_empty());
}

#[tokio::test]
async fn a_header_section_far_beyond_the_limit_ends_the_connection() {
    let site = Site::start().await;
    let mut raw = site.raw().await;
    raw.write(b"GET /health HTTP/1.1\r\nHost: h\r\nA: ").await;
    raw.write(&vec![b'x'; 200_000]).await;
    let answer = raw.rest().await;
    assert_eq!(status(&answer).unwrap(), 431);
    assert!(answer.contains("SV-0005"), "{answer}");
}

#[tokio::test]
async fn a_target_far_beyond_the_limit_ends_the_connection() {
    let site = Site::start().await;
    let mut raw = site.raw().await;
    raw.write(b"GET /").await;
    raw.write(&vec![b'x'; 200_000]).await;
    let answer = raw.rest().await;
    assert_eq!(status(&answer).unwrap(), 414);
    assert!(answer.contains("SV-0006"), "{answer}");
}

#[tokio::test]
async fn a_request_that_takes_too_long_is_given_up() {
    let site = site(Bounds { request: SHORT, ..Bounds::default() }).await;
    site.door.play(Script::Wait);
    let reply = site.http_1().await.read("/f/demo/fhir/Patient/42", &[]).await;
    assert_eq!((reply.status(), reply.code().as_str()), (503, "SV-0007"));
    assert!(!reply.field("retry-after").is_empty());
}

#[tokio::test]
async fn a_body_that_trickles_is_given_up() {
    let site = site(Bounds { request: SHORT, ..Bounds::default() }).await;
    let head = format!(
        "POST /f/demo/fhir HTTP/1.1\r\nHost: h\r\nAuthorization: Bearer {TOKEN}\r\n{JSON}\r\nContent-Length: 5\r\n\r\n{{"
    );
    let answer = Raw::exchange(&site, head.as_bytes()).await;
    assert_eq!(status(&answer).unwrap(), 503, "{answer}");
}

/// Reads until the server closes the connection, in bounded time.
async fn closed(stream: &mut (impl AsyncReadExt + Unpin)) -> usize {
    let mut bytes = Vec::new();
    let end = tokio::time::timeout(LONG, stream.read_to_end(&mut bytes)).await;
    end.expect("the server keeps the connection").unwrap_or(0);
    bytes.len()
}

#[tokio::test]
async fn a_handshake_that_does_not_come_is_given_up() {
    let site = site(Bounds { handshake: SHORT, ..Bounds::default() }).await;
    let mut silent = TcpStream::connect(site.address).await.unwrap();
    assert_eq!(closed(&mut silent).await, 0);
}

#[tokio::test]
async fn a_header_section_that_trickles_is_given_up() {
    let site = site(Bounds { header: SHORT, idle: NEVER, ..Bounds::default() }).await;
    let mut raw = site.raw().await;
    raw.write(b"GET /health HTTP/1.1\r\nHost: h\r\n").await;
    closed(&mut raw.0).await;
}

#[tokio::test]
async fn an_idle_connection_is_closed() {
    let site = site(Bounds { idle: SHORT, header: NEVER, ..Bounds::default() }).await;
    for protocol in [&b"http/1.1"[..], b"h2"] {
        let mut raw = Raw::open(&site, protocol).await;
        closed(&mut raw.0).await;
    }
}

#[tokio::test]
async fn a_client_that_takes_no_answer_is_cut_off() {
    let bounds = Bounds { idle: SHORT, closing: SHORT, connections_max: 1, ..Bounds::default() };
    let site = site(bounds).await;
    let huge = format!("\"{}\"", "x".repeat(32 * 1024 * 1024));
    site.door.play(Script::Answer(crate::door::answer(records::Outcome::Found, &huge)));
    let mut raw = site.raw().await;
    let head =
        format!("GET /f/demo/fhir/Patient/42 HTTP/1.1\r\nHost: h\r\nAuthorization: Bearer {TOKEN}\r\n\r\n");
    raw.write(head.as_bytes()).await;
    // There is room for one connection: the next one is served as soon as the server has given up this one.
    let next = async { site.http_1().await.ask_openly(Method::GET, "/health", &[], "").await };
    let reply = tokio::time::timeout(LONG, next).await.expect("the connection is held");
    assert_eq!(reply.status(), 200);
    drop(raw);
}

#[tokio::test]
async fn connections_beyond_the_limit_wait_until_one_ends() {
    let site = site(Bounds { connections_max: 1, ..Bounds::default() }).await;
    let mut first = site.raw().await;
    let second = async { site.http_1().await.ask_openly(Method::GET, "/health", &[], "").await.status() };
    tokio::pin!(second);
    assert!(tokio::time::timeout(SHORT, &mut second).await.is_err(), "served although there is no room");
    first.0.shutdown().await.unwrap();
    drop(first);
    assert_eq!(tokio::time::timeout(LONG, second).await.expect("never served"), 200);
}

#[tokio::test]
async fn what_is_no_tls_is_dropped() {
    let site = Site::start().await;
    let mut plain = TcpStream::connect(site.address).await.unwrap();
    plain.write_all(b"GET /health HTTP/1.1\r\nHost: h\r\n\r\n").await.unwrap();
    let mut bytes = Vec::new();
    plain.read_to_end(&mut bytes).await.unwrap_or(0);
    assert!(!bytes.starts_with(b"HTTP"));
}

async fn stops_with_a_running_request(mut client: Client, site: Site) {
    site.door.play(Script::Wait);
    let door = site.door.clone();
    let address = site.address;
    let request = tokio::spawn(async move {
        let status = client.read("/f/demo/fhir/Patient/42", &[]).await.status();
        // The connection stays open on this side: it is the server that has to end it.
        (status, client)
    });
    door.arrival().await;
    site.stop();
    door.release();
    let (status, _open) = request.await.unwrap();
    assert_eq!(status, 200);
    tokio::time::timeout(LONG, site.ended()).await.expect("the server does not end");
    assert!(TcpStream::connect(address).await.is_err(), "still listening");
}

#[tokio::test]
async fn a_stopping_server_finishes_running_requests() {
    let bounds = Bounds { closing: NEVER, idle: NEVER, header: NEVER, ..Bounds::default() };
    let first = site(bounds).await;
    stops_with_a_running_request(first.http_1().await, first).await;
    let second = site(bounds).await;
    stops_with_a_running_request(second.http_2().await, second).await;
}

#[tokio::test]
async fn a_stopping_server_does_not_wait_for_ever() {
    let site = site(Bounds { closing: SHORT, ..Bounds::default() }).await;
    site.door.play(Script::Wait);
    let (mut client, door) = (site.http_1().await, site.door.clone());
    let request =
        tokio::spawn(
            async move { client.send(Method::GET, "/f/demo/fhir/Patient/42", &[&token()], "").await },
        );
    door.arrival().await;
    site.stop();
    tokio::time::timeout(LONG, site.ended()).await.expect("the server does not end");
    assert!(request.await.unwrap().is_err());
}

fn token() -> String {
    format!("authorization: Bearer {TOKEN}")
}

/// How a server starts that serves nobody.
fn start_at(listen: std::net::SocketAddr) -> server::Configuration {
    let made = server::development_certificates(&[], base::Time::from_microseconds(0)).unwrap();
    server::Configuration {
        listen,
        certificate: crate::site::certificate(&made),
        client_certificates: None,
        transport: server::Transport::default(),
        quotas: identity::session::Quotas::default(),
        base_url: None,
        bounds: Bounds::default(),
    }
}

#[tokio::test]
async fn two_facilities_of_one_id_are_refused() {
    let door = crate::door::Fake::new("demo");
    let start = start_at("127.0.0.1:0".parse().unwrap());
    let problem = server::Server::bind(start, vec![door.clone(), door]).await.unwrap_err();
    assert_eq!(problem.code().id, "SV-0026");
}

#[tokio::test]
async fn an_address_in_use_is_reported() {
    let site = Site::start().await;
    let start = start_at(site.address);
    let problem = server::Server::<crate::door::Fake>::bind(start, Vec::new()).await.unwrap_err();
    assert_eq!(problem.code().id, "SV-0023");
}
