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

fn param(kind: &str, code: &str) -> &'static SearchParam {
    search_param(resource_kind(kind).unwrap(), code).unwrap_or_else(|| panic!("{kind}.{code}"))
}

fn member(name: &str) -> Step {
    Step::Member(name.to_owned())
}

#[test]
fn search_parameters_follow_their_expressions() {
    let steps = |kind: &str, code: &str| -> Vec<Vec<Step>> {
        param(kind, code).routes.iter().map(|route| route.steps.clone()).collect()
    };
    assert_eq!(steps("DocumentReference", "identifier").len(), 2);
    assert_eq!(steps("MedicationRequest", "medication"), [[member("medicationReference")]]);
    assert_eq!(steps("Bundle", "composition"), [[member("entry"), Step::First, member("resource")]]);
    assert_eq!(
        steps("Observation", "value-string"),
        [vec![member("valueString")], vec![member("valueCodeableConcept"), member("text")]]
    );
    let email = Step::Where { member: "system", code: "email" };
    assert_eq!(steps("Patient", "email"), [[member("telecom"), email]]);
    assert_eq!(steps("Patient", "deceased"), [[member("deceasedBoolean")], [member("deceasedDateTime")]]);
    assert_eq!(steps("InsurancePlan", "name"), [[member("name")], [member("alias")]]);
}

#[test]
fn targets_are_those_that_the_expression_keeps() {
    let targets = |kind: &str, code: &str| -> Vec<&str> {
        param(kind, code).targets.iter().map(|kind| kind.as_str()).collect()
    };
    assert_eq!(targets("Observation", "patient"), ["Patient"]);
    assert_eq!(targets("Observation", "subject"), ["Device", "Group", "Location", "Patient"]);
    assert_eq!(targets("Bundle", "message"), ["MessageHeader"]);
}

#[test]
fn parameters_over_the_same_places_keep_their_terms_once() {
    for (kind, code, index) in [
        ("Observation", "patient", "Observation.patient"),
        ("Observation", "subject", "Observation.subject"),
        ("Patient", "phonetic", "Patient.name"),
        ("Appointment", "location", "Appointment.location"),
        ("Bundle", "composition", "Bundle.composition"),
        ("Bundle", "message", "Bundle.message"),
        ("Patient", "email", "Patient.email"),
        ("Observation", "_tag", "Observation._tag"),
    ] {
        assert_eq!(param(kind, code).kept, [index], "{kind}.{code}");
    }
    for kind in resource_kinds() {
        for param in search_params(kind) {
            for index in &param.kept {
                let keeps = params(kind).iter().find(|other| other.name == *index).unwrap();
                assert_eq!(
                    (keeps.kept.as_slice(), keeps.kind),
                    (&[*index][..], param.kind),
                    "{}",
                    param.name
                );
            }
        }
    }
}

#[test]
fn names_of_our_own_are_never_those_of_r4() {
    let lines = TEXT.lines().filter_map(|line| line.strip_prefix("search "));
    let codes = lines.filter_map(|line| line.split(' ').next()?.split_once('.'));
    let mut all = 0;
    for (owner, code) in codes {
        assert!(!code.starts_with("record-"), "{owner}.{code}");
        all += 1;
    }
    assert!(all > 1_300, "{all}");
    for kind in resource_kinds() {
        let own: Vec<&str> =
            search_params(kind).filter(|param| param.of_state.is_some()).map(|param| param.code).collect();
        if STATED_TYPES.contains(&kind.as_str()) {
            assert!(own.iter().eq(STATE_PARAMS.iter().map(|param| &param.code)), "{kind}: {own:?}");
            assert!(own.iter().all(|code| code.starts_with("record-")));
            assert!(own.iter().all(|code| is_of_state(&format!("{kind}.{code}"))));
        } else {
            assert!(own.is_empty(), "{kind}");
        }
    }
    assert!(!is_of_state("Observation.status") && !is_of_state("Patient.record-state"));
}

