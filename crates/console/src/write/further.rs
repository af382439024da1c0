//! Diagnoses, alerts, documents that were made elsewhere, and visits: from what was typed to a resource and back.

use super::content::{Around, TITLES, Wrong, local, moment};
use super::kinds::{ALERTS, DOCUMENT_CODES, Kind, LOINC, Slot};
use super::node::{self, at, object, said, set, text};
use crate::form::Fields;
use crate::patients::date;
use fhir::Node;
use serde_json::{Value, json};

/// ICD-10 as Japan uses it (JP Core, `JP_ConditionDiseaseCodeICD10_CS`).
const ICD: &str = "http://jpfhir.jp/fhir/core/mhlw/CodeSystem/ICD10-2013-full";
/// The codes by which hospitals exchange names of diseases (MEDIS, 病名交換用コード).
const MEDIS: &str = "http://medis.or.jp/CodeSystem/master-disease-exCode";
const CLINICAL: &str = "http://terminology.hl7.org/CodeSystem/condition-clinical";
const VERIFIED: &str = "http://terminology.hl7.org/CodeSystem/condition-ver-status";
const FLAGS: &str = "http://terminology.hl7.org/CodeSystem/flag-category";
const CLASSES: &str = "http://terminology.hl7.org/CodeSystem/v3-ActCode";

/// What is wrong with fields together.
pub(super) fn wrong(kind: &Kind, given: &Fields) -> Vec<Wrong> {
    let mut all = Vec::new();
    let dates = |name: &str| date(given.get(name)).unwrap_or_default();
    // A month is not before a day within it.
    let before = |one: &str, other: &str| {
        let length = one.len().min(other.len());
        length > 0 && one.get(..length) < other.get(..length)
    };
    match kind.name {
        "problem" => {
            if !given.get("icd").is_empty() && !is_icd(given.get("icd")) {
                all.push(("icd", "write-wrong-icd"));
            }
            if !given.get("medis").is_empty() && !is_medis(given.get("medis")) {
                all.push(("medis", "write-wrong-medis"));
            }
            // R4, Condition, invariant con-4.
            if !given.get("end").is_empty() && ["active", "recurrence"].contains(&given.get("clinical")) {
                all.push(("clinical", "write-wrong-clinical"));
            }
            if before(&dates("end"), &dates("onset")) {
                all.push(("end", "write-wrong-order"));
            }
        }
        "alert" if before(&dates("end"), &dates("begin")) => all.push(("end", "write-wrong-order")),
        "visit" if !given.get("end").is_empty() && given.get("end") < given.get("begin") => {
            all.push(("end", "write-wrong-order"));
        }
        _ => {}
    }
    all
}

/// A letter, two digits and up to two more after a dot.
fn is_icd(code: &str) -> bool {
    let (whole, part) = code.split_once('.').unwrap_or((code, "0"));
    let digits = |text: &str| text.chars().all(|one| one.is_ascii_digit());
    let mut rest = whole.chars();
    rest.next().is_some_and(|one| one.is_ascii_uppercase())
        && whole.len() == 3
        && digits(rest.as_str())
        && (1..=2).contains(&part.len())
        && digits(part)
}

fn is_medis(code: &str) -> bool {
    code.len() == 4 && code.chars().all(|one| one.is_ascii_digit() || one.is_ascii_uppercase())
}

/// What a new record holds beside its fields.
pub(super) fn begun(kind: &Kind, around: &Around, author: &Value) -> Value {
    let patient = json!({ "reference": format!("Patient/{}", around.patient) });
    match kind.name {
        "problem" => {
            json!({ "resourceType": kind.of, "subject": patient, "recordedDate": around.now, "recorder": author })
        }
        "alert" => {
            json!({ "resourceType": kind.of, "status": "active", "subject": patient, "author": author })
        }
        "document" => json!({ "resourceType": kind.of, "status": "current", "docStatus": "preliminary",
            "subject": patient, "date": around.now, "content": [{ "attachment": {} }] }),
        _ => json!({ "resourceType": kind.of, "status": "in-progress", "subject": patient,
            "participant": [{ "individual": author }] }),
    }
}

/// Fills the fields in.
pub(super) fn build(kind: &Kind, content: &mut Node, given: &Fields, today: &str) {
    match kind.name {
        "problem" => problem(content, given),
        "alert" => alert(content, given, today),
        "document" => document(content, given),
        _ => visit(content, given),
    }
}

