//! The folder of one facility: its name towards the world, and its keys, sealed by the master key.

use crate::codes;
use crate::disk::{self, Readable};
use crate::verify::{self, Lineage, Succeeded};
use base::{Entropy, FacilityId, Problem, Secret};
use base64::Engine;
use base64::engine::general_purpose::STANDARD;
use merkle::note::{KeyName, VerifierKey};
use seal::{DataKey, MasterKey, SigningKey};
use serde::{Deserialize, Serialize};
use std::path::{Path, PathBuf};

const FORMAT: &str = "akashi-facility/1";
/// That of a journal which other keys have signed before.
const FORMAT_OF_SUCCESSOR: &str = "akashi-facility/2";

/// `facility.json` (formats, section 7).
#[derive(Debug, Serialize, Deserialize)]
#[serde(deny_unknown_fields)]
struct FacilityFile {
    format: String,
    facility: String,
    origin: String,
    key: String,
    /// The keys that signed before this one, the first of them first.
    #[serde(default, skip_serializing_if = "Vec::is_empty")]
    earlier: Vec<EarlierKey>,
    data_key: String,
    signing_key: String,
}

/// A key that signed before, and the position of the entry by which another took its place.
#[derive(Debug, Serialize, Deserialize)]
#[serde(deny_unknown_fields)]
struct EarlierKey {
    key: String,
    succeeded_at: u64,
}

/// What a facility needs to read and sign: its id, its origin and its keys.
#[derive(Debug)]
pub struct FacilityKeys {
    /// The facility.
    pub facility: FacilityId,
    /// Name and public half of the signing key; the name is the checkpoints' origin.
    pub verifier: VerifierKey,
    /// The keys that signed before, and then this one.
    pub(crate) lineage: Lineage,
    pub(crate) data_key: DataKey,
    pub(crate) signing_key: SigningKey,
}

/// Where a facility's files are.
pub fn folder(data: &Path, facility: &FacilityId) -> PathBuf {
    data.join("facilities").join(facility.as_str())
}

/// The facilities of a data directory, sorted.
pub fn list(data: &Path) -> Result<Vec<FacilityId>, Problem> {
    let folder = data.join("facilities");
    let names = match std::fs::read_dir(&folder) {
        Ok(names) => names,
        Err(error) if error.kind() == std::io::ErrorKind::NotFound => return Ok(Vec::new()),
        Err(error) => return Err(disk::file_problem(&folder, &error)),
    };
    let mut found = Vec::new();
    for name in names {
        let name = name.map_err(|error| disk::file_problem(&folder, &error))?;
        let complete = name.path().join("facility.json").is_file();
        found.extend(name.file_name().to_str().filter(|_| complete).and_then(FacilityId::parse));
    }
    found.sort();
    Ok(found)
}

impl FacilityKeys {
    /// Makes the keys of a new facility. Nothing is written yet.
    pub fn generate(facility: FacilityId, entropy: &dyn Entropy) -> Result<Self, Problem> {
        let signing_key = SigningKey::generate(entropy)?;
        let mut tag = [0; 4];
        entropy.fill(&mut tag).map_err(|_| Problem::new(&codes::ENTROPY))?;
        // The random tag keeps two installations apart that both name a facility `demo`.
        let origin = format!("akashi.local/f/{facility}/{:08x}", u32::from_be_bytes(tag));
        let name = KeyName::parse(&origin).ok_or_else(|| wrong("the origin"))?;
        Self::of(facility, name, signing_key, entropy)
    }

    /// Makes the keys by which a journal from elsewhere is going to be continued. Nothing is written yet.
    pub(crate) fn succeeding(before: &VerifierKey, entropy: &dyn Entropy) -> Result<Self, Problem> {
        let facility = verify::facility_of(before).and_then(FacilityId::parse);
        let facility = facility.ok_or_else(|| wrong("the origin"))?;
        Self::of(facility, before.name.clone(), SigningKey::generate(entropy)?, entropy)
    }

    fn of(
        facility: FacilityId,
        name: KeyName,
        signing_key: SigningKey,
        entropy: &dyn Entropy,
    ) -> Result<Self, Problem> {
        let verifier = VerifierKey::new(name, signing_key.public());
        let (lineage, data_key) = (Lineage::of(verifier.clone()), DataKey::generate(entropy)?);
        Ok(Self { facility, verifier, lineage, data_key, signing_key })
    }

