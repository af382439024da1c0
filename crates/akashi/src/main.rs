//! The binary: reads the configuration, wires the rooms, one file per sub-command.

mod arguments;
mod bundle;
mod codes;
mod command;
mod configuration;
mod console;
mod directory;
mod import;
mod new_file;
mod probe;
mod reload;
mod report;
mod runtime;
mod table;
mod telemetry;
mod terminal;

use crate::arguments::{Arguments, Command};
use crate::console::Failure;
use crate::terminal::Terminal;
use clap::Parser;
use std::process::ExitCode;

fn main() -> ExitCode {
    match Arguments::try_parse() {
        Ok(arguments) => {
            let terminal = Terminal::new(arguments.language);
            let done = run(&terminal, &arguments.command);
            terminal.end(done.unwrap_or_else(|failure| {
                terminal.failure(&failure);
                ExitCode::FAILURE
            }))
        }
        Err(wrong) if wrong.use_stderr() => wrong.exit(),
        Err(help) => {
            let terminal = Terminal::new(None);
            terminal.help(&help);
            terminal.end(ExitCode::SUCCESS)
        }
    }
}

fn run(terminal: &Terminal, command: &Command) -> Result<ExitCode, Failure> {
    match command {
        Command::Demo(demo) => command::demo::run(terminal, demo)?,
        Command::Init(init) => command::init::run(terminal, init)?,
        Command::Serve(serve) => command::serve::run(terminal, serve)?,
        Command::Import(import) => command::import::run(terminal, import)?,
        Command::Export(export) => command::export::run(terminal, export)?,
        Command::Successor(successor) => command::successor::run(terminal, successor)?,
        Command::Verify(verify) => command::verify::run(terminal, verify)?,
        Command::Proof(proof) => command::proof::run(terminal, proof)?,
        Command::At(at) => command::at::run(terminal, at)?,
        Command::Reindex(reindex) => command::reindex::run(terminal, reindex)?,
        Command::Account(account) => command::account::run(terminal, account)?,
        Command::Certificate(certificate) => command::certificate::run(terminal, certificate)?,
        Command::App(app) => command::app::run(terminal, app)?,
        Command::Policy(policy) => command::policy::run(terminal, policy)?,
        Command::Law(law) => command::law::run(terminal, law)?,
        Command::Glass(glass) => command::glass::run(terminal, glass)?,
        Command::Audit(audit) => command::audit::run(terminal, audit)?,
        Command::Facts(asked) => command::facts::run(terminal, asked)?,
        Command::Catalogue(catalogue) => command::catalogue::run(terminal, catalogue)?,
        Command::Document(document) => command::document::run(terminal, document)?,
        Command::Attest(attest) => command::attest::run(terminal, attest)?,
        Command::Risk(risk) => command::risk::run(terminal, risk)?,
        Command::Disclosure(disclosure) => command::disclosure::run(terminal, disclosure)?,
        Command::Report(report) => command::report::run(terminal, report)?,
        Command::Witness(witness) => command::witness::run(terminal, witness)?,
        Command::Check(check) => return command::check::run(terminal, check),
        Command::Assess(assess) => return command::assess::run(terminal, assess),
    }
    Ok(ExitCode::SUCCESS)
}
