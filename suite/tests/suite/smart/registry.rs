//! Registering apps: what each kind must have, and what it must not.

use super::{BACK, command};
use serde_json::{Value, json};
use testkit::{App, Clinic};

fn refused(clinic: &Clinic, members: &Value) -> String {
    let mut command = members.clone();
    command["command"] = "app-register".into();
    clinic.command(&command).err().unwrap_or_else(|| panic!("{members} is taken")).code().id.to_owned()
}

#[test]
fn an_app_that_is_not_as_its_kind_must_be_is_refused() {
    let clinic = Clinic::start();
    let app = App::es384("x");
    let account = json!({"account": "batch", "kind": "service", "name": "batch"});
    command(&clinic, "account-create", account);
    let public =
        json!({"app": "x", "kind": "public", "name": "x", "redirects": [BACK], "scopes": "user/*.rs"});
    let service = json!({"app": "x", "kind": "service", "name": "x", "scopes": "system/*.rs", "keys": app.keys(),
        "account": "batch"});
    let with = |base: &Value, name: &str, value: Value| {
        let mut changed = base.clone();
        changed[name] = value;
        changed
    };
    for wrong in [
        with(&public, "name", json!("")),
        with(&public, "redirects", json!([])),
        with(&public, "redirects", json!(["http://app.example/back"])),
        with(&public, "redirects", json!(["javascript:alert(1)"])),
        with(&public, "redirects", json!([format!("{BACK}#x")])),
        with(&public, "launch", json!("http://app.example/")),
        with(&public, "scopes", json!("")),
        with(&public, "scopes", json!("system/*.rs")),
        with(&public, "scopes", json!("user/*.rs nonsense")),
        with(&public, "scopes", json!("offline_access")),
        with(&public, "keys", app.keys()),
        with(&public, "account", json!("batch")),
        with(&public, "kind", json!("confidential")),
        with(&service, "keys", Value::Null),
        with(&service, "keys", json!({"keys": []})),
        with(&service, "account", Value::Null),
        with(&service, "account", json!("nobody")),
        with(&service, "redirects", json!([BACK])),
        with(&service, "scopes", json!("user/*.rs")),
        with(&service, "scopes", json!("system/*.rs offline_access")),
    ] {
        assert_eq!(refused(&clinic, &wrong), "ID-0052", "{wrong}");
    }
    command(&clinic, "app-register", public.clone());
    assert_eq!(refused(&clinic, &public), "ID-0050");
    command(&clinic, "app-disable", json!({"app": "x", "reason": "x"}));
    assert_eq!(refused(&clinic, &public), "ID-0050", "an id is never used again");
}

#[test]
fn an_app_is_shown_changed_and_still_there_after_a_restart() {
    let mut clinic = Clinic::start();
    super::public(&clinic, "viewer");
    let other = "https://app.example/other";
    command(&clinic, "app-change", json!({"app": "viewer", "name": "別の名前", "redirects": [other]}));
    clinic.restart();
    let shown = command(&clinic, "app-show", json!({"app": "viewer"}));
    assert_eq!((&shown["name"], &shown["redirects"]), (&"別の名前".into(), &json!([other])));
    assert_eq!(shown["state"], "active");
    command(&clinic, "app-disable", json!({"app": "viewer", "reason": "no longer used"}));
    let listed = command(&clinic, "app-list", json!({}));
    assert_eq!(listed["apps"][0]["disabled_because"], "no longer used");
}
