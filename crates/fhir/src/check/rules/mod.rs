//! Invariants: whether a rule of R4 holds for a value.
//!
//! The rules that nearly every resource meets are judged by code of our own (`native`), which is shown by a test to
//! judge as their expressions do; all others by evaluating their expression (`engine`). A rule that cannot be decided
//! refuses the resource under a code of its own: nothing is stored unverified.

mod engine;
mod native;

use crate::codes::rules as codes;
use crate::definitions::{self, Rule, Severity, Type};
use crate::json::Node;
use base::{Code, Problem};
use native::Native;
use std::collections::HashSet;
use std::rc::Rc;
use std::sync::OnceLock;

/// The value a rule is about.
#[derive(Clone, Copy)]
pub(super) struct Focus<'n> {
    pub(super) node: &'n Node,
    /// Its members; nothing for a primitive.
    pub(super) members: &'n [(String, Node)],
    pub(super) kind: &'static Type,
}

/// The resource around a value.
#[derive(Clone)]
pub(super) struct Around<'n> {
    /// The nearest resource: `%resource`.
    resource: (&'n Node, &'static Type),
    /// The resource in which that one is contained, else itself: `%rootResource`.
    root: (&'n Node, &'static Type),
    /// The ids of what the root contains, if it contains anything.
    contained: Option<Rc<HashSet<&'n str>>>,
}

impl<'n> Around<'n> {
    /// The surroundings of what stands in `node`; `container` are those of the resource in which it is contained.
    pub(super) fn of(node: &'n Node, kind: &'static Type, container: Option<Self>) -> Self {
        let resource = (node, kind);
        if let Some(container) = container {
            return Self { resource, ..container };
        }
        let contained = native::contained(node);
        let ids = || contained.iter().filter_map(|node| node.get("id").and_then(Node::as_str)).collect();
        Self { resource, root: resource, contained: (!contained.is_empty()).then(|| Rc::new(ids())) }
    }
}

/// How a rule is judged.
struct Judge {
    native: Option<Native>,
    engine: OnceLock<engine::Judge>,
}

fn judges() -> &'static [Judge] {
    static JUDGES: OnceLock<Vec<Judge>> = OnceLock::new();
    JUDGES.get_or_init(|| {
        let judge = |rule: &Rule| Judge { native: native::of(rule.key), engine: OnceLock::new() };
        definitions::rules().iter().map(judge).collect()
    })
}

/// The problem when `rule` is broken, or cannot be decided.
pub(super) fn problem(rule: &'static Rule, focus: Focus<'_>, around: &Around<'_>) -> Option<Problem> {
    let judge = judges().get(rule.number)?;
    let verdict = match judge.native.and_then(|native| native(focus, around)) {
        Some(holds) => Ok(holds),
        None => judge.engine.get_or_init(|| engine::Judge::of(rule)).holds(focus, around),
    };
    match verdict {
        Ok(true) => None,
        Ok(false) => Some(broken(rule, focus.kind)),
        Err(reason) => Some(worded(&codes::UNDECIDED, rule, focus.kind).log(reason.code().id)),
    }
}

/// The problem of a broken rule.
pub(super) fn broken(rule: &'static Rule, kind: &Type) -> Problem {
    let code = match rule.severity {
        Severity::Error => &codes::BROKEN,
        Severity::Warning => &codes::ADVICE,
    };
    worded(code, rule, kind)
}

fn worded(code: &'static Code, rule: &'static Rule, kind: &Type) -> Problem {
    Problem::new(code)
        .with("text_en", rule.words.en)
        .with("text_ja", rule.words.ja)
        .with("key", rule.key)
        .with("place", rule.place().unwrap_or(kind.name))
}

#[cfg(test)]
mod tests;
