//! News over HTTP: how they are answered, by whom they are heard, what ends them, and what they leave of a connection.

use crate::client::{Client, Raw, Reply, status};
use crate::site::{Site, TOKEN};
use base::limits::NEWS_LISTENERS_PER_ACCOUNT_MAX;
use http::{Method, Version, header};
use http_body_util::BodyExt;
use hyper::body::Incoming;
use server::Bounds;
use std::time::Duration;
use tokio::io::AsyncReadExt;
use tokio::time::timeout;

const EVENTS: &str = "/f/demo/console/events";
/// What a test waits for something that happens at once on a calm machine.
const LONG: Duration = Duration::from_secs(20);

/// A site that looks for news as often as it can.
async fn site() -> Site {
    Site::with(|configuration| configuration.bounds = bounds()).await
}

fn bounds() -> Bounds {
    Bounds { news: Duration::from_millis(1), ..Bounds::default() }
}

struct Ear {
    head: http::response::Parts,
    body: Incoming,
    /// The connection lives as long as this does.
    _client: Client,
}

impl Ear {
    async fn open(mut client: Client, path: &str, fields: &[&str]) -> Self {
        let token = format!("authorization: Bearer {TOKEN}");
        let fields = [&[token.as_str()], fields].concat();
        let answer = client.send(Method::GET, path, &fields, "").await.unwrap();
        let (head, body) = answer.into_parts();
        Self { head, body, _client: client }
    }

    /// The next piece; none once the answer has ended in good order.
    async fn piece(&mut self) -> Option<String> {
        loop {
            let frame = timeout(LONG, self.body.frame()).await.expect("something comes")?;
            let piece = String::from_utf8(frame.unwrap().into_data().unwrap().to_vec()).unwrap();
            // HTTP/2 may end with an empty one.
            if !piece.is_empty() {
                return Some(piece);
            }
        }
    }
}

#[tokio::test]
async fn news_are_answered_over_both_versions_and_kept_by_nobody() {
    let site = site().await;
    for (client, version) in [(site.http_1().await, Version::HTTP_11), (site.http_2().await, Version::HTTP_2)]
    {
        let mut ear = Ear::open(client, EVENTS, &[]).await;
        assert_eq!((ear.head.status.as_u16(), ear.head.version), (200, version));
        let field = |name: &str| ear.head.headers.get(name).map(|value| value.to_str().unwrap());
        assert_eq!(field("content-type"), Some("text/event-stream"), "{version:?}");
        assert!(field("cache-control").unwrap().contains("no-store"), "{version:?}");
        assert_eq!((field("content-encoding"), field("content-length")), (None, None), "{version:?}");
        assert_eq!(field("x-content-type-options"), Some("nosniff"), "{version:?}");
        assert_eq!(ear.piece().await.unwrap(), "retry: 5000\n\n", "{version:?}");
    }
}

#[tokio::test]
async fn news_end_with_the_session_and_say_so() {
    let site = site().await;
    let mut ear = Ear::open(site.http_2().await, EVENTS, &[]).await;
    assert_eq!(ear.piece().await.unwrap(), "retry: 5000\n\n");
    site.door.forget();
    assert_eq!(ear.piece().await.unwrap(), "event: over\ndata: session\n\n");
    assert_eq!(ear.piece().await, None);
    let reply = site.http_1().await.ask_openly(Method::GET, EVENTS, &[], "").await;
    assert_eq!(reply.status(), 401, "no page for signing in: a script is told that it is over");
}

#[tokio::test]
async fn news_end_when_the_server_stops_and_hold_nothing_up() {
    for two in [false, true] {
        let never = Bounds { closing: Duration::from_hours(1), ..bounds() };
        let site = Site::with(|configuration| configuration.bounds = never).await;
        let client = if two { site.http_2().await } else { site.http_1().await };
        let mut ear = Ear::open(client, EVENTS, &[]).await;
        assert_eq!(ear.piece().await.unwrap(), "retry: 5000\n\n");
        site.stop();
        assert_eq!(ear.piece().await, None, "in good order");
        timeout(LONG, site.ended()).await.expect("the server ends");
    }
}

#[tokio::test]
async fn who_may_not_hear_of_it_hears_nothing_and_no_count() {
    let site = site().await;
    let mut ear = Ear::open(site.http_1().await, &format!("{EVENTS}?since=other_work-1"), &[]).await;
    assert_eq!(ear.piece().await.unwrap(), "retry: 5000\n\n");
    site.door.change(|changes| (changes.work, changes.alerts, changes.verification) = (1, 1, 1));
    // The law of this facility knows nothing of whoever listens. What comes next is the end.
    let mut looks = site.door.unattended().len();
    let seen = looks + 2;
    while looks < seen {
        tokio::task::yield_now().await;
        looks += site.door.unattended().len();
    }
    site.door.forget();
    assert_eq!(ear.piece().await.unwrap(), "event: over\ndata: session\n\n");
}

