//! A log with a key of our own: whatever entries it holds, they are signed. So what is refused is refused for what it says.

use merkle::checkpoint::Checkpoint;
use merkle::note::{KeyName, Signature, SignedNote, VerifierKey};
use merkle::proof::InclusionProof;
use merkle::tile::{bundles_for, encode_bundle, tiles_for};
use merkle::{Hash, Subtrees, leaf_hash, node_hash};
use seal::{SigningKey, content_digest};
use serde_json::{Value, json};
use std::convert::Infallible;
use std::fs;
use std::path::Path;

pub(crate) const TIME: &str = "2026-04-01T00:00:00.000000Z";
pub(crate) const SALT: [u8; 32] = [7; 32];

/// A log whose key we hold.
pub(crate) struct Forge {
    key: SigningKey,
    pub(crate) verifier: VerifierKey,
    pub(crate) entries: Vec<Vec<u8>>,
}

impl Forge {
    /// With the first entry of a journal.
    pub(crate) fn new() -> Self {
        let mut forge = Self::empty("akashi.local/f/sakura/00000001");
        forge.entries.push(opening("sakura").into_bytes());
        forge
    }

    /// Without any entry, under this origin.
    pub(crate) fn empty(origin: &str) -> Self {
        let key = SigningKey::from_seed(&[42; 32]).unwrap();
        let verifier = VerifierKey::new(KeyName::parse(origin).unwrap(), key.public());
        Self { key, verifier, entries: Vec::new() }
    }

    /// The signed checkpoint of the first `size` entries.
    pub(crate) fn checkpoint(&self, size: usize) -> String {
        let root = self.root(size);
        self.signed(&Checkpoint { origin: self.verifier.name.clone(), size: number(size), root }.text())
    }

    /// Any text, signed.
    pub(crate) fn signed(&self, text: &str) -> String {
        let bytes = self.key.sign(text.as_bytes()).to_vec();
        let signature = Signature { name: self.verifier.name.clone(), key_id: self.verifier.key_id, bytes };
        SignedNote { text: text.to_owned(), signatures: vec![signature] }.to_string()
    }

    /// The root of the first `size` entries, by the plain recursion of RFC 6962.
    pub(crate) fn root(&self, size: usize) -> Hash {
        naive_root(&self.leaves()[..size])
    }

    fn leaves(&self) -> Vec<Hash> {
        self.entries.iter().map(|entry| leaf_hash(entry)).collect()
    }

    /// The `proof` member for an entry among the first `size`.
    pub(crate) fn inclusion(&self, index: usize, size: usize) -> InclusionProof {
        let hashes = merkle::inclusion_proof(number(index), number(size), &Leaves(self.leaves())).unwrap();
        InclusionProof { index: number(index), hashes, checkpoint: self.checkpoint(size) }
    }

    /// The hash of one leaf, as it stands in proofs.
    pub(crate) fn subtree_hash(&self, index: usize) -> String {
        self.leaves()[index].to_base64()
    }

    /// Where proofs get their hashes from.
    pub(crate) fn subtrees(&self) -> Leaves {
        Leaves(self.leaves())
    }

    /// A proof file for an entry among the first `size`. Record and version are taken from `claims`.
    pub(crate) fn proof(&self, index: usize, size: usize, claims: &Claims) -> Value {
        json!({
            "format": "akashi-proof/1",
            "facility": "sakura",
            "record": claims.record,
            "version": claims.version,
            "key": self.verifier.to_string(),
            "proof": self.inclusion(index, size).to_string(),
            "entry": String::from_utf8(self.entries[index].clone()).unwrap(),
            "salt": claims.content.as_ref().map(|_| Hash(SALT).to_hex()),
            "content": claims.content,
        })
    }

    /// Writes the whole log into a folder.
    pub(crate) fn save(&self, folder: &Path) {
        let size = self.entries.len();
        let save = |path: &str, bytes: &[u8]| {
            let file = folder.join(path);
            fs::create_dir_all(file.parent().unwrap()).unwrap();
            fs::write(file, bytes).unwrap();
        };
        for bundle in bundles_for(number(size)) {
            let first = usize::try_from(bundle.first().unwrap()).unwrap();
            let entries = &self.entries[first..first + usize::from(bundle.width)];
            save(&bundle.path(), &encode_bundle(entries).unwrap());
        }
        for tile in tiles_for(number(size)) {
            let first = tile.first().unwrap();
            let hashes = self.subtrees().hashes(tile.level, first, usize::from(tile.width)).unwrap();
            save(&tile.path(), &hashes.iter().flat_map(|hash| hash.0).collect::<Vec<u8>>());
        }
        save("key", format!("{}\n", self.verifier).as_bytes());
        save("checkpoint", self.checkpoint(size).as_bytes());
    }
}

/// What a forged proof file claims.
pub(crate) struct Claims {
    pub(crate) record: String,
    pub(crate) version: u64,
    pub(crate) content: Option<String>,
}

/// The hashes of leaves, and of the subtrees over them.
pub(crate) struct Leaves(Vec<Hash>);

impl Subtrees for Leaves {
    type Error = Infallible;

    fn hashes(&self, level: u8, first: u64, count: usize) -> Result<Vec<Hash>, Infallible> {
        let span = 256_usize.pow(level.into());
        let first = usize::try_from(first).unwrap();
        Ok((first..first + count)
            .map(|index| naive_root(&self.0[index * span..(index + 1) * span]))
            .collect())
    }
}

fn naive_root(leaves: &[Hash]) -> Hash {
    match leaves {
        [] => merkle::empty_root(),
        [leaf] => *leaf,
        several => {
            let (left, right) = several.split_at(several.len().next_power_of_two() / 2);
            node_hash(&naive_root(left), &naive_root(right))
        }
    }
}

fn number(size: usize) -> u64 {
    u64::try_from(size).unwrap()
}

/// The first entry of a facility's journal.
pub(crate) fn opening(facility: &str) -> String {
    format!(
        r#"{{"v":1,"kind":"journal.open","time":"{TIME}","actor":{{"kind":"system","id":"akashi"}},"subject":{{"type":"Facility","id":"{facility}"}}}}"#
    )
}

/// Content of a version, as it is stored.
pub(crate) fn content(id: &str, version: u64) -> String {
    format!(
        r#"{{"resourceType":"Patient","id":"{id}","meta":{{"versionId":"{version}","lastUpdated":"{TIME}"}}}}"#
    )
}

/// Content of a version of an account, in the form of a record's.
pub(crate) fn account(id: &str, version: u64) -> String {
    content(id, version).replace("Patient", "AkashiAccount")
}

/// An entry of a version of an account. With content it carries its digest.
pub(crate) fn identity(kind: &str, id: &str, version: u64, content: Option<&str>) -> String {
    entry(kind, id, version, content).replace("record.", "identity.").replace("Patient", "AkashiAccount")
}

/// An entry of a version. With content it carries its digest.
pub(crate) fn entry(kind: &str, id: &str, version: u64, content: Option<&str>) -> String {
    let digest = content.map(|content| {
        format!(r#","digest":"{}""#, Hash(content_digest(&SALT, content.as_bytes())).to_hex())
    });
    format!(
        r#"{{"v":1,"kind":"record.{kind}","time":"{TIME}","actor":{{"kind":"service","id":"t"}},"subject":{{"type":"Patient","id":"{id}","version":{version}}}{}}}"#,
        digest.unwrap_or_default()
    )
}
