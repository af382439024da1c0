//! What a facility keeps of its witnesses beside its journal: the newest checkpoint that each cosigned, and what it said
//! against the journal. The latter is never taken back: it is only noted when the witness has cosigned since.

use crate::cosigned::{Cosigned, verify_cosigned};
use base::{Problem, Time};
use merkle::cosignature::CosignerKey;
use serde::{Deserialize, Serialize};
use store::cosigned::{CONTRADICTED, COSIGNED};
use store::{Note, Store};

/// The number in `format`.
const FORMAT: u64 = 1;

/// What a witness says against a journal.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Serialize, Deserialize)]
#[serde(rename_all = "kebab-case")]
pub enum Says {
    /// It has seen more entries than there are: the journal was rolled back.
    Larger,
    /// It has seen another root for as many entries.
    OtherRoot,
    /// What it has seen is not the beginning of what there is.
    NotContinued,
}

/// That a witness contradicted a journal (formats, section 16).
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
#[serde(deny_unknown_fields)]
pub struct Contradiction {
    /// The number 1.
    pub format: u64,
    /// What it says.
    pub says: Says,
    /// When it said so first, and last (RFC 3339).
    pub first: String,
    /// See `first`.
    pub last: String,
    /// The size that the witness says it cosigned last.
    pub size: u64,
    /// The checkpoint that it was asked to cosign.
    pub own: String,
    /// The checkpoint that it cosigned instead, which carries the journal's own signature and does not fit the journal:
    /// the proof. None where the witness did not show it, and all there is is its word.
    pub theirs: Option<String>,
    /// When it cosigned this journal again, which it does only for what continues all it has seen (RFC 3339).
    pub since: Option<String>,
}

impl Contradiction {
    /// Whether nothing came since that refutes it.
    pub fn stands(&self) -> bool {
        self.since.is_none()
    }

    /// Whether it is shown by two checkpoints of the journal's own key, not by the word of the witness alone.
    pub fn is_proven(&self) -> bool {
        self.theirs.is_some()
    }
}

/// What is kept of one witness.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Kept {
    /// Its name and key id.
    pub witness: String,
    /// The newest checkpoint that it cosigned, where its key is known and the cosignature verifies.
    pub cosigned: Option<Cosigned>,
    /// What it said against the journal.
    pub contradiction: Option<Contradiction>,
}

/// What a facility keeps of all its witnesses, by their ids; of those whose keys are not given the cosignatures are left
/// out, since nobody can say that they are good. What cannot be read is left out as well.
///
/// # Errors
/// The store cannot be read.
pub fn of_store(store: &Store, keys: &[CosignerKey]) -> Result<Vec<Kept>, Problem> {
    let (cosigned, contradicted) =
        store.inspect(|inside| Ok::<_, Problem>((inside.notes(COSIGNED)?, inside.notes(CONTRADICTED)?)))?;
    let mut all: Vec<Kept> = Vec::new();
    for (name, text) in cosigned {
        let witness = name.strip_prefix(COSIGNED).unwrap_or_default().to_owned();
        let key = keys.iter().find(|key| key.id() == witness);
        let cosigned = key.and_then(|key| verify_cosigned(&text, key).ok());
        all.push(Kept { witness, cosigned, contradiction: None });
    }
    for (name, text) in contradicted {
        let witness = name.strip_prefix(CONTRADICTED).unwrap_or_default().to_owned();
        let contradiction = serde_json::from_str(&text).ok();
        match all.iter_mut().find(|kept| kept.witness == witness) {
            Some(kept) => kept.contradiction = contradiction,
            None => all.push(Kept { witness, cosigned: None, contradiction }),
        }
    }
    Ok(all)
}

/// What is kept of one witness.
pub(crate) fn of_one(store: &Store, key: &CosignerKey) -> Result<Kept, Problem> {
    let id = key.id();
    let all = of_store(store, std::slice::from_ref(key))?;
    let nothing = || Kept { witness: id.clone(), cosigned: None, contradiction: None };
    Ok(all.into_iter().find(|kept| kept.witness == id).unwrap_or_else(nothing))
}

/// The note with a cosigned checkpoint.
pub(crate) fn cosigned_note(key: &CosignerKey, checkpoint: &str) -> Note {
    Note { name: format!("{COSIGNED}{}", key.id()), text: Some(checkpoint.to_owned()) }
}

/// The note with a contradiction. It always has its form.
pub(crate) fn contradicted_note(key: &CosignerKey, contradiction: &Contradiction) -> Note {
    let text = serde_json::to_string(contradiction).unwrap_or_default();
    Note { name: format!("{CONTRADICTED}{}", key.id()), text: Some(text) }
}

/// What a witness says now, put to what it said before: a proof once found is kept.
pub(crate) fn joined(before: Option<&Contradiction>, now: Contradiction) -> Contradiction {
    let Some(before) = before else { return now };
    let first = before.first.clone();
    if before.is_proven() && !now.is_proven() {
        return Contradiction { last: now.last, since: None, ..before.clone() };
    }
    Contradiction { first, ..now }
}

/// A contradiction that is told for the first time.
pub(crate) fn told(says: Says, size: u64, own: String, theirs: Option<String>, now: Time) -> Contradiction {
    let now = now.to_string();
    Contradiction { format: FORMAT, says, first: now.clone(), last: now, size, own, theirs, since: None }
}
