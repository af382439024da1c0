//! What `akashi verify` says about witnesses: whether they cosigned what is checked, and whether checkpoints that were
//! seen elsewhere fit it.

use crate::arguments::Verify;
use crate::codes;
use crate::command::verify::cosigner_key;
use crate::command::witnessing;
use crate::directory;
use crate::terminal::Terminal;
use base::Problem;
use merkle::checkpoint::Checkpoint;
use merkle::cosignature::CosignerKey;
use merkle::note::VerifierKey;
use merkle::proof::{ConsistencyProof, InclusionProof};
use std::path::{Path, PathBuf};
use store::{Lineage, ProofFile, Store, disk};
use witness::{Cosigned, split, too_old, verify_cosigned};

/// The witnesses that must have cosigned, and when at the latest.
pub(crate) struct Demanded {
    keys: Vec<CosignerKey>,
    hours_max: Option<u64>,
}

/// A checkpoint that was seen elsewhere, and that the log has signed.
pub(crate) struct Seen {
    path: PathBuf,
    note: String,
    checkpoint: Checkpoint,
}

impl Demanded {
    pub(crate) fn of(arguments: &Verify) -> Result<Self, Problem> {
        let keys = arguments.witness.iter().map(|key| cosigner_key(key)).collect::<Result<_, _>>()?;
        Ok(Self { keys, hours_max: arguments.witness_hours_max })
    }

    /// Whether anybody must have cosigned.
    pub(crate) fn is_anybody(&self) -> bool {
        !self.keys.is_empty()
    }

    /// Checks that each has cosigned one of these notes, and shows when.
    pub(crate) fn check(&self, terminal: &Terminal, notes: &[String]) -> Result<(), Problem> {
        for key in &self.keys {
            let said = notes.iter().map(|note| verify_cosigned(note, key));
            let newest = said.reduce(|one, other| match (&one, &other) {
                (Ok(first), Ok(second)) if second.seconds > first.seconds => other,
                (Err(_), Ok(_)) => other,
                _ => one,
            });
            let cosigned = newest.unwrap_or_else(|| verify_cosigned("", key))?;
            self.check_age(key, &cosigned)?;
            let (size, time) = (cosigned.head.size, cosigned.time());
            terminal.line(&match terminal.choose("en", "ja") {
                "ja" => format!("  連署 {}: {size} 件、{time}", key.name),
                _ => format!("  cosigned by {}: {size} entries, {time}", key.name),
            });
        }
        Ok(())
    }

    fn check_age(&self, key: &CosignerKey, cosigned: &Cosigned) -> Result<(), Problem> {
        let hours = cosigned.hours_before(directory::world().clock.now());
        match self.hours_max {
            Some(most) if hours > most => Err(too_old(key, hours, most)),
            _ => Ok(()),
        }
    }

    /// Checks the checkpoint in a proof file.
    pub(crate) fn check_proof(&self, terminal: &Terminal, bytes: &[u8]) -> Result<(), Problem> {
        let note = serde_json::from_slice(bytes)
            .ok()
            .and_then(|file: ProofFile| Some(InclusionProof::parse(&file.proof)?.checkpoint));
        self.check(terminal, &note.into_iter().collect::<Vec<_>>())
    }

    /// Checks the newer checkpoint of a consistency proof.
    pub(crate) fn check_consistency(&self, terminal: &Terminal, bytes: &[u8]) -> Result<(), Problem> {
        let proof = std::str::from_utf8(bytes).ok().and_then(ConsistencyProof::parse);
        self.check(terminal, &proof.map(|proof| proof.checkpoint).into_iter().collect::<Vec<_>>())
    }

    /// Checks what a facility keeps of its witnesses: the cosigned checkpoints are of its journal, which was verified.
    pub(crate) fn check_store(&self, terminal: &Terminal, store: &Store) -> Result<(), Problem> {
        let kept = store.inspect(|inside| inside.notes(store::cosigned::COSIGNED))?;
        let notes: Vec<String> = kept.into_iter().map(|(_, note)| note).collect();
        for note in &notes {
            let checkpoint = store::verify_checkpoint_across(note, store.lineage())?;
            fits_store(store, &checkpoint)?;
        }
        self.check(terminal, &notes)
    }
}

/// Reads the checkpoints that were seen elsewhere. Where witnesses are demanded, one of them has cosigned each.
pub(crate) fn read(paths: &[PathBuf], keys: &Lineage, demanded: &Demanded) -> Result<Vec<Seen>, Problem> {
    let read = |path: &PathBuf| {
        let note = disk::read_text(path)?;
        let at = |problem: Problem| problem.at(path.display().to_string());
        let checkpoint = store::verify_checkpoint_across(&note, keys).map_err(at)?;
        let said = demanded.keys.iter().map(|key| verify_cosigned(&note, key));
        said.reduce(|one, other| if one.is_ok() { one } else { other }).transpose().map_err(at)?;
        Ok(Seen { path: path.clone(), note, checkpoint })
    };
    paths.iter().map(read).collect()
}

