//! Certificates and addresses that a load balancer passes on, and that nobody else may.

use crate::bench::{Bench, Way, address, id};
use identity::Credential;
use serde_json::json;

const HEADER: &str = "x-client-certificate";

/// A facility behind a load balancer at 10.0.0.0/24, and the PEM of a device.
async fn behind() -> (Bench, String) {
    let bench = Bench::new().await;
    bench.device("tablet-1").await;
    let chain = bench.certificate("tablet-1").await;
    let values = json!({ "client-certificates": "passthrough", "from-proxy-addresses": "10.0.0.0/24, 10.9.9.9",
        "from-proxy-verified-header": "X-Client-Verify", "from-proxy-address-header": "X-Forwarded-For" });
    bench.run(json!({ "command": "policy-set", "values": values })).await;
    (bench, chain)
}

fn escaped(pem: &str) -> String {
    percent_encoding::utf8_percent_encode(pem, percent_encoding::NON_ALPHANUMERIC).to_string()
}

fn from(socket: &str) -> Way {
    Way { socket: address(socket), address: address(socket), ..Way::bearer() }
}

fn passed(socket: &str, verified: &str, value: &str) -> Way {
    from(socket).with("x-client-verify", verified).with(HEADER, value)
}

fn asked(bench: &Bench, way: &Way) -> &'static str {
    id(bench.identify(way, Credential::None))
}

#[tokio::test]
async fn the_header_of_a_listed_load_balancer_is_taken() {
    let (mut bench, chain) = behind().await;
    for _ in 0..2 {
        for socket in ["10.0.0.5", "10.9.9.9", "::ffff:10.0.0.5"] {
            assert_eq!(asked(&bench, &passed(socket, "SUCCESS", &escaped(&chain))), "none", "{socket}");
        }
        bench.reopen();
    }
}

#[tokio::test]
async fn every_percent_encoding_of_the_certificate_is_read() {
    let (bench, chain) = behind().await;
    // As nginx writes it, as AWS does (which leaves `+`, `=` and `/`), and in one line.
    let aws = escaped(&chain).replace("%2B", "+").replace("%3D", "=").replace("%2F", "/");
    for value in [escaped(&chain), aws, escaped(&chain).to_lowercase().replace("%0a", "%0A")] {
        let known = asked(&bench, &passed("10.0.0.5", "SUCCESS", &value));
        let damaged = value.contains("mii");
        assert_eq!(known, if damaged { "ID-0008" } else { "none" });
    }
}

#[tokio::test]
async fn such_a_header_from_elsewhere_is_refused() {
    let (bench, chain) = behind().await;
    for socket in ["10.0.1.5", "192.0.2.1", "2001:db8::1", "127.0.0.1"] {
        assert_eq!(asked(&bench, &passed(socket, "SUCCESS", &escaped(&chain))), "ID-0007", "{socket}");
        let verified_only = from(socket).with("x-client-verify", "SUCCESS");
        assert_eq!(asked(&bench, &verified_only), "ID-0007", "{socket}");
        assert_eq!(asked(&bench, &from(socket)), "ID-0004", "{socket}");
    }
    // Whoever says to come from a load balancer does not.
    let said = Way { address: address("10.0.0.5"), ..passed("192.0.2.1", "SUCCESS", &escaped(&chain)) };
    assert_eq!(asked(&bench, &said), "ID-0007");
}

#[tokio::test]
async fn a_chain_of_the_connection_itself_does_not_count() {
    let (bench, chain) = behind().await;
    assert_eq!(asked(&bench, &from("10.0.0.5").over(&chain)), "ID-0008");
    assert_eq!(asked(&bench, &from("192.0.2.1").over(&chain)), "ID-0004");
}

