//! What the probes of `akashi assess` see: each is tried with what it should see, and with what changes it.

use super::assess::{assess, fact, verdicts};
use super::{Site, good};
use crate::material::born;
use base::{Clock, SystemClock};
use http::Method;
use serde_json::{Value, json};
use std::collections::BTreeMap;
use std::fs;
use std::os::unix::fs::{MetadataExt, symlink};
use std::path::Path;
use testkit::{Client, one_time_code};

/// One fact with all that belongs to it.
fn whole(site: &Site, key: &str) -> Value {
    let facts = assess(site, "--facts");
    facts.as_array().unwrap().iter().find(|fact| fact["key"] == key).cloned().unwrap_or_default()
}

#[test]
fn the_certificate_is_the_one_that_the_server_shows_and_whether_it_asks_for_ours_is_tried() {
    let site = Site::sakura();
    assert_eq!(fact(&site, "runtime.tls.certificate_days_left"), None, "no server, no certificate");
    assert_eq!(fact(&site, "runtime.tls.client_certificates"), Some(json!("required")));
    let (process, _) = site.akashi("serve --data data --listen 127.0.0.1:0").serve();
    let left = fact(&site, "runtime.tls.certificate_days_left").unwrap().as_i64().unwrap();
    assert!((300..=400).contains(&left), "{left}");
    assert_eq!(fact(&site, "runtime.tls.certificate_self_signed"), Some(json!(true)));
    assert_eq!(fact(&site, "runtime.door.rate_limited"), Some(json!(true)));
    let asked = whole(&site, "runtime.tls.client_certificates");
    assert_eq!(asked["value"], "required");
    assert!(asked["how"]["en"].as_str().unwrap().contains("connected"), "{asked}");
    site.good("policy set client-certificates=off --data data");
    // The handshake goes on asking, since it does not know yet which facility is meant; nobody needs one any more.
    assert_eq!(fact(&site, "runtime.tls.client_certificates"), Some(json!("requested")));
    process.signal("TERM");
    good("serve", process.wait());
    assert_eq!(fact(&site, "runtime.tls.client_certificates"), Some(json!("none")));
}

#[test]
fn a_certificate_whose_authority_lies_elsewhere_is_not_the_server_s_own() {
    let site = Site::sakura();
    fs::remove_file(site.path("data/tls/ca.key")).unwrap();
    let (process, _) = site.akashi("serve --data data --listen 127.0.0.1:0").serve();
    assert_eq!(fact(&site, "runtime.tls.certificate_self_signed"), Some(json!(false)));
    process.signal("TERM");
    good("serve", process.wait());
}

#[test]
fn records_show_what_became_of_them_and_the_trail_whose_they_are() {
    let site = Site::with_tester();
    let keys = [
        "runtime.journal.versions_kept",
        "runtime.records.readable_any_time",
        "runtime.records.retention_enforced",
        "runtime.accounts.individual_ids",
    ];
    let (process, client) = site.serve();
    client.put("Patient/p1", born("p1", "1950")).expect(201);
    for key in &keys[..3] {
        assert_eq!(fact(&site, key), None, "{key}: nothing was changed yet");
    }
    client.put("Patient/p1", born("p1", "1951")).expect(200);
    assert_eq!(fact(&site, keys[1]), Some(json!(true)));
    assert_eq!(fact(&site, keys[2]), None, "nothing was deleted yet");
    client.delete("Patient/p1").expect(204);
    for key in keys {
        let shown = whole(&site, key);
        assert_eq!(shown["value"], true, "{key}: {shown}");
        assert!(shown["position"].is_u64(), "{key}: {shown}");
    }
    assert_eq!(fact(&site, "runtime.audit.names_patient_and_actor"), Some(json!(true)));
    process.signal("TERM");
    good("serve", process.wait());
}

#[test]
fn an_import_names_the_patients_whose_records_it_writes() {
    let site = Site::sakura();
    let two = [born("p2", "1950"), born("p1", "1950")];
    site.write("two.ndjson", two.join("\n"));
    site.good("import --data data two.ndjson");
    let entries = site.json("audit list")["entries"].as_array().unwrap().clone();
    let entry = entries.iter().find(|entry| entry["action"] == "import").unwrap();
    assert_eq!(entry["patients"], json!(["p1", "p2"]));
    assert_eq!(fact(&site, "runtime.audit.names_patient_and_actor"), Some(json!(true)));
    assert_eq!(fact(&site, "runtime.accounts.individual_ids"), None, "only the system itself has acted");
}

#[test]
fn what_the_probe_asks_for_nobody_is_refused_and_stands_in_the_trail() {
    let site = Site::sakura();
    let named = whole(&site, "runtime.audit.names_patient_and_actor");
    let entries = site.json("audit list")["entries"].as_array().unwrap().clone();
    let entry = entries.iter().find(|entry| entry["entry"] == named["position"]).unwrap();
    assert_eq!(entry["patients"], json!(["akashi-probe"]));
    assert_eq!((entry["action"].as_str(), entry["decided"].as_str()), (Some("search"), Some("refused")));
}

