//! One entry in the journal for each request for a page, under the name of whoever asked, and none for files.

use super::{address, doctor, page, sends};
use crate::material::patient;
use http::Method;
use testkit::Clinic;

#[test]
fn every_look_at_a_page_leaves_one_entry_under_the_name_of_who_looks() {
    let clinic = Clinic::start();
    clinic.client().put("Patient/p", patient(r#""id":"p","name":[{"text":"見本 花子"}]"#)).expect(201);
    let browser = doctor(&clinic, &[]);
    let mut seen = 0;
    for (number, row) in console::pages().filter(|row| row.looks).enumerate() {
        let path = row.path.replace("{}", "p");
        let name = format!("look-{number}");
        let status = page(&browser, &path).field("x-request-id", &name).send().status();
        let entries = clinic.accesses_by(&name);
        let whole: Vec<_> = entries.iter().filter(|one| one.access.part.is_none()).collect();
        assert_eq!(whole.len(), 1, "{path}: {entries:?}");
        let access = &whole[0].access;
        assert_eq!(access.status, status, "{path}");
        assert!(access.route.starts_with("GET /f/{facility}/console"), "{path}: {}", access.route);
        if row.path != "sign-in" {
            assert_eq!(whole[0].actor.id, "hana", "{path}");
        }
        seen += 1;
    }
    assert!(seen >= 4, "{seen}");
}

#[test]
fn a_search_by_a_page_names_the_patients_that_it_showed() {
    let clinic = Clinic::start();
    for id in ["p", "q"] {
        let name = patient(&format!(r#""id":"{id}","name":[{{"family":"Mihon{id}"}}]"#));
        clinic.client().put(&format!("Patient/{id}"), name).expect(201);
    }
    let browser = doctor(&clinic, &[]);
    let reply = page(&browser, "patients?q=Mihonp").field("x-request-id", "search-1").send().expect(200);
    assert!(reply.text().contains("Mihonp") && !reply.text().contains("Mihonq"), "{}", reply.text());
    let entries = clinic.accesses_by("search-1");
    let named: Vec<&String> = entries.iter().flat_map(|one| &one.access.patients).collect();
    assert!(named.iter().any(|id| *id == "p") && !named.iter().any(|id| *id == "q"), "{entries:?}");
}

#[test]
fn what_is_refused_before_a_page_leaves_its_entry_too() {
    let clinic = Clinic::start();
    let browser = doctor(&clinic, &[]);
    let stranger = clinic.client().browser();
    let foreign = browser.call(Method::POST, &address("sign-out")).body(super::FORM, "");
    let asks = [
        (page(&stranger, "patients"), 401),
        (page(&browser, "no/such/page"), 404),
        (sends(&browser, "patients", &[]), 404),
        (foreign.field("sec-fetch-site", "cross-site"), 403),
    ];
    for (number, (ask, status)) in asks.into_iter().enumerate() {
        let name = format!("refused-{number}");
        ask.field("x-request-id", &name).send();
        let entries = clinic.accesses_by(&name);
        assert_eq!(entries.len(), 1, "{number}: {entries:?}");
        assert_eq!(entries[0].access.status, status, "{number}");
    }
}

#[test]
fn files_of_pages_and_facilities_that_are_not_there_leave_no_entry() {
    let clinic = Clinic::start();
    let stranger = clinic.stranger();
    let before = clinic.accesses().len();
    for path in ["/console/style.css", "/console/nothing", "/f/tsubaki/console", "/f/tsubaki/console/sign-in"]
    {
        stranger.get(path);
        assert_eq!(clinic.accesses().len(), before, "{path}");
    }
}
