//! `akashi verify`: proof files, a downloaded log, or a whole data directory.

use crate::arguments::Verify;
use crate::bundle::{self, Found};
use crate::codes;
use crate::command::witnessed::{self, Demanded};
use crate::console;
use crate::directory::Directory;
use crate::probe::Verified;
use crate::terminal::{self, Terminal, Unit};
use base::{FacilityId, Language, Problem};
use merkle::cosignature::CosignerKey;
use merkle::note::VerifierKey;
use records::{Problems, SearchIndex};
use std::path::Path;
use store::{Lineage, Report, VerifyOptions, disk};

pub(crate) fn run(terminal: &Terminal, arguments: &Verify) -> Result<(), Problems> {
    let since = arguments.since.as_deref().map(disk::read_text).transpose()?;
    let demanded = Demanded::of(arguments)?;
    if let Some(data) = &arguments.data {
        return data_directory(terminal, arguments, data, since.as_deref());
    }
    let key = arguments.key.as_deref().map(log_key).transpose()?;
    let keys = key.clone().map(|key| led_to(key, arguments)).transpose()?;
    if let (Some(proof), Some(keys), Some(since)) = (&arguments.consistency, &keys, &since) {
        let bytes = disk::read_bytes(proof)?;
        let report = store::verify_consistency_across(&bytes, since, keys)?;
        terminal.line(&good(terminal, &report));
        return Ok(demanded.check_consistency(terminal, &bytes)?);
    }
    if let Some(folder) = &arguments.log {
        // A log brings the handovers along; those given may lead further back.
        let newest = keys.as_ref().filter(|_| !arguments.handover.is_empty()).map(Lineage::last);
        let report = store::verify_log(folder, newest.or(key.as_ref()), since.as_deref())?;
        terminal.line(&good(terminal, &report));
        warn_unless_given(terminal, key.as_ref(), &report);
        let seen = witnessed::read(
            &arguments.witnessed,
            &keys.unwrap_or_else(|| Lineage::of(report.key.clone())),
            &demanded,
        )?;
        witnessed::check_against_log(terminal, folder, &report.key, &seen)?;
        return Ok(check_cosigned(terminal, folder, &report.key, &demanded)?);
    }
    if !arguments.witnessed.is_empty() {
        let keys = keys.ok_or_else(|| Problem::new(&codes::NOT_A_KEY).with("file", "--key"))?;
        return Ok(witnessed::compare(terminal, &witnessed::read(&arguments.witnessed, &keys, &demanded)?)?);
    }
    files(terminal, arguments, keys.as_ref(), &demanded)
}

/// The keys that the handovers given lead to.
fn led_to(key: VerifierKey, arguments: &Verify) -> Result<Lineage, Problem> {
    let handovers =
        arguments.handover.iter().map(|path| disk::read_bytes(path)).collect::<Result<Vec<_>, _>>()?;
    Lineage::follow(key, &handovers)
}

/// Checks the cosignatures of a log in a folder: on its checkpoint, or on an earlier one that lies beside it.
fn check_cosigned(
    terminal: &Terminal,
    folder: &Path,
    key: &VerifierKey,
    demanded: &Demanded,
) -> Result<(), Problem> {
    if !demanded.is_anybody() {
        return Ok(());
    }
    let mut notes = vec![disk::read_text(&folder.join("checkpoint"))?];
    if folder.join("cosigned").exists() {
        let earlier = disk::read_text(&folder.join("cosigned"))?;
        store::verify_log(folder, Some(key), Some(&earlier))?;
        notes.push(earlier);
    }
    demanded.check(terminal, &notes)
}