#[test]
fn a_verification_is_known_where_a_server_keeps_it_and_changes_nothing_elsewhere() {
    let site = Site::sakura();
    let before = site.good("verify --data data").out;
    assert_eq!(site.good("verify --data data").out, before, "a check must not change what it checks");
    assert_eq!(fact(&site, "runtime.journal.verified_days"), None);
    let (process, _) = site.akashi("serve --data data --listen 127.0.0.1:0").serve();
    let told = site.good("verify --data data");
    assert!(told.err.is_empty(), "{told:?}");
    for (key, value) in [("verified_days", json!(0)), ("verification_passed", json!(true))] {
        let kept = whole(&site, &format!("runtime.journal.{key}"));
        assert_eq!(kept["value"], value, "{kept}");
        assert!(
            kept["position"].is_u64() && kept["how"]["en"].as_str().unwrap().contains("entries"),
            "{kept}"
        );
    }
    process.signal("TERM");
    good("serve", process.wait());
    assert_eq!(fact(&site, "runtime.journal.verification_passed"), Some(json!(true)), "it stays known");
}

#[test]
fn maintenance_is_known_by_its_accounts() {
    let site = Site::sakura();
    assert_eq!(fact(&site, "runtime.maintenance.dedicated_accounts"), None, "there are none");
    assert_eq!(fact(&site, "runtime.maintenance.uses_90_days"), Some(json!(0)));
    site.good("account create m-1 --kind maintenance --name 鈴木一郎 --work-order W-1 --company 保守 --from 2026-04-01T09:00 --until 2026-04-02 --data data");
    assert_eq!(fact(&site, "runtime.maintenance.dedicated_accounts"), Some(json!(true)));
    assert_eq!(fact(&site, "runtime.maintenance.recorded"), None, "it was never used");
}

#[test]
fn the_master_key_is_apart_where_it_lies_on_another_file_system() {
    let site = Site::sakura();
    assert_eq!(fact(&site, "runtime.keys.separated"), Some(json!(false)), "it lies beside the journal");
    let Ok(elsewhere) = tempfile::tempdir_in("/dev/shm") else { return };
    let (key, apart) = (site.path("data/master.key"), elsewhere.path().join("master.key"));
    let device = |path: &Path| fs::metadata(path).unwrap().dev();
    let other = device(elsewhere.path()) != device(&site.path("data"));
    fs::copy(&key, &apart).unwrap();
    fs::remove_file(&key).unwrap();
    symlink(&apart, &key).unwrap();
    assert_eq!(fact(&site, "runtime.keys.separated"), Some(json!(other)));
}

#[test]
fn passwords_are_looked_at_where_there_are_some() {
    let site = Site::sakura();
    for key in ["runtime.password.stored_as_hash", "runtime.password.initial_changed_by_owner"] {
        assert_eq!(fact(&site, key), None, "{key}: nobody has one");
    }
    let demo = Site::empty();
    super::demo::start(&demo, "--patients 1").stop();
    assert_eq!(fact(&demo, "runtime.password.stored_as_hash"), Some(json!(true)));
    assert_eq!(
        fact(&demo, "runtime.password.initial_changed_by_owner"),
        Some(json!(false)),
        "the demo sets them"
    );
    assert_eq!(fact(&demo, "runtime.law.break_glass_notified"), Some(json!(true)));
    for overseer in ["auditor", "director"] {
        demo.good(&format!("account disable {overseer} --reason leaves --data data"));
    }
    assert_eq!(
        fact(&demo, "runtime.law.break_glass_notified"),
        Some(json!(false)),
        "nobody is left to be told"
    );
}

#[test]
fn the_rules_that_are_tried_follow_the_policy() {
    let site = Site::sakura();
    assert_eq!(fact(&site, "runtime.password.character_classes"), Some(json!(2)));
    assert_eq!(fact(&site, "runtime.two_factors.offered"), Some(json!(true)));
    assert_eq!(fact(&site, "runtime.law.two_people_change"), Some(json!(true)));
    assert_eq!(fact(&site, "runtime.records.input_validated"), Some(json!(true)));
    site.good("policy set password-edition=6.0 --data data");
    assert_eq!(fact(&site, "runtime.password.character_classes"), Some(json!(3)));
}

/// The verdicts of all editions, each with its rule.
fn everything(site: &Site) -> BTreeMap<String, (String, String)> {
    let editions = ["mhlw-7.0", "mhlw-6.0", "jahis-sds-5.0", "meti-mic-2.0"];
    editions.iter().flat_map(|edition| verdicts(site, edition)).collect()
}

/// The requirements whose verdict an act has changed, with the verdict after it; each must rest on one of these keys.
pub(super) fn changed_by(site: &Site, keys: &[&str], act: impl FnOnce()) -> BTreeMap<String, String> {
    let before = everything(site);
    act();
    let after = everything(site).into_iter().filter(|(id, told)| before[id].0 != told.0);
    after
        .map(|(id, (verdict, rule))| {
            assert!(keys.iter().any(|key| rule.contains(key)), "{id} is {verdict}: {rule}");
            (id, verdict)
        })
        .collect()
}

