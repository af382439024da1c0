//! The entries of a facility's journal, told apart: tests say how many of them are about records, whatever else was asked.

use crate::keyhole::open_database;
use base::FacilityId;
use seal::MasterKey;
use std::path::Path;
use store::{Entry, EntryKind};

/// All entries of a journal at one moment, by position.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Journal(Vec<Vec<u8>>);

impl Journal {
    /// Reads it, whether or not a server has it open.
    pub fn read(data: &Path, facility: &FacilityId, master: &MasterKey) -> Self {
        let database = open_database(data, facility, master);
        let mut bodies = database.prepare("SELECT body FROM entry ORDER BY position").unwrap();
        Self(bodies.query_map([], |row| row.get(0)).unwrap().map(Result::unwrap).collect())
    }

    /// How many entries there are.
    pub fn size(&self) -> usize {
        self.0.len()
    }

    /// The entries as they stand, byte for byte.
    pub fn bodies(&self) -> &[Vec<u8>] {
        &self.0
    }

    /// Whether it begins with all entries of another, byte for byte.
    pub fn continues(&self, other: &Self) -> bool {
        self.0.starts_with(&other.0)
    }

    /// How many versions of records were written.
    pub fn records(&self) -> usize {
        let of_records = [EntryKind::RecordCreate, EntryKind::RecordUpdate, EntryKind::RecordDelete];
        self.count(|entry| of_records.contains(&entry.kind))
    }

    /// How many entries are of something that was written: records, and who may come in.
    pub fn changes(&self) -> usize {
        self.size() - self.accesses()
    }

    /// How many requests there were: one entry each, and one for each part of a batch.
    pub fn accesses(&self) -> usize {
        self.count(|entry| entry.kind == EntryKind::Access)
    }

    /// The entries, in their order.
    pub fn entries(&self) -> impl Iterator<Item = Entry<'_>> {
        self.0.iter().map(|body| Entry::parse(body).unwrap())
    }

    /// Where a version of a record stands: `Patient/42` and its number.
    pub fn position(&self, record: &str, version: u64) -> Option<usize> {
        self.0.iter().position(|body| {
            let subject = Entry::parse(body).unwrap().subject;
            format!("{}/{}", subject.kind, subject.id) == record && subject.version == Some(version)
        })
    }

    fn count(&self, wanted: impl Fn(&Entry<'_>) -> bool) -> usize {
        self.0.iter().filter(|body| wanted(&Entry::parse(body).unwrap())).count()
    }
}
