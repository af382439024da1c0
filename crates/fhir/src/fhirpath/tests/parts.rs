//! Names, choices, partners, nested resources, types.

use super::*;

const PATIENT: &str = r#"{"resourceType":"Patient","id":"p","active":true,
    "name":[{"family":"甲","_family":{"extension":[{"url":"urn:kana","valueString":"コウ"}]},
             "given":[null,"乙"],"_given":[{"id":"g","extension":[{"url":"urn:x","valueCode":"m"}]},null]}],
    "_birthDate":{"extension":[{"url":"urn:unknown","valueBoolean":true}]},
    "multipleBirthInteger":2,
    "contained":[{"resourceType":"Organization","id":"o","name":"丙"},{"resourceType":"Nothing","id":"n"}]}"#;

#[test]
fn a_primitive_with_only_a_partner_is_an_item_without_a_value() {
    check(
        PATIENT,
        &[
            ("name.given.count()", "2"),
            ("name.given.select($this.hasValue())", "false true"),
            ("birthDate.exists()", "true"),
            ("birthDate.hasValue()", "false"),
            ("birthDate.getValue()", ""),
            ("birthDate.extension('urn:unknown').value", "true"),
            ("birthDate = @2026", "false"),
            ("name.given[0].id", "\"g\""),
            ("name.given.extension('urn:x').value", "\"m\""),
            ("name.family.extension.value", "\"コウ\""),
            ("name.family.children().count()", "1"),
            ("name.family.hasValue()", "true"),
        ],
    );
}

#[test]
fn children_are_all_parts_once_with_their_partners() {
    check(
        PATIENT,
        &[
            ("children().count()", "7"),
            ("children().select(true).count()", "7"),
            ("name.children().count()", "3"),
            ("name.children().select(true).count()", "3"),
            ("children().where(hasValue()).count()", "3"),
            ("active.children().count()", "0"),
            ("descendants().where($this is code).count()", "1"),
            (
                "children().select(type().name)",
                "\"id\" \"boolean\" \"HumanName\" \"date\" \"integer\" \"Organization\" \"Resource\"",
            ),
        ],
    );
}

#[test]
fn a_choice_is_asked_for_by_its_short_name() {
    let quantity = r#"{"resourceType":"Observation","valueQuantity":{"value":1},"component":[{"valueString":"x"},{"_valueCodeableConcept":{},"valueBoolean":false}]}"#;
    check(
        quantity,
        &[
            ("value.value", "1"),
            ("value is Quantity", "true"),
            ("(value as Quantity).value", "1"),
            ("value.ofType(string)", ""),
            ("valueQuantity", ""),
            ("component.value.ofType(string)", "\"x\""),
            ("component.value.ofType(boolean)", "false"),
            ("component.value as string", "\"x\""),
        ],
    );
    assert_eq!(strict(quantity, "valueQuantity"), "FH-0107");
    assert_eq!(strict(quantity, "component.value as string"), "FH-0105");
    // `value` of a type that has an element of this very name is no choice.
    assert_eq!(result(r#"{"resourceType":"Patient","telecom":[{"value":"0"}]}"#, "telecom.value"), "\"0\"");
}

#[test]
fn a_path_may_begin_with_its_type_or_one_it_is_built_on() {
    check(
        PATIENT,
        &[
            ("Patient.active", "true"),
            ("DomainResource.id", "\"p\""),
            ("Resource.id", "\"p\""),
            ("Encounter.id", ""),
            ("contained.id", "\"o\" \"n\""),
            ("contained.ofType(Organization).name", "\"丙\""),
            ("contained.where($this is DomainResource).id", "\"o\""),
            ("`Patient`.`active`", "true"),
        ],
    );
    assert_eq!(strict(PATIENT, "Encounter.id"), "FH-0107");
}

#[test]
fn only_strict_evaluation_minds_names_that_nothing_can_have() {
    for expression in
        ["name.given1", "name.family.value", "(multipleBirth as boolean).unit", "children().first()"]
    {
        assert_eq!(
            strict(PATIENT, expression),
            if expression.contains("first") { "FH-0106" } else { "FH-0107" }
        );
        assert_ne!(result(PATIENT, expression), "FH-0107", "{expression}");
    }
    assert_eq!(strict(PATIENT, "descendants().family"), "\"甲\"");
    assert_eq!(strict(PATIENT, "telecom.value"), "");
}

#[test]
fn a_primitive_is_told_from_the_computed_value_where_it_matters() {
    check(
        PATIENT,
        &[
            ("active is boolean", "true"),
            ("active is System.Boolean", "false"),
            ("active is Boolean", "true"),
        ],
    );
    assert_eq!(strict(PATIENT, "active is Boolean"), "false");
    assert_eq!(strict(PATIENT, "id is string"), "true");
    assert_eq!(strict(PATIENT, "id as string"), "");
}

#[test]
fn variables_come_from_the_scope() {
    let node = node(PATIENT);
    let root = Item::resource(&node).unwrap();
    let name = Expression::parse("name").unwrap();
    let name = name.evaluate(&Scope::new(now()), &root).unwrap().remove(0);
    let scope = || Scope::new(now()).resource(root.clone()).variable("wanted", vec![Item::string("乙")]);
    for (expression, expected) in [
        ("%resource.id", "\"p\""),
        ("%rootResource.id", "\"p\""),
        ("%context.family", "\"甲\""),
        ("given.where($this = %wanted)", "\"乙\""),
        ("%other", "FH-0109"),
        ("%`vs-x`", "\"http://hl7.org/fhir/ValueSet/x\""),
    ] {
        let compiled = Expression::parse(expression).unwrap();
        assert_eq!(shown(compiled.evaluate(&scope(), &name)), expected, "{expression}");
    }
}

#[test]
fn debug_and_problems_tell_no_content() {
    let node = node(PATIENT);
    let root = Item::resource(&node).unwrap();
    let scope = Scope::new(now()).resource(root.clone());
    let expression = Expression::parse("name.family | 'secret' | @2026 | 1 'mg'").unwrap();
    let text = format!("{:?} {scope:?}", expression.evaluate(&scope, &root).unwrap());
    assert!(
        text.contains("part of type string") && !text.contains('甲') && !text.contains("secret"),
        "{text}"
    );
    let problem = Expression::parse("name.family + 1").unwrap().evaluate(&scope, &root).unwrap_err();
    assert!(!format!("{problem:?} {}", problem.text(base::Language::English)).contains('甲'));
}
