//! `akashi reindex`: the views are deleted and built again from the journal.

use crate::arguments::Reindex;
use crate::directory::Directory;
use crate::terminal::{self, Terminal, Unit};
use records::{Problems, SearchIndex};
use store::Store;

pub(crate) fn run(terminal: &Terminal, arguments: &Reindex) -> Result<(), Problems> {
    let directory = Directory::at(&arguments.which.folder.data);
    let _lock = directory.lock()?;
    let facility = directory.facility(arguments.which.facility.as_ref())?;
    let bar = terminal::progress(0, Unit::Things);
    let progress = |done: u64, size: u64| {
        bar.set_length(size);
        bar.set_position(done);
    };
    let entries =
        Store::reindex(directory.path(), &facility, &directory.master_key()?, &SearchIndex, &progress)?;
    bar.finish_and_clear();
    terminal.line(&format!(
        "{} {entries}",
        terminal.choose("views rebuilt from entries:", "索引を作り直しました。エントリー数:")
    ));
    Ok(())
}
