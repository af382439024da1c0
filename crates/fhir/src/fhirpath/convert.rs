//! Conversions between the types of the System namespace (FHIRPath 5.5).

use super::function::Convert;
use super::item::Item;
use super::item::Value;
use super::kinds::System;
use super::moment::Moment;
use super::parts::{ON, Sink, Step};
use super::quantity::Quantity;
use super::run::{Focus, Run, emit};
use super::tree::Call;
use rust_decimal::Decimal;
use std::borrow::Cow;
use std::str::FromStr;

impl<'n> Run<'_, 'n, '_> {
    pub(super) fn convert(
        &self,
        function: Convert,
        call: &'n Call,
        focus: Focus<'_, 'n>,
        sink: Sink<'_, 'n>,
    ) -> Step {
        let Some(item) = self.single_input(call, focus)? else { return ON };
        let (Convert::To(wanted) | Convert::ConvertsTo(wanted)) = function;
        let mut found = item.value().and_then(|value| to(&value, wanted));
        if let (Some(Value::Quantity(quantity)), Some(unit)) = (&found, call.arguments.first()) {
            let unit = self.single(unit, focus, call.name)?;
            let unit = unit.as_ref().and_then(Item::as_str);
            found = unit
                .and_then(|unit| quantity.in_unit(unit))
                .map(|quantity| Value::Quantity(Box::new(quantity)));
        }
        match function {
            Convert::To(_) => found.map_or(ON, |value| sink(Item::Value(value))),
            Convert::ConvertsTo(_) => emit(Some(found.is_some()), sink),
        }
    }
}

/// A value as one of another type; `None` when it cannot be.
fn to<'n>(value: &Value<'n>, wanted: System) -> Option<Value<'n>> {
    match wanted {
        System::Boolean => boolean(value).map(Value::Boolean),
        System::Integer => match value {
            Value::Integer(value) => Some(Value::Integer(*value)),
            Value::Boolean(value) => Some(Value::Integer((*value).into())),
            Value::String(text) => text.parse().ok().map(Value::Integer),
            _ => None,
        },
        System::Decimal => match value {
            Value::Integer(value) => Some(Value::Decimal((*value).into())),
            Value::Decimal(value) => Some(Value::Decimal(*value)),
            Value::Boolean(value) => Some(Value::Decimal(i32::from(*value).into())),
            Value::String(text) => decimal(text).map(Value::Decimal),
            _ => None,
        },
        System::String => value.text().map(|text| Value::String(Cow::Owned(text))),
        System::Date => match value {
            Value::Date(moment) | Value::DateTime(moment) => Some(Value::Date(moment.to_date())),
            Value::String(text) => Moment::date_time(text).map(|moment| Value::Date(moment.to_date())),
            _ => None,
        },
        System::DateTime => match value {
            Value::Date(moment) | Value::DateTime(moment) => Some(Value::DateTime(*moment)),
            Value::String(text) => Moment::date_time(text).map(Value::DateTime),
            _ => None,
        },
        System::Time => match value {
            Value::Time(moment) => Some(Value::Time(*moment)),
            Value::String(text) => Moment::time(text.strip_prefix('T').unwrap_or(text)).map(Value::Time),
            _ => None,
        },
        System::Quantity => quantity(value).map(|quantity| Value::Quantity(Box::new(quantity))),
    }
}

fn boolean(value: &Value<'_>) -> Option<bool> {
    match value {
        Value::Boolean(value) => Some(*value),
        Value::Integer(1) => Some(true),
        Value::Integer(0) => Some(false),
        Value::Decimal(value) if *value == Decimal::ONE => Some(true),
        Value::Decimal(value) if value.is_zero() => Some(false),
        Value::String(text) => match text.to_ascii_lowercase().as_str() {
            "true" | "t" | "yes" | "y" | "1" | "1.0" => Some(true),
            "false" | "f" | "no" | "n" | "0" | "0.0" => Some(false),
            _ => None,
        },
        _ => None,
    }
}

fn quantity(value: &Value<'_>) -> Option<Quantity> {
    match value {
        Value::Quantity(quantity) => Some((**quantity).clone()),
        Value::Integer(value) => Some(Quantity::number((*value).into())),
        Value::Decimal(value) => Some(Quantity::number(*value)),
        Value::Boolean(value) => Some(Quantity::number(i32::from(*value).into())),
        Value::String(text) => Quantity::parse(text),
        _ => None,
    }
}

/// A decimal as FHIRPath writes it: a sign, digits, and digits behind a point.
pub(super) fn decimal(text: &str) -> Option<Decimal> {
    let digits = text.strip_prefix(['+', '-']).unwrap_or(text);
    let (whole, places) = digits.split_once('.').unwrap_or((digits, "0"));
    let plain = |part: &str| !part.is_empty() && part.bytes().all(|byte| byte.is_ascii_digit());
    (plain(whole) && plain(places)).then(|| Decimal::from_str(text).ok()).flatten()
}
