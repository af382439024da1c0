//! Searches against entries in memory.

use super::*;
use access::{Access, AccessWho, Decided, Ended};
use std::collections::BTreeSet;
use store::{Actor, ActorKind};

const BASE: &str = "https://records.example.jp/f/demo/fhir";

/// Entries in memory, and how many were asked for.
struct Kept(Vec<Accessed>);

impl Accesses for Kept {
    fn newest(&self, filter: &AccessFilter<'_>, count: usize) -> Result<Vec<Accessed>, Problem> {
        let fits = |one: &&Accessed| {
            filter.patient.is_none_or(|id| one.access.patients.iter().any(|known| known == id))
                && filter.account.is_none_or(|id| one.actor.id == id)
                && filter.deeds.is_none_or(|deeds| deeds.0(Deed::of(&one.access)))
                && filter.from.is_none_or(|from| from <= one.time)
                && filter.until.is_none_or(|until| one.time < until)
                && filter.before.is_none_or(|before| one.position < before)
        };
        Ok(self.0.iter().rev().filter(fits).take(count).cloned().collect())
    }

    fn at(&self, position: Position) -> Result<Option<Accessed>, Problem> {
        Ok(self.0.iter().find(|one| one.position == position).cloned())
    }
}

/// An entry every second at every third place: by turns of three accounts, three actions, seven patients.
fn kept(count: u64) -> Kept {
    let one = |number: u64| {
        let (action, status) =
            [("read", 200), ("search", 200), ("update", 403)][usize::try_from(number % 3).unwrap()];
        let patient = (number % 7).to_string();
        let access = Access {
            v: 1,
            request: format!("r{number}"),
            action: action.to_owned(),
            who: AccessWho {
                practitioner: number.is_multiple_of(2).then(|| format!("p{}", number % 4)),
                address: Some("192.0.2.1".to_owned()),
                ..AccessWho::default()
            },
            target: if action == "search" { "Observation".to_owned() } else { format!("Patient/{patient}") },
            query: (action == "search").then(|| format!("patient={patient}")),
            patients: vec![patient],
            decided: if status == 403 { Decided::Refused } else { Decided::Permitted },
            policies: vec![format!("policy-{}", number % 2)],
            status,
            ..Access::default()
        };
        let start = Time::parse("2026-11-01T00:00:00+09:00").unwrap();
        Accessed {
            position: Position(number * 3),
            time: start.plus_seconds(i64::try_from(number).unwrap()),
            actor: Actor::new(ActorKind::Person, format!("a{}", number % 3)),
            access,
        }
    };
    Kept((0..count).map(one).collect())
}

fn asked(kept: &Kept, query: &str) -> Result<Value, Problem> {
    let desk = Desk {
        source: kept,
        names: &crate::audit::Unnamed,
        base_url: BASE,
        now: Time::parse("2026-11-22T00:00:00Z").unwrap(),
    };
    let query: Vec<_> = form_urlencoded::parse(query.as_bytes()).into_owned().collect();
    let answer = search(&desk, &query).map_err(|problems| problems.all()[0].clone())?;
    let checked = fhir::check(fhir::json::parse(&answer.body).unwrap());
    assert!(checked.is_ok(), "{checked:?}");
    Ok(serde_json::from_slice(&answer.body).unwrap())
}

fn ids(bundle: &Value) -> Vec<u64> {
    let entries = bundle["entry"].as_array().cloned().unwrap_or_default();
    entries.iter().map(|entry| entry["resource"]["id"].as_str().unwrap().parse().unwrap()).collect()
}

fn expected(kept: &Kept, fits: impl Fn(&Accessed) -> bool) -> Vec<u64> {
    kept.0.iter().rev().filter(|one| fits(one)).map(|one| one.position.0).collect()
}

