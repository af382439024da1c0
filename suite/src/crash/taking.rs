//! `akashi import --complete`, killed: the place is either without a facility, so that the import can be made once more, or
//! holds all of it.

use super::chance::Chance;
use super::site::{FACILITY, Site};
use super::{Plan, Summary};
use std::fs;
use std::path::{Path, PathBuf};
use std::process::{Child, Command, Stdio};
use std::time::Duration;
use store::{Entry, EntryKind};

/// For so many kills of the server one import is killed, and at least [`KILLS_MIN`] are.
const KILLS_OF_SERVER: u32 = 4;
const KILLS_MIN: u32 = 3;
/// The part of a run's choices that is this.
const IMPORTER: u32 = u32::MAX - 1;
/// Time between two looks at what has been written.
const PAUSE: Duration = Duration::from_millis(1);
/// Latest moment of the kill after all bytes are there, in milliseconds.
const LATE_MILLISECONDS: u64 = 250;

/// When an import is killed, as far as that can be seen from outside.
#[derive(Clone, Copy, Debug)]
enum Moment {
    /// When the folder in which it is built holds so many hundredths of the bytes of a whole one.
    Share(u64),
    /// So many milliseconds after it holds nearly all of them: while all is verified.
    After(u64),
    /// When the facility stands.
    Standing,
}

/// A facility that is taken in elsewhere, again and again.
struct Taking<'p> {
    plan: &'p Plan,
    site: &'p Site,
    /// The complete export.
    export: PathBuf,
    /// The entries of the journal that comes with it.
    journal: Vec<Vec<u8>>,
    /// What the entries after it are about, where nothing was killed.
    after: Vec<(EntryKind, String)>,
    /// Bytes of a whole facility.
    bytes: u64,
}

/// Exports the facility of a running server, and kills imports of it.
///
/// # Errors
/// A text when the export, or the import that nobody kills, does not succeed.
pub(crate) async fn kill_imports(plan: &Plan, site: &Site, summary: &mut Summary) -> Result<(), String> {
    let export = site.folder.join("leaving");
    let words = ["export", "--facility", FACILITY, "--complete"];
    site.run(site.akashi(&words).arg(&export).arg("--data").arg(site.data()))?;
    let whole = site.folder.join("taken-whole");
    site.run(&mut import(site, &export, &whole))?;
    site.run(&mut verify(site, &whole))?;
    let (bytes, entries) = (size(&facility(&whole)), entries(&whole)?);
    let came = count(&export)?;
    let journal: Vec<Vec<u8>> = entries.iter().take(came).cloned().collect();
    let after = about(&entries, came)?;
    let taking = Taking { plan, site, export, journal, after, bytes };
    let chance = Chance::new(plan.seed, 0, IMPORTER);
    for number in 0..(plan.kills / KILLS_OF_SERVER).max(KILLS_MIN) {
        taking.one(number, &chance, summary).await?;
    }
    Ok(())
}