fn files(
    terminal: &Terminal,
    arguments: &Verify,
    keys: Option<&Lineage>,
    demanded: &Demanded,
) -> Result<(), Problems> {
    let mut refused = Vec::new();
    for path in &arguments.files {
        let read = bundle::refuse_too_long(path).and_then(|()| disk::read_bytes(path));
        let checked = read.and_then(|bytes| {
            if bundle::is_one(&bytes) {
                return bundled(terminal, &bytes, keys, demanded);
            }
            let report = match keys {
                Some(keys) if !arguments.handover.is_empty() => store::verify_proof_across(&bytes, keys)?,
                keys => store::verify_proof(&bytes, keys.map(Lineage::last))?,
            };
            demanded.check_proof(terminal, &bytes)?;
            Ok((good(terminal, &report), report))
        });
        match checked {
            Ok((told, report)) => {
                terminal.line(&format!("{}: {told}", path.display()));
                warn_unless_given(terminal, keys.map(Lineage::last), &report);
            }
            Err(problem) => {
                terminal.line(&format!("{}: {}", path.display(), terminal.text_of(&problem)));
                refused.push(problem.at(path.display().to_string()));
            }
        }
    }
    let mut refused = refused.into_iter();
    match refused.next() {
        None => Ok(()),
        Some(first) => Err(Problems::new(first, refused.collect())),
    }
}

/// Checks a bundle of a report with its proofs.
fn bundled(
    terminal: &Terminal,
    bytes: &[u8],
    keys: Option<&Lineage>,
    demanded: &Demanded,
) -> Result<(String, Report), Problem> {
    let found = bundle::check(bytes, keys)?;
    for proof in &found.proofs {
        demanded.check_proof(terminal, proof)?;
    }
    let Found { form, version, as_of, assessments, report, .. } = found;
    let place = good(terminal, &report);
    let told = match terminal.choose("en", "ja") {
        "ja" => format!(
            "{place}\n  報告書 {form} 第 {version} 版、{as_of} 時点、根拠となる判定 {assessments} 件。すべてのファイルが交付時のままです"
        ),
        _ => format!(
            "{place}\n  report {form}, version {version}, as of {as_of}, on {assessments} assessments; every file is as it was handed out"
        ),
    };
    Ok((told, report))
}

fn data_directory(
    terminal: &Terminal,
    arguments: &Verify,
    data: &Path,
    since: Option<&str>,
) -> Result<(), Problems> {
    let (directory, demanded) = (Directory::at(data), Demanded::of(arguments)?);
    // A kept checkpoint belongs to one facility.
    let of_all = since.is_none() && arguments.witnessed.is_empty();
    let facilities = match &arguments.facility {
        None if of_all => directory.facilities()?,
        asked => vec![directory.facility(asked.as_ref())?],
    };
    if facilities.is_empty() {
        return Err(directory.not_made().into());
    }
    for facility in facilities {
        let Verification { report, kept } = journal(&directory, &facility, since, terminal.language());
        warn_unless_kept(terminal, kept);
        let report = report.map_err(|problem| problem.at(facility.to_string()))?;
        terminal.line(&format!("{facility}: {}", good(terminal, &report)));
        terminal.line(&format!("  {}", report.key));
        let store = directory.open_for_reading(&facility)?;
        let seen = witnessed::read(&arguments.witnessed, store.lineage(), &demanded)?;
        witnessed::check_against_store(terminal, &store, &seen)?;
        if demanded.is_anybody() {
            demanded.check_store(terminal, &store)?;
        }
        witnessed::contradicted(terminal, &store)?;
        let noted = directory.verify_emergency_logs(&facility);
        let noted = noted.map_err(|problem| problem.at(facility.to_string()))?;
        if noted > 0 {
            terminal.line(&format!("  {}", looks(terminal, noted)));
        }
    }
    Ok(())
}

/// What came of the verification of a whole journal.
pub(super) struct Verification {
    /// What was found.
    pub(super) report: Result<Report, Problem>,
    /// Whether the running server, if there is one, keeps that.
    pub(super) kept: bool,
}

