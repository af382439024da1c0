//! `sort()`: by the items themselves or by keys.

use super::item::{Item, Value};
use super::moment::Moment;
use super::parts::{ON, Sink, Step, go};
use super::quantity::Quantity;
use super::run::{Focus, Run, wrong_kind};
use super::tree::{Call, Expr};
use base::Problem;
use rust_decimal::Decimal;
use std::cmp::Ordering;

/// What rows are ordered by. All keys of a column are of one kind, and the order is total: dates of different precision
/// must stand somewhere.
#[derive(Clone, PartialEq, Eq, PartialOrd, Ord)]
enum Key {
    Number(Decimal),
    Text(String),
    /// Seconds, nanoseconds, precision.
    Moment(i64, u32, u8),
}

/// An item with its keys; what has no key comes first.
type Row<'n> = (Vec<Option<Key>>, Item<'n>);

impl<'n> Run<'_, 'n, '_> {
    /// A `-` before a key turns its order round.
    pub(super) fn sort(&self, call: &'n Call, focus: Focus<'_, 'n>, sink: Sink<'_, 'n>) -> Step {
        let items = self.all_input(call, focus)?;
        let mut rows: Vec<Row<'n>> = items.iter().map(|item| (Vec::new(), item.clone())).collect();
        if call.arguments.is_empty() {
            let keys = items.iter().map(|item| Some(item.clone())).collect();
            add_column(&mut rows, keys, call.name)?;
        }
        for argument in &call.arguments {
            let key = if let Expr::Negated(inner) = argument { inner } else { argument };
            let mut keys = Vec::with_capacity(items.len());
            for (index, item) in items.iter().enumerate() {
                keys.push(self.single(key, focus.at(item, index), call.name)?);
            }
            add_column(&mut rows, keys, call.name)?;
        }
        // Sorting compares each row a few times.
        self.spend(rows.len().saturating_mul(16))?;
        rows.sort_by(|(left, _), (right, _)| order(left, right, call));
        for (_, item) in rows {
            go!(sink(item));
        }
        ON
    }
}

fn order(left: &[Option<Key>], right: &[Option<Key>], call: &Call) -> Ordering {
    let columns = left.iter().zip(right).enumerate().map(|(at, (left, right))| match (left, right) {
        (Some(left), Some(right)) if matches!(call.arguments.get(at), Some(Expr::Negated(_))) => {
            right.cmp(left)
        }
        (left, right) => left.cmp(right),
    });
    columns.fold(Ordering::Equal, Ordering::then)
}

/// Adds one key to each row; keys that cannot be compared with the first one are a problem.
fn add_column<'n>(rows: &mut [Row<'n>], items: Vec<Option<Item<'n>>>, name: &str) -> Result<(), Problem> {
    let unit = items.iter().flatten().next().and_then(Item::value);
    let unit = if let Some(Value::Quantity(quantity)) = unit { Some(quantity) } else { None };
    let mut first: Option<Key> = None;
    for ((keys, _), item) in rows.iter_mut().zip(items) {
        let key = match &item {
            None => None,
            Some(item) => Some(key(item, unit.as_deref()).ok_or_else(|| wrong_kind(name, item))?),
        };
        if let (Some(first), Some(key), Some(item)) = (&first, &key, &item)
            && std::mem::discriminant(first) != std::mem::discriminant(key)
        {
            return Err(wrong_kind(name, item));
        }
        if first.is_none() {
            first.clone_from(&key);
        }
        keys.push(key);
    }
    Ok(())
}

fn key(item: &Item<'_>, unit: Option<&Quantity>) -> Option<Key> {
    let moment =
        |moment: Moment| Key::Moment(moment.utc_seconds(), moment.nanoseconds, moment.precision as u8);
    Some(match (item.value()?, unit) {
        (Value::Quantity(quantity), Some(unit)) => Key::Number(unit.aligned(&quantity)?),
        (Value::Integer(value), None) => Key::Number(value.into()),
        (Value::Decimal(value), None) => Key::Number(value),
        (Value::String(text), None) => Key::Text(text.into_owned()),
        (Value::Date(found) | Value::DateTime(found) | Value::Time(found), None) => moment(found),
        _ => return None,
    })
}
