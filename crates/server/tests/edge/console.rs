//! The console's own table of routes: what holds of each of its rows, whoever asks and whatever is behind the door.

use crate::client::{Client, Reply};
use crate::site::Site;
use http::Method;
use server::{BodyKind, Bounds, CONSOLE, Caller, ConsoleCall, Interaction, ROUTES, Route};
use std::collections::BTreeSet;

const FORM: &str = "content-type: application/x-www-form-urlencoded";
/// How a browser says that a form of our own page was sent.
const OWN_PAGE: &str = "sec-fetch-site: same-origin";
/// Longest form of somebody who has not signed in, in bytes.
const ARRIVING_BYTES: usize = 64 * 1024;

/// An address of a row.
fn sample(row: &Route) -> String {
    let path = row.path.replace("{facility}", "demo").replace("emergency/{*path}", "emergency/patients");
    path.replace(
        "/console/{*path}",
        if path.starts_with("/f/") { "/console/patients" } else { "/console/style.css" },
    )
}

/// Rows with pages: all but the files that pages load, and the news that they hear.
fn pages() -> impl Iterator<Item = &'static Route> {
    CONSOLE.iter().filter(|row| row.path.starts_with("/f/") && row.of_console())
}

async fn sent(client: &mut Client, row: &Route, fields: &[&str]) -> Reply {
    sent_to(client, row, "demo", fields).await
}

async fn sent_to(client: &mut Client, row: &Route, facility: &str, fields: &[&str]) -> Reply {
    let kind = if row.method == Method::POST { &[FORM][..] } else { &[] };
    let path = sample(row).replace("demo", facility);
    client.ask_openly(row.method.clone(), &path, &[kind, fields].concat(), "").await
}

fn html(reply: &Reply) -> String {
    String::from_utf8(reply.body.clone()).unwrap()
}

/// What must stand around every page and every answer in place of one.
fn expect_guarded(reply: &Reply, what: &str) {
    assert_eq!(reply.field("content-security-policy"), console::POLICY, "{what}");
    assert_eq!(reply.field("referrer-policy"), "same-origin", "{what}");
    assert_eq!(reply.field("cross-origin-opener-policy"), "same-origin", "{what}");
    assert_eq!(reply.field("x-content-type-options"), "nosniff", "{what}");
    assert!(!reply.field("x-request-id").is_empty(), "{what}");
    if reply.status() == 303 {
        assert!(reply.field("location").starts_with("/f/"), "{what}");
    } else {
        assert_eq!(reply.field("content-type"), "text/html; charset=utf-8", "{what}");
        assert!(reply.field("cache-control").contains("no-store"), "{what}");
        assert!(["ja", "en"].contains(&reply.field("content-language")), "{what}");
    }
}

#[test]
fn the_rows_of_the_console_stand_beside_those_of_the_api() {
    let name = |row: &&Route| (row.method.to_string(), row.path);
    let ours: BTreeSet<_> = CONSOLE.iter().map(|row| name(&row)).collect();
    assert_eq!(ours.len(), CONSOLE.len());
    assert!(ROUTES.iter().all(|row| !ours.contains(&name(&row)) && !row.of_console()));
    for row in CONSOLE {
        let hears = row.interaction == Interaction::Console(ConsoleCall::News);
        assert!(
            row.of_console() != hears && !row.english.is_empty() && !row.japanese.is_empty(),
            "{}",
            row.path
        );
        let form = match row.caller {
            _ if row.method != Method::POST => BodyKind::None,
            Caller::Required => BodyKind::Upload,
            // Whoever has not signed in sends no files.
            _ => BodyKind::Form,
        };
        assert_eq!(row.body, form, "{}", row.path);
    }
    let with = |caller| -> Vec<&str> {
        CONSOLE.iter().filter(|row| row.caller == caller).map(|row| row.path).collect()
    };
    assert_eq!(with(Caller::Open), ["/console/{*path}"], "files without anything of anybody");
    let arriving =
        ["sign-in", "sign-in", "language", "emergency"].map(|page| format!("/f/{{facility}}/console/{page}"));
    assert_eq!(with(Caller::Arriving), arriving);
}

