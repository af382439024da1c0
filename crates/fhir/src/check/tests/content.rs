//! Values, and codes from required value sets.

use super::{assert_patient, found, only, patient, text_of};
use crate::check;
use crate::codes::content;
use crate::json::parse;
use base::Language;

#[test]
fn values_have_the_form_of_their_type() {
    for (members, code, place) in [
        (r#""birthDate":"2026/04/01""#, &content::VALUE_FORM, "Patient.birthDate"),
        (r#""birthDate":"2024-02-31""#, &content::CALENDAR, "Patient.birthDate"),
        (r#""deceasedDateTime":"2026-04-01T09:00:00""#, &content::ZONE, "Patient.deceased.ofType(dateTime)"),
        (r#""photo":[{"contentType":"a/b","data":"QQ"}]"#, &content::BASE64, "Patient.photo[0].data"),
        (r#""photo":[{"size":-1}]"#, &content::VALUE_FORM, "Patient.photo[0].size"),
        (r#""multipleBirthInteger":1.0"#, &content::VALUE_FORM, "Patient.multipleBirth.ofType(integer)"),
        (r#""implicitRules":"a b""#, &content::VALUE_FORM, "Patient.implicitRules"),
        (r#""extension":[{"url":"a b","valueCode":"y"}]"#, &content::VALUE_FORM, "Patient.extension[0].url"),
        (r#""meta":{"tag":[{"code":" x"}]}"#, &content::VALUE_FORM, "Patient.meta.tag[0].code"),
    ] {
        assert_patient(members, code, place);
    }
}

#[test]
fn the_form_of_a_value_is_shown_with_an_example() {
    let [english, japanese] = text_of(r#""birthDate":"1.4.2026""#);
    assert!(english.starts_with("`1.4.2026` is not a value of type date: write a year"), "{english}");
    assert!(english.ends_with("Example: 2026, 2026-04, 2026-04-01"), "{english}");
    assert!(japanese.contains("年月日で書いてください。例: 2026,"), "{japanese}");
}

#[test]
fn codes_come_from_the_sets_that_are_required() {
    assert_patient(r#""gender":"Female""#, &content::CODE, "Patient.gender");
    let contact = r#""contact":[{"gender":"f","name":{"text":"x"}}]"#;
    assert_patient(contact, &content::CODE, "Patient.contact[0].gender");
    let choice = r#""extension":[{"url":"urn:x","valueContactPoint":{"system":"fixed-line","value":"1"}}]"#;
    assert_patient(choice, &content::CODE, "Patient.extension[0].value.ofType(ContactPoint).system");
    let unlisted = r#""photo":[{"contentType":"portable network graphics"}]"#;
    assert_patient(unlisted, &content::CODE, "Patient.photo[0].contentType");
    assert_eq!(patient(r#""maritalStatus":{"coding":[{"code":"married"}]}"#), [], "extensible only");
    assert_eq!(patient(r#""_gender":{"extension":[{"url":"urn:x","valueCode":"y"}]}"#), []);
}

#[test]
fn what_codes_are_possible_is_said() {
    let set = "http://hl7.org/fhir/ValueSet/administrative-gender";
    let [english, japanese] = text_of(r#""gender":"Female""#);
    assert!(english.starts_with(&format!("`Female` is not in the value set {set}, from which")), "{english}");
    assert!(english.ends_with(" Possible are `female`, `male`, `other`, `unknown`."), "{english}");
    assert!(japanese.ends_with("使えるのは `female`、`male`、`other`、`unknown` です。"), "{japanese}");
    let [english, _] = text_of(r#""photo":[{"contentType":"pdf"}]"#);
    assert!(english.ends_with(" A code of it is `application/pdf`."), "{english}");
    let large = r#"{"resourceType":"CompartmentDefinition","url":"urn:x","name":"X","status":"draft","code":"Patient","search":true,"resource":[{"code":"patient"}]}"#;
    let problems = check(parse(large.as_bytes()).unwrap()).unwrap_err();
    assert!(problems[0].text(Language::English).ends_with(" Did you mean `Patient`?"), "{problems:?}");
}

/// A Condition with this `clinicalStatus`.
fn condition(status: &str) -> Vec<(&'static str, String)> {
    found(&format!(r#"{{"resourceType":"Condition","subject":{{"display":"x"}},"clinicalStatus":{status}}}"#))
}

#[test]
fn one_coding_of_a_concept_comes_from_the_required_set() {
    let system = "http://terminology.hl7.org/CodeSystem/condition-clinical";
    let right = format!(r#"{{"system":"{system}","code":"active"}}"#);
    assert_eq!(condition(&format!(r#"{{"coding":[{right}]}}"#)), []);
    assert_eq!(condition(&format!(r#"{{"coding":[{{"system":"urn:x","code":"a"}},{right}]}}"#)), []);
    assert_eq!(condition(r#"{"extension":[{"url":"urn:x","valueCode":"unknown"}]}"#), []);
    for wrong in [
        r#"{"text":"active"}"#.to_owned(),
        r#"{"coding":[{"code":"active"}]}"#.to_owned(),
        r#"{"coding":[{"system":"urn:x","code":"active"}]}"#.to_owned(),
        format!(r#"{{"coding":[{{"system":"{system}","code":"Active"}}]}}"#),
        format!(r#"{{"coding":[{{"system":"{system}","display":"active"}}]}}"#),
    ] {
        let expected = (content::NO_CODE.id, "Condition.clinicalStatus".to_owned());
        assert_eq!(only(condition(&wrong)), expected, "{wrong}");
    }
}
