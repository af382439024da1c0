//! No tabs, no space at the end of a line, no marks of unfinished work, no folder of one machine.

use super::Finding;
use super::tree::Tree;

const UNFINISHED: [&str; 2] = [concat!("TO", "DO"), concat!("FIX", "ME")];
const FOLDERS: [&str; 4] =
    [concat!("/", "work/"), concat!("/", "root/"), concat!("/", "home/"), concat!("/", "Users/")];

/// Lines that should not stand like this. Corpora and licences are the words of others and are left alone.
pub(crate) fn check(tree: &Tree) -> Vec<Finding> {
    let mut findings = Vec::new();
    for path in tree.paths().filter(|path| !path.split('/').any(|part| part == "corpus" || part == "LICENSE"))
    {
        let Some(text) = tree.text(path) else { continue };
        for (index, line) in text.split('\n').enumerate() {
            findings.extend(faults(line).map(|what| Finding::new(path, index + 1, what)));
        }
        if !text.is_empty() && !text.ends_with('\n') {
            findings.push(Finding::new(path, text.lines().count(), "the last line does not end"));
        }
    }
    findings
}

fn faults(line: &str) -> impl Iterator<Item = String> {
    let tab = line.contains('\t').then(|| "a tab".to_owned());
    let space =
        line.ends_with([' ', '\r', '\u{3000}']).then(|| "white space at the end of the line".to_owned());
    let unfinished = UNFINISHED.into_iter().find(|word| stands_alone(line, word));
    let unfinished = unfinished.map(|word| format!("`{word}`: finish it or open an issue"));
    let folder = FOLDERS.into_iter().find(|folder| begins_path(line, folder));
    let folder = folder.map(|folder| format!("`{folder}` is a folder of one machine"));
    [tab, space, unfinished, folder].into_iter().flatten()
}

fn stands_alone(line: &str, word: &str) -> bool {
    line.split(|c: char| !c.is_ascii_alphanumeric() && c != '_').any(|one| one == word)
}

/// Whether the folder stands at the beginning of a path, not inside a longer one or an address.
fn begins_path(line: &str, folder: &str) -> bool {
    let part_of_path = |c: char| c.is_alphanumeric() || matches!(c, '.' | '-' | '_' | '/' | '~' | '}' | '>');
    line.match_indices(folder).any(|(at, _)| {
        line.get(..at)
            .and_then(|before| before.chars().next_back())
            .is_none_or(|before| !part_of_path(before))
    })
}

#[cfg(test)]
mod tests {
    use super::super::scratch::found;
    use super::*;

    #[test]
    fn each_kind_of_fault_is_found_at_its_line() {
        let mark = UNFINISHED[0];
        let text = format!("good\na\tb\nspace \n// {mark}: later\nsee {}x\n", FOLDERS[0]);
        let lines = found(check, &[("a.md", &text)]);
        assert_eq!(lines.len(), 4);
        for (line, beginning) in
            lines.iter().zip(["a.md:2: a tab", "a.md:3: white space", "a.md:4: `", "a.md:5: `"])
        {
            assert!(line.starts_with(beginning), "{line}");
        }
    }

    #[test]
    fn a_last_line_without_an_end_is_found() {
        assert_eq!(found(check, &[("a.md", "one\ntwo")]), ["a.md:2: the last line does not end"]);
    }

    #[test]
    fn words_and_addresses_that_only_look_alike_are_left_alone() {
        let text = format!("{}S https://example.jp{}x my{}y\n", UNFINISHED[0], FOLDERS[2], FOLDERS[1]);
        assert!(found(check, &[("a.md", &text)]).is_empty());
    }

    #[test]
    fn corpora_and_binaries_are_left_alone() {
        assert!(found(check, &[("suite/corpus/a.json", "\t"), ("b.bin", "\0\t")]).is_empty());
    }
}
