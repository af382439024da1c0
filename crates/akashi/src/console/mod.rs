//! How a command reaches its facility: through the running server's socket in the data directory or, when no server
//! runs, by opening the facility itself.

mod client;
mod served;
mod wire;

pub(crate) use served::Console;
pub(crate) use wire::{Auditing, COMMAND_BYTES_MAX, Failure, Past, PastForm};

use crate::codes;
use crate::configuration::Configuration;
use crate::directory::{self, Directory, Opened};
use crate::probe::{self, Verified};
use crate::runtime;
use access::Action;
use base::{Clock, FacilityId, Language, Position, Problem, RecordKey, ResourceId, SystemClock, Time};
use client::Connected;
use identity::Command;
use merkle::note::VerifierKey;
use records::audit::Span;
use records::{AtForm, AtMoment};
use serde_json::Value;
use serde_json::json;
use store::{Actor, ActorKind, Store, Witness};
use wire::{Errand, Request};

/// Name of the socket in the data directory.
const SOCKET: &str = "console.sock";

/// Who did what was asked.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(crate) enum By {
    /// The running server.
    Server,
    /// This process, while no server runs.
    Itself,
}

/// What came of a command.
#[derive(Debug)]
pub(crate) struct Done {
    /// The facility's answer.
    pub(crate) reply: Value,
    /// Who gave it.
    pub(crate) by: By,
}

/// Does a command in the facility that was asked for, or in the only one.
///
/// # Errors
/// What the facility says against it, as [`Failure::Told`] when the running server said it.
pub(crate) fn perform(
    directory: &Directory,
    facility: Option<&FacilityId>,
    language: Language,
    command: Command,
) -> Result<Done, Failure> {
    errand(directory, facility, language, Errand::Command(command))
}

/// Has the journal say that something leaves the facility from the server itself, and opens the facility for reading.
///
/// # Errors
/// What the facility says against it.
pub(crate) fn export(
    directory: &Directory,
    facility: &FacilityId,
    language: Language,
    what: &str,
) -> Result<(Store, Witness), Failure> {
    let done = errand(directory, Some(facility), language, Errand::Export(what.to_owned()))?;
    let position = done.reply.as_u64().unwrap_or(u64::MAX);
    let store = directory.open_for_reading(facility)?;
    let witness = store.witness(Position(position), SystemClock.now())?;
    Ok((store, witness))
}

/// Ends the journal of a facility here: enters that everything is exported, and hands it over to the key of another
/// installation. No server may run.
///
/// # Errors
/// Somebody else has the directory open, or what the facility says against it.
pub(crate) fn hand_over(
    directory: &Directory,
    facility: &FacilityId,
    to: &VerifierKey,
) -> Result<(), Problem> {
    let _lock = directory.lock()?;
    let configuration = Configuration::read(directory.path())?;
    let opened = directory.open_facility(
        facility,
        configuration.identity(),
        (&configuration.rules(), configuration.name_of(facility)),
    )?;
    runtime::start()?.block_on(opened.perform(Errand::Export(COMPLETE.to_owned())))?;
    drop(opened);
    let (master, world) = (directory.master_key()?, directory::world());
    store::complete::hand_over(directory.path(), facility, &master, &world, to)
}

/// What the entry of a complete export says was asked for.
pub(crate) const COMPLETE: &str = "complete";

/// Reads the audit trail.
///
/// # Errors
/// What the facility says against it.
pub(crate) fn audit(
    directory: &Directory,
    facility: Option<&FacilityId>,
    language: Language,
    auditing: Auditing,
) -> Result<Done, Failure> {
    errand(directory, facility, language, Errand::Audit(auditing))
}

/// Looks at a record as it stood at a moment; the answer holds a `text`.
///
/// # Errors
/// What the facility says against it.
pub(crate) fn past(
    directory: &Directory,
    facility: Option<&FacilityId>,
    language: Language,
    past: Past,
) -> Result<Done, Failure> {
    errand(directory, facility, language, Errand::Past(past))
}

/// Does a command about evidence.
///
/// # Errors
/// What the facility says against it.
pub(crate) fn evidence(
    directory: &Directory,
    facility: Option<&FacilityId>,
    language: Language,
    command: evidence::Command,
) -> Result<Done, Failure> {
    errand(directory, facility, language, Errand::Evidence(command))
}

/// Tells the running server that its journal was verified as a whole, and what came of it. Where no server runs nothing
/// is told: whoever verifies a copy must not change it.
///
/// # Errors
/// What the facility says against it.
pub(crate) fn verified(
    directory: &Directory,
    facility: &FacilityId,
    language: Language,
    verified: Verified,
) -> Result<(), Failure> {
    let Connected::Server(stream) = client::connect(&directory.path().join(SOCKET))? else { return Ok(()) };
    let errand = Errand::Verified(verified);
    let request = Request { facility: facility.as_str(), language: language.into(), errand: &errand };
    client::ask(stream, &request).map(|_| ())
}

