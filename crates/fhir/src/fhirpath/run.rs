//! The evaluation of a tree. Items flow one by one into a sink, so that most expressions need no collection at all;
//! what gives true, false or nothing is asked for that directly.

use super::arithmetic;
use super::function::{Function, Select};
use super::item::{Item, Items, Value};
use super::kinds;
use super::logic::is_truth;
use super::parts::{ON, Sink, Step, go};
use super::scope::Scope;
use super::tree::{Call, Expr, Operator};
use crate::codes::fhirpath as codes;
use base::Problem;
use std::cell::Cell;
use std::ops::ControlFlow;

/// Most steps of one evaluation: items taken, nodes of the tree visited, and every 16 bytes of text made.
pub(super) const STEPS_MAX: u32 = 4_000_000;

/// One evaluation.
///
/// Items live as long as both the expression and the resources (`'n`); the scope may hold them longer (`'s`).
pub(super) struct Run<'r, 'n, 's: 'n> {
    pub(super) scope: &'r Scope<'s>,
    /// `%context`: what the whole expression works on.
    pub(super) context: &'r Item<'n>,
    left: Cell<u32>,
}

/// What `$this`, `$index` and `$total` are at a place of the tree.
#[derive(Clone, Copy)]
pub(super) struct Focus<'f, 'n> {
    pub(super) this: Option<&'f Item<'n>>,
    pub(super) index: Option<usize>,
    pub(super) total: &'f [Item<'n>],
}

impl<'f, 'n> Focus<'f, 'n> {
    /// The same place with another `$this`.
    pub(super) fn at(self, this: &'f Item<'n>, index: usize) -> Self {
        Self { this: Some(this), index: Some(index), ..self }
    }
}

/// True, false, or nothing.
pub(super) type Truth = Result<Option<bool>, Problem>;

impl<'r, 'n, 's> Run<'r, 'n, 's> {
    pub(super) fn new(scope: &'r Scope<'s>, context: &'r Item<'n>) -> Self {
        Self { scope, context, left: Cell::new(STEPS_MAX) }
    }

    pub(super) fn start(&self) -> Focus<'r, 'n> {
        Focus { this: Some(self.context), index: None, total: &[] }
    }

    /// Counts steps.
    pub(super) fn spend(&self, steps: usize) -> Result<(), Problem> {
        let left = u32::try_from(steps).ok().and_then(|steps| self.left.get().checked_sub(steps));
        match left {
            Some(left) => {
                self.left.set(left);
                Ok(())
            }
            None => Err(Problem::new(&codes::STEPS).with("limit", STEPS_MAX)),
        }
    }

    /// Sends the items of an expression into the sink.
    pub(super) fn each(&self, expr: &'n Expr, focus: Focus<'_, 'n>, sink: Sink<'_, 'n>) -> Step {
        self.spend(1)?;
        match expr {
            Expr::Empty => ON,
            Expr::Text(text) => sink(Item::string(text.as_str())),
            Expr::Literal(value) => sink(Item::Value(value.clone())),
            Expr::This => focus.this.map_or(ON, |this| sink(this.clone())),
            Expr::Index => focus.index.map_or(ON, |index| sink(Item::Value(Value::Integer(integer(index))))),
            Expr::Total => self.all_of(focus.total, sink),
            Expr::Variable(variable) => self.variable(variable, sink),
            Expr::Root(kind) => match focus.this {
                Some(this @ Item::Part(part)) if kinds::is_a(part.kind, kind) => sink(this.clone()),
                _ => self.unknown(kind.name, focus.this),
            },
            Expr::Member(member) => self.member(member, focus, sink),
            Expr::Indexer(both) => self.indexed(&both.0, &both.1, focus, sink),
            Expr::Negated(inner) => match self.single(inner, focus, "-")? {
                Some(item) => arithmetic::negated(&item)?.map_or(ON, |value| sink(Item::Value(value))),
                None => ON,
            },
            Expr::As(test) => self.with_type(test, focus, sink),
            Expr::Binary(binary) => match binary.operator {
                Operator::Union => self.union(&binary.left, &binary.right, focus, sink),
                operator if operator.is_arithmetic() => self.arithmetic(binary, focus, sink),
                _ => emit(self.truth(expr, focus)?, sink),
            },
            Expr::Is(_) => emit(self.truth(expr, focus)?, sink),
            Expr::Call(call) => match call.function {
                Function::Test(_) => emit(self.truth(expr, focus)?, sink),
                Function::Select(select) => self.select(select, call, focus, sink),
                Function::Text(function) => self.text(function, call, focus, sink),
                Function::Math(function) => self.math(function, call, focus, sink),
                Function::Convert(function) => self.convert(function, call, focus, sink),
                Function::Boundary(function) => self.boundary(function, call, focus, sink),
                Function::Fhir(function) => self.fhir(function, call, focus, sink),
            },
        }
    }

