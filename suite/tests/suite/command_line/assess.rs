//! `akashi assess`: verdicts on the guidelines, by what the running system shows about itself.

use super::{Site, good};
use serde_json::Value;
use std::collections::{BTreeMap, BTreeSet};

/// What `akashi assess` says as JSON. It ends with 1 as long as anything is left to do.
pub(super) fn assess(site: &Site, more: &str) -> Value {
    let ended = site.akashi(&format!("assess --data data --format json {more}")).run();
    assert!(ended.code == Some(1) || more.contains("--facts"), "{ended:?}");
    serde_json::from_str(&ended.out).unwrap_or_else(|error| panic!("{more}: {error}: {ended:?}"))
}

pub(super) fn fact(site: &Site, key: &str) -> Option<Value> {
    let facts = assess(site, "--facts");
    let found = facts.as_array().unwrap().iter().find(|fact| fact["key"] == key)?;
    for member in ["observed", "valid_until", "origin"] {
        assert!(found[member].is_string(), "{found}");
    }
    assert!(found["how"]["ja"].is_string() && found["how"]["en"].is_string(), "{found}");
    Some(found["value"].clone())
}

/// The verdicts on all requirements that have one, and which of them rest on a key.
pub(super) fn verdicts(site: &Site, edition: &str) -> BTreeMap<String, (String, String)> {
    let told = assess(site, &format!("--edition {edition}"));
    let text = |one: &Value, name: &str| one[name].as_str().unwrap().to_owned();
    let verdicts = told["verdicts"].as_array().unwrap().iter();
    verdicts
        .map(|one| (text(one, "requirement"), (text(one, "verdict"), text(one, "satisfied_when"))))
        .collect()
}

#[test]
fn the_versions_of_tls_are_those_that_the_server_takes() {
    let site = Site::sakura();
    assert_eq!(fact(&site, "runtime.tls.versions"), None, "nothing is known while no server runs");
    for (versions, spoken) in [("1.3", &["TLS 1.3"][..]), ("1.2", &["TLS 1.2", "TLS 1.3"])] {
        let serve =
            site.akashi("serve --data data --listen 127.0.0.1:0").env("AKASHI_TLS_VERSIONS", versions);
        let (process, _) = serve.serve();
        assert_eq!(fact(&site, "runtime.tls.versions"), Some(spoken.into()));
        assert_eq!(fact(&site, "runtime.tls.plain_http"), Some(false.into()));
        process.signal("TERM");
        good("serve", process.wait());
    }
}

#[test]
fn what_weakens_the_protection_changes_the_verdicts_that_rest_on_it_and_no_others() {
    let site = Site::sakura();
    // With a server it is tried what it lets in, and the rules change under it as it runs.
    let serve = site.akashi("serve --data data --listen 127.0.0.1:0");
    let (process, _) = serve.serve();
    for (policy, keys) in [
        ("client-certificates=off", &["runtime.tls.client_certificates"][..]),
        (
            "factors-needed=1",
            &[
                "runtime.two_factors.required_for_records",
                "runtime.password.minimum_length",
                "runtime.password.character_classes",
            ],
        ),
    ] {
        let editions = ["mhlw-7.0", "mhlw-6.0", "jahis-sds-5.0", "meti-mic-2.0"];
        let all = || -> BTreeMap<String, (String, String)> {
            editions.iter().flat_map(|edition| verdicts(&site, edition)).collect()
        };
        let before = all();
        let (name, _) = policy.split_once('=').unwrap();
        let shown = site.json("policy show")["policy"][name.replace('-', "_")].clone();
        site.good(&format!("policy set {policy} --data data"));
        let after = all();
        let changed: BTreeSet<&String> = before.keys().filter(|id| before[*id].0 != after[*id].0).collect();
        assert!(!changed.is_empty(), "{policy}");
        for id in changed {
            let (verdict, rule) = &after[id];
            assert!(keys.iter().any(|key| rule.contains(key)), "{policy} changed {id}: {rule}");
            // Where a person could still show it another way, nothing else is left to wait for.
            let waits = before[id].0 == "unknown" && verdict == "needs-a-person";
            // Where one factor is enough, passwords must be longer: what rests on their length alone gets better.
            let longer = verdict == "met" && rule.contains("runtime.password.minimum_length >= 13");
            // Where something else could still show it, it is no longer shown at least.
            let lost = before[id].0 == "met" && ["unknown", "needs-a-person"].contains(&verdict.as_str());
            let worse = ["not-met", "partly"].contains(&verdict.as_str());
            assert!(waits || longer || lost || worse, "{policy}: {id} is {verdict}: {rule}");
        }
        let back = shown.as_str().map_or_else(|| shown.to_string(), ToOwned::to_owned);
        site.good(&format!("policy set {name}={back} --data data"));
        assert_eq!(all(), before, "{policy} taken back");
    }
    process.signal("TERM");
    good("serve", process.wait());
}

#[test]
fn a_verdict_is_explained_with_the_facts_that_decided_it() {
    let site = Site::sakura();
    let ended = site.akashi("assess --data data --explain mhlw-6.0/control/13-6 --language ja").run();
    for part in ["mhlw-6.0/control/13-6", "判定", "適合の条件", "runtime.tls.", "対応"] {
        assert!(ended.out.contains(part), "{part}: {ended:?}");
    }
    assert_eq!(ended.code, Some(1));
    let open = site.akashi("assess --data data --edition mhlw-checklist-2025 --role facility --open").run();
    assert!(open.out.contains("[needs a person]") && open.out.contains("? "), "{open:?}");
    let table = site.akashi("assess --data data --role provider --language ja").run();
    assert!(table.out.contains("要回答") && table.out.contains("合計"), "{table:?}");
    let counted = |line: &str| {
        line.contains("システム ") && line.trim_end().ends_with(|one: char| one.is_ascii_digit())
    };
    assert!(table.out.lines().filter(|line| counted(line)).count() > 1, "by how many from where: {table:?}");
}

#[test]
fn what_nobody_knows_is_refused_before_anybody_is_asked() {
    let site = Site::empty();
    site.refused("assess --data data --edition mhlw-5.0", "GL-0004", "mhlw-7.0");
    site.refused("assess --data data --explain mhlw-6.0/control/99-9", "GL-0003", "mhlw-6.0/control/99-9");
    site.refused("assess --data data", "AK-0001", "");
}

#[test]
fn whoever_assesses_leaves_an_entry() {
    let site = Site::sakura();
    let entries = |site: &Site| site.json("audit list")["entries"].as_array().unwrap().clone();
    assess(&site, "");
    let entries = entries(&site);
    assert!(
        entries.iter().any(|entry| entry["target"] == "assess" && entry["decided"] == "permitted"),
        "{entries:?}"
    );
}