#[tokio::test]
async fn listening_is_no_use_of_a_session_and_neither_is_what_a_page_asks_by_itself() {
    let site = site().await;
    let mut client = site.http_1().await;
    client.read("/f/demo/console/patients", &[]).await;
    client.read("/f/demo/fhir/Patient/42", &[]).await;
    assert_eq!(site.door.unattended(), [false, false]);
    client.read("/f/demo/console/patients", &["akashi-unattended: 1"]).await;
    assert_eq!(site.door.unattended(), [true]);
    let mut ear = Ear::open(site.http_2().await, EVENTS, &[]).await;
    ear.piece().await.unwrap();
    site.door.forget();
    ear.piece().await.unwrap();
    let looks = site.door.unattended();
    assert!(looks.len() >= 2 && looks.iter().all(|unattended| *unattended), "{looks:?}");
}

#[tokio::test]
async fn beyond_the_places_of_an_account_it_is_told_when_to_come_again() {
    let site = site().await;
    let mut ears = Vec::new();
    for _ in 0..NEWS_LISTENERS_PER_ACCOUNT_MAX {
        ears.push(Ear::open(site.http_2().await, EVENTS, &[]).await);
    }
    let mut client = site.http_1().await;
    let refused: Reply = client.read(EVENTS, &[]).await;
    assert_eq!((refused.status(), refused.code().as_str()), (429, "CO-0003"));
    assert_eq!(refused.field("retry-after"), "60");
    assert_eq!(client.read("/f/demo/fhir/Patient/42", &[]).await.status(), 200, "all else works on");
    // Whoever leaves makes room, as soon as the server has seen that they left.
    ears.pop();
    while Ear::open(site.http_2().await, EVENTS, &[]).await.head.status == 429 {
        tokio::task::yield_now().await;
    }
}

#[tokio::test]
async fn a_look_at_the_head_takes_no_place() {
    let site = site().await;
    let mut client = site.http_1().await;
    for _ in 0..=NEWS_LISTENERS_PER_ACCOUNT_MAX {
        let head = client.ask(Method::HEAD, EVENTS, &[], "").await;
        assert_eq!((head.status(), head.body.len()), (200, 0));
        assert_eq!(head.field("content-type"), "text/event-stream");
    }
}

#[tokio::test]
async fn a_parameter_that_is_not_known_is_refused() {
    let site = site().await;
    let mut client = site.http_1().await;
    let reply = client.read(&format!("{EVENTS}?patient=42"), &[]).await;
    assert_eq!((reply.status(), reply.code().as_str()), (400, "SV-0018"));
}

#[tokio::test]
async fn an_idle_stream_outlives_the_idle_time_of_a_connection_and_the_pace_of_answers() {
    let short = Duration::from_millis(400);
    let bounds = Bounds { idle: short, grace: short, ..bounds() };
    let site = Site::with(|configuration| configuration.bounds = bounds).await;
    let mut ears = [
        Ear::open(site.http_1().await, EVENTS, &[]).await,
        Ear::open(site.http_2().await, EVENTS, &[]).await,
    ];
    for ear in &mut ears {
        assert_eq!(ear.piece().await.unwrap(), "retry: 5000\n\n");
    }
    // A connection that does nothing is closed meanwhile, twice over.
    for _ in 0..2 {
        let mut idle = site.raw().await;
        let mut nothing = Vec::new();
        drop(timeout(LONG, idle.0.read_to_end(&mut nothing)).await.expect("it is closed"));
    }
    site.door.forget();
    for ear in &mut ears {
        assert_eq!(ear.piece().await.unwrap(), "event: over\ndata: session\n\n", "it was still open");
        assert_eq!(ear.piece().await, None);
    }
}

#[tokio::test]
async fn a_doubtful_request_behind_a_stream_is_refused_when_the_stream_has_ended() {
    let site = site().await;
    let mut raw: Raw = site.raw().await;
    let head = format!("GET {EVENTS} HTTP/1.1\r\nHost: h\r\nAuthorization: Bearer {TOKEN}\r\n\r\n");
    raw.write(head.as_bytes()).await;
    let mut seen = String::new();
    while !seen.contains("retry: 5000") {
        let mut buffer = [0; 1_024];
        let count = timeout(LONG, raw.0.read(&mut buffer)).await.unwrap().unwrap();
        assert!(count > 0, "{seen}");
        seen.push_str(std::str::from_utf8(&buffer[..count]).unwrap());
    }
    assert_eq!(status(&seen).unwrap(), 200);
    assert!(seen.to_ascii_lowercase().contains(header::TRANSFER_ENCODING.as_str()), "{seen}");
    raw.write(b"POST /x HTTP/1.1\r\nHost: h\r\nContent-Length: 1\r\nContent-Length: 2\r\n\r\n").await;
    site.door.forget();
    let rest = timeout(LONG, raw.rest()).await.expect("the connection ends");
    let (over, refusal) = rest.split_once("HTTP/1.1 ").expect("a refusal behind the stream");
    assert!(over.contains("event: over"), "{over}");
    assert!(refusal.starts_with("400"), "{refusal}");
}