    /// Writes `facility.json` into the facility's folder.
    pub fn write(&self, folder: &Path, master: &MasterKey, entropy: &dyn Entropy) -> Result<(), Problem> {
        let seal = |what: &str, key: &[u8]| {
            master.seal(&purpose(what, &self.facility), key, entropy).map(|sealed| STANDARD.encode(sealed))
        };
        let earlier: Vec<EarlierKey> = self
            .lineage
            .successions()
            .iter()
            .map(|one| EarlierKey { key: one.from.to_string(), succeeded_at: one.position })
            .collect();
        let file = FacilityFile {
            format: if earlier.is_empty() { FORMAT } else { FORMAT_OF_SUCCESSOR }.to_owned(),
            earlier,
            facility: self.facility.to_string(),
            origin: self.verifier.name.to_string(),
            key: self.verifier.to_string(),
            data_key: seal("data", self.data_key.bytes().reveal().as_slice())?,
            signing_key: seal("signing", self.signing_key.seed().reveal().as_slice())?,
        };
        let text = serde_json::to_vec_pretty(&file).map_err(|_| wrong("facility.json"))?;
        disk::write_whole(&folder.join("facility.json"), &text, Readable::OwnerOnly)
    }

    /// Reads and unseals the keys of a facility.
    pub fn read(data: &Path, facility: &FacilityId, master: &MasterKey) -> Result<Self, Problem> {
        Self::read_in(&folder(data, facility), facility, master)
    }

    /// The same of a folder that stands elsewhere.
    pub(crate) fn read_in(folder: &Path, facility: &FacilityId, master: &MasterKey) -> Result<Self, Problem> {
        let path = folder.join("facility.json");
        if !path.exists() {
            return Err(Problem::new(&codes::FACILITY_ABSENT).with("facility", facility));
        }
        let file: FacilityFile = serde_json::from_str(&disk::read_text(&path)?).map_err(|error| {
            Problem::new(&codes::FILE)
                .with("file", path.display())
                .with("reason", &error)
                .log("facility.json")
        })?;
        if ![FORMAT, FORMAT_OF_SUCCESSOR].contains(&&*file.format) {
            return Err(Problem::new(&codes::FORMAT)
                .with("file", path.display())
                .with("found", file.format)
                .with("known", FORMAT_OF_SUCCESSOR));
        }
        let unseal = |what: &str, sealed: &str| -> Result<Secret<Vec<u8>>, Problem> {
            let sealed = STANDARD.decode(sealed).map_err(|_| wrong_key(&path))?;
            master.unseal(&purpose(what, facility), &sealed).map_err(|_| wrong_key(&path))
        };
        let signing_key = SigningKey::from_seed(unseal("signing", &file.signing_key)?.reveal())?;
        let verifier = KeyName::parse(&file.origin).map(|name| VerifierKey::new(name, signing_key.public()));
        let verifier = verifier.filter(|key| key.to_string() == file.key).ok_or_else(|| wrong_key(&path))?;
        Ok(Self {
            facility: facility.clone(),
            lineage: lineage(&file.earlier, &verifier).ok_or_else(|| wrong_key(&path))?,
            verifier,
            data_key: DataKey::from_bytes(unseal("data", &file.data_key)?.reveal())?,
            signing_key,
        })
    }
}

/// The verifier key of a facility, read without unsealing anything.
pub fn verifier_key(data: &Path, facility: &FacilityId) -> Result<VerifierKey, Problem> {
    let path = folder(data, facility).join("facility.json");
    let file: FacilityFile = serde_json::from_str(&disk::read_text(&path)?).map_err(|_| wrong_key(&path))?;
    VerifierKey::parse(&file.key).ok_or_else(|| wrong_key(&path))
}

/// The keys before, each with the one after it.
fn lineage(earlier: &[EarlierKey], last: &VerifierKey) -> Option<Lineage> {
    let keys = earlier.iter().map(|one| VerifierKey::parse(&one.key)).chain([Some(last.clone())]);
    let keys = keys.collect::<Option<Vec<_>>>()?;
    let mut lineage = Lineage::of(keys.first()?.clone());
    for (one, to) in earlier.iter().zip(keys.iter().skip(1)) {
        let from = lineage.last().clone();
        lineage.push(Succeeded { position: one.succeeded_at, from, to: to.clone() }).ok()?;
    }
    Some(lineage)
}

fn purpose(what: &str, facility: &FacilityId) -> String {
    format!("facility/{facility}/{what}-key")
}

fn wrong_key(path: &Path) -> Problem {
    Problem::new(&codes::WRONG_KEY).with("file", path.display()).log("a sealed key does not open")
}

fn wrong(what: &str) -> Problem {
    Problem::new(&codes::CORRUPT).with("what", what)
}
