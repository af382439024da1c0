//! A proof file, read as far as a page shows it. What it says counts for nothing before it was verified.

use super::Made;
use base::Language;
use fhir::Node;
use fhir::readable::day;
use serde_json::Value;

/// What a proof file says.
pub(super) struct ProofFile {
    /// Who, when, why.
    pub(super) made: Made,
    /// The content of the version; none of a deletion.
    pub(super) content: Option<Value>,
    /// The same with numbers as they were written.
    pub(super) written: Option<Node>,
    /// The digest of the content, hexadecimal.
    pub(super) digest: Option<String>,
    /// Who signed the checkpoint beside the facility: the names of its witnesses.
    pub(super) witnesses: Vec<String>,
}

impl ProofFile {
    /// Reads it; none where it is no proof file.
    pub(super) fn read(bytes: &[u8], language: Language) -> Option<Self> {
        let file: Value = serde_json::from_slice(bytes).ok()?;
        let member = |name: &str| file.get(name).and_then(Value::as_str);
        let entry: Value = serde_json::from_str(member("entry")?).ok()?;
        let text = |at: &str| entry.pointer(at).and_then(Value::as_str).map(str::to_owned);
        let proof = member("proof")?;
        let position = proof.lines().find_map(|line| line.strip_prefix("index "))?.to_owned();
        let time = text("/time")?;
        let author = text("/actor/id")?;
        let made = Made {
            time: day(&time, language).unwrap_or(time),
            responsible: text("/state/responsible").filter(|one| *one != author),
            entered: text("/state/entered").filter(|one| *one != author),
            author,
            state: text("/state/is"),
            reason: text("/reason"),
            position,
            names: Vec::new(),
        };
        let own = member("key")?.split('+').next().unwrap_or_default();
        let content = member("content").and_then(|content| serde_json::from_str(content).ok());
        let written = member("content").and_then(|content| fhir::json::parse(content.as_bytes()).ok());
        Some(Self { made, content, written, digest: text("/digest"), witnesses: signers(proof, own) })
    }
}

/// Who signed a checkpoint (C2SP signed-note: lines of a dash, a name and a signature), without the facility.
fn signers(proof: &str, own: &str) -> Vec<String> {
    let names = proof.lines().filter_map(|line| line.strip_prefix("\u{2014} ")?.split(' ').next());
    names.filter(|name| *name != own).map(str::to_owned).collect()
}
