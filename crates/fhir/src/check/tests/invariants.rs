//! Invariants, in resources as they are sent.

use super::{assert_observation, assert_patient, found, observation, only, patient, text_of};
use crate::codes::{rules as invariants, structure as codes};
use crate::json::{Node, parse};
use crate::{check, validate};

#[test]
fn invariants_hold_wherever_a_value_stands() {
    let rule = &invariants::BROKEN;
    assert_patient(r#""contact":[{"gender":"female"}]"#, rule, "Patient.contact[0]");
    assert_patient(
        r#""name":[{"text":"x","period":{"start":"2026-02","end":"2026-01"}}]"#,
        rule,
        "Patient.name[0].period",
    );
    assert_patient(r#""name":[{"id":"x"}]"#, rule, "Patient.name[0]");
    assert_patient(r#""_birthDate":{"id":"x"}"#, rule, "Patient.birthDate");
    assert_patient(r#""name":[{"_given":[{"id":"x"}]}]"#, rule, "Patient.name[0].given[0]");
    assert_patient(r#""extension":[{"url":"urn:x"}]"#, rule, "Patient.extension[0]");
    assert_patient(r##""managingOrganization":{"reference":"#o"}"##, rule, "Patient.managingOrganization");
    assert_patient(r#""contained":[{"resourceType":"Basic","id":"a","code":{"text":"x"}}]"#, rule, "Patient");
    let value = r#""dataAbsentReason":{"text":"x"},"valueString":"x""#;
    assert_observation(value, rule, "Observation");
    let code = r#"{"coding":[{"system":"urn:s","code":"c"}]}"#;
    let same = r#"{"resourceType":"Observation","status":"final","code":CODE,"valueString":"x","component":[{"code":CODE}]}"#;
    assert_eq!(only(found(&same.replace("CODE", code))), (rule.id, "Observation".to_owned()));
}

/// Rules of elements hold beside those of their types.
#[test]
fn invariants_of_an_element_hold_for_each_of_its_values() {
    let rule = &invariants::BROKEN;
    let text = r#"{"resourceType":"Organization","name":"x","telecom":[{"system":"phone","value":"1"},{"system":"phone","value":"2","use":"home"}]}"#;
    assert_eq!(only(found(text)), (rule.id, "Organization.telecom[1]".to_owned()));
    let text = r#"{"resourceType":"ServiceRequest","status":"draft","intent":"plan","subject":{"display":"x"},"quantityQuantity":{"value":1,"comparator":"<"}}"#;
    assert_eq!(found(text), [], "no narrowed quantity");
    let text =
        r#"{"resourceType":"SupplyDelivery","suppliedItem":{"quantity":{"value":1,"comparator":"<"}}}"#;
    assert_eq!(only(found(text)), (rule.id, "SupplyDelivery.suppliedItem.quantity".to_owned()));
    let text = r#"{"status":"generated","div":"<div xmlns='http://www.w3.org/1999/xhtml'> <p/> </div>"}"#;
    assert_patient(&format!(r#""text":{text}"#), rule, "Patient.text.div");
}

#[test]
fn a_broken_invariant_says_what_must_be_the_case_and_where_it_is_defined() {
    let [english, japanese] = text_of(r#""contact":[{"gender":"female"}]"#);
    let expected = "A contact of the patient has a `name`, `telecom`, `address` or `organization`. (rule pat-1 of Patient.contact)";
    assert_eq!(english, expected);
    assert!(japanese.ends_with("いずれかが必要です。（Patient.contact の規則 pat-1）"), "{japanese}");
}

/// A fault below keeps the rules of what holds it from being judged; a broken rule below does not.
#[test]
fn invariants_are_judged_where_the_members_are_sound() {
    assert_patient(r#""contact":[{"sex":"f"}]"#, &codes::UNKNOWN_ELEMENT, "Patient.contact[0].sex");
    let both = r#""dataAbsentReason":{"text":"x"},"valueQuantity":{"code":"mg"}"#;
    let places = ["Observation.value.ofType(Quantity)", "Observation"];
    assert_eq!(observation(both), places.map(|place| (invariants::BROKEN.id, place.to_owned())));
}

#[test]
fn each_resource_inside_is_judged_by_itself() {
    let text = r##"{"resourceType":"Bundle","type":"collection","entry":[
        {"resource":{"resourceType":"Patient","contained":[{"resourceType":"Organization","id":"o","name":"x"}],"managingOrganization":{"reference":"#o"}}},
        {"resource":{"resourceType":"Patient","managingOrganization":{"reference":"#o"}}}]}"##;
    let place = "Bundle.entry[1].resource.managingOrganization";
    assert_eq!(only(found(text)), (invariants::BROKEN.id, place.to_owned()));
}

#[test]
fn advice_is_given_on_request_and_refuses_nothing() {
    let node = parse(br#"{"resourceType":"Patient","active":true}"#).unwrap();
    let findings = validate(&node);
    let warnings: Vec<(&str, Option<&str>)> =
        findings.warnings.iter().map(|problem| (problem.code().id, problem.place())).collect();
    assert_eq!((findings.problems.len(), warnings), (0, vec![(invariants::ADVICE.id, Some("Patient"))]));
    assert!(check(node).is_ok());
    let findings = validate(&parse(br#"{"resourceType":"Patient","active":1}"#).unwrap());
    assert_eq!((findings.problems.len(), findings.warnings.len()), (1, 0), "of sound resources only");
    assert_eq!(validate(&Node::Null).problems.len(), 1);
}

#[test]
fn corrected_rules_judge_as_they_were_meant() {
    let appointment = |status: &str| {
        format!(
            r#"{{"resourceType":"Appointment","status":"{status}","cancelationReason":{{"text":"x"}},"start":"2026-04-01T09:00:00Z","end":"2026-04-01T09:00:00Z","participant":[{{"status":"accepted","actor":{{"display":"x"}}}}]}}"#
        )
    };
    assert_eq!(found(&appointment("noshow")), []);
    assert_eq!(only(found(&appointment("booked"))).0, invariants::BROKEN.id);
    let consent = |code: &str| {
        format!(
            r#"{{"resourceType":"Consent","status":"active","scope":{{"coding":[{{"system":"http://terminology.hl7.org/CodeSystem/consentscope","code":"{code}"}}]}},"category":[{{"text":"x"}}],"policyRule":{{"text":"x"}}}}"#
        )
    };
    assert_eq!(found(&consent("other")), []);
    for code in ["patient-privacy", "research", "adr", "treatment"] {
        assert_eq!(only(found(&consent(code))).0, invariants::BROKEN.id, "{code}");
    }
    let item = |when: &str| {
        format!(
            r#"{{"resourceType":"Questionnaire","status":"draft","item":[{{"linkId":"1","type":"string","enableWhen":[{when}]}}]}}"#
        )
    };
    let exists = r#"{"question":"2","operator":"exists","answerBoolean":true}"#;
    assert_eq!(found(&item(exists)), []);
    assert_eq!(only(found(&item(&format!("{exists},{exists}")))).0, invariants::BROKEN.id);
    assert_eq!(
        only(found(&item(&exists.replace("Boolean\":true", "String\":\"x\"")))).0,
        invariants::BROKEN.id
    );
}

/// What is taken apart is judged as a Bundle, and what stands in it is left for a check of its own.
#[test]
fn invariants_of_a_bundle_hold_when_it_is_taken_apart() {
    let read = |text: &str| crate::bundle::read(parse(text.as_bytes()).unwrap());
    let broken = r#"{"resourceType":"Patient","contact":[{"gender":"x"}]}"#;
    let entry = format!(r#"{{"resource":{broken},"request":{{"method":"POST","url":"Patient"}}}}"#);
    let text =
        |kind: &str, entry: &str| format!(r#"{{"resourceType":"Bundle","type":"{kind}","entry":[{entry}]}}"#);
    assert!(read(&text("batch", &entry)).is_ok());
    for (kind, entry) in [
        ("batch", format!(r#"{{"resource":{broken}}}"#)),
        ("transaction", format!(r#"{entry},{{"resource":{broken}}}"#)),
        ("collection", entry.clone()),
    ] {
        let problems = read(&text(kind, &entry)).unwrap_err();
        let found: Vec<(&str, Option<&str>)> =
            problems.iter().map(|problem| (problem.code().id, problem.place())).collect();
        assert_eq!(found, [(invariants::BROKEN.id, Some("Bundle"))], "{kind}");
    }
}

/// The work of one check stays in proportion to its input.
#[test]
fn hostile_resources_are_judged_in_little_time() {
    let entry = |at: usize| {
        format!(
            r##"{{"resource":{{"resourceType":"Basic","id":"b{at}","code":{{"text":"x"}},"subject":{{"reference":"#b{at}"}}}}}}"##
        )
    };
    let contained: Vec<String> = (0..20_000)
        .map(|at| format!(r##"{{"resourceType":"Basic","id":"b{at}","code":{{"text":"x"}},"subject":{{"reference":"#b{at}"}}}}"##))
        .collect();
    assert_eq!(patient(&format!(r#""contained":[{}]"#, contained.join(","))), []);
    let entries: Vec<String> = (0..5_000)
        .map(|at| {
            entry(at).replacen('{', &format!(r#"{{"fullUrl":"urn:x:{at}","#), 1).replace("#b", "Basic/b")
        })
        .collect();
    let text = format!(r#"{{"resourceType":"Bundle","type":"collection","entry":[{}]}}"#, entries.join(","));
    assert_eq!(found(&text), []);
}
