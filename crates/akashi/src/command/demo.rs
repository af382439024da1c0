//! `akashi demo`: a clinic with synthetic patients, served over HTTPS, and what to try on it.

use crate::arguments::Demo;
use crate::codes;
use crate::command::serve;
use crate::configuration::Configuration;
use crate::directory::Directory;
use crate::runtime;
use crate::terminal::{self, Terminal, Unit};
use base::{FacilityId, Problem, Time};
use records::{Facility, Item, Problems};
use sample::{Clinic, Date};
use std::net::SocketAddr;
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
    let _lock = directory.make_and_lock()?;
    let facility = FacilityId::parse(FACILITY).ok_or_else(|| Problem::new(&store::codes::FACILITY_ABSENT))?;
    directory.make(&[])?;
    let mut configuration = Configuration::read(directory.path())?;
    configuration.server.listen = arguments.listen;
    runtime::log(crate::configuration::LogLevel::Warn);
    if !directory.facilities()?.contains(&facility) {
        directory.create_facility(&facility)?;
    }
    let runtime = runtime::start()?;
    runtime.block_on(async {
        let mut stop = runtime::Stop::catch()?;
        let (_store, door) = directory.open_facility(&facility)?;
        tokio::select! {
            filled = fill(terminal, &door, arguments) => filled?,
            // What is written so far stays; the next start goes on from there.
            () = stop.asked() => return Ok(()),
        }
        let server = serve::bind(&directory, &configuration, vec![door]).await?;
        let address = server.local_addr();
        show(terminal, &directory, address)?;
        server.run(stop.asked()).await;
        Ok::<_, Problems>(())
    })?;
    terminal.note(terminal.choose("stopped", "停止しました"));
    Ok(())
}

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

fn show(terminal: &Terminal, directory: &Directory, address: SocketAddr) -> Result<(), Problem> {
    let token = directory.token()?;
    let path = directory.path().display().to_string();
    let base = format!("https://{address}/f/{FACILITY}/fhir");
    let curl = format!("curl --cacert {path}/tls/ca.pem -H \"Authorization: Bearer {}\"", token.reveal());
    let say = |en: &str, ja: &str| terminal.line(terminal.choose(en, ja));
    terminal.line("");
    say("Akashi is running. Base URL and bearer token:", "Akashi が起動しました。ベース URL とトークン：");
    terminal.line(&format!("  {base}"));
    terminal.line(&format!("  {}", token.reveal()));
    terminal.line("");
    say("1. Read a patient:", "1. 患者を 1 人読む：");
    terminal.line(&format!("  {curl} '{base}/Patient/p000000?_pretty=true'"));
    say("2. Search the patient's observations:", "2. その患者の検査・測定値を検索する：");
    terminal.line(&format!("  {curl} '{base}/Observation?patient=p000000&_count=5&_pretty=true'"));
    say(
        "3. Have the record proven, and check the proof offline:",
        "3. 記録の証明を取り出し、オフラインで検証する：",
    );
    terminal.line(&format!("  {curl} '{base}/Patient/p000000/$proof' -o patient.akashi-proof.json"));
    terminal.line("  python3 verifier/verify.py proof patient.akashi-proof.json");
    terminal.line("");
    say("Ctrl-C ends it. All patients are synthetic.", "Ctrl-C で終了します。患者はすべて架空です。");
    Ok(())
}
