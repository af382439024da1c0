//! compliance-trestle, the tool of the OSCAL community, imports and validates what we write, and we read what it makes of it.
//!
//! `cargo xtask test` installs it under `target/`. Nothing here goes to the network.

use crate::material::{now, some_facts, the_engine};
use guideline::{Catalogue, Side, SourceFile, disclosures};
use report::oscal::{
    CatalogueFile, read_catalogue, read_components, write_catalogue, write_components, write_results,
};
use std::fs;
use std::path::{Path, PathBuf};
use std::process::Command;
use tempfile::TempDir;

/// Where `cargo xtask test` puts it (xtask/src/trestle/mod.rs).
pub(crate) const PYTHON: &str =
    concat!(env!("CARGO_MANIFEST_DIR"), "/../../target/packages/compliance-trestle/bin/python3");

const PROGRAM: &str = concat!(env!("CARGO_MANIFEST_DIR"), "/tests/report/judge.py");

/// A workspace of trestle, and the documents that it shall take.
struct Workspace {
    folder: TempDir,
    documents: Vec<(String, String)>,
}

impl Workspace {
    fn new() -> Self {
        Self { folder: tempfile::tempdir().unwrap(), documents: Vec::new() }
    }

    /// With a document. Trestle takes what follows a dot in a name for a kind of file.
    fn with(mut self, name: &str, text: String) -> Self {
        self.documents.push((name.replace('.', "_"), text));
        self
    }

    /// What trestle says of each document: `taken` or `refused`, and all that it wrote.
    fn judged(&self) -> (Vec<(String, String)>, String) {
        assert!(
            Path::new(PYTHON).is_file(),
            "compliance-trestle is not installed: run `cargo xtask trestle`, or `cargo xtask test`, which installs it"
        );
        let files: Vec<PathBuf> = self.documents.iter().map(|(name, text)| self.write(name, text)).collect();
        let workspace = self.folder.path().join("workspace");
        fs::create_dir(&workspace).unwrap();
        let output = Command::new(PYTHON)
            .arg(PROGRAM)
            .arg(&workspace)
            .args(&files)
            // It would write into the folder of the sources.
            .env("PYTHONDONTWRITEBYTECODE", "1")
            .output()
            .unwrap();
        let (said, log) = (String::from_utf8_lossy(&output.stdout), String::from_utf8_lossy(&output.stderr));
        assert!(output.status.success(), "{said}{log}");
        let line = |line: &str| {
            let (name, verdict) = line.split_once(".json ").unwrap();
            (name.to_owned(), verdict.to_owned())
        };
        (said.lines().map(line).collect(), log.into_owned())
    }

    fn write(&self, name: &str, text: &str) -> PathBuf {
        let path = self.folder.path().join(format!("{name}.json"));
        fs::write(&path, text).unwrap();
        path
    }

    /// The document as trestle keeps it.
    fn kept(&self, folder: &str, name: &str, kind: &str) -> String {
        fs::read_to_string(
            self.folder
                .path()
                .join("workspace")
                .join(folder)
                .join(name.replace('.', "_"))
                .join(format!("{kind}.json")),
        )
        .unwrap()
    }

    fn all_are_taken(&self) {
        let (judged, log) = self.judged();
        let expected: Vec<(String, String)> =
            self.documents.iter().map(|(name, _)| (name.clone(), "taken".to_owned())).collect();
        assert_eq!(judged, expected, "{log}");
    }
}

#[test]
fn trestle_takes_the_catalog_of_every_edition_and_what_it_keeps_is_read_back() {
    let catalogue = the_engine().catalogue;
    let mut workspace = Workspace::new().with("all", write_catalogue(&catalogue, None, now()).unwrap());
    for edition in catalogue.editions() {
        workspace =
            workspace.with(&edition.id, write_catalogue(&catalogue, Some(&edition.id), now()).unwrap());
    }
    workspace.all_are_taken();
    for names in [vec!["all"], catalogue.editions().map(|edition| edition.id.as_str()).collect()] {
        let mut files = Vec::new();
        for name in names {
            let text = workspace.kept("catalogs", name, "catalog");
            files.extend(read_catalogue(SourceFile { name, text: &text }, name).unwrap());
        }
        let again = Catalogue::read(&files.iter().map(CatalogueFile::source).collect::<Vec<_>>()).unwrap();
        assert!(catalogue.requirements().eq(again.requirements()));
    }
}

#[test]
fn trestle_takes_the_component_definitions_of_the_cloud_operators_and_what_it_keeps_is_read_back() {
    let catalogue = the_engine().catalogue;
    let all = disclosures(&catalogue).unwrap();
    let mut workspace = Workspace::new().with("clouds", write_components(&all, &catalogue, now()).unwrap());
    for one in &all {
        let text = write_components(std::slice::from_ref(one), &catalogue, now()).unwrap();
        workspace = workspace.with(&one.party.id, text);
    }
    workspace.all_are_taken();
    let text = workspace.kept("component-definitions", "clouds", "component-definition");
    let file = SourceFile { name: "clouds.json", text: &text };
    assert_eq!(read_components(file, &catalogue, None).unwrap(), all);
}

#[test]
fn trestle_takes_assessment_results_with_facts_and_without() {
    let engine = the_engine();
    let mut workspace = Workspace::new();
    for edition in ["mhlw-6.0", "mhlw-7.0"] {
        for (name, facts) in [("known", some_facts(&engine)), ("unknown", guideline::Facts::default())] {
            let assessment = engine.assess(edition, None, &facts).unwrap();
            let text = write_results(&engine, &assessment, &facts, now()).unwrap();
            workspace = workspace.with(&format!("{edition}-{name}"), text);
        }
    }
    let nothing_asked = engine.assess("jahis-sds-5.0", Some(Side::Facility), &some_facts(&engine)).unwrap();
    let text = write_results(&engine, &nothing_asked, &some_facts(&engine), now()).unwrap();
    workspace = workspace.with("nothing-asked", text);
    workspace.all_are_taken();
}

#[test]
fn trestle_refuses_what_is_broken() {
    let engine = the_engine();
    let catalog = write_catalogue(&engine.catalogue, Some("mhlw-6.0"), now()).unwrap();
    let slash = catalog.replace("\"mhlw-6.0_control_13-1\"", "\"mhlw-6.0/control/13-1\"");
    assert_ne!(slash, catalog);
    let lacking = catalog.replacen("\"metadata\"", "\"meta\"", 1);
    let facts = some_facts(&engine);
    let assessment = engine.assess("mhlw-6.0", None, &facts).unwrap();
    let results = write_results(&engine, &assessment, &facts, now()).unwrap();
    let unknown = results.replacen("\"not-satisfied\"", "\"unknown\"", 1);
    let workspace = Workspace::new()
        .with("good", catalog)
        .with("slash", slash)
        .with("lacking", lacking)
        .with("unknown", unknown);
    let (judged, log) = workspace.judged();
    let verdict = |name: &str, verdict: &str| (name.to_owned(), verdict.to_owned());
    let expected = [
        verdict("good", "taken"),
        verdict("slash", "refused"),
        verdict("lacking", "refused"),
        verdict("unknown", "refused"),
    ];
    assert_eq!(judged, expected, "{log}");
}
