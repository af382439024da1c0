//! Catalogs: ours come back as they were, those of others say no more than they said.

use crate::material::{now, the_engine};
use guideline::{Actor, Basis, Catalogue, EvidenceKind, SourceFile};
use report::oscal::{CatalogueFile, read_catalogue, write_catalogue};
use serde_json::{Value, json};
use std::collections::BTreeSet;

fn taken(text: &str) -> Vec<CatalogueFile> {
    read_catalogue(SourceFile { name: "catalog.json", text }, "imported").unwrap()
}

fn read(files: &[CatalogueFile]) -> Catalogue {
    Catalogue::read(&files.iter().map(CatalogueFile::source).collect::<Vec<_>>()).unwrap()
}

fn refused(document: &Value) -> (String, String) {
    let text = document.to_string();
    let file = SourceFile { name: "catalog.json", text: &text };
    let problem = read_catalogue(file, "imported").unwrap_err();
    (problem.code().id.to_owned(), problem.place().unwrap().to_owned())
}

#[test]
fn every_edition_comes_back_as_it_was() {
    let catalogue = the_engine().catalogue;
    // What an overlay inherits stands in the document of the edition before.
    let files: Vec<CatalogueFile> = catalogue
        .editions()
        .flat_map(|edition| taken(&write_catalogue(&catalogue, Some(&edition.id), now()).unwrap()))
        .collect();
    let again = read(&files);
    assert!(catalogue.requirements().eq(again.requirements()));
    assert!(catalogue.scenarios().eq(again.scenarios()));
    assert_eq!(catalogue.links(), again.links());
    for edition in catalogue.editions() {
        assert_eq!(edition, again.edition(&edition.id).unwrap());
    }
}

#[test]
fn all_editions_in_one_document_come_back_as_they_were() {
    let catalogue = the_engine().catalogue;
    let again = read(&taken(&write_catalogue(&catalogue, None, now()).unwrap()));
    assert!(catalogue.requirements().eq(again.requirements()));
    assert!(catalogue.scenarios().eq(again.scenarios()));
    assert!(catalogue.editions().eq(again.editions()));
}

#[test]
fn texts_of_several_lines_come_back_as_they_were() {
    let text = json!({
        "guideline": "own-1", "part": "p_1", "title_ja": "題\n名", "title_en": "A\ntitle", "publisher_ja": "誰か",
        "published": "2026", "url": "", "based_on": " two\nlines ", "gaps": ["one\n", "two"],
        "chapters": [{ "number": "1 の\t2", "title_ja": "章\n", "title_en": "chapter", "requirements": [{
            "id": "own-1/p_1/1.別/x", "item": "①", "name_ja": "名\n前", "name_en": "na  me", "summary_ja": "「要約」\n\n二段落目 ",
            "summary_en": "", "actors": ["user"], "topics": [], "evidence": ["runtime"], "locator": "1章\n2節",
            "basis": "derived", "note": "a / b", "options": ["x  y"], "related": ["own-1/p_1/nowhere", "other/p/1"],
        }] }],
    });
    let file = CatalogueFile { name: "own-1/p_1.yaml".to_owned(), text: text.to_string() };
    let catalogue = read(std::slice::from_ref(&file));
    let again = read(&taken(&write_catalogue(&catalogue, Some("own-1"), now()).unwrap()));
    assert!(catalogue.requirements().eq(again.requirements()));
    assert!(catalogue.editions().eq(again.editions()));
}

#[test]
fn an_overlay_alone_is_refused_by_the_catalogue_since_what_it_inherits_is_missing() {
    let catalogue = the_engine().catalogue;
    let files = taken(&write_catalogue(&catalogue, Some("mhlw-7.0"), now()).unwrap());
    let problem = Catalogue::read(&files.iter().map(CatalogueFile::source).collect::<Vec<_>>()).unwrap_err();
    assert_eq!(problem.code().id, "GL-0005");
}

#[test]
fn the_same_catalogue_gives_the_same_bytes() {
    let write = || write_catalogue(&the_engine().catalogue, None, now()).unwrap();
    assert_eq!(write(), write());
}

#[test]
fn no_id_and_no_name_of_a_document_stands_twice() {
    let catalogue = the_engine().catalogue;
    let text = write_catalogue(&catalogue, None, now()).unwrap();
    let mut seen = BTreeSet::new();
    for line in text.lines().map(str::trim) {
        if line.starts_with("\"id\":") || line.starts_with("\"uuid\":") {
            assert!(seen.insert(line.to_owned()), "{line}");
        }
    }
    assert!(seen.len() > 2_000);
}