#[test]
fn a_parameter_over_the_places_of_others_keeps_no_terms_of_its_own() {
    for (code, kept) in [
        ("combo-code", ["Observation.code", "Observation.component-code"]),
        (
            "combo-code-value-quantity",
            ["Observation.code-value-quantity", "Observation.component-code-value-quantity"],
        ),
        ("combo-value-concept", ["Observation.component-value-concept", "Observation.value-concept"]),
    ] {
        assert_eq!(param("Observation", code).kept, kept, "{code}");
    }
    assert_eq!(param("Organization", "name").kept, ["Organization.name"], "others keep only a part of it");
    let several = resource_kinds().flat_map(search_params).filter(|param| param.kept.len() > 1);
    assert_eq!(several.count(), 6);
}

/// The list may only become shorter.
#[test]
fn every_search_parameter_of_r4_is_served_but_these() {
    let mut left_out: Vec<&str> = TEXT
        .lines()
        .filter_map(|line| line.strip_prefix("search ")?.split(' ').next())
        .filter(|name| {
            let (owner, code) = name.split_once('.').unwrap();
            let owner = if owner == "Resource" || owner == "DomainResource" { "Patient" } else { owner };
            search_param(resource_kind(owner).unwrap(), code).is_none()
        })
        .collect();
    left_out.sort_unstable();
    // `_id` and `_lastUpdated` are served without terms.
    let without_terms = ["Resource._id", "Resource._lastUpdated"];
    let elsewhere =
        ["DomainResource._text", "Location.near", "Resource._content", "Resource._filter", "Resource._query"];
    let mut known: Vec<&str> = without_terms.into_iter().chain(elsewhere).collect();
    known.sort_unstable();
    assert_eq!(left_out, known);
}

#[test]
fn search_parameters_are_counted_by_type() {
    let mut counts = std::collections::BTreeMap::new();
    for param in resource_kinds().flat_map(search_params) {
        *counts.entry(param.kind.as_str()).or_insert(0) += 1;
    }
    let four_of_every_type = 146;
    let stated = STATED_TYPES.len();
    let expected = [
        ("composite", 72),
        ("date", 139 + stated),
        ("number", 6),
        ("quantity", 40),
        ("reference", 517),
        ("string", 199),
        ("token", 670 - 2 + 2 * four_of_every_type + 4 * stated),
        ("uri", 57 - 2 + 2 * four_of_every_type),
    ];
    assert_eq!(counts.into_iter().collect::<Vec<_>>(), expected);
}

/// A choice may have types that cannot be searched; those that R4 lists are these.
#[test]
fn every_part_of_an_expression_makes_a_route() {
    for param in resource_kinds().flat_map(search_params) {
        let composed = param.groups.iter().all(|group| group.parts.iter().all(|routes| !routes.is_empty()));
        let parts = param.groups.iter().all(|group| group.parts.len() == param.components.len());
        assert!(composed && parts, "{}", param.name);
        let elsewhere = param.kind == SearchKind::Composite || param.of_state.is_some();
        assert_eq!(param.routes.is_empty(), elsewhere, "{}", param.name);
    }
}

#[test]
fn compartments_name_the_terms_by_which_a_resource_belongs_to_them() {
    let params = |about: &str, member: &str| {
        compartment(resource_kind(about).unwrap(), resource_kind(member).unwrap())
    };
    assert_eq!(params("Patient", "Observation"), ["Observation.performer", "Observation.subject"]);
    assert_eq!(
        params("Patient", "AllergyIntolerance"),
        ["AllergyIntolerance.asserter", "AllergyIntolerance.patient", "AllergyIntolerance.recorder"]
    );
    assert_eq!(params("Encounter", "Condition"), ["Condition.encounter"]);
    assert_eq!(params("Patient", "Organization"), [""; 0]);
    assert_eq!(params("Observation", "Patient"), [""; 0]);
    let members = |about: &str| {
        let about = resource_kind(about).unwrap();
        resource_kinds().filter(|kind| !compartment(about, *kind).is_empty()).count()
    };
    let counts = ["Device", "Encounter", "Patient", "Practitioner", "RelatedPerson"].map(members);
    assert_eq!(counts, [32, 24, 66, 58, 31]);
}

#[test]
fn there_are_146_concrete_resource_types() {
    assert_eq!(resource_kinds().count(), 146);
    assert!(resource_kinds().is_sorted());
    assert_eq!(resource_kind("Resource"), None);
    assert_eq!(resource_kind("DomainResource"), None);
}
