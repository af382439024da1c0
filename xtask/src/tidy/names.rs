//! Names that say nothing are not used for files and modules.

use super::Finding;
use super::tree::Tree;

const BANNED: [&str; 8] = ["util", "utils", "helper", "helpers", "manager", "managers", "common", "misc"];

/// Files, folders and modules with such names.
pub(crate) fn check(tree: &Tree) -> Vec<Finding> {
    let mut findings = Vec::new();
    for path in tree.paths() {
        if let Some(word) = path.split('/').find_map(banned_segment) {
            findings.push(Finding::new(path, 1, format!("`{word}` says nothing: name what is in it")));
        }
    }
    for path in tree.ending(".rs") {
        let text = tree.text(path).unwrap_or_default();
        for (index, line) in text.lines().enumerate() {
            if let Some(word) = module(line).filter(|word| BANNED.contains(word)) {
                let what = format!("module `{word}` says nothing: name what is in it");
                findings.push(Finding::new(path, index + 1, what));
            }
        }
    }
    findings
}

fn banned_segment(segment: &str) -> Option<&'static str> {
    let stem = segment.split('.').next()?.to_ascii_lowercase();
    BANNED.into_iter().find(|&word| word == stem)
}

/// The module a line declares: `mod x;`, `pub mod x {`, `pub(crate) mod x;`.
fn module(line: &str) -> Option<&str> {
    let line = line.trim();
    let rest = line.strip_prefix("mod ").or_else(|| Some(line.strip_prefix("pub")?.split_once("mod ")?.1))?;
    rest.split([' ', ';', '{']).next()
}

#[cfg(test)]
mod tests {
    use super::super::scratch::found;
    use super::*;

    #[test]
    fn files_and_folders_with_empty_names_are_found() {
        let files = [("a/utils.rs", "//! x"), ("common/b.py", ""), ("a/command.rs", "//! x")];
        let lines = found(check, &files);
        assert_eq!(lines.len(), 2);
        assert!(
            lines[0].starts_with("a/utils.rs:1: `utils`") && lines[1].starts_with("common/b.py:1: `common`")
        );
    }

    #[test]
    fn modules_with_empty_names_are_found() {
        let text = "//! x\nmod good;\npub(crate) mod misc {}\nmod helpers;\n";
        let lines = found(check, &[("a.rs", text)]);
        assert_eq!(lines.len(), 2);
        assert!(
            lines[0].starts_with("a.rs:3: module `misc`") && lines[1].starts_with("a.rs:4: module `helpers`")
        );
    }
}
