//! Disclosures that are taken in, and the matrix of the facility.

use crate::bench::{Bench, planner};
use guideline::Value as FactValue;
use serde_json::{Value, json};

async fn matrix(bench: &Bench, with: &[&str]) -> Value {
    bench.does(json!({ "command": "disclosure-matrix", "edition": "mhlw-6.0", "with": with })).await
}

fn parties(matrix: &Value) -> Vec<String> {
    let all = matrix["parties"].as_array().unwrap();
    all.iter().map(|party| party["party"].as_str().unwrap().to_owned()).collect()
}

#[tokio::test]
async fn what_was_taken_in_is_in_the_matrix_until_it_is_removed() {
    let mut bench = Bench::new();
    assert_eq!(parties(&matrix(&bench, &[]).await), ["akashi"]);
    bench.does(json!({ "command": "disclosure-import", "name": "aws" })).await;
    bench.reopen();
    assert_eq!(parties(&matrix(&bench, &[]).await), ["aws", "akashi"]);
    assert_eq!(parties(&matrix(&bench, &["google"]).await), ["google", "akashi"], "others can be tried");
    let remove = json!({ "command": "disclosure-remove", "party": "aws" });
    bench.does(remove.clone()).await;
    assert_eq!(parties(&matrix(&bench, &[]).await), ["akashi"]);
    assert_eq!(bench.refused(&planner(), remove).await, "EV-0009");
    let unknown = json!({ "command": "disclosure-import", "name": "cumulus" });
    assert_eq!(bench.refused(&planner(), unknown).await, "EV-0009");
}

#[tokio::test]
async fn this_system_stands_in_the_matrix_with_what_it_shows_and_no_more() {
    let bench = Bench::new();
    let spoken = |matrix: &Value| {
        matrix["rows"].as_array().unwrap().iter().filter(|row| row["says"] != json!([])).count()
    };
    assert_eq!(spoken(&matrix(&bench, &[]).await), 0, "nothing is known of it");
    bench.shows("runtime.tls.versions", FactValue::Texts(vec!["TLS 1.3".to_owned()]));
    bench.shows("runtime.tls.plain_http", FactValue::YesNo(false));
    bench.shows("runtime.tls.client_certificates", FactValue::Text("required".to_owned()));
    assert!(spoken(&matrix(&bench, &[]).await) > 0);
}

#[tokio::test]
async fn the_disclosure_of_a_vendor_is_checked_before_it_is_taken_in() {
    let bench = Bench::new();
    let own = bench.does(json!({ "command": "disclosure-export", "edition": "mhlw-6.0" })).await;
    let mut vendor: Value = serde_json::from_str(own["text"].as_str().unwrap()).unwrap();
    vendor["party"]["id"] = json!("vendor");
    vendor["statements"] = json!([{
        "requirement": "mhlw-6.0/control/13-1", "share": "provided", "provides_ja": "行う", "provides_en": "does",
    }]);
    let import =
        |text: &Value| json!({ "command": "disclosure-import", "name": "v.json", "text": text.to_string() });
    bench.does(import(&vendor)).await;
    assert_eq!(parties(&matrix(&bench, &[]).await), ["akashi", "vendor"]);
    vendor["statements"][0]["requirement"] = json!("mhlw-6.0/control/99-9");
    assert_eq!(bench.refused(&planner(), import(&vendor)).await, "GL-0001");
    bench.passes(1);
    let row = |matrix: &Value| {
        let rows = matrix["rows"].as_array().unwrap();
        rows.iter().find(|row| row["requirement"] == "mhlw-6.0/control/13-1").unwrap().clone()
    };
    assert_eq!(row(&matrix(&bench, &[]).await)["expired"], json!(["vendor"]), "it said until when it counts");
}

#[tokio::test]
async fn a_component_definition_comes_back_as_the_disclosure_that_it_was() {
    let bench = Bench::new();
    bench.shows("runtime.tls.versions", FactValue::Texts(vec!["TLS 1.3".to_owned()]));
    bench.shows("runtime.tls.plain_http", FactValue::YesNo(false));
    bench.shows("runtime.tls.client_certificates", FactValue::Text("required".to_owned()));
    let export = |form: &str| json!({ "command": "disclosure-export", "edition": "mhlw-6.0", "form": form });
    let own = bench.does(export("oscal")).await;
    assert!(own["statements"].as_u64().unwrap() > 0);
    let text = own["text"].as_str().unwrap().replace("\"akashi\"", "\"other\"");
    let import = json!({ "command": "disclosure-import", "name": "other.json", "text": text });
    let taken = bench.does(import).await;
    assert_eq!(taken["disclosures"][0]["party"], "other");
    assert_eq!(taken["disclosures"][0]["statements"], own["statements"]);
    assert_eq!(parties(&matrix(&bench, &[]).await), ["akashi", "other"]);
    let broken =
        json!({ "command": "disclosure-import", "name": "x.json", "text": "{\"component-definition\": {}}" });
    assert_eq!(bench.refused(&planner(), broken).await, "GL-0007");
}