#[tokio::test]
async fn every_answer_says_what_a_browser_may_do_with_it() {
    let site = Site::start().await;
    let mut client = site.http_1().await;
    let token = format!("authorization: Bearer {}", crate::site::TOKEN);
    for row in pages() {
        for fields in [
            &[][..],
            &[OWN_PAGE],
            &[token.as_str()],
            &[token.as_str(), OWN_PAGE],
            &["authorization: Bearer wrong", OWN_PAGE],
            &["cookie: __Host-akashi-session=wrong", OWN_PAGE],
            &["origin: https://evil.example"],
            &[token.as_str(), "accept-language: en"],
            &[token.as_str(), "hx-request: true", OWN_PAGE],
        ] {
            let reply = sent(&mut client, row, fields).await;
            expect_guarded(&reply, &format!("{} {} {fields:?}", row.method, row.path));
        }
    }
    for path in
        ["/f/demo/console/no/such/page", "/f/demo/console/sign-in?next=//evil.example", "/f/other/console"]
    {
        expect_guarded(&client.read(path, &[]).await, path);
    }
}

#[tokio::test]
async fn who_has_not_signed_in_is_led_to_where_they_do_and_back() {
    let site = Site::start().await;
    let mut client = site.http_1().await;
    let leaves = |row: &Route| row.interaction == Interaction::Console(ConsoleCall::Leave);
    let rows = pages().filter(|row| row.caller == Caller::Required);
    for row in rows.filter(|row| row.method == Method::GET || leaves(row)) {
        for fields in [&[][..], &["authorization: Bearer wrong"], &["cookie: __Host-akashi-session=wrong"]] {
            let reply = sent(&mut client, row, fields).await;
            let next = match row.method {
                Method::GET => sample(row).replace('/', "%2F"),
                _ => String::new(),
            };
            let to = format!("/f/demo/console/sign-in?next={next}");
            assert_eq!(
                (reply.status(), reply.field("location")),
                (303, to.as_str()),
                "{} {fields:?}",
                row.path
            );
            assert!(reply.body.is_empty(), "{}", row.path);
        }
    }
    let reply = client.ask_openly(Method::GET, "/f/demo/console/patients?q=%E8%A6%8B&x=1", &[], "").await;
    let to = "/f/demo/console/sign-in?next=%2Ff%2Fdemo%2Fconsole%2Fpatients%3Fq%3D%25E8%25A6%258B%26x%3D1";
    assert_eq!(reply.field("location"), to);
    assert!(site.door.seen().is_empty());
}

#[tokio::test]
async fn what_somebody_sends_whose_session_is_over_is_not_lost_by_leading_them_away() {
    let site = Site::start().await;
    let mut client = site.http_1().await;
    for (language, told) in [("ja", "まだ保存していません"), ("en", "has not been saved yet")] {
        for credential in ["x-none: 1", "cookie: __Host-akashi-session=wrong"] {
            let wanted = format!("accept-language: {language}");
            let fields = [FORM, OWN_PAGE, credential, wanted.as_str()];
            let path = "/f/demo/console/patients/p/write/note";
            let reply = client.ask_openly(Method::POST, path, &fields, "s=typed").await;
            assert_eq!((reply.status(), reply.field("location")), (401, ""), "{language}");
            assert!(html(&reply).contains(told), "{}", html(&reply));
            assert!(html(&reply).contains("href=\"/f/demo/console/sign-in\" target=\"_blank\""));
        }
    }
    assert!(site.door.seen().is_empty());
}

#[tokio::test]
async fn a_form_of_another_site_is_refused_on_every_row() {
    let site = Site::start().await;
    let mut client = site.http_1().await;
    let token = format!("authorization: Bearer {}", crate::site::TOKEN);
    let mut tried = 0;
    for row in pages().filter(|row| row.method == Method::POST) {
        for from in [
            &[][..],
            &["sec-fetch-site: cross-site"],
            &["sec-fetch-site: same-site"],
            &["sec-fetch-site: none"],
            &["origin: null"],
            &["origin: https://evil.example"],
            &[OWN_PAGE, "origin: https://evil.example"],
        ] {
            let mut fields = vec![token.as_str()];
            fields.extend(from);
            let reply = sent(&mut client, row, &fields).await;
            assert_eq!(reply.status(), 403, "{} {from:?}", row.path);
            assert!(html(&reply).contains("SV-0032"), "{} {from:?}", row.path);
            assert_eq!(reply.field("set-cookie"), "", "{} {from:?}", row.path);
            tried += 1;
        }
        let mut fields = vec![token.as_str(), OWN_PAGE];
        let origin = format!("origin: https://{}", site.address);
        fields.push(&origin);
        // The law of this door lets nobody end a session: that is not said of the site.
        let reply = sent(&mut client, row, &fields).await;
        assert!(!html(&reply).contains("SV-0032"), "{}: {}", row.path, html(&reply));
    }
    assert!(tried >= 21, "{tried}");
    assert!(site.door.seen().is_empty());
}

