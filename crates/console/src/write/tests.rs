//! The pages of this part, as a browser gets them.

use super::kinds::{Input, KINDS};
use crate::desk::May;
use crate::trial::{Trial, bundle};
use crate::words::Words;
use base::{Language, Problem};
use serde_json::{Value, json};

const LANGUAGES: [Language; 2] = [Language::Japanese, Language::English];
const HOSTILE: &str = "<script>alert(1)</script>\"'&";

/// As it stands in a page.
const TAMED: &str = "&#60;script&#62;alert(1)&#60;/script&#62;";

fn note(version: &str, said: &str) -> Value {
    let section = |code: &str, text: &str| {
        json!({ "title": code, "code": { "coding": [{ "system": "http://loinc.org", "code": code }] },
            "text": { "status": "additional", "div": format!("<div xmlns=\"http://www.w3.org/1999/xhtml\">{text}</div>") } })
    };
    json!({ "resourceType": "Composition", "id": "c", "status": "preliminary",
        "meta": { "versionId": version, "lastUpdated": "2026-11-19T00:00:00Z" },
        "type": { "coding": [{ "system": "http://loinc.org", "code": "11506-3" }] },
        "subject": { "reference": "Patient/p" }, "date": "2026-11-19", "author": [{ "display": "x" }],
        "title": "note", "section": [section("61150-9", said), section("18776-5", "plan")] })
}

fn desk(state: &Value, content: &Value) -> Trial {
    Trial::new()
        .told("fhir/Composition/c", content.clone())
        .told("fhir/Composition/c/$proof", json!({ "entry": json!({ "state": state }).to_string() }))
        .told(
            "fhir/Patient/p",
            json!({ "resourceType": "Patient", "id": "p", "name": [{ "text": "見本 太郎" }] }),
        )
        .told("fhir/AllergyIntolerance?patient=p&clinical-status=active&_count=100", bundle(&[]))
        .told("fhir/Flag?patient=p&_sort=-_lastUpdated&_count=200", bundle(&[]))
}

fn draft() -> Value {
    json!({ "is": "draft", "act": "enter", "responsible": "doctor" })
}

#[test]
fn every_field_and_every_choice_has_a_text() {
    for language in LANGUAGES {
        let knows = |key: &str| assert!(Words(language).knows(key), "{key}");
        let mut keys: Vec<String> = KINDS.iter().map(|kind| kind.key.to_owned()).collect();
        for slot in KINDS.iter().flat_map(|kind| kind.slots) {
            keys.push(slot.key.to_owned());
            if let Input::Choice(key, codes) = slot.input {
                keys.extend(codes.iter().map(|code| format!("{key}-{code}")));
            }
        }
        for key in &keys {
            knows(key);
        }
        for act in super::state::Act::ALL {
            for key in [act.key(), act.means(), &format!("write-done-{}", act.name())] {
                knows(key);
            }
        }
    }
}

#[test]
fn a_draft_can_be_edited_and_finalised_and_a_final_record_amended_and_withdrawn() {
    let (status, page) = desk(&draft(), &note("1", "頭痛")).look("records/Composition/c", Language::Japanese);
    assert_eq!(status, 200);
    assert!(page.contains("見本 太郎") && page.contains("頭痛") && page.contains("/do/finalize\""), "{page}");
    assert!(page.contains("/edit\"") && !page.contains("/do/withdraw\"") && !page.contains("/do/approve\""));
    let done = json!({ "is": "final", "act": "finalize", "responsible": "doctor" });
    let (_, page) = desk(&done, &note("1", "頭痛")).look("records/Composition/c", Language::Japanese);
    assert!(page.contains("/edit\"") && page.contains("/do/withdraw\"") && !page.contains("/do/finalize\""));
}

#[test]
fn what_a_clerk_entered_waits_for_approval_or_return() {
    let state = json!({ "is": "draft", "act": "enter", "responsible": "doctor", "entered": "scribe" });
    let (_, page) = desk(&state, &note("1", "x")).look("records/Composition/c", Language::English);
    for wanted in ["/do/approve\"", "/do/return\"", "/do/assign\"", "scribe", "waiting for approval"] {
        assert!(page.contains(wanted), "{wanted}");
    }
    assert!(!page.contains("/do/finalize\""));
}

