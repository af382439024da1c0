//! Which versions of TLS the server speaks, tried by connecting to it with a greeting of each version; and whether it
//! limits how often it is asked.

use super::{Serving, Sight};
use guideline::{Fact, Text, Value};
use std::net::SocketAddr;
use std::time::Duration;
use tokio::io::{AsyncReadExt, AsyncWriteExt};
use tokio::net::TcpStream;
use tokio::time::timeout;

/// Time for one greeting and its answer.
const PATIENCE: Duration = Duration::from_secs(5);

/// Requests at once that no limit lets pass.
const REQUESTS_AT_ONCE: u32 = 50_000;

/// Record type and handshake type of a server's greeting (RFC 8446, sections 5.1 and 4).
const HANDSHAKE: u8 = 22;
const SERVER_HELLO: u8 = 2;
/// Record type of a refusal.
const ALERT: u8 = 21;

/// A version with its name and how a greeting says it.
const VERSIONS: [(&str, u8); 4] = [("TLS 1.0", 1), ("TLS 1.1", 2), ("TLS 1.2", 3), ("TLS 1.3", 4)];

pub(super) async fn look(sight: &Sight<'_>) -> Vec<Fact> {
    let Some(serving) = sight.serving else { return Vec::new() };
    let mut facts = vec![rates(sight, serving)];
    let address = serving.reachable();
    let mut spoken = Vec::new();
    for (name, minor) in VERSIONS {
        match speaks(address, minor).await {
            Some(true) => spoken.push(name.to_owned()),
            Some(false) => {}
            // What was not answered is not known, and so is the whole list.
            None => return facts,
        }
    }
    facts.push(sight.fact(
        "runtime.tls.versions",
        Value::Texts(spoken),
        ("各版で実際に接続", "connected with each version"),
    ));
    if let Some(answered) = answers_plainly(address).await {
        facts.push(sight.yes_no(
            "runtime.tls.plain_http",
            answered,
            ("TLS なしで実際に要求", "asked without TLS"),
        ));
    }
    facts
}

/// Asks the server's own limits until they say no.
fn rates(sight: &Sight<'_>, serving: &Serving) -> Fact {
    let limited = (serving.rates)(REQUESTS_AT_ONCE);
    let how = Text {
        ja: format!("実在しないアドレスとして上限処理に最大 {REQUESTS_AT_ONCE} 回問い合わせ"),
        en: format!("asked the limits as an address of nobody, at most {REQUESTS_AT_ONCE} times"),
    };
    sight.yes_no("runtime.door.rate_limited", limited, how)
}

/// Whether a greeting of this version is taken; none when there is no answer that says so.
async fn speaks(address: SocketAddr, minor: u8) -> Option<bool> {
    let answer = exchange(address, &greeting(minor), 64).await?;
    match (answer.first()?, answer.get(5), answer.get(9..11)) {
        // The version stands in the greeting's fixed field up to 1.2; 1.3 says it in an extension.
        (&HANDSHAKE, Some(&SERVER_HELLO), Some(version)) => Some(minor == 4 || version == [3, minor]),
        (&ALERT, _, _) => Some(false),
        _ => None,
    }
}

async fn answers_plainly(address: SocketAddr) -> Option<bool> {
    let request = b"GET / HTTP/1.1\r\nHost: localhost\r\nConnection: close\r\n\r\n";
    let answer = exchange(address, request, 64).await.unwrap_or_default();
    let text = String::from_utf8_lossy(&answer).into_owned();
    let status = text.strip_prefix("HTTP/1.").and_then(|rest| rest.split(' ').nth(1)?.parse::<u16>().ok());
    // A refusal in plain text answers nothing.
    Some(status.is_some_and(|status| status < 400))
}

/// Sends something, and takes the first bytes of what comes back; none when nobody listens or answers.
async fn exchange(address: SocketAddr, send: &[u8], most: usize) -> Option<Vec<u8>> {
    let talk = async {
        let mut stream = TcpStream::connect(address).await.ok()?;
        stream.write_all(send).await.ok()?;
        let mut answer = Vec::new();
        let mut part = vec![0; most];
        while answer.len() < most {
            match stream.read(&mut part).await {
                Ok(0) | Err(_) => break,
                Ok(count) => answer.extend_from_slice(part.get(..count)?),
            }
            // A greeting or a refusal is there when its record has begun.
            if answer.len() >= 11 || answer.first() == Some(&ALERT) {
                break;
            }
        }
        Some(answer)
    };
    timeout(PATIENCE, talk).await.ok().flatten()
}

/// A client's greeting that offers one version and nothing newer (RFC 5246, section 7.4.1.2; RFC 8446, section 4.1.2).
fn greeting(minor: u8) -> Vec<u8> {
    let mut hello = vec![3, minor.min(3)];
    hello.extend([0x5a; 32]);
    hello.push(0);
    // AES-GCM and CHACHA20 of 1.3; ECDHE with AES-GCM of 1.2; ECDHE and RSA with AES-CBC of the versions before.
    let suites: [u16; 12] =
        [0x1301, 0x1302, 0x1303, 0xc02f, 0xc02b, 0xc030, 0xc02c, 0xcca8, 0xc013, 0xc014, 0xc009, 0x002f];
    put_16(&mut hello, suites.len().saturating_mul(2));
    for suite in suites {
        hello.extend(suite.to_be_bytes());
    }
    hello.extend([1, 0]);
    let mut extensions = Vec::new();
    // Groups: X25519, P-256. Points: uncompressed. Signatures: ECDSA, RSA-PSS, RSA with SHA-256, and SHA-1 for old versions.
    extension(&mut extensions, 10, &[0, 4, 0, 0x1d, 0, 0x17]);
    extension(&mut extensions, 11, &[1, 0]);
    extension(&mut extensions, 13, &[0, 12, 4, 3, 8, 4, 4, 1, 5, 1, 2, 1, 2, 3]);
    if minor == 4 {
        extension(&mut extensions, 43, &[2, 3, 4]);
        let mut share = vec![0, 36, 0, 0x1d, 0, 32];
        // The base point of X25519: a public key like any other.
        share.push(9);
        share.extend([0; 31]);
        extension(&mut extensions, 51, &share);
    }
    put_16(&mut hello, extensions.len());
    hello.extend(extensions);
    let mut handshake = vec![1, 0];
    put_16(&mut handshake, hello.len());
    handshake.extend(hello);
    let mut record = vec![HANDSHAKE, 3, 1];
    put_16(&mut record, handshake.len());
    record.extend(handshake);
    record
}

fn extension(all: &mut Vec<u8>, number: u8, content: &[u8]) {
    all.extend([0, number]);
    put_16(all, content.len());
    all.extend_from_slice(content);
}

fn put_16(all: &mut Vec<u8>, length: usize) {
    all.extend(u16::try_from(length).unwrap_or(u16::MAX).to_be_bytes());
}
