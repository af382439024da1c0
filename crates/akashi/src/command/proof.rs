//! `akashi proof`: the proof of a record as a file.

use crate::arguments::Proof;
use crate::directory::Directory;
use crate::terminal::Terminal;
use base::Problem;
use records::Problems;
use store::disk::{self, Readable};

pub(crate) fn run(terminal: &Terminal, arguments: &Proof) -> Result<(), Problems> {
    let directory = Directory::at(&arguments.which.folder.data);
    let facility = directory.facility(arguments.which.facility.as_ref())?;
    let store = directory.open_for_reading(&facility)?;
    let file = store.proof(&arguments.record, arguments.version_id)?;
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
