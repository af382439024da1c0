//! One resource per kind of parameter, with what finds it and what does not.

use super::*;
use crate::definitions::{SearchKind, SearchParam, resource_kinds, search_params};

const PATIENT: &str = r#"{"resourceType":"Patient","id":"p","meta":{"profile":["http://example.org/p|2"],"source":"urn:lab:1",
 "tag":[{"system":"urn:t","code":"Trial"}],"security":[{"code":"R"}]},
 "identifier":[{"system":"urn:mrn","value":"0012","type":{"text":"診察券番号","coding":[{"system":"urn:types","code":"MR"}]}},{"value":"X"}],
 "active":true,"name":[
  {"use":"official","family":"山田","given":["太郎"]},
  {"text":"ヤマダ　タロウ","family":"ヤマダ","given":["タロウ"]},
  {"family":"Müller","given":["Ana Maria","Li"],"prefix":["Dr."]}],
 "telecom":[{"system":"phone","value":"03-1234-5678","use":"home"},{"system":"email","value":"a@example.org"}],
 "gender":"female","birthDate":"1990-04-01",
 "address":[{"text":"東京都千代田区１−２","state":"東京都","city":"千代田区","line":["ﾋﾞﾙ　3F"],"postalCode":"100-0001"}],
 "maritalStatus":{"text":"Married"},
 "contained":[{"resourceType":"Organization","id":"o","name":"Hidden"}],
 "managingOrganization":{"reference":"Organization/7"},
 "generalPractitioner":[{"identifier":{"system":"urn:doctors","value":"42"}},{"reference":"https://akashi.example/f/demo/fhir/Practitioner/9/_history/2"}]}"#;

#[test]
fn a_token_is_found_by_code_system_or_both() {
    check(
        PATIENT,
        &[
            "identifier=0012",
            "identifier=urn:mrn|0012",
            "identifier=urn:mrn|",
            "identifier=|X",
            "identifier=X",
            "gender=female",
            "active=true",
            "active=http://terminology.hl7.org/CodeSystem/special-values|true",
            "telecom=a@example.org",
            "phone=03-1234-5678",
            "phone=home|03-1234-5678",
            "email=a@example.org",
            "_tag=urn:t|Trial",
            "_tag=urn:t|",
            "_security=R",
            "identifier=nothing,0012",
            "deceased=false",
        ],
        &[
            "identifier=001",
            "identifier=00123",
            "identifier=|0012",
            "identifier=urn:other|0012",
            "identifier=urn:other|",
            "identifier=x",
            "identifier=urn:mr|",
            "gender=Female",
            "active=false",
            "phone=a@example.org",
            "email=03-1234-5678",
            "_tag=trial",
            "deceased=true",
            "_security=urn:t|R",
        ],
    );
}

#[test]
fn token_modifiers_ask_for_texts_types_and_the_opposite() {
    check(
        PATIENT,
        &[
            "identifier:text=診察券",
            "identifier:of-type=urn:types|MR|0012",
            "gender:not=male",
            "identifier:not=1,2",
        ],
        &[
            "identifier:text=番号",
            "identifier:of-type=urn:types|MR|X",
            "identifier:of-type=|MR|0012",
            "gender:not=female",
            "gender:not=male,female",
            "identifier:not=1,X",
        ],
    );
}

#[test]
fn missing_asks_whether_there_is_a_value() {
    check(
        PATIENT,
        &[
            "identifier:missing=false",
            "birthdate:missing=false",
            "death-date:missing=true",
            "general-practitioner:missing=false",
            "name:missing=false",
            "link:missing=true",
            "_profile:missing=false",
            "deceased:missing=false",
        ],
        &[
            "identifier:missing=true",
            "death-date:missing=false",
            "link:missing=false",
            "language:missing=false",
        ],
    );
}

#[test]
fn names_are_found_in_any_script_form_and_whole() {
    check(
        PATIENT,
        &[
            "name=山田",
            "name=山田太郎",
            "name=山田 太郎",
            "name=山田　太郎",
            "name=やまだ",
            "name=ヤマダタロウ",
            "name=ﾔﾏﾀﾞ ﾀﾛｳ",
            "name=やまだたろ",
            "name=muller",
            "name=MÜLLER",
            "family=Mull",
            "given=ana",
            "given=ANA  MARIA",
            "name=dr.",
            "phonetic=ﾔﾏﾀﾞ",
            "given:contains=mar",
            "name:contains=田太",
            "given:exact=Ana Maria",
            "family:exact=山田",
            "name:exact=Dr.",
            "name:contains=ULLE",
            "address=東京都千代田区1",
            "address-city=千代田",
            "address-postalcode=100-0001",
            "address=ビル 3f",
            "name=山田&name=やまだ",
            "name=佐藤,山田",
        ],
        &[
            "name=太郎山田",
            "name=やまた",
            "name=ヤマタ",
            "name=maria",
            "given:exact=ana maria",
            "family:exact=Muller",
            "family=太郎",
            "name:contains=田次",
            "address=大阪",
            "address-city=東京",
            "name=山田&name=佐藤",
            "given:exact=Ana",
        ],
    );
}

