//! Damaged documents are refused or read, and end nothing: any value replaced by any other.

use crate::material::{now, the_engine};
use guideline::{Catalogue, Engine, SourceFile, disclosures};
use proptest::prelude::*;
use report::oscal::{CatalogueFile, read_catalogue, read_components, write_catalogue, write_components};
use serde_json::{Value, json};
use std::sync::LazyLock;

static ENGINE: LazyLock<Engine> = LazyLock::new(the_engine);

static CATALOG: LazyLock<Value> = LazyLock::new(|| {
    let text = write_catalogue(&ENGINE.catalogue, Some("mhlw-checklist-2026"), now()).unwrap();
    serde_json::from_str(&text).unwrap()
});

static COMPONENTS: LazyLock<Value> = LazyLock::new(|| {
    let mut one = disclosures(&ENGINE.catalogue).unwrap().swap_remove(0);
    one.statements = one.statements.into_iter().take(3).collect();
    let text = write_components(&[one], &ENGINE.catalogue, now()).unwrap();
    serde_json::from_str(&text).unwrap()
});

/// The places of all values.
fn places(document: &Value) -> Vec<String> {
    let mut found = Vec::new();
    let mut waiting = vec![(String::new(), document)];
    while let Some((place, value)) = waiting.pop() {
        match value {
            Value::Array(all) => {
                waiting.extend(all.iter().enumerate().map(|(index, one)| (format!("{place}/{index}"), one)));
            }
            Value::Object(all) => {
                waiting.extend(all.iter().map(|(name, one)| (format!("{place}/{name}"), one)));
            }
            _ => {}
        }
        found.push(place);
    }
    found
}

fn damaged(document: &Value, which: &[(prop::sample::Index, Value)]) -> String {
    let mut document = document.clone();
    for (place, value) in which {
        let all = places(&document);
        let place: &String = place.get(&all);
        *document.pointer_mut(place).unwrap() = value.clone();
    }
    document.to_string()
}

fn damage() -> impl Strategy<Value = Vec<(prop::sample::Index, Value)>> {
    let value = prop::sample::select(vec![
        json!(null),
        json!(7),
        json!(""),
        json!("#x"),
        json!("../../etc"),
        json!("_.110000_"),
        json!([]),
        json!({}),
        json!([{ "id": "a", "title": "b" }]),
        json!([{ "name": "share", "ns": "urn:akashi:oscal", "value": "provided" }]),
    ]);
    prop::collection::vec((any::<prop::sample::Index>(), value), 1..4)
}

proptest! {
    #![proptest_config(ProptestConfig::with_cases(512))]

    #[test]
    fn a_damaged_catalog_is_read_or_refused(which in damage()) {
        let text = damaged(&CATALOG, &which);
        match read_catalogue(SourceFile { name: "catalog.json", text: &text }, "imported") {
            Ok(files) => {
                prop_assert!(files.iter().all(|file| !file.name.contains("..") && !file.name.starts_with('/')));
                drop(Catalogue::read(&files.iter().map(CatalogueFile::source).collect::<Vec<_>>()));
            }
            Err(problem) => prop_assert_eq!(problem.code().id, "GL-0007"),
        }
    }

    #[test]
    fn a_damaged_component_definition_is_read_or_refused(which in damage()) {
        let text = damaged(&COMPONENTS, &which);
        let file = SourceFile { name: "components.json", text: &text };
        match read_components(file, &ENGINE.catalogue, None) {
            Ok(all) => {
                for said in all.iter().flat_map(|one| one.statements.values()) {
                    prop_assert_eq!(said.remains.is_none(), said.share == guideline::Share::Provided);
                }
            }
            Err(problem) => prop_assert_eq!(problem.code().id, "GL-0007"),
        }
    }
}
