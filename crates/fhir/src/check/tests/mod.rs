//! What the structural check takes and refuses, with code and place.

mod content;
mod invariants;

use super::*;
use crate::json::parse;
use base::Language;

fn found(text: &str) -> Vec<(&'static str, String)> {
    match check(parse(text.as_bytes()).unwrap()) {
        Ok(_) => Vec::new(),
        Err(problems) => problems
            .iter()
            .map(|problem| (problem.code().id, problem.place().unwrap_or_default().to_owned()))
            .collect(),
    }
}

/// A Patient with these members.
fn patient(members: &str) -> Vec<(&'static str, String)> {
    found(&format!(r#"{{"resourceType":"Patient",{members}}}"#))
}

/// An Observation with these members beside the required ones.
fn observation(members: &str) -> Vec<(&'static str, String)> {
    found(&format!(r#"{{"resourceType":"Observation","status":"final","code":{{"text":"x"}},{members}}}"#))
}

fn only(found: Vec<(&'static str, String)>) -> (&'static str, String) {
    let [problem] = <[_; 1]>::try_from(found).unwrap_or_else(|found| panic!("one problem, not {found:?}"));
    problem
}

#[track_caller]
fn assert_patient(members: &str, code: &base::Code, place: &str) {
    assert_eq!(only(patient(members)), (code.id, place.to_owned()), "{members}");
}

#[track_caller]
fn assert_observation(members: &str, code: &base::Code, place: &str) {
    assert_eq!(only(observation(members)), (code.id, place.to_owned()), "{members}");
}

/// The text of the only problem of a Patient with these members.
fn text_of(members: &str) -> [String; 2] {
    let node = parse(format!(r#"{{"resourceType":"Patient",{members}}}"#).as_bytes()).unwrap();
    let problems = check(node).unwrap_err();
    assert_eq!(problems.len(), 1, "{members}");
    [Language::English, Language::Japanese].map(|language| problems[0].text(language))
}

#[test]
fn a_full_patient_passes() {
    let members = r##""id":"a","meta":{"versionId":"1"},"active":true,"multipleBirthInteger":2,
        "name":[{"family":"山田","given":["太郎",null,"x"],"_given":[null,{"extension":[{"url":"urn:x","valueCode":"y"}]},{"id":"g"}]}],
        "_birthDate":{"extension":[{"url":"urn:x","valueDateTime":"1950-01-01"}]},
        "contained":[{"resourceType":"Organization","id":"o","name":"x"}],"managingOrganization":{"reference":"#o"},
        "communication":[{"language":{"coding":[{"system":"urn:s","code":"ja"}]},"preferred":true}]"##;
    assert_eq!(patient(members), []);
}

#[test]
fn what_is_no_resource_is_refused() {
    for text in ["1", "[]", "{}", r#"{"resourceType":1}"#, r#"{"resourcetype":"Patient"}"#] {
        assert_eq!(found(text)[0].0, codes::NOT_A_RESOURCE.id, "{text}");
    }
    for text in
        ["patient", "Patients", "Resource", "DomainResource", "HumanName", "Patient.contact", "string"]
    {
        assert_eq!(found(&format!(r#"{{"resourceType":"{text}"}}"#))[0].0, codes::UNKNOWN_KIND.id, "{text}");
    }
}

#[test]
fn an_unknown_element_is_refused_wherever_it_stands() {
    assert_patient(r#""colour":"red""#, &codes::UNKNOWN_ELEMENT, "Patient.colour");
    assert_patient(r#""_colour":{"id":"x"}"#, &codes::UNKNOWN_ELEMENT, "Patient._colour");
    assert_patient(r#""name":[{"firstname":"x"}]"#, &codes::UNKNOWN_ELEMENT, "Patient.name[0].firstname");
    assert_patient(
        r#""name":[{"resourceType":"x"}]"#,
        &codes::UNKNOWN_ELEMENT,
        "Patient.name[0].resourceType",
    );
    assert_patient(
        r#""contact":[{"name":{"text":"x"}},{"nom":1}]"#,
        &codes::UNKNOWN_ELEMENT,
        "Patient.contact[1].nom",
    );
    assert_patient(
        r#""contained":[{"resourceType":"Organization","nom":1}]"#,
        &codes::UNKNOWN_ELEMENT,
        "Patient.contained[0].nom",
    );
    let text = r#"{"resourceType":"Parameters","parameter":[{"name":"a","part":[{"name":"b","resource":{"resourceType":"Patient","x":1}}]}]}"#;
    let place = "Parameters.parameter[0].part[0].resource.x";
    assert_eq!(only(found(text)), (codes::UNKNOWN_ELEMENT.id, place.to_owned()));
    let text = r#"{"resourceType":"Questionnaire","status":"draft","item":[{"linkId":"1","type":"group","item":[{"linkId":"2","type":"group","item":[{"linkId":"3","type":"string","y":1}]}]}]}"#;
    let place = "Questionnaire.item[0].item[0].item[0].y";
    assert_eq!(only(found(text)), (codes::UNKNOWN_ELEMENT.id, place.to_owned()));
}

#[test]
fn a_slip_of_the_pen_gets_a_suggestion() {
    let problem = |text: &str| check(parse(text.as_bytes()).unwrap()).unwrap_err().remove(0);
    let element = problem(r#"{"resourceType":"Patient","birthdate":"1950"}"#);
    assert!(element.text(Language::English).contains("Did you mean `birthDate`?"));
    assert!(element.text(Language::Japanese).contains("`birthDate` のことですか"));
    let kind = problem(r#"{"resourceType":"Pateint"}"#);
    assert!(kind.text(Language::English).contains("Did you mean `Patient`?"));
    let stranger = problem(r#"{"resourceType":"Patient","shoeSize":42}"#);
    assert!(!stranger.text(Language::English).contains("Did you mean"));
}

#[test]
fn an_array_stands_exactly_where_an_element_repeats() {
    assert_patient(r#""name":{"text":"x"}"#, &codes::ARRAY_EXPECTED, "Patient.name");
    assert_patient(r#""name":[{"given":"x"}]"#, &codes::ARRAY_EXPECTED, "Patient.name[0].given");
    assert_patient(r#""birthDate":["1950"]"#, &codes::SINGLE_EXPECTED, "Patient.birthDate");
    assert_patient(r#""maritalStatus":[{"text":"x"}]"#, &codes::SINGLE_EXPECTED, "Patient.maritalStatus");
    assert_patient(r#""name":[[{"text":"x"}]]"#, &codes::WRONG_SHAPE, "Patient.name[0]");
}

#[test]
fn every_type_has_its_json_kind() {
    for (members, place) in [
        (r#""active":"true""#, "Patient.active"),
        (r#""active":1"#, "Patient.active"),
        (r#""birthDate":1950"#, "Patient.birthDate"),
        (r#""birthDate":true"#, "Patient.birthDate"),
        (r#""birthDate":{"value":"1950"}"#, "Patient.birthDate"),
        (r#""multipleBirthInteger":"2""#, "Patient.multipleBirth.ofType(integer)"),
        (r#""maritalStatus":"M""#, "Patient.maritalStatus"),
        (r#""name":["x"]"#, "Patient.name[0]"),
        (r#""contact":[1]"#, "Patient.contact[0]"),
    ] {
        assert_patient(members, &codes::WRONG_SHAPE, place);
    }
    assert_observation(
        r#""valueQuantity":{"value":"1.0"}"#,
        &codes::WRONG_SHAPE,
        "Observation.value.ofType(Quantity).value",
    );
    assert_eq!(observation(r#""valueQuantity":{"value":1.0}"#), []);
}

#[test]
fn nothing_may_be_empty() {
    assert_patient(r#""name":[]"#, &codes::EMPTY, "Patient.name");
    assert_patient(r#""name":[{}]"#, &codes::EMPTY, "Patient.name[0]");
    assert_patient(r#""name":[{"given":[]}]"#, &codes::EMPTY, "Patient.name[0].given");
    assert_patient(r#""name":[{"given":[""]}]"#, &codes::EMPTY, "Patient.name[0].given[0]");
    assert_patient(r#""birthDate":"""#, &codes::EMPTY, "Patient.birthDate");
    assert_patient(r#""maritalStatus":{}"#, &codes::EMPTY, "Patient.maritalStatus");
    assert_patient(r#""birthDate":[]"#, &codes::EMPTY, "Patient.birthDate");
    assert_patient(r#""_birthDate":{}"#, &codes::EMPTY, "Patient.birthDate");
    assert_patient(r#""name":[{"_given":[]}]"#, &codes::EMPTY, "Patient.name[0].given");
}

#[test]
fn null_stands_only_beside_its_partner() {
    assert_patient(r#""birthDate":null"#, &codes::NULL, "Patient.birthDate");
    assert_patient(r#""name":null"#, &codes::NULL, "Patient.name");
    assert_patient(r#""name":[null]"#, &codes::NULL, "Patient.name[0]");
    assert_patient(r#""_birthDate":null"#, &codes::NULL, "Patient.birthDate");
    assert_patient(r#""name":[{"given":["x",null]}]"#, &codes::NULL, "Patient.name[0].given[1]");
    assert_patient(
        r#""name":[{"_given":[{"extension":[{"url":"urn:x","valueCode":"y"}]},null]}]"#,
        &codes::NULL,
        "Patient.name[0].given[1]",
    );
    let both = r#""name":[{"given":[null],"_given":[null]}]"#;
    assert_eq!(patient(both), vec![(codes::NULL.id, "Patient.name[0].given[0]".to_owned()); 2]);
}

#[test]
fn partners_have_the_same_length_and_belong_to_primitives() {
    let short = r#""name":[{"given":["x","y"],"_given":[{"id":"x"}]}]"#;
    assert_patient(short, &codes::NOT_ALIGNED, "Patient.name[0].given");
    assert_patient(r#""_name":[{"id":"x"}]"#, &codes::NO_SIBLING, "Patient.name");
    assert_patient(r#""_id":{"id":"x"}"#, &codes::NO_SIBLING, "Patient.id");
    assert_patient(
        r#""extension":[{"url":"urn:x","_url":{"id":"x"}}]"#,
        &codes::NO_SIBLING,
        "Patient.extension[0].url",
    );
    assert_patient(r#""name":[{"_given":{"id":"x"}}]"#, &codes::ARRAY_EXPECTED, "Patient.name[0].given");
    assert_patient(r#""_birthDate":[{"id":"x"}]"#, &codes::SINGLE_EXPECTED, "Patient.birthDate");
    assert_patient(r#""_birthDate":"x""#, &codes::WRONG_SHAPE, "Patient.birthDate");
    assert_patient(r#""_birthDate":{"value":"x"}"#, &codes::UNKNOWN_ELEMENT, "Patient.birthDate.value");
    assert_eq!(
        patient(r#""name":[{"_given":[{"extension":[{"url":"urn:x","valueCode":"y"}]}]}]"#),
        [],
        "a value may be missing altogether"
    );
}

#[test]
fn a_choice_has_one_of_its_types() {
    assert_observation(
        r#""valueString":"x","valueBoolean":true"#,
        &codes::CHOICE_TWICE,
        "Observation.value.ofType(boolean)",
    );
    assert_observation(
        r#""valueString":"x","_valueBoolean":{"extension":[{"url":"urn:x","valueCode":"y"}]}"#,
        &codes::CHOICE_TWICE,
        "Observation.value.ofType(boolean)",
    );
    assert_observation(r#""valueAddress":{"text":"x"}"#, &codes::CHOICE_TYPE, "Observation.valueAddress");
    assert_observation(r#""value":"x""#, &codes::CHOICE_TYPE, "Observation.value");
    assert_observation(r#""valuestring":"x""#, &codes::UNKNOWN_ELEMENT, "Observation.valuestring");
    assert_eq!(observation(r#""valueString":"x","_valueString":{"id":"x"}"#), []);
}

#[test]
fn required_elements_are_missed() {
    let text = r#"{"resourceType":"Observation","component":[{"valueString":"x"}]}"#;
    let expected = ["Observation.component[0].code", "Observation.status", "Observation.code"];
    assert_eq!(found(text), expected.map(|place| (codes::REQUIRED.id, place.to_owned())));
    let text = r#"{"resourceType":"Observation","_status":{"extension":[{"url":"urn:x","valueCode":"y"}]},"code":{"text":"x"}}"#;
    assert_eq!(found(text), [], "an extension may stand for the value");
    let text = r#"{"resourceType":"MedicationRequest","status":"active","intent":"order","subject":{"display":"x"}}"#;
    assert_eq!(only(found(text)), (codes::REQUIRED.id, "MedicationRequest.medication".to_owned()));
}

#[test]
fn ids_have_the_form_of_ids() {
    for id in ["a b", "a_b", "あ", &"x".repeat(65)] {
        assert_patient(&format!(r#""id":"{id}""#), &codes::BAD_ID, "Patient.id");
        let contained =
            format!(r#""contained":[{{"resourceType":"Basic","code":{{"text":"x"}},"id":"{id}"}}]"#);
        assert_patient(&contained, &codes::BAD_ID, "Patient.contained[0].id");
    }
    assert_eq!(patient(r#""name":[{"id":"an id of an element, of any form","text":"x"}]"#), []);
}

#[test]
fn a_control_character_is_found_in_nodes_that_were_never_text() {
    let birth = ("birthDate".to_owned(), Node::String("19\u{0}50".to_owned()));
    let kind = ("resourceType".to_owned(), Node::String("Patient".to_owned()));
    let problems = check(Node::Object(vec![kind, birth])).unwrap_err();
    assert_eq!(problems[0].code().id, codes::BAD_CHARACTER.id);
}

#[test]
fn narratives_are_checked() {
    let text = |div: &str| format!(r#""text":{{"status":"generated","div":"{div}"}}"#);
    let good = "<div xmlns='http://www.w3.org/1999/xhtml'>x</div>";
    assert_eq!(patient(&text(good)), []);
    assert_patient(&text("<div>x</div>"), &crate::codes::narrative::ROOT, "Patient.text.div");
    let script = "<div xmlns='http://www.w3.org/1999/xhtml'><script>x</script></div>";
    assert_patient(&text(script), &crate::codes::narrative::ACTIVE, "Patient.text.div");
}

#[test]
fn a_resource_inside_is_placed_from_outside() {
    let node = parse(br#"{"resourceType":"Patient","name":[{"x":1}]}"#).unwrap();
    let problems = check_at(node, "Bundle.entry[2].resource").unwrap_err();
    assert_eq!(problems[0].place(), Some("Bundle.entry[2].resource.name[0].x"));
    let problems = check_at(Node::Null, "Bundle.entry[3].resource").unwrap_err();
    assert_eq!(problems[0].place(), Some("Bundle.entry[3].resource"));
    let bundle = r#"{"resourceType":"Bundle","type":"batch","entry":[{"resource":{"resourceType":"Patient","x":1}},{"resource":{"resourceType":"X"}}]}"#;
    let places = ["Bundle.entry[0].resource.x", "Bundle.entry[1].resource"];
    assert_eq!(found(bundle).into_iter().map(|(_, place)| place).collect::<Vec<_>>(), places);
}

#[test]
fn problems_do_not_pile_up_without_end() {
    let members: Vec<String> = (0..10_000).map(|at| format!(r#""x{at}":1"#)).collect();
    assert_eq!(patient(&members.join(",")).len(), 50);
}

#[test]
fn references_are_found_and_replaced_everywhere() {
    let text = r##"{"resourceType":"Observation","status":"final","code":{"text":"x"},
        "subject":{"reference":"urn:uuid:1","display":"urn:uuid:1"},
        "_status":{"extension":[{"url":"urn:uuid:1","valueReference":{"reference":"urn:uuid:2"}}]},
        "contained":[{"resourceType":"Patient","id":"p","managingOrganization":{"reference":"urn:uuid:3"}}],
        "performer":[{"reference":"#p"}],"identifier":[{"system":"urn:uuid:1","value":"urn:uuid:1"}],
        "text":{"status":"generated","div":"<div xmlns='http://www.w3.org/1999/xhtml'><a href='urn:uuid:1'>x</a></div>"}}"##;
    let mut checked = check(parse(text.as_bytes()).unwrap()).unwrap();
    assert_eq!(checked.references(), ["urn:uuid:1", "urn:uuid:2", "urn:uuid:3", "#p"]);
    checked.rewrite_references(&|old| old.strip_prefix("urn:uuid:").map(|id| format!("Patient/{id}")));
    assert_eq!(checked.references(), ["Patient/1", "Patient/2", "Patient/3", "#p"]);
    let mut written = Vec::new();
    checked.node().write(&mut written);
    let written = String::from_utf8(written).unwrap();
    for expected in [
        r#""display":"urn:uuid:1""#,
        r#""url":"urn:uuid:1","valueReference""#,
        r#""system":"Patient/1","value":"urn:uuid:1""#,
        "<a href='Patient/1'>",
    ] {
        assert!(written.contains(expected), "{expected} in {written}");
    }
}

#[test]
fn canonical_addresses_stay() {
    let text = r#"{"resourceType":"CarePlan","status":"active","intent":"plan","subject":{"display":"x"},"instantiatesCanonical":["urn:uuid:1"],"instantiatesUri":["urn:uuid:1"]}"#;
    let mut checked = check(parse(text.as_bytes()).unwrap()).unwrap();
    checked.rewrite_references(&|_| Some("urn:new".to_owned()));
    let member = |name: &str| checked.node().get(name).and_then(|node| node.as_array()?.first()?.as_str());
    assert_eq!(
        (member("instantiatesCanonical"), member("instantiatesUri")),
        (Some("urn:uuid:1"), Some("urn:new"))
    );
}

#[test]
fn an_answer_that_would_break_the_check_is_not_taken() {
    let text = r#"{"resourceType":"Basic","code":{"text":"x"},"subject":{"reference":"Patient/1"}}"#;
    let mut checked = check(parse(text.as_bytes()).unwrap()).unwrap();
    for bad in ["", "a\u{0}b"] {
        checked.rewrite_references(&|_| Some(bad.to_owned()));
        assert_eq!(checked.references(), ["Patient/1"]);
    }
}