#[tokio::test]
async fn an_unknown_facility_looks_like_one_that_does_not_know_the_caller() {
    let site = Site::start().await;
    let mut client = site.http_1().await;
    for row in pages().filter(|row| row.caller == Caller::Required) {
        for fields in [&[][..], &["authorization: Bearer wrong"], &["cookie: __Host-akashi-session=wrong"]] {
            let ours = sent(&mut client, row, fields).await;
            let other = sent_to(&mut client, row, "nara", fields).await;
            assert_eq!(ours.status(), other.status(), "{} {fields:?}", row.path);
            assert_eq!(ours.field("location").replace("demo", "nara"), other.field("location"), "{fields:?}");
            assert_eq!(html(&ours).replace("demo", "nara"), html(&other), "{}", row.path);
        }
    }
    // Whoever only arrives is told, as on the routes of the API.
    let reply = client.ask_openly(Method::GET, "/f/nara/console/sign-in", &[], "").await;
    assert_eq!(reply.status(), 404);
    assert!(html(&reply).contains("SV-0001"), "{}", html(&reply));
}

#[tokio::test]
async fn a_look_at_the_head_is_answered_like_the_page_and_without_it() {
    let site = Site::start().await;
    let mut client = site.http_1().await;
    for row in CONSOLE.iter().filter(|row| row.method == Method::GET && row.of_console()) {
        let page = client.read(&sample(row), &[]).await;
        let head = client.ask(Method::HEAD, &sample(row), &[], "").await;
        assert_eq!((head.status(), head.body.len()), (page.status(), 0), "{}", row.path);
        for field in ["content-type", "content-security-policy", "cache-control"] {
            assert_eq!(head.field(field), page.field(field), "{} {field}", row.path);
        }
    }
}

#[tokio::test]
async fn a_form_of_somebody_who_has_not_signed_in_is_short() {
    let bounds = Bounds { body_bytes_max: 4 * ARRIVING_BYTES, ..Bounds::default() };
    let site = Site::with(|configuration| configuration.bounds = bounds).await;
    let token = format!("authorization: Bearer {}", crate::site::TOKEN);
    for row in pages().filter(|row| row.method == Method::POST) {
        let most = if row.caller == Caller::Arriving { ARRIVING_BYTES } else { 4 * ARRIVING_BYTES };
        for (length, refused) in [(most, false), (most + 1, true)] {
            let body = format!("x={}", "a".repeat(length - 2));
            let mut client = site.http_1().await;
            let fields = [FORM, OWN_PAGE, token.as_str()];
            let reply = client.ask_openly(Method::POST, &sample(row), &fields, &body).await;
            assert_eq!(reply.status() == 413, refused, "{} {length}: {}", row.path, reply.status());
            assert_eq!(html(&reply).contains("SV-0004"), refused, "{} {length}", row.path);
        }
    }
}

#[tokio::test]
async fn what_is_sent_is_a_form() {
    let site = Site::start().await;
    let mut client = site.http_1().await;
    let path = "/f/demo/console/language";
    for (kind, body, status) in [
        ("content-type: application/json", "{}", 415),
        ("content-type: text/plain", "language=en", 415),
        (FORM, "language=%ff", 400),
        (FORM, "language=%4", 400),
    ] {
        let reply = client.ask_openly(Method::POST, path, &[kind, OWN_PAGE], body).await;
        assert_eq!(reply.status(), status, "{kind} {body}");
        expect_guarded(&reply, body);
    }
    // Files come from those who have signed in alone, and whole.
    let token = format!("authorization: Bearer {}", crate::site::TOKEN);
    let upload = "content-type: multipart/form-data; boundary=B";
    let form = "--B\r\nContent-Disposition: form-data; name=\"a\"\r\n\r\nb\r\n--B--\r\n";
    let reply = client.ask_openly(Method::POST, path, &[upload, OWN_PAGE], form).await;
    assert_eq!(reply.status(), 415);
    for (body, code) in [(form, "CO-0001"), ("--B\r\n", "CO-0005")] {
        let fields = [upload, OWN_PAGE, token.as_str()];
        let reply = client.ask_openly(Method::POST, "/f/demo/console/no/such", &fields, body).await;
        assert!(html(&reply).contains(code), "{code}: {}", html(&reply));
    }
    let reply = client.ask_openly(Method::DELETE, "/f/demo/console", &[], "").await;
    assert_eq!((reply.status(), reply.field("allow")), (405, "GET, HEAD"));
}

