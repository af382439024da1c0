//! The resources that are searched: all of Synthea, generated Japanese patients, the examples of JP Core, and odd ones.

use super::odd;
use super::value;
use super::world::{Record, World};
use crate::material::link;
use fhir::Node;
use std::collections::BTreeSet;
use testkit::{Client, archive};

/// Generated patients.
const PATIENTS: u32 = 12;
/// From which the generated patients follow.
const SEED: u64 = 42;

/// Stores everything and reads it back. None where the packages are not there.
pub(crate) fn world(client: &Client) -> Option<World> {
    let bundles = archive::documents("synthea-r4.tgz", "");
    if bundles.is_empty() {
        return None;
    }
    for (_, bundle) in &bundles {
        client.post("", bundle).expect(200);
    }
    let clinic = sample::Clinic::new(SEED, sample::Date::new(2026, 4, 1).unwrap());
    client.post("", clinic.shared()).expect(200);
    for bundle in clinic.patients(PATIENTS) {
        client.post("", bundle).expect(200);
    }
    for (_, example) in archive::documents("jpfhir.jp.core-1.2.0.tgz", "package/example/") {
        put(client, &example);
    }
    let base = client.base();
    // What was there before an update, and what was deleted, must not be found.
    for resource in odd::earlier(&base).iter().chain(&odd::resources(&base)) {
        put(client, resource.as_bytes());
    }
    for key in odd::superfluous() {
        client.delete(&key).expect(204);
    }
    Some(World::new(base, records(client)))
}

fn put(client: &Client, resource: &[u8]) {
    let node = testkit::json(resource);
    let text = |name: &str| node.get(name).and_then(Node::as_str).unwrap();
    let reply = client.put(&format!("{}/{}", text("resourceType"), text("id")), resource);
    assert!([200, 201].contains(&reply.status()), "{}: {}", text("id"), reply.text());
}

/// All current resources, by the pages of the facility's history, which is newest first.
fn records(client: &Client) -> Vec<Record> {
    let mut seen = BTreeSet::new();
    let mut records = Vec::new();
    let mut next = Some("_history?_count=1000".to_owned());
    while let Some(address) = next {
        let page = client.get(&address).expect(200);
        next = link(&page, "next");
        let node = page.node();
        for entry in node.get("entry").and_then(Node::as_array).unwrap_or_default() {
            let url = testkit::at(entry, "request.url").and_then(Node::as_str).unwrap();
            let is_newest = seen.insert(url.to_owned());
            let resource = entry.get("resource").filter(|_| is_newest);
            records.extend(resource.map(|resource| Record::new(resource.clone())));
        }
    }
    records
}

/// For the message of a difference: what the filter sees of a resource.
pub(crate) fn shown(world: &World, kind: &str, code: &str, place: usize) -> String {
    let values: &[value::Value] = &world.column(kind, code)[place];
    format!("{code} = {values:?}")
}