#[tokio::test]
async fn what_the_load_balancer_has_not_verified_is_refused() {
    let (bench, chain) = behind().await;
    let good = escaped(&chain);
    for verified in ["NONE", "FAILED:expired", "success", "", "SUCCESS "] {
        assert_eq!(asked(&bench, &passed("10.0.0.5", verified, &good)), "ID-0008", "{verified}");
    }
    assert_eq!(asked(&bench, &from("10.0.0.5").with(HEADER, &good)), "ID-0008", "no word of it");
    let doubled = passed("10.0.0.5", "SUCCESS", &good).with(HEADER, &good);
    assert_eq!(asked(&bench, &doubled), "ID-0008", "two certificates");
    let doubled = passed("10.0.0.5", "SUCCESS", &good).with("x-client-verify", "NONE");
    assert_eq!(asked(&bench, &doubled), "ID-0008", "two words");
    let none = from("10.0.0.5").with("x-client-verify", "SUCCESS");
    assert_eq!(asked(&bench, &none), "ID-0004", "no certificate");
}

#[tokio::test]
async fn garbage_is_refused() {
    let (bench, _) = behind().await;
    for value in ["", "x", "%", "%zz", "%00", "-----BEGIN CERTIFICATE-----", &"A".repeat(20_000)] {
        let code = asked(&bench, &passed("10.0.0.5", "SUCCESS", value));
        assert_eq!(code, "ID-0008", "{}", value.chars().take(30).collect::<String>());
    }
}

#[tokio::test]
async fn what_was_passed_on_is_judged_by_this_facility_all_the_same() {
    let (bench, chain) = behind().await;
    let outside = testkit::authority::Authority::new(crate::bench::start());
    let foreign = outside.client("tablet-1", testkit::authority::Cell::Good);
    assert_eq!(asked(&bench, &passed("10.0.0.5", "SUCCESS", &escaped(&foreign.chain))), "ID-0103");
    bench.run(json!({ "command": "account-disable", "account": "tablet-1", "reason": "紛失" })).await;
    assert_eq!(asked(&bench, &passed("10.0.0.5", "SUCCESS", &escaped(&chain))), "ID-0005");
}

#[tokio::test]
async fn a_session_over_a_load_balancer_is_bound_to_the_device() {
    let (bench, chain) = behind().await;
    let sato = bench.person("sato").await;
    bench.device("tablet-2").await;
    let other = bench.certificate("tablet-2").await;
    let way = passed("10.0.0.5", "SUCCESS", &escaped(&chain)).with("x-forwarded-for", "198.51.100.7");
    let (caller, token) = sato.session(&bench, &way).await;
    assert_eq!(bench.door().own_sessions(&caller)["sessions"][0]["address"], "198.51.100.7");
    let elsewhere = passed("10.0.0.5", "SUCCESS", &escaped(&other));
    assert_eq!(id(bench.caller(&elsewhere, &token)), "ID-0006");
}

#[tokio::test]
async fn the_address_is_told_by_listed_load_balancers_only_and_by_the_last_entry() {
    let (bench, _) = behind().await;
    let told = |way: &Way| {
        let header = |name: &str| way.values(name);
        bench.door().address(&way.approach(&header))
    };
    let by = |socket: &str, values: &[&str]| {
        let way = from(socket);
        told(&values.iter().fold(way, |way, value| way.with("x-forwarded-for", value)))
    };
    assert_eq!(by("10.0.0.5", &["198.51.100.7"]), address("198.51.100.7"));
    assert_eq!(by("10.0.0.5", &["203.0.113.9, 198.51.100.7"]), address("198.51.100.7"));
    assert_eq!(by("10.0.0.5", &["203.0.113.9", "2001:db8::7"]), address("2001:db8::7"));
    assert_eq!(by("10.0.0.5", &["198.51.100.7, unknown"]), address("10.0.0.5"));
    assert_eq!(by("10.0.0.5", &[]), address("10.0.0.5"));
    assert_eq!(by("192.0.2.1", &["198.51.100.7"]), address("192.0.2.1"));
    assert_eq!(by("::ffff:10.0.0.5", &["198.51.100.7"]), address("198.51.100.7"));
    bench.verifies().await;
    assert_eq!(by("10.0.0.5", &["198.51.100.7"]), address("10.0.0.5"), "nobody stands in front");
}
