//! The policy: every value at its bounds, and what cannot be together.

use crate::bench::{Bench, text};
use identity::door::POLICY_VALUES;
use serde_json::{Value, json};

fn set(values: &[(&str, &str)]) -> Value {
    let values: Value = values
        .iter()
        .map(|(name, value)| ((*name).to_owned(), json!(value)))
        .collect::<serde_json::Map<_, _>>()
        .into();
    json!({ "command": "policy-set", "values": values })
}

/// Each value with what is taken, and what is refused.
const BOUNDS: &[(&str, &[&str], &[&str])] = &[
    ("password-edition", &["6.0", "7.0"], &["", "5.1", "7", "8.0"]),
    ("passwords-remembered", &["0", "24"], &["", "25", "-1", "five"]),
    ("factors-needed", &["1", "2"], &["", "0", "3", "two", "-1"]),
    ("machine-factors-needed", &["1", "2"], &["", "0", "3"]),
    ("device-certificate-counts", &["true", "false"], &["", "yes", "1", "TRUE"]),
    ("client-certificates", &["off"], &["", "on", "VERIFY", "none"]),
    (
        "from-proxy-addresses",
        &["10.0.0.5", "10.0.0.0/24,2001:db8::/64", " 10.0.0.5 , 10.0.0.6 ", ""],
        &["10.0.0.0/33", "10.0.0", "proxy.example", "10.0.0.5;10.0.0.6"],
    ),
    (
        "from-proxy-certificate-header",
        &["X-Amzn-Mtls-Clientcert-Leaf"],
        &["", "a b", "x:y", "証明書", "x\ny"],
    ),
    ("from-proxy-verified-header", &["X-Client-Verify", ""], &["a b", "x:y", "x\ny"]),
    ("from-proxy-verified-value", &["SUCCESS", "0"], &["", "a\nb", "成功"]),
    ("from-proxy-address-header", &["X-Forwarded-For", ""], &["a b", "x:y"]),
    ("session-idle-seconds", &["60", "3600"], &["59", "3601", "", "-60", "1e3", "60.5"]),
    ("session-idle-seconds-privileged", &["60", "3600"], &["59", "3601", ""]),
    ("session-seconds-max", &["300", "86400"], &["299", "86401", ""]),
    ("fresh-seconds", &["30", "900"], &["29", "901", ""]),
    ("unused-days", &["1", "366"], &["0", "367", ""]),
    (
        "zones",
        &["ward=10.1.0.0/16,office=192.168.10.0/24", "ward=10.1.0.0/16, ward=2001:db8::/32", ""],
        &["ward", "ward=10.1.0.0/33", "Ward=10.1.0.0/16", "elsewhere=10.0.0.0/8", "=10.0.0.0/8", "ward=x"],
    ),
    ("glass-minutes-max", &["5", "480"], &["4", "481", ""]),
    (
        "sms-url",
        &["https://sms.example/send", "http://127.0.0.1:9/", ""],
        &["http://sms.example/", "ftp://x/", "sms.example", "https://a:b@sms.example/"],
    ),
    (
        "sms-body",
        &[r#"{"to":"{to}","text":"{text}"}"#],
        &["", "x", r#"{"to":"{to}"}"#, r#"{"to":{to},"text":"{text}"}"#],
    ),
    (
        "sms-headers",
        &["Authorization: Bearer x", "A: b\nC: d", ""],
        &["Authorization", "a b: c", "A: b\nC", ": x"],
    ),
];

#[tokio::test]
async fn every_value_is_taken_within_its_bounds_and_refused_beyond() {
    let mut bench = Bench::new().await;
    let names: Vec<&str> = BOUNDS.iter().map(|(name, ..)| *name).collect();
    assert_eq!(names, POLICY_VALUES.iter().map(|(name, ..)| *name).collect::<Vec<_>>());
    for (name, good, bad) in BOUNDS {
        let with_gateway = |value: &str| {
            let gateway = ("sms-url", "https://sms.example/send");
            if ["sms-body", "sms-headers"].contains(name) {
                set(&[gateway, (name, value)])
            } else {
                set(&[(name, value)])
            }
        };
        for value in *good {
            bench.run(with_gateway(value)).await;
        }
        let before = bench.run(json!({ "command": "policy-show" })).await;
        for value in *bad {
            let code = bench.refused(with_gateway(value)).await;
            assert!(["ID-0020", "ID-0212"].contains(&code), "{name}={value}: {code}");
        }
        bench.reopen();
        let after = bench.run(json!({ "command": "policy-show" })).await;
        assert_eq!(after, before, "{name}: nothing changed");
    }
}

#[tokio::test]
async fn values_are_taken_all_or_none() {
    let bench = Bench::new().await;
    assert_eq!(bench.refused(set(&[("fresh-seconds", "60"), ("unused-days", "0")])).await, "ID-0020");
    let shown = bench.run(json!({ "command": "policy-show" })).await;
    assert_eq!(shown["policy"]["fresh_seconds"], 300);
    assert_eq!(bench.refused(set(&[("no-such-value", "1")])).await, "ID-0020");
}

#[tokio::test]
async fn certificates_are_not_asked_for_before_anybody_could_have_one() {
    let bench = Bench::new().await;
    assert_eq!(bench.refused(set(&[("client-certificates", "verify")])).await, "ID-0020");
    let passthrough = [("client-certificates", "passthrough"), ("from-proxy-addresses", "10.0.0.5")];
    assert_eq!(bench.refused(set(&passthrough)).await, "ID-0020");
    bench.run(json!({ "command": "certificate-ca" })).await;
    bench.run(set(&[("client-certificates", "verify")])).await;
}

#[tokio::test]
async fn other_values_can_be_set_before_there_is_an_authority() {
    let bench = Bench::as_made("sakura");
    bench.set("session-idle-seconds", "600").await;
    assert_eq!(bench.door().policy().session_idle_seconds, 600);
}

#[tokio::test]
async fn passthrough_needs_to_know_the_load_balancers() {
    let bench = Bench::new().await;
    bench.run(json!({ "command": "certificate-ca" })).await;
    assert_eq!(bench.refused(set(&[("client-certificates", "passthrough")])).await, "ID-0020");
    let both = [("client-certificates", "passthrough"), ("from-proxy-addresses", "10.0.0.5")];
    bench.run(set(&both)).await;
    assert_eq!(bench.refused(set(&[("from-proxy-addresses", "")])).await, "ID-0020");
}

#[tokio::test]
async fn the_policy_is_shown_with_every_meaning_and_without_secrets() {
    let bench = Bench::new().await;
    bench
        .run(set(&[
            ("sms-url", "https://sms.example/send"),
            ("sms-headers", "Authorization: Bearer verysecret"),
        ]))
        .await;
    let shown = bench.run(json!({ "command": "policy-show" })).await;
    assert!(!shown.to_string().contains("verysecret") && !shown.to_string().contains("sealed"));
    assert_eq!(text(&shown, "/policy/sms/url"), "https://sms.example/send");
    for (name, ..) in POLICY_VALUES {
        assert!(
            !text(&shown["values"][name], "/ja").is_empty()
                && !text(&shown["values"][name], "/en").is_empty()
        );
    }
}

#[tokio::test]
async fn a_policy_outlives_a_restart() {
    let mut bench = Bench::new().await;
    bench.set("session-idle-seconds", "777").await;
    bench.reopen();
    assert_eq!(bench.door().policy().session_idle_seconds, 777);
}
