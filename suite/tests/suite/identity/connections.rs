//! Certificates while a connection lives: revoked, expired, distrusted, or asked for from now on.

use super::{command, issue, policy, refused, tablet, verify};
use serde_json::json;
use server::Bounds;
use std::time::Duration;
use testkit::authority::{Authority, Cell};
use testkit::{Client, Clinic, Plan};

/// Time after which an idle connection is looked at.
const SHORT: Duration = Duration::from_millis(200);
/// Time in which it must be closed, on a busy machine too.
const SOON: Duration = Duration::from_secs(10);

/// A clinic that looks at certificates so often, and closes no connection for being idle.
fn patient(certificate: Duration) -> Clinic {
    let bounds = Bounds { certificate, idle: LONG, header: LONG, ..Bounds::default() };
    Clinic::with(Plan { bounds, ..Plan::default() })
}

/// The same, and it asks for certificates.
fn asking(certificate: Duration) -> Clinic {
    let clinic = patient(certificate);
    verify(&clinic);
    clinic
}

/// Longer than any test: only requests notice.
const LONG: Duration = Duration::from_hours(1);

/// The next request on the connection that is open.
fn next(client: &Client) -> (u16, String) {
    assert!(!client.is_closed_within(Duration::ZERO), "the connection is still open");
    client.get("metadata").refusal()
}

#[test]
fn a_certificate_that_is_revoked_is_refused_at_the_next_request() {
    let clinic = asking(LONG);
    let (shown, fingerprint) = tablet(&clinic, "tablet-1");
    let client = clinic.client().showing(&shown);
    client.get("metadata").expect(200);
    command(&clinic, "certificate-revoke", json!({"certificate": fingerprint, "reason": "lost"}));
    assert_eq!(next(&client), refused(401, "ID-0107"));
    client.hang_up();
    let resumed = client.refused_handshake();
    assert!(
        resumed.contains("closed") && !resumed.contains("alert:"),
        "a resumed session is closed: {resumed}"
    );
    assert!(client.again().refused_handshake().contains("CertificateRevoked"), "a new one is told why");
}

#[test]
fn an_idle_connection_is_closed_when_its_certificate_is_revoked() {
    let clinic = asking(SHORT);
    let ((lost, fingerprint), (kept, _)) = (tablet(&clinic, "tablet-1"), tablet(&clinic, "tablet-2"));
    let (lost, kept) = (clinic.client().showing(&lost), clinic.client().showing(&kept));
    lost.get("metadata").expect(200);
    kept.get("metadata").expect(200);
    assert!(!lost.is_closed_within(SHORT * 3), "a good one stays open");
    command(&clinic, "certificate-revoke", json!({"certificate": fingerprint, "reason": "lost"}));
    assert!(lost.is_closed_within(SOON));
    assert!(!kept.is_closed_within(Duration::ZERO), "others are left alone");
}

#[test]
fn a_certificate_ends_within_its_connection() {
    let clinic = asking(LONG);
    let (shown, _) = tablet(&clinic, "tablet-1");
    let client = clinic.client().showing(&shown);
    client.get("metadata").expect(200);
    clinic.pass_seconds(396 * 86_400);
    client.get("metadata").expect(200);
    clinic.pass_seconds(2 * 86_400);
    assert_eq!(next(&client), refused(401, "ID-0105"));
    let clinic = asking(SHORT);
    let client = clinic.client().showing(&tablet(&clinic, "tablet-1").0);
    client.get("metadata").expect(200);
    clinic.pass_seconds(398 * 86_400);
    assert!(client.is_closed_within(SOON));
}

#[test]
fn an_authority_that_is_trusted_no_longer_takes_its_certificates_with_it() {
    for (certificate, idle) in [(LONG, false), (SHORT, true)] {
        let clinic = asking(certificate);
        let client = clinic.client().showing(&tablet(&clinic, "tablet-1").0);
        client.get("metadata").expect(200);
        let authorities = command(&clinic, "certificate-list", json!({}));
        let own = authorities["authorities"][0]["authority"].clone();
        command(&clinic, "certificate-distrust", json!({"authority": own}));
        if idle {
            assert!(client.is_closed_within(SOON));
        } else {
            assert_eq!(next(&client), refused(401, "ID-0103"));
        }
    }
}

#[test]
fn connections_from_before_meet_a_policy_that_asks_for_certificates() {
    for (certificate, idle) in [(LONG, false), (SHORT, true)] {
        let clinic = patient(certificate);
        let foreign = Authority::new(clinic.clock_now()).client("x", Cell::SelfSigned);
        let (bare, shown) = (clinic.client(), clinic.client().showing(&foreign));
        bare.get("metadata").expect(200);
        shown.get("metadata").expect(200);
        verify(&clinic);
        assert_eq!(next(&bare), refused(403, "ID-0004"));
        if idle {
            assert!(shown.is_closed_within(SOON));
        } else {
            assert_eq!(next(&shown), refused(401, "ID-0103"));
        }
        policy(&clinic, &[("client-certificates", "off")]);
        assert_eq!(bare.get("metadata").status(), 200);
    }
}

#[test]
fn a_resumed_session_is_worth_no_more_than_its_certificate() {
    let clinic = asking(LONG);
    let (shown, fingerprint) = tablet(&clinic, "tablet-1");
    let client = clinic.client().showing(&shown);
    for resumed in [false, true] {
        client.hang_up();
        client.get("metadata").expect(200);
        assert_eq!(client.met().unwrap().resumed, resumed);
    }
    command(&clinic, "certificate-revoke", json!({"certificate": fingerprint, "reason": "stolen"}));
    client.hang_up();
    for path in ["metadata", "Patient"] {
        let answered = client.ask(http::Method::GET, path).try_send();
        assert!(answered.is_err(), "{}", answered.unwrap().text());
    }
    // A new certificate of the same device is another matter.
    clinic.client().showing(&issue(&clinic, "tablet-1").0).get("metadata").expect(200);
}

#[test]
fn a_device_whose_account_is_disabled_is_refused_at_the_next_request() {
    let clinic = asking(LONG);
    let client = clinic.client().showing(&tablet(&clinic, "tablet-1").0);
    client.get("metadata").expect(200);
    command(&clinic, "account-disable", json!({"account": "tablet-1", "reason": "broken"}));
    assert_eq!(next(&client), refused(403, "ID-0005"));
    command(&clinic, "account-enable", json!({"account": "tablet-1"}));
    client.get("metadata").expect(200);
}
