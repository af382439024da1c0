//! Cosignatures of witnesses, kept as notes beside the checkpoints that they are on (formats, section 16). Whoever keeps
//! them has verified them; here they are put below the checkpoint whose text they are on, and nowhere else.

use crate::snapshot::Snapshot;
use base::Problem;
use merkle::checkpoint::Checkpoint;
use merkle::note::SignedNote;

/// What stands before the id of a witness in the name of the note with the newest checkpoint that it cosigned.
pub const COSIGNED: &str = "witness/cosigned/";
/// The same for the note that says how a witness contradicted the journal.
pub const CONTRADICTED: &str = "witness/contradicted/";

/// A checkpoint of this journal with the signature lines of witnesses below that of the facility.
#[derive(Clone, Debug, PartialEq, Eq)]
pub(crate) struct Cosigned {
    /// Its size.
    pub(crate) size: u64,
    /// The note.
    pub(crate) note: String,
}

impl Snapshot<'_> {
    /// The newest checkpoint that a witness has cosigned; none where none did. A kept one that is not of this journal's
    /// past, as it is after a damage, is not shown.
    pub(crate) fn cosigned(&self) -> Result<Option<Cosigned>, Problem> {
        let mut newest: Option<(u64, SignedNote)> = None;
        for (_, text) in self.notes(COSIGNED)? {
            let Some((size, kept)) = read(&text) else { continue };
            match &mut newest {
                Some((other, note)) if *other == size && note.text == kept.text => {
                    let more = kept.signatures.into_iter().filter(|one| !note.signatures.contains(one));
                    note.signatures.extend(more.collect::<Vec<_>>());
                }
                Some((other, _)) if *other >= size => {}
                _ if self.signed_as(size, &kept.text)? => newest = Some((size, kept)),
                _ => {}
            }
        }
        Ok(newest.map(|(size, note)| Cosigned { size, note: note.to_string() }))
    }

    /// The newest checkpoint, with the lines of witnesses where they are on this one.
    pub(crate) fn newest_with_cosignatures(&self) -> Result<String, Problem> {
        let (newest, _) = self.newest_checkpoint()?;
        let cosigned = self.cosigned()?;
        let of_newest = cosigned.filter(|cosigned| cosigned.size.to_string() == size_line(&newest));
        Ok(of_newest.map_or(newest, |cosigned| cosigned.note))
    }

    /// Whether this journal once signed this text for this size.
    fn signed_as(&self, size: u64, text: &str) -> Result<bool, Problem> {
        let note = self.checkpoint_of(size)?.and_then(|note| SignedNote::parse(&note));
        Ok(note.is_some_and(|note| note.text == text))
    }
}

/// A kept note with its size.
fn read(text: &str) -> Option<(u64, SignedNote)> {
    let note = SignedNote::parse(text)?;
    Some((Checkpoint::parse(&note.text)?.size, note))
}

/// The second line of a checkpoint.
fn size_line(note: &str) -> &str {
    note.lines().nth(1).unwrap_or_default()
}
