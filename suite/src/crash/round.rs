//! One data directory and the rounds on it: load, SIGKILL, a start that finalises what is due, SIGKILL, restart, check.

use super::chance::Chance;
use super::check::{self, Fate};
use super::entries;
use super::lapsing::Due;
use super::people::People;
use super::site::{Server, Site};
use super::states;
use super::verifier::Verifier;
use super::watch::{self, Seen};
use super::write::{REPORT, Stored, Wish};
use super::writer::{Haul, InFlight, Writer};
use super::{Plan, ROUNDS_PER_SITE, Summary};
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
/// Drafts that are due: for each round on a data directory, beside that, and at most, since a server finalises no more after
/// one start.
const DUE: (u32, u32, u32) = (8, 30, 500);

/// A data directory with its server, its clients and what is known about it.
#[derive(Debug)]
pub(crate) struct Stage {
    seed: u64,
    site: Site,
    server: Server,
    verifier: Verifier,
    writers: Vec<Writer>,
    people: People,
    due: Due,
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
        let (each, beside, most) = DUE;
        let rounds = plan.kills.saturating_sub(round).min(ROUNDS_PER_SITE);
        let drafts = usize::try_from((rounds * each + beside).min(most)).unwrap_or(0);
        let folder = plan.folder.join(format!("from-{round}"));
        let (site, past) = Site::new(&plan.akashi, &folder, drafts).await?;
        let server = site.start()?;
        let mut client = server.target.client();
        let key = site.folder.join("key");
        write(&key, &client.get("log/key").await?.body)?;
        write(&site.folder.join(SINCE), &client.get("log/checkpoint").await?.body)?;
        let verifier = Verifier::new(&plan.verifier, key);
        let writers =
            (0..WRITERS).map(|number| Writer::new(number, &site.folder)).collect::<Result<_, _>>()?;
        let (people, due) = (People::new(past.people), Due::new(past.drafts));
        Ok(Self { seed: plan.seed, site, server, verifier, writers, people, due, stored: Vec::new() })
    }

    /// Where it is.
    pub(crate) fn site(&self) -> &Site {
        &self.site
    }

    /// One round; gives back a line about it.
    pub(crate) async fn round(&mut self, round: u32, summary: &mut Summary) -> Result<String, String> {
        let chance = Chance::new(self.seed, round, KILLER);
        let (earliest, latest) = KILL_MILLISECONDS;
        let after = earliest + chance.below(latest - earliest + 1);
        let left = self.load_and_kill(round, Duration::from_millis(after)).await?;
        summary.kills += 1;
        if self.due.is_left() {
            self.due.kill_amid(&self.site, Some(&chance)).await?;
            summary.lapse_kills += 1;
        }
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
        let tokens = self.people.tokens(&mut target.client()).await?;
        let watcher = tokio::spawn(watch::checkpoints(target.client(), Arc::clone(&killed)));
        let mut running: Vec<JoinHandle<(Writer, Result<Haul, String>)>> = Vec::new();
        for mut writer in std::mem::take(&mut self.writers) {
            let (client, killed, seed) = ((target.client(), tokens.clone()), Arc::clone(&killed), self.seed);
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
        let (mut known, mut records) = (Vec::new(), BTreeSet::new());
        let mut count = 0;
        summary.violations.extend(left.seen.violations);
        for (number, haul) in left.hauls.into_iter().enumerate() {
            count += haul.acknowledged.len();
            summary.violations.extend(haul.violations);
            known.extend(haul.acknowledged);
            if let Some(in_flight) = haul.in_flight {
                records.extend(in_flight.write.wishes().iter().filter_map(told_of));
                known.extend(self.settle(number, &in_flight, summary).await?);
            }
        }
        summary.acknowledged += u64::try_from(count).unwrap_or(0);
        summary.count(&known);
        known.extend(self.lapsed(summary).await?);
        self.judge(round, known, records, summary).await?;
        self.check_log(left.seen.newest, summary)?;
        Ok(count)
    }

    /// What has become of the drafts that were due.
    async fn lapsed(&mut self, summary: &mut Summary) -> Result<Vec<Stored>, String> {
        let looked = self.due.look(&mut self.server.target.client()).await?;
        summary.violations.extend(looked.violations);
        // They were left long before the round, so that what became of them is what counts.
        summary.count(&looked.lapsed.iter().filter(|one| one.version > 1).cloned().collect::<Vec<_>>());
        Ok(looked.lapsed)
    }

    /// Asks about all versions of the round, and about what tells of them.
    async fn judge(
        &mut self,
        round: u32,
        known: Vec<Stored>,
        mut records: BTreeSet<String>,
        summary: &mut Summary,
    ) -> Result<(), String> {
        records
            .extend(known.iter().filter(|one| one.kind == REPORT || one.union.is_some()).map(Stored::record));
        self.ask(round, known, summary).await?;
        self.states(&records, summary).await
    }

    /// Finds out about a write that nobody acknowledged, or of which not all was read.
    async fn settle(
        &mut self,
        number: usize,
        in_flight: &InFlight,
        summary: &mut Summary,
    ) -> Result<Vec<Stored>, String> {
        let InFlight { write, acknowledged } = in_flight;
        match check::fate(&mut self.server.target.client(), write).await? {
            Fate::Absent if *acknowledged => {
                summary.violations.push(format!("an acknowledged write is not there: {write:?}"));
                Ok(Vec::new())
            }
            Fate::Absent => {
                summary.absent += 1;
                Ok(Vec::new())
            }
            Fate::Whole(stored) => {
                summary.whole += u64::from(!acknowledged);
                if let Some(writer) = self.writers.get_mut(number) {
                    writer.learn(&stored);
                }
                Ok(stored)
            }
            Fate::Broken(what) => {
                summary.violations.push(format!("a write is there in part: {what}"));
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

    /// Holds the states of these reports, and the merges of these patients, with what tells of them, against all that is
    /// known of them.
    async fn states(&self, records: &BTreeSet<String>, summary: &mut Summary) -> Result<(), String> {
        let mut client = self.server.target.client();
        for record in records {
            let versions: Vec<&Stored> = self.stored.iter().filter(|one| one.record() == *record).collect();
            let findings = states::check(&mut client, record, &versions).await?;
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

    /// Has all that is due finalised, reads back everything ever acknowledged, kills once more, recomputes what lies on the
    /// disk, and looks for the access entry of every request that was answered.
    pub(crate) async fn close(mut self, summary: &mut Summary) -> Result<(), String> {
        self.server.kill()?;
        self.due.kill_amid(&self.site, None).await?;
        summary.lapse_kills += 1;
        self.restart(summary).await?;
        let lapsed = self.lapsed(summary).await?;
        self.judge(summary.kills + 1, lapsed, BTreeSet::new(), summary).await?;
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

/// The record that a write is about, where it names one and something tells of it.
fn told_of(wish: &Wish) -> Option<String> {
    let told = wish.kind == REPORT || wish.union.is_some();
    wish.id.as_ref().filter(|_| told).map(|id| format!("{}/{id}", wish.kind))
}

/// Name of the file with the newest checkpoint that somebody had seen.
const SINCE: &str = "newest-checkpoint";

fn write(file: &Path, bytes: &[u8]) -> Result<(), String> {
    std::fs::write(file, bytes).map_err(|error| format!("{}: {error}", file.display()))
}
