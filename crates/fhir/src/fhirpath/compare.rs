//! Equality, equivalence and order (FHIRPath 6.1, 6.2).

use super::item::{Item, Part, Value};
use super::run::{Run, Truth, wrong_kind};
use crate::json::Node;
use base::Problem;
use rust_decimal::{Decimal, RoundingStrategy};
use std::cmp::Ordering;

/// `=` of two collections: nothing when one is empty, or when the precision of a date leaves it open.
pub(super) fn equal<'n>(run: &Run<'_, 'n, '_>, left: &[Item<'n>], right: &[Item<'n>]) -> Truth {
    if left.is_empty() || right.is_empty() {
        return Ok(None);
    }
    if left.len() != right.len() {
        return Ok(Some(false));
    }
    let mut open = false;
    for (left, right) in left.iter().zip(right) {
        match equal_items(run, left, right)? {
            Some(true) => {}
            Some(false) => return Ok(Some(false)),
            None => open = true,
        }
    }
    Ok((!open).then_some(true))
}

/// `=` of two items.
pub(super) fn equal_items<'n>(run: &Run<'_, 'n, '_>, left: &Item<'n>, right: &Item<'n>) -> Truth {
    run.spend(1)?;
    if let (Some(left), Some(right)) = (text_of(left), text_of(right)) {
        return Ok(Some(left == right));
    }
    match (left.value(), right.value()) {
        (Some(left), Some(right)) => Ok(equal_values(&left, &right)),
        (None, None) => match (left, right) {
            (Item::Part(left), Item::Part(right)) => same_parts(run, left, right).map(Some),
            _ => Ok(Some(false)),
        },
        _ => Ok(Some(false)),
    }
}

/// The text of an item that is a String, or turns into one.
pub(super) fn text_of<'i>(item: &'i Item<'_>) -> Option<&'i str> {
    match item {
        Item::Value(Value::String(text)) => Some(text),
        Item::Part(part) => match part.node {
            Some(Node::String(text))
                if super::kinds::system_of(part.kind) == super::kinds::System::String =>
            {
                Some(text)
            }
            _ => None,
        },
        Item::Value(_) => None,
    }
}

/// Both as decimals, when both are numbers.
fn decimals(left: &Value<'_>, right: &Value<'_>) -> Option<(Decimal, Decimal)> {
    let decimal = |value: &Value<'_>| match value {
        Value::Integer(value) => Some(Decimal::from(*value)),
        Value::Decimal(value) => Some(*value),
        _ => None,
    };
    Some((decimal(left)?, decimal(right)?))
}

fn equal_values(left: &Value<'_>, right: &Value<'_>) -> Option<bool> {
    if let Some((left, right)) = decimals(left, right) {
        return Some(left == right);
    }
    match (left, right) {
        (Value::Boolean(left), Value::Boolean(right)) => Some(left == right),
        (Value::String(left), Value::String(right)) => Some(left == right),
        (Value::Time(left), Value::Time(right))
        | (Value::Date(left) | Value::DateTime(left), Value::Date(right) | Value::DateTime(right)) => {
            left.order(*right).map(Ordering::is_eq)
        }
        (Value::Quantity(left), Value::Quantity(right)) => match left.order(right) {
            Some(order) => Some(order.is_eq()),
            // A month of the calendar and a mean month are of one kind, but neither equal nor different.
            None => (!left.is_comparable(right)).then_some(false),
        },
        (Value::Quantity(quantity), number) | (number, Value::Quantity(quantity)) => {
            let number = super::arithmetic::as_quantity(number);
            number.and_then(|number| number.order(quantity)).map_or(Some(false), |order| Some(order.is_eq()))
        }
        (Value::Type(space, name), Value::Type(other_space, other)) => {
            Some(space == other_space && name == other)
        }
        _ => Some(false),
    }
}

/// Parts are the same when their JSON says the same: the order of members does not count, numbers count by value.
fn same_parts(run: &Run<'_, '_, '_>, left: &Part<'_>, right: &Part<'_>) -> Result<bool, Problem> {
    let same = |left: Option<&Node>, right: Option<&Node>| match (left, right) {
        (Some(left), Some(right)) => same_nodes(run, left, right),
        (left, right) => Ok(left.is_none() && right.is_none()),
    };
    Ok(same(left.node, right.node)? && same(left.partner, right.partner)?)
}

fn same_nodes(run: &Run<'_, '_, '_>, left: &Node, right: &Node) -> Result<bool, Problem> {
    run.spend(1)?;
    if std::ptr::eq(left, right) {
        return Ok(true);
    }
    match (left, right) {
        (Node::Number(left), Node::Number(right)) => {
            let value = |text| super::item::number(text);
            Ok(left == right || value(left).zip(value(right)).is_some_and(|(left, right)| left == right))
        }
        (Node::Array(left), Node::Array(right)) if left.len() == right.len() => {
            all_of(left.iter().zip(right).map(|(left, right)| same_nodes(run, left, right)))
        }
        (Node::Object(left), Node::Object(members)) if left.len() == members.len() => {
            all_of(left.iter().map(|(name, value)| match right.get(name) {
                Some(other) => same_nodes(run, value, other),
                None => Ok(false),
            }))
        }
        (Node::Array(_) | Node::Object(_), _) => Ok(false),
        _ => Ok(left == right),
    }
}

