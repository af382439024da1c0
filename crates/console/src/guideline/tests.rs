//! The pages of the guideline against a desk that answers from a table.

use crate::desk::May;
use crate::trial::Trial;
use base::{Class, Code, Language, Problem};
use serde_json::{Value, json};

/// A refusal that a person can mend.
static WRONG: Code =
    Code { id: "EV-9999", class: Class::Invalid, en: "A reason is needed.", ja: "理由が必要です。" };

fn edition(last: &Value, verdict: &Value) -> Value {
    let requirement = |id: &str, actors: Value, verdict: Value| {
        json!({
            "requirement": id, "item": "①", "name": { "ja": format!("要求 {id}"), "en": format!("asks {id}") },
            "actors": actors, "verdict": verdict,
        })
    };
    json!({
        "edition": "mhlw-7.0", "url": "https://example.jp/", "last": last, "trend": [],
        "parts": [{ "part": "control", "title": { "ja": "編", "en": "part" }, "chapters": [{
            "number": "1", "title": { "ja": "章", "en": "chapter" },
            "requirements": [
                requirement("mhlw-7.0/control/1-1", json!(["planner"]), verdict.clone()),
                requirement("mhlw-7.0/control/1-2", json!(["provider"]), if verdict.is_null() { Value::Null } else { json!("unknown") }),
            ],
        }] }],
    })
}

fn last() -> Value {
    json!({
        "at": "2026-11-20T00:00:00Z", "by": "sato", "position": 77,
        "counts": [{ "verdict": "met", "count": 1 }, { "verdict": "unknown", "count": 1 }],
    })
}

fn requirement() -> Value {
    json!({
        "requirement": "mhlw-7.0/control/1-1", "edition": "mhlw-7.0",
        "chapter": { "number": "1", "title": { "ja": "章", "en": "chapter" } },
        "name": { "ja": "方針", "en": "policy" }, "summary": { "ja": "定める", "en": "lay down" },
        "actors": ["planner"], "remedy": { "ja": "方針を作る", "en": "write a policy" },
        "assessed": { "verdict": "needs-a-person", "at": "2026-11-20T00:00:00Z", "position": 77, "open": ["person.policy"] },
        "facts": [
            { "key": "person.policy", "kind": "yes-no", "text": { "ja": "方針はあるか", "en": "is there a policy" }, "fact": null },
            { "key": "runtime.tls", "kind": "yes-no", "text": { "ja": "暗号化", "en": "encrypted" }, "fact": {
                "value": true, "observed": "2026-11-20T00:00:00Z", "position": 12, "how": { "ja": "設定", "en": "settings" },
            } },
        ],
        "exclusion": null, "responsibility": null, "history": [], "related": [],
    })
}

#[test]
fn what_was_never_assessed_shows_no_verdict() {
    let desk = Trial::new().on("POST", "admin/guideline-show", edition(&Value::Null, &Value::Null));
    let (status, page) = desk.look("guideline/mhlw-7.0", Language::English);
    assert_eq!(status, 200);
    assert!(page.contains("Not assessed yet.") && page.contains("not assessed"));
    assert!(!page.contains("class=\"heat\""), "there is nothing to show as good or bad");
}

#[test]
fn a_chapter_counts_its_verdicts_and_a_filter_leaves_the_others_out() {
    let desk = Trial::new().on("POST", "admin/guideline-show", edition(&last(), &json!("met")));
    let (_, page) = desk.look("guideline/mhlw-7.0?all", Language::Japanese);
    assert!(page.contains("class=\"number met heat-2\" data-name=\"適合\">1</td>"), "{page}");
    assert!(page.contains("要求 mhlw-7.0/control/1-1") && page.contains("要求 mhlw-7.0/control/1-2"));
    assert!(page.contains("ジャーナル #77"));
    let (_, page) = desk.look("guideline/mhlw-7.0?verdict=unknown", Language::Japanese);
    assert!(!page.contains("要求 mhlw-7.0/control/1-1") && page.contains("要求 mhlw-7.0/control/1-2"));
    let (_, page) = desk.look("guideline/mhlw-7.0?actor=planner", Language::Japanese);
    assert!(page.contains("要求 mhlw-7.0/control/1-1") && !page.contains("要求 mhlw-7.0/control/1-2"));
}

