//! From what was typed to a resource and back.

use super::kinds::{Input, Kind, LOINC, PRESSURE, Slot, item};
use super::node::{self, said, set, text};
use super::{further, measured, treatment};
use crate::form::Fields;
use crate::patients::date;
use crate::words::Words;
use base::Language;
use fhir::Node;
use serde_json::json;

/// Whose record it is and who writes it.
#[derive(Clone, Debug, Default)]
pub(super) struct Around {
    pub(super) patient: String,
    /// The visit in which it is written; none where it belongs to none.
    pub(super) encounter: String,
    /// The `Practitioner` who answers for it.
    pub(super) author: Option<String>,
    /// How the author is called where they have no such record.
    pub(super) name: String,
    /// Now, as FHIR writes moments in Japan.
    pub(super) now: String,
}

/// What is wrong with a field before anything is sent: its name and the key of a text.
pub(super) type Wrong = (&'static str, &'static str);

/// Content of documents is in the language of the facility.
pub(super) const TITLES: Words = Words(Language::Japanese);

/// Looks at the fields by themselves.
pub(super) fn wrong(kind: &Kind, given: &Fields) -> Vec<Wrong> {
    let mut all: Vec<Wrong> = kind.slots.iter().filter_map(|slot| of_slot(slot, given)).collect();
    if kind.document.is_some() && kind.slots.iter().all(|slot| given.get(slot.name).is_empty()) {
        all.extend(kind.slots.first().map(|slot| (slot.name, "write-wrong-empty")));
    }
    let pressure = given.get("item") == PRESSURE;
    if kind.name == "result" && pressure == given.get("second").is_empty() {
        all.push(("second", if pressure { "write-wrong-second" } else { "write-wrong-no-second" }));
    }
    let known = |name: &str| all.iter().any(|(wrong, _)| *wrong == name);
    let together = further::wrong(kind, given).into_iter().chain(treatment::wrong(kind, given));
    let further: Vec<Wrong> = together.filter(|(name, _)| !known(name)).collect();
    all.extend(further);
    all
}

/// How far ahead of the server's clock what was measured may be, in seconds: clocks beside a bed differ.
const AHEAD_SECONDS: i64 = 600;

/// A result of which the moment has not come: it would stand as the newest one until then.
pub(super) fn not_yet(kind: &Kind, given: &Fields, now: base::Time) -> Option<Wrong> {
    let measured = moment(given.get("moment")).and_then(|text| base::Time::parse(&text));
    let ahead = measured.is_some_and(|measured| measured > now.plus_seconds(AHEAD_SECONDS));
    (kind.name == "result" && ahead).then_some(("moment", "write-wrong-not-yet"))
}

fn of_slot(slot: &Slot, given: &Fields) -> Option<Wrong> {
    let value = given.get(slot.name);
    let key = match slot.input {
        // What was uploaded is looked at by itself.
        Input::File => return None,
        _ if value.is_empty() => return slot.required.then_some((slot.name, "write-wrong-missing")),
        Input::Number if !is_decimal(value) => "write-wrong-number",
        Input::Moment if moment(value).is_none() => "write-wrong-moment",
        Input::Date if date(value).is_none() => "write-wrong-date",
        Input::Choice(_, codes) if !codes.contains(&value) => "write-wrong-choice",
        _ => return None,
    };
    Some((slot.name, key))
}

/// A decimal as FHIR writes it, without exponent: at most 15 digits.
fn is_decimal(value: &str) -> bool {
    let (whole, part) = value.split_once('.').unwrap_or((value, "0"));
    let digits = |text: &str| !text.is_empty() && text.chars().all(|one| one.is_ascii_digit());
    let leading = whole.len() > 1 && whole.starts_with('0');
    digits(whole) && digits(part) && !leading && value.len() <= 16
}

/// A moment as browsers send it (`2026-11-23T09:30`), as FHIR writes it.
pub(super) fn moment(value: &str) -> Option<String> {
    let whole = if value.len() == 16 { format!("{value}:00+09:00") } else { format!("{value}+09:00") };
    base::Time::parse(&whole).map(|_| whole)
}

