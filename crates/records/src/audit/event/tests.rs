//! Events against R4 and the patterns they claim.

use super::balp::{at, faults};
use super::*;
use access::{Access, AccessWho, Decided, Ended, Touched};
use base::{Position, Time};
use store::{Actor, ActorKind};

const BASE: &str = "https://records.example.jp:8443/f/demo/fhir";

fn accessed(action: &str, target: &str, touched: &[&str], patients: &[&str]) -> Accessed {
    let touched = touched.iter().enumerate().map(|(number, record)| Touched {
        record: (*record).to_owned(),
        version: u64::try_from(number).ok().filter(|number| *number > 0),
    });
    let access = Access {
        v: 1,
        request: "01J9Z".to_owned(),
        route: "GET /f/{facility}/fhir/{type}".to_owned(),
        action: action.to_owned(),
        who: AccessWho {
            occupation: Some("doctor".to_owned()),
            duties: vec!["auditor".to_owned()],
            practitioner: Some("dr-1".to_owned()),
            session: Some("s-1".to_owned()),
            factors: vec!["password".to_owned(), "totp".to_owned()],
            device: Some("tablet-3".to_owned()),
            address: Some("192.0.2.7".to_owned()),
            zone: Some("ward".to_owned()),
            ..AccessWho::default()
        },
        target: target.to_owned(),
        touched: touched.collect(),
        patients: patients.iter().map(|id| (*id).to_owned()).collect(),
        purpose: Some("TREAT".to_owned()),
        decided: Decided::Permitted,
        policies: vec!["doctors-read".to_owned()],
        status: 200,
        ..Access::default()
    };
    let time = Time::parse("2026-11-22T09:00:00.000001Z").unwrap();
    Accessed { position: Position(77), time, actor: Actor::new(ActorKind::Person, "dr-sato"), access }
}

fn event(accessed: &Accessed) -> Node {
    let event = audit_event(accessed, BASE, &Unnamed);
    let found = fhir::validate(&event);
    assert!(found.problems.is_empty(), "{:?}: {:?}", accessed.access.action, found.problems);
    event
}

fn text_at<'n>(event: &'n Node, path: &str) -> &'n str {
    at(event, path).and_then(Node::as_str).unwrap_or_default()
}

fn json(event: &Node) -> String {
    let mut out = Vec::new();
    event.write(&mut out);
    String::from_utf8(out).unwrap()
}

/// Action, target, touched, patients, and the pattern that must be claimed.
type Row = (&'static str, &'static str, &'static [&'static str], &'static [&'static str], &'static str);

const ROWS: &[Row] = &[
    ("read", "Patient/42", &["Patient/42"], &["42"], "PatientRead"),
    ("read", "Observation/1", &["Observation/1"], &["42"], "PatientRead"),
    ("read", "Observation/1", &["Observation/1"], &["42", "43"], "Read"),
    ("read", "Organization/1", &["Organization/1"], &[], "Read"),
    ("vread", "Organization/1/_history/2", &["Organization/1"], &[], "Read"),
    ("vread", "Patient/42/_history/1", &["Patient/42"], &["42"], "PatientRead"),
    ("search", "Observation", &["Observation/1", "Observation/2"], &["42"], "PatientQuery"),
    ("search", "Observation", &["Observation/1", "Patient/43"], &["42", "43"], "Query"),
    ("search", "Organization", &[], &[], "Query"),
    ("create", "Observation", &["Observation/9"], &["42"], "PatientCreate"),
    ("create", "Organization", &["Organization/9"], &[], "Create"),
    ("update", "Patient/42", &["Patient/42"], &["42"], "PatientUpdate"),
    ("patch", "Organization/9", &["Organization/9"], &[], "Update"),
    ("delete", "Observation/9", &["Observation/9"], &["42"], "PatientDelete"),
    ("delete", "Organization/9", &[], &[], "Delete"),
];

#[test]
fn every_interaction_keeps_the_pattern_it_claims() {
    for (action, target, touched, patients, expected) in ROWS {
        let mut one = accessed(action, target, touched, patients);
        for change in 0..4 {
            match change {
                1 => one.actor = Actor::new(ActorKind::Service, "lab"),
                2 => one.access.who.app = Some("growth-chart".to_owned()),
                3 => one.access.query = Some("_elements=name".to_owned()),
                _ => {}
            }
            let (claimed, faults) = faults(&event(&one));
            assert_eq!((claimed.as_str(), faults), (*expected, Vec::new()), "{action} {target} {change}");
        }
    }
}

#[test]
fn a_search_of_several_types_is_one_of_the_system_and_keeps_the_pattern_of_a_query() {
    let mut one = accessed("search", "", &["Observation/1", "Condition/2"], &["42"]);
    for (query, expected) in [(Some("_type=Condition%2CObservation"), "PatientQuery"), (None, "")] {
        one.access.query = query.map(str::to_owned);
        let shown = event(&one);
        let (claimed, faults) = faults(&shown);
        assert_eq!(
            (claimed.as_str(), faults),
            (expected, Vec::new()),
            "without a question there is no query"
        );
        assert!(json(&shown).contains("search-system"));
    }
}

