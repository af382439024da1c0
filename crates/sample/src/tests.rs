//! What must hold for every clinic, whatever its seed.

use crate::{Clinic, Date};
use serde_json::Value;
use std::collections::{BTreeMap, BTreeSet};

/// Enough for every rule to be met; each test makes its own.
const PATIENTS: u32 = 60;

fn today() -> Date {
    Date::new(2026, 4, 1).unwrap()
}

fn clinic() -> Clinic {
    Clinic::new(42, today())
}

fn resources(bundle: &str) -> Vec<Value> {
    let bundle: Value = serde_json::from_str(bundle).unwrap();
    bundle["entry"].as_array().unwrap().iter().map(|entry| entry["resource"].clone()).collect()
}

fn charts() -> impl Iterator<Item = Vec<Value>> {
    clinic().patients(PATIENTS).map(|bundle| resources(&bundle))
}

fn key(resource: &Value) -> String {
    format!("{}/{}", resource["resourceType"].as_str().unwrap(), resource["id"].as_str().unwrap())
}

/// Calls `see` with every member name and value, however deep.
fn walk(value: &Value, see: &mut dyn FnMut(&str, &Value)) {
    match value {
        Value::Object(members) => {
            for (name, member) in members {
                see(name, member);
                walk(member, see);
            }
        }
        Value::Array(items) => items.iter().for_each(|item| walk(item, see)),
        _ => {}
    }
}

fn texts(value: &Value, wanted: &str) -> Vec<String> {
    let mut found = Vec::new();
    walk(value, &mut |name, member| {
        if name == wanted {
            found.extend(member.as_str().map(str::to_owned));
        }
    });
    found
}

fn patient(chart: &[Value]) -> &Value {
    chart.iter().find(|resource| resource["resourceType"] == "Patient").unwrap()
}

fn of_kind<'a>(chart: &'a [Value], kind: &'a str) -> impl Iterator<Item = &'a Value> {
    chart.iter().filter(move |resource| resource["resourceType"] == kind)
}

/// Age in years at a FHIR date.
fn age(chart: &[Value], date: &str) -> i32 {
    let parts = |text: &str| {
        let year: i32 = text.get(..4).unwrap().parse().unwrap();
        (year, text.get(5..10).unwrap().to_owned())
    };
    let (birth_year, birthday) = parts(patient(chart)["birthDate"].as_str().unwrap());
    let (year, day) = parts(date);
    year - birth_year - i32::from(day < birthday)
}

#[test]
fn the_same_seed_and_day_give_the_same_bytes() {
    let other_day = Clinic::new(42, Date::new(2026, 5, 1).unwrap());
    for index in [0, 1, 77, u32::MAX] {
        assert_eq!(clinic().patient(index), clinic().patient(index));
        assert_ne!(clinic().patient(index), Clinic::new(43, today()).patient(index));
        assert_ne!(clinic().patient(index), other_day.patient(index));
    }
    assert_eq!(clinic().shared(), clinic().shared());
}

#[test]
fn a_patient_is_the_same_however_many_others_are_made() {
    let few: Vec<String> = clinic().patients(3).collect();
    let many: Vec<String> = clinic().patients(20).collect();
    assert_eq!(few[..], many[..3]);
    assert_eq!(many[17], clinic().patient(17));
}

#[test]
fn every_entry_is_put_at_its_own_well_formed_id() {
    let mut seen = BTreeSet::new();
    for text in std::iter::once(clinic().shared()).chain(clinic().patients(PATIENTS)) {
        let bundle: Value = serde_json::from_str(&text).unwrap();
        assert_eq!((&bundle["resourceType"], &bundle["type"]), (&"Bundle".into(), &"transaction".into()));
        for entry in bundle["entry"].as_array().unwrap() {
            let key = key(&entry["resource"]);
            assert!(base::RecordKey::parse(&key).is_some(), "{key}");
            assert_eq!(entry["request"]["method"], "PUT");
            assert_eq!(entry["request"]["url"], key);
            assert_eq!(entry["fullUrl"], format!("https://clinic.example/fhir/{key}"));
            assert!(seen.insert(key.clone()), "{key} twice");
        }
    }
}

