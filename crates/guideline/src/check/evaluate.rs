//! What an expression says of what is known. What is not known leaves open what depends on it, and nothing else
//! (Kleene's logic): *no* and something unknown is *no*, *yes* and something unknown is open.

use super::expression::{Expression, key_of};
use crate::fact::{Facts, Value};
use cel::common::ast::{CallExpr, Expr, IdedExpr, operators};
use std::collections::{BTreeMap, BTreeSet};
use std::fmt;
use std::sync::{Arc, OnceLock};

/// What an expression says.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Outcome {
    /// Yes or no; none when what is known does not decide it.
    pub answer: Option<bool>,
    /// The keys of known facts that it rests on.
    pub rests_on: BTreeSet<String>,
    /// The keys of unknown facts that left it open.
    pub open: BTreeSet<String>,
}

impl Outcome {
    pub(crate) fn of(answer: Option<bool>) -> Self {
        Self { answer, rests_on: BTreeSet::new(), open: BTreeSet::new() }
    }

    /// Both together. What is decided leaves nothing open.
    pub(crate) fn joined(mut self, other: Self, answer: Option<bool>) -> Self {
        self.rests_on.extend(other.rests_on);
        self.open.extend(other.open);
        if answer.is_some() {
            self.open.clear();
        }
        Self { answer, ..self }
    }
}

/// What is known, as CEL looks at it: made once for many expressions, when the first of them compares something.
pub struct Known<'a> {
    facts: &'a Facts,
    context: OnceLock<cel::Context<'static, 'static>>,
}

impl<'a> Known<'a> {
    /// Everything that these facts tell.
    pub fn of(facts: &'a Facts) -> Self {
        Self { facts, context: OnceLock::new() }
    }

    pub(crate) fn facts(&self) -> &'a Facts {
        self.facts
    }
}

impl fmt::Debug for Known<'_> {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.debug_tuple("Known").field(self.facts).finish()
    }
}

impl Expression {
    /// What it says of what is known.
    pub fn evaluate(&self, known: &Known<'_>) -> Outcome {
        evaluate(self.root(), known)
    }
}

pub(super) fn evaluate(expr: &IdedExpr, known: &Known<'_>) -> Outcome {
    let Expr::Call(call) = &expr.expr else { return leaf(expr, known) };
    match (call.func_name.as_str(), call.args.as_slice()) {
        (operators::LOGICAL_AND, all) => fold(all, known, false),
        (operators::LOGICAL_OR, all) => fold(all, known, true),
        (operators::LOGICAL_NOT, [one]) => {
            let inner = evaluate(one, known);
            Outcome { answer: inner.answer.map(|answer| !answer), ..inner }
        }
        (operators::CONDITIONAL, [when, one, two]) => {
            let first = evaluate(when, known);
            match first.answer {
                Some(yes) => {
                    let then = evaluate(if yes { one } else { two }, known);
                    let answer = then.answer;
                    first.joined(then, answer)
                }
                None => first,
            }
        }
        _ => leaf(expr, known),
    }
}

/// `&&` is decided by one *no*, `||` by one *yes*. Only what decides is named: of an open `||` not what was *no*, since
/// nothing will rest on it once the rest is known to be *yes*.
fn fold(all: &[IdedExpr], known: &Known<'_>, decisive: bool) -> Outcome {
    let mut open = Outcome::of(Some(!decisive));
    for one in all {
        let next = evaluate(one, known);
        if next.answer == Some(decisive) {
            return next;
        }
        let answer = open.answer.and(next.answer);
        if decisive && open.answer.is_some() && next.answer.is_none() {
            open.rests_on.clear();
        }
        if !(decisive && open.answer.is_none() && next.answer.is_some()) {
            open.rests_on.extend(next.rests_on);
        }
        open.open.extend(next.open);
        open.answer = answer;
    }
    open
}

/// A comparison: it is open as long as one of its facts is not known.
fn leaf(expr: &IdedExpr, known: &Known<'_>) -> Outcome {
    let mut keys = BTreeSet::new();
    gather(expr, &mut keys);
    let (rests_on, open): (BTreeSet<String>, BTreeSet<String>) =
        keys.into_iter().partition(|key| known.facts.get(key).is_some());
    if !open.is_empty() {
        return Outcome { answer: None, rests_on, open };
    }
    // A fact by itself, as most are, needs no CEL to be looked at.
    if let Some(Value::YesNo(answer)) =
        key_of(&expr.expr).and_then(|key| known.facts.get(&key)).map(|fact| &fact.value)
    {
        return Outcome { answer: Some(*answer), rests_on, open };
    }
    let context = known.context.get_or_init(|| context(known.facts));
    let answer = match cel::Value::resolve(expr, context) {
        Ok(cel::Value::Bool(answer)) => Some(answer),
        // Arithmetic that overflows decides nothing; types were checked when the expression was read.
        Ok(_) | Err(_) => None,
    };
    Outcome { answer, rests_on, open: BTreeSet::new() }
}

pub(super) fn gather(expr: &IdedExpr, keys: &mut BTreeSet<String>) {
    match &expr.expr {
        Expr::Ident(_) | Expr::Select(_) => keys.extend(key_of(&expr.expr)),
        Expr::List(list) => list.elements.iter().for_each(|one| gather(one, keys)),
        Expr::Call(CallExpr { target, args, .. }) => {
            target.as_deref().into_iter().chain(args).for_each(|one| gather(one, keys));
        }
        _ => {}
    }
}

/// The values as CEL sees them: `runtime.tls.versions` is a member of a member of `runtime`.
fn context(facts: &Facts) -> cel::Context<'static, 'static> {
    let mut tree = Branch::default();
    for fact in facts.iter() {
        tree.put(&fact.key.split('.').collect::<Vec<_>>(), to_cel(&fact.value));
    }
    let mut context = cel::Context::default();
    for (name, branch) in tree.members {
        context.add_variable_from_value(name, branch.into_value());
    }
    context
}

#[derive(Default)]
struct Branch {
    members: BTreeMap<String, Branch>,
    value: Option<cel::Value>,
}

impl Branch {
    fn put(&mut self, path: &[&str], value: cel::Value) {
        match path.split_first() {
            Some((first, rest)) => self.members.entry((*first).to_owned()).or_default().put(rest, value),
            None => self.value = Some(value),
        }
    }

    fn into_value(self) -> cel::Value {
        if let Some(value) = self.value {
            return value;
        }
        let members = self.members.into_iter().map(|(name, branch)| (name, branch.into_value()));
        members.collect::<std::collections::HashMap<String, cel::Value>>().into()
    }
}

fn to_cel(value: &Value) -> cel::Value {
    match value {
        Value::YesNo(yes) => cel::Value::Bool(*yes),
        Value::Count(count) => cel::Value::Int(*count),
        Value::Number(number) => cel::Value::Float(*number),
        Value::Text(text) => cel::Value::String(Arc::new(text.clone())),
        Value::Texts(texts) => {
            let all = texts.iter().map(|text| cel::Value::String(Arc::new(text.clone()))).collect();
            cel::Value::List(Arc::new(all))
        }
    }
}
