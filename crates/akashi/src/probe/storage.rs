//! The journal and its file: looked at as they lie on the disk.

use super::Sight;
use guideline::Fact;
use std::io::Read;
use std::os::unix::fs::MetadataExt;
use std::path::Path;

/// With what an unencrypted database file begins (SQLite file format, section 1.2).
const PLAIN: &[u8] = b"SQLite format 3\0";

pub(super) fn look(sight: &Sight<'_>) -> Vec<Fact> {
    let store = &sight.opened.store;
    let entries = usize::try_from(store.size()).unwrap_or(usize::MAX);
    let mut facts = vec![
        sight.count("runtime.journal.entries", entries, ("最新のチェックポイント", "newest checkpoint")),
        sight.yes_no("runtime.journal.halted", store.halted(), ("書き込み処理の状態", "state of the writer")),
    ];
    facts.extend(encrypted(sight).map(|yes| {
        sight.yes_no("runtime.encryption.at_rest", yes, ("ファイルの先頭を確認", "first bytes of the file"))
    }));
    facts.extend(separated(sight).map(|yes| {
        let how = ("両方のファイルシステムを比較", "file systems of both compared");
        sight.yes_no("runtime.keys.separated", yes, how)
    }));
    facts
}

/// Whether the master key lies on another file system than the journal; none where one of them cannot be looked at.
fn separated(sight: &Sight<'_>) -> Option<bool> {
    let device = |path: &Path| std::fs::metadata(path).map(|about| about.dev()).ok();
    let folder = store::folder(sight.data, sight.opened.identity.facility());
    Some(device(&sight.data.join("master.key"))? != device(&folder.join("journal.db"))?)
}

/// Whether the database's file is unreadable without its key; none where it cannot be looked at.
fn encrypted(sight: &Sight<'_>) -> Option<bool> {
    let folder = store::folder(sight.data, sight.opened.identity.facility());
    let mut first = [0; 16];
    std::fs::File::open(folder.join("journal.db")).ok()?.read_exact(&mut first).ok()?;
    Some(first != PLAIN)
}