#[test]
fn each_parameter_finds_what_it_says_and_nothing_else() {
    let kept = kept(300);
    let found = |query: &str| ids(&asked(&kept, &format!("{query}&_count=1000")).unwrap());
    let is = |accessed: &Accessed, action: &str| accessed.access.action == action;
    let patient = |accessed: &Accessed, id: &str| accessed.access.patients == [id];
    for query in
        ["patient=3", "patient=Patient/3", "patient=https://records.example.jp/f/demo/fhir/Patient/3"]
    {
        assert_eq!(found(query), expected(&kept, |one| patient(one, "3")), "{query}");
    }
    assert_eq!(found("patient=3,4"), expected(&kept, |one| patient(one, "3") || patient(one, "4")));
    assert_eq!(found("agent=Practitioner/p2"), expected(&kept, |one| one.position.0 / 3 % 4 == 2));
    let account = found("agent:identifier=urn:akashi:account|a1");
    assert_eq!(account, expected(&kept, |one| one.actor.id == "a1"));
    assert_eq!(found("action=U"), expected(&kept, |one| is(one, "update")));
    assert_eq!(found("action:not=U"), expected(&kept, |one| !is(one, "update")));
    assert_eq!(found("outcome=8"), expected(&kept, |one| one.access.status == 403));
    assert_eq!(found("subtype=read"), expected(&kept, |one| is(one, "read")));
    assert_eq!(found("type=rest").len(), 300);
    assert_eq!(
        found("entity=Patient/3&action=R"),
        expected(&kept, |one| patient(one, "3") && is(one, "read"))
    );
    assert_eq!(found("policy=urn:akashi:policy:policy-1"), expected(&kept, |one| one.position.0 % 2 == 1));
    assert_eq!(found("address=192.0.2.1").len(), 300);
    assert_eq!(found("_id=9,12,10,33"), [33, 12, 9]);
    let from_to = found("date=ge2026-11-01T00:01:00%2B09:00&date=lt2026-11-01T00:02:00%2B09:00");
    assert_eq!(from_to, expected(&kept, |one| (60..120).contains(&(one.position.0 / 3))));
    assert_eq!(found("date=2026-11-01T00:01:00%2B09:00"), [180]);
    assert_eq!(found("_lastUpdated=lt2026-11-01T00:00:02%2B09:00"), [3, 0]);
}

#[test]
fn pages_joined_are_the_whole() {
    let kept = kept(600);
    for (query, fits) in [
        ("action=R", (|one: &Accessed| one.access.action == "read") as fn(&Accessed) -> bool),
        ("patient=5", |one| one.access.patients == ["5"]),
        ("_id=0,3,6,9,12,15,18,21,24,27,30", |one| one.position.0 <= 30),
    ] {
        let mut all = Vec::new();
        let mut next = format!("{query}&_count=7&_total=accurate");
        loop {
            let bundle = asked(&kept, &next).unwrap();
            assert_eq!(bundle["total"], expected(&kept, fits).len());
            all.extend(ids(&bundle));
            let links = bundle["link"].as_array().unwrap();
            let Some(link) = links.iter().find(|link| link["relation"] == "next") else { break };
            next = link["url"].as_str().unwrap().split_once('?').unwrap().1.to_owned();
        }
        assert_eq!(all, expected(&kept, fits), "{query}");
    }
}

#[test]
fn a_search_that_looks_far_ends_its_page_early_and_goes_on() {
    let mut kept = kept(u64::try_from(PAGE_LOOKED_MAX).unwrap() + 1_000);
    kept.0[0].access.who.address = Some("192.0.2.9".to_owned());
    let bundle = asked(&kept, "address=192.0.2.9").unwrap();
    assert_eq!(ids(&bundle), Vec::<u64>::new());
    let next = bundle["link"][1]["url"].as_str().unwrap().split_once('?').unwrap().1.to_owned();
    assert_eq!(ids(&asked(&kept, &next).unwrap()), [0]);
}

#[test]
fn a_rare_deed_is_on_the_first_page_however_long_ago_it_was_done() {
    let mut kept = kept(u64::try_from(PAGE_LOOKED_MAX).unwrap() + 1_000);
    kept.0[0].access.action = "break-glass".to_owned();
    let bundle = asked(&kept, "subtype=110127").unwrap();
    assert_eq!((ids(&bundle), bundle["link"].as_array().unwrap().len()), (vec![0], 1));
}

