//! The gateway against a server on this machine.

use super::*;
use std::io::{Read, Write};
use std::net::{TcpListener, TcpStream};
use std::thread::JoinHandle;

/// Answers one request with `answer` and hands back what was asked.
fn listen(answer: &'static str) -> (String, JoinHandle<String>) {
    let listener = TcpListener::bind("127.0.0.1:0").unwrap();
    let url = format!("http://{}/send?key=k", listener.local_addr().unwrap());
    let thread = std::thread::spawn(move || {
        let (mut stream, _) = listener.accept().unwrap();
        let asked = request(&mut stream);
        stream.write_all(answer.as_bytes()).unwrap();
        asked
    });
    (url, thread)
}

fn request(stream: &mut TcpStream) -> String {
    let mut bytes = Vec::new();
    loop {
        let mut chunk = [0; 1024];
        let read = stream.read(&mut chunk).unwrap();
        bytes.extend_from_slice(&chunk[..read]);
        let text = String::from_utf8_lossy(&bytes);
        let Some((head, body)) = text.split_once("\r\n\r\n") else { continue };
        let length =
            head.lines().find_map(|line| line.to_lowercase().strip_prefix("content-length: ")?.parse().ok());
        if read == 0 || body.len() >= length.unwrap_or(0) {
            return text.into_owned();
        }
    }
}

fn settings(url: &str, body: &str) -> Settings {
    let headers = vec![("Authorization".to_owned(), Secret::new("Bearer very-secret".to_owned()))];
    Settings { url: url.to_owned(), headers, body: body.to_owned() }
}

const BODY: &str = r#"{"to":"{to}","body":"{text}","from":"Akashi"}"#;

fn send(answer: &'static str, text: &str) -> (Result<(), Problem>, String) {
    let (url, thread) = listen(answer);
    let gateway = Gateway::new(&settings(&url, BODY)).unwrap();
    let to = Phone::parse("+819000000000").unwrap();
    let sent = gateway.send(&to, &Secret::new(text.to_owned()));
    (sent, thread.join().unwrap())
}

#[test]
fn number_and_text_arrive_as_json_with_the_headers() {
    let (sent, asked) =
        send("HTTP/1.1 202 Accepted\r\ncontent-length: 0\r\n\r\n", "確認\"コード\" {to}\n123456");
    assert_eq!(sent, Ok(()));
    let (head, body) = asked.split_once("\r\n\r\n").unwrap();
    assert!(head.starts_with("POST /send?key=k HTTP/1.1\r\n"), "{head}");
    assert!(head.to_lowercase().contains("authorization: bearer very-secret"), "{head}");
    assert!(head.to_lowercase().contains("content-type: application/json"), "{head}");
    let body: serde_json::Value = serde_json::from_str(body).unwrap();
    let expected = serde_json::json!({
        "to": "+819000000000", "body": "確認\"コード\" {to}\n123456", "from": "Akashi"
    });
    assert_eq!(body, expected);
}

#[test]
fn anything_but_2xx_is_a_failure_and_redirects_are_not_followed() {
    for answer in [
        "HTTP/1.1 500 Oops\r\ncontent-length: 0\r\n\r\n",
        "HTTP/1.1 401 No\r\ncontent-length: 0\r\n\r\n",
        "HTTP/1.1 307 Elsewhere\r\nlocation: http://127.0.0.1:9/\r\ncontent-length: 0\r\n\r\n",
    ] {
        let (sent, _) = send(answer, "123456");
        let problem = sent.unwrap_err();
        assert_eq!(problem.code().id, "ID-0213");
        assert!(problem.log_line().starts_with("the gateway answered "), "{problem}");
    }
}

