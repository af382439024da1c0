//! Every Synthea bundle goes in as one transaction.

use super::equal::{difference, numbers, value, without_stamp};
use super::table::Row;
use crate::material::link;
use serde_json::Value;
use std::collections::BTreeMap;
use testkit::{Client, Clinic, Plan, archive};

/// What the package holds.
const BUNDLES: usize = 37;
const RESOURCES: usize = 8_129;

/// Sends a bundle and holds each resource of the answer against the one sent. Returns the stored ones by `Type/id`.
fn take_in(client: &Client, name: &str, sent: &[u8]) -> BTreeMap<String, Value> {
    let reply = client.post("", sent).expect(200);
    let (before, after) = (value(sent), value(&reply.body));
    let sent_entries = before["entry"].as_array().unwrap();
    let stored_entries = after["entry"].as_array().unwrap();
    assert_eq!(sent_entries.len(), stored_entries.len(), "{name}");
    assert!(numbers(sent) == numbers(&reply.body), "{name}: a number is written in another way");
    let mapped: BTreeMap<String, String> = sent_entries
        .iter()
        .zip(stored_entries)
        .map(|(sent, stored)| (text(sent, "fullUrl"), record_of(client, stored)))
        .collect();
    let mut replaced = 0;
    let mut stored_by_key = BTreeMap::new();
    for (index, (sent, stored)) in sent_entries.iter().zip(stored_entries).enumerate() {
        assert_eq!(text(&stored["response"], "status"), "201 Created", "{name} {index}");
        let (mut before, mut after) = (sent["resource"].clone(), stored["resource"].clone());
        stored_by_key.insert(record_of(client, stored), after.clone());
        without_stamp(&mut before);
        without_stamp(&mut after);
        let found = difference(&before, &after, &mapped, &mut replaced);
        assert!(found.is_none(), "{name} entry[{index}]{}", found.unwrap());
    }
    let expected = String::from_utf8_lossy(sent).matches("\"reference\": \"urn:uuid:").count()
        + String::from_utf8_lossy(sent).matches("\"reference\":\"urn:uuid:").count();
    assert_eq!(replaced, expected, "{name}: references to entries, and nothing else, are replaced");
    stored_by_key
}

fn text(value: &Value, name: &str) -> String {
    value[name].as_str().unwrap().to_owned()
}

/// `Type/id` of an entry of the answer, by its location.
fn record_of(client: &Client, stored: &Value) -> String {
    let location = text(&stored["response"], "location");
    let below = location.strip_prefix(&format!("{}/", client.base())).unwrap();
    below.strip_suffix("/_history/1").unwrap().to_owned()
}

/// All records, by the pages of the facility's history.
fn read_back(client: &Client) -> BTreeMap<String, Value> {
    let mut all = BTreeMap::new();
    let mut next = Some("_history?_count=1000".to_owned());
    while let Some(address) = next {
        let page = client.get(&address).expect(200);
        for entry in value(&page.body)["entry"].as_array().unwrap() {
            all.insert(text(&entry["request"], "url"), entry["resource"].clone());
        }
        next = link(&page, "next");
    }
    all
}

/// Sends all of it; nothing where the package is not there.
pub(crate) fn sent() -> Option<Row> {
    let bundles = archive::documents("synthea-r4.tgz", "");
    if bundles.is_empty() {
        return None;
    }
    let clinic = Clinic::with(Plan { settles: true, ..Plan::default() });
    let client = clinic.client();
    let mut stored = BTreeMap::new();
    for (name, bundle) in &bundles {
        stored.extend(take_in(&client, name, bundle));
    }
    assert_eq!((bundles.len(), stored.len()), (BUNDLES, RESOURCES));
    assert!(read_back(&client) == stored, "the history shows other resources than the answers did");
    for (key, resource) in stored.iter().step_by(97) {
        assert!(value(&client.get(key).expect(200).body) == *resource, "{key}");
        store::verify_proof(&client.get(&format!("{key}/$proof")).expect(200).body, None).unwrap();
    }
    let report = clinic.verify().unwrap();
    // Every entry but the first has a content: those of the clinic's start, one for each resource, one for each request.
    let (journal, at_start) = (clinic.journal(), usize::try_from(Clinic::ENTRIES_AT_START - 1).unwrap());
    let at_start = at_start + Clinic::CONTENTS_OF_POLICY;
    assert_eq!(journal.records(), RESOURCES);
    assert_eq!(usize::try_from(report.contents).unwrap(), at_start + RESOURCES + journal.accesses());
    let source = "Synthea R4, transactions";
    Some(Row { source, files: BUNDLES, resources: RESOURCES, accepted: BUNDLES, refused: 0, equal: BUNDLES })
}