fn all_of(mut results: impl Iterator<Item = Result<bool, Problem>>) -> Result<bool, Problem> {
    results.try_fold(true, |all, one| Ok(all && one?))
}

/// `~` of two collections: the order of items does not count, two empty ones are equivalent.
pub(super) fn equivalent<'n>(
    run: &Run<'_, 'n, '_>,
    left: &[Item<'n>],
    right: &[Item<'n>],
) -> Result<bool, Problem> {
    paired(left, right, &|left, right| equivalent_items(run, left, right))
}

/// True when every item of one side finds one of its own on the other.
fn paired<T>(
    left: &[T],
    right: &[T],
    same: &dyn Fn(&T, &T) -> Result<bool, Problem>,
) -> Result<bool, Problem> {
    if left.len() != right.len() {
        return Ok(false);
    }
    let mut free: Vec<&T> = right.iter().collect();
    for item in left {
        let mut found = None;
        for (at, other) in free.iter().enumerate() {
            if same(item, other)? {
                found = Some(at);
                break;
            }
        }
        match found {
            Some(at) => drop(free.remove(at)),
            None => return Ok(false),
        }
    }
    Ok(true)
}

fn equivalent_items<'n>(run: &Run<'_, 'n, '_>, left: &Item<'n>, right: &Item<'n>) -> Result<bool, Problem> {
    run.spend(1)?;
    match (left.value(), right.value()) {
        (Some(left), Some(right)) => Ok(equivalent_values(&left, &right)),
        (None, None) => match (left, right) {
            (Item::Part(Part { node: Some(left), .. }), Item::Part(Part { node: Some(right), .. })) => {
                equivalent_nodes(run, left, right)
            }
            _ => Ok(false),
        },
        _ => Ok(false),
    }
}

fn equivalent_values(left: &Value<'_>, right: &Value<'_>) -> bool {
    if let Some((left, right)) = decimals(left, right) {
        return same_rounded(left, right);
    }
    match (left, right) {
        (Value::String(left), Value::String(right)) => equivalent_texts(left, right),
        (Value::Quantity(left), Value::Quantity(right)) => left.is_equivalent(right),
        _ => equal_values(left, right) == Some(true),
    }
}

fn equivalent_nodes(run: &Run<'_, '_, '_>, left: &Node, right: &Node) -> Result<bool, Problem> {
    run.spend(1)?;
    match (left, right) {
        (Node::String(left), Node::String(right)) => Ok(equivalent_texts(left, right)),
        (Node::Number(left), Node::Number(right)) => {
            let value = |text| super::item::number(text);
            Ok(left == right
                || value(left).zip(value(right)).is_some_and(|(left, right)| same_rounded(left, right)))
        }
        (Node::Array(left), Node::Array(right)) => {
            paired(left, right, &|left, right| equivalent_nodes(run, left, right))
        }
        (Node::Object(left), Node::Object(members)) if left.len() == members.len() => {
            all_of(left.iter().map(|(name, value)| match right.get(name) {
                Some(other) => equivalent_nodes(run, value, other),
                None => Ok(false),
            }))
        }
        (Node::Object(_), _) => Ok(false),
        _ => Ok(left == right),
    }
}

/// The same words in any case, whatever white space stands between and around them.
fn equivalent_texts(left: &str, right: &str) -> bool {
    let words = |text: &str| -> Vec<String> { text.split_whitespace().map(str::to_lowercase).collect() };
    left == right || words(left) == words(right)
}

/// The same number at the precision of the less precise one; zeros at the end do not count.
pub(super) fn same_rounded(left: Decimal, right: Decimal) -> bool {
    let places = left.normalize().scale().min(right.normalize().scale());
    let rounded =
        |value: Decimal| value.round_dp_with_strategy(places, RoundingStrategy::MidpointAwayFromZero);
    rounded(left) == rounded(right)
}

/// The order of two items; nothing when precision or units leave it open.
pub(super) fn order(left: &Item<'_>, right: &Item<'_>, name: &str) -> Result<Option<Ordering>, Problem> {
    let (Some(one), Some(other)) = (left.value(), right.value()) else {
        return Err(wrong_kind(name, if left.value().is_none() { left } else { right }));
    };
    if let Some((one, other)) = decimals(&one, &other) {
        return Ok(Some(one.cmp(&other)));
    }
    match (&one, &other) {
        (Value::String(one), Value::String(other)) => Ok(Some(one.cmp(other))),
        (Value::Time(one), Value::Time(other))
        | (Value::Date(one) | Value::DateTime(one), Value::Date(other) | Value::DateTime(other)) => {
            Ok(one.order(*other))
        }
        (Value::Quantity(one), Value::Quantity(other)) => Ok(one.order(other)),
        _ => match (super::arithmetic::as_quantity(&one), super::arithmetic::as_quantity(&other)) {
            (Some(one), Some(other)) => Ok(one.order(&other)),
            _ => Err(wrong_kind(name, right)),
        },
    }
}
