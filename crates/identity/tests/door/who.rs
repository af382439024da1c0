//! The principal of the law: what accounts, policy and session make of a caller.

use crate::bench::{Bench, Way, address, text};
use access::{Scopes, WhoKind};
use serde_json::json;
use store::{Act, Batch, Change, Expected};

#[tokio::test]
async fn a_person_is_seen_with_occupation_duties_practitioner_zone_and_factors() {
    let mut bench = Bench::new().await;
    bench
        .run(json!({ "command": "account-create", "account": "sato", "kind": "person", "name": "佐藤",
            "occupation": "doctor", "duties": ["auditor", "operator"], "practitioner": " 17 " }))
        .await;
    bench.set("zones", "ward=192.0.2.0/24").await;
    let sato = bench.equip("sato").await;
    let way = Way::bearer();
    let (_, token) = sato.session(&bench, &way).await;
    for _ in 0..2 {
        let caller = bench.caller(&way, &token).unwrap();
        let who = bench.door().who(&caller, way.address);
        assert_eq!(
            (who.kind, who.account.as_str(), who.facility.as_str()),
            (WhoKind::Person, "sato", "sakura")
        );
        assert_eq!((who.occupation, who.practitioner.as_deref()), (Some("doctor"), Some("17")));
        assert_eq!(who.duties, ["auditor", "operator"].into());
        assert_eq!((who.zone.as_str(), who.factors), ("ward", vec!["password", "totp"]));
        assert!(who.fresh && who.scopes.is_none() && who.broken.is_empty() && who.device.is_none());
        bench.reopen();
    }
    bench.run(json!({ "command": "account-change", "account": "sato", "practitioner": "" })).await;
    let caller = bench.caller(&way, &token).unwrap();
    let who = bench.door().who(&caller, address("203.0.113.9"));
    assert_eq!((who.practitioner, who.zone.as_str()), (None, "elsewhere"));
}

#[tokio::test]
async fn a_service_is_seen_with_its_duties_and_scopes() {
    let mut bench = Bench::new().await;
    bench.set("machine-factors-needed", "1").await;
    bench
        .run(json!({ "command": "account-create", "account": "verifier", "kind": "service", "name": "検証",
            "duties": ["auditor"], "scopes": "system/Patient.rs  system/Observation.rs" }))
        .await;
    let key = bench.run(json!({ "command": "account-key", "account": "verifier" })).await;
    let way = Way::bearer();
    let granted = Scopes::parse("system/Patient.rs system/Observation.rs", None).unwrap();
    for _ in 0..2 {
        let caller = bench.caller(&way, text(&key, "/key")).unwrap();
        let who = bench.door().who(&caller, way.address);
        assert_eq!((who.kind, who.duties), (WhoKind::Service, ["auditor"].into()));
        assert_eq!(who.scopes.as_deref(), Some(&granted));
        let shown = bench.run(json!({ "command": "account-show", "account": "verifier" })).await;
        assert_eq!(text(&shown, "/scopes"), "system/Patient.rs system/Observation.rs");
        bench.reopen();
    }
    bench
        .run(json!({ "command": "account-change", "account": "verifier", "scopes": "system/*.cruds" }))
        .await;
    let caller = bench.caller(&way, text(&key, "/key")).unwrap();
    assert_eq!(caller.scopes.as_deref(), Some(&Scopes::parse("system/*.cruds", None).unwrap()));
    bench.run(json!({ "command": "account-change", "account": "verifier", "scopes": " " })).await;
    assert!(bench.caller(&way, text(&key, "/key")).unwrap().scopes.is_none());
}

#[tokio::test]
async fn scopes_are_those_of_the_system() {
    let bench = Bench::new().await;
    for scopes in ["patient/*.rs", "user/Patient.rs", "openid", "system/Patient.rs patient/Patient.rs"] {
        let account = json!({ "command": "account-create", "account": "svc", "kind": "service", "name": "会社",
            "scopes": scopes });
        assert_eq!(bench.refused(account).await, "ID-0033", "{scopes}");
    }
}

#[tokio::test]
async fn accounts_from_before_there_were_scopes_are_read() {
    let mut bench = Bench::new().await;
    let body = r#"{"resourceType":"AkashiAccount","id":"old","meta":{"versionId":"1","lastUpdated":"2026-04-01T00:00:00Z"},"format":1,"body":{"id":"old","kind":"person","name":"以前","occupation":"nurse","state":"active","made":"2026-04-01T00:00:00Z"}}"#;
    let act = Act::Put { render: Box::new(move |_, _| body.into()), terms: Vec::new() };
    let key = base::RecordKey::parse("AkashiAccount/old").unwrap();
    let change = Change::of_identity(key, Expected::Absent, act).unwrap();
    let batch = Batch::new(crate::bench::console(), vec![change]);
    bench.store().append_identities(batch).await.unwrap();
    bench.reopen();
    let shown = bench.run(json!({ "command": "account-show", "account": "old" })).await;
    assert_eq!((&shown["practitioner"], &shown["scopes"]), (&json!(null), &json!(null)));
}
