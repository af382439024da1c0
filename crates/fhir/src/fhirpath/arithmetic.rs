//! The operators of numbers, strings, quantities and dates (FHIRPath 6.6, 6.8). What leaves the range gives nothing.

use super::item::{Item, Value};
use super::moment::{Moment, Precision};
use super::quantity::{Calendar, Form, Quantity};
use super::run::wrong_kind;
use super::tree::Operator;
use base::Problem;
use rust_decimal::Decimal;
use rust_decimal::prelude::ToPrimitive;
use std::borrow::Cow;

type Found<'n> = Result<Option<Value<'n>>, Problem>;

/// `left operator right`.
pub(super) fn apply<'n>(operator: Operator, left: &Item<'n>, right: &Item<'n>) -> Found<'n> {
    if operator == Operator::Concatenate {
        return concatenated(Some(left), Some(right));
    }
    let (Some(one), Some(other)) = (left.value(), right.value()) else {
        return Err(wrong_kind(operator.sign(), if left.value().is_none() { left } else { right }));
    };
    match (&one, &other) {
        (Value::Integer(one), Value::Integer(other)) => Ok(integers(operator, *one, *other)),
        (Value::Integer(_) | Value::Decimal(_), Value::Integer(_) | Value::Decimal(_)) => {
            let (one, other) = (as_decimal(&one), as_decimal(&other));
            Ok(one.zip(other).and_then(|(one, other)| numbers(operator, one, other)))
        }
        (Value::String(one), Value::String(other)) if operator == Operator::Plus => {
            Ok(Some(Value::String(Cow::Owned(format!("{one}{other}")))))
        }
        (Value::Date(moment) | Value::DateTime(moment) | Value::Time(moment), Value::Quantity(quantity)) => {
            let length =
                length(operator, *moment, quantity).ok_or_else(|| wrong_kind(operator.sign(), right))?;
            Ok(moved(*moment, length).map(|moved| match &one {
                Value::Date(_) => Value::Date(moved),
                Value::DateTime(_) => Value::DateTime(moved),
                _ => Value::Time(moved),
            }))
        }
        _ => match (as_quantity(&one), as_quantity(&other)) {
            (Some(one), Some(other)) if operator.is_of_quantities() => {
                let quantity = quantities(operator, &one, &other);
                Ok(quantity.map(|quantity| Value::Quantity(Box::new(quantity))))
            }
            _ => Err(wrong_kind(operator.sign(), right)),
        },
    }
}

/// `left & right`: nothing counts as an empty string.
pub(super) fn concatenated<'n>(left: Option<&Item<'n>>, right: Option<&Item<'n>>) -> Found<'n> {
    let text = |item: Option<&Item<'n>>| -> Result<String, Problem> {
        let Some(item) = item else { return Ok(String::new()) };
        item.as_str().map(str::to_owned).ok_or_else(|| wrong_kind("&", item))
    };
    Ok(Some(Value::String(Cow::Owned(text(left)? + &text(right)?))))
}

/// `-item`
pub(super) fn negated<'n>(item: &Item<'n>) -> Found<'n> {
    match item.value() {
        Some(Value::Integer(value)) => Ok(value.checked_neg().map(Value::Integer)),
        Some(Value::Decimal(value)) => Ok(Some(Value::Decimal(-value))),
        Some(Value::Quantity(quantity)) => {
            Ok(Some(Value::Quantity(Box::new(quantity.with_value(-quantity.value)))))
        }
        _ => Err(wrong_kind("-", item)),
    }
}

pub(super) fn as_decimal(value: &Value<'_>) -> Option<Decimal> {
    match value {
        Value::Integer(value) => Some(Decimal::from(*value)),
        Value::Decimal(value) => Some(*value),
        _ => None,
    }
}

/// A quantity, or a number as one.
pub(super) fn as_quantity(value: &Value<'_>) -> Option<Quantity> {
    match value {
        Value::Quantity(quantity) => Some((**quantity).clone()),
        other => as_decimal(other).map(Quantity::number),
    }
}

fn integers(operator: Operator, left: i32, right: i32) -> Option<Value<'static>> {
    let integer = match operator {
        Operator::Plus => left.checked_add(right),
        Operator::Minus => left.checked_sub(right),
        Operator::Times => left.checked_mul(right),
        Operator::Div => left.checked_div(right),
        Operator::Mod => left.checked_rem(right),
        _ => return numbers(operator, left.into(), right.into()),
    };
    integer.map(Value::Integer)
}

fn numbers(operator: Operator, left: Decimal, right: Decimal) -> Option<Value<'static>> {
    let decimal = match operator {
        Operator::Plus => left.checked_add(right),
        Operator::Minus => left.checked_sub(right),
        Operator::Times => left.checked_mul(right),
        Operator::Divide => left.checked_div(right).map(|quotient| quotient.normalize()),
        Operator::Mod => left.checked_rem(right),
        Operator::Div => return left.checked_div(right)?.trunc().to_i32().map(Value::Integer),
        _ => None,
    };
    decimal.map(Value::Decimal)
}

