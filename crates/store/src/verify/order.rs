//! The rules over the sequence of entries (formats, sections 1 and 15): time never decreases, versions have no gaps, and
//! states follow from those before.

use super::lineage::{Lineage, Succeeded};
use crate::actor::{Actor, ActorKind};
use crate::entry::{Entry, EntryKind, Step};
use crate::state::{self, Before, Held, Said};
use base::Time;
use foldhash::SharedSeed;
use foldhash::quality::SeedableRandomState;
use merkle::note::VerifierKey;
use std::collections::HashMap;
use std::hash::{BuildHasher, Hash, RandomState};

/// Two seeded 64-bit hashes. They stand for a record's name at a tenth of the memory, and nobody can aim at a
/// collision without knowing the seeds, which are random, new for every run, and never leave it.
#[derive(Clone, Debug)]
pub(crate) struct Fingerprints(SeedableRandomState, SeedableRandomState);

impl Default for Fingerprints {
    fn default() -> Self {
        // The keys of the standard library's hasher are random; hashing with them makes seeds of them.
        let seeded = |part: u64| {
            let seed = RandomState::new().hash_one(part);
            SeedableRandomState::with_seed(seed, SharedSeed::global_random())
        };
        Self(seeded(1), seeded(2))
    }
}

/// 128 bits in place of a value.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq, Hash)]
pub(crate) struct Fingerprint(u64, u64);

impl Fingerprints {
    pub(crate) fn of(&self, value: impl Hash) -> Fingerprint {
        Fingerprint(self.0.hash_one(&value), self.1.hash_one(&value))
    }
}

impl Fingerprint {
    /// Adds another value's fingerprint: sums of two collections agree when the collections do, in any order.
    pub(crate) fn add(&mut self, other: Self) {
        self.0 = self.0.wrapping_add(other.0);
        self.1 = self.1.wrapping_add(other.1);
    }
}

/// What the rules look at in an entry.
#[derive(Clone, Debug)]
pub(crate) struct Summary {
    pub(crate) time: Time,
    pub(crate) kind: EntryKind,
    pub(crate) version: u64,
    pub(crate) record: Fingerprint,
    actor: Fingerprint,
    state: Option<Said<Fingerprint>>,
    /// The record that is created directly after, to tell the reason.
    told: Option<Fingerprint>,
    /// The key that signed until here, and that which signs from here on.
    keys: Option<Box<(VerifierKey, VerifierKey)>>,
}

impl Summary {
    pub(crate) fn of(entry: &Entry<'_>, facility: &str, fingerprints: &Fingerprints) -> Result<Self, String> {
        let subject = &entry.subject;
        if entry.kind.step().is_none() && (subject.kind != "Facility" || subject.id != facility) {
            return Err(match entry.kind {
                EntryKind::Access => "the access is about another facility".to_owned(),
                EntryKind::JournalSuccession => "the succession is about another facility".to_owned(),
                _ => "the journal was not opened for this facility".to_owned(),
            });
        }
        let provenance = entry.state.as_ref().and_then(|state| state.provenance.as_ref());
        Ok(Self {
            time: entry.moment()?,
            kind: entry.kind,
            version: entry.subject.version.unwrap_or(0),
            record: fingerprints.of((&entry.subject.kind, &entry.subject.id)),
            actor: fingerprints.of(&entry.actor.id),
            state: entry.state.as_ref().map(|state| said(state, &entry.actor, fingerprints)),
            keys: entry.succession.as_ref().map(crate::entry::Succession::keys).transpose()?.map(Box::new),
            told: provenance.map(|id| fingerprints.of(("Provenance", id))),
        })
    }
}

fn said(state: &crate::State, actor: &Actor, fingerprints: &Fingerprints) -> Said<Fingerprint> {
    let account = |id: &Option<String>| id.as_ref().map(|id| fingerprints.of(id));
    let (responsible, entered) = (account(&state.responsible), account(&state.entered));
    let cosigned = state.cosigned.iter().map(|id| fingerprints.of(id)).collect();
    let held = Held { is: state.is, responsible, entered, cosigned };
    let by_system = actor.kind == ActorKind::System;
    Said { act: state.act, held, told: state.provenance.is_some(), by_system }
}

