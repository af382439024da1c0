//! Many callers at once: what reads before it writes must come out as if one had come after the other.

use crate::material::{born, patient};
use http::Method;
use testkit::{Client, Clinic, Reply};

/// Sends the same kind of request from many clients at once.
pub(super) fn at_once(
    client: &Client,
    count: usize,
    send: &(dyn Fn(&Client, usize) -> Reply + Sync),
) -> Vec<Reply> {
    let clients: Vec<Client> = (0..count).map(|_| client.again()).collect();
    std::thread::scope(|scope| {
        let sent: Vec<_> = clients
            .into_iter()
            .enumerate()
            .map(|(number, client)| scope.spawn(move || send(&client, number)))
            .collect();
        sent.into_iter().map(|one| one.join().unwrap()).collect()
    })
}

fn with_identifier(value: &str) -> String {
    patient(&format!(r#""identifier":[{{"system":"urn:s","value":"{value}"}}]"#))
}

#[test]
fn of_many_conditional_creations_exactly_one_creates() {
    let clinic = Clinic::start();
    let client = clinic.client();
    let replies = at_once(&client, 64, &|client, _| {
        let ask = client.ask(Method::POST, "Patient").resource(with_identifier("1"));
        ask.field("if-none-exist", "identifier=urn:s|1").send()
    });
    let created = replies.iter().filter(|reply| reply.status() == 201).count();
    let existing = replies.iter().filter(|reply| reply.status() == 200).count();
    assert_eq!((created, existing), (1, 63));
    let ids: std::collections::BTreeSet<String> = replies.iter().map(|reply| reply.get("id")).collect();
    assert_eq!(ids.len(), 1, "all were told of the same record");
    assert_eq!(client.get("Patient?identifier=urn:s%7C1").get("total"), "1");
    clinic.verify().unwrap();
}

#[test]
fn of_many_conditional_updates_one_creates_and_all_are_kept() {
    let clinic = Clinic::start();
    let client = clinic.client();
    let replies =
        at_once(&client, 16, &|client, _| client.put("Patient?identifier=urn:s%7C1", with_identifier("1")));
    let mut statuses: Vec<u16> = replies.iter().map(Reply::status).collect();
    statuses.sort_unstable();
    assert_eq!(
        (statuses.first(), statuses.last()),
        (Some(&200), Some(&201)),
        "{statuses:?} {}",
        replies.last().unwrap().text()
    );
    assert_eq!(statuses.iter().filter(|status| **status == 201).count(), 1);
    assert_eq!(client.get("Patient/_history").get("total"), "16");
}

#[test]
fn no_patch_of_many_is_lost() {
    let clinic = Clinic::start();
    let client = clinic.client();
    client.put("Patient/p", patient(r#""id":"p","name":[{"given":["x"]}]"#)).expect(201);
    let replies = at_once(&client, 12, &|client, number| {
        let body = format!(r#"[{{"op":"add","path":"/name/0/given/-","value":"n{number}"}}]"#);
        client.ask(Method::PATCH, "Patient/p").body("application/json-patch+json", body).send()
    });
    let done = replies.iter().filter(|reply| reply.status() == 200).count();
    let contended = replies.iter().filter(|reply| reply.status() == 409).count();
    assert_eq!(done + contended, 12);
    assert!(done >= 2, "at least some go through");
    let stored = client.get("Patient/p").expect(200);
    let given = testkit::at(&stored.node(), "name.0.given").and_then(fhir::Node::as_array).unwrap().len();
    assert_eq!(given, done + 1, "each that was answered with 200 is there, and no other");
    assert_eq!(stored.field("etag"), format!("W/\"{}\"", done + 1));
}

#[test]
fn transactions_with_the_same_condition_make_one_record() {
    let clinic = Clinic::start();
    let client = clinic.client();
    let entry = |full_url: &str, resource: &str, condition: &str| {
        format!(
            r#"{{"fullUrl":"{full_url}","resource":{resource},"request":{{"method":"POST","url":"Patient"{condition}}}}}"#
        )
    };
    let replies = at_once(&client, 24, &|client, number| {
        let entries = [
            entry("urn:uuid:1", &with_identifier("1"), r#","ifNoneExist":"identifier=urn:s|1""#),
            entry(
                "urn:uuid:2",
                &patient(&format!(
                    r#""identifier":[{{"value":"t{number}"}}],"link":[{{"other":{{"reference":"urn:uuid:1"}},"type":"seealso"}}]"#
                )),
                "",
            ),
        ];
        client.post("", crate::material::bundle("transaction", &entries))
    });
    for reply in &replies {
        assert_eq!(reply.status(), 200, "{}", reply.text());
    }
    let only = client.get("Patient?identifier=urn:s%7C1");
    assert_eq!(only.get("total"), "1");
    let key = format!("Patient/{}", only.get("entry.0.resource.id"));
    for number in 0..24 {
        let found = client.get(&format!("Patient?identifier=t{number}"));
        assert_eq!(found.get("entry.0.resource.link.0.other.reference"), key);
    }
    clinic.verify().unwrap();
}

#[test]
fn a_conditional_deletion_and_creations_leave_one_or_none() {
    let clinic = Clinic::start();
    let client = clinic.client();
    client.post("Patient", with_identifier("1")).expect(201);
    let replies = at_once(&client, 16, &|client, number| {
        if number % 2 == 0 {
            return client.delete("Patient?identifier=urn:s%7C1");
        }
        let ask = client.ask(Method::POST, "Patient").resource(with_identifier("1"));
        ask.field("if-none-exist", "identifier=urn:s|1").send()
    });
    assert!(replies.iter().all(|reply| matches!(reply.status(), 200 | 201 | 204)));
    let left = client.get("Patient?identifier=urn:s%7C1").get("total");
    assert!(left == "0" || left == "1", "{left}");
    client.put("Patient/p", born("p", "1950")).expect(201);
}
