//! The independent verifier in Python, asked from tests.

use crate::reply::{at, json};
use std::ffi::OsString;
use std::process::Command;

/// What the verifier says about one thing.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Verdict {
    /// What it was called: a path, or `path:line` for one of many.
    pub name: String,
    /// Good, wrong, or not readable.
    pub good: Option<bool>,
    /// Why not.
    pub reason: String,
}

/// Runs the verifier with `--json` and gives its verdicts in their order.
pub fn verify<A: Into<OsString>>(arguments: impl IntoIterator<Item = A>) -> Vec<Verdict> {
    let output = Command::new("python3")
        .arg(crate::workspace().join("verifier/verify.py"))
        .args(arguments.into_iter().map(Into::into))
        .arg("--json")
        .env("PYTHONDONTWRITEBYTECODE", "1")
        .env("PYTHONIOENCODING", "utf-8")
        .output()
        .expect("python3 runs");
    let lines = String::from_utf8(output.stdout).unwrap();
    assert!(
        !lines.is_empty(),
        "the verifier says nothing: {}",
        String::from_utf8_lossy(&output.stderr)
    );
    lines.lines().map(verdict).collect()
}

fn verdict(line: &str) -> Verdict {
    let node = json(line.as_bytes());
    let text = |name: &str| at(&node, name).and_then(fhir::Node::as_str).unwrap_or_default().to_owned();
    let good = match at(&node, "ok") {
        Some(fhir::Node::Bool(good)) => Some(*good),
        _ => None,
    };
    Verdict { name: text("file"), good, reason: text("reason") }
}
