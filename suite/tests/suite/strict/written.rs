//! Numbers, dates, strings and order come back exactly as they were written, by whatever way they are read.

use crate::material::{bundle, observation, patient, writes};
use testkit::Clinic;

/// Numbers that a reader with 64-bit floats or integers would change.
const NUMBERS: &[&str] = &[
    "1.10",
    "1.0",
    "1",
    "0",
    "-0",
    "0.000",
    "-0.0",
    "1e2",
    "1E2",
    "1e+2",
    "1E-2",
    "1.50e0",
    "100000000000000000000",
    "9007199254740993",
    "0.1000000000000000055511151231257827",
    "3.141592653589793238462643383279502884197",
    "1234567890123456789012345678901234567890",
    "0.000000000000000000000000000000000000001",
    "1e-400",
    "1e400",
    "-9.99999999999999999999E+99",
];

#[test]
fn numbers_come_back_as_they_were_written_by_every_way() {
    let clinic = Clinic::start();
    let client = clinic.client();
    for (index, number) in NUMBERS.iter().enumerate() {
        let body =
            observation(&format!(r#""id":"n{index}","valueQuantity":{{"value":{number},"unit":"mg"}}"#));
        let wanted = format!(r#""value":{number},"unit""#);
        let path = format!("Observation/n{index}");
        let first = client.put(&path, &body).expect(201);
        let again = client.post("", bundle("transaction", &[writes("PUT", &path, &body)])).expect(200);
        let created = client.post("", bundle("batch", &[writes("POST", "Observation", &body)])).expect(200);
        for (way, text) in [
            ("write", first.text()),
            ("transaction", again.text()),
            ("batch", created.text()),
            ("read", client.get(&path).text()),
            ("vread", client.get(&format!("{path}/_history/1")).text()),
            ("history", client.get(&format!("{path}/_history")).text()),
            ("search", client.get(&format!("Observation?_id=n{index}")).text()),
            ("pretty", client.get(&format!("{path}?_pretty=true")).text().replace([' ', '\n'], "")),
        ] {
            assert!(text.contains(&wanted), "{number} by {way}: {text}");
        }
        let proof = testkit::json(&client.get(&format!("{path}/$proof")).expect(200).body);
        let content = proof.get("content").and_then(fhir::Node::as_str).unwrap();
        assert!(content.contains(&wanted), "{number} in its proof: {content}");
    }
    clinic.verify().unwrap();
}

#[test]
fn dates_and_times_come_back_as_they_were_written() {
    let clinic = Clinic::start();
    let client = clinic.client();
    for (element, text) in [
        ("valueDateTime", "2026"),
        ("valueDateTime", "2026-04"),
        ("valueDateTime", "2026-04-01"),
        ("valueDateTime", "2026-04-01T09:00:00+09:00"),
        ("valueDateTime", "2026-04-01T09:00:00.1+09:00"),
        ("valueDateTime", "2026-04-01T09:00:00.120000000Z"),
        ("valueDateTime", "2026-04-01T00:00:00-00:00"),
        ("valueDateTime", "2015-02-07T13:28:17.239+02:00"),
        ("valueTime", "09:00:00"),
        ("valueTime", "23:59:59.999999"),
        ("issued", "2026-04-01T09:00:00.000+09:00"),
        ("effectiveInstant", "2026-06-30T23:59:60Z"),
    ] {
        let body = observation(&format!(r#""id":"d","{element}":"{text}""#));
        client.put("Observation/d", body);
        let stored = client.get("Observation/d").expect(200);
        assert!(
            stored.text().contains(&format!(r#""{element}":"{text}""#)),
            "{element} {text}: {}",
            stored.text()
        );
    }
}

#[test]
fn strings_come_back_with_every_character() {
    let clinic = Clinic::start();
    let client = clinic.client();
    for (written, read) in [
        ("山田 太郎", "山田 太郎"),
        ("\\u5c71\\u7530", "山田"),
        ("\\ud842\\udfb7野家", "𠮷野家"),
        ("e\u{301}", "e\u{301}"),
        ("\u{e9}", "\u{e9}"),
        ("a\\tb\\nc\\r\\nd", "a\tb\nc\r\nd"),
        ("\\\" \\\\ \\/ /", "\" \\ / /"),
        ("\u{2028}\u{2029}\u{feff}\u{200d}", "\u{2028}\u{2029}\u{feff}\u{200d}"),
        ("👩\u{200d}⚕️", "👩\u{200d}⚕️"),
        ("<b>&amp;</b>", "<b>&amp;</b>"),
        ("'; DROP TABLE record; --", "'; DROP TABLE record; --"),
        ("ｶﾅ　全角", "ｶﾅ　全角"),
        ("\u{10ffff}", "\u{10ffff}"),
    ] {
        client.put("Patient/p", patient(&format!(r#""id":"p","name":[{{"text":"{written}"}}]"#)));
        assert_eq!(client.get("Patient/p").expect(200).get("name.0.text"), read, "{written}");
    }
}

#[test]
fn members_keep_their_order_and_primitives_their_partners() {
    let clinic = Clinic::start();
    let client = clinic.client();
    let rest = r#""gender":"male","birthDate":"1950","_birthDate":{"id":"b","extension":[{"url":"urn:x","valueString":"y"}]},"active":false,"name":[{"given":["a",null,"c"],"_given":[null,{"id":"g","extension":[{"url":"urn:x","valueCode":"y"}]},null],"family":"x"}],"_gender":{"id":"z"}"#;
    let reply = client.put("Patient/p", patient(&format!(r#""id":"p",{rest}"#))).expect(201);
    assert!(reply.text().ends_with(&format!("{rest}}}")), "{}", reply.text());
}

#[test]
fn white_space_between_values_means_nothing() {
    let clinic = Clinic::start();
    let client = clinic.client();
    let body = "\r\n\t{ \"resourceType\" : \"Patient\" ,\n\"id\":\"p\" , \"active\" :\ttrue }  \n";
    let reply = client.put("Patient/p", body).expect(201);
    assert!(reply.text().ends_with(r#","active":true}"#), "{}", reply.text());
}
