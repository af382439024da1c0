//! The types of an expression. CEL itself finds them out only while it runs, which is too late for a rule that decides
//! once in a while.

use super::expression::key_of;
use crate::fact::{Kind, Registry};
use cel::common::ast::{CallExpr, Expr, IdedExpr, LiteralValue, operators};
use std::collections::BTreeSet;
use std::fmt;

/// What an expression says.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(super) enum Type {
    Bool,
    Int,
    Double,
    String,
    Strings,
}

impl fmt::Display for Type {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str(match self {
            Self::Bool => "yes or no",
            Self::Int => "a whole number",
            Self::Double => "a number with a point",
            Self::String => "a text",
            Self::Strings => "texts",
        })
    }
}

impl From<Kind> for Type {
    fn from(kind: Kind) -> Self {
        match kind {
            Kind::YesNo => Self::Bool,
            Kind::Count => Self::Int,
            Kind::Number => Self::Double,
            Kind::Text => Self::String,
            Kind::Texts => Self::Strings,
        }
    }
}

/// The type of an expression, with the keys that it looks at.
pub(super) fn of(expr: &IdedExpr, registry: &Registry, keys: &mut BTreeSet<String>) -> Result<Type, String> {
    Reading { registry, keys }.of(expr)
}

struct Reading<'a> {
    registry: &'a Registry,
    keys: &'a mut BTreeSet<String>,
}

impl Reading<'_> {
    fn of(&mut self, expr: &IdedExpr) -> Result<Type, String> {
        match &expr.expr {
            Expr::Literal(literal) => of_literal(literal),
            Expr::Ident(_) | Expr::Select(_) => self.of_key(&expr.expr),
            Expr::List(list) => {
                for element in &list.elements {
                    self.expect(element, Type::String)?;
                }
                Ok(Type::Strings)
            }
            Expr::Call(call) => self.of_call(call),
            _ => Err("only facts, values, comparisons, && || ! and in can be used here".to_owned()),
        }
    }

    fn of_key(&mut self, expr: &Expr) -> Result<Type, String> {
        let key = key_of(expr).ok_or("a fact is named by its key alone")?;
        let known = self.registry.key(&key).map_err(|_| self.unknown(&key))?;
        self.keys.insert(key);
        Ok(known.kind.into())
    }

    /// What to say of a key that is not known, with the nearest that is.
    fn unknown(&self, key: &str) -> String {
        let last = key.rsplit('.').next().unwrap_or(key);
        let near = self.registry.keys().find(|one| one.key.rsplit('.').next() == Some(last));
        match near {
            Some(near) => format!("{key} is not known; did you mean {}?", near.key),
            None => format!("{key} is not known"),
        }
    }

    fn of_call(&mut self, call: &CallExpr) -> Result<Type, String> {
        let arguments: Vec<&IdedExpr> = call.target.as_deref().into_iter().chain(&call.args).collect();
        match (call.func_name.as_str(), arguments.as_slice()) {
            (operators::LOGICAL_AND | operators::LOGICAL_OR, all) => {
                all.iter().try_for_each(|one| self.expect(one, Type::Bool))?;
                Ok(Type::Bool)
            }
            (operators::LOGICAL_NOT, [one]) => self.expect(one, Type::Bool).map(|()| Type::Bool),
            (operators::EQUALS | operators::NOT_EQUALS, [one, two]) => {
                self.same(one, two).map(|_| Type::Bool)
            }
            (
                operators::LESS | operators::LESS_EQUALS | operators::GREATER | operators::GREATER_EQUALS,
                [one, two],
            ) => match self.same(one, two)? {
                Type::Int | Type::Double => Ok(Type::Bool),
                other => Err(format!("{other} cannot be greater or less")),
            },
            (operators::ADD | operators::SUBSTRACT | operators::MULTIPLY, [one, two]) => {
                match self.same(one, two)? {
                    found @ (Type::Int | Type::Double) => Ok(found),
                    other => Err(format!("{other} cannot be reckoned with")),
                }
            }
            (operators::NEGATE, [one]) => match self.of(one)? {
                found @ (Type::Int | Type::Double) => Ok(found),
                other => Err(format!("{other} cannot be reckoned with")),
            },
            (operators::IN, [one, all]) => {
                self.expect(one, Type::String)?;
                self.expect(all, Type::Strings)?;
                Ok(Type::Bool)
            }
            (operators::CONDITIONAL, [when, one, two]) => {
                self.expect(when, Type::Bool)?;
                self.same(one, two)
            }
            ("size", [one]) => self.expect(one, Type::Strings).map(|()| Type::Int),
            (name, _) => Err(format!("{name} cannot be used here")),
        }
    }

    fn expect(&mut self, expr: &IdedExpr, wanted: Type) -> Result<(), String> {
        let found = self.of(expr)?;
        if found == wanted { Ok(()) } else { Err(format!("{found} stands where {wanted} is needed")) }
    }

    fn same(&mut self, one: &IdedExpr, two: &IdedExpr) -> Result<Type, String> {
        let (first, second) = (self.of(one)?, self.of(two)?);
        if first == second { Ok(first) } else { Err(format!("{first} and {second} cannot be compared")) }
    }
}

fn of_literal(literal: &LiteralValue) -> Result<Type, String> {
    match literal {
        LiteralValue::Boolean(_) => Ok(Type::Bool),
        LiteralValue::Int(_) => Ok(Type::Int),
        LiteralValue::Double(_) => Ok(Type::Double),
        LiteralValue::String(_) => Ok(Type::String),
        LiteralValue::UInt(_) | LiteralValue::Bytes(_) | LiteralValue::Null => {
            Err("only yes or no, numbers and texts can stand here".to_owned())
        }
    }
}
