//! `akashi disclosure`: what each layer answers for, and who answers in the end.

use crate::arguments::{Disclosure, DisclosureFormat};
use crate::console::{self, Failure};
use crate::directory::Directory;
use crate::new_file::NewFile;
use crate::report::disclosure as report;
use crate::terminal::Terminal;
use base::Problem;
use evidence::{Command, DisclosureForm};
use std::path::Path;
use store::disk;

/// Disclosures that are built in, by their names.
const BUILT_IN: [&str; 3] = ["aws", "azure", "google"];

pub(crate) fn run(terminal: &Terminal, disclosure: &Disclosure) -> Result<(), Failure> {
    let asked = disclosure.asked();
    let directory = Directory::at(&asked.which.folder.data);
    let facility = asked.which.facility.as_ref();
    let done = console::evidence(&directory, facility, terminal.language(), command(disclosure)?)?;
    match disclosure {
        Disclosure::Export(export) => {
            NewFile::take(&export.out)?.fill(crate::report::text(&done.reply, "text").as_bytes())?;
            report::exported(terminal, &done.reply, &export.out);
        }
        _ if asked.json => crate::report::json(terminal, &done.reply),
        Disclosure::List(_) => report::disclosures(terminal, &done.reply),
        Disclosure::Import(_) => report::taken_in(terminal, &done.reply),
        Disclosure::Remove(remove) => {
            let said = terminal.choose("no longer counted", "取り込みを解除しました");
            terminal.line(&format!("{}: {said}", remove.party));
        }
        Disclosure::Matrix(_) => report::matrix(terminal, &done.reply),
    }
    Ok(())
}

fn command(disclosure: &Disclosure) -> Result<Command, Problem> {
    Ok(match disclosure {
        Disclosure::List(_) => Command::DisclosureList {},
        Disclosure::Import(import) => {
            let built_in = BUILT_IN.contains(&import.from.as_str());
            let text = (!built_in).then(|| disk::read_text(Path::new(&import.from))).transpose()?;
            Command::DisclosureImport { name: import.from.clone(), text, edition: import.edition.clone() }
        }
        Disclosure::Remove(remove) => Command::DisclosureRemove { party: remove.party.clone() },
        Disclosure::Export(export) => {
            let form = match export.format {
                DisclosureFormat::Akashi => DisclosureForm::Akashi,
                DisclosureFormat::Oscal => DisclosureForm::Oscal,
            };
            Command::DisclosureExport { edition: export.edition.clone(), form }
        }
        Disclosure::Matrix(matrix) => {
            Command::DisclosureMatrix { edition: matrix.edition.clone(), with: matrix.with.clone() }
        }
    })
}
