//! The lowest and highest value a number, date or time may stand for, and how precise it is (FHIRPath 3.0, 5.9).

use super::function::Boundary;
use super::item::{Item, Value};
use super::moment::{Moment, Precision};
use super::parts::{ON, Sink, Step};
use super::run::{Focus, Run, wrong_kind};
use super::tree::Call;
use rust_decimal::{Decimal, RoundingStrategy};

/// Places behind the point when none are asked for.
const PLACES_DEFAULT: i32 = 8;
/// Most places a decimal can carry.
const PLACES_MAX: u32 = 28;
/// Furthest zones from UTC, in minutes.
const EAST_MINUTES_MAX: i16 = 14 * 60;
const WEST_MINUTES_MAX: i16 = -12 * 60;

impl<'n> Run<'_, 'n, '_> {
    pub(super) fn boundary(
        &self,
        function: Boundary,
        call: &'n Call,
        focus: Focus<'_, 'n>,
        sink: Sink<'_, 'n>,
    ) -> Step {
        let Some(item) = self.single_input(call, focus)? else { return ON };
        let Some(value) = item.value() else { return Err(wrong_kind(call.name, &item)) };
        if function == Boundary::Precision {
            let digits = precision(&value).ok_or_else(|| wrong_kind(call.name, &item))?;
            return sink(Item::Value(Value::Integer(digits)));
        }
        let digits = match call.arguments.first() {
            None => None,
            Some(argument) => match self.single(argument, focus, call.name)? {
                None => return ON,
                Some(digits) => Some(digits.as_integer().ok_or_else(|| wrong_kind(call.name, &digits))?),
            },
        };
        let high = function == Boundary::High;
        let found = match &value {
            Value::Integer(value) => decimal((*value).into(), digits, high).map(Value::Decimal),
            Value::Decimal(value) => decimal(*value, digits, high).map(Value::Decimal),
            Value::Quantity(quantity) => {
                let value = decimal(quantity.value, digits, high);
                value.map(|value| Value::Quantity(Box::new(quantity.with_value(value))))
            }
            Value::Date(moment) => {
                limit(*moment, digits.unwrap_or(8), high).map(|moment| match moment.precision {
                    Precision::Year | Precision::Month | Precision::Day => Value::Date(moment),
                    _ => Value::DateTime(moment),
                })
            }
            Value::DateTime(moment) => limit(*moment, digits.unwrap_or(17), high).map(Value::DateTime),
            Value::Time(moment) => time_limit(*moment, digits.unwrap_or(9), high).map(Value::Time),
            _ => return Err(wrong_kind(call.name, &item)),
        };
        found.map_or(ON, |value| sink(Item::Value(value)))
    }
}

/// Half a unit of the last place below or above, brought to the places wanted without leaving the range.
fn decimal(value: Decimal, places: Option<i32>, high: bool) -> Option<Decimal> {
    let places =
        u32::try_from(places.unwrap_or(PLACES_DEFAULT)).ok().filter(|places| *places <= PLACES_MAX)?;
    let half = Decimal::try_new(5, value.scale().checked_add(1)?).ok()?;
    let (edge, strategy) = if high {
        (value.checked_add(half)?, RoundingStrategy::ToPositiveInfinity)
    } else {
        (value.checked_sub(half)?, RoundingStrategy::ToNegativeInfinity)
    };
    let mut edge = edge.round_dp_with_strategy(places, strategy);
    edge.rescale(places);
    (edge.scale() == places).then_some(edge)
}

/// A precision by its digits: 4 for a year, 17 for milliseconds.
fn date_precision(digits: i32) -> Option<Precision> {
    Some(match digits {
        4 => Precision::Year,
        6 => Precision::Month,
        8 => Precision::Day,
        10 => Precision::Hour,
        12 => Precision::Minute,
        14 | 17 => Precision::Second,
        _ => return None,
    })
}

/// The first or last moment within a partial one; a missing zone is the one that reaches furthest.
fn limit(moment: Moment, digits: i32, high: bool) -> Option<Moment> {
    let wanted = date_precision(digits)?;
    let mut edge = cut(filled(moment, high), wanted, digits == 17);
    if wanted < Precision::Hour {
        edge.offset = None;
    } else if edge.offset.is_none() {
        edge.offset = Some(if high { WEST_MINUTES_MAX } else { EAST_MINUTES_MAX });
    }
    Some(edge)
}

fn time_limit(moment: Moment, digits: i32, high: bool) -> Option<Moment> {
    let wanted = match digits {
        2 => Precision::Hour,
        4 => Precision::Minute,
        6 | 9 => Precision::Second,
        _ => return None,
    };
    Some(cut(filled(moment, high), wanted, digits == 9))
}

/// At another precision, with or without milliseconds.
fn cut(mut moment: Moment, precision: Precision, milliseconds: bool) -> Moment {
    moment.precision = precision;
    moment.digits = if milliseconds { 3 } else { 0 };
    if !milliseconds {
        moment.nanoseconds = 0;
    }
    moment
}

/// Everything below the precision at its highest; the lowest is what stands there already.
fn filled(moment: Moment, high: bool) -> Moment {
    let mut edge = moment;
    if !high {
        return edge;
    }
    if edge.precision < Precision::Month {
        edge.month = 12;
    }
    if edge.precision < Precision::Day {
        let days = super::calendar::days_in(edge.year.into(), edge.month.into());
        edge.day = days.and_then(|days| u8::try_from(days).ok()).unwrap_or(edge.day);
    }
    if edge.precision < Precision::Hour {
        edge.hour = 23;
    }
    if edge.precision < Precision::Minute {
        edge.minute = 59;
    }
    if edge.precision < Precision::Second {
        edge.second = 59;
    }
    if edge.precision < Precision::Second || edge.digits == 0 {
        edge.nanoseconds = 999_000_000;
    }
    edge
}

/// Places behind the point, or digits of a date.
fn precision(value: &Value<'_>) -> Option<i32> {
    let digits = |moment: &Moment| match (moment.precision, moment.digits) {
        (Precision::Year, _) => 4,
        (Precision::Month, _) => 6,
        (Precision::Day, _) => 8,
        (Precision::Hour, _) => 10,
        (Precision::Minute, _) => 12,
        (Precision::Second, 0) => 14,
        (Precision::Second, _) => 17,
    };
    Some(match value {
        Value::Integer(_) => 0,
        Value::Decimal(value) => i32::try_from(value.scale()).unwrap_or_default(),
        Value::Date(moment) | Value::DateTime(moment) => digits(moment),
        // The digits of the date before it are not there.
        Value::Time(moment) => digits(moment).saturating_sub(8),
        _ => return None,
    })
}
