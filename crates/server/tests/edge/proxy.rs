//! The PROXY header: demanded of the load balancers listed, taken from nobody else. And both families of addresses.

use crate::client::{Raw, connect};
use crate::site::Site;
use http::Method;
use server::Bounds;
use std::time::Duration;
use tokio::io::{AsyncReadExt, AsyncWriteExt};
use tokio::net::TcpStream;

const LONG: Duration = Duration::from_secs(20);
const SHORT: Duration = Duration::from_millis(200);

/// A header of version 2.
fn header(command: u8, family: u8, rest: &[u8]) -> Vec<u8> {
    let length = u16::try_from(rest.len()).unwrap().to_be_bytes();
    [&b"\r\n\r\n\0\r\nQUIT\n"[..], &[command, family], &length, rest].concat()
}

fn tcp4() -> Vec<u8> {
    header(0x21, 0x11, &[192, 0, 2, 7, 10, 0, 0, 1, 0x80, 0, 1, 0xBB])
}

fn tcp6() -> Vec<u8> {
    let source: std::net::Ipv6Addr = "2001:db8::7".parse().unwrap();
    header(0x21, 0x21, &[&source.octets()[..], &[0; 16], &[0x80, 0, 1, 0xBB]].concat())
}

async fn behind(network: &str) -> Site {
    let network = network.parse().unwrap();
    Site::with(|start| start.transport.proxy_protocol_from = vec![network]).await
}

/// Whether a connection that begins with these bytes is served.
async fn served(site: &Site, prefix: &[u8]) -> bool {
    let Ok(stream) = connect(site, &site.tls, b"http/1.1", prefix).await else {
        return false;
    };
    let mut raw = Raw(stream);
    raw.write(b"GET /health HTTP/1.1\r\nHost: h\r\nConnection: close\r\n\r\n").await;
    raw.rest().await.starts_with("HTTP/1.1 200")
}

#[tokio::test]
async fn a_proxy_must_say_whose_connection_it_passes_on() {
    let site = behind("127.0.0.0/8").await;
    let with_more =
        header(0x21, 0x11, &[&[192, 0, 2, 7, 10, 0, 0, 1, 0x80, 0, 1, 0xBB, 4][..], &[0; 3]].concat());
    let good =
        [("TCP4", tcp4()), ("TCP6", tcp6()), ("more data", with_more), ("LOCAL", header(0x20, 0, &[]))];
    for (name, prefix) in good {
        assert!(served(&site, &prefix).await, "{name}");
    }
    let bad = [
        ("no header", Vec::new()),
        ("version 1", b"PROXY TCP4 192.0.2.7 10.0.0.1 32768 443\r\n".to_vec()),
        ("UDP", header(0x21, 0x12, &[0; 12])),
        ("UNIX", header(0x21, 0x31, &[0; 216])),
        ("no family", header(0x21, 0, &[])),
        ("too short", header(0x21, 0x11, &[0; 8])),
        ("too long", header(0x21, 0x11, &[0; 521])),
        ("other version", header(0x31, 0x11, &[0; 12])),
        ("two headers", [tcp4(), tcp4()].concat()),
    ];
    for (name, prefix) in bad {
        let result = tokio::time::timeout(LONG, served(&site, &prefix)).await;
        assert!(!result.expect("the connection is kept"), "{name}");
    }
}

#[tokio::test]
async fn a_header_from_anybody_else_is_not_taken() {
    let site = behind("192.0.2.0/24").await;
    assert!(!served(&site, &tcp4()).await);
    assert!(served(&site, b"").await);
}

#[tokio::test]
async fn a_header_that_does_not_come_is_given_up() {
    let network = "127.0.0.0/8".parse().unwrap();
    let site = Site::with(|start| {
        start.transport.proxy_protocol_from = vec![network];
        start.bounds = Bounds { handshake: SHORT, ..Bounds::default() };
    })
    .await;
    for begun in [&b""[..], &tcp4()[..7], &tcp4()[..20]] {
        let mut silent = TcpStream::connect(site.address).await.unwrap();
        silent.write_all(begun).await.unwrap();
        let mut bytes = Vec::new();
        let end = tokio::time::timeout(LONG, silent.read_to_end(&mut bytes)).await;
        end.expect("the connection is kept").unwrap_or(0);
        assert!(bytes.is_empty());
    }
}

#[tokio::test]
async fn on_any_address_both_families_are_served() {
    let mut site = Site::with(|start| start.listen = "[::]:0".parse().unwrap()).await;
    let port = site.address.port();
    for address in ["127.0.0.1", "::1"] {
        site.address = std::net::SocketAddr::new(address.parse().unwrap(), port);
        let reply = site.http_2().await.ask_openly(Method::GET, "/health", &[], "").await;
        assert_eq!(reply.status(), 200, "{address}");
    }
}

#[tokio::test]
async fn a_proxy_is_known_by_its_ipv4_address_on_a_listener_of_both_families() {
    let network = "127.0.0.1/32".parse().unwrap();
    let mut site = Site::with(|start| {
        start.listen = "[::]:0".parse().unwrap();
        start.transport.proxy_protocol_from = vec![network];
    })
    .await;
    let port = site.address.port();
    site.address = format!("127.0.0.1:{port}").parse().unwrap();
    assert!(served(&site, &tcp6()).await);
    assert!(!served(&site, b"").await);
    site.address = format!("[::1]:{port}").parse().unwrap();
    assert!(served(&site, b"").await, "this one is no proxy");
}
