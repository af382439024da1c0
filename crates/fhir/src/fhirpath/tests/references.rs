//! `resolve()`, value sets, profiles, extensions, narrative.

use super::*;

const OBSERVATION: &str = r##"{"resourceType":"Observation","id":"a","contained":[{"resourceType":"Patient","id":"p","gender":"male"}],
    "subject":{"reference":"#p"},"encounter":{"reference":"Encounter/1"},
    "performer":[{"reference":"https://x/fhir/Practitioner/2/_history/3"},{"type":"Organization","identifier":{"value":"1"}},{"display":"x"}],
    "text":{"status":"generated","div":"<div xmlns=\"http://www.w3.org/1999/xhtml\">x</div>"}}"##;

#[test]
fn contained_resources_are_found_by_themselves() {
    check(
        OBSERVATION,
        &[
            ("subject.resolve().gender", "\"male\""),
            ("subject.resolve() is Patient", "true"),
            ("contained.exists(('#' + id) in %resource.descendants().reference)", "true"),
            ("'#'.resolve().id", "\"a\""),
            ("'#q'.resolve()", ""),
        ],
    );
}

#[test]
fn the_type_of_a_target_is_told_by_its_reference_when_nothing_resolves() {
    check(
        OBSERVATION,
        &[
            ("encounter.resolve()", ""),
            ("encounter.where(resolve() is Encounter).reference", "\"Encounter/1\""),
            ("encounter.resolve() is Patient", "false"),
            ("encounter.resolve() is Resource", "true"),
            ("encounter.resolve().is(Encounter)", "true"),
            ("performer.select(resolve() is Practitioner)", "true false"),
            ("performer[2].resolve() is Practitioner", ""),
            ("performer.where(resolve() is Organization).identifier.value", "\"1\""),
        ],
    );
}

#[test]
fn entries_of_a_bundle_and_then_the_caller_are_asked() {
    let bundle = node(
        r#"{"resourceType":"Bundle","type":"collection","entry":[
            {"fullUrl":"urn:uuid:1","resource":{"resourceType":"Patient","id":"p"}},
            {"fullUrl":"urn:uuid:2","resource":{"resourceType":"Observation","id":"o","subject":{"reference":"urn:uuid:1"},
             "encounter":{"reference":"Patient/p/_history/2"},"performer":[{"reference":"Practitioner/9"}]}}]}"#,
    );
    let other = node(r#"{"resourceType":"Practitioner","id":"9"}"#);
    let resolver = |text: &str| (text == "Practitioner/9").then(|| Item::resource(&other)).flatten();
    let root = Item::resource(&bundle).unwrap();
    let scope = Scope::new(now()).root_resource(root.clone()).resolver(&resolver);
    for (expression, expected) in [
        ("Bundle.entry.resource.subject.resolve().id", "\"p\""),
        ("Bundle.entry.resource.encounter.resolve().id", "\"p\""),
        ("Bundle.entry.resource.performer.resolve().id", "\"9\""),
    ] {
        let compiled = Expression::parse(expression).unwrap();
        assert_eq!(shown(compiled.evaluate(&scope, &root)), expected, "{expression}");
    }
}

#[test]
fn value_sets_are_asked_of_the_caller_and_else_give_nothing() {
    assert_eq!(result(OBSERVATION, "status.memberOf('urn:x')"), "");
    assert_eq!(result(OBSERVATION, "id.memberOf('urn:x')"), "");
    let node = node(OBSERVATION);
    let root = Item::resource(&node).unwrap();
    let membership = |item: &Item<'_>, address: &str| Some(item.as_str() == Some("a") && address == "urn:x");
    let scope = Scope::new(now()).membership(&membership);
    let member = Expression::parse("id.memberOf('urn:x')").unwrap();
    assert_eq!(shown(member.evaluate(&scope, &root)), "true");
}

#[test]
fn profiles_are_the_types_of_fhir_only() {
    check(
        OBSERVATION,
        &[
            ("conformsTo('http://hl7.org/fhir/StructureDefinition/Observation')", "true"),
            ("conformsTo('http://hl7.org/fhir/StructureDefinition/DomainResource')", "true"),
            ("conformsTo('http://hl7.org/fhir/StructureDefinition/Patient')", "false"),
            ("conformsTo('http://jpfhir.jp/x')", "FH-0109"),
            ("text.div.htmlChecks()", "true"),
            ("'<div><script/></div>'.htmlChecks()", "false"),
        ],
    );
}

#[test]
fn what_needs_more_than_the_resource_is_refused() {
    for function in
        ["elementDefinition()", "slice('a', 'b')", "checkModifiers('a')", "subsumes('a')", "noSuch()"]
    {
        let problem = Expression::parse(&format!("code.{function}")).unwrap_err();
        assert_eq!(problem.code().id, "FH-0102", "{function}");
    }
}
