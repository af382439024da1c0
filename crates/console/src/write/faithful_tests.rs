//! A form changes what was typed and nothing beside it, and is not offered where it could not.

use super::content::{Around, build, fields, wrong};
use super::kinds::{named, of};
use super::node;
use crate::form::Fields;
use serde_json::{Value, json};

/// What becomes of a content when somebody changes these fields of its form, and leaves the others as they are shown.
fn changed(content: &Value, changes: &[(&str, &str)]) -> Value {
    let before = node::of(content);
    let kind = of(&before).expect("a form");
    let mut given = fields(kind, &before);
    for (name, typed) in changes {
        match given.0.iter_mut().find(|(known, _)| known == name) {
            Some((_, value)) => (*typed).clone_into(value),
            None => given.0.push(((*name).to_owned(), (*typed).to_owned())),
        }
    }
    assert_eq!(wrong(kind, &given), [], "{given:?}");
    let after = node::written(&build(kind, &given, &Around::default(), Some(&before)));
    serde_json::from_str(&after).expect("JSON")
}

fn has_form(content: &Value) -> bool {
    of(&node::of(content)).is_some()
}

/// The content with these members in place of its own.
fn with(content: &Value, members: &Value) -> Value {
    let mut content = content.clone();
    for (name, value) in members.as_object().expect("members") {
        content.as_object_mut().expect("an object").insert(name.clone(), value.clone());
    }
    content
}

fn given(fields: &[(&str, &str)]) -> Fields {
    Fields(fields.iter().map(|(name, value)| ((*name).to_owned(), (*value).to_owned())).collect())
}

fn glucose(quantity: &Value) -> Value {
    json!({ "resourceType": "Observation", "status": "preliminary",
        "code": { "coding": [{ "system": "http://medis.or.jp/CodeSystem/master-JLAC10-17digits", "code": "3D010000001926101" }] },
        "effectiveDateTime": "2026-11-19T09:30:15+09:00", "valueQuantity": quantity })
}

fn pressure(parts: &[(&str, u32)]) -> Value {
    let part = |(code, value): &(&str, u32)| {
        json!({ "code": { "coding": [{ "system": "http://loinc.org", "code": code }] },
            "valueQuantity": { "value": value, "unit": "mmHg" },
            "interpretation": [{ "coding": [{ "code": "N" }] }] })
    };
    json!({ "resourceType": "Observation", "status": "preliminary",
        "code": { "coding": [{ "system": "http://loinc.org", "code": "85354-9" }] },
        "effectiveDateTime": "2026-11-19T09:30:00+09:00",
        "component": parts.iter().map(part).collect::<Vec<_>>() })
}

#[test]
fn a_result_in_another_unit_or_below_a_bound_has_no_form() {
    let usual =
        json!({ "value": 98, "unit": "mg/dL", "system": "http://unitsofmeasure.org", "code": "mg/dL" });
    assert!(has_form(&glucose(&usual)));
    assert!(has_form(&glucose(&json!({ "value": 98, "unit": "mg/dL" }))));
    for quantity in [
        json!({ "value": 5.4, "unit": "mmol/L", "system": "http://unitsofmeasure.org", "code": "mmol/L" }),
        json!({ "value": 5.4, "unit": "mmol/L" }),
        json!({ "value": 98 }),
        with(&usual, &json!({ "comparator": "<" })),
        json!({ "unit": "mg/dL" }),
    ] {
        assert!(!has_form(&glucose(&quantity)), "{quantity}");
    }
    let result = glucose(&usual);
    for more in [
        json!({ "effectivePeriod": { "start": "2026-11-19" } }),
        json!({ "component": [{ "code": { "text": "x" }, "valueString": "y" }] }),
    ] {
        assert!(!has_form(&with(&result, &more)), "{more}");
    }
}

#[test]
fn a_comment_on_a_result_changes_nothing_else_of_it() {
    let quantity =
        json!({ "value": 98, "unit": "mg/dl", "system": "http://unitsofmeasure.org", "code": "mg/dL" });
    let more = json!({ "interpretation": [{ "coding": [{ "code": "N" }] }] });
    let before = with(&glucose(&quantity), &more);
    let after = changed(&before, &[("note", "食後")]);
    assert_eq!(after, with(&before, &json!({ "note": [{ "text": "食後" }] })));
}

#[test]
fn what_was_said_of_another_value_is_not_said_of_the_new_one() {
    let quantity = json!({ "value": 98, "unit": "mg/dL" });
    let more = json!({ "interpretation": [{ "coding": [{ "code": "N" }] }],
        "referenceRange": [{ "high": { "value": 109 } }],
        "text": { "status": "generated", "div": "<div xmlns=\"http://www.w3.org/1999/xhtml\">98</div>" } });
    let after = changed(&with(&glucose(&quantity), &more), &[("value", "298")]);
    assert_eq!(after.pointer("/valueQuantity/value"), Some(&json!(298)));
    assert_eq!(after.get("interpretation"), None);
    assert_eq!(after.get("text"), None, "it told the old value");
    assert!(after.get("referenceRange").is_some(), "it is the range of the same test");
}

