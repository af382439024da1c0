//! The pages of forms, changes, risks and disclosures against a desk that answers from a table.

use crate::desk::May;
use crate::trial::Trial;
use crate::words::Words;
use base::{Class, Code, Language, Problem};
use serde_json::{Value, json};

/// A refusal that a person can mend.
static WRONG: Code =
    Code { id: "EV-9998", class: Class::Invalid, en: "A name is needed.", ja: "氏名が必要です。" };

const ITEM: &str = "mhlw-checklist-2025/facility/2-9";
const ADDRESS: &str = "guideline/forms/mhlw-checklist-2025?part=facility&chapter=2";

fn form(verdict: &str, target: Value) -> Value {
    let facts = json!([
        { "key": "person.media", "kind": "yes-no", "text": { "ja": "制限したか", "en": "restricted?" },
          "fact": null, "asked_of": "operator", "open": true },
        { "key": "document.terminal_rules", "kind": "yes-no", "text": { "ja": "規則", "en": "rules" },
          "fact": { "value": true, "how": { "ja": "台帳", "en": "register" }, "position": 12 } },
        { "key": "site.usb", "kind": "yes-no", "text": { "ja": "USB", "en": "USB" },
          "fact": { "value": true, "origin": "site", "how": { "ja": "検査", "en": "check" } } },
    ]);
    let mut item = json!({
        "requirement": ITEM, "item": "2-⑨", "name": { "ja": "媒体の制限", "en": "media" },
        "summary": { "ja": "制限しているか", "en": "are they restricted" },
        "deadline": { "ja": "年度中", "en": "this year" }, "verdict": verdict, "exclusion": null,
        "remedy": { "ja": "設定する", "en": "set it" },
    });
    item["facts"] = facts;
    item["target"] = target;
    let first = json!({
        "number": "1", "title": { "ja": "体制", "en": "organisation" }, "counts": [{ "verdict": "met", "count": 1 }],
    });
    let mut second = json!({
        "number": "2", "title": { "ja": "管理", "en": "running" },
        "counts": [{ "verdict": "met", "count": 1 }, { "verdict": "unknown", "count": 2 }],
    });
    second["items"] = json!([item]);
    let part = json!({
        "part": "facility", "title": { "ja": "医療機関確認用", "en": "for facilities" }, "chapters": [first, second],
    });
    json!({ "edition": "mhlw-checklist-2025", "url": "https://example.jp/", "parts": [part] })
}

fn desk(verdict: &str) -> Trial {
    Trial::new().on("POST", "admin/guideline-form", form(verdict, Value::Null))
}

#[test]
fn a_form_shows_how_far_each_chapter_is() {
    let desk = desk("met");
    let (status, page) = desk.look("guideline/forms/mhlw-checklist-2025", Language::English);
    assert_eq!(status, 200);
    assert!(page.contains("2 of 4 items are answered") && page.contains("1 / 3"), "{page}");
    assert!(
        page.contains("part=facility&#38;chapter=2") || page.contains("part=facility&amp;chapter=2"),
        "{page}"
    );
    assert_eq!(desk.look("guideline/forms/mhlw-7.0", Language::English).0, 404, "that is no form");
}

#[test]
fn only_what_is_known_to_be_met_is_a_yes() {
    for (verdict, answer) in [
        ("met", "はい"),
        ("partly", "いいえ"),
        ("not-met", "いいえ"),
        ("not-applicable", "対象外"),
        ("unknown", "未確認"),
        ("needs-a-person", "未確認"),
        ("something-new", "未確認"),
    ] {
        let (_, page) = desk(verdict).look(ADDRESS, Language::Japanese);
        let tag = page.split("2-⑨ 媒体の制限 <span class=\"tag ").nth(1).unwrap_or_default();
        assert!(tag.split('>').nth(1).is_some_and(|rest| rest.starts_with(answer)), "{verdict}: {tag:.60}");
    }
}

