//! Checkpoints that a witness cosigned: verified here, and nowhere believed without.

use crate::codes;
use base::{Problem, Time};
use merkle::Hash;
use merkle::checkpoint::Head;
use merkle::cosignature::{Cosignature, CosignerKey, message};
use merkle::note::SignedNote;
use sha2::{Digest as _, Sha256};

/// A checkpoint with a cosignature that was verified. Whether the log itself signed it is another question.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Cosigned {
    /// What the checkpoint says.
    pub head: Head,
    /// When the witness cosigned it, in seconds since 1970.
    pub seconds: u64,
}

impl Cosigned {
    /// When it was cosigned.
    pub fn time(&self) -> Time {
        let microseconds = i64::try_from(self.seconds).unwrap_or(i64::MAX).saturating_mul(1_000_000);
        Time::from_microseconds(microseconds)
    }

    /// Whole hours since then; 0 for a moment to come.
    pub fn hours_before(&self, now: Time) -> u64 {
        let passed = now.microseconds().saturating_sub(self.time().microseconds());
        u64::try_from(passed / 3_600_000_000).unwrap_or(0)
    }
}

/// Checks that the witness with this key has cosigned a checkpoint (`tlog-cosignature`): at least one line is of the key,
/// and every such line verifies. Of several the newest counts.
///
/// # Errors
/// WI-0014 with what is missing or wrong.
pub fn verify_cosigned(note: &str, key: &CosignerKey) -> Result<Cosigned, Problem> {
    let not = |what: &'static str, what_ja: &'static str| {
        let problem = Problem::new(&codes::NOT_COSIGNED).with("name", &key.name);
        problem.with("what", what).with("what_ja", what_ja).log(what)
    };
    let note = SignedNote::parse(note)
        .ok_or_else(|| not("it is not a signed note", "署名付きノートではありません"))?;
    let head = Head::parse(&note.text)
        .ok_or_else(|| not("its text is malformed", "本文の形式が正しくありません"))?;
    let mut newest = None;
    for line in key.lines_in(&note) {
        let cosignature = Cosignature::of(line);
        let cosignature =
            cosignature.ok_or_else(|| not("the cosignature is malformed", "連署の形式が正しくありません"))?;
        let signed = message(cosignature.seconds, &note.text);
        seal::verify_signature(&key.public, signed.as_bytes(), &cosignature.signature)
            .map_err(|_| not("the cosignature does not verify", "連署が検証に通りません"))?;
        newest = newest.max(Some(cosignature.seconds));
    }
    let seconds =
        newest.ok_or_else(|| not("it has no line of this witness", "このウィットネスの行がありません"))?;
    Ok(Cosigned { head, seconds })
}

/// A cosignature that is older than it may be.
pub fn too_old(key: &CosignerKey, hours: u64, hours_max: u64) -> Problem {
    let problem = Problem::new(&codes::NOT_COSIGNED).with("name", &key.name);
    let what = format!("its newest cosignature is {hours} hours old, at most {hours_max} are allowed");
    problem
        .with("what", &what)
        .with("what_ja", format!("最新の連署は {hours} 時間前のもので、上限は {hours_max} 時間です"))
        .log(what)
}

/// Two checkpoints of one log that cannot both be true, and why.
pub fn split(origin: &str, what: &str, what_ja: &str) -> Problem {
    let problem = Problem::new(&codes::SPLIT).with("origin", origin);
    problem.with("what", what).with("what_ja", what_ja).log(what.to_owned())
}

/// How a log is named in files and addresses of a witness: SHA-256 of its origin, in hexadecimal.
pub fn origin_digest(origin: &str) -> String {
    Hash(Sha256::digest(origin).into()).to_hex()
}
