//! A client that writes until the server is gone, on records that no other client touches.

use super::chance::Chance;
use super::ledger::Ledger;
use super::write::{By, REPORT, Stored, Wish, Write};
use crate::client::Client;
use serde_json::Value;
use std::path::Path;
use std::sync::Arc;
use std::sync::atomic::{AtomicBool, Ordering};

/// Longest text put into a resource, in characters.
const TEXT_CHARS_MAX: u64 = 3_000;
/// Records a writer keeps in play; older ones are left alone.
const RECORDS_MAX: usize = 64;

const PATIENT: &str = "Patient";
const OBSERVATION: &str = "Observation";

/// The current state of a Patient: that of its newest version.
#[derive(Clone, Debug)]
struct Record {
    id: String,
    version: u64,
    deleted: bool,
}

/// A report as its newest version has it. Finalising and withdrawing keep identifier and text.
#[derive(Clone, Debug)]
struct Report {
    id: String,
    version: u64,
    by: By,
    tag: String,
    text: String,
}

/// A writer and what it knows.
#[derive(Debug)]
pub(crate) struct Writer {
    number: u32,
    made: u64,
    ledger: Ledger,
    records: Vec<Record>,
    /// Reports that can still become something else.
    reports: Vec<Report>,
}

/// What a writer brings home from one round.
#[derive(Debug, Default)]
pub(crate) struct Haul {
    /// What was acknowledged, in order.
    pub(crate) acknowledged: Vec<Stored>,
    /// The write that was under way when the connection broke.
    pub(crate) in_flight: Option<Write>,
    /// What should not have happened.
    pub(crate) violations: Vec<String>,
}

impl Writer {
    /// The writer of this number, with its ledger in this folder.
    pub(crate) fn new(number: u32, folder: &Path) -> Result<Self, String> {
        let ledger = Ledger::open(&folder.join(format!("acknowledged-{number}.ndjson")))?;
        Ok(Self { number, made: 0, ledger, records: Vec::new(), reports: Vec::new() })
    }

    /// Writes until the connection breaks. Before `killed` is set it must not.
    pub(crate) async fn run(
        &mut self,
        mut client: Client,
        (seed, round): (u64, u32),
        killed: Arc<AtomicBool>,
    ) -> Result<Haul, String> {
        let chance = Chance::new(seed, round, self.number);
        let mut haul = Haul::default();
        loop {
            let write = self.choose(&chance, round);
            let answer = match client.send(&write.ask()).await {
                Ok(answer) => answer,
                Err(error) => {
                    if !killed.load(Ordering::SeqCst) {
                        haul.violations
                            .push(format!("the connection broke although the server ran: {error}"));
                    }
                    haul.in_flight = Some(write);
                    return Ok(haul);
                }
            };
            match write.acknowledged(&answer) {
                Ok(stored) => {
                    self.ledger.note(round, &stored)?;
                    self.learn(&stored);
                    haul.acknowledged.extend(stored);
                }
                Err(refusal) => {
                    haul.violations.push(format!("a good write was refused: {refusal}"));
                    return Ok(haul);
                }
            }
        }
    }

    /// Takes note of versions that are in the journal.
    pub(crate) fn learn(&mut self, stored: &[Stored]) {
        // Only Patients are written again: an Observation would need to bring its Patient along.
        for one in stored.iter().filter(|one| one.kind == PATIENT) {
            self.records.retain(|record| record.id != one.id);
            let Stored { id, version, .. } = one.clone();
            self.records.push(Record { id, version, deleted: one.bytes.is_none() });
        }
        let surplus = self.records.len().saturating_sub(RECORDS_MAX);
        self.records.drain(..surplus);
        for one in stored.iter().filter(|one| one.kind == REPORT) {
            self.reports.retain(|report| report.id != one.id);
            self.reports.extend(report(one));
        }
        let surplus = self.reports.len().saturating_sub(RECORDS_MAX);
        self.reports.drain(..surplus);
    }

