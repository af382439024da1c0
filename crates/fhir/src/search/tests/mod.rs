//! Searches as they come from an address: what they find among the terms of a resource, and what is refused.

mod composites;
mod dates;
mod finding;
mod links;
mod numbers;
mod record_state;
mod refusals;
mod results;
mod several;

use super::*;
use crate::codes::search as codes;
use crate::definitions::{ResourceKind, resource_kind};
use base::{Problem, Time};

pub(super) const BASE: &str = "https://akashi.example/f/demo/fhir";
const NOW: i64 = 1_767_225_600_000_000;

pub(super) fn asking(lenient: bool) -> Asking<'static> {
    Asking { base_url: BASE, now: Time::from_microseconds(NOW), lenient }
}

pub(super) fn kind(name: &str) -> ResourceKind {
    resource_kind(name).unwrap_or_else(|| panic!("{name}"))
}

/// A search written as in an address, without any percent-encoding.
pub(super) fn search(of: &str, text: &str) -> Result<Query, Problem> {
    query(kind(of), &pairs(text), &asking(false))
}

pub(super) fn pairs(text: &str) -> Vec<(String, String)> {
    let pair = |pair: &str| {
        let (name, value) = pair.split_once('=').unwrap_or((pair, ""));
        (name.to_owned(), value.to_owned())
    };
    text.split('&').filter(|pair| !pair.is_empty()).map(pair).collect()
}

pub(super) fn refusal(of: &str, text: &str) -> &'static str {
    match search(of, text) {
        Err(problem) => problem.code().id,
        Ok(query) => panic!("{text}: {query:?}"),
    }
}

/// True when the terms of a resource fulfil everything that is asked of terms.
pub(super) fn finds(resource: &str, text: &str) -> bool {
    let node = crate::json::parse(resource.as_bytes()).unwrap();
    let terms = crate::terms(&node);
    assert_eq!(terms, crate::terms_of_content(resource.as_bytes()).unwrap(), "skipping changes nothing");
    let of = node.get("resourceType").and_then(crate::Node::as_str).unwrap().to_owned();
    let query = search(&of, text)
        .unwrap_or_else(|problem| panic!("{text}: {problem} {}", problem.text(base::Language::English)));
    query.all.iter().all(|condition| match condition {
        Condition::Terms { any, negated } => {
            let fulfilled = terms
                .iter()
                .any(|term| any.iter().any(|one| one.param == term.param && one.accepts(&term.value)));
            fulfilled != *negated
        }
        other => panic!("{other:?}"),
    })
}

/// Every search of the first list finds the resource, none of the second does.
pub(super) fn check(resource: &str, found: &[&str], not_found: &[&str]) {
    for text in found {
        assert!(finds(resource, text), "{text} finds nothing");
    }
    for text in not_found {
        assert!(!finds(resource, text), "{text} finds something");
    }
}

pub(super) fn alternatives(of: &str, text: &str) -> Vec<Alternative> {
    match search(of, text).unwrap().all.remove(0) {
        Condition::Terms { any, .. } => any,
        other => panic!("{other:?}"),
    }
}
