//! Every real plan of the corpus is judged; what comes out stands in `tests/expected/judged-plans.txt`, so that a change of a rule
//! or of its meaning is seen where it matters.

use crate::{CATALOGUE, plan};
use site::rules::Verdict;
use std::fmt::Write as _;
use std::path::{Path, PathBuf};

const EXPECTED: &str = include_str!("../expected/judged-plans.txt");

#[test]
fn every_real_plan_is_judged_as_before() {
    let folder = Path::new(env!("CARGO_MANIFEST_DIR")).join("../../../shared/corpus/tfplans");
    if !folder.exists() {
        println!("the corpus does not stand beside the workspace: real plans are not judged");
        return;
    }
    let mut table = String::from("resources, rules that held, violated, undecided, findings: by plan\n");
    let files = files(&folder);
    assert!(files.len() >= 50, "{} plans", files.len());
    for (number, file) in files.iter().enumerate() {
        let resources = plan::read(&std::fs::read_to_string(file).unwrap(), number);
        let counts = [Verdict::Holds, Verdict::Violated, Verdict::Undecided].map(|wanted| {
            let judged = resources.iter().flat_map(|one| CATALOGUE.judge(one));
            judged.filter(|one| one.verdict == wanted).count()
        });
        let report = CATALOGUE.report(&resources);
        assert_eq!(report, CATALOGUE.report(&resources), "the same twice");
        let name = file.strip_prefix(&folder).unwrap().display();
        let [held, violated, open] = counts;
        let findings = report.findings.len();
        writeln!(table, "{:4} {held:5} {violated:4} {open:4} {findings:4}  {name}", resources.len()).unwrap();
    }
    let found = Path::new(env!("CARGO_TARGET_TMPDIR")).join("judged-plans.txt");
    std::fs::write(&found, &table).unwrap();
    assert_eq!(table, EXPECTED, "what was found stands in {}", found.display());
}

/// What the reader in the tests keeps of sensitive values must not come out.
#[test]
fn nothing_sensitive_of_a_real_plan_is_told() {
    let folder = Path::new(env!("CARGO_MANIFEST_DIR")).join("../../../shared/corpus/tfplans");
    for file in files(&folder) {
        let resources = plan::read(&std::fs::read_to_string(&file).unwrap(), 0);
        let report = serde_json::to_string(&CATALOGUE.report(&resources)).unwrap();
        for secret in resources.iter().flat_map(|one| secrets(&one.values, &one.sensitive)) {
            let known_word = CATALOGUE.rules.iter().any(|rule| rule.terraform().contains(secret));
            assert!(known_word || !report.contains(secret), "{}", file.display());
        }
    }
}

fn secrets<'a>(value: &'a serde_json::Value, sensitive: &serde_json::Value) -> Vec<&'a str> {
    use serde_json::Value;
    match (value, sensitive) {
        (Value::String(text), Value::Bool(true)) if text.len() >= 6 => vec![text],
        (Value::Object(parts), Value::Object(marks)) => {
            let marked = parts.iter().filter_map(|(name, part)| Some((part, marks.get(name)?)));
            marked.flat_map(|(part, mark)| secrets(part, mark)).collect()
        }
        (Value::Array(list), Value::Array(marks)) => {
            list.iter().zip(marks).flat_map(|(part, mark)| secrets(part, mark)).collect()
        }
        _ => Vec::new(),
    }
}

fn files(folder: &Path) -> Vec<PathBuf> {
    let mut files = Vec::new();
    for entry in std::fs::read_dir(folder).into_iter().flatten() {
        let path = entry.unwrap().path();
        if path.is_dir() {
            files.extend(self::files(&path));
        } else if path.extension().is_some_and(|end| end == "json") {
            files.push(path);
        }
    }
    files.sort();
    files
}
