//! Behind a load balancer: certificates and addresses that it passes on, and from nobody else.

use super::{command, policy, post, refused, tablet, text, value};
use http::Method;
use serde_json::{Value, json};
use testkit::authority::{Authority, Cell, Shown};
use testkit::{Ask, Client, Clinic, Person, Plan, form};

const CERTIFICATE: &str = "x-client-certificate";
const VERIFIED: &str = "x-client-verify";
const ADDRESS: &str = "x-forwarded-for";

/// A clinic behind a load balancer at this address.
fn behind(addresses: &str) -> Clinic {
    let clinic = Clinic::start();
    put_behind(&clinic, addresses);
    clinic
}

fn put_behind(clinic: &Clinic, addresses: &str) {
    command(clinic, "certificate-ca", json!({}));
    policy(
        clinic,
        &[
            ("client-certificates", "passthrough"),
            ("from-proxy-addresses", addresses),
            ("from-proxy-certificate-header", CERTIFICATE),
            ("from-proxy-verified-header", VERIFIED),
            ("from-proxy-address-header", ADDRESS),
        ],
    );
}

/// As nginx writes `$ssl_client_escaped_cert`.
fn escaped(shown: &Shown) -> String {
    let end = "-----END CERTIFICATE-----\n";
    let leaf = &shown.chain[..shown.chain.find(end).unwrap() + end.len()];
    leaf.bytes()
        .map(
            |byte| {
                if byte.is_ascii_alphanumeric() {
                    char::from(byte).to_string()
                } else {
                    format!("%{byte:02X}")
                }
            },
        )
        .collect()
}

fn passed_on<'a>(client: &'a Client, path: &str, shown: &Shown) -> Ask<'a> {
    client.ask(Method::GET, path).field(CERTIFICATE, &escaped(shown)).field(VERIFIED, "SUCCESS")
}

#[test]
fn what_a_listed_load_balancer_has_checked_is_taken() {
    let clinic = behind("127.0.0.1");
    let (shown, fingerprint) = tablet(&clinic, "tablet-1");
    let client = clinic.client();
    passed_on(&client, "Patient", &shown).send().expect(200);
    let session = passed_on(&client, "/f/sakura/session", &shown).send().expect(200);
    assert_eq!(session.get("device"), "tablet-1");
    command(&clinic, "certificate-revoke", json!({"certificate": fingerprint, "reason": "lost"}));
    let reply = passed_on(&client, "Patient", &shown).send();
    assert_eq!(reply.refusal(), refused(401, "ID-0107"), "what it has checked is judged here again");
}

#[test]
fn what_it_has_not_checked_is_refused() {
    let clinic = behind("127.0.0.0/8");
    let (shown, _) = tablet(&clinic, "tablet-1");
    let client = clinic.client();
    let get = || client.ask(Method::GET, "Patient");
    let (pem, foreign) = (escaped(&shown), Authority::new(clinic.clock_now()).client("x", Cell::Good));
    let cases = [
        ("nothing", get(), 403, "ID-0008"),
        ("no certificate", get().field(VERIFIED, "SUCCESS"), 403, "ID-0004"),
        ("no verdict", get().field(CERTIFICATE, &pem), 403, "ID-0008"),
        ("a bad verdict", get().field(CERTIFICATE, &pem).field(VERIFIED, "FAILED:expired"), 403, "ID-0008"),
        ("two verdicts", passed_on(&client, "Patient", &shown).field(VERIFIED, "SUCCESS"), 403, "ID-0008"),
        ("two certificates", passed_on(&client, "Patient", &shown).field(CERTIFICATE, &pem), 403, "ID-0008"),
        ("no certificate in it", get().field(CERTIFICATE, "x").field(VERIFIED, "SUCCESS"), 403, "ID-0008"),
        ("empty", get().field(CERTIFICATE, "").field(VERIFIED, "SUCCESS"), 403, "ID-0008"),
        ("of an authority unknown", passed_on(&client, "Patient", &foreign), 401, "ID-0103"),
    ];
    for (name, ask, status, code) in cases {
        assert_eq!(ask.send().refusal(), refused(status, code), "{name}");
    }
}

