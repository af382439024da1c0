//! The JSON Schema of a description, made from its types.

use super::{FORMAT, Site};
use schemars::generate::SchemaSettings;
use schemars::transform::{Transform, transform_subschemas};
use schemars::{Schema, SchemaGenerator};
use serde_json::{Value, json};

/// By what the schema is known.
pub const SCHEMA_ID: &str = "urn:akashi:site:1";

/// The schema as it is published in `docs/site.schema.json`: JSON Schema 2020-12, ending with a line break.
pub fn schema() -> String {
    let mut schema = SchemaGenerator::new(SchemaSettings::draft2020_12()).into_root_schema_for::<Site>();
    schema.insert("$id".to_owned(), json!(SCHEMA_ID));
    schema.insert("title".to_owned(), json!("Akashi: site description / サイト記述"));
    if let Some(format) = schema.pointer_mut("/properties/format") {
        format["const"] = json!(FORMAT);
    }
    Unknowns.transform(&mut schema);
    // Serialising a value that was JSON before cannot fail; without text the test of the published file would.
    let text = serde_json::to_string_pretty(&schema).unwrap_or_default();
    format!("{text}\n")
}

/// What the reader takes beyond the types: `yes` and `no`, `none` for an empty list, `unknown` for anything optional.
struct Unknowns;

impl Transform for Unknowns {
    fn transform(&mut self, schema: &mut Schema) {
        transform_subschemas(self, schema);
        let Some(properties) = schema.get_mut("properties").and_then(Value::as_object_mut) else { return };
        for property in properties.values_mut() {
            widen(property);
        }
    }
}

fn widen(property: &mut Value) {
    if let Some(choices) = property.get_mut("anyOf").and_then(Value::as_array_mut)
        && choices.iter().any(|choice| choice["type"] == "null")
    {
        choices.push(json!({ "enum": ["unknown"] }));
        return;
    }
    let Some(kinds) = property.get("type") else { return };
    let is =
        |kind: &str| kinds == kind || kinds.as_array().is_some_and(|all| all.iter().any(|one| one == kind));
    let optional = is("null");
    if is("boolean") {
        if let Some(object) = property.as_object_mut() {
            object.remove("type");
            object.insert("enum".to_owned(), json!(["yes", "no", "unknown", true, false, null]));
        }
    } else if is("array") {
        words(property, &if optional { json!(["none", "unknown"]) } else { json!(["none"]) });
    } else if is("integer") && optional {
        words(property, &json!(["unknown"]));
    }
}

/// Lets some words stand as well.
fn words(property: &mut Value, words: &Value) {
    let Some(object) = property.as_object_mut() else { return };
    let description = object.remove("description");
    let rest = Value::Object(std::mem::take(object));
    object.insert("anyOf".to_owned(), json!([rest, { "enum": words }]));
    if let Some(description) = description {
        object.insert("description".to_owned(), description);
    }
}
