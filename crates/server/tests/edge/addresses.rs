//! Connections of one client: so many and no more, counted by the address that a proxy tells where one does.

use crate::client::{Raw, connect};
use crate::site::Site;
use server::Bounds;
use std::time::Duration;
use tokio::io::AsyncReadExt;

const LONG: Duration = Duration::from_secs(20);

async fn site(each_max: usize, behind_a_proxy: bool) -> Site {
    Site::with(|start| {
        start.bounds = Bounds { connections_per_address_max: each_max, ..Bounds::default() };
        if behind_a_proxy {
            start.transport.proxy_protocol_from = vec!["127.0.0.0/8".parse().unwrap()];
        }
    })
    .await
}

/// A connection that is served; none when it is not.
async fn open(site: &Site, prefix: &[u8]) -> Option<Raw> {
    let opening = tokio::time::timeout(LONG, connect(site, &site.tls, b"http/1.1", prefix));
    let mut raw = Raw(opening.await.expect("neither served nor closed").ok()?);
    raw.write(b"GET /health HTTP/1.1\r\nHost: h\r\n\r\n").await;
    let mut start = [0; 12];
    raw.0.read_exact(&mut start).await.ok()?;
    (start == *b"HTTP/1.1 200").then_some(raw)
}

#[tokio::test]
async fn a_client_with_all_its_connections_gets_no_more_until_one_ends() {
    let site = site(2, false).await;
    let first = open(&site, b"").await.unwrap();
    let _second = open(&site, b"").await.unwrap();
    assert!(open(&site, b"").await.is_none(), "one too many is served");
    drop(first);
    let freed = async { while open(&site, b"").await.is_none() {} };
    tokio::time::timeout(LONG, freed).await.expect("the place is not given back");
}

/// A header of the PROXY protocol for a client with this address.
fn speaking_for(client: &str) -> Vec<u8> {
    let client: std::net::Ipv6Addr = client.parse().unwrap();
    let head = b"\r\n\r\n\0\r\nQUIT\n\x21\x21\0\x24";
    [&head[..], &client.octets(), &[0; 20]].concat()
}

#[tokio::test]
async fn behind_a_proxy_each_network_of_its_clients_is_counted_and_the_proxy_is_not() {
    let site = site(1, true).await;
    let _first = open(&site, &speaking_for("2001:db8:0:1::1")).await.unwrap();
    assert!(open(&site, &speaking_for("2001:db8:0:1::2")).await.is_none(), "the same network");
    let _other = open(&site, &speaking_for("2001:db8:0:2::1")).await.unwrap();
    let _mapped = open(&site, &speaking_for("::ffff:192.0.2.7")).await.unwrap();
    assert!(open(&site, &speaking_for("::ffff:192.0.2.7")).await.is_none());
    let _next = open(&site, &speaking_for("::ffff:192.0.2.8")).await.unwrap();
    let local = b"\r\n\r\n\0\r\nQUIT\n\x20\0\0\0";
    let mut checks = Vec::new();
    for _ in 0..3 {
        checks.push(open(&site, local).await.unwrap());
    }
}
