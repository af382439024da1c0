//! The independent verifier in Python, asked from tests.

use crate::reply::{at, json};
use std::fs;
use std::process::Command;

/// What the verifier says about one thing.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Verdict {
    /// Good, wrong, or not readable.
    pub good: Option<bool>,
    /// Why not.
    pub reason: String,
}

/// Runs the verifier once for each command line, all in one process, and prints the exit status behind each.
const RUN_ALL: &str = "
import json, sys
sys.path.insert(0, sys.argv[1])
import verify
for line in open(sys.argv[2], encoding='utf-8'):
    status = verify.main(json.loads(line))
    print(json.dumps({'status': status}))
";

/// Runs the verifier with `--json` and gives its verdicts in their order.
pub fn verify<A: AsRef<str>>(arguments: &[A]) -> Vec<Verdict> {
    let arguments = arguments.iter().map(|argument| argument.as_ref().to_owned()).collect();
    verify_all(&[arguments]).pop().unwrap()
}

/// Runs the verifier for several command lines and gives the verdicts of each.
pub fn verify_all(command_lines: &[Vec<String>]) -> Vec<Vec<Verdict>> {
    let folder = tempfile::tempdir().unwrap();
    let file = folder.path().join("command-lines");
    let lines = command_lines.iter().map(|arguments| {
        let with_json: Vec<&str> = arguments.iter().map(String::as_str).chain(["--json"]).collect();
        format!("{}\n", serde_json::to_string(&with_json).unwrap())
    });
    fs::write(&file, lines.collect::<String>()).unwrap();
    let output = Command::new("python3")
        .args(["-c", RUN_ALL])
        .arg(crate::workspace().join("verifier"))
        .arg(&file)
        .env("PYTHONDONTWRITEBYTECODE", "1")
        .env("PYTHONIOENCODING", "utf-8")
        .output()
        .expect("python3 runs");
    assert!(output.status.success(), "{}", String::from_utf8_lossy(&output.stderr));
    let mut all = Vec::new();
    let mut verdicts = Vec::new();
    for line in String::from_utf8(output.stdout).unwrap().lines() {
        let node = json(line.as_bytes());
        match at(&node, "status") {
            Some(_) => all.push(std::mem::take(&mut verdicts)),
            None => verdicts.push(verdict(&node)),
        }
    }
    assert_eq!(all.len(), command_lines.len());
    all
}

fn verdict(node: &fhir::Node) -> Verdict {
    let good = match at(node, "ok") {
        Some(fhir::Node::Bool(good)) => Some(*good),
        _ => None,
    };
    let reason = at(node, "reason").and_then(fhir::Node::as_str).unwrap_or_default().to_owned();
    Verdict { good, reason }
}
