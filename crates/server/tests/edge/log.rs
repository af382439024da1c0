//! What reaches the log: one line a request, with nothing in it that could name a patient or open a door.

use crate::door::Script;
use crate::site::{Site, TOKEN};
use base::{Class, Code};
use std::io;
use std::sync::{Arc, Mutex};
use tracing::Level;

/// Collects what is logged.
#[derive(Clone, Default)]
struct Lines(Arc<Mutex<Vec<u8>>>);

impl io::Write for Lines {
    fn write(&mut self, bytes: &[u8]) -> io::Result<usize> {
        self.0.lock().unwrap().extend_from_slice(bytes);
        Ok(bytes.len())
    }

    fn flush(&mut self) -> io::Result<()> {
        Ok(())
    }
}

static BROKEN: Code = Code { id: "XX-0500", class: Class::Fault, en: "broken", ja: "故障しています" };

#[tokio::test]
async fn lines_hold_patterns_and_never_paths_queries_or_tokens() {
    let lines = Lines::default();
    let writer = lines.clone();
    let subscriber = tracing_subscriber::fmt()
        .with_max_level(Level::INFO)
        .with_ansi(false)
        .with_writer(move || writer.clone())
        .finish();
    let site = Site::start().await;
    let mut client = site.http_1().await;
    // The places of the log must be known before the listener is: one that another test's thread meets for the first time
    // at that very moment would stay silent.
    client.read("/f/demo/fhir/Patient/42", &[]).await;
    let _guard = tracing::subscriber::set_default(subscriber);
    client.read("/f/demo/fhir/Patient/secret-id?_pretty=true", &["x-request-id: r-1"]).await;
    client.read("/f/demo/fhir/Patient?identifier=secret-number", &[]).await;
    client.read("/secret-path", &[]).await;
    site.door.play(Script::Problem(&BROKEN));
    client.read("/f/demo/fhir/Patient/secret-id/_history", &[]).await;
    let text = String::from_utf8(lines.0.lock().unwrap().clone()).unwrap();
    let requests: Vec<&str> = text.lines().filter(|line| line.contains(": request method=")).collect();
    assert_eq!(requests.len(), 4, "{text}");
    assert!(requests[0].contains("route=\"/f/{facility}/fhir/{type}/{id}\" status=200"), "{text}");
    assert!(requests[0].contains("request_id=\"r-1\""), "{text}");
    assert!(requests[2].contains("route=\"(unknown)\" status=404"), "{text}");
    assert!(text.contains("ERROR") && text.contains("XX-0500"), "{text}");
    assert!(!text.contains("secret") && !text.contains(TOKEN), "{text}");
}
