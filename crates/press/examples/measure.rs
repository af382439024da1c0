//! How long a paper of many pages takes: `cargo run --release -p press --example measure [ROWS]`, with rows of a checklist and
//! of its appendix each. Says pages, bytes and the time of the process.

#![expect(
    clippy::unwrap_used,
    clippy::indexing_slicing,
    reason = "it measures, and ends where something is wrong"
)]

#[path = "../tests/paper/sample.rs"]
#[expect(dead_code, reason = "the tests use the rest")]
mod sample;

#[expect(clippy::print_stdout, clippy::disallowed_methods, reason = "it measures, and says what it measured")]
fn main() {
    let rows = std::env::args().nth(1).and_then(|rows| rows.parse().ok()).unwrap_or(600);
    let paper = sample::every_block(base::Language::Japanese, rows);
    let begun = std::time::Instant::now();
    let pages = press::pages(&paper);
    let laid_out = begun.elapsed();
    let begun = std::time::Instant::now();
    let bytes = press::pdf(&paper).map(|bytes| bytes.len());
    println!(
        "{pages:?} pages in {} ms; {bytes:?} bytes in {} ms",
        laid_out.as_millis(),
        begun.elapsed().as_millis()
    );
}