    /// The next write.
    fn choose(&mut self, chance: &Chance, round: u32) -> Write {
        let known = self.records.get(chance.index(self.records.len())).cloned();
        match (chance.below(100), known) {
            (0..=34, Some(record)) => Write::Single(self.next_version(chance, round, &record)),
            (35..=44, Some(record)) if !record.deleted => {
                Write::Single(Wish { text: None, ..self.next_version(chance, round, &record) })
            }
            (45..=64, record) => self.transaction(chance, round, record.filter(|record| !record.deleted)),
            (65..=84, _) => Write::Single(self.report(chance, round)),
            (85..=89, _) => {
                let id = format!("w{}-{round}-{}", self.number, self.made);
                Write::Single(Wish { id: Some(id), ..self.first_version(chance, round, PATIENT) })
            }
            _ => Write::Single(self.first_version(chance, round, PATIENT)),
        }
    }

    /// A Patient, Observations that refer to it, and perhaps a new version of another Patient.
    fn transaction(&mut self, chance: &Chance, round: u32, known: Option<Record>) -> Write {
        let mut wishes = Vec::new();
        for _ in 0..=chance.below(2) {
            wishes.push(self.first_version(chance, round, PATIENT));
            wishes.push(self.first_version(chance, round, OBSERVATION));
        }
        if let Some(record) = known {
            wishes.push(self.next_version(chance, round, &record));
        }
        Write::Transaction(wishes)
    }

    /// A draft, or what may become of a report.
    fn report(&mut self, chance: &Chance, round: u32) -> Wish {
        let known = self.reports.get(chance.index(self.reports.len())).cloned();
        let Some(known) = known.filter(|_| chance.below(4) > 0) else {
            let id = format!("r{}-{round}-{}", self.number, self.made);
            return Wish { id: Some(id), ..self.first_version(chance, round, REPORT) };
        };
        let by = match (known.by, chance.below(8)) {
            (_, 0) => By::Withdraw,
            (By::Write, 1 | 2) => By::Write,
            (By::Write, _) => By::Finalize,
            _ => By::Amend,
        };
        let anew = self.first_version(chance, round, REPORT);
        let kept = matches!(by, By::Finalize | By::Withdraw);
        let (tag, text) = if kept { (known.tag, Some(known.text)) } else { (anew.tag, anew.text) };
        let (id, version) = (Some(known.id), known.version + 1);
        Wish { kind: REPORT, id, version, replaces: Some(known.version), tag, text, by }
    }

    fn first_version(&mut self, chance: &Chance, round: u32, kind: &'static str) -> Wish {
        self.made += 1;
        let tag = format!("{round}-{}-{}", self.number, self.made);
        Wish { kind, id: None, version: 1, replaces: None, tag, text: Some(text(chance)), by: By::Write }
    }

    fn next_version(&mut self, chance: &Chance, round: u32, record: &Record) -> Wish {
        let (id, version) = (Some(record.id.clone()), record.version + 1);
        // A deleted record has no version that could be current.
        let replaces = (!record.deleted).then_some(record.version);
        Wish { id, version, replaces, ..self.first_version(chance, round, PATIENT) }
    }
}

/// A report that can become something else; none where it is withdrawn.
fn report(stored: &Stored) -> Option<Report> {
    let bytes = stored.bytes.as_deref().filter(|_| stored.by != By::Withdraw)?;
    let content: Value = serde_json::from_slice(bytes).ok()?;
    let text = content.pointer("/code/text")?.as_str()?.to_owned();
    let Stored { id, version, by, tag, .. } = stored.clone();
    Some(Report { id, version, by, tag, text })
}

/// Some text with letters of one and of three bytes.
fn text(chance: &Chance) -> String {
    let letters = ['a', 'k', '証', 'し', '"', '\\'];
    let length = chance.below(TEXT_CHARS_MAX) + 1;
    (0..length).filter_map(|_| letters.get(chance.index(letters.len()))).collect()
}
