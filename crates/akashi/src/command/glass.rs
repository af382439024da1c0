//! `akashi glass`: who has opened a restricted patient's records in an emergency, and who has looked into it.

use crate::arguments::Glass;
use crate::console::{self, Failure};
use crate::directory::Directory;
use crate::report;
use crate::terminal::Terminal;
use identity::Command;

pub(crate) fn run(terminal: &Terminal, glass: &Glass) -> Result<(), Failure> {
    let asked = glass.asked();
    let command = match glass {
        Glass::List(_) => Command::GlassList {},
        Glass::Review(review) => {
            Command::GlassReview { glass: review.glass.clone(), note: review.note.clone() }
        }
    };
    let directory = Directory::at(&asked.which.folder.data);
    let done = console::perform(&directory, asked.which.facility.as_ref(), terminal.language(), command)?;
    match glass {
        _ if asked.json => report::json(terminal, &done.reply),
        Glass::List(_) => report::glasses(terminal, &done.reply),
        Glass::Review(_) => report::glass(terminal, &done.reply),
    }
    Ok(())
}