#[test]
fn what_the_version_before_said_is_shown_beside_what_stands_now() {
    let desk = desk(&draft(), &note("2", "新しい")).told("fhir/Composition/c/_history/1", note("1", "古い"));
    let (_, page) = desk.look("records/Composition/c", Language::Japanese);
    let (_, from) = page.split_once("<del>").unwrap();
    let (before, after) = from.split_once("<ins>").unwrap();
    assert!(before.contains("古い") && after.contains("新しい"));
}

#[test]
fn what_is_hostile_in_a_record_is_shown_as_text() {
    let escaped = "&lt;script&gt;alert(1)&lt;/script&gt;";
    for address in ["records/Composition/c", "records/Composition/c/edit"] {
        let (status, page) = desk(&draft(), &note("1", escaped)).look(address, Language::Japanese);
        assert_eq!(status, 200, "{address}");
        assert!(page.contains(TAMED) && !page.contains("<script>alert"), "{address}");
    }
}

#[test]
fn an_act_goes_to_its_operation_and_leads_back_to_the_record() {
    let desk = Trial::new().on("POST", "fhir/Composition/c/$withdraw", json!({})).on(
        "POST",
        "fhir/Composition/c/$finalize",
        json!({}),
    );
    let form = [("version", "3"), ("reason", "別の患者")];
    let (status, to) = desk.send("records/Composition/c/do/withdraw", &form, Language::Japanese);
    assert_eq!((status, to.as_str()), (303, "/f/clinic/console/records/Composition/c?done=withdraw"));
    let sent = desk.sent("POST", "fhir/Composition/c/$withdraw").unwrap();
    assert_eq!(sent.pointer("/parameter/0/valueString"), Some(&json!("別の患者")));
    let (status, _) = desk.send("records/Composition/c/do/finalize", &form, Language::Japanese);
    assert_eq!(status, 303);
    for act in ["$withdraw", "$finalize"] {
        let expected = desk.expected("POST", &format!("fhir/Composition/c/{act}"));
        assert_eq!(expected.as_deref(), Some("W/\"3\""), "{act}: what was looked at is what is meant");
    }
    assert_eq!(desk.send("records/Composition/c/do/lapse", &form, Language::Japanese).0, 404);
}

#[test]
fn an_act_without_its_reason_or_refused_keeps_what_was_typed_and_writes_nothing() {
    let fault = Problem::new(&crate::codes::PAGE_UNKNOWN);
    let desk = Trial::new().refuses("POST", "fhir/Composition/c/$return", fault);
    let (status, page) = desk.send("records/Composition/c/do/return", &[("reason", " ")], Language::English);
    assert_eq!((status, page.contains("Give the reason")), (422, true));
    assert!(desk.asked().is_empty());
    let (status, page) =
        desk.send("records/Composition/c/do/return", &[("reason", HOSTILE)], Language::English);
    assert_eq!(status, 422);
    assert!(page.contains(TAMED) && page.contains("CO-0001"));
}

#[test]
fn a_new_note_is_a_draft_of_whoever_writes_it() {
    let desk = Trial::new().on("POST", "fhir/Composition", json!({ "id": "n" }));
    let form = [("s", HOSTILE), ("encounter", "e1")];
    let (status, to) = desk.send("patients/p/write/note", &form, Language::Japanese);
    assert_eq!((status, to.as_str()), (303, "/f/clinic/console/records/Composition/n?done=saved"));
    let sent = desk.sent("POST", "fhir/Composition").unwrap();
    let at = |path: &str| sent.pointer(path).and_then(Value::as_str).unwrap_or_default().to_owned();
    assert_eq!(at("/status"), "preliminary");
    assert_eq!(at("/subject/reference"), "Patient/p");
    assert_eq!(at("/encounter/reference"), "Encounter/e1");
    assert_eq!(at("/author/0/reference"), "Practitioner/doctor-1");
    assert!(!at("/section/0/text/div").contains("<script>"));
}

