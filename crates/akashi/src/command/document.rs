//! `akashi document`: the register of documents.

use crate::arguments::{Document, DocumentAdd};
use crate::console::{self, Failure};
use crate::directory::Directory;
use crate::new_file::NewFile;
use crate::report::document as report;
use crate::terminal::Terminal;
use base::Problem;
use evidence::{Command, NewDocument, Place};
use std::path::Path;
use store::disk::file_problem;

pub(crate) fn run(terminal: &Terminal, document: &Document) -> Result<(), Failure> {
    let asked = document.asked();
    let directory = Directory::at(&asked.which.folder.data);
    let facility = asked.which.facility.as_ref();
    let done = console::evidence(&directory, facility, terminal.language(), command(document)?)?;
    match document {
        _ if asked.json => crate::report::json(terminal, &done.reply),
        Document::Kinds(kinds) => report::kinds(terminal, &done.reply, kinds.missing),
        Document::List(list) => report::documents(terminal, &done.reply, list.all),
        Document::Template(template) => {
            let text = crate::report::text(&done.reply, "text");
            match &template.out {
                Some(out) => {
                    NewFile::take(out)?.fill(text.as_bytes())?;
                    terminal.line(&out.display().to_string());
                }
                None => terminal.line(text),
            }
        }
        Document::Add(_) | Document::Approve(_) | Document::Withdraw(_) => {
            report::document(terminal, &done.reply);
        }
    }
    Ok(())
}

fn command(document: &Document) -> Result<Command, Problem> {
    Ok(match document {
        Document::Kinds(_) => Command::DocumentKinds {},
        Document::List(_) => Command::DocumentList {},
        Document::Template(template) => Command::DocumentTemplate {
            kind: template.kind.clone(),
            facility_name: template.facility_name.clone(),
        },
        Document::Add(add) => Command::DocumentAdd(wanted(add)?),
        Document::Approve(approve) => Command::DocumentApprove {
            document: approve.document.clone(),
            name: approve.by.clone(),
            on: approve.on,
        },
        Document::Withdraw(withdraw) => {
            Command::DocumentWithdraw { document: withdraw.document.clone(), reason: withdraw.reason.clone() }
        }
    })
}

fn wanted(add: &DocumentAdd) -> Result<NewDocument, Problem> {
    let place = match (&add.place.file, &add.place.link, &add.place.shelf) {
        (Some(file), _, _) => Place::File(absolute(file)?),
        (None, Some(link), _) => Place::Link(link.clone()),
        (None, None, shelf) => Place::Shelf(shelf.clone().unwrap_or_default()),
    };
    Ok(NewDocument {
        kind: add.kind.clone(),
        title: add.title.clone(),
        version: add.document_version.clone(),
        place,
        sha256: add.sha256.clone(),
        owner: add.owner.clone(),
        approved_by: add.approved_by.clone(),
        approved_on: add.approved_on,
        review_on: add.review_on,
        replaces: add.replaces.clone(),
    })
}

/// The server may run elsewhere than this command.
fn absolute(file: &Path) -> Result<String, Problem> {
    let path = std::path::absolute(file).map_err(|error| file_problem(file, &error))?;
    Ok(path.display().to_string())
}
