//! `cargo xtask tidy`: the shape of the repository, one file per rule. Findings are lines `path:line: what`.

mod asvs;
mod codes;
mod doors;
mod limits;
mod limits_ja;
mod links;
mod names;
mod rooms;
#[cfg(test)]
pub(crate) mod scratch;
mod text;
mod tree;

use crate::options::{Known, Options};
use crate::programs::{metadata, note, root, say};
use std::fmt;
use tree::Tree;

/// Help text.
pub(crate) const HELP: &str = "\
Usage: cargo xtask tidy [--write]

Checks what compilers and formatters do not:
  rooms    dependencies between our crates follow the table, and ARCHITECTURE.md shows the same table
  doors    every Rust file opens with a `//!` line and has at most 600 lines (above 400 it is listed)
  names    no file or module is called utils, helpers, manager, common or misc
  codes    every error code has its texts and its page under docs/errors, and every page its code
  links    every link and path in the documents leads somewhere
  text     no tabs, no space at the end of a line, no marks of unfinished work, no folder of one machine
  limits   docs/limits.md says what crates/base/src/limits.rs says
  asvs     docs/asvs.csv has each of the 345 requirements of the OWASP ASVS 5.0.0 once, with a status and what shows it
  --write  writes docs/limits.md anew first

コンパイラーと整形ツールが見ない点を検査します。crate 間の依存、ファイル冒頭の説明と長さ、名前、エラーコードと解説ページ、
文書内のリンク、不要な空白や書きかけの印、上限値の一覧（docs/limits.md）、ASVS の一覧（docs/asvs.csv）が対象です。
  --write  先に docs/limits.md を作り直します
";

/// One thing that is not as it should be.
#[derive(Clone, Debug, PartialEq, Eq, PartialOrd, Ord)]
pub(crate) struct Finding {
    path: String,
    line: usize,
    what: String,
}

impl Finding {
    fn new(path: &str, line: usize, what: impl Into<String>) -> Self {
        Self { path: path.to_owned(), line, what: what.into() }
    }
}

impl fmt::Display for Finding {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        write!(f, "{}:{}: {}", self.path, self.line, self.what)
    }
}

/// Runs the command.
pub(crate) fn run(arguments: &[String]) -> Result<(), String> {
    let options = Options::parse(arguments, Known { values: &[], flags: &["write"], free: false })?;
    if options.flag("write") {
        let tree = Tree::tracked(&root())?;
        let page = limits::page(&tree).map_err(|findings| lines(&findings))?;
        std::fs::write(root().join(limits::PAGE), page).map_err(|error| error.to_string())?;
        say(&format!("{} written", limits::PAGE));
    }
    check()
}

/// Checks the whole repository.
pub(crate) fn check() -> Result<(), String> {
    let tree = Tree::tracked(&root())?;
    for (path, length) in doors::long(&tree) {
        note(&format!("{path}: {length} lines; split it before it reaches {}", doors::LINES_MAX));
    }
    let mut findings = rooms::check(&tree, &metadata()?);
    for rule in
        [doors::check, names::check, codes::check, links::check, text::check, limits::check, asvs::check]
    {
        findings.extend(rule(&tree));
    }
    findings.sort();
    if findings.is_empty() {
        say(&format!("tidy: {} files, no finding", tree.paths().count()));
        return Ok(());
    }
    Err(format!("tidy: {} findings\n{}", findings.len(), lines(&findings)))
}

fn lines(findings: &[Finding]) -> String {
    findings.iter().map(ToString::to_string).collect::<Vec<_>>().join("\n")
}
