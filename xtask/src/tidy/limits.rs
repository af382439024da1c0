//! `docs/limits.md` is made from `crates/base/src/limits.rs` and never differs from it.

use super::Finding;
use super::limits_ja::MEANINGS;
use super::tree::Tree;
use std::collections::BTreeMap;

/// The page.
pub(crate) const PAGE: &str = "docs/limits.md";
const SOURCE: &str = "crates/base/src/limits.rs";

const HEAD: &str = "\
# Limits / 上限値

Made from `crates/base/src/limits.rs` by `cargo xtask tidy --write`; a change there belongs here too.
Each breach is answered with a code of its own: see [the error codes](errors/README.md).

`crates/base/src/limits.rs` から `cargo xtask tidy --write` で作ったものです。
上限を超えた場合は、それぞれ固有のコードで応答します。[エラーコード一覧](errors/README.md)を参照してください。

| name | value | unit | meaning | 意味 |
|---|---:|---|---|---|
";

/// A page that says something else than the source.
pub(crate) fn check(tree: &Tree) -> Vec<Finding> {
    if !tree.holds(SOURCE) {
        return Vec::new();
    }
    let page = match page(tree) {
        Ok(page) => page,
        Err(findings) => return findings,
    };
    let shown = tree.text(PAGE).unwrap_or_default();
    if shown == page {
        return Vec::new();
    }
    let same = shown.lines().zip(page.lines()).take_while(|(shown, wanted)| shown == wanted).count();
    vec![Finding::new(PAGE, same + 1, format!("differs from {SOURCE}: cargo xtask tidy --write"))]
}

/// The page as it should be, or what keeps it from being made.
pub(crate) fn page(tree: &Tree) -> Result<String, Vec<Finding>> {
    let text = tree.text(SOURCE).unwrap_or_default();
    let limits = constants(&text);
    let units = units(&text);
    let japanese: BTreeMap<&str, &str> = MEANINGS.into_iter().collect();
    let mut findings = Vec::new();
    let mut page = HEAD.to_owned();
    for limit in &limits {
        let (unit, meaning) = (units.get(limit.name.as_str()), japanese.get(limit.name.as_str()));
        match (limit.value, unit, meaning) {
            (Some(value), Some(unit), Some(meaning)) => page.push_str(&row(limit, value, unit, meaning)),
            (None, ..) => findings.push(limit.finding("the value is not a product of whole numbers")),
            (_, None, _) => findings.push(limit.finding("it is not in `ALL`")),
            (.., None) => {
                findings.push(limit.finding("xtask/src/tidy/limits_ja.rs has no Japanese text for it"));
            }
        }
    }
    let gone = |name: &&str| !limits.iter().any(|limit| limit.name == *name);
    findings.extend(units.keys().map(String::as_str).chain(japanese.keys().copied()).filter(gone).map(
        |name| {
            Finding::new(SOURCE, 1, format!("{name} is listed (in `ALL` or in Japanese), but not defined"))
        },
    ));
    if findings.is_empty() { Ok(page) } else { Err(findings) }
}

fn row(limit: &Constant, value: u64, unit: &str, japanese: &str) -> String {
    format!("| `{}` | {} | {unit} | {} | {japanese} |\n", limit.name, grouped(value), limit.meaning)
}

/// `16,777,216`.
fn grouped(value: u64) -> String {
    let digits = value.to_string();
    let mut text = String::new();
    for (index, digit) in digits.chars().enumerate() {
        if index > 0 && (digits.len() - index).is_multiple_of(3) {
            text.push(',');
        }
        text.push(digit);
    }
    text
}

struct Constant {
    name: String,
    line: usize,
    value: Option<u64>,
    /// Its doc comment.
    meaning: String,
}

impl Constant {
    fn finding(&self, what: &str) -> Finding {
        Finding::new(SOURCE, self.line, format!("{}: {what}", self.name))
    }
}