#[test]
fn an_item_is_answered_where_a_person_is_asked_and_nowhere_else() {
    let desk = desk("needs-a-person");
    let (_, page) = desk.look(ADDRESS, Language::English);
    assert!(page.contains("value=\"person.media\"") && page.contains("guideline/documents/terminal_rules"));
    assert!(!page.contains("value=\"site.usb\""), "what the check shows nobody has to say");
    assert!(page.contains("No target date is set."));
    let sees = self::desk("needs-a-person")
        .without(May::Command("attest"))
        .without(May::Command("requirement-target"));
    let (_, page) = sees.look(ADDRESS, Language::English);
    assert!(!page.contains("<form class=\"two\""), "who may not answer sees the answers only");
}

#[test]
fn an_answer_is_sent_and_leads_back_to_its_item() {
    let desk = desk("needs-a-person").on("POST", "admin/attest", json!({}));
    let form = [
        ("requirement", ITEM),
        ("act", "answer"),
        ("question", "person.media"),
        ("kind", "yes-no"),
        ("answer", "no"),
        ("name", "佐藤"),
        ("note", ""),
    ];
    let (status, to) = desk.send(ADDRESS, &form, Language::Japanese);
    assert_eq!(status, 303);
    assert!(
        to.ends_with("chapter=2&saved=mhlw-checklist-2025-facility-2-9#mhlw-checklist-2025-facility-2-9"),
        "{to}"
    );
    let sent = json!({ "question": "person.media", "answer": false, "name": "佐藤" });
    assert_eq!(desk.sent("POST", "admin/attest"), Some(sent));
}

#[test]
fn a_refused_answer_keeps_what_was_typed_in_its_own_form() {
    let desk = desk("needs-a-person").refuses("POST", "admin/attest", Problem::new(&WRONG));
    let form = [
        ("requirement", ITEM),
        ("act", "answer"),
        ("question", "person.media"),
        ("kind", "yes-no"),
        ("answer", "yes"),
        ("name", ""),
        ("note", "書いたこと"),
    ];
    let (status, page) = desk.send(ADDRESS, &form, Language::Japanese);
    assert_eq!(status, 422);
    assert!(page.contains("氏名が必要です。"));
    assert_eq!(page.matches("value=\"書いたこと\"").count(), 1, "not in the form of the target");
    assert!(page.contains("value=\"yes\" checked"));
}

#[test]
fn a_target_is_set_shown_and_taken_back() {
    let target = json!({ "owner": "事務長", "due": "2026-12-31", "position": 9, "over": true });
    let desk = Trial::new()
        .on("POST", "admin/guideline-form", form("not-met", target))
        .on("POST", "admin/requirement-target", json!({}))
        .on("POST", "admin/requirement-target-remove", json!({}));
    let (_, page) = desk.look(ADDRESS, Language::Japanese);
    assert!(page.contains("目標日：2026-12-31（担当：事務長）") && page.contains("期限切れ"));
    let form = [("requirement", ITEM), ("act", "target"), ("owner", "院長"), ("due", "2027-01-31")];
    assert_eq!(desk.send(ADDRESS, &form, Language::Japanese).0, 303);
    let sent = json!({ "requirement": ITEM, "owner": "院長", "due": "2027-01-31" });
    assert_eq!(desk.sent("POST", "admin/requirement-target"), Some(sent));
    assert_eq!(desk.send(ADDRESS, &[("requirement", ITEM), ("act", "untarget")], Language::Japanese).0, 303);
    assert_eq!(desk.sent("POST", "admin/requirement-target-remove"), Some(json!({ "requirement": ITEM })));
}