fn problem(content: &mut Node, given: &Fields) {
    let old = |system: &str| coding(content, system).map(|one| said(one, &["code"])).unwrap_or_default();
    let changed = said(content, &["code", "text"]) != given.get("name")
        || [(ICD, "icd"), (MEDIS, "medis")].iter().any(|(system, name)| old(system) != given.get(name));
    if changed {
        // Another disease is not what other codes say any more.
        let codings =
            [(MEDIS, "medis"), (ICD, "icd")].into_iter().filter(|(_, name)| !given.get(name).is_empty());
        let codings: Vec<Node> = codings
            .map(|(system, name)| object(vec![("system", text(system)), ("code", text(given.get(name)))]))
            .collect();
        let mut code = object(vec![("text", text(given.get("name")))]);
        node::put(&mut code, "coding", (!codings.is_empty()).then_some(Node::Array(codings)));
        node::put(content, "code", Some(code));
    }
    choose(content, "clinicalStatus", (CLINICAL, "write-clinical"), given.get("clinical"));
    choose(content, "verificationStatus", (VERIFIED, "write-verified"), given.get("verified"));
    set_date(content, &["onsetDateTime"], given.get("onset"));
    set_date(content, &["abatementDateTime"], given.get("end"));
}

/// The coding of a system.
fn coding<'n>(content: &'n Node, system: &str) -> Option<&'n Node> {
    let all = content.get("code")?.get("coding")?.as_array()?;
    all.iter().find(|one| said(one, &["system"]) == system)
}

fn choose(content: &mut Node, member: &str, (system, key): (&str, &str), code: &str) {
    if said(content, &[member, "coding", "code"]) != code {
        let name = TITLES.say(&format!("{key}-{code}"));
        let concept = json!({ "coding": [{ "system": system, "code": code }], "text": name });
        node::put(content, member, Some(node::of(&concept)));
    }
}

/// Puts a date as it was typed; one that says the same as before stays as it was written.
fn set_date(content: &mut Node, path: &[&str], typed: &str) {
    let plain: Vec<&str> = path.iter().map(|name| name.trim_end_matches("[]")).collect();
    if day(&said(content, &plain)) != typed {
        set(content, path, date(typed).map(|date| text(&date)));
    }
}

/// A date of FHIR as the form shows it, without its time.
fn day(written: &str) -> String {
    if written.len() > 10 {
        local(written).get(..10).unwrap_or_default().to_owned()
    } else {
        written.to_owned()
    }
}

fn alert(content: &mut Node, given: &Fields, today: &str) {
    let sort = given.get("category");
    if alert_of(content) != sort {
        let coded = if sort == "infection" { "clinical" } else { "safety" };
        let concept = json!([{ "coding": [{ "system": FLAGS, "code": coded }],
            "text": TITLES.say(&format!("write-alert-{sort}")) }]);
        node::put(content, "category", Some(node::of(&concept)));
    }
    if said(content, &["code", "text"]) != given.get("about") {
        node::put(content, "code", Some(object(vec![("text", text(given.get("about")))])));
    }
    set_date(content, &["period", "start"], given.get("begin"));
    let ended = day(&said(content, &["period", "end"])) != given.get("end");
    set_date(content, &["period", "end"], given.get("end"));
    // Up to its last day it holds; of a month or a year to the end of it.
    let end = date(given.get("end")).unwrap_or_default();
    let over = !end.is_empty() && today.get(..end.len()).is_some_and(|today| end.as_str() < today);
    // Somebody may have ended it without saying when: that stays unless they say another end.
    if over || ended {
        node::put(content, "status", Some(text(if over { "inactive" } else { "active" })));
    }
}

/// What kind of alert it is, as the form names it.
fn alert_of(content: &Node) -> &'static str {
    let told = said(content, &["category", "text"]);
    let known = ALERTS.iter().find(|name| TITLES.say(&format!("write-alert-{name}")) == told);
    known.copied().unwrap_or_default()
}

fn document(content: &mut Node, given: &Fields) {
    node::put(content, "description", Some(text(given.get("about"))));
    let sort = given.get("sort");
    if document_of(content) != sort {
        let name = TITLES.say(&format!("write-document-{sort}"));
        let code = DOCUMENT_CODES.iter().find(|(name, _)| *name == sort);
        let mut concept = object(vec![("text", text(&name))]);
        let coding = code.map(|(_, code)| node::of(&json!([{ "system": LOINC, "code": code }])));
        node::put(&mut concept, "coding", coding);
        node::put(content, "type", Some(concept));
    }
    set_date(content, &["content[]", "attachment", "creation"], given.get("made"));
    let from = given.get("from");
    if said(content, &["author", "display"]) != from {
        let author = (!from.is_empty()).then(|| Node::Array(vec![object(vec![("display", text(from))])]));
        node::put(content, "author", author);
    }
}

