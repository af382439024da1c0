//! Codes by SMS, through a gateway on this machine.

use crate::bench::{Bench, Way, id};
use crate::people::{OTHER_PASSWORD, PASSWORD, wrong};
use crate::work;
use identity::FactorKind;
use serde_json::{Value, json};
use std::time::Duration;
use tokio::io::{AsyncReadExt as _, AsyncWriteExt as _};
use tokio::net::{TcpListener, TcpStream};

/// A gateway that takes everything.
struct Gateway {
    listener: TcpListener,
}

impl Gateway {
    async fn new() -> Self {
        Self { listener: TcpListener::bind("127.0.0.1:0").await.unwrap() }
    }

    fn url(&self) -> String {
        format!("http://127.0.0.1:{}/send", self.listener.local_addr().unwrap().port())
    }

    /// The next message: its header section and its body.
    async fn message(&self) -> (String, Value) {
        let (mut stream, _) = self.listener.accept().await.unwrap();
        let request = read(&mut stream).await;
        stream
            .write_all(b"HTTP/1.1 202 Accepted\r\ncontent-length: 0\r\nconnection: close\r\n\r\n")
            .await
            .unwrap();
        let (head, body) = request.split_once("\r\n\r\n").unwrap();
        (head.to_owned(), serde_json::from_str(body).unwrap())
    }

    /// The code in the next message.
    async fn code(&self) -> String {
        let (_, body) = self.message().await;
        let text = body["text"].as_str().unwrap();
        let code: String = text.chars().skip_while(|c| !c.is_ascii_digit()).take(6).collect();
        assert!(code.bytes().all(|byte| byte.is_ascii_digit()) && code.len() == 6, "{text}");
        code
    }

    /// Whether nobody knocks.
    async fn is_quiet(&self) -> bool {
        tokio::time::timeout(Duration::from_millis(100), self.listener.accept()).await.is_err()
    }
}

async fn read(stream: &mut TcpStream) -> String {
    let mut text = String::new();
    let mut bytes = [0; 4_096];
    loop {
        let length = stream.read(&mut bytes).await.unwrap();
        text.push_str(std::str::from_utf8(&bytes[..length]).unwrap());
        let Some((head, body)) = text.split_once("\r\n\r\n") else { continue };
        let announced = head
            .lines()
            .find_map(|line| line.to_ascii_lowercase().strip_prefix("content-length: ").map(str::to_owned));
        if body.len() >= announced.map_or(0, |length| length.parse().unwrap()) {
            return text;
        }
    }
}

/// A facility with a gateway, and somebody with a telephone.
async fn room() -> (Bench, Gateway) {
    let bench = Bench::new().await;
    let gateway = Gateway::new().await;
    let values = json!({ "sms-url": gateway.url(), "sms-headers": "Authorization: Bearer gatewaykey" });
    bench.run(json!({ "command": "policy-set", "values": values })).await;
    bench.person("sato").await;
    bench.run(json!({ "command": "account-change", "account": "sato", "phone": "+81 90 0000 0001" })).await;
    (bench, gateway)
}

fn wanted(account: &str, password: &str) -> Value {
    json!({ "account": account, "password": password })
}

fn login(code: &str) -> Value {
    json!({ "account": "sato", "password": PASSWORD, "sms": code })
}

#[tokio::test]
async fn codes_are_sent_only_where_a_gateway_is_set() {
    let bench = Bench::new().await;
    bench.person("sato").await;
    assert_eq!(id(bench.send_code(&Way::bearer(), wanted("sato", PASSWORD)).await), "ID-0018");
    assert_eq!(id(bench.login(login("123456"), &Way::bearer()).await), "ID-0302");
}