fn changes() -> Value {
    let kept = |version: u64| json!({ "version": version, "at": "2026-11-20T00:00:00Z", "position": version, "counts": [] });
    let change = |way: &str, after: &str| {
        json!({
            "requirement": format!("mhlw-7.0/control/{way}"), "item": "①", "name": { "ja": way, "en": way },
            "before": "met", "after": after, "way": way, "excluded": null, "included": null,
            "causes": [{ "key": "person.x", "text": { "ja": "質問", "en": "question" }, "unit": null,
                "before": { "value": true, "how": { "ja": "佐藤 さんの回答", "en": "answered by Sato" }, "position": 4 }, "after": null }],
        })
    };
    json!({
        "edition": "mhlw-7.0", "inspected": "2026-11-01T00:00:00Z", "kept": [kept(3), kept(2), kept(1)],
        "from": kept(1), "to": kept(3), "same": 7,
        "changes": [change("better", "met"), change("worse", "not-met"), change("unknown", "unknown")],
    })
}

fn listed() -> Value {
    json!({ "editions": [{ "edition": "mhlw-7.0", "last": {} }, { "edition": "mhlw-6.0", "last": null }] })
}

#[test]
fn what_got_worse_comes_before_what_got_better_with_its_cause() {
    let desk = Trial::new().on("POST", "admin/guideline-list", listed()).on(
        "POST",
        "admin/guideline-changes",
        changes(),
    );
    let (status, page) = desk.look("guideline/changes", Language::English);
    assert_eq!(status, 200);
    assert_eq!(desk.sent("POST", "admin/guideline-changes"), Some(json!({ "edition": "mhlw-7.0" })));
    let place = |text: &str| page.find(text).unwrap_or(usize::MAX);
    assert!(place("Worse: 1") < place("Not known any more: 1"));
    assert!(place("Not known any more: 1") < place("Better: 1") && place("Better: 1") < usize::MAX);
    assert!(
        page.contains("<del>yes</del> <ins>not known</ins>") && page.contains("answered by Sato"),
        "{page}"
    );
    assert!(page.contains("3 verdicts changed, 7 did not."));
}

#[test]
fn two_assessments_are_chosen_within_one_edition_only() {
    let desk = Trial::new().on("POST", "admin/guideline-list", listed()).on(
        "POST",
        "admin/guideline-changes",
        changes(),
    );
    desk.look("guideline/changes?edition=mhlw-7.0&of=mhlw-7.0&from=1&to=2", Language::English);
    let sent = desk.sent("POST", "admin/guideline-changes");
    assert_eq!(sent, Some(json!({ "edition": "mhlw-7.0", "from": 1, "to": 2 })));
    desk.look("guideline/changes?edition=mhlw-7.0&of=mhlw-6.0&from=1&to=2", Language::English);
    assert_eq!(desk.sent("POST", "admin/guideline-changes"), Some(json!({ "edition": "mhlw-7.0" })));
}

#[test]
fn a_facility_without_two_assessments_is_told_so() {
    let none = json!({ "edition": "mhlw-7.0", "kept": [], "from": null, "to": null, "inspected": null });
    let desk =
        Trial::new().on("POST", "admin/guideline-list", listed()).on("POST", "admin/guideline-changes", none);
    let (_, page) = desk.look("guideline/changes", Language::English);
    assert!(page.contains("no two assessments to compare") && !page.contains("No verdict changed"));
}

#[test]
fn assets_and_flows_are_entered_as_the_register_takes_them() {
    let desk = Trial::new()
        .on("POST", "admin/risk-list", json!({ "assets": [{ "id": "nas", "name": "NAS", "kind": "medium", "holds": [], "where": "facility", "owner": "x" }], "flows": [], "risks": [] }))
        .on("POST", "admin/risk-asset", json!({}))
        .on("POST", "admin/risk-flow", json!({}));
    let (_, page) = desk.look("guideline/risks/assets", Language::English);
    assert!(
        page.contains("NAS") && page.contains("<span>not known</span></td>"),
        "what it holds is not known: {page}"
    );
    let asset = [
        ("act", "asset"),
        ("id", "pc"),
        ("name", "端末"),
        ("kind", "terminal"),
        ("holds", "clinical-record"),
        ("holds", "logs"),
        ("where", "facility"),
        ("owner", "佐藤"),
    ];
    assert_eq!(desk.send("guideline/risks/assets", &asset, Language::Japanese).0, 303);
    let sent = json!({ "asset": {
        "id": "pc", "name": "端末", "kind": "terminal", "holds": ["clinical-record", "logs"], "where": "facility", "owner": "佐藤",
    } });
    assert_eq!(desk.sent("POST", "admin/risk-asset"), Some(sent));
    let flow = [
        ("act", "flow"),
        ("id", "lab"),
        ("name", "検査"),
        ("from", "nas"),
        ("to", ""),
        ("to_outside", "検査会社"),
        ("by", "vpn"),
        ("crosses", "yes"),
    ];
    assert_eq!(desk.send("guideline/risks/assets", &flow, Language::Japanese).0, 303);
    let sent = json!({ "flow": {
        "id": "lab", "name": "検査", "from": { "asset": "nas" }, "to": { "outside": "検査会社" }, "carries": [],
        "by": "vpn", "crosses_boundary": true,
    } });
    assert_eq!(desk.sent("POST", "admin/risk-flow"), Some(sent));
}

