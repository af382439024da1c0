//! Functions of numbers (FHIRPath 5.7). Where the result is no number, or beyond the range, there is none.

use super::arithmetic::as_decimal;
use super::function::Math;
use super::item::{Item, Value};
use super::parts::{ON, Sink, Step};
use super::run::{Focus, Run, wrong_kind};
use super::tree::Call;
use rust_decimal::prelude::{FromPrimitive, ToPrimitive};
use rust_decimal::{Decimal, RoundingStrategy};

impl<'n> Run<'_, 'n, '_> {
    pub(super) fn math(
        &self,
        function: Math,
        call: &'n Call,
        focus: Focus<'_, 'n>,
        sink: Sink<'_, 'n>,
    ) -> Step {
        let Some(item) = self.single_input(call, focus)? else { return ON };
        let argument = match call.arguments.first() {
            Some(argument) => match self.single(argument, focus, call.name)? {
                Some(argument) => Some(argument),
                None => return ON,
            },
            None => None,
        };
        let argument = match &argument {
            Some(item) => Some(item.as_decimal().ok_or_else(|| wrong_kind(call.name, item))?),
            None => None,
        };
        let Some(value) = item.value() else { return Err(wrong_kind(call.name, &item)) };
        let found = match (&value, function) {
            (Value::Integer(value), Math::Abs) => value.checked_abs().map(Value::Integer),
            (Value::Quantity(quantity), Math::Abs) => {
                Some(Value::Quantity(Box::new(quantity.with_value(quantity.value.abs()))))
            }
            (Value::Quantity(quantity), Math::Round) => {
                let rounded = rounded(quantity.value, argument);
                rounded.map(|value| Value::Quantity(Box::new(quantity.with_value(value))))
            }
            (Value::Integer(base), Math::Power) => integer_power(*base, argument),
            _ => {
                let value = as_decimal(&value).ok_or_else(|| wrong_kind(call.name, &item))?;
                of_decimal(function, value, argument)
            }
        };
        found.map_or(ON, |value| sink(Item::Value(value)))
    }
}

fn of_decimal(function: Math, value: Decimal, argument: Option<Decimal>) -> Option<Value<'static>> {
    let whole = |value: Decimal| value.to_i32().map(Value::Integer);
    match function {
        Math::Abs => Some(Value::Decimal(value.abs())),
        Math::Ceiling => whole(value.ceil()),
        Math::Floor => whole(value.floor()),
        Math::Truncate => whole(value.trunc()),
        Math::Round => rounded(value, argument).map(Value::Decimal),
        Math::Exp => float(value.to_f64()?.exp()),
        Math::Ln => float(value.to_f64()?.ln()),
        Math::Log => float(value.to_f64()?.log(argument?.to_f64()?)),
        Math::Sqrt => float(value.to_f64()?.sqrt()),
        Math::Power => power(value, argument?).map(Value::Decimal),
    }
}

/// To so many places behind the point; halves away from zero.
fn rounded(value: Decimal, places: Option<Decimal>) -> Option<Decimal> {
    let places = places.unwrap_or_default().to_u32()?;
    Some(value.round_dp_with_strategy(places, RoundingStrategy::MidpointAwayFromZero))
}

/// A result of the floating-point functions, to the digits that such numbers hold.
fn float(value: f64) -> Option<Value<'static>> {
    value.is_finite().then(|| Decimal::from_f64(value)).flatten().map(Value::Decimal)
}

fn integer_power(base: i32, exponent: Option<Decimal>) -> Option<Value<'static>> {
    let exponent = exponent?;
    match exponent.is_integer().then(|| exponent.to_u32()).flatten() {
        Some(exponent) => base.checked_pow(exponent).map(Value::Integer),
        None => power(base.into(), exponent).map(Value::Decimal),
    }
}

/// Exact for whole exponents.
fn power(base: Decimal, exponent: Decimal) -> Option<Decimal> {
    if !exponent.is_integer() {
        let power = base.to_f64()?.powf(exponent.to_f64()?);
        return power.is_finite().then(|| Decimal::from_f64(power)).flatten();
    }
    let (mut left, mut square, mut result) = (exponent.abs().to_u32()?, base, Decimal::ONE);
    while left > 0 {
        if left % 2 == 1 {
            result = result.checked_mul(square)?;
        }
        left /= 2;
        if left > 0 {
            square = square.checked_mul(square)?;
        }
    }
    if exponent.is_sign_negative() {
        Decimal::ONE.checked_div(result).map(|power| power.normalize())
    } else {
        Some(result)
    }
}