/// The resource that the fields say, on top of what stands already; none where there is nothing yet.
pub(super) fn build(kind: &Kind, given: &Fields, around: &Around, before: Option<&Node>) -> Node {
    let mut content = before.cloned().unwrap_or_else(|| begun(kind, around));
    match kind.name {
        "result" => measured::build(&mut content, given),
        "prescription" => treatment::prescription(&mut content, given),
        "allergy" => treatment::allergy(&mut content, given),
        "problem" | "alert" | "document" | "visit" => {
            further::build(kind, &mut content, given, around.now.get(..10).unwrap_or_default());
        }
        _ => sections(&mut content, kind, given),
    }
    let comment = (!given.get("note").is_empty()).then(|| text(given.get("note")));
    if kind.slots.iter().any(|slot| slot.name == "note") {
        set(&mut content, &["note[]", "text"], comment);
    }
    if before.is_some_and(|before| *before != content) {
        leave_out_narrative(&mut content);
    }
    content
}

/// A narrative that was made of the elements (R4, `Narrative.status`) tells what they said before.
fn leave_out_narrative(content: &mut Node) {
    if ["generated", "extensions"].contains(&said(content, &["text", "status"]).as_str()) {
        node::put(content, "text", None);
    }
}

/// What a new record of a kind holds beside its fields.
fn begun(kind: &Kind, around: &Around) -> Node {
    let author = match &around.author {
        Some(id) => json!({ "reference": format!("Practitioner/{id}") }),
        None => json!({ "display": around.name }),
    };
    let patient = json!({ "reference": format!("Patient/{}", around.patient) });
    let mut content = match kind.name {
        "result" => json!({ "resourceType": kind.of, "status": "preliminary", "subject": patient,
            "performer": [author] }),
        "prescription" => json!({ "resourceType": kind.of, "status": "active", "intent": "order",
            "subject": patient, "authoredOn": around.now, "requester": author }),
        "allergy" => json!({ "resourceType": kind.of,
            "clinicalStatus": { "coding": [{ "code": "active",
                "system": "http://terminology.hl7.org/CodeSystem/allergyintolerance-clinical" }] },
            "verificationStatus": { "coding": [{ "code": "confirmed",
                "system": "http://terminology.hl7.org/CodeSystem/allergyintolerance-verification" }] },
            "patient": patient, "recordedDate": around.now, "recorder": author }),
        "problem" | "alert" | "document" | "visit" => further::begun(kind, around, &author),
        _ => json!({ "resourceType": kind.of, "status": "preliminary",
            "type": { "coding": [{ "system": LOINC, "code": kind.document }], "text": TITLES.say(kind.key) },
            "subject": patient, "date": around.now, "author": [author], "title": TITLES.say(kind.key) }),
    };
    let encounter = json!({ "reference": format!("Encounter/{}", around.encounter) });
    if let Some(members) = content.as_object_mut().filter(|_| !around.encounter.is_empty()) {
        match kind.of {
            "DocumentReference" => members.insert("context".to_owned(), json!({ "encounter": [encounter] })),
            "Encounter" => None,
            _ => members.insert("encounter".to_owned(), encounter),
        };
    }
    node::of(&content)
}

/// The sections of a document: those of the form in its order, others after them as they were.
fn sections(content: &mut Node, kind: &Kind, given: &Fields) {
    let old = content.get("section").and_then(Node::as_array).unwrap_or_default().to_vec();
    let of = |code: &str| old.iter().find(|section| said(section, &["code", "coding", "code"]) == code);
    let mut all = Vec::new();
    for slot in kind.slots {
        let typed = given.get(slot.name);
        if typed.is_empty() {
            continue;
        }
        let fresh = || {
            node::of(&json!({ "title": TITLES.say(slot.key),
            "code": { "coding": [{ "system": LOINC, "code": slot.place }] } }))
        };
        let mut section = of(slot.place).cloned().unwrap_or_else(fresh);
        node::put(&mut section, "text", Some(node::narrative(typed)));
        all.push(section);
    }
    let known = |section: &&Node| {
        kind.slots.iter().any(|slot| slot.place == said(section, &["code", "coding", "code"]))
    };
    all.extend(old.iter().filter(|section| !known(section)).cloned());
    node::put(content, "section", Some(Node::Array(all)));
}

/// The fields of a new record: it happens now, and is certain.
pub(super) fn at_first(kind: &Kind, now: &str) -> Fields {
    let now = local(now);
    let today = now.get(..10).unwrap_or_default().to_owned();
    let filled = kind.slots.iter().filter_map(|slot| {
        let value = match (kind.name, slot.name) {
            _ if slot.input == Input::Moment && slot.required => now.clone(),
            ("alert", "begin") => today.clone(),
            ("problem", "verified") => "confirmed".to_owned(),
            ("problem", "clinical") => "active".to_owned(),
            ("visit", "class") => "AMB".to_owned(),
            _ => return None,
        };
        Some((slot.name.to_owned(), value))
    });
    Fields(filled.collect())
}

