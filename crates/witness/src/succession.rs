//! Another key takes the place of one that signs a log: believed by the handover that the key before has signed, where it is
//! in the very tree that the witness cosigned last (formats, section 20). Nobody's word is taken for it.

use crate::codes;
use crate::cosigned::origin_digest;
use crate::folder::{Folder, Last, Log};
use base::Problem;
use merkle::checkpoint::Checkpoint;
use merkle::note::{SignedNote, VerifierKey};
use merkle::proof::InclusionProof;
use std::path::Path;
use store::{Lineage, ProofFile};

/// That one key of a log has taken the place of another.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Succession {
    /// The log.
    pub origin: String,
    /// The key that signs nothing more.
    pub from: VerifierKey,
    /// The key that signs from now on.
    pub to: VerifierKey,
}

/// Lets a witness cosign what the successor of a log's key signs, and nothing more that the key before signs. The witness
/// may serve meanwhile. Done again it changes nothing.
///
/// # Errors
/// WI-0016: it is no handover, no trusted key has signed it, or its checkpoint is not the one that was cosigned last.
pub fn succeed(folder: &Path, handover: &[u8]) -> Result<Succession, Problem> {
    let folder = Folder::at(folder)?;
    let _lock = folder.lock_trusted()?;
    let (_, public) = folder.key()?;
    let head = head_of(handover).ok_or_else(|| wrong("it is no handover", "引き渡しの証明ではない"))?;
    let unknown =
        || wrong("this witness does not know its log", "このウィットネスに、このログが登録されていない");
    let log = folder.trusted(&origin_digest(head.origin.as_str()))?.ok_or_else(unknown)?;
    let succession = signed(&log, handover, head.size)?;
    if log.former.contains(&succession.from) && log.keys.contains(&succession.to) {
        return Ok(succession);
    }
    if !log.keys.contains(&succession.from) || log.former.contains(&succession.to) {
        return Err(wrong(
            "another key has already taken the place of the one that signed it",
            "署名した鍵は、すでに別の鍵に引き継がれている",
        ));
    }
    let last = folder.last(&log, &public)?;
    seen(last.as_ref(), &head)?;
    folder.put_trusted(&after(log, &succession))?;
    Ok(succession)
}

/// The checkpoint in a handover. Nothing is verified.
fn head_of(handover: &[u8]) -> Option<Checkpoint> {
    let file: ProofFile = serde_json::from_slice(handover).ok()?;
    let note = SignedNote::parse(&InclusionProof::parse(&file.proof)?.checkpoint)?;
    Checkpoint::parse(&note.text)
}

/// What a handover of `size` entries says that a key of the log has signed: the succession is the last of them.
fn signed(log: &Log, handover: &[u8], size: u64) -> Result<Succession, Problem> {
    let file = [handover.to_vec()];
    let of_key = |key: &VerifierKey| {
        let lineage = Lineage::follow(key.clone(), &file).ok()?;
        let one = lineage.successions().first().filter(|one| one.position.saturating_add(1) == size)?;
        Some(Succession { origin: log.origin.clone(), from: one.from.clone(), to: one.to.clone() })
    };
    log.keys.iter().chain(&log.former).find_map(of_key).ok_or_else(|| {
        wrong(
            "it is not valid, or no key that this witness trusts for the log has signed it",
            "正しくないか、このログについて登録済みの鍵による署名がない",
        )
    })
}

/// That the tree of the handover is the one that was cosigned last: what is cosigned later continues it.
fn seen(last: Option<&Last>, head: &Checkpoint) -> Result<(), Problem> {
    let (size, root) = last.map_or((0, None), |last| (last.head.size, Some(&last.head.root)));
    if size < head.size {
        let ends = head.size;
        return Err(wrong(
            &format!(
                "it ends with entry {ends}, and {size} entries were cosigned. Let the new installation ask first (it does at its start and at its interval; `akashi witness ask`), or `akashi witness cosign` the log of the complete export"
            ),
            &format!(
                "引き渡しは {ends} 件目で、連署済みは {size} 件。先に、新しい環境から問い合わせてもらう（起動時と一定間隔で自動的に行われる。手動では `akashi witness ask`）か、完全な書き出しのログに `akashi witness cosign` を実行する"
            ),
        ));
    }
    if size == head.size && root == Some(&head.root) {
        return Ok(());
    }
    Err(wrong(
        &format!(
            "this witness cosigned {size} entries of the log, which do not end with this handover: the log went on with the key before, or has two histories. Keep the handover and the checkpoint of this witness; they show which"
        ),
        &format!(
            "このウィットネスは {size} 件に連署しており、この引き渡しで終わっていない。前の鍵でログが続いたか、2 つの履歴がある。引き渡しの証明と、このウィットネスのチェックポイントを証拠として保管する"
        ),
    ))
}

/// A log whose key was succeeded. Others beside it stay as they are.
fn after(mut log: Log, succession: &Succession) -> Log {
    log.keys.retain(|key| *key != succession.from && *key != succession.to);
    log.keys.push(succession.to.clone());
    log.former.push(succession.from.clone());
    log
}

fn wrong(what: &str, what_ja: &str) -> Problem {
    Problem::new(&codes::HANDOVER_WRONG).with("what", what).with("what_ja", what_ja).log("a handover")
}
