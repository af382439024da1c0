//! What was asked how often, as a table for people.

use std::collections::BTreeMap;
use std::fmt::Write as _;

/// Counts by kind of parameter and modifier.
#[derive(Default)]
pub(crate) struct Tally {
    /// Queries, queries that found something, results compared.
    rows: BTreeMap<(&'static str, String), [usize; 3]>,
}

impl Tally {
    /// Counts a query under each of its labels.
    pub(crate) fn count(&mut self, labels: impl IntoIterator<Item = (&'static str, String)>, results: usize) {
        for label in labels {
            let [queries, found, compared] = self.rows.entry(label).or_default();
            *queries += 1;
            *found += usize::from(results > 0);
            *compared += results;
        }
    }

    /// Queries under labels of this name.
    pub(crate) fn queries(&self, name: &str) -> usize {
        self.rows.iter().filter(|((label, _), _)| *label == name).map(|(_, counts)| counts[0]).sum()
    }

    pub(crate) fn table(&self) -> String {
        let mut out = format!(
            "{:<14} {:<20} {:>8} {:>12} {:>10}\n",
            "parameter", "modifier", "queries", "with results", "results"
        );
        for ((name, modifier), [queries, found, compared]) in &self.rows {
            writeln!(out, "{name:<14} {modifier:<20} {queries:>8} {found:>12} {compared:>10}").unwrap();
        }
        out
    }
}
