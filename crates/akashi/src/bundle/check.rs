//! Whether a bundle is what the facility handed out: every file by the digest in the entry, the entry and the assessments
//! by their proofs, and nothing else in it.

use super::archive::{self, Member};
use super::{FILES, OWN_PROOF, proof_name, wrong};
use base::{Problem, Time};
use data_encoding::HEXLOWER;
use guideline::Moment;
use serde::Deserialize;
use serde_json::{Value, json};
use sha2::{Digest, Sha256};
use std::collections::BTreeMap;
use store::{Lineage, ProofFile, Report};

/// The type of the entry by which a report is handed out, and of those that it rests on.
const REPORT: &str = "AkashiReport/";
const ASSESSMENT: &str = "AkashiAssessment/";

/// A bundle that is good.
#[derive(Debug)]
pub(crate) struct Found {
    /// The proof of its entry.
    pub(crate) report: Report,
    /// All proofs, that of its entry first.
    pub(crate) proofs: Vec<Vec<u8>>,
    /// Which report it is.
    pub(crate) form: String,
    /// Which version of it.
    pub(crate) version: u64,
    /// As of when it speaks.
    pub(crate) as_of: Time,
    /// How many assessments it rests on.
    pub(crate) assessments: usize,
}

/// What the entry of a bundle says.
#[derive(Debug, Deserialize)]
struct Entered {
    form: String,
    edition: String,
    language: String,
    facility: String,
    version: u64,
    output: String,
    files: Vec<Named>,
    as_of: Moment,
    positions: Vec<u64>,
}

#[derive(Debug, Deserialize)]
struct Named {
    name: String,
    sha256: String,
    bytes: usize,
}

#[derive(Debug, Deserialize)]
struct Envelope<T> {
    body: T,
}

/// Checks a bundle. Where keys are given, one of them signed all of it.
///
/// # Errors
/// Something in it is not as it was handed out.
pub(crate) fn check(bytes: &[u8], keys: Option<&Lineage>) -> Result<Found, Problem> {
    let members = archive::read(bytes).map_err(wrong)?;
    let proof = |name: &str| {
        let found = members.iter().find(|member| member.name == name);
        let found = found.ok_or_else(|| wrong(format!("{name} is missing")))?;
        proven(found, keys)
    };
    let (report, own) = proof(OWN_PROOF)?;
    let entered: Entered = body(&own, REPORT).map_err(wrong)?;
    if entered.output != "bundle" {
        return Err(wrong("its entry is not that of a bundle".to_owned()));
    }
    are_those(&members, &entered).map_err(wrong)?;
    let mut proofs = vec![(report.clone(), own)];
    for number in 1..=entered.positions.len() {
        proofs.push(proof(&proof_name(number))?);
    }
    of_one_log(&proofs).map_err(wrong)?;
    rests_on(&entered, &proofs).map_err(wrong)?;
    says(&members, &entered).map_err(wrong)?;
    has_facts(&members, &proofs).map_err(wrong)?;
    // What else stands in the file, such as the moments of its members: there is one way only to write it.
    if archive::write(&members, entered.as_of.0).map_err(wrong)? != bytes {
        return Err(wrong("it is not written as bundles are".to_owned()));
    }
    let of_proof = |name: String| members.iter().find(|member| member.name == name);
    let names = std::iter::once(OWN_PROOF.to_owned()).chain((1..=entered.positions.len()).map(proof_name));
    Ok(Found {
        report,
        proofs: names.filter_map(of_proof).map(|member| member.bytes.clone()).collect(),
        form: entered.form,
        version: entered.version,
        as_of: entered.as_of.0,
        assessments: entered.positions.len(),
    })
}

/// A proof that is good, and written in the one way in which proofs are.
fn proven(member: &Member, keys: Option<&Lineage>) -> Result<(Report, ProofFile), Problem> {
    let report = match keys {
        Some(keys) => store::verify_proof_across(&member.bytes, keys),
        None => store::verify_proof(&member.bytes, None),
    };
    let named = |problem: Problem| {
        let what = problem.value("what").unwrap_or_default().to_owned();
        if problem.code() == &store::codes::WRONG {
            wrong(format!("{}: {what}", member.name))
        } else {
            problem
        }
    };
    let report = report.map_err(named)?;
    let file: Option<ProofFile> = serde_json::from_slice(&member.bytes).ok();
    let file = file.filter(|file| file.to_bytes().is_ok_and(|again| again == member.bytes));
    let file = file.ok_or_else(|| wrong(format!("{} is not written as proof files are", member.name)))?;
    Ok((report, file))
}

