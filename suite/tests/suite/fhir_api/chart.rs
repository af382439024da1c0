//! The chart of a patient: everything of the record as one page for people, with its histories and proofs.

use crate::material::resource;
use testkit::Clinic;

const PATIENT: &str = r#""id":"p","gender":"female","birthDate":"1985-03-02","name":[{"text":"山田 <花子>"},{"text":"ヤマダ ハナコ"}]"#;

fn result(id: &str, value: u32, status: &str) -> String {
    let members = format!(
        r#""id":"{id}","status":"{status}","code":{{"text":"血糖"}},"subject":{{"reference":"Patient/p"}},"effectiveDateTime":"2026-04-01T00:30:00Z","valueQuantity":{{"value":{value},"unit":"mg/dL"}}"#
    );
    resource("Observation", &members)
}

#[test]
fn a_chart_shows_who_the_patient_is_every_entry_and_every_version() {
    let clinic = Clinic::start();
    let client = clinic.client();
    client.put("Patient/p", resource("Patient", PATIENT)).expect(201);
    client.put("Patient/q", resource("Patient", r#""id":"q","name":[{"text":"別の人"}]"#)).expect(201);
    client.put("Observation/o", result("o", 91, "preliminary")).expect(201);
    client.put("Observation/o", result("o", 104, "preliminary")).expect(200);
    let reply =
        client.ask(http::Method::GET, "Patient/p/$chart").field("accept-language", "ja").send().expect(200);
    assert_eq!(reply.field("content-type"), "text/html; charset=utf-8");
    assert_eq!(reply.field("content-language"), "ja");
    assert!(reply.field("content-security-policy").contains("default-src 'none'; style-src 'sha256-"));
    let page = reply.text();
    for told in [
        "<span>山田 &#60;花子&#62;（ヤマダ ハナコ）</span><span>1985年3月2日（昭和60年）生</span>",
        "検査結果・観察",
        "<dt>値</dt><dd>104 mg/dL</dd>",
        "<dt>値</dt><dd>91 mg/dL</dd>",
        "2026年4月1日 9:30",
        "下書き（未確定）",
        "第 2 版",
        "以前の版 1",
        "/fhir/Observation/o/_history/1/$proof",
    ] {
        assert!(page.contains(told), "{told}");
    }
    assert!(!page.contains("別の人") && !page.contains("<script"));
    assert!(page.contains(
        &client.call(http::Method::GET, "log/checkpoint").send().text().lines().next().unwrap().to_owned()
    ));
}

#[test]
fn a_chart_is_in_the_language_of_who_asks() {
    let clinic = Clinic::start();
    let client = clinic.client();
    client.put("Patient/p", resource("Patient", PATIENT)).expect(201);
    let page = client
        .ask(http::Method::GET, "Patient/p/$chart")
        .field("accept-language", "en")
        .send()
        .expect(200)
        .text();
    assert!(page.contains("born 1985-03-02 (Showa 60)") && page.contains("<html lang=\"en\">"), "{page}");
}

#[test]
fn a_chart_of_what_is_no_patient_or_with_a_parameter_is_refused() {
    let clinic = Clinic::start();
    let client = clinic.client();
    client.put("Patient/p", resource("Patient", PATIENT)).expect(201);
    client.put("Observation/o", result("o", 91, "preliminary")).expect(201);
    assert_eq!(client.get("Observation/o/$chart").refusal(), (400, "RC-0080".to_owned()));
    assert_eq!(client.get("Patient/p/$chart?_since=2026").refusal(), (400, "RC-0081".to_owned()));
    assert_eq!(client.get("Patient/nobody/$chart").refusal().0, 404);
    client.delete("Patient/p").expect(204);
    assert_eq!(client.get("Patient/p/$chart").refusal().0, 410);
}

#[test]
fn a_chart_says_who_treated_and_where_by_name() {
    let clinic = Clinic::start();
    let client = clinic.client();
    client.put("Patient/p", resource("Patient", PATIENT)).expect(201);
    let names = r#""id":"d","name":[{"text":"佐藤 一郎"},{"text":"サトウ イチロウ"}]"#;
    client.put("Practitioner/d", resource("Practitioner", names)).expect(201);
    client
        .put("Practitioner/gone", resource("Practitioner", &names.replace(r#""d""#, r#""gone""#)))
        .expect(201);
    client.delete("Practitioner/gone").expect(204);
    client.put("Organization/o", resource("Organization", r#""id":"o","name":"さくら医院""#)).expect(201);
    let performers = r#""performer":[{"reference":"Practitioner/d"},{"reference":"Organization/o"},{"reference":"Practitioner/gone"}]"#;
    let result = result("o", 91, "preliminary").replacen('{', &format!("{{{performers},"), 1);
    client.put("Observation/o", &result).expect(201);
    client.put("Observation/o", result.replace("Practitioner/d", "Organization/o")).expect(200);
    let at = clinic.clock_now();
    clinic.pass_seconds(60);
    client.put("Practitioner/d", resource("Practitioner", &names.replace("佐藤", "鈴木"))).expect(200);
    let page = |query: &str| {
        let ask = client.ask(http::Method::GET, &format!("Patient/p/$chart{query}"));
        ask.field("accept-language", "ja").send().expect(200).text()
    };
    let now = page("");
    for told in [
        "<dd>山田 &#60;花子&#62;（ヤマダ ハナコ）</dd>",
        "<dd>鈴木 一郎（サトウ イチロウ）</dd>",
        "<dd>さくら医院</dd>",
        "<dd>Practitioner/gone</dd>",
        "鈴木 一郎（サトウ イチロウ） &#60;Practitioner/d&#62;",
    ] {
        assert!(now.contains(told), "{told}: {now}");
    }
    assert!(!now.contains("<dd>Patient/p</dd>") && !now.contains("<dd>Practitioner/d</dd>"), "{now}");
    let then = page(&format!("?_at={at}"));
    assert!(then.contains("佐藤 一郎") && !then.contains("鈴木 一郎"), "{then}");
}
