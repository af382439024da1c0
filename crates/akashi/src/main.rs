//! The binary: reads the configuration, wires the rooms, one file per sub-command.

mod arguments;
mod codes;
mod command;
mod configuration;
mod directory;
mod import;
mod runtime;
mod terminal;

use crate::arguments::{Arguments, Command};
use crate::terminal::Terminal;
use clap::Parser;
use std::process::ExitCode;

fn main() -> ExitCode {
    let arguments = Arguments::parse();
    let terminal = Terminal::new(arguments.language);
    let done = match arguments.command {
        Command::Demo(demo) => command::demo::run(&terminal, &demo),
        Command::Init(init) => command::init::run(&terminal, &init),
        Command::Serve(serve) => command::serve::run(&terminal, &serve),
        Command::Import(import) => command::import::run(&terminal, &import),
        Command::Export(export) => command::export::run(&terminal, &export),
        Command::Verify(verify) => command::verify::run(&terminal, &verify),
        Command::Proof(proof) => command::proof::run(&terminal, &proof),
        Command::Reindex(reindex) => command::reindex::run(&terminal, &reindex),
    };
    match done {
        Ok(()) => ExitCode::SUCCESS,
        Err(problems) => {
            terminal.problems(&problems);
            ExitCode::FAILURE
        }
    }
}