#[test]
fn every_reference_leads_to_a_resource_of_the_bundle_or_the_clinic() {
    let shared = resources(&clinic().shared());
    let known: BTreeSet<String> = shared.iter().map(key).collect();
    for chart in std::iter::once(shared).chain(charts()) {
        let own: BTreeSet<String> = chart.iter().map(key).collect();
        for reference in chart.iter().flat_map(|resource| texts(resource, "reference")) {
            assert!(own.contains(&reference) || known.contains(&reference), "{reference}");
        }
    }
}

#[test]
fn everything_in_a_chart_is_about_its_patient() {
    for chart in charts() {
        let id = patient(&chart)["id"].as_str().unwrap();
        let whole = format!("Patient/{id}");
        for resource in chart.iter().filter(|resource| resource["resourceType"] != "Patient") {
            assert!(resource["id"].as_str().unwrap().starts_with(&format!("{id}-")));
            let about = ["subject", "patient", "beneficiary"].map(|name| &resource[name]["reference"]);
            assert!(about.iter().any(|reference| **reference == whole.as_str()), "{}", key(resource));
        }
    }
}

#[test]
fn nothing_is_dated_after_today_or_before_birth() {
    let today = today().to_string();
    for chart in charts() {
        let birth = patient(&chart)["birthDate"].as_str().unwrap().to_owned();
        let mut dates = 0;
        for resource in &chart {
            walk(resource, &mut |name, value| {
                let Some(text) = value.as_str().filter(|text| text.len() >= 10) else { return };
                let date: String = text.chars().take(10).collect();
                if text.starts_with(|first| ('1'..='2').contains(&first))
                    && date.as_bytes().get(4) == Some(&b'-')
                {
                    dates += 1;
                    assert!(date <= today && date >= birth, "{}.{name}: {text}, born {birth}", key(resource));
                }
            });
        }
        assert!(dates > 50);
    }
}

#[test]
fn what_belongs_to_a_visit_is_dated_within_it() {
    for chart in charts() {
        let periods: BTreeMap<String, (String, String)> = of_kind(&chart, "Encounter")
            .map(|encounter| {
                let bound = |name: &str| encounter["period"][name].as_str().unwrap().to_owned();
                (key(encounter), (bound("start"), bound("end")))
            })
            .collect();
        for resource in &chart {
            let Some((start, end)) = resource["encounter"]["reference"].as_str().map(|key| &periods[key])
            else {
                continue;
            };
            let names =
                ["effectiveDateTime", "issued", "authoredOn", "occurrenceDateTime", "performedDateTime"];
            for time in names.iter().filter_map(|name| resource[name].as_str()) {
                assert!((start.as_str()..=end).contains(&time), "{}: {time}", key(resource));
            }
            if let Some(day) = resource["recordedDate"].as_str() {
                assert!(start.starts_with(day), "{}: {day}", key(resource));
            }
        }
    }
}

#[test]
fn no_member_stands_twice() {
    for text in std::iter::once(clinic().shared()).chain(clinic().patients(PATIENTS)) {
        let mut members = 0;
        walk(&serde_json::from_str(&text).unwrap(), &mut |_, _| members += 1);
        // The end of a member name is the only quotation mark before a colon; inside a text it would be escaped.
        let written = text
            .match_indices("\":")
            .filter(|(place, _)| !text.get(..*place).unwrap().ends_with('\\'))
            .count();
        assert_eq!(written, members);
    }
}

#[test]
fn every_resource_names_a_profile_of_jp_core() {
    for resource in charts().flatten().chain(resources(&clinic().shared())) {
        let profile = resource["meta"]["profile"][0].as_str().unwrap();
        assert!(profile.starts_with("http://jpfhir.jp/fhir/core/StructureDefinition/JP_"), "{profile}");
    }
}

#[test]
fn nothing_is_empty() {
    for resource in charts().flatten().chain(resources(&clinic().shared())) {
        walk(&resource, &mut |name, value| {
            let empty = match value {
                Value::Null => true,
                Value::String(text) => text.trim().is_empty(),
                Value::Array(items) => items.is_empty(),
                Value::Object(members) => members.is_empty(),
                _ => false,
            };
            assert!(!empty, "{}: {name}", key(&resource));
        });
    }
}