impl Operator {
    fn is_of_quantities(self) -> bool {
        matches!(self, Self::Plus | Self::Minus | Self::Times | Self::Divide)
    }
}

/// Nothing when the units do not go together.
fn quantities(operator: Operator, left: &Quantity, right: &Quantity) -> Option<Quantity> {
    match operator {
        Operator::Plus => Some(left.with_value(left.value.checked_add(left.aligned(right)?)?)),
        Operator::Minus => Some(left.with_value(left.value.checked_sub(left.aligned(right)?)?)),
        Operator::Times => left.times(right),
        _ => left.divided_by(right),
    }
}

/// How far a quantity moves a date or time. `None` when its unit is none of time, or a mean year or month.
fn length(operator: Operator, moment: Moment, quantity: &Quantity) -> Option<(Calendar, Decimal)> {
    let word = match quantity.form {
        Form::Calendar(word) => word,
        Form::Ucum => Calendar::definite(&quantity.unit)?,
        Form::Other => return None,
    };
    if moment.is_time() && word < Calendar::Hour {
        return None;
    }
    match operator {
        Operator::Plus => Some((word, quantity.value)),
        Operator::Minus => Some((word, -quantity.value)),
        _ => None,
    }
}

/// A date or time moved so far; `None` when that leaves the calendar.
fn moved(moment: Moment, (word, value): (Calendar, Decimal)) -> Option<Moment> {
    match word {
        Calendar::Year | Calendar::Month => months(moment, word, value),
        _ => seconds(moment, word, value),
    }
}

/// Moved by whole years or months; a day the new month does not have becomes its last one.
fn months(moment: Moment, word: Calendar, value: Decimal) -> Option<Moment> {
    let whole = value.trunc().to_i64()?;
    let months = match (word, moment.precision) {
        (Calendar::Year, _) => whole.checked_mul(12)?,
        // Only whole years fit into a date that is a year.
        (_, Precision::Year) => whole.checked_div(12)?.checked_mul(12)?,
        _ => whole,
    };
    let before = i64::from(moment.year).checked_mul(12)?.checked_add(moment.month.into())?.checked_sub(1)?;
    let after = before.checked_add(months)?;
    let (year, month) = (after.div_euclid(12), after.rem_euclid(12).checked_add(1)?);
    let days = super::calendar::days_in(year, month)?;
    let day = u8::try_from(days).ok()?.min(moment.day);
    let year = u16::try_from(year).ok().filter(|year| (1..=9_999).contains(year))?;
    Some(Moment { year, month: u8::try_from(month).ok()?, day, ..moment })
}

/// Moved by weeks, days, or parts of a day. Only seconds may have digits behind the point; what is shorter than the
/// moment is precise is turned into whole units of its precision.
fn seconds(moment: Moment, word: Calendar, value: Decimal) -> Option<Moment> {
    let unit = match word {
        Calendar::Week => 604_800,
        Calendar::Day => 86_400,
        Calendar::Hour => 3_600,
        Calendar::Minute => 60,
        _ => 1,
    };
    let seconds = match word {
        Calendar::Second => value,
        Calendar::Millisecond => value.checked_mul(Decimal::new(1, 3))?,
        _ => value.trunc().checked_mul(unit.into())?,
    };
    let whole = |unit: i64| seconds.checked_div(unit.into())?.trunc().to_i64();
    match moment.precision {
        Precision::Year => months(moment, Calendar::Year, whole(365 * 86_400)?.into()),
        Precision::Month => months(moment, Calendar::Month, whole(30 * 86_400)?.into()),
        Precision::Day => {
            moment.with_seconds(moment.seconds().checked_add(whole(86_400)?.checked_mul(86_400)?)?)
        }
        Precision::Hour => {
            moment.with_seconds(moment.seconds().checked_add(whole(3_600)?.checked_mul(3_600)?)?)
        }
        Precision::Minute => moment.with_seconds(moment.seconds().checked_add(whole(60)?.checked_mul(60)?)?),
        Precision::Second => {
            let nanoseconds = seconds.checked_mul(Decimal::from(1_000_000_000))?.trunc().to_i128()?;
            let all = i128::from(moment.seconds())
                .checked_mul(1_000_000_000)?
                .checked_add(moment.nanoseconds.into())?;
            let all = all.checked_add(nanoseconds)?;
            let mut moved = moment.with_seconds(i64::try_from(all.div_euclid(1_000_000_000)).ok()?)?;
            moved.nanoseconds = u32::try_from(all.rem_euclid(1_000_000_000)).ok()?;
            if moved.nanoseconds.rem_euclid(1_000_000_000) != 0 && moved.digits == 0 {
                moved.digits = 3;
            }
            Some(moved)
        }
    }
}
