//! The pages of one's own account, at a desk that answers from a table.

use crate::trial::Trial;
use base::Language::{English, Japanese};
use base::{Class, Code, Problem};
use serde_json::json;

static LAST: Code =
    Code { id: "ID-9998", class: Class::Conflict, en: "It is the last one.", ja: "最後の要素です。" };

fn desk() -> Trial {
    let factors = json!({ "factors": [
        { "factor": "f1", "kind": "password", "label": "password", "made": "2026-11-20T00:00:00Z" },
        { "factor": "f2", "kind": "passkey", "label": "診察室", "made": "2026-11-20T00:00:00Z" },
    ] });
    let session = |id: &str| json!({ "session": id, "began": "2026-11-20T00:00:00Z", "last_used": "2026-11-20T00:00:00Z", "factors": ["password", "totp"], "device": "tablet", "address": "10.0.0.1", "agent": "a" });
    let sessions = json!({ "this": "s1", "sessions": [session("s2"), session("s1"), session("s3")] });
    Trial::new().told("factors", factors).told("sessions", sessions)
}

#[test]
fn factors_and_sessions_are_listed_and_this_session_has_no_end_here() {
    let (status, page) = desk().look("me", Japanese);
    assert_eq!(status, 200);
    assert!(page.contains("パスキー 診察室 を取り除く") && page.contains("この端末"));
    assert!(page.contains(r#"value="s2""#) && !page.contains(r#"name="session" value="s1""#));
    assert!(page.contains("data-passkey=\"register\""));
}

#[test]
fn ending_all_others_leaves_this_one() {
    let desk = desk().on("DELETE", "sessions/s2", json!(null)).on("DELETE", "sessions/s3", json!(null));
    let (status, to) = desk.send("me/sessions/end", &[], Japanese);
    assert_eq!((status, to.as_str()), (303, "/f/clinic/console/me?done=ended"));
    assert_eq!(desk.asked(), ["GET sessions", "DELETE sessions/s2", "DELETE sessions/s3"]);
}

#[test]
fn a_factor_that_cannot_go_stays_on_the_page_with_the_reason() {
    let desk = desk().refuses("DELETE", "factors/f2", Problem::new(&LAST));
    let (status, page) = desk.send("me/factors/remove", &[("factor", "f2")], Japanese);
    assert_eq!(status, 422);
    assert!(page.contains("最後の要素です。") && page.contains("診察室"));
}

#[test]
fn two_different_new_passwords_are_not_sent() {
    let desk = Trial::new().on("POST", "factors/password", json!(null));
    let different = [("old", "a"), ("new", "b"), ("again", "c")];
    let (status, page) = desk.send("me/password", &different, English);
    assert_eq!(status, 422);
    assert!(page.contains("ID-0031") && desk.asked().is_empty());
    assert!(!page.contains("value=\"b\""), "no password is written into a page");
    let same = [("old", " a"), ("new", "b "), ("again", "b ")];
    assert_eq!(desk.send("me/password", &same, English).0, 303);
    assert_eq!(desk.sent("POST", "factors/password"), Some(json!({ "old": " a", "new": "b " })));
}

#[test]
fn a_secret_is_shown_as_a_picture_and_as_text_and_kept_when_the_code_is_mistyped() {
    let begun = json!({ "handle": "h", "secret": "ABCD EFGH", "url": "otpauth://x", "qr": "<svg/>" });
    let desk = Trial::new().on("POST", "factors/totp", begun).refuses(
        "POST",
        "factors/totp/confirm",
        Problem::new(&LAST),
    );
    let (_, page) = desk.send("me/totp", &[], English);
    assert!(page.contains("data:image/svg+xml,%3Csvg%2F%3E") && page.contains("ABCD EFGH"));
    let typed = [("handle", "h"), ("secret", "ABCD EFGH"), ("code", "123 456")];
    let (status, page) = desk.send("me/totp/confirm", &typed, English);
    assert_eq!(status, 422);
    assert!(page.contains(r#"name="handle" value="h""#) && page.contains("ABCD EFGH"));
    let sent = desk.sent("POST", "factors/totp/confirm");
    assert_eq!(sent, Some(json!({ "handle": "h", "code": "123456" })));
}

#[test]
fn recovery_codes_are_shown_once_each() {
    let desk = Trial::new().on("POST", "factors/recovery", json!({ "recovery_codes": ["aaaa", "bbbb"] }));
    let (status, page) = desk.send("me/recovery", &[], English);
    assert_eq!(status, 200);
    assert!(page.contains("<code>aaaa</code>") && page.contains("<code>bbbb</code>"));
}

#[test]
fn a_script_goes_on_only_to_pages_of_this_facility() {
    let (_, page) = Trial::new().look("sign-in?next=https%3A%2F%2Fevil.example", English);
    assert!(page.contains(r#"data-next="/f/clinic/console""#));
    assert!(page.contains("data-passkey=\"sign-in\""));
}
