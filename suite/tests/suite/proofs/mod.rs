//! Proofs, checked by the product and by the independent verifier, which must always say the same.

mod damaged;
pub(crate) mod forge;
mod good;
mod log;
mod spelled;
mod states;
mod trees;

use std::fs;
use std::path::PathBuf;
use testkit::python::{self, Verdict};

/// A candidate for a proof file: what was done to it, and its bytes on one line.
pub(crate) type Candidate = (String, Vec<u8>);

/// What both verifiers say of a candidate.
pub(crate) struct Judged {
    name: String,
    ours: Result<store::Report, base::Problem>,
    theirs: Verdict,
}

impl Judged {
    /// Whether both say this.
    pub(crate) fn both_say(&self, good: bool) -> bool {
        self.ours.is_ok() == good && self.theirs.good == Some(good)
    }

    pub(crate) fn told(&self) -> String {
        told(&self.name, &self.ours, &self.theirs)
    }
}

/// Has both verifiers judge candidates.
pub(crate) fn judge_by_both(candidates: &[Candidate], key: Option<&str>) -> Vec<Judged> {
    let folder = tempfile::tempdir().unwrap();
    let file = folder.path().join("many.ndjson");
    let lines: Vec<&[u8]> = candidates.iter().map(|(_, bytes)| bytes.as_slice()).collect();
    assert!(lines.iter().all(|line| !line.contains(&b'\n') && !line.is_empty()));
    fs::write(&file, [lines.join(&b'\n'), b"\n".to_vec()].concat()).unwrap();
    let mut arguments = vec!["proof".to_owned(), "--many".to_owned(), file.display().to_string()];
    arguments.extend(key.map(|key| ["--key".to_owned(), key.to_owned()]).into_iter().flatten());
    let theirs = python::verify(&arguments);
    assert_eq!(theirs.len(), candidates.len());
    let expected = key.map(|key| merkle::note::VerifierKey::parse(key).unwrap());
    let judged = candidates.iter().zip(theirs).map(|((name, line), theirs)| {
        let ours = store::verify_proof(line, expected.as_ref());
        Judged { name: name.clone(), ours, theirs }
    });
    judged.collect()
}

/// Has both verifiers judge candidates, which must agree on each. Returns which are good.
pub(crate) fn judge(candidates: &[Candidate], key: Option<&str>) -> Vec<bool> {
    let judged = judge_by_both(candidates, key);
    let other = judged.iter().filter(|one| !one.both_say(one.ours.is_ok()));
    let disagreements: Vec<String> = other.map(Judged::told).collect();
    assert!(disagreements.is_empty(), "the verifiers disagree on {disagreements:#?}");
    judged.iter().map(|one| one.ours.is_ok()).collect()
}

fn told(name: &str, ours: &Result<store::Report, base::Problem>, theirs: &Verdict) -> String {
    let ours = match ours {
        Ok(_) => "good".to_owned(),
        Err(problem) => problem.text(base::Language::English),
    };
    let theirs = if theirs.good == Some(true) { "good" } else { theirs.reason.as_str() };
    format!("{name}: Rust says `{ours}`, Python says `{theirs}`")
}

/// A log in a folder, and what the verifiers are told beside it.
#[derive(Clone, Debug)]
pub(crate) struct LogCase {
    pub(crate) name: String,
    pub(crate) folder: PathBuf,
    pub(crate) key: Option<String>,
    pub(crate) since: Option<PathBuf>,
}

impl LogCase {
    pub(crate) fn new(name: impl Into<String>, folder: impl Into<PathBuf>) -> Self {
        Self { name: name.into(), folder: folder.into(), key: None, since: None }
    }

    fn command_line(&self) -> Vec<String> {
        let mut arguments = vec!["log".to_owned(), self.folder.display().to_string()];
        arguments.extend(self.key.iter().flat_map(|key| ["--key".to_owned(), key.clone()]));
        let since = self.since.iter().flat_map(|since| ["--since".to_owned(), since.display().to_string()]);
        arguments.extend(since);
        arguments
    }

    fn ours(&self) -> Result<store::Report, base::Problem> {
        let key = self.key.as_deref().map(|key| merkle::note::VerifierKey::parse(key).unwrap());
        // A text that is no UTF-8 is refused by whoever reads it, before the log is looked at.
        let since = self.since.as_deref().map(store::disk::read_text).transpose()?;
        store::verify_log(&self.folder, key.as_ref(), since.as_deref())
    }
}

/// Has both verifiers judge logs; they must agree on each. Returns Rust's reason for each that is refused.
pub(crate) fn judge_logs(cases: &[LogCase]) -> Vec<Result<(), String>> {
    let theirs = python::verify_all(&cases.iter().map(LogCase::command_line).collect::<Vec<_>>());
    let mut disagreements = Vec::new();
    let mut results = Vec::new();
    for (case, theirs) in cases.iter().zip(theirs) {
        let ours = case.ours();
        // Without a verdict the verifier could not read what it was given, which we say by refusing it.
        let theirs =
            theirs.into_iter().next().unwrap_or(Verdict { good: None, reason: "unreadable".to_owned() });
        if theirs.good.unwrap_or(false) != ours.is_ok() {
            disagreements.push(told(&case.name, &ours, &theirs));
        }
        results.push(ours.map(|_| ()).map_err(|problem| problem.text(base::Language::English)));
    }
    assert!(disagreements.is_empty(), "the verifiers disagree on {disagreements:#?}");
    results
}

/// What a proof is of, without the way from there to a checkpoint: that is another one after each request.
pub(crate) fn proven(proof: &[u8]) -> serde_json::Value {
    let mut members: serde_json::Value = serde_json::from_slice(proof).unwrap();
    assert!(members.as_object_mut().unwrap().remove("proof").is_some());
    members
}

/// JSON on one line, with the bytes between quotes as they were.
pub(crate) fn on_one_line(proof: &[u8]) -> Vec<u8> {
    let mut line = Vec::new();
    testkit::json(proof).write(&mut line);
    line
}
