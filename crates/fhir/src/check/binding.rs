//! Codes against the value sets that R4 requires them to come from.

use super::hinted;
use crate::codes::content as codes;
use crate::definitions::{CodeSet, closest};
use crate::json::Node;
use crate::place::shown;
use base::Problem;

/// Most codes of a set that are listed in a message; of a larger set the closest one is named.
const CODES_LISTED_MAX: usize = 12;

/// What is wrong with a value whose codes must come from `set` (FHIR R4, terminologies, binding strength required).
///
/// A `code` must be in the set. A CodeableConcept must have at least one coding from it, with its system; one that
/// says nothing but extensions, such as why data are absent, is left alone, as is a primitive without a value.
pub(super) fn problem(value: &Node, set: &'static CodeSet) -> Option<Problem> {
    match value {
        Node::String(code) if !set.allows(None, code) => {
            let problem = Problem::new(&codes::CODE).with("value", shown(code)).with("set", set.address);
            Some(with_hint(problem, code, set))
        }
        Node::Object(_) => concept_problem(value, set),
        _ => None,
    }
}

fn concept_problem(concept: &Node, set: &'static CodeSet) -> Option<Problem> {
    let codings = concept.get("coding").and_then(Node::as_array).unwrap_or_default();
    if codings.iter().any(|coding| is_of(coding, set)) || says_nothing(concept) {
        return None;
    }
    let systems: Vec<&str> = set.systems().collect();
    let problem = Problem::new(&codes::NO_CODE).with("set", set.address).with("systems", systems.join(", "));
    let first = codings.first().and_then(|coding| coding.get("code")).and_then(Node::as_str);
    Some(with_hint(problem, first.unwrap_or_default(), set))
}

fn is_of(coding: &Node, set: &CodeSet) -> bool {
    let text = |name: &str| coding.get(name).and_then(Node::as_str);
    match (text("system"), text("code")) {
        (Some(system), Some(code)) => set.allows(Some(system), code),
        _ => false,
    }
}

/// True when a concept has extensions only.
fn says_nothing(concept: &Node) -> bool {
    let members = concept.as_object().unwrap_or_default();
    members.iter().all(|(name, _)| name == "extension" || name == "id")
}

/// Says what is possible: all codes of a small set, the closest of a large one, the form of a set without a list.
fn with_hint(problem: Problem, code: &str, set: &'static CodeSet) -> Problem {
    if let Some(open) = set.open() {
        return problem
            .with("hint_en", format!(" A code of it is `{}`.", open.example))
            .with("hint_ja", format!("例えば `{}` です。", open.example));
    }
    let listed: Vec<String> =
        set.codes().take(CODES_LISTED_MAX.saturating_add(1)).map(|code| format!("`{code}`")).collect();
    if listed.len() > CODES_LISTED_MAX {
        return hinted(problem, closest(code, set.codes()));
    }
    problem
        .with("hint_en", format!(" Possible are {}.", listed.join(", ")))
        .with("hint_ja", format!("使えるのは {} です。", listed.join("、")))
}