    /// An expression as true, false or nothing. One item that is no boolean counts as true (FHIRPath 5.1.1).
    pub(super) fn truth(&self, expr: &'n Expr, focus: Focus<'_, 'n>) -> Truth {
        match expr {
            Expr::Binary(binary) if is_truth(expr) => {
                self.spend(1)?;
                self.logic(binary, focus)
            }
            Expr::Is(test) => self.is(test, focus),
            Expr::Call(call) => match call.function {
                Function::Test(test) => {
                    self.spend(1)?;
                    self.test(test, call, focus)
                }
                _ => self.one_as_truth(expr, focus),
            },
            _ => self.one_as_truth(expr, focus),
        }
    }

    fn one_as_truth(&self, expr: &'n Expr, focus: Focus<'_, 'n>) -> Truth {
        let item = self.single(expr, focus, "boolean")?;
        Ok(item.map(|item| item.as_bool().unwrap_or(true)))
    }

    /// The one item of an expression; several are a problem.
    pub(super) fn single(
        &self,
        expr: &'n Expr,
        focus: Focus<'_, 'n>,
        name: &str,
    ) -> Result<Option<Item<'n>>, Problem> {
        match expr {
            Expr::This => return Ok(focus.this.cloned()),
            Expr::Text(text) => return Ok(Some(Item::string(text.as_str()))),
            _ => {}
        }
        let mut found = None;
        let step = self.each(expr, focus, &mut |item| {
            if found.is_some() {
                return Err(Problem::new(&codes::NOT_SINGLE).with("name", name));
            }
            found = Some(item);
            ON
        });
        step.map(|_| found)
    }

    /// All items of an expression.
    pub(super) fn collect(&self, expr: &'n Expr, focus: Focus<'_, 'n>) -> Result<Items<'n>, Problem> {
        let mut items = Items::new();
        let step = self.each(expr, focus, &mut |item| {
            items.push(item);
            ON
        });
        step.map(|_| items)
    }

    /// The input of a function: what stands before its point, or `$this`.
    pub(super) fn input(&self, input: Option<&'n Expr>, focus: Focus<'_, 'n>, sink: Sink<'_, 'n>) -> Step {
        match (input, focus.this) {
            (Some(expr), _) => self.each(expr, focus, sink),
            (None, Some(this)) => sink(this.clone()),
            (None, None) => ON,
        }
    }

    /// Goes through the items of an expression; stopping early is the business of `take` alone.
    pub(super) fn visit(
        &self,
        expr: &'n Expr,
        focus: Focus<'_, 'n>,
        take: Sink<'_, 'n>,
    ) -> Result<(), Problem> {
        self.each(expr, focus, take).map(drop)
    }

    /// Goes through the input of a function in the same way.
    pub(super) fn visit_input(
        &self,
        call: &'n Call,
        focus: Focus<'_, 'n>,
        take: Sink<'_, 'n>,
    ) -> Result<(), Problem> {
        self.input(call.input.as_ref(), focus, take).map(drop)
    }

    pub(super) fn single_input(
        &self,
        call: &'n Call,
        focus: Focus<'_, 'n>,
    ) -> Result<Option<Item<'n>>, Problem> {
        match &call.input {
            Some(expr) => self.single(expr, focus, call.name),
            None => Ok(focus.this.cloned()),
        }
    }

    pub(super) fn all_input(&self, call: &'n Call, focus: Focus<'_, 'n>) -> Result<Items<'n>, Problem> {
        match &call.input {
            Some(expr) => self.collect(expr, focus),
            None => Ok(focus.this.cloned().into_iter().collect()),
        }
    }

    pub(super) fn all_of(&self, items: &[Item<'n>], sink: Sink<'_, 'n>) -> Step {
        self.spend(items.len())?;
        for item in items {
            go!(sink(item.clone()));
        }
        ON
    }

    fn indexed(&self, input: &'n Expr, index: &'n Expr, focus: Focus<'_, 'n>, sink: Sink<'_, 'n>) -> Step {
        let Some(index) = self.single(index, focus, "[ ]")? else { return ON };
        let Some(index) = index.as_integer() else { return Err(wrong_kind("[ ]", &index)) };
        let Ok(mut left) = usize::try_from(index) else { return ON };
        let mut flow = ControlFlow::Continue(());
        self.visit(input, focus, &mut |item| {
            if left > 0 {
                left = left.saturating_sub(1);
                return ON;
            }
            flow = sink(item)?;
            Ok(ControlFlow::Break(()))
        })?;
        Ok(flow)
    }
}

/// Sends a truth on as an item.
pub(super) fn emit(truth: Option<bool>, sink: Sink<'_, '_>) -> Step {
    truth.map_or(ON, |truth| sink(Item::Value(Value::Boolean(truth))))
}

/// A count as an Integer.
pub(super) fn integer(count: usize) -> i32 {
    i32::try_from(count).unwrap_or(i32::MAX)
}

pub(super) fn wrong_kind(name: &str, item: &Item<'_>) -> Problem {
    Problem::new(&codes::WRONG_KIND).with("name", name).with("kind", item.type_name())
}

/// Functions applied to what has no order (`children()`, `descendants()`) where order decides.
pub(super) fn is_unordered(input: Option<&Expr>) -> bool {
    let Some(Expr::Call(call)) = input else { return false };
    matches!(call.function, Function::Select(Select::Children | Select::Descendants))
}
