//! Documents of OSCAL from any text: a catalog and a component definition.

use base::{Language, Problem};
use guideline::{Catalogue, Engine, Share, SourceFile};
use report::oscal::{CatalogueFile, read_catalogue, read_components};

/// Reads `data` as a catalog and as a component definition, and checks that it is refused with a place, or gives files
/// that stay in their folder and statements of which nothing is provided and left over at once.
///
/// # Panics
/// When it does not: that is the finding.
pub(crate) fn oscal(engine: &Engine, data: &[u8]) {
    let Ok(text) = std::str::from_utf8(data) else { return };
    let file = SourceFile { name: "any.json", text };
    match read_catalogue(file, "imported") {
        Ok(files) => taken(&files),
        Err(problem) => refused(&problem),
    }
    match read_components(file, &engine.catalogue, Some("meti-mic-2.0")) {
        Ok(all) => {
            for (id, said) in all.iter().flat_map(|one| &one.statements) {
                assert!(engine.catalogue.requirement(id).is_ok(), "{id} is no requirement");
                assert!(said.remains.is_none() == (said.share == Share::Provided), "{id}: {said:?}");
            }
        }
        Err(problem) => refused(&problem),
    }
}

fn taken(files: &[CatalogueFile]) {
    for file in files {
        let inside = file.name.split('/').all(|one| !one.is_empty() && one != "." && one != "..");
        assert!(inside, "{:?} leaves its folder", file.name);
    }
    drop(Catalogue::read(&files.iter().map(CatalogueFile::source).collect::<Vec<_>>()));
}

fn refused(problem: &Problem) {
    assert!(problem.code().id == "GL-0007" && problem.place().is_some(), "{problem}");
    let (english, japanese) = (problem.text(Language::English), problem.text(Language::Japanese));
    assert!(
        english.contains("any.json") && japanese.contains("any.json") && english != japanese,
        "{english}"
    );
}
