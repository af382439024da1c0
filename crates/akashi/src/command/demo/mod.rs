//! `akashi demo`: a clinic with synthetic patients and staff, served over HTTPS, and what to try on it.

mod accounts;
mod day;
mod deeds;
mod evidence;
mod inspection;
mod settle;
mod show;

use crate::arguments::Demo;
use crate::codes;
use crate::command::collecting::Collecting;
use crate::command::serve::Open;
use crate::configuration::{Configuration, LogFormat, LogLevel, LogSection};
use crate::directory::Directory;
use crate::terminal::{self, Terminal, Unit};
use crate::{runtime, telemetry};
use base::{FacilityId, Problem, Time};
use records::{Facility, Item, Problems};
use sample::{Clinic, Date};
use std::net::{SocketAddr, TcpListener};
use std::pin::pin;
use std::slice;
use store::{Actor, ActorKind, ImportMark};

const FACILITY: &str = "demo";

/// 2026-04-01, the day up to which the synthetic patients have lived, in microseconds since 1970. It does not follow
/// the clock, so that a seed always makes the same clinic.
const TODAY_MICROSECONDS: i64 = 1_775_001_600_000_000;

/// Name of the mark that keeps the seed of the directory, plus one.
const SEED: &str = "demo seed";

/// Patients written in one batch.
const PATIENTS_AT_ONCE: u32 = 8;

pub(crate) fn run(terminal: &Terminal, arguments: &Demo) -> Result<(), Problems> {
    let directory = Directory::at(&arguments.folder.data);
    if let Some(account) = &arguments.code {
        terminal.line(accounts::Accounts::read(&directory)?.code(account)?.reveal());
        return Ok(());
    }
    let _lock = directory.make_and_lock()?;
    let facility = FacilityId::parse(FACILITY).ok_or_else(|| Problem::new(&store::codes::FACILITY_ABSENT))?;
    directory.make(&[])?;
    let mut configuration = Configuration::read(directory.path())?;
    configuration.server.listen = with_port(arguments.listen)?;
    configuration.server.base_url = Some(format!("https://localhost:{}", configuration.server.listen.port()));
    let log = LogSection { level: LogLevel::Warn, format: LogFormat::Text };
    let _telemetry = telemetry::begin(log, None)?;
    if !directory.facilities()?.contains(&facility) {
        directory.create_facility(&facility)?;
    }
    runtime::start()?.block_on(serve(terminal, arguments, &directory, &configuration, &facility))?;
    terminal.note(terminal.choose("stopped", "停止しました"));
    Ok(())
}

async fn serve(
    terminal: &Terminal,
    arguments: &Demo,
    directory: &Directory,
    configuration: &Configuration,
    facility: &FacilityId,
) -> Result<(), Problems> {
    let mut stop = runtime::Stop::catch()?;
    let opened = directory.open_facility(
        facility,
        configuration.identity(),
        (&configuration.rules(), configuration.name_of(facility)),
    )?;
    let accounts = settle::settle(directory, &opened.identity, arguments.client_certificates).await?;
    tokio::select! {
        filled = fill(terminal, &opened.records, arguments) => filled?,
        // What is written so far stays; the next start goes on from there.
        () = stop.asked() => return Ok(()),
    }
    let kept = opened.clone();
    let Open { server, console, .. } = Open::new(terminal, directory, configuration, vec![opened]).await?;
    // It has no collector, and says so where the state of the system is looked at.
    let collecting = Collecting::begin(configuration, slice::from_ref(&kept), server.metrics())?;
    let shown = show::Shown { directory, accounts: &accounts, address: server.local_addr(), arguments };
    let origin = shown.origin();
    let day = day::Day { terminal, directory, facility, accounts: &accounts, origin: &origin };
    let mut serving = pin!(console.beside(server, stop.asked()));
    let telling = async {
        // Their records are about the first patient.
        if arguments.patients > 0 && !day::is_over(&kept)? {
            day.work(&kept).await?;
        }
        shown.show(terminal)
    };
    // Whoever stops it in the middle finds it at the next start where it was.
    tokio::select! {
        biased;
        () = serving.as_mut() => {}
        told = telling => {
            told?;
            serving.await;
        }
    }
    collecting.end().await;
    Ok(())
}

/// With port 0 a free port is chosen at once: it stands in the address by which the demo is known from the beginning.
fn with_port(listen: SocketAddr) -> Result<SocketAddr, Problem> {
    if listen.port() != 0 {
        return Ok(listen);
    }
    TcpListener::bind(listen).and_then(|listener| listener.local_addr()).map_err(|error| {
        Problem::new(&server::codes::LISTEN_FAILED).with("address", listen).log(error.to_string())
    })
}

/// The doctor of the demo treats the first patient at this time. Nobody else does, so that it shows who looked without
/// treating them.
const CARE_TEAM: &str = r#"{"resourceType":"CareTeam","id":"team-p000000","status":"active",
    "subject":{"reference":"Patient/p000000"},"participant":[{"member":{"reference":"Practitioner/staff-1"}}]}"#;

/// Writes the patients that are not there yet; an interrupted demo goes on where it stopped.
async fn fill(terminal: &Terminal, door: &Facility, arguments: &Demo) -> Result<(), Problems> {
    let clinic = Clinic::new(arguments.seed, Date::in_japan(Time::from_microseconds(TODAY_MICROSECONDS)));
    refuse_other_seed(door, arguments.seed)?;
    let source = format!("demo seed {}", arguments.seed);
    let done = u32::try_from(door.import_done(&source)?).unwrap_or(u32::MAX);
    let wanted = arguments.patients;
    if done >= wanted {
        return Ok(());
    }
    let actor = Actor::new(ActorKind::System, "demo");
    terminal.note(terminal.choose("writing synthetic patients …", "架空の患者を登録しています…"));
    let bar = terminal::progress(u64::from(wanted), Unit::Things);
    bar.set_position(u64::from(done));
    if done == 0 {
        let items = door.prepare(clinic.shared().as_bytes())?;
        let mark = ImportMark { source: SEED.to_owned(), done: arguments.seed.saturating_add(1) };
        door.import(&actor, &source, items, Some(mark)).await?;
    }
    let mut first = done;
    while first < wanted {
        let end = wanted.min(first.saturating_add(PATIENTS_AT_ONCE));
        let mut items: Vec<Item> = Vec::new();
        if first == 0 {
            items.extend(door.prepare(CARE_TEAM.as_bytes())?);
        }
        for index in first..end {
            items.extend(door.prepare(clinic.patient(index).as_bytes())?);
        }
        let mark = ImportMark { source: source.clone(), done: u64::from(end) };
        door.import(&actor, &source, items, Some(mark)).await?;
        bar.set_position(u64::from(end));
        first = end;
    }
    bar.finish_and_clear();
    Ok(())
}

/// Another seed would make other patients under the same ids.
fn refuse_other_seed(door: &Facility, seed: u64) -> Result<(), Problem> {
    match door.import_done(SEED)?.checked_sub(1) {
        Some(there) if there != seed => {
            Err(Problem::new(&codes::OTHER_SEED).with("there", there).with("asked", seed))
        }
        _ => Ok(()),
    }
}