#[test]
fn an_edition_lists_first_what_is_known_to_fall_short() {
    let desk = Trial::new().on("POST", "admin/guideline-show", edition(&last(), &json!("not-met")));
    let (_, page) = desk.look("guideline/mhlw-7.0", Language::English);
    assert!(page.contains("asks mhlw-7.0/control/1-1") && !page.contains("asks mhlw-7.0/control/1-2"));
    assert!(page.contains("without those that are unknown") && page.contains("guideline/mhlw-7.0?all#all"));
    for address in [
        "guideline/mhlw-7.0?all",
        "guideline/mhlw-7.0?verdict=&actor=",
        "guideline/mhlw-7.0?chapter=control/1",
    ] {
        let (_, page) = desk.look(address, Language::English);
        assert!(page.contains("asks mhlw-7.0/control/1-2") && !page.contains("without those"), "{address}");
    }
}

#[test]
fn a_requirement_says_by_when_it_is_to_be_met() {
    let mut aimed = requirement();
    aimed["target"] =
        json!({ "owner": "事務長", "due": "2026-10-31", "note": "予算待ち", "over": true, "position": 91 });
    let desk = Trial::new().on("POST", "admin/requirement-show", aimed);
    let (_, page) = desk.look("guideline/mhlw-7.0/control/1-1", Language::Japanese);
    for part in ["目標日：2026年10月31日（担当：事務長）", "期限切れ", "予算待ち", "ジャーナル #91"]
    {
        assert!(page.contains(part), "{part}");
    }
    let desk = Trial::new().on("POST", "admin/requirement-show", requirement());
    assert!(!desk.look("guideline/mhlw-7.0/control/1-1", Language::Japanese).1.contains("目標日"));
}

#[test]
fn a_plan_waits_for_an_approval_only_where_one_is_needed() {
    let look = |waits: bool| {
        let risk = json!({ "id": "rs-01", "title": "漏えい", "threat": "盗まれる" });
        let one = json!({ "status": "planned", "level": "low", "awaits_approval": waits, "risk": risk });
        let desk =
            Trial::new().on("POST", "admin/risk-list", json!({ "assets": [], "flows": [], "risks": [one] }));
        ["guideline/risks", "guideline/risks/rs-01"].map(|page| desk.look(page, Language::Japanese).1)
    };
    assert!(look(true).iter().all(|page| page.contains("対応計画済み（承認待ち）")));
    assert!(look(false).iter().all(|page| page.contains("対応計画済み") && !page.contains("承認待ち")));
}

#[test]
fn assessing_is_sent_and_leads_back() {
    let desk = Trial::new().on("POST", "admin/assess", json!({}));
    let (status, to) = desk.send("guideline/mhlw-7.0", &[], Language::Japanese);
    assert_eq!((status, to.as_str()), (303, "/f/clinic/console/guideline/mhlw-7.0"));
    assert_eq!(desk.sent("POST", "admin/assess"), Some(json!({ "edition": "mhlw-7.0" })));
}

#[test]
fn a_requirement_says_what_is_known_and_what_is_not() {
    let desk = Trial::new().on("POST", "admin/requirement-show", requirement());
    let (_, page) = desk.look("guideline/mhlw-7.0/control/1-1", Language::English);
    assert_eq!(
        desk.sent("POST", "admin/requirement-show"),
        Some(json!({ "requirement": "mhlw-7.0/control/1-1" }))
    );
    for part in [
        "not known",
        "the verdict waits for it",
        "journal #12",
        "write a policy",
        "guideline/questions/person.policy",
    ] {
        assert!(page.contains(part), "{part}");
    }
    assert!(page.contains("Who answers for it cannot be told."));
}

