//! Every error code has a text in both languages and a page, and every page has its code.

use super::Finding;
use super::tree::Tree;
use std::collections::BTreeMap;

const PAGES: &str = "docs/errors/";
const OVERVIEW: &str = "docs/errors/README.md";

/// Codes and pages that do not fit together.
pub(crate) fn check(tree: &Tree) -> Vec<Finding> {
    let mut findings = Vec::new();
    let mut known: BTreeMap<String, String> = BTreeMap::new();
    for path in tree.ending("/codes.rs").filter(|path| path.starts_with("crates/") && path.contains("/src/"))
    {
        for code in codes_in(&tree.text(path).unwrap_or_default()) {
            if let Some(other) = known.insert(code.id.clone(), path.to_owned()) {
                findings.push(Finding::new(
                    path,
                    code.line,
                    format!("{} stands in {other} already", code.id),
                ));
            }
            findings.extend(code.fault().map(|what| Finding::new(path, code.line, what)));
            findings.extend(of_page(tree, &code.id));
        }
    }
    for path in tree.ending(".md").filter(|path| path.starts_with(PAGES) && *path != OVERVIEW) {
        let id = path.trim_start_matches(PAGES).trim_end_matches(".md");
        if !known.contains_key(id) {
            findings.push(Finding::new(path, 1, "there is no such code"));
        }
    }
    if let Some(overview) = tree.text(OVERVIEW) {
        let lacking = known.keys().filter(|id| !overview.contains(&format!("({id}.md)")));
        findings.extend(lacking.map(|id| Finding::new(OVERVIEW, 1, format!("{id} is not listed"))));
    }
    findings
}

fn of_page(tree: &Tree, id: &str) -> Option<Finding> {
    let path = format!("{PAGES}{id}.md");
    let Some(page) = tree.text(&path) else {
        return Some(Finding::new(&path, 1, format!("the page of {id} is missing")));
    };
    if !page.starts_with(&format!("# {id} ")) {
        return Some(Finding::new(&path, 1, format!("the first line must be `# {id} ` and the title")));
    }
    (!is_japanese(&page)).then(|| Finding::new(&path, 1, "the Japanese half is missing"))
}

struct Code {
    id: String,
    line: usize,
    /// The texts that follow the id: English, then Japanese.
    texts: Vec<String>,
}

impl Code {
    fn fault(&self) -> Option<String> {
        let (english, japanese) = (self.texts.first(), self.texts.get(1));
        if english.is_none_or(|text| text.trim().is_empty()) {
            return Some(format!("{} has no English text", self.id));
        }
        japanese.is_none_or(|text| text.is_ascii()).then(|| format!("{} has no Japanese text", self.id))
    }
}

/// Every table of codes has, whatever its form, the id, the English and the Japanese text in this order. An id is
/// given by `=` or `:`; elsewhere, as in a `match`, it is only named.
fn codes_in(text: &str) -> Vec<Code> {
    let mut codes: Vec<Code> = Vec::new();
    for Literal { line, before, text } in literals(text) {
        if is_id(&text) {
            if matches!(before, '=' | ':') {
                codes.push(Code { id: text, line, texts: Vec::new() });
            }
        } else if let Some(code) = codes.last_mut() {
            code.texts.push(text);
        }
    }
    codes
}

/// A string of the source.
struct Literal {
    /// The line it begins at.
    line: usize,
    /// What stands before it, white space aside.
    before: char,
    text: String,
}

/// All strings; comments are skipped.
fn literals(text: &str) -> Vec<Literal> {
    let mut found = Vec::new();
    let (mut line, mut before) = (1, ' ');
    let mut rest = text.chars().peekable();
    while let Some(c) = rest.next() {
        match c {
            '\n' => line += 1,
            '/' if rest.peek() == Some(&'/') => while rest.next_if(|&c| c != '\n').is_some() {},
            '"' => {
                let literal = inside_quotes(&mut rest);
                let lines = literal.matches('\n').count();
                found.push(Literal { line, before, text: literal });
                line += lines;
            }
            _ => {}
        }
        before = if c.is_whitespace() { before } else { c };
    }
    found
}

