//! Operators: logic of three values, comparison, type tests, and the way to arithmetic (FHIRPath 6).

use super::arithmetic;
use super::compare;
use super::function::{Fhir, Function};
use super::item::{Item, Value};
use super::parts::{ON, Sink, Step, go};
use super::run::{Focus, Run, Truth};
use super::tree::{Binary, Expr, Operator, TypeTest};
use crate::codes::fhirpath as codes;
use base::Problem;
use std::ops::ControlFlow;

impl<'n> Run<'_, 'n, '_> {
    pub(super) fn is(&self, test: &'n TypeTest, focus: Focus<'_, 'n>) -> Truth {
        self.spend(1)?;
        if let Some(Expr::Call(call)) = &test.input
            && call.function == Function::Fhir(Fhir::Resolve)
        {
            return self.target_is(call, test.wanted, focus);
        }
        let item = match &test.input {
            Some(expr) => self.single(expr, focus, "is")?,
            None => focus.this.cloned(),
        };
        Ok(item.map(|item| item.is(test.wanted, self.scope.strict)))
    }

    /// `as` and `ofType`. The search parameters of R4 use `as` on several items, so only strict evaluation minds.
    pub(super) fn with_type(&self, test: &'n TypeTest, focus: Focus<'_, 'n>, sink: Sink<'_, 'n>) -> Step {
        let mut first = true;
        self.input(test.input.as_ref(), focus, &mut |item| {
            if !first && test.single && self.scope.strict {
                return Err(Problem::new(&codes::NOT_SINGLE).with("name", "as"));
            }
            first = false;
            if item.is_as(test.wanted, self.scope.strict) { sink(item) } else { ON }
        })
    }

    pub(super) fn logic(&self, binary: &'n Binary, focus: Focus<'_, 'n>) -> Truth {
        let left = || self.truth(&binary.left, focus);
        let right = || self.truth(&binary.right, focus);
        Ok(match binary.operator {
            Operator::And => match left()? {
                Some(false) => Some(false),
                left => match (left, right()?) {
                    (_, Some(false)) => Some(false),
                    (Some(true), Some(true)) => Some(true),
                    _ => None,
                },
            },
            Operator::Or => match left()? {
                Some(true) => Some(true),
                left => match (left, right()?) {
                    (_, Some(true)) => Some(true),
                    (Some(false), Some(false)) => Some(false),
                    _ => None,
                },
            },
            Operator::Implies => match left()? {
                Some(false) => Some(true),
                Some(true) => right()?,
                None => right()?.filter(|right| *right),
            },
            Operator::Xor => left()?.zip(right()?).map(|(left, right)| left != right),
            _ => return self.comparison(binary, focus),
        })
    }

    fn comparison(&self, binary: &'n Binary, focus: Focus<'_, 'n>) -> Truth {
        let name = binary.operator.sign();
        match binary.operator {
            Operator::Less | Operator::LessOrEqual | Operator::Greater | Operator::GreaterOrEqual => {
                let (left, right) =
                    (self.single(&binary.left, focus, name)?, self.single(&binary.right, focus, name)?);
                let (Some(left), Some(right)) = (left, right) else { return Ok(None) };
                let order = compare::order(&left, &right, name)?;
                Ok(order.map(|order| match binary.operator {
                    Operator::Less => order.is_lt(),
                    Operator::LessOrEqual => order.is_le(),
                    Operator::Greater => order.is_gt(),
                    _ => order.is_ge(),
                }))
            }
            Operator::In => self.contained(&binary.left, &binary.right, name, focus),
            Operator::Contains => self.contained(&binary.right, &binary.left, name, focus),
            operator @ (Operator::Equal | Operator::NotEqual)
                if is_truth(&binary.left) && is_truth(&binary.right) =>
            {
                let both = self.truth(&binary.left, focus)?.zip(self.truth(&binary.right, focus)?);
                Ok(both.map(|(left, right)| (left == right) == (operator == Operator::Equal)))
            }
            operator => {
                let (left, right) = (self.collect(&binary.left, focus)?, self.collect(&binary.right, focus)?);
                match operator {
                    Operator::Equal => compare::equal(self, &left, &right),
                    Operator::NotEqual => Ok(compare::equal(self, &left, &right)?.map(|equal| !equal)),
                    Operator::Equivalent => compare::equivalent(self, &left, &right).map(Some),
                    _ => Ok(Some(!compare::equivalent(self, &left, &right)?)),
                }
            }
        }
    }

    /// `in` and `contains`: nothing in anything is nothing, anything in nothing is false.
    fn contained(&self, one: &'n Expr, all: &'n Expr, name: &str, focus: Focus<'_, 'n>) -> Truth {
        let Some(one) = self.single(one, focus, name)? else { return Ok(None) };
        let mut found = false;
        self.each_of_union(all, focus, &mut |item| {
            self.spend(1)?;
            found = compare::equal_items(self, &one, &item)? == Some(true);
            if found { Ok(ControlFlow::Break(())) } else { ON }
        })
        .map(|_| Some(found))
    }

    /// The items of `a | b | c` one after the other, where it does not matter that some may come twice.
    fn each_of_union(&self, expr: &'n Expr, focus: Focus<'_, 'n>, sink: Sink<'_, 'n>) -> Step {
        match expr {
            Expr::Binary(binary) if binary.operator == Operator::Union => {
                go!(self.each_of_union(&binary.left, focus, sink));
                self.each_of_union(&binary.right, focus, sink)
            }
            _ => self.each(expr, focus, sink),
        }
    }

    pub(super) fn arithmetic(&self, binary: &'n Binary, focus: Focus<'_, 'n>, sink: Sink<'_, 'n>) -> Step {
        let name = binary.operator.sign();
        let (left, right) =
            (self.single(&binary.left, focus, name)?, self.single(&binary.right, focus, name)?);
        let value = match (left, right) {
            (Some(left), Some(right)) => arithmetic::apply(binary.operator, &left, &right)?,
            // `&` takes nothing for an empty string.
            (left, right) if binary.operator == Operator::Concatenate => {
                arithmetic::concatenated(left.as_ref(), right.as_ref())?
            }
            _ => None,
        };
        if let Some(Value::String(text)) = &value {
            self.spend(text.len().div_euclid(16))?;
        }
        value.map_or(ON, |value| sink(Item::Value(value)))
    }
}

impl Operator {
    pub(super) fn is_arithmetic(self) -> bool {
        use Operator::{Concatenate, Div, Divide, Minus, Mod, Plus, Times};
        matches!(self, Plus | Minus | Concatenate | Times | Divide | Div | Mod)
    }
}

/// True for expressions whose result is true, false or nothing by their form.
pub(super) fn is_truth(expr: &Expr) -> bool {
    match expr {
        Expr::Is(_) => true,
        Expr::Binary(binary) => !binary.operator.is_arithmetic() && binary.operator != Operator::Union,
        Expr::Call(call) => matches!(call.function, Function::Test(_)),
        _ => false,
    }
}