#[tokio::test]
async fn a_code_that_was_sent_logs_in_once() {
    let (bench, gateway) = room().await;
    bench.send_code(&Way::bearer(), wanted("sato", PASSWORD)).await.unwrap();
    let (head, body) = gateway.message().await;
    assert!(head.contains("Bearer gatewaykey") && body["to"] == "+819000000001", "{body}");
    assert!(!body.to_string().contains("sato"), "the message names nobody");
    bench.send_code(&Way::bearer(), wanted("sato", PASSWORD)).await.unwrap();
    let code = gateway.code().await;
    let begun = bench.login(login(&code), &Way::bearer()).await.unwrap();
    assert_eq!(begun.factors, [FactorKind::Password, FactorKind::Sms]);
    assert_eq!(id(bench.login(login(&code), &Way::bearer()).await), "ID-0302");
}

#[tokio::test]
async fn everybody_is_answered_alike_and_only_who_has_the_password_gets_a_message() {
    let (bench, gateway) = room().await;
    bench.person("mori").await;
    bench.person("gone").await;
    bench.run(json!({ "command": "account-change", "account": "gone", "phone": "+81 90 0000 0002" })).await;
    bench.run(json!({ "command": "account-disable", "account": "gone", "reason": "退職" })).await;
    let cases = [
        wanted("sato", OTHER_PASSWORD),
        wanted("nobody", PASSWORD),
        wanted("mori", PASSWORD),
        wanted("gone", PASSWORD),
    ];
    for case in cases {
        let said = case.to_string();
        let (answer, hashes, commits) = work::of(&bench, bench.send_code(&Way::bearer(), case)).await;
        assert_eq!((id(answer), hashes, commits), ("none", 1, 1), "{said}");
    }
    assert!(gateway.is_quiet().await);
    let sent = work::of(&bench, bench.send_code(&Way::bearer(), wanted("sato", PASSWORD))).await;
    assert_eq!((id(sent.0), sent.1, sent.2), ("none", 1, 1));
    gateway.code().await;
}

#[tokio::test]
async fn a_code_is_good_for_three_tries() {
    let (bench, gateway) = room().await;
    bench.send_code(&Way::bearer(), wanted("sato", PASSWORD)).await.unwrap();
    let code = gateway.code().await;
    for _ in 0..3 {
        assert_eq!(id(bench.login(login(&wrong(&code)), &Way::bearer()).await), "ID-0302");
    }
    bench.run(json!({ "command": "policy-set", "values": { "factors-needed": "1" } })).await;
    assert_eq!(id(bench.login(login(&code), &Way::bearer()).await), "ID-0302", "the lane is still open");
    let alone = json!({ "account": "sato", "password": PASSWORD });
    bench.pass(60);
    assert_eq!(id(bench.login(alone, &Way::bearer()).await), "none");
}

#[tokio::test]
async fn a_code_is_good_for_five_minutes_and_until_a_restart() {
    let (mut bench, gateway) = room().await;
    for (seconds, expected) in [(298, "none"), (300, "ID-0302")] {
        bench.send_code(&Way::bearer(), wanted("sato", PASSWORD)).await.unwrap();
        let code = gateway.code().await;
        bench.pass(seconds);
        assert_eq!(id(bench.login(login(&code), &Way::bearer()).await), expected, "{seconds}");
    }
    bench.send_code(&Way::bearer(), wanted("sato", PASSWORD)).await.unwrap();
    let code = gateway.code().await;
    bench.reopen();
    assert_eq!(id(bench.login(login(&code), &Way::bearer()).await), "ID-0302");
}

#[tokio::test]
async fn a_code_that_waits_is_worth_nothing_once_sms_is_switched_off() {
    let (bench, gateway) = room().await;
    bench.send_code(&Way::bearer(), wanted("sato", PASSWORD)).await.unwrap();
    let code = gateway.code().await;
    bench.set("sms-url", "").await;
    assert_eq!(id(bench.login(login(&code), &Way::bearer()).await), "ID-0302");
}

#[tokio::test]
async fn sending_is_counted_as_a_try() {
    let (bench, gateway) = room().await;
    let mut sent = 0;
    for _ in 0..30 {
        bench.send_code(&Way::bearer(), wanted("sato", PASSWORD)).await.unwrap();
        if !gateway.is_quiet().await {
            sent += 1;
        }
    }
    assert!(sent <= 5, "{sent} messages at a stranger's wish");
}