#[test]
fn a_shared_account_changes_exactly_what_asks_for_accounts_of_ones_own() {
    let site = Site::sakura();
    assert_eq!(fact(&site, "runtime.accounts.shared"), Some(json!(0)));
    site.good("account create front --name 受付 --occupation clerk --data data");
    site.refused("account create desk --name 窓口 --shared --kind device --data data", "ID-0011", "people");
    let worse = changed_by(&site, &["runtime.accounts.shared"], || {
        site.good("account change front --shared --data data");
    });
    assert_eq!(fact(&site, "runtime.accounts.shared"), Some(json!(1)));
    for id in ["mhlw-6.0/control/14-2", "mhlw-7.0/control/14-2", "meti-mic-2.0/provider/A2.p23-4-10"] {
        assert_eq!(worse.get(id).map(String::as_str), Some("not-met"), "{id}: {worse:?}");
    }
    assert_eq!(fact(&site, "runtime.accounts.without_occupation"), Some(json!(0)));
    site.good("account disable front --reason 廃止 --data data");
    assert_eq!(fact(&site, "runtime.accounts.shared"), Some(json!(0)));
}

/// Answers the invitation of an account; a recovery code, by which somebody can log in at once.
fn join(site: &Site, client: &Client, account: &str, password: &str) -> String {
    let code = site.json(&format!("account invite {account}"))["code"].clone();
    // A connection that waited for commands to end may be closed by now.
    let client = client.again();
    let post = |path: &str, body: Value| client.call(Method::POST, path).json(&body).send();
    let read = |reply: testkit::Reply| -> Value { serde_json::from_slice(&reply.body).unwrap() };
    let opened = read(post("invitation", json!({ "code": code })).expect(200));
    let totp = &opened["totp"];
    let shown = one_time_code(totp["url"].as_str().unwrap(), SystemClock.now());
    let totp = json!({ "handle": totp["handle"], "code": shown });
    let accepted = post("invitation/accept", json!({ "code": code, "password": password, "totp": totp }));
    read(accepted.expect(201))["recovery_codes"][0].as_str().unwrap().to_owned()
}

#[test]
fn an_emergency_account_is_known_once_somebody_could_log_in_to_it_and_so_is_each_use() {
    const PASSWORD: &str = "kumo-tansu 5 hayashi!";
    let site = Site::with_tester();
    let (process, client) = site.serve();
    let told = || {
        let keys = ["", "_enabled", "_uses_90_days"];
        keys.map(|key| fact(&site, &format!("runtime.accounts.emergency{key}")).unwrap().as_u64().unwrap())
    };
    // So that somebody has acted and a password is there, whatever the emergency account does.
    client.get("Patient").expect(200);
    site.good("account create n-1 --name 看護 --occupation nurse --data data");
    join(&site, &client, "n-1", PASSWORD);
    site.good("account create e-1 --name 非常時用 --occupation doctor --emergency --data data");
    assert_eq!(told(), [0, 0, 0], "it has no factors");
    let mut recovery = String::new();
    let better = changed_by(&site, &["runtime.accounts.emergency"], || {
        recovery = join(&site, &client, "e-1", PASSWORD);
    });
    assert_eq!(better.get("jahis-sds-5.0/11-1").map(String::as_str), Some("met"), "{better:?}");
    assert_eq!(told(), [1, 0, 0]);
    let login = || {
        let shown = json!({ "account": "e-1", "password": PASSWORD, "recovery": recovery });
        client.again().call(Method::POST, "session").json(&shown).send()
    };
    login().expect(401);
    site.refused("account enable e-1 --data data", "ID-0011", "reason");
    site.good("account enable e-1 --reason 障害 --data data");
    login().expect(201);
    assert_eq!(told(), [1, 1, 1]);
    site.good("account disable e-1 --reason 復旧 --data data");
    assert_eq!(told(), [1, 0, 1]);
    process.signal("TERM");
    good("serve", process.wait());
}

#[test]
fn former_passwords_are_refused_as_the_policy_says() {
    let site = Site::sakura();
    assert_eq!(fact(&site, "runtime.password.reuse_refused"), Some(json!(true)));
    let worse = changed_by(&site, &["runtime.password.reuse_refused"], || {
        site.good("policy set passwords-remembered=1 --data data");
    });
    assert_eq!(fact(&site, "runtime.password.reuse_refused"), Some(json!(false)));
    assert!(worse.contains_key("jahis-sds-5.0/14-3"), "{worse:?}");
}

#[test]
fn this_release_says_itself_until_when_it_is_supported() {
    let site = Site::sakura();
    let shown = whole(&site, "runtime.software.supported");
    let version = fact(&site, "runtime.software.version").unwrap();
    let how = shown["how"]["en"].as_str().unwrap();
    let (_, day) = how.rsplit_once(' ').unwrap();
    assert!(how.contains(version.as_str().unwrap()) && how.contains("SECURITY.md"), "{how}");
    let ends = base::Time::parse(&format!("{day}T23:59:59+09:00")).unwrap();
    assert_eq!(shown["value"], SystemClock.now() < ends, "{shown}");
}
