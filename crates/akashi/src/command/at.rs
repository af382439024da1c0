//! `akashi at`: a record as it stood at a moment.

use crate::arguments::At;
use crate::console::{self, Failure, Past, PastForm};
use crate::directory::Directory;
use crate::new_file::NewFile;
use crate::report;
use crate::terminal::Terminal;

pub(crate) fn run(terminal: &Terminal, at: &At) -> Result<(), Failure> {
    let directory = Directory::at(&at.which.folder.data);
    let form = match (at.html, at.json) {
        (true, _) => PastForm::Page,
        (false, true) => PastForm::Bundle,
        (false, false) => PastForm::Text,
    };
    let past = Past {
        record: at.record.to_string(),
        at: at.time.to_string(),
        form,
        language: terminal.language().into(),
    };
    // The name is taken first: nothing is looked at for a file that cannot be written.
    let file = at.out.as_deref().map(NewFile::take).transpose()?;
    let done = console::past(&directory, at.which.facility.as_ref(), terminal.language(), past)?;
    let told = report::text(&done.reply, "text");
    match file {
        Some(file) => file.fill(told.as_bytes())?,
        None => terminal.line(told.trim_end()),
    }
    Ok(())
}