#[test]
fn a_requirement_of_an_edition_without_parts_has_its_page_and_others_are_cited_as_people_do() {
    let mut told = requirement();
    told["related"] = json!([{ "requirement": "jahis-sds-5.0/2-1", "name": { "ja": "x", "en": "x" } },
        { "requirement": "mhlw-6.0/control/4-2", "name": { "ja": "y", "en": "y" } }]);
    told["facts"][1] = json!({ "key": "runtime.session.longest_hours", "unit": "hours", "kind": "count",
        "text": { "ja": "最長時間", "en": "longest" }, "fact": { "value": 12 } });
    let desk = Trial::new().on("POST", "admin/requirement-show", told);
    let (status, page) = desk.look("guideline/jahis-sds-5.0/2-1", Language::Japanese);
    assert_eq!(status, 200);
    assert_eq!(
        desk.sent("POST", "admin/requirement-show"),
        Some(json!({ "requirement": "jahis-sds-5.0/2-1" }))
    );
    assert!(page.contains("MDS/SDS 第5.0版 2-1"), "{page}");
    assert!(page.contains("安全管理ガイドライン 第6.0版 システム運用編 4-2"));
    assert!(page.contains("12 時間") && !page.contains("<code"), "units and names are words");
}

#[test]
fn whoever_may_not_answer_or_exclude_is_offered_neither() {
    let desk = Trial::new()
        .on("POST", "admin/requirement-show", requirement())
        .without(May::Command("attest"))
        .without(May::Command("requirement-exclude"));
    let (_, page) = desk.look("guideline/mhlw-7.0/control/1-1", Language::English);
    assert!(!page.contains("guideline/questions/") && !page.contains("name=\"reason\""));
}

#[test]
fn a_refused_exclusion_keeps_what_was_typed() {
    let desk = Trial::new().on("POST", "admin/requirement-show", requirement()).refuses(
        "POST",
        "admin/requirement-exclude",
        Problem::new(&WRONG),
    );
    let form = [("act", "exclude"), ("reason", ""), ("name", "院長 太郎"), ("until", "2027-01-31")];
    let (status, page) = desk.send("guideline/mhlw-7.0/control/1-1", &form, Language::Japanese);
    assert_eq!(status, 422);
    assert!(page.contains("理由が必要です。") && page.contains("院長 太郎") && page.contains("2027-01-31"));
}

#[test]
fn work_puts_what_is_overdue_first_and_leaves_out_what_is_done() {
    let question = |key: &str, state: &str, requirements: u32| {
        json!({
            "question": key, "text": { "ja": key, "en": key }, "asked_of": "planner", "state": state,
            "requirements": requirements, "answer": null,
        })
    };
    let desk = Trial::new()
        .on("POST", "admin/question-list", json!({ "questions": [
            question("person.open", "open", 9), question("person.done", "answered", 5), question("person.over", "over", 1),
        ] }))
        .on("POST", "admin/document-kinds", json!({ "kinds": [
            { "kind": "bcp", "name": { "ja": "BCP", "en": "BCP" }, "owner": "executive", "requirements": 3 },
        ] }))
        .on("POST", "admin/document-list", json!({ "documents": [] }));
    let (_, page) = desk.look("guideline/work", Language::English);
    let place = |text: &str| page.find(text);
    assert!(place(">person.over<") < place(">person.open<"), "overdue first");
    assert!(place(">person.over<").is_some() && place(">person.done<").is_none());
    assert!(page.contains("2 questions to answer") && page.contains("missing"));
    assert!(desk.look("guideline/work?all", Language::English).1.contains(">person.done<"));
}

