//! `akashi proof`: the proof of a record as a file.

use crate::arguments::Proof;
use crate::console::{self, Failure};
use crate::directory::Directory;
use crate::terminal::Terminal;
use base::Problem;
use store::disk::{self, Readable};

pub(crate) fn run(terminal: &Terminal, arguments: &Proof) -> Result<(), Failure> {
    let directory = Directory::at(&arguments.which.folder.data);
    let facility = directory.facility(arguments.which.facility.as_ref())?;
    let what = arguments.record.to_string();
    let (store, witness) = console::export(&directory, &facility, terminal.language(), &what)?;
    let permit = records::export_permit(&facility, &arguments.record)?;
    let file = store.proof_witnessed(&witness, &permit, arguments.version_id)?;
    let file = file.ok_or_else(|| match arguments.version_id {
        None => Problem::new(&records::codes::ABSENT).with("record", &arguments.record),
        Some(version) => Problem::new(&records::codes::VERSION_ABSENT)
            .with("record", &arguments.record)
            .with("version", version),
    })?;
    let bytes = file.to_bytes()?;
    if let Some(path) = &arguments.out {
        // The file holds clinical content: it is readable by its owner only.
        disk::write_whole(path, &bytes, Readable::OwnerOnly)?;
    } else {
        terminal.line(String::from_utf8_lossy(&bytes).trim_end());
    }
    Ok(())
}
