//! One loaded Bundle as the requests need it: where its records are, and the values one searches by.

use super::request::escaped;
use serde_json::Value;

/// A Bundle of one patient, or the one that all patients refer to.
#[derive(Debug)]
pub(crate) struct Chart {
    /// `Type/id` of every record.
    pub(crate) records: Vec<String>,
    /// The patient, if it is a patient's.
    pub(crate) patient: Option<Patient>,
    /// The observations of the patient.
    pub(crate) observations: Vec<Observation>,
    /// Place among the charts that were read.
    pub(crate) number: usize,
}

/// What one knows a patient by.
#[derive(Debug)]
pub(crate) struct Patient {
    /// Its id.
    pub(crate) id: String,
    /// Its record number, `system|value`.
    pub(crate) identifier: String,
    /// Family and given names, in characters and in kana.
    pub(crate) names: Vec<String>,
    /// `YYYY-MM-DD`
    pub(crate) birth: String,
    /// The resource.
    pub(crate) resource: Value,
}

/// What one finds an observation by.
#[derive(Debug)]
pub(crate) struct Observation {
    /// Its id.
    pub(crate) id: String,
    /// Its codes, `system|code`.
    pub(crate) codes: Vec<String>,
    /// `YYYY-MM-DD` and time.
    pub(crate) date: String,
    /// Its value with unit, if it is a number.
    pub(crate) quantity: Option<Quantity>,
    /// The resource.
    pub(crate) resource: Value,
}

/// A number with its unit.
#[derive(Debug)]
pub(crate) struct Quantity {
    /// The number.
    pub(crate) value: f64,
    /// `system|code` of the unit.
    pub(crate) unit: String,
}

impl Chart {
    /// Reads a line of the file of Bundles.
    pub(crate) fn read(line: &str, number: usize) -> Result<Self, String> {
        let bundle: Value = serde_json::from_str(line).map_err(|error| format!("a Bundle: {error}"))?;
        let entries = bundle.get("entry").and_then(Value::as_array).map(Vec::as_slice).unwrap_or_default();
        let resources = entries.iter().filter_map(|entry| entry.get("resource"));
        Ok(Self {
            records: entries.iter().filter_map(|entry| text(entry, "/request/url")).collect(),
            patient: resources.clone().find(|one| is(one, "Patient")).and_then(Patient::of),
            observations: resources
                .filter(|one| is(one, "Observation"))
                .filter_map(Observation::of)
                .collect(),
            number,
        })
    }
}

impl Patient {
    fn of(resource: &Value) -> Option<Self> {
        let names = items(resource, "/name");
        let names = names.iter().flat_map(|name| [text(name, "/family"), text(name, "/given/0")]);
        Some(Self {
            id: text(resource, "/id")?,
            identifier: token(resource.pointer("/identifier/0")?, "/value")?,
            names: names.flatten().collect(),
            birth: text(resource, "/birthDate")?,
            resource: resource.clone(),
        })
    }
}

impl Observation {
    fn of(resource: &Value) -> Option<Self> {
        let codings = items(resource, "/code/coding");
        Some(Self {
            id: text(resource, "/id")?,
            codes: codings.iter().filter_map(|coding| token(coding, "/code")).collect(),
            date: text(resource, "/effectiveDateTime")?,
            quantity: resource.get("valueQuantity").and_then(Quantity::of),
            resource: resource.clone(),
        })
    }
}

impl Quantity {
    fn of(value: &Value) -> Option<Self> {
        Some(Self { value: value.get("value")?.as_f64()?, unit: token(value, "/code")? })
    }
}

fn is(resource: &Value, kind: &str) -> bool {
    resource.get("resourceType").and_then(Value::as_str) == Some(kind)
}

fn items<'a>(value: &'a Value, place: &str) -> &'a [Value] {
    value.pointer(place).and_then(Value::as_array).map(Vec::as_slice).unwrap_or_default()
}

fn text(value: &Value, place: &str) -> Option<String> {
    value.pointer(place)?.as_str().map(str::to_owned)
}

/// `system|code`, or `system|value` of an identifier.
fn token(value: &Value, code: &str) -> Option<String> {
    Some(format!("{}|{}", escaped(&text(value, "/system")?), escaped(&text(value, code)?)))
}

#[cfg(test)]
pub(crate) mod tests {
    use super::*;
    use serde_json::json;

    /// A patient with two observations, the second without a number.
    pub(crate) fn chart() -> Chart {
        let patient = json!({ "resourceType": "Patient", "id": "p1", "birthDate": "1980-12-15",
            "identifier": [{ "system": "urn:x", "value": "01" }],
            "name": [{ "family": "試験", "given": ["花"] }, { "family": "シケン", "given": ["ハナ"] }] });
        let weight = json!({ "resourceType": "Observation", "id": "o1",
            "code": { "coding": [{ "system": "urn:c", "code": "w" }, { "system": "urn:d", "code": "v" }] },
            "effectiveDateTime": "2026-02-03T10:00:00+09:00",
            "valueQuantity": { "value": 50.5, "system": "urn:u", "code": "kg" } });
        let words = json!({ "resourceType": "Observation", "id": "o2",
            "code": { "coding": [{ "system": "urn:c", "code": "t" }] },
            "effectiveDateTime": "2026-12-03", "valueString": "x" });
        let entry = |resource: Value| {
            let key = format!(
                "{}/{}",
                resource["resourceType"].as_str().unwrap(),
                resource["id"].as_str().unwrap()
            );
            json!({ "resource": resource, "request": { "method": "PUT", "url": key } })
        };
        let bundle = json!({ "entry": [entry(patient), entry(weight), entry(words)] });
        Chart::read(&bundle.to_string(), 0).unwrap()
    }

    #[test]
    fn the_values_one_searches_by_are_found_where_the_patient_has_them() {
        let chart = chart();
        assert_eq!(chart.records, ["Patient/p1", "Observation/o1", "Observation/o2"]);
        let patient = chart.patient.unwrap();
        assert_eq!(patient.identifier, "urn:x|01");
        assert_eq!(patient.names, ["試験", "花", "シケン", "ハナ"]);
        assert_eq!(chart.observations[0].codes, ["urn:c|w", "urn:d|v"]);
        assert_eq!(chart.observations[0].quantity.as_ref().unwrap().unit, "urn:u|kg");
        assert!(chart.observations[1].quantity.is_none());
    }

    #[test]
    fn a_bundle_of_no_patient_has_records_only() {
        let bundle = json!({ "entry": [{ "resource": { "resourceType": "Location" },
            "request": { "url": "Location/1" } }] });
        let chart = Chart::read(&bundle.to_string(), 0).unwrap();
        assert!(chart.patient.is_none() && chart.observations.is_empty());
        assert_eq!(chart.records, ["Location/1"]);
    }

    #[test]
    fn what_is_no_json_is_refused() {
        assert!(Chart::read("{", 0).is_err());
    }
}
