//! A data directory with a past: accounts of people, and drafts that a doctor left weeks ago. Journals take no time that was,
//! so the facility is made, in this process, by a clock that is behind, before the real server runs for the first time.

use super::acts::{By, Standing, Who};
use super::site::FACILITY;
use super::write::{REPORT, Wish, Write};
use base::{Clock, SystemClock};
use serde_json::json;
use std::fs;
use std::io;
use std::path::Path;
use testkit::{Chance, Clinic, Person, Plan, Times};

/// How long ago the drafts were left: longer than any deadline used here.
const SECONDS_AGO: i64 = 30 * 86_400;
/// Time between two requests of a person to log in: a code of their app is good once.
const NEXT_CODE_SECONDS: i64 = 31;
/// Drafts in one transaction.
const DRAFTS_AT_ONCE: usize = 50;

/// What there is from the start.
#[derive(Debug)]
pub(crate) struct Past {
    /// Those who log in.
    pub(crate) people: Vec<(Who, Person)>,
    /// Drafts that are due.
    pub(crate) drafts: Vec<Wish>,
}

/// Makes the data directory, which must be new, with so many drafts.
///
/// # Errors
/// A text when files cannot be copied, or a draft is not taken.
pub(crate) fn lay(data: &Path, drafts: usize) -> Result<Past, String> {
    let start = SystemClock.now().plus_seconds(-SECONDS_AGO);
    let facilities = &[FACILITY];
    let (times, chance) = (Times::From(start, 1_000), Chance::System);
    let mut clinic = Clinic::with(Plan { facilities, times, chance, settles: true, ..Plan::default() });
    let people: Vec<(Who, Person)> =
        Who::PEOPLE.into_iter().map(|who| Ok((who, joined(&clinic, who)?))).collect::<Result<_, String>>()?;
    let doctor = people.iter().find(|(who, _)| *who == Who::Doctor).map(|(_, person)| person);
    let doctor = doctor.ok_or("there is no doctor")?.session(&clinic, &clinic.client());
    let drafts: Vec<Wish> = (0..drafts).map(draft).collect();
    for some in drafts.chunks(DRAFTS_AT_ONCE) {
        let bundle = Write::Transaction(some.to_vec()).ask().body.unwrap_or_default();
        let reply = doctor.post("", bundle);
        if reply.status() != 200 {
            return Err(format!("drafts of the past were refused: {}", reply.text()));
        }
    }
    clinic.close();
    copy(clinic.data(), data).map_err(|error| format!("{}: {error}", data.display()))?;
    Ok(Past { people, drafts })
}

fn joined(clinic: &Clinic, who: Who) -> Result<Person, String> {
    let (account, occupation) = (who.account(), who.occupation());
    let made = json!({
        "command": "account-create", "account": account, "kind": "person", "name": account, "occupation": occupation,
    });
    clinic.command(&made).map_err(|problem| format!("{account}: {problem}"))?;
    let person = Person::accept(clinic, &clinic.client().without_token(), account);
    clinic.pass_seconds(NEXT_CODE_SECONDS);
    Ok(person)
}

fn draft(number: usize) -> Wish {
    let act = (By::Write, Who::Doctor, None);
    Wish {
        kind: REPORT,
        id: Some(format!("due-{number}")),
        version: 1,
        replaces: None,
        tag: format!("due-{number}"),
        text: Some(format!("下書き {number}")),
        by: By::Write,
        who: Who::Doctor,
        standing: Some(Standing::after(None, act)),
        union: None,
    }
}

fn copy(from: &Path, to: &Path) -> io::Result<()> {
    fs::create_dir_all(to)?;
    for entry in fs::read_dir(from)? {
        let entry = entry?;
        let place = to.join(entry.file_name());
        if entry.file_type()?.is_dir() {
            copy(&entry.path(), &place)?;
        } else {
            fs::copy(entry.path(), place)?;
        }
    }
    Ok(())
}
