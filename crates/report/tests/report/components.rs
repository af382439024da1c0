//! Component definitions: ours come back as they were, and of others nothing counts as provided that they do not say.

use crate::material::{good_facts, now, the_engine};
use guideline::{Answered, Day, Disclosure, Engine, Layer, Share, SourceFile, disclosures, matrix};
use report::oscal::{read_components, write_components};
use serde_json::{Value, json};

fn read(engine: &Engine, document: &Value) -> Result<Vec<Disclosure>, base::Problem> {
    let text = document.to_string();
    read_components(SourceFile { name: "vendor.json", text: &text }, &engine.catalogue, Some("meti-mic-2.0"))
}

#[test]
fn the_disclosures_of_the_cloud_operators_come_back_as_they_were() {
    let engine = the_engine();
    let all = disclosures(&engine.catalogue).unwrap();
    let text = write_components(&all, &engine.catalogue, now()).unwrap();
    assert_eq!(text, write_components(&all, &engine.catalogue, now()).unwrap());
    let file = SourceFile { name: "own.json", text: &text };
    assert_eq!(read_components(file, &engine.catalogue, None).unwrap(), all);
}

#[test]
fn a_disclosure_of_the_running_system_comes_back_as_it_was() {
    let engine = the_engine();
    let party = disclosures(&engine.catalogue).unwrap()[0].party.clone();
    let facts = good_facts(&engine);
    let own = engine.disclose(party, "mhlw-6.0", &facts, Day::parse("2026-11-22").unwrap()).unwrap();
    assert!(own.statements.values().any(|said| said.share == Share::Provided));
    let text = write_components(std::slice::from_ref(&own), &engine.catalogue, now()).unwrap();
    let file = SourceFile { name: "own.json", text: &text };
    assert_eq!(read_components(file, &engine.catalogue, None).unwrap(), [own]);
}

fn vendor(controls: &Value) -> Value {
    json!({ "component-definition": {
        "uuid": "8e15d4c5-2f3a-4d77-9a1d-4a6d0c8b3f10",
        "metadata": { "title": "Vendor", "last-modified": "2026-05-01T00:00:00+09:00", "version": "1", "oscal-version": "1.1.2" },
        "components": [{
            "uuid": "3a2f4b1e-7c9d-4e21-8f55-0d1e2f3a4b5c", "type": "service", "title": "電子カルテ Cloud Chart",
            "description": "A chart.",
            "control-implementations": [{
                "uuid": "5d6e7f80-1a2b-4c3d-9e4f-5a6b7c8d9e0f", "source": "https://example.com/catalog.json",
                "description": "All.", "implemented-requirements": controls,
            }],
        }],
    } })
}

fn control(id: &str, props: &Value) -> Value {
    json!({ "uuid": "5d6e7f80-1a2b-4c3d-9e4f-5a6b7c8d9e0e", "control-id": id, "description": "We do this.", "props": props })
}

fn origination(value: &str) -> Value {
    json!({ "name": "control-origination", "value": value })
}

#[test]
fn of_a_vendor_that_knows_nothing_of_ours_nothing_is_provided_unless_it_says_so() {
    let engine = the_engine();
    let done = json!({ "name": "implementation-status", "value": "implemented" });
    let partly = json!({ "name": "implementation-status", "value": "partial" });
    let fedramp =
        json!({ "name": "control-origination", "ns": "https://fedramp.gov/ns/oscal", "value": "sp-system" });
    let other =
        json!({ "name": "control-origination", "ns": "https://other.example", "value": "customer-provided" });
    let shares = [
        (json!([{ "name": "x", "value": "y" }]), Share::Shared),
        (json!([done]), Share::Shared),
        (json!([origination("system-specific")]), Share::Shared),
        (json!([origination("system-specific"), done]), Share::Provided),
        (json!([fedramp, done]), Share::Provided),
        (json!([fedramp, done, other]), Share::Provided),
        (json!([origination("system-specific"), done, partly]), Share::Shared),
        (json!([origination("inherited"), done]), Share::Shared),
        (json!([origination("customer-provided"), origination("system-specific"), done]), Share::Shared),
        (json!([origination("customer-configured"), done]), Share::Shared),
        (json!([origination("customer-provided"), partly]), Share::Customer),
        (
            json!([origination("system-specific"), { "name": "implementation-status", "value": "planned" }]),
            Share::Customer,
        ),
    ];
    for (props, share) in shares {
        let read = read(&engine, &vendor(&json!([control("A2.p23-4-9", &props)]))).unwrap();
        let said = &read[0].statements["meti-mic-2.0/provider/A2.p23-4-9"];
        assert_eq!(said.share, share, "{props}");
        assert_eq!(said.remains.is_none(), share == Share::Provided, "{props}");
    }
}

