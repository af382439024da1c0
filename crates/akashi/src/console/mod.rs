//! How a command reaches its facility: through the running server's socket in the data directory or, when no server
//! runs, by opening the facility itself.

mod client;
mod served;
mod wire;

pub(crate) use served::Console;
pub(crate) use wire::Failure;

use crate::configuration::Configuration;
use crate::directory::Directory;
use crate::runtime;
use base::{FacilityId, Language, Problem};
use client::Connected;
use identity::Command;
use serde_json::Value;
use store::{Actor, ActorKind};
use wire::Request;

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
    let facility = directory.facility(facility)?;
    match client::connect(&directory.path().join(SOCKET))? {
        Connected::Server(stream) => {
            let request =
                Request { facility: facility.as_str(), language: language.into(), command: &command };
            client::ask(stream, &request).map(|reply| Done { reply, by: By::Server })
        }
        Connected::Nobody => Ok(itself(directory, &facility, command)?),
        Connected::TooLong(problem) => itself(directory, &facility, command).map_err(|own| {
            // Whoever holds the directory may well be a server that cannot be reached for this reason.
            if own.code() == &store::codes::LOCKED { problem.into() } else { own.into() }
        }),
    }
}

fn itself(directory: &Directory, facility: &FacilityId, command: Command) -> Result<Done, Problem> {
    let _lock = directory.lock()?;
    let settings = Configuration::read(directory.path())?.identity();
    let opened = directory.open_facility(facility, settings)?;
    let reply = runtime::start()?.block_on(opened.identity.perform(&actor(), command))?;
    Ok(Done { reply, by: By::Itself })
}

/// As whom commands of this machine stand in the journal. Who may open the data directory may command it.
pub(crate) fn actor() -> Actor {
    Actor::new(ActorKind::System, "console")
}