/// Checks that each is of the journal in a store, which was verified.
pub(crate) fn check_against_store(terminal: &Terminal, store: &Store, seen: &[Seen]) -> Result<(), Problem> {
    for one in seen {
        if let Err(problem) = fits_store(store, &one.checkpoint) {
            let own = store.checkpoint()?;
            show(terminal, terminal.choose("this journal", "このジャーナル"), &own);
            show(terminal, &one.path.display().to_string(), &one.note);
            return Err(problem);
        }
        fitting(terminal, one);
    }
    Ok(())
}

/// Checks that each is of the log in a folder, which was verified.
pub(crate) fn check_against_log(
    terminal: &Terminal,
    folder: &Path,
    key: &VerifierKey,
    seen: &[Seen],
) -> Result<(), Problem> {
    for one in seen {
        if let Err(problem) = store::verify_log(folder, Some(key), Some(&one.note)) {
            show(terminal, &folder.display().to_string(), &disk::read_text(&folder.join("checkpoint"))?);
            show(terminal, &one.path.display().to_string(), &one.note);
            let why = problem.value("what").unwrap_or_default().to_owned();
            return Err(split(key.name.as_str(), &why, "ログが、そのチェックポイントの続きではありません"));
        }
        fitting(terminal, one);
    }
    Ok(())
}

/// Holds checkpoints against each other. Two of one size with two roots are the proof of two histories; of different
/// sizes nothing can be said without the log.
pub(crate) fn compare(terminal: &Terminal, seen: &[Seen]) -> Result<(), Problem> {
    for (index, one) in seen.iter().enumerate() {
        let rest = seen.get(index.saturating_add(1)..).unwrap_or_default();
        let other = rest.iter().find(|other| {
            other.checkpoint.size == one.checkpoint.size && other.checkpoint.root != one.checkpoint.root
        });
        if let Some(other) = other {
            show(terminal, &one.path.display().to_string(), &one.note);
            show(terminal, &other.path.display().to_string(), &other.note);
            return Err(two_roots(&one.checkpoint));
        }
    }
    let sizes: Vec<String> = seen.iter().map(|one| one.checkpoint.size.to_string()).collect();
    if sizes.iter().any(|size| Some(size) != sizes.first()) {
        return Err(Problem::new(&codes::NOT_COMPARABLE).with("sizes", sizes.join(", ")));
    }
    for one in seen {
        fitting(terminal, one);
    }
    Ok(())
}

/// What witnesses said against the journal, with both checkpoints shown where there are two.
pub(crate) fn contradicted(terminal: &Terminal, store: &Store) -> Result<(), Problem> {
    let kept = witness::of_store(store, &[])?;
    for contradiction in kept.iter().filter_map(|kept| kept.contradiction.as_ref()).filter(|one| one.stands())
    {
        show(terminal, terminal.choose("this journal", "このジャーナル"), &contradiction.own);
        if let Some(theirs) = &contradiction.theirs {
            show(terminal, terminal.choose("the witness", "ウィットネス"), theirs);
        }
    }
    witnessing::contradictions(store, &[])?.into_iter().next().map_or(Ok(()), Err)
}

/// Whether a checkpoint is of the past of a journal that was verified.
fn fits_store(store: &Store, checkpoint: &Checkpoint) -> Result<(), Problem> {
    let origin = store.verifier().name.as_str();
    let Some(proof) = store.consistency(checkpoint.size)? else {
        let (there, seen) = (store.size(), checkpoint.size);
        let why = format!("rolled back: {there} entries now, {seen} were signed earlier");
        return Err(split(origin, &why, &format!("巻き戻し：現在 {there} 件、以前の署名は {seen} 件")));
    };
    let newest = store::verify_checkpoint(&proof.checkpoint, store.verifier())?;
    let Checkpoint { size, root, .. } = checkpoint;
    merkle::verify_consistency(*size, root, newest.size, &newest.root, &proof.hashes)
        .map_err(|_| two_roots(checkpoint))
}

fn two_roots(checkpoint: &Checkpoint) -> Problem {
    let (origin, size) = (checkpoint.origin.as_str(), checkpoint.size);
    let why = format!("there is another root for the same {size} entries");
    split(origin, &why, &format!("同じ {size} 件に異なる根があります"))
}

fn fitting(terminal: &Terminal, seen: &Seen) {
    let (path, size) = (seen.path.display(), seen.checkpoint.size);
    terminal.line(&match terminal.choose("en", "ja") {
        "ja" => format!("{path}: 両立します（{size} 件）"),
        _ => format!("{path}: fits, {size} entries"),
    });
}

/// Shows a checkpoint as it is.
fn show(terminal: &Terminal, what: &str, note: &str) {
    terminal.line(&format!("{what}:"));
    for line in note.lines() {
        terminal.line(&format!("  {line}"));
    }
}