#[test]
fn whoever_may_not_finalise_names_who_answers_for_it() {
    let law = May::Act("finalize", "Composition");
    let desk =
        desk(&draft(), &note("1", "x")).without(law).on("POST", "fhir/Composition", json!({ "id": "n" }));
    let (status, page) = desk.send("patients/p/write/note", &[("s", "typed")], Language::English);
    assert_eq!(status, 422);
    assert!(page.contains("choose who answers") && page.contains("typed"), "{page}");
    let form = [("s", "typed"), ("responsible", "doctor-2")];
    assert_eq!(desk.send("patients/p/write/note", &form, Language::English).0, 303);
    let sent = desk.sent("POST", "fhir/Composition").unwrap();
    assert_eq!(sent.pointer("/author/0/reference"), Some(&json!("Practitioner/doctor-2")));
}

#[test]
fn what_the_api_refuses_is_said_beside_its_field_and_nothing_typed_is_lost() {
    let fault = Problem::new(&crate::codes::PAGE_UNKNOWN).at("Observation.valueQuantity.value");
    let desk = desk(&draft(), &note("1", "x")).refuses("POST", "fhir/Observation", fault);
    let form = [("item", "hba1c"), ("value", "7.10"), ("moment", "2026-11-20T08:30"), ("note", HOSTILE)];
    let (status, page) = desk.send("patients/p/write/result", &form, Language::English);
    assert_eq!(status, 422);
    assert!(page.contains("id=\"w-value\"") && page.contains("href=\"#f-value\""), "{page}");
    assert!(
        page.contains("value=\"7.10\"") && page.contains(TAMED) && page.contains("value=\"hba1c\" selected")
    );
}

#[test]
fn a_conflict_shows_the_other_version_keeps_mine_and_takes_over_what_i_did_not_change() {
    let desk = desk(&draft(), &note("2", "theirs")).told("fhir/Composition/c/_history/1", note("1", "start"));
    let form = [("version", "1"), ("kind", "note"), ("s", "start"), ("o", ""), ("a", "mine"), ("p", "plan")];
    let (status, page) = desk.send("records/Composition/c/edit", &form, Language::English);
    assert_eq!(status, 412);
    assert!(page.contains("theirs</textarea>") && page.contains("mine</textarea>"), "{page}");
    assert!(page.contains("name=\"version\" value=\"2\"") && page.contains("/patients/p/write/note\""));
    assert!(!page.contains("data-autosave"), "a conflict is decided by a person");
    assert!(desk.asked().iter().all(|asked| asked.get(..4) == Some("GET ")), "nothing is written");
}

#[test]
fn a_draft_goes_on_under_its_version_and_a_script_comes_back_to_the_form() {
    let desk = desk(&draft(), &note("2", "x")).on("PUT", "fhir/Composition/c", json!({ "id": "c" }));
    let form = [("version", "2"), ("kind", "note"), ("s", "y"), ("autosave", "1")];
    let (status, to) = desk.send("records/Composition/c/edit", &form, Language::English);
    assert_eq!((status, to.as_str()), (303, "/f/clinic/console/records/Composition/c/edit?saved"));
    assert_eq!(desk.expected("PUT", "fhir/Composition/c").as_deref(), Some("W/\"2\""));
    let sent = desk.sent("PUT", "fhir/Composition/c").unwrap();
    assert_eq!(sent.pointer("/id"), Some(&json!("c")));
    assert_eq!(sent.pointer("/section").and_then(Value::as_array).map(Vec::len), Some(1));
}