#[test]
fn characters_that_unicode_keeps_apart_stay_apart() {
    let patient =
        r#"{"resourceType":"Patient","name":[{"family":"髙橋"},{"family":"葛󠄀城"},{"family":"ガギ"}]}"#;
    check(
        patient,
        &["family=髙橋", "family=葛城", "family=がぎ", "family=ｶﾞｷﾞ"],
        &["family=高橋", "family=かき"],
    );
}

#[test]
fn references_are_found_in_every_spelling() {
    check(
        PATIENT,
        &[
            "organization=Organization/7",
            "organization=7",
            "organization:Organization=7",
            "organization=https://akashi.example/f/demo/fhir/Organization/7",
            "organization=Organization/7/_history/3",
            "general-practitioner=Practitioner/9",
            "general-practitioner=9",
            "general-practitioner:identifier=42",
            "general-practitioner:identifier=urn:doctors|42",
            "general-practitioner:identifier=urn:doctors|",
            "_profile=http://example.org/p",
            "_profile=http://example.org/p|2",
            "_source=urn:lab:1",
        ],
        &[
            "organization=8",
            "general-practitioner:Organization=9",
            "general-practitioner:identifier=4",
            "general-practitioner:identifier=urn:other|42",
            "general-practitioner:identifier=|42",
            "_profile=http://example.org/p|1",
            "general-practitioner:identifier=octors|",
            "_source=urn:lab",
        ],
    );
}

#[test]
fn a_narrower_parameter_looks_only_at_its_type() {
    let of = |reference: &str| {
        format!(
            r#"{{"resourceType":"Observation","status":"final","subject":{{"reference":"{reference}"}}}}"#
        )
    };
    check(
        &of("Patient/1"),
        &["patient=1", "subject=Patient/1", "subject=1", "patient:missing=false"],
        &["patient:missing=true"],
    );
    check(
        &of("Group/1"),
        &["subject=1", "patient:missing=true", "subject:missing=false"],
        &["patient=1", "patient:missing=false"],
    );
    check(&of("https://other.example/Group/1"), &["patient:missing=true"], &["patient:missing=false"]);
    check(
        &of("https://other.example/Patient/1"),
        &["patient:missing=false", "patient=https://other.example/Patient/1"],
        &["patient=1"],
    );
    assert_eq!(alternatives("Observation", "patient=1")[0].param, "Observation.patient");
}

#[test]
fn addresses_are_found_above_and_below() {
    let set = r#"{"resourceType":"ValueSet","status":"draft","url":"http://acme.example/fhir/ValueSet/12"}"#;
    check(
        set,
        &[
            "url=http://acme.example/fhir/ValueSet/12",
            "url:below=http://acme.example/fhir",
            "url:below=http://acme.example/fhir/",
            "url:below=http://acme.example/fhir/ValueSet/12",
            "url:above=http://acme.example/fhir/ValueSet/12/history/5",
            "url:above=http://acme.example/fhir/ValueSet/12",
        ],
        &[
            "url=http://acme.example/fhir/ValueSet",
            "url=http://acme.example/fhir/ValueSet/123",
            "url:below=http://acme.example/fhir/ValueSet/1",
            "url:above=http://acme.example/fhir/ValueSet",
            "url:above=http://acme.example/fhir/ValueSet/123",
        ],
    );
}

#[test]
fn parameters_with_a_filter_look_only_where_it_holds() {
    let library = r#"{"resourceType":"Library","status":"draft","type":{"text":"x"},"relatedArtifact":[
      {"type":"depends-on","resource":"http://example.org/a|1"},{"type":"successor","resource":"http://example.org/b"}]}"#;
    check(
        library,
        &[
            "depends-on=http://example.org/a",
            "depends-on=http://example.org/a|1",
            "successor=http://example.org/b",
        ],
        &[
            "depends-on=http://example.org/b",
            "successor=http://example.org/a",
            "predecessor=http://example.org/b",
        ],
    );
    let document = r#"{"resourceType":"Bundle","type":"document","entry":[
      {"resource":{"resourceType":"Composition","id":"c"}},{"resource":{"resourceType":"Composition","id":"d"}}]}"#;
    check(
        document,
        &["composition=Composition/c", "composition=c", "message:missing=true"],
        &["composition=d", "message=c"],
    );
}

