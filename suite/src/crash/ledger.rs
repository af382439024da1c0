//! What a client was told: each acknowledgement is on the disk before the client goes on.

use super::write::Stored;
use serde_json::json;
use std::fs::{File, OpenOptions};
use std::io::Write;
use std::path::Path;

/// A file of acknowledgements, one a line.
#[derive(Debug)]
pub(crate) struct Ledger(File);

impl Ledger {
    /// Goes on with the file, or begins it.
    pub(crate) fn open(path: &Path) -> Result<Self, String> {
        let file = OpenOptions::new().create(true).append(true).open(path);
        file.map(Self).map_err(|error| format!("{}: {error}", path.display()))
    }

    /// Writes down what was acknowledged; when this returns it is durable.
    pub(crate) fn note(&mut self, round: u32, stored: &[Stored]) -> Result<(), String> {
        let mut lines = String::new();
        for one in stored {
            let content = one.bytes.as_deref().map(String::from_utf8_lossy);
            let (by, who) = (one.by.name(), one.who.account());
            let line = json!({
                "round": round, "address": one.address(), "by": by, "who": who, "tag": one.tag, "content": content,
            });
            lines.push_str(&line.to_string());
            lines.push('\n');
        }
        let written = self.0.write_all(lines.as_bytes()).and_then(|()| self.0.sync_data());
        written.map_err(|error| format!("the ledger: {error}"))
    }
}
