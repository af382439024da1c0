//! If-Match, If-None-Match and their like: what is written, what is refused, and what happens when many write at once.

use crate::material::{born, patient, versions};
use http::Method;
use testkit::Clinic;

#[test]
fn an_update_goes_through_only_when_its_condition_holds() {
    let clinic = Clinic::start();
    let client = clinic.client();
    client.put("Patient/p", born("p", "1950")).expect(201);
    client.put("Patient/p", born("p", "1951")).expect(200);
    client.put("Patient/gone", born("gone", "1950")).expect(201);
    client.delete("Patient/gone").expect(204);
    let before = versions(&client);
    for (id, field, value, status, code) in [
        ("p", "if-match", "W/\"1\"", 412, "ST-0005"),
        ("p", "if-match", "W/\"3\"", 412, "ST-0005"),
        ("never", "if-match", "W/\"1\"", 412, "ST-0007"),
        ("gone", "if-match", "W/\"2\"", 412, "ST-0007"),
        ("p", "if-none-match", "*", 412, "ST-0006"),
        ("p", "if-match", "*", 400, "SV-0016"),
        ("p", "if-match", "2", 400, "SV-0015"),
        ("p", "if-match", "W/\"2\", W/\"3\"", 400, "SV-0015"),
        ("p", "if-match", "W/\"02\"", 400, "SV-0015"),
        ("p", "if-none-match", "W/\"2\"", 400, "SV-0016"),
        ("p", "if-none-exist", "identifier=1", 400, "SV-0016"),
        ("p", "if-unmodified-since", "Wed, 01 Apr 2026 00:00:00 GMT", 400, "SV-0016"),
    ] {
        let path = format!("Patient/{id}");
        let reply = client.ask(Method::PUT, &path).resource(born(id, "1999")).field(field, value).send();
        assert_eq!(reply.refusal(), (status, code.to_owned()), "{id} {field}: {value}");
    }
    assert_eq!(versions(&client), before, "a refused update leaves nothing");
    for (id, field, value, status) in [
        ("p", "if-match", "W/\"2\"", 200),
        ("p", "if-match", "\"3\"", 200),
        ("new", "if-none-match", "*", 201),
        ("gone", "if-none-match", "*", 201),
    ] {
        let path = format!("Patient/{id}");
        let ask = client.ask(Method::PUT, &path).resource(born(id, "1999")).field(field, value);
        ask.send().expect(status);
    }
}

#[test]
fn a_stale_update_hears_which_version_is_current() {
    let clinic = Clinic::start();
    let client = clinic.client();
    for date in ["1950", "1951", "1952"] {
        client.put("Patient/p", born("p", date));
    }
    let ask = client.ask(Method::PUT, "Patient/p").resource(born("p", "1999")).field("if-match", "W/\"1\"");
    let message = ask.field("accept-language", "en").send().message();
    assert!(message.contains("version 3") && message.contains("If-Match: W/\"3\""), "{message}");
}

#[test]
fn a_delete_goes_through_only_when_its_condition_holds() {
    let clinic = Clinic::start();
    let client = clinic.client();
    client.put("Patient/p", born("p", "1950")).expect(201);
    client.put("Patient/p", born("p", "1951")).expect(200);
    for (id, field, value, status, code) in [
        ("p", "if-match", "W/\"1\"", 412, "ST-0005"),
        ("never", "if-match", "W/\"1\"", 412, "ST-0007"),
        ("p", "if-match", "x", 400, "SV-0015"),
        ("p", "if-none-match", "*", 400, "SV-0016"),
    ] {
        let reply = client.ask(Method::DELETE, &format!("Patient/{id}")).field(field, value).send();
        assert_eq!(reply.refusal(), (status, code.to_owned()), "{id} {field}: {value}");
    }
    client.ask(Method::DELETE, "Patient/p").field("if-match", "W/\"2\"").send().expect(204);
    assert_eq!(client.get("Patient/p").status(), 410);
}

#[test]
fn conditions_are_refused_where_they_mean_nothing() {
    let clinic = Clinic::start();
    let client = clinic.client();
    for field in ["if-match", "if-none-match", "if-unmodified-since", "if-modified-since"] {
        let create = client.ask(Method::POST, "Patient").resource(patient("")).field(field, "x").send();
        assert_eq!(create.refusal(), (400, "SV-0016".to_owned()), "{field}");
        let empty = r#"{"resourceType":"Bundle","type":"batch"}"#;
        let bundle = client.ask(Method::POST, "").resource(empty).field(field, "x").send();
        assert_eq!(bundle.refusal(), (400, "SV-0016".to_owned()), "{field}");
    }
    assert_eq!(versions(&client), 0);
}

#[test]
fn of_many_updates_of_one_version_exactly_one_goes_through() {
    let clinic = Clinic::start();
    let client = clinic.client();
    client.put("Patient/p", born("p", "1950")).expect(201);
    for version in 1..=5 {
        let tag = format!("W/\"{version}\"");
        let clients: Vec<_> = (0..6).map(|_| client.again()).collect();
        let statuses: Vec<u16> = std::thread::scope(|scope| {
            let tag = tag.as_str();
            let tries: Vec<_> = clients
                .into_iter()
                .map(|client| {
                    let body = born("p", &format!("{}", 1950 + version));
                    scope.spawn(move || {
                        let ask = client.ask(Method::PUT, "Patient/p").resource(body);
                        ask.field("if-match", tag).send().status()
                    })
                })
                .collect();
            tries.into_iter().map(|one| one.join().unwrap()).collect()
        });
        let won = statuses.iter().filter(|status| **status == 200).count();
        let lost = statuses.iter().filter(|status| **status == 412).count();
        assert_eq!((won, lost), (1, 5), "{statuses:?}");
    }
    assert_eq!(client.get("Patient/p/_history").get("total"), "6");
    clinic.verify().unwrap();
}