#[test]
fn nobody_learns_by_a_passed_on_certificate_which_facilities_there_are() {
    let clinic = Clinic::with(Plan { facilities: &["sakura", "wakaba"], ..Plan::default() });
    for facility in ["sakura", "wakaba"] {
        super::command_to(&clinic, facility, "certificate-ca", json!({}));
        let values = json!({"client-certificates": "passthrough", "from-proxy-addresses": "127.0.0.1",
            "from-proxy-verified-header": VERIFIED});
        super::command_to(&clinic, facility, "policy-set", json!({"values": values}));
    }
    let (shown, _) = tablet(&clinic, "tablet-1");
    let client = clinic.client();
    passed_on(&client, "metadata", &shown).send().expect(200);
    for path in ["metadata", "Patient", "session"] {
        let at = |facility: &str| {
            let place = format!("/f/{facility}/{}{path}", if path == "session" { "" } else { "fhir/" });
            let bare = client.ask(Method::GET, &place).send().refusal();
            let checked = client.ask(Method::GET, &place).field(VERIFIED, "SUCCESS").send().refusal();
            [bare, checked, passed_on(&client, &place, &shown).send().refusal()]
        };
        assert_eq!(at("wakaba"), at("nagisa"), "{path}");
    }
}

#[test]
fn nobody_else_may_send_its_header_fields() {
    let clinic = behind("10.0.0.0/8");
    let (shown, _) = tablet(&clinic, "tablet-1");
    for client in [clinic.client(), clinic.client().showing(&shown)] {
        let get = || client.ask(Method::GET, "metadata");
        for ask in [
            passed_on(&client, "metadata", &shown),
            get().field(CERTIFICATE, &escaped(&shown)),
            get().field(VERIFIED, "SUCCESS"),
        ] {
            assert_eq!(ask.send().refusal(), refused(400, "ID-0007"));
        }
        let reply = get().field(ADDRESS, "192.0.2.9").send();
        assert_eq!(
            reply.refusal(),
            refused(403, "ID-0004"),
            "a certificate of the connection is not looked at"
        );
    }
}

/// Logs in through the load balancer; the session's address as its owner sees it.
fn address_of_session(clinic: &Clinic, client: &Client, fields: &[(&str, &str)]) -> String {
    let with = |ask: Ask<'_>| fields.iter().fold(ask, |ask, (name, value)| ask.field(name, value)).send();
    let hana = {
        super::person(clinic, "hana");
        let code = text(&command(clinic, "account-invite", json!({"account": "hana"})), "code");
        let opened = value(&with(client.call(Method::POST, "invitation").json(&json!({"code": code}))));
        let url = text(&opened["totp"], "url");
        let app = testkit::one_time_code(&url, clinic.clock_now());
        let members = json!({"code": code, "password": "kumo-tansu 5 hayashi!",
            "totp": {"handle": opened["totp"]["handle"], "code": app}});
        with(client.call(Method::POST, "invitation/accept").json(&members)).expect(201);
        clinic.pass_seconds(31);
        let app = testkit::one_time_code(&url, clinic.clock_now());
        json!({"account": "hana", "password": "kumo-tansu 5 hayashi!", "totp": app})
    };
    let begun = value(&with(client.call(Method::POST, "session").json(&hana)).expect(201));
    let session = client.bearing(&text(&begun, "token"));
    let listed: Value = value(&with(session.call(Method::GET, "sessions")).expect(200));
    text(&listed["sessions"][0], "address")
}

#[test]
fn a_session_shows_the_address_that_the_load_balancer_tells() {
    let clinic = behind("127.0.0.1");
    let (shown, _) = tablet(&clinic, "tablet-1");
    let pem = escaped(&shown);
    // The first entries are what the client itself has sent.
    let fields = [(CERTIFICATE, pem.as_str()), (VERIFIED, "SUCCESS"), (ADDRESS, "198.51.100.1, 192.0.2.9")];
    assert_eq!(address_of_session(&clinic, &clinic.stranger(), &fields), "192.0.2.9");
}