#[test]
fn a_chart_has_some_seventy_resources_of_real_size() {
    let bundles: Vec<String> = clinic().patients(PATIENTS).collect();
    let counts: Vec<usize> = bundles.iter().map(|bundle| resources(bundle).len()).collect();
    let mean = counts.iter().sum::<usize>() / counts.len();
    assert!((62..=85).contains(&mean), "mean {mean}");
    assert!(counts.iter().all(|count| (30..=125).contains(count)), "{counts:?}");
    let bytes = bundles.iter().map(String::len).sum::<usize>() / counts.iter().sum::<usize>();
    assert!((500..2_000).contains(&bytes), "{bytes} bytes");
}

#[test]
fn every_kind_of_resource_occurs() {
    let kinds: BTreeSet<String> = charts()
        .flatten()
        .chain(resources(&clinic().shared()))
        .map(|resource| resource["resourceType"].as_str().unwrap().to_owned())
        .collect();
    let expected = [
        "AllergyIntolerance",
        "Condition",
        "Coverage",
        "DiagnosticReport",
        "DocumentReference",
        "Encounter",
        "Immunization",
        "Location",
        "MedicationRequest",
        "Observation",
        "Organization",
        "Patient",
        "Practitioner",
        "PractitionerRole",
        "Procedure",
        "Specimen",
    ];
    assert_eq!(kinds.iter().collect::<Vec<_>>(), expected.iter().collect::<Vec<_>>());
}

#[test]
fn children_take_neither_tablets_nor_capsules() {
    let (mut children, mut adults) = (0, 0);
    for chart in charts() {
        for request in of_kind(&chart, "MedicationRequest") {
            let unit = request["dispenseRequest"]["quantity"]["code"].as_str().unwrap();
            let tablet = matches!(unit, "TAB" | "CAP");
            if age(&chart, request["authoredOn"].as_str().unwrap()) < 15 {
                children += 1;
                assert!(!tablet, "{}", request["medicationCodeableConcept"]["text"]);
            } else {
                adults += usize::from(tablet);
            }
        }
    }
    assert!(children > 20 && adults > 200);
}

#[test]
fn illnesses_of_one_sex_stay_with_it() {
    for chart in charts() {
        let gender = patient(&chart)["gender"].as_str().unwrap();
        for code in of_kind(&chart, "Condition").flat_map(|condition| texts(condition, "code")) {
            let only = match code.as_str() {
                "N40" => "male",
                "N300" | "N946" => "female",
                _ => gender,
            };
            assert_eq!(only, gender, "{code}");
        }
    }
}

#[test]
fn numbers_people_are_called_by_can_not_be_dialled() {
    for resource in charts().flatten().chain(resources(&clinic().shared())) {
        for telecom in resource["telecom"].as_array().into_iter().flatten() {
            let number = telecom["value"].as_str().unwrap();
            assert!(number.starts_with("03-0") || number.starts_with("090-0"), "{number}");
        }
    }
}

#[test]
fn a_name_stands_in_characters_and_in_katakana() {
    let katakana = |text: &str| text.chars().all(|letter| ('ァ'..='ー').contains(&letter) || letter == ' ');
    for chart in charts() {
        let names = patient(&chart)["name"].as_array().unwrap();
        let kinds: Vec<&str> =
            names.iter().map(|name| name["extension"][0]["valueCode"].as_str().unwrap()).collect();
        assert_eq!(kinds, ["IDE", "SYL"]);
        assert!(
            katakana(names[1]["text"].as_str().unwrap()) && !katakana(names[0]["text"].as_str().unwrap())
        );
    }
}

#[test]
fn every_resource_is_valid_fhir() {
    for text in std::iter::once(clinic().shared()).chain(clinic().patients(PATIENTS)) {
        let bundle = fhir::json::parse(text.as_bytes()).unwrap();
        for entry in bundle.get("entry").and_then(fhir::json::Node::as_array).unwrap() {
            let resource = entry.get("resource").unwrap();
            if let Err(problems) = fhir::check(resource.clone()) {
                let told: Vec<String> = problems
                    .iter()
                    .map(|problem| format!("{:?} {}", problem.place(), problem.text(base::Language::English)))
                    .collect();
                panic!("{:?}: {told:?}", resource.get("id"));
            }
        }
        assert!(fhir::bundle::read(bundle).is_ok());
    }
}
