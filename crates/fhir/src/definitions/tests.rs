//! What the compiled-in table says, and that a table with a fault is refused.

use super::*;

#[test]
fn the_compiled_in_table_can_be_read() {
    assert_eq!(read::read(TEXT).map(|table| table.types.len()), Ok(682));
    assert!(TEXT.len() < 600_000);
}

#[test]
fn a_line_that_is_wrong_is_named() {
    for line in ["nonsense here", ".name ?", "search Patient.x", "resource Patient"] {
        let text = format!("akashi-fhir-definitions 1\nresource A -\n{line}\nend");
        assert!(read::read(text.leak()).is_err(), "{line}");
    }
    assert!(read::read("akashi-fhir-definitions 2\nend").is_err());
    assert!(read::read("akashi-fhir-definitions 1\nresource A -").is_err(), "cut short");
}

#[test]
fn elements_are_inherited_and_choices_spelled_out() {
    let observation = table().find("Observation").unwrap();
    let kind = |name: &str| observation.member(name).map(|(_, element, kind)| (element.many, kind.name));
    assert_eq!(kind("id"), Some((false, "id")));
    assert_eq!(kind("meta"), Some((false, "Meta")));
    assert_eq!(kind("contained"), Some((true, "Resource")));
    assert_eq!(kind("valueDateTime"), Some((false, "dateTime")));
    assert_eq!(kind("valueQuantity"), Some((false, "Quantity")));
    assert_eq!(kind("value[x]"), None);
    assert_eq!(kind("component"), Some((true, "Observation.component")));
    let item = table().find("Questionnaire.item").unwrap();
    assert_eq!(item.member("item").map(|(_, _, kind)| kind.name), Some("Questionnaire.item"));
}

#[test]
fn primitives_know_their_json_kind() {
    let kind = |name: &str| table().find(name).map(|kind| kind.kind);
    for (name, expected) in [
        ("boolean", TypeKind::Boolean),
        ("decimal", TypeKind::Number),
        ("positiveInt", TypeKind::Number),
        ("unsignedInt", TypeKind::Number),
        ("instant", TypeKind::Text),
        ("markdown", TypeKind::Text),
        ("xhtml", TypeKind::Text),
    ] {
        assert_eq!(kind(name), Some(expected), "{name}");
    }
}

#[test]
fn bindings_and_targets_are_kept() {
    let patient = table().find("Patient").unwrap();
    let (_, gender, _) = patient.member("gender").unwrap();
    assert_eq!(gender.binding().map(|binding| binding.strength), Some("required"));
    let (_, practitioner, _) = patient.member("generalPractitioner").unwrap();
    assert!(practitioner.targets().eq(["Organization", "Practitioner", "PractitionerRole"]));
    let patient = resource_kind("Patient").unwrap();
    let names = |wanted: fn(&Element) -> bool| -> Vec<&str> {
        patient.elements().filter(|element| wanted(element)).map(Element::name).collect()
    };
    assert!(
        names(Element::is_summary).contains(&"birthDate") && !names(Element::is_summary).contains(&"photo")
    );
    assert_eq!(
        names(Element::is_modifier),
        ["implicitRules", "modifierExtension", "active", "deceased[x]", "link"]
    );
}

/// Elements seen while an object is checked are bits of one `u128`.
#[test]
fn every_type_fits_the_bit_set_of_the_check() {
    assert!(table().types.iter().all(|kind| kind.elements.len() <= 128));
}

#[test]
fn search_parameters_follow_their_expressions() {
    let param = |kind: &str, code: &str| search_params(resource_kind(kind)?).find(|param| param.code == code);
    let targets = |kind: &str, code: &str| -> Vec<&str> {
        param(kind, code).unwrap().targets.iter().map(|kind| kind.as_str()).collect()
    };
    assert_eq!(targets("Observation", "patient"), ["Patient"]);
    assert_eq!(targets("Observation", "subject"), ["Device", "Group", "Location", "Patient"]);
    assert_eq!(param("DocumentReference", "identifier").unwrap().routes.len(), 2);
    assert_eq!(
        param("MedicationRequest", "medication").unwrap().routes[0].steps,
        [Step::Member("medicationReference".to_owned())]
    );
}

/// A reference parameter is left out only when its expression is more than a simple path.
#[test]
fn reference_parameters_are_served_but_for_a_known_few() {
    let mut left_out: Vec<&str> = TEXT
        .lines()
        .filter_map(|line| line.strip_prefix("search ")?.split_once(" reference "))
        .filter_map(|(name, _)| name.split_once('.'))
        .filter(|(owner, code)| {
            let kind = resource_kind(owner).unwrap();
            !search_params(kind).any(|param| param.code == *code)
        })
        .map(|(_, code)| code)
        .collect();
    left_out.sort_unstable();
    left_out.dedup();
    let known =
        ["composed-of", "composition", "depends-on", "derived-from", "message", "predecessor", "successor"];
    assert_eq!(left_out, known);
}

#[test]
fn there_are_146_concrete_resource_types() {
    assert_eq!(resource_kinds().count(), 146);
    assert!(resource_kinds().is_sorted());
    assert_eq!(resource_kind("Resource"), None);
    assert_eq!(resource_kind("DomainResource"), None);
}

/// What cannot be judged is not taken into the definitions, so that no required binding is passed over in silence.
#[test]
fn a_required_binding_that_cannot_be_judged_is_refused() {
    let gender = "http://hl7.org/fhir/ValueSet/administrative-gender|4.0.1";
    let table = |kind: &str, set: &str| {
        let types = "abstract Element -\nprimitive code Element\ncomplex Coding Element\nresource A -";
        let text = format!("akashi-fhir-definitions 1\n{types}\n.x ? - {kind} =required:{set}\nend");
        read::read(text.leak())
    };
    assert!(table("code", gender).is_ok());
    assert!(table("code", "urn:unknown").is_err());
    assert!(table("Coding", gender).is_err());
    let patient = super::table().find("Patient").unwrap();
    let set = |name: &str| patient.member(name).unwrap().1.required_set.map(|set| set.address);
    assert_eq!((set("gender"), set("maritalStatus")), (gender.split('|').next(), None));
}

#[test]
fn every_primitive_type_has_its_form() {
    let primitives = table().types.iter().filter(|kind| kind.kind.is_primitive());
    assert_eq!(primitives.filter(|kind| kind.primitive.is_some()).count(), 20);
}