#[test]
fn an_amendment_has_a_reason_and_is_never_saved_by_itself() {
    let done = json!({ "is": "final", "act": "finalize", "responsible": "doctor" });
    let desk = desk(&done, &note("2", "x")).on("POST", "fhir/Composition/c/$amend", json!({}));
    let (_, page) = desk.look("records/Composition/c/edit", Language::English);
    assert!(page.contains("name=\"reason\"") && !page.contains("data-autosave"));
    let mut form = vec![("version", "2"), ("kind", "note"), ("s", "corrected")];
    let (status, page) = desk.send("records/Composition/c/edit", &form, Language::English);
    assert!(status == 422 && page.contains("id=\"w-reason\"") && page.contains("corrected"));
    form.push(("reason", "typo"));
    let (status, to) = desk.send("records/Composition/c/edit", &form, Language::English);
    assert_eq!((status, to.as_str()), (303, "/f/clinic/console/records/Composition/c?done=amended"));
    assert_eq!(desk.expected("POST", "fhir/Composition/c/$amend").as_deref(), Some("W/\"2\""));
    let sent = desk.sent("POST", "fhir/Composition/c/$amend").unwrap();
    assert_eq!(sent.pointer("/parameter/1/resource/status"), Some(&json!("amended")));
}

#[test]
fn what_was_withdrawn_in_between_can_only_be_saved_as_new() {
    let gone = json!({ "is": "withdrawn", "act": "withdraw", "responsible": "doctor" });
    let form = [("version", "2"), ("kind", "note"), ("s", "mine")];
    let (status, page) =
        desk(&gone, &note("2", "x")).send("records/Composition/c/edit", &form, Language::English);
    assert_eq!(status, 412);
    assert!(page.contains("mine</textarea>") && page.contains("Save as a new draft"));
    assert!(!page.contains("<button>Save"));
}

/// The search of a worklist over all types, as the console makes it.
fn worklist(conditions: &str) -> String {
    let kinds = fhir::definitions::STATED_TYPES.join(",");
    format!("fhir/?_type={kinds}&{conditions}&_sort=record-state-since")
}

const OWN_DRAFTS: &str = "record-state=draft&record-responsible=doctor&record-enterer:missing=true";
const LONG_AGO: &str = "record-state-since=lt2026-11-13T00:00:00.000000Z";

#[test]
fn the_worklist_shows_what_waits_and_says_what_it_could_not_look_at() {
    let (search, found) = (worklist(OWN_DRAFTS), bundle(&[note("1", "x")]));
    let patient = json!({ "resourceType": "Patient", "id": "p", "name": [{ "text": "見本 太郎" }] });
    let desk = desk(&draft(), &note("1", "x"))
        .told(&format!("{search}&_count=50"), found.clone())
        .told(&format!("{search}&{LONG_AGO}&_elements=id&_count=50"), found)
        .told("fhir/Patient?_id=p&_count=50", bundle(&[patient]));
    // Nobody knows when something is late: nothing is called so.
    let (_, page) = desk.look("work", Language::English);
    assert!(page.contains("could not be learned") && !page.contains("more than 7 days"), "{page}");
    let deadlines = json!({ "deadlines": { "final_within_days": 7, "approved_within_days": 3 } });
    let desk = desk.told("session", deadlines);
    let (status, page) = desk.look("work", Language::English);
    assert_eq!(status, 200);
    assert!(page.contains("/records/Composition/c\"") && page.contains("見本 太郎"), "{page}");
    assert!(page.contains("more than 7 days"), "{page}");
    assert!(page.contains("could not be checked"), "the other lists");
}

#[test]
fn the_worklist_asks_once_for_each_list_and_for_no_type_that_the_law_closes() {
    let searches = |desk: &Trial| {
        desk.look("work", Language::Japanese);
        desk.asked().into_iter().filter(|one| one.contains("_type=")).collect::<Vec<String>>()
    };
    let asked = searches(&Trial::new());
    assert_eq!(asked.len(), 4, "{asked:?}");
    assert!(asked.iter().all(|one| one.contains("Observation,")), "{asked:?}");
    let closed = searches(&Trial::new().without(May::Search("Observation")));
    assert!(closed.len() == 4 && closed.iter().all(|one| !one.contains("Observation,")), "{closed:?}");
}

