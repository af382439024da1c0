//! Rules as their expressions say, by evaluating these.

use super::{Around, Focus};
use crate::definitions::Rule;
use crate::fhirpath::{Expression, Item, Scope};
use base::{Problem, Time};

/// A rule with its expression compiled. None of R4's expressions fails to compile; a test says so.
pub(super) struct Judge(Result<Expression, Problem>);

impl Judge {
    pub(super) fn of(rule: &Rule) -> Self {
        Self(Expression::parse(rule.expression))
    }

    /// Whether the rule holds: it is broken only when its expression is false.
    pub(super) fn holds(&'static self, focus: Focus<'_>, around: &Around<'_>) -> Result<bool, Problem> {
        let expression = self.0.as_ref().map_err(Clone::clone)?;
        let ((resource, kind), (root, root_kind)) = (around.resource, around.root);
        // No rule asks for the present moment, so that the same resource is judged alike at any time.
        let scope = Scope::new(Time::from_microseconds(0))
            .resource(Item::element(Some(resource), None, kind))
            .root_resource(Item::element(Some(root), None, root_kind));
        expression.holds(&scope, &Item::element(Some(focus.node), None, focus.kind))
    }
}
