//! The pages of those who run the facility, at a desk that answers from a table.

use crate::desk::May;
use crate::trial::Trial;
use base::Language::{English, Japanese};
use base::{Class, Code, Problem};
use serde_json::{Value, json};

static WRONG: Code = Code {
    id: "ID-9999",
    class: Class::Unprocessable,
    en: "That does not fit.",
    ja: "この内容は登録できません。",
};
static FRESH: Code =
    Code { id: "ID-0002", class: Class::Refused, en: "Show a factor.", ja: "本人確認が必要です。" };

fn staff(id: &str, name: &str, state: &str) -> Value {
    json!({
        "account": id, "kind": "person", "name": name, "occupation": "doctor", "duties": ["auditor"],
        "state": state, "disabled_because": null, "holding": "own", "work_order": null,
        "made": "2026-11-20T00:00:00Z", "factors": ["password", "totp"], "last_used": null,
        "unused": false, "usable": state == "active", "invited": false,
    })
}

fn shown() -> Value {
    let mut one = staff("sato", "佐藤 見本", "active");
    let members = one.as_object_mut().expect("an object");
    members.insert(
        "factor_list".to_owned(),
        json!([{ "factor": "f1", "kind": "totp", "label": "app", "made": "2026-11-20T00:00:00Z" }]),
    );
    members.insert("sessions".to_owned(), json!([]));
    members.insert("wrong_tries".to_owned(), json!([]));
    one
}

#[test]
fn accounts_are_found_by_name_and_state() {
    let list =
        json!({ "accounts": [staff("sato", "佐藤 見本", "active"), staff("kato", "加藤 例示", "disabled")] });
    let desk = Trial::new().on("POST", "admin/account-list", list);
    let (status, all) = desk.look("operations/accounts", Japanese);
    assert_eq!(status, 200);
    assert!(all.contains("佐藤 見本") && all.contains("加藤 例示") && all.contains("2 件中 2 件"));
    assert!(all.contains("医師・監査担当者"), "roles are said in words");
    let (_, named) = desk.look("operations/accounts?q=%E4%BD%90%E8%97%A4", Japanese);
    assert!(named.contains("佐藤 見本") && !named.contains("加藤 例示"));
    let (_, disabled) = desk.look("operations/accounts?state=unusable", English);
    assert!(
        !disabled.contains("佐藤 見本") && disabled.contains("加藤 例示") && disabled.contains("Disabled")
    );
}

#[test]
fn a_new_person_is_invited_at_once_and_the_code_is_shown() {
    let desk = Trial::new().on("POST", "admin/account-create", json!({})).on(
        "POST",
        "admin/account-invite",
        json!({ "code": "abcd-efgh", "link": "https://x/invitation/abcd", "ends": "2026-11-23T00:00:00Z" }),
    );
    let form = [
        ("account", "ito"),
        ("kind", "person"),
        ("name", "伊藤 例示"),
        ("occupation", "nurse"),
        ("duty", "planner"),
        ("duties", "all"),
    ];
    let (status, page) = desk.send("operations/accounts/new", &form, Japanese);
    assert_eq!(status, 200);
    assert!(page.contains("abcd-efgh") && page.contains("https://x/invitation/abcd"));
    let sent = desk.sent("POST", "admin/account-create").expect("a command");
    assert_eq!(
        sent,
        json!({ "account": "ito", "kind": "person", "name": "伊藤 例示", "occupation": "nurse", "duties": ["planner"] })
    );
}

