//! The page of what is supported: up to date, and true in what it says is refused.

use crate::material::{born, patient};
use http::Method;
use suite::supported::{self, refused::REFUSED};
use testkit::Clinic;

#[test]
fn the_page_is_the_one_that_the_tables_make() {
    let page = std::fs::read_to_string(supported::path()).unwrap();
    assert!(page == supported::page().unwrap(), "stale: run `cargo run -p suite --bin supported`");
}

#[test]
fn everything_that_is_refused_by_name_is_refused_so() {
    let clinic = Clinic::start();
    let client = clinic.client();
    client.put("Patient/1", born("1", "1950")).expect(201);
    client.put("Basic/1", r#"{"resourceType":"Basic","id":"1","code":{"text":"x"}}"#).expect(201);
    for _ in 0..2 {
        client.post("Patient", patient(r#""identifier":[{"value":"twice"}]"#)).expect(201);
    }
    for row in REFUSED {
        let method = Method::from_bytes(row.method.as_bytes()).unwrap();
        let base = format!("/f/sakura/fhir{}", row.path);
        let path = if row.path.starts_with('?') { base.as_str() } else { row.path };
        let mut ask = client.ask(method, path);
        if let Some((name, value)) = row.field {
            ask = ask.field(name, value);
        }
        let reply = ask.send();
        assert_eq!(reply.refusal(), (row.status, row.code.to_owned()), "{} {}", row.method, row.path);
    }
}
