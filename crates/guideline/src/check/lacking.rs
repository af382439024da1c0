//! What keeps an expression from saying yes: the fewest facts that would have to be known, or to be otherwise.

use super::evaluate::{Known, evaluate, gather};
use super::expression::Expression;
use cel::common::ast::{Expr, IdedExpr, operators};
use std::collections::BTreeSet;

impl Expression {
    /// The keys of the facts that keep it from saying yes of what is known: of parts that are all needed every one that does
    /// not say yes, of parts of which one is enough the one that lacks the fewest (of equals the first). Empty exactly where
    /// it says yes.
    pub fn lacking(&self, known: &Known<'_>) -> BTreeSet<String> {
        lacking(self.root(), known)
    }
}

fn lacking(expr: &IdedExpr, known: &Known<'_>) -> BTreeSet<String> {
    if evaluate(expr, known).answer == Some(true) {
        return BTreeSet::new();
    }
    let all = || {
        let mut keys = BTreeSet::new();
        gather(expr, &mut keys);
        keys
    };
    let Expr::Call(call) = &expr.expr else { return all() };
    match (call.func_name.as_str(), call.args.as_slice()) {
        (operators::LOGICAL_AND, parts) => parts.iter().flat_map(|one| lacking(one, known)).collect(),
        (operators::LOGICAL_OR, parts) => {
            parts.iter().map(|one| lacking(one, known)).min_by_key(BTreeSet::len).unwrap_or_default()
        }
        (operators::CONDITIONAL, [when, one, two]) => match evaluate(when, known).answer {
            Some(yes) => lacking(if yes { one } else { two }, known),
            None => all(),
        },
        _ => all(),
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::builtin::engine;
    use crate::fact::{Fact, Facts, Value};
    use base::Time;

    fn lacks(text: &str, facts: &[(&str, Value)]) -> Vec<String> {
        let engine = engine().unwrap();
        let now = Time::parse("2026-11-22T09:30:00Z").unwrap();
        let seen = facts.iter().map(|(key, value)| Fact::seen(key, value.clone(), now, ("", "")));
        let facts = Facts::gather(&engine.registry, seen, now).unwrap();
        let expression = Expression::read(text, &engine.registry).unwrap();
        expression.lacking(&Known::of(&facts)).into_iter().collect()
    }

    #[test]
    fn of_what_is_all_needed_every_part_that_is_missing_is_named() {
        let all = "document.bcp && person.training_held && runtime.backup.last_hours <= 24";
        let known = [("document.bcp", Value::YesNo(true)), ("runtime.backup.last_hours", Value::Count(30))];
        // One of them is known to fail, which decides; the other is still missing.
        assert_eq!(lacks(all, &known), ["person.training_held", "runtime.backup.last_hours"]);
    }

    #[test]
    fn of_what_one_is_enough_the_shortest_way_is_named() {
        let either = "(document.bcp && document.sla) || person.training_held";
        assert_eq!(lacks(either, &[]), ["person.training_held"]);
        assert_eq!(lacks(either, &[("document.bcp", Value::YesNo(true))]), ["document.sla"]);
        let chosen = "runtime.two_factors.offered ? document.bcp : document.sla";
        assert_eq!(lacks(chosen, &[("runtime.two_factors.offered", Value::YesNo(false))]), ["document.sla"]);
        assert_eq!(lacks(chosen, &[]).len(), 3);
    }

    #[test]
    fn nothing_is_missing_of_what_says_yes() {
        let good = [("runtime.journal.halted", Value::YesNo(false))];
        assert!(lacks("!runtime.journal.halted || document.bcp", &good).is_empty());
        assert_eq!(lacks("!runtime.journal.halted", &[]), ["runtime.journal.halted"]);
    }
}
