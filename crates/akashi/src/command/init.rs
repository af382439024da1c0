//! `akashi init`: a data directory and a facility in it.

use crate::arguments::Init;
use crate::configuration;
use crate::directory::Directory;
use crate::terminal::Terminal;
use records::Problems;

pub(crate) fn run(terminal: &Terminal, arguments: &Init) -> Result<(), Problems> {
    let directory = Directory::at(&arguments.folder.data);
    let _lock = directory.make_and_lock()?;
    directory.make(&arguments.hosts)?;
    directory.create_facility(&arguments.facility)?;
    let path = directory.path().display();
    terminal.line(&format!("{}: {}", terminal.choose("facility", "施設"), arguments.facility));
    terminal.line(&format!("{}: {path}/{}", terminal.choose("configuration", "設定"), configuration::FILE));
    terminal.line(&format!("{}: {path}/master.key", terminal.choose("master key", "マスターキー")));
    terminal.note(terminal.choose(
        "Keep a copy of master.key in a safe place: without it nothing in this directory can be read again.",
        "master.key の写しを安全な場所に保管してください。失うと、このディレクトリの内容は二度と読めません。",
    ));
    Ok(())
}