#[test]
fn every_link_inside_leads_somewhere() {
    let catalogue = the_engine().catalogue;
    let text = write_catalogue(&catalogue, None, now()).unwrap();
    let named = |name: &str| -> BTreeSet<String> {
        let lines = text.lines().filter_map(|line| line.trim().strip_prefix(name));
        lines.map(|rest| rest.trim_end_matches(',').trim_matches('"').to_owned()).collect()
    };
    let mut ids = named("\"id\": ");
    ids.extend(named("\"uuid\": "));
    let hrefs = named("\"href\": ");
    let inside = hrefs.iter().filter_map(|href| href.strip_prefix('#'));
    let lost: Vec<&str> = inside.filter(|id| !ids.contains(*id)).collect();
    assert_eq!(lost, Vec::<&str>::new());
    assert!(hrefs.len() > 200);
}

/// As others write: groups in groups, controls in controls, parameters, nothing of ours.
fn foreign() -> Value {
    json!({ "catalog": {
        "uuid": "b954d3b7-d2c7-453b-8eb2-459e8d3b8462",
        "metadata": {
            "title": "Controls of somebody else", "last-modified": "2024-02-04T23:01:00Z", "version": "5.1.1",
            "oscal-version": "1.1.2", "published": "2023-11-02T00:00:00Z",
            "roles": [{ "id": "creator", "title": "Creator" }],
            "parties": [{ "uuid": "6b286b5d-8f07-4fa7-8847-1dd0d88f73fb", "type": "organization", "name": "Somebody" }],
            "responsible-parties": [{ "role-id": "creator", "party-uuids": ["6b286b5d-8f07-4fa7-8847-1dd0d88f73fb"] }],
            "links": [
                { "href": "#f7cf488d-bc64-4a91-a994-810e153ee481", "rel": "canonical" },
                { "href": "#not-there", "rel": "latest-version" },
                { "href": "https://elsewhere.example", "rel": "alternate" },
            ],
        },
        "back-matter": { "resources": [{
            "uuid": "f7cf488d-bc64-4a91-a994-810e153ee481", "rlinks": [{ "href": "https://doi.example/controls" }],
        }] },
        "controls": [{ "id": "p-1", "title": "Loose", "parts": [{ "id": "p-1_smt", "name": "statement", "prose": "Be." }] }],
        "groups": [{ "id": "tech", "title": "Technical", "groups": [{
            "id": "ac", "class": "family", "title": "Access Control",
            "controls": [
                { "id": "ac-1", "class": "SP800-53", "title": "Policy and Procedures",
                  "params": [
                    { "id": "ac-1_prm_1", "label": "organization-defined personnel" },
                    { "id": "ac-1_prm_2", "select": { "how-many": "one-or-more", "choice": ["monthly", "{{ insert: param, ac-1_prm_1 }} says"] } },
                  ],
                  "props": [{ "name": "label", "value": "AC-1" }],
                  "links": [{ "href": "#ac-2.1", "rel": "related" }, { "href": "#not-here", "rel": "related" }],
                  "parts": [
                    { "id": "ac-1_smt", "name": "statement", "parts": [
                        { "id": "ac-1_smt.a", "name": "item", "props": [{ "name": "label", "value": "a." }],
                          "prose": "Develop for {{ insert: param, ac-1_prm_1 }}:" },
                        { "id": "ac-1_smt.b", "name": "item", "props": [{ "name": "label", "value": "b." }],
                          "prose": "Review {{ insert: param, ac-1_prm_2 }}." },
                    ] },
                    { "id": "ac-1_gdn", "name": "guidance", "prose": "Not required." },
                  ] },
                { "id": "ac-2", "title": "Account Management",
                  "parts": [{ "id": "ac-2_smt", "name": "statement", "prose": "Manage accounts." }],
                  "controls": [
                    { "id": "ac-2.1", "title": "Automated" },
                    { "id": "ac-2.10", "title": "Credential Change", "props": [{ "name": "status", "value": "withdrawn" }] },
                  ] },
            ],
        }] }],
    } })
}

