//! All sources of real records, and the table of what became of them.

use super::{jp_core, r4_examples, synthea};
use std::fmt::Write as _;
use std::io::Write as _;

/// What became of one source.
#[derive(Debug)]
pub(crate) struct Row {
    /// Where the records come from.
    pub(crate) source: &'static str,
    /// Files sent, each in one request.
    pub(crate) files: usize,
    /// Resources stored of them.
    pub(crate) resources: usize,
    /// Files that went in.
    pub(crate) accepted: usize,
    /// Files that were refused, each for a reason that stands in the list of its source.
    pub(crate) refused: usize,
    /// Files that came back with equal values and the same number texts.
    pub(crate) equal: usize,
}

fn table(rows: &[Row]) -> String {
    let mut text = format!(
        "{:<34} {:>6} {:>10} {:>9} {:>8} {:>6}\n",
        "source", "files", "resources", "accepted", "refused", "equal"
    );
    for Row { source, files, resources, accepted, refused, equal } in rows {
        writeln!(text, "{source:<34} {files:>6} {resources:>10} {accepted:>9} {refused:>8} {equal:>6}")
            .unwrap();
    }
    text
}

#[test]
fn all_real_records_go_in_and_come_back_equal_but_for_files_that_are_wrong() {
    let sources = [synthea::sent, jp_core::sent, r4_examples::sent];
    let rows: Vec<Row> = std::thread::scope(|scope| {
        let running = sources.map(|source| scope.spawn(source));
        running.into_iter().filter_map(|source| source.join().unwrap()).collect()
    });
    for Row { source, files, accepted, refused, equal, .. } in &rows {
        assert_eq!((accepted + refused, equal), (*files, accepted), "{source}");
    }
    // Past the test runner: the table is for whoever runs the tests.
    std::io::stderr().write_all(table(&rows).as_bytes()).unwrap();
}