#[tokio::test]
async fn the_language_is_kept_in_a_cookie_that_no_script_and_no_other_site_sees() {
    let site = Site::start().await;
    let mut client = site.http_1().await;
    let path = "/f/demo/console/language";
    for (language, title) in [("ja", "ログイン"), ("en", "Sign in")] {
        let body = format!("language={language}&from=%2Ff%2Fdemo%2Fconsole%2Fsign-in");
        let reply = client.ask_openly(Method::POST, path, &[FORM, OWN_PAGE], &body).await;
        assert_eq!((reply.status(), reply.field("location")), (303, "/f/demo/console/sign-in"));
        let (cookie, flags) = reply.field("set-cookie").split_once("; ").unwrap();
        assert_eq!(cookie, format!("{}={language}", console::LANGUAGE_COOKIE));
        for flag in ["Path=/", "Secure", "HttpOnly", "SameSite=Strict"] {
            assert!(flags.split("; ").any(|one| one == flag), "{flag}: {flags}");
        }
        let kept = format!("cookie: {cookie}");
        let fields = [kept.as_str(), "accept-language: ja"];
        let page = client.ask_openly(Method::GET, "/f/demo/console/sign-in", &fields, "").await;
        assert_eq!(page.field("content-language"), language);
        assert!(html(&page).contains(&format!("<html lang=\"{language}\">")), "{language}");
        assert!(html(&page).contains(title), "{language}");
    }
    for body in ["language=fr", "language=", "from=%2Ff%2Fdemo%2Fconsole", "language=en%0d%0aSet-Cookie:%20x"]
    {
        let reply = client.ask_openly(Method::POST, path, &[FORM, OWN_PAGE], body).await;
        assert_eq!((reply.status(), reply.field("set-cookie")), (303, ""), "{body}");
    }
    let fields = ["cookie: __Host-akashi-language=fr", "accept-language: en"];
    let page = client.ask_openly(Method::GET, "/f/demo/console/sign-in", &fields, "").await;
    assert_eq!(
        page.field("content-language"),
        "en",
        "what the browser asks for, where nothing good was chosen"
    );
}

#[tokio::test]
async fn nobody_is_led_to_another_site() {
    let site = Site::start().await;
    let mut client = site.http_1().await;
    for from in
        ["https://evil.example", "//evil.example", "/f/nara/console", "/f/demo/console/../../nara", "\\evil"]
    {
        let from = from.replace('/', "%2F").replace(':', "%3A").replace('\\', "%5C");
        let body = format!("language=en&from={from}");
        let path = "/f/demo/console/language";
        let reply = client.ask_openly(Method::POST, path, &[FORM, OWN_PAGE], &body).await;
        assert_eq!((reply.status(), reply.field("location")), (303, "/f/demo/console"), "{from}");
    }
}

#[tokio::test]
async fn the_files_of_pages_are_kept_by_browsers_and_hold_nothing_of_anybody() {
    let site = Site::start().await;
    let mut client = site.http_1().await;
    let page = client.ask_openly(Method::GET, "/f/demo/console/sign-in", &[], "").await;
    let html = html(&page);
    let links: Vec<&str> = html.split('"').filter(|part| part.starts_with("/console/")).collect();
    assert!(links.len() >= 4, "{html}");
    for link in links {
        let file = client.ask_openly(Method::GET, link, &[], "").await;
        assert_eq!(file.status(), 200, "{link}");
        assert_eq!(file.field("cache-control"), "public, max-age=31536000, immutable", "{link}");
        assert_eq!(file.field("x-content-type-options"), "nosniff", "{link}");
        assert!(file.field("set-cookie").is_empty() && !file.body.is_empty(), "{link}");
    }
    for path in
        ["/console/nothing.css", "/console/../f/demo/console", "/console/templates/layout.html", "/console/"]
    {
        let file = client.ask_openly(Method::GET, path, &[], "").await;
        assert_eq!(file.status(), 404, "{path}");
    }
    assert!(site.door.seen().is_empty());
}

#[tokio::test]
async fn pages_are_counted_by_route_and_never_by_path() {
    let site = Site::start().await;
    let mut client = site.http_1().await;
    client.read("/f/demo/console/patients/secret-id?q=secret-name", &[]).await;
    client.ask_openly(Method::GET, "/f/demo/console/sign-in?next=secret", &[], "").await;
    client.ask_openly(Method::GET, "/console/secret.css", &[], "").await;
    let text = site.metrics.text().unwrap();
    for route in ["/f/{facility}/console/{*path}", "/f/{facility}/console/sign-in", "/console/{*path}"] {
        assert!(text.contains(&format!("route=\"{route}\"")), "{route}\n{text}");
    }
    assert!(!text.contains("secret"), "{text}");
}
