//! The journal and its file: looked at as they lie on the disk.

use super::Sight;
use guideline::{Fact, Value};
use std::io::Read;

/// With what an unencrypted database file begins (SQLite file format, section 1.2).
const PLAIN: &[u8] = b"SQLite format 3\0";

pub(super) fn look(sight: &Sight<'_>) -> Vec<Fact> {
    let store = &sight.opened.store;
    let entries = usize::try_from(store.size()).unwrap_or(usize::MAX);
    let mut facts = vec![
        sight.count("runtime.journal.entries", entries, ("最新のチェックポイント", "newest checkpoint")),
        sight.yes_no("runtime.journal.halted", store.halted(), ("書き込み処理の状態", "state of the writer")),
        sight.fact(
            "runtime.software.version",
            Value::Text(env!("CARGO_PKG_VERSION").to_owned()),
            ("動作中のプログラム", "the running program"),
        ),
    ];
    facts.extend(encrypted(sight).map(|yes| {
        sight.yes_no("runtime.encryption.at_rest", yes, ("ファイルの先頭を確認", "first bytes of the file"))
    }));
    facts
}

/// Whether the database's file is unreadable without its key; none where it cannot be looked at.
fn encrypted(sight: &Sight<'_>) -> Option<bool> {
    let folder = store::folder(sight.data, sight.opened.identity.facility());
    let mut first = [0; 16];
    std::fs::File::open(folder.join("journal.db")).ok()?.read_exact(&mut first).ok()?;
    Some(first != PLAIN)
}
