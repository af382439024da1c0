//! The audit trail in the hands of rsyslog: whole messages, with what they must say, and none lost while either side is
//! away. `cargo xtask test` installs Debian's rsyslog.

use super::rsyslog::Rsyslog;
use crate::canary::scrape;
use crate::command_line::{Site, good};
use crate::material::born;
use base::{SystemClock, SystemEntropy, Time};
use base64::Engine as _;
use base64::engine::general_purpose::STANDARD;
use http::Method;
use records::SearchIndex;
use roxmltree::Document;
use serde_json::Value;
use std::collections::BTreeSet;
use std::net::SocketAddr;
use std::sync::Arc;
use store::World;
use testkit::{Client, Process, accesses_at};

/// Starts the server of a site, which sends to rsyslog.
fn serve(site: &Site, rsyslog: &Rsyslog) -> (Process, Client, SocketAddr) {
    let line = "serve --data data --listen 127.0.0.1:0 --metrics 127.0.0.1:0";
    let akashi = rsyslog.options().iter().fold(site.akashi(line), |akashi, option| akashi.and(option));
    let (mut process, client) = site.serve_by(&akashi);
    let metrics =
        process.wait_for(|line| line.split_once("http://")?.1.strip_suffix("/metrics")?.parse().ok());
    (process, client, metrics)
}

/// Sends a request of this name.
fn ask(client: &Client, name: &str, path: &str, status: u16) {
    client.ask(Method::GET, path).field("x-request-id", name).send().expect(status);
}

/// The message about the request of this name, once it is there.
fn message(rsyslog: &mut Rsyslog, name: &str) -> String {
    let object = format!("ParticipantObjectID=\"{name}\"");
    rsyslog.until(name, |rsyslog| rsyslog.messages().into_iter().find(|one| one.contains(&object)))
}

/// The fields of the header, and the XML after the mark of UTF-8.
fn halves(message: &str) -> (Vec<&str>, &str) {
    let (header, xml) = message.split_once('\u{FEFF}').unwrap_or_else(|| panic!("no UTF-8: {message}"));
    (header.split(' ').collect(), xml)
}

/// An attribute of the first element of this name.
fn first<'d>(document: &'d Document<'_>, element: &str, attribute: &str) -> Option<&'d str> {
    document.descendants().find(|node| node.has_tag_name(element))?.attribute(attribute)
}

/// The value of a detail of this type.
fn detail(document: &Document<'_>, kind: &str) -> Option<String> {
    let mut details = document.descendants().filter(|node| node.has_tag_name("ParticipantObjectDetail"));
    let value = details.find(|node| node.attribute("type") == Some(kind))?.attribute("value")?;
    Some(String::from_utf8(STANDARD.decode(value).unwrap()).unwrap())
}

/// What the messages about a read, a search and a refusal have in common; their XML.
fn expect_form(message: &str) -> &str {
    let (header, xml) = halves(message);
    let [priority, time, host, app, process, id, data, rest] = header[..] else { panic!("{header:?}") };
    assert_eq!((priority, host, app, process), ("<85>1", "127.0.0.1", "akashi", "-"));
    assert_eq!((id, data, rest), ("DICOM+RFC3881", "-", ""));
    let document = Document::parse(xml).unwrap_or_else(|error| panic!("{error}: {xml}"));
    assert!(document.root_element().has_tag_name("AuditMessage"), "{xml}");
    let recorded = first(&document, "EventIdentification", "EventDateTime").and_then(Time::parse);
    assert_eq!(recorded, Time::parse(time), "{xml}");
    assert_eq!(first(&document, "ActiveParticipant", "UserIsRequestor"), Some("true"), "{xml}");
    assert_eq!(first(&document, "ActiveParticipant", "NetworkAccessPointID"), Some("127.0.0.1"), "{xml}");
    xml
}