#[test]
fn the_check_of_patterns_finds_what_is_missing() {
    let whole = json(&event(&accessed("read", "Patient/42", &["Patient/42"], &["42"])));
    for (from, to, says) in [
        ("110152", "110150", "client: 0 of them"),
        ("\"action\":\"R\"", "\"action\":\"E\"", "action"),
        ("restful-interaction", "other", "subtype"),
        ("audit-entity-type\",\"code\":\"1\"", "audit-entity-type\",\"code\":\"3\"", "patient: 0 of them"),
        ("audit-entity-type\",\"code\":\"4\"", "audit-entity-type\",\"code\":\"2\"", "data: 2 of them"),
        ("\"requestor\":true", "\"requestor\":false", "user: requestor"),
        ("\"network\":{\"address\":\"192.0.2.7\",\"type\":\"2\"}", "\"altId\":\"x\"", "client: no network"),
    ] {
        assert!(whole.contains(from), "{from}");
        let broken = fhir::json::parse(whole.replace(from, to).as_bytes()).unwrap();
        assert!(faults(&broken).1.iter().any(|fault| fault == says), "{from}: {:?}", faults(&broken).1);
    }
}

#[test]
fn what_failed_claims_no_pattern_and_says_why() {
    let mut one = accessed("read", "Patient/42", &[], &["42"]);
    one.access.decided = Decided::Refused;
    one.access.status = 403;
    one.access.code = Some("AC-0001".to_owned());
    let event = event(&one);
    assert_eq!(faults(&event).0, "");
    assert_eq!((text_at(&event, "outcome"), text_at(&event, "outcomeDesc")), ("8", "AC-0001; refused"));
    assert!(json(&event).contains("\"reference\":\"Patient/42\""), "what was tried is named");
    assert!(json(&event).contains("urn:akashi:policy:doctors-read"));
}

#[test]
fn every_action_of_the_law_makes_an_event_that_is_sound() {
    let commands = ["account-create", "account-list", "certificate-issue", "policy-set", "session-end", "x"];
    let names = access::Action::ALL.iter().map(|action| action.name()).chain(commands).chain([""]);
    for action in names {
        for kind in [ActorKind::Person, ActorKind::Service, ActorKind::Device, ActorKind::System] {
            let mut one = accessed(action, "Patient/42", &["Patient/42"], &["42"]);
            one.actor.kind = kind;
            for ended in [Ended::Answered, Ended::TimedOut, Ended::Abandoned] {
                one.access.ended = ended;
                let (_, faults) = faults(&event(&one));
                assert_eq!(faults, Vec::<String>::new(), "{action}");
            }
            let mut bare = one.clone();
            bare.access = Access { action: action.to_owned(), ..Access::default() };
            bare.access.request = "r".to_owned();
            event(&bare);
        }
    }
}

#[test]
fn what_is_no_interaction_has_the_codes_of_dicom() {
    for (action, route, kind, subtype) in [
        ("login", "POST /f/{facility}/session", "110114", "110122"),
        ("login", "POST /f/{facility}/oauth/token", "110114", "ITI-71"),
        ("own", "DELETE /f/{facility}/session", "110114", "110123"),
        ("own", "POST /f/{facility}/factors", "110113", "110137"),
        ("break-glass", "POST /f/{facility}/break-glass", "110113", "110127"),
        ("account-create", "POST /f/{facility}/admin/{id}", "110113", "110137"),
        ("policy-set", "POST /f/{facility}/admin/{id}", "110113", "110129"),
        ("facts", "POST /f/{facility}/admin/{id}", "110113", "110132"),
        ("export", "", "110106", "export"),
        ("import", "", "110107", "import"),
        ("audit", "GET /f/{facility}/fhir/{type}", "110101", "audit"),
    ] {
        let mut one = accessed(action, "dr-sato", &[], &[]);
        one.access.route = route.to_owned();
        let event = event(&one);
        assert_eq!(text_at(&event, "type/code"), kind, "{action} {route}");
        let subtypes = event.get("subtype").and_then(Node::as_array).unwrap();
        assert_eq!(subtypes[0].get("code").and_then(Node::as_str), Some(subtype), "{action} {route}");
    }
}

#[test]
fn a_question_stands_in_base64_and_nowhere_else() {
    let mut one = accessed("search", "Patient", &["Patient/42"], &["42"]);
    one.access.query = Some("name=%E5%B1%B1".to_owned());
    let told = json(&event(&one));
    assert!(told.contains("\"query\":\"UGF0aWVudD9uYW1lPSVFNSVCMSVCMQ==\""), "{told}");
    assert!(!told.contains("name=%E5"));
}

#[test]
fn a_user_has_a_name_only_where_names_are_known() {
    struct One;
    impl Names for One {
        fn name(&self, account: &str) -> Option<String> {
            (account == "dr-sato").then(|| "佐藤 花子".to_owned())
        }
    }
    let one = accessed("read", "Patient/42", &["Patient/42"], &["42"]);
    assert!(json(&audit_event(&one, BASE, &One)).contains("\"name\":\"佐藤 花子\""));
    assert!(!json(&audit_event(&one, BASE, &Unnamed)).contains("佐藤"));
}

#[test]
fn what_a_client_wrote_into_an_address_cannot_make_an_event_unsound() {
    let mut one = accessed("read", "Pat\u{1}ient/\u{0}", &[], &[]);
    one.access.query = Some("a\u{7f}=\"<".to_owned());
    one.access.who.app = Some("x\ny".to_owned());
    event(&one);
}