#[test]
fn work_names_what_is_due_soon_and_parts_a_long_list() {
    let question = |number: usize| {
        json!({
            "question": format!("person.q{number:03}"), "text": { "ja": "問", "en": "asked" }, "asked_of": "planner",
            "state": "answered", "requirements": 400 - number, "answer": { "valid_until": "2027-11-01T00:00:00Z" },
        })
    };
    let document = |id: &str, review: &str| json!({ "document": id, "kind": "bcp", "title": id, "standing": "counts", "owner": "事務長", "review_on": review });
    let desk = Trial::new()
        .on("POST", "admin/question-list", json!({ "questions": (0..320).map(question).collect::<Vec<_>>() }))
        .on(
            "POST",
            "admin/document-kinds",
            json!({ "kinds": [
            { "kind": "bcp", "name": { "ja": "BCP", "en": "BCP" }, "owner": "executive", "requirements": 3 },
        ] }),
        )
        .on(
            "POST",
            "admin/document-list",
            json!({ "documents": [
            document("near", "2026-12-20"), document("far", "2027-06-01"),
        ] }),
        );
    let look = |address: &str| desk.look(address, Language::English).1;
    let waiting = look("guideline/work");
    assert!(waiting.contains("“near”") && waiting.contains("due soon") && !waiting.contains("“far”"));
    let shown = |page: &str| page.matches("/questions/person.q").count();
    assert_eq!(shown(&waiting), 0, "answers that hold for a year do not wait");
    let first = look("guideline/work?all");
    assert!(shown(&first) == 150 && first.contains("work?all&#38;from=150"), "{first}");
    assert!(first.contains("/person.q000") && !first.contains("/person.q150"));
    let last = look("guideline/work?all&from=300");
    assert!(shown(&last) == 20 && last.contains("/person.q319") && !last.contains("from=450"));
    assert!(last.contains("work?all&#38;from=150"));
}

#[test]
fn an_answer_is_sent_as_what_is_asked() {
    let desk = Trial::new().on("POST", "admin/attest", json!({}));
    let form = [("kind", "yes-no"), ("answer", "no"), ("name", "院長"), ("note", ""), ("until", "")];
    let (status, to) = desk.send("guideline/questions/person.policy", &form, Language::Japanese);
    assert_eq!((status, to.as_str()), (303, "/f/clinic/console/guideline/questions/person.policy?done"));
    let sent = json!({ "question": "person.policy", "answer": false, "name": "院長" });
    assert_eq!(desk.sent("POST", "admin/attest"), Some(sent));
}

#[test]
fn a_document_is_registered_where_it_lies() {
    let desk = Trial::new().on("POST", "admin/document-add", json!({}));
    let form = [
        ("act", "add"),
        ("title", "計画"),
        ("version", "1"),
        ("where", "link"),
        ("place", "https://example.jp/"),
        ("owner", "事務長"),
        ("approved_by", ""),
        ("replaces", ""),
    ];
    assert_eq!(desk.send("guideline/documents/bcp", &form, Language::Japanese).0, 303);
    let sent = desk.sent("POST", "admin/document-add").expect("it was sent");
    let wanted = json!({
        "kind": "bcp", "title": "計画", "version": "1", "place": { "link": "https://example.jp/" }, "owner": "事務長",
    });
    assert_eq!(sent, wanted);
}

#[test]
fn a_report_is_handed_out_as_a_file_and_shown_without_that() {
    let paper = json!({ "paper": {
        "title": "Gaps", "as_of": "2026-11-20T00:00:00Z",
        "sections": [{ "heading": "Measures", "level": 1, "blocks": [
            { "text": "All of it" },
            { "table": { "name": "T", "columns": [{ "title": "No." }], "rows": [
                { "heading": "Across" }, { "cells": { "key": "a", "cells": [{ "text": "<first>", "tone": "bad" }] } },
            ] } },
        ] }],
    } });
    let desk = Trial::new().on("POST", "admin/report", json!({ "file": 1 })).on(
        "POST",
        "admin/report-preview",
        paper,
    );
    let form = [("form", "gaps"), ("output", "json"), ("recipient", "保健所")];
    assert_eq!(desk.send("guideline/reports", &form, Language::English), (200, "{\"file\":1}".to_owned()));
    let sent = json!({ "form": "gaps", "output": "json", "recipient": "保健所", "language": "en" });
    assert_eq!(desk.sent("POST", "admin/report"), Some(sent));
    let (_, page) =
        desk.look("guideline/reports/gaps?compare=3&edition=mhlw-7.0&side=&language=ja", Language::English);
    for part in ["Measures", "All of it", "Across", "&#60;first&#62;", "version 3"] {
        assert!(page.contains(part), "{part}: {page}");
    }
    let sent =
        json!({ "form": "gaps", "edition": "mhlw-7.0", "language": "ja", "compare": { "version": 3 } });
    assert_eq!(desk.sent("POST", "admin/report-preview"), Some(sent));
}

