//! `akashi policy` and `akashi facts`, and what the server says about a policy that protects less.

use super::{Site, good};

#[test]
fn values_are_changed_all_or_none_and_shown_with_their_meaning() {
    let site = Site::sakura();
    let shown = site.good("policy set unused-days=60 session-idle-seconds=900 --data data").out;
    let line = |name: &str| shown.lines().find(|line| line.starts_with(name)).unwrap().to_owned();
    assert!(line("unused-days").contains("60") && line("session-idle-seconds ").contains("900"), "{shown}");
    for wrong in ["unused-days=0", "factors-needed=3", "no-such-value=1", "client-certificates=maybe"] {
        site.refused(&format!("policy set fresh-seconds=60 {wrong} --data data"), "ID-0020", "");
    }
    let policy = site.json("policy show")["policy"].clone();
    assert_eq!((&policy["unused_days"], &policy["fresh_seconds"]), (&60.into(), &300.into()));
    let japanese = site.good("policy show --data data --language ja").out;
    assert!(japanese.contains("無操作でセッションが終わる秒数"), "{japanese}");
}

#[test]
fn facts_are_listed_for_people_and_as_json() {
    let site = Site::sakura();
    let out = site.good("facts --data data").out;
    assert!(
        out.lines().any(|line| line.starts_with("authentication.factors_needed") && line.ends_with('2')),
        "{out}"
    );
    let facts = site.json("facts");
    assert!(facts["facts"].as_array().unwrap().len() > 10);
}

#[test]
fn a_facility_that_asks_for_no_certificates_is_announced_in_both_languages() {
    let site = Site::sakura();
    let set = site.good("policy set client-certificates=off --data data");
    assert!(set.err.contains("開発専用") && set.err.contains("development only"), "{set:?}");
    let (process, _) = site.akashi("serve --data data --listen 127.0.0.1:0").serve();
    process.signal("TERM");
    let ended = good("serve", process.wait());
    let loud = ended.err.lines().find(|line| line.contains("!!!")).unwrap_or_default().to_owned();
    for part in ["sakura", "クライアント証明書を求めない設定", "no client certificates"] {
        assert!(loud.contains(part), "{part}: {ended:?}");
    }
    assert!(ended.err.contains("WARN"), "{ended:?}");
    site.good("policy set client-certificates=verify --data data");
    let (process, _) = site.akashi("serve --data data --listen 127.0.0.1:0").serve();
    process.signal("TERM");
    assert!(!good("serve", process.wait()).err.contains("!!!"));
}

#[test]
fn tls_1_2_is_announced_and_a_cheap_password_hash_is_refused() {
    let site = Site::sakura();
    let serve = || site.akashi("serve --data data --listen 127.0.0.1:0");
    let (process, _) = serve().env("AKASHI_TLS_VERSIONS", "1.2").serve();
    process.signal("TERM");
    let ended = good("serve", process.wait());
    assert!(ended.err.contains("!!!") && ended.err.contains("TLS 1.2"), "{ended:?}");
    for (name, value) in [("AKASHI_PASSWORD_MEMORY_KIB", "19455"), ("AKASHI_PASSWORD_PASSES", "1")] {
        let ended = serve().env(name, value).run();
        assert_eq!(ended.code, Some(1), "{ended:?}");
        assert!(ended.err.starts_with("AK-0006") && ended.err.contains("19456"), "{ended:?}");
    }
}
