//! Machines: keys and certificates instead of sessions.

use crate::bench::{Bench, Way, id, text};
use identity::{Credential, FactorKind};
use serde_json::json;

impl Bench {
    async fn key(&self, account: &str, label: &str) -> String {
        let given = self.run(json!({ "command": "account-key", "account": account, "label": label })).await;
        text(&given, "/key").to_owned()
    }
}

#[tokio::test]
async fn a_key_alone_is_not_enough_and_with_the_certificate_of_its_account_it_is() {
    let mut bench = Bench::new().await;
    bench.device("analyser").await;
    bench.device("tablet-1").await;
    let key = bench.key("analyser", "key").await;
    let own = Way::bearer().over(&bench.certificate("analyser").await);
    let foreign = Way::bearer().over(&bench.certificate("tablet-1").await);
    assert_eq!(id(bench.caller(&Way::bearer(), &key)), "ID-0001");
    bench.verifies().await;
    for _ in 0..2 {
        let caller = bench.caller(&own, &key).unwrap();
        assert_eq!(caller.factors, [FactorKind::Key, FactorKind::Certificate]);
        assert_eq!((caller.actor.kind, caller.session), (store::ActorKind::Device, None));
        assert_eq!(id(bench.caller(&foreign, &key)), "ID-0001", "the certificate of another account");
        assert_eq!(id(bench.caller(&Way::bearer(), &key)), "ID-0004");
        assert!(bench.identify(&own, Credential::None).unwrap().is_none(), "the certificate alone");
        bench.reopen();
    }
}

#[tokio::test]
async fn one_factor_is_enough_where_the_policy_says_so() {
    let bench = Bench::new().await;
    bench.device("analyser").await;
    bench.person("sato").await;
    let key = bench.key("analyser", "key").await;
    let own = Way::bearer().over(&bench.certificate("analyser").await);
    let of_sato = Way::bearer().over(&bench.certificate("sato").await);
    bench.set("machine-factors-needed", "1").await;
    assert_eq!(id(bench.caller(&Way::bearer(), &key)), "none", "the key alone");
    bench.verifies().await;
    let caller = bench.identify(&own, Credential::None).unwrap().unwrap();
    assert_eq!(
        (caller.account.id.as_str(), &caller.factors[..]),
        ("analyser", &[FactorKind::Certificate][..])
    );
    assert!(bench.identify(&of_sato, Credential::None).unwrap().is_none(), "a person must log in");
}

#[tokio::test]
async fn a_key_in_a_cookie_is_no_session() {
    let bench = Bench::new().await;
    bench.device("analyser").await;
    bench.set("machine-factors-needed", "1").await;
    let key = bench.key("analyser", "key").await;
    assert_eq!(id(bench.identify(&Way::bearer(), Credential::Cookie(&key))), "ID-0303");
}

#[tokio::test]
async fn a_disabled_machine_is_refused_by_key_and_by_certificate() {
    let mut bench = Bench::new().await;
    bench.device("analyser").await;
    bench.set("machine-factors-needed", "1").await;
    let key = bench.key("analyser", "key").await;
    let own = Way::bearer().over(&bench.certificate("analyser").await);
    bench.verifies().await;
    assert_eq!(id(bench.identify(&own, Credential::None)), "none");
    bench.run(json!({ "command": "account-disable", "account": "analyser", "reason": "廃棄" })).await;
    for _ in 0..2 {
        assert_eq!(id(bench.identify(&own, Credential::None)), "ID-0005");
        assert_eq!(id(bench.caller(&own, &key)), "ID-0005");
        bench.reopen();
    }
    bench.set("client-certificates", "off").await;
    assert_eq!(id(bench.caller(&Way::bearer(), &key)), "ID-0303");
}

#[tokio::test]
async fn a_new_key_takes_the_place_of_the_one_with_its_label() {
    let mut bench = Bench::new().await;
    bench.device("analyser").await;
    bench.set("machine-factors-needed", "1").await;
    let other = bench.key("analyser", "spare").await;
    let old = bench.key("analyser", "main").await;
    let new = bench.key("analyser", "main").await;
    for _ in 0..2 {
        assert_eq!(id(bench.caller(&Way::bearer(), &old)), "ID-0303");
        assert_eq!(id(bench.caller(&Way::bearer(), &new)), "none");
        assert_eq!(id(bench.caller(&Way::bearer(), &other)), "none");
        bench.reopen();
    }
}

#[tokio::test]
async fn a_key_that_was_taken_away_is_refused() {
    let bench = Bench::new().await;
    bench.device("analyser").await;
    bench.set("machine-factors-needed", "1").await;
    let key = bench.key("analyser", "key").await;
    let shown = bench.run(json!({ "command": "account-show", "account": "analyser" })).await;
    let factor = &shown["factor_list"][0]["factor"];
    bench.run(json!({ "command": "factor-remove", "account": "analyser", "factor": factor })).await;
    assert_eq!(id(bench.caller(&Way::bearer(), &key)), "ID-0303");
}

#[tokio::test]
async fn people_get_no_keys_and_machines_no_invitations() {
    let bench = Bench::new().await;
    bench.nurse("sato").await;
    bench.device("tablet-1").await;
    assert_eq!(bench.refused(json!({ "command": "account-key", "account": "sato" })).await, "ID-0030");
    assert_eq!(bench.refused(json!({ "command": "account-invite", "account": "tablet-1" })).await, "ID-0029");
    let label = "x".repeat(101);
    let long = json!({ "command": "account-key", "account": "tablet-1", "label": label });
    assert_eq!(bench.refused(long).await, "ID-0011");
}

#[tokio::test]
async fn a_service_is_named_as_one_in_the_journal() {
    let bench = Bench::new().await;
    bench
        .run(json!({ "command": "account-create", "account": "lab", "kind": "service", "name": "検査会社" }))
        .await;
    bench.set("machine-factors-needed", "1").await;
    let key = bench.key("lab", "key").await;
    let caller = bench.caller(&Way::bearer(), &key).unwrap();
    assert_eq!((caller.actor.kind, caller.actor.id.as_str()), (store::ActorKind::Service, "lab"));
}