#[test]
fn a_refused_account_keeps_what_was_typed_and_says_why() {
    let desk = Trial::new().refuses("POST", "admin/account-create", Problem::new(&WRONG));
    let form = [
        ("account", "ito"),
        ("kind", "maintenance"),
        ("name", "保守 太郎"),
        ("order", "W-1"),
        ("company", "例示保守"),
        ("begin", "2026-11-23T09:00"),
        ("until", "2026-11-23T12:00"),
        ("duty", "operator"),
    ];
    let (status, page) = desk.send("operations/accounts/new", &form, Japanese);
    assert_eq!(status, 422);
    for kept in ["この内容は登録できません。", "保守 太郎", "W-1", "例示保守", "2026-11-23T09:00"]
    {
        assert!(page.contains(kept), "{kept}");
    }
    assert!(page.contains(r#"value="operator" checked"#) && page.contains(r#"value="maintenance" selected"#));
    let order = desk.sent("POST", "admin/account-create").and_then(|sent| sent.get("work_order").cloned());
    let wanted = json!({ "order": "W-1", "company": "例示保守", "from": "2026-11-23T09:00:00+09:00", "until": "2026-11-23T12:00:00+09:00" });
    assert_eq!(order, Some(wanted), "times are those of Japan");
}

#[test]
fn an_act_that_needs_a_factor_leads_to_where_it_is_shown_and_back() {
    let desk = Trial::new().refuses("POST", "admin/account-invite", Problem::new(&FRESH));
    let from = [("from", "/f/clinic/console/operations/accounts/sato")];
    let (status, to) = desk.send("operations/accounts/sato/invite", &from, Japanese);
    assert_eq!(status, 303);
    assert_eq!(to, "/f/clinic/console/confirm?next=%2Ff%2Fclinic%2Fconsole%2Foperations%2Faccounts%2Fsato");
}

#[test]
fn an_account_is_disabled_with_its_reason_and_changed_by_what_the_form_holds() {
    let desk = Trial::new()
        .on("POST", "admin/account-show", shown())
        .on("POST", "admin/account-change", json!({}))
        .on("POST", "admin/account-disable", json!({}));
    let (status, page) = desk.look("operations/accounts/sato", English);
    assert_eq!(status, 200);
    assert!(page.contains("Doctor, Auditor") && page.contains("Authenticator app"));
    assert!(page.contains(r#"value="auditor" checked"#) && page.contains(r#"value="doctor" selected"#));
    let (status, to) = desk.send("operations/accounts/sato/disable", &[("reason", "退職")], English);
    assert_eq!((status, to.as_str()), (303, "/f/clinic/console/operations/accounts/sato?done=disable"));
    assert_eq!(
        desk.sent("POST", "admin/account-disable"),
        Some(json!({ "account": "sato", "reason": "退職" }))
    );
    desk.send("operations/accounts/sato/change", &[("name", "佐藤"), ("duties", "all")], English);
    let sent = desk.sent("POST", "admin/account-change");
    assert_eq!(sent, Some(json!({ "account": "sato", "name": "佐藤", "duties": [] })), "no duty is none");
    assert_eq!(desk.send("operations/accounts/sato/explode", &[], English).0, 404);
}

#[test]
fn who_may_only_look_sees_no_acts() {
    let desk = Trial::new().on("POST", "admin/account-show", shown()).without(May::Command("account-change"));
    let (_, page) = desk.look("operations/accounts/sato", English);
    assert!(page.contains("佐藤 見本"));
    assert!(!page.contains("accounts/sato/disable") && !page.contains("accounts/sato/factor"));
}

#[test]
fn a_value_of_the_policy_is_found_where_it_lies_and_sent_by_its_name() {
    let told = json!({
        "policy": { "fresh_seconds": 300, "zones": ["ward=10.0.0.0/8", "office=192.168.0.0/24"], "from_proxy": { "verified_value": "SUCCESS" }, "sms": null },
        "values": {
            "fresh-seconds": { "en": "30 to 900", "ja": "30〜900" }, "zones": { "en": "z", "ja": "z" },
            "from-proxy-verified-value": { "en": "v", "ja": "v" }, "sms-url": { "en": "u", "ja": "u" },
        },
    });
    let desk = Trial::new().on("POST", "admin/policy-show", told).refuses(
        "POST",
        "admin/policy-set",
        Problem::new(&WRONG),
    );
    let (_, page) = desk.look("operations/policy", English);
    for value in ["value=\"300\"", "value=\"ward=10.0.0.0/8,office=192.168.0.0/24\"", "value=\"SUCCESS\""] {
        assert!(page.contains(value), "{value}");
    }
    let (status, page) =
        desk.send("operations/policy", &[("name", "fresh-seconds"), ("value", "9")], English);
    assert_eq!(status, 422);
    assert!(page.contains("value=\"9\"") && page.contains("That does not fit."), "what was typed stays");
    assert_eq!(desk.sent("POST", "admin/policy-set"), Some(json!({ "values": { "fresh-seconds": "9" } })));
}

#[test]
fn ones_own_proposal_of_the_law_can_only_be_taken_back() {
    let proposal = |id: &str, by: &str| json!({ "proposal": id, "by": by, "reason": "why", "text": "permit(x);", "at": "2026-11-20T00:00:00Z", "ends": "2026-11-27T00:00:00Z" });
    let told =
        |by: &str| json!({ "extension": "", "default": "permit(all);", "proposals": [proposal("p1", by)] });
    let (_, own) = Trial::new().on("POST", "admin/law-show", told("doctor")).look("operations/law", English);
    assert!(!own.contains(r#"value="approve""#) && own.contains("Take back"));
    let desk =
        Trial::new().on("POST", "admin/law-show", told("kato")).on("POST", "admin/law-approve", json!({}));
    let (_, other) = desk.look("operations/law", English);
    assert!(other.contains(r#"value="approve""#) && other.contains("Refuse"));
    let (status, _) = desk.send("operations/law", &[("act", "approve"), ("proposal", "p1")], English);
    assert_eq!(status, 303);
    assert_eq!(desk.sent("POST", "admin/law-approve"), Some(json!({ "proposal": "p1" })));
}

#[test]
fn what_was_typed_about_an_emergency_access_stays_when_it_is_refused() {
    let glass = json!({ "glasses": [{ "glass": "g1", "account": "kato", "patient": "p1", "reason": "意識障害で搬送", "from": "2026-11-19T15:00:00Z", "until": "2026-11-19T16:00:00Z", "lasts": false, "reviewed": null }] });
    let desk = Trial::new().on("POST", "admin/glass-list", glass).refuses(
        "POST",
        "admin/glass-review",
        Problem::new(&WRONG),
    );
    let (status, page) = desk.send("operations/alerts", &[("glass", "g1"), ("note", "妥当")], Japanese);
    assert_eq!(status, 422);
    assert!(page.contains("意識障害で搬送") && page.contains(">妥当</textarea>") && page.contains("1 件"));
}

fn event() -> Value {
    json!({
        "resourceType": "AuditEvent", "id": "77", "recorded": "2026-11-19T15:00:00Z", "outcome": "8", "outcomeDesc": "AC-0001; refused",
        "type": { "system": "http://terminology.hl7.org/CodeSystem/audit-event-type", "code": "rest", "display": "RESTful Operation" },
        "subtype": [{ "system": "http://hl7.org/fhir/restful-interaction", "code": "read" }],
        "agent": [
            { "role": [{ "coding": [{ "system": "urn:akashi:occupation", "code": "nurse" }] }], "name": "例示 春香",
              "who": { "identifier": { "system": "urn:akashi:account", "value": "nurse" } } },
            { "who": { "identifier": { "system": "urn:akashi:device", "value": "tablet" } }, "network": { "address": "10.0.0.1" } },
        ],
        "entity": [
            { "what": { "reference": "Patient/p1" }, "type": { "code": "1" } },
            { "what": { "reference": "Observation/o1" }, "type": { "code": "2" } },
            { "detail": [{ "type": "device", "valueString": "tablet" }] },
        ],
    })
}

#[test]
fn a_line_of_the_trail_says_who_did_what_and_how_it_ended() {
    let path = "fhir/AuditEvent?_count=50&patient=Patient/p1&outcome=8";
    let next =
        json!([{ "relation": "next", "url": "https://x/f/clinic/fhir/AuditEvent?_count=50&_cursor=0001" }]);
    let mut found = crate::trial::bundle(&[event()]);
    found.as_object_mut().expect("an object").insert("link".to_owned(), next);
    let desk = Trial::new().told(path, found);
    let (status, page) = desk.look("operations/audit?patient=p1&outcome=8", Japanese);
    assert_eq!(status, 200);
    for part in [
        "例示 春香",
        "看護師",
        "閲覧",
        "患者 p1",
        "Observation/o1",
        "拒否",
        "AC-0001; refused",
        "tablet · 10.0.0.1",
        "記録番号 77",
    ] {
        assert!(page.contains(part), "{part}");
    }
    assert!(page.contains("cursor=0001"), "the earlier ones can be reached");
}

#[test]
fn who_looked_without_treating_comes_first() {
    let looker = |account: &str, treating: &str, outside: u64| {
        json!({ "name": "looker", "part": [
            { "name": "account", "valueIdentifier": { "system": "urn:akashi:account", "value": account } },
            { "name": "occupation", "valueCode": "nurse" },
            { "name": "treating", "valueCode": treating },
            { "name": "not-treating", "valueUnsignedInt": outside },
        ] })
    };
    let told = json!({ "parameter": [looker("kato", "yes", 0), looker("ito", "unknown", 0), looker("sato", "no", 3)] });
    let desk = Trial::new().told("fhir/Patient/p1/$lookers", told);
    let (status, page) = desk.look("operations/lookers?patient=p1", Japanese);
    assert_eq!(status, 200);
    let place = |text: &str| page.find(text).expect("it is on the page");
    assert!(place("account=sato") < place("account=ito") && place("account=ito") < place("account=kato"));
    assert!(page.contains("担当でない") && page.contains("不明") && page.contains(">3</td>"));
    assert_eq!(Trial::new().look("operations/lookers", Japanese).0, 200, "first a patient is asked for");
}

#[test]
fn what_was_refused_is_asked_of_those_who_are_known() {
    let path = "fhir/AuditEvent?_count=50&subtype:missing=false&outcome=8";
    let desk = Trial::new().told(path, crate::trial::bundle(&[event()]));
    assert_eq!(desk.look("operations/audit?kind=refused", Japanese).0, 200, "{:?}", desk.asked());
}

#[test]
fn last_night_is_from_six_in_the_evening_to_seven_in_the_morning_of_japan() {
    // At the desk of tests it is 09:00 of 20 November in Japan.
    let path = "fhir/AuditEvent?_count=50&date=ge2026-11-19T18:00:00+09:00&date=lt2026-11-20T07:00:00+09:00";
    let desk = Trial::new().told(path, crate::trial::bundle(&[]));
    let (status, page) = desk.look("operations/audit?night=1", Japanese);
    assert_eq!(status, 200, "{:?}", desk.asked());
    assert!(page.contains("該当する記録はありません"));
}

#[test]
fn the_system_says_unknown_where_nothing_is_known_and_no_good_in_its_place() {
    let facts = json!({ "facts": [
        { "key": "runtime.journal.verification_passed", "value": null, "how": { "en": "verify", "ja": "検証" } },
        { "key": "runtime.journal.halted", "value": false, "how": { "en": "state", "ja": "状態" } },
    ] });
    let desk = Trial::new().on("POST", "admin/fact-list", facts).told("log/checkpoint", json!(null));
    let (status, page) = desk.look("operations/system", English);
    assert_eq!(status, 200);
    assert!(
        page.contains("The last verification passed")
            && page.contains(r#"<span class="tag wait">not known</span>"#)
    );
    assert!(page.contains("Writing is stopped"));
    let closed = Trial::new().without(May::Command("fact-list")).without(May::Log);
    assert!(closed.look("operations/system", English).1.contains("You may not see"));
}

#[test]
fn the_menu_leads_here_only_those_who_may_do_something() {
    let (_, page) = Trial::new().look("operations", English);
    assert!(page.contains("console/operations/audit"));
    let mut desk = Trial::new().without(May::Audit);
    for name in
        ["account-list", "certificate-list", "policy-show", "law-show", "law-matrix", "glass-list", "facts"]
    {
        desk = desk.without(May::Command(name));
    }
    let (_, page) = desk.look("operations", English);
    assert!(page.contains("You may do nothing here.") && !page.contains(">Operations</a>"));
}
