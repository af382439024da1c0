//! `docs/asvs.csv`: each requirement of the OWASP ASVS 5.0.0 once, with a status and what shows it.

use super::Finding;
use super::tree::Tree;
use std::collections::BTreeSet;

/// The table.
const TABLE: &str = "docs/asvs.csv";
/// Its first line.
const HEADER: &str = "id,level,requirement,status,evidence";
/// Requirements of each chapter, V1 first: 345 in all.
const CHAPTERS: [usize; 17] = [30, 13, 31, 16, 13, 47, 19, 13, 7, 36, 24, 12, 21, 13, 21, 17, 12];
/// What may be said of a requirement; whether a file must show it.
const STATUSES: [(&str, Shown); 5] = [
    ("met", Shown::ByFile),
    ("met by design", Shown::ByFile),
    ("not applicable", Shown::ByReason),
    ("open", Shown::ByReason),
    ("not offered", Shown::ByReason),
];
/// Where evidence stands.
const ROOMS: [&str; 6] = ["crates/", "suite/", "docs/", "xtask/", "fuzz/", "verifier/"];
/// Documents at the top.
const TOP: [&str; 4] = ["ARCHITECTURE.md", "SECURITY.md", "Cargo.toml", "clippy.toml"];

#[derive(Clone, Copy, PartialEq, Eq)]
enum Shown {
    ByFile,
    ByReason,
}

/// What is wrong with the table.
pub(crate) fn check(tree: &Tree) -> Vec<Finding> {
    let Some(text) = tree.text(TABLE) else {
        return vec![Finding::new(TABLE, 1, "the table of ASVS requirements is missing")];
    };
    let mut findings = Vec::new();
    let mut lines = text.lines();
    if lines.next() != Some(HEADER) {
        findings.push(Finding::new(TABLE, 1, format!("the first line is not `{HEADER}`")));
    }
    let mut seen = BTreeSet::new();
    for (index, line) in lines.enumerate() {
        let faults = row(tree, line, &mut seen);
        findings.extend(faults.into_iter().map(|what| Finding::new(TABLE, index + 2, what)));
    }
    for (chapter, expected) in (1..).zip(CHAPTERS) {
        let found = seen.iter().filter(|id| id.first() == Some(&chapter)).count();
        if found != expected {
            findings.push(Finding::new(TABLE, 1, format!("V{chapter} has {found} rows, not {expected}")));
        }
    }
    findings
}

fn row(tree: &Tree, line: &str, seen: &mut BTreeSet<[usize; 3]>) -> Vec<String> {
    let cells = cells(line);
    let [id, level, requirement, status, evidence] = cells.as_slice() else {
        return vec![format!("{} cells, not 5", cells.len())];
    };
    let mut faults = Vec::new();
    match number(id) {
        None => faults.push(format!("`{id}` is no id like V1.2.3")),
        Some(number) if !seen.insert(number) => faults.push(format!("{id} stands twice")),
        Some(_) => {}
    }
    if !["1", "2", "3"].contains(&level.as_str()) {
        faults.push(format!("{id}: `{level}` is no level"));
    }
    if requirement.is_empty() || evidence.is_empty() {
        faults.push(format!("{id}: a cell is empty"));
    }
    let paths: Vec<&str> = paths(evidence).collect();
    match STATUSES.iter().find(|(name, _)| name == status) {
        None => faults.push(format!("{id}: `{status}` is no status")),
        Some((_, Shown::ByFile)) if paths.is_empty() => faults.push(format!("{id}: no file shows it")),
        Some(_) => {}
    }
    let gone = paths.into_iter().filter(|path| !tree.holds(path));
    faults.extend(gone.map(|path| format!("{id}: `{path}` does not exist")));
    faults
}

/// The cells of a line of CSV (RFC 4180, without line breaks in cells).
fn cells(line: &str) -> Vec<String> {
    let mut cells = vec![String::new()];
    let mut quoted = false;
    for char in line.chars() {
        match (char, cells.last_mut()) {
            ('"', _) => quoted = !quoted,
            (',', _) if !quoted => cells.push(String::new()),
            (char, Some(cell)) => cell.push(char),
            (_, None) => {}
        }
    }
    cells
}

fn number(id: &str) -> Option<[usize; 3]> {
    let mut parts = id.strip_prefix('V')?.split('.').map(str::parse::<usize>);
    let mut next = || parts.next()?.ok().filter(|part| *part > 0);
    let number = [next()?, next()?, next()?];
    parts.next().is_none().then_some(number)
}

/// The files that a text names.
fn paths(evidence: &str) -> impl Iterator<Item = &str> {
    evidence
        .split([' ', '(', ')', ',', ';', ':'])
        .map(|word| word.trim_end_matches('.'))
        .filter(|word| TOP.contains(word) || ROOMS.iter().any(|room| word.starts_with(room)))
}

#[cfg(test)]
mod tests {
    use super::super::scratch::found;
    use super::*;

    const THERE: (&str, &str) = ("crates/base/src/lib.rs", "//! x\n");

    fn told(rows: &str) -> Vec<String> {
        let table = format!("{HEADER}\n{rows}");
        let lines = found(check, &[(TABLE, &table), THERE]);
        lines.into_iter().filter(|line| !line.contains(" rows, not ")).collect()
    }

    #[test]
    fn a_table_that_is_missing_or_lacks_rows_is_found() {
        assert_eq!(found(check, &[THERE]), ["docs/asvs.csv:1: the table of ASVS requirements is missing"]);
        let lines = found(check, &[(TABLE, HEADER), THERE]);
        assert_eq!(lines.len(), CHAPTERS.len());
        assert!(lines.contains(&"docs/asvs.csv:1: V17 has 0 rows, not 12".to_owned()));
        assert_eq!(CHAPTERS.iter().sum::<usize>(), 345);
    }

    #[test]
    fn a_good_row_is_no_finding() {
        let good = "V1.1.1,2,x,met,\"a, b: crates/base/src/lib.rs.\"\nV1.1.2,1,x,open,not yet\n";
        assert!(told(good).is_empty());
    }

    #[test]
    fn what_is_wrong_with_a_row_is_told() {
        for (row, says) in [
            ("V1.1.1,2,x,met", "4 cells, not 5"),
            ("1.1.1,2,x,open,y", "no id like V1.2.3"),
            ("V1.1.1.1,2,x,open,y", "no id like V1.2.3"),
            ("V1.1.1,4,x,open,y", "`4` is no level"),
            ("V1.1.1,2,,open,y", "a cell is empty"),
            ("V1.1.1,2,x,done,y", "`done` is no status"),
            ("V1.1.1,2,x,met,because", "no file shows it"),
            ("V1.1.1,2,x,open,see crates/base/src/gone.rs", "`crates/base/src/gone.rs` does not exist"),
            ("V1.1.1,2,x,open,y\nV1.1.1,2,x,open,y", "stands twice"),
        ] {
            let lines = told(row);
            assert!(lines.iter().any(|line| line.contains(says)), "{row}: {lines:?}");
        }
    }
}
