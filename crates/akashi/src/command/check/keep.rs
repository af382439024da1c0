//! Hands the result of a check to the facility, with the digests of what was read.

use super::input::Input;
use crate::console::{self, Failure};
use crate::directory::Directory;
use crate::terminal::Terminal;
use base::{FacilityId, Language};
use data_encoding::HEXLOWER;
use evidence::{Command, SiteCheck, SiteFact, SiteSource, SiteThreat};
use guideline::Text;
use sha2::{Digest, Sha256};
use site::check::{Check, Value};
use site::description::Phase;
use site::model::Model;
use site::picture::Picture;
use site::rules::Verdict;
use site::threat::Threat;
use std::path::Path;

/// Longest id of a risk.
const RISK_ID_CHARS_MAX: usize = 64;
/// How much of a digest tells two of them apart.
const DIGEST_CHARS: usize = 8;

/// Keeps a check.
pub(super) fn keep(
    terminal: &Terminal,
    (data, facility): (&Path, Option<&FacilityId>),
    input: &Input,
    (check, model): (&Check, &Model),
) -> Result<(), Failure> {
    let directory = Directory::at(data);
    let command = handed_in(terminal, kept(input, (check, model)));
    let facts = check.facts.iter().filter(|fact| fact.value.is_some()).count();
    console::evidence(&directory, facility, terminal.language(), command)?;
    terminal.note(&match terminal.language() {
        Language::Japanese => format!(
            "検査結果を保存しました：判明した事実 {facts} 件、脅威 {} 件。akashi assess の判定と akashi risk propose で使われます。",
            check.threats.len()
        ),
        Language::English => format!(
            "The result is kept: {facts} facts, {} threats. `akashi assess` and `akashi risk propose` take them up.",
            check.threats.len()
        ),
    });
    Ok(())
}

/// The picture of the network as it is now, in both languages; none where it is too large to be kept.
fn picture(input: &Input, (check, model): (&Check, &Model)) -> Option<Text> {
    let site = input.site.as_ref().map(|site| site.at(Phase::Now));
    let picture = Picture::draw(site.as_ref(), &input.plans, model, check);
    let svg = |language| ::report::site::picture_svg(&picture, language);
    let both = Text { ja: svg(Language::Japanese), en: svg(Language::English) };
    (both.ja.len().max(both.en.len()) <= evidence::PICTURE_BYTES_MAX).then_some(both)
}

/// What is handed in: where it is too long for the console, without the picture, and then without the paths.
fn handed_in(terminal: &Terminal, mut check: SiteCheck) -> Command {
    if check.picture.is_none() || is_too_long(&check) {
        check.picture = None;
        terminal.note(terminal.choose(
            "The picture of the network is too large to be kept: reports show the paths in words only.",
            "ネットワーク構成図が大きすぎるため保存しません。報告書には経路を文章だけで示します。",
        ));
    }
    if is_too_long(&check) {
        check.open_paths = None;
        terminal.note(terminal.choose(
            "The open paths are too many to be kept: reports say that they are not known. `akashi check … --all` lists them.",
            "開いた経路が多すぎるため保存しません。報告書では不明と表示します。一覧は `akashi check … --all` で確認してください。",
        ));
    }
    Command::SiteKeep(check)
}

/// Whether a running server would not take it.
fn is_too_long(check: &SiteCheck) -> bool {
    let length = serde_json::to_vec(check).map_or(usize::MAX, |bytes| bytes.len());
    length > console::COMMAND_BYTES_MAX
}

/// A check as it is kept.
pub(super) fn kept(input: &Input, (check, model): (&Check, &Model)) -> SiteCheck {
    let count = |verdict: Verdict| {
        let count = check.findings.iter().filter(|finding| finding.verdict == verdict).count();
        u64::try_from(count).unwrap_or(u64::MAX)
    };
    let source = |file: &super::input::SourceRead| SiteSource {
        // Folders of this machine are nobody's business.
        name: file.path.file_name().unwrap_or_default().to_string_lossy().into_owned(),
        sha256: file.sha256.clone(),
    };
    SiteCheck {
        program: env!("CARGO_PKG_VERSION").to_owned(),
        phase: check.phase.to_owned(),
        sources: input.files.iter().map(source).collect(),
        facts: check.facts.iter().filter_map(fact).collect(),
        threats: check.threats.iter().map(threat).collect(),
        violated: count(Verdict::Violated),
        undecided: count(Verdict::Undecided),
        picture: picture(input, (check, model)),
        open_paths: Some(::report::site::open_paths(check))
            .filter(|all| all.len() <= evidence::OPEN_PATHS_MAX),
    }
}

fn fact(fact: &site::check::SiteFact) -> Option<SiteFact> {
    let value = match fact.value? {
        Value::Is(is) => guideline::Value::YesNo(is),
        Value::Count(count) => guideline::Value::Count(i64::try_from(count).unwrap_or(i64::MAX)),
    };
    Some(SiteFact { key: fact.key.clone(), value, how: both(&fact.how) })
}

fn both(text: &site::rules::Text) -> Text {
    Text { ja: text.ja.clone(), en: text.en.clone() }
}

/// A threat as a risk is named: its text is the scenario with what speaks for it and its path.
fn threat(threat: &Threat) -> SiteThreat {
    let of = |pick: fn(&site::rules::Text) -> &str, path: &str| {
        let mut text = pick(&threat.scenario).to_owned();
        for because in &threat.because {
            text.push(' ');
            text.push_str(pick(because));
        }
        let hops: Vec<&str> = threat.path.iter().map(|step| step.name.as_str()).collect();
        if !hops.is_empty() {
            text.push(' ');
            text.push_str(path);
            text.push_str(&hops.join(" → "));
        }
        text
    };
    SiteThreat {
        id: risk_id(&threat.id),
        title: both(&threat.title),
        threat: Text { ja: of(|text| &text.ja, "経路："), en: of(|text| &text.en, "Path: ") },
        requirements: threat.requirements.clone(),
    }
}

/// Ids of risks have small letters, digits and hyphens, and are short: of a longer one the beginning stays, and a digest that
/// tells it from others that begin the same.
fn risk_id(id: &str) -> String {
    let plain = |letter: char| if letter.is_ascii_alphanumeric() { letter.to_ascii_lowercase() } else { '-' };
    let all: String = id.chars().map(plain).collect();
    if all.len() <= RISK_ID_CHARS_MAX {
        return all;
    }
    let digest = HEXLOWER.encode(&Sha256::digest(id));
    let begin: String = all.chars().take(RISK_ID_CHARS_MAX.saturating_sub(DIGEST_CHARS + 1)).collect();
    format!("{begin}-{}", digest.get(..DIGEST_CHARS).unwrap_or_default())
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn risks_of_flows_with_long_names_are_told_apart() {
        assert_eq!(risk_id("stride.spoofing@Vendor_1"), "stride-spoofing-vendor-1");
        let long = |end: &str| risk_id(&format!("stride.spoofing@{}{end}", "a".repeat(80)));
        assert_ne!(long("b"), long("c"));
        assert_eq!(long("b").len(), RISK_ID_CHARS_MAX);
    }
}
