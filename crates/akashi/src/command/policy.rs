//! `akashi policy`: what the facility asks of everybody who comes in.

use crate::arguments::Policy;
use crate::console::{self, Failure};
use crate::directory::Directory;
use crate::report;
use crate::terminal::Terminal;
use identity::Command;

pub(crate) fn run(terminal: &Terminal, policy: &Policy) -> Result<(), Failure> {
    let asked = policy.asked();
    let command = match policy {
        Policy::Show(_) => Command::PolicyShow {},
        Policy::Set(set) => Command::PolicySet { values: set.values.iter().cloned().collect() },
    };
    let directory = Directory::at(&asked.which.folder.data);
    let done = console::perform(&directory, asked.which.facility.as_ref(), terminal.language(), command)?;
    if asked.json {
        report::json(terminal, &done.reply);
    } else {
        report::policy(terminal, &done.reply);
    }
    if done.reply.pointer("/policy/client_certificates").is_some_and(|mode| mode == "off") {
        terminal.warn(
            "No client certificates are asked for: for development only",
            "クライアント証明書を求めない設定です。開発専用です",
        );
    }
    Ok(())
}
