//! Texts in the language of the caller.

use crate::material::born;
use http::Method;
use testkit::Clinic;

#[test]
fn a_refusal_is_told_in_the_language_of_the_caller() {
    let clinic = Clinic::start();
    let client = clinic.client();
    for (accept, language) in [
        ("ja", "ja"),
        ("ja-JP", "ja"),
        ("en", "en"),
        ("en-US,en;q=0.9,ja;q=0.8", "en"),
        ("ja,en;q=0.9", "ja"),
        ("fr, ja;q=0.5", "ja"),
        ("fr", "en"),
        ("*", "ja"),
        ("", "ja"),
    ] {
        let mut ask = client.ask(Method::GET, "Patient/nobody");
        if !accept.is_empty() {
            ask = ask.field("accept-language", accept);
        }
        let reply = ask.send().expect(404);
        let template = if language == "ja" { records::codes::ABSENT.ja } else { records::codes::ABSENT.en };
        assert_eq!(reply.message(), template.replace("{record}", "Patient/nobody"), "{accept}");
        assert_eq!(reply.field("content-language"), language, "{accept}");
    }
}

#[test]
fn every_issue_has_a_code_with_a_page_and_says_where() {
    let clinic = Clinic::start();
    let client = clinic.client();
    for (body, place) in [
        (r#"{"resourceType":"Patient","birthdate":"1950"}"#, "Patient.birthdate"),
        (r#"{"resourceType":"Patient","name":[{"given":["a",1]}]}"#, "Patient.name[0].given[1]"),
        (r#"{"resourceType":"Patient","active":tru}"#, "Patient.active"),
    ] {
        for (language, word) in [("en", "e"), ("ja", "。")] {
            let ask = client.ask(Method::POST, "Patient").resource(body).field("accept-language", language);
            let reply = ask.send();
            let (_, code) = reply.refusal();
            let page = testkit::workspace().join(format!("docs/errors/{code}.md"));
            assert!(page.is_file(), "{code} has no page");
            assert_eq!(reply.place(), place);
            assert!(reply.message().contains(word), "{}", reply.message());
            assert_eq!(reply.get("issue.0.details.coding.0.system"), "urn:akashi:error");
        }
    }
    client.put("Patient/p", born("p", "1950")).expect(201);
    let ask = client
        .ask(Method::PUT, "Patient/p")
        .resource(born("p", "1951"))
        .field("prefer", "return=OperationOutcome");
    let reply = ask.field("accept-language", "ja").send().expect(200);
    assert_eq!((reply.message().as_str(), reply.field("content-language")), ("記録を更新しました。", "ja"));
}
