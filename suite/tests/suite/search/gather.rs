//! The resources that are searched: all of Synthea, generated Japanese patients, the examples of JP Core, and odd ones;
//! or the examples that HL7 publishes with R4, which have resources of every type.

use super::odd;
use super::world::{Record, World};
use crate::material::link;
use fhir::Node;
use std::collections::BTreeSet;
use testkit::{Client, archive};

/// Generated patients.
const PATIENTS: u32 = 12;
/// From which the generated patients follow.
const SEED: u64 = 42;
/// Characters of values that are shown.
const SHOWN_CHARS: usize = 400;

/// The examples of R4.
const EXAMPLES: &str = "hl7.fhir.r4.examples-4.0.1.tgz";
/// Longer examples are mostly definitions, of which there are many that are alike.
const EXAMPLE_BYTES_MOST: usize = 24 * 1024;
/// Examples that are taken in at least; some are refused, with reason.
const EXAMPLES_LEAST: usize = 3_000;

/// Odd resources that may be refused, since they would join two patients.
const ODD_REFUSED_MOST: usize = 10;

/// Stores the examples of R4 and reads them back. None where the package is not there.
pub(crate) fn examples(client: &Client) -> Option<World> {
    let mut files = archive::documents_of(&archive::fetched(EXAMPLES)?, "package/");
    // Nobody writes an AuditEvent: it is how the server shows what it has written down itself.
    let others = |path: &str| path.ends_with("/package.json") || path.contains("/AuditEvent-");
    files.retain(|(path, bytes)| !others(path) && bytes.len() <= EXAMPLE_BYTES_MOST);
    let refused = files.iter().filter_map(|(_, bytes)| put(client, bytes)).count();
    assert!(files.len() - refused >= EXAMPLES_LEAST, "{refused} of {} are refused", files.len());
    Some(World::new(client.base(), records(client)))
}

/// Stores the rest and reads it back. None where the packages are not there.
pub(crate) fn clinics(client: &Client) -> Option<World> {
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
    let base = client.base();
    let examples = archive::documents("jpfhir.jp.core-1.2.0.tgz", "package/example/")
        .into_iter()
        .map(|(_, example)| example);
    // What was there before an update, and what was deleted, must not be found.
    let odd = odd::earlier(&base).into_iter().chain(odd::resources(&base)).map(String::into_bytes);
    let refused: Vec<String> = examples.filter_map(|resource| put(client, &resource)).collect();
    assert!(refused.is_empty(), "{}", refused.join("\n"));
    // The references of odd ones are random: a few would join two patients, and are not there.
    let refused: Vec<String> = odd.filter_map(|resource| put(client, &resource)).collect();
    let joins = |told: &&String| told.contains("\"ST-0040\"") || told.contains("\"ST-0041\"");
    let few = refused.iter().filter(joins).count();
    assert!(few == refused.len() && few <= ODD_REFUSED_MOST, "{}", refused.join("\n"));
    for key in odd::superfluous() {
        client.delete(&key).expect(204);
    }
    Some(World::new(base, records(client)))
}

/// Stores a resource under its id; gives the refusal, if it is one.
fn put(client: &Client, resource: &[u8]) -> Option<String> {
    let node = testkit::json(resource);
    let text = |name: &str| node.get(name).and_then(Node::as_str).unwrap();
    let reply = client.put(&format!("{}/{}", text("resourceType"), text("id")), resource);
    let is_refused = ![200, 201].contains(&reply.status());
    is_refused.then(|| format!("{} {}: {}", text("resourceType"), text("id"), reply.text()))
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

/// For the message of a difference: the beginning of what the filter sees of a resource.
pub(crate) fn shown(world: &World, kind: &str, code: &str, place: usize) -> String {
    let values = format!("{code} = {:?}", world.column(kind, code)[place]);
    values.chars().take(SHOWN_CHARS).collect()
}
