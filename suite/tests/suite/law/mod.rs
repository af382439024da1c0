//! The law by enumeration: every route by every role, nothing of what must not be seen, one entry for each request.

mod asks;
mod entries;
mod foreign;
mod killed;
mod plain;
mod restricted;
mod roles;

use std::fs;
use std::path::Path;

/// Compares with a table in `suite/expected/` that people read. What the server says now is left beside the build.
pub(crate) fn expect(name: &str, found: &str) {
    let expected = Path::new(env!("CARGO_MANIFEST_DIR")).join("expected").join(name);
    let known = fs::read_to_string(&expected).unwrap_or_default();
    if known == found {
        return;
    }
    let now = Path::new(env!("CARGO_TARGET_TMPDIR")).join(name);
    fs::write(&now, found).unwrap();
    let differs = known.lines().zip(found.lines()).find(|(old, new)| old != new);
    panic!(
        "expected/{name} says otherwise than the server, first here: {differs:#?}\nnow: {}",
        now.display()
    );
}
