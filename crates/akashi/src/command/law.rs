//! `akashi law`: the facility's own policies, proposed by one person and approved by another.

use crate::arguments::Law;
use crate::console::{self, Failure};
use crate::directory::Directory;
use crate::report;
use crate::terminal::Terminal;
use base::Problem;
use identity::Command;
use std::path::Path;
use store::disk::file_problem;

pub(crate) fn run(terminal: &Terminal, law: &Law) -> Result<(), Failure> {
    let asked = law.asked();
    let directory = Directory::at(&asked.which.folder.data);
    let done =
        console::perform(&directory, asked.which.facility.as_ref(), terminal.language(), command(law)?)?;
    match law {
        _ if asked.json => report::json(terminal, &done.reply),
        Law::Show(show) if show.full => {
            report::law_texts(terminal, &done.reply);
            report::law(terminal, &done.reply);
        }
        Law::Show(_) | Law::Approve(_) => report::law(terminal, &done.reply),
        Law::Propose(_) => report::proposal(terminal, &done.reply),
        Law::Matrix(matrix) => report::matrix(terminal, &done.reply, matrix.role.as_deref())?,
        Law::Check(_) => {
            terminal.line(terminal.choose("these policies could be added", "この権限ルールは追加できます"));
        }
        Law::Withdraw(named) => {
            let said = terminal.choose("proposal withdrawn", "提案を取り下げました");
            terminal.line(&format!("{}: {said}", named.proposal));
        }
    }
    Ok(())
}

fn command(law: &Law) -> Result<Command, Problem> {
    Ok(match law {
        Law::Show(_) => Command::LawShow {},
        Law::Matrix(matrix) => Command::LawMatrix(identity::Situated {
            proposal: matrix.proposal.clone(),
            restricted: matrix.restricted,
            treating: matrix.treating,
            zone: matrix.zone.clone(),
            hour: matrix.hour,
            weekday: matrix.weekday,
        }),
        Law::Check(check) => Command::LawCheck { text: read(&check.file)? },
        Law::Propose(propose) => {
            Command::LawPropose { text: read(&propose.check.file)?, reason: propose.reason.clone() }
        }
        Law::Approve(named) => Command::LawApprove { proposal: named.proposal.clone() },
        Law::Withdraw(named) => Command::LawWithdraw { proposal: named.proposal.clone() },
    })
}

fn read(path: &Path) -> Result<String, Problem> {
    std::fs::read_to_string(path).map_err(|error| file_problem(path, &error))
}
