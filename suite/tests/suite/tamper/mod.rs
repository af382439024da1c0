//! Tampering with what lies on the disk: it is found, or it changes nothing that anybody can read.

mod bytes;
mod files;
mod journal;
mod logs;
mod views;
mod wal;

use crate::material::{born, observation};
use base::{Language, Problem, RecordKey, VersionNumber};
use records::SearchIndex;
use std::fs;
use std::path::Path;
use store::{HistoryOf, Matching, Snapshot, Store, TermMatch, TimeRange, VerifyOptions, verify_data};
use tempfile::TempDir;
use testkit::{Clinic, Plan, damage};

/// A closed clinic with a few records, and all that can be read of it.
pub(crate) struct Scene {
    pub(crate) clinic: Clinic,
    pub(crate) answers: Vec<String>,
    /// The newest checkpoint, as somebody outside may keep it.
    pub(crate) kept: String,
}

/// Entries of the journal of [`Scene::small`], one commit each.
pub(crate) const ENTRIES: u64 = 9;

impl Scene {
    /// Position 0 opens the journal; 1, 2, 3 create p1, p2, p3; 4 updates p1; 5 deletes p2; 6 creates o1, which refers
    /// to p1; 7 creates p2 again; 8 updates p3.
    pub(crate) fn small() -> Self {
        let clinic = Clinic::with(Plan::default());
        let client = clinic.client();
        let patient = |id: &str, date: &str| {
            born(id, date).replace('}', &format!(r#","identifier":[{{"system":"urn:x","value":"{id}"}}]}}"#))
        };
        for (id, date) in [("p1", "1950"), ("p2", "1950"), ("p3", "1950"), ("p1", "1951")] {
            client.put(&format!("Patient/{id}"), patient(id, date));
        }
        client.delete("Patient/p2").expect(204);
        client
            .put("Observation/o1", observation(r#""id":"o1","subject":{"reference":"Patient/p1"}"#))
            .expect(201);
        client.put("Patient/p2", patient("p2", "1952")).expect(201);
        client.put("Patient/p3", patient("p3", "1953")).expect(200);
        Self::over(clinic)
    }

    /// Closes a clinic and notes what can be read of it.
    pub(crate) fn over(mut clinic: Clinic) -> Self {
        clinic.close();
        clinic.verify().unwrap();
        let copy = damage::copied(clinic.data());
        let answers = answers(&clinic, copy.path()).unwrap();
        let kept = answers.last().unwrap().clone();
        Self { clinic, answers, kept }
    }

    /// A copy of the data directory to be damaged.
    pub(crate) fn copy(&self) -> TempDir {
        damage::copied(self.clinic.data())
    }

    /// The database in a copy.
    pub(crate) fn database(&self, copy: &Path) -> std::path::PathBuf {
        store::folder(copy, self.clinic.facility()).join("journal.db")
    }

    /// What `akashi verify --data` says of a copy.
    pub(crate) fn verify(&self, copy: &Path, since: Option<&str>) -> Result<(), String> {
        let options = VerifyOptions { since, progress: &|_, _| () };
        verify_data(copy, self.clinic.facility(), self.clinic.master(), &SearchIndex, &options)
            .map(|_| ())
            .map_err(|problem| format!("{} {}", problem.code().id, problem.text(Language::English)))
    }

    /// That damage is found, or changes no answer. With `since`, verification is given the kept checkpoint.
    pub(crate) fn found_or_harmless(&self, copy: &Path, since: Option<&str>) -> Result<(), String> {
        if self.verify(copy, since).is_err() {
            return Ok(());
        }
        match answers(&self.clinic, copy) {
            Ok(found) if found == self.answers => Ok(()),
            Ok(found) => Err(first_difference(&self.answers, &found)),
            Err(problem) => Err(format!("verified, but cannot be read: {problem}")),
        }
    }
}

fn first_difference(before: &[String], after: &[String]) -> String {
    let different = before.iter().zip(after).find(|(before, after)| before != after);
    match different {
        Some((before, after)) => format!("verified, but `{before}` became `{after}`"),
        None => format!("verified, but {} answers became {}", before.len(), after.len()),
    }
}

/// Everything that can be read: records, versions, histories, searches, proofs; at the end the newest checkpoint.
fn answers(clinic: &Clinic, data: &Path) -> Result<Vec<String>, Problem> {
    let store = Store::open(data, clinic.facility(), clinic.master(), clinic.world())?;
    let mut all = store.read(readings)?;
    for key in keys() {
        for version in [None, VersionNumber::new(1), VersionNumber::new(2), VersionNumber::new(3)] {
            let proof = store.proof(&key, version)?;
            all.push(format!("{key} {version:?} {proof:?}"));
        }
    }
    all.push(format!("size {}", store.size()));
    let checkpoint = store.log_file("checkpoint")?.unwrap().bytes;
    all.push(String::from_utf8(checkpoint).unwrap());
    Ok(all)
}

fn keys() -> Vec<RecordKey> {
    ["Patient/p1", "Patient/p2", "Patient/p3", "Observation/o1", "Patient/nobody"]
        .map(|text| RecordKey::parse(text).unwrap())
        .to_vec()
}

fn readings(snapshot: &Snapshot<'_>) -> Result<Vec<String>, Problem> {
    let always = TimeRange { from: None, until: None };
    let mut all = Vec::new();
    for key in keys() {
        all.push(format!("{key} {:?}", snapshot.current(&key)?));
        for version in 1..=4 {
            let found = snapshot.version(&key, VersionNumber::new(version).unwrap())?;
            all.push(format!("{key} {version} {found:?}"));
        }
        let history = snapshot.history(HistoryOf::Record(&key), None, always, 100)?;
        all.push(format!("history of {key} {history:?}"));
    }
    for kind in ["Patient", "Observation"] {
        all.push(format!(
            "history of {kind} {:?}",
            snapshot.history(HistoryOf::Kind(kind), None, always, 100)?
        ));
        all.push(format!("all {kind} {:?}", snapshot.search(kind, &[], 0, 100)?));
    }
    all.push(format!("history {:?}", snapshot.history(HistoryOf::Facility, None, always, 100)?));
    all.push(format!("export {:?}", snapshot.all(0, 100)?));
    for (kind, name, value) in [
        ("Patient", "identifier", "urn:x|p1"),
        ("Patient", "identifier", "p2"),
        ("Patient", "identifier", "urn:x|"),
        ("Observation", "patient", "p1"),
        ("Observation", "subject", "Patient/p1"),
        ("Patient", "_id", "p1,p2,p3"),
        ("Patient", "_lastUpdated", "2026-04-01"),
    ] {
        let found = snapshot.search(kind, &[matching(kind, name, value)?], 0, 100)?;
        all.push(format!("{kind}?{name}={value} {found:?}"));
    }
    Ok(all)
}

fn matching(kind: &str, name: &str, value: &str) -> Result<Matching, Problem> {
    let kind = fhir::definitions::resource_kind(kind).unwrap();
    Ok(match fhir::search::filter(kind, name, value, "https://h/f/sakura/fhir")? {
        fhir::Filter::Ids(ids) => Matching::Ids(ids),
        fhir::Filter::Updated(ranges) => Matching::Updated(
            ranges.into_iter().map(|range| TimeRange { from: range.from, until: range.until }).collect(),
        ),
        fhir::Filter::Terms { param, any } => {
            let any = any.into_iter().map(|one| match one {
                fhir::TermMatch::Exact(value) => TermMatch::Exact(value),
                fhir::TermMatch::Prefix(value) => TermMatch::Prefix(value),
            });
            Matching::Terms { param, any: any.collect() }
        }
    })
}

/// Files that SQLite leaves beside a database are taken away, and the database is put back.
fn restore(database: &Path, bytes: &[u8]) {
    fs::write(database, bytes).unwrap();
    for ending in ["db-wal", "db-shm"] {
        let file = database.with_extension(ending);
        if file.exists() {
            fs::remove_file(file).unwrap();
        }
    }
}