#[test]
fn the_worklist_of_somebody_else_asks_for_their_account_and_that_of_all_for_none() {
    let asked = |address: &str| {
        let desk = Trial::new();
        let (_, page) = desk.look(address, Language::Japanese);
        (desk.asked().join("\n"), page)
    };
    let (others, page) = asked("work?of=scribe");
    assert!(others.contains("record-responsible=scribe") && !others.contains("record-responsible=doctor"));
    assert!(page.contains("ワークリスト：scribe"), "{page}");
    let (all, page) = asked("work?of=all");
    assert!(all.contains("&record-state=draft&_sort") && !all.contains("record-responsible"));
    assert!(page.contains("未確定の下書き"));
}

#[test]
fn a_draft_is_handed_on_to_a_person_with_the_reason_and_not_without_either() {
    let people = json!({ "resourceType": "Practitioner", "id": "d2", "name": [{ "text": "見本 次郎" }] });
    let desk = desk(&draft(), &note("1", "x"))
        .told("fhir/Practitioner?active=true&_sort=name&_count=200", bundle(&[people]))
        .on("POST", "fhir/Composition/c/$assign", json!({}));
    let act = "records/Composition/c/do/assign";
    let (status, page) = desk.send(act, &[("reason", "転勤"), ("patient", "p")], Language::Japanese);
    assert_eq!(status, 422);
    assert!(
        page.contains("新しい責任者を選んでください") && page.contains("転勤") && page.contains("見本 次郎"),
        "{page}"
    );
    assert!(page.contains("見本 太郎"), "the banner stays");
    assert_eq!(desk.send(act, &[("responsible", "d2")], Language::Japanese).0, 422);
    assert_eq!(desk.sent("POST", "fhir/Composition/c/$assign"), None);
    let (status, to) = desk.send(act, &[("reason", "転勤"), ("responsible", "d2")], Language::Japanese);
    assert_eq!((status, to.as_str()), (303, "/f/clinic/console/records/Composition/c?done=assign"));
    let sent = desk.sent("POST", "fhir/Composition/c/$assign").unwrap();
    assert_eq!(sent.pointer("/parameter/1/valueString"), Some(&json!("Practitioner/d2")));
}

#[test]
fn a_deleted_draft_leads_to_its_history() {
    let desk = Trial::new().on("DELETE", "fhir/Composition/c", json!({}));
    let (status, to) = desk.send("records/Composition/c/do/delete", &[("version", "3")], Language::Japanese);
    assert_eq!((status, to.as_str()), (303, "/f/clinic/console/records/Composition/c/history?done=delete"));
}

#[test]
fn a_document_from_elsewhere_keeps_its_file_and_what_is_no_document_is_said_beside_it() {
    let desk = desk(&draft(), &note("1", "x")).on("POST", "fhir/DocumentReference", json!({ "id": "n" }));
    let form = [("about", "紹介状"), ("sort", "referral"), ("made", "R8.11.1"), ("from", "A 病院")];
    let (status, page) = desk.upload("patients/p/write/document", &form, "a.exe", b"MZ\x90\x00");
    assert_eq!(status, 422);
    assert!(page.contains("id=\"w-file\"") && page.contains("value=\"紹介状\""), "{page}");
    assert!(page.contains("enctype=\"multipart/form-data\""));
    assert_eq!(desk.sent("POST", "fhir/DocumentReference"), None);
    let (status, to) = desk.upload("patients/p/write/document", &form, "紹介状.pdf", b"%PDF-1.7");
    assert_eq!((status, to.as_str()), (303, "/f/clinic/console/records/DocumentReference/n?done=saved"));
    let sent = desk.sent("POST", "fhir/DocumentReference").unwrap();
    let at = |path: &str| sent.pointer(path).and_then(Value::as_str).unwrap_or_default().to_owned();
    assert_eq!(at("/docStatus"), "preliminary");
    assert_eq!(at("/content/0/attachment/contentType"), "application/pdf");
    assert_eq!(at("/content/0/attachment/data"), "JVBERi0xLjc=");
    assert_eq!(at("/content/0/attachment/creation"), "2026-11-01");
    assert_eq!(at("/type/coding/0/code"), "57133-1");
}

