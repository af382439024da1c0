//! Every link and every path of this repository that a document names leads somewhere.

use super::Finding;
use super::tree::Tree;
use std::collections::BTreeSet;

/// Links to nowhere, in all Markdown files.
pub(crate) fn check(tree: &Tree) -> Vec<Finding> {
    let rooms: BTreeSet<&str> = tree.paths().filter_map(|path| Some(path.split_once('/')?.0)).collect();
    let mut findings = Vec::new();
    for path in tree.ending(".md") {
        let text = tree.text(path).unwrap_or_default();
        let mut fenced = false;
        for (index, line) in text.lines().enumerate() {
            if line.trim_start().starts_with("```") {
                fenced = !fenced;
                continue;
            }
            let named = if fenced { paths_in(line, &rooms) } else { named_outside_fences(line, &rooms) };
            for target in named.into_iter().filter(|target| !leads_somewhere(tree, path, target)) {
                findings.push(Finding::new(path, index + 1, format!("`{target}` does not exist")));
            }
        }
    }
    findings
}

/// Targets of links, and paths inside back quotes.
fn named_outside_fences(line: &str, rooms: &BTreeSet<&str>) -> Vec<String> {
    let quoted = line.split('`').skip(1).step_by(2);
    let mut named: Vec<String> = quoted.flat_map(|code| paths_in(code, rooms)).collect();
    // What stands in back quotes is no link.
    let plain: String = line.split('`').step_by(2).collect::<Vec<_>>().join("``");
    for (at, _) in plain.match_indices("](") {
        let target = plain.get(at + 2..).and_then(|rest| rest.split(')').next()).unwrap_or_default();
        let file = target.split(['#', ' ']).next().unwrap_or_default();
        if !file.is_empty() && !file.contains("://") && !file.starts_with("mailto:") {
            named.push(file.to_owned());
        }
    }
    named
}

/// Words that begin with one of our top folders, or name a document.
fn paths_in(text: &str, rooms: &BTreeSet<&str>) -> Vec<String> {
    text.split_whitespace()
        .map(|word| word.trim_end_matches([',', '.', ':', ';', ')']).trim_start_matches('('))
        .map(|word| word.strip_prefix("./").unwrap_or(word))
        .filter(|word| word.chars().all(|c| c.is_ascii_alphanumeric() || "._-/".contains(c)))
        .filter(|word| {
            let room = word.split_once('/').is_some_and(|(room, _)| rooms.contains(room));
            room || (word.split_once('.').is_some_and(|(_, ending)| ending == "md") && !word.contains('/'))
        })
        .map(str::to_owned)
        .collect()
}

/// Seen from the document's folder or from the top.
fn leads_somewhere(tree: &Tree, document: &str, target: &str) -> bool {
    let folder = document.rsplit_once('/').map_or("", |(folder, _)| folder);
    [folder, ""].into_iter().any(|from| resolve(from, target).is_some_and(|path| tree.holds(&path)))
}

fn resolve(folder: &str, target: &str) -> Option<String> {
    let mut segments: Vec<&str> = folder.split('/').filter(|segment| !segment.is_empty()).collect();
    for segment in target.split('/') {
        match segment {
            "" | "." => {}
            ".." => {
                segments.pop()?;
            }
            name => segments.push(name),
        }
    }
    Some(segments.join("/"))
}

#[cfg(test)]
mod tests {
    use super::super::scratch::found;
    use super::*;

    const THERE: (&str, &str) = ("crates/base/src/lib.rs", "//! x\n");

    #[test]
    fn links_and_quoted_paths_to_nowhere_are_found() {
        let text = "[a](gone.md) and `crates/base/src/gone.rs`\n\n```sh\ncat docs/gone.md\n```\n`GONE.md`\n";
        let lines = found(check, &[("docs/a.md", text), THERE]);
        assert_eq!(
            lines,
            [
                "docs/a.md:1: `crates/base/src/gone.rs` does not exist",
                "docs/a.md:1: `gone.md` does not exist",
                "docs/a.md:4: `docs/gone.md` does not exist",
                "docs/a.md:6: `GONE.md` does not exist",
            ]
        );
    }

    #[test]
    fn what_exists_is_accepted_from_the_document_and_from_the_top() {
        let text = "[b](b.md#part) [c](../crates/base/src/lib.rs) `crates/base/` `docs/b.md` [w](https://example.jp/x)\n";
        assert!(found(check, &[("docs/a.md", text), ("docs/b.md", "x\n"), THERE]).is_empty());
    }

    #[test]
    fn words_with_a_slash_that_are_no_paths_of_ours_are_left_alone() {
        let text =
            "`Patient/42`, `tile/<L>/<N>`, `docs/errors/<ID>.md`, `target/evidence/x.json`, `a[0](b)`\n";
        assert!(found(check, &[("docs/a.md", text)]).is_empty());
    }

    #[test]
    fn a_link_above_the_repository_is_found() {
        assert_eq!(found(check, &[("a.md", "[x](../a.md)\n")]), ["a.md:1: `../a.md` does not exist"]);
    }
}