#[test]
fn a_gateway_that_is_not_there_is_a_failure_without_secrets_in_the_log() {
    let closed = TcpListener::bind("127.0.0.1:0").unwrap().local_addr().unwrap();
    let gateway = Gateway::new(&settings(&format!("http://{closed}/?key=hush"), BODY)).unwrap();
    let problem =
        gateway.send(&Phone::parse("+819000000000").unwrap(), &Secret::new("123456".to_owned())).unwrap_err();
    assert_eq!(problem.to_string(), "ID-0213: the connection to the gateway failed");
}

#[test]
fn a_gateway_whose_certificate_nobody_trusts_is_not_told_the_code() {
    let (url, thread) = listen_with_tls();
    let gateway = Gateway::new(&settings(&url, BODY)).unwrap();
    let problem =
        gateway.send(&Phone::parse("+819000000000").unwrap(), &Secret::new("123456".to_owned())).unwrap_err();
    assert_eq!(problem.to_string(), "ID-0213: the gateway's certificate is not trusted, or TLS failed");
    assert!(thread.join().unwrap(), "the handshake was not begun, or it succeeded");
}

/// A TLS server with a certificate of its own making; its thread says whether the client broke the handshake off.
fn listen_with_tls() -> (String, JoinHandle<bool>) {
    let own = rcgen::generate_simple_self_signed(["localhost".to_owned()]).unwrap();
    let key = rustls::pki_types::PrivateKeyDer::try_from(own.signing_key.serialize_der()).unwrap();
    let provider = Arc::new(rustls::crypto::aws_lc_rs::default_provider());
    let config = rustls::ServerConfig::builder_with_provider(provider)
        .with_safe_default_protocol_versions()
        .unwrap()
        .with_no_client_auth()
        .with_single_cert(vec![own.cert.der().clone()], key)
        .unwrap();
    let listener = TcpListener::bind("127.0.0.1:0").unwrap();
    let url = format!("https://localhost:{}/", listener.local_addr().unwrap().port());
    let thread = std::thread::spawn(move || {
        let (mut stream, _) = listener.accept().unwrap();
        let mut connection = rustls::ServerConnection::new(Arc::new(config)).unwrap();
        matches!(connection.complete_io(&mut stream), Err(_) | Ok((_, 0))) || connection.is_handshaking()
    });
    (url, thread)
}

#[test]
fn settings_that_cannot_work_are_refused_at_once() {
    let swapped = r#"{"to":{to},"text":"{text}"}"#;
    for (url, body) in [
        ("http://sms.example/send", BODY),
        ("ftp://sms.example/send", BODY),
        ("https://", BODY),
        ("sms.example", BODY),
        ("https://user:word@sms.example/", BODY),
        ("https://sms.example/", r#"{"to":"{to}"}"#),
        ("https://sms.example/", r#"{"text":"{text}"}"#),
        ("https://sms.example/", "to={to}&text={text}"),
        ("https://sms.example/", swapped),
    ] {
        assert_eq!(Gateway::new(&settings(url, body)).unwrap_err().code().id, "ID-0212", "{url} {body}");
    }
    let mut broken = settings("https://sms.example/", BODY);
    broken.headers.push(("X-Key".to_owned(), Secret::new("two\r\nlines".to_owned())));
    assert_eq!(Gateway::new(&broken).unwrap_err().code().id, "ID-0212");
}

#[test]
fn plain_http_is_for_this_machine_only() {
    for url in ["http://localhost/", "http://127.0.0.2:8080/", "http://[::1]/", "https://sms.example/v1?x=1"]
    {
        assert!(Gateway::new(&settings(url, BODY)).is_ok(), "{url}");
    }
    for url in ["http://127.0.0.1.example/", "http://[2001:db8::1]/", "http://localhost.example/"] {
        assert!(Gateway::new(&settings(url, BODY)).is_err(), "{url}");
    }
}

#[test]
fn nothing_secret_is_printed() {
    let settings = settings("https://sms.example/?key=hush", BODY);
    let printed = format!("{settings:?} {:?}", Gateway::new(&settings).unwrap());
    assert_eq!(printed, "Settings { .. } Gateway { host: \"sms.example\" }");
}
