//! `akashi facts`: what is known about how people come in.

use crate::arguments::Asked;
use crate::console::{self, Failure};
use crate::directory::Directory;
use crate::report;
use crate::terminal::Terminal;
use identity::Command;

pub(crate) fn run(terminal: &Terminal, asked: &Asked) -> Result<(), Failure> {
    let directory = Directory::at(&asked.which.folder.data);
    let facility = asked.which.facility.as_ref();
    let done = console::perform(&directory, facility, terminal.language(), Command::Facts {})?;
    if asked.json {
        report::json(terminal, &done.reply);
    } else {
        report::facts(terminal, &done.reply);
    }
    Ok(())
}