fn errand(
    directory: &Directory,
    facility: Option<&FacilityId>,
    language: Language,
    errand: Errand,
) -> Result<Done, Failure> {
    let facility = directory.facility(facility)?;
    match client::connect(&directory.path().join(SOCKET))? {
        Connected::Server(stream) => {
            let request = Request { facility: facility.as_str(), language: language.into(), errand: &errand };
            client::ask(stream, &request).map(|reply| Done { reply, by: By::Server })
        }
        Connected::Nobody => Ok(itself(directory, &facility, errand)?),
        Connected::TooLong(problem) => itself(directory, &facility, errand).map_err(|own| {
            // Whoever holds the directory may well be a server that cannot be reached for this reason.
            if own.code() == &store::codes::LOCKED { problem.into() } else { own.into() }
        }),
    }
}

fn itself(directory: &Directory, facility: &FacilityId, errand: Errand) -> Result<Done, Problem> {
    let _lock = directory.lock()?;
    let configuration = Configuration::read(directory.path())?;
    let opened = directory.open_facility(
        facility,
        configuration.identity(),
        (&configuration.rules(), configuration.name_of(facility)),
    )?;
    let reply = runtime::start()?.block_on(opened.perform(errand))?;
    Ok(Done { reply, by: By::Itself })
}

/// As whom commands of this machine stand in the journal. Who may open the data directory may command it.
pub(crate) fn actor() -> Actor {
    Actor::new(ActorKind::System, "console")
}

impl Opened {
    /// Does what is asked at the server, and enters it in the journal.
    async fn perform(&self, errand: Errand) -> Result<Value, Problem> {
        match errand {
            Errand::Command(command) => {
                let name = command.name();
                let actor = actor();
                let work = self.identity.perform(&actor, command);
                Ok(self.records.at_the_console(Action::command(name), name, work).await?.0)
            }
            Errand::Export(what) => {
                let nothing = async { Ok(()) };
                let ((), place) = self.records.at_the_console(Action::EXPORT, &what, nothing).await?;
                Ok(json!(place.0))
            }
            Errand::Audit(auditing) => self.audit(auditing).await,
            Errand::Past(past) => self.past(&past).await,
            Errand::Evidence(command) => {
                let (name, target) = (command.name(), command.target().to_owned());
                let actor = actor();
                let work = self.evidence.perform(&actor, command);
                let action = Action::command(name);
                Ok(self.records.at_the_console_naming(action, &target, work, evidence::named).await?.0)
            }
            Errand::Verified(verified) => {
                let nothing = async { Ok(()) };
                let told = verified.to_string();
                let ((), place) =
                    self.records.at_the_console(Action::command("facts"), &told, nothing).await?;
                probe::keep_verified(self, place).await?;
                Ok(json!(place.0))
            }
        }
    }

    async fn past(&self, past: &Past) -> Result<Value, Problem> {
        let wrong = || Problem::new(&codes::REQUEST_WRONG).with("limit", wire::REQUEST_BYTES_MAX);
        let asked = AtMoment {
            record: RecordKey::parse(&past.record).ok_or_else(wrong)?,
            at: Time::parse(&past.at).ok_or_else(wrong)?,
            form: match past.form {
                PastForm::Text => AtForm::Text,
                PastForm::Page => AtForm::Page,
                PastForm::Bundle => AtForm::Bundle,
            },
            language: past.language.into(),
            base_url: self.base_url(),
        };
        let text = self.records.past_at_the_console(&asked).await?;
        // What is too long for the answer is said, not cut off.
        if u64::try_from(text.len()).map_or(true, |length| length > wire::TEXT_BYTES_MAX) {
            return Err(Problem::new(&codes::PAST_LONG).with("limit", wire::TEXT_BYTES_MAX));
        }
        Ok(json!({ "text": text }))
    }

    /// References are mostly relative; those by an address of this server are told by it elsewhere.
    fn base_url(&self) -> String {
        format!("https://localhost/f/{}/fhir", self.identity.facility())
    }

    async fn audit(&self, auditing: Auditing) -> Result<Value, Problem> {
        let base_url = self.base_url();
        match auditing {
            Auditing::List(query) => self.records.accesses_at_the_console(&query, &base_url).await,
            Auditing::Lookers { patient, span } => {
                let absent =
                    || Problem::new(&records::codes::ABSENT).with("record", format!("Patient/{patient}"));
                let id = ResourceId::parse(&patient).ok_or_else(absent)?;
                self.records.lookers_at_the_console(&id, Span::read(&span)?, &base_url).await
            }
        }
    }
}