/// The fields as a content fills them.
pub(super) fn fields(kind: &Kind, content: &Node) -> Fields {
    let filled = kind.slots.iter().map(|slot| (slot.name.to_owned(), value(kind, slot, content)));
    Fields(filled.collect())
}

fn value(kind: &Kind, slot: &Slot, content: &Node) -> String {
    if kind.document.is_some() {
        let sections = content.get("section").and_then(Node::as_array).unwrap_or_default();
        let section = sections.iter().find(|one| said(one, &["code", "coding", "code"]) == slot.place);
        let div = section.map(|section| said(section, &["text", "div"]));
        return div.and_then(|div| node::plain(&div)).unwrap_or_default();
    }
    if let "problem" | "alert" | "document" | "visit" = kind.name {
        return further::value(kind, slot, content);
    }
    match slot.name {
        "item" => item(content).map_or("", |item| item.name).to_owned(),
        "value" | "second" => measured::number(content, slot.name),
        "moment" => local(&said(content, &["effectiveDateTime"])),
        "drug" => said(content, &["medicationCodeableConcept", "text"]),
        "usage" => said(content, &["dosageInstruction", "text"]),
        "dose" => said(content, &["dosageInstruction", "doseAndRate", "doseQuantity", "value"]),
        "unit" => said(content, &["dosageInstruction", "doseAndRate", "doseQuantity", "unit"]),
        "days" => said(content, &["dispenseRequest", "expectedSupplyDuration", "value"]),
        "substance" => said(content, &["code", "text"]),
        "category" => said(content, &["category"]),
        "reaction" => said(content, &["reaction", "manifestation", "text"]),
        "severity" => said(content, &["reaction", "severity"]),
        "note" => said(content, &["note", "text"]),
        name => said(content, &[name]),
    }
}

/// A moment of FHIR as browsers take it, in the time of Japan.
pub(super) fn local(moment: &str) -> String {
    let there = base::Time::parse(moment).map(base::Time::in_japan).unwrap_or_default();
    there.get(..16).unwrap_or_default().replace(' ', "T")
}

/// The field that a place in the resource belongs to, such as `Composition.section[0].text`.
pub(super) fn field_of(kind: &Kind, content: &Node, place: &str) -> Option<&'static str> {
    let inner = place.strip_prefix(kind.of)?.strip_prefix('.')?;
    if kind.document.is_some() {
        let number: usize = inner.strip_prefix("section[")?.split(']').next()?.parse().ok()?;
        let section = content.get("section").and_then(Node::as_array)?.get(number)?;
        let code = said(section, &["code", "coding", "code"]);
        return kind.slots.iter().find(|slot| slot.place == code).map(|slot| slot.name);
    }
    let mut plain = String::new();
    let mut within = false;
    for one in inner.chars() {
        within = one == '[' || (within && one != ']');
        if !within && one != ']' {
            plain.push(one);
        }
    }
    let fits = |slot: &&Slot| plain == slot.place || plain.starts_with(&format!("{}.", slot.place));
    kind.slots.iter().filter(fits).max_by_key(|slot| slot.place.len()).map(|slot| slot.name)
}

#[cfg(test)]
mod tests {
    use super::super::kinds::{KINDS, named, of};
    use super::*;

    fn given(fields: &[(&str, &str)]) -> Fields {
        Fields(fields.iter().map(|(name, value)| ((*name).to_owned(), (*value).to_owned())).collect())
    }

    fn example(name: &str) -> Fields {
        match name {
            "result" => given(&[("item", "hba1c"), ("value", "7.10"), ("moment", "2026-11-20T09:30")]),
            "prescription" => given(&[
                ("drug", "アムロジピン"),
                ("usage", "朝食後"),
                ("dose", "1.50"),
                ("unit", "錠"),
                ("days", "28"),
            ]),
            "allergy" => given(&[
                ("substance", "そば"),
                ("category", "food"),
                ("reaction", "<蕁麻疹>"),
                ("severity", "severe"),
            ]),
            "problem" => given(&[
                ("name", "肺炎"),
                ("icd", "J18.9"),
                ("medis", "K9SR"),
                ("verified", "confirmed"),
                ("clinical", "resolved"),
                ("onset", "2026-10"),
                ("end", "2026-11-02"),
                ("note", "<外来>"),
            ]),
            "alert" => given(&[("category", "infection"), ("about", "MRSA"), ("begin", "2026-11-02")]),
            "document" => given(&[
                ("about", "紹介状 <A 病院>"),
                ("sort", "referral"),
                ("made", "2026-11-01"),
                ("from", "A 病院"),
            ]),
            "visit" => given(&[("class", "AMB"), ("begin", "2026-11-20T09:30"), ("why", "頭痛")]),
            name => given(&[(named(name).unwrap().slots[0].name, "一行目\n<b>&二行目")]),
        }
    }