fn inside_quotes(rest: &mut impl Iterator<Item = char>) -> String {
    let mut text = String::new();
    while let Some(c) = rest.next().filter(|&c| c != '"') {
        text.push(if c == '\\' { rest.next().unwrap_or(c) } else { c });
    }
    text
}

/// `FH-0001`: two capital letters and four digits.
fn is_id(text: &str) -> bool {
    let Some((room, number)) = text.split_once('-') else { return false };
    room.len() == 2
        && number.len() == 4
        && room.bytes().all(|byte| byte.is_ascii_uppercase())
        && number.bytes().all(|byte| byte.is_ascii_digit())
}

fn is_japanese(text: &str) -> bool {
    text.chars().any(|c| matches!(c, '\u{3041}'..='\u{30ff}' | '\u{4e00}'..='\u{9fff}'))
}

#[cfg(test)]
mod tests {
    use super::super::scratch::found;
    use super::*;

    const TABLE: &str = "//! x\n\n/// \"not this\"\nA: \"XX-0001\", Invalid,\n    \"It \\\"is\\\" so.\",\n    \"そうです。\";\n";
    const PAGE: &str = "# XX-0001 so it is\n\nMeaning: so.\n\n意味: そう。\n";
    const WHERE: &str = "crates/a/src/codes.rs";

    fn lines(table: &str, pages: &[(&str, &str)]) -> Vec<String> {
        let mut files = vec![(WHERE, table)];
        files.extend(pages);
        found(check, &files)
    }

    #[test]
    fn a_code_with_both_texts_and_its_page_is_good() {
        assert!(lines(TABLE, &[("docs/errors/XX-0001.md", PAGE)]).is_empty());
    }

    #[test]
    fn a_code_that_is_only_named_is_no_second_one() {
        let named = format!("{TABLE}fn status() {{ match id {{ \"XX-0001\" => 431 }} }}\n");
        assert!(lines(&named, &[("docs/errors/XX-0001.md", PAGE)]).is_empty());
    }

    #[test]
    fn a_missing_page_and_a_page_without_a_code_are_found() {
        let lines = lines(TABLE, &[("docs/errors/XX-0002.md", PAGE)]);
        assert_eq!(
            lines,
            [
                "docs/errors/XX-0001.md:1: the page of XX-0001 is missing",
                "docs/errors/XX-0002.md:1: there is no such code"
            ]
        );
    }

    #[test]
    fn a_page_with_another_title_or_one_language_is_found() {
        let other = lines(TABLE, &[("docs/errors/XX-0001.md", "# XX-0003 そう\n")]);
        assert!(other[0].contains("the first line must be"));
        let half = lines(TABLE, &[("docs/errors/XX-0001.md", "# XX-0001 so it is\n")]);
        assert!(half[0].contains("the Japanese half is missing"));
    }

    #[test]
    fn a_missing_text_is_found() {
        let page = [("docs/errors/XX-0001.md", PAGE)];
        let no_japanese = TABLE.replace("そうです。", "");
        assert_eq!(lines(&no_japanese, &page), [format!("{WHERE}:4: XX-0001 has no Japanese text")]);
        let no_english = TABLE.replace("It \\\"is\\\" so.", " ");
        assert_eq!(lines(&no_english, &page), [format!("{WHERE}:4: XX-0001 has no English text")]);
        assert_eq!(lines("A: \"XX-0001\";\n", &page).len(), 1);
    }

    #[test]
    fn an_id_that_stands_twice_is_found() {
        let twice = format!("{TABLE}{TABLE}");
        assert!(lines(&twice, &[("docs/errors/XX-0001.md", PAGE)])[0].contains("stands in"));
    }

    #[test]
    fn a_code_that_the_overview_leaves_out_is_found() {
        let pages = [("docs/errors/XX-0001.md", PAGE), (OVERVIEW, "| [XX-0009](XX-0009.md) |\n")];
        assert_eq!(lines(TABLE, &pages), [format!("{OVERVIEW}:1: XX-0001 is not listed")]);
    }
}
