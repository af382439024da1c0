//! `akashi catalogue`: the guidelines themselves, from and to OSCAL. No facility is asked.

use crate::arguments::{Catalogue, CatalogueImport};
use crate::codes;
use crate::console::Failure;
use crate::new_file::NewFile;
use crate::table::Table;
use crate::terminal::Terminal;
use ::report::oscal::{CatalogueFile, asked, read_catalogue, write_catalogue};
use base::{Clock, Problem, SystemClock};
use guideline::{Engine, SourceFile};
use std::path::{Component, Path};
use store::disk::{self, file_problem};

pub(crate) fn run(terminal: &Terminal, catalogue: &Catalogue) -> Result<(), Failure> {
    let engine = guideline::engine()?;
    match catalogue {
        Catalogue::List => list(terminal, &engine),
        Catalogue::Export(export) => {
            let now = SystemClock.now();
            let text = write_catalogue(&engine.catalogue, export.edition.as_deref(), now)?;
            NewFile::take(&export.out)?.fill(text.as_bytes())?;
            terminal.line(&export.out.display().to_string());
        }
        Catalogue::Import(import) => take_in(terminal, &engine, import)?,
    }
    Ok(())
}

fn list(terminal: &Terminal, engine: &Engine) {
    let mut table = Table::new(&[
        terminal.choose("edition", "版"),
        terminal.choose("requirements", "要求事項"),
        terminal.choose("publisher", "発行者"),
        terminal.choose("published", "発行"),
    ]);
    for edition in engine.catalogue.editions() {
        table.row([
            edition.id.clone(),
            edition.requirements().count().to_string(),
            edition.publisher.clone(),
            edition.published.clone(),
        ]);
    }
    terminal.table(&table);
}

/// Everything is read and tried before anything is written.
fn take_in(terminal: &Terminal, engine: &Engine, import: &CatalogueImport) -> Result<(), Problem> {
    let (name, text) = (import.file.display().to_string(), disk::read_text(&import.file)?);
    let mut files = read_catalogue(SourceFile { name: &name, text: &text }, &import.edition)?;
    let of_ours = |file: &CatalogueFile| {
        engine.catalogue.editions().any(|edition| file.name.starts_with(&format!("{}/", edition.id)))
    };
    // What is compiled in has its checks; people are asked about all else.
    if !files.iter().any(of_ours) {
        files.extend(asked(&files));
        Engine::with(&files.iter().map(CatalogueFile::source).collect::<Vec<_>>())?;
    }
    // The names come from the file: none may lead out of the folder.
    if let Some(file) = files.iter().find(|file| !stays_within(&file.name)) {
        let what = format!("the edition or part makes the file name {:?}", file.name);
        return Err(Problem::new(&guideline::codes::FILE)
            .with("file", &name)
            .with("line", 1)
            .with("what", what));
    }
    if import.out.exists() {
        return Err(Problem::new(&codes::FILE_THERE).with("file", import.out.display()));
    }
    for file in &files {
        let path = import.out.join(&file.name);
        let folder = path.parent().unwrap_or(Path::new("."));
        std::fs::create_dir_all(folder).map_err(|error| file_problem(folder, &error))?;
        std::fs::write(&path, &file.text).map_err(|error| file_problem(&path, &error))?;
        terminal.line(&path.display().to_string());
    }
    Ok(())
}

/// Whether a path has only names of folders and files in it.
fn stays_within(name: &str) -> bool {
    let mut parts = Path::new(name).components();
    !name.is_empty() && parts.all(|part| matches!(part, Component::Normal(_)))
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_name_from_a_catalog_never_leads_out_of_the_folder() {
        assert!(stays_within("clinic-9/catalog.yaml") && stays_within("questions.yaml"));
        for name in ["../x.yaml", "/etc/x", "a/../../x", "..", "", "./x"] {
            assert!(!stays_within(name), "{name}");
        }
    }
}
