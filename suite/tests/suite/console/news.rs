//! News of the console against the real server: who hears what, what is in it, and how it goes with the session.

use super::{doctor, page, sends, signs_in};
use crate::material::patient;
use http::Method;
use serde_json::json;
use server::Bounds;
use std::time::Duration;
use testkit::{Client, Clinic, Listening, Person, Plan};

/// Seconds after which a session that is not used ends, as the default policy has it.
const IDLE: i64 = 1_800;

/// A clinic that looks for news as often as it can.
fn clinic() -> Clinic {
    let bounds = Bounds { news: Duration::from_millis(1), ..Bounds::default() };
    Clinic::with(Plan { bounds, settles: true, ..Plan::default() })
}

/// Up to where a page knows the news.
fn since(browser: &Client, path: &str) -> String {
    let html = page(browser, path).send().expect(200).text();
    let (_, rest) = html.split_once("data-since=\"").unwrap_or_else(|| panic!("no news on {path}: {html}"));
    rest.split('"').next().unwrap().to_owned()
}

fn listens(browser: &Client, since: &str) -> Listening {
    let path = if since.is_empty() { "events".to_owned() } else { format!("events?since={since}") };
    let mut listening = page(browser, &path).listen();
    assert_eq!(listening.status(), 200);
    assert_eq!(listening.next_event().unwrap(), "retry: 5000");
    listening
}

/// The names of the lines of the next event, and what the line `event` says.
fn named(listening: &mut Listening) -> String {
    let event = listening.next_event().expect("an event");
    let lines: Vec<(&str, &str)> = event.lines().map(|line| line.split_once(": ").unwrap()).collect();
    let names: Vec<&str> = lines.iter().map(|(name, _)| *name).collect();
    assert!(names == ["event", "id", "data"] || names == ["event", "data"], "{event}");
    lines[0].1.to_owned()
}

/// A draft of somebody's.
fn draft(clinic: &Clinic, id: &str) {
    let note = format!(
        r#"{{"resourceType":"Observation","id":"{id}","status":"preliminary","subject":{{"reference":"Patient/p"}},"code":{{"text":"secret-finding"}}}}"#
    );
    clinic.client().put(&format!("Observation/{id}"), note).expect(201);
}

fn somebody(clinic: &Clinic, account: &str, duties: &[&str]) -> Client {
    let person = Person::join(clinic, account, duties);
    let browser = clinic.client().browser();
    signs_in(&browser, &person, &person.next_code(clinic), "").expect(303);
    browser
}

#[test]
fn a_change_of_a_draft_is_heard_without_a_word_of_whom_or_what_it_is() {
    let clinic = clinic();
    clinic.client().put("Patient/p", patient(r#""id":"p","name":[{"text":"見本 花子"}]"#)).expect(201);
    let browser = doctor(&clinic, &[]);
    let since = since(&browser, "work");
    let mut hears = listens(&browser, "");
    draft(&clinic, "o1");
    let event = hears.next_event().unwrap();
    let lines: Vec<&str> = event.lines().collect();
    let count = lines[2].strip_prefix("data: ").unwrap();
    assert!(lines[0] == "event: work" && count.parse::<u64>().is_ok(), "{event}");
    assert_eq!(lines[1], format!("id: {}_work-{count}", since.split('_').next().unwrap()), "{event}");
    assert_eq!(lines.len(), 3, "{event}");
    // From where the page was made the same is news, and nothing more: what came twice is told once.
    let mut late = listens(&browser, &since);
    assert_eq!(named(&mut late), "work");
    draft(&clinic, "o2");
    assert_eq!(named(&mut late), "work");
    // A browser that comes back says what it heard last.
    let last = lines[1].strip_prefix("id: ").unwrap();
    let mut back = page(&browser, &format!("events?since={since}")).field("last-event-id", last).listen();
    assert_eq!(back.next_event().unwrap(), "retry: 5000");
    assert_eq!(named(&mut back), "work", "the second draft");
    let now = self::since(&browser, "work");
    let mut done = listens(&browser, &now);
    sends(&browser, "sign-out", &[]).send().expect(303);
    assert_eq!(named(&mut done), "over", "nothing was news");
}

#[test]
fn each_hears_only_of_what_they_may_see() {
    let clinic = clinic();
    clinic.client().put("Patient/p", patient(r#""id":"p""#)).expect(201);
    let doctor = doctor(&clinic, &[]);
    let auditor = somebody(&clinic, "goto", &["auditor"]);
    assert!(!since(&doctor, "work").contains("alerts"));
    assert!(since(&auditor, "operations/alerts").contains("alerts-"));
    let mut of_doctor = listens(&doctor, "");
    let mut of_auditor = listens(&auditor, "");
    let broken = json!({ "patient": "p", "reason": "意識がなく、既往が分からない" });
    doctor.call(Method::POST, "break-glass").json(&broken).sent_by_own_page().send().expect(201);
    assert_eq!(named(&mut of_auditor), "alerts");
    draft(&clinic, "o1");
    assert_eq!(named(&mut of_doctor), "work", "and nothing of the emergency access before");
}

#[test]
fn listening_keeps_no_session_alive_and_neither_does_a_page_that_renews_itself() {
    let clinic = clinic();
    let browser = doctor(&clinic, &[]);
    let mut hears = listens(&browser, "");
    clinic.pass_seconds(IDLE / 2);
    page(&browser, "work").field("akashi-unattended", "1").send().expect(200);
    let mut again = listens(&browser, "");
    clinic.pass_seconds(IDLE / 2 + 1);
    assert_eq!((named(&mut hears), named(&mut again)), ("over".to_owned(), "over".to_owned()));
    assert_eq!((hears.next_event(), again.next_event()), (None, None));
    assert_eq!(page(&browser, "work").send().status(), 303, "the person is asked to sign in");
    assert_eq!(page(&browser, "events").send().status(), 401);
}

#[test]
fn news_end_when_the_session_is_ended_elsewhere() {
    let clinic = clinic();
    let browser = doctor(&clinic, &[]);
    let mut hears = listens(&browser, "");
    clinic.command(&json!({ "command": "account-disable", "account": "hana", "reason": "退職" })).unwrap();
    assert_eq!(named(&mut hears), "over");
}

#[test]
fn listening_leaves_one_entry_however_long_it_lasts() {
    let clinic = clinic();
    clinic.client().put("Patient/p", patient(r#""id":"p""#)).expect(201);
    let browser = doctor(&clinic, &[]);
    let mut hears = page(&browser, "events").field("x-request-id", "ear-1").listen();
    let before = clinic.accesses().len();
    assert_eq!(hears.next_event().unwrap(), "retry: 5000");
    draft(&clinic, "o1");
    assert_eq!(named(&mut hears), "work");
    assert_eq!(clinic.accesses().len(), before + 1, "the draft's own entry");
    let entries = clinic.accesses_by("ear-1");
    assert_eq!(entries.len(), 1, "{entries:?}");
    assert_eq!((entries[0].access.status, entries[0].actor.id.as_str()), (200, "hana"));
    assert_eq!(entries[0].access.route, "GET /f/{facility}/console/events");
    assert!(entries[0].access.patients.is_empty());
}
