//! `akashi disclosure`: what each layer answers for, and who answers in the end.

use super::assess;
use crate::arguments::{AssessFormat, Disclosure, DisclosureExport, DisclosureMatrix};
use crate::console::Failure;
use crate::new_file::NewFile;
use crate::report::disclosure as report;
use crate::terminal::Terminal;
use base::{Clock, Problem, SystemClock};
use guideline::{Catalogue, Layer, Party, SourceFile, Text};
use std::path::Path;
use store::disk;

pub(crate) fn run(terminal: &Terminal, disclosure: &Disclosure) -> Result<(), Failure> {
    match disclosure {
        Disclosure::Matrix(options) => Ok(matrix(terminal, options)?),
        Disclosure::Export(options) => export(terminal, options),
    }
}

fn matrix(terminal: &Terminal, options: &DisclosureMatrix) -> Result<(), Problem> {
    let engine = guideline::engine()?;
    let chain =
        options.with.iter().map(|one| disclosed(one, &engine.catalogue)).collect::<Result<Vec<_>, _>>()?;
    let matrix = guideline::matrix(&engine.catalogue, &options.edition, &chain)?;
    match options.format {
        AssessFormat::Json => report::json(terminal, &matrix),
        AssessFormat::Table => report::table(terminal, &engine.catalogue, &matrix)?,
    }
    Ok(())
}

/// One of those that are compiled in, or a file.
fn disclosed(name: &str, catalogue: &Catalogue) -> Result<guideline::Disclosure, Problem> {
    if let Some(known) = guideline::disclosures(catalogue)?.into_iter().find(|one| one.party.id == name) {
        return Ok(known);
    }
    let text = disk::read_text(Path::new(name))?;
    guideline::Disclosure::read(SourceFile { name, text: &text }, catalogue)
}

fn export(terminal: &Terminal, options: &DisclosureExport) -> Result<(), Failure> {
    let engine = guideline::engine()?;
    engine.catalogue.edition(&options.edition)?;
    let facts = assess::seen(terminal, &options.which, &engine)?;
    let party = Party {
        id: "akashi".to_owned(),
        name: Text { ja: "証（Akashi）".to_owned(), en: "Akashi".to_owned() },
        layer: Layer::Provider,
    };
    let now = SystemClock.now().to_string();
    let day = now.split('T').next().unwrap_or_default();
    let own = engine.disclose(party, &options.edition, &facts, day)?;
    let text = serde_json::to_string_pretty(&own.to_json()).unwrap_or_default();
    NewFile::take(&options.out)?.fill(format!("{text}\n").as_bytes())?;
    terminal.line(&format!(
        "{}: {} {}",
        options.out.display(),
        own.statements.len(),
        terminal.choose("statements", "件")
    ));
    Ok(())
}
