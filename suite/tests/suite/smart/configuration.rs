//! SMART App Launch 2, "Conformance": what is said of the server is what it does.

use super::{Scene, value};
use http::Method;
use serde_json::Value;

#[test]
fn the_configuration_names_endpoints_that_are_served() {
    let scene = Scene::new();
    let client = scene.clinic.stranger();
    let reply = client.get(".well-known/smart-configuration").expect(200);
    assert_eq!(reply.field("content-type"), "application/json");
    let told = value(&reply);
    let issuer = client.base().strip_suffix("/fhir").unwrap().to_owned();
    assert_eq!(told["issuer"], issuer.as_str());
    for (name, method) in [
        ("authorization_endpoint", Method::GET),
        ("token_endpoint", Method::POST),
        ("revocation_endpoint", Method::POST),
        ("introspection_endpoint", Method::POST),
    ] {
        let address = told[name].as_str().unwrap();
        let reply = client.ask(method, address).body("application/x-www-form-urlencoded", "").send();
        assert!(reply.status() != 404 && reply.status() != 405, "{name}: {}", reply.text());
    }
    let has = |name: &str, word: &str| told[name].as_array().unwrap().contains(&Value::from(word));
    assert!(has("code_challenge_methods_supported", "S256"));
    assert!(!has("code_challenge_methods_supported", "plain"), "SMART: servers do not support it");
    assert_eq!(told["authorization_response_iss_parameter_supported"], true);
    for word in ["launch-standalone", "client-public", "client-confidential-asymmetric", "permission-v2"] {
        assert!(has("capabilities", word), "{word}");
    }
    for word in ["sso-openid-connect", "launch-ehr", "client-confidential-symmetric", "permission-v1"] {
        assert!(!has("capabilities", word), "{word} is not served");
    }
}

#[test]
fn the_capability_statement_leads_to_the_same_endpoints() {
    let scene = Scene::new();
    let client = scene.clinic.stranger();
    let told = value(&client.get(".well-known/smart-configuration").expect(200));
    let statement = value(&client.get("metadata").expect(200));
    let security = &statement["rest"][0]["security"];
    assert_eq!(security["service"][0]["coding"][0]["code"], "SMART-on-FHIR");
    let addresses = &security["extension"][0];
    assert_eq!(addresses["url"], "http://fhir-registry.smarthealthit.org/StructureDefinition/oauth-uris");
    for (part, name) in [
        ("authorize", "authorization_endpoint"),
        ("token", "token_endpoint"),
        ("revoke", "revocation_endpoint"),
        ("introspect", "introspection_endpoint"),
    ] {
        let parts = addresses["extension"].as_array().unwrap();
        let found = parts.iter().find(|one| one["url"] == part).unwrap();
        assert_eq!(found["valueUri"], told[name], "{part}");
    }
}