#[test]
fn a_read_a_search_and_a_refusal_arrive_whole() {
    let (site, mut rsyslog) = (Site::with_tester(), Rsyslog::start());
    let (process, client, _) = serve(&site, &rsyslog);
    client.put("Patient/p1", born("p1", "1950")).expect(201);
    ask(&client, "asked-read", "Patient/p1", 200);
    ask(&client, "asked-search", "Patient?name=%E5%B1%B1%E7%94%B0", 200);
    ask(&client.without_token(), "asked-refused", "Patient/p1", 401);

    let read = message(&mut rsyslog, "asked-read");
    let document = Document::parse(expect_form(&read)).unwrap();
    for (element, attribute, expected) in [
        ("EventIdentification", "EventActionCode", "R"),
        ("EventIdentification", "EventOutcomeIndicator", "0"),
        ("EventID", "csd-code", "110110"),
        ("EventTypeCode", "csd-code", "read"),
        ("ActiveParticipant", "UserID", "tester"),
    ] {
        assert_eq!(first(&document, element, attribute), Some(expected), "{read}");
    }
    assert_eq!(detail(&document, "status").as_deref(), Some("200"), "{read}");
    assert_eq!(detail(&document, "target").as_deref(), Some("Patient/p1"), "{read}");
    let objects = document.descendants().filter(|node| node.has_tag_name("ParticipantObjectIdentification"));
    let mut patients = objects.filter(|node| node.attribute("ParticipantObjectTypeCodeRole") == Some("1"));
    let patient = patients.next().and_then(|node| node.attribute("ParticipantObjectID"));
    assert_eq!(patient, Some("Patient/p1"), "{read}");

    let searched = message(&mut rsyslog, "asked-search");
    let document = Document::parse(expect_form(&searched)).unwrap();
    assert_eq!(first(&document, "EventID", "csd-code"), Some("110112"), "{searched}");
    let query = document.descendants().find(|node| node.has_tag_name("ParticipantObjectQuery"));
    let query = STANDARD.decode(query.and_then(|node| node.text()).unwrap()).unwrap();
    assert_eq!(query, b"Patient?name=%E5%B1%B1%E7%94%B0", "{searched}");

    let refused = message(&mut rsyslog, "asked-refused");
    let document = Document::parse(expect_form(&refused)).unwrap();
    assert_eq!(first(&document, "EventIdentification", "EventOutcomeIndicator"), Some("8"), "{refused}");
    let described = document.descendants().find(|node| node.has_tag_name("EventOutcomeDescription"));
    assert_eq!(described.and_then(|node| node.text()), Some("SV-0003"), "{refused}");
    assert_eq!(detail(&document, "status").as_deref(), Some("401"), "{refused}");

    process.signal("TERM");
    good("serve", process.wait());
}

/// A fact as the running server tells it.
fn fact(site: &Site, name: &str) -> Value {
    let told = site.json("facts");
    let facts = told["facts"].as_array().unwrap();
    facts.iter().find(|fact| fact["name"] == name).unwrap_or_else(|| panic!("{name}: {told}"))["value"]
        .clone()
}

/// The value of a metric of the facility.
fn metric(address: SocketAddr, name: &str) -> Option<f64> {
    let start = format!("akashi_{name}{{facility=\"sakura\"}} ");
    scrape(address).lines().find_map(|line| line.strip_prefix(&start)?.parse().ok())
}

#[test]
fn nothing_is_lost_while_rsyslog_or_the_server_is_away() {
    let (site, mut rsyslog) = (Site::with_tester(), Rsyslog::start());
    let (process, client, metrics) = serve(&site, &rsyslog);
    ask(&client, "asked-before", "Patient", 200);
    message(&mut rsyslog, "asked-before");
    assert_eq!(fact(&site, "audit.collector.configured"), true);

    rsyslog.stop();
    for number in 0..20 {
        ask(&client, &format!("asked-away-{number}"), "Patient", 200);
    }
    rsyslog.until("a refused connection among the facts", |_| {
        let refused = fact(&site, "audit.collector.last_error") == "SV-0050";
        (refused && fact(&site, "audit.collector.behind").as_u64() >= Some(20)).then_some(())
    });
    assert_eq!(fact(&site, "audit.collector.connected"), false);
    let told = || metric(metrics, "collector_lag_seconds").zip(metric(metrics, "collector_behind"));
    rsyslog
        .until("a lag among the metrics", |_| told().filter(|(lag, entries)| *lag > 0.0 && *entries >= 20.0));

    rsyslog.start_again();
    for number in 0..20 {
        message(&mut rsyslog, &format!("asked-away-{number}"));
    }
    rsyslog.until("a connection among the facts", |_| {
        let connected = fact(&site, "audit.collector.connected") == true;
        (connected && fact(&site, "audit.collector.last_error").is_null()).then_some(())
    });
    rsyslog.until("no lag among the metrics", |_| {
        told().filter(|(lag, entries)| *lag == 0.0 && *entries == 0.0)
    });

    process.signal("TERM");
    good("serve", process.wait());
    let (process, client, _) = serve(&site, &rsyslog);
    ask(&client, "asked-after", "Patient", 200);
    message(&mut rsyslog, "asked-after");
    process.signal("TERM");
    good("serve", process.wait());
    expect_all(&site, &rsyslog);
}

/// Every access entry has come, up to the last that came.
fn expect_all(site: &Site, rsyslog: &Rsyslog) {
    let entry = |message: &String| {
        let document = Document::parse(halves(message).1).unwrap();
        detail(&document, "entry").unwrap().parse::<u64>().unwrap()
    };
    let came: BTreeSet<u64> = rsyslog.messages().iter().map(entry).collect();
    let last = came.last().copied().unwrap();
    let world = World {
        clock: Arc::new(SystemClock),
        entropy: Arc::new(SystemEntropy),
        indexer: Arc::new(SearchIndex),
    };
    let there = accesses_at(&site.path("data"), "sakura", &world);
    let expected: BTreeSet<u64> =
        there.iter().map(|accessed| accessed.position.0).filter(|position| *position <= last).collect();
    assert!(expected.len() > 25, "{expected:?}");
    assert_eq!(came, expected);
}
