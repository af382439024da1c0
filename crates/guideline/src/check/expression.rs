//! Expressions: a part of CEL (Common Expression Language) over the keys of facts, checked before anything is decided.

use super::types;
use crate::fact::Registry;
use cel::Program;
use cel::common::ast::{Expr, IdedExpr};
use std::collections::BTreeSet;
use std::fmt;
use std::sync::Arc;

/// How deep an expression may nest.
const DEPTH_MAX: usize = 8;
/// Longest expression in bytes.
const TEXT_BYTES_MAX: usize = 4_096;

/// An expression that is known to fit: its keys are registered, and its types agree. It says yes or no.
#[derive(Clone)]
pub struct Expression {
    text: Arc<str>,
    program: Arc<Program>,
    keys: Arc<BTreeSet<String>>,
}

impl Expression {
    /// Reads an expression. The error says what does not fit.
    ///
    /// # Errors
    /// It cannot be read, names a key that is not known, or its types do not agree.
    pub fn read(text: &str, registry: &Registry) -> Result<Self, String> {
        if text.len() > TEXT_BYTES_MAX {
            return Err(format!("it is longer than {TEXT_BYTES_MAX} bytes"));
        }
        if nests_too_deep(text) {
            return Err(format!("it nests deeper than {DEPTH_MAX}"));
        }
        let program = Program::compile(text).map_err(|errors| {
            let first = errors.errors.first();
            first.map_or_else(
                || "it cannot be read".to_owned(),
                |error| format!("at column {}: {}", error.pos.1, error.msg),
            )
        })?;
        let mut keys = BTreeSet::new();
        match types::of(program.expression(), registry, &mut keys)? {
            types::Type::Bool => {
                Ok(Self { text: text.into(), program: Arc::new(program), keys: Arc::new(keys) })
            }
            other => Err(format!("it says {other} where it should say yes or no")),
        }
    }

    /// As it was written.
    pub fn text(&self) -> &str {
        &self.text
    }

    /// The keys of the facts that it looks at.
    pub fn keys(&self) -> &BTreeSet<String> {
        &self.keys
    }

    pub(super) fn root(&self) -> &IdedExpr {
        self.program.expression()
    }
}

impl fmt::Debug for Expression {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        write!(f, "Expression({})", self.text)
    }
}

/// Whether the reader of CEL, which calls itself for each level, could run out of stack. Counts more than there is: also
/// signs within texts.
fn nests_too_deep(text: &str) -> bool {
    let (mut open, mut deepest, mut signs) = (0_usize, 0, 0_usize);
    for letter in text.bytes() {
        match letter {
            b'(' | b'[' | b'{' => open = open.saturating_add(1),
            b')' | b']' | b'}' => open = open.saturating_sub(1),
            b'?' => signs = signs.saturating_add(1),
            _ => {}
        }
        deepest = deepest.max(open);
    }
    let unary = ["!!", "--", "!-", "-!"].iter().any(|signs| text.contains(signs));
    unary || deepest > DEPTH_MAX || signs > DEPTH_MAX
}

/// The key that a selection such as `runtime.tls.versions` spells; none for anything else.
pub(super) fn key_of(expr: &Expr) -> Option<String> {
    match expr {
        Expr::Ident(name) => Some(name.clone()),
        Expr::Select(select) if !select.test => {
            Some(format!("{}.{}", key_of(&select.operand.expr)?, select.field))
        }
        _ => None,
    }
}