#[test]
fn deceased_is_true_with_a_time_and_false_with_nothing() {
    let of = |more: &str| format!(r#"{{"resourceType":"Patient"{more}}}"#);
    check(&of(""), &["deceased=false"], &["deceased=true"]);
    check(&of(r#","deceasedBoolean":false"#), &["deceased=false"], &["deceased=true"]);
    check(&of(r#","deceasedBoolean":true"#), &["deceased=true"], &["deceased=false"]);
    check(&of(r#","deceasedDateTime":"2026""#), &["deceased=true", "death-date=2026"], &["deceased=false"]);
}

#[test]
fn separators_are_taken_as_they_are_behind_a_backslash() {
    let patient = r#"{"resourceType":"Patient","identifier":[{"system":"a|b","value":"1,2$3\\4"}]}"#;
    check(
        patient,
        &[r"identifier=1\,2\$3\\4", r"identifier=a\|b|1\,2\$3\\4"],
        &[r"identifier=1\,2", "identifier=b|"],
    );
}

#[test]
fn contained_resources_are_not_found() {
    let organization = crate::terms(&crate::json::parse(PATIENT.as_bytes()).unwrap());
    assert!(organization.iter().all(|term| term.param.starts_with("Patient.") || term.param == crate::BLOCK));
    assert!(!organization.iter().any(|term| term.value.windows(6).any(|part| part == b"hidden")));
}

/// A code stands without its system, which the value set of its element implies.
#[test]
fn the_system_of_a_bare_code_follows_from_its_value_set() {
    const GENDERS: &str = "http://hl7.org/fhir/administrative-gender";
    fn implied(value_set: &str, code: &str) -> Option<&'static str> {
        let known = value_set.starts_with("http://hl7.org/fhir/ValueSet/administrative-gender");
        (known && code == "female").then_some(GENDERS)
    }
    let param = crate::definitions::search_param(kind("Patient"), "gender").unwrap();
    let routes: Vec<_> = param.routes.iter().collect();
    let places = token::Places { routes: &routes, implied };
    let finds = |value: &str, kept: &[u8]| {
        token::matches("gender", places, value).unwrap().iter().any(|one| one.accepts(kept))
    };
    let kept = b"\x01female\x00";
    assert!(
        finds(&format!("{GENDERS}|female"), kept)
            && finds(&format!("{GENDERS}|"), kept)
            && finds("|female", kept)
    );
    assert!(
        !finds("urn:other|female", kept)
            && !finds("urn:other|", kept)
            && !finds(&format!("{GENDERS}|male"), b"\x01male\x00")
    );
}

/// A value that any parameter of the kind takes.
fn sample(param: &SearchParam) -> String {
    match param.kind {
        SearchKind::Token => {
            let words = param.of_state.map(|own| own.words).unwrap_or_default();
            words.first().unwrap_or(&"true").to_string()
        }
        SearchKind::Reference => {
            format!("{}/1", param.targets.first().map_or("Patient", |kind| kind.as_str()))
        }
        SearchKind::String => "x".to_owned(),
        SearchKind::Date => "2026".to_owned(),
        SearchKind::Number | SearchKind::Quantity => "1".to_owned(),
        SearchKind::Uri => "urn:x".to_owned(),
        SearchKind::Composite => {
            let part = |component: &crate::definitions::Component| match component.kind {
                SearchKind::Reference => "DocumentReference/1",
                SearchKind::Date => "2026",
                _ => "1",
            };
            param.components.iter().map(part).collect::<Vec<_>>().join("$")
        }
    }
}

#[test]
fn every_parameter_of_every_type_can_be_asked_for() {
    for of in resource_kinds() {
        for param in search_params(of) {
            for text in [format!("{}={}", param.code, sample(param)), format!("{}:missing=true", param.code)]
            {
                let any = alternatives(of.as_str(), &text);
                let names: std::collections::BTreeSet<&str> = any.iter().map(|one| one.param).collect();
                assert!(names.iter().eq(param.kept.iter()), "{of} {text}");
            }
        }
    }
}
