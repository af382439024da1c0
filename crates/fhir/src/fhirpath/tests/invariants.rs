//! Invariants of R4 on content that keeps them and on content that does not.

use super::*;

const ELE_1: &str = "hasValue() or (children().count() > id.count())";
const EXT_1: &str = "extension.exists() != value.exists()";
const PER_1: &str = "start.hasValue().not() or end.hasValue().not() or (start <= end)";
const REF_1: &str = "reference.startsWith('#').not() or (reference.substring(1).trace('url') in %rootResource.contained.id.trace('ids'))";
const DOM_3: &str = "contained.where((('#'+id in (%resource.descendants().reference | %resource.descendants().as(canonical) | %resource.descendants().as(uri) | %resource.descendants().as(url))) or descendants().where(reference = '#').exists() or descendants().where(as(canonical) = '#').exists() or descendants().where(as(canonical) = '#').exists()).not()).trace('unmatched', id).empty()";
const OBS_7: &str =
    "value.empty() or component.code.where(coding.intersect(%resource.code.coding).exists()).empty()";
const BDL_7: &str = "entry.where(fullUrl.exists()).select(fullUrl&resource.meta.versionId).isDistinct()";
const QUE_7: &str = "operator = 'exists' implies (answer is Boolean)";

/// Whether the invariant holds at each item of a path.
fn holds(resource: &str, path: &str, invariant: &str) -> Vec<bool> {
    let node = node(resource);
    let root = Item::resource(&node).unwrap();
    let scope = Scope::new(now()).resource(root.clone()).root_resource(root.clone());
    let (path, invariant) = (Expression::parse(path).unwrap(), Expression::parse(invariant).unwrap());
    let items = path.evaluate(&scope, &root).unwrap();
    items.iter().map(|item| invariant.holds(&scope, item).unwrap()).collect()
}

#[test]
fn elements_have_content() {
    let patient = r#"{"resourceType":"Patient","active":true,"name":[{"id":"x"},{"id":"x","text":"y"}]}"#;
    assert_eq!(holds(patient, "name", ELE_1), [false, true]);
    assert_eq!(holds(patient, "active", ELE_1), [true]);
}

#[test]
fn extensions_have_a_value_or_extensions() {
    let patient = r#"{"resourceType":"Patient","extension":[{"url":"a","valueString":"x"},{"url":"b"},{"url":"c","extension":[{"url":"d","valueCode":"y"}]},{"url":"e","_valueCode":{"id":"x"}}]}"#;
    assert_eq!(holds(patient, "extension", EXT_1), [true, false, true, true]);
}

#[test]
fn periods_do_not_end_before_they_begin() {
    let patient = r#"{"resourceType":"Patient","name":[{"period":{"start":"2026-04-01","end":"2026-04-01"}},{"period":{"start":"2026","end":"2026-04"}},{"period":{"start":"2027","end":"2026-04"}},{"period":{"end":"2026-04"}}]}"#;
    assert_eq!(holds(patient, "name.period", PER_1), [true, true, false, true]);
}

#[test]
fn local_references_lead_to_contained_resources_and_back() {
    let with = |reference: &str| {
        format!(
            r#"{{"resourceType":"Observation","contained":[{{"resourceType":"Patient","id":"p"}}],"subject":{{"reference":"{reference}"}}}}"#
        )
    };
    for (reference, ref_1, dom_3) in [("#p", true, true), ("#q", false, false), ("Patient/p", true, false)] {
        assert_eq!(holds(&with(reference), "subject", REF_1), [ref_1], "{reference}");
        assert_eq!(holds(&with(reference), "Observation", DOM_3), [dom_3], "{reference}");
    }
}

#[test]
fn a_component_does_not_repeat_the_code_when_there_is_a_value() {
    let with = |code: &str, value: &str| {
        format!(
            r#"{{"resourceType":"Observation","code":{{"coding":[{{"system":"s","code":"1"}}]}},"component":[{{"code":{{"coding":[{{"code":"{code}","system":"s"}}]}}}}]{value}}}"#
        )
    };
    let value = r#","valueString":"x""#;
    assert_eq!(holds(&with("1", value), "Observation", OBS_7), [false]);
    assert_eq!(holds(&with("2", value), "Observation", OBS_7), [true]);
    assert_eq!(holds(&with("1", ""), "Observation", OBS_7), [true]);
}

#[test]
fn addresses_in_a_bundle_are_distinct_also_where_there_are_thousands() {
    let bundle = |same: bool| {
        let entry =
            |at: usize| format!(r#"{{"fullUrl":"urn:uuid:{}"}}"#, if same && at == 4_999 { 0 } else { at });
        let entries: Vec<String> = (0..5_000).map(entry).collect();
        format!(r#"{{"resourceType":"Bundle","type":"collection","entry":[{}]}}"#, entries.join(","))
    };
    assert_eq!(holds(&bundle(false), "Bundle", BDL_7), [true]);
    assert_eq!(holds(&bundle(true), "Bundle", BDL_7), [false]);
}

#[test]
fn boolean_is_meant_where_an_invariant_says_it_with_a_capital() {
    let questionnaire = r#"{"resourceType":"Questionnaire","item":[{"enableWhen":[{"operator":"exists","answerBoolean":true},{"operator":"exists","answerString":"x"},{"operator":"=","answerString":"x"}]}]}"#;
    assert_eq!(holds(questionnaire, "item.enableWhen", QUE_7), [true, false, true]);
}

#[test]
fn an_invariant_fails_only_when_it_is_false() {
    let patient = r#"{"resourceType":"Patient","active":false,"name":[{"text":"x"}]}"#;
    assert_eq!(holds(patient, "Patient", "active"), [false]);
    assert_eq!(holds(patient, "Patient", "deceased"), [true]);
    assert_eq!(holds(patient, "Patient", "name"), [true]);
    let node = node(patient);
    let root = Item::resource(&node).unwrap();
    let several = Expression::parse("active | true").unwrap();
    assert_eq!(several.holds(&Scope::new(now()), &root).unwrap_err().code().id, "FH-0105");
}
