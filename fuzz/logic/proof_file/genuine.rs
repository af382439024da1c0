//! A small journal with fixed keys, the genuine proof files of its records, and an imposter with a key of the same name.

use merkle::checkpoint::Checkpoint;
use merkle::note::{KeyName, Signature, SignedNote, VerifierKey};
use merkle::proof::InclusionProof;
use merkle::{Hash, Subtrees};
use seal::SigningKey;
use std::convert::Infallible;
use std::sync::OnceLock;
use store::ProofFile;

const NAME: &str = "akashi.local/f/sakura/00000001";

/// Record, version, kind of the entry, and what the content says beyond its stamp. The journal's opening stands before.
const ROWS: [(&str, &str, u64, &str, Option<&str>); 5] = [
    ("Patient", "42", 1, "record.create", Some(r#","active":true}"#)),
    (
        "Observation",
        "a.b-1",
        1,
        "record.create",
        Some(r#","status":"final","valueQuantity":{"value":1.10}}"#),
    ),
    ("Patient", "42", 2, "record.update", Some(r#","name":[{"text":"山田 \"太郎\""}]}"#)),
    ("Observation", "a.b-1", 2, "record.delete", None),
    ("Observation", "a.b-1", 3, "record.create", Some("}")),
];

/// What the genuine facility wrote, and who pretends to be it.
pub(crate) struct Journal {
    /// The facility's log.
    pub(crate) log: Log,
    /// Another key under the same name.
    pub(crate) imposter: Log,
    /// All entries, the opening first.
    pub(crate) entries: Vec<String>,
    /// The proof of every record version, in order.
    pub(crate) files: Vec<ProofFile>,
    /// The digest that stands in the entry of each (`-` for the deletion).
    pub(crate) digests: Vec<String>,
}

/// The journal, made once.
pub(crate) fn journal() -> &'static Journal {
    static JOURNAL: OnceLock<Journal> = OnceLock::new();
    JOURNAL.get_or_init(make)
}

/// Position of the entry that the proof file of this number is about.
pub(crate) fn position(file: usize) -> usize {
    file + 1
}

fn make() -> Journal {
    let log = Log::new(1);
    let opening = r#"{"v":1,"kind":"journal.open","time":"2026-04-01T00:00:00.000000Z","actor":{"kind":"system","id":"akashi"},"subject":{"type":"Facility","id":"sakura"}}"#;
    let mut entries = vec![opening.to_owned()];
    let (mut files, mut digests) = (Vec::new(), Vec::new());
    for (number, (kind, id, version, act, rest)) in (1_u8..).zip(ROWS) {
        let time = format!("2026-04-01T00:00:00.00000{number}Z");
        let content = rest.map(|rest| format!(r#"{{"resourceType":"{kind}","id":"{id}","meta":{{"versionId":"{version}","lastUpdated":"{time}"}}{rest}"#));
        let salt = Hash([number; 32]);
        let digest =
            content.as_ref().map(|content| Hash(seal::content_digest(&salt.0, content.as_bytes())).to_hex());
        let digest_member =
            digest.as_ref().map(|digest| format!(r#","digest":"{digest}""#)).unwrap_or_default();
        let entry = format!(
            r#"{{"v":1,"kind":"{act}","time":"{time}","actor":{{"kind":"service","id":"demo"}},"subject":{{"type":"{kind}","id":"{id}","version":{version}}}{digest_member}}}"#
        );
        files.push(ProofFile {
            format: "akashi-proof/1".to_owned(),
            facility: "sakura".to_owned(),
            record: format!("{kind}/{id}"),
            version,
            key: log.verifier.to_string(),
            proof: String::new(),
            entry: entry.clone(),
            salt: content.as_ref().map(|_| salt.to_hex()),
            content,
        });
        entries.push(entry);
        digests.push(digest.unwrap_or_else(|| "-".to_owned()));
    }
    for (number, file) in files.iter_mut().enumerate() {
        file.proof = log.prove(&entries, position(number));
    }
    Journal { log, imposter: Log::new(2), entries, files, digests }
}

/// A key that signs checkpoints, under a name.
pub(crate) struct Log {
    seed: u8,
    signing: SigningKey,
    /// Its public half.
    pub(crate) verifier: VerifierKey,
}

impl Log {
    fn new(seed: u8) -> Self {
        Self::with_name(seed, KeyName::parse(NAME).expect("a name of the right form"))
    }

    fn with_name(seed: u8, name: KeyName) -> Self {
        let signing = SigningKey::from_seed(&[seed; 32]).expect("a seed of 32 bytes");
        let verifier = VerifierKey::new(name, signing.public());
        Self { seed, signing, verifier }
    }

    /// The same key under another name.
    pub(crate) fn named(&self, name: KeyName) -> Self {
        Self::with_name(self.seed, name)
    }

    /// The `tlog-proof` of the entry at `position`, under a checkpoint over all entries.
    pub(crate) fn prove(&self, entries: &[String], position: usize) -> String {
        let leaves = Leaves(entries.iter().map(|entry| merkle::leaf_hash(entry.as_bytes())).collect());
        let (size, index) = (entries.len() as u64, position as u64);
        let Ok(root) = merkle::root_at(size, &leaves);
        let hashes = merkle::inclusion_proof(index, size, &leaves).unwrap_or_default();
        let text = Checkpoint { origin: self.verifier.name.clone(), size, root }.text();
        let bytes = self.signing.sign(text.as_bytes()).to_vec();
        let VerifierKey { name, key_id, .. } = self.verifier.clone();
        let checkpoint = SignedNote { text, signatures: vec![Signature { name, key_id, bytes }] }.to_string();
        InclusionProof { index, hashes, checkpoint }.to_string()
    }
}

/// Leaf hashes of a tree that fits into one tile.
struct Leaves(Vec<Hash>);

impl Subtrees for Leaves {
    type Error = Infallible;

    fn hashes(&self, level: u8, first: u64, count: usize) -> Result<Vec<Hash>, Infallible> {
        let wanted = self.0.iter().skip(usize::try_from(first).unwrap_or(usize::MAX)).take(count);
        Ok(if level == 0 { wanted.copied().collect() } else { Vec::new() })
    }
}
