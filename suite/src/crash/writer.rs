//! A client that writes until the server is gone, on records that no other client touches.

use super::acts::{By, Standing, Who};
use super::chance::Chance;
use super::check::{self, Fate};
use super::ledger::Ledger;
use super::people::Tokens;
use super::pools::{PATIENT, Pools, Record};
use super::write::{REPORT, Stored, Wish, Write};
use crate::client::{Ask, Client};
use std::path::Path;
use std::sync::Arc;
use std::sync::atomic::{AtomicBool, Ordering};

/// Longest text put into a resource, in characters.
const TEXT_CHARS_MAX: u64 = 3_000;

const OBSERVATION: &str = "Observation";

/// A writer and what it knows.
#[derive(Debug)]
pub(crate) struct Writer {
    number: u32,
    made: u64,
    ledger: Ledger,
    pools: Pools,
}

/// A write of which the client does not know what became of it, or not all of it.
#[derive(Debug)]
pub(crate) struct InFlight {
    /// The write.
    pub(crate) write: Write,
    /// Whether it was acknowledged, and only its content was still to be read.
    pub(crate) acknowledged: bool,
}

/// What a writer brings home from one round.
#[derive(Debug, Default)]
pub(crate) struct Haul {
    /// What was acknowledged, in order.
    pub(crate) acknowledged: Vec<Stored>,
    /// The write that was under way when the connection broke.
    pub(crate) in_flight: Option<InFlight>,
    /// What should not have happened.
    pub(crate) violations: Vec<String>,
}

/// How a write ended, where it did not end well.
enum Failed {
    /// The connection broke.
    Broken { acknowledged: bool, error: String },
    /// It was refused, or is not there as it should be.
    Wrong(String),
}

impl Writer {
    /// The writer of this number, with its ledger in this folder.
    pub(crate) fn new(number: u32, folder: &Path) -> Result<Self, String> {
        let ledger = Ledger::open(&folder.join(format!("acknowledged-{number}.ndjson")))?;
        Ok(Self { number, made: 0, ledger, pools: Pools::default() })
    }

    /// Writes until the connection breaks. Before `killed` is set it must not.
    pub(crate) async fn run(
        &mut self,
        (mut client, tokens): (Client, Tokens),
        (seed, round): (u64, u32),
        killed: Arc<AtomicBool>,
    ) -> Result<Haul, String> {
        let chance = Chance::new(seed, round, self.number);
        let mut haul = Haul::default();
        loop {
            let write = self.choose(&chance, round);
            match perform(&mut client, &tokens, &write).await {
                Ok(stored) => {
                    self.ledger.note(round, &stored)?;
                    self.learn(&stored);
                    haul.acknowledged.extend(stored);
                }
                Err(Failed::Broken { acknowledged, error }) => {
                    if !killed.load(Ordering::SeqCst) {
                        haul.violations
                            .push(format!("the connection broke although the server ran: {error}"));
                    }
                    haul.in_flight = Some(InFlight { write, acknowledged });
                    return Ok(haul);
                }
                Err(Failed::Wrong(what)) => {
                    haul.violations.push(format!("{what}: {write:?}"));
                    return Ok(haul);
                }
            }
        }
    }

    /// Takes note of versions that are in the journal.
    pub(crate) fn learn(&mut self, stored: &[Stored]) {
        self.pools.learn(stored);
    }

    /// The next write.
    fn choose(&mut self, chance: &Chance, round: u32) -> Write {
        let known = self.pools.record(chance);
        match (chance.below(100), known) {
            (0..=27, Some(record)) => Write::Single(self.next_version(chance, round, &record)),
            (28..=35, Some(record)) if !record.deleted => {
                Write::Single(Wish { text: None, ..self.next_version(chance, round, &record) })
            }
            (36..=49, record) => self.transaction(chance, round, record.filter(|record| !record.deleted)),
            (50..=81, _) => self.report(chance, round),
            (82..=90, _) => match self.pools.union(chance) {
                Some(union) => Write::Union(Box::new(union)),
                None => Write::Single(self.first_version(chance, round, PATIENT)),
            },
            (91..=94, _) => {
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

    /// What may become of a report, or the first version of one or several.
    fn report(&mut self, chance: &Chance, round: u32) -> Write {
        let anew = self.first_version(chance, round, REPORT);
        if let Some(wish) = self.pools.report(chance, &anew) {
            return Write::Single(wish);
        }
        let doctor = [Who::Doctor, Who::Colleague].get(chance.index(2)).copied();
        match chance.below(8) {
            0..=2 => Write::Single(self.draft(anew, round, (By::Write, Who::Tester, None))),
            3..=6 => Write::Single(self.draft(anew, round, (By::Enter, Who::Clerk, doctor))),
            _ => {
                let another = self.first_version(chance, round, REPORT);
                let both = [anew, another];
                Write::Transaction(
                    both.map(|one| self.draft(one, round, (By::Enter, Who::Clerk, doctor))).into(),
                )
            }
        }
    }

    fn draft(&mut self, wish: Wish, round: u32, act: (By, Who, Option<Who>)) -> Wish {
        self.made += 1;
        let id = format!("r{}-{round}-{}", self.number, self.made);
        let (by, who, _) = act;
        Wish { id: Some(id), by, who, standing: Some(Standing::after(None, act)), ..wish }
    }

    fn first_version(&mut self, chance: &Chance, round: u32, kind: &'static str) -> Wish {
        self.made += 1;
        let tag = format!("{round}-{}-{}", self.number, self.made);
        Wish {
            kind,
            id: None,
            version: 1,
            replaces: None,
            tag,
            text: Some(text(chance)),
            by: By::Write,
            who: Who::Tester,
            standing: None,
            union: None,
        }
    }

    fn next_version(&mut self, chance: &Chance, round: u32, record: &Record) -> Wish {
        let (id, version) = (Some(record.id.clone()), record.version + 1);
        // A deleted record has no version that could be current.
        let replaces = (!record.deleted).then_some(record.version);
        Wish { id, version, replaces, ..self.first_version(chance, round, PATIENT) }
    }
}

/// Asks for a write as who is to do it, and gives all that is stored by it.
async fn perform(client: &mut Client, tokens: &Tokens, write: &Write) -> Result<Vec<Stored>, Failed> {
    let broken = |acknowledged| move |error| Failed::Broken { acknowledged, error };
    let ask = Ask { bearer: tokens.get(&write.who()).cloned(), ..write.ask() };
    let answer = client.send(&ask).await.map_err(broken(false))?;
    let told = write.acknowledged(&answer);
    let told = told.map_err(|refusal| Failed::Wrong(format!("a good write was refused: {refusal}")))?;
    if let Some(stored) = told {
        return Ok(stored);
    }
    match check::fate(client, write).await.map_err(broken(true))? {
        Fate::Whole(stored) => Ok(stored),
        Fate::Absent => Err(Failed::Wrong("what was just acknowledged is not there".to_owned())),
        Fate::Broken(what) => {
            Err(Failed::Wrong(format!("what was just acknowledged is there in part: {what}")))
        }
    }
}

/// Some text with letters of one and of three bytes.
fn text(chance: &Chance) -> String {
    let letters = ['a', 'k', '証', 'し', '"', '\\'];
    let length = chance.below(TEXT_CHARS_MAX) + 1;
    (0..length).filter_map(|_| letters.get(chance.index(letters.len()))).collect()
}
