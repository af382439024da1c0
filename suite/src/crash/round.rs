//! One data directory and the rounds on it: load, SIGKILL, restart, check.

use super::chance::Chance;
use super::check::{self, Fate};
use super::entries;
use super::site::{Server, Site};
use super::states;
use super::verifier::Verifier;
use super::watch::{self, Seen};
use super::write::{REPORT, Stored, Wish, Write};
use super::writer::{Haul, Writer};
use super::{Plan, Summary};
use base::{Clock, SystemClock};
use std::collections::BTreeSet;
use std::path::{Path, PathBuf};
use std::sync::Arc;
use std::sync::atomic::{AtomicBool, Ordering};
use std::time::Duration;
use tokio::task::JoinHandle;

/// Clients that write at the same time.
const WRITERS: u32 = 8;
/// Earliest and latest moment of the kill after the load begins, in milliseconds.
const KILL_MILLISECONDS: (u64, u64) = (5, 2_000);
/// Within this time after its start the server must be ready, in microseconds.
const READY_MICROSECONDS_MAX: i64 = 5_000_000;
/// The part of a round's choices that is not a writer's.
const KILLER: u32 = u32::MAX;

/// A data directory with its server, its clients and what is known about it.
#[derive(Debug)]
pub(crate) struct Stage {
    seed: u64,
    site: Site,
    server: Server,
    verifier: Verifier,
    writers: Vec<Writer>,
    /// Everything known to be in the journal, in order of writing for each record.
    stored: Vec<Stored>,
}

/// What a round's load left behind.
#[derive(Debug, Default)]
struct Left {
    hauls: Vec<Haul>,
    seen: Seen,
}

impl Stage {
    /// A new data directory, served.
    pub(crate) async fn open(plan: &Plan, round: u32) -> Result<Self, String> {
        let site = Site::new(&plan.akashi, &plan.folder.join(format!("from-{round}"))).await?;
        let server = site.start()?;
        let mut client = server.target.client();
        let key = site.folder.join("key");
        write(&key, &client.get("log/key").await?.body)?;
        write(&site.folder.join(SINCE), &client.get("log/checkpoint").await?.body)?;
        let verifier = Verifier::new(&plan.verifier, key);
        let writers =
            (0..WRITERS).map(|number| Writer::new(number, &site.folder)).collect::<Result<_, _>>()?;
        Ok(Self { seed: plan.seed, site, server, verifier, writers, stored: Vec::new() })
    }

    /// One round; gives back a line about it.
    pub(crate) async fn round(&mut self, round: u32, summary: &mut Summary) -> Result<String, String> {
        let chance = Chance::new(self.seed, round, KILLER);
        let (earliest, latest) = KILL_MILLISECONDS;
        let after = earliest + chance.below(latest - earliest + 1);
        let left = self.load_and_kill(round, Duration::from_millis(after)).await?;
        summary.kills += 1;
        let microseconds = self.restart(summary).await?;
        let acknowledged = self.check(round, left, summary).await?;
        Ok(format!(
            "kill {round} after {after} ms: {acknowledged} versions acknowledged, ready after {} ms, {} violations",
            microseconds / 1_000,
            summary.violations.len()
        ))
    }

    /// All clients write and somebody watches the checkpoints, until the server is killed.
    async fn load_and_kill(&mut self, round: u32, after: Duration) -> Result<Left, String> {
        let killed = Arc::new(AtomicBool::new(false));
        let target = self.server.target.clone();
        let watcher = tokio::spawn(watch::checkpoints(target.client(), Arc::clone(&killed)));
        let mut running: Vec<JoinHandle<(Writer, Result<Haul, String>)>> = Vec::new();
        for mut writer in std::mem::take(&mut self.writers) {
            let (client, killed, seed) = (target.client(), Arc::clone(&killed), self.seed);
            running.push(tokio::spawn(async move {
                let haul = writer.run(client, (seed, round), killed).await;
                (writer, haul)
            }));
        }
        tokio::time::sleep(after).await;
        killed.store(true, Ordering::SeqCst);
        self.server.kill()?;
        let mut left = Left { seen: watcher.await.map_err(|error| error.to_string())?, ..Left::default() };
        for one in running {
            let (writer, haul) = one.await.map_err(|error| error.to_string())?;
            self.writers.push(writer);
            left.hauls.push(haul?);
        }
        Ok(left)
    }

    /// Starts the server again and says how long it took until it was ready, in microseconds.
    async fn restart(&mut self, summary: &mut Summary) -> Result<i64, String> {
        let begin = SystemClock.now();
        self.server = self.site.start()?;
        let health = self.server.target.client().get("fhir/metadata").await?;
        let took = SystemClock.now().microseconds() - begin.microseconds();
        summary.start_microseconds_max = summary.start_microseconds_max.max(took);
        if health.status != 200 || took > READY_MICROSECONDS_MAX {
            let status = health.status;
            summary.violations.push(format!("after the restart: status {status} in {} ms", took / 1_000));
        }
        Ok(took)
    }