#[test]
fn the_file_of_a_document_is_handed_out_as_what_its_bytes_are() {
    let document = |media: &str, data: &str| {
        json!({ "resourceType": "DocumentReference", "id": "d", "status": "current", "docStatus": "preliminary",
            "meta": { "versionId": "1" }, "content": [{ "attachment": { "contentType": media, "data": data, "title": "x" } }] })
    };
    let shown = |document: Value| {
        let desk = Trial::new().told("fhir/DocumentReference/d", document);
        let visit = crate::trial::visit("records/DocumentReference/d/file", Language::Japanese);
        crate::trial::wait(crate::pages::answer(&visit, &desk))
    };
    let crate::shown::Shown::File { name, media, bytes } = shown(document("text/html", "JVBERi0xLjc="))
    else {
        panic!("a file");
    };
    assert_eq!(
        (name.as_str(), media.as_str(), bytes.as_slice()),
        ("DocumentReference-d.pdf", "application/pdf", &b"%PDF-1.7"[..])
    );
    let crate::shown::Shown::Page { status, .. } = shown(document("text/plain", "?")) else {
        panic!("a page")
    };
    assert_eq!(status, 404, "what is no base64 is no file");
}

#[test]
fn an_alert_holds_at_once_and_is_never_saved_by_itself() {
    let desk = desk(&draft(), &note("1", "x")).on("POST", "fhir/Flag", json!({ "id": "f" }));
    let (_, page) = desk.look("patients/p/write/alert", Language::Japanese);
    assert!(!page.contains("data-autosave") && page.contains("下書きがありません"), "{page}");
    let form = [("category", "infection"), ("about", "MRSA"), ("end", "2026-11-19")];
    assert_eq!(desk.send("patients/p/write/alert", &form, Language::Japanese).0, 303);
    let sent = desk.sent("POST", "fhir/Flag").unwrap();
    assert_eq!(sent.get("status"), Some(&json!("inactive")), "its last day was yesterday");
    let form = [("category", "infection"), ("about", "MRSA"), ("end", "2026-11-20")];
    assert_eq!(desk.send("patients/p/write/alert", &form, Language::Japanese).0, 303);
    assert_eq!(desk.sent("POST", "fhir/Flag").unwrap().get("status"), Some(&json!("active")));
}

#[test]
fn an_illness_that_ended_is_not_active_and_does_not_end_before_it_began() {
    let desk = desk(&draft(), &note("1", "x")).on("POST", "fhir/Condition", json!({ "id": "n" }));
    let mut form = vec![("name", "肺炎"), ("verified", "confirmed"), ("clinical", "active"), ("icd", "肺炎")];
    form.extend([("onset", "2026-10-02"), ("end", "2026-10-01")]);
    let (status, page) = desk.send("patients/p/write/problem", &form, Language::Japanese);
    assert_eq!(status, 422);
    for wanted in ["id=\"w-icd\"", "id=\"w-clinical\"", "id=\"w-end\""] {
        assert!(page.contains(wanted), "{wanted}");
    }
}

#[test]
fn vital_signs_are_written_all_at_once_the_pressure_as_one() {
    let desk = desk(&draft(), &note("1", "x")).on("POST", "fhir", json!({}));
    let moment = ("moment", "2026-11-20T08:30");
    let form = [moment, ("temperature", "36.80"), ("pressure", "128"), ("pressure-second", "76")];
    let (status, to) = desk.send("patients/p/write/vital", &form, Language::Japanese);
    assert_eq!((status, to.as_str()), (303, "/f/clinic/console/patients/p/vital-signs?saved=2"));
    let sent = desk.sent("POST", "fhir").unwrap();
    assert_eq!(sent.get("type"), Some(&json!("transaction")));
    assert_eq!(sent.pointer("/entry/1/resource/component").and_then(Value::as_array).map(Vec::len), Some(2));
    assert_eq!(sent.pointer("/entry/0/resource/status"), Some(&json!("preliminary")));
}