#[test]
fn the_two_numbers_of_a_blood_pressure_keep_their_places_and_their_neighbours() {
    let before = pressure(&[("8462-4", 76), ("8480-6", 128), ("8478-0", 93)]);
    let kind = named("result").expect("a kind");
    let shown = fields(kind, &node::of(&before));
    assert_eq!((shown.get("value"), shown.get("second")), ("128", "76"));
    let after = changed(&before, &[("second", "80")]);
    let value = |place: usize| after.pointer(&format!("/component/{place}/valueQuantity/value"));
    assert_eq!((value(0), value(1), value(2)), (Some(&json!(80)), Some(&json!(128)), Some(&json!(93))));
    assert_eq!(after.pointer("/component/0/interpretation"), None);
    assert!(after.pointer("/component/1/interpretation").is_some());
    assert!(!has_form(&pressure(&[("8480-6", 128)])), "half a pressure");
    assert!(!has_form(&pressure(&[("8480-6", 128), ("8462-4", 76), ("8462-4", 80)])), "which of them?");
}

fn prescription() -> Value {
    json!({ "resourceType": "MedicationRequest", "status": "active", "intent": "order",
        "medicationCodeableConcept": { "text": "アムロジピン錠5mg", "coding": [{ "code": "1" }] },
        "dosageInstruction": [{ "text": "1日1回 朝食後",
            "timing": { "code": { "text": "1日1回 朝食後" }, "repeat": { "boundsDuration": { "value": 28, "unit": "日" } } },
            "route": { "text": "内服" },
            "extension": [{ "url": "http://jpfhir.jp/fhir/core/Extension/StructureDefinition/JP_MedicationDosage_UsageDuration" }],
            "doseAndRate": [{ "doseQuantity": { "value": 1, "unit": "錠", "code": "TAB" },
                "rateRatio": { "numerator": { "value": 1, "unit": "錠" }, "denominator": { "value": 1, "unit": "日", "code": "d" } } }] }],
        "dispenseRequest": { "quantity": { "value": 28, "unit": "錠" },
            "expectedSupplyDuration": { "value": 28, "unit": "日", "system": "http://unitsofmeasure.org", "code": "d" } } })
}

#[test]
fn a_prescription_says_nothing_that_what_was_typed_contradicts() {
    let before = prescription();
    assert_eq!(changed(&before, &[]), before);
    let after = changed(&before, &[("usage", "1日3回 毎食後")]);
    assert_eq!(after.pointer("/dosageInstruction/0/timing"), None);
    assert_eq!(after.pointer("/dispenseRequest/quantity"), None);
    assert!(after.pointer("/dosageInstruction/0/route").is_some());
    let after = changed(&before, &[("days", "14")]);
    assert_eq!(after.pointer("/dosageInstruction/0/timing/repeat/boundsDuration"), None);
    assert_eq!(after.pointer("/dosageInstruction/0/extension"), None);
    assert!(after.pointer("/dosageInstruction/0/timing/code").is_some());
    assert_eq!(after.pointer("/dispenseRequest/quantity"), None);
    let after = changed(&before, &[("dose", "2")]);
    assert_eq!(after.pointer("/dispenseRequest/quantity"), None);
    assert!(after.pointer("/dosageInstruction/0/timing").is_some());
    assert_eq!(after.pointer("/dosageInstruction/0/doseAndRate/0/rateRatio"), None);
}

#[test]
fn a_prescription_of_which_the_form_shows_only_a_part_has_none() {
    let before = prescription();
    assert!(has_form(&before));
    let (one, dose) = (&before["dosageInstruction"][0], "doseAndRate");
    let mut reference = with(&before, &json!({ "medicationReference": { "reference": "#m" } }));
    reference.as_object_mut().expect("an object").remove("medicationCodeableConcept");
    for (why, content) in [
        ("two usages", with(&before, &json!({ "dosageInstruction": [one, one] }))),
        ("a drug that stands elsewhere", reference),
        (
            "a drug without a name",
            with(&before, &json!({ "medicationCodeableConcept": { "coding": [{ "code": "1" }] } })),
        ),
        (
            "a range",
            with(
                &before,
                &json!({ "dosageInstruction": [with(one, &json!({ dose: [{ "doseRange": { "low": { "value": 1 } } }] }))] }),
            ),
        ),
        (
            "a rate",
            with(
                &before,
                &json!({ "dosageInstruction": [with(one, &json!({ dose: [{ "rateQuantity": { "value": 1 } }] }))] }),
            ),
        ),
        (
            "so much a kilogram",
            with(
                &before,
                &json!({ "dosageInstruction": [with(one, &json!({ dose: [{ "rateRatio": { "numerator": { "value": 1 }, "denominator": { "value": 1, "unit": "kg" } } }] }))] }),
            ),
        ),
        (
            "weeks",
            with(
                &before,
                &json!({ "dispenseRequest": { "expectedSupplyDuration": { "value": 4, "unit": "週", "code": "wk" } } }),
            ),
        ),
        (
            "at most so much",
            with(
                &before,
                &json!({ "dosageInstruction": [with(one, &json!({ dose: [{ "doseQuantity": { "value": 1, "unit": "錠", "comparator": "<" } }] }))] }),
            ),
        ),
    ] {
        assert!(!has_form(&content), "{why}");
    }
}