/// What kind of document it is, as the form names it.
fn document_of(content: &Node) -> &'static str {
    let code = said(content, &["type", "coding", "code"]);
    let known = DOCUMENT_CODES.iter().find(|(_, known)| *known == code).map(|(name, _)| *name);
    let other = || content.get("type").map_or("", |_| "other");
    known.unwrap_or_else(other)
}

fn visit(content: &mut Node, given: &Fields) {
    if said(content, &["class", "code"]) != given.get("class") {
        let class = given.get("class");
        let name = TITLES.say(&format!("write-class-{class}"));
        let class = json!({ "system": CLASSES, "code": class, "display": name });
        node::put(content, "class", Some(node::of(&class)));
    }
    let ended = local(&said(content, &["period", "end"])) != given.get("end");
    for (name, member) in [("begin", "start"), ("end", "end")] {
        if local(&said(content, &["period", member])) != given.get(name) {
            set(content, &["period", member], moment(given.get(name)).map(|when| text(&when)));
        }
    }
    if said(content, &["reasonCode", "text"]) != given.get("why") {
        let why = (!given.get("why").is_empty())
            .then(|| Node::Array(vec![object(vec![("text", text(given.get("why")))])]));
        node::put(content, "reasonCode", why);
    }
    // A visit that was called off or put off stays so.
    if ended {
        let status = if given.get("end").is_empty() { "in-progress" } else { "finished" };
        node::put(content, "status", Some(text(status)));
    }
}

/// A field as a content fills it.
pub(super) fn value(kind: &Kind, slot: &Slot, content: &Node) -> String {
    let code = |system: &str| coding(content, system).map(|one| said(one, &["code"])).unwrap_or_default();
    match (kind.name, slot.name) {
        ("problem", "name") | ("alert", "about") => said(content, &["code", "text"]),
        ("problem", "icd") => code(ICD),
        ("problem", "medis") => code(MEDIS),
        ("problem", "verified") => said(content, &["verificationStatus", "coding", "code"]),
        ("problem", "clinical") => said(content, &["clinicalStatus", "coding", "code"]),
        ("problem", "onset") => day(&said(content, &["onsetDateTime"])),
        ("problem", "end") => day(&said(content, &["abatementDateTime"])),
        ("problem", "note") => said(content, &["note", "text"]),
        ("alert", "category") => alert_of(content).to_owned(),
        ("alert", "begin") => day(&said(content, &["period", "start"])),
        ("alert", "end") => day(&said(content, &["period", "end"])),
        ("document", "about") => said(content, &["description"]),
        ("document", "sort") => document_of(content).to_owned(),
        ("document", "made") => day(&said(content, &["content", "attachment", "creation"])),
        ("document", "from") => said(content, &["author", "display"]),
        ("document", "file") => said(content, &["content", "attachment", "title"]),
        ("visit", "class") => said(content, &["class", "code"]),
        ("visit", "begin") => local(&said(content, &["period", "start"])),
        ("visit", "end") => local(&said(content, &["period", "end"])),
        ("visit", "why") => said(content, &["reasonCode", "text"]),
        _ => String::new(),
    }
}

/// Whether the form can show a content without losing anything of what its fields say.
pub(super) fn shows(kind: &Kind, content: &Node) -> bool {
    let absent = |names: &[&str]| names.iter().all(|name| content.get(name).is_none());
    let single = |name: &str| content.get(name).and_then(Node::as_array).is_none_or(|all| all.len() == 1);
    let known = |name: &str, choices: &[&str]| {
        let slot = kind.slots.iter().find(|slot| slot.name == name);
        let value = slot.map(|slot| value(kind, slot, content)).unwrap_or_default();
        choices.is_empty() && !value.is_empty() || choices.contains(&value.as_str())
    };
    if said(content, &["status"]) == "entered-in-error" {
        return false;
    }
    match kind.name {
        "problem" => {
            absent(&["onsetAge", "onsetPeriod", "onsetRange", "onsetString"])
                && absent(&["abatementAge", "abatementPeriod", "abatementRange", "abatementString"])
        }
        "alert" => single("category") && known("category", ALERTS),
        "document" => {
            let attachment = at(content, &["content", "attachment"]);
            single("content") && single("author") && attachment.is_some_and(|one| one.get("url").is_none())
        }
        _ => single("reasonCode") && known("class", &[]),
    }
}
