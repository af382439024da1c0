//! The pages on which a person logs in and decides.

use super::{Scene, ask, between, browser, consent, page_of, request, send, sent_back};
use http::Method;

#[test]
fn whoever_has_no_session_logs_in_on_the_way() {
    let scene = Scene::new();
    let browser = scene.clinic.client().browser();
    let page = page_of(&ask(&browser, &request(&browser, "patient/*.rs")).expect(200));
    let shown = browser.call(Method::GET, &page).send().expect(200).text();
    assert!(shown.contains("name=\"account\"") && shown.contains("検査ビューアー"), "{shown}");
    assert!(!shown.contains("name=\"consent\""));
    let wrong = send(&browser, &page, &[("account", "hana"), ("password", "wrong"), ("code", "000000")]);
    assert_eq!((wrong.status(), wrong.field("set-cookie")), (422, ""));
    let code = scene.hana.next_code(&scene.clinic);
    let right = [("account", "hana"), ("password", scene.hana.password.as_str()), ("code", code.as_str())];
    let shown = send(&browser, &page, &right).expect(200);
    assert!(browser.cookie("__Host-akashi-session").is_some());
    let handle = between(&shown.text(), "name=\"consent\" value=\"", "\"").to_owned();
    let back =
        sent_back(&send(&browser, &page, &[("consent", &handle), ("decision", "allow"), ("patient", "p")]));
    assert!(back["code"].is_string());
}

#[test]
fn another_site_cannot_log_a_browser_in_by_this_page() {
    let scene = Scene::new();
    let browser = scene.clinic.client().browser();
    let page = page_of(&ask(&browser, &request(&browser, "patient/*.rs")).expect(200));
    let code = scene.hana.next_code(&scene.clinic);
    let right = [("account", "hana"), ("password", scene.hana.password.as_str()), ("code", code.as_str())];
    let reply = browser
        .call(Method::POST, &page)
        .field("sec-fetch-site", "cross-site")
        .body("application/x-www-form-urlencoded", testkit::form(&right))
        .send();
    assert_eq!(reply.refusal(), (403, "SV-0032".to_owned()));
    assert_eq!(browser.cookie("__Host-akashi-session"), None);
}

#[test]
fn the_page_says_which_app_asks_for_what_in_words() {
    let scene = Scene::new();
    let browser = scene.browser();
    let page = page_of(&ask(&browser, &request(&browser, "offline_access patient/Observation.rs user/*.c")));
    let shown = |language: &str| {
        browser.call(Method::GET, &page).field("accept-language", language).send().expect(200)
    };
    let japanese = shown("ja").text();
    for text in [
        "検査ビューアー",
        "山田 花子",
        "指定した患者の「Observation」を読む・検索する",
        "あなたが閲覧できるすべての患者の「すべての記録」を作成する",
        "最長 30 日間",
        "https://app.example/back",
    ] {
        assert!(japanese.contains(text), "{text} in {japanese}");
    }
    assert!(shown("en").text().contains("read, search – Observation of the patient whom you choose"));
}

#[test]
fn the_pages_run_no_script_and_lead_only_to_the_app() {
    let scene = Scene::new();
    let browser = scene.browser();
    let first = ask(&browser, &request(&browser, "patient/*.rs"));
    let second = browser.call(Method::GET, &page_of(&first)).send();
    for (reply, action) in
        [(&first, "form-action 'self';"), (&second, "form-action 'self' https://app.example;")]
    {
        let policy = reply.field("content-security-policy");
        assert!(policy.contains("default-src 'none'") && policy.contains(action), "{policy}");
        assert!(policy.contains("frame-ancestors 'none'"), "{policy}");
        // Under `no-referrer` browsers would send `Origin: null` with the form, and it would be refused.
        assert_eq!(reply.field("referrer-policy"), "same-origin");
        assert!(reply.text().contains("<meta name=\"referrer\" content=\"same-origin\">"));
        assert!(reply.field("cache-control").contains("no-store"));
        assert!(!reply.text().contains("<script"));
    }
}

#[test]
fn the_patient_must_be_one_whom_the_person_may_see() {
    let scene = Scene::new();
    let browser = scene.browser();
    for patient in ["", "q", "../p", "p,q", "山田"] {
        let (page, handle) = consent(&browser, &request(&browser, "launch/patient patient/*.rs"));
        let reply =
            send(&browser, &page, &[("consent", &handle), ("decision", "allow"), ("patient", patient)]);
        assert_eq!((reply.status(), reply.field("location")), (422, ""), "{patient}");
        assert!(reply.text().contains("name=\"consent\""), "asked again");
    }
    let (page, handle) = consent(&browser, &request(&browser, "user/*.rs"));
    let reply = send(&browser, &page, &[("consent", &handle), ("decision", "allow")]);
    assert!(sent_back(&reply)["code"].is_string(), "no patient where none is asked for");
}

#[test]
fn a_session_that_ends_while_the_page_is_open_is_asked_for_again() {
    let scene = Scene::new();
    let browser = browser(&scene.clinic, &scene.hana);
    let (page, handle) = consent(&browser, &request(&browser, "user/*.rs"));
    super::command(&scene.clinic, "session-end", serde_json::json!({"account": "hana"}));
    let reply = send(&browser, &page, &[("consent", &handle), ("decision", "allow")]);
    assert!(reply.text().contains("name=\"password\""), "{}", reply.text());
}
