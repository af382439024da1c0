//! Tampering with what lies on the disk: it is found, or it changes nothing that anybody can read.

mod bytes;
mod files;
mod identities;
mod journal;
mod logs;
mod views;
mod wal;

use crate::material::{born, observation};
use access::{Access, Action, AuditPermit, Context, Law, Permit, Resource, Who};
use base::{Language, Problem, RecordKey, Time, VersionNumber};
use fhir::search::Asking;
use records::{SearchIndex, matching};
use serde_json::json;
use std::fs;
use std::path::Path;
use std::sync::LazyLock;
use store::{
    AccessFilter, Found, HistoryOf, Inside, Links, Newest, Sealed, Search, Step, Store, TimeRange,
    VerifyOptions, verify_data,
};
use tempfile::TempDir;
use testkit::{Clinic, Plan, console, damage};

/// A closed clinic with a few records, and all that can be read of it.
pub(crate) struct Scene {
    pub(crate) clinic: Clinic,
    pub(crate) answers: Vec<String>,
    /// The newest checkpoint, as somebody outside may keep it.
    pub(crate) kept: String,
}

/// Entries of [`Scene::small`] before those of its records, one commit each.
const BEFORE_RECORDS: u64 = Clinic::ENTRIES_AT_START + 4;

/// Entries of a commit of [`Scene::small`] that writes a record: that of the record, and that of the request.
const EACH: u64 = 2;

/// Entries of the journal of [`Scene::small`].
pub(crate) const ENTRIES: u64 = BEFORE_RECORDS + 8 * EACH;

/// Whether a commit of [`Scene::small`] ends with this size.
pub(crate) fn ends_a_commit(size: u64) -> bool {
    size <= BEFORE_RECORDS || (size - BEFORE_RECORDS).is_multiple_of(EACH)
}

/// Where the identities of [`Scene::small`] stand.
const IDENTITIES: [(&str, u64); 7] = [
    ("@policy", 1),
    ("@tester", 2),
    ("@key", 3),
    ("@keeper", Clinic::ENTRIES_AT_START),
    ("@spare", Clinic::ENTRIES_AT_START + 1),
    ("@removal", Clinic::ENTRIES_AT_START + 2),
    ("@disabling", Clinic::ENTRIES_AT_START + 3),
];

/// A text with positions of [`Scene::small`] put in: `@1` is that of its first record, `@by1` that of the request that
/// wrote it, `@key` that of the tester's key.
pub(crate) fn placed(text: &str) -> String {
    let records = (1..=9).flat_map(|number| {
        let position = BEFORE_RECORDS + (number - 1) * EACH;
        [(format!("@{number}"), position), (format!("@by{number}"), position + 1)]
    });
    let identities = IDENTITIES.map(|(name, position)| (name.to_owned(), position));
    records
        .chain(identities)
        .fold(text.to_owned(), |text, (name, position)| text.replace(&name, &position.to_string()))
}