/// Accesses of every kind of nature and end.
fn of_every_nature() -> Vec<Accessed> {
    let actions = [
        "",
        "read",
        "vread",
        "history",
        "search",
        "create",
        "patch",
        "delete",
        "capabilities",
        "check",
        "finalize",
        "merge",
        "export",
        "import",
        "audit",
        "log",
        "login",
        "own",
        "break-glass",
        "bundle",
        "account-list",
        "account-add",
        "session-end",
        "facts",
        "policy-apply",
        "no-such-action",
    ];
    let routes = [
        "",
        "POST /f/{facility}/session",
        "DELETE /f/{facility}/session/{id}",
        "GET /f/{facility}/session",
        "POST /f/{facility}/token",
        "DELETE /f/{facility}/factors/{id}",
        "HEAD /f/{facility}/factors",
    ];
    let ends = [
        (200, Decided::Permitted, Ended::Answered),
        (201, Decided::Permitted, Ended::Answered),
        (304, Decided::Not, Ended::Answered),
        (200, Decided::Refused, Ended::Answered),
        (200, Decided::Permitted, Ended::TimedOut),
        (200, Decided::Permitted, Ended::Abandoned),
        (0, Decided::Not, Ended::Answered),
        (401, Decided::Not, Ended::Answered),
        (404, Decided::Permitted, Ended::Answered),
        (503, Decided::Permitted, Ended::Answered),
    ];
    let mut all = Vec::new();
    let targets = ["", "Patient", "Patient/1", "Patient/1/_history/2"];
    for action in actions {
        // Of the others the action alone decides.
        let most = if ["login", "own", "history", "search"].contains(&action) { usize::MAX } else { 2 };
        for route in routes.into_iter().take(most) {
            for target in targets.into_iter().take(most) {
                for (status, decided, ended) in ends {
                    let (action, route, target) = (action.to_owned(), route.to_owned(), target.to_owned());
                    let access =
                        Access { v: 1, action, route, target, status, decided, ended, ..Access::default() };
                    all.push(Accessed {
                        position: Position(u64::try_from(all.len()).unwrap()),
                        time: Time::from_microseconds(0),
                        actor: Actor::new(ActorKind::Person, "a"),
                        access,
                    });
                }
            }
        }
    }
    all
}

#[test]
fn narrowing_by_deeds_loses_nothing_that_is_asked_for() {
    let events: Vec<_> = of_every_nature()
        .into_iter()
        .map(|one| (audit_event(&one, BASE, &crate::audit::Unnamed), one))
        .collect();
    for query in [
        "type=rest",
        "type:not=rest",
        "type=110113,110114",
        "subtype=read,vread",
        "subtype=history-type",
        "subtype:missing=true",
        "subtype:not=110137",
        "subtype=110122&outcome=4,8,12",
        "subtype:missing=false&outcome=8",
        "subtype=ITI-71&action=E",
        "action=R&type=110114",
        "action:not=R&outcome=0",
        "outcome=12",
        "outcome:not=0",
    ] {
        let pairs: Vec<_> = form_urlencoded::parse(query.as_bytes()).into_owned().collect();
        let asking = Asking { base_url: BASE, now: Time::from_microseconds(0), lenient: false };
        let asked = AuditQuery::read(&pairs, &asking).unwrap();
        let (mut meant, mut passed_over) = (BTreeSet::new(), 0);
        for (event, one) in &events {
            let deed = Deed::of(&one.access);
            let (key, admits) = ((deed.action, deed.failed), asked.admits(event, one.time));
            if admits {
                meant.insert(key);
                assert!(asked.may(deed), "{query} means {:?}", one.access);
            }
        }
        for (_, one) in &events {
            let deed = Deed::of(&one.access);
            let needless = asked.may(deed) && !meant.contains(&(deed.action, deed.failed));
            assert!(!needless, "{query} never means {deed:?}");
            passed_over += usize::from(!asked.may(deed));
        }
        assert!(passed_over > 0 && !meant.is_empty(), "{query}");
    }
}

#[test]
fn only_the_number_is_told_when_only_it_is_asked_for() {
    let kept = kept(30);
    for query in ["_summary=count", "_count=0"] {
        let bundle = asked(&kept, &format!("action=R&{query}")).unwrap();
        assert_eq!((bundle["total"].as_u64(), ids(&bundle).len()), (Some(10), 0));
    }
    assert_eq!(asked(&kept, "action=R").unwrap().get("total"), None);
}

#[test]
fn an_event_is_read_by_its_id_and_what_is_no_event_is_absent() {
    let kept = kept(10);
    let desk = Desk {
        source: &kept,
        names: &crate::audit::Unnamed,
        base_url: BASE,
        now: Time::from_microseconds(0),
    };
    let id = |text: &str| ResourceId::parse(text).unwrap();
    let found = read(&desk, &id("27"), &[]).unwrap();
    assert!(String::from_utf8(found.body).unwrap().contains("\"id\":\"27\""));
    for absent in ["26", "027", "x", "99999999999999999999"] {
        assert_eq!(read(&desk, &id(absent), &[]).unwrap_err().all()[0].code().id, "RC-0002", "{absent}");
    }
    let wrong = [("colour".to_owned(), "x".to_owned())];
    assert_eq!(read(&desk, &id("27"), &wrong).unwrap_err().all()[0].code().id, "RC-0036");
}
