//! The numbers that checks compare are those of `docs/thresholds.md`, in every edition.

#![expect(clippy::unwrap_used, reason = "a test ends at the first thing that is not as it should be")]

use guideline::engine;
use std::collections::{BTreeMap, BTreeSet};

const PAGE: &str = include_str!("../../../docs/thresholds.md");

/// What may be compared to a key: what counts as met, and what besides counts as partly met.
#[derive(Default)]
struct Row {
    met: BTreeSet<String>,
    partly: BTreeSet<String>,
}

/// The table of the page by key, with both reasons given.
fn table() -> BTreeMap<String, Row> {
    let quoted =
        |cell: &str| -> BTreeSet<String> { cell.split('`').skip(1).step_by(2).map(str::to_owned).collect() };
    let mut rows = BTreeMap::new();
    for line in PAGE.lines().filter(|line| line.starts_with("| `")) {
        let [_, key, met, partly, why, reason, _] = line.split('|').collect::<Vec<_>>().try_into().unwrap();
        assert!(why.trim().len() > 10 && reason.trim().chars().any(|letter| letter > '\u{3040}'), "{line}");
        let row = Row { met: quoted(met), partly: quoted(partly) };
        assert!(rows.insert(quoted(key).pop_first().unwrap(), row).is_none(), "{key} stands twice");
    }
    rows
}

/// Each comparison of a key with a number, as `<= 7`. Written with spaces, and the key first, in all checks.
fn comparisons(text: &str) -> Vec<(String, String)> {
    let plain: Vec<&str> = text
        .split(|sign: char| sign.is_whitespace() || matches!(sign, '(' | ')' | '!'))
        .filter(|word| !word.is_empty())
        .collect();
    // `!=` has lost its first sign above.
    let compares = |word: &str| matches!(word, "<" | "<=" | ">" | ">=" | "==" | "=");
    let number = |word: &str| word.parse::<f64>().is_ok();
    let mut found = Vec::new();
    for (place, word) in plain.iter().enumerate().filter(|(_, word)| number(word)) {
        let before =
            |steps: usize| place.checked_sub(steps).and_then(|at| plain.get(at)).copied().unwrap_or("");
        assert!(before(2).contains('.') && compares(before(1)), "{word} is compared in another way: {text}");
        assert!(
            plain.get(place + 1).is_none_or(|next| ["&&", "||", "?", ":"].contains(next)),
            "{word} is reckoned with: {text}"
        );
        found.push((before(2).to_owned(), format!("{} {word}", before(1))));
    }
    found
}

#[test]
fn every_number_in_a_check_is_the_one_of_the_table() {
    let (engine, table) = (engine().unwrap(), table());
    let mut used = BTreeSet::new();
    for (id, check) in engine.checks.iter() {
        let full = check.not_applicable_when.iter().chain([&check.satisfied_when]).map(|one| (one, false));
        for (expression, partly) in full.chain(check.partly_when.iter().map(|one| (one, true))) {
            for (key, compared) in comparisons(expression.text()) {
                if compared == "== 0" {
                    continue;
                }
                let row =
                    table.get(&key).unwrap_or_else(|| panic!("{id}: {key} is not in docs/thresholds.md"));
                let even = row.met.contains(&compared) || (partly && row.partly.contains(&compared));
                assert!(even, "{id}: {key} {compared} is not what docs/thresholds.md says");
                used.insert((key, compared));
            }
        }
    }
    for (key, row) in table {
        for compared in row.met.into_iter().chain(row.partly) {
            assert!(used.contains(&(key.clone(), compared.clone())), "no check compares {key} {compared}");
        }
    }
}

#[test]
fn comparisons_are_found_in_all_their_forms() {
    let found = comparisons("a.b && (a.c <= 7 || !(a.d >= -1.0)) && a.e == \"x\" ? a.f == 0 : a.g != 3");
    let plain: Vec<String> = found.into_iter().map(|(key, compared)| format!("{key} {compared}")).collect();
    assert_eq!(plain, ["a.c <= 7", "a.d >= -1.0", "a.f == 0", "a.g = 3"]);
}
