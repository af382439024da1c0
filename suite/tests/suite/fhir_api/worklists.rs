//! Searches by the state of records, held against a naive filter over the entries of the journal.

use crate::material::resource;
use base::{Entropy, SeededEntropy};
use http::Method;
use records::SearchIndex;
use serde_json::{Value, json};
use std::collections::BTreeMap;
use store::{Is, StateAct, Store};
use testkit::{Client, Clinic, Member, Plan, ROLES, Reply, texts};

const KINDS: [&str; 2] = ["Observation", "Composition"];
/// Acts that are tried.
const ACTS: usize = 140;

/// Somebody of the role matrix, with a session or a key.
fn member(clinic: &Clinic, name: &str) -> Client {
    let role = ROLES.into_iter().find(|role| role.name == name).unwrap();
    let member = Member::join(clinic, "sakura", role, None);
    clinic.pass_seconds(31);
    member.client(clinic, "sakura")
}

fn content(kind: &str, id: &str, status: &str, more: &str) -> String {
    let rest = match kind {
        "Composition" => r#""type":{"text":"x"},"date":"2026","author":[{"display":"x"}],"title":"x""#,
        _ => r#""code":{"text":"x"}"#,
    };
    resource(kind, &format!(r#""id":"{id}","status":"{status}",{rest}{more}"#))
}

fn act(client: &Client, record: &str, name: &str, resource: Option<&str>) -> Reply {
    let mut parameters = vec![json!({ "name": "reason", "valueString": "x" })];
    parameters.extend(
        resource.map(
            |text| json!({ "name": "resource", "resource": serde_json::from_str::<Value>(text).unwrap() }),
        ),
    );
    if name == "finalize" {
        parameters.clear();
    }
    let ask = client.ask(Method::POST, &format!("{record}/${name}"));
    if parameters.is_empty() {
        return ask.send();
    }
    ask.resource(json!({ "resourceType": "Parameters", "parameter": parameters }).to_string()).send()
}

/// Writes, finalises, amends, withdraws and deletes at random; what does not fit is refused.
fn work(clinic: &Clinic, people: &[Client]) {
    let chance = SeededEntropy::new(48);
    let below = |bound: usize| {
        let mut bytes = [0; 2];
        chance.fill(&mut bytes).unwrap();
        usize::from(u16::from_le_bytes(bytes)) % bound
    };
    let mut done = 0;
    for _ in 0..ACTS {
        clinic.pass_seconds(60);
        let (kind, id, by) = (KINDS[below(2)], format!("r{}", below(12)), &people[below(people.len())]);
        let record = format!("{kind}/{id}");
        let reply = match below(9) {
            0..=3 => by.put(&record, content(kind, &id, "preliminary", "")),
            4 => by.put(&record, content(kind, &id, "final", "")),
            5 => act(by, &record, "finalize", None),
            6 => act(by, &record, "amend", Some(&content(kind, &id, "amended", ""))),
            7 => act(by, &record, "withdraw", None),
            _ => by.delete(&record),
        };
        done += usize::from(reply.status() < 300);
    }
    assert!(done > ACTS / 3 && done < ACTS, "{done}");
}

/// A record as its entries say it stands.
#[derive(Clone, Debug, PartialEq, Eq)]
struct Stands {
    is: Is,
    act: StateAct,
    responsible: Option<String>,
    entered: Option<String>,
    since: String,
}

/// All records that have a state.
fn standing(clinic: &Clinic) -> BTreeMap<String, Stands> {
    let journal = clinic.journal();
    let mut all: BTreeMap<String, Stands> = BTreeMap::new();
    for entry in journal.entries() {
        if entry.subject.version.is_none() {
            continue;
        }
        let record = format!("{}/{}", entry.subject.kind, entry.subject.id);
        let before = all.remove(&record);
        if let Some(state) = entry.state {
            let goes_on = before.filter(|before| before.is == state.is && state.act != StateAct::Return);
            let since = goes_on.map_or_else(|| entry.time.to_string(), |before| before.since);
            let (is, act) = (state.is, state.act);
            all.insert(
                record,
                Stands { is, act, responsible: state.responsible, entered: state.entered, since },
            );
        }
    }
    all
}

/// A search with what it means.
type Asked = (String, Box<dyn Fn(&Stands) -> bool>);

fn questions(all: &BTreeMap<String, Stands>) -> Vec<Asked> {
    let mut asked: Vec<Asked> = Vec::new();
    let mut ask = |query: String, means: Box<dyn Fn(&Stands) -> bool>| asked.push((query, means));
    for is in Is::ALL {
        ask(format!("record-state={}", is.word()), Box::new(move |one| one.is == is));
        ask(format!("record-state:not={}", is.word()), Box::new(move |one| one.is != is));
    }
    ask("record-state=draft,amended".into(), Box::new(|one| matches!(one.is, Is::Draft | Is::Amended)));
    ask("record-state:missing=false".into(), Box::new(|_| true));
    ask("record-enterer:missing=true".into(), Box::new(|one| one.entered.is_none()));
    ask("record-responsible:missing=true".into(), Box::new(|one| one.responsible.is_none()));
    for act in StateAct::ALL {
        ask(format!("record-state-act={}", act.word()), Box::new(move |one| one.act == act));
    }
    for who in ["doctor", "nurse", "nobody"] {
        let is = move |one: &Stands| one.responsible.as_deref() == Some(who);
        ask(format!("record-responsible={who}"), Box::new(is));
        let drafts = move |one: &Stands| one.is == Is::Draft && is(one);
        ask(format!("record-state=draft&record-responsible={who}"), Box::new(drafts));
    }
    let mut times: Vec<String> = all.values().map(|one| one.since.clone()).collect();
    times.sort_unstable();
    // All of one form and zone: their text sorts as they do.
    for time in [&times[0], &times[times.len() / 2], &times[times.len() - 1]] {
        type Compare = fn(&str, &str) -> bool;
        let prefixes: [(&str, Compare); 5] = [
            ("lt", |one, than| one < than),
            ("ge", |one, than| one >= than),
            ("gt", |one, than| one > than),
            ("le", |one, than| one <= than),
            ("", |one, than| one == than),
        ];
        for (prefix, compare) in prefixes {
            let than = time.clone();
            let means = move |one: &Stands| compare(&one.since, &than);
            ask(format!("record-state-since={prefix}{time}"), Box::new(means.clone()));
            let drafts = move |one: &Stands| one.is == Is::Draft && means(one);
            ask(format!("record-state=draft&record-state-since={prefix}{time}"), Box::new(drafts));
        }
    }
    asked
}

fn ids(reply: &Reply) -> Vec<String> {
    texts(&reply.node(), "entry", "resource.id")
}

/// All pages of a search.
fn paged(client: &Client, query: &str, count: usize) -> Vec<String> {
    let mut reply = client.get(&format!("{query}&_count={count}")).expect(200);
    let mut found = ids(&reply);
    loop {
        let node = reply.node();
        let next = texts(&node, "link", "relation").iter().position(|relation| relation == "next");
        let Some(next) = next else { return found };
        let address = texts(&node, "link", "url").remove(next);
        reply = client.get(address.strip_prefix(&format!("{}/", client.base())).unwrap()).expect(200);
        found.extend(ids(&reply));
    }
}

/// Holds every question against the filter; says how many records were found.
fn hold(client: &Client, all: &BTreeMap<String, Stands>) -> usize {
    let mut total = 0;
    for kind in KINDS {
        for (query, means) in questions(all) {
            let of_kind = all.iter().filter_map(|(record, one)| Some((record.strip_prefix(kind)?, one)));
            let mut expected: Vec<(&str, &str)> = of_kind
                .filter(|(_, one)| means(one))
                .map(|(id, one)| (one.since.as_str(), id.trim_start_matches('/')))
                .collect();
            expected.sort_unstable();
            let expected: Vec<String> = expected.into_iter().map(|(_, id)| id.to_owned()).collect();
            let sorted = |mut found: Vec<String>| {
                found.sort_unstable();
                found
            };
            let found = ids(&client.get(&format!("{kind}?{query}&_count=1000")).expect(200));
            assert_eq!(sorted(found), sorted(expected.clone()), "{kind}?{query}");
            let number = client.get(&format!("{kind}?{query}&_summary=count")).expect(200).get("total");
            assert_eq!(number, expected.len().to_string(), "{kind}?{query} counted");
            let in_order = paged(client, &format!("{kind}?{query}&_sort=record-state-since"), 3);
            assert_eq!(in_order, expected, "{kind}?{query} in order, by pages");
            let form = client
                .ask(Method::POST, &format!("{kind}/_search"))
                .body("application/x-www-form-urlencoded", &query);
            assert_eq!(sorted(ids(&form.send().expect(200))), sorted(expected.clone()), "{query} by form");
            total += expected.len();
        }
    }
    total
}

#[test]
fn searches_by_state_find_what_a_naive_filter_over_the_journal_finds_and_so_after_a_reindex() {
    let mut clinic = Clinic::with(Plan { settles: true, ..Plan::default() });
    let people = [member(&clinic, "doctor"), member(&clinic, "nurse"), clinic.client()];
    work(&clinic, &people);
    let all = standing(&clinic);
    let found = hold(&clinic.client(), &all);
    assert!(found > 200, "{found}");
    clinic.verify().unwrap();
    clinic.close();
    Store::reindex(clinic.data(), clinic.facility(), clinic.master(), &SearchIndex, &|_, _| ()).unwrap();
    clinic.verify().unwrap();
    clinic.open();
    assert_eq!(hold(&clinic.client(), &standing(&clinic)), found);
}

#[test]
fn an_index_that_was_made_before_there_were_such_searches_is_made_anew_when_the_database_opens() {
    /// As it was before states had rows.
    #[derive(Debug)]
    struct Earlier;

    impl store::Indexer for Earlier {
        fn edition(&self) -> &'static str {
            "r4-3"
        }

        fn terms(&self, content: &[u8]) -> Result<Vec<store::Term>, base::Problem> {
            SearchIndex.terms(content)
        }
    }

    let mut clinic = Clinic::start();
    let doctor = member(&clinic, "doctor");
    doctor.put("Observation/o", content("Observation", "o", "preliminary", "")).expect(201);
    clinic.close();
    Store::reindex(clinic.data(), clinic.facility(), clinic.master(), &Earlier, &|_, _| ()).unwrap();
    assert!(clinic.verify().is_err(), "the rows are missing");
    clinic.open();
    let query = "Observation?record-state=draft&record-responsible=doctor";
    assert_eq!(ids(&clinic.client().get(query).expect(200)), ["o"]);
    clinic.verify().unwrap();
}

#[test]
fn a_condition_on_the_state_guards_a_write_and_a_slip_in_it_is_refused() {
    let clinic = Clinic::start();
    let (tester, doctor) = (clinic.client(), member(&clinic, "doctor"));
    doctor.put("Observation/o", content("Observation", "o", "preliminary", "")).expect(201);
    let body = content("Observation", "o", "preliminary", r#","valueInteger":2"#);
    doctor.put("Observation?_id=o&record-state=draft", &body).expect(200);
    act(&doctor, "Observation/o", "finalize", None).expect(200);
    // There is no such draft any more: the write would make a new record of that id, which stands already.
    assert_eq!(doctor.put("Observation?_id=o&record-state=draft", &body).refusal().0, 409);
    for (query, code) in [("record-state=fianl", "FH-0074"), ("record-state-act=sign", "FH-0074")] {
        let refused = tester.get(&format!("Observation?{query}"));
        assert!(refused.message().contains("final"), "{}", refused.message());
        assert_eq!(refused.refusal(), (400, code.to_owned()), "{query}");
    }
    assert_eq!(tester.get("Patient?record-state=draft").refusal(), (400, "FH-0050".to_owned()));
    let chained = "Patient?_has:Observation:subject:record-state=draft";
    assert!(ids(&tester.get(chained).expect(200)).is_empty());
}