#[test]
fn what_the_customer_is_responsible_for_remains() {
    let engine = the_engine();
    let mut one = control(
        "A2.p23-4-9",
        &json!([origination("system-specific"), { "name": "implementation-status", "value": "implemented" }]),
    );
    let statement = |text: &str, role: &str| {
        json!({
            "statement-id": "a", "uuid": "bb9219b1-e51c-4680-abb0-616a43bbfbb1", "description": text,
            "responsible-roles": [{ "role-id": role }],
        })
    };
    one["statements"] =
        json!([statement("It encrypts.", "provider"), statement("Set the key file.", "customer")]);
    let read = read(&engine, &vendor(&json!([one]))).unwrap();
    let said = &read[0].statements["meti-mic-2.0/provider/A2.p23-4-9"];
    assert_eq!(said.share, Share::Shared);
    assert_eq!(said.provides.en, "We do this.\nIt encrypts.");
    assert_eq!(said.remains.as_ref().unwrap().en, "Set the key file.");
}

#[test]
fn a_source_that_stands_in_the_back_matter_is_followed() {
    let engine = the_engine();
    let uuid = "ba047e56-faef-430c-bafb-c54e9a87c6e8";
    let mut document = vendor(&json!([control("A2.p23-4-9", &json!([origination("customer-provided")]))]));
    let definition = &mut document["component-definition"];
    definition["components"][0]["control-implementations"][0]["source"] = json!(format!("#{uuid}"));
    definition["back-matter"] = json!({ "resources": [{ "uuid": uuid, "rlinks": [{ "href": "../catalogs/meti-mic-2.0_profile.json" }] }] });
    let text = document.to_string();
    let file = SourceFile { name: "vendor.json", text: &text };
    assert_eq!(read_components(file, &engine.catalogue, None).unwrap()[0].statements.len(), 1);
}

#[test]
fn a_vendor_stands_at_the_top_under_its_own_name() {
    let engine = the_engine();
    let read =
        read(&engine, &vendor(&json!([control("A2.p23-4-9", &json!([origination("customer-provided")]))])))
            .unwrap();
    let party = &read[0].party;
    assert_eq!((party.id.as_str(), party.layer), ("cloud-chart", Layer::Provider));
    assert_eq!(read[0].dated, "2026-05-01");
    let mut chain = disclosures(&engine.catalogue).unwrap();
    chain.truncate(1);
    chain.extend(read);
    let matrix =
        matrix(&engine.catalogue, "meti-mic-2.0", &chain, Day::parse("2026-11-22").unwrap()).unwrap();
    let row = matrix.rows.iter().find(|row| row.requirement == "meti-mic-2.0/provider/A2.p23-4-9").unwrap();
    assert_ne!(row.answered, Answered::Below);
}

#[test]
fn of_several_statements_on_one_control_the_least_holds() {
    let engine = the_engine();
    let good = control(
        "A2.p23-4-9",
        &json!([origination("system-specific"), { "name": "implementation-status", "value": "implemented" }]),
    );
    let bad = control("A2.p23-4-9", &json!([origination("customer-provided")]));
    for both in [json!([good, bad]), json!([bad, good])] {
        let read = read(&engine, &vendor(&both)).unwrap();
        let said = &read[0].statements["meti-mic-2.0/provider/A2.p23-4-9"];
        assert_eq!(said.share, Share::Customer);
        assert!(said.remains.is_some());
    }
}

#[test]
fn a_set_of_another_catalogue_is_passed_over_and_named() {
    let engine = the_engine();
    let mut document = vendor(&json!([control("A2.p23-4-9", &json!([origination("customer-provided")]))]));
    let sets =
        document["component-definition"]["components"][0]["control-implementations"].as_array_mut().unwrap();
    let mut other = sets[0].clone();
    other["source"] = json!("https://example.com/nist.json");
    other["implemented-requirements"] = json!([control("ac-2", &json!([origination("customer-provided")]))]);
    sets.push(other);
    let read = read(&engine, &document).unwrap();
    assert_eq!(read[0].statements.len(), 1);
    assert!(read[0].based_on.contains("https://example.com/nist.json"));
}

#[test]
fn what_cannot_be_a_disclosure_is_refused_with_its_place() {
    let engine = the_engine();
    let place = |document: &Value| {
        let problem = read(&engine, document).unwrap_err();
        (problem.code().id, problem.place().unwrap().to_owned())
    };
    let at = "/component-definition/components/0/control-implementations/0/implemented-requirements";
    let ours = |name: &str, value: &str| json!({ "name": name, "ns": "urn:akashi:oscal", "value": value });
    let none = vendor(&json!([control("ac-2", &json!([origination("system-specific")]))]));
    assert_eq!(place(&none), ("GL-0007", "/component-definition".to_owned()));
    let props = json!([origination("system-specific")]);
    let some = vendor(&json!([control("A2.p23-4-9", &props), control("ac-2", &props)]));
    assert_eq!(place(&some), ("GL-0007", format!("{at}/1")));
    let share = vendor(&json!([control("A2.p23-4-9", &json!([ours("share", "mostly")]))]));
    assert_eq!(place(&share), ("GL-0007", format!("{at}/0")));
    let both =
        vendor(&json!([control("A2.p23-4-9", &json!([ours("share", "provided"), ours("remains", "much")]))]));
    assert_eq!(place(&both), ("GL-0007", format!("{at}/0")));
    let text = vendor(&json!([control("A2.p23-4-9", &props)])).to_string();
    let file = SourceFile { name: "vendor.json", text: &text };
    let bare = read_components(file, &engine.catalogue, None).unwrap_err();
    assert_eq!(bare.code().id, "GL-0007");
}