#[test]
fn a_dose_has_a_unit_and_a_unit_a_dose() {
    let kind = named("prescription").expect("a kind");
    let typed = |more: &[(&str, &str)]| {
        let all: Vec<(&str, &str)> = [("drug", "x"), ("usage", "y")].iter().chain(more).copied().collect();
        wrong(kind, &given(&all))
    };
    assert_eq!(typed(&[]), []);
    assert_eq!(typed(&[("dose", "5"), ("unit", "mg")]), []);
    assert_eq!(typed(&[("dose", "5")]), [("unit", "write-wrong-unit")]);
    assert_eq!(typed(&[("unit", "mg")]), [("dose", "write-wrong-dose")]);
}

fn allergy() -> Value {
    json!({ "resourceType": "AllergyIntolerance", "code": { "text": "ペニシリン", "coding": [{ "code": "p" }] },
        "category": ["medication"],
        "reaction": [{ "manifestation": [{ "text": "蕁麻疹", "coding": [{ "code": "u" }] }], "severity": "severe" }] })
}

#[test]
fn an_allergy_of_which_the_form_shows_only_a_part_has_none() {
    let before = allergy();
    assert!(has_form(&before));
    let reaction = &before["reaction"][0];
    for (why, content) in [
        ("two categories", with(&before, &json!({ "category": ["medication", "food"] }))),
        ("two reactions", with(&before, &json!({ "reaction": [reaction, reaction] }))),
        (
            "a sign without a name, whose severity would be lost",
            with(
                &before,
                &json!({ "reaction": [{ "manifestation": [{ "coding": [{ "code": "u" }] }], "severity": "severe" }] }),
            ),
        ),
        (
            "two signs",
            with(&before, &json!({ "reaction": [{ "manifestation": [{ "text": "a" }, { "text": "b" }] }] })),
        ),
        ("a substance without a name", with(&before, &json!({ "code": { "coding": [{ "code": "p" }] } }))),
    ] {
        assert!(!has_form(&content), "{why}");
    }
}

#[test]
fn a_sign_that_was_typed_anew_has_no_code_of_another_and_a_severity_is_one_of_a_sign() {
    let before = allergy();
    assert_eq!(changed(&before, &[]), before);
    let after = changed(&before, &[("reaction", "アナフィラキシー")]);
    assert_eq!(after.pointer("/reaction/0/manifestation/0"), Some(&json!({ "text": "アナフィラキシー" })));
    assert_eq!(after.pointer("/reaction/0/severity"), Some(&json!("severe")));
    let kind = named("allergy").expect("a kind");
    let typed = given(&[("substance", "そば"), ("severity", "severe")]);
    assert_eq!(wrong(kind, &typed), [("reaction", "write-wrong-severity")]);
}

#[test]
fn what_is_over_or_was_called_off_stays_so_when_something_else_is_changed() {
    let flag = json!({ "resourceType": "Flag", "status": "inactive", "category": [{ "text": "感染症" }],
        "code": { "text": "MRSA" } });
    assert_eq!(changed(&flag, &[("about", "MRSA（鼻腔）")])["status"], json!("inactive"));
    assert!(!has_form(&with(&flag, &json!({ "status": "entered-in-error" }))));
    let visit = |status: &str| {
        json!({ "resourceType": "Encounter", "status": status, "class": { "code": "AMB" },
            "period": { "start": "2026-11-19T09:30:00+09:00" } })
    };
    for status in ["planned", "cancelled", "finished", "onleave"] {
        assert_eq!(changed(&visit(status), &[("why", "頭痛")])["status"], json!(status));
    }
    let over = changed(&visit("in-progress"), &[("end", "2026-11-19T10:00")]);
    assert_eq!(over["status"], json!("finished"));
    assert_eq!(changed(&over, &[("end", "")])["status"], json!("in-progress"));
    assert!(!has_form(&visit("entered-in-error")));
}

#[test]
fn a_document_with_two_sections_of_one_kind_has_no_form() {
    let section = |text: &str| {
        json!({ "code": { "coding": [{ "code": "18776-5" }] },
            "text": { "status": "additional", "div": format!("<div xmlns=\"http://www.w3.org/1999/xhtml\">{text}</div>") } })
    };
    let note = |sections: &[Value]| {
        json!({ "resourceType": "Composition", "status": "preliminary", "section": sections,
            "type": { "coding": [{ "code": "11506-3" }] } })
    };
    assert!(has_form(&note(&[section("a")])));
    assert!(!has_form(&note(&[section("a"), section("b")])), "the second would be lost");
}
