//! `akashi attest`: what people say, and what they decided not to apply.

use crate::arguments::Attest;
use crate::console::{self, Failure};
use crate::directory::Directory;
use crate::report::attest as report;
use crate::terminal::Terminal;
use evidence::Command;

pub(crate) fn run(terminal: &Terminal, attest: &Attest) -> Result<(), Failure> {
    let asked = attest.asked();
    let directory = Directory::at(&asked.which.folder.data);
    let facility = asked.which.facility.as_ref();
    let done = console::evidence(&directory, facility, terminal.language(), command(attest))?;
    match attest {
        _ if asked.json => crate::report::json(terminal, &done.reply),
        Attest::List(list) => report::questions(terminal, &done.reply, list.open),
        Attest::Answer(_) => report::question(terminal, &done.reply),
        Attest::Exclude(_) => report::exclusion(terminal, &done.reply),
        Attest::Include(include) => {
            let said = terminal.choose("applies again", "対象に戻しました");
            terminal.line(&format!("{}: {said}", include.requirement));
        }
    }
    Ok(())
}

fn command(attest: &Attest) -> Command {
    match attest {
        Attest::List(_) => Command::QuestionList {},
        Attest::Answer(answer) => Command::Attest {
            question: answer.question.clone(),
            answer: answer.value.clone(),
            name: answer.name.clone(),
            note: answer.note.clone(),
            until: answer.until,
        },
        Attest::Exclude(exclude) => Command::RequirementExclude {
            requirement: exclude.requirement.clone(),
            reason: exclude.reason.clone(),
            name: exclude.name.clone(),
            until: exclude.until,
        },
        Attest::Include(include) => Command::RequirementInclude { requirement: include.requirement.clone() },
    }
}