impl Scene {
    /// Position 0 opens the journal; `@policy`, `@tester` and `@key` let the tester in; `@keeper` creates a second
    /// account, `@spare` gives it a key, `@removal` takes the key away, `@disabling` disables the account; `@1`, `@2`,
    /// `@3` create p1, p2, p3; `@4` updates p1; `@5` deletes p2; `@6` creates o1, which refers to p1; `@7` creates p2
    /// again; `@8` updates p3. What a console does leaves no entry of a request, what a client does leaves one each.
    pub(crate) fn small() -> Self {
        let clinic = Clinic::with(Plan::default());
        let client = clinic.client();
        let command = |command: serde_json::Value| clinic.command(&command).unwrap();
        command(
            json!({"command": "account-create", "account": "keeper", "kind": "service", "name": "keeper"}),
        );
        let spare = command(json!({"command": "account-key", "account": "keeper"}))["factor"].take();
        command(json!({"command": "factor-remove", "account": "keeper", "factor": spare}));
        command(json!({"command": "account-disable", "account": "keeper", "reason": "left"}));
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

/// Everything that can be read: records, versions, histories, searches, proofs, who did what; at the end the newest
/// checkpoint. Whoever looks here sees everything.
fn answers(clinic: &Clinic, data: &Path) -> Result<Vec<String>, Problem> {
    let store = Store::open(data, clinic.facility(), clinic.master(), clinic.world())?;
    let ticket = store.ticket(console(), Access { v: 1, ..Access::default() })?;
    let mut all = store.read_newest(&ticket, readings)?;
    all.extend(store.inspect(identities)?);
    for key in keys() {
        for version in [None, VersionNumber::new(1), VersionNumber::new(2), VersionNumber::new(3)] {
            let proof = store.proof(&ticket, &permit(Action::PROOF, &key), version)?;
            all.push(format!("{key} {version:?} {proof:?}"));
        }
    }
    all.push(format!("size {}", store.size()));
    let checkpoint = store.log_file(&ticket, "checkpoint")?.unwrap().bytes;
    all.push(String::from_utf8(checkpoint).unwrap());
    Ok(all)
}

/// What the facility adds to the law in these tests: that whoever is at the server sees proofs too.
const EVERYTHING: &str =
    r#"permit (principal, action == Action::"proof", resource) when { principal.kind == "system" };"#;

fn law() -> &'static Law {
    static LAW: LazyLock<Law> = LazyLock::new(|| Law::with(EVERYTHING).unwrap());
    &LAW
}

fn who() -> Who {
    Who::system("sakura", "console")
}

fn permit(action: Action, key: &RecordKey) -> Permit {
    law().permit(&who(), action, key, &Resource::of_kind(&key.kind), &Context::default()).unwrap()
}

/// To read who did what.
fn audit() -> AuditPermit {
    law().audit(&who(), &Context::default()).unwrap()
}

/// A content, out of its seal.
fn opened(key: &RecordKey, content: Sealed) -> Result<String, Problem> {
    Ok(String::from_utf8_lossy(&content.open(&permit(Action::EXPORT, key))?).into_owned())
}

/// A version with its content.
fn shown(key: &RecordKey, found: &Found) -> Result<String, Problem> {
    let content = found.content.clone().map(|content| opened(key, content)).transpose()?;
    Ok(format!("{found:?} {content:?}"))
}

/// Versions with their contents.
fn told(steps: Vec<Step>) -> Result<Vec<String>, Problem> {
    let one = |step: Step| Ok(format!("{} {} {}", step.key, step.record, shown(&step.key, &step.found)?));
    steps.into_iter().map(one).collect()
}

/// What says who may come in.
fn identities(inside: &Inside<'_>) -> Result<Vec<String>, Problem> {
    let of = |kind: &&str| Ok(format!("{kind} {:?}", inside.identities(kind)?));
    IDENTITY_KINDS.iter().map(of).collect()
}

const IDENTITY_KINDS: [&str; 3] = ["AkashiPolicy", "AkashiAccount", "AkashiFactor"];

fn keys() -> Vec<RecordKey> {
    ["Patient/p1", "Patient/p2", "Patient/p3", "Observation/o1", "Patient/nobody"]
        .map(|text| RecordKey::parse(text).unwrap())
        .to_vec()
}

fn readings(snapshot: &Newest<'_>) -> Result<Vec<String>, Problem> {
    let always = TimeRange { from: None, until: None };
    let history = |of: HistoryOf<'_>| told(snapshot.history(of, None, always, 100)?);
    let mut all = Vec::new();
    for key in keys() {
        let current = snapshot.current(&key)?.map(|found| shown(&key, &found)).transpose()?;
        all.push(format!("{key} {current:?}"));
        for version in 1..=4 {
            let found = snapshot.version(&key, VersionNumber::new(version).unwrap())?;
            let found = found.map(|found| shown(&key, &found)).transpose()?;
            all.push(format!("{key} {version} {found:?}"));
        }
        all.push(format!("history of {key} {:?}", history(HistoryOf::Record(&key))?));
    }
    for kind in ["Patient", "Observation"].into_iter().chain(IDENTITY_KINDS) {
        all.push(format!("history of {kind} {:?}", history(HistoryOf::Kind(kind))?));
    }
    all.push(format!("history {:?}", history(HistoryOf::Facility)?));
    all.push(format!("export {:?}", told(snapshot.all(0, 100)?)?));
    for patient in [None, Some("p1")] {
        let filter = AccessFilter { patient, ..AccessFilter::default() };
        let accesses = snapshot.accesses(&audit(), &filter, 100)?;
        all.push(format!("accesses to {patient:?} {accesses:?}"));
    }
    for (kind, name, value) in [
        ("Patient", "identifier", "urn:x|p1"),
        ("Patient", "identifier", "p2"),
        ("Patient", "identifier", "urn:x|"),
        ("Observation", "patient", "p1"),
        ("Observation", "subject", "Patient/p1"),
        ("Patient", "_id", "p1,p2,p3"),
        ("Patient", "_lastUpdated", "2026-04-01"),
        ("Patient", "_lastUpdated", "gt2020"),
        ("Patient", "_sort", "birthdate"),
        ("Patient", "_sort", "-_lastUpdated"),
        ("Patient", "birthdate", "gt1900"),
        ("Patient", "birthdate:missing", "true"),
        ("Patient", "_has:Observation:patient:status", "preliminary"),
        ("Observation", "subject:Patient.birthdate", "gt1900"),
        ("Observation", "status:not", "draft"),
    ] {
        all.push(format!("{kind}?{name}={value} {:?}", search(snapshot, kind, name, value)?));
    }
    Ok(all)
}

const BASE: &str = "https://h/f/sakura/fhir";

/// References as they are written for [`BASE`].
struct Addresses;

impl Links for Addresses {
    fn to(&self, key: &RecordKey) -> Vec<Vec<u8>> {
        fhir::search::references_to(&key.kind, key.id.as_str(), BASE)
    }

    fn from(&self, value: &[u8]) -> Option<RecordKey> {
        let (kind, id) = fhir::search::referenced(value, BASE)?;
        Some(RecordKey::new(kind.as_str(), id))
    }
}

/// What a search shows: records and their contents, in order.
fn search(
    snapshot: &Newest<'_>,
    kind: &str,
    name: &str,
    value: &str,
) -> Result<Vec<(RecordKey, String)>, Problem> {
    let known = fhir::definitions::resource_kind(kind).unwrap();
    let asking = Asking { base_url: BASE, now: Time::from_microseconds(0), lenient: false };
    let query = fhir::search::query(known, &[(name.to_owned(), value.to_owned())], &asking)?;
    let (all, sort) = (matching::all(query.all), matching::order(query.sort));
    let search = Search {
        kinds: &[kind],
        all: &all,
        sort: &sort,
        links: &Addresses,
        judge: None,
        after: None,
        count: 100,
    };
    let hits = snapshot.search(&search)?.hits.into_iter();
    hits.map(|hit| opened(&hit.key, hit.content).map(|content| (hit.key, content))).collect()
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
