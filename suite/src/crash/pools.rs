//! What a writer can go on with: its patients, those of them that are one person, and its reports.

use super::acts::{By, Standing, Who};
use super::chance::Chance;
use super::write::{REPORT, Stored, Union, Wish};
use serde_json::Value;

/// Records of a kind that a writer keeps in play; older ones are left alone.
const RECORDS_MAX: usize = 64;

/// The type of those who are merged.
pub(crate) const PATIENT: &str = "Patient";

/// The current state of a patient: that of the newest version.
#[derive(Clone, Debug)]
pub(crate) struct Record {
    pub(crate) id: String,
    pub(crate) version: u64,
    pub(crate) deleted: bool,
    tag: String,
    text: String,
}

impl Record {
    fn of(stored: &Stored) -> Self {
        let Stored { id, version, tag, .. } = stored.clone();
        Self { id, version, deleted: stored.bytes.is_none(), tag, text: text_of(stored, "/name/0/text") }
    }
}

/// A report as its newest version has it.
#[derive(Clone, Debug)]
struct Report {
    id: String,
    version: u64,
    tag: String,
    text: String,
    standing: Standing,
}

/// All that a writer can go on with.
#[derive(Debug, Default)]
pub(crate) struct Pools {
    records: Vec<Record>,
    /// Patients who are one person: who was merged away, and who stays. Nothing else is written to them.
    persons: Vec<(Record, Record)>,
    /// Reports that can still become something else.
    reports: Vec<Report>,
}

impl Pools {
    /// Takes note of versions that are in the journal.
    pub(crate) fn learn(&mut self, stored: &[Stored]) {
        // Only Patients are written again: an Observation would need to bring its Patient along.
        for one in stored.iter().filter(|one| one.kind == PATIENT) {
            self.records.retain(|record| record.id != one.id);
            self.persons.retain(|(source, target)| source.id != one.id && target.id != one.id);
            if one.by != By::Merge {
                self.records.push(Record::of(one));
            }
        }
        if let [source, target] = stored
            && source.by == By::Merge
        {
            self.persons.push((Record::of(source), Record::of(target)));
        }
        for one in stored.iter().filter(|one| one.kind == REPORT) {
            self.reports.retain(|report| report.id != one.id);
            self.reports.extend(report(one));
        }
        keep(&mut self.records);
        keep(&mut self.persons);
        keep(&mut self.reports);
    }

    /// One of the patients.
    pub(crate) fn record(&self, chance: &Chance) -> Option<Record> {
        self.records.get(chance.index(self.records.len())).cloned()
    }

    /// Two patients who become one person, or two again; none where there are no two.
    pub(crate) fn union(&self, chance: &Chance) -> Option<[Wish; 2]> {
        let person = self.persons.get(chance.index(self.persons.len()));
        let (by, (source, target)) = if let Some((source, target)) = person.filter(|_| chance.below(2) == 0) {
            (By::Unmerge, (source, target))
        } else {
            (By::Merge, self.two_patients(chance)?)
        };
        let who = [Who::Doctor, Who::Colleague].get(chance.index(2)).copied()?;
        let becomes = |record: &Record| (record.id.clone(), record.version + 1);
        let union = Box::new(Union { source: becomes(source), target: becomes(target) });
        Some([source, target].map(|record| Wish {
            kind: PATIENT,
            id: Some(record.id.clone()),
            version: record.version + 1,
            replaces: Some(record.version),
            tag: record.tag.clone(),
            text: Some(record.text.clone()),
            by,
            who,
            standing: None,
            union: Some(union.clone()),
        }))
    }

    /// Two patients who are not one person yet.
    fn two_patients(&self, chance: &Chance) -> Option<(&Record, &Record)> {
        let living: Vec<&Record> = self.records.iter().filter(|record| !record.deleted).collect();
        let (source, target) = (chance.index(living.len()), chance.index(living.len()));
        let both = living.get(source).zip(living.get(target)).filter(|_| source != target)?;
        Some((*both.0, *both.1))
    }

    /// What may become of a report; none where there is none, or a new one should be begun. `anew` brings identifier and
    /// text for a new content.
    pub(crate) fn report(&self, chance: &Chance, anew: &Wish) -> Option<Wish> {
        let known = self.reports.get(chance.index(self.reports.len())).filter(|_| chance.below(4) > 0)?;
        let act = next(&known.standing, chance);
        let (by, who, _) = act;
        let (tag, text) = if by.says_anew() {
            (anew.tag.clone(), anew.text.clone())
        } else {
            (known.tag.clone(), Some(known.text.clone()))
        };
        Some(Wish {
            kind: REPORT,
            id: Some(known.id.clone()),
            version: known.version + 1,
            replaces: Some(known.version),
            tag,
            text,
            by,
            who,
            standing: Some(Standing::after(Some(&known.standing), act)),
            union: None,
        })
    }
}

fn keep<T>(pool: &mut Vec<T>) {
    let surplus = pool.len().saturating_sub(RECORDS_MAX);
    pool.drain(..surplus);
}

/// An act that is lawful on a report, by somebody who may do it, and who is named with it.
fn next(now: &Standing, chance: &Chance) -> (By, Who, Option<Who>) {
    let settler =
        [Who::Tester, Who::Doctor, Who::Colleague].get(chance.index(3)).copied().unwrap_or(Who::Tester);
    match (now.is, now.entered, now.responsible) {
        ("draft", Some(enterer), Some(owner)) => match chance.below(10) {
            0 => (By::Withdraw, owner, None),
            1 | 2 => (By::Write, enterer, None),
            3 | 4 => (By::Return, owner, None),
            5 => (By::Assign, owner, Some(owner.other_doctor())),
            6 => (By::Assign, enterer, Some(owner.other_doctor())),
            _ => (By::Approve, owner, None),
        },
        ("draft", ..) => match chance.below(8) {
            0 => (By::Withdraw, settler, None),
            1 | 2 => (By::Write, Who::Tester, None),
            _ => (By::Finalize, settler, None),
        },
        _ => match (chance.below(8), now.cosigner()) {
            (0, _) => (By::Withdraw, settler, None),
            (1..=4, Some(cosigner)) => (By::Cosign, cosigner, None),
            _ => (By::Amend, settler, None),
        },
    }
}

/// A report that can become something else; none where it is withdrawn.
fn report(stored: &Stored) -> Option<Report> {
    let standing = stored.standing.clone().filter(|standing| standing.is != "withdrawn")?;
    let Stored { id, version, tag, .. } = stored.clone();
    Some(Report { id, version, tag, text: text_of(stored, "/code/text"), standing })
}

fn text_of(stored: &Stored, place: &str) -> String {
    let content: Value =
        serde_json::from_slice(stored.bytes.as_deref().unwrap_or_default()).unwrap_or_default();
    content.pointer(place).and_then(Value::as_str).unwrap_or_default().to_owned()
}
