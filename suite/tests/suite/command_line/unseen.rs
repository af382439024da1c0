//! What the running system could show of the requirements, and no probe sees yet: a table that only gets shorter.

use super::Site;
use super::assess::assess;
use super::demo::{shell, start};
use crate::law::expect;
use base::{Clock, SystemClock};
use guideline::{EvidenceKind, engine};
use serde_json::{Value, json};
use std::collections::{BTreeMap, BTreeSet};
use testkit::one_time_code;

/// What is seen where the machine has it, as a container and a server differ: a clock that is kept, and a system that says
/// until when it is supported.
pub(super) const OF_THE_MACHINE: [&str; 3] = [
    "runtime.clock.offset_seconds",
    "runtime.clock.synchronised",
    "runtime.software.operating_system_supported",
];

/// Records are changed and deleted, as the demo's own requests do not.
fn change_records(site: &Site, read: &str) {
    let (curl, address) = read.rsplit_once(" '").unwrap();
    let base = address.split_once("/Patient/").unwrap().0;
    let body = |value: u8| {
        format!(
            r#"{{"resourceType":"Observation","id":"changed","status":"preliminary","code":{{"text":"x"}},"subject":{{"reference":"Patient/p000000"}},"valueInteger":{value}}}"#
        )
    };
    let put = |value: u8, more: &str| {
        let body = body(value);
        format!(
            "{curl} -fsS -X PUT -H 'Content-Type: application/fhir+json' {more} -d '{body}' '{base}/Observation/changed'"
        )
    };
    let delete = format!("{curl} -fsS -X DELETE '{base}/Observation/changed'");
    shell(site, &format!("{}\n{}\n{delete}", put(1, ""), put(2, "-H 'If-Match: W/\"1\"'")));
}

/// Somebody maintains the demo by a work order, as its own requests do not.
fn maintain(site: &Site, login: &str) {
    let now = SystemClock.now();
    let (from, until) = (now.plus_seconds(-60), now.plus_seconds(3_600));
    site.good(&format!("account create fitter --kind maintenance --name 保守 --work-order W-1 --company 見本保守 --from {from} --until {until} --data data"));
    let (curl, rest) = login.trim_start_matches("TOKEN=$(").split_once(" -d '").unwrap();
    let here = rest.split_whitespace().find_map(|word| word.strip_suffix("/session")).unwrap();
    let post = |path: &str, body: Value| -> Value {
        shell(site, &format!("{curl} -f -d '{body}' {here}/{path} > answer.json"));
        serde_json::from_str(&site.text("answer.json")).unwrap()
    };
    let code = site.json("account invite fitter")["code"].clone();
    let totp = post("invitation", json!({ "code": code }))["totp"].clone();
    let shown = one_time_code(totp["url"].as_str().unwrap(), SystemClock.now());
    let password = "kumo-tansu 5 hayashi!";
    let totp = json!({ "handle": totp["handle"], "code": shown });
    let accepted = post("invitation/accept", json!({ "code": code, "password": password, "totp": totp }));
    let recovery = &accepted["recovery_codes"][0];
    post("session", json!({ "account": "fitter", "password": password, "recovery": recovery }));
}

#[test]
fn what_no_probe_sees_of_the_demo_is_a_table_that_only_gets_shorter() {
    let site = Site::empty();
    let demo = start(&site, "--patients 3");
    let requests = demo.requests();
    let [login, read, ..] = requests.as_slice() else { panic!("{requests:#?}") };
    shell(&site, &format!("{login}\necho \"$TOKEN\" > token"));
    change_records(&site, &format!("TOKEN=$(cat token)\n{read}"));
    shell(&site, &format!("TOKEN=$(cat token)\n{}", requests[1..].join("\n")));
    maintain(&site, login);
    site.good("verify --data data");
    let facts = assess(&site, "--facts");
    demo.stop();
    let seen: BTreeSet<&str> =
        facts.as_array().unwrap().iter().map(|fact| fact["key"].as_str().unwrap()).collect();
    let engine = engine().unwrap();
    let unseen = |key: &&String| {
        key.starts_with("runtime.") && !seen.contains(key.as_str()) && !OF_THE_MACHINE.contains(&key.as_str())
    };
    let (mut rows, mut waiting, mut shown) = (Vec::new(), BTreeMap::<&str, usize>::new(), 0);
    for id in engine.catalogue.editions().flat_map(guideline::Edition::requirements) {
        let evidence = &engine.catalogue.requirement(id).unwrap().evidence;
        let check = engine.checks.of(&engine.catalogue, id);
        let Some(check) = check.filter(|_| evidence.contains(&EvidenceKind::Runtime)) else { continue };
        shown += 1;
        let keys: Vec<&str> = check.satisfied_when.keys().iter().filter(unseen).map(String::as_str).collect();
        for key in &keys {
            *waiting.entry(key).or_default() += 1;
        }
        if !keys.is_empty() {
            rows.push(format!("{id}  {}", keys.join(" ")));
        }
    }
    let count = rows.len();
    let missing: Vec<String> = waiting.iter().map(|(key, count)| format!("{count:>4}  {key}")).collect();
    let head =
        format!("{count} of {shown} requirements that the running system can show rest on something unseen.");
    expect("unseen.txt", &format!("{head}\n\n{}\n\n{}\n", missing.join("\n"), rows.join("\n")));
}
