//! `akashi app`: apps and services, registered, shown, changed and disabled.

use super::Site;
use testkit::App;

const VIEWER: &str = "app register viewer --name ビューアー --redirect https://viewer.example/back --scopes patient/*.rs --data data";

#[test]
fn an_app_is_registered_listed_shown_changed_and_disabled() {
    let site = Site::sakura();
    let made = site.good(VIEWER).out;
    assert!(made.contains("viewer") && made.contains("https://viewer.example/back"), "{made}");
    site.refused(VIEWER, "ID-0050", "");
    let listed = site.good("app list --data data --language ja").out;
    assert!(listed.contains("ビューアー") && listed.contains("端末上のアプリ"), "{listed}");
    site.good("app change viewer --redirect https://viewer.example/other --data data");
    let shown = site.json("app show viewer");
    assert_eq!(shown["redirects"], serde_json::json!(["https://viewer.example/other"]));
    site.good("app disable viewer --reason replaced --data data");
    assert_eq!(site.json("app show viewer")["disabled_because"], "replaced");
    site.refused("app show nobody --data data", "ID-0051", "");
}

#[test]
fn a_service_brings_its_public_keys_in_a_file() {
    let site = Site::sakura();
    site.good("account create batch --name batch --kind service --data data");
    let register = |keys: &str| {
        format!(
            "app register batch --kind service --name batch --account batch --scopes system/*.rs --keys {keys} --data data"
        )
    };
    site.write("none.json", "no JSON");
    site.refused(&register("none.json"), "ID-0052", "");
    site.refused(&register("absent.json"), "", "");
    site.write("keys.json", App::es384("batch").keys().to_string());
    let made = site.good(&register("keys.json")).out;
    assert!(made.contains("key-1 (EC)"), "{made}");
}