    /// Checks what the round left behind; gives back how many versions had been acknowledged.
    async fn check(&mut self, round: u32, left: Left, summary: &mut Summary) -> Result<usize, String> {
        let (mut known, mut reports) = (Vec::new(), BTreeSet::new());
        let mut count = 0;
        summary.violations.extend(left.seen.violations);
        for (number, haul) in left.hauls.into_iter().enumerate() {
            count += haul.acknowledged.len();
            summary.violations.extend(haul.violations);
            known.extend(haul.acknowledged);
            if let Some(write) = haul.in_flight {
                reports.extend(write.wishes().iter().filter_map(report));
                known.extend(self.settle(number, &write, summary).await?);
            }
        }
        summary.acknowledged += u64::try_from(count).unwrap_or(0);
        reports.extend(known.iter().filter(|one| one.kind == REPORT).map(Stored::record));
        self.ask(round, known, summary).await?;
        self.states(&reports, summary).await?;
        self.check_log(left.seen.newest, summary)?;
        Ok(count)
    }

    /// Finds out about a write that nobody acknowledged.
    async fn settle(
        &mut self,
        number: usize,
        write: &Write,
        summary: &mut Summary,
    ) -> Result<Vec<Stored>, String> {
        match check::fate(&mut self.server.target.client(), write).await? {
            Fate::Absent => {
                summary.absent += 1;
                Ok(Vec::new())
            }
            Fate::Whole(stored) => {
                summary.whole += 1;
                if let Some(writer) = self.writers.get_mut(number) {
                    writer.learn(&stored);
                }
                Ok(stored)
            }
            Fate::Broken(what) => {
                summary.violations.push(format!("an unacknowledged write is there in part: {what}"));
                Ok(Vec::new())
            }
        }
    }

    /// Reads, searches and proves every version of the round.
    async fn ask(&mut self, round: u32, known: Vec<Stored>, summary: &mut Summary) -> Result<(), String> {
        self.stored.extend(known.iter().cloned());
        let connections = usize::try_from(WRITERS).unwrap_or(1);
        let findings = check::ask_all(&self.server.target, check::questions(known), connections).await?;
        summary.violations.extend(findings.violations);
        if findings.proofs.is_empty() {
            return Ok(());
        }
        let file = self.site.folder.join(format!("proofs-{round}.ndjson"));
        write(&file, findings.proofs.as_bytes())?;
        match self.verifier.proofs(&file) {
            Ok(()) => {
                summary.proofs += u64::try_from(findings.proofs.lines().count()).unwrap_or(0);
                std::fs::remove_file(&file).map_err(|error| error.to_string())?;
            }
            Err(wrong) => summary.violations.push(wrong),
        }
        Ok(())
    }

    /// Holds the states of these reports, with what tells of them, against all that is known of them.
    async fn states(&self, reports: &BTreeSet<String>, summary: &mut Summary) -> Result<(), String> {
        let mut client = self.server.target.client();
        for report in reports {
            let versions: Vec<&Stored> = self.stored.iter().filter(|one| one.record() == *report).collect();
            let findings = states::check(&mut client, report, &versions).await?;
            summary.states += findings.states;
            summary.violations.extend(findings.violations);
        }
        Ok(())
    }

    /// Checks the whole log, and that it continues the newest checkpoint somebody had seen.
    fn check_log(&mut self, newest: Option<Vec<u8>>, summary: &mut Summary) -> Result<(), String> {
        let since = self.site.folder.join(SINCE);
        if let Some(note) = newest {
            write(&since, &note)?;
        }
        summary.violations.extend(self.verifier.log(&self.site, &self.server.target, &since).err());
        Ok(())
    }

    /// Reads back everything ever acknowledged, kills once more, recomputes what lies on the disk, and looks for the access
    /// entry of every request that was answered.
    pub(crate) async fn close(mut self, summary: &mut Summary) -> Result<(), String> {
        summary.violations.extend(check::read_back(&self.server.target, &self.stored).await?);
        self.server.kill()?;
        let since: PathBuf = self.site.folder.join(SINCE);
        summary.violations.extend(self.site.verify(Some(&since)).err());
        let (answered, missing) = entries::check(&self.site).await?;
        summary.answered += answered;
        summary.violations.extend(missing);
        Ok(())
    }
}

/// The report that a write is about, where it names one.
fn report(wish: &Wish) -> Option<String> {
    wish.id.as_ref().filter(|_| wish.kind == REPORT).map(|id| format!("{REPORT}/{id}"))
}

/// Name of the file with the newest checkpoint that somebody had seen.
const SINCE: &str = "newest-checkpoint";

fn write(file: &Path, bytes: &[u8]) -> Result<(), String> {
    std::fs::write(file, bytes).map_err(|error| format!("{}: {error}", file.display()))
}
