//! Every Rust file says in its first line what it is for, and none grows too long.

use super::Finding;
use super::tree::Tree;

/// Most lines of a Rust file.
pub(crate) const LINES_MAX: usize = 600;
const LINES_LISTED: usize = 400;

/// Files without a door plate, and files that are too long.
pub(crate) fn check(tree: &Tree) -> Vec<Finding> {
    let mut findings = Vec::new();
    for path in tree.ending(".rs") {
        let text = tree.text(path).unwrap_or_default();
        let plate = text.lines().next().and_then(|line| line.strip_prefix("//!")).unwrap_or_default();
        if plate.trim().is_empty() {
            findings.push(Finding::new(path, 1, "the first line must be `//!` and say what the file is for"));
        }
        let length = text.lines().count();
        if length > LINES_MAX {
            let what = format!("{length} lines, at most {LINES_MAX}: split it");
            findings.push(Finding::new(path, LINES_MAX, what));
        }
    }
    findings
}

/// Files that come near the limit, with their lengths.
pub(crate) fn long(tree: &Tree) -> Vec<(String, usize)> {
    let lengths = tree
        .ending(".rs")
        .map(|path| (path.to_owned(), tree.text(path).map_or(0, |text| text.lines().count())));
    lengths.filter(|(_, length)| (LINES_LISTED..=LINES_MAX).contains(length)).collect()
}

#[cfg(test)]
mod tests {
    use super::super::scratch::{Scratch, found};
    use super::*;

    #[test]
    fn a_file_without_a_door_plate_is_found() {
        let files =
            [("a.rs", "//! What it is for.\n"), ("b.rs", "use std::fmt;\n"), ("c.rs", "//!\n"), ("d.rs", "")];
        let lines = found(check, &files);
        assert_eq!(lines.len(), 3);
        assert!(lines[0].starts_with("b.rs:1: the first line"));
    }

    #[test]
    fn a_file_above_the_limit_is_found_and_one_near_it_is_listed() {
        let (near, above) = (format!("//! x\n{}", "\n".repeat(599)), format!("//! x\n{}", "\n".repeat(600)));
        let files = [("near.rs", near.as_str()), ("above.rs", above.as_str()), ("short.rs", "//! x\n")];
        assert_eq!(found(check, &files), ["above.rs:600: 601 lines, at most 600: split it"]);
        assert_eq!(long(&Scratch::new(&files).tree()), [("near.rs".to_owned(), 600)]);
    }
}