#[test]
fn a_catalog_of_others_becomes_requirements_that_say_what_is_not_known() {
    let catalogue = read(&taken(&foreign().to_string()));
    let edition = catalogue.edition("imported").unwrap();
    assert_eq!((edition.publisher.as_str(), edition.published.as_str()), ("Somebody", "2023-11-02"));
    assert_eq!(edition.url, "https://doi.example/controls");
    let ids: Vec<&str> = edition.requirements().collect();
    let expected = ["p-1", "ac-1", "ac-2", "ac-2.1"].map(|id| format!("imported/catalog/{id}"));
    assert_eq!(ids, expected);
    let first = catalogue.requirement("imported/catalog/ac-1").unwrap();
    assert_eq!(
        first.summary.ja,
        "a. Develop for [organization-defined personnel]:\nb. Review [monthly | ac-1_prm_1 says]."
    );
    assert_eq!(first.related, ["imported/catalog/ac-2.1"]);
    assert_eq!(first.item.as_deref(), Some("AC-1"));
    assert_eq!(first.locator, "Controls of somebody else (5.1.1), AC-1");
    for one in catalogue.requirements() {
        assert_eq!(
            (one.basis, one.evidence.as_slice()),
            (Basis::Secondary, [EvidenceKind::Attestation].as_slice())
        );
        assert!(one.actors.contains(&Actor::Provider) && one.actors.contains(&Actor::Executive));
        assert!(one.note.as_ref().unwrap().contains("how well the official wording was read is not stated"));
    }
    let heading_only = catalogue.requirement("imported/catalog/ac-2.1").unwrap();
    assert!(heading_only.note.as_ref().unwrap().contains("only the heading"));
    let part = &edition.parts[0];
    assert_eq!(part.chapters[1].title.en, "Technical / Access Control");
    assert!(part.gaps[0].contains("ac-2.10"));
}

#[test]
fn a_catalog_of_others_comes_back_from_our_own_form() {
    let catalogue = read(&taken(&foreign().to_string()));
    let again = read(&taken(&write_catalogue(&catalogue, Some("imported"), now()).unwrap()));
    assert!(catalogue.requirements().eq(again.requirements()));
    assert!(catalogue.editions().eq(again.editions()));
}

#[test]
fn what_is_wrong_is_said_with_its_place() {
    let broken = |change: fn(&mut Value)| {
        let mut document = foreign();
        change(&mut document);
        refused(&document)
    };
    let place = |place: &str| ("GL-0007".to_owned(), place.to_owned());
    assert_eq!(refused(&json!({ "profile": {} })), place("/"));
    assert_eq!(refused(&json!({ "catalog": {} })), place("/catalog"));
    assert_eq!(broken(|document| document["catalog"]["groups"] = json!("none")), place("/catalog/groups"));
    assert_eq!(
        broken(|document| document["catalog"]["groups"][0]["groups"][0]["controls"][1]["title"] = json!(7)),
        place("/catalog/groups/0/groups/0/controls/1/title")
    );
    assert_eq!(
        broken(|document| document["catalog"]["controls"][0]["id"] = json!("ac-2")),
        place("/catalog/groups/0/groups/0/controls/1")
    );
    let name = SourceFile { name: "catalog.json", text: &foreign().to_string() };
    assert_eq!(read_catalogue(name, "一版").unwrap_err().code().id, "GL-0007");
    let cut = SourceFile { name: "catalog.json", text: "{\n\"catalog\": {" };
    assert_eq!(read_catalogue(cut, "imported").unwrap_err().place(), Some("2:12"));
}

#[test]
fn what_is_too_long_or_too_deep_is_refused_and_what_fits_exactly_is_read() {
    let text = foreign().to_string();
    let padded = |bytes: usize| format!("{text}{}", " ".repeat(bytes - text.len()));
    let read = |text: &str| read_catalogue(SourceFile { name: "catalog.json", text }, "imported");
    assert!(read(&padded(report::oscal::DOCUMENT_BYTES_MAX)).is_ok());
    assert_eq!(read(&padded(report::oscal::DOCUMENT_BYTES_MAX + 1)).unwrap_err().code().id, "GL-0007");
    let nested = |levels: usize| {
        let mut control = json!({ "id": "c-0", "title": "t" });
        for level in 1..levels {
            control = json!({ "id": format!("c-{level}"), "title": "t", "controls": [control] });
        }
        let mut document = foreign();
        document["catalog"]["controls"] = json!([control]);
        document.to_string()
    };
    assert!(read(&nested(16)).is_ok());
    assert_eq!(read(&nested(17)).unwrap_err().code().id, "GL-0007");
    let brackets = format!("{{\"catalog\": {}{}}}", "[".repeat(100_000), "]".repeat(100_000));
    assert_eq!(read(&brackets).unwrap_err().code().id, "GL-0007");
}

#[test]
fn parameters_cannot_blow_a_text_up() {
    let mut document = foreign();
    let control = &mut document["catalog"]["groups"][0]["groups"][0]["controls"][0];
    control["params"][0]["label"] = json!("x".repeat(100_000));
    control["parts"][0]["prose"] = json!("{{ insert: param, ac-1_prm_1 }}".repeat(100_000));
    assert_eq!(refused(&document).0, "GL-0007");
}