#[test]
fn vital_signs_that_are_no_numbers_or_half_a_pressure_are_said_beside_their_field() {
    let desk = desk(&draft(), &note("1", "x"));
    let form = [("moment", "2026-11-20T08:30"), ("pulse", "fast"), ("pressure-second", "76")];
    let (status, page) = desk.send("patients/p/write/vital", &form, Language::Japanese);
    assert_eq!(status, 422);
    for wanted in ["id=\"w-pulse\"", "id=\"w-pressure\"", "value=\"fast\"", "value=\"76\"", "見本 太郎"] {
        assert!(page.contains(wanted), "{wanted}");
    }
    let (status, page) =
        desk.send("patients/p/write/vital", &[("moment", "2026-11-20T08:30")], Language::Japanese);
    assert!(status == 422 && page.contains("少なくとも 1 つの項目"));
}

#[test]
fn people_are_never_offered_as_visits() {
    let people = json!({ "resourceType": "Practitioner", "id": "d2", "name": [{ "text": "見本 次郎" }] });
    let desk = desk(&draft(), &note("1", "x"))
        .told("fhir/Practitioner?active=true&_sort=name&_count=200", bundle(&[people]));
    let (status, page) = desk.look("patients/p/write/note", Language::Japanese);
    assert_eq!(status, 200);
    let (_, visits) = page.split_once("name=\"encounter\"").unwrap();
    let (visits, _) = visits.split_once("</select>").unwrap();
    assert!(!visits.contains("見本 次郎") && page.contains("見本 次郎"), "the visits were refused: {page}");
}

#[test]
fn what_came_to_hold_more_than_its_form_is_not_written_over() {
    let result = json!({ "resourceType": "Observation", "id": "o", "status": "preliminary",
        "meta": { "versionId": "2" }, "subject": { "reference": "Patient/p" },
        "code": { "coding": [{ "code": "3D010000001926101" }] }, "effectiveDateTime": "2026-11-19T09:30:00+09:00",
        "valueQuantity": { "value": 5.4, "unit": "mmol/L" } });
    let desk = desk(&draft(), &note("1", "x"))
        .told("fhir/Observation/o", result)
        .told("fhir/Observation/o/$proof", json!({ "entry": json!({ "state": draft() }).to_string() }))
        .on("PUT", "fhir/Observation/o", json!({ "id": "o" }));
    let form = [
        ("version", "2"),
        ("kind", "result"),
        ("item", "glucose"),
        ("value", "98"),
        ("moment", "2026-11-19T09:30"),
        ("note", "typed"),
    ];
    let (status, page) = desk.send("records/Observation/o/edit", &form, Language::Japanese);
    assert_eq!(status, 412);
    assert!(page.contains("typed</textarea>") && desk.sent("PUT", "fhir/Observation/o").is_none(), "{page}");
}

#[test]
fn what_was_measured_was_measured_by_now() {
    let desk = desk(&draft(), &note("1", "x")).on("POST", "fhir", json!({})).on(
        "POST",
        "fhir/Observation",
        json!({ "id": "o" }),
    );
    // It is the 20th of November 2026, 9 o'clock in Japan; clocks beside a bed go a little fast.
    for (moment, taken) in
        [("2026-11-20T09:05", true), ("2026-11-20T10:00", false), ("2062-11-20T08:00", false)]
    {
        let form = [("item", "hba1c"), ("value", "7.1"), ("moment", moment)];
        let (status, page) = desk.send("patients/p/write/result", &form, Language::Japanese);
        assert_eq!(status == 303, taken, "{moment}");
        assert!(taken || page.contains("id=\"w-moment\"") && page.contains("value=\"7.1\""), "{page}");
        let form = [("pulse", "70"), ("moment", moment)];
        let (status, page) = desk.send("patients/p/write/vital", &form, Language::Japanese);
        assert_eq!(status == 303, taken, "{moment}");
        assert!(taken || page.contains("まだ来ていない日時です") && page.contains("value=\"70\""), "{page}");
    }
}