/// What an entry holds, which is of this type.
fn body<T: for<'de> Deserialize<'de>>(file: &ProofFile, kind: &str) -> Result<T, String> {
    let other = || format!("the entry of {} is none of the type that belongs here", file.record);
    if !file.record.starts_with(kind) {
        return Err(other());
    }
    let envelope: Envelope<T> =
        serde_json::from_str(file.content.as_deref().unwrap_or_default()).map_err(|_| other())?;
    Ok(envelope.body)
}

/// The members are those that the entry names, as it names them, and the proofs; no other.
fn are_those(members: &[Member], entered: &Entered) -> Result<(), String> {
    if !entered.files.iter().map(|file| file.name.as_str()).eq(FILES) {
        return Err("its entry names other files than a bundle has".to_owned());
    }
    let proofs = (1..=entered.positions.len()).map(proof_name);
    let names = FILES.iter().map(|&name| name.to_owned()).chain([OWN_PROOF.to_owned()]).chain(proofs);
    if !names.eq(members.iter().map(|member| member.name.clone())) {
        return Err("a member is missing, or there is one too many".to_owned());
    }
    for (named, member) in entered.files.iter().zip(members) {
        let digest = HEXLOWER.encode(&Sha256::digest(&member.bytes));
        if digest != named.sha256 || member.bytes.len() != named.bytes {
            return Err(format!("{} is not the file that was handed out: its digest differs", named.name));
        }
    }
    Ok(())
}

/// All entries are of one journal: signed for one facility, and no two checkpoints of one size contradict each other.
fn of_one_log(proofs: &[(Report, ProofFile)]) -> Result<(), String> {
    let mut roots: BTreeMap<u64, String> = BTreeMap::new();
    for (report, file) in proofs {
        let first = proofs.first().map(|(first, _)| &first.key.name);
        if first != Some(&report.key.name) {
            return Err("its proofs are of several journals".to_owned());
        }
        let checkpoint = merkle::proof::InclusionProof::parse(&file.proof).map(|proof| proof.checkpoint);
        let root = checkpoint.and_then(|note| note.lines().nth(2).map(str::to_owned)).unwrap_or_default();
        if roots.insert(report.entries, root.clone()).is_some_and(|other| other != root) {
            return Err("its proofs are of two histories of the journal".to_owned());
        }
    }
    Ok(())
}

/// The assessments stand where the entry says, before it.
fn rests_on(entered: &Entered, proofs: &[(Report, ProofFile)]) -> Result<(), String> {
    let place = |report: &Report| report.position.map(|position| position.0);
    let own = proofs.first().and_then(|(report, _)| place(report));
    for (stated, (report, file)) in entered.positions.iter().zip(proofs.iter().skip(1)) {
        let found = place(report);
        if found != Some(*stated) || found >= own || !file.record.starts_with(ASSESSMENT) {
            return Err(format!("{} is not an assessment that the report rests on", file.record));
        }
    }
    Ok(())
}

/// The report itself says what its entry says of it.
fn says(members: &[Member], entered: &Entered) -> Result<(), String> {
    let said = value(members, "report.json")?;
    let expected = [
        ("kind", json!(entered.form)),
        ("edition", json!(entered.edition)),
        ("language", json!(entered.language)),
        ("facility", json!(entered.facility)),
        ("version", json!(entered.version)),
        ("as_of", json!(entered.as_of)),
        ("positions", json!(entered.positions)),
    ];
    for (member, expected) in expected {
        // A report that answers several editions names none.
        let silent = member == "edition" && said.get(member).is_some_and(Value::is_null);
        if said.get(member) != Some(&expected) && !silent {
            return Err(format!("report.json says another {member} than its entry"));
        }
    }
    Ok(())
}

/// The facts are those of the assessments, no more and no fewer.
fn has_facts(members: &[Member], proofs: &[(Report, ProofFile)]) -> Result<(), String> {
    let mut assessments = Vec::new();
    for (report, file) in proofs.iter().skip(1) {
        let kept: Value = body(file, ASSESSMENT)?;
        let of = |pointer: &str| kept.pointer(pointer).cloned().unwrap_or_default();
        assessments.push(json!({
            "position": report.position.map(|position| position.0),
            "record": file.record,
            "version": file.version,
            "edition": of("/assessment/edition"),
            "side": of("/assessment/side"),
            "at": of("/at"),
            "facts": of("/facts"),
        }));
    }
    let expected = json!({ "format": "akashi-report-facts/1", "assessments": assessments });
    if value(members, "facts.json")? == expected {
        return Ok(());
    }
    Err("facts.json holds other facts than the assessments".to_owned())
}

fn value(members: &[Member], name: &str) -> Result<Value, String> {
    let found = members.iter().find(|member| member.name == name);
    let read = found.and_then(|member| serde_json::from_slice(&member.bytes).ok());
    read.ok_or_else(|| format!("{name} is no JSON"))
}
