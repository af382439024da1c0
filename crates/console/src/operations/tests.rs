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
fn what_was_typed_waits_for_a_factor_and_is_sent_afterwards() {
    let desk = Trial::new().refuses("POST", "admin/law-propose", Problem::new(&FRESH)).on(
        "POST",
        "session/step-up",
        json!({}),
    );
    let law = "permit (principal, action, resource) when { \"見\" == \"a&b=c\" };\r\n";
    let typed = [("from", "/f/clinic/console/operations/law"), ("text", law), ("reason", "夜勤の見直し")];
    let (status, page) = desk.send("operations/law", &typed, Japanese);
    assert_eq!(status, 403);
    assert!(page.contains("入力した内容は保たれており") && page.contains(r#"name="code""#));
    let waiting = hidden(&page, "waiting");
    let carried = [
        ("next", "/f/clinic/console/operations/law"),
        ("to", "/f/clinic/console/operations/law"),
        ("waiting", waiting.as_str()),
        ("code", "123456"),
    ];
    let (status, page) = desk.send("confirm", &carried, Japanese);
    assert_eq!(status, 200);
    assert!(page.contains(
        r#"<form class="card" method="post" action="/f/clinic/console/operations/law" data-onward>"#
    ));
    assert_eq!(hidden(&page, "reason"), "夜勤の見直し");
    assert_eq!(hidden(&page, "text"), law);
}

#[test]
fn a_wrong_code_loses_nothing_and_nothing_is_sent_elsewhere() {
    let desk = Trial::new().refuses("POST", "session/step-up", Problem::new(&WRONG));
    let carried = |to| [("to", to), ("waiting", "reason=%E9%80%80%E8%81%B7"), ("code", "000000")];
    let (status, page) =
        desk.send("confirm", &carried("/f/clinic/console/operations/accounts/sato/disable"), Japanese);
    assert_eq!(status, 422);
    assert_eq!(hidden(&page, "waiting"), "reason=%E9%80%80%E8%81%B7");
    assert!(page.contains(r#"value="退職""#), "for the passkey, which is shown by a script");
    let desk = Trial::new().on("POST", "session/step-up", json!({}));
    let (_, page) = desk.send("confirm", &carried("https://evil.example/"), Japanese);
    assert!(!page.contains("evil.example") && page.contains(r#"action="/f/clinic/console" data-onward"#));
}

#[test]
fn passwords_do_not_wait_on_a_page() {
    let desk = Trial::new().refuses("POST", "factors/password", Problem::new(&FRESH));
    let form = [
        ("from", "/f/clinic/console/me"),
        ("old", "secret-one"),
        ("new", "secret-two"),
        ("again", "secret-two"),
    ];
    let (status, to) = desk.send("me/password", &form, Japanese);
    assert_eq!((status, to.as_str()), (303, "/f/clinic/console/confirm?next=%2Ff%2Fclinic%2Fconsole%2Fme"));
}

/// The value of the last hidden field of this name.
fn hidden(page: &str, name: &str) -> String {
    let start = format!(r#"<input type="hidden" name="{name}" value=""#);
    let (_, rest) = page.rsplit_once(&start).expect("the field is on the page");
    rest.split('"').next().unwrap_or_default().replace("&#34;", "\"").replace("&#38;", "&")
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
fn a_machine_with_a_certificate_does_not_look_as_if_it_had_no_factor() {
    let told = || {
        let tablet = json!({ "account": "tablet", "name": "診察室", "kind": "device", "state": "active", "usable": true, "factors": [] });
        Trial::new().on("POST", "admin/account-list", json!({ "accounts": [tablet] }))
    };
    let desk = told().on("POST", "admin/certificate-list", certificates());
    let (_, page) = desk.look("operations/accounts", English);
    assert!(page.contains(r#"data-head="Factors">Client certificate<"#), "{page}");
    let closed = told().without(May::Command("certificate-list"));
    let (_, page) = closed.look("operations/accounts", English);
    assert!(page.contains(r#"data-head="Factors">not known<"#), "a certificate is not ruled out");
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
fn who_looked_at_a_patient_stands_on_one_page() {
    let desk = Trial::new();
    assert_eq!(desk.look("operations/lookers", Japanese).0, 200, "first a patient is asked for");
    for patient in ["p1", "Patient%2Fp1"] {
        let (status, to) = desk.look(&format!("operations/lookers?patient={patient}"), Japanese);
        assert_eq!((status, to.as_str()), (303, "/f/clinic/console/patients/p1/lookers"));
    }
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
    let (status, page) = desk.look("operations/audit?span=night", Japanese);
    assert_eq!(status, 200, "{:?}", desk.asked());
    assert!(page.contains("該当する記録はありません"));
}

#[test]
fn the_system_says_unknown_where_nothing_is_known_and_no_good_in_its_place() {
    let facts = json!({ "facts": [
        { "key": "runtime.journal.verification_passed", "value": null, "how": { "en": "verify", "ja": "検証" } },
        { "key": "runtime.journal.halted", "value": false, "how": { "en": "state", "ja": "状態" },
          "observed": "2026-11-20T00:00:05Z" },
    ] });
    let desk = Trial::new().on("POST", "admin/fact-list", facts).told("log/checkpoint", json!(null)).on(
        "POST",
        "admin/facts",
        json!({ "facts": [] }),
    );
    let (status, page) = desk.look("operations/system", English);
    assert_eq!(status, 200);
    assert!(
        page.contains("The last verification passed")
            && page.contains(r#"<span class="tag wait">not known</span>"#)
    );
    assert!(page.contains("Writing is stopped"));
    assert!(page.contains("As seen at") && page.contains("console/operations/system?now"), "{page}");
    assert_eq!(desk.sent("POST", "admin/fact-list"), Some(json!({ "recent": true })));
    desk.look("operations/system?now", English);
    assert_eq!(desk.sent("POST", "admin/fact-list"), Some(json!({ "recent": false })), "asked to look again");
    assert_eq!(
        page.matches(r#"<p><span class="tag wait">not known</span></p>"#).count(),
        2,
        "witnesses, collector"
    );
    let none = json!({ "facts": [
        { "name": "journal.witnesses", "value": [] }, { "name": "audit.collector.configured", "value": false },
    ] });
    let closed =
        Trial::new().on("POST", "admin/facts", none).without(May::Command("fact-list")).without(May::Log);
    let (_, page) = closed.look("operations/system", English);
    assert!(
        page.contains("You may not see")
            && page.contains("No witness is listed")
            && page.contains("No outside collector")
    );
}

#[test]
fn the_menu_leads_here_only_those_who_may_do_something() {
    let (_, page) = Trial::new().look("operations", English);
    assert!(page.contains("console/operations/audit"));
    let mut desk = Trial::new().without(May::Audit);
    for name in [
        "account-list",
        "app-list",
        "certificate-list",
        "policy-show",
        "law-show",
        "law-matrix",
        "glass-list",
        "facts",
    ] {
        desk = desk.without(May::Command(name));
    }
    let (_, page) = desk.look("operations", English);
    assert!(page.contains("You may do nothing here.") && !page.contains(">Operations</a>"));
}

fn certificates() -> Value {
    json!({
        "authorities": [{ "authority": "aa11", "name": "Akashi CA", "own": true, "stands_for": null, "revocation": "register", "lists": 0 }],
        "certificates": [{ "fingerprint": "f00d", "account": "tablet", "subject": "CN=tablet", "not_after": "2027-11-20T00:00:00Z", "state": "good", "revoked_because": null }],
    })
}

#[test]
fn a_certificate_is_issued_and_its_file_is_shown_once() {
    let told = json!({ "account": "tablet", "not_after": "2027-11-20T00:00:00Z", "pkcs12": "AAEC", "passphrase": "abcd-efgh", "link": "https://x/certificate/1" });
    let desk = Trial::new().on("POST", "admin/certificate-issue", told);
    let form = [("act", "issue"), ("account", "tablet"), ("days", "30"), ("compatible", "1")];
    let (status, page) = desk.send("operations/certificates", &form, Japanese);
    assert_eq!(status, 200);
    for part in
        ["abcd-efgh", "https://x/certificate/1", "data:application/x-pkcs12;base64,AAEC", "tablet.p12"]
    {
        assert!(page.contains(part), "{part}");
    }
    let sent = desk.sent("POST", "admin/certificate-issue");
    assert_eq!(sent, Some(json!({ "account": "tablet", "days": 30, "for_old_devices": true })));
}

#[test]
fn a_certificate_is_revoked_for_a_reason_that_the_command_knows() {
    let desk = Trial::new().on("POST", "admin/certificate-list", certificates()).on(
        "POST",
        "admin/certificate-revoke",
        json!({}),
    );
    let (_, page) = desk.look("operations/certificates", Japanese);
    assert!(page.contains(r#"<option value="lost">紛失</option>"#) && page.contains("Akashi CA"));
    let form = [("act", "revoke"), ("certificate", "f00d"), ("reason", "lost")];
    let (status, to) = desk.send("operations/certificates", &form, Japanese);
    assert_eq!(
        (status, to.as_str()),
        (303, "/f/clinic/console/operations/certificates?done=certificate-revoke")
    );
    let sent = desk.sent("POST", "admin/certificate-revoke");
    assert_eq!(sent, Some(json!({ "certificate": "f00d", "reason": "lost" })));
    assert_eq!(desk.send("operations/certificates", &[("act", "burn")], Japanese).0, 404);
}

#[test]
fn a_refused_authority_keeps_what_was_pasted() {
    let desk = Trial::new().on("POST", "admin/certificate-list", certificates()).refuses(
        "POST",
        "admin/certificate-trust",
        Problem::new(&WRONG),
    );
    let form = [("act", "trust"), ("name", "地域連携 CA"), ("certificates", "-----BEGIN"), ("without", "1")];
    let (status, page) = desk.send("operations/certificates", &form, Japanese);
    assert_eq!(status, 422);
    assert!(
        page.contains("地域連携 CA")
            && page.contains(">-----BEGIN</textarea>")
            && page.contains(r#"name="without" value="1" checked"#)
    );
    let sent = desk.sent("POST", "admin/certificate-trust");
    let wanted = json!({ "name": "地域連携 CA", "certificates": "-----BEGIN", "without_list": true });
    assert_eq!(sent, Some(wanted));
}

#[test]
fn the_revocation_list_is_had_as_a_file() {
    let desk =
        Trial::new().on("POST", "admin/certificate-crl", json!({ "list": "-----BEGIN X509 CRL-----" }));
    let (status, file) = desk.send("operations/certificates", &[("act", "crl")], English);
    assert_eq!((status, file.as_str()), (200, "-----BEGIN X509 CRL-----"));
}

#[test]
fn an_app_is_registered_changed_and_ended() {
    let app = json!({ "app": "chart", "kind": "confidential", "name": "経過表", "redirects": ["https://a/1", "https://a/2"], "launch": null, "scopes": "patient/Observation.rs", "keys": { "keys": [] }, "account": null, "state": "active", "disabled_because": null, "made": "2026-11-20T00:00:00Z", "grants": [{ "account": "kato", "scopes": "patient/Observation.rs", "lasts": "offline", "device": null, "made": "2026-11-20T00:00:00Z", "ends": "2026-12-20T00:00:00Z" }] });
    let desk = Trial::new()
        .on("POST", "admin/app-register", json!({}))
        .on("POST", "admin/app-show", app)
        .on("POST", "admin/app-change", json!({}))
        .refuses("POST", "admin/app-disable", Problem::new(&WRONG));
    let form = [
        ("app", "chart"),
        ("kind", "confidential"),
        ("name", "経過表"),
        ("scopes", "patient/Observation.rs"),
        ("redirects", "https://a/1\r\n\r\nhttps://a/2"),
        ("keys", r#"{"keys":[]}"#),
    ];
    let (status, to) = desk.send("operations/apps/new", &form, Japanese);
    assert_eq!((status, to.as_str()), (303, "/f/clinic/console/operations/apps/chart?done=app-registered"));
    let sent = desk.sent("POST", "admin/app-register");
    let wanted = json!({ "app": "chart", "kind": "confidential", "name": "経過表", "scopes": "patient/Observation.rs", "redirects": ["https://a/1", "https://a/2"], "keys": { "keys": [] } });
    assert_eq!(sent, Some(wanted));
    let (_, page) = desk.look("operations/apps/chart", Japanese);
    assert!(page.contains("ログアウト後も") && page.contains("https://a/1\nhttps://a/2</textarea>"));
    assert_eq!(desk.send("operations/apps/chart/change", &form, Japanese).0, 303);
    let (status, page) = desk.send("operations/apps/chart/disable", &[("reason", "契約終了")], Japanese);
    assert_eq!(status, 422);
    assert!(page.contains(r#"value="契約終了""#));
}

fn matrix(proposal: Option<&str>) -> Value {
    let role = |word: &str, is: &str, actions: &[&str]| json!({ "role": word, "is": is, "records": [{ "types": ["Observation", "Patient"], "actions": actions }], "others": ["own"], "changes": [], "others_gained": [], "others_lost": [] });
    let look = ["read", "search", "vread", "history", "everything", "validate", "proof"];
    let mut nurse = role("nurse", "occupation", &[&look[..], &["create", "delete-own"]].concat());
    let changes = json!([{ "types": ["Observation"], "gained": ["create"], "lost": ["finalize"] }]);
    nurse.as_object_mut().expect("an object").insert("changes".to_owned(), changes);
    json!({
        "proposal": proposal, "compared_with": "default", "own_policies": true, "conditions": ["hour"], "zones": ["elsewhere", "ward"],
        "situation": { "restricted": false, "treating": false, "zone": "elsewhere", "hour": 12, "weekday": 1 },
        "roles": [role("doctor", "occupation", &look), role("dentist", "occupation", &look), nurse, role("auditor", "duty", &[])],
    })
}

#[test]
fn the_table_says_who_may_do_what_and_what_is_otherwise() {
    let desk = Trial::new().on("POST", "admin/law-matrix", matrix(None));
    let (status, page) = desk.look("operations/roles", Japanese);
    assert_eq!(status, 200);
    assert!(
        page.contains("医師</a><a") && page.contains("歯科医師"),
        "those who may do the same share a column"
    );
    assert!(
        page.contains("<td>見</td>") && page.contains("<td>見 (書) 削*<ins>(書)</ins><del>(確)</del></td>"),
        "{page}"
    );
    assert!(page.contains("<ins>作成</ins>") && page.contains("<del>確定</del>"));
    assert!(page.contains("次の条件も見ています：時刻"));
    let (_, nurse) = desk.look("operations/roles?role=nurse&hour=3&restricted=1", Japanese);
    assert!(nurse.contains("誰が何をできるか：看護師") && nurse.contains("削除（自分の未確定の記録だけ）"));
    let sent = desk.sent("POST", "admin/law-matrix");
    assert_eq!(sent, Some(json!({ "restricted": true, "hour": 3 })));
    let (_, one) = desk.look("operations/roles?action=delete", English);
    assert!(one.contains("<td>yes*</td>") && !one.contains("<td>L"));
}

#[test]
fn a_proposal_is_compared_before_it_is_approved() {
    let desk = Trial::new().on("POST", "admin/law-matrix", matrix(Some("p1")));
    let (_, page) = desk.look("operations/roles?proposal=p1", English);
    assert!(page.contains("not in force yet") && page.contains("What this proposal changes"));
    assert!(page.contains(r#"name="proposal" value="p1""#), "the filter stays with the proposal");
    let told = json!({ "extension": "", "default": "", "proposals": [{ "proposal": "p1", "by": "kato", "reason": "why", "text": "", "at": "2026-11-20T00:00:00Z", "ends": "2026-11-27T00:00:00Z" }] });
    let (_, law) = Trial::new().on("POST", "admin/law-show", told).look("operations/law", English);
    assert!(law.contains("operations/roles?proposal=p1"));
}

#[test]
fn the_trail_is_had_as_a_file_without_formulas() {
    let mut one = event();
    one.as_object_mut().expect("an object").insert("outcomeDesc".to_owned(), json!("=1+1"));
    let desk =
        Trial::new().told("fhir/AuditEvent?_count=50&patient=Patient/p1", crate::trial::bundle(&[one]));
    let (status, file) = desk.look("operations/audit/file?patient=p1", Japanese);
    assert_eq!(status, 200);
    assert!(
        file.starts_with('\u{feff}')
            && file.contains("\"nurse\",\"例示 春香\"")
            && file.contains("\"'=1+1\"")
    );
    assert_eq!(file.lines().count(), 2, "{file}");
}

#[test]
fn witnesses_and_the_collector_are_told_as_they_are() {
    let facts = json!({ "facts": [
        { "name": "journal.witnesses", "value": [
            { "witness": "example.org/w1", "cosigned_size": 42, "cosigned": "2026-11-20T00:00:00Z", "contradicted": null },
            { "witness": "example.org/w2", "cosigned_size": null, "cosigned": null, "contradicted": { "says": "x" } },
        ] },
        { "name": "audit.collector.configured", "value": true },
        { "name": "audit.collector.connected", "value": false },
        { "name": "audit.collector.behind", "value": 7 },
    ] });
    let desk =
        Trial::new().on("POST", "admin/facts", facts).without(May::Command("fact-list")).without(May::Log);
    let (_, page) = desk.look("operations/system", English);
    for part in [
        "example.org/w1",
        "Has not cosigned yet",
        "two histories",
        "<dd>7</dd>",
        r#"<span class="tag wait">not known</span>"#,
    ] {
        assert!(page.contains(part), "{part}");
    }
}