#[test]
fn a_disclosure_is_taken_in_as_it_was_pasted() {
    let desk = Trial::new()
        .on("POST", "admin/disclosure-list", json!({ "disclosures": [], "built_in": [{ "party": "aws", "name": { "ja": "AWS", "en": "AWS" } }] }))
        .on("POST", "admin/guideline-list", listed())
        .on("POST", "admin/disclosure-import", json!({}));
    let (_, page) = desk.look("guideline/disclosures", Language::English);
    assert!(page.contains("None was taken in yet.") && page.contains("value=\"aws\""));
    assert!(
        page.contains(
            "<option value=\"mhlw-7.0\">Safety of medical information systems, 7.0 (MHLW)</option>"
        )
    );
    let text = "format: akashi-disclosure/1\r\nparty: {}\r\n";
    let form = [("act", "import"), ("name", "v.yaml"), ("text", text), ("edition", "")];
    assert_eq!(desk.send("guideline/disclosures", &form, Language::English).0, 303);
    assert_eq!(desk.sent("POST", "admin/disclosure-import"), Some(json!({ "name": "v.yaml", "text": text })));
    let refused = Trial::new()
        .on("POST", "admin/disclosure-list", json!({ "disclosures": [], "built_in": [] }))
        .on("POST", "admin/guideline-list", listed())
        .refuses("POST", "admin/disclosure-import", Problem::new(&WRONG));
    let (status, page) = refused.send("guideline/disclosures", &form, Language::English);
    assert!(status == 422 && page.contains("akashi-disclosure/1"), "what was pasted is kept");
}

#[test]
fn every_word_of_the_register_and_of_changes_has_a_text() {
    let keys = super::changes::texts().chain(super::assets::texts());
    let mut count = 0;
    for key in keys {
        for language in [Language::Japanese, Language::English] {
            assert!(Words(language).knows(&key), "{key}");
        }
        count += 1;
    }
    assert!(count > 30);
}

#[test]
fn a_risk_that_waits_for_the_director_comes_first_for_them_alone() {
    let risk = |id: &str, status: &str, waits: bool| json!({ "status": status, "level": "high", "awaits_approval": waits, "risk": { "id": id, "title": id, "threat": "x" } });
    let risks = json!([risk("rs-01", "identified", false), risk("rs-02", "planned", true)]);
    let told = json!({ "assets": [], "flows": [], "risks": risks });
    let desk = || Trial::new().on("POST", "admin/risk-list", told.clone());
    let first = |page: &str| page.find("risks/rs-02\"") < page.find("risks/rs-01\"");
    assert!(first(&desk().look("guideline/risks", Language::Japanese).1));
    let planner = desk().without(May::Command("risk-decide"));
    assert!(!first(&planner.look("guideline/risks", Language::Japanese).1));
    let (_, page) = desk().look("guideline/risks?status=identified", Language::Japanese);
    assert!(page.contains("risks/rs-01\"") && !page.contains("risks/rs-02\""));
}