#[test]
fn a_risk_offers_the_steps_that_come_next() {
    let risk = |status: &str| {
        json!({ "assets": [], "flows": [], "risks": [{
            "status": status, "level": "high", "overdue": true,
            "risk": { "id": "rs-01", "title": "漏えい", "threat": "盗まれる", "treatment": { "kind": "reduce", "at": "2026-11-20T00:00:00Z" } },
        }] })
    };
    let desk = Trial::new().on("POST", "admin/risk-list", risk("planned")).on(
        "POST",
        "admin/risk-decide",
        json!({}),
    );
    let (_, page) = desk.look("guideline/risks/rs-01", Language::Japanese);
    assert!(
        page.contains("value=\"approve\"")
            && page.contains("value=\"put-in-force\"")
            && !page.contains("value=\"review\"")
            && page.contains("期限切れ")
    );
    let form = [("step", "approve"), ("why", "受容"), ("planned_at", "2026-11-20T00:00:00Z")];
    assert_eq!(desk.send("guideline/risks/rs-01", &form, Language::Japanese).0, 303);
    let sent = json!({ "risk": "rs-01", "step": { "approve": { "note": "受容", "planned_at": "2026-11-20T00:00:00Z" } } });
    assert_eq!(desk.sent("POST", "admin/risk-decide"), Some(sent));
    let planner =
        Trial::new().on("POST", "admin/risk-list", risk("planned")).without(May::Command("risk-decide"));
    assert!(!planner.look("guideline/risks/rs-01", Language::Japanese).1.contains("value=\"approve\""));
    let (_, register) = planner.look("guideline/risks", Language::Japanese);
    assert!(register.contains("guideline/risks/rs-01") && register.contains("期限切れ"));
    assert_eq!(planner.look("guideline/risks/rs-99", Language::Japanese).0, 404);
}

#[test]
fn a_site_that_nobody_checked_is_not_shown_as_safe() {
    let desk = Trial::new().on("POST", "admin/site-show", json!({ "check": null }));
    assert!(desk.look("guideline/site", Language::English).1.contains("is not known"));
    let check = json!({ "position": 5, "check": { "at": "2026-11-20T00:00:00Z", "entered_by": "sato", "check": {
        "sources": [], "violated": 1, "undecided": 0, "threats": [],
    } } });
    let desk = Trial::new().on("POST", "admin/site-show", check);
    let (_, page) = desk.look("guideline/site", Language::English);
    assert!(page.contains("does not mean that there is none") && page.contains("1 violated"));
}

#[test]
fn the_first_run_names_the_step_that_comes_next() {
    let desk = Trial::new()
        .on(
            "POST",
            "admin/question-list",
            json!({ "questions": [{ "state": "answered" }, { "state": "open" }] }),
        )
        .on("POST", "admin/disclosure-list", json!({ "disclosures": [] }))
        .on("POST", "admin/risk-list", json!({ "assets": [] }))
        .on("POST", "admin/site-show", json!({ "check": null }))
        .on("POST", "admin/guideline-list", json!({ "editions": [{ "edition": "mhlw-7.0", "last": null }] }));
    let (status, page) = desk.look("start", Language::English);
    assert_eq!(status, 200);
    assert!(page.contains("1 of 2 answered") && page.contains("after the first assessment"));
    assert_eq!(page.matches("aria-current=\"step\"").count(), 1);
    let of_step = |title: &str| page.split("<h2>").find(|part| part.starts_with(title)).unwrap_or_default();
    let (asked, systems) = (of_step("Answer about"), of_step("Look at systems"));
    assert!(asked.contains(">begun<") && !asked.contains(">done<"), "one of two is not all: {asked}");
    assert!(systems.contains(">to do<") && systems.contains(">next<"), "{systems}");
}
