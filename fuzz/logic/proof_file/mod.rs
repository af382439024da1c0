//! Proof files against their verifier: any bytes, edits of genuine files, and signatures over whatever the edits made.
//!
//! The input is read twice: as a proof file, and as a script. The first byte of a script says which genuine file to
//! start from and who signs anew, the rest are edits. `judge` holds what must be true of every verdict.

#![expect(
    clippy::expect_used,
    clippy::indexing_slicing,
    reason = "a broken assumption of the target stops the run, as a finding does"
)]

mod genuine;
mod judge;
mod script;

use genuine::{Journal, Log, journal};
use judge::judge;
use merkle::note::KeyName;
use script::{Draft, Script};

/// Bits of the first byte: which file to start from, and what the signer does.
const FILE: u8 = 0x07;
const FACILITY_SIGNS: u8 = 0x10;
const IMPOSTER_SIGNS: u8 = 0x20;
const DIGEST_ANEW: u8 = 0x40;

/// Sends `data` through the verifier in both ways it can be read.
///
/// # Panics
/// When a verdict breaks a rule: that is the finding.
pub(crate) fn proof_file(data: &[u8]) {
    judge(data, None);
    let journal = journal();
    let mut script = Script::new(data);
    let choice = script.byte();
    let start = usize::from(choice & FILE) % journal.files.len();
    let mut draft = Draft::of(&journal.files[start]);
    let mut late = Vec::new();
    while let Some(edit) = script.edit() {
        let other = Draft::of(&journal.files[edit.other % journal.files.len()]);
        match draft.member_mut(edit.member) {
            Some(member) => edit.apply(member, other.member(edit.member)),
            None => late.push(edit),
        }
    }
    let signed_by = signer(choice, &draft, journal);
    if let Some(log) = &signed_by {
        sign(&mut draft, start, choice & DIGEST_ANEW != 0, log, journal);
    }
    let mut written = Some(draft.written());
    for edit in late {
        edit.apply(&mut written, None);
    }
    let accepted = judge(written.unwrap_or_default().as_bytes(), signed_by.as_ref());
    assert!(accepted || data.len() > 1, "a file that nobody edited is refused");
}

/// Who signs anew, under the name that now stands in the key.
fn signer(choice: u8, draft: &Draft, journal: &Journal) -> Option<Log> {
    let log = match (choice & FACILITY_SIGNS != 0, choice & IMPOSTER_SIGNS != 0) {
        (true, _) => &journal.log,
        (false, true) => &journal.imposter,
        (false, false) => return None,
    };
    let name = draft.text("key").split('+').next().and_then(KeyName::parse);
    Some(log.named(name.unwrap_or_else(|| log.verifier.name.clone())))
}

/// Puts the draft's entry into the journal, proves and signs it there, with the digest of its salt and content if asked.
fn sign(draft: &mut Draft, start: usize, digest_anew: bool, log: &Log, journal: &Journal) {
    if digest_anew && let Some(salt) = merkle::Hash::from_hex(draft.text("salt")) {
        let digest = merkle::Hash(seal::content_digest(&salt.0, draft.text("content").as_bytes())).to_hex();
        let entry = draft.text("entry").replace(&journal.digests[start], &digest);
        draft.set("entry", entry);
    }
    let mut entries = journal.entries.clone();
    let position = genuine::position(start);
    draft.text("entry").clone_into(&mut entries[position]);
    draft.set("proof", log.prove(&entries, position));
    draft.set("key", log.verifier.to_string());
}
