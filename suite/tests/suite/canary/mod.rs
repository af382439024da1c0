//! Canaries: words that stand nowhere else are put wherever patients, secrets and reasons can stand, over every route; then
//! all that the server tells of itself is searched for them. `cargo xtask canary` runs these tests.

mod collector;
mod drive;
mod markers;
mod pages;

use crate::command_line::{Site, good};
use collector::Collector;
use drive::{Drive, Driven};
use markers::{Kind, Markers};
use std::io::{Read, Write};
use std::net::{SocketAddr, TcpStream};
use testkit::{Client, Process};

/// Rows that must do what they are asked at least once; the others need what only a person or a device has.
const ROWS_SERVED_MIN: usize = 30;

/// A server whose every word is heard.
struct Heard {
    site: Site,
    process: Process,
    client: Client,
    metrics: SocketAddr,
    collector: Collector,
}

/// What a server told of itself, by place.
struct Places {
    log: String,
    out: String,
    metrics: String,
    traces: String,
    refusals: Vec<String>,
}

impl Heard {
    /// At its most talkative, with a log of this form.
    fn start(form: &str) -> Self {
        let (site, collector) = (Site::with_tester(), Collector::start());
        let akashi = site
            .akashi("serve --data data --listen 127.0.0.1:0 --metrics 127.0.0.1:0 --log-format")
            .and(form)
            .env("AKASHI_LOG_LEVEL", "trace")
            .env("AKASHI_OTLP_ENDPOINT", &collector.endpoint());
        let (mut process, client) = site.serve_by(&akashi);
        let metrics = process.wait_for(|line| line.split_once("http://")?.1.split('/').next()?.parse().ok());
        Self { site, process, client, metrics, collector }
    }

    /// Ends it and gives back all that it said.
    fn end(self, refusals: Vec<String>) -> Places {
        let metrics = scrape(self.metrics);
        self.process.signal("TERM");
        let ended = good("serve", self.process.wait());
        drop(self.site);
        Places { log: ended.err, out: ended.out, metrics, traces: self.collector.end(), refusals }
    }
}

/// The metrics as Prometheus gets them.
pub(crate) fn scrape(address: SocketAddr) -> String {
    let mut stream = TcpStream::connect(address).unwrap();
    stream.write_all(b"GET /metrics HTTP/1.1\r\nhost: localhost\r\n\r\n").unwrap();
    let mut text = String::new();
    stream.read_to_string(&mut text).unwrap();
    assert!(text.starts_with("HTTP/1.1 200 ") && text.ends_with("# EOF\n"), "{text}");
    text
}

impl Places {
    /// Everything in which nothing may stand of what was sent.
    fn own_words(&self) -> [(&'static str, &str); 4] {
        [
            ("log", &self.log),
            ("standard output", &self.out),
            ("metrics", &self.metrics),
            ("traces", &self.traces),
        ]
    }

    /// Where which marker stands that should not.
    fn leaks(&self, markers: &Markers) -> Vec<String> {
        let mut leaks = Vec::new();
        for (place, text) in self.own_words() {
            leaks.extend(markers.all().filter_map(|marker| marker.found(place, text)));
        }
        // A refusal may name what was wrong with the request, to whoever sent it; a secret it never repeats.
        for refusal in &self.refusals {
            leaks.extend(markers.of(Kind::Secret).filter_map(|marker| marker.found("a refusal", refusal)));
        }
        leaks
    }
}

/// Drives a server with a log of this form over everything, and looks for what it lets out.
fn nothing_gets_out(form: &str) {
    let heard = Heard::start(form);
    let mut markers = Markers::default();
    let Driven { requests, refusals, served } =
        Drive::new(&heard.client, &mut markers).everything(&heard.site);
    let missing = server::ROUTES.iter().filter(|row| !served.contains(&(row.method.to_string(), row.path)));
    let missing: Vec<String> = missing.map(|row| format!("{} {}", row.method, row.path)).collect();
    assert!(served.len() >= ROWS_SERVED_MIN, "{} rows were served, not {missing:#?}", served.len());
    let served = served.len();
    let places = heard.end(refusals);
    assert!(places.refusals.len() > 100, "{}", places.refusals.len());
    assert!(
        places.log.matches("/f/{facility}/").count() >= requests / 2,
        "the log was heard: {}",
        places.log
    );
    assert!(places.traces.contains("/f/{facility}/fhir/{type}/{id}"), "traces came: {}", places.traces);
    assert!(places.metrics.contains("akashi_requests_total{facility=\"sakura\""), "{}", places.metrics);
    let leaks = places.leaks(&markers);
    assert!(leaks.is_empty(), "{} leaks:\n{}", leaks.len(), leaks.join("\n"));
    let counts = (markers.all().count(), places.own_words().len() + 1);
    println!(
        "canary: {form} log, {requests} requests, {served} of {} rows served: {} markers × {} places, 0 hits",
        server::ROUTES.len(),
        counts.0,
        counts.1
    );
}

#[test]
fn nothing_of_a_patient_and_no_secret_gets_out_with_lines_of_text() {
    nothing_gets_out("text");
}

#[test]
fn nothing_of_a_patient_and_no_secret_gets_out_with_lines_of_json() {
    nothing_gets_out("json");
}

#[test]
fn what_does_get_out_is_found() {
    // A request's own id is told everywhere, as it should be: here it plays the leak.
    let heard = Heard::start("json");
    let mut markers = Markers::default();
    let leak = markers.add(Kind::Patient, "Canary-Planted-7Q");
    heard.client.ask(http::Method::GET, "Patient/x").field("x-request-id", &leak).send();
    let secret = markers.add(Kind::Secret, "Canary-Secret-8R");
    let mut places = heard.end(vec![format!("you sent {secret}")]);
    places.metrics.push_str("x{y=\"canary%2Dplanted%2D7q\"} 1\n");
    let leaks = places.leaks(&markers).join("\n");
    for place in ["log", "traces", "metrics", "a refusal"] {
        assert!(leaks.contains(&format!("in {place}:")), "{place}: {leaks}");
    }
    println!("canary: a planted leak is found in 4 places");
}
