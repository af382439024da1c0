//! FHIRPath 2.0.0 (N1) as FHIR R4 uses it: expressions compiled once, evaluated straight on [`Node`](crate::Node).
//!
//! The definitions say what a name means, so nothing is converted: [`Item`] is a part of the resource with its type, or
//! a computed value. Beside the specification's functions stand those of FHIR R4 and the few newer ones that the
//! published tests use. No clock and no network: the present moment and what lies outside the resource come in
//! through [`Scope`]. Sizes of expressions and the steps of an evaluation are bounded.

mod arithmetic;
mod boundary;
mod calendar;
mod compare;
mod convert;
mod encode;
mod fhir;
mod function;
mod item;
mod kinds;
mod logic;
mod math;
mod moment;
mod names;
mod parse;
mod parts;
mod predicates;
mod quantity;
mod run;
mod scope;
mod seen;
mod select;
mod sort;
mod text;
mod token;
mod tree;
mod unit;

use base::Problem;
use std::fmt;

pub use item::{Item, Part, Value};
pub use moment::Moment;
pub use quantity::Quantity;
pub use scope::{Membership, Resolver, Scope};

/// A compiled expression: cheap to evaluate many times, from any thread.
pub struct Expression {
    text: String,
    tree: tree::Expr,
}

impl Expression {
    /// Compiles an expression of up to 16 KiB and 64 levels.
    ///
    /// # Errors
    /// What is no FHIRPath, is too large, or uses a function or type that is not known here.
    pub fn parse(text: &str) -> Result<Self, Problem> {
        Ok(Self { tree: parse::parse(text)?, text: text.to_owned() })
    }

    /// The expression as written.
    pub fn text(&self) -> &str {
        &self.text
    }

    /// The items the expression gives for `focus`, in their order.
    ///
    /// # Errors
    /// Several items where one is needed, values that an operator does not take, names that the scope does not know,
    /// and more work than the limit allows.
    pub fn evaluate<'n, 's: 'n>(
        &'n self,
        scope: &Scope<'s>,
        focus: &Item<'s>,
    ) -> Result<Vec<Item<'n>>, Problem> {
        let run = run::Run::new(scope, focus);
        let mut items = Vec::new();
        let step = run.each(&self.tree, run.start(), &mut |item| {
            items.push(item);
            parts::ON
        });
        step.map(|_| items)
    }

    /// Whether an invariant holds: it fails only when it is false. What cannot be said (no result) is no failure.
    ///
    /// # Errors
    /// As for [`Expression::evaluate`].
    pub fn holds(&self, scope: &Scope<'_>, focus: &Item<'_>) -> Result<bool, Problem> {
        let run = run::Run::new(scope, focus);
        Ok(run.truth(&self.tree, run.start())? != Some(false))
    }
}

impl fmt::Debug for Expression {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.debug_struct("Expression").field("text", &self.text).finish_non_exhaustive()
    }
}

/// Compiles `data` as an expression and, when it is one, evaluates it on a small resource: neither may panic, overflow
/// the stack or run on. Called by the fuzz target and by tests.
pub fn fuzz_expression(data: &[u8]) {
    let Ok(text) = std::str::from_utf8(data) else { return };
    let Ok(expression) = Expression::parse(text) else { return };
    let Ok(node) = crate::json::parse(FUZZED.as_bytes()) else { return };
    let Some(focus) = Item::resource(&node) else { return };
    for scope in
        [Scope::new(base::Time::from_microseconds(0)), Scope::new(base::Time::from_microseconds(0)).strict()]
    {
        drop(expression.evaluate(&scope, &focus));
        drop(expression.holds(&scope, &focus));
    }
}

/// The resource that [`fuzz_expression`] works on.
const FUZZED: &str = r##"{"resourceType":"Observation","id":"a","contained":[{"resourceType":"Patient","id":"p","birthDate":"2026-04"}],"status":"final","code":{"text":"x"},"subject":{"reference":"#p"},"effectiveDateTime":"2026-04-01T09:00:00+09:00","_issued":{"extension":[{"url":"urn:x","valueCode":"y"}]},"valueQuantity":{"value":1.50,"unit":"mg","system":"http://unitsofmeasure.org","code":"mg"}}"##;

#[cfg(test)]
mod tests;