impl Taking<'_> {
    /// One import that is killed.
    async fn one(&self, number: u32, chance: &Chance, summary: &mut Summary) -> Result<(), String> {
        let moment = match number % 3 {
            0 => Moment::Share(chance.below(101)),
            1 => Moment::After(chance.below(LATE_MILLISECONDS)),
            _ => Moment::Standing,
        };
        let place = self.site.folder.join(format!("taken-{number}"));
        let ended = self.kill(&place, moment).await?;
        let stands = facility(&place).exists();
        let told = format!("import {number} killed at {moment:?}");
        let judged = if stands { self.whole(&place) } else { self.anew(&place) };
        let outcome = match (ended, stands) {
            (true, _) => "ended before",
            (false, true) => "the facility stands",
            (false, false) => "no facility, imported again",
        };
        match judged {
            Err(what) => summary.violations.push(format!("{told}: {what}")),
            Ok(()) if ended => {}
            Ok(()) if stands => summary.imports.complete += 1,
            Ok(()) => summary.imports.absent += 1,
        }
        (self.plan.progress)(&format!("{told}: {outcome}, {} violations", summary.violations.len()));
        Ok(())
    }

    /// Imports and kills; says whether it had come to its end before.
    async fn kill(&self, place: &Path, moment: Moment) -> Result<bool, String> {
        let mut command = import(self.site, &self.export, place);
        command.stdin(Stdio::null()).stdout(Stdio::null()).stderr(Stdio::null());
        let mut process = command.spawn().map_err(|error| format!("akashi: {error}"))?;
        while !self.is_time(place, moment) && !has_ended(&mut process)? {
            tokio::time::sleep(PAUSE).await;
        }
        if let Moment::After(milliseconds) = moment {
            for _ in 0..milliseconds {
                if has_ended(&mut process)? {
                    break;
                }
                tokio::time::sleep(PAUSE).await;
            }
        }
        let ended = has_ended(&mut process)?;
        // It may end of itself at this moment: then there is nothing to kill.
        drop(process.kill());
        process.wait().map_err(|error| error.to_string())?;
        Ok(ended)
    }

    fn is_time(&self, place: &Path, moment: Moment) -> bool {
        let staged = place.join("facilities").join(format!(".new-{FACILITY}"));
        let share = match moment {
            Moment::Standing => return facility(place).exists(),
            Moment::Share(share) => share,
            Moment::After(_) => 90,
        };
        let enough = self.bytes.saturating_mul(share) / 100;
        facility(place).exists() || staged.exists() && size(&staged) >= enough
    }

    /// No facility: nothing takes the place for one, and the import succeeds.
    fn anew(&self, place: &Path) -> Result<(), String> {
        if self.site.run(&mut verify(self.site, place)).is_ok() {
            return Err("there is no facility, but it is verified".to_owned());
        }
        self.site.run(&mut import(self.site, &self.export, place))?;
        self.good(place)
    }

    /// A facility: it holds all that came with it. What the import does with a facility that stands, a second one makes up
    /// for; where nothing is left to be done, a second one is refused.
    fn whole(&self, place: &Path) -> Result<(), String> {
        self.site.run(&mut verify(self.site, place))?;
        let before = entries(place)?;
        let done = about(&before, self.journal.len())? == self.after;
        let again = self.site.run(&mut import(self.site, &self.export, place));
        match (done, again) {
            (true, Ok(())) => return Err("it was taken in a second time".to_owned()),
            (false, Err(refused)) => return Err(format!("it cannot be completed: {refused}")),
            (true, Err(_)) | (false, Ok(())) => {}
        }
        if !entries(place)?.starts_with(&before) {
            return Err("a second import changed what stood".to_owned());
        }
        self.good(place)
    }

    /// It is verified, holds what the whole one holds, and is served.
    fn good(&self, place: &Path) -> Result<(), String> {
        self.site.run(&mut verify(self.site, place))?;
        let found = entries(place)?;
        if !found.starts_with(&self.journal) {
            return Err("the journal does not begin with what came with it".to_owned());
        }
        let after = about(&found, self.journal.len())?;
        if after != self.after {
            return Err(format!(
                "after what came with it stands {after:?}, but it should be {:?}",
                self.after
            ));
        }
        self.site.serve(place).map(drop)
    }
}

fn import(site: &Site, export: &Path, place: &Path) -> Command {
    let mut command = site.akashi(&["import", "--unsigned", "--complete"]);
    command.arg(export).arg("--data").arg(place);
    command
}

fn verify(site: &Site, place: &Path) -> Command {
    let mut command = site.akashi(&["verify", "--data"]);
    command.arg(place);
    command
}

fn has_ended(process: &mut Child) -> Result<bool, String> {
    process.try_wait().map(|ended| ended.is_some()).map_err(|error| error.to_string())
}

fn facility(place: &Path) -> PathBuf {
    place.join("facilities").join(FACILITY)
}

/// Bytes of the files in a folder, as far as they are there.
fn size(folder: &Path) -> u64 {
    let files = fs::read_dir(folder).into_iter().flatten().flatten();
    files.filter_map(|file| file.metadata().ok()).map(|file| file.len()).sum()
}

/// Entries in a complete export.
fn count(export: &Path) -> Result<usize, String> {
    let manifest =
        fs::read(export.join("manifest.json")).map_err(|error| format!("manifest.json: {error}"))?;
    let manifest: serde_json::Value = serde_json::from_slice(&manifest).map_err(|error| error.to_string())?;
    let entries = manifest.get("entries").and_then(serde_json::Value::as_u64);
    entries
        .and_then(|entries| usize::try_from(entries).ok())
        .ok_or_else(|| "the manifest names no entries".to_owned())
}

/// The entries of the journal at a place that nobody serves.
fn entries(place: &Path) -> Result<Vec<Vec<u8>>, String> {
    let key = fs::read_to_string(place.join("master.key")).map_err(|error| format!("master.key: {error}"))?;
    let master = seal::MasterKey::parse(&key).map_err(|problem| problem.to_string())?;
    let facility = base::FacilityId::parse(FACILITY).ok_or("no facility id")?;
    Ok(testkit::Journal::read(place, &facility, &master).bodies().to_vec())
}

/// What the entries from a position on are about. Requests are left out: how often it was tried does not matter.
fn about(entries: &[Vec<u8>], from: usize) -> Result<Vec<(EntryKind, String)>, String> {
    let mut found = Vec::new();
    for body in entries.iter().skip(from) {
        let entry = Entry::parse(body)?;
        if entry.kind != EntryKind::Access {
            found.push((entry.kind, entry.subject.kind.into_owned()));
        }
    }
    Ok(found)
}