#[test]
fn people_sign_in_on_the_page_and_show_a_factor_again_through_a_load_balancer() {
    let clinic = Clinic::start();
    let hana = Person::join(&clinic, "hana", &[]);
    put_behind(&clinic, "127.0.0.1");
    let (shown, _) = tablet(&clinic, "tablet-1");
    let (pem, browser) = (escaped(&shown), clinic.client().browser());
    let passed = |ask: Ask<'_>| {
        let fields = [(CERTIFICATE, pem.as_str()), (VERIFIED, "SUCCESS"), (ADDRESS, "192.0.2.9")];
        fields.into_iter().fold(ask, |ask, (name, value)| ask.field(name, value)).send()
    };
    let sends = |path: &str, fields: &[(&str, &str)]| {
        let ask = browser.call(Method::POST, path);
        passed(ask.body("application/x-www-form-urlencoded", form(fields)).sent_by_own_page())
    };
    let code = hana.next_code(&clinic);
    let fields = [("account", "hana"), ("password", hana.password.as_str()), ("code", code.as_str())];
    let reply = sends("console/sign-in", &fields);
    assert_eq!(reply.status(), 303, "{}", reply.text());
    passed(browser.call(Method::GET, "console")).expect(200);
    let code = hana.next_code(&clinic);
    let reply = sends("console/confirm", &[("code", code.as_str())]);
    assert_eq!(reply.status(), 303, "{}", reply.text());
    let listed: Value = value(&passed(browser.call(Method::GET, "sessions")).expect(200));
    let (address, device) = (text(&listed["sessions"][0], "address"), &listed["sessions"][0]["device"]);
    assert_eq!((address.as_str(), device), ("192.0.2.9", &json!("tablet-1")));
}

#[test]
fn without_a_load_balancer_nobody_tells_their_own_address() {
    let clinic = Clinic::start();
    policy(&clinic, &[("from-proxy-address-header", ADDRESS)]);
    assert_eq!(address_of_session(&clinic, &clinic.stranger(), &[(ADDRESS, "192.0.2.9")]), "127.0.0.1");
}

/// A PROXY header of version 2 for a client at 192.0.2.7.
const PROXIED: &[u8] = b"\r\n\r\n\0\r\nQUIT\n\x21\x11\0\x0c\xc0\0\x02\x07\x0a\0\0\x01\x80\0\x01\xbb";

#[test]
fn a_session_shows_the_address_of_the_proxy_header() {
    let clinic = Clinic::with(Plan { proxies: &["127.0.0.1/32"], ..Plan::default() });
    let client = clinic.stranger().behind(PROXIED);
    assert_eq!(address_of_session(&clinic, &client, &[]), "192.0.2.7");
    let bare = clinic.client().ask(Method::GET, "metadata").try_send();
    assert!(bare.is_err(), "a listed proxy must say whose connection it is");
}

#[test]
fn a_proxy_header_from_elsewhere_is_no_way_in() {
    let clinic = Clinic::with(Plan { proxies: &["10.0.0.0/8"], ..Plan::default() });
    let forged = clinic.client().behind(PROXIED).ask(Method::GET, "metadata").try_send();
    assert!(forged.is_err());
    clinic.client().get("metadata").expect(200);
}

#[test]
fn a_load_balancer_needs_its_address_in_the_policy() {
    let clinic = Clinic::start();
    command(&clinic, "certificate-ca", json!({}));
    let boss = Person::join(&clinic, "boss", &["operator"]);
    let session = boss.session(&clinic, &clinic.stranger());
    let values = json!({"values": {"client-certificates": "passthrough"}});
    let reply = post(&session, "admin/policy-set", &values);
    assert_eq!(reply.refusal(), refused(422, "ID-0020"));
}
