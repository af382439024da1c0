//! `akashi audit`: who did what, and who looked at a patient.

use crate::arguments::{Audit, Within};
use crate::console::{self, Auditing, Failure};
use crate::directory::Directory;
use crate::report;
use crate::terminal::Terminal;
use records::audit::systems;

pub(crate) fn run(terminal: &Terminal, audit: &Audit) -> Result<(), Failure> {
    let asked = audit.asked();
    let directory = Directory::at(&asked.which.folder.data);
    let facility = asked.which.facility.as_ref();
    let done = console::audit(&directory, facility, terminal.language(), auditing(audit))?;
    match audit {
        _ if asked.json => report::json(terminal, &done.reply),
        Audit::List(_) => report::accesses(terminal, &done.reply),
        Audit::Lookers(_) => report::lookers(terminal, &done.reply),
    }
    Ok(())
}

fn auditing(audit: &Audit) -> Auditing {
    match audit {
        Audit::List(list) => {
            let mut query = vec![("_count".to_owned(), list.count.to_string())];
            query.extend(list.patient.iter().map(|id| ("patient".to_owned(), format!("Patient/{id}"))));
            query.extend(list.account.iter().map(|account| {
                ("agent:identifier".to_owned(), format!("{}|{}", systems::ACCOUNT, account.as_str()))
            }));
            query.extend(list.refused.then(|| ("outcome".to_owned(), "8".to_owned())));
            let Within { from, until } = &list.time;
            query.extend(from.iter().map(|from| ("date".to_owned(), format!("ge{from}"))));
            query.extend(until.iter().map(|until| ("date".to_owned(), format!("le{until}"))));
            Auditing::List(query)
        }
        Audit::Lookers(lookers) => {
            let Within { from, until } = &lookers.time;
            let named =
                |name: &str, value: &Option<String>| value.clone().map(|value| (name.to_owned(), value));
            let span = named("from", from).into_iter().chain(named("until", until)).collect();
            Auditing::Lookers { patient: lookers.patient.as_str().to_owned(), span }
        }
    }
}
