//! The pages that show what is proven while writing is stopped: who comes to them, what they show, and what it leaves.

use super::{address, page, sends, signs_in};
use crate::material::patient;
use http::Method;
use serde_json::{Value, json};
use std::fs;
use store::Accessed;
use testkit::{BASE_URL, Client, Clinic, Person, Reply, SoftAuthenticator, open_database};

const SESSION: &str = "__Host-akashi-session";

/// What is needed at night: a patient with an allergy, a medicine, a problem, a value and a note.
fn with_a_record(clinic: &Clinic) {
    let client = clinic.client();
    let name = r#""id":"p","name":[{"text":"見本 花子","family":"Mihonp"}],"identifier":[{"value":"0042"}]"#;
    client.put("Patient/p", patient(name)).expect(201);
    let of = r#""subject":{"reference":"Patient/p"}"#;
    let records = [
        (
            "AllergyIntolerance/al",
            r#"{"resourceType":"AllergyIntolerance","id":"al","patient":{"reference":"Patient/p"},"clinicalStatus":{"coding":[{"system":"http://terminology.hl7.org/CodeSystem/allergyintolerance-clinical","code":"active"}]},"code":{"text":"ペニシリン"}}"#.to_owned(),
        ),
        (
            "MedicationStatement/m",
            format!(r#"{{"resourceType":"MedicationStatement","id":"m","status":"active",{of},"medicationCodeableConcept":{{"text":"アムロジピン錠5mg"}}}}"#),
        ),
        (
            "Condition/c",
            format!(r#"{{"resourceType":"Condition","id":"c",{of},"code":{{"text":"高血圧症"}}}}"#),
        ),
        (
            "Observation/o",
            format!(r#"{{"resourceType":"Observation","id":"o","status":"preliminary",{of},"effectiveDateTime":"2026-03-30","code":{{"text":"カリウム"}},"valueQuantity":{{"value":4.1,"unit":"mmol/L"}}}}"#),
        ),
    ];
    for (path, text) in records {
        client.put(path, text).expect(201);
    }
}

fn stop(clinic: &Clinic) {
    fs::write(clinic.facility_folder().join("writing-stopped"), "").unwrap();
}

fn go_on(clinic: &Clinic) {
    fs::remove_file(clinic.facility_folder().join("writing-stopped")).unwrap();
}

fn signed_in(clinic: &Clinic) -> (Person, Client) {
    let hana = Person::join(clinic, "hana", &[]);
    let browser = clinic.client().browser();
    signs_in(&browser, &hana, &hana.next_code(clinic), "").expect(303);
    (hana, browser)
}

#[test]
fn at_night_with_writing_stopped_a_doctor_reads_what_is_proven_and_the_looks_stand_in_the_journal_later() {
    let mut clinic = Clinic::start();
    with_a_record(&clinic);
    let (_, browser) = signed_in(&clinic);
    stop(&clinic);
    let told = page(&browser, "patients/p").send();
    assert_eq!(told.status(), 503, "the ordinary pages show nothing");
    assert!(told.text().contains("console/emergency"), "{}", told.text());
    let ways = page(&clinic.client().browser(), "emergency").send();
    assert!(ways.text().contains("console/emergency/patients"), "{}", ways.text());
    for wanted in ["Mihonp", "0042"] {
        let found = page(&browser, &format!("emergency/patients?q={wanted}")).send().expect(200).text();
        assert!(found.contains("console/emergency/patients/p"), "{wanted}: {found}");
    }
    let asked = page(&browser, "emergency/patients/p").field("x-request-id", "at-night");
    let shown = asked.field("accept-language", "ja").send().expect(200).text();
    let parts = [
        "非常時の読み取り専用",
        "見本 花子",
        "ペニシリン",
        "アムロジピン錠5mg",
        "高血圧症",
        "カリウム",
        "4.1",
        "2026年4月1日",
    ];
    for part in parts {
        assert!(shown.contains(part), "{part}: {shown}");
    }
    assert!(!shown.contains("未検証のため表示しません"), "{shown}");
    clinic.close();
    go_on(&clinic);
    clinic.open();
    let mut looks = clinic.accesses();
    looks.retain(|one| one.access.request == "at-night");
    let whole: Vec<_> = looks.iter().filter(|one| one.access.part.is_none()).collect();
    assert_eq!(whole.len(), 1, "{looks:?}");
    assert_eq!((whole[0].actor.id.as_str(), whole[0].access.status), ("hana", 200));
    assert!(looks.iter().all(|one| one.access.emergency.is_some()), "{looks:?}");
    let touched: Vec<&str> =
        looks.iter().flat_map(|one| &one.access.touched).map(|one| one.record.as_str()).collect();
    for record in
        ["Patient/p", "AllergyIntolerance/al", "MedicationStatement/m", "Condition/c", "Observation/o"]
    {
        assert!(touched.contains(&record), "{record}: {touched:?}");
    }
    let lookers = clinic.client().get("Patient/p/$lookers").expect(200).text();
    assert!(lookers.contains("hana"), "{lookers}");
    clinic.verify().unwrap();
}

#[test]
fn one_signs_in_while_writing_is_stopped_and_is_out_once_it_goes_on() {
    let clinic = Clinic::start();
    with_a_record(&clinic);
    let hana = Person::join(&clinic, "hana", &[]);
    stop(&clinic);
    let browser = clinic.client().browser();
    let away = page(&browser, "emergency/patients/p").send();
    let next = "/f/sakura/console/emergency/patients/p";
    assert_eq!(away.status(), 303);
    assert!(away.field("location").contains("/console/sign-in?next="), "{}", away.field("location"));
    page(&browser, "sign-in").send().expect(200);
    let wrong = signs_in(&browser, &hana, "000000", next);
    assert_eq!(wrong.status(), 422, "{}", wrong.text());
    let reply = signs_in(&browser, &hana, &hana.next_code(&clinic), next);
    assert_eq!((reply.status(), reply.field("location")), (303, next), "{}", reply.text());
    assert!(page(&browser, "emergency/patients/p").send().expect(200).text().contains("ペニシリン"));
    assert_eq!(page(&browser, "").send().status(), 503, "nothing but the pages for this");
    go_on(&clinic);
    assert_eq!(page(&browser, "patients/p").send().status(), 303, "the journal does not know this session");
    let tries = clinic.accesses();
    let signing_in = |one: &&Accessed| {
        one.access.emergency.is_some() && one.access.route.starts_with("POST") && one.actor.id == "hana"
    };
    assert_eq!(tries.iter().filter(signing_in).count(), 1, "{tries:?}");
}

#[test]
fn while_writing_is_stopped_one_chooses_the_language_and_signs_out() {
    let clinic = Clinic::start();
    with_a_record(&clinic);
    let (_, browser) = signed_in(&clinic);
    stop(&clinic);
    let here = "/f/sakura/console/emergency/patients/p";
    let reply = sends(&browser, "language", &[("language", "en"), ("from", here)]).send();
    assert_eq!((reply.status(), reply.field("location")), (303, here), "{}", reply.text());
    let shown = page(&browser, "emergency/patients/p").send().expect(200).text();
    assert!(shown.contains("<html lang=\"en\">"), "{shown}");
    let cookie = format!("{SESSION}={}", browser.cookie(SESSION).unwrap());
    let kept = |path: &str| page(&clinic.stranger(), path).field("cookie", &cookie).send();
    assert_eq!(kept("emergency/patients/p").status(), 200);
    let other_site = browser.call(Method::POST, &address("sign-out")).body(super::FORM, "").send();
    assert_eq!(other_site.status(), 403, "nobody else signs them out");
    let out = sends(&browser, "sign-out", &[]).send();
    assert_eq!(
        (out.status(), out.field("location")),
        (303, "/f/sakura/console/sign-in?out"),
        "{}",
        out.text()
    );
    assert!(out.field("set-cookie").starts_with(&format!("{SESSION}=;")), "{}", out.field("set-cookie"));
    assert_eq!(kept("emergency/patients/p").status(), 303, "the session is over, whoever kept its cookie");
    go_on(&clinic);
    assert_eq!(kept("patients/p").status(), 303);
    let told = clinic.accesses();
    let out = |one: &&Accessed| one.access.route.ends_with("console/sign-out") && one.actor.id == "hana";
    let noted: Vec<_> = told.iter().filter(out).collect();
    assert!(noted.iter().any(|one| one.access.emergency.is_some() && one.access.status == 303), "{noted:?}");
}

#[test]
fn one_signs_in_with_a_passkey_while_writing_is_stopped() {
    let clinic = Clinic::start();
    with_a_record(&clinic);
    let hana = Person::join(&clinic, "hana", &[]);
    let mut authenticator = SoftAuthenticator::new(BASE_URL);
    let session = hana.session(&clinic, &clinic.stranger());
    let json = |reply: Reply| serde_json::from_slice::<Value>(&reply.body).unwrap();
    let post = |client: &Client, path: &str, body: Value| {
        client.call(Method::POST, path).json(&body).sent_by_own_page().send()
    };
    let begun = json(post(&session, "factors/passkey", json!({})).expect(200));
    let response = authenticator.create(&begun["options"]);
    let members = json!({ "handle": begun["handle"], "response": response });
    post(&session, "factors/passkey/confirm", members).expect(201);
    stop(&clinic);
    let browser = clinic.client().browser();
    // As the script of the page on which people sign in does it.
    let challenge = json(post(&browser, "session/passkey", json!({})).expect(200));
    let answer =
        json!({ "handle": challenge["handle"], "response": authenticator.get(&challenge["options"]) });
    post(&browser, "session", json!({ "carrier": "cookie", "passkey": answer })).expect(201);
    assert!(page(&browser, "emergency/patients/p").send().expect(200).text().contains("ペニシリン"));
    go_on(&clinic);
    assert_eq!(page(&browser, "patients/p").send().status(), 303, "the journal does not know this session");
}

#[test]
fn failed_tries_close_the_way_in_memory_too_while_writing_is_stopped() {
    let clinic = Clinic::start();
    let mut hana = Person::join(&clinic, "hana", &[]);
    stop(&clinic);
    let password = std::mem::replace(&mut hana.password, "not-the-password-7".to_owned());
    for _ in 0..12 {
        let browser = clinic.client().browser();
        assert_eq!(signs_in(&browser, &hana, &hana.next_code(&clinic), "").status(), 422);
    }
    hana.password = password;
    let browser = clinic.client().browser();
    assert_eq!(signs_in(&browser, &hana, &hana.next_code(&clinic), "").status(), 422, "the way is closed");
}

#[test]
fn what_is_not_proven_is_not_on_the_page_and_is_told_there() {
    let mut clinic = Clinic::start();
    with_a_record(&clinic);
    let hana = Person::join(&clinic, "hana", &[]);
    clinic.close();
    let damage = "UPDATE content SET body = CAST(replace(CAST(body AS TEXT), 'ペニシリン', 'なし') AS BLOB)
        WHERE position = (SELECT position FROM record WHERE id = 'al')";
    let database = open_database(clinic.data(), clinic.facility(), clinic.master());
    assert_eq!(database.execute(damage, []).unwrap(), 1);
    drop(database);
    clinic.open();
    let browser = clinic.client().browser();
    signs_in(&browser, &hana, &hana.next_code(&clinic), "").expect(303);
    stop(&clinic);
    let ask = page(&browser, "emergency/patients/p").field("accept-language", "ja");
    let shown = ask.send().expect(200).text();
    assert!(!shown.contains("ペニシリン") && !shown.contains("なし</strong>"), "{shown}");
    assert!(shown.contains("1 件は未検証のため表示しません"), "{shown}");
    assert!(!shown.contains("注意情報の登録はありません"), "unknown is not shown as good: {shown}");
    assert!(shown.contains("アムロジピン錠5mg"), "{shown}");
}

#[test]
fn while_writing_is_stopped_nothing_else_is_open_and_whoever_may_not_read_does_not() {
    let clinic = Clinic::start();
    with_a_record(&clinic);
    let (_, browser) = signed_in(&clinic);
    let stranger = clinic.client().browser();
    stop(&clinic);
    for path in
        ["fhir/Patient/p", "fhir/Patient/p/$everything", "session", "console/patients", "log/checkpoint"]
    {
        let status = browser.call(Method::GET, path).send().status();
        assert_eq!(status, 503, "{path}");
    }
    let api = browser.call(Method::DELETE, "session").sent_by_own_page().send();
    assert_eq!(api.status(), 503, "signing out is a page");
    assert_eq!(sends(&browser, "emergency/patients/p", &[]).send().status(), 405);
    assert_eq!(page(&browser, "emergency/patients/q").send().status(), 404, "no such patient");
    assert_eq!(page(&stranger, "emergency/patients/p").send().status(), 303);
}

#[test]
fn where_the_look_cannot_be_noted_nothing_is_shown() {
    let clinic = Clinic::start();
    with_a_record(&clinic);
    let (_, browser) = signed_in(&clinic);
    fs::write(clinic.facility_folder().join("emergency"), "no folder").unwrap();
    stop(&clinic);
    let reply = page(&browser, "emergency/patients/p").send();
    assert_eq!(reply.status(), 503);
    assert!(reply.text().contains("ST-0063") && !reply.text().contains("ペニシリン"), "{}", reply.text());
}

#[test]
fn while_writing_goes_on_the_pages_lead_to_the_ordinary_ones() {
    let clinic = Clinic::start();
    with_a_record(&clinic);
    let (_, browser) = signed_in(&clinic);
    for path in ["patients", "patients/p"] {
        let reply = page(&browser, &format!("emergency/{path}")).send();
        assert_eq!(reply.field("location"), format!("/f/sakura/{}", address(path)));
    }
}