/// `/// meaning` and `pub const NAME: usize = 8 * 1024;`
fn constants(text: &str) -> Vec<Constant> {
    let mut found = Vec::new();
    let mut meaning = Vec::new();
    for (index, line) in text.lines().enumerate() {
        if let Some(doc) = line.strip_prefix("/// ") {
            meaning.push(doc);
            continue;
        }
        let declared = line.strip_prefix("pub const ").and_then(|rest| rest.split_once(": u"));
        if let Some((name, (_, value))) =
            declared.and_then(|(name, rest)| Some((name, rest.split_once(" = ")?)))
        {
            let (name, meaning) = (name.to_owned(), meaning.join(" ").replace('|', "\\|"));
            found.push(Constant {
                name,
                line: index + 1,
                value: product(value.trim_end_matches(';')),
                meaning,
            });
        }
        meaning.clear();
    }
    found
}

fn product(text: &str) -> Option<u64> {
    text.split('*')
        .try_fold(1_u64, |product, factor| product.checked_mul(factor.trim().replace('_', "").parse().ok()?))
}

/// Units by name, from the rows of `ALL`: `row("NAME", NAME, "unit")` and `Limit { name: "NAME", …, unit: "unit" }`.
fn units(text: &str) -> BTreeMap<String, String> {
    let rows = text
        .lines()
        .map(str::trim)
        .filter(|line| line.starts_with("row(\"") || line.starts_with("Limit { name: \""));
    rows.filter_map(|line| {
        let mut quoted = line.split('"').skip(1).step_by(2).map(str::to_owned);
        Some((quoted.next()?, quoted.next()?))
    })
    .collect()
}

#[cfg(test)]
mod tests {
    use super::super::scratch::{Scratch, found};
    use super::*;
    use std::fmt::Write as _;

    /// A source with every limit that has a Japanese text.
    fn source() -> String {
        let mut text = "//! x\n".to_owned();
        for (name, _) in MEANINGS {
            writeln!(text, "/// What {name} is.\npub const {name}: usize = 16 * 1_024;").unwrap();
        }
        text.push_str("pub const ALL: &[Limit] = &[\n");
        for (name, _) in MEANINGS {
            writeln!(text, "    row(\"{name}\", {name}, \"bytes\"),").unwrap();
        }
        text + "];\n"
    }

    fn lines(source: &str, page: &str) -> Vec<String> {
        found(check, &[(SOURCE, source), (PAGE, page)])
    }

    fn made(source: &str) -> String {
        page(&Scratch::new(&[(SOURCE, source)]).tree()).unwrap()
    }

    #[test]
    fn the_page_shows_name_value_unit_and_both_meanings() {
        let page = made(&source());
        let row =
            "| `BODY_BYTES_MAX` | 16,384 | bytes | What BODY_BYTES_MAX is. | リクエスト本文の最大の長さ |";
        assert!(page.contains(row), "{page}");
        assert!(lines(&source(), &page).is_empty());
    }

    #[test]
    fn a_page_that_differs_is_found_at_the_first_line_that_does() {
        let page =
            made(&source()).replace("| `RESOURCE_BYTES_MAX` | 16,384", "| `RESOURCE_BYTES_MAX` | 16,385");
        let first = HEAD.lines().count() + 2;
        assert!(lines(&source(), &page)[0].starts_with(&format!("{PAGE}:{first}: differs")));
        assert_eq!(found(check, &[(SOURCE, &source())]).len(), 1);
    }

    #[test]
    fn a_limit_without_japanese_without_unit_or_without_value_is_refused() {
        let new = source().replace("pub const ALL", "/// New.\npub const NEW: u64 = 1;\npub const ALL");
        assert!(lines(&new, "")[0].contains("NEW: it is not in `ALL`"));
        let listed = new.replace("];", "row(\"NEW\", NEW, \"s\"),\n];");
        assert!(lines(&listed, "")[0].contains("NEW: xtask/src/tidy/limits_ja.rs has no Japanese text"));
        let unclear = source().replacen("16 * 1_024", "1 << 14", 1);
        assert!(lines(&unclear, "")[0].contains("not a product"));
        let gone = source().replace("pub const BODY_BYTES_MAX", "const BODY_BYTES_MAX");
        assert!(lines(&gone, "").iter().all(|line| line.contains("BODY_BYTES_MAX is listed")));
    }

    #[test]
    fn numbers_are_grouped_by_thousands() {
        assert_eq!(
            [grouped(1), grouped(999), grouped(1_000), grouped(16_777_216)],
            ["1", "999", "1,000", "16,777,216"]
        );
    }
}
