//! A check, and what differs between two, as JSON: one order, one version, read back by anybody.

use super::text::is_harmful;
use base::{Language, Problem};
use serde::Serialize;
use site::attack::Attacks;
use site::check::{Check, SiteFact};
use site::compare::Change;
use site::connection::Connection;
use site::model::{Coverage, Treatment};
use site::rules::Finding;
use site::threat::Threat;
use std::collections::BTreeMap;

/// The format of a check.
pub const CHECK_FORMAT: &str = "akashi-check/1";

/// The format of a comparison.
pub const CHANGE_FORMAT: &str = "akashi-check-compare/1";

#[derive(Serialize)]
struct Document<'a> {
    format: &'static str,
    facility: &'a str,
    phase: &'a str,
    day: &'a str,
    sources: &'a [String],
    counts: Counts,
    findings: &'a [Finding],
    held: &'a BTreeMap<String, usize>,
    attacks: &'a Attacks,
    connections: &'a [Connection],
    threats: &'a [Threat],
    facts: &'a [SiteFact],
    coverage: Types,
    warnings: Vec<Warning>,
}

#[derive(Serialize)]
struct Counts {
    required: usize,
    recommended: usize,
    undecided: usize,
    missing: usize,
    attack_paths: usize,
    attack_paths_undecided: usize,
}

#[derive(Serialize)]
struct Types {
    modelled: BTreeMap<String, usize>,
    ignored: BTreeMap<String, usize>,
    undecided: BTreeMap<String, usize>,
}

#[derive(Serialize)]
struct Warning {
    code: &'static str,
    place: Option<String>,
    ja: String,
    en: String,
}

/// A check as JSON, indented, with a line feed at its end.
pub fn check_json(check: &Check) -> String {
    let weight = check.weigh();
    let document = Document {
        format: CHECK_FORMAT,
        facility: &check.facility,
        phase: check.phase,
        day: &check.day,
        sources: &check.sources,
        counts: Counts {
            required: weight.required,
            recommended: weight.recommended,
            undecided: weight.undecided,
            missing: weight.missing,
            attack_paths: check.attacks.chains.len(),
            attack_paths_undecided: check.attacks.chains.iter().filter(|chain| !chain.decided).count(),
        },
        findings: &check.findings,
        held: &check.held,
        attacks: &check.attacks,
        connections: &check.connections,
        threats: &check.threats,
        facts: &check.facts,
        coverage: types(&check.coverage),
        warnings: check.warnings.iter().map(warning).collect(),
    };
    written(&document)
}

/// What differs between two checks as JSON.
pub fn change_json(change: &Change) -> String {
    #[derive(Serialize)]
    struct Document<'a> {
        format: &'static str,
        #[serde(flatten)]
        change: &'a Change,
    }
    written(&Document { format: CHANGE_FORMAT, change })
}

fn types(coverage: &Coverage) -> Types {
    let of = |treatment| coverage.of(treatment).map(|(kind, count)| (kind.to_owned(), count)).collect();
    Types {
        modelled: of(Treatment::Modelled),
        ignored: of(Treatment::Ignored),
        undecided: of(Treatment::Undecided),
    }
}

fn warning(problem: &Problem) -> Warning {
    Warning {
        code: problem.code().id,
        place: problem.place().map(str::to_owned),
        ja: problem.text(Language::Japanese),
        en: problem.text(Language::English),
    }
}

/// Terminals print documents too: what they would obey is written as `\u`.
pub(crate) fn written(document: &impl Serialize) -> String {
    // Writing fails only where a key is no text, and all of ours are.
    let plain = serde_json::to_string_pretty(document).unwrap_or_default();
    let mut safe = String::with_capacity(plain.len().saturating_add(1));
    for one in plain.chars() {
        if one != '\n' && is_harmful(one) {
            let units =
                one.encode_utf16(&mut [0; 2]).iter().map(|unit| format!("\\u{unit:04x}")).collect::<Vec<_>>();
            safe.push_str(&units.concat());
        } else {
            safe.push(one);
        }
    }
    safe.push('\n');
    safe
}