    fn around() -> Around {
        Around {
            patient: "p".into(),
            encounter: "e".into(),
            author: Some("d".into()),
            name: "x".into(),
            now: "2026-11-20T09:00:00+09:00".into(),
        }
    }

    #[test]
    fn what_every_form_writes_is_good_fhir_and_comes_back_as_it_was_typed() {
        for kind in &KINDS {
            let typed = example(kind.name);
            assert_eq!(wrong(kind, &typed), [], "{}", kind.name);
            let content = build(kind, &typed, &around(), None);
            let problems = fhir::check(content.clone()).err();
            assert!(problems.is_none(), "{}: {problems:?} {}", kind.name, node::written(&content));
            assert_eq!(of(&content).map(|kind| kind.name), Some(kind.name));
            let back = fields(kind, &content);
            for slot in kind.slots {
                assert_eq!(back.get(slot.name), typed.get(slot.name), "{} {}", kind.name, slot.name);
            }
            assert_eq!(
                build(kind, &back, &around(), Some(&content)),
                content,
                "{}: nothing changes by itself",
                kind.name
            );
        }
    }

    #[test]
    fn decimals_stay_as_they_were_typed() {
        let content = build(named("result").unwrap(), &example("result"), &around(), None);
        assert!(node::written(&content).contains("\"value\":7.10"));
    }

    #[test]
    fn both_numbers_of_a_blood_pressure_are_asked_for_and_kept() {
        let kind = named("result").unwrap();
        let mut typed = given(&[("item", PRESSURE), ("value", "128"), ("moment", "2026-11-20T09:30")]);
        assert_eq!(wrong(kind, &typed), [("second", "write-wrong-second")]);
        typed.0.push(("second".to_owned(), "76".to_owned()));
        let content = build(kind, &typed, &around(), None);
        assert!(fhir::check(content.clone()).is_ok());
        let back = fields(kind, &content);
        assert_eq!((back.get("value"), back.get("second")), ("128", "76"));
    }

    #[test]
    fn what_is_no_number_no_moment_and_no_choice_is_said_beside_its_field() {
        let typed = given(&[("item", "magic"), ("value", "1e5\"}"), ("moment", "yesterday"), ("second", "")]);
        let found = wrong(named("result").unwrap(), &typed);
        assert_eq!(
            found,
            [
                ("item", "write-wrong-choice"),
                ("value", "write-wrong-number"),
                ("moment", "write-wrong-moment")
            ]
        );
        for bad in ["", ".5", "5.", "-1", "01", "1,5", "１"] {
            assert!(!is_decimal(bad), "{bad}");
        }
        assert!(is_decimal("0.50") && is_decimal("120"));
    }

    #[test]
    fn a_place_in_the_resource_leads_to_the_field_that_fills_it() {
        let kind = named("note").unwrap();
        let content = build(kind, &given(&[("o", "x"), ("p", "y")]), &around(), None);
        assert_eq!(field_of(kind, &content, "Composition.section[1].text.div"), Some("p"));
        assert_eq!(field_of(kind, &content, "Composition.author[0]"), None);
        let kind = named("prescription").unwrap();
        let at = "MedicationRequest.dosageInstruction[0].doseAndRate[0].doseQuantity.unit";
        assert_eq!(field_of(kind, &content, at), Some("unit"));
        assert_eq!(
            field_of(kind, &content, "MedicationRequest.dosageInstruction[0].doseAndRate[0]"),
            Some("dose")
        );
    }

    #[test]
    fn sections_that_the_form_does_not_know_stay() {
        let kind = named("note").unwrap();
        let mut content = build(kind, &given(&[("s", "x")]), &around(), None);
        let other = node::of(
            &json!({ "title": "看護", "text": { "status": "additional", "div": "<div xmlns=\"http://www.w3.org/1999/xhtml\">z</div>" } }),
        );
        let Some(Node::Array(mut all)) = content.get("section").cloned() else { panic!("sections") };
        all.push(other.clone());
        node::put(&mut content, "section", Some(Node::Array(all)));
        let after = build(kind, &given(&[("s", "new"), ("a", "y")]), &around(), Some(&content));
        assert_eq!(after.get("section").and_then(Node::as_array).and_then(<[Node]>::last), Some(&other));
    }
}