/// What is known of the records so far.
#[derive(Debug)]
pub(crate) struct Order {
    next: u64,
    time: Time,
    records: HashMap<Fingerprint, Last>,
    /// Of the records that have a state, what their newest version says.
    states: HashMap<Fingerprint, Held<Fingerprint>>,
    /// The record that must be created next.
    due: Option<Fingerprint>,
    /// The keys that the journal names; none where it has had one key only.
    lineage: Option<Lineage>,
}

/// The newest version seen of a record.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Hash)]
pub(crate) struct Last {
    pub(crate) version: u64,
    pub(crate) position: u64,
    pub(crate) deleted: bool,
}

impl Order {
    /// At the beginning of a journal.
    pub(crate) fn new() -> Self {
        Self {
            next: 0,
            time: Time::from_microseconds(0),
            records: HashMap::new(),
            states: HashMap::new(),
            due: None,
            lineage: None,
        }
    }

    /// Takes the next entry. The error says which rule it breaks.
    pub(crate) fn take(&mut self, entry: &Summary) -> Result<(), String> {
        let position = self.next;
        self.next = position.saturating_add(1);
        if entry.time < self.time {
            return Err("the time is earlier than that of the entry before".to_owned());
        }
        self.time = entry.time;
        if (entry.kind == EntryKind::JournalOpen) != (position == 0) {
            return Err("the first entry, and no other, opens the journal".to_owned());
        }
        if let Some(due) = self.due.take()
            && (entry.record != due || entry.version != 1)
        {
            return Err("the Provenance of the entry before does not follow it".to_owned());
        }
        if let Some(keys) = &entry.keys {
            let (from, to) = (**keys).clone();
            let lineage = self.lineage.get_or_insert_with(|| Lineage::of(from.clone()));
            lineage.push(Succeeded { position, from, to })?;
        }
        match entry.kind.step() {
            Some(step) => self.take_version(entry, step, position),
            None => Ok(()),
        }
    }

    /// All keys of the journal, of which `last` is the one that signs now, or the one that signed the last succession.
    /// The error says that the journal names others.
    pub(crate) fn lineage(&self, last: &VerifierKey) -> Result<Lineage, String> {
        let Some(lineage) = &self.lineage else { return Ok(Lineage::of(last.clone())) };
        let closed = lineage
            .successions()
            .last()
            .is_some_and(|one| one.from == *last && one.position.saturating_add(1) == self.next);
        if lineage.last() == last || closed {
            return Ok(lineage.clone());
        }
        Err("the journal names another key as the one that signs".to_owned())
    }

    /// What can only be said at the end: a log ends at a checkpoint, and a checkpoint covers whole batches.
    pub(crate) fn finish(&self) -> Result<(), String> {
        match self.due {
            Some(_) => Err("the Provenance of the last entry is missing".to_owned()),
            None => Ok(()),
        }
    }

    fn take_version(&mut self, entry: &Summary, step: Step, position: u64) -> Result<(), String> {
        let before = self.records.get(&entry.record).copied();
        let expected = before.map_or(1, |before| before.version.saturating_add(1));
        if entry.version != expected {
            return Err(format!("version {} where version {expected} comes next", entry.version));
        }
        let alive = before.is_some_and(|before| !before.deleted);
        if alive == (step == Step::Create) {
            return Err("the kind does not fit the version before".to_owned());
        }
        self.take_state(entry, step, alive)?;
        let deleted = step == Step::Delete;
        self.records.insert(entry.record, Last { version: entry.version, position, deleted });
        Ok(())
    }

    fn take_state(&mut self, entry: &Summary, step: Step, alive: bool) -> Result<(), String> {
        let before = match self.states.get(&entry.record) {
            _ if !alive => Before::Nothing,
            None => Before::Unmarked,
            Some(held) => Before::Held(held.clone()),
        };
        state::lawful(&before, step, entry.state.as_ref(), &entry.actor)?;
        match &entry.state {
            Some(said) => drop(self.states.insert(entry.record, said.held.clone())),
            None => drop(self.states.remove(&entry.record)),
        }
        self.due = entry.told;
        Ok(())
    }

    /// The time of the entry taken last.
    pub(crate) fn time(&self) -> Time {
        self.time
    }

    /// The sum over the newest versions of all records: equal to that of the `record` view when both agree.
    pub(crate) fn newest(&self, fingerprints: &Fingerprints) -> Fingerprint {
        let mut sum = Fingerprint::default();
        #[expect(clippy::iter_over_hash_type, reason = "a sum is the same in any order")]
        for (record, last) in &self.records {
            sum.add(fingerprints.of((record, last)));
        }
        sum
    }
}