/// Verifies the whole journal of a facility, and has the running server keep what came of it.
pub(super) fn journal(
    directory: &Directory,
    facility: &FacilityId,
    since: Option<&str>,
    language: Language,
) -> Verification {
    let bar = terminal::progress(0, Unit::Things);
    let progress = |done: u64, size: u64| {
        bar.set_length(size);
        bar.set_position(done);
    };
    let options = VerifyOptions { since, progress: &progress };
    let report = directory
        .master_key()
        .and_then(|master| store::verify_data(directory.path(), facility, &master, &SearchIndex, &options));
    bar.finish_and_clear();
    let kept = tell(directory, facility, language, &report);
    Verification { report, kept }
}

/// Has the running server keep what came of it, so that it is known when the journal was verified last. What only keeps
/// the check from being made says nothing about the journal; and the answer here counts, be it kept or not.
fn tell(
    directory: &Directory,
    facility: &FacilityId,
    language: Language,
    report: &Result<Report, Problem>,
) -> bool {
    let found = match report {
        Ok(report) => Verified::Good(report.entries),
        Err(problem) if [&store::codes::WRONG, &store::codes::VIEW].contains(&problem.code()) => {
            Verified::Wrong
        }
        Err(_) => return true,
    };
    console::verified(directory, facility, language, found).is_ok()
}

/// Says where the running server could not keep it.
pub(super) fn warn_unless_kept(terminal: &Terminal, kept: bool) {
    if !kept {
        terminal.note(terminal.choose(
            "the running server could not note that its journal was verified",
            "検証の結果を稼働中のサーバーに記録できませんでした",
        ));
    }
}

fn good(terminal: &Terminal, report: &Report) -> String {
    let Report { entries, contents, checkpoints, key, position } = report;
    match (position, terminal.choose("en", "ja")) {
        (Some(position), "ja") => {
            format!("正当です。位置 {position}、エントリー {entries} 件のチェックポイント、署名 {}", key.name)
        }
        (Some(position), _) => format!(
            "genuine: position {position} in a checkpoint of {entries} entries, signed by {}",
            key.name
        ),
        (None, "ja") => format!(
            "正当です。エントリー {entries} 件、内容 {contents} 件、チェックポイント {checkpoints} 件を再計算しました"
        ),
        (None, _) => {
            format!("genuine: {entries} entries, {contents} contents, {checkpoints} checkpoints recomputed")
        }
    }
}

/// The looks that were noted while nothing could be written.
fn looks(terminal: &Terminal, noted: u64) -> String {
    match terminal.choose("en", "ja") {
        "ja" => format!("非常時ログ {noted} 行（署名とつながりを確認しました）"),
        _ => format!("emergency logs: {noted} lines, signed and chained as they were written"),
    }
}

/// A key that comes with the proof says only who claims to have signed.
fn warn_unless_given(terminal: &Terminal, given: Option<&VerifierKey>, report: &Report) {
    if given.is_none() {
        terminal.note(&format!(
            "{}\n  {}",
            terminal.choose(
                "The key was taken from what was checked. Compare it with the facility's key from another source, or give it with --key:",
                "公開鍵は検証対象に含まれていたものです。別の経路で入手した施設の鍵と照合するか、--key で指定してください："
            ),
            report.key
        ));
    }
}

/// The key of a log, written out or in a file.
pub(crate) fn log_key(text: &str) -> Result<VerifierKey, Problem> {
    key(text, VerifierKey::parse)
}

/// The key of a witness, written out or in a file.
pub(super) fn cosigner_key(text: &str) -> Result<CosignerKey, Problem> {
    key(text, CosignerKey::parse)
}

fn key<K>(text: &str, parse: impl Fn(&str) -> Option<K>) -> Result<K, Problem> {
    if let Some(key) = parse(text) {
        return Ok(key);
    }
    let content = disk::read_text(Path::new(text))?;
    parse(content.trim_end()).ok_or_else(|| Problem::new(&codes::NOT_A_KEY).with("file", text))
}
