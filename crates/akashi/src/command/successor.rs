//! `akashi successor`: the key by which a facility from another installation is going to be continued here.

use crate::arguments::Successor;
use crate::command::verify::log_key;
use crate::directory::{Directory, world};
use crate::terminal::Terminal;
use base::Problem;

pub(crate) fn run(terminal: &Terminal, arguments: &Successor) -> Result<(), Problem> {
    let before = log_key(&arguments.key)?;
    let directory = Directory::at(&arguments.folder.data);
    let _lock = directory.make_and_lock()?;
    directory.make(&arguments.hosts)?;
    let (master, world) = (directory.master_key()?, world());
    let key = store::complete::prepare(directory.path(), &before, &master, &world)?;
    terminal.line(&key.to_string());
    terminal.note(terminal.choose(
        "Give this line to the installation before, and have it checked over another way (by telephone, on paper): whoever's key it names there continues the journal. Nothing secret is in it.",
        "この 1 行を前の環境に渡し、電話や書面など別の経路でも照合してもらってください。そこで指定された鍵の持ち主が、ジャーナルを引き継ぎます。秘密の情報は含まれていません。",
    ));
    Ok(())
}
